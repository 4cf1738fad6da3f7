"""Which articles a corpus holds: by address, by text, and by much the same text.

Every document has a row in an SQLite file: its address, the hash of its text, and the sketch of its word 5-grams
(``language/shingles.py``). A text is looked up by the ``_HEADS`` smallest hashes of its sketch, then compared by the
whole sketch. So a look-up costs the same in a corpus of ten documents and of a million, and memory stays bounded.

The file is kept in ``.corpus-tool`` where reading the corpus anew would take more than a moment; there only files that
are new or changed (size, time) are read. Elsewhere, and where another run holds it, it is a temporary one.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from corpus_tool.cache import cache_folder
from corpus_tool.checks.corpus.near_duplicates import THRESHOLD
from corpus_tool.language.shingles import Sketch, gram_hashes, resemblance, sketch_of
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import iter_lines, shard_suffix
from corpus_tool.read.urls import url_key
from corpus_tool.store import MAX_DOCUMENT_BYTES, files_with_documents

#: Grams of a text from which on it may be much the same as another; in a shorter one a word more is much.
_MIN_GRAMS = 20

#: Hashes that a text is looked up by; of eight, near duplicates share three in 999 of 1,000 cases and more.
_HEADS, _SHARED_HEADS = 8, 3

#: Texts that one hash leads to; a phrase that every article holds costs no more than another.
_PER_HEAD = 64

#: Documents that one address leads to; a page that a broken site names as the address of every article has more.
_PER_ADDRESS = 8

#: Files of documents from which on the rows are kept beside the corpus.
_WORTH_KEEPING = 500

_TABLES = """
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, size INTEGER, time INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents
    (number INTEGER PRIMARY KEY, file TEXT, line INTEGER, id TEXT, address BLOB, text BLOB, grams INTEGER, hashes BLOB);
