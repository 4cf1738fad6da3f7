"""corpus-tool diff."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from corpus_tool.cli.output import plural
from corpus_tool.cli.progress import progress

if TYPE_CHECKING:
    from corpus_tool.diff.change import Change, FieldChange
    from corpus_tool.diff.difference import Difference

#: Columns of the table of annotations, and their headings.
_COLUMNS = {
    "added": "added",
    "removed": "removed",
    "moved": "moved",
    "relabelled": "re-labelled",
    "status": "status",
    "relinked": "re-linked",
}

#: Characters of a value that are shown.
_MOST = 60


@click.command(
    epilog="\b\nExamples:\n"
    "  corpus-tool diff wire-2024 wire-2025\n"
    "  corpus-tool diff dist/wire wire --limit 100\n"
    "  corpus-tool diff hf://datasets/newsroom/wire@v1.0.0 dist/wire --json\n"
    "  corpus-tool diff hf://datasets/newsroom/wire wire --write-changelog"
)
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
@click.option("--changelog", is_flag=True, help="Print the changelog entry, in Markdown.")
@click.option("--write-changelog", is_flag=True, help="Write the entry into the CHANGELOG.md of NEW, a corpus.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=10, show_default=True, help="Examples listed of each kind."
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; the exit status says it.")
def command(old: str, new: str, as_json: bool, changelog: bool, write_changelog: bool, limit: int, quiet: bool) -> None:
    """Say what differs between two versions of a corpus or a dataset.

    OLD and NEW are each a corpus, a dataset's folder, or the address of a published dataset. Documents are joined by
    their id; annotations by place, id and words, so that an annotation is told as moved or re-labelled, and not as one
    removed and another added.

    The exit status is 0 where nothing differs, 1 where something does, 2 for misuse or a side that cannot be read.
    """
    if as_json + changelog + quiet > 1:
        raise click.UsageError("--json, --changelog and --quiet exclude one another")
    from corpus_tool.diff.changelog import render_changelog
    from corpus_tool.diff.difference import difference_to_json
    from corpus_tool.diff.version import version_to_json

    difference = _difference(old, new, limit)
    if write_changelog:
        _write(Path(new), render_changelog(difference, limit=limit), quiet=quiet or as_json or changelog)
    if as_json:
        told = {**difference_to_json(difference), "version": version_to_json(difference)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    elif changelog:
        click.echo(render_changelog(difference, limit=limit))
    elif not quiet:
        _print(difference)
    sys.exit(0 if difference.is_empty else 1)


def _difference(old: str, new: str, limit: int) -> Difference:
    from corpus_tool.diff.run import diff_paths
    from corpus_tool.model import CorpusToolError
    from corpus_tool.read.faults import ReadError

    with TemporaryDirectory(prefix="corpus-tool-") as work, progress("compare") as done:
        try:
            return diff_paths(old, new, fetch=_fetcher(Path(work), done), limit=limit, on_document=done)
        except ReadError as error:  # its exit status would be 1, which says here that something differs
            at = error.diagnostic
            raise CorpusToolError(f"{at.path}:{at.line}:{at.column} {at.code} {at.message}; {at.hint}") from error


def _fetcher(work: Path, done: Callable[[str], None]) -> Callable[[str], Path]:
    def fetch(address: str) -> Path:
        from corpus_tool.publish.versions import fetch_published

        folder = work / str(len(list(work.iterdir())))
        folder.mkdir()
        fetch_published(address, folder, on_step=done)
        return folder

    return fetch


def _write(corpus: Path, entry: str, *, quiet: bool) -> None:
    from corpus_tool.changelog import CHANGELOG_FILE, add_changelog_entry
    from corpus_tool.model import CorpusToolError
    from corpus_tool.model.corpus import CONFIG_FILE

    if not (corpus / CONFIG_FILE).is_file():
        raise CorpusToolError(f"{corpus}: is no corpus, whose {CHANGELOG_FILE} an entry could be written into")
    written = add_changelog_entry(corpus, entry)
    if not quiet:
        state = "has the entry now" if written else "has this entry already"
        click.echo(f"{corpus / CHANGELOG_FILE}: {state}", err=True)


def _print(difference: Difference) -> None:
    from rich.console import Console
    from rich.markup import escape

    from corpus_tool.diagnostics.render.text import printable
    from corpus_tool.diff.words import column_in_words, documents_in_words, relabelled_in_words

    console = Console(highlight=False, soft_wrap=True)

    def say(*parts: str) -> None:
        console.print(escape(printable("".join(parts))))

    tally = difference.tally
    if difference.is_empty:
        say(f"nothing differs: {plural(difference.new.documents, 'document')}")
    else:
        say("documents: ", ", ".join(documents_in_words(difference)) or "none added, removed or changed")
        _print_table(difference, console)
        for name, counts in difference.layers.items():
            if told := relabelled_in_words(counts):
                say(f"{name} re-labelled: {told}")
        for name, things in (("entities", tally.entities), ("relations", tally.relations)):
            if things.total():
                say(f"{name}: ", ", ".join(f"{n:,} {what}" for what, n in sorted(things.items()) if n))
        for column in difference.columns:
            say(column_in_words(column))
        if difference.old.is_withheld != difference.new.is_withheld:
            say("the text is ", "withheld" if difference.new.is_withheld else "included", " now")
        for setting in difference.settings:
            say("corpus.yaml: ", _field(setting))
        for change in tally.changes:
            say("  ", _line(change))
        if tally.unlisted:
            say(f"  … and {tally.unlisted:,} more; --limit lists more of them")
    for what in difference.not_compared:
        say("not compared: ", what)
    for line in _version_lines(difference):
        say(line)


def _print_table(difference: Difference, console: object) -> None:
    from rich.console import Console
    from rich.table import Table

    assert isinstance(console, Console)
    if not difference.layers:
        return
    table = Table("layer", box=None, pad_edge=False, collapse_padding=True)
    for heading in (*_COLUMNS.values(), "other", "came", "went"):
        table.add_column(heading, justify="right")
    for name, counts in difference.layers.items():
        other = counts.whats["renamed"] + counts.whats["provenance"]
        numbers = (*(counts.whats[what] for what in _COLUMNS), other, counts.came, counts.went)
        table.add_row(name, *(f"{n:,}" if n else "" for n in numbers))
    console.print(table)


def _version_lines(difference: Difference) -> Iterator[str]:
    from corpus_tool.diff.version import version_to_json

    told = version_to_json(difference)
    if told["step"] is not None:
        verdict = "enough" if told["enough"] else "too small"
        wanted = "" if told["enough"] or told["wanted"] is None else f"; {told['wanted']} would be enough"
        yield (
            f"version: {told['old']} → {told['new']} is {verdict} for a {told['step']} change "
            f"({'; '.join(told['reasons'])}){wanted}"
        )


def _line(change: Change) -> str:
    """``~ harbour-fire actors a3 120-124 "Rosa": kind person → group``."""
    sign = {"added": "+", "removed": "-"}.get(change.what[0], "~")
    words = f' "{_short(change.words)}"' if change.words else ""
    if change.about == "document":
        where = f"{change.document}{words}"
    elif change.about == "annotation":
        where = f"{change.document} {change.layer} {change.id} {change.start}-{change.end}{words}"
    else:
        where = f"{change.document} {change.about} {change.id}{words}"
    fields = "; ".join(map(_field, change.fields))
    return f"{sign} {where}{': ' if fields else ''}{fields}"


def _field(change: FieldChange) -> str:
    if change.field in {"text", "blocks"}:
        return f"other {change.field}"
    return f"{change.field} {_value(change.old)} → {_value(change.new)}"


def _value(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str):
        return _short(value)
    if isinstance(value, dict) and "pieces" in value:
        value = value["pieces"]
    if isinstance(value, list) and value and all(isinstance(p, list) and len(p) == 2 for p in value):
        return "+".join(f"{start}-{end}" for start, end in value)
    return _short(json.dumps(value, ensure_ascii=False))


def _short(words: str) -> str:
    return words if len(words) <= _MOST else f"{words[: _MOST - 1]}…"
