"""corpus-tool rehydrate."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural, print_diagnostics
from corpus_tool.cli.progress import progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool rehydrate dist/wire --from articles/ --out dist/wire-with-text\n"
    "  corpus-tool rehydrate dist/wire --from my-corpus --from late.jsonl --out dist/wire-with-text"
)
@click.argument("dataset", type=LOCAL_PATH, metavar="DATASET")
@click.option(
    "--from",
    "sources",
    multiple=True,
    required=True,
    type=LOCAL_PATH,
    metavar="PATH",
    help="Your copies: articles, a folder of them, or a corpus; may be given several times.",
)
@click.option(
    "--out",
    required=True,
    type=LOCAL_PATH,
    metavar="DIR",
    help="The folder of the dataset with its text.",
)
@click.option("--encoding", default="auto", show_default=True, help="Character encoding of plain-text articles.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(dataset: Path, sources: tuple[Path, ...], out: Path, encoding: str, as_json: bool) -> None:
    """Put the text back into a dataset that was built without.

    Your copies are read as convert reads them. A text is taken only where its SHA-256 is the one that was annotated,
    and every span is checked; documents that no longer match are left out, named, and the exit status is 1.
    """
    from corpus_tool.build.rehydrate import rehydrate_dataset
    from corpus_tool.diagnostics import exit_status
    from corpus_tool.diagnostics.render.json import json_text

    with progress("rehydrate") as done:
        report = rehydrate_dataset(dataset, sources, out, encoding=encoding, on_document=done)
    print_diagnostics(report.diagnostics, "full", err=True)
    if as_json:
        told = {"folder": str(report.folder), "documents": report.documents, "missing": report.missing}
        click.echo(json_text({**told, "rows": report.rows}))
    else:
        left = f", {plural(len(report.missing), 'document')} not matched" if report.missing else ""
        click.echo(f"{plural(report.documents, 'document')} with text{left}")
    sys.exit(exit_status(report.diagnostics))
