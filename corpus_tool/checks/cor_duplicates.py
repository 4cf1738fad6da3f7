"""COR1xx and SPL1xx: documents that say the same, in one split and across splits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from corpus_tool.checks.corpus_check import CorpusCheck, CorpusFinding, Elsewhere
from corpus_tool.checks.survey import Rows, Survey
from corpus_tool.diagnostics import Severity

_REMOVE = "keep one of the two"
_REGROUP = "remove one of the two, or see to it that both come into one split"


class Twin(NamedTuple):
    """A document that says what an earlier one says: the two, and how much of both is the same."""

    document: int
    other: int
    similarity: float


def twins(survey: Survey) -> Iterator[Twin]:
    """Every document that repeats an earlier one, once: beside one of another split, else the most similar one."""
    duplicates = survey.duplicates
    earlier: dict[int, list[Twin]] = defaultdict(list)
    for group in duplicates.copies:
        splits: dict[str, int] = {}
        for number in group:
            others = {splits[split] for split in splits if split != survey.splits[number]} | set(splits.values())
            earlier[number] += [Twin(number, other, 1.0) for other in sorted(others)]
            splits.setdefault(survey.splits[number], number)
    for one, other, similarity in duplicates.near:
        earlier[other].append(Twin(other, one, similarity))
    for number in sorted(earlier):
        yield from sorted(earlier[number], key=lambda twin: (not across(survey, twin), -twin.similarity, twin.other))[:1]


def across(survey: Survey, twin: Twin) -> bool:
    """Whether the two documents stand in different splits."""
    return survey.splits[twin.document] != survey.splits[twin.other]
