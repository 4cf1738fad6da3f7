"""Rows of each config from one document. A row is a dict of plain values, in the columns of ``features_of``."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from corpus_tool.build.features import TAGGED
from corpus_tool.build.tokens import bio_tags, tokenize
from corpus_tool.language.sentences import sentence_bounds
from corpus_tool.model import CONTENT_BLOCKS, Annotation, Document, Entity, Quote, live
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import Layer

Row = dict[str, Any]

#: Code points of text before and after a quote that its row carries.
CONTEXT = 300


def prepared(document: Document, layers: Mapping[str, Layer], *, reviewed_only: bool) -> Document:
    """The document as the dataset holds it: without rejected annotations, and without links to them.

    Args:
        document: a valid document.
        layers: its layers, whose attributes say what they refer to.
        reviewed_only: leave out what no person has accepted, corrected or added, too.
    """
    kept = {name: _kept(annotations, reviewed_only) for name, annotations in document.layers.items()}
    present = {a.id for annotations in kept.values() for a in annotations} | {e.id for e in document.entities}
    linked = {
        name: tuple(_without_dangling(a, layers[name], present) for a in annotations)
        for name, annotations in kept.items()
    }
    relations = tuple(r for r in document.relations if {r.source, r.target} <= present)
    return msgspec.structs.replace(document, layers=linked, relations=relations)


def _kept(annotations: tuple[Annotation, ...], reviewed_only: bool) -> tuple[Annotation, ...]:
    if not reviewed_only:
        return live(annotations)
    return tuple(a for a in live(annotations) if a.provenance is not None and a.provenance.status in HUMAN_STATUSES)


def _without_dangling(annotation: Annotation, layer: Layer, present: set[str]) -> Annotation:
    changes: dict[str, Any] = {}
    for key, spec in layer.attributes.items():
        target = getattr(annotation, key)
        if isinstance(target, str):
            if "x-refers-to" in spec and target not in present:
                changes[key] = None
        elif isinstance(target, list | tuple) and "x-refers-to" in spec.get("items", ()):
            changes[key] = tuple(one for one in target if one in present)
    return msgspec.structs.replace(annotation, **changes) if changes else annotation


def default_rows(document: Document, layers: Mapping[str, Layer], ledger: Counter[str]) -> Iterator[Row]:
    """One row a document: text, blocks, entities, and a column a layer."""
    meta = document.meta
    yield {
        "id": document.id,
        **{
            key: getattr(meta, key)
            for key in ("title", "language", "source", "url", "published", "license", "source_id")
        },
        "authors": list(meta.authors),
        "text": document.text,
        "text_sha256": document.text_sha256,
        "blocks": [{"start": b.start, "end": b.end, "kind": b.kind} for b in document.blocks],
        "entities": [_entity(e) for e in document.entities],
        "relations": [
            {"id": r.id, "type": r.type, "from": r.source, "to": r.target, "extra": _extra(r.extra)}
            for r in document.relations
        ],
        **{name: [_annotation(a, layer) for a in document.layers.get(name, ())] for name, layer in layers.items()},
        "extra": _extra(meta.extra),
    }


def _extra(extra: Mapping[str, object]) -> str | None:
    return json.dumps(extra, ensure_ascii=False, sort_keys=True) if extra else None


def _entity(entity: Entity) -> Row:
    return {
        "id": entity.id,
        "kind": entity.kind,
        "name": entity.name,
        "aliases": list(entity.aliases),
        "links": [{"register": register, "id": link} for register, link in sorted(entity.links.items())],
        "lat": entity.lat,
        "lon": entity.lon,
        "link_score": entity.link_score,
        "link_method": entity.link_method,
        "extra": _extra(entity.extra),
    }


def _annotation(annotation: Annotation, layer: Layer) -> Row:
    provenance = annotation.provenance
    return {
        "id": annotation.id,
        "start": annotation.start,
        "end": annotation.end,
        "text": annotation.text,
        "fragments": [{"start": f.start, "end": f.end} for f in annotation.fragments],
        **{name: _plain(getattr(annotation, name), spec) for name, spec in layer.attributes.items()},
        "extra": _extra(annotation.extra),
        "status": provenance.status if provenance else None,
        "annotator": provenance.annotator if provenance else None,
        "score": provenance.score if provenance else None,
    }


def _plain(value: Any, spec: Mapping[str, Any]) -> Any:
    """The value of an attribute as its column takes it."""
    if value is None:
        return [] if spec.get("type") == "array" else None
    if str(spec.get("$ref", "")).endswith("#/$defs/span"):
        raw = msgspec.to_builtins(value)
        return {**raw, "fragments": list(raw.get("fragments", ()))}
    if spec.get("type") == "array":
        return [_plain(item, spec.get("items", {})) for item in value]
    if spec.get("type") == "number":
        return float(value)
    if isinstance(value, str) or spec.get("type") in ("integer", "boolean"):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def token_rows(document: Document, layers: Mapping[str, Layer], ledger: Counter[str]) -> Iterator[Row]:
    """One row a content block: tokens, their offsets into the document's text, and a BIO tag a layer."""
    for number, block in enumerate(document.blocks):
        if block.kind not in CONTENT_BLOCKS:
            continue
        tokens = tokenize(document.text, block.start, block.end)
        if not tokens:
            continue
        row: Row = {
            "document": document.id,
            "block": number,
            "block_kind": block.kind,
            "tokens": [token.text for token in tokens],
            "starts": [token.start for token in tokens],
            "ends": [token.end for token in tokens],
        }
        for name in TAGGED:
            inside = [a for a in document.layers.get(name, ()) if block.start <= a.start and a.end <= block.end]
            row[name], left_out = bio_tags(tokens, inside)
            ledger.update({f"{name}: {reason}": n for reason, n in left_out.items()})
        yield row
    content = [(b.start, b.end) for b in document.blocks if b.kind in CONTENT_BLOCKS]
    for name in TAGGED:
        outside = sum(not any(s <= a.start and a.end <= e for s, e in content) for a in document.layers.get(name, ()))
        if outside:
            ledger[f"{name}: not inside one block"] += outside


