"""BIO tags of tokens, which never depend on the annotations, so that gold and prediction share them.

Where spans of a layer nest, the outermost is tagged; inner spans, discontinuous ones, and those that do not begin and
end with a token are left out and counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from corpus_tool.model import Annotation

OUTSIDE, BEGIN, INSIDE = 0, 1, 2


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
