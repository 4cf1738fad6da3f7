"""COR1xx: documents that say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding, Elsewhere
from corpus_tool.diagnostics import Severity

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Survey


class Twin(NamedTuple):
    """A document that says what an earlier one says: their numbers, and how much of their 5-grams both have.

    ``is_copy`` is true where the texts are the same to the letter.
    """

    document: int
    other: int
    similarity: float
    is_copy: bool


def twins(survey: Survey) -> list[Twin]:
    """Every document that repeats an earlier one, once: with one of another split, else with the most similar one."""
    earlier: dict[int, list[Twin]] = defaultdict(list)
    for group in survey.duplicates.copies:
        firsts: dict[str, int] = {}
        for number in group:
            earlier[number] += [Twin(number, first, 1.0, True) for first in firsts.values()]
            firsts.setdefault(survey.splits[number], number)
    for one, other, similarity in survey.duplicates.near:
        earlier[other].append(Twin(other, one, similarity, False))
    ranked = (sorted(found, key=lambda twin: _rank(survey, twin)) for _, found in sorted(earlier.items()))
    return [found[0] for found in ranked if found]


def is_across(survey: Survey, document: int, other: int) -> bool:
    """Whether two documents stand in different splits; one that could not be dealt to any stands in none."""
    return survey.splits[document] != survey.splits[other] and "" not in (survey.splits[document], survey.splits[other])


def told(survey: Survey, twin: Twin) -> str:
    """What two documents share, in words."""
    other = survey.ids[twin.other]
    if twin.is_copy:
        return f"has the same text as {other}"
    return f"shares {int(100 * twin.similarity)} % of its five-word runs with {other}"


def _rank(survey: Survey, twin: Twin) -> tuple[bool, float, int]:
    return (not is_across(survey, twin.document, twin.other), -twin.similarity, twin.other)


def _found(survey: Survey, twin: Twin) -> CorpusFinding:
    return CorpusFinding(
        f"{survey.ids[twin.document]} {told(survey, twin)}",
        twin.document,
        hint="keep one of the two documents",
        related=(Elsewhere(twin.other, "the other document"),),
    )


def exact_duplicate(survey: Survey) -> Iterator[CorpusFinding]:
    """Two documents have the same text.

    Why it matters: whatever is counted is counted twice, a model learns the article by heart, and the annotations of
    the two may disagree. (SPL101 tells those that stand in two splits.)

    Bad: ``harbour-fire`` and ``harbour-fire-2`` with one text.

    Good: one document for one article.
    """
    for twin in survey.once(twins):
        if twin.is_copy and not is_across(survey, twin.document, twin.other):
            yield _found(survey, twin)


def near_duplicate(survey: Survey) -> Iterator[CorpusFinding]:
    """Two documents have nearly the same text: of all runs of five words that either has, .8 or more are in both.

    Why it matters: an agency's report that two papers print, or an update of an article, is one piece of evidence and
    counts as two. (SPL101 tells those that stand in two splits.)

    Bad: the report of a fire at noon, and the same with one more sentence at one o'clock.

    Good: one of the two.
    """
    for twin in survey.once(twins):
        if not twin.is_copy and not is_across(survey, twin.document, twin.other):
            yield _found(survey, twin)


CORPUS_CHECKS = (
    CorpusCheck("COR101", "exact-duplicate", Severity.WARNING, exact_duplicate),
    CorpusCheck("COR102", "near-duplicate", Severity.WARNING, near_duplicate),
)
