"""corpus-tool convert."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from corpus_tool.cli.exchange_options import import_options, run_import
from corpus_tool.cli.output import plural, print_diagnostics, progress


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool convert articles/ --into my-corpus\n"
    "  corpus-tool convert a.txt page.html wire.jsonl --into my-corpus\n"
    "  corpus-tool convert wire.csv --map text=body,title=headline --into my-corpus\n"
    "  corpus-tool convert crawl.warc.gz feed.xml pages.zip --into my-corpus\n"
    "  pbpaste | corpus-tool convert - --into my-corpus\n"
    "  corpus-tool convert brat-project/ --from brat --inspect > labels.yaml\n"
    "  corpus-tool convert brat-project/ --from brat --mapping labels.yaml --into my-corpus",
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False), metavar="PATH…")
@click.option(
    "--into", type=click.Path(path_type=Path, readable=False), metavar="CORPUS", help="The corpus.  [required]"
)
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
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="CSV of your own places (name, kind, country, latitude, longitude, id, aliases), which come first.",
)
@click.option("--api-key-env", metavar="NAME", help="Environment variable with the key of the corpus's endpoint.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that annotate.")
@click.option("--encoding", default="auto", show_default=True, help="Character encoding of what does not say its own.")
@click.option("--format", metavar="NAME", help="What the files are, in place of what their names and first bytes say.")
@click.option(
    "--map", "columns", multiple=True, metavar="FIELD=COLUMN,…", help="Which column or key holds what: text=body."
)
@click.option(
    "--map-file",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE",
    help="YAML file that says which column or key holds what, a line each.",
)
@import_options
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
    - for standard input; any of them may be compressed (.gz, .bz2, .xz). What a person has accepted, corrected, added
    or rejected is never overwritten. Annotators other than the default one run if corpus.yaml names them and you allow
    it.

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
    with progress("convert") as done:
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
            encoding=encoding,
            columns=mapped,
            format=format,
            on_article=done,
        )
    if as_json:
        click.echo(json_text(asdict(report)))
    else:
        print_diagnostics(report.diagnostics, "full", err=True)
        left = sum(d.severity == "error" for d in report.diagnostics)
        click.echo(
            f"{plural(len(report.written), 'document')} written, {len(report.unchanged)} unchanged"
            + (f", {plural(left, 'article')} not converted" if left else "")
        )
    sys.exit(exit_status(report.diagnostics))
