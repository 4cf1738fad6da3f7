"""corpus-tool validate."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus_tool.cli.output import plural, print_diagnostics, progress

if TYPE_CHECKING:
    from corpus_tool.diagnostics import Diagnostic

FORMATS = ("text", "full", "concise", "json", "sarif", "github")


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool validate my-corpus\n"
    "  corpus-tool validate my-corpus --select SPN,QUO --ignore SPN4\n"
    "  corpus-tool validate my-corpus --diff          # what --fix would change\n"
    "  corpus-tool validate my-corpus --output sarif > findings.sarif\n"
    "  corpus-tool validate my-corpus --write-baseline known.json\n"
    "  zcat shard.jsonl.gz | corpus-tool validate -",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, readable=False), metavar="[PATH…]")
@click.option("--select", multiple=True, metavar="CODES", help="Only these codes, or beginnings of codes: SPN,FIG101.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these; the longer beginning wins over --select.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without guessing, then say what is left.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; write nothing, exit 1 if there is something.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Hide the findings that this file knows.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write all findings into this file as known.")
@click.option("--output", type=click.Choice(FORMATS), default="text", show_default=True, help="How findings are shown.")
@click.option("--json", "as_json", is_flag=True, help="The same as --output json.")
@click.option("--repeats", type=click.IntRange(min=0), default=20, show_default=True, metavar="N",
              help="Findings of one code shown a file, in full, concise and github output; 0 for all.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that check.")
@click.option("--no-cache", is_flag=True, help="Check again what did not change since the last run.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
def command(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    diff: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    output: str,
    as_json: bool,
    repeats: int,
    jobs: int,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Check documents: schema, text, spans, entities, figures, quotes, and the corpus as a whole.

    PATH is a corpus (a folder with corpus.yaml), a folder of documents, a document (.json), a shard (.jsonl, .ndjson,
    also .gz and .zst), or - for standard input; the current folder without any. Exit status 1 where there are errors or
    warnings. `corpus-tool explain CODE` says what a finding means.
    """
    from corpus_tool.diagnostics import exit_status
    from corpus_tool.diagnostics.render.text import summary
    from corpus_tool.selection import ALL, make_selection
    from corpus_tool.validate import validate_paths

    selection = ALL
    if select or ignore:
        from corpus_tool.explain import RULES

        selection = make_selection(select, ignore, RULES)
    paths = paths or (Path(),)
    documents = 0
    with progress("validate") as done:

        def count(name: str) -> None:
            nonlocal documents
            documents += 1
            done(name)

        lazily = validate_paths(paths, selection=selection, jobs=jobs, cached=not no_cache, on_document=count)
        found = _kept(lazily, baseline, write_baseline)
    print_diagnostics(found, "json" if as_json else output)
    if write_baseline:
        click.echo(f"{plural(len(found), 'finding')} written to {write_baseline} as known", err=True)
    if not (as_json or quiet or output in {"json", "sarif", "github"}):
        click.echo(f"{plural(documents, 'document')} checked: {summary(found)}")
    sys.exit(0 if write_baseline else exit_status(found))


def _kept(found: Iterable[Diagnostic], baseline: Path | None, write: Path | None) -> list[Diagnostic]:
    from corpus_tool.baseline import not_in_baseline, read_baseline, write_baseline

    if baseline:
        found = not_in_baseline(found, read_baseline(baseline))
    kept = list(found)
    if write:
        write_baseline(write, kept)
    return kept
