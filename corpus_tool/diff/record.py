"""One document as it is compared: the same whether it stands in a corpus's file or in a row of a built dataset.

What is not set is not there: null, an empty list and a missing key are one. Words that stand in the text are left to
the text, so that a dataset that withholds them compares with one that has them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from corpus_tool.checks.dataset.exp_wanted import wanted_row
from corpus_tool.model import Document
from corpus_tool.model.schemas import Layer

#: Columns of the config ``default`` that are neither metadata nor layers.
_NOT_META = frozenset({"id", "text", "text_sha256", "blocks", "entities", "relations"})

#: What every annotation of a document's file has besides attributes.
_POSITION = frozenset({"id", "start", "end", "text", "fragments", "provenance"})

#: What people and programs keep as they like: an object with ``start`` and ``end`` in it is not taken for a span.
_NO_SPANS = frozenset({"extra", "was"})

#: The key of a span inside of an annotation, a cue or what a figure counts: a list of [start, end].
PIECES = "pieces"

Values = dict[str, Any]
Piece = tuple[int, int]


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An annotation.

    Attributes:
        id: its id.
        pieces: (start, end) of each piece in code points; one where it is in one piece.
        values: attributes, ``extra``, ``status``, ``annotator``, ``score`` and ``was``, as far as they are set.
    """

    id: str
    pieces: tuple[Piece, ...]
    values: Values

    @property
    def kind(self) -> str:
        """Its kind, or a figure's measure; "" where it has none."""
        return str(self.values.get("kind") or self.values.get("measure") or "")

    @property
    def is_rejected(self) -> bool:
        """Whether a person rejected it: no dataset holds it."""
        return self.values.get("status") == "rejected"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A document.

    Attributes:
        id: its id.
        split: "train", "validation" or "test"; "" where it has none (yet).
        text: its text; None where that is withheld.
        text_sha256: of the text that was annotated.
        meta: title, language and so on, as far as they are set.
        blocks: start, end and kind of each.
        entities: each with its id.
        relations: each with its id.
        layers: annotations by layer.
    """

    id: str
    split: str
    text: str | None
    text_sha256: str
    meta: Values
    blocks: list[tuple[int, int, str]]
    entities: list[Values]
    relations: list[Values]
    layers: dict[str, list[Mark]]

    def words(self, mark: Mark) -> str:
        """The words that an annotation marks; "" where the text is withheld."""
        return words_at(self.text, mark.pieces)


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Record)


def words_at(text: str | None, pieces: Iterable[Piece]) -> str:
    """The words of a span, its pieces joined by one space; "" without a text."""
    return " ".join(text[start:end] for start, end in pieces) if text is not None else ""


def digest_of(record: Record) -> bytes:
    """Sixteen bytes that two records share only if nothing in them differs; a withheld text is no difference."""
    plain = _encoder.encode(msgspec.structs.replace(record, text=None))
    return hashlib.blake2b(plain, digest_size=16).digest()


def dump_record(record: Record) -> bytes:
    """A record as bytes without a line end."""
    return _encoder.encode(record)


def load_record(data: bytes) -> Record:
    """The record of ``dump_record``."""
    return _decoder.decode(data)


def record_of_document(document: Document, split: str) -> Record:
    """A document of a corpus with everything that its file holds, rejected annotations too."""
    text = document.text
    layers: dict[str, list[Mark]] = {}
    for name, annotations in document.layers.items():
        layers[name] = []
        for raw in map(msgspec.to_builtins, annotations):
            own = {key: value for key, value in raw.items() if key not in _POSITION}
            layers[name].append(Mark(**_mark(raw, {**own, **raw.get("provenance", {})}, text)))
    return Record(
        id=document.id,
        split=split,
        text=text,
        text_sha256=document.text_sha256,
        meta=_set(msgspec.to_builtins(document.meta), None),
        blocks=[(block.start, block.end, block.kind) for block in document.blocks],
        entities=[_set(msgspec.to_builtins(entity), None) for entity in document.entities],
        relations=[_set(msgspec.to_builtins(relation), None) for relation in document.relations],
        layers=layers,
    )


def record_as_built(document: Document, layers: Mapping[str, Layer], split: str, *, reviewed_only: bool) -> Record:
    """A document of a corpus as far as a dataset holds it, its values as the dataset's columns have them."""
    row, _ = wanted_row(document, layers, reviewed_only=reviewed_only)
    for name, layer in layers.items():
        for annotation in row[name]:
            annotation.update({key: _as_column(annotation[key], spec) for key, spec in layer.attributes.items()})
    return record_of_row(row, list(layers), split)


