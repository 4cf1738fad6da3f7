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
from typing import Any, NamedTuple

from corpus_tool.checks.corpus.near_duplicates import THRESHOLD
from corpus_tool.language.shingles import Sketch, gram_hashes, resemblance, sketch_of
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import iter_lines, shard_suffix
from corpus_tool.read.storage import fingerprint, is_remote, scratch_folder
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

#: Documents that wait in memory before their rows are made.
_WAITING = 256

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
    """The articles of a corpus, those that a run adds among them. Made by ``open_articles``.

    With the name of a shard: those of that shard alone, which are all added; no file is read.
    """

    def __init__(self, corpus: Corpus, shard: str = "") -> None:
        self._corpus = corpus
        self._shard = shard
        self._database: sqlite3.Connection | None = None
        self._is_kept = False
        self._waiting: dict[str, Document] = {}
        self._written: list[str] = []

    def at_address(self, document: Document) -> list[Held]:
        """The documents with the address of another, whatever tracking, print or AMP view either has (``url_key``)."""
        rows = self._rows().execute(
            "SELECT number FROM documents WHERE address = ? ORDER BY number LIMIT ?",
            (digest_of(url_key(document.meta.url or "")), _PER_ADDRESS),
        )
        numbers = [number for (number,) in rows]
        sketch = sketch_of(gram_hashes(document.text)) if numbers else None
        return [self._compared(number, sketch) for number in numbers if sketch]

    def with_text(self, document: Document) -> Held | None:
        """The document with the same text, else the one with the most similar near duplicate (as COR102 has it)."""
        database = self._rows()
        row = database.execute(
            "SELECT id, file, line FROM documents WHERE text = ? ORDER BY number", (digest_of(document.text),)
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
        if len(self._waiting) >= _WAITING and (self._shard or self._database is not None):
            self._rows()

    def is_in_shard(self, document_id: str) -> bool:
        """Whether a shard of the corpus holds a document of an id."""
        row = self._rows().execute("SELECT 1 FROM documents WHERE id = ? AND line > 0", (document_id,)).fetchone()
        return row is not None

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
            files = [] if self._shard else files_with_documents(self._corpus.documents)
            self._is_kept = len(files) >= _WORTH_KEEPING
            self._database = _opened(self._corpus.root if self._is_kept else None)
            self._read(self._database, files)
        self._take_waiting(self._database)
        return self._database

    def _take_waiting(self, database: sqlite3.Connection) -> None:
        for document in self._waiting.values():
            file = f"{self._shard} ({document.id})" if self._shard else f"{document.id}.json"
            _forget(database, file)
            _insert(database, file, 0, document.id, document.meta.url, document.text)
        self._waiting.clear()

    def _read(self, database: sqlite3.Connection, files: list[Path]) -> None:
        known = {name: (size, time) for name, size, time in database.execute("SELECT name, size, time FROM files")}
        for path in files:
            if known.pop(path.name, None) == _state(path) or path.stem in self._waiting:
                continue
            _forget(database, path.name)
            for found in stored_articles(path):
                _insert(database, path.name, found.line, found.id, found.url, found.text)
            _note(database, path)
        for name in known:
            _forget(database, name)
            database.execute("DELETE FROM files WHERE name = ?", (name,))


@contextmanager
def open_articles(corpus: Corpus, shard: str = "") -> Iterator[Articles]:
    """The articles of a corpus, or of one shard, while the body runs; nothing is read before something is asked."""
    articles = Articles(corpus, shard)
    try:
        yield articles
        articles.keep()
    finally:
        articles.close()


def _opened(root: Path | None) -> sqlite3.Connection:
    """A database that is kept below ``root``, for this run alone; else a temporary file that nobody sees."""
    folder = scratch_folder(root) if root is not None else None
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


def digest_of(words: str) -> bytes:
    """16 bytes that stand for a text, or for an address as ``url_key`` gives it."""
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class StoredArticle(NamedTuple):
    """What is read of a document to tell its article.

    Attributes:
        line: its line in a shard, 0 in a file of its own.
        id: the document's id.
        url: its address, None without one.
        text: the article.
        article: the file that the article came from, as ``meta.article`` has it.
    """

    line: int
    id: str
    url: str | None
    text: str
    article: str | None


def stored_articles(path: Path) -> Iterator[StoredArticle]:
    """The articles of a file of documents, one or many; what is no document is left out, to be told elsewhere."""
    import orjson

    for line, data in _stored(path):
        try:
            raw = orjson.loads(data)
        except orjson.JSONDecodeError:
            continue
        if isinstance(raw, dict) and isinstance(raw.get("id"), str) and isinstance(raw.get("text"), str):
            meta = _object(raw.get("meta"))
            url, article = meta.get("url"), _object(meta.get("article")).get("path")
            yield StoredArticle(
                line,
                raw["id"],
                url if isinstance(url, str) else None,
                raw["text"],
                article if isinstance(article, str) else None,
            )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _stored(path: Path) -> Iterator[tuple[int, bytes]]:
    """The documents of a file as (line, bytes); of one that is damaged those before the damage."""
    try:
        if shard_suffix(path):
            yield from iter_lines(path, MAX_DOCUMENT_BYTES)
        else:
            yield 0, read_file(path, limit=MAX_DOCUMENT_BYTES).data
    except (CorpusToolError, ReadError):
        return


def _insert(database: sqlite3.Connection, file: str, line: int, of: str, url: str | None, text: str) -> None:
    sketch = sketch_of(gram_hashes(text))
    address = digest_of(url_key(url)) if url else None
    number = database.execute(
        "INSERT INTO documents (file, line, id, address, text, grams, hashes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (file, line, of, address, digest_of(text), sketch.grams, sketch.hashes.astype("<u4").tobytes()),
    ).lastrowid
    if sketch.grams >= _MIN_GRAMS:
        database.executemany(
            "INSERT OR IGNORE INTO heads VALUES (?, ?)", [(head, number) for head in sketch.hashes[:_HEADS].tolist()]
        )


def _note(database: sqlite3.Connection, path: Path) -> None:
    database.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (path.name, *_state(path)))


def _state(path: Path) -> tuple[int, int]:
    """Size of a file in bytes, and when it was written, in nanoseconds; in a storage a number of its bytes' own."""
    stat = path.stat()
    return stat.st_size, int(fingerprint(path)[:15], 16) if is_remote(path) else stat.st_mtime_ns


def _forget(database: sqlite3.Connection, file: str) -> None:
    database.execute("DELETE FROM heads WHERE document IN (SELECT number FROM documents WHERE file = ?)", (file,))
    database.execute("DELETE FROM documents WHERE file = ?", (file,))
