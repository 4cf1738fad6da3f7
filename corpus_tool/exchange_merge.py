"""Joining an imported document with one that the corpus holds: what people did there stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from corpus_tool.formats.ledger import WHOLE, Loss
from corpus_tool.merge import Span, merge_suggestions
from corpus_tool.model import Annotation, Document, Relation, pieces

#: Where an annotation stands: its layer and its pieces.
_Place = tuple[str, Span]


class Merged(NamedTuple):
    """A document with what was imported, and what of that did not come in."""

    document: Document
    losses: tuple[Loss, ...]


def merge_imported(old: Document, new: Document, *, again: bool) -> Merged:
    """The old document with the imported annotations where no person has worked, and the imported relations.

    Args:
        old: the document of the corpus.
        new: the same text with what was imported.
        again: whether annotations may come in beside what people did, where it decides nothing about them.
    """
    merged = merge_suggestions(old, new, again=again)
    ids = {place: a.id for place, a in _placed(merged)}
    places = {a.id: place for place, a in _placed(new)}
    relations = _with_relations(merged.relations, new, places, ids)
    held = {(place, getattr(a, "kind", None)) for place, a in _placed(merged)}
    losses = [
        Loss(WHOLE, place[0], getattr(a, "kind", None) or "", new.id, a.id, "people have worked on the layer")
        for place, a in _placed(new)
        if (place, getattr(a, "kind", None)) not in held
    ]
    return Merged(replace(merged, relations=relations), tuple(losses))


def _placed(document: Document) -> Iterator[tuple[_Place, Annotation]]:
    for layer, annotations in document.layers.items():
        for annotation in annotations:
            yield (layer, pieces(annotation)), annotation


def _with_relations(
    old: tuple[Relation, ...], new: Document, places: dict[str, _Place], ids: dict[_Place, str]
) -> tuple[Relation, ...]:
    """The old relations and those of the import whose ends came in, each once."""
    known = {(r.type, r.source, r.target) for r in old}
    taken = {r.id for r in old} | set(ids.values())
    found = list(old)
    for relation in new.relations:
        ends = [ids.get(places[end]) if end in places else None for end in (relation.source, relation.target)]
        source, target = ends
        if source is None or target is None or (relation.type, source, target) in known:
            continue
        key, number = relation.id, len(taken)
        while key in taken:
            number += 1
            key = f"r{number}"
        taken.add(key)
        found.append(replace(relation, id=key, source=source, target=target))
    return tuple(found)
