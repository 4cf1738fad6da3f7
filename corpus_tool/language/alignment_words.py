"""Two states of one sentence, word by word: the runs of words that stand in both.

A run grows from words that are unique in both states, and from the two ends, as far as the words agree. Runs may
overlap: which of them explains a span is for ``Alignment.place`` to say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from corpus_tool.language.alignment_tokens import is_word

#: Words of the longer seeds; they are looked for before single words.
_SEED = 3


class Run(NamedTuple):
    """Tokens that stand in both texts, one after the other.

    Attributes:
        old: number of the first token in the old text.
        new: the same in the new text.
        size: how many tokens.
        sure: whether it may place a span; one that is not sure can only cast doubt on another.
        moved: whether the tokens stand between other ones in the new text.
    """

    old: int
    new: int
    size: int
    sure: bool = True
    moved: bool = False


def word_runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The runs of two token sequences that say much the same, in the order of the old one.

    Sure are those of the heaviest chain in which the words keep their order, unless a run that crosses it or claims the
    same words is more than half as heavy: which words are the same ones cannot be told there.
    """
    found = _Found(old, new)
    found.add(0, 0)
    found.add(len(old) - 1, len(new) - 1)
    for size in (_SEED, 1):
        for i, j in _unique_pairs(old, new, size):
            found.add(i, j)
    return _judged(found.runs, old)


class _Found:
    """Runs by their diagonal: how far a token of the new state stands from the same one of the old."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self._old, self._new = old, new
        self._by_diagonal: dict[int, list[Run]] = {}

    def add(self, i: int, j: int) -> None:
        """Takes the longest run through a pair of tokens, where these are equal."""
        old, new = self._old, self._new
        if not (0 <= i < len(old) and 0 <= j < len(new)) or old[i] != new[j]:
            return
        known = self._by_diagonal.setdefault(j - i, [])
        at = bisect_right(known, i, key=lambda run: run.old)
        if at and i < known[at - 1].old + known[at - 1].size:
            return
        before = 0
        while before < min(i, j) and old[i - before - 1] == new[j - before - 1]:
            before += 1
        after = 1
        while after < min(len(old) - i, len(new) - j) and old[i + after] == new[j + after]:
            after += 1
        known.insert(at, Run(i - before, j - before, before + after))

    @property
    def runs(self) -> list[Run]:
        """All runs, in order."""
        return sorted(run for runs in self._by_diagonal.values() for run in runs)


def _unique_pairs(old: Sequence[str], new: Sequence[str], size: int) -> list[tuple[int, int]]:
    """Where the groups of ``size`` tokens stand that each state holds once; those without a word are left out."""
    once_old, once_new = _once(old, size), _once(new, size)
    return [(i, once_new[group]) for group, i in once_old.items() if group in once_new and any(map(is_word, group))]


def _once(tokens: Sequence[str], size: int) -> dict[tuple[str, ...], int]:
    groups = list(zip(*(tokens[nth:] for nth in range(size)), strict=False))
    counts = Counter(groups)
    return {group: at for at, group in enumerate(groups) if counts[group] == 1}


def heaviest_chain(pairs: Sequence[tuple[int, int]], weights: Sequence[int]) -> list[int]:
    """The numbers of the pairs of the heaviest chain that rises in both coordinates.

    Args:
        pairs: (place in the old text, place in the new text), sorted by the first.
        weights: how much each counts.
    """
    order = {place: rank for rank, place in enumerate(sorted({j for _, j in pairs}), 1)}
    tree = [(0, -1)] * (len(order) + 1)  # Fenwick tree of (weight, last pair) by rank: prefix maxima
    came_from = [-1] * len(pairs)
    best = (0, -1)
    start = 0
    while start < len(pairs):
        end = start  # pairs with one place in the old text cannot follow each other
        reached = []
        while end < len(pairs) and pairs[end][0] == pairs[start][0]:
            rank = order[pairs[end][1]]
            at, top = rank - 1, (0, -1)
            while at:
                top = max(top, tree[at])
                at &= at - 1
            came_from[end] = top[1]
            reached.append((rank, (top[0] + weights[end], end)))
            end += 1
        for rank, value in reached:
            best = max(best, value)
            at = rank
            while at < len(tree):
                tree[at] = max(tree[at], value)
                at += at & -at
        start = end
    chain = []
    at = best[1]
    while at >= 0:
        chain.append(at)
        at = came_from[at]
    return chain[::-1]


def _judged(runs: Sequence[Run], old: Sequence[str]) -> list[Run]:
    """The runs, those marked as not sure that are no part of the heaviest chain or have a heavy rival."""
    weights = [sum(map(is_word, old[run.old : run.old + run.size])) for run in runs]
    chain = heaviest_chain([(run.old, run.new) for run in runs], weights)
    chosen = set(chain)
    olds, news = [runs[k].old for k in chain], [runs[k].new for k in chain]
    rival = [0] * len(chain)
    free = list(range(len(chain) + 1))  # by place in the chain: the next place without a rival yet

    def next_free(at: int) -> int:
        while free[at] != at:
            free[at] = free[free[at]]
            at = free[at]
        return at

    for k in sorted((k for k in range(len(runs)) if k not in chosen), key=lambda k: -weights[k]):
        places = (bisect_left(olds, runs[k].old), bisect_left(news, runs[k].new))
        past = (bisect_right(olds, runs[k].old), bisect_right(news, runs[k].new))
        at, end = next_free(min(places)), max(past)
        while at < end:
            rival[at] = weights[k]
            free[at] = at + 1
            at = next_free(at)
    sure = {k for at, k in enumerate(chain) if weights[k] >= 2 * rival[at]}
    return [run._replace(sure=k in sure) for k, run in enumerate(runs)]
