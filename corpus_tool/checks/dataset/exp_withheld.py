"""EXP305, and datasets without the articles' words: what is null in them, and how it is put back to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.checks.dataset.exp_folder import Export, Row
from corpus_tool.checks.dataset.export_check import ExportFinding, Pair, PairCheck
from corpus_tool.diagnostics import Severity

#: Columns that are null where the text is withheld, by config (docs/dataset.md).
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "default": ("text",),
    "tokens": ("tokens",),
    "quotes": ("text", "cue", "speaker", "co_speakers", "before", "after"),
    "figures": ("text", "counted", "quote_text", "cue", "speaker", "place", "sentence"),
}


def text_not_withheld(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """A dataset that withholds the text holds words of an article.

    Why it matters: the words are withheld because nobody may pass them on; published once, they are out.

    Bad: ``text: withheld`` in corpus.yaml, and an actor whose ``text`` is "Rosa Li".

    Good: null wherever a row would repeat the article.
    """
    for found, steps in pair.words:
        message = f"{pair.id}: {'/'.join(map(str, steps))} holds words of the article, which are to be withheld"
        yield ExportFinding(
            message, found.shard.name, found.pointer(*steps), "build the dataset again; publish none of it", pair.id
        )


def words_in(config: str, row: Row) -> Iterator[tuple[object, ...]]:
    """Where a row of a dataset that withholds the text has words of it all the same."""
    for column in COLUMNS.get(config, ()):
        if row.get(column) is not None:
            yield (column,)
    if config == "default":
        for column, value in row.items():
            yield from _words(value, (column,))


def _words(value: Any, steps: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    if isinstance(value, list):
        for nth, item in enumerate(value):
            yield from _words(item, (*steps, nth))
    elif isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys() and value["text"] is not None:
            yield (*steps, "text")
        for key, item in value.items():
            yield from _words(item, (*steps, key))


def with_words(config: str, row: Row, text: str) -> Row:
    """A row of ``default`` or ``tokens`` with the words that stand in the corpus at its offsets, to be compared."""
    if config == "tokens" and row.get("tokens") is None and None not in (row.get("starts"), row.get("ends")):
        pairs = zip(row["starts"], row["ends"], strict=False)
        words = [None if None in pair else text[pair[0] : pair[1]] for pair in pairs]
        return {**row, "tokens": words}
    if config != "default":
        return row
    filled = {column: _filled(value, text) for column, value in row.items()}
    return {**filled, "text": text} if row.get("text", "") is None else filled


def _filled(value: Any, text: str) -> Any:
    if isinstance(value, list):
        return [_filled(item, text) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _filled(item, text) for key, item in value.items()}
    if not {"start", "end", "text"} <= value.keys() or value["text"] is not None:
        return inner
    places = [(piece.get("start"), piece.get("end")) for piece in value.get("fragments") or [value]]
    if any(None in place for place in places):
        return inner
    return {**inner, "text": " ".join(text[start:end] for start, end in places)}


CHECKS = (PairCheck("EXP305", "text-not-withheld", Severity.ERROR, text_not_withheld),)
