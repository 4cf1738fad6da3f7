"""Putting what was merged into the document that the corpus holds, where no person has worked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from corpus_tool.agreement.entities import same_entities
from corpus_tool.agreement.merge_document import Beside, MergedVersions
from corpus_tool.agreement.merge_entities import merged_entities
from corpus_tool.agreement.versions import Versions, is_merged
from corpus_tool.merge import is_human
from corpus_tool.model import Annotation, Document, Entity, Relation, pieces
from corpus_tool.model.schemas import Layer


@dataclass(frozen=True)
class Into:
    """A document that the result goes into.

    Attributes:
        document: as it is.
        layers: the layers that the result replaces.
        barred: the layers that hold a person's word that is in no version, and so stay.
    """

    document: Document
    layers: tuple[str, ...]
    barred: tuple[str, ...]


def prepare(document: Document, versions: Versions, layers: Mapping[str, Layer]) -> Into:
    """Which layers of a document may be replaced: those in which every word of a person stands in a version too.

    Args:
        document: the document that the result goes into.
        versions: what is merged.
        layers: the layers of the corpus.
    """
    reviewed = [name for name in layers if versions.reviewers(name)]
    barred = [
        name
        for name in reviewed
        if any(
            is_human(a) and not is_merged(a) and not _is_in_a_version(a, name, versions, layers[name])
            for a in document.layers.get(name, ())
        )
    ]
    return Into(document, tuple(name for name in reviewed if name not in barred), tuple(barred))


def beside(into: Into) -> Beside:
    """What stays in the document: ids that are taken, and annotations that links may lead to."""
    kept = [(name, a) for name, own in into.document.layers.items() if name not in into.layers for a in own]
    used = {getattr(annotation, "entity", None) for _, annotation in kept}
    taken = {a.id for _, a in kept} | {e.id for e in into.document.entities if e.id in used}
    taken |= {relation.id for relation in into.document.relations}
    targets = {(name, pieces(a)): a.id for name, a in kept if not _is_rejected(a)}
    return Beside(frozenset(taken), targets)


def put_into(into: Into, made: MergedVersions, layers: Mapping[str, Layer]) -> tuple[Document, list[Relation]]:
    """The document with the result in place of the layers that it replaces.

    What stays and refers to something that is replaced (a quote to its speaker) refers to the annotation on the same
    words from now on; where the result has none, the old one stays beside it.

    Args:
        into: the document.
        made: the result.
        layers: the layers of the corpus.

    Returns:
        The document, and its own relations whose ends are gone.
    """
    old = into.document
    ids, added = _still_needed(into, made, layers)
    stays = {
        name: [_relinked(a, layers[name], ids) for a in own]
        for name, own in old.layers.items()
        if name not in into.layers
    }
    extra = {name: [_relinked(a, layers[name], ids) for a in own] for name, own in added.items()}
    used = {getattr(a, "entity", None) for own in (*stays.values(), *extra.values()) for a in own}
    entities, renamed = _entities(old, made, used)
    whole: dict[str, tuple[Annotation, ...]] = {}
    for name in layers:
        if name in stays:
            whole[name] = tuple(_renamed(a, renamed) for a in stays[name])
        elif name in into.layers:
            whole[name] = _in_order([*made.layers[name], *(_renamed(a, renamed) for a in extra.get(name, ()))])
    known = {a.id for found in whole.values() for a in found} | {entity.id for entity in entities}
    gone, relations = [], []
    for relation in old.relations:
        now = replace(
            relation, source=ids.get(relation.source, relation.source), target=ids.get(relation.target, relation.target)
        )
        if {now.source, now.target} <= known:
            relations.append(now)
        else:
            gone.append(relation)
    return replace(old, layers=whole, entities=entities, relations=(*relations, *made.relations)), gone


def _still_needed(
    into: Into, made: MergedVersions, layers: Mapping[str, Layer]
) -> tuple[dict[str, str], dict[str, list[Annotation]]]:
    """What the annotations that stay refer to among those that are replaced.

    Returns:
        By old id what it is called from now on, and by layer the old annotations that the result has no twin of.
    """
    old = into.document
    replaced = {a.id: (name, a) for name in into.layers for a in old.layers.get(name, ())}
    twins = {(name, pieces(a)): a.id for name, own in made.layers.items() for a in own if not _is_rejected(a)}
    stays = [(name, a) for name, own in old.layers.items() if name not in into.layers for a in own]
    taken = {a.id for own in made.layers.values() for a in own} | {a.id for _, a in stays}
    ids: dict[str, str] = {}
    added: dict[str, list[Annotation]] = {}
    links = [link for name, a in stays for link in _links_of(a, layers[name])]
    while links:
        link = links.pop()
        if link in ids or link not in replaced:
            continue
        name, annotation = replaced[link]
        twin = twins.get((name, pieces(annotation)))
        ids[link] = twin or _free(link, taken)
        if twin is None:
            taken.add(ids[link])
            added.setdefault(name, []).append(replace(annotation, id=ids[link]))
            links += _links_of(annotation, layers[name])
    return ids, added


def _renamed(annotation: Annotation, entities: Mapping[str, str]) -> Annotation:
    renamed = entities.get(getattr(annotation, "entity", None) or "")
    changes: dict[str, Any] = {"entity": renamed}
    return annotation if renamed is None else replace(annotation, **changes)


def _is_rejected(annotation: Annotation) -> bool:
    return annotation.provenance is not None and annotation.provenance.status == "rejected"


def _is_in_a_version(annotation: Annotation, layer: str, versions: Versions, declared: Layer) -> bool:
    """Whether a version says the same of the same words; what links lead to is not compared, nor who said it."""
    own = _content(annotation, declared)
    return any(
        pieces(other) == pieces(annotation) and _content(other, declared) == own
        for version in versions.by_annotator.values()
        for other in version.document.layers.get(layer, ())
    )


def _content(annotation: Annotation, layer: Layer) -> list[Any]:
    values = [getattr(annotation, name, None) for name in layer.attributes if name not in layer.references]
    return [*values, annotation.extra, _is_rejected(annotation)]


def _links_of(annotation: Annotation, layer: Layer) -> list[str]:
    found: list[str] = []
    for name in layer.references:
        value = getattr(annotation, name, None)
        found += [value] if isinstance(value, str) else list(value or ())
    return found


def _relinked(annotation: Annotation, layer: Layer, ids: Mapping[str, str]) -> Annotation:
    changes: dict[str, Any] = {}
    for name in layer.references:
        value = getattr(annotation, name, None)
        if isinstance(value, str) and value in ids:
            changes[name] = ids[value]
        elif isinstance(value, list | tuple) and any(one in ids for one in value):
            changes[name] = type(value)(ids.get(one, one) for one in value)
    return replace(annotation, **changes) if changes else annotation


def _entities(old: Document, made: MergedVersions, used: set[Any]) -> tuple[tuple[Entity, ...], dict[str, str]]:
    """The entities of the result and those that what stays refers to; and what the latter are called now."""
    kept = [entity for entity in old.entities if entity.id in used]
    groups = same_entities({"merged": made.entities, "old": kept})
    both = {group["merged"].id: group["old"] for group in groups if len(group) == 2}
    entities = [
        merged_entities({"merged": entity, "old": both[entity.id]}, entity.id)[0] if entity.id in both else entity
        for entity in made.entities
    ]
    alone = [entity for entity in kept if entity not in both.values()]
    return (*entities, *alone), {entity.id: own for own, entity in both.items()}


def _in_order(annotations: Iterable[Annotation]) -> tuple[Annotation, ...]:
    return tuple(sorted(annotations, key=lambda a: (a.start, -a.end, a.id)))


def _free(wanted: str, taken: set[str]) -> str:
    number, own = 1, wanted
    while own in taken:
        own, number = f"{wanted}-{number}", number + 1
    return own
