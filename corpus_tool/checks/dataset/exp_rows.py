"""EXP3xx and EXP4xx: the values of a dataset, and its documents against those of the corpus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.dataset.exp_folder import Export, Found, Row
from corpus_tool.checks.dataset.exp_wanted import differences
from corpus_tool.checks.dataset.exp_withheld import COLUMNS
from corpus_tool.checks.dataset.export_check import ExportFinding, Pair, PairCheck
from corpus_tool.diagnostics import Severity
from corpus_tool.model import sha256_of

_LABELS = {"tokens": ("actors", "locations", "figures")}
_POSITION = ("start", "end", "text", "fragments")
_NEEDED = {
    "default": ("id", "text", "text_sha256", "authors", "blocks", "entities", "relations"),
    "tokens": ("document", "block", "block_kind", "tokens", "starts", "ends", "actors", "locations", "figures"),
    "quotes": ("document", "id", "start", "end", "text", "kind", "fragments", "co_speakers"),
    "figures": ("document", "id", "start", "end", "text"),
}
_NEEDED_INSIDE = {
    "blocks": ("start", "end", "kind"),
    "entities": ("id", "kind", "name", "aliases", "links"),
    "relations": ("id", "type", "from", "to"),
}


def _finding(pair: Pair, message: str, found: Found, *steps: object, hint: str = "") -> ExportFinding:
    return ExportFinding(f"{pair.id}: {message}", found.shard.name, found.pointer(*steps), hint, pair.id)


def shown(value: Any) -> str:
    """A value of a row in a message."""
    return quoted(value) if isinstance(value, str) else "null" if value is None else quoted(str(value)).strip('"')


def label_out_of_range(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """A label is a number that no name belongs to.

    Why it matters: readers load it without a word, and programs that look its name up fail or take the last one.

    Bad: the tag 7 where the labels are O, B and I.

    Good: 0, 1 or 2.
    """
    for found in pair.rows.get("tokens", ()):
        for column in _LABELS["tokens"]:
            tags = found.row.get(column)
            for nth, tag in enumerate(tags if isinstance(tags, list) else ()):
                if tag is not None and tag not in (0, 1, 2):
                    yield _finding(pair, f"{column} has the label {tag}, there are 0 to 2", found, column, nth)
                    break


def null_value(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """A value is null that every row, annotation or block has.

    Why it matters: a null is what readers make of a column that is missing; programs fail on it later and elsewhere.

    Bad: an annotation whose ``start`` is null; a list of tokens that is null.

    Good: nulls for optional attributes alone.
    """
    for config, rows in pair.rows.items():
        for found in rows:
            for steps in _nulls(config, found.row, export):
                yield _finding(pair, f"{'/'.join(map(str, steps))} is null", found, *steps)


def _nulls(config: str, row: Row, export: Export) -> Iterator[tuple[object, ...]]:
    needed = (*_NEEDED.get(config, ()), *(export.layers if config == "default" else ()))
    withheld = COLUMNS.get(config, ()) if export.is_withheld else ()
    for column in (one for one in needed if one not in withheld):
        if column not in row:
            continue
        value = row[column]
        if value is None:
            yield (column,)
            continue
        inside = _NEEDED_INSIDE.get(column, ())
        if config == "default" and column in export.layers:
            required = export.layers[column].schema.get("required", ())
            inside = ("id", "start", "end", *(() if withheld else ("text",)), "fragments", *required)
        for nth, item in enumerate(value if isinstance(value, list) else ()):
            if item is None:
                yield column, nth
            elif isinstance(item, dict):
                yield from ((column, nth, key) for key in inside if key in item and item[key] is None)


def span_differs_from_text(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """The offsets of an annotation, a cue or a counted noun do not lead to its text, in the dataset's own text.

    Why it matters: every user cuts the text at the offsets, and gets other words than those that were annotated.

    Bad: ``"start": 4, "end": 8, "text": "Rosa"`` where ``text[4:8]`` is "a Li".

    Good: offsets in code points.
    """
    own = pair.own
    if own is None or not isinstance(own.row.get("text"), str) or _text_differs(pair):
        return
    for name in export.layers:
        for nth, annotation in enumerate(own.row.get(name) or ()):
            for key, span in _spans(annotation):
                if not _is_sound(span, own.row["text"]):
                    steps = (name, nth, key) if key else (name, nth)
                    what = f"{key} of {name} {annotation.get('id')}" if key else f"{name} {annotation.get('id')}"
                    at = f"text[{span.get('start')}:{span.get('end')}]"
                    yield _finding(pair, f"{what} {shown(span.get('text'))} is not what stands at {at}", own, *steps)


def _spans(annotation: Any) -> Iterator[tuple[str, Row]]:
    """An annotation, and the spans in it, each with the attribute's name."""
    if isinstance(annotation, dict):
        yield "", annotation
        for key, value in annotation.items():
            for span in value if isinstance(value, list) and key != "fragments" else [value]:
                if isinstance(span, dict) and {"start", "end", "text"} <= span.keys():
                    yield key, span


