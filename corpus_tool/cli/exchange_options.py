"""What ``convert --from`` and ``export`` share: options, and how losses are printed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural, print_diagnostics
from corpus_tool.cli.progress import progress

if TYPE_CHECKING:
    from corpus_tool.formats.ledger import Loss

#: The names of ``corpus_tool.formats.FORMATS``, which is not loaded for a page of help.
FORMAT_NAMES = (
    "brat",
    "conll",
    "conllu",
    "doccano",
    "hf",
    "label-studio",
    "prodigy",
    "spacy",
    "tei",
    "uima-cas",
    "uima-cas-json",
    "web-annotation",
    "webanno-tsv",
)
LISTED = ", ".join(FORMAT_NAMES)

#: Columns of a table that nobody looks at in a terminal.
_WIDE = 200

F = TypeVar("F", bound=Callable[..., Any])


def mapping_option(command: F) -> F:
    """The option ``--mapping``."""
    return click.option(
        "--mapping",
        type=LOCAL_PATH,
        metavar="FILE",
        help="YAML: which of their labels is which layer, kind and attribute.",
    )(command)


def import_options(command: F) -> F:
    """The options of ``convert`` that go with another tool's annotations."""
    options = (
        click.option("--from", "format_name", metavar="FORMAT", help=f"Take annotations of another tool: {LISTED}."),
        mapping_option,
        click.option("--inspect", is_flag=True, help="With --from: print what is there, as a mapping to start from."),
        click.option("--strict", is_flag=True, help="With --from: write nothing if anything would be left out."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def run_import(
    paths: Sequence[Path],
    into: Path | None,
    format_name: str,
    *,
    mapping: Path | None,
    inspect: bool,
    strict: bool,
    again: bool,
    as_json: bool,
) -> None:
    """What ``convert --from`` does."""
    if len(paths) != 1:
        raise click.UsageError("--from takes one PATH: a file or a folder of the other tool")
    if inspect:
        from corpus_tool.exchange_survey import inspect_annotations

        click.echo(inspect_annotations(paths[0], format_name, into=into, mapping=mapping), nl=False)
        return
    if into is None:
        raise click.UsageError("Missing option '--into'.")
    from corpus_tool.diagnostics import exit_status
    from corpus_tool.diagnostics.render.json import json_text
    from corpus_tool.exchange import import_annotations

    with progress("convert") as run:
        report = import_annotations(
            paths[0], into, format_name, mapping=mapping, again=again, strict=strict, on_event=run.event
        )
    if as_json:
        click.echo(json_text(asdict(report)))
    else:
        print_diagnostics(report.diagnostics, "full", err=True)
        print_losses(report.losses)
        told = f"{plural(len(report.written), 'document')} written, {len(report.unchanged)} unchanged"
        click.echo(with_counts(told, report.annotations))
        if report.losses:
            click.echo(f"what was left out is listed in {into / 'ledger.jsonl'}")
    sys.exit(exit_status(report.diagnostics))


def with_counts(told: str, annotations: Mapping[str, int]) -> str:
    """A line that ends in how many annotations of each layer there are."""
    counts = ", ".join(f"{layer} {count:,}" for layer, count in annotations.items())
    return f"{told}: {counts}" if counts else told


def print_losses(losses: Sequence[Loss]) -> None:
    """Prints losses as a table, summed by kind; nothing without losses."""
    if not losses:
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from corpus_tool.diagnostics.render.text import printable
    from corpus_tool.formats.ledger import counted

    table = Table(box=None, pad_edge=False)
    for column in ("layer", "lost", "kind", "count", "documents", "because"):
        table.add_column(column, justify="right" if column in {"count", "documents"} else "left")
    for row in counted(losses):
        words = (Text(printable(word)) for word in (row.layer, row.what, row.kind))
        table.add_row(*words, f"{row.times:,}", f"{row.documents:,}", Text(printable(row.why)))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)  # in a pipe no line is cut
    with console.capture() as captured:
        console.print(table)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())
