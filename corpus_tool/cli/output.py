"""What the commands share when they print: diagnostics and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from corpus_tool.diagnostics import Diagnostic
    from corpus_tool.diagnostics.cap import More


_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def print_diagnostics(diagnostics: Sequence[Diagnostic | More], output: str, *, err: bool = False) -> None:
    """Prints diagnostics in a format of ``diagnostics.render``; for people on a terminal, codes are coloured."""
    from corpus_tool.diagnostics import Diagnostic
    from corpus_tool.diagnostics.render import LINES, render_json, render_sarif

    whole = [d for d in diagnostics if isinstance(d, Diagnostic)]
    if output == "json":
        click.echo(render_json(whole), nl=False, err=err)
    elif output == "sarif":
        from corpus_tool.rules import RULES

        click.echo(render_sarif(whole, RULES.values()), nl=False, err=err)
    else:
        for item in diagnostics:
            line = LINES[output](item)
            click.echo(_coloured(line, item) if output in {"full", "concise"} else line, err=err)


def _coloured(line: str, item: Diagnostic | More) -> str:
    colour = _COLOURS.get(getattr(item, "severity", ""))
    return line.replace(f" {item.code} ", f" {click.style(item.code, fg=colour, bold=True)} ", 1) if colour else line


def plural(n: int, noun: str) -> str:
    """``3 documents``, ``1 document``; thousands in groups."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
