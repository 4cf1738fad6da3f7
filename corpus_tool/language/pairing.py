"""Spans of two sides or more, paired: the ones with the same bounds first, then those that share most characters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

#: Start and end of each piece of a span, in code points: one piece for a continuous one.
Pieces = tuple[tuple[int, int], ...]

#: Two spans can be a pair where they share this part of the characters of both.
LEAST = 0.2


def likeness(one: Pieces, other: Pieces) -> float:
    """The characters that two spans share, over those that either holds: 1 for the same pieces, 0 for spans apart."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    either = sum(end - start for span in (one, other) for start, end in span) - shared
    return shared / either if either else float(one == other)


def align_spans(sides: Sequence[Sequence[Pieces]], *, least: float = LEAST) -> list[tuple[int | None, ...]]:
    """What several sides marked, each thing once, with the span of each side that stands for it.

    Spans with the same pieces stand for one thing; what is left is joined best pairs first, where every two spans of
    the joined things share enough. Which side comes first decides nothing.

    Args:
        sides: the spans of each side; a span that a side has twice stands for two things.
        least: the part of their characters that two spans share at least (``likeness``).

    Returns:
        For each thing, in order of the text, the place in each side's list of the span that stands for it, or None.
    """
    groups = _same_pieces(sides)
    group_of = list(range(len(groups)))
    members: list[list[int]] = [[number] for number in group_of]
    for one, other in _candidates([pieces for pieces, _ in groups], least):
        a, b = group_of[one], group_of[other]
        if a != b and _may_join(members[a], members[b], groups, least):
            members[a] += members[b]
            for number in members[b]:
                group_of[number] = a
            members[b] = []
    things = []
    for numbers in filter(None, members):
        places = {side: place for number in numbers for side, place in groups[number][1].items()}
        first = min(groups[number][0] for number in numbers)
        things.append((first, tuple(places.get(side) for side in range(len(sides)))))
    return [places for _, places in sorted(things, key=lambda thing: thing[0])]


_Group = tuple[Pieces, dict[int, int]]


def _same_pieces(sides: Sequence[Sequence[Pieces]]) -> list[_Group]:
    """Spans with the same pieces, in order of the text; the second of a side's twins stands in a group of its own."""
    groups: dict[tuple[Pieces, int], dict[int, int]] = {}
    for side, spans in enumerate(sides):
        seen: dict[Pieces, int] = {}
        for place, pieces in enumerate(spans):
            nth = seen[pieces] = seen.get(pieces, 0) + 1
            groups.setdefault((pieces, nth), {})[side] = place
    return [(pieces, places) for (pieces, _), places in sorted(groups.items(), key=lambda item: item[0])]


def _candidates(spans: Sequence[Pieces], least: float) -> Iterator[tuple[int, int]]:
    """The pairs of different spans that share enough, the most alike first, and of equals the last in the text.

    ``spans`` are in order of their start.
    """
    starts = [pieces[0][0] for pieces in spans]
    found = []
    for one, pieces in enumerate(spans):
        for other in range(one + 1, bisect_left(starts, pieces[-1][1])):
            like = likeness(pieces, spans[other])
            if like >= least and like < 1:
                found.append((-like, one, other))
    yield from ((one, other) for _, one, other in sorted(found, key=lambda pair: (pair[0], -pair[1], -pair[2])))


def _may_join(one: Sequence[int], other: Sequence[int], groups: Sequence[_Group], least: float) -> bool:
    return all(
        groups[a][1].keys().isdisjoint(groups[b][1]) and likeness(groups[a][0], groups[b][0]) >= least
        for a in one
        for b in other
    )
