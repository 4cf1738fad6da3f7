"""A document as its suggestions were before people worked on it: what an annotator begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from corpus_tool.merge import is_human
from corpus_tool.model import Annotation, Document, Provenance, pieces, surface
from corpus_tool.model.schemas import Layer

_SUGGESTED = Provenance(status="suggested")


def as_suggested(document: Document, layers: Mapping[str, Layer]) -> Document:
    """The suggestions of a document without what people decided about them.

    What was accepted or rejected is a suggestion again, what was corrected is what had been suggested; what people
    added is left out, and so is a layer that holds nothing else. Links to what is left out go.

    Args:
        document: the document.
        layers: the layers of its corpus.
    """
    if not any(is_human(a) for annotations in document.layers.values() for a in annotations):
        return document
    found = {
        name: [one for a in annotations if (one := _suggestion(a, layers[name], document.text)) is not None]
        for name, annotations in document.layers.items()
    }
    found = {name: own for name, own in found.items() if own or not document.layers[name]}
    ids = {a.id for own in found.values() for a in own}
    used = {getattr(a, "entity", None) for own in found.values() for a in own}
    entities = tuple(entity for entity in document.entities if entity.id in used)
    ids |= {entity.id for entity in entities}
    return replace(
        document,
        entities=entities,
        relations=tuple(r for r in document.relations if {r.source, r.target} <= ids),
        layers={name: tuple(_linked(own, layers[name], ids)) for name, own in found.items()},
    )


def _suggestion(annotation: Annotation, layer: Layer, text: str) -> Annotation | None:
    """What had been suggested in an annotation's place; None where nothing had."""
    made = annotation.provenance
    if made is None or made.status == "added":
        return None
    if made.status == "suggested":
        return annotation
    if made.status != "corrected":
        return replace(annotation, provenance=_SUGGESTED)
    try:
        was = msgspec.convert({**(made.was or {}), "id": annotation.id}, layer.struct)
    except msgspec.ValidationError:
        return None
    return replace(was, provenance=_SUGGESTED) if surface(text, pieces(was)) == was.text else None


def _linked(annotations: Sequence[Annotation], layer: Layer, ids: set[str]) -> Iterator[Annotation]:
    """Annotations without the links that lead nowhere."""
    for annotation in annotations:
        changes: dict[str, Any] = {}
        for attribute in layer.references:
            value = getattr(annotation, attribute, None)
            if isinstance(value, str) and value not in ids:
                changes[attribute] = None
            elif isinstance(value, list | tuple) and not ids.issuperset(value):
                changes[attribute] = type(value)(one for one in value if one in ids)
        if changes.get("speaker", "") is None:
            changes["speaker_status"] = "unknown"
        yield replace(annotation, **changes) if changes else annotation
