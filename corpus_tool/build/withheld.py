"""Datasets without the words of the articles: what of a row is withheld, and a document made from a row again.

Kept are offsets, hashes, kinds, values, links, roles and entities, and what the metadata say (the title too). Withheld
is what stands in the text and is found there again by its offsets: the text, the text of annotations and of spans in
them, tokens, and the words that the configs ``quotes`` and ``figures`` repeat.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corpus_tool.build.rows import Row
from corpus_tool.model import Block, Document, Entity, Fragment, Meta, Relation, Span
from corpus_tool.model.document import Provenance
from corpus_tool.model.schemas import Layer

WITHHELD = "withheld"

#: Columns that are null, by config; inside of ``default`` the key ``text`` of everything that has offsets is null too.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "default": ("text",),
    "tokens": ("tokens",),
    "quotes": ("text", "cue", "speaker", "co_speakers", "before", "after"),
    "figures": ("text", "counted", "quote_text", "cue", "speaker", "place", "sentence"),
}

_META = ("title", "language", "source", "url", "published", "license", "source_id")


def without_text(config: str, row: Row) -> Row:
    """A row of a config without the words of the article."""
    kept = {name: None if name in COLUMNS[config] else value for name, value in row.items()}
    return {name: _without_words(value) for name, value in kept.items()} if config == "default" else kept


def _without_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_words(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_span = {"start", "end", "text"} <= value.keys()
    return {key: None if is_span and key == "text" else _without_words(item) for key, item in value.items()}


def document_of_row(row: Row, text: str | None, layers: Mapping[str, Layer]) -> Document:
    """The document that a row of the config ``default`` was made from, as far as the row tells.

    Args:
        row: the row; words that it lacks are taken from the text.
        text: the article's text; None where nobody has it, and then the words of all that has offsets are "".
        layers: the layers of the dataset; an attribute that is no plain value stays the string that the row has.

    Raises:
        ValueError: a span lies outside of the text.
    """
    return Document(
        id=row["id"],
        meta=Meta(**{key: row[key] for key in _META}, authors=tuple(row["authors"]), extra=_object(row["extra"])),
        text=text or "",
        text_sha256=row["text_sha256"],
        blocks=tuple(Block(**block) for block in row["blocks"]),
        entities=tuple(_entity(entity) for entity in row["entities"]),
        relations=tuple(
            Relation(id=r["id"], type=r["type"], source=r["from"], target=r["to"], extra=_object(r["extra"]))
            for r in row["relations"]
        ),
        layers={
            name: tuple(_annotation(item, text, layer) for item in row[name])
            for name, layer in layers.items()
            if row.get(name)
        },
    )


def _object(words: str | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(words) if words else {}
    return found


def _entity(raw: Row) -> Entity:
    links = {link["register"]: link["id"] for link in raw["links"]}
    return Entity(**{**raw, "aliases": tuple(raw["aliases"]), "links": links, "extra": _object(raw["extra"])})


def _annotation(raw: Row, text: str | None, layer: Layer) -> Any:
    made = {key: raw[key] for key in ("status", "annotator", "score")}
    own = {name: _attribute(raw[name], text, spec) for name, spec in layer.attributes.items()}
    return layer.struct(
        id=raw["id"],
        **_position(raw, text),
        **own,
        extra=_object(raw["extra"]),
        provenance=Provenance(**made) if made["status"] is not None else None,
    )


def _attribute(value: Any, text: str | None, spec: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return tuple(_attribute(item, text, spec.get("items", {})) for item in value)
    return Span(**_position(value, text)) if isinstance(value, dict) else value


def _position(raw: Row, text: str | None) -> dict[str, Any]:
    pieces = [(piece["start"], piece["end"]) for piece in raw["fragments"]] or [(raw["start"], raw["end"])]
    if text is not None and not all(0 <= start < end <= len(text) for start, end in pieces):
        raise ValueError(f"the span {raw['start']}:{raw['end']} lies outside of the text")
    return {
        "start": raw["start"],
        "end": raw["end"],
        "text": "" if text is None else " ".join(text[start:end] for start, end in pieces),
        "fragments": tuple(Fragment(start=piece["start"], end=piece["end"]) for piece in raw["fragments"]),
    }
