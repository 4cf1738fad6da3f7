"""Carrying out edits of annotations: accept, reject, bounds, attributes, additions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from corpus_tool.model import Annotation, Document, surface
from corpus_tool.model.schemas import Layer
from corpus_tool.review.edits import Accept, AcceptAll, Add, Bounds, EditContext, Piece, Reject, Set
from corpus_tool.review.links import Edited, iter_annotations, with_speaker, without_dangling, without_links_to
from corpus_tool.review.provenance import accepted, corrected, is_rejected, rejected, status_of
from corpus_tool.review.refusal import NotFound, Refusal, WouldBeWrong

#: The numbers of a figure, of which it has one at least.
_AMOUNTS = ("value", "min", "max")


def accept(document: Document, edit: Accept, context: EditContext) -> Edited:
    """Suggestions become a person's word; tombstones come back, without links to what is no longer there."""
    notes: list[str] = []
    for own in edit.ids:
        name, annotation = find(document, own)
        if is_rejected(annotation):
            annotation, lost = without_dangling(document, context.layers[name], annotation)
            notes += lost
        document = put(document, name, accepted(annotation, context.reviewer))
    return Edited(document, tuple(notes))


def accept_all(document: Document, edit: AcceptAll, context: EditContext) -> Edited:
    """Every suggestion of a layer, or of all, becomes a person's word."""
    if edit.layer is not None and edit.layer not in document.layers:
        raise NotFound(f"the document has no layer {edit.layer!r}")
    wanted = [
        a.id for name, a in iter_annotations(document) if status_of(a) == "suggested" and edit.layer in {None, name}
    ]
    return accept(document, Accept(ids=tuple(wanted)), context)


def reject(document: Document, edit: Reject, context: EditContext) -> Edited:
    """Annotations become tombstones; what the reviewer had added goes. Links to them go too."""
    for own in edit.ids:
        name, annotation = find(document, own)
        made = annotation.provenance
        if made is not None and made.status == "added" and made.annotator == context.reviewer:
            document = take_out(document, name, own)
        else:
            document = put(document, name, rejected(annotation, context.reviewer))
    return without_links_to(document, set(edit.ids), context.layers, context.reviewer)


def set_bounds(document: Document, edit: Bounds, context: EditContext) -> Edited:
    """An annotation covers another range."""
    name, annotation = standing(document, edit.id)
    ranged = span_at(document.text, edit.start, edit.end, edit.fragments)
    after = replace(annotation, **{"fragments": (), **_built(ranged, context.layers[name])})
    return Edited(put(document, name, corrected(annotation, after, context.reviewer)))


def _built(ranged: Mapping[str, Any], layer: Layer) -> dict[str, Any]:
    """A range as fields of an annotation."""
    built = msgspec.convert({"id": "x", **ranged}, Annotation)
    return {key: getattr(built, key) for key in ("start", "end", "text", "fragments")}


def set_attributes(document: Document, edit: Set, context: EditContext) -> Edited:
    """An annotation gets other attributes."""
    name, annotation = standing(document, edit.id)
    changes = _settled(annotation, read_attributes(document.text, context.layers[name], edit.attributes))
    raw = {**msgspec.json.decode(msgspec.json.encode(annotation)), **changes}
    after = make(context.layers[name], {key: value for key, value in raw.items() if value is not None})
    return Edited(put(document, name, corrected(annotation, after, context.reviewer)))


def _settled(annotation: Annotation, changes: dict[str, Any]) -> dict[str, Any]:
    """Changes of a quote with what follows: it has a speaker, or a reason why there is none."""
    if changes.get("speaker"):
        return {"speaker_status": None, **changes}
    if changes.get("speaker_status"):
        return {"speaker": None, "co_speakers": None, **changes}
    return with_speaker(annotation, changes)


def add(document: Document, edit: Add, context: EditContext) -> Edited:
    """A new annotation, with the next free id of its layer."""
    layer = context.layers.get(edit.layer)
    if layer is None:
        raise NotFound(f"there is no layer {edit.layer!r}; there are {', '.join(context.layers)}")
    ranged = span_at(document.text, edit.start, edit.end, edit.fragments)
    attributes = {k: v for k, v in read_attributes(document.text, layer, edit.attributes).items() if v is not None}
    if edit.layer == "figures" and not any(key in attributes for key in _AMOUNTS):
        attributes = {**_amount(document.text, ranged), **attributes}
    own = {"id": fresh_id(document, edit.layer), **ranged, **attributes}
    provenance = {"annotator": context.reviewer, "status": "added"}
    annotation = make(layer, {**own, "provenance": provenance})
    return Edited(put(document, edit.layer, annotation))


def _amount(text: str, ranged: Mapping[str, Any]) -> dict[str, Any]:
    """What the words of a figure say, as the annotators read them.

    Raises:
        WouldBeWrong: they say no number that could be read.
    """
    from corpus_tool.language.numbers import modifier_of_quantity, read_quantity  # late: compiles its grammar

    words = ranged["text"]
    read = read_quantity(words)
    if read is None:
        raise WouldBeWrong(f"no number could be read in {words!r}; give the figure a value, or min and max")
    start = ranged["start"]
    if "fragments" not in ranged and text.startswith(words, start) and len(words) == read.end:
        placed = replace_bounds(read, start)
        read = modifier_of_quantity(text, placed)
    found = {key: getattr(read, key) for key in (*_AMOUNTS, "modifier", "unit")}
    return {key: value for key, value in found.items() if value is not None}


