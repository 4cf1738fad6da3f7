"""Screens of ENT: mentions and their entities, the entities themselves, relations."""

from __future__ import annotations

from corpus_tool.checks.check import Subject, document_of, is_live
from corpus_tool.checks.ent import folded, is_link, may_differ
from corpus_tool.model.schemas import BUILT_IN


def has_own_layers(subject: Subject) -> bool:
    """Whether the document holds annotations of a type that is not the format's own."""
    layers = document_of(subject).layers
    return any(items and subject.layers[name].struct is not BUILT_IN.get(name) for name, items in layers.items())


def related(subject: Subject) -> bool:
    """ENT102 to ENT106: documents without relations and without layers of the corpus's own have none of these links."""
    return bool(document_of(subject).relations) or has_own_layers(subject)


def mentions_at_odds(subject: Subject) -> bool:
    """ENT101, ENT201, ENT202, ENT207: one pass over the actors and locations."""
    document = document_of(subject)
    if has_own_layers(subject):
        return True
    kinds = {entity.id: entity.kind for entity in document.entities}
    used: set[str] = set()
    for layer in (document.actors, document.locations):
        nameless: set[tuple[str, str]] = set()
        for a in layer:
            if not is_live(a):
                continue
            entity = a.entity
            if entity is None:
                nameless.add((a.kind, a.text))
                continue
            kind = kinds.get(entity)
            if kind is None or (kind != a.kind and not may_differ(a.kind, kind)):
                return True
            used.add(entity)
        if nameless and not nameless.isdisjoint((a.kind, a.text) for a in layer if a.entity is not None):
            return True
    if len(used) < len(kinds):
        used.update(end for relation in document.relations for end in (relation.source, relation.target))
    return not used >= kinds.keys()


def entities_at_odds(subject: Subject) -> bool:
    """ENT203 to ENT206, ENT208, ENT301 to ENT304: one pass over the entities."""
    entities = document_of(subject).entities
    names: set[tuple[str, str]] = set()
    aliases: set[tuple[str, str]] = set()
    linked: set[tuple[str, str]] = set()
    for entity in entities:
        kind, name = entity.kind, entity.name
        names.add((kind, folded(name)))
        if entity.aliases:
            if len({name, *entity.aliases}) <= len(entity.aliases):
                return True
            aliases.update((kind, folded(alias)) for alias in entity.aliases)
        for link in entity.links.items():
            if link in linked or not is_link(*link):
                return True
            linked.add(link)
        lat, lon = entity.lat, entity.lon
        if lat is None or lon is None:
            if lat is not lon:
                return True
        elif not (-90 <= lat <= 90 and -180 <= lon <= 180) or lat == lon == 0:
            return True
    known = subject.layers.values()
    return (
        len(names) < len(entities)
        or not aliases.isdisjoint(names)
        or any(all(kind not in layer.kinds for layer in known) for kind in {entity.kind for entity in entities})
    )
