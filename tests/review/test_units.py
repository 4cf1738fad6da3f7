"""UTF-16 code units and code points: there and back, and never into the middle of a character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.review.refusal import Refusal
from corpus_tool.review.units import Units

TEXTS = st.text(
    st.one_of(st.sampled_from("aé\u0301\u202eא陈\u200d\n"), st.characters(exclude_categories=["Cs"])), max_size=30
)


def in_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS)
def test_every_offset_goes_there_and_back(text: str) -> None:
    units = Units(text)
    assert units.length == in_units(text)
    for point in range(len(text) + 1):
        unit = units.to_units(point)
        assert unit == in_units(text[:point])
        assert units.to_points(unit) == point


@given(TEXTS)
def test_an_offset_inside_a_surrogate_pair_or_outside_the_text_is_refused(text: str) -> None:
    units = Units(text)
    whole = {in_units(text[:point]) for point in range(len(text) + 1)}
    for unit in {-1, units.length + 1, *range(units.length + 1)} - whole:
        with pytest.raises(Refusal, match=str(unit)):
            units.to_points(unit)


def test_an_emoji_of_several_code_points_is_counted_by_each() -> None:
    units = Units("👩‍🚒!")
    assert [units.to_units(point) for point in range(5)] == [0, 2, 3, 5, 6]
    with pytest.raises(Refusal, match="lies inside '🚒'"):
        units.to_points(4)
