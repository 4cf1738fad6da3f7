"""What a dataset should hold of a document, by docs/dataset.md, and how two rows are compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from corpus_tool.checks.dataset.exp_folder import Row
from corpus_tool.model import Annotation, Document
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import Layer

_META = ("title", "language", "source", "url", "published", "license", "source_id")


def wanted_row(document: Document, layers: Mapping[str, Layer], *, reviewed_only: bool) -> tuple[Row, dict[str, str]]:
    """The row of the config ``default`` for a document, and the annotations that have no place in it.

    Args:
        document: the document as it stands in the corpus.
        layers: the layers of the corpus.
        reviewed_only: what no person has accepted, corrected or added has no place either.

    Returns:
        The row, with ``extra`` and other objects as objects where the dataset has JSON in strings; and by id, why an
        annotation is not in it.
    """
    left_out: dict[str, str] = {}
    kept: dict[str, list[Annotation]] = {name: [] for name in layers}
    for name, annotations in document.layers.items():
        for annotation in annotations:
            status = annotation.provenance.status if annotation.provenance else None
            if status == "rejected":
                left_out[annotation.id] = "was rejected"
            elif reviewed_only and status not in HUMAN_STATUSES:
                left_out[annotation.id] = "was reviewed by nobody"
            else:
                kept[name].append(annotation)
    present = {a.id for annotations in kept.values() for a in annotations} | {e.id for e in document.entities}
    meta = document.meta
    row: Row = {
        "id": document.id,
        **{key: getattr(meta, key) for key in _META},
        "authors": list(meta.authors),
        "text": document.text,
        "text_sha256": document.text_sha256,
        "blocks": [{"start": block.start, "end": block.end, "kind": block.kind} for block in document.blocks],
        "entities": [
            {
                **dict.fromkeys(("lat", "lon", "link_score", "link_method", "extra")),
                "aliases": [],
                **msgspec.to_builtins(entity),
                "links": [{"register": key, "id": entity.links[key]} for key in sorted(entity.links)],
            }
            for entity in document.entities
        ],
        "relations": [
            {"extra": None, **msgspec.to_builtins(relation)}
            for relation in document.relations
            if relation.source in present and relation.target in present
        ],
        "extra": dict(meta.extra) or None,
    }
    for name, layer in layers.items():
        row[name] = [_annotation(annotation, layer, present) for annotation in kept[name]]
    return row, left_out


def _annotation(annotation: Annotation, layer: Layer, present: set[str]) -> Row:
    raw = msgspec.to_builtins(annotation)
    made = raw.get("provenance", {})
    own = {name: _attribute(raw.get(name), spec, present) for name, spec in layer.attributes.items()}
    return {
        **{key: raw[key] for key in ("id", "start", "end", "text")},
        "fragments": list(raw.get("fragments", ())),
        **own,
        "extra": raw.get("extra"),
        "status": made.get("status"),
        "annotator": made.get("annotator"),
        "score": made.get("score"),
    }


def _attribute(value: Any, spec: Mapping[str, Any], present: set[str]) -> Any:
    items = spec.get("items")
    if value is None:
        return [] if spec.get("type") == "array" else None
    if "x-refers-to" in spec and isinstance(value, str):
        return value if value in present else None
    if isinstance(items, dict) and isinstance(value, list | tuple):
        if "x-refers-to" in items:
            return [one for one in value if one in present]
        return [_attribute(one, items, present) for one in value]
    if str(spec.get("$ref", "")).endswith("#/$defs/span"):
        return {**value, "fragments": list(value.get("fragments", ()))}
    return value


def differences(wanted: Any, found: Any, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two values differ: JSON Pointer, what it should be, what it is.

    A key that ``found`` lacks is no difference: whole columns are checked elsewhere. A string that stands for an object
    or a list is read as JSON; a whole number and its float are one.
    """
    if type(wanted) is type(found) and wanted == found:
        return
    if isinstance(found, str) and not isinstance(wanted, str | None):
        try:
            found = json.loads(found)
        except (ValueError, RecursionError):
            yield pointer, wanted, found
            return
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in wanted:
            if key in found:
                yield from differences(wanted[key], found[key], f"{pointer}/{key}")
    elif isinstance(wanted, list | tuple) and isinstance(found, list) and len(wanted) == len(found):
        for nth, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(one, other, f"{pointer}/{nth}")
    elif not _is_same(wanted, found):
        yield pointer, wanted, found


def _is_same(wanted: Any, found: Any) -> bool:
    if isinstance(found, float) and isinstance(wanted, int) and not isinstance(wanted, bool):
        try:
            return float(wanted) == found
        except OverflowError:
            return False
    return bool(wanted == found) and isinstance(wanted, bool) == isinstance(found, bool)
