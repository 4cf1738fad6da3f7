"""Spans of several sides beside each other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.language.pairing import LEAST, Pieces, align_spans, likeness


def one(start: int, end: int) -> Pieces:
    return ((start, end),)


def test_likeness_is_the_shared_part_of_both() -> None:
    assert likeness(one(0, 10), one(0, 10)) == 1
    assert likeness(one(0, 10), one(5, 15)) == pytest.approx(1 / 3)
    assert likeness(one(0, 10), one(10, 20)) == 0
    assert likeness(((0, 4), (8, 12)), ((0, 4), (8, 12))) == 1
    assert likeness(((0, 4), (8, 12)), one(0, 12)) == pytest.approx(8 / 12)
    assert likeness(((0, 4), (8, 12)), one(4, 8)) == 0


def test_the_same_pieces_come_first_and_then_the_best_pairs() -> None:
    found = align_spans([[one(0, 10), one(20, 30)], [one(0, 9), one(0, 10), one(28, 40)]])
    assert found == [(None, 0), (0, 1), (1, None), (None, 2)]
    assert align_spans([[one(0, 10)], [one(0, 9)], [one(1, 10)]]) == [(0, 0, 0)]


def test_a_chain_of_overlaps_is_not_one_thing() -> None:
    """Each overlaps the next by enough, the first and the last do not overlap at all."""
    found = align_spans([[one(0, 10)], [one(6, 16)], [one(12, 22)]])
    assert sorted(sum(place is not None for place in places) for places in found) == [1, 2]


def test_two_spans_of_one_side_stand_for_two_things() -> None:
    assert align_spans([[one(0, 5), one(0, 5)], [one(0, 5)]]) == [(0, 0), (1, None)]
    assert align_spans([[one(0, 5)], []]) == [(0, None)]
    assert align_spans([[], []]) == []


places = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda p: one(p[0], p[0] + p[1]))
sides = st.lists(st.lists(places, max_size=8, unique=True), min_size=2, max_size=4)


@given(sides, st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_the_order_of_the_sides_decides_nothing(found: list[list[Pieces]], chance: object) -> None:
    order = list(range(len(found)))
    chance.shuffle(order)  # type: ignore[attr-defined]

    def spans(sides: list[list[Pieces]], back: list[int]) -> list[dict[int, Pieces]]:
        return [
            {back[side]: sides[side][place] for side, place in enumerate(places) if place is not None}
            for places in align_spans(sides)
        ]

    plain = spans(found, list(range(len(found))))
    shuffled = spans([found[side] for side in order], order)
    assert sorted(map(repr, (dict(sorted(d.items())) for d in plain))) == sorted(
        map(repr, (dict(sorted(d.items())) for d in shuffled))
    )
    for side, own in enumerate(found):
        assert sorted(thing[side] for thing in plain if side in thing) == sorted(own)
    for thing in plain:
        marks = list(thing.values())
        assert all(likeness(a, b) >= LEAST for a in marks for b in marks)
