"""Parts of a survey: what the checks across documents know of some documents, gathered where these are checked.

A part is made on any machine and holds numbers and counts, ready to be appended to those of the parts before it
(``Survey.take``): what takes time is done by those who check, and one process puts a corpus together.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import NamedTuple

import msgspec
import xxhash

from corpus_tool.checks.corpus.near_duplicates import heads_of
from corpus_tool.checks.corpus.strata import DAY, Strata, StrataPart
from corpus_tool.checks.corpus.summary import Label, Summary

#: Different values of one attribute that are counted; an attribute with more of them holds no labels.
MAX_LABELS = 1_000

#: What stands between an archive and its member in ``meta.article.path``.
IN_ARCHIVE = "!/"

#: The kind of a name that is not annotated; those of annotated ones are smaller.
UNMARKED = 0xFFFFFFFF

#: The bits of a short hash.
_SHORT = 0xFFFFFFFF


class PartUse(msgspec.Struct, array_like=True):
    """Uses of a label: where it came first, how many annotations have it, and the documents that do by split."""

    document: int
    nth: int
    count: int = 0
    splits: dict[str, int] = {}


class PartWork(msgspec.Struct, array_like=True):
    """What one annotator did: the file of the first document, how many documents, and how many annotations a layer."""

    path: str
    documents: int = 0
    sizes: dict[str, int] = {}


class PartRows(msgspec.Struct, array_like=True, frozen=True):
    """Rows of ``SortedRows``: 8 bytes a key, 4 a document's number in the part and each further number."""

    keys: bytes = b""
    documents: bytes = b""
    kinds: bytes = b""
    nths: bytes = b""


class PartLabels(msgspec.Struct, array_like=True):
    """The labels of one attribute; ``uses`` is None where it has too many values."""

    layer: str
    attribute: str
    is_free: bool = False
    uses: dict[str, PartUse] | None = {}


class Day(NamedTuple):
    """A day (ISO 8601) and a document of it."""

    day: str
    document: int


