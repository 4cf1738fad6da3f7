"""corpus-tool validate."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus_tool.cli.engine_options import scheduler_option
from corpus_tool.cli.locations import LOCAL_PATH, LOCATION
from corpus_tool.cli.output import plural, print_diagnostics
from corpus_tool.cli.progress import log_option, progress

if TYPE_CHECKING:
    from corpus_tool.diagnostics import Diagnostic, Severity
    from corpus_tool.selection import Selection

FORMATS = ("full", "concise", "json", "sarif", "github")

#: Formats for programs, which get every finding.
WHOLE = ("json", "sarif")


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool validate my-corpus\n"
    "  corpus-tool validate my-corpus --select SPN,QUO --ignore SPN4\n"
    "  corpus-tool validate my-corpus --dataset dist/my-corpus\n"
    "  corpus-tool validate my-corpus --diff          # what --fix would change\n"
    "  corpus-tool validate my-corpus --output sarif > findings.sarif\n"
    "  corpus-tool validate s3://my-bucket/my-corpus --jobs 4\n"
    "  corpus-tool validate my-corpus --write-baseline known.json\n"
    "  zcat shard.jsonl.gz | corpus-tool validate -",
)
@click.argument("paths", nargs=-1, type=LOCATION, metavar="[PATH…]")
@click.option("--select", multiple=True, metavar="CODES", help="Only these codes, or beginnings of codes: SPN,FIG101.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these; the longer beginning wins over --select.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without guessing, then say what is left.")
@click.option("--diff", is_flag=True, help="Show what --fix would change; write nothing, exit 1 if there is something.")
@click.option("--dataset", type=LOCAL_PATH, help="Check this built dataset against PATH too.")
@click.option("--baseline", type=LOCAL_PATH, help="Hide the findings that this file knows.")
@click.option("--write-baseline", type=LOCAL_PATH, help="Write all findings into this file as known.")
@click.option("--output", type=click.Choice(FORMATS), default="full", show_default=True, help="How findings are shown.")
@click.option("--json", "as_json", is_flag=True, help="The same as --output json.")
@click.option("--repeats", type=click.IntRange(min=0), default=20, show_default=True, metavar="N",
              help="Findings of one code shown a file, in full, concise and github output; 0 for all.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes that check.")
@scheduler_option
@click.option("--no-cache", is_flag=True, help="Check again what did not change since the last run.")
@log_option
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
def command(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    diff: bool,
    dataset: Path | None,
    baseline: Path | None,
    write_baseline: Path | None,
    output: str,
    as_json: bool,
    repeats: int,
    jobs: int,
    scheduler: str | None,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Check documents: schema, text, spans, entities, figures, quotes, and the corpus as a whole.

    PATH is a corpus (a folder with corpus.yaml), a folder of documents, a document (.json), a shard (.jsonl, .ndjson,
    also .gz and .zst), a built dataset, or - for standard input; the current folder without any. Exit status 1 where
    there are errors or warnings. `corpus-tool explain CODE` says what a finding means.
    """
    from corpus_tool.diagnostics.cap import cap
    from corpus_tool.diagnostics.render.text import summary_of
    from corpus_tool.parity import validate_dataset
    from corpus_tool.validate import validate_paths

    if dataset is not None and len(paths) > 1:
        raise click.UsageError("--dataset goes with one corpus")
    paths = paths or (Path(),)
    output = "json" if as_json else output
    selection = _selection(select, ignore)
    if diff:
        sys.exit(_show_fixes(paths, selection))
    if fix:
        _fix(paths, selection)
    tally: Counter[Severity] = Counter()
    documents = 0
    with progress("validate") as run:

        def count(name: str) -> None:
            nonlocal documents
            documents += 1

        found = validate_paths(
            paths,
            selection=selection,
            jobs=jobs,
            scheduler=scheduler,
            cached=not no_cache,
            on_document=count,
            on_event=run.event,
        )
        if dataset is not None:
            found = chain(found, validate_dataset(dataset, paths[0], selection=selection, on_event=run.event))
        found = _tallied(_without_known(found, baseline), tally)
        if write_baseline:
            written = _write_baseline(write_baseline, found)
        shown = list(found if output in WHOLE else cap(found, repeats))
    if write_baseline:
        click.echo(f"{plural(written, 'finding')} written to {write_baseline} as known", err=True)
        return
    print_diagnostics(shown, output)
    if not quiet and output in {"full", "concise"}:
        click.echo(f"{plural(documents, 'document')} checked: {summary_of(tally)}")
    sys.exit(1 if any(severity != "info" for severity in tally) else 0)


def _show_fixes(paths: Sequence[Path], selection: Selection) -> int:
    """Prints what ``--fix`` would change; 1 where there is something."""
    from corpus_tool.fix_files import fix_paths

    documents = mended = 0
    for document in fix_paths(paths, selection=selection, diff=True):
        if document.is_changed:
            documents += 1
            mended += len(document.fixed.applied)
            click.echo(_for_terminal(document.diff) if sys.stdout.isatty() else document.diff, nl=False)
    click.echo(f"{plural(documents, 'document')} would change, {plural(mended, 'finding')} mended", err=True)
    return int(documents > 0)


def _for_terminal(diff: str) -> str:
    """A diff without what would steer a terminal; in a pipe or a file it stays what ``patch`` reads."""
    from corpus_tool.diagnostics.render.text import printable

    return "".join(f"{printable(line)}\n" for line in diff.removesuffix("\n").split("\n"))


def _fix(paths: Sequence[Path], selection: Selection) -> None:
    from corpus_tool.fix_files import fix_paths

    documents = mended = 0
    with progress("fix") as done:
        for document in fix_paths(paths, selection=selection):
            documents += document.is_changed
            mended += len(document.fixed.applied)
            done(document.path)
    click.echo(f"{plural(mended, 'finding')} mended in {plural(documents, 'document')}", err=True)


def _selection(select: Sequence[str], ignore: Sequence[str]) -> Selection:
    """The wanted codes; all that there are is asked only where some are named."""
    from corpus_tool.selection import ALL, make_selection

    if not (select or ignore):
        return ALL
    from corpus_tool.rules import RULES

    return make_selection(select, ignore, RULES)


def _without_known(found: Iterator[Diagnostic], baseline: Path | None) -> Iterator[Diagnostic]:
    if baseline is None:
        return found
    from corpus_tool.baseline import not_in_baseline, read_baseline

    return not_in_baseline(found, read_baseline(baseline))


def _write_baseline(path: Path, found: Iterator[Diagnostic]) -> int:
    from corpus_tool.baseline import write_baseline

    return write_baseline(path, found)


def _tallied(found: Iterator[Diagnostic], tally: Counter[Severity]) -> Iterator[Diagnostic]:
    for diagnostic in found:
        tally[diagnostic.severity] += 1
        yield diagnostic
