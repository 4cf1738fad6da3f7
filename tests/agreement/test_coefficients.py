"""The coefficients against worked examples that were published, and against the package for Krippendorff's alpha.

The tables are numbers of these papers: J. Cohen, A coefficient of agreement for nominal scales (1960), table 2;
J. L. Fleiss, Measuring nominal scale agreement among many raters (1971), table 1; K. Krippendorff, Computing
Krippendorff's alpha-reliability (2011), its data with missing values.
"""

from __future__ import annotations

import random
from collections import Counter
from itertools import product

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.agreement import alpha as alpha_module
from corpus_tool.agreement import coefficients
from corpus_tool.agreement.alpha import alpha_of
from corpus_tool.agreement.coefficients import (
    cohen,
    estimate,
    f1,
    fleiss,
    interval_alpha,
    mean_of,
    nominal_alpha,
    resamples,
)
from corpus_tool.agreement.estimates import _alpha_row, _cohen_row, _fleiss_row, _interval_row, _labels

#: Of 200 cases, how often judge A said the row's and judge B the column's.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]

#: Of 30 patients, how many of six psychiatrists gave each of five diagnoses.
FLEISS = [
    *((0, 0, 0, 6, 0), (0, 3, 0, 0, 3), (0, 1, 4, 0, 1), (0, 0, 0, 0, 6), (0, 3, 0, 3, 0), (2, 0, 4, 0, 0)),
    *((0, 0, 4, 0, 2), (2, 0, 3, 1, 0), (2, 0, 0, 4, 0), (0, 0, 0, 0, 6), (1, 0, 0, 5, 0), (1, 1, 0, 4, 0)),
    *((0, 3, 3, 0, 0), (1, 0, 0, 5, 0), (0, 2, 0, 3, 1), (0, 0, 5, 0, 1), (3, 0, 0, 1, 2), (5, 1, 0, 0, 0)),
    *((0, 2, 0, 4, 0), (1, 0, 2, 0, 3), (0, 0, 0, 0, 6), (0, 1, 0, 5, 0), (0, 2, 0, 1, 3), (2, 0, 0, 4, 0)),
    *((1, 0, 0, 4, 1), (0, 5, 0, 1, 0), (4, 0, 0, 0, 2), (0, 2, 0, 4, 0), (1, 0, 5, 0, 0), (0, 0, 0, 0, 6)),
]

#: What four observers said of twelve units; None where one said nothing.
_ = None
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]
UNITS = [tuple(v for v in unit if v is not None) for unit in zip(*KRIPPENDORFF, strict=True)]
UNITS = [unit for unit in UNITS if len(unit) > 1]


def array(row: list[float]) -> np.ndarray:
    return np.array(row, float)


def test_cohens_own_example() -> None:
    patterns = Counter({(a, b): COHEN[a][b] for a, b in product(range(3), repeat=2)})
    assert float(cohen(array(_cohen_row(patterns, _labels([patterns]))))) == pytest.approx(0.492, abs=0.0005)


def test_fleiss_own_example() -> None:
    patterns = Counter(tuple(c for c, n in enumerate(row) for _ in range(n)) for row in FLEISS)
    assert patterns.total() == 30
    assert float(fleiss(array(_fleiss_row(patterns, _labels([patterns]))))) == pytest.approx(0.430, abs=0.0005)


def test_krippendorffs_own_example() -> None:
    patterns = Counter(UNITS)
    rows = array([_alpha_row(patterns, _labels([patterns]))])
    assert float(nominal_alpha(rows[0])) == pytest.approx(0.743, abs=0.0005)
    assert alpha_of(patterns.items(), rows, "nominal") == pytest.approx(0.743, abs=0.0005)
    rows = array([_interval_row(UNITS)])
    assert float(interval_alpha(rows[0])) == pytest.approx(0.849, abs=0.0005)
    assert alpha_of(patterns.items(), rows, "interval") == pytest.approx(0.849, abs=0.0005)


units = st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=4), min_size=1, max_size=30)