def quote_rows(document: Document, layers: Mapping[str, Layer], ledger: Counter[str]) -> Iterator[Row]:
    """One row a quote: content, speaker, cue, and the text around it."""
    names = {a.id: a.text for a in document.actors}
    for quote in document.quotes:
        yield {
            **_own(document, quote),
            "fragments": [{"start": f.start, "end": f.end} for f in quote.fragments],
            "kind": quote.kind,
            "attitude": quote.attitude,
            "cue": quote.cue.text if quote.cue else None,
            **_speaker(document, quote),
            "anonymous": next((bool(a.anonymous) for a in document.actors if a.id == quote.speaker), None),
            "co_speakers": [names[i] for i in quote.co_speakers if i in names],
            "speaker_status": quote.speaker_status,
            "parent": quote.parent,
            "before": _context_before(document.text, quote.start),
            "after": _context_after(document.text, quote.end),
        }


def figure_rows(document: Document, layers: Mapping[str, Layer], ledger: Counter[str]) -> Iterator[Row]:
    """One row a figure: its value, what is counted, who says so, and where."""
    quotes = {q.id: q for q in document.quotes}
    places = {place.id: place for place in document.locations}
    entities = {e.id: e for e in document.entities}
    sentences = _sentences(document)
    starts = [start for start, _ in sentences]
    for figure in document.figures:
        quote = quotes.get(figure.quote or "")
        place = places.get(figure.place or "")
        entity = entities.get((place.entity if place else None) or "")
        at = bisect_right(starts, figure.start) - 1
        yield {
            **_own(document, figure),
            **{key: _number(getattr(figure, key)) for key in ("value", "min", "max")},
            "modifier": figure.modifier,
            "unit": figure.unit,
            "measure": figure.measure,
            "counted": figure.counted.text if figure.counted else None,
            "quote": figure.quote,
            "quote_text": quote.text if quote else None,
            "cue": quote.cue.text if quote and quote.cue else None,
            **_speaker(document, quote),
            "place": place.text if place else None,
            "place_entity": entity.id if entity else None,
            "place_name": entity.name if entity else None,
            "lat": entity.lat if entity else None,
            "lon": entity.lon if entity else None,
            "sentence": document.text[slice(*sentences[at])] if at >= 0 and figure.end <= sentences[at][1] else None,
        }


def _number(value: float | None) -> float | None:
    """Arrow takes no integer beyond 2**53 into a column of floats."""
    return None if value is None else float(value)


def _own(document: Document, annotation: Annotation) -> Row:
    meta = document.meta
    return {
        "document": document.id,
        "title": meta.title,
        "published": meta.published,
        "source": meta.source,
        "id": annotation.id,
        "start": annotation.start,
        "end": annotation.end,
        "text": annotation.text,
        "status": annotation.provenance.status if annotation.provenance else None,
    }


def _speaker(document: Document, quote: Quote | None) -> Row:
    """Who says so: the words beside the cue, and who that is where the document says it."""
    actor = next((a for a in document.actors if quote is not None and a.id == quote.speaker), None)
    entity = next((e for e in document.entities if actor is not None and e.id == actor.entity), None)
    return {
        "speaker": actor.text if actor else None,
        "speaker_kind": actor.kind if actor else None,
        "speaker_entity": entity.id if entity else None,
        "speaker_name": entity.name if entity else None,
    }


def _sentences(document: Document) -> list[tuple[int, int]]:
    return [
        (block.start + start, block.start + end)
        for block in document.blocks
        for start, end in sentence_bounds(document.text[block.start : block.end])
    ]


def _context_before(text: str, start: int) -> str:
    """Up to ``CONTEXT`` code points before a position, from a word's beginning, white space folded."""
    piece = text[max(0, start - CONTEXT) : start]
    if start > CONTEXT and (cut := piece.find(" ")) >= 0:
        piece = piece[cut:]
    return " ".join(piece.split())


def _context_after(text: str, end: int) -> str:
    """Up to ``CONTEXT`` code points after a position, to a word's end, white space folded."""
    piece = text[end : end + CONTEXT]
    if end + CONTEXT < len(text) and (cut := piece.rfind(" ")) >= 0:
        piece = piece[:cut]
    return " ".join(piece.split())
