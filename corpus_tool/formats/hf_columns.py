"""Rows of any dataset as documents: which column is the text, which hold spans or tags, told by name and type."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.conll_tags import Evidence as TagEvidence
from corpus_tool.formats.conll_tags import Tag, parsed, spans_of_tags
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan, Scalar
from corpus_tool.formats.offsets import UTF16, Detected, detect_unit
from corpus_tool.formats.places import Evidence, place_of, scales_of
from corpus_tool.formats.plain_json import attributes_of, is_offset, meta_of, unique_name
from corpus_tool.model import CorpusToolError

if TYPE_CHECKING:
    from corpus_tool.formats.hf import Row

#: Usual names, the likeliest first.
_USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "doc_id", "document_id", "guid", "uid", "name"),
    "text": ("text", "content", "article", "body", "document", "sentence"),
    "spans": ("spans", "entities", "annotations", "ents", "labels", "label"),
    "start": ("start", "begin", "start_offset", "start_char", "char_start", "offset"),
    "end": ("end", "stop", "end_offset", "end_char", "char_end"),
    "label": ("label", "type", "entity_type", "entity", "tag", "category", "class"),
    "words": ("text", "word", "words", "surface", "value", "mention"),
    "tokens": ("tokens", "words", "token", "word"),
    "tags": ("ner_tags", "ner", "tags", "bio_tags", "labels", "entities"),
    "document": ("document", "document_id", "doc_id"),
}


@dataclass(frozen=True)
class Columns:
    """Which column is which; None for what there is not.

    Attributes:
        text: the text; None where it is made of the tokens.
        id: what the row is called.
        spans: a list of spans, each with a start, an end, a label and perhaps its words, by name or in this order.
        tokens: a list of words.
        tags: lists of tags, one a word; each with its name, which is the label of tags that have none.
        document: what rows of one text have in common, where a row is a sentence of tokens.
        keys: what start, end, label and words are called in a span.
    """

    text: str | None = None
    id: str | None = None
    spans: str | None = None
    tokens: str | None = None
    tags: tuple[str, ...] = ()
    document: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def used(self) -> Collection[str]:
        """The columns that are no more said of the article."""
        return {c for c in (self.text, self.id, self.spans, self.tokens, self.document, *self.tags) if c is not None}

    def is_continued(self, row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        """Whether a row goes on with the text of the one before it."""
        return self.document is not None and row.get(self.document) == other.get(self.document)


def columns_of(row: Mapping[str, Any], features: Mapping[str, Any], settings: Mapping[str, str], path: str) -> Columns:
    """Which column is which.

    Args:
        row: the first row.
        features: the types of the columns, where they are known.
        settings: what the user says of them.
        path: the dataset, for messages.

    Raises:
        CorpusToolError: a column that the user names is not there, or nothing tells which ones hold text and marks.
    """
    names = list(features) or list(row)
    missing = next(
        (s for s in ("id", "text", "spans", "tokens", "document") if settings.get(s, names[0]) not in names), None
    )
    if missing is not None:
        raise CorpusToolError(f"{path}: has no column {settings[missing]!r} ({', '.join(names)})")

    def named(what: str, fits: Any) -> str | None:
        if what in settings:
            return settings[what]
        return next((name for name in _USUAL[what] if name in names and fits(row.get(name))), None)

    tokens = named("tokens", _is_words)
    text = named("text", lambda value: isinstance(value, str))
    spans = named("spans", _is_spans) or next((n for n in names if _is_spans(row.get(n))), None)
    if spans is not None and (text is not None or tokens is None) and "tags" not in settings:
        tokens = None
    tags = tuple(settings["tags"].split(", ")) if "tags" in settings else _tags(row, names, tokens)
    if (text is None and tokens is None) or not (spans or tags):
        raise CorpusToolError(
            f"{path}: nothing tells which of the columns {', '.join(names)} hold a text or tokens, and spans or tags; "
            f"say so in a mapping: dataset: {{text: …, spans: …}} or dataset: {{tokens: …, tags: …}}"
        )
    if tokens is not None:
        own = None if "text" not in settings else text
        sentence = None if own is not None else named("document", lambda value: isinstance(value, str | int))
        return Columns(own, named("id", _is_name), None, tokens, tags, sentence)
    return Columns(text, named("id", _is_name), spans, None, (), None, _keys(settings))


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int)


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_spans(value: Any) -> bool:
    """Whether a value is a list of spans, one of [start, end, label], or the lists of each of their parts."""
    if isinstance(value, Mapping):
        return any(name in value and isinstance(value[name], list) for name in _USUAL["start"])
    if not isinstance(value, list):
        return False
    return all(_is_triple(s) or (isinstance(s, Mapping) and any(k in s for k in _USUAL["start"])) for s in value)


def _is_triple(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and is_offset(value[0]) and is_offset(value[1])


def _tags(row: Mapping[str, Any], names: Sequence[str], tokens: str | None) -> tuple[str, ...]:
    """The columns of tags: the first one of a usual name, else all that hold B, I and O."""
    if tokens is None:
        return ()
    length = len(row[tokens])
    able = [n for n in names if n != tokens and _is_words(row.get(n)) and len(row[n]) == length]
    usual = next((name for name in _USUAL["tags"] if name in able), None)
    tagged = [n for n in able if row[n] and all(_tag(tag, n) is not None for tag in row[n])]
    return (usual,) if usual is not None else tuple(tagged)


def _keys(settings: Mapping[str, str]) -> dict[str, str]:
    return {part: settings[part] for part in ("start", "end", "label", "words") if part in settings}


def _tag(value: Any, column: str) -> Tag | None:
    """A tag; B and I alone have the label of their column."""
    if value in ("B", "I"):
        return Tag(value, column)
    return parsed(value) if isinstance(value, str) else None


def documents_of(
    rows: Sequence[Row], columns: Columns, path: str, taken: dict[str, object]
) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of rows: each its own, or those of one text together where a row is a sentence.

    Args:
        rows: the rows.
        columns: which column is which.
        path: the dataset, for diagnostics.
        taken: names that other documents have.
    """
    if columns.tokens is None:
        yield from _marked(rows, columns, path, taken)
        return
    for _, group in groupby(
        enumerate(rows), key=lambda one: one[1].values[columns.document] if columns.document else one[0]
    ):
        yield from _tagged([row for _, row in group], columns, path, taken)


