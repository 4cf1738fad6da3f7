"""corpus-tool validate."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus_tool.cli.output import plural, print_diagnostics, progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool validate my-corpus\n"
    "  corpus-tool validate my-corpus/documents/harbour-fire.json --json\n"
    "  cat shard.jsonl | head -1 | corpus-tool validate -",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[PATH…]")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Print diagnostics only, no summary.")
def command(paths: tuple[Path, ...], as_json: bool, quiet: bool) -> None:
    """Check documents: schema, text, spans, entities, figures, quotes.

    PATH is a corpus (a folder with corpus.yaml), a document (.json), a shard (.jsonl), or - for a document on standard
    input; the current folder without any. Exit status 1 where there are errors or warnings.
    """
    from corpus_tool.diagnostics import exit_status
    from corpus_tool.diagnostics.render.text import summary
    from corpus_tool.validate import validate_paths

    documents = 0
    with progress("validate") as done:

        def count(name: str) -> None:
            nonlocal documents
            documents += 1
            done(name)

        found = list(validate_paths(paths or (Path(),), on_document=count))
    print_diagnostics(found, "json" if as_json else "text")
    if not (as_json or quiet):
        click.echo(f"{plural(documents, 'document')} checked: {summary(found)}")
    sys.exit(exit_status(found))
