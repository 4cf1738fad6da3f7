"""Two states of one text: where the words of the old one stand in the new one, and whether that is certain.

A diff by what is unique (patience diff), from large to small: lines that both texts hold once, between them sentences,
between those the changed sentences that are most alike, and in such a pair the words (``alignment_words``). What was
matched on a larger scale is never given up for something smaller. Lines and sentences of ``_MOVED_WORDS`` words or more
that both texts hold once are found again wherever they stand.

Time is linear in the length of the texts, but for a logarithm: no step compares everything with everything.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus_tool.language.alignment_tokens import Tokens, is_word
from corpus_tool.language.alignment_words import Run, heaviest_chain, word_runs

#: Words that a line or sentence must have to be the same one at another place.
_MOVED_WORDS = 8

#: Part of the tokens that two states of one sentence share at the least (Dice), and where there is one of each between
#: what is the same; by how much they must share more than with any other; and from which on no pairs are looked for.
_SAME_SENTENCE, _ONLY_SENTENCE, _BY, _MUCH_THE_SAME = 0.5, 0.3, 0.15, 0.8

#: Sentences that a word or a pair of words may lead to; a more frequent one does not tell them apart.
_POSTINGS = 20

#: Sentences, of both texts together, that are compared as one piece.
_ONE_PIECE = 8

#: Tokens of a stretch that something was added to, and the part of them that must be left.
_ADDED_TO, _NEARLY_ALL = 6, 0.95

#: How often one stretch is split by units of one size before smaller ones are tried.
_SPLITS = 6


class _Region(NamedTuple):
    """Tokens between what is the same: old ones, new ones, the scale they are compared at, and how often they were."""

    old: tuple[int, int]
    new: tuple[int, int]
    scale: int = 0
    splits: int = 0


def runs_of(old: Tokens, new: Tokens) -> list[Run]:
    """The runs of tokens that stand in both texts, in the order of the old one."""
    found: list[Run] = []
    regions = [_Region((0, len(old)), (0, len(new)))]
    while regions:
        region = regions.pop()
        if region.old[0] == region.old[1] or region.new[0] == region.new[1]:
            continue
        old_keys, new_keys = old.keys[slice(*region.old)], new.keys[slice(*region.new)]
        if old_keys == new_keys:
            found.append(Run(region.old[0], region.new[0], len(old_keys)))
        elif region.scale == 2:
            moved_by = (region.old[0], region.new[0])
            found += (
                r._replace(old=r.old + moved_by[0], new=r.new + moved_by[1]) for r in word_runs(old_keys, new_keys)
            )
        else:
            matched = _same_units(region, old, new)
            if matched and region.splits < _SPLITS:
                found += matched
                regions += _between(region, ((r.old, r.new, r.size, r.size) for r in matched))
            elif region.scale == 0:
                regions.append(region._replace(scale=1, splits=0))
            else:
                regions += _paired(region, old, new)
    found += _moved(found, old, new)
    return _joined(found)


def _units(tokens: Tokens, scale: int, bounds: tuple[int, int]) -> list[tuple[int, int]]:
    """The lines or sentences of a stretch of tokens, cut off at its ends."""
    units = tokens.sentences if scale else tokens.lines
    first = bisect_right(units, bounds[0], key=lambda unit: unit[1])
    last = bisect_left(units, bounds[1], key=lambda unit: unit[0])
    return [(max(start, bounds[0]), min(end, bounds[1])) for start, end in units[first:last]]


def _once(tokens: Tokens, units: Iterable[tuple[int, int]]) -> dict[tuple[str, ...], tuple[int, int]]:
    """The units that stand once among others, by their words."""
    found: dict[tuple[str, ...], tuple[int, int] | None] = {}
    for start, end in units:
        words = tuple(tokens.keys[start:end])
        found[words] = None if words in found else (start, end)
    return {words: unit for words, unit in found.items() if unit is not None}


def _same_units(region: _Region, old: Tokens, new: Tokens) -> list[Run]:
    """The lines or sentences that both sides hold once, in one order: of those that cross the longer ones."""
    once_old = _once(old, _units(old, region.scale, region.old))
    once_new = _once(new, _units(new, region.scale, region.new))
    pairs = [(unit[0], once_new[words][0], len(words)) for words, unit in once_old.items() if words in once_new]
    chain = heaviest_chain([(i, j) for i, j, _ in pairs], [size for _, _, size in pairs])
    return [Run(*pairs[k]) for k in chain]


def _between(region: _Region, taken: Iterable[tuple[int, int, int, int]]) -> Iterator[_Region]:
    """What is left of a region between pieces: (first old token, first new token, old size, new size), in order."""
    i, j = region.old[0], region.new[0]
    for old, new, old_size, new_size in (*taken, (region.old[1], region.new[1], 0, 0)):
        yield _Region((i, old), (j, new), region.scale, region.splits + 1)
        i, j = old + old_size, new + new_size


def _paired(region: _Region, old: Tokens, new: Tokens) -> list[_Region]:
    """Changed sentences in pairs, as regions of words; what is left between pairs is looked at again."""
    olds, news = _units(old, 1, region.old), _units(new, 1, region.new)
    if len(olds) + len(news) <= _ONE_PIECE:
        least = _ONLY_SENTENCE if len(olds) == len(news) == 1 else _MUCH_THE_SAME
        whole = (old.keys[slice(*region.old)], new.keys[slice(*region.new)])
        if _dice(*whole) >= least or _is_added_to(*whole):
            return [region._replace(scale=2)]
    if len(olds) == len(news) == 1 or region.splits >= 2 * _SPLITS:
        return []
    pairs = _alike([old.keys[slice(*unit)] for unit in olds], [new.keys[slice(*unit)] for unit in news])
    taken = [(olds[i], news[j]) for i, j in pairs]
    left = _between(region, ((o[0], n[0], o[1] - o[0], n[1] - n[0]) for o, n in taken)) if taken else ()
    return [*(_Region(o, n, 2) for o, n in taken), *left]


def _alike(olds: Sequence[Sequence[str]], news: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """The pairs of sentences that are each other's likest by far, in one order."""
    postings: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for j, words in enumerate(news):
        for term in _terms(words):
            postings[term].append(j)
    similar: dict[tuple[int, int], float] = {}
    for i, words in enumerate(olds):
        shared = Counter(j for term in _terms(words) if len(js := postings.get(term, ())) <= _POSTINGS for j in js)
        for j, _ in shared.most_common(_POSTINGS):
            similar[i, j] = _dice(words, news[j])
    best: tuple[dict[int, list[float]], dict[int, list[float]]] = (defaultdict(list), defaultdict(list))
    for (i, j), similarity in similar.items():
        best[0][i].append(similarity)
        best[1][j].append(similarity)
    pairs = [
        pair
        for pair, similarity in sorted(similar.items())
        if similarity >= _SAME_SENTENCE
        and all(
            sum(other > similarity - _BY for other in best[side][at]) == 1 for side, at in enumerate(pair)
        )  # itself alone
    ]
    chain = heaviest_chain(pairs, [len(olds[i]) for i, _ in pairs])
    return [pairs[k] for k in chain]


