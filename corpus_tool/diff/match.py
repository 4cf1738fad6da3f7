"""Which annotation of the new version is which of the old one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterator, Sequence

from corpus_tool.diff.align import Pieces
from corpus_tool.diff.record import Mark

#: Code points between two places of the same words; further away it is another mention of the same name.
NEAR = 100

#: An old annotation and where it stands in the new text; None where its words are gone.
Placed = tuple[Mark, Pieces | None]
Pair = tuple[Mark | None, Mark | None]
_Key = Callable[[Mark, Pieces | None], Hashable]

#: What makes two annotations one, the surest first; what a step has paired, later ones do not see. None pairs nothing.
_STEPS: tuple[_Key, ...] = (
    lambda mark, pieces: pieces and (pieces, mark.kind, mark.id),
    lambda mark, pieces: pieces and (pieces, mark.kind),
    lambda mark, pieces: mark.id,
    lambda mark, pieces: pieces,
)


def match_marks(
    old: Sequence[Placed], new: Sequence[Mark], old_words: Callable[[Mark], str], new_words: Callable[[Mark], str]
) -> Iterator[Pair]:
    """Pairs of annotations of one layer; None stands for what the other version does not have.

    First those of the same place and kind, then of the same id, then of the same place, then of the same kind and
    words near by.

    Args:
        old: with where they stand in the new text.
        new: as they are.
        old_words: gives the words of an old one, "" where they are withheld.
        new_words: the same of a new one.
    """
    left_old, left_new = list(old), list(new)
    for key in _STEPS:
        pairs, left_old, left_new = _step(left_old, left_new, key)
        yield from pairs
    pairs, left_old, left_new = _near(left_old, left_new, old_words, new_words)
    yield from pairs
    yield from ((mark, None) for mark, _ in left_old)
    yield from ((None, mark) for mark in left_new)


def _step(old: Sequence[Placed], new: Sequence[Mark], key: _Key) -> tuple[list[Pair], list[Placed], list[Mark]]:
    waiting: dict[Hashable, list[Mark]] = {}
    for mark in reversed(new):
        waiting.setdefault(key(mark, mark.pieces), []).append(mark)
    pairs: list[Pair] = []
    left: list[Placed] = []
    for mark, pieces in old:
        own = key(mark, pieces)
        found = waiting.get(own) if own is not None else None
        if found:
            pairs.append((mark, found.pop()))
        else:
            left.append((mark, pieces))
    taken = {id(pair[1]) for pair in pairs}
    return pairs, left, [mark for mark in new if id(mark) not in taken]


def _near(
    old: Sequence[Placed], new: Sequence[Mark], old_words: Callable[[Mark], str], new_words: Callable[[Mark], str]
) -> tuple[list[Pair], list[Placed], list[Mark]]:
    waiting: dict[tuple[str, str], list[Mark]] = {}
    for mark in sorted(new, key=_start):
        if words := new_words(mark):
            waiting.setdefault((words, mark.kind), []).append(mark)
    pairs: list[Pair] = []
    left: list[Placed] = []
    for mark, pieces in old:
        others = waiting.get((old_words(mark), mark.kind), [])
        place = _nearest(others, pieces[0][0]) if pieces else None
        if place is None:
            left.append((mark, pieces))
        else:
            pairs.append((mark, others.pop(place)))
    taken = {id(pair[1]) for pair in pairs}
    return pairs, left, [mark for mark in new if id(mark) not in taken]


def _start(mark: Mark) -> int:
    return mark.pieces[0][0]


def _nearest(marks: Sequence[Mark], start: int) -> int | None:
    """The place of the annotation that begins nearest to ``start``, None where none begins near it."""
    at = bisect_left(marks, start, key=_start)
    around = [place for place in (at - 1, at) if 0 <= place < len(marks)]
    best = min(around, key=lambda place: abs(_start(marks[place]) - start), default=None)
    return best if best is not None and abs(_start(marks[best]) - start) <= NEAR else None
