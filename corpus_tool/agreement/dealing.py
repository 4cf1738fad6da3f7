"""Who gets which document: by chance that a seed decides, balanced by words; what is dealt stays dealt."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

from corpus_tool.agreement.assignments import Assignment


def deal(
    words: Mapping[str, int],
    held: Mapping[str, Sequence[str]],
    annotators: Sequence[str],
    *,
    shared: int,
    each: int,
    seed: str,
) -> dict[str, Assignment]:
    """Deals documents to annotators.

    A document that somebody holds stays theirs. ``shared`` documents get ``each`` annotators, new ones before those
    that one annotator holds already; all others get one. Large documents are dealt first, each to whoever has the
    fewest words, and shared ones so that every two annotators come to share as much.

    Args:
        words: how many words each document has.
        held: the annotators who hold a document already, who need not be among ``annotators``.
        annotators: to whom documents are dealt.
        shared: how many documents have several annotators in the end, those that are held by several included.
        each: how many annotators these get.
        seed: what decides chance.

    Returns:
        The assignments of all documents of ``words``.
    """
    order = sorted(words, key=lambda name: _chance(seed, name))
    wanted = dict.fromkeys(words, 1)
    several = sum(len(held.get(name, ())) > 1 for name in words)
    fresh_first = sorted((name for name in order if len(held.get(name, ())) < 2), key=lambda name: bool(held.get(name)))
    for name in fresh_first[: max(0, shared - several)]:
        wanted[name] = each
    load: Counter[str] = Counter(dict.fromkeys(annotators, 0))
    together: Counter[tuple[str, str]] = Counter()
    dealt = {name: sorted(set(held.get(name, ()))) for name in words}
    for name, own in dealt.items():
        _count(own, words[name], load, together)
    for name in sorted(order, key=lambda name: -words[name]):
        own = dealt[name]
        while len(own) < wanted[name]:
            free = [one for one in annotators if one not in own]
            if not free:
                break
            chosen = min(free, key=lambda one: (*_burden(one, own, load, together), _chance(seed, name, one)))
            _count([chosen], words[name], load, together)
            together.update({_pair(chosen, other): words[name] for other in own})
            own.append(chosen)
    return {name: Assignment(name, tuple(sorted(own)), words[name]) for name, own in dealt.items()}


def _burden(
    annotator: str, others: Sequence[str], load: Mapping[str, int], together: Mapping[tuple[str, str], int]
) -> tuple[int, int]:
    """What speaks against an annotator: the words they have, and those they share with ``others`` already."""
    shared = sum(together[_pair(annotator, other)] for other in others)
    return load[annotator] + shared, shared


def _count(own: Sequence[str], words: int, load: Counter[str], together: Counter[tuple[str, str]]) -> None:
    load.update(dict.fromkeys(own, words))
    together.update(dict.fromkeys((_pair(one, other) for one, other in combinations(own, 2)), words))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _chance(*words: str) -> bytes:
    return hashlib.sha256("\0".join(words).encode()).digest()
