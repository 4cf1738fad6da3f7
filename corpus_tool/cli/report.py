"""corpus-tool report."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from corpus_tool.cli.locations import LOCAL_PATH
from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool report my-corpus --out report.html\n"
    "  corpus-tool report dist/my-corpus --out report.html --articles 200\n"
    "  corpus-tool report my-corpus --out - | gzip > report.html.gz"
)
@click.argument("path", type=LOCAL_PATH, metavar="CORPUS|DATASET")
@click.option(
    "--out",
    required=True,
    type=LOCAL_PATH,
    metavar="FILE",
    help="The HTML file, in place of an earlier report; - for standard output.",
)
@click.option(
    "--articles",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    metavar="N",
    help="Articles that can be read in it at the most; of more, a sample that their ids decide.",
)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that validate.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(path: Path, out: Path, articles: int, jobs: int, as_json: bool) -> None:
    """Write one HTML file for readers: what is in a corpus or a built dataset, and how good it is.

    Charts, review, agreement of annotators, findings, losses, and the articles with their annotations. The file opens
    from disk, prints, and asks no server for anything.
    """
    from corpus_tool.diagnostics.render.json import json_text
    from corpus_tool.report.write import write_report

    to_stdout = str(out) == "-"
    if to_stdout and as_json:
        raise click.UsageError("--json and --out - both write to standard output")
    with progress("report") as done:
        report = write_report(path, out, articles=articles, jobs=jobs, on_document=done)
    if as_json:
        click.echo(json_text(asdict(report) | {"out": str(out)}))
        return
    held = "all of them" if report.articles == report.documents else f"{report.articles:,} of them"
    told = f"{out}: {plural(report.documents, 'article')}, {held} to read, {report.bytes / 1_000_000:.1f} MB"
    if report.unreadable:
        told += f"; {plural(report.unreadable, 'document')} cannot be read, `corpus-tool validate` says why"
    click.echo(told, err=to_stdout)
