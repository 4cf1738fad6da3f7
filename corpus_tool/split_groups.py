"""Groups of documents that must not be parted: near duplicates, copies, one page, one headline on one day."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from corpus_tool.checks.corpus.survey import Survey


def groups_of(survey: Survey) -> list[list[int]]:
    """The documents by number, each in one group with all that it shares a text, a page or a headline with.

    What joins two documents is what the checks SPL101 to SPL103 find, so that they find nothing between groups.
    """
    parents = array("I", range(len(survey)))
    for bundle in _bundles(survey):
        for number in bundle[1:]:
            one, other = _root(parents, bundle[0]), _root(parents, number)
            parents[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for number in range(len(survey)):
        groups.setdefault(_root(parents, number), []).append(number)
    return list(groups.values())


def neighbours(survey: Survey, documents: Collection[int]) -> dict[int, set[int]]:
    """The documents that some of them share a text, a page or a headline with."""
    wanted = set(documents)
    found: dict[int, set[int]] = defaultdict(set)
    for bundle in _bundles(survey):
        for number in wanted.intersection(bundle):
            found[number].update(other for other in bundle if other != number)
    return found


def _bundles(survey: Survey) -> Iterator[Sequence[int]]:
    """Documents that belong together, two or more at a time."""
    yield from survey.duplicates.copies
    yield from (pair[:2] for pair in survey.duplicates.near)
    for rows in (survey.pages, survey.headlines):
        yield from ([row.document for row in group] for group in rows.groups())


def _root(parents: array[int], number: int) -> int:
    """The smallest document known to belong with one; the way there is shortened for the next time."""
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number
