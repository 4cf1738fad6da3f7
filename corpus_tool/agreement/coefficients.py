"""Coefficients of agreement, from sums over documents, so that a bootstrap over documents is one product of matrices.

Each function takes an array whose last axis holds the sums it needs and gives one value for each of the rest of the
axes; where a coefficient is not defined it gives NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from corpus_tool.agreement.types import Measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

#: The part of the resamples that an interval leaves out at either end, in percent.
_TAIL = 2.5

#: Numbers of resamples that are multiplied at once.
_AT_ONCE = 4_000_000

#: What a chance agreement of 1 comes to in sums of floating-point numbers.
_CERTAIN = 1e-12


def f1(sums: Floats) -> Floats:
    """F1 from hits and the spans of both sides: ``[hits, spans]``."""
    return _ratio(2 * sums[..., 0], sums[..., 1])


def share(sums: Floats) -> Floats:
    """A share from ``[same, all]``."""
    return _ratio(sums[..., 0], sums[..., 1])


def cohen(sums: Floats) -> Floats:
    """Cohen's kappa of two annotators (Cohen 1960).

    Args:
        sums: ``[items, same, ones by label …, others by label …]``.
    """
    labels = (sums.shape[-1] - 2) // 2
    total = sums[..., 0]
    one, other = sums[..., 2 : 2 + labels], sums[..., 2 + labels :]
    observed = _ratio(sums[..., 1], total)
    expected = _ratio((one * other).sum(-1), total * total)
    return _above_chance(observed, expected)


def fleiss(sums: Floats) -> Floats:
    """Fleiss' kappa (Fleiss 1971) of items that have the same number of ratings.

    Args:
        sums: ``[items, agreement, ratings by label …]``; agreement is the sum over items of the share of pairs of
            ratings that are the same.
    """
    ratings = sums[..., 2:]
    observed = _ratio(sums[..., 1], sums[..., 0])
    expected = _ratio((ratings * ratings).sum(-1), ratings.sum(-1) ** 2)
    return _above_chance(observed, expected)


def nominal_alpha(sums: Floats) -> Floats:
    """Krippendorff's alpha for names (Krippendorff 2011): of items with two ratings or more.

    Args:
        sums: ``[coincidences that are the same, ratings by label …]``; an item with m ratings, n of them of one label,
            gives n (n - 1) / (m - 1) coincidences.
    """
    ratings = sums[..., 1:]
    total = ratings.sum(-1)
    observed = total - sums[..., 0]
    expected = _ratio(total**2 - (ratings * ratings).sum(-1), total - 1)
    return 1 - _ratio(observed, expected)


def interval_alpha(sums: Floats) -> Floats:
    """Krippendorff's alpha for numbers.

    Args:
        sums: ``[squared differences within items, ratings, their sum, the sum of their squares]``; an item with m
            ratings gives its squared differences, each pair twice, over m - 1.
    """
    total, first, second = sums[..., 1], sums[..., 2], sums[..., 3]
    expected = _ratio(2 * (total * second - first**2), total - 1)
    return 1 - _ratio(sums[..., 0], expected)


def mean_of(statistic: Callable[[Floats], Floats], parts: int) -> Callable[[Floats], Floats]:
    """The mean of a coefficient over parts of equal size that stand one behind the other; undefined ones are left out.

    Args:
        statistic: the coefficient.
        parts: how many there are: the pairs of annotators.
    """

    def mean(sums: Floats) -> Floats:
        import numpy as np

        values = statistic(sums.reshape(*sums.shape[:-1], parts, sums.shape[-1] // parts))
        known = ~np.isnan(values)
        return _ratio(np.where(known, values, 0).sum(-1), known.sum(-1))

    return mean


def resamples(documents: int, count: int, seed: int) -> Floats:
    """How often each resample draws each document: ``count`` rows of ``documents`` numbers that add up to as many.

    They are bytes: a document that is drawn once on average is never drawn 256 times.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    made = np.empty((count, documents), np.uint8)
    chances = np.full(documents, 1 / documents)
    for row in made:
        row[:] = generator.multinomial(documents, chances)
    return made


def estimate(
    rows: Floats, statistic: Callable[[Floats], Floats], weights: Floats | None, *, n: int, value: float | None = None
) -> Measure:
    """A coefficient with its 95 % interval, the percentiles of the resamples in which it is defined.

    Args:
        rows: a row of sums a document.
        statistic: gives the coefficient from sums.
        weights: what ``resamples`` gives; None for no interval.
        n: what the measure is computed from.
        value: the coefficient, where a library has computed it.

    Returns:
        The measure. One document has no interval, and neither has a coefficient that half of the resamples leave
        undefined.
    """
    import numpy as np

    made = float(statistic(rows.sum(0))) if value is None else value
    if np.isnan(made):
        return Measure(None, n=n)
    if weights is None or len(rows) < 2:
        return Measure(made, n=n)
    blocks = np.array_split(weights, max(1, weights.size // _AT_ONCE))
    drawn = statistic(np.concatenate([block.astype(float) @ rows for block in blocks]))
    drawn = drawn[~np.isnan(drawn)]
    if 2 * len(drawn) < len(weights):
        return Measure(made, n=n)
    low, high = np.percentile(drawn, [_TAIL, 100 - _TAIL])
    return Measure(made, float(low), float(high), n)


def _above_chance(observed: Floats, expected: Floats) -> Floats:
    """Agreement above what chance gives, over the most that could be above it."""
    return _ratio(observed - expected, 1 - expected)


def _ratio(over: Floats, under: Floats) -> Floats:
    import numpy as np

    over, under = np.asarray(over, float), np.asarray(under, float)
    defined = np.isfinite(under) & (np.abs(under) > _CERTAIN)
    return np.where(defined, over / np.where(defined, under, 1), np.nan)
