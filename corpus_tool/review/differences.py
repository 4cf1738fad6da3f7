"""What is different between two states of a document, item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from corpus_tool.model import Annotation, Document, Entity, Relation
from corpus_tool.model.schemas import Layer
from corpus_tool.review.links import iter_annotations, mentions_by_entity
from corpus_tool.review.units import Units
from corpus_tool.review.wire import Json, annotation_json, entity_json, plain


class Difference(NamedTuple):
    """One item that was changed, added or removed; ``before`` and ``after`` are None where it was not there.

    ``kind`` is annotation, entity, relation, text, blocks or meta; the last three have no item.
    """

    what: str
    kind: str
    id: str | None = None
    layer: str | None = None
    before: Any = None
    after: Any = None


def differences(before: Document, after: Document) -> Iterator[Difference]:
    """Every difference, annotations first."""
    yield from _items("annotation", _annotations(before), _annotations(after))
    yield from _items("entity", _named(before.entities), _named(after.entities))
    yield from _items("relation", _named(before.relations), _named(after.relations))
    for kind in ("text", "blocks", "meta"):
        if getattr(before, kind) != getattr(after, kind):
            yield Difference("changed", kind)


_Items = Mapping[str, tuple[str | None, Any]]


def _annotations(document: Document) -> _Items:
    return {annotation.id: (name, annotation) for name, annotation in iter_annotations(document)}


def _named(items: tuple[Entity, ...] | tuple[Relation, ...]) -> _Items:
    return {item.id: (None, item) for item in items}


def _items(kind: str, before: _Items, after: _Items) -> Iterator[Difference]:
    for own in [*before, *(own for own in after if own not in before)]:
        (layer, old), (other_layer, new) = before.get(own, (None, None)), after.get(own, (None, None))
        if (old is new or old == new) and layer == other_layer:  # most are the very same
            continue
        what = "added" if old is None else "removed" if new is None else "changed"
        yield Difference(what, kind, own, other_layer or layer, old, new)


def differences_json(before: Document, after: Document, layers: Mapping[str, Layer]) -> list[Json]:
    """The same as the page has it, each side in the units of its own text."""
    sides = [(Units(document.text), mentions_by_entity(document, layers)) for document in (before, after)]
    found = []
    for one in differences(before, after):
        row = one._asdict()
        for key, (units, counts) in zip(("before", "after"), sides, strict=True):
            if row[key] is not None:
                row[key] = _SHOWN[one.kind](row[key], one.layer, layers, units, counts)
        found.append(row)
    return found


def _annotation(item: Annotation, name: str, layers: Mapping[str, Layer], units: Units, _counts: Any) -> Json:
    return annotation_json(name, item, layers[name], units)


_SHOWN: Mapping[str, Callable[..., Json]] = {
    "annotation": _annotation,
    "entity": lambda item, _name, _layers, _units, counts: entity_json(item, counts.get(item.id, 0)),
    "relation": lambda item, *_: plain(item),
}
