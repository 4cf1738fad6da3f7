"""Writing shards: files with many documents, a line each, or a row each in Parquet; the same lines, the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import replaced_atomic
from corpus_tool.read.lines import PARQUET_SHARD, shard_suffix

#: Takes one line without its line end.
WriteLine = Callable[[bytes], object]

#: zlib's own default, fixed here so that a change of it changes no file.
_GZIP_LEVEL = 6

#: Of documents' strings in Parquet. Arrow fixes its own level for ``.zst``.
_PARQUET_LEVEL = 3

#: Bytes of documents that a row group of Parquet holds; what is held in memory while one is written.
_ROW_GROUP_BYTES = 8_000_000


def write_shard(path: Path, lines: Iterable[bytes], *, end: bytes = b"\n") -> None:
    """Writes a shard as a whole or not at all: a kill at any moment, or lines that raise, leave the old one.

    The same lines give the same bytes: no date, no name and no hash seed is in them.

    Args:
        path: the file; the end of its name (``.jsonl``, ``.jsonl.gz``, ``.jsonl.zst``, ``.parquet``) says which kind.
        lines: a document each, as JSON in UTF-8, without line ends; taken one at a time.
        end: what a line ends with, where the kind has lines.

    Raises:
        CorpusToolError: the name is none of a shard, a line cannot stand in a shard, or the file cannot be written.
    """
    with replaced_atomic(path) as file, shard_writer(file, path, end=end) as write:
        for line in lines:
            write(line)


@contextmanager
def shard_writer(file: BinaryIO, path: Path, *, end: bytes = b"\n") -> Iterator[WriteLine]:
    """A function that writes one line of a shard into an open file, which stays open behind the last one.

    Args:
        file: open for writing; it need not seek.
        path: what the file will be called: the end of its name says which kind of shard it is.
        end: what a line ends with, where the kind has lines.

    Raises:
        CorpusToolError: the name is none of a shard, or a line cannot stand in a shard.
    """
    suffix = shard_suffix(path)
    if suffix is None:
        raise CorpusToolError(f"{path}: its name is none of a shard; shards end in {', '.join(WRITERS)}")
    with WRITERS[suffix](file, end) as write:
        number = 0

        def write_line(line: bytes) -> None:
            nonlocal number
            number += 1
            if b"\n" in line or b"\r" in line:
                raise CorpusToolError(f"{path}: document {number} holds a line end; a document is one line of a shard")
            try:
                write(line)
            except UnicodeDecodeError as error:
                raise CorpusToolError(f"{path}: document {number}: byte {error.start} is not UTF-8") from error

        yield write_line


@contextmanager
def _plain(file: BinaryIO, end: bytes) -> Iterator[WriteLine]:
    yield lambda line: file.write(line + end)


@contextmanager
def _gz(file: BinaryIO, end: bytes) -> Iterator[WriteLine]:
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=file, mtime=0) as packed:
        yield lambda line: packed.write(line + end)


@contextmanager
def _zst(file: BinaryIO, end: bytes) -> Iterator[WriteLine]:
    """One frame: readers that stop behind the first one (zstandard's, by default) read it whole."""
    import pyarrow as pa

    with pa.CompressedOutputStream(_arrow_file(file), "zstd") as packed:
        yield lambda line: packed.write(line + end)


@contextmanager
def _parquet(file: BinaryIO, _end: bytes) -> Iterator[WriteLine]:
    """A row a document: its id, for readers who look for one, and its JSON."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in PARQUET_SHARD])
    decoder = msgspec.json.Decoder(_Named)
    ids: list[str | None] = []
    documents: list[str] = []
    size = 0
    with pq.ParquetWriter(
        _arrow_file(file),
        schema,
        compression="zstd",
        compression_level=_PARQUET_LEVEL,
        use_dictionary=False,
        write_statistics=["id"],
    ) as writer:

        def write_group() -> None:
            nonlocal size
            writer.write_table(pa.Table.from_arrays([pa.array(ids, pa.string()), pa.array(documents)], schema=schema))
            ids.clear()
            documents.clear()
            size = 0

        def write(line: bytes) -> None:
            nonlocal size
            documents.append(line.decode("utf-8"))
            try:
                ids.append(decoder.decode(line).id)
            except msgspec.MsgspecError:  # no document: its row says so as its line would
                ids.append(None)
            size += len(line)
            if size >= _ROW_GROUP_BYTES:
                write_group()

        yield write
        if documents:
            write_group()


def _arrow_file(file: BinaryIO) -> Any:
    import pyarrow as pa

    kept: Any = _Kept(file)
    return pa.PythonFile(kept, mode="w")


class _Named(msgspec.Struct):
    """What is read of a document to name its row."""

    id: str | None = None


class _Kept:
    """A file for a writer that closes what it writes to: it stays open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.closed = False
        self._written = 0

    def write(self, data: bytes) -> int:
        self._written += len(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True


#: How each kind of shard is written, by the end of its name.
WRITERS: Mapping[str, Callable[[BinaryIO, bytes], AbstractContextManager[WriteLine]]] = {
    ".jsonl": _plain,
    ".jsonl.gz": _gz,
    ".jsonl.zst": _zst,
    ".ndjson": _plain,
    ".ndjson.gz": _gz,
    ".ndjson.zst": _zst,
    ".parquet": _parquet,
}
