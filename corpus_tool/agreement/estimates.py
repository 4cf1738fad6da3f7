"""From what was counted of documents to measures with intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corpus_tool.agreement.alpha import alpha_of, has_krippendorff
from corpus_tool.agreement.coefficients import (
    cohen,
    estimate,
    f1,
    fleiss,
    interval_alpha,
    mean_of,
    nominal_alpha,
    resamples,
    share,
)
from corpus_tool.agreement.tally import AttributeTally, KindHits, LayerTally, Pair, Patterns
from corpus_tool.agreement.types import (
    AttributeAgreement,
    KindAgreement,
    LayerAgreement,
    Measure,
    PairAgreement,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus_tool.agreement.gamma import GammaTally

    Floats = NDArray[Any]

#: Draws for a number of documents; None where no intervals are wanted.
_Draw = Callable[[int], Any]

_SPAN_MEASURES = ("exact", "exact_kind", "overlap", "overlap_kind")


def layer_agreement(tally: LayerTally, bootstrap: int, seed: int, gamma: GammaTally | None = None) -> LayerAgreement:
    """The measures of a layer.

    Args:
        tally: what was counted.
        bootstrap: resamples for each interval; 0 for none.
        seed: what decides them.
        gamma: the gammas of documents, where they were computed.
    """

    @lru_cache(maxsize=2)  # of all documents, and of those of a pair
    def draw(documents: int) -> Any:
        return resamples(documents, bootstrap, seed) if bootstrap and documents > 1 else None

    fleiss_measure, raters = _fleiss(tally, draw)
    measures = {
        **_over_pairs(tally, draw),
        "fleiss": fleiss_measure,
    }
    if has_krippendorff():
        measures["alpha"] = _nominal(tally.all_patterns, tally.documents, draw)
    if gamma is not None:
        measures["gamma"] = gamma.measure(tally.layer.name, tally.documents, draw)
    return LayerAgreement(
        layer=tally.layer.name,
        documents=tally.documents,
        tokens=tally.tokens,
        spans=dict(sorted(tally.spans.items())),
        measures=measures,
        pairs=tuple(_pair(tally, pair, draw) for pair in sorted(tally.hits)),
        kinds=tuple(
            _kind(tally, kind, draw) for kind, _ in sorted(tally.kinds.items(), key=lambda item: (-item[1], item[0]))
        ),
        attributes=tuple(
            _attribute(name, own, tally.documents, draw)
            for name, own in tally.attributes.items()
            if any(own.pairs.values())
        ),
        fleiss_annotators=raters,
        nested=tally.nested,
    )


def _pair(tally: LayerTally, pair: Pair, draw: _Draw) -> PairAgreement:
    hits, patterns = tally.hits[pair], tally.patterns[pair]
    weights = draw(len(hits))
    spans = sum(row.spans for row in hits.values())
    measures = {
        name: estimate(_array([[getattr(row, name), row.spans] for row in hits.values()]), f1, weights, n=spans)
        for name in _SPAN_MEASURES
    }
    labels = _labels(patterns.values())
    rows = _array([_cohen_row(own, labels) for own in patterns.values()])
    measures["cohen"] = estimate(rows, cohen, weights, n=int(rows[:, 0].sum()))
    return PairAgreement(*pair, documents=len(hits), measures=measures)


def _over_pairs(tally: LayerTally, draw: _Draw) -> dict[str, Measure]:
    """The means over pairs; a document that a pair does not share has zeros there."""
    weights = draw(tally.documents)
    spans = sum(row.spans for rows in tally.hits.values() for row in rows.values())
    measures = {}
    for name in _SPAN_MEASURES:
        parts = [
            _spread({number: [getattr(row, name), row.spans] for number, row in rows.items()}, tally.documents, 2)
            for _, rows in sorted(tally.hits.items())
        ]
        measures[name] = estimate(_beside(parts), mean_of(f1, len(parts)), weights, n=spans)
    labels = _labels(patterns for own in tally.patterns.values() for patterns in own.values())
    parts = [
        _spread(
            {number: _cohen_row(patterns, labels) for number, patterns in own.items()},
            tally.documents,
            2 + 2 * len(labels),
        )
        for _, own in sorted(tally.patterns.items())
    ]
    measures["cohen"] = estimate(_beside(parts), mean_of(cohen, len(parts)), weights, n=tally.tokens)
    return measures


def _kind(tally: LayerTally, kind: str, draw: _Draw) -> KindAgreement:
    by_pair = tally.kind_hits[kind]
    weights = draw(tally.documents)
    spans = sum(row.spans for rows in by_pair.values() for row in rows.values())
    measures = {}
    for name in ("exact", "overlap"):
        parts = [
            _spread({number: [getattr(row, name), row.spans] for number, row in rows.items()}, tally.documents, 2)
            for _, rows in sorted(by_pair.items())
        ]
        measures[name] = estimate(_beside(parts), mean_of(f1, len(parts)), weights, n=spans)
    parts = [
        _spread(_binary_rows(tally.patterns[pair], rows), tally.documents, 6) for pair, rows in sorted(by_pair.items())
    ]
    measures["cohen"] = estimate(_beside(parts), mean_of(cohen, len(parts)), weights, n=tally.tokens)
    return KindAgreement(kind, tally.kinds[kind], measures)


def _binary_rows(patterns: Mapping[int, Patterns], hits: Mapping[int, KindHits]) -> dict[int, list[int]]:
    """What ``cohen`` needs, of "does a span of the kind hold the token"; documents without the kind are all "no"."""
    rows = {}
    for number, own in patterns.items():
        tokens = own.total()
        row = hits.get(number)
        both, one, other = (row.both, row.one, row.other) if row else (0, 0, 0)
        same = tokens - one - other + 2 * both
        rows[number] = [tokens, same, one, tokens - one, other, tokens - other]
    return rows


def _fleiss(tally: LayerTally, draw: _Draw) -> tuple[Measure, int]:
    """Fleiss' kappa, and how many annotators its documents have: as many as most documents have."""
    sizes: dict[int, list[Patterns]] = {}
    for patterns in tally.all_patterns.values():
        if patterns:
            sizes.setdefault(len(next(iter(patterns))), []).append(patterns)
    if not sizes:
        return Measure(None), 0
    raters = max(sizes, key=lambda size: (len(sizes[size]), size))
    labels = _labels(sizes[raters])
    rows = _array([_fleiss_row(patterns, labels) for patterns in sizes[raters]])
    return estimate(rows, fleiss, draw(len(rows)), n=int(rows[:, 0].sum())), raters


