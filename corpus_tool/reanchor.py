"""A reviewed document whose article has changed: its annotations, placed in the new text where that is certain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from corpus_tool.language.placing import Alignment, Doubt, Place
from corpus_tool.merge import is_human
from corpus_tool.model import Annotation, Document, Fragment, Meta, Relation, Span, pieces, surface
from corpus_tool.model.schemas import Layer

#: Code points before and behind its words that are kept with what is set aside.
_CONTEXT = 60

#: Why something is set aside, by the word that its record holds.
REASONS: Mapping[str, str] = {
    Doubt.GONE: "its words are no longer in the article",
    Doubt.CHANGED: "its words were changed",
    Doubt.UNSURE: "its words stand in the article, but not for certain as the same ones",
    Doubt.BESIDE: "a word beside it is new and may belong to it",
    "apart": "its pieces are no longer in their order",
    "reference": "it refers to what was set aside",
}


class SetAside(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that a changed article has no certain place for: one line of a ledger.

    Attributes:
        document: id of the document.
        layer: the layer; "relations" for a relation.
        id: the annotation, or the relation.
        attribute: what of it is set aside (a cue, a link, ``was``); without, all of it.
        value: as it stood in the document.
        text: the words that it marks; of a link, those that it leads to.
        before: the words before them, in the old text.
        after: the words behind them.
        reason: a key of ``REASONS``.
        text_sha256: of the old text.
        new_text_sha256: of the text in which it has no place.
    """

    document: str
    layer: str
    id: str
    attribute: str | None = None
    value: Any
    text: str = ""
    before: str = ""
    after: str = ""
    reason: str
    text_sha256: str
    new_text_sha256: str


@dataclass(frozen=True)
class Reanchored:
    """A document with the text of its changed article.

    Attributes:
        document: it, with every annotation that has a certain place.
        set_aside: what has none and is a person's word, or was part of it.
        kept: how many of people's annotations stayed.
        beside: (layer, annotation) of those of them that have another word beside them now.
        dropped: how many suggestions of machines have no place any more.
        stale: keys of ``meta`` for which the new article says something else than the document, which keeps its own.
    """

    document: Document
    set_aside: tuple[SetAside, ...] = ()
    kept: int = 0
    beside: tuple[tuple[str, Annotation], ...] = ()
    dropped: int = 0
    stale: tuple[str, ...] = ()


class _Placed(NamedTuple):
    """An annotation on its way: as it was, as it is now, and what of it has no place."""

    layer: str
    old: Annotation
    new: Annotation
    lost: tuple[tuple[str, Any, str], ...] = ()  # attribute, value, reason
    is_beside: bool = False


class _Refused(NamedTuple):
    """An annotation without a place in the new text."""

    layer: str
    annotation: Annotation
    reason: str


def reanchor(old: Document, new: Document, layers: Mapping[str, Layer]) -> Reanchored:
    """The old document in the text, the blocks and the origin of the new one.

    What people accepted, corrected, added or rejected, and the suggestions that stand beside it, are placed through an
    alignment of the two texts (``language/placing.py``): the pieces of a span, cues and what is counted, and the place
    of the suggestion that was corrected. A link to what has no place is cleared. Keys of ``meta`` stay as they are, but
    for ``article`` and a title that is the text's own; those that are missing are taken from the new article.

    Args:
        old: the document with people's work.
        new: its article as it was read now.
        layers: the layers of the corpus.
    """
    alignment = Alignment(old.text, new.text)
    placed: dict[str, _Placed] = {}
    refused: dict[str, _Refused] = {}
    for name, annotations in old.layers.items():
        for annotation in annotations:
            result = _placed(annotation, layers[name], old.text, new.text, alignment)
            if isinstance(result, str):
                refused[annotation.id] = _Refused(name, annotation, result)
            else:
                placed[annotation.id] = result
    _refuse_dependents(placed, refused, layers)
    placed = {key: _without_links(item, layers[item.layer], refused) for key, item in placed.items()}
    lost = [relation for relation in old.relations if {relation.source, relation.target} & refused.keys()]
    own = {
        name: _in_order([placed[a.id].new for a in annotations if a.id in placed])
        for name, annotations in old.layers.items()
        if not annotations or any(a.id in placed for a in annotations)
    }
    human = [p for p in placed.values() if is_human(p.old)]
    meta, stale = _meta(old, new)
    return Reanchored(
        replace(
            new,
            id=old.id,
            meta=meta,
            entities=old.entities,
            relations=tuple(relation for relation in old.relations if relation not in lost),
            layers=own,
        ),
        tuple(_records(old, new, refused, human, lost)),
        len(human),
        tuple((p.layer, p.new) for p in human if p.is_beside),
        sum(not is_human(item.annotation) for item in refused.values()),
        stale,
    )


