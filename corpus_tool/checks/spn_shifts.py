"""Spans that moved against the text: by one number, by a growing one, or each by itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from corpus_tool.checks.check import Part, quoted
from corpus_tool.checks.fixes.mend import Pieces
from corpus_tool.model import pieces

#: How far a shift is looked for, in code points.
MAX_SHIFT = 1000

#: How much longer or shorter a fragment may be than its words, where the text was changed inside it.
TOLERANCE = 10
#: How many fragments a text is divided among in such ways: each one multiplies them.
_MOST_FRAGMENTS = 4

#: Spans times code points of the text that are searched for words one by one.
_MOST_SEARCHED = 10**9


class Placed(NamedTuple):
    """Where spans belong.

    Attributes:
        hint: what happened to them, "" where no explanation fits all of them.
        targets: the pieces of each span where its words stand, in the order of the spans; empty where more than one
            place would do.
    """

    hint: str = ""
    targets: tuple[Pieces, ...] = ()


class _Piece(NamedTuple):
    """A piece of a span, in words."""

    start: int
    end: int
    words: str
    nth: int  # of the span among the parts


def nearest(text: str, words: str, start: int) -> int | None:
    """Where ``words`` stand nearest to an offset of the text; None where they do not."""
    if not words:
        return None
    before = text.rfind(words, 0, min(start, len(text)) + len(words))
    behind = text.find(words, min(start, len(text)))
    found = [at for at in (before, behind) if at >= 0]
    return min(found, key=lambda at: abs(at - start)) if found else None


def growing_shift(text: str, parts: Sequence[Part]) -> Placed:
    """A shift that only grows from span to span, as where characters were deleted or inserted before them.

    Every span has its words, so the shift of each is one of a few. The smallest shifts that fit all spans are the
    explanation; the spans are put there only if no others fit up to twice as far.
    """
    cut = sorted(_pieces_of(text, parts), key=lambda piece: (piece.start, piece.end))
    if any(not piece.words for piece in cut) or len(cut) < 2:
        return Placed()
    for sign in (1, -1):
        least = _least(text, cut, sign)
        if not least or not least[-1] or not _grows(cut, least, sign):
            continue
        targets = _targets(cut, least, sign, len(parts)) if _is_the_only(text, cut, sign, least) else ()
        return Placed(_told(cut, [sign * shift for shift in least]), targets)
    return Placed()


def _pieces_of(text: str, parts: Sequence[Part]) -> Iterator[_Piece]:
    """The pieces of all spans with their words; without words where a text is not divided among its fragments."""
    for nth, part in enumerate(parts):
        words = part.span.text
        cut = pieces(part.span)
        if len(cut) == 1:
            yield _Piece(*cut[0], words, nth)
            continue
        near = text[max(0, cut[0][0] - MAX_SHIFT) : cut[-1][1] + MAX_SHIFT]
        divided = _divided(words, [end - start for start, end in cut], near)
        for i, (start, end) in enumerate(cut):
            yield _Piece(start, end, divided[0][i] if len(divided) == 1 else "", nth)


def _divided(words: str, lengths: Sequence[int], text: str) -> list[list[str]]:
    """The ways to divide the text of a span among fragments of about these lengths that stand in ``text``.

    Where the lengths are exact there is no other way.
    """
    if sum(lengths) + len(lengths) - 1 == len(words):
        starts = list(accumulate((length + 1 for length in lengths), initial=0))
        return [[words[start : start + length] for start, length in zip(starts, lengths, strict=False)]]
    if len(lengths) > _MOST_FRAGMENTS:
        return []
    if len(lengths) == 1:
        return [[words]] if abs(len(words) - lengths[0]) <= TOLERANCE and words in text else []
    found = []
    for at in range(max(1, lengths[0] - TOLERANCE), min(len(words), lengths[0] + TOLERANCE + 1)):
        if words[at] == " " and words[:at] in text:
            found += [[words[:at], *rest] for rest in _divided(words[at + 1 :], lengths[1:], text)]
    return found


def _shifts(text: str, piece: _Piece, sign: int, limit: int) -> list[int]:
    """How far a piece may have moved, up to ``limit`` code points: where its words stand, and stand as whole words."""
    low, high = (piece.start - limit, piece.start) if sign > 0 else (piece.start, piece.start + limit)
    words, found = piece.words, []
    at = text.find(words, max(0, low))
    while 0 <= at <= high:
        if not (_joins(text, at) or _joins(text, at + len(words))):
            found.append(abs(piece.start - at))
        at = text.find(words, at + 1)
    return found[::-1] if sign > 0 else found


def _joins(text: str, at: int) -> bool:
    """Whether a position lies inside a word of plain letters and digits."""
    around = text[max(0, at - 1) : at + 1]
    return len(around) == 2 and at > 0 and around.isascii() and around.isalnum()


def _least(text: str, cut: Sequence[_Piece], sign: int) -> list[int]:
    """The smallest shifts that never fall; empty where there are none."""
    least: list[int] = []
    for piece in cut:
        last = least[-1] if least else 0
        own = next((shift for shift in _shifts(text, piece, sign, MAX_SHIFT) if shift >= last), None)
        if own is None:
            return []
        least.append(own)
    return least


def _is_the_only(text: str, cut: Sequence[_Piece], sign: int, least: Sequence[int]) -> bool:
    """Whether the largest shifts that never fall, up to twice what is needed, are the smallest ones."""
    limit = max(2 * least[-1], least[-1] + 10)
    for piece, low in zip(reversed(cut), reversed(least), strict=True):
        limit = max((shift for shift in _shifts(text, piece, sign, limit) if shift <= limit), default=-1)
        if limit != low:
            return False
    return True


def _grows(cut: Sequence[_Piece], shifts: Sequence[int], sign: int) -> bool:
    """Whether the shift of all starts and ends together never falls: a long span may end where it has grown."""
    events = []
    for piece, shift in zip(cut, shifts, strict=True):
        events.append((piece.start, shift))
        events.append((piece.end, sign * (piece.end - (piece.start - sign * shift + len(piece.words)))))
    events.sort()
    return all(a[1] <= b[1] for a, b in pairwise(events))


def _targets(cut: Sequence[_Piece], shifts: Sequence[int], sign: int, count: int) -> tuple[Pieces, ...]:
    targets: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for piece, shift in zip(cut, shifts, strict=True):
        start = piece.start - sign * shift
        targets[piece.nth].append((start, start + len(piece.words)))
    return tuple(tuple(target) for target in targets)


def _told(cut: Sequence[_Piece], shifts: Sequence[int]) -> str:
    off = [shift for shift in shifts if shift]
    low, high = sorted((abs(off[0]), abs(off[-1])))
    direction = "high" if off[-1] > 0 else "low"
    first = bisect_left([bool(shift) for shift in shifts], True)
    where = f"from {quoted(cut[first].words)} on, " if first else ""
    by = f"by {low} to {high}" if low != high else f"by {low}"
    return f"{where}offsets are too {direction} {by}: the text was changed before these spans"


def anchored(text: str, parts: Sequence[Part], off: Sequence[Part]) -> tuple[Pieces, ...]:
    """Where spans that are off belong, each by its own words; empty where that is not certain for all of them.

    The words of each must stand once in the text, as long as its offsets say, near them, and all spans of the layer
    must stay in the order that they had.

    Args:
        text: the article.
        parts: all spans of a layer.
        off: those of them that are off.
    """
    if len(off) * len(text) > _MOST_SEARCHED:
        return ()
    targets: dict[int, tuple[int, int]] = {}
    for part in off:
        words = part.span.text
        at = text.find(words) if words.strip() else -1
        if (
            part.span.fragments
            or at < 0
            or text.find(words, at + 1) >= 0
            or len(words) != part.span.end - part.span.start
            or abs(at - part.span.start) > MAX_SHIFT
            or _joins(text, at)
            or _joins(text, at + len(words))
        ):
            return ()
        targets[id(part)] = (at, at + len(words))
    before = sorted(parts, key=lambda part: (part.span.start, part.span.end))
    behind = [targets.get(id(part), (part.span.start, part.span.end)) for part in before]
    if any(left > right for left, right in pairwise(start for start, _ in behind)):
        return ()
    return tuple((targets[id(part)],) for part in off)
