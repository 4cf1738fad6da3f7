"""Counting names in bounded memory: exact for most corpora, and honest where it cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

#: Names that are kept at the most. Beyond, the rarest half goes (lossy counting, Manku and Motwani 2002).
MOST_NAMES = 200_000


@dataclass
class Ranking(Generic[K]):
    """How often each name was met, and in how many articles.

    Attributes:
        times: mentions by name.
        articles: articles by name.
        missed: how much higher a count may be than it says, because rare names were forgotten on the way; 0 for exact
            counts.
        most: names that are kept at the most.
    """

    times: Counter[K] = field(default_factory=Counter)
    articles: Counter[K] = field(default_factory=Counter)
    missed: int = 0
    most: int = MOST_NAMES

    def add(self, mentions: Counter[K]) -> None:
        """Adds what one article mentions."""
        self.times.update(mentions)
        self.articles.update(mentions.keys())
        if len(self.times) > self.most:
            self._forget()

    def _forget(self) -> None:
        """Drops every name that is not met more often than half of them are."""
        limit = sorted(self.times.values())[len(self.times) // 2]
        gone = [name for name, count in self.times.items() if count <= limit]
        for name in gone:
            del self.times[name]
            del self.articles[name]
        self.missed += limit

    def top(self, count: int) -> list[tuple[K, int, int]]:
        """The names that are met most often: name, mentions, articles; equal ones in the order of the names."""
        ranked = sorted(self.times.items(), key=lambda item: (-item[1], str(item[0])))[:count]
        return [(name, times, self.articles[name]) for name, times in ranked]
