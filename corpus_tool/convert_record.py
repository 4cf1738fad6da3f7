"""What is known of a corpus's raw shards: which are done, and which articles each file and each raw shard holds.

An SQLite file beside the corpus. It can be made anew: then raw shards are converted once more, to the same bytes.
Articles have two kinds of rows: those that a raw shard asks for (its *wishes*, as surveyed), and those that stand in a
file. A raw shard gives way to the wishes of those before it and to all files but its own; so what it becomes depends
on the order in which raw shards came to the corpus, not on which of them is converted first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.convert_task import Elsewhere
from corpus_tool.convert_unit import Row
from corpus_tool.model import CorpusToolError
from corpus_tool.read.storage import scratch_folder

_FILE = "shards.sqlite"

_TABLES = """
CREATE TABLE IF NOT EXISTS units
    (number INTEGER PRIMARY KEY, raw TEXT UNIQUE, shard TEXT UNIQUE, key BLOB, done BLOB, files TEXT, told BLOB);
CREATE TABLE IF NOT EXISTS files (number INTEGER PRIMARY KEY, name TEXT UNIQUE, stamp TEXT, unit INTEGER);
CREATE TABLE IF NOT EXISTS articles
    (unit INTEGER, file INTEGER, number INTEGER, id TEXT, address BLOB, text BLOB);
CREATE INDEX IF NOT EXISTS by_place ON articles (file, unit);
CREATE INDEX IF NOT EXISTS by_id ON articles (id);
CREATE INDEX IF NOT EXISTS by_address ON articles (address) WHERE address IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_text ON articles (text);
"""

#: What a raw shard gives way to; ``file`` is 0 in the row of a wish.
_OTHERS = "((other.file = 0 AND other.unit < :unit) OR (other.file > 0 AND other.unit <> :unit))"

#: Documents of one text that are looked at; a notice that a broken site gives as every article has more.
_PER_TEXT = 8

_TAKEN = f"""
SELECT DISTINCT id FROM articles AS own WHERE file = 0 AND unit = :unit
    AND EXISTS (SELECT 1 FROM articles AS other WHERE other.id = own.id AND {_OTHERS})
"""  # noqa: S608  # words of ours

_SAME_TEXT = f"""
SELECT other.unit, other.file, other.id, other.address FROM articles AS other
    WHERE other.text = :text AND {_OTHERS} ORDER BY other.file, other.unit, other.number LIMIT {_PER_TEXT}