CREATE INDEX IF NOT EXISTS by_file ON documents (file);
CREATE INDEX IF NOT EXISTS by_id ON documents (id);
CREATE INDEX IF NOT EXISTS by_address ON documents (address) WHERE address IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_text ON documents (text);
CREATE TABLE IF NOT EXISTS heads (hash INTEGER, document INTEGER, PRIMARY KEY (hash, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_document ON heads (document);
"""


class Held(NamedTuple):
    """A document that the corpus holds.

    Attributes:
        id: its id.
        file: its file's name in ``documents/``.
        line: its line there, 0 in a file of its own.
        similarity: the part of the word 5-grams that it shares with the text that was asked for.
        is_copy: whether it has that very text.
    """

    id: str
    file: str
    line: int
    similarity: float = 1.0
    is_copy: bool = False

    @property
    def place(self) -> str:
        """Where it stands, in the words of a message."""
        return f"documents/{self.file}" + (f":{self.line}" if self.line else "")


class Articles:
    """The articles of a corpus, those that a run adds among them. Made by ``open_articles``."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._database: sqlite3.Connection | None = None
        self._is_kept = False
        self._waiting: dict[str, Document] = {}
        self._written: list[str] = []

    def at_address(self, document: Document) -> list[Held]:
        """The documents with the address of another, whatever tracking, print or AMP view either has (``url_key``)."""
        rows = self._rows().execute(
            "SELECT number FROM documents WHERE address = ? ORDER BY number LIMIT ?",
            (_digest(url_key(document.meta.url or "")), _PER_ADDRESS),
        )
        numbers = [number for (number,) in rows]
        sketch = sketch_of(gram_hashes(document.text)) if numbers else None
        return [self._compared(number, sketch) for number in numbers if sketch]

    def with_text(self, document: Document) -> Held | None:
        """The document with the same text, else the one with the most similar near duplicate (as COR102 has it)."""
        database = self._rows()
        row = database.execute(
            "SELECT id, file, line FROM documents WHERE text = ? ORDER BY number", (_digest(document.text),)
        ).fetchone()
        if row is not None:
            return Held(row[0], row[1], row[2], is_copy=True)
        if database.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None:
            return None
        sketch = sketch_of(gram_hashes(document.text))
        if sketch.grams < _MIN_GRAMS:
            return None
        met: Counter[int] = Counter()
        for head in sketch.hashes[:_HEADS].tolist():
            met.update(
                number
                for (number,) in database.execute(
                    "SELECT document FROM heads WHERE hash = ? LIMIT ?", (head, _PER_HEAD)
                )
            )
        found = [self._compared(number, sketch) for number, times in met.items() if times >= _SHARED_HEADS]
        return max((held for held in found if held.similarity >= THRESHOLD), key=lambda h: h.similarity, default=None)

    def _compared(self, number: int, sketch: Sketch) -> Held:
        import numpy as np

        held, file, line, grams, hashes = (
            self._rows()
            .execute("SELECT id, file, line, grams, hashes FROM documents WHERE number = ?", (number,))
            .fetchone()
        )
        return Held(held, file, line, resemblance(sketch, Sketch(grams, np.frombuffer(hashes, "<u4"))))

    def add(self, document: Document) -> None:
        """Takes a document that the run is about to write, in place of what stood under its id."""
        self._waiting[document.id] = document

    def written(self, document_id: str) -> None:
        """Notes that the file of a document is as the run leaves it."""
        self._written.append(document_id)

    def keep(self) -> None:
        """Keeps what is known of the corpus for the next run, where that is worth a file."""
        if self._database is not None and self._is_kept:
            self._take_waiting(self._database)
            for document_id in self._written:
                _note(self._database, self._corpus.document_path(document_id))
            self._database.commit()

    def close(self) -> None:
        """Gives the file back; what was not kept is forgotten."""
        if self._database is not None:
            self._database.close()

    def _rows(self) -> sqlite3.Connection:
        """The database, with every document in it; the corpus is read when something is first asked."""
        if self._database is None:
            files = files_with_documents(self._corpus.documents)
            self._is_kept = len(files) >= _WORTH_KEEPING
            self._database = _opened(self._corpus.root if self._is_kept else None)
            self._read(self._database, files)
        self._take_waiting(self._database)
        return self._database

    def _take_waiting(self, database: sqlite3.Connection) -> None:
        for document in self._waiting.values():
            file = f"{document.id}.json"
            _forget(database, file)
            _insert(database, file, 0, document.id, document.meta.url, document.text)
        self._waiting.clear()

    def _read(self, database: sqlite3.Connection, files: list[Path]) -> None:
        known = {name: (size, time) for name, size, time in database.execute("SELECT name, size, time FROM files")}
        for path in files:
            stat = path.stat()
            if known.pop(path.name, None) == (stat.st_size, stat.st_mtime_ns) or path.stem in self._waiting:
                continue
            _forget(database, path.name)
            for line, data in _stored(path):
                _insert_raw(database, path.name, line, data)
            _note(database, path)
        for name in known:
            _forget(database, name)
            database.execute("DELETE FROM files WHERE name = ?", (name,))


@contextmanager
def open_articles(corpus: Corpus) -> Iterator[Articles]:
    """The articles of a corpus while the body runs; nothing is read before something is asked."""
    articles = Articles(corpus)
    try:
        yield articles
        articles.keep()
    finally:
        articles.close()


def _opened(root: Path | None) -> sqlite3.Connection:
    """A database that is kept below ``root``, for this run alone; else a temporary file that nobody sees."""
    folder = cache_folder(root) if root is not None else None
    if folder is not None:
        try:
            return _prepared(folder / "articles.sqlite")
        except (OSError, sqlite3.Error):  # read-only, damaged, or another run is at work
            pass
    return _prepared(None)


def _prepared(path: Path | None) -> sqlite3.Connection:
    if path is not None and path.is_symlink():
        raise OSError(f"{path}: is a symbolic link")
    database = sqlite3.connect(path or "", timeout=0.1, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = OFF")  # a file lost to a power cut is made anew
        database.execute("BEGIN IMMEDIATE")
        for statement in filter(str.strip, _TABLES.split(";")):
            database.execute(statement)
        database.execute("SELECT number, file, line, id, address, text, grams, hashes FROM documents LIMIT 1")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _digest(words: str) -> bytes:
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _stored(path: Path) -> Iterator[tuple[int, bytes]]:
    """The documents of a file as (line, bytes); of one that is damaged those before the damage."""
    try:
        if shard_suffix(path):
            yield from iter_lines(path, MAX_DOCUMENT_BYTES)
        else:
            yield 0, read_file(path, limit=MAX_DOCUMENT_BYTES).data
    except (CorpusToolError, ReadError):
        return


def _insert_raw(database: sqlite3.Connection, file: str, line: int, data: bytes) -> None:
    """Takes a document from its bytes; what is none is left out: who needs it is told elsewhere."""
    import orjson

    try:
        raw = orjson.loads(data)
    except orjson.JSONDecodeError:
        return
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not isinstance(raw.get("text"), str):
        return
    meta = raw.get("meta")
    url = meta.get("url") if isinstance(meta, dict) else None
    _insert(database, file, line, raw["id"], url if isinstance(url, str) else None, raw["text"])


def _insert(database: sqlite3.Connection, file: str, line: int, of: str, url: str | None, text: str) -> None:
    sketch = sketch_of(gram_hashes(text))
    address = _digest(url_key(url)) if url else None
    number = database.execute(
        "INSERT INTO documents (file, line, id, address, text, grams, hashes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (file, line, of, address, _digest(text), sketch.grams, sketch.hashes.astype("<u4").tobytes()),
    ).lastrowid
    if sketch.grams >= _MIN_GRAMS:
        database.executemany(
            "INSERT OR IGNORE INTO heads VALUES (?, ?)", [(head, number) for head in sketch.hashes[:_HEADS].tolist()]
        )


def _note(database: sqlite3.Connection, path: Path) -> None:
    stat = path.stat()
    database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (path.name, stat.st_size, stat.st_mtime_ns))


def _forget(database: sqlite3.Connection, file: str) -> None:
    database.execute("DELETE FROM heads WHERE document IN (SELECT number FROM documents WHERE file = ?)", (file,))
    database.execute("DELETE FROM documents WHERE file = ?", (file,))
