"""What the commands share when they print: diagnostics, tables, and progress on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from corpus_tool.diagnostics import Diagnostic


def print_diagnostics(diagnostics: Sequence[Diagnostic], output: str, *, err: bool = False) -> None:
    """Prints diagnostics as text or JSON; as text on a terminal, codes are coloured by severity."""
    from corpus_tool.diagnostics.render import RENDERERS

    text = RENDERERS[output](diagnostics)
    if output == "text":
        text = _coloured(text, diagnostics)
    click.echo(text, nl=False, err=err)


def _coloured(text: str, diagnostics: Sequence[Diagnostic]) -> str:
    colours = {"error": "red", "warning": "yellow", "info": "blue"}
    by_code = {d.code: colours[d.severity] for d in diagnostics}
    rows = []
    for row in text.splitlines(keepends=True):
        if row.startswith("  "):
            rows.append(row)
            continue
        code = next((word for word in row.split(" ") if word in by_code), None)
        rows.append(row.replace(f" {code} ", f" {click.style(code, fg=by_code[code], bold=True)} ", 1) if code else row)
    return "".join(rows)


@contextmanager
def progress(verb: str, total: int | None = None) -> Iterator[Callable[[str], None]]:
    """A progress line on standard error while the body runs; silent unless that is a terminal.

    Yields:
        A function to call with the name of each thing done.
    """
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = [
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=total)

        def done(name: str) -> None:
            bar.update(task, advance=1, description=f"{verb} {name[-40:]}".replace("[", r"\["))

        yield done


def plural(n: int, noun: str) -> str:
    """``3 documents``, ``1 document``; thousands in groups."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
