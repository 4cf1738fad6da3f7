"""Joining new suggestions with a document that people have worked on: their word stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from corpus_tool.model import Annotation, Document, Entity, pieces
from corpus_tool.model.document import HUMAN_STATUSES

Span = tuple[tuple[int, int], ...]

#: Attributes that hold the id of another annotation, by layer; the names of the layers that they point into.
REFERENCES: Mapping[str, Mapping[str, str]] = {
    "figures": {"place": "locations", "quote": "quotes"},
    "quotes": {"speaker": "actors", "parent": "quotes"},
}


def is_human(annotation: Annotation) -> bool:
    """Whether a person accepted, corrected, added or rejected an annotation; one that does not say counts as theirs."""
    return annotation.provenance is None or annotation.provenance.status in HUMAN_STATUSES


def reviewed_layers(document: Document) -> frozenset[str]:
    """The names of the layers that hold a person's word."""
    return frozenset(name for name, annotations in document.layers.items() if any(map(is_human, annotations)))


def merge_suggestions(old: Document, new: Document, *, again: bool = False) -> Document:
    """The old document with the suggestions of the new one where no person has worked.

    A layer without a person's word gets the new suggestions in place of the old ones. A layer with one stays as it is;
    with ``again`` its old suggestions are replaced, and what crosses a person's annotation, stands where one was
    corrected from, or was rejected is not suggested. A suggestion that something kept refers to (the speaker of an
    accepted quote) stays too, under its id.

    Args:
        old: the document on disk.
        new: the same text, annotated anew.
        again: whether to suggest in reviewed layers too.

    Returns:
        A document with the old text, blocks, meta and relations. Links from new suggestions into a layer that stayed
        go to the annotation on the same span, or are dropped.
    """
    reviewed = reviewed_layers(old)
    kept = _with_targets(
        old,
        {
            name: tuple(a for a in annotations if is_human(a)) if again and name in new.layers else annotations
            for name, annotations in old.layers.items()
            if name in reviewed or name not in new.layers
        },
    )
    taken_ids = {a.id for annotations in kept.values() for a in annotations} | {r.id for r in old.relations}
    entities, entity_ids = _entities(old, new, kept, taken_ids)
    taken_ids |= {entity.id for entity in entities}
    added: dict[str, list[Annotation]] = {}
    ids: dict[str, str | None] = {}
    for name, annotations in new.layers.items():
        ids.update(_same_spans(annotations, kept.get(name, ())))
        if name in reviewed and not again:
            continue
        welcome = [a for a in annotations if _is_welcome(a, kept.get(name, ()))]
        for annotation in welcome:
            ids[annotation.id] = fresh = _fresh(annotation.id, taken_ids)
            taken_ids.add(fresh)
        added[name] = list(welcome)
    names = [*new.layers, *(name for name in old.layers if name not in new.layers)]
    layers = {
        name: _in_order([*kept.get(name, ()), *(_relinked(a, name, ids, entity_ids) for a in added.get(name, ()))])
        for name in names
    }
    return replace(old, layers=layers, entities=_used(entities, layers, {e.id for e in old.entities if reviewed}))


def replace_layers(earlier: Document, later: Document) -> Document:
    """The suggestions of two annotators in one document: the later one's layers stand in place of the earlier one's.

    What a layer that stays refers to (the speaker of a quote) is looked for among the later annotations: on the same
    span, or on a shorter or longer one with the same end ("Chancellor Merkel", "Merkel"). Where there is none the
    earlier annotation stays beside the later ones; where it crosses one of them, the link goes.

    Args:
        earlier: a document with suggestions alone.
        later: the same text with other suggestions; its layers and entities get ids that are not taken.
    """
    stays = {name: found for name, found in earlier.layers.items() if name not in later.layers}
    gone = {a.id: (name, a) for name in later.layers for a in earlier.layers.get(name, ())}
    kept: dict[str, tuple[Annotation, ...]] = dict(stays)
    twins: dict[str, str | None] = {}
    links = [link for name, found in stays.items() for link in links_of(name, found)]
    while links:
        link = links.pop()
        if link not in gone or link in twins:
            continue
        name, annotation = gone[link]
        twin = _twin(annotation, later.layers[name])
        twins[link] = twin
        if twin is None and all(_is_apart(annotation, other) for other in later.layers[name]):
            kept[name] = (*kept.get(name, ()), annotation)
            links += links_of(name, [annotation])
    taken = {a.id for found in kept.values() for a in found}
    fresh: dict[str, str | None] = {}
    for annotation in (a for found in later.layers.values() for a in found):
        fresh[annotation.id] = own = _fresh(annotation.id, taken)
        taken.add(own)
    old_ids: dict[str, str | None] = {i: twin and fresh[twin] for i, twin in twins.items()}
    old_ids |= {a.id: a.id for found in kept.values() for a in found}
    entities, entity_ids = _entities(earlier, later, kept, taken)
    same = {e.id: e.id for e in earlier.entities}
    layers = {
        name: _in_order(
            [
                *(_relinked(a, name, old_ids, same) for a in kept.get(name, ())),
                *(_relinked(a, name, fresh, entity_ids) for a in later.layers.get(name, ())),
            ]
        )
        for name in [*earlier.layers, *(n for n in later.layers if n not in earlier.layers)]
    }
    return replace(earlier, layers=layers, entities=_used(entities, layers, set()))


