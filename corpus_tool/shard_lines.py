"""Lines of a shard, replaced in place: all others stay as they are and keep their numbers; all end as the first one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from corpus_tool.model import CorpusToolError
from corpus_tool.read.files import require_regular
from corpus_tool.read.lines import iter_lines, line_end
from corpus_tool.read.storage import fingerprint
from corpus_tool.shard_files import write_shard
from corpus_tool.store import MAX_DOCUMENT_BYTES


def shard_digest(path: Path) -> str:
    """What tells whether a shard is still the one that was read: ``read.storage.fingerprint`` of it.

    Raises:
        CorpusToolError: it cannot be read.
    """
    require_regular(path)
    try:
        return fingerprint(path)
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}") from error


def replace_documents(path: Path, documents: Mapping[int, bytes], digest: str) -> str:
    """Replaces lines of a shard; the file is written as a whole or not at all.

    Args:
        path: the shard; plain, compressed or Parquet.
        documents: by number of the line, from 1 (of the row, in Parquet), the document that is to stand there: JSON in
            UTF-8 without line ends.
        digest: ``shard_digest`` of the file when it was read.

    Returns:
        The digest of the file as it is now.

    Raises:
        CorpusToolError: the file was changed since, is a symbolic link, cannot be read or written, or has no such line.
        ReadError: the file is damaged.
    """
    require_own(path)
    require_digest(path, digest)
    missing = dict.fromkeys(documents)

    def replaced(number: int, line: bytes) -> bytes:
        missing.pop(number, None)
        return documents.get(number, line)

    def lines() -> Iterator[bytes]:
        yield from mapped_lines(path, replaced)
        if missing:
            raise CorpusToolError(f"{path}: has no line {min(missing)}; it is left as it is")
        require_digest(path, digest)

    write_shard(path, lines(), end=line_end(path, MAX_DOCUMENT_BYTES))
    return shard_digest(path)


def mapped_lines(path: Path, change: Callable[[int, bytes], bytes]) -> Iterator[bytes]:
    """The lines of a shard as a function makes them; blank ones stay blank, so that every document keeps its number.

    Raises:
        CorpusToolError: the file cannot be opened.
        ReadError: a line is too long, or the file is damaged.
    """
    given = 0
    for number, line in iter_lines(path, MAX_DOCUMENT_BYTES):
        yield from (b"" for _ in range(number - given - 1))
        yield change(number, line)
        given = number


def require_own(path: Path) -> None:
    """Refuses to write through a link: the file may lie outside of the corpus, and belong to somebody else.

    Raises:
        CorpusToolError: the file, or the folder that it lies in, is a symbolic link.
    """
    if path.is_symlink() or path.parent.is_symlink():
        raise CorpusToolError(f"{path}: left as it is: documents are not written through symbolic links")


def require_digest(path: Path, digest: str) -> None:
    """Refuses to overwrite what somebody else wrote.

    Raises:
        CorpusToolError: the file is not the one that was read.
    """
    if shard_digest(path) != digest:
        raise CorpusToolError(f"{path}: left as it is: the file was changed meanwhile; run it again")
