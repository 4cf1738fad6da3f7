"""corpus-tool build."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from corpus_tool.cli.output import plural, print_diagnostics, progress


@click.command(
    epilog="\b\nExamples:\n  corpus-tool build my-corpus\n  corpus-tool build my-corpus --out dist/my-corpus"
)
@click.argument("corpus", default=Path(), type=click.Path(path_type=Path, readable=False), metavar="[CORPUS]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="The dataset's folder; dist/<name> by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(corpus: Path, out: Path | None, as_json: bool) -> None:
    """Build the dataset: Parquet files, card and manifest.

    Refuses where validate finds errors. The folder is replaced as a whole, once everything is written.
    """
    from corpus_tool.build.dataset import build_dataset
    from corpus_tool.diagnostics.render.text import summary
    from corpus_tool.read.corpus import open_corpus

    folder = out or Path("dist") / open_corpus(corpus).config.name
    with progress("build") as done:
        report = build_dataset(corpus, folder, on_document=done)
    print_diagnostics(report.diagnostics, "full", err=True)
    if report.refused:
        click.echo(f"not built: {summary(report.diagnostics)}", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "rows": report.rows, "left_out": report.left_out}, indent=2))
        return
    for config, rows in report.rows.items():
        click.echo(f"{config}: " + ", ".join(f"{plural(n, 'row')} {split}" for split, n in rows.items()))
    if report.left_out:
        listed = ", ".join(f"{n} {what}" for what, n in report.left_out.items())
        click.echo(f"left out of the BIO tags, whole in default: {listed}")
    click.echo(f"python -c \"from datasets import load_dataset; print(load_dataset({str(folder)!r}, 'default'))\"")
