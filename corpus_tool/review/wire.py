"""The door between documents and the page: documents as JSON with a browser's offsets, and edits back from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from corpus_tool.model import Annotation, Document, Entity, Span
from corpus_tool.model.schemas import COMMON_FIRST, COMMON_LAST, Layer
from corpus_tool.review.links import iter_annotations, mentions_by_entity
from corpus_tool.review.provenance import status_of
from corpus_tool.review.refusal import Refusal
from corpus_tool.review.units import Units

Json = dict[str, Any]

_COMMON = frozenset((*COMMON_FIRST, *COMMON_LAST))
_META = ("title", "language", "source", "url", "published", "authors", "license")

#: Languages that are written from right to left, by the first subtag of BCP 47.
_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)


def plain(value: Any) -> Any:
    """A struct as JSON is read: dict, list, str, int, float, bool, None."""
    return msgspec.json.decode(msgspec.json.encode(value))


def span_json(span: Mapping[str, Any], units: Units) -> Json:
    """A range of a document as the page has it; what is no offset stays out."""
    found: Json = {}
    for key in ("start", "end"):
        if isinstance(span.get(key), int):
            found[key] = units.to_units(span[key])
    if isinstance(span.get("text"), str):
        found["text"] = span["text"]
    if isinstance(span.get("fragments"), list) and all(isinstance(piece, dict) for piece in span["fragments"]):
        found["fragments"] = [span_json(piece, units) for piece in span["fragments"]]
    return found


def annotation_json(name: str, annotation: Annotation, layer: Layer, units: Units) -> Json:
    """An annotation as the page has it."""
    raw = plain(annotation)
    made = annotation.provenance
    return {
        "id": annotation.id,
        "layer": name,
        **span_json(raw, units),
        "attributes": _attributes(raw, layer, units),
        "status": status_of(annotation),
        "annotator": made.annotator if made else None,
        "score": made.score if made else None,
        "was": {**span_json(was, units), **_attributes(was, layer, units)}
        if (was := made.was if made else None)
        else None,
        "extra": annotation.extra,
        "sound": is_sound(annotation, layer, units.text),
    }


def _attributes(raw: Mapping[str, Any], layer: Layer, units: Units) -> Json:
    return {
        key: span_json(value, units) if key in layer.span_attributes and isinstance(value, dict) else value
        for key, value in raw.items()
        if key not in _COMMON
    }


def is_sound(annotation: Annotation, layer: Layer, text: str) -> bool:
    """Whether the offsets of an annotation and of the spans inside it hold their texts."""
    from corpus_tool.checks.check import is_sound as fits

    inner = (getattr(annotation, key) for key in layer.span_attributes)
    return all(fits(span, text) for span in (annotation, *inner) if isinstance(span, Annotation | Span))


def entity_json(entity: Entity, mentions: int) -> Json:
    """An entity as the page has it, with how many mentions it has."""
    return {
        **{key: getattr(entity, key) for key in ("id", "kind", "name", "lat", "lon", "link_score", "link_method")},
        "aliases": list(entity.aliases),
        "links": entity.links,
        "mentions": mentions,
    }


def entities_json(document: Document, layers: Mapping[str, Layer]) -> list[Json]:
    """All entities of a document."""
    counts = mentions_by_entity(document, layers)
    return [entity_json(entity, counts.get(entity.id, 0)) for entity in document.entities]


def progress_of(document: Document) -> dict[str, dict[str, int]]:
    """By layer and status, how many annotations; "" where there is no provenance."""
    found: dict[str, Counter[str]] = {name: Counter() for name in document.layers}
    for name, annotation in iter_annotations(document):
        found[name][status_of(annotation) or ""] += 1
    return {name: dict(counts) for name, counts in found.items()}


def document_json(document: Document, layers: Mapping[str, Layer], units: Units) -> Json:
    """What a document holds, as the page has it."""
    meta = plain(document.meta)
    return {
        "id": document.id,
        "meta": {key: meta[key] for key in _META if key in meta},
        "direction": direction_of(document.meta.language),
        "text": document.text,
        "blocks": [{**span_json(plain(block), units), "kind": block.kind} for block in document.blocks],
        "annotations": [annotation_json(name, a, layers[name], units) for name, a in iter_annotations(document)],
        "entities": entities_json(document, layers),
        "relations": [plain(relation) for relation in document.relations],
        "progress": progress_of(document),
    }


def direction_of(language: str | None) -> str:
    """In which direction a language is written: "ltr" or "rtl"."""
    return "rtl" if language and language.lower().partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def edits_from_page(raw: Any, document: Document, layers: Mapping[str, Layer], units: Units) -> list[Any]:
    """The edits of a request with offsets in code points; what else is wrong with them, ``read_edits`` tells.

    Raises:
        Refusal: there is no list of edits, or an offset is none.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("edits"), list):
        raise Refusal('a request to edit is {"edits": [...]}')
    layer_of = {a.id: name for name, a in iter_annotations(document)}
    found = []
    for edit in raw["edits"]:
        if isinstance(edit, dict):
            name = edit.get("layer") if edit.get("do") == "add" else layer_of.get(str(edit.get("id")))
            spans = layers[name].span_attributes if isinstance(name, str) and name in layers else ()
            edit = _in_points(edit, units)  # noqa: PLW2901  # the same edit in other units
            attributes = edit.get("attributes")
            if isinstance(attributes, dict):
                edit["attributes"] = {k: _in_points(v, units) if k in spans else v for k, v in attributes.items()}
        found.append(edit)
    return found


