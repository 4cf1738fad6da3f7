"""Laying two texts beside each other: what is shared is the same, spans keep their words, and time stays bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.diff.align import align

texts = st.text(st.sampled_from("ab \n“”😀é\u0301李حא\u00a0\r"), max_size=60)


@given(texts, texts)
def test_what_two_texts_share_is_in_both_in_one_order(old: str, new: str) -> None:
    at_old = at_new = 0
    for start, other, length in align(old, new).runs:
        assert at_old <= start
        assert at_new <= other
        assert old[start : start + length] == new[other : other + length]
        at_old, at_new = start + length, other + length


@given(texts)
def test_in_the_same_text_every_span_stays(text: str) -> None:
    same = align(text, text)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            assert same.span(start, end) == (start, end)


@given(texts, st.sampled_from(["Neu. ", "😀\n", "e\u0301"]), st.data())
def test_behind_and_before_an_insertion_spans_keep_their_words(text: str, words: str, data: st.DataObject) -> None:
    text = f"Haifa port {text}\nNour said so."
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + words + text[at:]
    for own in ("Haifa", "Nour"):
        start = text.index(own)
        if start <= at <= start + len(own):
            continue  # a word that grew is another word
        found = align(text, changed).span(start, start + len(own))
        assert found is not None
        assert changed[slice(*found)] == own


@pytest.mark.parametrize(
    ("old", "new", "words", "now"),
    [
        (
            "the senior port official said",
            "the senior harbour official said",
            "senior port official",
            "senior harbour official",
        ),
        ("Rosa Lind said", "Rosa Lindt said", "Rosa Lind", "Rosa Lindt"),
        ("said Rosa.", "said Ben.", "Rosa", "Ben"),
        ("said Rosa yesterday.", "said yesterday.", "Rosa ", None),
        ("李娜说火灾", "昨天李娜说大火灾", "李娜", "李娜"),
        ("a\u0301 😀 Rosa", "😀😀 a\u0301 😀 Rosa", "Rosa", "Rosa"),
    ],
)
def test_a_span_goes_where_its_words_went(old: str, new: str, words: str, now: str | None) -> None:
    start = old.index(words)
    found = align(old, new).span(start, start + len(words))
    assert (new[slice(*found)] if found else None) == now


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 100_000, "b a " * 50_000),
        ("李" * 200_000, "李" * 100_000 + "x" + "李" * 100_000),
        ("\n" * 200_000, "x\n" * 100_000),
        ("the man of the city said he " * 8_000, "the city of the man he said " * 8_000),
    ],
)
def test_long_monotonous_texts_come_to_an_end(old: str, new: str) -> None:
    """What grew with the square of the text would keep the suite here for hours."""
    assert align(old, new) is not None
