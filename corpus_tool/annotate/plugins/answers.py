"""From a language model's answers to annotations: every string aligned with the text, or refused and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from msgspec.structs import replace

from corpus_tool.annotate.plugins.align import Bounds, align, occurrences
from corpus_tool.annotate.plugins.asking import item_schema
from corpus_tool.annotate.plugins.mentions import Found, document_with_mentions, mention_of
from corpus_tool.language.numbers import iter_quantities
from corpus_tool.model import Annotation, Document, Figure, Quote, Span

JsonObject = dict[str, Any]

#: How far from its quote, in code points, a cue, a speaker or what is counted may stand.
_NEAR = 300

#: The greatest number that every reader of JSON takes for the same.
_MOST = 2**53
_MARKS = frozenset("\"'“”„«»‘’‹›「」『』")


@dataclass(frozen=True)
class Answer:
    """What a model gave for some blocks of an article, by layer, unchecked."""

    regions: tuple[Bounds, ...]
    layers: Mapping[str, list[Any]]


@dataclass(frozen=True)
class _Placed:
    """One item that follows the schema and stands in the text."""

    start: int
    end: int
    item: JsonObject
    regions: tuple[Bounds, ...]


def document_from_answers(
    document: Document, answers: Sequence[Answer], layers: Sequence[str]
) -> tuple[Document, Counter[str]]:
    """The document with what stands in its text, and how many items were refused, by reason."""
    lost: Counter[str] = Counter()
    placed = {
        layer: [p for answer in answers for p in _placed(document.text, answer, layer, layers, lost)]
        for layer in layers
    }
    found = [_mention(document.text, layer, p) for layer in ("actors", "locations") for p in placed.get(layer, ())]
    quotes = [_with_marks(document.text, p) for p in placed.get("quotes", ())]
    speakers = [_speaker(document.text, quote, found) for quote in quotes]
    taken = {(f.start, f.end) for f in found if f.layer == "actors"}
    found += {(s.start, s.end): s for s in speakers if s and (s.start, s.end) not in taken}.values()
    done = document_with_mentions(document, found, [x for x in ("actors", "locations") if x in layers])
    ids = {(a.start, a.end): a.id for a in done.layers.get("actors", ())}
    made: dict[str, tuple[Annotation, ...]] = {}
    if "figures" in layers:
        made["figures"] = _apart([f for p in placed["figures"] if (f := _figure(document.text, p, lost))], "f")
    if "quotes" in layers:
        pairs = zip(quotes, speakers, strict=True)
        made["quotes"] = _apart(
            [_quote(document.text, q, ids.get((s.start, s.end)) if s else None) for q, s in pairs], "q"
        )
    made = _linked(made)
    return replace(done, layers={name: {**done.layers, **made}[name] for name in layers}), lost


def _linked(made: Mapping[str, tuple[Annotation, ...]]) -> dict[str, tuple[Annotation, ...]]:
    """Quotes with the quote that they stand in, figures with the quote that claims them: the innermost each."""
    quotes = made.get("quotes", ())

    def around(inner: Annotation) -> str | None:
        holding = [q for q in quotes if q is not inner and q.start <= inner.start and inner.end <= q.end]
        return min(holding, key=lambda q: q.end - q.start).id if holding else None

    attributes = {"figures": "quote", "quotes": "parent"}
    return {name: tuple(replace(a, **{attributes[name]: around(a)}) for a in found) for name, found in made.items()}


@cache
def _validator(layer: str, with_speaker: bool) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(item_schema(layer, with_speaker))


def _is_valid(validator: Any, item: Any) -> bool:
    try:
        return bool(validator.is_valid(item)) and all(
            abs(number) <= _MOST for number in item.values() if isinstance(number, int | float)
        )
    except ValueError:  # a lone surrogate, a number that is none
        return False


def _placed(text: str, answer: Answer, layer: str, layers: Sequence[str], lost: Counter[str]) -> list[_Placed]:
    validator = _validator(layer, "actors" in layers)
    items = [item for item in answer.layers[layer] if _is_valid(validator, item)]
    if len(items) < len(answer.layers[layer]):
        lost["malformed"] += len(answer.layers[layer]) - len(items)
    places = align(text, [item["text"] for item in items], answer.regions)
    missing = sum(place is None for place in places)
    if missing:
        lost["not in the text"] += missing
    return [
        _Placed(*place, item, answer.regions) for item, place in zip(items, places, strict=True) if place is not None
    ]


def _mention(text: str, layer: str, placed: _Placed) -> Found:
    item = placed.item
    role = item.get("role")
    return Found(
        placed.start,
        placed.end,
        layer,
        item["kind"],
        mention=item.get("mention") or mention_of(text[placed.start : placed.end]),
        role=role if role and occurrences(text, role, _around(placed)) else None,
        anonymous=item.get("anonymous") or None,
    )


def _around(placed: _Placed) -> list[Bounds]:
    """The parts of the regions that stand near a span."""
    near = [(max(start, placed.start - _NEAR), min(end, placed.end + _NEAR)) for start, end in placed.regions]
    return [(start, end) for start, end in near if start < end]


def _beside(text: str, words: str | None, placed: _Placed) -> Bounds | None:
    """Where words stand nearest to a span and outside of it."""
    places = occurrences(text, words, _around(placed)) if words else []
    apart = [b for b in places if b[1] <= placed.start or b[0] >= placed.end]
    return min(apart, key=lambda b: max(placed.start - b[1], b[0] - placed.end), default=None)


def _span(text: str, bounds: Bounds | None) -> Span | None:
    return Span(start=bounds[0], end=bounds[1], text=text[slice(*bounds)]) if bounds else None


def _with_marks(text: str, placed: _Placed) -> _Placed:
    """A quote with the quotation marks around it, where the model left them out."""
    start, end = placed.start, placed.end
    inside = any(a < start and end < b for a, b in placed.regions)
    if inside and text[start - 1] in _MARKS and text[end] in _MARKS:
        return _Placed(start - 1, end + 1, placed.item, placed.regions)
    return placed


def _speaker(text: str, placed: _Placed, found: Sequence[Found]) -> Found | None:
    """The mention that speaks a quote: one of the actors, or a new one where the model lists none there."""
    bounds = _beside(text, placed.item.get("speaker"), placed)
    if bounds is None:
        return None
    actors = [f for f in found if f.layer == "actors"]
    same = next((f for f in actors if (f.start, f.end) == bounds), None)
    within = [f for f in actors if bounds[0] <= f.start and f.end <= bounds[1]]
    if same or within:
        return same or max(within, key=lambda f: f.end)
    mention = mention_of(text[slice(*bounds)])
    return Found(*bounds, "actors", "person" if mention == "pronoun" else "other", mention=mention)


def _quote(text: str, placed: _Placed, speaker: str | None) -> Quote:
    return Quote(
        id="q0",
        start=placed.start,
        end=placed.end,
        text=text[placed.start : placed.end],
        kind=placed.item["kind"],
        attitude=placed.item.get("attitude"),
        cue=_span(text, _beside(text, placed.item.get("cue"), placed)),
        speaker=speaker,
        speaker_status=None if speaker else "unknown",
    )


def _figure(text: str, placed: _Placed, lost: Counter[str]) -> Figure | None:
    """The figure; where the model gives no number it is read from the words themselves."""
    item = placed.item
    words = text[placed.start : placed.end]
    numbers = {key: item[key] for key in ("value", "min", "max") if item.get(key) is not None}
    unit = item.get("unit") or None
    if not numbers:
        quantity = next(iter(iter_quantities(words)), None)
        if quantity is None:
            lost["without a number"] += 1
            return None
        numbers = {k: v for k in ("value", "min", "max") if (v := getattr(quantity, k)) is not None}
        unit = unit or quantity.unit
    return Figure(
        id="f0",
        start=placed.start,
        end=placed.end,
        text=words,
        **numbers,
        modifier=item.get("modifier"),
        unit=unit,
        measure=item.get("measure"),
        counted=_span(text, _beside(text, item.get("counted"), placed)),
    )


def _apart(annotations: Sequence[Figure | Quote], letter: str) -> tuple[Annotation, ...]:
    """The annotations with ids in order of the text; of two on one span the first."""
    by_span = {(a.start, a.end): a for a in reversed(annotations)}
    ordered = [by_span[span] for span in sorted(by_span, key=lambda s: (s[0], -s[1]))]
    return tuple(replace(a, id=f"{letter}{n}") for n, a in enumerate(ordered, start=1))
