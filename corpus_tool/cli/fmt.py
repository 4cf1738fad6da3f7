"""corpus-tool fmt."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus_tool.cli.locations import LOCATION
from corpus_tool.cli.output import plural, print_diagnostics


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool fmt my-corpus\n"
    "  corpus-tool fmt --check my-corpus/documents/*.json\n"
    "  corpus-tool fmt - < draft.json > document.json",
)
@click.argument("paths", nargs=-1, required=True, type=LOCATION, metavar="PATH…")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 and name the files that would change.")
def command(paths: tuple[Path, ...], check: bool) -> None:
    """Write documents in the one file layout: keys in order, one annotation a line.

    PATH is a corpus, a document (.json), a shard of documents, or - to read standard input and write standard output.
    A document of a shard stays one line. What a document says stays the same.
    """
    from corpus_tool.layout import format_paths, format_text
    from corpus_tool.model import CorpusToolError

    if paths == (Path("-"),):
        try:
            click.echo(format_text(sys.stdin.buffer.read().decode("utf-8")), nl=False)
        except (ValueError, RecursionError) as error:
            raise CorpusToolError(f"<stdin>: {error}") from error
        return
    changed = 0
    diagnostics = []
    for formatted in format_paths(paths, check=check):
        if formatted.diagnostic:
            diagnostics.append(formatted.diagnostic)
        elif formatted.changed:
            changed += 1
            click.echo(f"{'would write' if check else 'wrote'} {formatted.path}")
    print_diagnostics(diagnostics, "full", err=True)
    click.echo(f"{plural(changed, 'document')} {'would change' if check else 'changed'}")
    sys.exit(1 if diagnostics or (check and changed) else 0)
