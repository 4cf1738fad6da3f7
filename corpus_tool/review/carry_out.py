"""Which function carries out which edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from corpus_tool.diagnostics import apply_edits
from corpus_tool.model import Annotation, Document
from corpus_tool.model.codec import document_from_json, document_to_json
from corpus_tool.review import annotation_edits, entity_edits, take
from corpus_tool.review.annotation_edits import CarryOut
from corpus_tool.review.edits import (
    Accept,
    AcceptAll,
    Add,
    AddEntity,
    Bounds,
    EditContext,
    Fix,
    MergeEntities,
    PlaceEntity,
    Reject,
    RemoveEntity,
    Set,
    SetEntity,
    Take,
)
from corpus_tool.review.links import Edited, iter_annotations, without_links_to
from corpus_tool.review.provenance import corrected, is_rejected
from corpus_tool.review.refusal import NotFound, WouldBeWrong


def fix(document: Document, edit: Fix, context: EditContext) -> Edited:
    """Makes the change that a finding offers; an annotation that changes by it is one that the reviewer corrected."""
    mending = context.mending_of(edit.key)
    if not mending:
        raise NotFound("that finding is no longer there, or offers nothing")
    raw: Any = msgspec.json.decode(msgspec.json.encode(document_to_json(document)))
    try:
        fixed = document_from_json(apply_edits(raw, mending), context.layers)
    except (LookupError, TypeError, ValueError, msgspec.ValidationError) as error:
        raise WouldBeWrong(f"the fix cannot be made: {error}") from error
    before = {a.id: a for _, a in iter_annotations(document)}
    layers: dict[str, tuple[Annotation, ...]] = {}
    for name, annotations in fixed.layers.items():
        layers[name] = tuple(_by_person(before.get(a.id), a, context.reviewer) for a in annotations)
    gone = before.keys() - {a.id for _, a in iter_annotations(fixed)}
    return without_links_to(replace(fixed, layers=layers), gone, context.layers, context.reviewer)


def _by_person(before: Annotation | None, after: Annotation, reviewer: str) -> Annotation:
    if before is None or before == after or is_rejected(after) or before.provenance != after.provenance:
        return after
    return corrected(before, after, reviewer)


#: Every edit, and what carries it out.
CARRY_OUT: Mapping[type, CarryOut] = {
    Accept: annotation_edits.accept,
    AcceptAll: annotation_edits.accept_all,
    Add: annotation_edits.add,
    AddEntity: entity_edits.add_entity,
    Bounds: annotation_edits.set_bounds,
    Fix: fix,
    MergeEntities: entity_edits.merge_entities,
    PlaceEntity: entity_edits.place_entity,
    Reject: annotation_edits.reject,
    RemoveEntity: entity_edits.remove_entity,
    Set: annotation_edits.set_attributes,
    SetEntity: entity_edits.set_entity,
    Take: take.take,
}