def _placed(annotation: Annotation, layer: Layer, old: str, new: str, alignment: Alignment) -> _Placed | str:
    """The annotation in the new text, or why it has no place there."""

    def at(spans: Sequence[tuple[int, int]]) -> list[Place] | str:
        return _places(spans, alignment)

    places = at(pieces(annotation))
    if isinstance(places, str):
        return places
    changes: dict[str, Any] = {**_span_fields(places, new)}
    lost: list[tuple[str, Any, str]] = []
    for attribute in layer.span_attributes:
        span: Span | None = getattr(annotation, attribute, None)
        if span is None:
            continue
        own = at(pieces(span))
        if isinstance(own, str):
            if attribute in layer.schema.get("required", ()):
                return own
            lost.append((attribute, msgspec.to_builtins(span), own))
        changes[attribute] = None if isinstance(own, str) else Span(**_span_fields(own, new))
    provenance = annotation.provenance
    if provenance is not None and provenance.was:
        was, doubt = _was(provenance.was, annotation, layer, old, new, at)
        changes["provenance"] = replace(provenance, was=was)
        if doubt:
            lost.append(("was", provenance.was, doubt))
    return _Placed(
        layer.name, annotation, replace(annotation, **changes), tuple(lost), any(place.beside for place in places)
    )


def _places(spans: Sequence[tuple[int, int]], alignment: Alignment) -> list[Place] | str:
    """Where all the pieces of a span stand, or why one of them has no place."""
    places = []
    for start, end in spans:
        place = alignment.place(start, end)
        if isinstance(place, Doubt):
            return place.value
        places.append(place)
    in_order = all(one.end < other.start for one, other in pairwise(places))
    return places if in_order and len({place.moved for place in places}) == 1 else "apart"


def _span_fields(places: Sequence[Place], text: str) -> dict[str, Any]:
    fragments = tuple(Fragment(start=p.start, end=p.end) for p in places) if len(places) > 1 else ()
    words = surface(text, [(p.start, p.end) for p in places])
    return {"start": places[0].start, "end": places[-1].end, "text": words, "fragments": fragments}


def _was(
    was: Mapping[str, Any],
    annotation: Annotation,
    layer: Layer,
    old: str,
    new: str,
    at: Callable[[Sequence[tuple[int, int]]], list[Place] | str],
) -> tuple[dict[str, Any], str]:
    """The suggestion that was corrected, in the new text; without its offsets, and why, where it has no place there.

    ``was`` may hold the fields alone that the correction changed.
    """
    moved, doubt = dict(was), ""
    inner = [key for key in layer.span_attributes if isinstance(was.get(key), dict)]
    for key in inner:
        spans = _raw_pieces(was[key], was[key].get("start"), was[key].get("end"), old)
        places = at(spans) if spans else "unsure"
        if isinstance(places, str):
            doubt = doubt or places
            del moved[key]
        else:
            moved[key] = {**was[key], **_as_raw(places, new, was[key])}
    if {"start", "end", "fragments"} & was.keys():
        spans = _raw_pieces(was, was.get("start", annotation.start), was.get("end", annotation.end), old)
        places = at(spans) if spans else "unsure"
        if isinstance(places, str):
            doubt = doubt or places
            moved = {key: value for key, value in moved.items() if key not in {"start", "end", "fragments"}}
            moved.setdefault("text", surface(old, spans))
        else:
            moved |= _as_raw(places, new, was)
    return moved, doubt


def _raw_pieces(raw: Mapping[str, Any], start: object, end: object, text: str) -> list[tuple[int, int]]:
    """The (start, end) pairs of a span in JSON that no schema has checked; none where it is no stretch of the text."""
    fragments = raw.get("fragments")
    if isinstance(fragments, list) and fragments:
        pairs: list[Any] = [(f.get("start"), f.get("end")) if isinstance(f, dict) else (None, None) for f in fragments]
    else:
        pairs = [(start, end)]
    is_span = all(type(s) is int and type(e) is int and 0 <= s < e <= len(text) for s, e in pairs)
    return pairs if is_span else []


