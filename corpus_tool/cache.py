"""What validation found before: kept beside a corpus, by the bytes of each document and by the code that checked it."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from corpus_tool.model.schemas import Layer, document_schema, schema_folder
from corpus_tool.read.storage import scratch_folder

#: Rooms whose code decides what is found in a document.
_ROOMS = ("checks", "diagnostics", "language", "model")

#: Libraries whose version decides what is found.
_LIBRARIES = ("jsonschema-rs", "msgspec", "orjson", "regex")

#: What SQLite says of a file that is no database, a broken one, or one with other tables.
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)

#: Keys that are noted at once.
_NOTED = 1_000

_USED = "CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID"

_TABLE = "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, result BLOB NOT NULL) WITHOUT ROWID"


class Cache:
    """Results by key in an SQLite file, or nowhere where that file cannot be used.

    A file that is damaged is made anew; one that cannot be written (a corpus on a read-only disk) is done without.
    """

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._used: list[tuple[bytes]] = []
        #: Whether nothing was kept when the cache was opened: there is no use in asking for what is not there.
        self.was_empty = connection is None or not connection.execute("SELECT 1 FROM results LIMIT 1").fetchone()

    @staticmethod
    def key_of(rules: bytes, name: str | None, data: bytes) -> bytes:
        """The key of a document's result.

        Args:
            rules: ``rules_digest``.
            name: the file's name without its suffix, which the document's id should be; None in a shard.
            data: the document's bytes.
        """
        digest = hashlib.blake2b(rules, digest_size=16)
        digest.update(f"{name is None}{name or ''}\n".encode("utf-8", "surrogatepass"))
        digest.update(data)
        return digest.digest()

    def get(self, key: bytes) -> bytes | None:
        """The result under a key, None where there is none."""
        if self._connection is None:
            return None
        try:
            self._use(key)
            row = self._connection.execute("SELECT result FROM results WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            self._give_up()
            return None
        return row[0] if row else None

    def put(self, results: Iterable[tuple[bytes, bytes]]) -> None:
        """Keeps results under their keys; a disk that is full is no reason to stop checking."""
        if self._connection is None:
            return
        try:
            with self._connection:
                for key, result in results:
                    self._use(key)
                    self._connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?)", (key, result))
        except sqlite3.Error:
            self._give_up()

    def _use(self, key: bytes) -> None:
        """Notes that a key was asked for or kept; the notes are in a temporary file, which grows with the corpus."""
        self._used.append((key,))
        if len(self._used) >= _NOTED:
            self._note()

    def _note(self) -> None:
        assert self._connection is not None
        with self._connection:  # a transaction left open would keep other runs from writing
            self._connection.executemany("INSERT OR IGNORE INTO used VALUES (?)", self._used)
        self._used.clear()

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def forget_unused(self) -> None:
        """Drops what was not asked for since the cache was opened: documents that are gone or were changed."""
        if self._connection is None:
            return
        try:
            self._note()
            with self._connection:
                self._connection.execute("DELETE FROM results WHERE key NOT IN (SELECT key FROM used)")
        except sqlite3.Error:
            return


@contextmanager
def open_cache(root: Path) -> Iterator[Cache]:
    """The cache of a corpus while the body runs; one that keeps nothing where its file cannot be used."""
    connection = _connected(root)
    try:
        yield Cache(connection)
    finally:
        if connection is not None:
            connection.close()


def _connected(root: Path) -> sqlite3.Connection | None:
    folder = scratch_folder(root)
    path = folder / "validate.sqlite" if folder else None
    if path is None or path.is_symlink():
        return None
    try:
        return _prepared(path)
    except (OSError, sqlite3.Error):
        return None


def _prepared(path: Path) -> sqlite3.Connection:
    """An open database with its table; a damaged file is replaced.

    Two runs at once may both write: the second waits for the first, a transaction at a time.
    """
    for last in (False, True):
        connection = sqlite3.connect(path, timeout=10)
        try:
            connection.execute("PRAGMA journal_mode = TRUNCATE")
            connection.execute("PRAGMA synchronous = OFF")  # a file lost to a power cut is made anew
            connection.execute(_TABLE)
            connection.execute(_USED)
            connection.execute("SELECT key, result FROM results LIMIT 1").fetchone()
        except sqlite3.DatabaseError as error:
            connection.close()
            if last or error.sqlite_errorcode not in _DAMAGED:
                raise
            path.unlink()
        else:
            return connection
    raise AssertionError


def rules_digest(layers: Mapping[str, Layer]) -> bytes:
    """What results depend on besides a document: the code of the checks, the schemas, the layers, the libraries.

    Args:
        layers: the layers that documents may hold, a corpus's own among them.
    """
    from importlib import metadata

    package = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=16)
    told = [platform.python_version(), unicodedata.unidata_version, sys.byteorder, repr(document_schema(layers))]
    told += [f"{library} {metadata.version(library)}" for library in _LIBRARIES]
    digest.update("\n".join(told).encode())
    folders = [*((package / room, (".py", ".txt", ".json")) for room in _ROOMS), (schema_folder(), (".json",))]
    for folder, suffixes in folders:
        # Sorted within each folder: where corpus-tool is installed decides nothing.
        for path in sorted(path for path in folder.rglob("*") if path.suffix in suffixes):
            _add_file(digest, path)
    _add_file(digest, package / "__init__.py")
    return digest.digest()


def _add_file(digest: hashlib.blake2b, path: Path) -> None:
    data = path.read_bytes()
    digest.update(f"{path.name} {len(data)}\n".encode())
    digest.update(data)