def record_of_row(row: Mapping[str, Any], layers: Iterable[str], split: str) -> Record:
    """A row of the config ``default``.

    Args:
        row: the columns that could be read.
        layers: the columns that hold annotations.
        split: the split that the row stands in.

    Raises:
        ValueError: a value is not what its column should hold.
        LookupError: a key is missing.
        TypeError: a value is null that cannot be.
    """
    text = row.get("text")
    names = frozenset(layers)
    raw = {
        "id": row["id"],
        "split": split,
        "text": text,
        "text_sha256": row["text_sha256"],
        "meta": _set({key: _value_of(key, row[key]) for key in row if key not in _NOT_META | names}, None),
        "blocks": [(block["start"], block["end"], block["kind"]) for block in row.get("blocks") or ()],
        "entities": [_entity(entity) for entity in row.get("entities") or ()],
        "relations": [
            _set({key: _value_of(key, value) for key, value in relation.items()}, None)
            for relation in row.get("relations") or ()
        ],
        "layers": {
            name: [
                _mark(item, {k: _value_of(k, v) for k, v in item.items() if k not in _POSITION}, text) for item in own
            ]
            for name in sorted(names)
            if (own := row.get(name))
        },
    }
    return msgspec.convert(raw, Record)


def _entity(raw: Mapping[str, Any]) -> Values:
    links = {link["register"]: link["id"] for link in raw.get("links") or ()}
    return _set({**{key: _value_of(key, value) for key, value in raw.items()}, "links": links}, None)


def _value_of(key: str, value: Any) -> Any:
    """A value of a row; ``extra`` is JSON in a string there."""
    return json.loads(value) if key == "extra" and isinstance(value, str) else value


def _as_column(value: Any, spec: Mapping[str, Any]) -> Any:
    """The value of an attribute as its column has it (docs/dataset.md): what has no plain type is JSON in a string."""
    if value is None or isinstance(value, str) or str(spec.get("$ref", "")).endswith("#/$defs/span"):
        return value
    if spec.get("type") == "array":
        items = spec.get("items")
        return [_as_column(item, items if isinstance(items, dict) else {}) for item in value]
    if spec.get("type") == "number":
        return _float(value)
    if str(spec.get("type")) in {"integer", "boolean"}:
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of more than 308 digits, which no dataset can hold
        return value


def _mark(raw: Mapping[str, Any], values: Values, text: str | None) -> dict[str, Any]:
    pieces = _pieces(raw)
    own = _set(values, text)
    if raw.get("text") is not None and raw["text"] != words_at(text, pieces):
        own["text"] = raw["text"]  # a document that validate would refuse: the words are not those of the offsets
    return {"id": raw["id"], "pieces": pieces, "values": own}


def _pieces(raw: Mapping[str, Any]) -> tuple[Piece, ...]:
    fragments = raw.get("fragments")
    if fragments:
        return tuple((piece["start"], piece["end"]) for piece in fragments)
    return ((raw["start"], raw["end"]),)


def _set(values: Mapping[str, Any], text: str | None) -> Values:
    """The values that are set, in the one form that they are compared in."""
    found = {
        key: value if isinstance(value, str) else _plain(value, text, spans=key not in _NO_SPANS)
        for key, value in values.items()
    }
    return {key: value for key, value in found.items() if value is not None and value not in ([], {})}


def _plain(value: Any, text: str | None, *, spans: bool) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item, text, spans=spans) for item in value]
    if not isinstance(value, dict):
        return value
    if spans and {"start", "end", "text"} <= value.keys() <= {"start", "end", "text", "fragments"}:
        return _span(value, text)
    return {key: _plain(inner, text, spans=spans) for key, inner in value.items()}


def _span(raw: Mapping[str, Any], text: str | None) -> Values:
    """A cue, or what a figure counts: its pieces, and its words where they are not those of the text."""
    pieces = _pieces(raw)
    words = {} if raw["text"] in {None, words_at(text, pieces)} else {"text": raw["text"]}
    return {PIECES: [list(piece) for piece in pieces], **words}