"""  # noqa: S608  # words of ours


@dataclass(frozen=True)
class Known:
    """What is known of a raw shard.

    Attributes:
        number: its place among the raw shards of the corpus.
        shard: the name that its document shards have in common.
        key: its key when its articles were named; empty if they never were.
        done: its key when it was converted; empty if it never was.
        files: the names of its document shards then.
        told: the diagnostics of that conversion, packed.
    """

    number: int
    shard: str
    key: bytes = b""
    done: bytes = b""
    files: tuple[str, ...] = ()
    told: bytes = b""


class Record:
    """The record of a corpus, open for one run at a time. Made by ``open_record``."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def units(self) -> dict[str, Known]:
        """What is known, by raw shard."""
        rows = self._database.execute("SELECT raw, number, shard, key, done, files, told FROM units ORDER BY number")
        return {
            raw: Known(number, shard, key, done, tuple(json.loads(files)), told)
            for raw, number, shard, key, done, files, told in rows
        }

    def add_unit(self, raw: str, shard: str) -> Known:
        """Takes in a raw shard that is new to the corpus."""
        row = self._database.execute(
            "INSERT INTO units (raw, shard, key, done, files, told) VALUES (?, ?, x'', x'', '[]', x'')", (raw, shard)
        )
        return Known(int(row.lastrowid or 0), shard)

    def rename_unit(self, number: int, raw: str) -> None:
        """Notes that a raw shard lies elsewhere now."""
        self._database.execute("UPDATE units SET raw = ? WHERE number = ?", (raw, number))

    def put_wishes(self, number: int, key: bytes, rows: Iterable[Row]) -> None:
        """Takes in the articles of a raw shard."""
        with self._transaction():
            self._database.execute("DELETE FROM articles WHERE file = 0 AND unit = ?", (number,))
            self._insert(number, 0, rows)
            self._database.execute("UPDATE units SET key = ? WHERE number = ?", (key, number))

    def forget_wishes(self, present: Collection[str]) -> None:
        """Forgets what raw shards ask for that hold nothing in the corpus and were not given to this run.

        Args:
            present: the raw shards of this run.
        """
        held = {unit for (unit,) in self._database.execute("SELECT DISTINCT unit FROM files")}
        for raw, known in self.units().items():
            if raw not in present and known.number not in held:
                self._database.execute("DELETE FROM articles WHERE file = 0 AND unit = ?", (known.number,))
                self._database.execute("UPDATE units SET key = x'', done = x'' WHERE number = ?", (known.number,))

    def stamps(self) -> dict[str, tuple[str, int]]:
        """By name of a file in ``documents/``: what it was like when it was read, and the number of its raw shard."""
        rows = self._database.execute("SELECT name, stamp, unit FROM files")
        return {name: (stamp, unit) for name, stamp, unit in rows}

    def put_file(self, name: str, stamp: str, unit: int, rows: Iterable[Row]) -> None:
        """Takes in the documents of a file; ``unit`` is the number of its raw shard, 0 where it has none."""
        with self._transaction():
            self._put_file(name, stamp, unit, rows)

    def forget_file(self, name: str) -> None:
        """Forgets a file that is gone."""
        with self._transaction():
            self._forget_file(name)

    def put_done(self, number: int, key: bytes, files: Mapping[str, tuple[str, Sequence[Row]]], told: bytes) -> None:
        """Notes that a raw shard was converted.

        Args:
            number: its number.
            key: its key, empty where it is to be done again.
            files: its document shards: by name, what each is like, and its documents.
            told: its diagnostics, packed.
        """
        with self._transaction():
            before = self._database.execute("SELECT name FROM files WHERE unit = ?", (number,)).fetchall()
            for (name,) in before:
                self._forget_file(name)
            for name, (stamp, rows) in files.items():
                self._put_file(name, stamp, number, rows)
            self._database.execute(
                "UPDATE units SET done = ?, files = ?, told = ? WHERE number = ?",
                (key, json.dumps(list(files)), told, number),
            )

    def wishes(self, number: int) -> int:
        """How many articles a raw shard holds."""
        return int(str(self._one("SELECT COUNT(*) FROM articles WHERE file = 0 AND unit = ?", number)))

    def taken(self, number: int) -> frozenset[str]:
        """The ids that a raw shard asks for and that others have."""
        rows = self._database.execute(_TAKEN, {"unit": number})
        return frozenset(name for (name,) in rows)

    def elsewhere(self, number: int) -> dict[int, Elsewhere]:
        """The articles of a raw shard, by number, whose very text stands elsewhere in the corpus too."""
        own = self._database.execute(
            "SELECT number, id, address, text FROM articles WHERE file = 0 AND unit = ?", (number,)
        ).fetchall()
        found: dict[int, Elsewhere] = {}
        for article, name, address, text in own:
            rows = self._database.execute(_SAME_TEXT, {"unit": number, "text": text}).fetchall()
            for unit, file, other, other_address in rows:
                has_address = address is not None and address == other_address
                if not has_address and other != name and article in found:
                    continue
                why = "has the same address and the same text" if has_address else "has the same text"
                found[article] = Elsewhere(f"{self._place(unit, file)} ({other}) {why}", has_address or other == name)
                if found[article].is_same:
                    break
        return found

    def _place(self, unit: int, file: int) -> str:
        if file:
            name = self._one("SELECT name FROM files WHERE number = ?", file)
            return f"documents/{name}"
        return Path(str(self._one("SELECT raw FROM units WHERE number = ?", unit))).name

    def _one(self, query: str, number: int) -> object:
        return self._database.execute(query, (number,)).fetchone()[0]

    def _put_file(self, name: str, stamp: str, unit: int, rows: Iterable[Row]) -> None:
        self._forget_file(name)
        number = self._database.execute(
            "INSERT INTO files (name, stamp, unit) VALUES (?, ?, ?)", (name, stamp, unit)
        ).lastrowid
        self._insert(unit, int(number or 0), rows)

    def _forget_file(self, name: str) -> None:
        row = self._database.execute("SELECT number FROM files WHERE name = ?", (name,)).fetchone()
        if row is not None:
            self._database.execute("DELETE FROM articles WHERE file = ?", row)
            self._database.execute("DELETE FROM files WHERE number = ?", row)

    def _insert(self, unit: int, file: int, rows: Iterable[Row]) -> None:
        self._database.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)",
            ((unit, file, number, *row) for number, row in enumerate(rows)),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


@contextmanager
def open_record(root: Path) -> Iterator[Record]:
    """The record of a corpus while the body runs; one that keeps nothing where there is no place for it.

    Raises:
        CorpusToolError: another run works with it.
    """
    with only_one(root):
        folder = scratch_folder(root)
        path = folder / _FILE if folder is not None else None
        database = _opened(path)
        try:
            yield Record(database)
        finally:
            database.close()


@contextmanager
def only_one(root: Path) -> Iterator[None]:
    """Keeps other runs out that write shards of a corpus; lets them in where there is no place for a lock.

    Raises:
        CorpusToolError: another run is at work.
    """
    folder = scratch_folder(root)
    path = folder / "shards.lock" if folder is not None else None
    if path is None or path.is_symlink():
        yield
        return
    with path.open("wb") as file:
        try:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CorpusToolError(f"{root}: another run writes its shards; wait until it has ended") from error
        except (ImportError, OSError):
            pass
        yield


def _opened(path: Path | None) -> sqlite3.Connection:
    """The database; one that is damaged is made anew."""
    if path is None or path.is_symlink():
        return _prepared("")
    try:
        return _prepared(str(path))
    except sqlite3.DatabaseError:
        with suppress(OSError):
            path.unlink()
    try:
        return _prepared(str(path))
    except sqlite3.Error:
        return _prepared("")


def _prepared(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")  # a file lost to a power cut is made anew
        database.execute("PRAGMA journal_mode = TRUNCATE")
        for statement in filter(str.strip, _TABLES.split(";")):
            database.execute(statement)
        database.execute("SELECT number, raw, shard, key, done, files, told FROM units LIMIT 1")
        database.execute("SELECT unit, file, number, id, address, text FROM articles LIMIT 1")
    except sqlite3.Error:
        database.close()
        raise
    return database
