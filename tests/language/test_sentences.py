"""Sentences: nothing of a paragraph is lost or told twice, and the ends are where a reader sees them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.language.sentences import sentence_bounds

pieces = st.lists(
    st.sampled_from(
        ["Mr", ".", " ", "!", "”", "“", "Ali", "ran", "\u00a0", "\n", "。", "字", "🙂", "…", "3", "e\u0301", "علي", "؟"]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(pieces, st.text()))
def test_sentences_hold_all_words_once_and_in_order(text: str) -> None:
    bounds = sentence_bounds(text)
    at = 0
    for start, end in bounds:
        assert at <= start < end <= len(text)
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        at = end
    assert text[at:].strip() == ""


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n\u00a0", []),
        ("No end", ["No end"]),
        ("One. Two! Three? Four…", ["One.", "Two!", "Three?", "Four…"]),
        ("“We ran.” She wept. ‘Why?’ “Who”", ["“We ran.”", "She wept.", "‘Why?’", "“Who”"]),
        ("He paid $3.2bn. It was 1.9 % of all.", ["He paid $3.2bn.", "It was 1.9 % of all."]),
        (
            "Mr. Cole met Dr. Aziz of the U.S. Navy. They left.",
            ["Mr. Cole met Dr. Aziz of the U.S. Navy.", "They left."],
        ),
        ("“Stop!” he cried. “Now.”", ["“Stop!” he cried.", "“Now.”"]),
        ("他走了。“为什么？”她问。", ["他走了。", "“为什么？”", "她问。"]),
        ("It fell.  \n  Émile ran.\u00a0Øya slept.", ["It fell.", "Émile ran.", "Øya slept."]),
        ("It fell. علي ran. 🙂", ["It fell.", "علي ran. 🙂"]),
        ("(It fell.) (Twice.)", ["(It fell.)", "(Twice.)"]),
        ("Forty died. 12 were hurt.", ["Forty died.", "12 were hurt."]),
        ("It rose to No. 3. Then fell.", ["It rose to No. 3.", "Then fell."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_bounds(text)] == sentences