def _is_added_to(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether nearly all tokens of the shorter of two stretches are in the other, which only holds more."""
    shorter = min(len(one), len(other))
    return shorter >= _ADDED_TO and (Counter(one) & Counter(other)).total() >= _NEARLY_ALL * shorter


def _terms(words: Sequence[str]) -> dict[tuple[str, ...], None]:
    """The different words of a sentence and the different pairs of neighbours, in order."""
    return dict.fromkeys((*zip(words, strict=True), *pairwise(words)))


def _dice(old: Sequence[str], new: Sequence[str]) -> float:
    """How much of two token sequences is in both, order aside: 1 where they have the same tokens."""
    return 2 * (Counter(old) & Counter(new)).total() / (len(old) + len(new))


def _moved(found: Iterable[Run], old: Tokens, new: Tokens) -> list[Run]:
    """The lines and sentences that no run holds yet, and that both texts hold once."""
    old_taken, new_taken = bytearray(len(old)), bytearray(len(new))

    def take(run: Run) -> None:
        old_taken[run.old : run.old + run.size] = b"\1" * run.size
        new_taken[run.new : run.new + run.size] = b"\1" * run.size

    for run in found:
        take(run)
    moved = []
    for old_units, new_units in ((old.lines, new.lines), (old.sentences, new.sentences)):
        once_new = _once(new, new_units)
        for words, (start, end) in _once(old, old_units).items():
            if words not in once_new or sum(map(is_word, words)) < _MOVED_WORDS:
                continue
            run = Run(start, once_new[words][0], end - start, moved=True)
            if not any(old_taken[start:end]) and not any(new_taken[run.new : run.new + run.size]):
                take(run)
                moved.append(run)
    return moved


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Runs that follow each other in both texts as one; in the order of the old text."""
    joined: list[Run] = []
    last: dict[tuple[int, bool, bool], int] = {}
    for run in sorted(runs):
        kind = (run.new - run.old, run.sure, run.moved)
        at = last.get(kind, -1)
        if at >= 0 and joined[at].old + joined[at].size >= run.old:
            joined[at] = joined[at]._replace(size=run.old + run.size - joined[at].old)
        else:
            last[kind] = len(joined)
            joined.append(run)
    return joined