def _in_points(value: Any, units: Units) -> Any:
    """A copy of a range with its offsets in code points; ``text`` is the server's to fill in."""
    if not isinstance(value, dict):
        return value
    changed = {key: item for key, item in value.items() if key != "text"}
    for key in ("start", "end"):
        if isinstance(changed.get(key), int):
            changed[key] = units.to_points(changed[key])
    if isinstance(changed.get("fragments"), list):
        changed["fragments"] = [_in_points(piece, units) for piece in changed["fragments"]]
    return changed


def layer_json(layer: Layer, guideline_of: Mapping[tuple[str, str], str]) -> Json:
    """What the page needs to know of a layer: its attributes, their types and closed lists."""
    one_of = [branch["required"][0] for branch in layer.schema.get("anyOf", ()) if len(branch.get("required", ())) == 1]
    return {
        "name": layer.name,
        "description": layer.schema.get("description", ""),
        "guideline": guideline_of.get((layer.name, "")),
        "one_of": one_of,
        "attributes": [
            {**attribute_json(layer, key), "guideline": guideline_of.get((layer.name, key))} for key in layer.attributes
        ],
    }


def attribute_json(layer: Layer, key: str) -> Json:
    """What the page needs to know of an attribute."""
    spec = layer.attributes[key]
    items: Json = spec["items"] if isinstance(spec.get("items"), dict) else {}
    refers_to = spec.get("x-refers-to") or items.get("x-refers-to")
    found: Json = {
        "name": key,
        "description": spec.get("description", ""),
        "required": key in layer.schema.get("required", ()),
    }
    if refers_to:
        return {**found, "type": "references" if items else "reference", "refers_to": refers_to}
    if key in layer.span_attributes:
        return {**found, "type": "span"}
    if _all_words(spec.get("enum", ())):
        return {**found, "type": "choice", "choices": list(spec["enum"])}
    types = {"string": "text", "number": "number", "integer": "number", "boolean": "boolean"}
    own = spec.get("type")
    return {**found, "type": types.get(own, "json") if isinstance(own, str) else "json"}


def _all_words(values: Iterable[Any]) -> bool:
    values = list(values)
    return bool(values) and all(isinstance(value, str) for value in values)
