"""Verbatim strings found in a text: exact, folded, in order, the nth time; else refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.annotate.plugins.align import align, fold

TEXT = "Iran said Iranian ships left. Tehran warned Iran-backed groups, and Iran left."


def found(text: str, wanted: list[str], regions: list[tuple[int, int]] | None = None) -> list[str | None]:
    return [p and text[slice(*p)] for p in align(text, wanted, regions or [(0, len(text))])]


def test_repeated_strings_take_one_occurrence_each_and_never_a_part_of_a_word() -> None:
    places = align(TEXT, ["Iran", "Iran", "Iran"], [(0, len(TEXT))])
    assert places == [(0, 4), (44, 48), (68, 72)]
    assert align(TEXT, ["Iran"] * 4, [(0, len(TEXT))])[3] is None


def test_the_order_of_the_text_tells_which_occurrence_is_meant() -> None:
    assert align(TEXT, ["Tehran", "Iran"], [(0, len(TEXT))]) == [(30, 36), (44, 48)]
    assert align(TEXT, ["Tehran", "Iran", "Iran", "Iran"], [(0, len(TEXT))]) == [(30, 36), (0, 4), (44, 48), (68, 72)]


def test_nested_strings_stand_in_one_another() -> None:
    assert align(TEXT, ["Iran-backed groups", "Iran"], [(0, len(TEXT))]) == [(44, 62), (44, 48)]


@pytest.mark.parametrize(
    ("text", "given_as", "stands_as"),
    [
        ("He said “we go” now", '"we go"', "“we go”"),
        ('He said "we go" now', "“we go”", '"we go"'),
        ("the port’s chief", "port's chief", "port’s chief"),
        ("up to 3 \u00a0\n billion", "3 billion", "3 \u00a0\n billion"),
        ("Iran–Iraq war", "Iran-Iraq war", "Iran–Iraq war"),
        ("wait … here", "wait ... here", "wait … here"),
        ("co\u00adoperation", "cooperation", "co\u00adoperation"),
        ("中国在北京说", "北京", "北京"),
        ("🙂 Ali 🙂", " Ali\n", "Ali"),
    ],
)
def test_marks_spaces_and_dashes_are_folded_and_the_texts_own_words_come_back(
    text: str, given_as: str, stands_as: str
) -> None:
    assert found(text, [given_as]) == [stands_as]


@pytest.mark.parametrize("wanted", ["Teheran", "", " ", "ran", "iran said", "left. Tehran warned Iraq"])
def test_what_does_not_stand_in_the_text_is_refused(wanted: str) -> None:
    assert found(TEXT, [wanted]) == [None]


def test_no_string_lies_across_two_regions() -> None:
    assert found("one two", ["one two", "two"], [(0, 3), (4, 7)]) == [None, "two"]


@given(st.text(st.sampled_from("ab \u00a0\n“\"'’–-…\u200b中"), max_size=30), st.data())
def test_every_place_found_folds_to_what_was_given(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    wanted = [text[start : data.draw(st.integers(start, len(text)))] for _ in range(3)]
    for words, place in zip(wanted, align(text, wanted, [(0, len(text))]), strict=True):
        assert place is None or fold(text[slice(*place)]).text.strip() == fold(words).text.strip()
