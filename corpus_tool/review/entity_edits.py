"""Carrying out edits of entities: new ones, renaming, merging, choosing a place."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict, replace

from corpus_tool.model import Annotation, Document, Entity, Relation
from corpus_tool.review.annotation_edits import fresh_id, put, standing
from corpus_tool.review.edits import AddEntity, EditContext, MergeEntities, PlaceEntity, RemoveEntity, SetEntity
from corpus_tool.review.links import Edited, targets_of, without_links_to
from corpus_tool.review.provenance import corrected
from corpus_tool.review.refusal import NotFound, Refusal, WouldBeWrong

#: What ``link_method`` calls a link that a person chose or typed.
BY_PERSON = "person"

_FIELDS = ("name", "kind", "aliases", "links", "lat", "lon")


def add_entity(document: Document, edit: AddEntity, context: EditContext) -> Edited:
    """A new entity that mentions refer to."""
    if not edit.mentions:
        raise Refusal("an entity has a mention at least")
    found = [standing(document, own) for own in edit.mentions]
    for name, annotation in found:
        if targets_of(context.layers[name]).get("entity") != "entities":
            raise Refusal(f"{annotation.id} is one of {name}, which refer to no entity")
    first = found[0][1]
    name, kind = edit.name or first.text, edit.kind or getattr(first, "kind", None)
    if not kind:
        raise WouldBeWrong("an entity has a kind")
    entity = Entity(id=fresh_id(document, "entities"), kind=kind, name=" ".join(name.split()) or name)
    document = replace(document, entities=(*document.entities, entity))
    for layer, annotation in found:
        after = replace(annotation, entity=entity.id)
        document = put(document, layer, corrected(annotation, after, context.reviewer))
    return Edited(document)


def set_entity(document: Document, edit: SetEntity, _context: EditContext) -> Edited:
    """An entity's name, kind, aliases, links or coordinates."""
    entity = entity_of(document, edit.id)
    given: dict[str, Any] = {key: value for key in _FIELDS if (value := getattr(edit, key)) is not UNSET}
    for key in ("name", "kind"):
        if key in given and not given[key].strip():
            raise WouldBeWrong(f"an entity has a {key}")
    if any(not alias.strip() for alias in given.get("aliases", ())):
        raise WouldBeWrong("an alias is not empty")
    if "aliases" in given:
        own = given.get("name", entity.name)
        given["aliases"] = tuple(alias for alias in dict.fromkeys(given["aliases"]) if alias != own)
    if {"links", "lat", "lon"} & given.keys():
        after = {**asdict(entity), **given}
        placed = bool(after["links"]) or after["lat"] is not None
        given |= {"link_score": 1.0 if placed else None, "link_method": BY_PERSON if placed else None}
    return Edited(_with(document, replace(entity, **given)))


def merge_entities(document: Document, edit: MergeEntities, context: EditContext) -> Edited:
    """Several entities become one: it gets their mentions, relations and names, and what it lacks of links."""
    target = entity_of(document, edit.into)
    merged = [entity_of(document, own) for own in dict.fromkeys(edit.ids) if own != target.id]
    if not merged:
        raise Refusal("nothing to merge: name another entity than the one that stays")
    gone = {entity.id: target.id for entity in merged}
    names = [name for entity in (target, *merged) for name in (entity.name, *entity.aliases)]
    links = {register: own for entity in (*reversed(merged), target) for register, own in entity.links.items()}
    located = next((e for e in (target, *merged) if e.lat is not None), None)
    place = {key: getattr(located, key) for key in ("lat", "lon", "link_score", "link_method")} if located else {}
    aliases = tuple(name for name in dict.fromkeys(names) if name != target.name)
    extra = {key: value for entity in (*reversed(merged), target) for key, value in entity.extra.items()}
    whole = replace(target, aliases=aliases, links=links, extra=extra, **place)
    layers = {}
    for name, annotations in document.layers.items():
        attributes = [a for a, t in targets_of(context.layers[name]).items() if t == "entities"]
        layers[name] = tuple(_redirected(a, attributes, gone) for a in annotations)
    relations = tuple(_relation(relation, gone) for relation in document.relations)
    entities = tuple(whole if e.id == target.id else e for e in document.entities if e.id not in gone)
    return Edited(replace(document, entities=entities, layers=layers, relations=relations))


def _redirected(annotation: Annotation, attributes: list[str], gone: dict[str, str]) -> Annotation:
    """A mention of an entity that has another id now; whose word the mention is stays as it was."""
    changes: dict[str, Any] = {}
    for attribute in attributes:
        value = getattr(annotation, attribute)
        if isinstance(value, str) and value in gone:
            changes[attribute] = gone[value]
        elif isinstance(value, list | tuple) and gone.keys() & set(value):
            changes[attribute] = type(value)(dict.fromkeys(gone.get(own, own) for own in value))
    return replace(annotation, **changes) if changes else annotation


def _relation(relation: Relation, gone: dict[str, str]) -> Relation:
    source, target = gone.get(relation.source, relation.source), gone.get(relation.target, relation.target)
    return replace(relation, source=source, target=target)


def remove_entity(document: Document, edit: RemoveEntity, context: EditContext) -> Edited:
    """An entity goes; its mentions stay without."""
    entity = entity_of(document, edit.id)
    kept = tuple(e for e in document.entities if e.id != entity.id)
    return without_links_to(replace(document, entities=kept), {entity.id}, context.layers, context.reviewer)


def place_entity(document: Document, edit: PlaceEntity, context: EditContext) -> Edited:
    """An entity is the place that the reviewer chose: links and coordinates of the gazetteer."""
    entity = entity_of(document, edit.entity)
    found = context.candidate_of(edit.entity, edit.key, edit.name)
    if found is None:
        raise NotFound(f"the gazetteer has no candidate {edit.key!r} for {entity.name!r}")
    links = {**entity.links, **found.links}
    chosen = replace(entity, links=links, lat=found.lat, lon=found.lon, link_score=1.0, link_method=BY_PERSON)
    return Edited(_with(document, chosen))


def entity_of(document: Document, own: str) -> Entity:
    """The entity with an id.

    Raises:
        NotFound: there is none.
    """
    found = next((entity for entity in document.entities if entity.id == own), None)
    if found is None:
        raise NotFound(f"the document has no entity {own!r}")
    return found


def _with(document: Document, entity: Entity) -> Document:
    return replace(document, entities=tuple(entity if e.id == entity.id else e for e in document.entities))
