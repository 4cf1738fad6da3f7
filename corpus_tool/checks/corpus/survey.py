"""A survey: what the checks across documents know of a corpus, gathered document by document in little memory.

Documents come in parts (``part.py``), which are appended one after the other. Of a document stay a few bytes in memory
and some hundred on disk; labels are counted, and take memory by their different values only. Findings name documents
by number; what a message quotes is read again from the file.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import orjson

from corpus_tool.checks.corpus.columns import Codes, Numbers, Repeated, Words
from corpus_tool.checks.corpus.near_duplicates import NearPair, SketchFile, near_pairs
from corpus_tool.checks.corpus.part import MAX_LABELS, UNMARKED, Day, Gatherer, Part, PartRows, PartUse, PartWork
from corpus_tool.checks.corpus.sorted_rows import SortedRows
from corpus_tool.checks.corpus.strata import DAY, Strata
from corpus_tool.checks.corpus.summary import Summary
from corpus_tool.language.shingles import gram_hashes
from corpus_tool.model.corpus import CorpusConfig
from corpus_tool.model.schemas import JsonObject

if TYPE_CHECKING:
    from corpus_tool.language.shingles import Hashes

T = TypeVar("T")

Reread = Callable[[str, Collection[int]], Iterator[tuple[int, bytes]]]


@dataclass
class Use:
    """Uses of a label: the annotations that have it, the documents by split, and where it came first."""

    document: int
    nth: int
    count: int = 0
    splits: Counter[str] = field(default_factory=Counter)


@dataclass
class Work:
    """What one annotator did: in how many documents, the first of them, and how many annotations of each layer."""

    path: str
    documents: int = 0
    sizes: Counter[str] = field(default_factory=Counter)


@dataclass
class Days:
    """The earliest and the latest day of some documents, each with a document: ISO 8601 dates."""

    earliest: Day
    latest: Day

    def add(self, *days: Day) -> None:
        """Takes in days of documents."""
        self.earliest = min(self.earliest, *days)
        self.latest = max(self.latest, *days)


class Row(NamedTuple):
    """One of ``Rows``: a document, and two further numbers."""

    document: int
    kind: int
    nth: int


class Rows:
    """A column of keys, each with its document and two further numbers; what does not fit into memory is on disk."""

    def __init__(self) -> None:
        self._rows = SortedRows(3)

    def take(self, rows: PartRows, first: int, kinds: Sequence[int] | None = None) -> None:
        """Adds the rows of a part.

        Args:
            rows: the rows.
            first: the number of the part's first document.
            kinds: the number here of each kind that the part numbers; None where kinds are other numbers.
        """
        told: Iterable[int] = array("I", rows.kinds)
        if kinds is not None:
            told = [kinds[kind] if kind != UNMARKED else kind for kind in told]
        documents = [first + number for number in array("I", rows.documents)]
        self._rows.extend(rows.keys, documents, told, array("I", rows.nths))

    def close(self) -> None:
        """Gives the temporary file back; nothing can be asked after."""
        self._rows.close()

    def groups(self, *, below: int | None = None) -> Iterator[list[Row]]:
        """The rows that share a key, where there are several, in order of their documents.

        Args:
            below: only where a row of the group is of a kind below this one.
        """
        if len(self._rows) < 2:
            return
        import numpy as np

        for keys, columns in self._rows.parts():
            borders = np.flatnonzero(keys[1:] != keys[:-1]) + 1
            starts, ends = np.append(0, borders), np.append(borders, len(keys))
            wanted = ends - starts > 1
            if below is not None:
                wanted &= np.minimum.reduceat(columns[1], starts) < below
            for start, end in zip(starts[wanted].tolist(), ends[wanted].tolist(), strict=True):
                yield list(map(Row, *(column[start:end].tolist() for column in columns)))


@dataclass(frozen=True)
class Duplicates:
    """Documents of one text, each group in order, and the pairs of nearly one text among all others."""

    copies: list[list[int]]
    near: list[NearPair]


class Survey:
    """Documents, added one by one.

    Attributes:
        config: the corpus's ``corpus.yaml``, None where the documents are in no corpus.
        root: the corpus's folder, None where they are in none.
        paths: the file of each document.
        lines: the line of each document, from 1.
        ids: the id of each document.
        splits: the split of each document, "" where splits are not known.
        licenses: the documents of each licence, "" for those that tell none.
        untold: the documents that lack language, source or published, by that key.
        days: the earliest and the latest day of each split, with its document.
        articles: the file that each document's text came from, an archive for its members, "" where none is told.
        layers: how many documents of each split have annotations of a layer.
        labels: the labels by layer and attribute; None for an attribute with too many values.
        free: the layers and attributes whose labels have no closed list.
        kinds: the (layer, kind) pairs that ``names`` numbers.
        names: annotated names: hash of the words, kind, place in the layer; and capitalised words without an
            annotation, of the kind ``UNMARKED``.
        pages: keys of the pages that documents came from: their hash.
        headlines: titles with their day: their hash.
        links: linked things: hash of register and id, a short hash of name and place, number of the entity.
        own_work: what people added or corrected, by their names.
        unread: how many documents could not be added, since they are broken (the caller counts them).
        folders: what stands in ``annotators/<name>/``, by name.
        strata: what the splits are dealt by, once all documents are known; None where each split is known at once.
        gatherer: gathers documents for ``take`` that come one by one.
        torn: documents that belong with some of two splits that keep theirs, each with one of either split.
        strays: ids of documents that a table of splits names and that are not there.
    """

    def __init__(
        self,
        config: CorpusConfig | None = None,
        *,
        root: Path | None = None,
        split_of: Callable[[str], str] | None = None,
        is_dealt_later: bool = False,
        reread: Reread,
    ) -> None:
        """An empty survey.

        Args:
            config: the corpus's configuration.
            root: the corpus's folder; tells which articles have no document.
            split_of: gives the split of a document's id.
            is_dealt_later: whether ``deal`` will say the splits, when all documents are added.
            reread: gives the bytes of documents of a path by their lines; raises OSError where it cannot.
        """
        self.config = config
        self.root = root
        self.paths = Repeated()
        self.lines = Numbers("Q")
        self.ids = Words()
        self.splits = Codes()
        self.licenses: dict[str, Use] = {}
        self.untold: dict[str, Use] = {}
        self.days: dict[str, Days] = {}
        self.articles = Repeated()
        self.layers: dict[str, Counter[str]] = defaultdict(Counter)
        self.labels: dict[tuple[str, str], dict[str, Use] | None] = {}
        self.free: set[tuple[str, str]] = set()
        self.kinds: list[tuple[str, str]] = []
        self.names = Rows()
        self.pages = Rows()
        self.headlines = Rows()
        self.links = Rows()
        self.own_work: dict[str, Work] = {}
        self.folders: dict[str, Work] = {}
        self.unread = 0
        self.strata = Strata() if is_dealt_later else None
        self.torn: Mapping[int, Sequence[int]] = {}
        self.strays: Sequence[str] = ()
        self.gatherer = Gatherer(split_of, is_dealt_later=is_dealt_later)
        self._reread = reread
        self._texts = Rows()
        self._sketches = SketchFile()
        self._done: dict[Callable[[Survey], Any], Any] = {}
        self._kind_numbers: dict[tuple[str, str], int] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def close(self) -> None:
        """Gives the temporary files back; nothing can be asked after."""
        for held in (self._sketches, self._texts, self.names, self.pages, self.headlines, self.links):
            held.close()

    def add(self, summary: Summary, path: str, line: int = 1, *, annotator: str | None = None) -> None:
        """Adds a document, as ``Gatherer.add`` does and ``take`` after it."""
        self.gatherer.add(summary, path, line, annotator=annotator)
        self.take(self.gatherer.part())

    def take(self, part: Part, path: str = "") -> None:
        """Adds the documents of a part.

        Args:
            part: the documents.
            path: their file, where the part calls it "".
        """
        first = len(self.ids)
        for name, split in zip(part.ids, part.splits, strict=True):
            self.ids.append(name)
            self.splits.append(split)
        self.lines.extend(array("Q", part.lines))
        for file, times in part.paths:
            self.paths.append(file or path, times)
        for article, times in part.articles:
            self.articles.append(article, times)
        self._sketches.take(part.grams, part.sizes, part.sketches, part.heads)
        self.names.take(part.names, first, [self._kind(kind) for kind in part.kinds])
        for rows, more in (
            (self._texts, part.texts),
            (self.pages, part.pages),
            (self.headlines, part.headlines),
            (self.links, part.links),
        ):
            rows.take(more, first)
        _add_uses(self.licenses, part.licenses, first)
        _add_uses(self.untold, part.untold, first)
        for split, days in part.days.items():
            early, late = (Day(day.day, first + day.document) for day in (days.earliest, days.latest))
            self.days.setdefault(split, Days(early, late)).add(early, late)
        for layer, counts in part.layers.items():
            self.layers[layer].update(counts)
        for labels in part.labels:
            self._add_labels((labels.layer, labels.attribute), labels.is_free, labels.uses, first)
        _add_work(self.own_work, part.own_work, path)
        _add_work(self.folders, part.folders, path)
        if self.strata is not None and part.strata is not None:
            self.strata.take(part.strata)
        self.unread += part.unread

    def deal(self, splits: Sequence[str]) -> None:
        """Says the split of each document, "" where it has none; for a survey whose splits are dealt later."""
        assert self.strata is not None
        self.splits = Codes(splits)
        self.days = {}
        for number, (split, told) in enumerate(zip(splits, self.strata.days, strict=True)):
            if len(told) == DAY:
                day = Day(told, number)
                self.days.setdefault(split, Days(day, day)).add(day)
        self.layers.clear()
        for stratum, counts in self.strata.by_split(splits):
            uses = self.labels.get(stratum[:2])
            if not stratum.attribute:
                self.layers[stratum.layer] = counts
            elif uses is not None:
                uses[stratum.value].splits = counts

    def _kind(self, kind: tuple[str, str]) -> int:
        if kind not in self._kind_numbers:
            self._kind_numbers[kind] = len(self.kinds)
            self.kinds.append(kind)
        return self._kind_numbers[kind]

    def _add_labels(self, key: tuple[str, str], is_free: bool, more: Mapping[str, PartUse] | None, first: int) -> None:
        if is_free:
            self.free.add(key)
        uses = self.labels.setdefault(key, {})
        if uses is None or more is None:
            self.labels[key] = None
            return
        _add_uses(uses, more, first)
        if len(uses) > MAX_LABELS:
            self.labels[key] = None

    def path_of(self, name: str) -> str:
        """A file of the corpus, as diagnostics call it."""
        return str(self.root / name) if self.root is not None else name

    def once(self, work: Callable[[Survey], T]) -> T:
        """What a function makes of the survey; it is called the first time only, when no document is added."""
        if work not in self._done:
            self._done[work] = work(self)
        made: T = self._done[work]
        return made

    @cached_property
    def duplicates(self) -> Duplicates:
        """The documents of one text, and those of nearly one text; looked for once, when no document is added."""
        copies = [[row.document for row in rows] for rows in self._texts.groups()]
        later = {number for group in copies for number in group[1:]}
        near = near_pairs(self._sketches, self._hashes, left_out=later) if len(self) > 1 else []
        return Duplicates(copies, near)

    def _hashes(self, numbers: Collection[int]) -> dict[int, Hashes]:
        return {
            number: gram_hashes(raw["text"])
            for number, _, raw in self.reread(numbers)
            if isinstance(raw.get("text"), str)
        }

    def reread(self, numbers: Collection[int]) -> Iterator[tuple[int, str, JsonObject]]:
        """Documents again: number, the text of the file or line, and the JSON object.

        One that cannot be read, or was changed into something else, is left out.
        """
        by_path: dict[str, dict[int, int]] = defaultdict(dict)
        for number in sorted(numbers):
            by_path[self.paths[number]][self.lines[number]] = number
        for path, lines in by_path.items():
            with suppress(OSError):
                for line, data in self._reread(path, lines.keys()):
                    with suppress(ValueError):
                        raw = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
                        if isinstance(raw, dict):
                            yield lines[line], data.decode("utf-8"), raw


def _add_uses(uses: dict[str, Use], more: Mapping[str, PartUse], first: int) -> None:
    for value, found in more.items():
        use = uses.get(value)
        if use is None:
            use = uses[value] = Use(first + found.document, found.nth)
        use.count += found.count
        use.splits.update(found.splits)


def _add_work(group: dict[str, Work], more: Mapping[str, PartWork], path: str) -> None:
    for name, found in more.items():
        work = group.setdefault(name, Work(found.path or path))
        work.documents += found.documents
        work.sizes.update(found.sizes)
