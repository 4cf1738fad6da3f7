"""corpus-tool export."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from corpus_tool.cli.exchange_options import LISTED, mapping_option, print_losses, with_counts
from corpus_tool.cli.locations import LOCAL_PATH, LOCATION
from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import log_option, progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool export my-corpus --to brat --out brat/\n"
    "  corpus-tool export my-corpus --to doccano --out doccano/ --strict\n"
    "  corpus-tool export my-corpus --to brat --out brat/ --mapping labels.yaml",
)
@click.argument("corpus", type=LOCATION)
@click.option(
    "--to",
    "format_name",
    required=True,
    metavar="FORMAT",
    help=f"The format of the other tool: {LISTED}; hf is what `build` writes.",
)
@click.option("--out", required=True, type=LOCAL_PATH, metavar="FOLDER", help="A new folder.")
@mapping_option
@click.option("--strict", is_flag=True, help="Write nothing if the format cannot hold everything.")
@log_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(corpus: Path, format_name: str, out: Path, mapping: Path | None, strict: bool, as_json: bool) -> None:
    """Write the annotations of a corpus for another tool.

    What its format cannot hold is printed, by kind, and listed one by one in FOLDER/ledger.jsonl. `convert --from` the
    same format reads the folder back. docs/formats.md says what each format holds.
    """
    from corpus_tool.diagnostics.render.json import json_text
    from corpus_tool.exchange_export import export_annotations

    with progress("export") as run:
        report = export_annotations(corpus, out, format_name, mapping=mapping, strict=strict, on_event=run.event)
    if as_json:
        click.echo(json_text(asdict(report) | {"out": str(report.out)}))
        return
    print_losses(report.losses)
    click.echo(with_counts(f"{plural(report.documents, 'document')} written to {report.out}", report.annotations))
    if report.losses:
        count = len(report.losses)
        click.echo(f"{count:,} {'loss' if count == 1 else 'losses'} listed in {out / 'ledger.jsonl'}")
