"""Files compressed by zstd, unpacked through Arrow's reader within the same limits as others."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.unpack import PIECE, Budget

#: What a frame of zstd begins with.
ZSTD = b"\x28\xb5\x2f\xfd"


class UnpackedZstd(io.RawIOBase):
    """The unpacked bytes of a compressed stream, all its frames one after the other.

    Reading raises ``ReadError`` where the data is damaged, ends too early or unpacks to too much.
    """

    def __init__(self, stream: BinaryIO, path: str, budget: Budget, *, outermost: bool = True) -> None:
        import pyarrow as pa

        self._path = path
        self._budget = budget
        self._damage = (OSError, pa.ArrowException)
        self._inner = pa.CompressedInputStream(pa.PythonFile(_Counted(stream, budget, outermost), mode="r"), "zstd")

    def readable(self) -> bool:
        """True: a stream to read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills a buffer with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        try:
            made = self._inner.read(min(len(view), PIECE))
        except self._damage as error:
            raise ReadError(fault("archive-damaged", self._path, f"cannot be unpacked on ({error})")) from error
        self._budget.count(len(made))
        view[: len(made)] = made
        return len(made)


class _Counted(io.RawIOBase):
    """The compressed bytes, counted as they are taken."""

    def __init__(self, stream: BinaryIO, budget: Budget, outermost: bool) -> None:
        self._stream = stream
        self._budget = budget
        self._outermost = outermost  # what lies in an archive was counted as taken with it

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._budget.count(0, len(data) if self._outermost else 0)
        return data


def head_of_zstd(head: bytes, most: int) -> bytes:
    """What the first bytes unpack to; nothing where they do not hold a first block whole."""
    import pyarrow as pa

    try:
        with pa.CompressedInputStream(pa.BufferReader(head), "zstd") as stream:
            made: bytes = stream.read(most)
    except (OSError, pa.ArrowException):
        return b""
    return made
