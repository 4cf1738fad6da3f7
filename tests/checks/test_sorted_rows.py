"""Sorted rows: the same rows come out whether they fit into memory or not, in order and never torn apart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.checks.corpus import sorted_rows
from corpus_tool.checks.corpus.sorted_rows import SortedRows


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5)), st.integers(1, 9), st.sampled_from([0, 32]))
def test_rows_come_back_sorted_and_equal_keys_together(keys: list[int], most: int, shift: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_rows, "_IN_MEMORY", 12 * most)
        patch.setattr(sorted_rows, "_SAMPLES", 2)
        rows = SortedRows(1)
        for number, key in enumerate(keys):
            rows.add(key, number)
        assert len(rows) == len(keys)
        parts = [list(zip(p.keys.tolist(), p.columns[0].tolist(), strict=True)) for p in rows.parts(shift)]
        rows.close()
    expected = sorted((key & (2**64 - 1), number) for number, key in enumerate(keys))
    assert [row for part in parts for row in part] == expected
    places = [{key >> shift for key, _ in part} for part in parts]
    assert sum(map(len, places)) == len(set().union(*places))


def test_a_part_is_about_as_large_as_what_is_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_rows, "_IN_MEMORY", 8 * 1000)
    rng = random.Random(1)
    rows = SortedRows()
    for _ in range(100):
        rows.extend(b"".join(rng.randrange(2**64).to_bytes(8, "little") for _ in range(500)))
    sizes = [len(part.keys) for part in rows.parts()]
    rows.close()
    assert sum(sizes) == 50_000
    assert max(sizes) < 3000


def test_a_key_that_all_rows_have_comes_in_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_rows, "_IN_MEMORY", 8 * 50)
    rows = SortedRows()
    for _ in range(500):
        rows.add(7)
    assert [len(part.keys) for part in rows.parts() if len(part.keys)] == [500]
    rows.close()


def test_no_rows_give_no_part() -> None:
    rows = SortedRows(2)
    assert list(rows.parts()) == []
    rows.close()
