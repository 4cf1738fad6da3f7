"""Strata: what each document has of each layer and kind, kept for splits that are dealt once all documents are known.

Of a document stay its day, and eight bytes for each layer and kind that it has, on disk where they are many.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from corpus_tool.checks.corpus.columns import Numbers, Words
from corpus_tool.checks.corpus.summary import Summary

#: Code points of a day in ISO 8601.
DAY = len("2000-01-01")

#: Attributes whose labels every split should have, of the closed lists of a layer.
KINDS = frozenset({"kind", "measure"})

#: Different values of one attribute that are strata; an attribute with more of them holds no kinds.
MAX_VALUES = 1_000


class Stratum(NamedTuple):
    """A layer, or one kind (or measure) of it; a layer as a whole has no attribute and no value."""

    layer: str
    attribute: str = ""
    value: str = ""


class StrataPart(msgspec.Struct, frozen=True):
    """The strata of some consecutive documents, numbered from 0.

    Attributes:
        all: every stratum; its place here is its number.
        days: the day of each document.
        names: the splits that metadata give, by number.
        sizes: how many strata each document has, 4 bytes.
        of: the strata of the documents, one after the other, 4 bytes.
        counts: how many annotations of each, 4 bytes.
    """

    all: list[Stratum]
    days: list[str]
    names: dict[int, str]
    sizes: bytes
    of: bytes
    counts: bytes


class Strata:
    """The strata of documents, added one by one.

    Attributes:
        all: every stratum; its place here is its number.
        days: of each document the day it was published, or as much as is told of it: ISO 8601.
        names: the split that the metadata of a document gives it, of those that name one, by number.
    """

    def __init__(self) -> None:
        self.all: list[Stratum] = []
        self.days = Words()
        self.names: dict[int, str] = {}
        self._numbers: dict[Stratum, int] = {}
        self._values: Counter[tuple[str, str]] = Counter()
        self._sizes = Numbers("I")
        self._ends = Numbers("Q")
        self._of = Numbers("I")
        self._counts = Numbers("I")

    def __len__(self) -> int:
        return len(self._ends)

    def part(self) -> StrataPart:
        """All documents."""
        columns = (self._sizes.tobytes(), self._of.tobytes(), self._counts.tobytes())
        return StrataPart(self.all, list(self.days), self.names, *columns)

    def take(self, part: StrataPart) -> None:
        """Adds the documents of a part.

        A stratum that its part has and that is one too many here is left out, as if its documents came one by one.
        """
        first = len(self)
        self.names.update((first + number, name) for number, name in part.names.items())
        numbers = [self._number(stratum) for stratum in part.all]
        rest = iter(zip(array("I", part.of), array("I", part.counts), strict=True))
        for day, size in zip(part.days, array("I", part.sizes), strict=True):
            own = [(numbers[of], count) for of, count in islice(rest, size)]
            self._end(day, [(number, count) for number, count in own if number is not None])

    def add(self, summary: Summary) -> None:
        """Adds the next document."""
        if summary.split:
            self.names[len(self)] = summary.split
        found = [(Stratum(layer), size) for layer, size in summary.sizes.items()]
        found += [
            (Stratum(label.layer, label.attribute, label.value), label.uses)
            for label in summary.labels
            if label.layer and label.attribute in KINDS
        ]
        numbered = [(self._number(stratum), count) for stratum, count in found if count]
        self._end(summary.published[:DAY], [(number, count) for number, count in numbered if number is not None])

    def _end(self, day: str, own: Sequence[tuple[int, int]]) -> None:
        """Adds a document by the numbers of its strata."""
        self.days.append(day)
        self._of.extend(number for number, _ in own)
        self._counts.extend(count for _, count in own)
        self._sizes.append(len(own))
        self._ends.append(len(self._of))

    def _number(self, stratum: Stratum) -> int | None:
        """The number of a stratum, a new one for one that is new; None for one too many."""
        number = self._numbers.get(stratum)
        if number is None:
            if self._values[stratum[:2]] == MAX_VALUES:
                return None
            self._values[stratum[:2]] += 1
            number = self._numbers[stratum] = len(self.all)
            self.all.append(stratum)
        return number

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

        if not len(self._of):
            return
        sizes = np.frombuffer(self._sizes.tobytes(), np.uint32)
        of = np.frombuffer(self._of.tobytes(), np.uint32)
        found = [Counter[str]() for _ in self.all]
        for split in sorted(set(splits)):
            chosen = np.fromiter((own == split for own in splits), np.bool_, len(splits))
            documents = np.bincount(of[np.repeat(chosen, sizes)], minlength=len(found)).tolist()
            for counts, count in zip(found, documents, strict=True):
                counts[split] = count
        yield from zip(self.all, found, strict=True)
