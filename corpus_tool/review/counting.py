"""Going through a corpus for what is counted of each document: in bounded memory, annotators' versions beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from heapq import nlargest
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import msgspec

from corpus_tool.checks.run import Checker, make_checker, read_subject
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import is_document_id
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import iter_lines, shard_suffix
from corpus_tool.review.opened import checked
from corpus_tool.review.ranking import Counted, Ranked, count, rank, rarity_of
from corpus_tool.review.shelf import Held, id_in
from corpus_tool.selection import Ignores
from corpus_tool.sources import annotator_folders
from corpus_tool.store import MAX_DOCUMENT_BYTES, files_with_documents


@dataclass
class Versions:
    """What annotators made of documents; their shards are looked through once, into a temporary file."""

    corpus: Corpus
    checker: Checker
    _shards: sqlite3.Connection | None = field(default=None)

    def of(self, document_id: str) -> list[Document]:
        """Every annotator's version of a document that can be read."""
        folders = [folder for folder in annotator_folders(self.corpus.root) if not folder.is_symlink()]
        if not folders:
            return []
        found = []
        for folder in folders:
            path = folder / f"{document_id}.json"
            if path.is_file() and not path.is_symlink():
                found += self._decoded(read_file(path, limit=MAX_DOCUMENT_BYTES).data, document_id)
        for (data,) in self._in_shards(folders).execute("SELECT data FROM versions WHERE id = ?", (document_id,)):
            found += self._decoded(data, None)
        return found

    def _decoded(self, data: bytes, name: str | None) -> list[Document]:
        document = read_subject(data, self.checker, name).document
        return [] if document is None else [document]

    def _in_shards(self, folders: list[Path]) -> sqlite3.Connection:
        if self._shards is None:
            self._shards = sqlite3.connect("", check_same_thread=False)
            self._shards.execute("CREATE TABLE versions (id TEXT, data BLOB)")
            for folder in folders:
                for path in files_with_documents(folder):
                    if shard_suffix(path) and not path.is_symlink():
                        self._shards.executemany("INSERT INTO versions VALUES (?, ?)", _rows(path))
            self._shards.execute("CREATE INDEX by_id ON versions (id)")
        return self._shards

    def close(self) -> None:
        """Removes the temporary file."""
        if self._shards is not None:
            self._shards.close()


def _rows(shard: Path) -> Iterator[tuple[str, bytes]]:
    """The id and the bytes of each document of a shard, as far as it can be read."""
    try:
        for _, line in iter_lines(shard, MAX_DOCUMENT_BYTES):
            own = id_in(line)
            if own is not None:
                yield own, line
    except (CorpusToolError, ReadError):
        return


def iter_file(path: Path) -> Iterator[Held]:
    """The documents of a file or shard, as they are stored; one after the other.

    Raises:
        CorpusToolError: the file cannot be opened.
        ReadError: it is too large, or damaged.
    """
    if shard_suffix(path) is None:
        if is_document_id(path.stem):
            yield Held(path.stem, path, None, read_file(path, limit=MAX_DOCUMENT_BYTES).data, path)
        return
    for number, line in iter_lines(path, MAX_DOCUMENT_BYTES):
        own = id_in(line)
        if own is not None:
            yield Held(own, path, number, line, path)


def count_held(held: Held, corpus: Corpus, checker: Checker, versions: Versions) -> Counted:
    """What is counted of a stored document; its ``reason`` where it cannot be read."""
    document, found = checked(held, held.data, checker)
    if document is None:
        return Counted(id=held.id, reason="its file is no valid document", findings=1, weight=1.0)
    return count_document(held.id, document, Ignores(corpus).left(found), versions)


def count_document(own: str, document: Document, shown: Iterator[Diagnostic], versions: Versions) -> Counted:
    """The same of a document that was read; ``own`` is what it is stored as."""
    try:
        beside = versions.of(own)
    except (CorpusToolError, ReadError):
        beside = []
    return msgspec.structs.replace(count(document, shown, beside), id=own)


def next_documents(
    root: Path, *, limit: int | None = 20, on_document: Callable[[str], None] = lambda name: None
) -> list[Ranked]:
    """The documents of a corpus that a correction would teach most from, first the best; none that teach nothing.

    What is weighed is said in ``corpus_tool.review.ranking``. The corpus is gone through once; what is counted waits in
    a temporary file until it is known how rare each kind is, so memory does not grow with the corpus but by ``limit``.

    Args:
        root: the corpus.
        limit: how many, None for all.
        on_document: called with the id of each document as it is counted.

    Raises:
        CorpusToolError: the folder is no corpus, or a file cannot be opened.
        ReadError: ``corpus.yaml`` is wrong, or a file is damaged.
    """
    corpus = open_corpus(root)
    checker = make_checker(corpus.layers)
    kinds: dict[str, dict[str, int]] = {}
    with TemporaryFile() as spool, closing(Versions(corpus, checker)) as versions:
        for path in files_with_documents(corpus.documents):
            for held in iter_file(path):
                counted = count_held(held, corpus, checker, versions)
                for name, counts in counted.kinds.items():
                    own = kinds.setdefault(name, {})
                    for kind, number in counts.items():
                        own[kind] = own.get(kind, 0) + number
                _spool(spool, counted)
                on_document(held.id)
        rarity = rarity_of(kinds)
        ranked = (rank(counted, rarity) for counted in _spooled(spool))
        gainful = (document for document in ranked if document.gain > 0)
        if limit is None:
            return sorted(gainful, key=_order)
        return nlargest(limit, gainful, key=lambda document: (document.rank, _Backwards(document.document)))


def _order(document: Ranked) -> tuple[float, str]:
    return -document.rank, document.document


@dataclass(frozen=True)
class _Backwards:
    """A name that sorts the other way round: of equal ranks the first name comes first."""

    name: str

    def __lt__(self, other: _Backwards) -> bool:
        return self.name > other.name


def _spool(file: BinaryIO, counted: Counted) -> None:
    data = msgspec.msgpack.encode(counted)
    file.write(len(data).to_bytes(4, "big"))
    file.write(data)


def _spooled(file: BinaryIO) -> Iterator[Counted]:
    file.seek(0)
    while head := file.read(4):
        yield msgspec.msgpack.decode(file.read(int.from_bytes(head, "big")), type=Counted)
