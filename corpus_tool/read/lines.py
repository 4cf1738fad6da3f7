"""Shards: files with many documents, a line or a row each, plain, compressed or Parquet, read in bounded memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from corpus_tool.model import CorpusToolError
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import require_openable
from corpus_tool.read.storage import is_remote

#: The columns of a shard that is Parquet: a row a document, its id and its JSON. ``document`` is what is read.
PARQUET_SHARD = ("id", "document")

#: Rows of Parquet that are decoded at once: few, since one may hold a document of a book's length.
_ROWS = 32

#: Bytes of Parquet that are fetched at once.
_PARQUET_BUFFER_BYTES = 2**20

#: Gives numbers from 1 and lines of a file whose name it is given with the most bytes that a line may have.
_Reading = Callable[[Path, int], Iterator[tuple[int, bytes]]]

_Opening = Callable[[Path], AbstractContextManager[BinaryIO]]


def _open_plain(path: Path) -> AbstractContextManager[BinaryIO]:
    return path.open("rb")


@contextmanager
def _open_gz(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as file, gzip.GzipFile(fileobj=file) as unpacked:
        yield cast("BinaryIO", unpacked)


@contextmanager
def _open_zst(path: Path) -> Iterator[BinaryIO]:
    import pyarrow as pa

    unpacked: Any = pa.CompressedInputStream(_open_arrow(path), "zstd")
    with io.BufferedReader(unpacked, 1 << 16) as file:
        yield cast("BinaryIO", file)


def _open_arrow(path: Path) -> Any:
    """A file as Arrow's readers take it."""
    import pyarrow as pa

    return pa.PythonFile(path.open("rb"), mode="r") if is_remote(path) else pa.OSFile(str(path), "rb")


def _iter_text(open_shard: _Opening, path: Path, limit: int) -> Iterator[tuple[int, bytes]]:
    with open_shard(path) as file:
        yield from numbered_lines(file, str(path), limit)


def _iter_rows(path: Path, limit: int) -> Iterator[tuple[int, bytes]]:
    """The documents of Parquet, a row each; a row without one is ``null``, which is no document either.

    Line ends, which in JSON stand between values alone, become spaces: a document is one line of its shard.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    with _open_arrow(path) as file:
        try:
            parquet = pq.ParquetFile(file, buffer_size=_PARQUET_BUFFER_BYTES, pre_buffer=False)
            _require_columns(path, parquet.schema_arrow)
            for row in _rows_of(parquet):
                number += 1
                if row is not None and len(row) > limit:
                    raise _too_large(str(path), limit, number)
                line = (row or b"").replace(b"\n", b" ").replace(b"\r", b" ")
                yield number, line if line.strip() else b"null"
        except pa.ArrowException as error:
            raise _damaged(path, number, error) from error


def _rows_of(parquet: Any) -> Iterator[bytes | None]:
    """The documents of one group of rows after the other: damage in one costs none of those before it."""
    import pyarrow as pa

    for group in range(parquet.num_row_groups):
        for batch in parquet.iter_batches(_ROWS, row_groups=[group], columns=[PARQUET_SHARD[1]], use_threads=False):
            yield from batch.column(0).cast(pa.large_binary()).to_pylist()


def _require_columns(path: Path, schema: Any) -> None:
    """Refuses Parquet with other columns than a shard has.

    Raises:
        ReadError: it says which columns there are.
    """
    found = {field.name: str(field.type) for field in schema}
    if len(found) != len(schema) or found.keys() != set(PARQUET_SHARD) or not set(found.values()) <= _STRINGS:
        told = ", ".join(f"{field.name} ({field.type})" for field in schema)
        raise ReadError(fault("shard-columns", str(path), f"has the columns {told[:300] or 'none'}"))


#: What Arrow calls the types of strings.
_STRINGS = frozenset({"string", "large_string", "string_view"})

#: How the bytes of a shard of lines are read, by the end of its name.
_OPENED: Mapping[str, _Opening] = {
    ".jsonl": _open_plain,
    ".jsonl.gz": _open_gz,
    ".jsonl.zst": _open_zst,
    ".ndjson": _open_plain,
    ".ndjson.gz": _open_gz,
    ".ndjson.zst": _open_zst,
}

#: How each kind of shard is read, by the end of its name.
SHARDS: Mapping[str, _Reading] = {
    **{suffix: partial(_iter_text, opening) for suffix, opening in _OPENED.items()},
    ".parquet": _iter_rows,
}


def shard_suffix(path: Path) -> str | None:
    """The end of a shard's name, such as ".jsonl.gz"; None where the file is no shard by its name."""
    name = path.name.lower()
    return next((suffix for suffix in SHARDS if name.endswith(suffix)), None)


def line_end(path: Path, limit: int) -> bytes:
    """What the first line of a shard ends with: CR LF, or LF where it ends with that or there are no lines.

    Args:
        path: a shard that ``iter_lines`` can read.
        limit: the most bytes a line may have.
    """
    opening = _OPENED.get(shard_suffix(path) or "")
    if opening is None:
        return b"\n"
    with opening(path) as file:
        return b"\r\n" if file.readline(limit + 1).endswith(b"\r\n") else b"\n"


def iter_lines(path: Path, limit: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a shard that hold something, with their numbers from 1, without their line ends.

    Args:
        path: the file; the end of its name says what it is, as ``SHARDS`` lists. A line of Parquet is a row.
        limit: the most bytes a line may have, after decompression.

    Raises:
        CorpusToolError: there is no such file, it is a folder or a device, or it may not be read.
        ReadError: a line is longer than ``limit``, the data is damaged, or Parquet has other columns; the lines before
            were given.
    """
    read_shard = SHARDS[shard_suffix(path) or ".jsonl"]
    require_openable(path)
    number = 0
    try:
        for number, line in read_shard(path, limit):
            yield number, line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(path, number, error) from error
    except OSError as error:
        if error.errno is None:  # what pyarrow and gzip say of damaged data, not the operating system
            raise _damaged(path, number, error) from error
        raise CorpusToolError(f"{path}: {error.strerror or error}") from error


def numbered_lines(file: BinaryIO, name: str, limit: int, first: int = 1) -> Iterator[tuple[int, bytes]]:
    """The lines of an open file that hold something, numbered from ``first``, without their line ends.

    Raises:
        ReadError: a line is longer than ``limit`` bytes.
    """
    number = first - 1
    while line := file.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise _too_large(name, limit, number)
        line = line.rstrip(b"\r\n")
        if line.strip():
            yield number, line


def _too_large(name: str, limit: int, line: int) -> ReadError:
    return ReadError(fault("article-too-large", name, f"larger than {limit // 1_000_000} MB", line=line))


def _damaged(path: Path, lines: int, error: Any) -> ReadError:
    return ReadError(fault("shard-damaged", str(path), f"cannot be read on: {error}", line=lines + 1))
