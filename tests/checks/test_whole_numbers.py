"""FIG3xx read whole numbers by themselves; they read them as the grammar of quantities does."""

from __future__ import annotations

import random

import pytest

from corpus_tool.checks.fig_words import _WHOLE_NUMBER, _readings
from corpus_tool.language.numbers import readings

RNG = random.Random("whole numbers")
NUMBERS = [RNG.randint(1, 10 ** RNG.randint(1, 13)) for _ in range(300)]


@pytest.mark.parametrize("words", [f"{n}" for n in NUMBERS] + [f"{n:,}" for n in NUMBERS] + ["1", "999", "1,000"])
def test_whole_numbers_are_read_as_the_grammar_reads_them(words: str) -> None:
    assert _readings(words) == readings(words)


@pytest.mark.parametrize("words", ["0", "007", "1,00", "1,0000", "٤٠", "40 ", "1.200", "2254th", "1234567890", "+5"])
def test_other_texts_are_left_to_the_grammar(words: str) -> None:
    assert not _WHOLE_NUMBER.fullmatch(words)
    assert _readings(words) == readings(words)
