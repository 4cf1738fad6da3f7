"""doccano JSON lines: a text with its spans a line, as ``label`` triples or as ``entities`` with ``relations``.

Its files do not say what their offsets count: what its pages count, UTF-16 units; grapheme clusters where the project
asks for them; code points in what its earlier pages and scripts in Python wrote. The spans themselves are the evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.fit import Fitted, Holds, fit
from corpus_tool.formats.foreign import FROM, TO, ForeignDocument, ForeignRelation, ForeignSpan, Scalar
from corpus_tool.formats.offsets import CODE_POINTS, GRAPHEMES, UTF16, detect_unit, moved_pieces, scale_of

#: The key under which an export keeps a document's id: doccano gives each text a number of its own as ``id``.
DOCUMENT_ID = "document_id"

_TEXT = ("text", "data")
_TRIPLES = ("label", "labels")
_SPANS = ("entities", "annotations")
_OWN = frozenset({*_TEXT, *_TRIPLES, *_SPANS, "relations", "id", DOCUMENT_ID, "annotation_approver"})

#: What its offsets may count, the likeliest first.
_UNITS = (UTF16, CODE_POINTS, GRAPHEMES)

_HOLDS = Holds(fragments=False, attributes=False, relation_attributes=False, entities=False, blocks=False)


@dataclass(frozen=True)
class _Row:
    """A line as it is read: a document whose offsets are still in the file's unit."""

    document: ForeignDocument
    file: str


