"""Tokens and BIO tags. A token never depends on the annotations, so that gold and prediction share it.

Where spans of a layer nest, the outermost is tagged; inner spans, discontinuous ones, and those that do not begin and
end with a token are left out and counted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import regex

from corpus_tool.model import Annotation

#: A run of letters, digits and their marks; in scripts without spaces, and for any other sign, one grapheme cluster.
_TOKEN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])[\p{L}\p{N}][\p{M}\u200c\u200d]*)+"
    r"|\p{GCB=Prepend}|(?!\s)\X"  # a sign that stands before a number (\u0600) is of its grapheme, space or not
)

#: Letters, digits and signs of western languages in text where nothing combines: there the same tokens are found by a
#: simpler pattern, in half the time. Spaces stand in both classes' absence, so that no line end is part of a token.
_LETTERS = "0-9A-Za-zÀ-ÖØ-öø-ÿĀ-ž"
_SIGNS = "!-/:-@\\[-`{-~“”‘’„«»‹›–—…€£©"
_PLAIN = re.compile(f"[{_LETTERS}{_SIGNS} \t\n\r\u00a0]*")
_PLAIN_TOKEN = re.compile(f"[{_LETTERS}]+|[{_SIGNS}]")
OUTSIDE, BEGIN, INSIDE = 0, 1, 2


def token_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the tokens of ``text[start:end]`` begin and end, in code points of ``text``."""
    pattern = _PLAIN_TOKEN if _PLAIN.fullmatch(text, start, end) else _TOKEN
    return [match.span() for match in pattern.finditer(text, start, end)]


def bio_tags(starts: Sequence[int], ends: Sequence[int], spans: Sequence[Annotation]) -> tuple[list[int], Counter[str]]:
    """Tags of the tokens (0 O, 1 B, 2 I) and, by reason, how many spans have none.

    Args:
        starts: where the tokens of one block begin, in code points.
        ends: where they end.
        spans: the annotations of one layer that lie in the block.
    """
    tags = [OUTSIDE] * len(starts)
    left_out: Counter[str] = Counter()
    for span in sorted(spans, key=lambda a: (a.start - a.end, a.start)):
        if span.fragments:
            left_out["discontinuous"] += 1
            continue
        first, last = _place(starts, span.start), _place(ends, span.end)
        if first is None or last is None:
            left_out["inside a token"] += 1
        elif any(tags[first : last + 1]):
            left_out["nested"] += 1
        else:
            tags[first : last + 1] = [BEGIN, *[INSIDE] * (last - first)]
    return tags, left_out


def _place(positions: Sequence[int], position: int) -> int | None:
    """The place of a position among ascending ones, None where it is not there."""
    at = bisect_left(positions, position)
    return at if at < len(positions) and positions[at] == position else None
