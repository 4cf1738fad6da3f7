"""Whether a text is in the language that the default annotators read."""

from __future__ import annotations

import re

#: The commonest words of English that are no common words of its neighbours; they are about a fifth of news text.
_COMMON = frozenset(
    (
        "the",
        "of",
        "and",
        "to",
        "a",
        "that",
        "is",
        "was",
        "for",
        "it",
        "with",
        "as",
        "his",
        "on",
        "be",
        "at",
        "by",
        "had",
        "are",
    )
) | {"but", "from", "they", "which", "or", "an", "were"}
_WORD = re.compile(r"[^\W\d_]+")

#: Shorter texts are believed to be what they are said to be.
_ENOUGH_WORDS = 30

#: Other languages stay below 5 % (loan words, names, "a" and "on" in some); English news above 15 %.
_ENGLISH_RATE = 0.08


def is_english(text: str) -> bool:
    """Whether a text reads as English, by the rate of its commonest words; True where it is too short to tell."""
    words = [word.lower() for word in _WORD.findall(text[:20_000])]
    return len(words) < _ENOUGH_WORDS or sum(word in _COMMON for word in words) >= _ENGLISH_RATE * len(words)
