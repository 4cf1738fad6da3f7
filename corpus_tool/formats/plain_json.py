"""What formats of JSON say of a document and its entities beside the spans, in one way for all of them."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from corpus_tool.formats.fit import without_relations
from corpus_tool.formats.foreign import FROM, TO, ForeignBlock, ForeignDocument, ForeignEntity, Scalar
from corpus_tool.formats.ledger import Lost

Meta = Mapping[str, Scalar | tuple[str, ...]]


@dataclass(frozen=True)
class Head:
    """What is known of a document beside its spans.

    Attributes:
        name: what it is called.
        meta: what is known of the article.
        blocks: the parts of the page, None where they are not said.
        entities: what spans refer to.
    """

    name: str | None = None
    meta: Meta = field(default_factory=dict)
    blocks: tuple[ForeignBlock, ...] | None = None
    entities: tuple[ForeignEntity, ...] = ()


def head_json(document: ForeignDocument) -> dict[str, Any]:
    """What is known of a document, as JSON; ``head_of`` reads it back."""
    return {
        "document": document.name,
        "meta": {key: list(value) if isinstance(value, tuple) else value for key, value in document.meta.items()},
        "blocks": None if document.blocks is None else [list(block) for block in document.blocks],
        "entities": [entity_json(entity) for entity in document.entities],
    }


def entity_json(entity: ForeignEntity) -> dict[str, Any]:
    """An entity as JSON; ``entity_of`` reads it back."""
    raw = {
        "id": entity.id,
        "name": entity.name,
        "kind": entity.kind,
        "links": dict(entity.links),
        "aliases": list(entity.aliases),
        "attributes": dict(entity.attributes),
    }
    return {key: value for key, value in raw.items() if value}


def head_of(raw: Any) -> Head:
    """What ``head_json`` wrote.

    Raises:
        ValueError: it is something else; the message says in a line what.
    """
    if not isinstance(raw, dict):
        raise ValueError("is no object")
    blocks = raw.get("blocks")
    return Head(
        name=_text(raw.get("document"), "document"),
        meta=meta_of(raw.get("meta") or {}),
        blocks=None if blocks is None else tuple(_block(block) for block in _list(blocks, "blocks")),
        entities=tuple(entity_of(entity) for entity in _list(raw.get("entities") or [], "entities")),
    )


def entity_of(raw: Any) -> ForeignEntity:
    """What ``entity_json`` wrote.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
        raise ValueError("an entity has no id")
    links, aliases = raw.get("links") or {}, _list(raw.get("aliases") or [], "aliases")
    if not isinstance(links, dict) or not all(isinstance(words, str) for words in (*links.values(), *aliases)):
        raise ValueError(f"the entity {raw['id']} has links or aliases that are no text")
    return ForeignEntity(
        id=raw["id"],
        name=_text(raw.get("name"), "name"),
        kind=_text(raw.get("kind"), "kind"),
        links=links,
        aliases=tuple(aliases),
        attributes=attributes_of(raw.get("attributes") or {}),
    )


def attributes_of(raw: Any) -> dict[str, Scalar]:
    """Attributes as numbers, booleans and strings; what is more is carried as JSON in a string, and null is left out.

    Raises:
        ValueError: they are no object.
    """
    if not isinstance(raw, dict):
        raise ValueError("attributes are no object")
    return {
        key: value if isinstance(value, str | int | float | bool) else json.dumps(value, ensure_ascii=False)
        for key, value in raw.items()
        if value is not None
    }


def meta_of(raw: Any) -> dict[str, Scalar | tuple[str, ...]]:
    """What is known of an article: lists of strings as such, all else as ``attributes_of`` has it.

    Raises:
        ValueError: it is no object.
    """
    lists = {key: tuple(value) for key, value in raw.items() if _is_texts(value)} if isinstance(raw, dict) else {}
    return {**attributes_of(raw), **lists}


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _text(value: Any, name: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} is no text")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")
    return value


def _block(raw: Any) -> ForeignBlock:
    if not isinstance(raw, list) or [type(part) for part in raw] != [int, int, str]:
        raise ValueError("a block is not [start, end, kind]")
    return ForeignBlock(*raw)


def is_offset(value: Any) -> TypeGuard[int]:
    """Whether a value of JSON can be an offset."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def with_arrows_alone(document: ForeignDocument, lost: list[Lost]) -> ForeignDocument:
    """A document without relations that are more than an arrow from one span to another."""
    events = [r for r in document.relations if [role for role, _ in r.ends] != [FROM, TO]]
    return without_relations(document, events, lost, "it links more than two spans") if events else document


def unique_name(wanted: Iterable[str], taken: Container[str]) -> str:
    """The first name that is not taken; the last one with a number where all are."""
    names = list(wanted)
    for name in names:
        if name not in taken:
            return name
    number = 2
    while f"{names[-1]}-{number}" in taken:
        number += 1
    return f"{names[-1]}-{number}"


def blocks_within(blocks: tuple[ForeignBlock, ...] | None, text: str) -> tuple[ForeignBlock, ...] | None:
    """The blocks where they are in order and within a text, else None: then they are found anew."""
    edge = 0
    for block in blocks or ():
        if not edge <= block.start < block.end <= len(text):
            return None
        edge = block.end
    return blocks