class PartDays(msgspec.Struct, array_like=True):
    """The earliest and the latest day of the documents of a split."""

    earliest: Day
    latest: Day


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Consecutive documents of a corpus; they are numbered from 0, and numbers are in this machine's order of bytes.

    Attributes:
        ids: their ids.
        lines: the line of each, 8 bytes.
        paths: the files, each with how many documents in a row it holds.
        articles: the files that texts came from, in the same way.
        splits: the split of each.
        grams: 5-grams of each, 4 bytes.
        sizes: hashes of each sketch, 4 bytes.
        sketches: the sketches.
        heads: the hashes that are joined (``near_duplicates.py``), 8 bytes.
        texts: digests of the texts.
        names: annotated names and capitalised words.
        kinds: what the kinds of ``names`` stand for.
        pages: keys of pages.
        headlines: titles with their day.
        links: linked things.
        licenses: the documents of each licence.
        untold: the documents that lack language, source or published.
        days: days by split.
        layers: documents by layer and split.
        labels: the labels.
        own_work: what people added or corrected.
        folders: documents of ``annotators/<name>/`` that came among these.
        strata: what splits are dealt by later.
        unread: documents that could not be read.
    """

    ids: list[str]
    lines: bytes
    paths: list[tuple[str, int]]
    articles: list[tuple[str, int]]
    splits: list[str]
    grams: bytes
    sizes: bytes
    sketches: bytes
    heads: bytes
    texts: PartRows
    names: PartRows
    kinds: list[tuple[str, str]]
    pages: PartRows
    headlines: PartRows
    links: PartRows
    licenses: dict[str, PartUse]
    untold: dict[str, PartUse]
    days: dict[str, PartDays]
    layers: dict[str, dict[str, int]]
    labels: list[PartLabels]
    own_work: dict[str, PartWork]
    folders: dict[str, PartWork]
    strata: StrataPart | None
    unread: int


class _Rows:
    def __init__(self) -> None:
        self.keys, self.documents, self.kinds, self.nths = array("Q"), array("I"), array("I"), array("I")

    def add(self, key: int, document: int, kind: int = 0, nth: int = 0) -> None:
        self.keys.append(key)
        self.documents.append(document)
        self.kinds.append(kind)
        self.nths.append(nth)

    def part(self) -> PartRows:
        return PartRows(self.keys.tobytes(), self.documents.tobytes(), self.kinds.tobytes(), self.nths.tobytes())


class Gatherer:
    """Documents, added one by one in their order, until ``part`` is taken."""

    def __init__(self, split_of: Callable[[str], str] | None = None, *, is_dealt_later: bool = False) -> None:
        """No documents yet.

        Args:
            split_of: gives the split of a document's id.
            is_dealt_later: whether splits are dealt once all documents of the corpus are known.
        """
        self._split_of = split_of
        self._is_dealt_later = is_dealt_later
        self._begin()

    def __len__(self) -> int:
        return len(self._ids)

    def _begin(self) -> None:
        self._ids: list[str] = []
        self._lines = array("Q")
        self._paths: list[tuple[str, int]] = []
        self._articles: list[tuple[str, int]] = []
        self._splits: list[str] = []
        self._grams, self._sizes, self._heads = array("I"), array("I"), array("Q")
        self._sketches: list[bytes] = []
        self._texts, self._names, self._pages, self._headlines, self._links = (_Rows() for _ in range(5))
        self._kinds: dict[tuple[str, str], int] = {}
        self._licenses: dict[str, PartUse] = {}
        self._untold: dict[str, PartUse] = {}
        self._days: dict[str, PartDays] = {}
        self._layers: dict[str, dict[str, int]] = {}
        self._labels: dict[tuple[str, str], PartLabels] = {}
        self._own_work: dict[str, PartWork] = {}
        self._folders: dict[str, PartWork] = {}
        self._strata = Strata() if self._is_dealt_later else None
        self._unread = 0

    def part(self) -> Part:
        """The documents that were added since the last part."""
        made = Part(
            ids=self._ids,
            lines=self._lines.tobytes(),
            paths=self._paths,
            articles=self._articles,
            splits=self._splits,
            grams=self._grams.tobytes(),
            sizes=self._sizes.tobytes(),
            sketches=b"".join(self._sketches),
            heads=self._heads.tobytes(),
            texts=self._texts.part(),
            names=self._names.part(),
            kinds=list(self._kinds),
            pages=self._pages.part(),
            headlines=self._headlines.part(),
            links=self._links.part(),
            licenses=self._licenses,
            untold=self._untold,
            days=self._days,
            layers=self._layers,
            labels=list(self._labels.values()),
            own_work=self._own_work,
            folders=self._folders,
            strata=self._strata.part() if self._strata is not None else None,
            unread=self._unread,
        )
        self._begin()
        return made

    def add_unread(self) -> None:
        """Counts a document that could not be read."""
        self._unread += 1

    def add(self, summary: Summary, path: str, line: int = 1, *, annotator: str | None = None) -> None:
        """Adds a document.

        Args:
            summary: its summary.
            path: its file, as diagnostics call it.
            line: its line in the file, from 1.
            annotator: whose folder it stands in, where that is not ``documents``: it is then no document of its own.
        """
        if annotator is not None:
            work = self._folders.setdefault(annotator, PartWork(path))
            work.documents += 1
            for layer, size in summary.sizes.items():
                work.sizes[layer] = work.sizes.get(layer, 0) + size
            return
        number = len(self._ids)
        split = self._split_of(summary.id) if self._split_of else ""
        self._ids.append(summary.id)
        self._lines.append(line)
        _repeat(self._paths, path)
        _repeat(self._articles, (summary.article or "").partition(IN_ARCHIVE)[0])
        self._splits.append(split)
        if self._strata is not None:
            self._strata.add(summary)
        self._texts.add(int.from_bytes(summary.digest, "little"), number)
        self._add_sketch(summary, number)
        _count(self._licenses, summary.license, number, split)
        for key in summary.untold:
            _count(self._untold, key, number, split)
        if len(summary.published) >= DAY:
            day = Day(summary.published[:DAY], number)
            days = self._days.setdefault(split, PartDays(day, day))
            days.earliest, days.latest = min(days.earliest, day), max(days.latest, day)
        for layer, size in summary.sizes.items():
            splits = self._layers.setdefault(layer, {})
            splits[split] = splits.get(split, 0) + (size > 0)
        for label in summary.labels:
            self._add_label(label, number, split)
        self._add_names(summary, number)
        for page in summary.pages:
            self._pages.add(hash_of(page), number)
        if summary.headline is not None:
            self._headlines.add(hash_of(summary.headline), number)
        for link in summary.links:
            told = hash_of(f"{link.name}\0{link.lat}\0{link.lon}") & _SHORT
            self._links.add(hash_of(f"{link.register}\0{link.value}"), number, told, link.nth)
        for person, layer, count in summary.own_work:
            sizes = self._own_work.setdefault(person, PartWork(path)).sizes
            sizes[layer] = sizes.get(layer, 0) + count
        for person in {person for person, _, _ in summary.own_work}:
            self._own_work[person].documents += 1

    def _add_sketch(self, summary: Summary, number: int) -> None:
        size = len(summary.sketch) // 4
        self._grams.append(min(summary.grams, _SHORT))
        self._sizes.append(size)
        self._sketches.append(summary.sketch)
        self._heads.extend(heads_of(summary.sketch, number))

    def _add_names(self, summary: Summary, number: int) -> None:
        for name in summary.names:
            kind = self._kinds.setdefault((name.layer, name.kind), len(self._kinds))
            self._names.add(hash_of(name.text), number, kind, name.nth)
        for words in summary.unmarked:
            self._names.add(hash_of(words), number, UNMARKED)

    def _add_label(self, label: Label, number: int, split: str) -> None:
        key = (label.layer, label.attribute)
        labels = self._labels.get(key)
        if labels is None:
            labels = self._labels[key] = PartLabels(*key)
        labels.is_free |= label.is_free
        if labels.uses is None:
            return
        _count(labels.uses, label.value, number, split, label.nth, label.uses)
        if len(labels.uses) > MAX_LABELS:
            labels.uses = None


def hash_of(words: str) -> int:
    """64 bits of a string, the same on every machine (XXH3)."""
    return xxhash.xxh3_64_intdigest(words.encode("utf-8", "surrogatepass"))


def _repeat(runs: list[tuple[str, int]], value: str) -> None:
    if runs and runs[-1][0] == value:
        runs[-1] = (value, runs[-1][1] + 1)
    else:
        runs.append((value, 1))


def _count(uses: dict[str, PartUse], value: str, document: int, split: str, nth: int = 0, count: int = 1) -> None:
    use = uses.get(value)
    if use is None:
        use = uses[value] = PartUse(document, nth)
    use.count += count
    use.splits[split] = use.splits.get(split, 0) + 1
