"""Where a reviewed document is kept: a file of its own or a line of a shard, read and written back without losses.

A document is written only where what is on disk is still what was read, whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import is_document_id
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import iter_lines, shard_suffix
from corpus_tool.review.refusal import ChangedElsewhere, NotAllowed, NotFound, ReadOnly
from corpus_tool.shard_lines import replace_documents, shard_digest
from corpus_tool.store import MAX_DOCUMENT_BYTES, files_with_documents

#: The folder with a folder for each of several annotators.
ANNOTATORS = "annotators"

#: Bytes that a shard may have to be rewritten for every edit.
MAX_SHARD_BYTES = 64_000_000


@dataclass(frozen=True)
class Held:
    """A document as it is stored.

    Attributes:
        id: what it is called: its file's name without suffix, or its id in a shard.
        path: the file.
        line: its line in a shard, from 1; None in a file of its own.
        data: its bytes.
        target: the file that edits go to; another one where an annotator's copy is still to be made.
    """

    id: str
    path: Path
    line: int | None
    data: bytes
    target: Path

    @property
    def is_line(self) -> bool:
        """Whether it is written as a line of a shard, not as a file of its own."""
        return self.line is not None and self.path == self.target

    @property
    def etag(self) -> str:
        """What tells this state from others: a digest of the bytes, and whether a copy is still to be made."""
        digest = hashlib.sha256(self.data).hexdigest()
        return digest if self.path == self.target else f"base-{digest}"


@dataclass
class Shelf:
    """The documents of a corpus, or of one of its annotators.

    Attributes:
        corpus: the corpus.
        annotator: whose copies below ``annotators/`` are edited, made from ``documents/`` on the first edit; None for
            ``documents/`` itself.
    """

    corpus: Corpus
    annotator: str | None = None
    _lines: dict[Path, tuple[tuple[int, int], dict[str, int]]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder that edits go to."""
        return self.corpus.documents if self.annotator is None else self.corpus.root / ANNOTATORS / self.annotator

    def read(self, document_id: str) -> Held:
        """A document.

        Raises:
            NotFound: there is none of that name.
            NotAllowed: it lies outside of the corpus, or behind a symbolic link.
            ReadOnly: it cannot be read.
        """
        if not is_document_id(document_id):
            raise NotFound(f"{document_id!r} is no document id")
        try:
            own = self._in(self.folder, document_id)
            if own is not None or self.annotator is None:
                found = own
            else:
                base = self._in(self.corpus.documents, document_id)
                target = self.folder / f"{document_id}.json"
                found = Held(base.id, base.path, base.line, base.data, target) if base else None
        except ReadError as error:
            raise ReadOnly(error.diagnostic.message) from error
        except CorpusToolError as error:
            raise ReadOnly(str(error)) from error
        if found is None:
            raise NotFound(f"the corpus holds no document {document_id!r}")
        return found

    def version(self, annotator: str, document_id: str) -> Held | None:
        """What an annotator made of a document; None where they have none.

        Raises:
            NotAllowed: it lies behind a symbolic link.
            ReadError: a shard is damaged.
            CorpusToolError: it cannot be read.
        """
        return self._in(self.corpus.root / ANNOTATORS / annotator, document_id)

    def _in(self, folder: Path, document_id: str) -> Held | None:
        path = folder / f"{document_id}.json"
        if path.is_file() or path.is_symlink():
            self.require_own(path)
            return Held(document_id, path, None, read_file(path, limit=MAX_DOCUMENT_BYTES).data, path)
        for shard in files_with_documents(folder):
            if shard_suffix(shard) is None:
                continue
            self.require_own(shard)
            number = self._numbers(shard).get(document_id)
            data = _line(shard, number) if number else None
            if data is not None:
                return Held(document_id, shard, number, data, shard)
        return None

    def _numbers(self, shard: Path) -> dict[str, int]:
        """The line of each document of a shard, looked through again where the file was changed."""
        found = shard.stat()
        state = (found.st_mtime_ns, found.st_size)
        known = self._lines.get(shard)
        if known is None or known[0] != state:
            numbers: dict[str, int] = {}
            for number, line in iter_lines(shard, MAX_DOCUMENT_BYTES):
                own = id_in(line)
                if own is not None:
                    numbers.setdefault(own, number)
            self._lines[shard] = known = (state, numbers)
        return known[1]

    def require_own(self, path: Path) -> None:
        """Refuses what lies behind a symbolic link: it may belong to somebody else.

        Raises:
            NotAllowed: the file, or a folder of the corpus above it, is a link.
        """
        root = self.corpus.root
        if any(step.is_symlink() for step in (path, *path.parents) if root in step.parents):
            raise NotAllowed(f"{self.shown(path)} is reached through a symbolic link; documents are not")

    def shown(self, path: Path) -> str:
        """A file's path from the corpus on."""
        return path.relative_to(self.corpus.root).as_posix()

    def why_read_only(self, held: Held) -> str | None:
        """Why a document cannot be written, None where it can."""
        if held.is_line and held.path.stat().st_size > MAX_SHARD_BYTES:
            size = f"{MAX_SHARD_BYTES // 1_000_000} MB"
            return f"{self.shown(held.path)} is larger than {size}, too large to be rewritten for every edit: split it"
        return None

    def write(self, held: Held, data: bytes) -> Held:
        """Puts other bytes in place of a document's, if they are still what is on disk.

        Returns:
            The document as it is stored now.

        Raises:
            ChangedElsewhere: somebody else has written it, or removed it, since it was read.
            NotAllowed: it lies behind a symbolic link.
            ReadOnly: it cannot be written.
        """
        try:
            held.target.parent.mkdir(parents=True, exist_ok=True)
            with _alone(held.target.parent):
                self.require_own(held.target)
                digest = shard_digest(held.path) if held.is_line else ""
                self._require_unchanged(held)
                if held.line is None or not held.is_line:
                    write_atomic(held.target, data.decode("utf-8"))
                    return Held(held.id, held.target, None, data, held.target)
                replace_documents(held.path, {held.line: data}, digest)
                return Held(held.id, held.path, held.line, data, held.target)
        except CorpusToolError as error:
            raise ReadOnly(f"not saved: {error}") from error
        except ReadError as error:
            raise ReadOnly(f"not saved: {error.diagnostic.message}") from error
        except OSError as error:
            raise ReadOnly(f"not saved: {self.shown(held.target)}: {error.strerror or error}") from error

    def _require_unchanged(self, held: Held) -> None:
        try:
            etag = self.read(held.id).etag
        except NotFound as error:
            raise ChangedElsewhere(f"{self.shown(held.path)} is no longer there", gone=True) from error
        if etag != held.etag:
            raise ChangedElsewhere(f"{self.shown(held.target)} was changed elsewhere")


def id_in(line: bytes) -> str | None:
    """The id of the document in a line of a shard; None where there is none."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    own = value.get("id") if isinstance(value, dict) else None
    return own if isinstance(own, str) and is_document_id(own) else None


def _line(shard: Path, wanted: int) -> bytes | None:
    return next((line for number, line in iter_lines(shard, MAX_DOCUMENT_BYTES) if number == wanted), None)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps other review pages, of this process and of others, from writing into a folder while the body runs."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        except (ImportError, OSError):
            pass  # a file system without locks: the digest is compared all the same
        yield
    finally:
        os.close(handle)
