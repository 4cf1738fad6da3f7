"""Carets stand under what they mark; where terminals differ in the columns, brackets stand around it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.diagnostics import Context, Diagnostic, Severity
from corpus_tool.diagnostics.render import render_line
from corpus_tool.diagnostics.render.text import printable
from corpus_tool.diagnostics.width import cells, has_sure_columns


def rows(text: str, *marks: tuple[int, int], **rest: object) -> list[str]:
    """The context's rows behind the gutter: the line, and the carets."""
    context = Context(text=text, marks=marks, line=7, **rest)  # type: ignore[arg-type]
    shown = render_line(Diagnostic("SPN103", "text-differs", Severity.ERROR, "m", "x.json", context=context))
    gutters = [line.partition(" | ") for line in shown.splitlines() if " | " in line]
    assert {len(gutter) for gutter, _, _ in gutters} == {len("  text:7")}
    return [line for _, _, line in gutters]


def marked(text: str, words: str, **rest: object) -> list[str]:
    start = text.index(words)
    return rows(text, (start, start + len(words)), **rest)


@pytest.mark.parametrize(
    ("text", "words", "shown", "carets"),
    [
        ("Ana left.", "Ana", "Ana left.", "^^^"),
        ("Then Ana", "Ana", "Then Ana", "     ^^^"),
        ("港口 Ana", "Ana", "港口 Ana", "     ^^^"),
        ("in 港口。", "港口", "in 港口。", "   ^^^^"),
        ("😀 Ana 😀 Bo", "Bo", "😀 Ana 😀 Bo", "          ^^"),
        ("👩\u200d👧 x", "x", "👩\\u200d👧 x", "           ^"),
        ("Cafe\u0301 Ana", "Ana", "Cafe\u0301 Ana", "     ^^^"),
        ("Cafe\u0301 Ana", "Cafe\u0301", "Cafe\u0301 Ana", "^^^^"),
        ("Cafe\u0301 Ana", "\u0301", "Cafe\u0301 Ana", "   ^"),
        ("a\u200bAna", "Ana", "a\\u200bAna", "       ^^^"),
        ("Ka\u200bbul.", "Ka\u200bbul", "Ka\\u200bbul.", "^^^^^^^^^^^"),
        ("a\u00a0\u3000Ana", "Ana", "a\u00a0\u3000Ana", "    ^^^"),
        ("a\tb\x1b[2J Ana", "Ana", "a\\u0009b\\u001b[2J Ana", "                  ^^^"),
        ("ไทย กำ Ana", "Ana", "ไทย กำ Ana", "       ^^^"),
        ("한국 Ana", "Ana", "한국 Ana", "     ^^^"),
        ("“We,” ‘no", "‘no", "“We,” ‘no", "      ^^^"),
    ],
)
def test_carets_stand_under_the_words(text: str, words: str, shown: str, carets: str) -> None:
    assert marked(text, words) == [shown, carets]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("قال علي حسن أمس", "علي حسن", "قال ⟦علي حسن⟧ أمس"),
        ("אמר Ana כהן", "Ana", "אמר ⟦Ana⟧ כהן"),
        ("the word שלום today", "today", "the word שלום ⟦today⟧"),
        ("a\u202eعbc", "bc", "a\\u202eع⟦bc⟧"),
        ("a👍🏽b", "b", "a👍🏽⟦b⟧"),
        ("❤️ x", "x", "❤️ ⟦x⟧"),
        ("🇩🇪 Bo", "🇩🇪", "⟦🇩🇪⟧ Bo"),
        ("सच क्षि Ana", "क्षि", "सच ⟦क्षि⟧ Ana"),
    ],
)
def test_where_terminals_differ_in_the_columns_brackets_stand_in_place_of_carets(
    text: str, words: str, shown: str
) -> None:
    assert marked(text, words) == [shown]


def test_fragments_points_and_cuts_are_shown() -> None:
    assert rows("“We,” she said. “Go.”", (0, 5), (16, 21)) == ["“We,” she said. “Go.”", "^^^^^           ^^^^^"]
    assert rows("Ana", (3, 3)) == ["Ana", "   ^"]
    assert rows("Ana left", (4, 8), offset=12, cut=True, goes_on=True) == ["… Ana left …", "      ^^^^…"]


def test_a_line_of_the_file_has_its_number_alone() -> None:
    context = Context(text='"b": [1,}', marks=((8, 9),), line=12, of="file")
    shown = render_line(Diagnostic("DOC102", "invalid-json", Severity.ERROR, "m", "x.json", context=context))
    assert shown.splitlines()[1:] == ['  12 | "b": [1,}', "     |         ^"]


nasty = st.text(st.one_of(st.characters(), st.sampled_from("ab 港😀\u0301\u200d\u200b\ufe0f🏽🇩\n\rع⟦")), max_size=30)


@given(nasty, nasty, nasty)
def test_any_context_is_two_safe_rows_with_a_caret_under_a_character(before: str, words: str, after: str) -> None:
    text = before + words + after
    shown = rows(text, (len(before), len(before) + len(words)))
    assert len(shown) == 1 + has_sure_columns(printable(text))
    assert not {unicodedata.category(c) for c in "".join(shown)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    if len(shown) == 2:
        assert shown[1].strip(" ").strip("^") == ""
        assert 1 <= len(shown[1]) <= cells(shown[0]) + 1
        assert "^" in shown[1]
