"""Krippendorff's alpha through the ``krippendorff`` package, which is asked for no more memory than it needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from corpus_tool.agreement.coefficients import interval_alpha, nominal_alpha

if TYPE_CHECKING:
    from numpy.typing import NDArray

Level = Literal["nominal", "interval"]

#: What is said where the package is not installed.
MISSING = "Krippendorff's alpha needs the krippendorff package (GPL): pip install 'corpus-tool[agreement]'"

#: Numbers that the package holds at once: items by values by values. Beyond it the sums are taken that the intervals
#: are made from; they give the same.
_MOST = 20_000_000


def has_krippendorff() -> bool:
    """Whether the package is installed."""
    return find_spec("krippendorff") is not None


def alpha_of(units: Iterable[tuple[Sequence[Hashable], int]], rows: NDArray[Any], level: Level) -> float | None:
    """Krippendorff's alpha; None where it is not defined.

    Units whose ratings are all the same are put together by their rating, which changes no coincidence: a unit of one
    rating, given r times, has r of them, however many units its ratings come from.

    Args:
        units: what annotators say of a unit, two ratings or more, and how many units are rated just so.
        rows: the sums over documents that give the same coefficient.
        level: "nominal" or "interval".
    """
    import numpy as np

    of_sums = float((nominal_alpha if level == "nominal" else interval_alpha)(rows.sum(0)))
    if np.isnan(of_sums):
        return None
    alike: Counter[Hashable] = Counter()
    split: list[tuple[Sequence[Hashable], int]] = []
    for ratings, times in units:
        if len(set(ratings)) == 1:
            alike[ratings[0]] += len(ratings) * times
        else:
            split.append((ratings, times))
    values = sorted({*alike, *(rating for ratings, _ in split for rating in ratings)}, key=_order)
    column = {value: number for number, value in enumerate(values)}
    height = len(alike) + sum(times for _, times in split)
    if height * len(values) ** 2 > _MOST:
        return of_sums
    counts = np.zeros((height, len(values)), int)
    for row, (rating, times) in enumerate(alike.items()):
        counts[row, column[rating]] = times
    row = len(alike)
    for ratings, times in split:
        for rating in ratings:
            counts[row : row + times, column[rating]] += 1
        row += times
    import krippendorff

    domain: Any = values if level == "interval" else None
    return float(krippendorff.alpha(value_counts=counts, value_domain=domain, level_of_measurement=level))


def _order(value: Hashable) -> tuple[str, Any]:
    return ("", value) if isinstance(value, int | float) else (type(value).__name__, str(value))
