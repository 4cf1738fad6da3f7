"""Strata: what each document has of each layer and kind, kept for splits that are dealt once all documents are known.

Of a document stay its day, and eight bytes for each layer and kind that it has.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus_tool.checks.corpus.summary import Summary

#: Attributes whose labels every split should have, of the closed lists of a layer.
KINDS = frozenset({"kind", "measure"})

#: Different values of one attribute that are strata; an attribute with more of them holds no kinds.
MAX_VALUES = 1_000


class Stratum(NamedTuple):
    """A layer, or one kind (or measure) of it; a layer as a whole has no attribute and no value."""

    layer: str
    attribute: str = ""
    value: str = ""


class Strata:
    """The strata of documents, added one by one.

    Attributes:
        all: every stratum; its place here is its number.
        days: of each document the day it was published, or as much as is told of it: ISO 8601.
        names: the split that the metadata of a document gives it, of those that name one, by number.
    """

    def __init__(self) -> None:
        self.all: list[Stratum] = []
        self.days: list[str] = []
        self.names: dict[int, str] = {}
        self._numbers: dict[Stratum, int] = {}
        self._values: Counter[tuple[str, str]] = Counter()
        self._ends = array("Q")
        self._of = array("I")
        self._counts = array("I")

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, summary: Summary) -> None:
        """Adds the next document."""
        if summary.split:
            self.names[len(self)] = summary.split
        self.days.append(summary.published[: len("2000-01-01")])
        for layer, size in summary.sizes.items():
            self._add(Stratum(layer), size)
        for label in summary.labels:
            if label.layer and label.attribute in KINDS:
                self._add(Stratum(label.layer, label.attribute, label.value), label.uses)
        self._ends.append(len(self._of))

    def _add(self, stratum: Stratum, count: int) -> None:
        if not count:
            return
        number = self._numbers.get(stratum)
        if number is None:
            if self._values[stratum[:2]] == MAX_VALUES:
                return
            self._values[stratum[:2]] += 1
            number = self._numbers[stratum] = len(self.all)
            self.all.append(stratum)
        self._of.append(number)
        self._counts.append(count)

    def of(self, document: int) -> Iterator[tuple[int, int]]:
        """The strata of a document by number, each with how many annotations it has there."""
        for at in range(self._ends[document - 1] if document else 0, self._ends[document]):
            yield self._of[at], self._counts[at]

    def by_split(self, splits: Sequence[str]) -> Iterator[tuple[Stratum, Counter[str]]]:
        """How many documents of each split have a stratum.

        Args:
            splits: the split of each document.
        """
        import numpy as np

        if not self._of:
            return
        sizes = np.diff(np.frombuffer(self._ends, np.uint64), prepend=np.uint64(0)).astype(np.int64)
        of = np.frombuffer(self._of, np.uint32)
        found = [Counter[str]() for _ in self.all]
        for split in sorted(set(splits)):
            chosen = np.fromiter((own == split for own in splits), np.bool_, len(splits))
            documents = np.bincount(of[np.repeat(chosen, sizes)], minlength=len(found)).tolist()
            for counts, count in zip(found, documents, strict=True):
                counts[split] = count
        yield from zip(self.all, found, strict=True)
