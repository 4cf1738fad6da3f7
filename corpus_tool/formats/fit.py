"""Making a document fit what a format can hold: what goes is listed, and nothing that hangs on it stays behind."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from corpus_tool.formats.foreign import ForeignDocument, ForeignEntity, ForeignRelation, ForeignSpan, Scalar
from corpus_tool.formats.ledger import WHOLE, Lost


@dataclass(frozen=True)
class Holds:
    """What a format can hold; what it cannot is taken out by ``fit`` and listed.

    Attributes:
        fragments: discontinuous spans; else they become their hull.
        attributes: attributes of spans.
        types: numbers and booleans as such; else they become text, which our layers read back and ``extra`` does not.
        overlap: spans that share text, be they nested, crossing or on the same words.
        crossing: spans that cross each other; asked only where ``overlap`` is held.
        same_span: several spans on the same text; asked only where ``overlap`` is held.
        relations: relations between spans.
        relation_attributes: attributes of relations.
        entities: which mentions belong together.
        entity_details: name, kind, links and coordinates of entities.
        meta: what is known of the article.
        blocks: the parts of the page.
    """

    fragments: bool = True
    attributes: bool = True
    types: bool = True
    overlap: bool = True
    crossing: bool = True
    same_span: bool = True
    relations: bool = True
    relation_attributes: bool = True
    entities: bool = True
    entity_details: bool = True
    meta: bool = True
    blocks: bool = True


#: What holds everything.
ALL = Holds()

#: How the ids of relations begin that stand for links of annotations, and of spans that are parts of annotations.
LINK, PART = "link:", "part:"

#: In front of an attribute's name where only the type of its value is lost; no loss where a layer says the type.
TYPE = "type:"


class Fitted(NamedTuple):
    """A document as a format can hold it, and what that lost."""

    document: ForeignDocument
    lost: tuple[Lost, ...]


def fit(document: ForeignDocument, holds: Holds) -> Fitted:
    """A document without what a format cannot hold.

    A format with limits of its own calls this with what it holds, and works on the result.
    """
    lost: list[Lost] = []
    if "\r" in document.text or document.text.startswith("\ufeff"):
        lost.append(Lost("text", why="carriage returns and a byte order mark do not come back"))
    if not holds.relations:
        document = without_relations(document, document.relations, lost)
    if not holds.fragments:
        document = _whole_spans(document, lost)
    if not (holds.overlap and holds.crossing and holds.same_span):
        document = without_spans(document, _overlapping(document.spans, holds), lost, "it overlaps another span")
    if not holds.relation_attributes:
        lost += [Lost(key, r.id) for r in document.relations for key in r.attributes]
        document = replace(document, relations=tuple(replace(r, attributes={}) for r in document.relations))
    if not holds.attributes:
        lost += [Lost(key, s.id) for s in document.spans for key in s.attributes]
        document = replace(document, spans=tuple(replace(s, attributes={}) for s in document.spans))
    if not holds.entities:
        lost += [Lost("entity", s.id) for s in document.spans if s.entity is not None]
        lost += [Lost("entity", e.id) for e in document.entities]
        spans = tuple(replace(s, entity=None) for s in document.spans)
        document = replace(document, entities=(), spans=spans)
    elif not holds.entity_details:
        document = without_entity_details(document, lost)
    if not holds.meta:
        lost += [Lost(f"meta.{key}") for key in document.meta]
        document = replace(document, meta={})
    if not holds.blocks and document.blocks is not None:
        lost.append(Lost("blocks"))
        document = replace(document, blocks=None)
    if not holds.types:
        document = _as_text(document, lost)
    return Fitted(document, tuple(lost))


def _whole_spans(document: ForeignDocument, lost: list[Lost]) -> ForeignDocument:
    spans = []
    for span in document.spans:
        if len(span.pieces) > 1:
            lost.append(_loss_of("fragments", span.id, "only from its first to its last word"))
            span = replace(span, pieces=((span.start, span.end),), words=None)  # noqa: PLW2901  # the same span, whole
        spans.append(span)
    return replace(document, spans=tuple(spans))


def _loss_of(what: str, key: str, why: str) -> Lost:
    """The loss of a field of a span; of a part, that of the attribute that holds it."""
    if not key.startswith(PART):
        return Lost(what, key, why)
    owner, _, attribute = key.removeprefix(PART).rpartition(":")
    return Lost(attribute, owner, why)


def _overlapping(spans: Iterable[ForeignSpan], holds: Holds) -> list[str]:
    """The ids of spans that have to go: of those that get in each other's way the longer stays, then the earlier."""
    kept: list[tuple[int, int]] = []
    gone: list[str] = []
    ordered = sorted(spans, key=lambda s: (s.start - s.end, s.start))
    for span in ordered:
        own = (span.start, span.end)
        if any(_collide(own, other, holds) for other in kept):
            gone.append(span.id)
        else:
            kept.append(own)
    return gone