@given(units)
@settings(max_examples=60)
def test_our_sums_and_the_package_give_the_same_alpha(found: list[list[int]]) -> None:
    """The sums of the intervals, the package with units put together, and the package with every unit by itself."""
    patterns = Counter(map(tuple, found))
    counts = np.array([[unit.count(value) for value in range(4)] for unit in found])
    several = len({value for unit in found for value in unit}) > 1
    for level, row in (("nominal", _alpha_row(patterns, _labels([patterns]))), ("interval", _interval_row(found))):
        rows = array([row])
        made = alpha_of(patterns.items(), rows, level)  # type: ignore[arg-type]
        if not several:
            assert made is None
            continue
        own = float((nominal_alpha if level == "nominal" else interval_alpha)(rows[0]))
        whole = krippendorff.alpha(value_counts=counts, level_of_measurement=level)
        assert own == pytest.approx(whole, abs=1e-9)
        assert made == pytest.approx(whole, abs=1e-9)


def test_what_the_package_cannot_hold_is_taken_from_the_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = Counter(UNITS)
    rows = array([_alpha_row(patterns, _labels([patterns]))])
    whole = alpha_of(patterns.items(), rows, "nominal")
    monkeypatch.setattr(alpha_module, "_MOST", 0)
    monkeypatch.setattr(krippendorff, "alpha", None)
    assert alpha_of(patterns.items(), rows, "nominal") == pytest.approx(whole, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=50))
@settings(max_examples=60)
def test_kappa_is_the_same_either_way_round_and_one_for_the_same(found: list[tuple[int, int]]) -> None:
    def kappa(pairs: list[tuple[int, int]]) -> float:
        patterns = Counter(pairs)
        return float(cohen(array(_cohen_row(patterns, _labels([patterns])))))

    there, back = kappa(found), kappa([(b, a) for a, b in found])
    assert there == pytest.approx(back, nan_ok=True)
    assert np.isnan(there) or -1 <= there <= 1 + 1e-12
    itself = kappa([(a, a) for a, _ in found])
    assert np.isnan(itself) if len({a for a, _ in found}) == 1 else itself == pytest.approx(1)


def test_what_is_not_defined_is_nan_and_then_none() -> None:
    assert np.isnan(f1(array([0, 0])))
    assert np.isnan(cohen(array([5, 5, 5, 5])))
    assert np.isnan(nominal_alpha(array([10, 10])))
    assert estimate(array([[0, 0], [0, 0]]), f1, None, n=0).value is None


def test_a_mean_leaves_out_pairs_that_have_nothing() -> None:
    assert float(mean_of(f1, 3)(array([1, 2, 0, 0, 0, 4]))) == 0.5
    assert np.isnan(mean_of(f1, 2)(array([0, 0, 0, 0])))


def test_the_interval_is_that_of_resampling_by_hand() -> None:
    chance = random.Random(3)
    rows = array([[hits := chance.randint(0, 9), 2 * hits + chance.randint(0, 6)] for _ in range(40)])
    measure = estimate(rows, f1, resamples(40, 2000, seed=5), n=1)
    by_hand = []
    for _ in range(2000):
        drawn = [rows[chance.randrange(40)] for _ in range(40)]
        by_hand.append(2 * sum(row[0] for row in drawn) / sum(row[1] for row in drawn))
    low, high = np.percentile(by_hand, [2.5, 97.5])
    assert measure.low == pytest.approx(low, abs=0.01)
    assert measure.high == pytest.approx(high, abs=0.01)
    assert measure.low < measure.value < measure.high  # type: ignore[operator]


def test_the_seed_decides_the_interval_and_one_document_has_none() -> None:
    rows = array([[n % 4, 8 + n % 3] for n in range(30)])
    one, same, other = (estimate(rows, f1, resamples(30, 300, seed), n=1) for seed in (1, 1, 2))
    assert one == same
    assert one.value == other.value
    assert (one.low, one.high) != (other.low, other.high)
    assert estimate(rows[:1], f1, resamples(1, 300, 1), n=1).low is None


def test_resamples_that_do_not_fit_at_once_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = array([[n % 4, 8 + n % 3] for n in range(30)])
    weights = resamples(30, 301, seed=1)
    assert weights.sum(1).tolist() == [30] * 301
    whole = estimate(rows, f1, weights, n=1)
    monkeypatch.setattr(coefficients, "_AT_ONCE", 100)
    assert estimate(rows, f1, weights, n=1) == whole
