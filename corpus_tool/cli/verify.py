"""corpus-tool verify."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural, print_diagnostics
from corpus_tool.cli.progress import progress


@click.command(
    epilog="\b\nExamples:\n  corpus-tool verify dist/my-corpus\n"
    "  corpus-tool verify dist/my-corpus --output json > findings.json"
)
@click.argument("dataset", type=LOCAL_PATH, metavar="DATASET")
@click.option(
    "--output",
    "output_format",
    type=click.Choice(("full", "concise", "json", "sarif", "github")),
    default="full",
    help="How findings are printed.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --output json.")
def command(dataset: Path, output_format: str, as_json: bool) -> None:
    """Check that a dataset is as it was built.

    Reads everything again: hashes, numbers of rows, columns against card and croissant.json, every span against its
    text. Any difference is a finding, and the exit status is 1. validate CORPUS --dataset DATASET compares with the
    corpus as well.
    """
    from corpus_tool.parity import verify_dataset

    shown = "json" if as_json else output_format
    count = 0
    with progress("verify") as done:

        def counted(name: str) -> None:
            nonlocal count
            count += 1
            done(name)

        found = verify_dataset(dataset, on_document=counted)
    print_diagnostics(found, shown)
    if not found and shown in {"full", "concise"}:
        click.echo(f"{dataset}: as it was built; {plural(count, 'document')} checked")
    sys.exit(bool(found))
