"""The document shards of one raw shard while they are made: old lines and new ones, on disk and not in memory.

Documents keep the file that they stand in, whatever comes before them: each file is replaced by itself, and a kill
between two of them leaves every document in one.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus_tool.checks.run import Checker, read_subject
from corpus_tool.model import Document
from corpus_tool.model.codec import dump_line
from corpus_tool.read import ReadError, fault
from corpus_tool.read.lines import iter_lines
from corpus_tool.shard_files import write_shard
from corpus_tool.shard_lines import require_own, shard_digest
from corpus_tool.store import MAX_DOCUMENT_BYTES

_TABLES = """
CREATE TABLE old (id TEXT PRIMARY KEY, part INTEGER, position INTEGER, line BLOB);
CREATE INDEX old_in_order ON old (part, position);
CREATE TABLE new (id TEXT PRIMARY KEY, part INTEGER, position INTEGER, line BLOB);
CREATE INDEX new_in_order ON new (part, position);
"""


class Gone(NamedTuple):
    """A document of an old shard that no article has continued."""

    document: Document
    file: str


class ShardDraft:
    """The documents of some shards, old and new, by id.

    It is a ``convert_task.Shelf``.
    """

    def __init__(self, shard: str, parts: Sequence[Path], taken: frozenset[str], checker: Checker, size: int) -> None:
        """An empty draft.

        Args:
            shard: the name that the shards have in common.
            parts: the files, as many as there may be; those that exist are read by ``load``.
            taken: ids of documents elsewhere in the corpus.
            checker: reads the old documents.
            size: how many documents a new shard gets.
        """
        self.shard = shard
        self._parts = parts
        self._taken = taken
        self._checker = checker
        self._size = size
        self._put = 0
        self._digests: dict[int, str] = {}
        self._before: dict[int, bytes] = {}
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(f"PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; {_TABLES}")

    def close(self) -> None:
        """Gives the temporary file back."""
        self._database.close()

    def load(self) -> Iterator[Document]:
        """Reads the old documents, and gives each.

        Raises:
            CorpusToolError: a file cannot be opened.
            ReadError: a line is no document, or has the id of another one, or a file is damaged.
        """
        for part, path in enumerate(self._parts):
            if not path.exists():
                continue
            self._digests[part] = shard_digest(path)
            same = hashlib.blake2b()
            for number, line in iter_lines(path, MAX_DOCUMENT_BYTES):
                document = read_subject(line, self._checker).document
                if document is None:
                    raise ReadError(fault("document-unreadable", str(path), "is not a valid document", line=number))
                try:
                    self._insert("old", document.id, part, number, line)
                except sqlite3.IntegrityError as error:
                    told = f"another line has the id {document.id!r} too"
                    raise ReadError(fault("document-id-twice", str(path), told, line=number)) from error
                same.update(line + b"\n")
                yield document
            self._before[part] = same.digest()

    def lookup(self, document_id: str) -> Document | None:
        """The document with an id: as it was put, else as it was."""
        for table in ("new", "old"):
            row = self._row(table, document_id)
            if row is not None:
                return self._document(row[2])
        return None

    def is_taken(self, document_id: str) -> bool:
        """Whether an id is that of a document elsewhere in the corpus."""
        return document_id in self._taken

    def place(self, document_id: str) -> str:
        """What a message calls a document."""
        row = self._row("new", document_id) or self._row("old", document_id)
        return f"documents/{self._parts[row[0] if row else 0].name} ({document_id})"

    def line_of(self, document_id: str) -> tuple[str, int] | None:
        """The file and the line that a document will have; None where nothing of the id was put."""
        row = self._row("new", document_id)
        if row is None:
            return None
        query = "SELECT COUNT(*) FROM new WHERE part = ? AND position <= ?"
        return self._parts[row[0]].name, int(self._database.execute(query, row[:2]).fetchone()[0])

    def put(self, document: Document) -> bool:
        """Takes the new state of a document; returns whether it differs from the old one."""
        line = dump_line(document, self._checker.layers).encode("utf-8")
        old = self._row("old", document.id)
        part = old[0] if old else min(self._put // self._size, len(self._parts) - 1)
        self._insert("new", document.id, part, self._put, line)
        self._put += 1
        return old is None or old[2] != line

    def gone(self) -> Iterator[Gone]:
        """The old documents that no article has continued, in their order; ``keep`` takes one over."""
        query = "SELECT id FROM old WHERE id NOT IN (SELECT id FROM new) ORDER BY part, position"
        for (document_id,) in self._database.execute(query).fetchall():
            part, _, line = self._row("old", document_id) or (0, 0, b"")
            yield Gone(self._document(line), self._parts[part].name)

    def keep(self, document_id: str) -> None:
        """Takes an old document over as it is, behind the others of its file."""
        part, _, line = self._row("old", document_id) or (0, 0, b"")
        self._insert("new", document_id, part, self._put, line)
        self._put += 1

    def write(self) -> list[str]:
        """Writes the files that change, each as a whole; removes those that nothing is left for.

        Returns:
            The names of the files that hold documents now, in order.

        Raises:
            CorpusToolError: a file cannot be written.
            ReadError: a file was changed since it was read.
        """
        names = []
        for part, path in enumerate(self._parts):
            after = hashlib.blake2b()
            count = 0
            for line in self._lines(part):
                after.update(line + b"\n")
                count += 1
            if count:
                names.append(path.name)
            if not count and part not in self._before:
                continue
            if after.digest() == self._before.get(part):
                continue
            require_own(path)
            self._require_unchanged(part, path)
            if count:
                write_shard(path, self._lines(part))
            else:
                path.unlink()
        return names

    def rows(self) -> Iterator[tuple[str, Document]]:
        """The file and the document of everything that was put, in order."""
        for part, line in self._database.execute("SELECT part, line FROM new ORDER BY part, position"):
            yield self._parts[part].name, self._document(line)

    def _lines(self, part: int) -> Iterator[bytes]:
        rows = self._database.execute("SELECT line FROM new WHERE part = ? ORDER BY position", (part,))
        return (line for (line,) in rows)

    def _require_unchanged(self, part: int, path: Path) -> None:
        now = shard_digest(path) if path.exists() else ""
        if now != self._digests.get(part, ""):
            told = "was changed while its articles were converted; it is left as it is"
            raise ReadError(fault("shard-not-converted", str(path), told))

    def _row(self, table: str, document_id: str) -> tuple[int, int, bytes] | None:
        query = f"SELECT part, position, line FROM {table} WHERE id = ?"  # noqa: S608  # one of two words of ours
        row: tuple[int, int, bytes] | None = self._database.execute(query, (document_id,)).fetchone()
        return row

    def _insert(self, table: str, document_id: str, part: int, position: int, line: bytes) -> None:
        query = f"INSERT INTO {table} VALUES (?, ?, ?, ?)"  # noqa: S608  # one of two words of ours
        self._database.execute(query, (document_id, part, position, line))

    def _document(self, line: bytes) -> Document:
        document = read_subject(line, self._checker).document
        assert document is not None, "it was read before"
        return document
