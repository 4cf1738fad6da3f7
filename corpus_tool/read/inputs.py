"""Inputs: files, standard input and members of archives, each a stream that is read once from the front."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import MAX_ARTICLE_BYTES, STANDARD_INPUT, Raw, open_lines
from corpus_tool.read.sniff import HEAD_BYTES
from corpus_tool.read.unpack import PACKED, PIECE, Budget, Unpacked, packed_by
from corpus_tool.read.unpack_zstd import ZSTD, UnpackedZstd, head_of_zstd


class Rewound(io.RawIOBase):
    """A stream that gives again what was read from its front."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        """True: a stream to read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills a buffer with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        data = self._head[: len(view)] or self._stream.read(len(view))
        self._head = self._head[len(view) :]
        view[: len(data)] = data
        return len(data)


@dataclass(frozen=True)
class Input:
    """Something that holds articles.

    Attributes:
        file: the file as the user named it, "<stdin>" for standard input.
        stored: its bytes as they are stored, from the front.
        head: the first ``HEAD_BYTES`` of them, unpacked where they are compressed.
        mark: what the stored bytes begin with where they are compressed; else None.
        budget: what the file and all in it may unpack to.
        inside: the path inside the archive, with "!/" between an archive in it and its member; "" for a file.
        depth: how many archives it lies in.
        on_disk: the open file, where it is one that can be read in any order and is not compressed.
    """

    file: str
    stored: BinaryIO
    head: bytes
    mark: bytes | None
    budget: Budget
    inside: str = ""
    depth: int = 0
    on_disk: BinaryIO | None = None

    @property
    def path(self) -> str:
        """What diagnostics call it: ``pages.zip!/news/page.html``."""
        return f"{self.file}!/{self.inside}" if self.inside else self.file

    @property
    def is_stdin(self) -> bool:
        """Whether it is standard input itself, which has no name."""
        return self.file == STANDARD_INPUT and not self.inside

    def open(self) -> BinaryIO:
        """Its bytes, unpacked where they are compressed; reading them raises ``ReadError`` where they are damaged."""
        if self.mark is None:
            return self.stored
        if self.mark == ZSTD:
            zstd = UnpackedZstd(self.stored, self.path, self.budget, outermost=not self.depth)
            return cast("BinaryIO", io.BufferedReader(zstd, PIECE))
        return cast("BinaryIO", io.BufferedReader(self.unpacked(), PIECE))

    def unpacked(self) -> Unpacked:
        """The stream that unpacks it, where it is not zstd's: that one cannot go on behind damage.

        Raises:
            ReadError: what it unpacks to is compressed once more.
        """
        if packed_by(self.head):
            message = "is compressed twice; reading stopped there"
            raise ReadError(fault("archive-too-large", self.path, message))
        return Unpacked(self.stored, self.mark or b"", self.path, self.budget, outermost=not self.depth)

    def read(self, limit: int = MAX_ARTICLE_BYTES) -> Raw:
        """All its bytes, for an article that is a file by itself.

        Raises:
            ReadError: it is larger than ``limit`` bytes, as it is stored or unpacked, or it is damaged.
        """
        data, digest = self._take(self.stored, limit), ""
        if self.mark is not None:
            digest = hashlib.sha256(data).hexdigest()
            data = self._take(replace(self, stored=io.BytesIO(data)).open(), limit)
        return Raw(self.path, data, self.inside, digest)

    def _take(self, stream: BinaryIO, limit: int) -> bytes:
        data = b""
        pieces = []
        left = limit + 1
        while left and (data := stream.read(min(left, PIECE))):
            pieces.append(data)
            left -= len(data)
        if not left:
            raise ReadError(fault("article-too-large", self.path, f"larger than {limit // 1_000_000} MB"))
        return b"".join(pieces)


def make_input(stream: BinaryIO, file: str, *, inside: str = "", depth: int = 0, budget: Budget | None = None) -> Input:
    """An input from a stream at its front.

    Raises:
        ReadError: its first bytes cannot be read.
    """
    head = b""
    while len(head) < HEAD_BYTES and (more := stream.read(HEAD_BYTES - len(head))):
        head += more
    mark = ZSTD if head.startswith(ZSTD) else packed_by(head)
    again = cast("BinaryIO", io.BufferedReader(Rewound(head, stream), PIECE))
    return Input(file, again, _unpacked_head(head, mark), mark, budget or Budget(file), inside, depth)


def _unpacked_head(head: bytes, mark: bytes | None) -> bytes:
    """What the first bytes unpack to; nothing where they are damaged, which is told when the input is read."""
    if mark is None:
        return head
    if mark == ZSTD:
        return head_of_zstd(head, HEAD_BYTES)
    try:
        return PACKED[mark]().decompress(head, HEAD_BYTES)
    except Exception:  # noqa: BLE001  # zlib, bz2 and lzma have an error of their own each
        return b""


@contextmanager
def open_input(path: Path) -> Iterator[Input]:
    """A file, or standard input for ``Path("-")``.

    Raises:
        CorpusToolError: there is no such file, it is a folder or a device, or it may not be read.
    """
    if str(path) == "-":
        yield make_input(sys.stdin.buffer, STANDARD_INPUT)
        return
    with open_lines(path) as file:
        source = make_input(file, str(path))
        yield replace(source, on_disk=file if source.mark is None else None)
