"""Comparing the spans of one layer of one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus_tool.evaluate.scores import Counts, Disagreement, LayerScores, Share
from corpus_tool.language.pairing import align_spans
from corpus_tool.model import Annotation, Document, Figure

Bounds = tuple[int, int]

#: Code points of context on either side of a disagreement.
_CONTEXT = 60

#: Relative error within which two numbers are one.
_SAME_NUMBER = 1e-6


def bounds(annotation: Annotation) -> Bounds:
    """Start and end of an annotation, in code points."""
    return annotation.start, annotation.end


def pair_spans(predicted: set[Bounds], gold: set[Bounds]) -> dict[Bounds, Bounds]:
    """Gold spans with the predicted span that overlaps them best; each is used once, the best pairs first."""
    sides = (sorted(predicted), sorted(gold))
    found = align_spans([[(own,) for own in side] for side in sides])
    return {sides[1][g]: sides[0][p] for p, g in found if p is not None and g is not None}


def kind_of(annotation: Annotation) -> str:
    """The kind of an annotation; of a figure, its measure."""
    return str(getattr(annotation, "kind", None) or getattr(annotation, "measure", None) or "")


def score_layer(predicted: Sequence[Annotation], gold: Sequence[Annotation], scores: LayerScores) -> None:
    """Adds one document's layer to the scores. Spans count once each, whatever their fragments."""
    p_spans, g_spans = set(map(bounds, predicted)), set(map(bounds, gold))
    pairs = pair_spans(p_spans, g_spans)
    scores.exact.add(len(p_spans & g_spans), len(p_spans), len(g_spans))
    scores.overlap.add(len(pairs), len(p_spans), len(g_spans))
    p_kinds = {(*bounds(a), kind_of(a)) for a in predicted}
    g_kinds = {(*bounds(a), kind_of(a)) for a in gold}
    scores.with_kind.add(len(p_kinds & g_kinds), len(p_kinds), len(g_kinds))
    for kind in {kind for *_, kind in p_kinds | g_kinds}:
        p_own, g_own = ({item for item in items if item[2] == kind} for items in (p_kinds, g_kinds))
        scores.by_kind.setdefault(kind, Counts()).add(len(p_own & g_own), len(p_own), len(g_own))
    p_at, g_at = ({bounds(a): kind_of(a) for a in items} for items in (predicted, gold))
    scores.kind_on_overlap.add(p_at[p] == g_at[g] for g, p in pairs.items())


def score_values(predicted: Sequence[Figure], gold: Sequence[Figure], share: Share) -> None:
    """Adds the gold figures of one document: right is one whose best overlapping prediction has the same numbers."""
    pairs = pair_spans(set(map(bounds, predicted)), set(map(bounds, gold)))
    at = {bounds(figure): figure for figure in predicted}
    share.add(bounds(g) in pairs and same_value(at[pairs[bounds(g)]], g) for g in gold)


def same_value(predicted: Figure, gold: Figure) -> bool:
    """Whether all numbers that gold states stand in the prediction too, as value, min or max."""
    have = [float(n) for n in (predicted.value, predicted.min, predicted.max) if n is not None]
    want = [float(n) for n in (gold.value, gold.min, gold.max) if n is not None]
    return bool(want) and all(any(abs(w - h) <= _SAME_NUMBER * max(1.0, abs(w)) for h in have) for w in want)


def disagreements(
    document: Document, layer: str, predicted: Sequence[Annotation], gold: Sequence[Annotation]
) -> Iterator[Disagreement]:
    """Every span that one side lacks, and every pair that differs in bounds, kind or value; in order of the text."""
    p_at, g_at = {bounds(a): a for a in predicted}, {bounds(a): a for a in gold}
    pairs = pair_spans(set(p_at), set(g_at))
    for at, annotation in g_at.items():
        if at not in pairs:
            yield disagreement_at(document, layer, "missed", annotation)
            continue
        other = p_at[pairs[at]]
        if bounds(other) != at:
            yield disagreement_at(document, layer, "bounds", annotation, f"predicted {other.text!r}")
        if kind_of(other) != kind_of(annotation):
            yield disagreement_at(
                document, layer, "kind", annotation, f"{kind_of(annotation)}, predicted {kind_of(other)}"
            )
        if isinstance(annotation, Figure) and isinstance(other, Figure) and not same_value(other, annotation):
            yield disagreement_at(
                document, layer, "value", annotation, f"{_numbers(annotation)}, predicted {_numbers(other)}"
            )
    for at in sorted(set(p_at) - set(pairs.values())):
        yield disagreement_at(document, layer, "invented", p_at[at])


def _numbers(figure: Figure) -> str:
    named = (("", figure.value), ("min ", figure.min), ("max ", figure.max))
    return " ".join(f"{name}{number:g}" for name, number in named if number is not None) or "nothing"


def disagreement_at(
    document: Document, layer: str, what: str, annotation: Annotation, detail: str = ""
) -> Disagreement:
    """A disagreement on an annotation of ``document``, with its context."""
    text, (start, end) = document.text, bounds(annotation)
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    context = " ".join(f"{before}⟦{text[start:end]}⟧{after}".split())
    return Disagreement(document.id, layer, what, start, end, annotation.text, context, detail)
