"""Two versions of a text laid beside each other: which stretches they share, and where a span of the old one went.

Lines first, then words: what stands once in both texts is an anchor (Bram Cohen's patience diff), and only what lies
between two anchors is looked at more closely. Where nothing is unique, ``difflib`` compares short stretches; longer
ones count as rewritten. Time grows with the texts' length, not with its square.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex  # not re, for which a combining mark is no part of a word

#: A word, white space, or one other sign; of scripts without spaces one character. A word is rewritten as a whole.
_NO_SPACES = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u0e00-\u0e7f"
_TOKEN = regex.compile(rf"[{_NO_SPACES}]|[^\W{_NO_SPACES}]+|\s+|\W")
_LINE = regex.compile(r"[^\n]*\n|[^\n]+")

#: Pairs of tokens between two anchors that ``difflib``, which is quadratic, still compares.
_MOST_PAIRS = 10_000

#: How often a stretch between anchors is searched for anchors of its own.
_MOST_ROUNDS = 32

#: Start in the old text, start in the new one, length; in code points, or in tokens.
Run = tuple[int, int, int]
Pieces = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Alignment:
    """The stretches that two texts share, in order and apart, as (start in the old, start in the new, code points).

    The last one is empty and stands at both ends.
    """

    runs: tuple[Run, ...]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a span of the old text stands in the new one; None where its words are gone or its edge is unsure.

        An edge that lies in a shared stretch moves with it. One that lies exactly where a rewritten stretch begins or
        ends stays at its beginning or end: whoever rewrites a word rewrites the annotated word.
        """
        first, last = self._start(start), self._end(end)
        return (first, last) if first is not None and last is not None and first < last else None

    def pieces(self, pieces: Pieces) -> Pieces | None:
        """The same for a span in several pieces."""
        found = [self.span(start, end) for start, end in pieces]
        return None if None in found else tuple(piece for piece in found if piece is not None)

    def _start(self, at: int) -> int | None:
        index = bisect_right(self.runs, at, key=lambda run: run[0]) - 1
        old, new, length = self.runs[index] if index >= 0 else (0, 0, 0)
        if at < old + length:
            return at - old + new
        return new + length if at == old + length else None

    def _end(self, at: int) -> int | None:
        index = bisect_left(self.runs, at, key=lambda run: run[0] + run[2])
        if index == len(self.runs):
            return None
        old, new, _ = self.runs[index]
        return at - old + new if at >= old else None

    def __post_init__(self) -> None:
        assert self.runs
        assert not self.runs[-1][2]


def align(old: str, new: str) -> Alignment:
    """Lays two texts beside each other.

    Args:
        old: the one that spans are given in.
        new: the one that they are wanted in.
    """
    runs: list[Run] = []
    for run, gap in _walk(_LINE.findall(old), _LINE.findall(new)):
        runs.append(run)
        words = _walk(_TOKEN.findall(old[gap[0] : gap[1]]), _TOKEN.findall(new[gap[2] : gap[3]]))
        runs += [(a + gap[0], b + gap[2], length) for (a, b, length), _ in words]
    return Alignment((*_joined(runs), (len(old), len(new), 0)))


def _walk(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Run, tuple[int, int, int, int]]]:
    """Each shared run of tokens with the gap behind it, both in code points; the first run may be empty."""
    starts_old, starts_new = _starts(old), _starts(new)
    at_old = at_new = 0
    before: Run = (0, 0, 0)
    for a, b, length in [*_shared(old, new), (len(old), len(new), 0)]:
        yield before, (starts_old[at_old], starts_old[a], starts_new[at_new], starts_new[b])
        before = (starts_old[a], starts_new[b], starts_old[a + length] - starts_old[a])
        at_old, at_new = a + length, b + length


def _starts(tokens: Sequence[str]) -> list[int]:
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts


def _shared(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The runs of tokens that two sequences share, in order."""
    found: list[Run] = []
    open_ = [(0, len(old), 0, len(new), 0)]
    while open_:
        a, a_end, b, b_end, rounds = open_.pop()
        head = _common(old[a:a_end], new[b:b_end])
        found.append((a, b, head))
        a, b = a + head, b + head
        tail = _common(old[a:a_end][::-1], new[b:b_end][::-1])
        a_end, b_end = a_end - tail, b_end - tail
        found.append((a_end, b_end, tail))
        if a == a_end or b == b_end:
            continue
        anchors = _anchors(old[a:a_end], new[b:b_end]) if rounds < _MOST_ROUNDS else []
        if anchors:
            ends = [(a + i, b + j) for i, j in anchors]
            found += [(i, j, 1) for i, j in ends]
            gaps = zip([(a, b), *((i + 1, j + 1) for i, j in ends)], [*ends, (a_end, b_end)], strict=True)
            open_ += [(i, i_end, j, j_end, rounds + 1) for (i, j), (i_end, j_end) in gaps]
            continue
        if (a_end - a) * (b_end - b) <= _MOST_PAIRS:
            matcher = difflib.SequenceMatcher(None, old[a:a_end], new[b:b_end], autojunk=False)
            found += [(a + match.a, b + match.b, match.size) for match in matcher.get_matching_blocks()]
    return _joined(found)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many tokens two sequences have in common at their beginning."""
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Tokens that stand once in each sequence, the most of them that come in the same order: (place, place).

    Other signs than words count only where no word stands once in both.
    """
    once_old, once_new = _once(old), _once(new)
    both = [token for token in once_old if token in once_new]
    words = [token for token in both if any(map(str.isalnum, token))]
    pairs = sorted((once_old[token], once_new[token]) for token in words or both)
    # The longest rising row of places in the new sequence: piles with rising tops, each card knows the one beneath it.
    tops: list[int] = []
    cards: list[tuple[int, int, int | None]] = []
    at: list[int] = []
    for i, j in pairs:
        pile = bisect_left(tops, j)
        cards.append((i, j, at[pile - 1] if pile else None))
        tops[pile : pile + 1] = [j]
        at[pile : pile + 1] = [len(cards) - 1]
    row: list[tuple[int, int]] = []
    card = at[-1] if at else None
    while card is not None:
        i, j, card = cards[card]
        row.append((i, j))
    return row[::-1]


def _once(tokens: Sequence[str]) -> dict[str, int]:
    counts = Counter(tokens)
    return {token: place for place, token in enumerate(tokens) if counts[token] == 1}


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Runs in order, those that touch made one, empty ones left out."""
    found: list[Run] = []
    for a, b, length in sorted(runs):
        if not length:
            continue
        if found and found[-1][0] + found[-1][2] == a and found[-1][1] + found[-1][2] == b:
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + length)
        else:
            found.append((a, b, length))
    return found
