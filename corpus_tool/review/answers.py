"""What the server answers with: the corpus, a document, and what an edit has changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import Layer, base_schema
from corpus_tool.review.differences import differences
from corpus_tool.review.findings import findings_json
from corpus_tool.review.guidelines import GUIDELINE_OF
from corpus_tool.review.opened import Opened
from corpus_tool.review.refusal import Refusal
from corpus_tool.review.wire import (
    Json,
    annotation_json,
    document_json,
    entities_json,
    layer_json,
    plain,
    progress_of,
)

#: The one edit of a document whose file follows no schema.
MEND: Mapping[str, Any] = {"do": "mend"}

#: What is shown of such a document.
_UNREAD: Mapping[str, Any] = {
    "meta": {},
    "direction": "ltr",
    "text": "",
    "blocks": [],
    "annotations": [],
    "entities": [],
    "relations": [],
    "progress": {},
}


def corpus_json(corpus: Corpus) -> Json:
    """What the page needs to know of a corpus."""
    definitions = base_schema()["$defs"]
    kinds = (kind for layer in corpus.layers.values() for kind in layer.kinds)
    return {
        "name": corpus.config.name,
        "title": corpus.config.title or corpus.config.name,
        "guidelines": "/guidelines",
        "statuses": definitions["provenance"]["properties"]["status"]["enum"],
        "block_kinds": definitions["block"]["properties"]["kind"]["enum"],
        "entity_kinds": list(dict.fromkeys(kinds)),
        "layers": [layer_json(layer, GUIDELINE_OF) for layer in corpus.layers.values()],
    }


def opened_json(opened: Opened, layers: Mapping[str, Layer], span: str | None) -> Json:
    """A document with its findings, and ``focus`` where a place in it is named (``span``, in code points).

    Raises:
        Refusal: ``span`` is none.
    """
    document = opened.document
    shown = dict(_UNREAD) if document is None else document_json(document, layers, opened.units)
    if span is not None:
        shown["focus"] = _focus(span, opened)
    return {
        **shown,
        "id": opened.held.id,
        "etag": opened.held.etag,
        "editable": opened.reason is None,
        "reason": opened.reason,
        "findings": _findings(opened),
    }


def _findings(opened: Opened) -> list[Json]:
    found = findings_json(opened.shown, opened.document, opened.units)
    if opened.document is None and found and any(diagnostic.fix for diagnostic in opened.shown):
        found[0]["fixes"] = [{"label": "Mend what can be mended", "edit": MEND}]
    return found


def _focus(span: str, opened: Opened) -> Json:
    start, _, end = span.partition("-")
    if not (start.isascii() and start.isdecimal() and end.isascii() and end.isdecimal()) or int(start) > int(end):
        raise Refusal(f"{span!r} is no span: two offsets in code points, as 10-20")
    return {"start": opened.units.to_units(int(start)), "end": opened.units.to_units(int(end))}


def changes_json(before: Opened, now: Opened, layers: Mapping[str, Layer]) -> Json:
    """What is different between two states of a document; to get all of it anew (``reload``) where one is none."""
    old, new = before.document, now.document
    if old is None or new is None:
        return {"etag": now.held.etag, "reload": True}
    found = [one for one in differences(old, new) if one.kind == "annotation"]
    entities = {entity["id"]: entity for entity in entities_json(old, layers)}
    entities_now = {entity["id"]: entity for entity in entities_json(new, layers)}
    return {
        "etag": now.held.etag,
        "changed": [
            annotation_json(str(one.layer), one.after, layers[str(one.layer)], now.units) for one in found if one.after
        ],
        "removed": [one.id for one in found if one.what == "removed"],
        "added": [one.id for one in found if one.what == "added"],
        "entities": [entity for own, entity in entities_now.items() if entities.get(own) != entity],
        "removed_entities": [own for own in entities if own not in entities_now],
        "relations": None if old.relations == new.relations else [plain(relation) for relation in new.relations],
        "findings": _findings(now),
        "progress": progress_of(new),
    }
