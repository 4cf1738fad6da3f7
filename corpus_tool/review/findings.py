"""The validator's findings as the page shows them: at an annotation and a place in the text, with what mends them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.diagnostics.edit import steps_of
from corpus_tool.model import Document
from corpus_tool.review.units import Units
from corpus_tool.review.wire import Json

#: What an annotation, an entity or neither is called in a pointer, and the attribute behind it.
_Place = tuple[str | None, str | None, str | None]


def key_of(diagnostic: Diagnostic) -> str:
    """What a finding is called as long as it stays the same."""
    words = f"{diagnostic.code} {diagnostic.pointer} {diagnostic.message}"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def findings_json(found: Sequence[Diagnostic], document: Document | None, units: Units) -> list[Json]:
    """Findings of a document, worst first; those that ``corpus.yaml`` ignores were left out before."""
    order = {"error": 0, "warning": 1, "info": 2}
    ranked = sorted(found, key=lambda d: order[d.severity])
    return [finding_json(diagnostic, document, units) for diagnostic in ranked]


def finding_json(diagnostic: Diagnostic, document: Document | None, units: Units) -> Json:
    """One finding. Without a document (its file follows no schema) it has a message, and no place."""
    annotation, entity, attribute = _place(diagnostic.pointer, document)
    start, end = _range(diagnostic, document, units)
    related = []
    for other in diagnostic.related:
        own, other_entity, _ = _place(other.pointer, document)
        related.append({"annotation": own, "entity": other_entity, "message": other.message})
    return {
        "key": key_of(diagnostic),
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "annotation": annotation,
        "entity": entity,
        "attribute": attribute,
        "start": start,
        "end": end,
        "related": related,
        "fixes": list(_fixes(diagnostic, document)),
    }


def _place(pointer: str, document: Document | None) -> _Place:
    steps = steps_of(pointer)
    try:
        if document is not None and steps[:1] == ["layers"] and len(steps) > 2:
            annotation = document.layers[steps[1]][int(steps[2])]
            return annotation.id, None, steps[3] if len(steps) > 3 else None
        if document is not None and steps[:1] == ["entities"] and len(steps) > 1:
            return None, document.entities[int(steps[1])].id, steps[2] if len(steps) > 2 else None
    except (LookupError, ValueError):
        pass  # a pointer to what is missing
    return None, None, None


def _range(diagnostic: Diagnostic, document: Document | None, units: Units) -> tuple[int | None, int | None]:
    """Where in the text a finding is, in the page's units: its span, its block, or the line that it shows."""
    if document is None:
        return None, None
    steps = steps_of(diagnostic.pointer)
    span: Any = None
    try:
        if steps[:1] == ["layers"] and len(steps) > 2:
            span = document.layers[steps[1]][int(steps[2])]
            inner = getattr(span, steps[3], None) if len(steps) > 3 else None
            span = inner if hasattr(inner, "start") else span
        elif steps[:1] == ["blocks"] and len(steps) > 1:
            span = document.blocks[int(steps[1])]
    except (LookupError, ValueError):
        span = None
    if span is not None:
        return units.to_units(span.start), units.to_units(span.end)
    context = diagnostic.context
    if context is None or context.of != "article" or not context.marks:
        return None, None
    line_start = 0
    for _ in range(context.line - 1):
        line_start = document.text.find("\n", line_start) + 1
    start = line_start + context.offset + context.marks[0][0]
    end = line_start + context.offset + context.marks[-1][1]
    return units.to_units(start), units.to_units(end)


def _fixes(diagnostic: Diagnostic, document: Document | None) -> Iterator[Json]:
    if document is None:
        return
    if diagnostic.fix:
        yield {"label": "Mend it", "edit": {"do": "fix", "key": key_of(diagnostic)}}
    choices = _CHOICES.get(diagnostic.code)
    if choices is not None:
        yield from choices(diagnostic, document)


def _unused(diagnostic: Diagnostic, document: Document) -> Iterator[Json]:
    _, entity, _ = _place(diagnostic.pointer, document)
    if entity:
        yield {"label": "Remove the entity", "edit": {"do": "remove_entity", "id": entity}}


def _speakerless(diagnostic: Diagnostic, document: Document) -> Iterator[Json]:
    quote, _, _ = _place(diagnostic.pointer, document)
    for status, label in (("implicit", "The context says who"), ("unknown", "Nothing says who")):
        if quote:
            edit = {"do": "set", "id": quote, "attributes": {"speaker_status": status}}
            yield {"label": label, "edit": edit}


def _same_entity(diagnostic: Diagnostic, document: Document) -> Iterator[Json]:
    _, entity, _ = _place(diagnostic.pointer, document)
    for other in diagnostic.related:
        _, into, _ = _place(other.pointer, document)
        if entity and into:
            edit = {"do": "merge_entities", "into": into, "ids": [entity]}
            yield {"label": f"Make {entity} and {into} one", "edit": edit}


def _outside(diagnostic: Diagnostic, document: Document) -> Iterator[Json]:
    annotation, _, _ = _place(diagnostic.pointer, document)
    if annotation:
        yield {"label": "Reject it", "edit": {"do": "reject", "ids": [annotation]}}


#: Findings that only a person can decide about, where what they decide is one edit.
_CHOICES: Mapping[str, Callable[[Diagnostic, Document], Iterator[Json]]] = {
    "ENT201": _unused,
    "ENT204": _same_entity,
    "ENT205": _same_entity,
    "QUO201": _speakerless,
    "SPN302": _outside,
    "SPN305": _outside,
}
