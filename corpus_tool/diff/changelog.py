"""The changelog entry of a difference: Markdown for the people who use the dataset."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.diff.change import Change
from corpus_tool.diff.difference import Difference
from corpus_tool.diff.words import column_in_words, documents_in_words, layer_in_words
from corpus_tool.markdown import escape_line

#: Code points of a title or of a setting that are shown.
_MOST = 80


def render_changelog(difference: Difference, *, limit: int = 10) -> str:
    """The entry for the new version, which begins with its heading and ends without a line end.

    Words of the corpus (titles, names) are escaped: nothing of theirs takes effect as Markdown or HTML.

    Args:
        difference: what changed.
        limit: how many documents that were added or removed are named, of each.
    """
    new = difference.new
    heading = f"## {new.version}{f' ({new.released})' if new.released else ''}"
    items = [escape_line(item) for item in _items(difference, limit)]
    return "\n".join([heading, "", *(f"- {item}" for item in items or ["Nothing in the data changed."])])


def _items(difference: Difference, limit: int) -> Iterator[str]:
    """The items as plain words, on one line each."""
    documents = documents_in_words(difference)
    if documents:
        yield f"Documents: {', '.join(documents)}."
    for what in ("added", "removed"):
        named = [change for change in difference.tally.changes if change.about == "document" and change.what == (what,)]
        if named:
            more = difference.tally.documents[what] - len(named[:limit])
            listed = ", ".join(_named(change) for change in named[:limit])
            yield f"{what.capitalize()}: {listed}{f', and {more:,} more' if more else ''}."
    for name, counts in difference.layers.items():
        told = layer_in_words(counts)
        if told:
            yield f"{_capital(name)}: {', '.join(told)}."
    for word, what in (("With the new documents came", "came"), ("With the removed documents went", "went")):
        numbers = [(getattr(counts, what), name) for name, counts in difference.layers.items()]
        listed = ", ".join(f"{n:,} {name}" for n, name in numbers if n)
        if listed:
            yield f"{word} {listed}."
    for name, things in (("Entities", difference.tally.entities), ("Relations", difference.tally.relations)):
        if things.total():
            yield f"{name}: {', '.join(f'{n:,} {what}' for what, n in sorted(things.items()) if n)}."
    yield from (f"{_capital(column_in_words(column))}." for column in difference.columns)
    if difference.new.is_withheld != difference.old.is_withheld:
        yield f"The text is {'withheld' if difference.new.is_withheld else 'included'} now."
    for change in difference.settings:
        if change.field in {"license", "article_license"}:
            yield f"{_capital(change.field)}: {_short(change.old)} → {_short(change.new)}."
    others = [change.field for change in difference.settings if change.field not in {"license", "article_license"}]
    if others:
        yield f"The card says otherwise now: {', '.join(others)}."


def _named(change: Change) -> str:
    return f"{_short(change.words)} ({change.document})" if change.words else change.document


def _short(value: object) -> str:
    words = " ".join(str(value if value is not None else "none").split())
    return words if len(words) <= _MOST else f"{words[: _MOST - 1]}…"


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}".replace("_", " ")