def _collide(one: tuple[int, int], other: tuple[int, int], holds: Holds) -> bool:
    if one[1] <= other[0] or other[1] <= one[0]:
        return False
    if not holds.overlap:
        return True
    if one == other:
        return not holds.same_span
    nested = (one[0] <= other[0] and other[1] <= one[1]) or (other[0] <= one[0] and one[1] <= other[1])
    return not nested and not holds.crossing


def without_spans(document: ForeignDocument, ids: Collection[str], lost: list[Lost], why: str = "") -> ForeignDocument:
    """A document without some spans, the relations that end in them, and the parts that nothing holds any more."""
    if not ids:
        return document
    gone = set(ids)
    owners = part_owners(document)
    lost += [Lost(WHOLE, i, why) for i in ids if i not in owners]
    kept = replace(document, spans=tuple(s for s in document.spans if s.id not in gone))
    return without_relations(kept, [r for r in document.relations if gone & {i for _, i in r.ends}], lost, why, gone)


def without_relations(
    document: ForeignDocument,
    relations: Iterable[ForeignRelation],
    lost: list[Lost],
    why: str = "",
    gone: Collection[str] = (),
) -> ForeignDocument:
    """A document without some relations, and without the parts of annotations that only they held.

    Args:
        document: the document.
        relations: those to take out.
        lost: what is lost goes here: a link as the attribute of the annotation that has it, else the relation.
        why: in a few words.
        gone: annotations that are lost as a whole, whose own links are not listed besides.
    """
    out = list(relations)
    owners = part_owners(document)
    for relation in out:
        if not relation.id.startswith(LINK):
            lost.append(Lost("relation", relation.id, why))
        elif relation.ends[0][1] not in gone:
            lost += [Lost(attribute, relation.ends[0][1], why) for attribute in link_attributes(relation)]
    ids = {relation.id for relation in out}
    rest = tuple(r for r in document.relations if r.id not in ids)
    held = {end for r in rest for _, end in r.ends}
    spans = tuple(s for s in document.spans if s.id not in owners or s.id in held)
    return replace(document, spans=spans, relations=rest)


def link_attributes(relation: ForeignRelation) -> tuple[str, ...]:
    """The attributes that a relation of an exported document stands for: their names are in its id."""
    return tuple(relation.id.removeprefix(LINK).split(":")[1].split("+"))


def part_owners(document: ForeignDocument) -> frozenset[str]:
    """The ids of the spans of an exported document that are parts of annotations: cues, what figures count."""
    return frozenset(span.id for span in document.spans if span.id.startswith(PART))


def without_entity_details(document: ForeignDocument, lost: list[Lost]) -> ForeignDocument:
    """A document whose entities are nothing but groups of mentions."""
    for entity in document.entities:
        lost += [Lost(field, entity.id) for field in entity_fields(entity)]
    return replace(document, entities=tuple(ForeignEntity(e.id) for e in document.entities))


def entity_fields(entity: ForeignEntity) -> list[str]:
    """The fields of an entity that hold something."""
    fields = [field for field in ("name", "kind", "links", "aliases") if getattr(entity, field)]
    return fields + list(entity.attributes)


def _as_text(document: ForeignDocument, lost: list[Lost]) -> ForeignDocument:
    """Numbers and booleans as JSON writes them."""
    items: tuple[ForeignSpan | ForeignRelation | ForeignEntity, ...]
    items = (*document.spans, *document.relations, *document.entities)
    for item in items:
        lost += [Lost(f"{TYPE}{key}", item.id) for key, value in item.attributes.items() if not isinstance(value, str)]
    spans = tuple(replace(s, attributes=_texts(s.attributes)) if s.attributes else s for s in document.spans)
    relations = tuple(replace(r, attributes=_texts(r.attributes)) if r.attributes else r for r in document.relations)
    entities = tuple(replace(e, attributes=_texts(e.attributes)) if e.attributes else e for e in document.entities)
    return replace(document, spans=spans, relations=relations, entities=entities)


def _texts(attributes: Mapping[str, Scalar]) -> dict[str, Scalar]:
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in attributes.items()}
