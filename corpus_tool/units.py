"""Units of work: pieces of a corpus that name what is to be read, and are read where the work is done.

A shard is one unit, and so are some document files. What a unit consists of depends on the files alone, never on where
the work is done: what is made of units is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.progress import size_of
from corpus_tool.read.files import require_regular
from corpus_tool.read.lines import shard_suffix
from corpus_tool.sources import (
    STANDARD_INPUT,
    Item,
    Source,
    annotator_folders,
    items_of_file,
    iter_standard_input,
)
from corpus_tool.store import iter_files_with_documents

#: Bytes as they are stored up to which a shard is read where the work is done; of larger ones the lines are read here,
#: and sent in batches, so that nobody holds what was found in all of it.
WHOLE_BYTES = 16_000_000


@dataclass(frozen=True)
class Unit:
    """A piece of work; it can be sent to another process, or another machine that sees the same files.

    Attributes:
        paths: the files: some with a document each, or one shard.
        group: documents of one group have an id each.
        is_shard: whether the file holds a document a line.
        annotator: whose folder below ``annotators/`` the files stand in.
        items: what was read here already: lines of a shard, or the documents of ``paths``.
    """

    paths: tuple[Path, ...]
    group: str
    is_shard: bool = False
    annotator: str | None = None
    items: tuple[Item | Diagnostic, ...] = ()

    @property
    def is_whole_shard(self) -> bool:
        """Whether the unit is a shard that is read where the work is done."""
        return self.is_shard and not self.items

    def name(self, number: int) -> str:
        """What diagnostics call the file of the unit's n-th document."""
        path = str(self.paths[0 if self.is_shard else number])
        return STANDARD_INPUT if path == "-" else path

    def stored(self, number: int) -> int:
        """Bytes of the n-th document in its file; 0 where the file is compressed, or is read where the work is done."""
        item = self.items[number] if self.items and self.paths[0].suffix in {".jsonl", ".ndjson"} else None
        return len(item.data) + 1 if isinstance(item, Item) else 0


def iter_units(source: Source, *, documents: int, size: int) -> Iterator[Unit]:
    """The units of a source, in the order of its files.

    Args:
        source: a corpus, a folder, a file or standard input.
        documents: the most documents of a unit of files, or of lines that are read here.
        size: bytes of lines that are read here at which a unit is full.

    Raises:
        CorpusToolError: the file that the user named cannot be opened.
    """
    path = source.path
    if source.is_corpus:
        yield from folder_units(path / "documents", documents=documents, size=size)
        for folder in annotator_folders(path):
            for unit in folder_units(folder, documents=documents, size=size):
                yield replace(unit, annotator=folder.name)
    elif str(path) == "-":
        yield from _read_here(path, "-", iter_standard_input(), documents, size)
    elif path.is_dir():
        yield from folder_units(path, documents=documents, size=size)
    else:
        require_regular(path)
        yield from _file_units([path], str(path.parent), documents, size)


def folder_units(folder: Path, *, documents: int, size: int) -> Iterator[Unit]:
    """The units of a folder of documents, as ``iter_units``."""
    return _file_units(iter_files_with_documents(folder), str(folder), documents, size)


def read_unit(unit: Unit, base: Path | None = None) -> Iterator[Item | Diagnostic]:
    """The documents of a unit, one after the other; a diagnostic for what cannot be read.

    Args:
        unit: the unit.
        base: the folder that relative paths start at, where it is not the current one.
    """
    if unit.items:
        yield from unit.items
        return
    for path in unit.paths:
        there = located(path, base)
        for item in items_of_file(there, unit.group):
            if isinstance(item, Item):
                yield replace(item, path=str(path))
            else:
                yield replace(item, path=str(path), message=item.message.replace(str(there), str(path)))


def located(path: Path, base: Path | None) -> Path:
    """A path as it is opened in a process whose current folder may be another one."""
    return path if base is None or path.is_absolute() else base / path


def _file_units(paths: Iterable[Path], group: str, documents: int, size: int) -> Iterator[Unit]:
    batch: list[Path] = []
    for path in paths:
        is_shard = shard_suffix(path) is not None
        if batch and (is_shard or len(batch) == documents):
            yield Unit(tuple(batch), group)
            batch = []
        if not is_shard:
            batch.append(path)
        elif size_of(path) > WHOLE_BYTES:
            yield from _read_here(path, group, items_of_file(path, group), documents, size)
        else:
            yield Unit((path,), group, is_shard=True)
    if batch:
        yield Unit(tuple(batch), group)


def _read_here(path: Path, group: str, items: Iterator[Item | Diagnostic], documents: int, size: int) -> Iterator[Unit]:
    while batch := tuple(_filled(islice(items, documents), size)):
        is_shard = not isinstance(batch[0], Item) or batch[0].is_shard
        yield Unit((path,), group, is_shard=is_shard, items=batch)


def _filled(items: Iterable[Item | Diagnostic], size: int) -> Iterator[Item | Diagnostic]:
    """Items until they have ``size`` bytes together."""
    taken = 0
    for item in items:
        yield item
        taken += len(item.data) if isinstance(item, Item) else 0
        if taken >= size:
            return
