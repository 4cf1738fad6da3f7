"""Screens of ENT: mentions and their entities, the entities themselves, relations."""

from __future__ import annotations

from corpus_tool.checks.check import Subject, document_of
from corpus_tool.checks.ent import folded, is_link, may_differ
from corpus_tool.checks.ent_links import goes_one_way
from corpus_tool.model import Actor, Location
from corpus_tool.model.schemas import BUILT_IN


def has_own_layers(subject: Subject) -> bool:
    """Whether the document holds annotations of a type that is not the format's own."""
    return any(subject.layers[name].struct is not BUILT_IN.get(name) for name in document_of(subject).layers)


def related(subject: Subject) -> bool:
    """ENT102 to ENT106: relations, and references between layers of the corpus's own."""
    document = document_of(subject)
    if has_own_layers(subject):
        return True
    if not document.relations:
        return False
    known = {a.id for items in subject.standing.values() for a in items}
    known.update(entity.id for entity in document.entities)
    told = set()
    for relation in document.relations:
        ends = (relation.source, relation.target)
        if not known.issuperset(ends) or ends[0] == ends[1] or relation.extra or goes_one_way(relation.type):
            return True
        told.add((relation.type, *ends))
    return len(told) < len(document.relations)


def mentions_at_odds(subject: Subject) -> bool:
    """ENT101, ENT201, ENT202, ENT207: what the actors and locations say of their entities."""
    document = document_of(subject)
    if has_own_layers(subject):
        return True
    kinds = {entity.id: entity.kind for entity in document.entities}
    used: set[str] = set()
    for layer in ("actors", "locations"):
        mentions = [a for a in subject.standing.get(layer, ()) if isinstance(a, Actor | Location)]
        for entity, kind in {(a.entity, a.kind) for a in mentions}:
            if entity is not None:
                own = kinds.get(entity)
                if own is None or (own != kind and not may_differ(kind, own)):
                    return True
                used.add(entity)
        nameless = {(a.kind, a.text) for a in mentions if a.entity is None}
        if nameless and not nameless.isdisjoint([(a.kind, a.text) for a in mentions if a.entity is not None]):
            return True
    if len(used) < len(kinds):
        used.update(end for relation in document.relations for end in (relation.source, relation.target))
    return not used >= kinds.keys()


def entities_at_odds(subject: Subject) -> bool:
    """ENT203 to ENT206, ENT208, ENT301 to ENT304: the entities themselves."""
    entities = document_of(subject).entities
    names = {(entity.kind, folded(entity.name)) for entity in entities}
    links = [link for entity in entities for link in entity.links.items()]
    if len(names) < len(entities) or len(set(links)) < len(links) or not all(is_link(*link) for link in links):
        return True
    for entity in entities:
        if entity.aliases:
            if len({entity.name, *entity.aliases}) <= len(entity.aliases):
                return True
            if any((entity.kind, folded(alias)) in names for alias in entity.aliases):
                return True
        lat, lon = entity.lat, entity.lon
        if lat is None or lon is None:
            if lat is not lon:
                return True
        elif not (-90 <= lat <= 90 and -180 <= lon <= 180) or lat == lon == 0:
            return True
    known = subject.layers.values()
    return any(all(kind not in layer.kinds for layer in known) for kind in {entity.kind for entity in entities})
