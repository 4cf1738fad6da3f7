"""Stratified splits: groups of documents dealt so that every split gets its share of each layer and kind.

Greedy: rare things first, each group to the split that has least of what it holds, measured against the split's part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256

from corpus_tool.checks.corpus.survey import Survey

#: What documents count for beside the strata: a split's share of them should not suffer for that of a rare kind.
_DOCUMENTS = -1


def stratify(
    survey: Survey, groups: Sequence[Sequence[int]], fixed: Mapping[int, str], shares: Mapping[str, float], seed: str
) -> dict[int, str]:
    """The split of each document of some groups, one for each group.

    The order of documents and groups decides nothing; ids and the seed break ties.

    Args:
        survey: the corpus, with its strata.
        groups: documents by number that no split has yet.
        fixed: the split of every other document; what these splits have already is taken into account.
        shares: parts of the whole, by split; all above 0.
        seed: what decides chance.
    """
    totals: Counter[int] = Counter()
    held: dict[str, Counter[int]] = {split: Counter() for split in shares}
    for number in range(len(survey)):
        totals.update(_counts(survey, [number]))
    for number, split in fixed.items():
        if split in held:
            held[split].update(_counts(survey, [number]))
    weights = {stratum: 1 / total**2 for stratum, total in totals.items()}
    names = {number: "\0".join(stratum) for number, stratum in enumerate(survey.strata.all if survey.strata else ())}

    def rank(group: Sequence[int]) -> tuple[float, bytes]:
        rarest = max(count / totals[stratum] for stratum, count in _counts(survey, group).items())
        return -rarest, _chance(survey, group, seed)

    dealt = {}
    for group in sorted(groups, key=rank):
        counts = _counts(survey, group)
        ordered = sorted(counts, key=lambda stratum: names.get(stratum, ""))
        split = min(
            shares,
            key=lambda name: (
                sum(weights[s] * counts[s] * (2 * held[name][s] + counts[s]) for s in ordered) / shares[name],
                sha256(name.encode() + _chance(survey, group, seed)).digest(),
            ),
        )
        held[split].update(counts)
        dealt.update(dict.fromkeys(group, split))
    return dealt


def _counts(survey: Survey, group: Sequence[int]) -> Counter[int]:
    """How many annotations of each stratum the documents of a group have, and how many documents they are."""
    assert survey.strata is not None
    counts = Counter({_DOCUMENTS: len(group)})
    for number in group:
        for stratum, count in survey.strata.of(number):
            counts[stratum] += count
    return counts


def _chance(survey: Survey, group: Sequence[int], seed: str) -> bytes:
    return sha256(f"{seed}\0{min(survey.ids[number] for number in group)}".encode()).digest()
