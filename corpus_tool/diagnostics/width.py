"""How wide text stands on a terminal, and whether it runs from the right there."""

from __future__ import annotations

import unicodedata


def cells(text: str) -> int:
    """The columns of a terminal that printable text takes: 2 for most Chinese characters and emoji, 0 for marks."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # late: text that is ASCII alone needs no tables

    return cell_len(text)


def is_right_to_left(text: str) -> bool:
    """Whether text holds letters or digits that terminals with bidi support set from the right."""
    return not text.isascii() and any(unicodedata.bidirectional(c) in {"R", "AL", "AN"} for c in text)


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
