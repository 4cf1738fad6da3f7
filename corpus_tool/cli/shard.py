"""corpus-tool shard."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from corpus_tool.cli.locations import LOCATION
from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool shard my-corpus\n"
    "  corpus-tool shard my-corpus --documents 10000 --to parquet\n"
    "  corpus-tool shard my-corpus --to json",
)
@click.argument("corpus", type=LOCATION)
@click.option(
    "--documents",
    type=click.IntRange(min=1),
    default=2_000,
    show_default=True,
    help="Documents of a shard.",
)
@click.option(
    "--to",
    type=click.Choice(["jsonl.zst", "jsonl.gz", "jsonl", "parquet", "json"]),
    default="jsonl.zst",
    show_default=True,
    help="The kind of shards; json gives every document a file of its own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(corpus: Path, documents: int, to: str, as_json: bool) -> None:
    """Store the documents of a corpus in shards, or in a file each.

    What the documents say stays the same, and so does all else in the corpus. The folder changes at once: whenever the
    command is ended, the documents are there, each of them once.
    """
    from corpus_tool.diagnostics.render.json import json_text
    from corpus_tool.reshard import shard_corpus

    with progress("shard") as run:
        report = shard_corpus(corpus, to=to, documents=documents, on_event=run.event)
    if as_json:
        click.echo(json_text(asdict(report)))
    else:
        was = plural(report.files_before, "file")
        click.echo(f"{plural(report.documents, 'document')} in {plural(report.files, 'file')}, before in {was}")
