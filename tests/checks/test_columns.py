"""Columns that go to disk hold what was put into them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.checks.corpus import columns
from corpus_tool.checks.corpus.columns import Codes, Numbers, Repeated, Words

NASTY = st.text(st.characters(exclude_categories=()), max_size=8)


@pytest.fixture(autouse=True)
def _little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_IN_MEMORY", 40)
    monkeypatch.setattr(columns, "_AT_ONCE", 16)


@given(st.lists(st.integers(0, 2**32 - 1), max_size=60))
def test_numbers(values: list[int]) -> None:
    column = Numbers("I")
    column.extend(values[:7])
    for value in values[7:]:
        column.append(value)
    assert list(column) == values
    assert len(column) == len(values)
    assert [column[n] for n in range(-len(values), len(values))] == values * 2
    assert column[1:9] == values[1:9]
    assert len(column.tobytes()) == 4 * len(values)
    for outside in (len(values), -len(values) - 1):
        with pytest.raises(IndexError):
            column[outside]


@given(st.lists(NASTY, max_size=40), st.integers(0, 39))
def test_words(values: list[str], asked: int) -> None:
    column = Words()
    for nth, value in enumerate(values):
        column.append(value)
        if nth == asked:
            assert column[nth] == value  # asked for while it grows
    assert list(column) == values
    assert [column[n] for n in range(-len(values), len(values))] == values * 2
    assert column[2:5] == values[2:5]


@given(st.lists(st.tuples(NASTY, st.integers(0, 4)), max_size=30))
def test_repeated_strings(runs: list[tuple[str, int]]) -> None:
    column = Repeated()
    for value, times in runs:
        column.append(value, times)
    values = [value for value, times in runs for _ in range(times)]
    assert list(column) == values
    assert [column[n] for n in range(-len(values), len(values))] == values * 2
    told = list(column.runs())
    assert [values[place] for place, _ in told] == [value for _, value in told]
    assert all(one != other for (_, one), (_, other) in pairwise(told))
    with pytest.raises(IndexError):
        column[len(values)]


@given(st.lists(st.sampled_from(["train", "test", "", "קהל"]), max_size=50))
def test_codes(values: list[str]) -> None:
    column = Codes(values)
    assert list(column) == values
    assert [column[n] for n in range(len(values))] == values
    assert column[3:6] == values[3:6]
