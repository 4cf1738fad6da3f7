"""Rows of each config from one document. A row is a dict of plain values, in the columns of ``features_of``."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from corpus_tool.build.features import TAGGED
from corpus_tool.build.tokens import OUTSIDE, bio_tags
from corpus_tool.language.sentences import sentence_bounds
from corpus_tool.language.tokens import token_spans
from corpus_tool.model import CONTENT_BLOCKS, Annotation, Document, Entity, Figure, Quote, live
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
    for key in layer.references:
        target = getattr(annotation, key)
        if isinstance(target, str):
            if target not in present:
                changes[key] = None
        elif target and not present.issuperset(target):
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
    if isinstance(value, str):
        return value
    if str(spec.get("$ref", "")).endswith("#/$defs/span"):
        raw = msgspec.to_builtins(value)
        return {**raw, "fragments": list(raw.get("fragments", ()))}
    if spec.get("type") == "array":
        return [_plain(item, spec.get("items", {})) for item in value]
    if spec.get("type") == "number":
        return float(value)
    if spec.get("type") in ("integer", "boolean"):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def token_rows(document: Document, layers: Mapping[str, Layer], ledger: Counter[str]) -> Iterator[Row]:
    """One row a content block: tokens, their offsets into the document's text, and a BIO tag a layer."""
    tagged = {name: document.layers.get(name, ()) for name in TAGGED}
    left = {name: len(annotations) for name, annotations in tagged.items()}
    for number, block in enumerate(document.blocks):
        if block.kind not in CONTENT_BLOCKS:
            continue
        spans = token_spans(document.text, block.start, block.end)
        if not spans:
            continue
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        row: Row = {
            "document": document.id,
            "block": number,
            "block_kind": block.kind,
            "tokens": [document.text[start:end] for start, end in spans],
            "starts": starts,
            "ends": ends,
        }
        for name, annotations in tagged.items():
            inside = [a for a in annotations if block.start <= a.start and a.end <= block.end]
            left[name] -= len(inside)
            if not inside:
                row[name] = [OUTSIDE] * len(spans)
                continue
            row[name], left_out = bio_tags(starts, ends, inside)
            for reason, n in left_out.items():
                ledger[f"{name}: {reason}"] += n
        yield row
    for name, count in left.items():
        if count:
            ledger[f"{name}: not inside one block"] += count


def quote_rows(document: Document, layers: Mapping[str, Layer], ledger: Counter[str]) -> Iterator[Row]:
    """One row a quote: content, speaker, cue, and the text around it."""
    if not document.quotes:
        return
    actors = {a.id: a for a in document.actors}
    speaker_of = _speaker_getter(document)
    for quote in document.quotes:
        yield {
            **_own(document, quote),
            "fragments": [{"start": f.start, "end": f.end} for f in quote.fragments],
            "kind": quote.kind,
            "attitude": quote.attitude,
            "cue": quote.cue.text if quote.cue else None,
            **speaker_of(quote),
            "anonymous": bool(actors[quote.speaker].anonymous) if quote.speaker in actors else None,
            "co_speakers": [actors[i].text for i in quote.co_speakers if i in actors],
            "speaker_status": quote.speaker_status,
            "parent": quote.parent,
            "before": _context_before(document.text, quote.start),
            "after": _context_after(document.text, quote.end),
        }


def figure_rows(document: Document, layers: Mapping[str, Layer], ledger: Counter[str]) -> Iterator[Row]:
    """One row a figure: its value, what is counted, who says so, and where."""
    if not document.figures:
        return
    quotes = {q.id: q for q in document.quotes}
    places = {place.id: place for place in document.locations}
    entities = {e.id: e for e in document.entities}
    sentence_of = _sentence_getter(document)
    speaker_of = _speaker_getter(document)
    for figure in document.figures:
        quote = quotes.get(figure.quote or "")
        place = places.get(figure.place or "")
        entity = entities.get((place.entity if place else None) or "")
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
            **speaker_of(quote),
            "place": place.text if place else None,
            "place_entity": entity.id if entity else None,
            "place_name": entity.name if entity else None,
            "lat": entity.lat if entity else None,
            "lon": entity.lon if entity else None,
            "sentence": sentence_of(figure),
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


def _speaker_getter(document: Document) -> Callable[[Quote | None], Row]:
    """A function that gives who says a quote: the words beside the cue, and who that is where the document says it."""
    actors = {a.id: a for a in document.actors}
    entities = {e.id: e for e in document.entities}

    def speaker_of(quote: Quote | None) -> Row:
        actor = actors.get(quote.speaker or "") if quote else None
        entity = entities.get(actor.entity or "") if actor else None
        return {
            "speaker": actor.text if actor else None,
            "speaker_kind": actor.kind if actor else None,
            "speaker_entity": entity.id if entity else None,
            "speaker_name": entity.name if entity else None,
        }

    return speaker_of


def _sentence_getter(document: Document) -> Callable[[Figure], str | None]:
    """A function that gives the sentence that holds a figure, None where it is not inside one."""
    known: dict[int, list[tuple[int, int]]] = {}
    first_of = [block.start for block in document.blocks]

    def sentence_of(figure: Figure) -> str | None:
        number = bisect_right(first_of, figure.start) - 1
        if number < 0:
            return None
        block = document.blocks[number]
        if number not in known:
            bounds = sentence_bounds(document.text[block.start : block.end])
            known[number] = [(block.start + start, block.start + end) for start, end in bounds]
        held = (document.text[start:end] for start, end in known[number] if start <= figure.start < end >= figure.end)
        return next(held, None)

    return sentence_of


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
