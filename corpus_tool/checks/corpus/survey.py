"""A survey: what the checks across documents know of a corpus, gathered document by document in little memory.

Of a document stay some hundred bytes in columns of numbers; labels are counted, and take memory by their different
values only. Findings name documents by number; what a message quotes is read again from the file.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import orjson

from corpus_tool.checks.corpus.near_duplicates import NearPair, SketchFile, near_pairs
from corpus_tool.checks.corpus.sorted_rows import SortedRows
from corpus_tool.checks.corpus.strata import Strata
from corpus_tool.checks.corpus.summary import Label, Summary
from corpus_tool.checks.corpus.words import Words
from corpus_tool.language.shingles import gram_hashes
from corpus_tool.model.corpus import CorpusConfig
from corpus_tool.model.schemas import JsonObject

if TYPE_CHECKING:
    from corpus_tool.language.shingles import Hashes

T = TypeVar("T")

#: Different values of one attribute that are counted; an attribute with more of them holds no labels.
MAX_LABELS = 1_000

#: Code points of a date.
_DAY = len("2000-01-01")

#: The bits of a short hash.
_SHORT = 0xFFFFFFFF

#: The kind of a name that is not annotated; those of annotated ones are smaller.
UNMARKED = 0xFFFFFFFF

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

    earliest: tuple[str, int] = ("9999-99-99", -1)
    latest: tuple[str, int] = ("", -1)

    def add(self, day: str, document: int) -> None:
        """Takes in a document's day."""
        self.earliest = min(self.earliest, (day, document))
        self.latest = max(self.latest, (day, document))


class Row(NamedTuple):
    """One of ``Rows``: a document, and two further numbers."""

    document: int
    kind: int
    nth: int


class Rows:
    """A column of keys, each with its document and two further numbers; what does not fit into memory is on disk."""

    def __init__(self) -> None:
        self._rows = SortedRows(3)

    def add(self, key: int, document: int, kind: int = 0, nth: int = 0) -> None:
        """Adds a row."""
        self._rows.add(key, document, kind, nth)

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
            documents, kinds, nths = (column.tolist() for column in columns)
            for start, end in zip(starts[wanted].tolist(), ends[wanted].tolist(), strict=True):
                yield list(map(Row, documents[start:end], kinds[start:end], nths[start:end]))


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
        articles: files that texts came from, each with the first document.
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
        self.paths: list[str] = []
        self.lines: array[int] = array("Q")
        self.ids = Words()
        self.splits: list[str] = []
        self.licenses: dict[str, Use] = {}
        self.untold: dict[str, Use] = {}
        self.days: dict[str, Days] = {}
        self.articles: dict[str, int] = {}
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
        self._split_of = split_of
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
        """Adds a document.

        Args:
            summary: its summary.
            path: its file, as diagnostics call it.
            line: its line in the file, from 1.
            annotator: whose folder it stands in, where that is not ``documents``: it is then no document of its own.
        """
        if annotator is not None:
            work = self.folders.setdefault(annotator, Work(path))
            work.documents += 1
            work.sizes.update(summary.sizes)
            return
        number = len(self.ids)
        split = self._split_of(summary.id) if self._split_of else ""
        self.paths.append(path)
        self.lines.append(line)
        self.ids.append(summary.id)
        self.splits.append(split)
        if self.strata is not None:
            self.strata.add(summary)
        self._texts.add(int.from_bytes(summary.digest, "little", signed=True), number)
        self._sketches.add(summary.grams, summary.sketch)
        _count(self.licenses, summary.license, number, split)
        for key in summary.untold:
            _count(self.untold, key, number, split)
        if len(summary.published) >= _DAY:
            self.days.setdefault(split, Days()).add(summary.published[:_DAY], number)
        if summary.article is not None:
            self.articles.setdefault(summary.article, number)
        for layer, size in summary.sizes.items():
            self.layers[layer][split] += size > 0
        for label in summary.labels:
            self._add_label(label, number, split)
        for name in summary.names:
            self.names.add(hash(name.text), number, self._kind(name.layer, name.kind), name.nth)
        for words in summary.unmarked:
            self.names.add(hash(words), number, UNMARKED)
        for page in summary.pages:
            self.pages.add(hash(page), number)
        if summary.headline is not None:
            self.headlines.add(hash(summary.headline), number)
        for link in summary.links:
            self.links.add(hash(link[:2]), number, hash(link[3:]) & _SHORT, link.nth)
        for person, layer, count in summary.own_work:
            self.own_work.setdefault(person, Work(path)).sizes[layer] += count
        for person in {person for person, _, _ in summary.own_work}:
            self.own_work[person].documents += 1

    def deal(self, splits: Sequence[str]) -> None:
        """Says the split of each document, "" where it has none; for a survey whose splits are dealt later."""
        assert self.strata is not None
        self.splits = list(splits)
        self.days = {}
        for number, (split, day) in enumerate(zip(splits, self.strata.days, strict=True)):
            if len(day) == _DAY:
                self.days.setdefault(split, Days()).add(day, number)
        self.layers.clear()
        for stratum, counts in self.strata.by_split(splits):
            uses = self.labels.get(stratum[:2])
            if not stratum.attribute:
                self.layers[stratum.layer] = counts
            elif uses is not None:
                uses[stratum.value].splits = counts

    def _kind(self, layer: str, kind: str) -> int:
        if (layer, kind) not in self._kind_numbers:
            self._kind_numbers[layer, kind] = len(self.kinds)
            self.kinds.append((layer, kind))
        return self._kind_numbers[layer, kind]

    def _add_label(self, label: Label, number: int, split: str) -> None:
        if label.is_free:
            self.free.add((label.layer, label.attribute))
        uses = self.labels.setdefault((label.layer, label.attribute), {})
        if uses is None:
            return
        _count(uses, label.value, number, split, label.nth, label.uses)
        if len(uses) > MAX_LABELS:
            self.labels[label.layer, label.attribute] = None

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


def _count(uses: dict[str, Use], value: str, document: int, split: str, nth: int = 0, count: int = 1) -> None:
    use = uses.get(value)
    if use is None:
        use = uses[value] = Use(document, nth)
    use.count += count
    use.splits[split] += 1
