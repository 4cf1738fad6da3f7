"""Rows of datasets that ``corpus-tool build`` wrote, config ``default``: documents again, with all that a row tells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.fit import LINK, PART
from corpus_tool.formats.foreign import (
    FROM,
    TO,
    ForeignBlock,
    ForeignDocument,
    ForeignEntity,
    ForeignRelation,
    ForeignSpan,
    Pieces,
    Scalar,
)
from corpus_tool.formats.plain_json import unique_name
from corpus_tool.model.schemas import RESERVED, built_in_layers

#: The columns by which such a row is known.
_COLUMNS = frozenset({"id", "text", "text_sha256", "blocks", "entities", "relations", "extra"})
_META = ("title", "language", "source", "url", "published", "license", "source_id", "authors")
_MARKED = frozenset({"id", "start", "end", "text", "fragments", "extra", *RESERVED})
_ENTITY = ("lat", "lon", "link_score", "link_method")


@dataclass
class _Row:
    spans: list[ForeignSpan] = field(default_factory=list)
    relations: list[ForeignRelation] = field(default_factory=list)
    found: list[str] = field(default_factory=list)


def is_ours(row: Mapping[str, Any]) -> bool:
    """Whether a row is a document of a built dataset."""
    return row.keys() >= _COLUMNS


def our_document(
    row: Mapping[str, Any], path: str, number: int, taken: dict[str, object]
) -> Iterator[ForeignDocument | Diagnostic]:
    """The document of a row.

    Args:
        row: the row.
        path: the dataset, for diagnostics.
        number: of the row, from 1.
        taken: names that other documents have.
    """
    if not isinstance(row["text"], str):
        told = f"{row['id']} was built without its text; `corpus-tool rehydrate` puts it back from the articles"
        yield import_fault("import-file-unreadable", path, told, line=number)
        return
    made = _Row()
    layers = {name: value for name, value in row.items() if _is_layer(name, value)}
    ids = {item["id"] for rows in layers.values() for item in rows}
    for name, rows in layers.items():
        for item in rows:
            _add(item, name, ids, row["text"], made, number)
    for relation in row["relations"]:
        ends = ((FROM, relation["from"]), (TO, relation["to"]))
        extra = _object(relation["extra"])
        made.relations.append(ForeignRelation(relation["id"], _label(relation["type"]), ends, extra, number))
    for told in made.found:
        yield import_fault("import-record-unreadable", path, f"{row['id']}: {told}", line=number)
    name = unique_name([str(row["id"])], taken)
    taken[name] = True
    known = {key: tuple(row[key]) if key == "authors" else row[key] for key in _META if row.get(key)}
    yield ForeignDocument(
        name=name,
        text=row["text"],
        path=path,
        line=number,
        meta={**_object(row["extra"]), **known},
        blocks=tuple(ForeignBlock(b["start"], b["end"], b["kind"]) for b in row["blocks"]),
        spans=tuple(made.spans),
        relations=tuple(made.relations),
        entities=tuple(_entity(entity, number) for entity in row["entities"]),
    )


def _label(type_: str) -> str:
    """The label of a relation, apart from those of links between annotations."""
    return f"relation-{type_}"


def _is_layer(name: str, value: Any) -> bool:
    return (
        name not in _COLUMNS
        and isinstance(value, list)
        and bool(value)
        and all(isinstance(item, Mapping) and item.keys() >= _MARKED for item in value)
    )


def _object(words: str | None) -> dict[str, Scalar]:
    found: dict[str, Scalar] = json.loads(words) if words else {}
    return found


def _pieces(raw: Mapping[str, Any]) -> Pieces:
    return tuple((p["start"], p["end"]) for p in raw["fragments"] or ()) or ((raw["start"], raw["end"]),)


def _add(item: Mapping[str, Any], layer: str, ids: set[str], text: str, made: _Row, number: int) -> None:
    """Adds an annotation: its links as relations, its parts as spans of their own."""
    key = item["id"]
    attributes: dict[str, Scalar] = {}
    for name, value in item.items():
        if value is None or value == [] or name in (_MARKED - set(RESERVED)) or name == "entity":
            continue
        if isinstance(value, Mapping):
            part = f"{PART}{key}:{name}"
            label = f"{name}-span" if name in built_in_layers() else name
            made.spans.append(ForeignSpan(part, label, _pieces(value), value["text"], line=number))
            made.relations.append(_link(key, name, part, number))
        elif _is_link(layer, name, value, ids):
            targets = value if isinstance(value, list) else [value]
            made.relations += [_link(key, name, target, number, place) for place, target in enumerate(targets)]
        else:
            attributes[name] = _plain(value)
    for name, value in _object(item["extra"]).items():
        if name in attributes:
            made.found.append(f"{key}: extra.{name} has the name of an attribute, which was taken")
        attributes.setdefault(name, value)
    made.spans.append(ForeignSpan(key, layer, _pieces(item), item["text"], attributes, item.get("entity"), number))


def _link(owner: str, attribute: str, target: str, line: int, place: int = 0) -> ForeignRelation:
    return ForeignRelation(f"{LINK}{owner}:{attribute}:{place}", attribute, ((FROM, owner), (TO, target)), line=line)


def _is_link(layer: str, name: str, value: Any, ids: set[str]) -> bool:
    """Whether an attribute holds ids of annotations: by its layer, or where that is the corpus's own by its values."""
    known = built_in_layers().get(layer)
    if known is not None and name in known.attributes:
        return name in known.references
    return value in ids if isinstance(value, str) else isinstance(value, list) and set(map(str, value)) <= ids


def _plain(value: Any) -> Scalar:
    """A value; whole numbers as such, which the columns of numbers hold as 40.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)


def _entity(raw: Mapping[str, Any], line: int) -> ForeignEntity:
    own = {key: raw[key] for key in _ENTITY if raw[key] is not None}
    links = {link["register"]: link["id"] for link in raw["links"]}
    attributes = {**_object(raw["extra"]), **own}
    return ForeignEntity(raw["id"], raw["name"], raw["kind"], links, tuple(raw["aliases"]), attributes, line)