def _head(row: Row, columns: Columns, path: str, taken: dict[str, object], text: str) -> ForeignDocument:
    given = row.values.get(columns.document or columns.id or "")
    name = unique_name(
        [*([str(given)] if given not in (None, "") else []), f"{row.split or 'row'}-{row.number}"], taken
    )
    taken[name] = True
    meta = meta_of({key: value for key, value in row.values.items() if key not in columns.used})
    split = {} if row.split is None else {"split": row.split}
    return ForeignDocument(name, text, path, row.number, meta={**meta, **split})


def _marked(
    rows: Sequence[Row], columns: Columns, path: str, taken: dict[str, object]
) -> Iterator[ForeignDocument | Diagnostic]:
    found: list[tuple[Row, str, list[_Mark]]] = []
    for row in rows:
        text = row.values.get(columns.text or "")
        if not isinstance(text, str):
            yield import_fault("import-record-unreadable", path, f"row {row.number} has no text", line=row.number)
            continue
        marks: list[_Mark] = []
        for raw in _listed(row.values.get(columns.spans or "")):
            mark = _mark(raw, columns.keys)
            if mark is None:
                told = f"row {row.number}: no span with a start, an end and a label: {str(raw)[:80]}"
                yield import_fault("import-record-unreadable", path, told, line=row.number)
            else:
                marks.append(mark)
        found.append((row, text, marks))
    detected = detect_unit([(text, [mark.evidence for mark in marks]) for _, text, marks in found])
    if not detected.clear:
        told = f"offsets behind an emoji may be in {detected.unit} or in {UTF16}; {detected.unit} was taken"
        yield import_fault("import-unit-unclear", path, told, line=rows[0].number)
    for row, text, marks in found:
        document = _head(row, columns, path, taken, text)
        yield _with_spans(document, tuple(_spans(marks, text, detected, row.number)))


