"""Shards: files with one JSON object a line, plain or compressed, read line by line in bounded memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from corpus_tool.model import CorpusToolError
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import require_regular


def _open_zst(path: Path) -> BinaryIO:
    import pyarrow as pa

    return cast("BinaryIO", io.BufferedReader(pa.CompressedInputStream(pa.OSFile(str(path), "rb"), "zstd"), 1 << 16))


def _open_gz(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path))


def _open_plain(path: Path) -> BinaryIO:
    return path.open("rb")


#: How each kind of shard is opened, by the end of its name.
SHARDS: Mapping[str, Callable[[Path], BinaryIO]] = {
    ".jsonl": _open_plain,
    ".jsonl.gz": _open_gz,
    ".jsonl.zst": _open_zst,
    ".ndjson": _open_plain,
    ".ndjson.gz": _open_gz,
    ".ndjson.zst": _open_zst,
}


def shard_suffix(path: Path) -> str | None:
    """The end of a shard's name, such as ".jsonl.gz"; None where the file is no shard by its name."""
    name = path.name.lower()
    return next((suffix for suffix in SHARDS if name.endswith(suffix)), None)


def iter_lines(path: Path, limit: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a shard that hold something, with their numbers from 1, without their line ends.

    Args:
        path: the file; decompressed where its name ends in .gz or .zst as ``SHARDS`` lists.
        limit: the most bytes a line may have, after decompression.

    Raises:
        CorpusToolError: there is no such file, it is a folder or a device, or it may not be read.
        ReadError: a line is longer than ``limit``, or the compressed data is damaged; the lines before it were given.
    """
    open_shard = SHARDS[shard_suffix(path) or ".jsonl"]
    require_regular(path)
    number = 0
    try:
        with open_shard(path) as file:
            for number, line in numbered_lines(file, str(path), limit):
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
            raise ReadError(fault("article-too-large", name, f"larger than {limit // 1_000_000} MB", line=number))
        line = line.rstrip(b"\r\n")
        if line.strip():
            yield number, line


def _damaged(path: Path, lines: int, error: Any) -> ReadError:
    return ReadError(fault("shard-damaged", str(path), f"cannot be read on: {error}", line=lines + 1))