def _as_raw(places: Sequence[Place], text: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a span in JSON: offsets, and the words where they stood there before."""
    fields = {**_span_fields(places, text), "fragments": [{"start": p.start, "end": p.end} for p in places]}
    return {key: fields[key] for key in ("start", "end", "text", "fragments") if key in known}


def _refuse_dependents(placed: dict[str, _Placed], refused: dict[str, _Refused], layers: Mapping[str, Layer]) -> None:
    """Moves what cannot be without a link to something refused there too (a layer of the corpus's own may say so)."""

    def needs_refused(item: _Placed) -> bool:
        layer = layers[item.layer]
        required = [key for key in layer.references if key in layer.schema.get("required", ())]
        return any(link in refused for key in required for link in _links(item.old, key))

    while dependents := [item for item in placed.values() if needs_refused(item)]:
        for item in dependents:
            refused[item.old.id] = _Refused(item.layer, item.old, "reference")
            del placed[item.old.id]


def _links(annotation: Annotation, attribute: str) -> Sequence[str]:
    value = getattr(annotation, attribute, None)
    return (value,) if isinstance(value, str) else value or ()


def _without_links(item: _Placed, layer: Layer, refused: Mapping[str, _Refused]) -> _Placed:
    """The annotation without its links to what is refused; where a quote has lost its first speaker, the next is it."""
    lost = list(item.lost)
    changes: dict[str, Any] = {}
    for attribute in layer.references:
        gone = [link for link in _links(item.old, attribute) if link in refused]
        lost += [(attribute, link, "reference") for link in gone]
        if gone:
            value = getattr(item.old, attribute)
            changes[attribute] = None if isinstance(value, str) else type(value)(x for x in value if x not in gone)
    if item.layer == "quotes" and "speaker" in changes:
        others = changes.get("co_speakers", getattr(item.old, "co_speakers", ()))
        changes |= {"speaker": others[0], "co_speakers": others[1:]} if others else {"speaker_status": "unknown"}
    return item._replace(new=replace(item.new, **changes), lost=tuple(lost))


def _in_order(annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
    return tuple(sorted(annotations, key=lambda a: (a.start, -a.end, a.id)))


def _meta(old: Document, new: Document) -> tuple[Meta, tuple[str, ...]]:
    """The old ``meta`` with the new article's origin and what was missing, and the keys that the new one contradicts.

    What stands there may have been mended by a person: nothing tells it from what was read. A title that is the text's
    own goes with the text.
    """
    was, now = old.meta, new.meta
    headlines = {" ".join(old.text[b.start : b.end].split()) for b in old.blocks if b.kind == "title"}
    keys = [key for key in Meta.__struct_fields__ if key not in {"article", "source_id", "extra"}]
    fresh = {key: getattr(now, key) for key in keys if getattr(now, key) and not getattr(was, key)}
    if now.title and was.title in headlines:
        fresh["title"] = now.title
    meta = replace(was, article=now.article, extra={**now.extra, **was.extra}, **fresh)
    return meta, tuple(key for key in keys if getattr(now, key) not in (None, (), getattr(meta, key)))


def _records(
    old: Document, new: Document, refused: Mapping[str, _Refused], kept: Iterable[_Placed], lost: Iterable[Relation]
) -> Iterator[SetAside]:
    """What is set aside of people's work, in the order of the old document."""
    words = {a.id: a.text for annotations in old.layers.values() for a in annotations}

    def record(layer: str, of: str, value: Any, reason: str, at: Annotation | None, **rest: Any) -> SetAside:
        around: dict[str, str] = {}
        if at is not None:
            around = {
                "before": old.text[max(0, at.start - _CONTEXT) : at.start],
                "after": old.text[at.end : at.end + _CONTEXT],
            }
        return SetAside(
            document=old.id,
            layer=layer,
            id=of,
            value=msgspec.to_builtins(value),
            reason=reason,
            text_sha256=old.text_sha256,
            new_text_sha256=new.text_sha256,
            **{"text": at.text if at else "", **around, **rest},
        )

    for item in refused.values():
        if is_human(item.annotation):
            yield record(item.layer, item.annotation.id, item.annotation, item.reason, item.annotation)
    for placed in kept:
        for attribute, value, reason in placed.lost:
            text = words.get(value, "") if isinstance(value, str) else str(value.get("text") or "")
            yield record(placed.layer, placed.old.id, value, reason, placed.old, attribute=attribute, text=text)
    for relation in lost:
        yield record("relations", relation.id, relation, "reference", None)