def _is_sound(span: Row, text: str) -> bool:
    """Whether a span's text is what stands at its offsets; one with nulls is left to EXP302."""
    pieces = span.get("fragments") or [span]
    values = [*(piece.get(key) for piece in (*pieces, span) for key in ("start", "end")), span.get("text")]
    if any(value is None for value in values):
        return True
    if any(not 0 <= piece["start"] < piece["end"] <= len(text) for piece in pieces):
        return False
    cut = " ".join(text[piece["start"] : piece["end"]] for piece in pieces)
    return bool(cut == span["text"]) and (span["start"], span["end"]) == (pieces[0]["start"], pieces[-1]["end"])


def _text_differs(pair: Pair) -> bool:
    return pair.own is not None and pair.wanted is not None and pair.own.row.get("text") != pair.wanted.get("text")


def document_twice(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """A document has more than one row in the config ``default``.

    Why it matters: it counts twice, and where the rows are in two splits, what is trained on is tested on.

    Bad: the rows of one shard in a second one.

    Good: a row a document.
    """
    for found in pair.rows.get("default", ())[1:]:
        first = pair.rows["default"][0]
        other = f"{first.shard.name}, row {first.number}"
        yield _finding(pair, f"the document has another row already: {other}", found)


def document_missing(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """A document of the corpus is not in the dataset.

    Why it matters: it was reviewed and is not published; counts and splits are not those of the corpus.

    Bad: a corpus of 24 documents, and 23 rows.

    Good: a row a document.
    """
    if pair.of_corpus and "default" in pair.rows and pair.own is None:
        yield ExportFinding(f"{pair.id}: the document is not in the dataset", "default", document=pair.id)


def document_unknown(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """The dataset has a document that the corpus does not have.

    Why it matters: it was taken out of the corpus, perhaps because somebody asked for that, and is published still.

    Bad: rows left over from an earlier build.

    Good: the dataset built again.
    """
    if export.corpus is None or pair.of_corpus:
        return
    found = next(rows[0] for rows in pair.rows.values() if rows)
    yield _finding(pair, "the corpus has no such document", found, hint="build the dataset again")


def document_differs(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """A document's text, metadata, blocks, entities or relations are not those of the corpus.

    Why it matters: every offset counts in that text; what is published is not what was reviewed.

    Bad: a text from which a program took the no-break spaces.

    Good: the text and metadata of the document.
    """
    own = pair.own
    if own is None or pair.wanted is None:
        return
    if pair.of_corpus:
        wanted = {key: value for key, value in pair.wanted.items() if key not in export.layers}
        for pointer, should, is_ in differences(wanted, own.row):
            if not _is_needed_null(pointer, is_):
                message = f"{pointer[1:]} is {shown(is_)}, the document says {shown(should)}"
                yield _finding(pair, message, own, *pointer[1:].split("/"))
    elif _sha256(own.row.get("text")) != own.row.get("text_sha256") and own.row.get("text") is not None:
        yield _finding(pair, "the text is not the one whose SHA-256 stands beside it", own, "text")


def _sha256(text: Any) -> str | None:
    return sha256_of(text) if isinstance(text, str) else None


def _is_needed_null(pointer: str, value: Any) -> bool:
    """Whether it is a null that EXP302 tells."""
    column, *inner = pointer[1:].split("/")
    needed = _NEEDED_INSIDE.get(column, ()) if inner else _NEEDED["default"]
    return value is None and (inner[-1] if inner else column) in needed


def annotation_missing(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """An annotation of a document is not in the dataset.

    Why it matters: an export that loses labels without a word is the worst kind: nobody looks for them.

    Bad: a document of 30 actors, and a row of 29.

    Good: every annotation that nobody rejected.
    """
    for name, wanted, found in _layers(pair, export):
        own = pair.own
        for annotation_id, annotation in wanted.items():
            if annotation_id not in found and own is not None:
                kind = annotation.get("kind") or annotation.get("measure") or ""
                what = f"{name} {annotation_id} {shown(annotation['text'])}" + (f" ({kind})" if kind else "")
                yield _finding(pair, f"{what} is not in the dataset", own, name)


def annotation_unknown(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """The dataset has an annotation that the document does not have, that was rejected, or has one twice.

    Why it matters: a person said no to it, or nobody ever said it.

    Bad: a rejected actor in the column ``actors``.

    Good: what stands in the document, and once.
    """
    own = pair.own
    if own is None or not pair.of_corpus or pair.wanted is None:
        return
    for name in export.layers:
        wanted = {annotation["id"] for annotation in pair.wanted.get(name, ())}
        seen: set[Any] = set()
        for nth, annotation in enumerate(own.row.get(name) or ()):
            own_id = annotation.get("id") if isinstance(annotation, dict) else None
            if own_id is None:
                continue
            if own_id not in wanted:
                reason = pair.left_out.get(own_id, "is not in the document")
                yield _finding(pair, f"{name} {own_id} {shown(annotation.get('text'))} {reason}", own, name, nth)
            elif own_id in seen:
                yield _finding(pair, f"{name} {own_id} is in the dataset twice", own, name, nth)
            seen.add(own_id)


def annotation_differs(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """An annotation's offsets, text, kind, status or another attribute is not what the document says.

    Why it matters: what is published is not what was reviewed.

    Bad: an actor of kind person in the document, and of kind group in the dataset.

    Good: every attribute as it stands in the document.
    """
    own = pair.own
    if own is None:
        return
    for name, wanted, found in _layers(pair, export):
        for annotation_id, annotation in wanted.items():
            if annotation_id not in found:
                continue
            nth, there = found[annotation_id]
            found_differences = list(differences(annotation, there))
            if not found_differences or pair.wanted is None:
                continue
            needed = ("id", "start", "end", "text", "fragments", *export.layers[name].schema.get("required", ()))
            unsound = {key for key, span in _spans(there) if not _is_sound(span, pair.wanted["text"])}
            for pointer, should, is_ in found_differences:
                first, *rest = pointer[1:].split("/")
                if (is_ is None and first in needed) or (first in _POSITION and "" in unsound) or first in unsound:
                    continue  # EXP302 and EXP303 tell
                message = f"{pointer[1:]} of {name} {annotation_id} is {shown(is_)}, the document says {shown(should)}"
                yield _finding(pair, message, own, name, nth, first, *rest)


def _layers(pair: Pair, export: Export) -> Iterator[tuple[str, dict[str, Row], dict[str, tuple[int, Row]]]]:
    """Each layer that the row has: the document's annotations by id, and the dataset's by id with their place."""
    if pair.own is None or pair.wanted is None or not pair.of_corpus:
        return
    for name in export.layers:
        column = pair.own.row.get(name)
        if isinstance(column, list):
            found: dict[str, tuple[int, Row]] = {}
            for nth, item in enumerate(column):
                if isinstance(item, dict) and item.get("id") is not None:
                    found.setdefault(item["id"], (nth, item))
            if len(found) < len(column) and any(i is None or i.get("id") is None for i in column):
                continue  # EXP302 tells of ids that are null
            yield name, {annotation["id"]: annotation for annotation in pair.wanted.get(name, ())}, found


def split_differs(pair: Pair, export: Export) -> Iterator[ExportFinding]:
    """A document's rows are in another split than the one it belongs to, or in another one in each config.

    Why it matters: a document keeps its split for good; one that moves is trained on here and tested on there.

    Bad: a document in ``test`` of ``default`` and in ``train`` of ``quotes``.

    Good: one split, which follows from the id and the seed.
    """
    if export.corpus is not None and not pair.of_corpus:
        return  # EXP402 tells
    told = export.split_of(pair.id) if export.split_of else None
    for config, rows in pair.rows.items():
        for found in rows[:1] if config == "default" else rows:
            told = told or found.shard.split
            if found.shard.split != told:
                message = f"the rows of config {config} are in {found.shard.split}, the document belongs to {told}"
                yield _finding(pair, message, found, hint="build the dataset again")
                break


CHECKS = (
    PairCheck("EXP301", "label-out-of-range", Severity.ERROR, label_out_of_range),
    PairCheck("EXP302", "null-value", Severity.ERROR, null_value),
    PairCheck("EXP303", "span-differs-from-text", Severity.ERROR, span_differs_from_text),
    PairCheck("EXP304", "document-twice", Severity.ERROR, document_twice),
    PairCheck("EXP401", "document-missing", Severity.ERROR, document_missing),
    PairCheck("EXP402", "document-unknown", Severity.ERROR, document_unknown),
    PairCheck("EXP403", "document-differs", Severity.ERROR, document_differs),
    PairCheck("EXP404", "annotation-missing", Severity.ERROR, annotation_missing),
    PairCheck("EXP405", "annotation-unknown", Severity.ERROR, annotation_unknown),
    PairCheck("EXP406", "annotation-differs", Severity.ERROR, annotation_differs),
    PairCheck("EXP407", "split-differs", Severity.ERROR, split_differs),
)
