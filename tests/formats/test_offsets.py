"""Offsets in other tools' units, and the unit told by evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.formats.offsets import (
    CODE_POINTS,
    GRAPHEMES,
    SCALES,
    UTF8,
    UTF16,
    detect_unit,
    normal,
    same_words,
    scale_of,
    to_code_points,
)

TEXT = "👩‍👩‍👧 e\u0301té\r\nعلي “said” 𝔘 港口\n"


@given(st.text(alphabet=st.sampled_from("a é\u0301\u200d😀👧🇩🇪\r\n港ع\u00a0"), max_size=30))
def test_units_are_what_other_languages_count(text: str) -> None:
    counted = {UTF8: lambda s: len(s.encode()), UTF16: lambda s: len(s.encode("utf-16-le")) // 2, CODE_POINTS: len}
    for unit, count in counted.items():
        scale = scale_of(text, unit)
        for at in range(len(text) + 1):
            assert to_code_points(scale, count(text[:at])) == at
        assert to_code_points(scale, count(text) + 1) is None
    assert to_code_points(scale_of(text, GRAPHEMES), 0) == 0


def test_no_offset_leads_into_a_character() -> None:
    assert to_code_points(scale_of("😀x", UTF16), 1) is None
    assert to_code_points(scale_of("éx", UTF8), 1) is None
    family = scale_of(TEXT, GRAPHEMES)
    assert to_code_points(family, 1) == 5


@pytest.mark.parametrize("unit", SCALES)
def test_a_text_of_nothing_has_one_position(unit: str) -> None:
    assert list(scale_of("", unit)) == [0]


def test_line_ends_and_a_byte_order_mark_go_and_offsets_follow() -> None:
    raw = "\ufeffA\r\n\r\nB\rC\r\n"
    found = normal(raw)
    assert found.text == "A\n\nB\nC\n"
    for letter in "ABC":
        assert found.text[found.moved(raw.index(letter))] == letter
    assert found.moved(len(raw)) == len(found.text)


def spans(unit: str, *words: str, tell: bool) -> list[tuple[int, int, str | None]]:
    scale = scale_of(TEXT, unit)
    made = []
    for word in words:
        start = TEXT.index(word)
        made.append((scale[start], scale[start + len(word)], word if tell else None))
    return made


@pytest.mark.parametrize("tell", [True, False])
@pytest.mark.parametrize("unit", SCALES)
def test_the_unit_is_told_by_the_words_or_by_where_the_spans_stand(unit: str, tell: bool) -> None:
    found = detect_unit([(TEXT, spans(unit, "علي", "said", "港口", tell=tell))], tuple(SCALES))
    assert found.unit == unit
    assert found.clear


def test_what_fits_two_units_is_said_to() -> None:
    # behind the emoji, "a b c" read one further is a word too
    found = detect_unit([("😀 a b c d", [(4, 5, None)])], (CODE_POINTS, UTF16))
    assert not detect_unit([("😀 ab cd", [(2, 4, None), (3, 5, None)])], (CODE_POINTS, UTF16)).clear
    assert found.unit == CODE_POINTS
    assert detect_unit([("plain", [(0, 5, None)])]).clear
    assert detect_unit([]).clear


def test_words_are_the_same_whatever_the_white_space() -> None:
    assert same_words("two\u00a0\nwords", "two words")
    assert not same_words("two words", "two word")
