"""How wide text stands on a terminal, and whether all terminals agree on that."""

from __future__ import annotations

import re
import unicodedata

_FROM_THE_RIGHT = {"R", "AL", "AN"}

#: Halves of flags, skin tones, variation selectors and key caps: one character with what stands before, or one more.
_JOINED = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u20e3]")


def cells(text: str) -> int:
    """The columns of a terminal that printable text takes: 2 for most Chinese characters and emoji, 0 for marks."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # late: text that is ASCII alone needs no tables

    return cell_len(text)


def has_sure_columns(text: str) -> bool:
    """Whether every terminal sets the characters of printable text in the same columns.

    Some reorder right-to-left letters and some do not; some draw a flag, or an emoji with its skin tone, as one
    character and some as two; and they differ in the width of the vowel signs of Indic scripts.
    """
    if text.isascii():
        return True
    if any(unicodedata.bidirectional(c) in _FROM_THE_RIGHT or unicodedata.category(c) == "Mc" for c in text):
        return False
    return _JOINED.search(text) is None


def underline(before: str, marked: str) -> tuple[int, int]:
    """The first column (from 0) under ``marked`` where ``before`` stands in front of it, and how many columns.

    At least one: what adds no width (an accent by itself) is shown under the character that it joins, and what is empty
    under the character behind the place.
    """
    start = cells(before)
    if not marked:
        return start, 1
    end = cells(before + marked)
    return (start, end - start) if end > start else (max(0, end - 1), 1)