def _twin(annotation: Annotation, others: Sequence[Annotation]) -> str | None:
    """The id of the annotation that says the same: the nearest in length of those with the same end."""
    same_end = [a for a in others if a.end == annotation.end and bool(a.fragments) == bool(annotation.fragments)]
    return min(same_end, key=lambda a: abs(a.start - annotation.start)).id if same_end else None


def _is_apart(one: Annotation, other: Annotation) -> bool:
    """Whether two spans lie beside or inside each other."""
    return not (one.start < other.start < one.end < other.end or other.start < one.start < other.end < one.end)


def _with_targets(old: Document, kept: Mapping[str, Sequence[Annotation]]) -> dict[str, tuple[Annotation, ...]]:
    """What is kept, and the old annotations that it or a relation refers to, so that no link changes its meaning."""
    ids = {a.id for annotations in kept.values() for a in annotations}
    open_links = {r.source for r in old.relations} | {r.target for r in old.relations}
    open_links |= {link for layer, annotations in kept.items() for link in links_of(layer, annotations)}
    while open_links - ids:
        ids |= open_links
        open_links = {
            link
            for layer, annotations in old.layers.items()
            for link in links_of(layer, (a for a in annotations if a.id in ids))
        }
    return {
        layer: found
        for layer, annotations in old.layers.items()
        if (found := tuple(a for a in annotations if a.id in ids)) or layer in kept
    }


def links_of(layer: str, annotations: Iterable[Annotation]) -> Iterator[str]:
    """The ids of the annotations that annotations of a layer refer to."""
    for annotation in annotations:
        targets = [getattr(annotation, attribute) for attribute in REFERENCES.get(layer, ())]
        yield from filter(None, [*targets, *getattr(annotation, "co_speakers", ())])


def _in_order(annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
    return tuple(sorted(annotations, key=lambda a: (a.start, -a.end, a.id)))


def _fresh(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    stem, number = wanted.rstrip("0123456789") or "x", 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _spans_of(annotation: Annotation) -> Iterator[Span]:
    """Where an annotation stands, and where the suggestion stood that it was corrected from."""
    yield pieces(annotation)
    was: dict[str, Any] | None = annotation.provenance.was if annotation.provenance else None
    if was and isinstance(was.get("start"), int) and isinstance(was.get("end"), int):
        yield ((was["start"], was["end"]),)


def _is_welcome(suggestion: Annotation, human: Sequence[Annotation]) -> bool:
    """Whether a suggestion says something that no person has decided: it neither stands on nor crosses their spans."""
    own = pieces(suggestion)
    for annotation in human:
        for span in _spans_of(annotation):
            if span == own:
                return False
            (start, end), (other_start, other_end) = (own[0][0], own[-1][1]), (span[0][0], span[-1][1])
            if start < other_start < end < other_end or other_start < start < other_end < end:
                return False
    return True


def _same_spans(suggestions: Sequence[Annotation], kept: Sequence[Annotation]) -> dict[str, str | None]:
    """By id of a suggestion, the id of the kept annotation on the same span, None where there is none."""
    at = {pieces(a): a.id for a in kept if a.provenance is None or a.provenance.status != "rejected"}
    return {a.id: at.get(pieces(a)) for a in suggestions}


def _entities(
    old: Document, new: Document, kept: Mapping[str, Sequence[Annotation]], taken: set[str]
) -> tuple[list[Entity], dict[str, str]]:
    """The old entities that kept annotations use (all of them, once a person has worked), and the new ones.

    Returns the entities and, by the new document's entity ids, the ids to use.
    """
    used = {getattr(a, "entity", None) for annotations in kept.values() for a in annotations}
    entities = [e for e in old.entities if e.id in used or any(map(is_human, (a for k in kept.values() for a in k)))]
    by_name = {(e.kind, e.name): e.id for e in entities}
    ids = {}
    for entity in new.entities:
        known = by_name.get((entity.kind, entity.name))
        if known is None:
            known = _fresh(entity.id, taken | {e.id for e in entities})
            entities.append(replace(entity, id=known))
        ids[entity.id] = known
    return entities, ids


def _relinked(
    annotation: Annotation, layer: str, ids: Mapping[str, str | None], entities: Mapping[str, str]
) -> Annotation:
    """A suggestion with its own id, entity and references as they are called in the merged document."""
    changes: dict[str, Any] = {"id": ids[annotation.id]}
    entity = getattr(annotation, "entity", None)
    if entity is not None:
        changes["entity"] = entities.get(entity)
    for attribute in REFERENCES.get(layer, ()):
        target = getattr(annotation, attribute)
        if target is not None:
            changes[attribute] = ids.get(target)
    if layer == "quotes":
        changes["co_speakers"] = tuple(filter(None, (ids.get(s) for s in annotation.co_speakers)))  # type: ignore[attr-defined]
        had_speaker = annotation.speaker is not None  # type: ignore[attr-defined]
        if had_speaker and changes.get("speaker") is None:
            changes["speaker_status"] = "unknown"
    return replace(annotation, **changes)


def _used(
    entities: Sequence[Entity], layers: Mapping[str, Sequence[Annotation]], always: set[str]
) -> tuple[Entity, ...]:
    """The entities that an annotation refers to, and those that stood in a document that people worked on."""
    used = {getattr(a, "entity", None) for annotations in layers.values() for a in annotations}
    return tuple(e for e in entities if e.id in used or e.id in always)
