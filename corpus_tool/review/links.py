"""Links inside a document: what refers to what, and what becomes of links when their other end goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from corpus_tool.model import Annotation, Document
from corpus_tool.model.schemas import Layer
from corpus_tool.review.provenance import followed, is_rejected


@dataclass(frozen=True)
class Edited:
    """A document after an edit, and what was done besides, a sentence each."""

    document: Document
    notes: tuple[str, ...] = ()


def targets_of(layer: Layer) -> dict[str, str]:
    """By attribute that holds ids: the layer that they belong to, or "entities"."""
    found = {}
    for name in layer.references:
        spec = layer.attributes[name]
        target = spec.get("x-refers-to") or spec.get("items", {}).get("x-refers-to")
        if isinstance(target, str):
            found[name] = target
    return found


def ids_in(value: Any) -> tuple[str, ...]:
    """The ids that an attribute holds: one, several or none."""
    if isinstance(value, str):
        return (value,)
    return tuple(own for own in value if isinstance(own, str)) if isinstance(value, list | tuple) else ()


def iter_annotations(document: Document) -> Iterator[tuple[str, Annotation]]:
    """Every annotation with its layer's name, rejected ones too."""
    for name, annotations in document.layers.items():
        for annotation in annotations:
            yield name, annotation


def mentions_by_entity(document: Document, layers: Mapping[str, Layer]) -> dict[str, int]:
    """By entity that something refers to, how many annotations that nobody rejected do; relations count as none."""
    counts: dict[str, int] = {}
    entities = {entity.id for entity in document.entities}
    for relation in document.relations:
        for end in (relation.source, relation.target):
            if end in entities:
                counts.setdefault(end, 0)
    names = {
        name: [a for a, target in targets_of(layer).items() if target == "entities"] for name, layer in layers.items()
    }
    for name, annotation in iter_annotations(document):
        if not is_rejected(annotation):
            for attribute in names[name]:
                for own in ids_in(getattr(annotation, attribute)):
                    counts[own] = counts.get(own, 0) + 1
    return counts


def without_links_to(document: Document, gone: AbstractSet[str], layers: Mapping[str, Layer], reviewer: str) -> Edited:
    """The document without links to annotations or entities that are gone, or are tombstones now.

    A quote whose speaker goes gets the first of its further speakers, or is told to have an unknown one. A suggestion
    that loses a link stays one; a person's annotation becomes a corrected one. A relation with a lost end goes.
    """
    notes: list[str] = []
    changed: dict[str, tuple[Annotation, ...]] = {}
    for name, annotations in document.layers.items():
        attributes = targets_of(layers[name])
        changed[name] = tuple(_freed(a, attributes, gone, reviewer, notes) for a in annotations)
    relations = []
    for relation in document.relations:
        if {relation.source, relation.target} & gone:
            notes.append(f"the relation {relation.id} ({relation.type}) went with its end")
        else:
            relations.append(relation)
    return Edited(replace(document, layers=changed, relations=tuple(relations)), tuple(notes))


def _freed(
    annotation: Annotation, attributes: Iterable[str], gone: AbstractSet[str], reviewer: str, notes: list[str]
) -> Annotation:
    if is_rejected(annotation) or annotation.id in gone:
        return annotation
    changes = _changes(annotation, attributes, gone)
    if not changes:
        return annotation
    notes += _told(annotation, changes)
    return followed(annotation, replace(annotation, **changes), reviewer)


def _changes(annotation: Annotation, attributes: Iterable[str], gone: AbstractSet[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for attribute in attributes:
        value = getattr(annotation, attribute)
        if isinstance(value, str) and value in gone:
            changes[attribute] = None
        elif isinstance(value, list | tuple) and gone & set(ids_in(value)):
            changes[attribute] = type(value)(own for own in value if own not in gone)
    return with_speaker(annotation, changes)


def with_speaker(annotation: Annotation, changes: dict[str, Any]) -> dict[str, Any]:
    """Changes of a quote that take its speaker away, with what follows: the next speaker, or that there is none."""
    if "speaker" not in changes or changes["speaker"] is not None or not hasattr(annotation, "co_speakers"):
        return changes
    further = changes.get("co_speakers", annotation.co_speakers)
    if further:
        return {**changes, "speaker": further[0], "co_speakers": further[1:]}
    return {"speaker_status": annotation.speaker_status or "unknown", **changes}  # type: ignore[attr-defined]  # a quote


def _told(annotation: Annotation, changes: Mapping[str, Any]) -> Iterator[str]:
    for attribute, value in changes.items():
        lost = ", ".join(own for own in ids_in(getattr(annotation, attribute)) if own not in ids_in(value))
        if lost and value and isinstance(value, str):
            yield f"{annotation.id} has {value} as its {attribute} now, {lost} is gone"
        elif lost:
            yield f"{annotation.id} has lost {lost} as its {attribute}"


def known_ids(document: Document) -> dict[str, frozenset[str]]:
    """The ids that may be referred to, by layer and for "entities": of annotations those that nobody rejected."""
    known = {name: frozenset(a.id for a in items if not is_rejected(a)) for name, items in document.layers.items()}
    return {**known, "entities": frozenset(entity.id for entity in document.entities)}


def without_dangling(document: Document, layer: Layer, annotation: Annotation) -> tuple[Annotation, tuple[str, ...]]:
    """An annotation that comes back, without the links whose other end is no longer there, and what was lost."""
    known = known_ids(document)
    gone: set[str] = set()
    for attribute, target in targets_of(layer).items():
        gone.update(set(ids_in(getattr(annotation, attribute))) - known.get(target, frozenset()))
    changes = _changes(annotation, targets_of(layer), gone)
    return (replace(annotation, **changes), tuple(_told(annotation, changes))) if changes else (annotation, ())


def without_orphans(before: Document, edited: Edited, layers: Mapping[str, Layer]) -> Edited:
    """The document without the entities that lost their last mention by an edit; what was unused before stays."""
    used, now = mentions_by_entity(before, layers), mentions_by_entity(edited.document, layers)
    gone = [e for e in edited.document.entities if e.id in used and e.id not in now]
    if not gone:
        return edited
    kept = tuple(entity for entity in edited.document.entities if entity not in gone)
    notes = (f"the entity {e.id} {e.name!r} went with its last mention" for e in gone)
    return Edited(replace(edited.document, entities=kept), (*edited.notes, *notes))