def _with_spans(document: ForeignDocument, spans: tuple[ForeignSpan, ...]) -> ForeignDocument:
    return replace(document, spans=spans)


@dataclass(frozen=True)
class _Mark:
    """A span as its row has it."""

    start: int
    end: int
    label: str
    words: str | None
    rest: Mapping[str, Scalar]

    @property
    def evidence(self) -> Evidence:
        return self.start, self.end, self.words


def _listed(value: Any) -> list[Any]:
    """The spans of a column: a list, or the lists of their parts put together again."""
    if isinstance(value, Mapping):
        lists = {key: held for key, held in value.items() if isinstance(held, list)}
        return [dict(zip(lists, parts, strict=False)) for parts in zip(*lists.values(), strict=False)]
    return value if isinstance(value, list) else []


def _mark(raw: Any, keys: Mapping[str, str]) -> _Mark | None:
    if _is_triple(raw):
        raw = {"start": raw[0], "end": raw[1], "label": raw[2]}
    if not isinstance(raw, Mapping):
        return None

    def key(part: str) -> str | None:
        return keys.get(part) or next((name for name in _USUAL[part] if name in raw), None)

    names = {part: key(part) for part in ("start", "end", "label", "words")}
    start, end, label, words = (raw.get(name) if name is not None else None for name in names.values())
    if not (is_offset(start) and is_offset(end)) or not isinstance(label, str | int):
        return None
    rest = attributes_of({k: v for k, v in raw.items() if k not in names.values() and k != "id"})
    return _Mark(start, end, str(label), words if isinstance(words, str) else None, rest)


def _spans(marks: Sequence[_Mark], text: str, detected: Detected, line: int) -> Iterator[ForeignSpan]:
    scales = scales_of(text, detected.unit)
    for number, mark in enumerate(marks, 1):
        place = place_of(mark.start, mark.end, mark.words, text, scales)
        yield ForeignSpan(f"s{number}", mark.label, (place,), mark.words, mark.rest, line=line)


def _tagged(
    rows: Sequence[Row], columns: Columns, path: str, taken: dict[str, object]
) -> Iterator[ForeignDocument | Diagnostic]:
    """A text of tokens, a line a row, with a span for each run of tags."""
    from corpus_tool.formats.words import placed

    lines: list[str] = []
    spans: list[ForeignSpan] = []
    at = 0
    for row in rows:
        words = row.values.get(columns.tokens or "")
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            yield import_fault("import-record-unreadable", path, f"row {row.number} has no tokens", line=row.number)
            continue
        given = row.values.get(columns.text or "")
        put = placed(words, given if isinstance(given, str) else None)
        for column in columns.tags:
            tags = _row_tags(row, column, len(words))
            if isinstance(tags, str):
                yield import_fault("import-record-unreadable", path, f"row {row.number}: {tags}", line=row.number)
                continue
            for tagged in spans_of_tags(tags, TagEvidence()):
                place = (at + put.words[tagged.first][0], at + put.words[tagged.last][1])
                spans.append(ForeignSpan(f"s{len(spans) + 1}", tagged.label, (place,), line=row.number))
        lines.append(put.text)
        at += len(put.text) + 1
    if lines:
        yield _with_spans(_head(rows[0], columns, path, taken, "\n".join(lines)), tuple(spans))


def _row_tags(row: Row, column: str, length: int) -> list[Tag] | str:
    """The tags of a row, or what is wrong with them."""
    values = row.values.get(column)
    if not isinstance(values, list) or len(values) != length:
        return f"{column} has {len(values) if isinstance(values, list) else 'no'} tags for {length} tokens"
    tags = [(_tag(value, column), value) for value in values]
    wrong = next((value for tag, value in tags if tag is None), None)
    if wrong is not None:
        return f"{column}: {wrong!r} is no tag such as O, B-PER or I-PER"
    return [tag for tag, _ in tags if tag is not None]
