"""Tokens and BIO tags."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus_tool.build.tokens import bio_tags
from corpus_tool.language.tokens import _PLAIN, _TOKEN, token_spans
from corpus_tool.model import Annotation, Fragment


class Token(NamedTuple):
    """A token and where it lies in the text, in code points."""

    text: str
    start: int
    end: int


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``, with offsets into ``text``."""
    return [Token(text[first:last], first, last) for first, last in token_spans(text, start, end)]


nasty = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [
                "a",
                "é",
                "e\u0301",
                "حَي",
                "ש",
                "字",
                "ไทย",
                "🙂",
                "👩🏽‍🚒",
                "🇩🇪",
                " ",
                "\u00a0",
                "\r\n",
                "\u0600",
                "“",
                "'",
                "3",
                "-",
                "\u200b",
            ]
        ),
        max_size=12,
    ).map("".join),
)


@given(nasty)
@example("\u0600 a")
@example("\u0600\u0600")
def test_tokens_are_the_text_without_its_white_space(text: str) -> None:
    at = 0
    for token in tokenize(text, 0, len(text)):
        assert text[token.start : token.end] == token.text != ""
        assert token.start >= at
        assert text[at : token.start].strip() == ""
        assert not any(c.isspace() and c > "\x1f" for c in token.text)
        at = token.end
    assert text[at:].strip() == ""


@given(nasty, nasty, nasty)
def test_offsets_are_those_of_the_whole_text(before: str, text: str, after: str) -> None:
    alone = tokenize(text, 0, len(text))
    inside = tokenize(before + text + after, len(before), len(before) + len(text))
    assert [(t.text, t.start - len(before), t.end - len(before)) for t in inside] == [tuple(t) for t in alone]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("“Don’t,” he said.", ["“", "Don", "’", "t", ",", "”", "he", "said", "."]),
        ("€3.2bn – 20%", ["€", "3", ".", "2bn", "–", "20", "%"]),
        ("cafe\u0301s na\u00a0 x", ["cafe\u0301s", "na", "x"]),
        ("نَمِل حَيْفا", ["نَمِل", "حَيْفا"]),
        ("李娜说。", ["李", "娜", "说", "。"]),
        ("दिल्ली में", ["दिल्ली", "में"]),
        ("👩🏽‍🚒🇩🇪🔥", ["👩🏽‍🚒", "🇩🇪", "🔥"]),
        ("", []),
        (" \r\n\u00a0\u3000", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenize(text, 0, len(text))] == tokens


def test_a_combining_mark_is_never_cut_from_its_letter() -> None:
    for text in ("e\u0301", "字\u0301", "ก\u0e49", "🙂\ufe0f"):
        assert [token.text for token in tokenize(text, 0, len(text))] == [unicodedata.normalize("NFC", text)] or [
            token.text for token in tokenize(text, 0, len(text))
        ] == [text]


@given(st.text(st.sampled_from("aZ0é Ÿž_'“”…–€©«.\n\r\t\u00a0²ªªſ\u0301\u200d🙂字"), max_size=12))
@example("Ali’s “É” 3,5 %\u00a0ok")
@example("a\r\nb")
def test_plain_text_has_the_same_tokens_by_the_simpler_pattern(text: str) -> None:
    thorough = [match.span() for match in _TOKEN.finditer(text)]
    assert token_spans(text, 0, len(text)) == thorough


def test_every_sign_of_plain_text_is_a_token_of_its_own_or_of_a_word() -> None:
    plain = [chr(number) for number in range(0x3000) if _PLAIN.fullmatch(chr(number))]
    assert len(plain) > 250
    for one in plain:
        text = f"a{one}b{one}{one}"
        assert token_spans(text, 0, len(text)) == [match.span() for match in _TOKEN.finditer(text)], hex(ord(one))


def _tags(text: str, spans: list[Annotation]) -> tuple[list[int], Counter[str]]:
    tokens = tokenize(text, 0, len(text))
    return bio_tags([token.start for token in tokens], [token.end for token in tokens], spans)


def tagged(text: str, *spans: tuple[int, int]) -> tuple[str, Counter[str]]:
    found = [Annotation(id=f"a{i}", start=s, end=e, text=text[s:e]) for i, (s, e) in enumerate(spans)]
    tags, left_out = _tags(text, found)
    return "".join("OBI"[tag] for tag in tags), left_out


@pytest.mark.parametrize(
    ("text", "spans", "tags", "left_out"),
    [
        ("Ali of Bonn ran", [(0, 11)], "BIIO", {}),
        ("Ali Bo", [(0, 3), (4, 6)], "BB", {}),
        ("Ali Bo", [(4, 6), (0, 3)], "BB", {}),
        ("Iran - backed men", [(0, 4), (0, 17)], "BIII", {"nested": 1}),
        ("Iran - backed men", [(0, 17), (7, 17), (14, 17)], "BIII", {"nested": 2}),
        ("a b c", [(0, 3), (2, 5)], "BIO", {"nested": 1}),
        ("Ali", [(0, 3), (0, 3)], "B", {"nested": 1}),
        ("Iranian", [(0, 4), (4, 7)], "O", {"inside a token": 2}),
        ("Ali ran", [(0, 4)], "OO", {"inside a token": 1}),
        ("李娜说", [(0, 2)], "BIO", {}),
        ("", [], "", {}),
    ],
)
def test_the_outermost_span_is_tagged_and_the_rest_counted(
    text: str, spans: list[tuple[int, int]], tags: str, left_out: dict[str, int]
) -> None:
    assert tagged(text, *spans) == (tags, left_out)


def test_a_discontinuous_span_is_counted_and_not_tagged() -> None:
    pieces = (Fragment(start=0, end=1), Fragment(start=4, end=5))
    span = Annotation(id="a1", start=0, end=5, text="a c", fragments=pieces)
    assert _tags("a b c", [span]) == ([0, 0, 0], {"discontinuous": 1})


@given(nasty, st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=6))
def test_every_span_is_tagged_or_counted(text: str, places: list[tuple[int, int]]) -> None:
    spans = [(s, s + n) for s, n in places if s + n <= len(text)]
    tags, left_out = tagged(text, *spans)
    assert tags.count("B") + left_out.total() == len(spans)
    assert "OI" not in tags
    assert not tags.startswith("I")
