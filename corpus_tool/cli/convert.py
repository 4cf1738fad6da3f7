"""corpus-tool convert."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus_tool.cli.engine_options import scheduler_option
from corpus_tool.cli.exchange_options import import_options, run_import
from corpus_tool.cli.locations import LOCAL_PATH, LOCATION
from corpus_tool.cli.output import plural, print_diagnostics
from corpus_tool.cli.progress import log_option, progress

if TYPE_CHECKING:
    from corpus_tool.convert import ConvertReport


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool convert articles/ --into my-corpus\n"
    "  corpus-tool convert articles/ --into s3://my-bucket/my-corpus\n"
    "  corpus-tool convert a.txt page.html wire.jsonl --into my-corpus\n"
    "  corpus-tool convert wire.csv --map text=body,title=headline --into my-corpus\n"
    "  corpus-tool convert crawl.warc.gz feed.xml pages.zip --into my-corpus\n"
    "  corpus-tool convert articles/ --into my-corpus --shards --jobs 4\n"
    "  pbpaste | corpus-tool convert - --into my-corpus\n"
    "  corpus-tool convert brat-project/ --from brat --inspect > labels.yaml\n"
    "  corpus-tool convert brat-project/ --from brat --mapping labels.yaml --into my-corpus",
)
@click.argument("paths", nargs=-1, required=True, type=LOCATION, metavar="PATH…")
@click.option("--into", type=LOCATION, metavar="CORPUS", help="The corpus.  [required]")
@click.option("--annotate/--no-annotate", default=True, help="Suggest annotations (needs the extra [annotate]).")
@click.option("--again", is_flag=True, help="Suggest anew in reviewed layers too; what people decided stays.")
@click.option("--keep-duplicates", is_flag=True, help="Write articles that the corpus holds under another id too.")
@click.option(
    "--allow", multiple=True, metavar="NAME", help="Let an annotator run that corpus.yaml names: NAME[:TARGET]."
)
@click.option("--allow-annotators", is_flag=True, help="Let all annotators run that corpus.yaml names.")
@click.option("--pipeline", metavar="NAME", help="spaCy package or folder in place of the small English pipeline.")
@click.option(
    "--gazetteer",
    type=LOCAL_PATH,
    metavar="FILE",
    help="CSV of your own places (name, kind, country, latitude, longitude, id, aliases), which come first.",
)
@click.option("--api-key-env", metavar="NAME", help="Environment variable with the key of the corpus's endpoint.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that annotate.")
@scheduler_option
@click.option(
    "--shards",
    is_flag=False,
    flag_value="jsonl.zst",
    type=click.Choice(["jsonl", "jsonl.gz", "jsonl.zst", "parquet"]),
    help="Make a shard of documents of every file that holds many articles; of the kind named, else jsonl.zst.",
)
@click.option(
    "--shard-documents",
    type=click.IntRange(min=1),
    default=2_000,
    show_default=True,
    help="Documents of a new shard.",
)
@click.option("--encoding", default="auto", show_default=True, help="Character encoding of what does not say its own.")
@click.option("--format", metavar="NAME", help="What the files are, in place of what their names and first bytes say.")
@click.option(
    "--map", "columns", multiple=True, metavar="FIELD=COLUMN,…", help="Which column or key holds what: text=body."
)
@click.option(
    "--map-file",
    type=LOCAL_PATH,
    metavar="FILE",
    help="YAML file that says which column or key holds what, a line each.",
)
@import_options
@log_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    paths: tuple[Path, ...],
    into: Path | None,
    annotate: bool,
    again: bool,
    keep_duplicates: bool,
    allow: tuple[str, ...],
    allow_annotators: bool,
    pipeline: str | None,
    gazetteer: Path | None,
    api_key_env: str | None,
    jobs: int,
    scheduler: str | None,
    shards: str | None,
    shard_documents: int,
    encoding: str,
    format: str | None,
    columns: tuple[str, ...],
    map_file: Path | None,
    format_name: str | None,
    mapping: Path | None,
    inspect: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Turn articles into documents of a corpus, with suggested annotations.

    PATH is a plain-text file, a web page (.html), JSON lines with "id" and "text" (.jsonl), a table with a column
    "text" (.csv, .tsv), a web archive (.warc), a feed (.rss, .atom, .xml), a zip or tar of these, a folder of these, or
    - for standard input; any of them may be compressed (.gz, .bz2, .xz, .zst). What a person has accepted, corrected,
    added or rejected is never overwritten. Annotators other than the default one run if corpus.yaml names them and you
    allow it.

    With --shards, a file that holds many articles (JSON lines, a table, an archive, a feed) becomes a shard of
    documents by itself, once: it is passed over from then on, as long as it, the options and the annotators stay the
    same. A run that was cut off goes on where it was.

    With --from, PATH is a file or a folder of another annotation tool, and its annotations come in.
    """
    if format_name is not None:
        run_import(
            paths, into, format_name, mapping=mapping, inspect=inspect, strict=strict, again=again, as_json=as_json
        )
        return
    if mapping is not None or inspect or strict:
        raise click.UsageError("--mapping, --inspect and --strict go with --from FORMAT")
    if into is None:
        raise click.UsageError("Missing option '--into'.")
    from corpus_tool.consent import EVERYTHING
    from corpus_tool.convert import convert_articles
    from corpus_tool.diagnostics import exit_status
    from corpus_tool.diagnostics.render.json import json_text
    from corpus_tool.read.columns import parse_columns, read_columns

    mapped = {**(read_columns(map_file) if map_file else {}), **parse_columns(columns)}
    with progress("convert") as run:
        report = convert_articles(
            paths,
            into,
            annotate=annotate,
            again=again,
            keep_duplicates=keep_duplicates,
            allow=(EVERYTHING,) if allow_annotators else allow,
            pipeline=pipeline,
            gazetteer=gazetteer,
            api_key_env=api_key_env,
            jobs=jobs,
            scheduler=scheduler,
            shards=shards,
            shard_documents=shard_documents,
            encoding=encoding,
            columns=mapped,
            format=format,
            on_event=run.event,
        )
    if as_json:
        click.echo(json_text(asdict(report)))
    else:
        print_diagnostics(report.diagnostics, "full", err=True)
        click.echo(_told(report))
    sys.exit(exit_status(report.diagnostics))


def _told(report: ConvertReport) -> str:
    """What became of the articles, in one line."""
    written = len(report.written) + sum(shard.written for shard in report.shards)
    unchanged = len(report.unchanged) + sum(shard.unchanged for shard in report.shards)
    done = sum(shard.was_done for shard in report.shards)
    left = sum(d.severity == "error" for d in report.diagnostics)
    parts = [f"{plural(written, 'document')} written, {unchanged:,} unchanged"]
    if report.shards:
        parts.append(f"{plural(len(report.shards), 'raw shard')} ({done:,} done before)")
    if left:
        parts.append(f"{plural(left, 'article')} not converted")
    return ", ".join(parts)