def read_doccano(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of doccano's exports: a .jsonl or .json, or a folder of them.

    A text that stands in several files of a folder was annotated by several people, after whom the files are called.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    rows: list[_Row] = []
    for name, found in files_below(path, (".jsonl", ".json")):
        own: list[ForeignDocument] = []
        for item in _read_file(found):
            if isinstance(item, Diagnostic):
                yield item
            else:
                own.append(item)
        moved, remarks = _in_code_points(own, str(found))
        yield from remarks
        rows += [_Row(document, name) for document in moved]
    yield from _grouped(rows)


def _read_file(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    text = read_text(path)
    if isinstance(text, Diagnostic):
        yield text
        return
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("["):
        yield from _read_array(text, path)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            told = f"is not JSON: {getattr(error, 'msg', error)}"
            yield import_fault("import-record-unreadable", str(path), told, line=number, column=column)
            continue
        yield from _document(row, path, number)


def _read_array(text: str, path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        told = f"is not JSON: {getattr(error, 'msg', error)}"
        yield import_fault("import-file-unreadable", str(path), told, line=line, column=getattr(error, "colno", 1))
        return
    for row in rows:
        yield from _document(row, path, 1)


def _document(row: Any, path: Path, line: int) -> Iterator[ForeignDocument | Diagnostic]:
    def refuse(message: str) -> Diagnostic:
        return import_fault("import-record-unreadable", str(path), message, line=line)

    if not isinstance(row, dict):
        yield refuse("a line is not a JSON object")
        return
    text = next((row[key] for key in _TEXT if isinstance(row.get(key), str)), None)
    if text is None:
        yield refuse('the key "text" is missing or is not a string')
        return
    spans: list[ForeignSpan] = []
    for number, item in enumerate(_span_items(row), 1):
        span = _span(item, number, line)
        if span is None:
            yield refuse(f"is no span: {json.dumps(item, ensure_ascii=False)[:80]}")
        else:
            spans.append(span)
    relations: list[ForeignRelation] = []
    for number, item in enumerate(row.get("relations") or (), 1):
        if isinstance(item, dict) and {"from_id", "to_id", "type"} <= item.keys():
            ends = ((FROM, f"s{item['from_id']}"), (TO, f"s{item['to_id']}"))
            relations.append(ForeignRelation(f"r{item.get('id', number)}", str(item["type"]), ends, line=line))
        else:
            yield refuse(f"is no relation: {json.dumps(item, ensure_ascii=False)[:80]}")
    name = row.get(DOCUMENT_ID, row.get("id"))
    yield ForeignDocument(
        name=str(name) if isinstance(name, str | int) and str(name).strip() else f"{path.stem}-{line}",
        text=text,
        path=str(path),
        line=line,
        annotator=_annotator(row),
        media_type="application/json",
        meta=_meta(row),
        spans=tuple(spans),
        relations=tuple(relations),
    )


def _annotator(row: Mapping[str, Any]) -> str | None:
    name = row.get("annotation_approver")
    return name if isinstance(name, str) and name.strip() else None


def _span_items(row: Mapping[str, Any]) -> list[Any]:
    return [item for key in (*_TRIPLES, *_SPANS) if isinstance(row.get(key), list) for item in row[key]]


def _span(item: Any, number: int, line: int) -> ForeignSpan | None:
    """A span of either flavour; its offsets still in the file's unit."""
    key: Any = number
    words = None
    if isinstance(item, list) and len(item) == 3:
        start, end, label = item
    elif isinstance(item, dict):
        start, end, label = (item.get(key) for key in ("start_offset", "end_offset", "label"))
        key = item.get("id", number)
        words = item["text"] if isinstance(item.get("text"), str) else None
    else:
        return None
    is_number = all(isinstance(at, int) and not isinstance(at, bool) for at in (start, end))
    if not is_number or not isinstance(label, str | int) or not str(label):
        return None
    return ForeignSpan(f"s{key}", str(label), ((start, end),), words, line=line)


def _meta(row: Mapping[str, Any]) -> dict[str, Scalar | tuple[str, ...]]:
    """What else stands in a line: what doccano calls its metadata, at the top or under ``meta``."""
    inner = row.get("meta")
    found: dict[str, Scalar | tuple[str, ...]] = {}
    for key, value in {**(inner if isinstance(inner, dict) else {}), **row}.items():
        if key in _OWN or key == "meta":
            continue
        if isinstance(value, str | int | float | bool):
            found[key] = value
        elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            found[key] = tuple(value)
    return found


def _in_code_points(documents: Sequence[ForeignDocument], path: str) -> tuple[list[ForeignDocument], list[Diagnostic]]:
    """The documents of a file with offsets in code points, and a remark where the evidence does not decide."""
    evidence = [(d.text, [(s.start, s.end, s.words) for s in d.spans]) for d in documents if not d.text.isascii()]
    detected = detect_unit(evidence, _UNITS)
    remarks = []
    if not detected.clear:
        shares = ", ".join(f"{unit} {share:.0%}" for unit, share in detected.explained.items())
        told = f"offsets were read as {detected.unit}; of the spans fit as {shares}"
        remarks.append(import_fault("import-unit-unclear", path, told))
    if detected.unit == CODE_POINTS:
        return list(documents), remarks
    return [_moved(document, detected.unit) for document in documents], remarks


def _moved(document: ForeignDocument, unit: str) -> ForeignDocument:
    scale = scale_of(document.text, unit)
    return replace(document, spans=tuple(replace(s, pieces=moved_pieces(scale, s.pieces)) for s in document.spans))


def _grouped(rows: Sequence[_Row]) -> Iterator[ForeignDocument]:
    """The documents, those of one text together; what only shares a number with another is told apart by its file."""
    by_name: dict[str, list[_Row]] = {}
    for row in rows:
        by_name.setdefault(row.document.name, []).append(row)
    for name, group in by_name.items():
        if len(group) == 1:
            yield group[0].document
        elif len({row.document.text for row in group}) == 1:
            for row in group:
                yield replace(row.document, annotator=row.document.annotator or row.file)
        else:
            for row in group:
                yield replace(row.document, name=f"{row.file}/{name}")


def fit_doccano(document: ForeignDocument) -> Fitted:
    """A document as doccano can hold it: labels on continuous spans, and arrows between them."""
    return fit(document, _HOLDS)


def write_doccano(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes ``all.jsonl`` with ``entities`` and ``relations``, for a project for sequence labelling with relations.

    Offsets are UTF-16 units, as doccano's pages count; each span also has its words, which doccano passes over and
    which tell the unit when the file is read back. doccano keeps the other keys of a line as metadata.
    """
    with (folder / "all.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for number, document in enumerate(documents, 1):
            file.write(json.dumps(_row(document, number), ensure_ascii=False) + "\n")


def _row(document: ForeignDocument, number: int) -> dict[str, Any]:
    ids = {span.id: at for at, span in enumerate(document.spans, 1)}
    scale = scale_of(document.text, UTF16)
    meta = {key: list(value) if isinstance(value, tuple) else value for key, value in document.meta.items()}
    return {
        "id": number,
        DOCUMENT_ID: document.name,
        **{key: value for key, value in meta.items() if key not in _OWN},
        "text": document.text,
        "entities": [
            {
                "id": ids[s.id],
                "label": s.label,
                "start_offset": scale[s.start],
                "end_offset": scale[s.end],
                "text": document.text[s.start : s.end],
            }
            for s in document.spans
        ],
        "relations": [
            {"id": at, "from_id": ids[r.ends[0][1]], "to_id": ids[r.ends[1][1]], "type": r.label}
            for at, r in enumerate(document.relations, 1)
        ],
    }