def replace_bounds(read: Any, start: int) -> Any:
    """A quantity that was read by itself, at its place in the text."""
    from dataclasses import replace as replaced

    return replaced(read, start=start, end=start + read.end, number_end=start + read.number_end)


def find(document: Document, own: str) -> tuple[str, Annotation]:
    """An annotation and its layer's name.

    Raises:
        NotFound: there is none with that id.
    """
    for name, annotation in iter_annotations(document):
        if annotation.id == own:
            return name, annotation
    raise NotFound(f"the document has no annotation {own!r}")


def standing(document: Document, own: str) -> tuple[str, Annotation]:
    """The same, of one that nobody rejected.

    Raises:
        NotFound: there is none with that id.
        WouldBeWrong: it was rejected.
    """
    name, annotation = find(document, own)
    if is_rejected(annotation):
        raise WouldBeWrong(f"{own} was rejected: take it back (accept it) before it is changed")
    return name, annotation


def put(document: Document, name: str, annotation: Annotation) -> Document:
    """The document with an annotation in its layer: in place of the one with its id, or where it stands in the text."""
    own = document.layers.get(name, ())
    at = next((i for i, other in enumerate(own) if other.id == annotation.id), None)
    if at is not None and (own[at].start, own[at].end) == (annotation.start, annotation.end):
        return _with_layer(document, name, (*own[:at], annotation, *own[at + 1 :]))
    rest = own if at is None else (*own[:at], *own[at + 1 :])
    key = _order(annotation)
    at = next((i for i, other in enumerate(rest) if _order(other) > key), len(rest))
    return _with_layer(document, name, (*rest[:at], annotation, *rest[at:]))


def _order(annotation: Annotation) -> tuple[int, int]:
    return annotation.start, -annotation.end


def take_out(document: Document, name: str, own: str) -> Document:
    """The document without an annotation."""
    return _with_layer(document, name, tuple(a for a in document.layers[name] if a.id != own))


def _with_layer(document: Document, name: str, annotations: tuple[Annotation, ...]) -> Document:
    return replace(document, layers={**document.layers, name: annotations})


def fresh_id(document: Document, name: str) -> str:
    """An id for a new item, as the annotators make them: the first letter of its layer and the next number."""
    taken = [a.id for _, a in iter_annotations(document)]
    taken += [entity.id for entity in document.entities] + [relation.id for relation in document.relations]
    letter = name[0]
    numbers = [int(own[1:]) for own in taken if own[0] == letter and own[1:].isascii() and own[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"


def span_at(text: str, start: int | None, end: int | None, fragments: Iterable[Piece]) -> dict[str, Any]:
    """A range as JSON of an annotation or a span: ``start``, ``end``, ``text``, and ``fragments`` where it has several.

    Pieces are put in order; those that touch are joined.

    Raises:
        Refusal: there is no range, or it lies outside the text.
        WouldBeWrong: it marks nothing, or white space alone.
    """
    cut = sorted((piece.start, piece.end) for piece in fragments)
    if not cut:
        if start is None or end is None:
            raise Refusal('a range has "start" and "end", or "fragments"')
        cut = [(start, end)]
    for begin, stop in cut:
        if begin >= stop:
            raise WouldBeWrong(f"nothing is marked from {begin} to {stop}")
        if begin < 0 or stop > len(text):
            raise Refusal(f"{begin} to {stop} lies outside the text, which has {len(text)} code points")
    joined: list[tuple[int, int]] = []
    for begin, stop in cut:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((begin, stop))
    words = surface(text, joined)
    if not words.strip():
        raise WouldBeWrong("white space alone is marked")
    ranged: dict[str, Any] = {"start": joined[0][0], "end": joined[-1][1], "text": words}
    if len(joined) > 1:
        ranged["fragments"] = [{"start": begin, "end": stop} for begin, stop in joined]
    return ranged


def read_attributes(text: str, layer: Layer, given: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as JSON of an annotation: spans get their text.

    Raises:
        Refusal: the layer has no such attribute, or a span is none.
    """
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key not in layer.attributes:
            raise Refusal(f"{layer.name} have no attribute {key!r}; they have {', '.join(layer.attributes)}")
        if key in layer.span_attributes and value is not None:
            found[key] = _span(text, key, value)
        else:
            found[key] = value
    return found


def _span(text: str, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(f'{key} is a span: {{"start", "end"}} or {{"fragments": [...]}}')
    ranged = {name: value[name] for name in ("start", "end", "fragments") if name in value}
    try:
        read = msgspec.convert({"do": "bounds", "id": "", **ranged}, Bounds)
    except msgspec.ValidationError as error:
        raise Refusal(f"{key} is no span: {error}") from error
    return span_at(text, *(None, None) if read.fragments else (read.start, read.end), read.fragments)


def make(layer: Layer, raw: Mapping[str, Any]) -> Annotation:
    """The annotation that JSON describes.

    Raises:
        WouldBeWrong: it lacks an attribute, or one is of another type.
    """
    missing = [key for key in layer.schema.get("required", ()) if key not in raw]
    if missing:
        raise WouldBeWrong(f"{layer.name} need {' and '.join(missing)}")
    try:
        return msgspec.convert(raw, layer.struct)
    except msgspec.ValidationError as error:
        raise WouldBeWrong(f"not what {layer.name} hold: {error}") from error


CarryOut = Callable[[Document, Any, EditContext], Edited]
