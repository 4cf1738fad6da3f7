"""corpus-tool build."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from corpus_tool.cli.engine_options import scheduler_option
from corpus_tool.cli.locations import LOCATION, LocalPath
from corpus_tool.cli.output import plural, print_diagnostics
from corpus_tool.cli.progress import log_option, progress

_UNITS = {"": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}


def _bytes_of(told: str | None) -> int | None:
    """Bytes of "500MB", "1.5 GB" or "500000"."""
    if told is None:
        return None
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([kmg]b)?", told.strip().lower())
    size = int(float(match[1]) * _UNITS[match[2] or ""]) if match else 0
    if size < 100_000:
        raise click.BadParameter(f"{told!r} is no size of 100KB or more, as 500MB or 1.5GB")
    return size


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool build my-corpus\n"
    "  corpus-tool build my-corpus --out dist/my-corpus --jobs 4\n"
    "  corpus-tool build /shared/my-corpus --scheduler tcp://head:8786"
)
@click.argument("corpus", default=Path(), type=LOCATION, metavar="[CORPUS]")
@click.option(
    "--out",
    type=LocalPath("build into a folder, then `corpus-tool publish FOLDER --to ADDRESS`"),
    metavar="DIR",
    help="The dataset's folder; dist/<name> by default.",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that check and make rows."
)
@click.option(
    "--max-shard-size",
    callback=lambda _context, _parameter, value: _bytes_of(value),
    metavar="SIZE",
    help="About how large a Parquet file may be, as 500MB; build.shard_bytes of corpus.yaml by default.",
)
@scheduler_option
@click.option("--no-cache", is_flag=True, help="Check and make again what an earlier run did.")
@click.option("--force", is_flag=True, help="Build also what is there already.")
@click.option("--dry-run", is_flag=True, help="Validate and count the rows, and write nothing.")
@log_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    corpus: Path,
    out: Path | None,
    jobs: int,
    scheduler: str | None,
    no_cache: bool,
    max_shard_size: int | None,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Build the dataset: Parquet files, card and manifest.

    Refuses where validate finds errors. The folder is replaced as a whole, once everything is written.
    An unchanged corpus is not built again.
    """
    from corpus_tool.build.dataset import build_dataset
    from corpus_tool.diagnostics.render.text import summary
    from corpus_tool.read.corpus import open_corpus

    folder = out or Path("dist") / open_corpus(corpus).config.name
    with progress("build") as run:
        report = build_dataset(
            corpus,
            folder,
            jobs=jobs,
            scheduler=scheduler,
            cached=not no_cache,
            shard_bytes=max_shard_size,
            force=force,
            dry_run=dry_run,
            on_event=run.event,
        )
    print_diagnostics(report.diagnostics, "concise", err=True)
    if report.refused:
        click.echo(f"not built: {summary(report.diagnostics)}", err=True)
        sys.exit(1)
    if as_json:
        click.echo(
            json.dumps(
                {"folder": str(folder), "rows": report.rows, "left_out": report.left_out, "current": report.is_current},
                indent=2,
            )
        )
        return
    if report.is_current:
        click.echo(f"{folder} is up to date: same corpus, same versions; --force builds it again")
    elif dry_run:
        click.echo(f"nothing was written; a build would write into {folder}:")
    for config, rows in report.rows.items():
        click.echo(f"{config}: " + ", ".join(f"{plural(n, 'row')} {split}" for split, n in rows.items()))
    if report.left_out:
        listed = ", ".join(f"{n} {what}" for what, n in report.left_out.items())
        click.echo(f"left out of the BIO tags, whole in default: {listed}")
    if dry_run and not report.is_current:
        return
    click.echo(f"python -c \"from datasets import load_dataset; print(load_dataset({str(folder)!r}, 'default'))\"")