def _nominal(by_document: Mapping[int, Patterns], documents: int, draw: _Draw) -> Measure:
    """Krippendorff's alpha of labels, with its interval."""
    labels = _labels(by_document.values())
    rows = _spread({number: _alpha_row(own, labels) for number, own in by_document.items()}, documents, 1 + len(labels))
    pooled: Patterns = sum(by_document.values(), Patterns())
    value = alpha_of(pooled.items(), rows, "nominal")
    units = pooled.total()
    return (
        Measure(None, n=units)
        if value is None
        else estimate(rows, nominal_alpha, draw(documents), n=units, value=value)
    )


def _interval(by_document: Mapping[int, Sequence[Sequence[float]]], documents: int, draw: _Draw) -> Measure:
    """Krippendorff's alpha of numbers, with its interval; they are brought to one scale, which changes nothing."""
    import numpy as np

    every = np.array([value for units in by_document.values() for unit in units for value in unit])
    middle, width = float(every.mean()), float(every.std()) or 1.0
    scaled = {
        number: [[(value - middle) / width for value in unit] for unit in units]
        for number, units in by_document.items()
    }
    rows = _spread({number: _interval_row(units) for number, units in scaled.items()}, documents, 4)
    value = alpha_of(((unit, 1) for units in scaled.values() for unit in units), rows, "interval")
    count = sum(map(len, scaled.values()))
    return (
        Measure(None, n=count)
        if value is None
        else estimate(rows, interval_alpha, draw(documents), n=count, value=value)
    )


def _attribute(name: str, tally: AttributeTally, documents: int, draw: _Draw) -> AttributeAgreement:
    rows = _spread({number: [tally.same[number], of] for number, of in tally.pairs.items()}, documents, 2)
    same = estimate(rows, share, draw(documents), n=int(rows[:, 1].sum()))
    if not has_krippendorff() or not (tally.labels or tally.numbers):
        return AttributeAgreement(name, same)
    if tally.numbers:
        return AttributeAgreement(name, same, _interval(tally.numbers, documents, draw), tally.level)
    return AttributeAgreement(name, same, _nominal(tally.labels, documents, draw))


def _labels(patterns: Iterable[Patterns]) -> list[Hashable]:
    return sorted({label for own in patterns for pattern in own for label in pattern}, key=repr)


def _cohen_row(patterns: Patterns, labels: Sequence[Hashable]) -> list[float]:
    same = sum(times for (one, other), times in patterns.items() if one == other)
    return [patterns.total(), same, *(_given(patterns, labels, 0)), *(_given(patterns, labels, 1))]


def _given(patterns: Patterns, labels: Sequence[Hashable], annotator: int) -> list[int]:
    """How often an annotator gave each label."""
    counts = dict.fromkeys(labels, 0)
    for pattern, times in patterns.items():
        counts[pattern[annotator]] += times
    return list(counts.values())


def _fleiss_row(patterns: Patterns, labels: Sequence[Hashable]) -> list[float]:
    raters = len(next(iter(patterns)))
    same = sum(times * _same_pairs(pattern) for pattern, times in patterns.items())
    return [patterns.total(), same / (raters * (raters - 1)), *_ratings(patterns, labels)]


def _alpha_row(patterns: Patterns, labels: Sequence[Hashable]) -> list[float]:
    same = sum(times * _same_pairs(pattern) / (len(pattern) - 1) for pattern, times in patterns.items())
    return [same, *_ratings(patterns, labels)]


def _same_pairs(pattern: Sequence[Hashable]) -> int:
    """The ordered pairs of ratings that are the same."""
    return sum(n * (n - 1) for n in Counter(pattern).values())


def _ratings(patterns: Patterns, labels: Sequence[Hashable]) -> list[int]:
    """How often each label was given."""
    counts = dict.fromkeys(labels, 0)
    for pattern, times in patterns.items():
        for label in pattern:
            counts[label] += times
    return list(counts.values())


def _interval_row(units: Sequence[Sequence[float]]) -> list[float]:
    apart = sum(sum((a - b) ** 2 for a in unit for b in unit) / (len(unit) - 1) for unit in units)
    values = [value for unit in units for value in unit]
    return [apart, len(values), sum(values), sum(value * value for value in values)]


def _array(rows: Sequence[Sequence[float]]) -> Floats:
    import numpy as np

    return np.array(rows, float)


def _spread(rows: Mapping[int, Sequence[float]], documents: int, width: int) -> Floats:
    """A row a document, zeros where there is none."""
    import numpy as np

    made = np.zeros((documents, width))
    for number, row in rows.items():
        made[number] = row
    return made


def _beside(parts: Sequence[Floats]) -> Floats:
    import numpy as np

    return np.concatenate(parts, axis=1)
