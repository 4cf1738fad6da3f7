"""Tokens and BIO tags. A token never depends on the annotations, so that gold and prediction share it.

Where spans of a layer nest, the outermost is tagged; inner spans, discontinuous ones, and those that do not begin and
end with a token are left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import regex

from corpus_tool.model import Annotation

#: A run of letters, digits and their marks; in scripts without spaces, and for any other sign, one grapheme cluster.
_TOKEN = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
    r"|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])[\p{L}\p{N}][\p{M}\u200c\u200d]*)+"
    r"|\p{GCB=Prepend}|(?!\s)\X"  # a sign that stands before a number (\u0600) is of its grapheme, space or not
)
OUTSIDE, BEGIN, INSIDE = 0, 1, 2


class Token(NamedTuple):
    """A token and where it lies in the document's text, in code points."""

    text: str
    start: int
    end: int


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``, with offsets into ``text``."""
    return [Token(m.group(), *m.span()) for m in _TOKEN.finditer(text, start, end)]


def bio_tags(tokens: Sequence[Token], spans: Sequence[Annotation]) -> tuple[list[int], Counter[str]]:
    """Tags of the tokens (0 O, 1 B, 2 I) and, by reason, how many spans have none.

    Args:
        tokens: the tokens of one block.
        spans: the annotations of one layer that lie in the block.
    """
    tags = [OUTSIDE] * len(tokens)
    starts = {token.start: i for i, token in enumerate(tokens)}
    ends = {token.end: i for i, token in enumerate(tokens)}
    left_out: Counter[str] = Counter()
    for span in sorted(spans, key=lambda a: (a.start - a.end, a.start)):
        if span.fragments:
            left_out["discontinuous"] += 1
            continue
        first, last = starts.get(span.start), ends.get(span.end)
        if first is None or last is None:
            left_out["inside a token"] += 1
        elif any(tags[first : last + 1]):
            left_out["nested"] += 1
        else:
            tags[first : last + 1] = [BEGIN, *[INSIDE] * (last - first)]
    return tags, left_out
