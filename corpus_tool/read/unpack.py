"""Compressed files, unpacked in pieces: a limit on what they unpack to, and a word on where they are damaged."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Protocol

from corpus_tool.read.faults import ReadError, fault

#: Bytes that are taken from the file, and given out, at a time.
PIECE = 1 << 16

#: The most that a file may unpack to, in bytes, and in times its own size. News text packs to a tenth, a table of
#: numbers to a fiftieth; the best that deflate can do is 1,032 times. The second limit counts from ``_FREE_BYTES`` on:
#: a short file of blank lines is harmless.
MAX_UNPACKED_BYTES = 20_000_000_000
MAX_RATIO = 100
_FREE_BYTES = 10_000_000

#: Memory that an .xz file may ask for; ``xz -9`` needs 65 MB.
_XZ_MEMORY = 100_000_000


class Decompressor(Protocol):
    """What zlib, bz2 and lzma have in common, as the factories of ``PACKED`` give it."""

    @property
    def eof(self) -> bool:
        """Whether the member is at its end."""

    @property
    def unused_data(self) -> bytes:
        """What stands behind its end, of what was given."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Up to ``max_length`` bytes of what ``data`` unpacks to."""

    @property
    def wants_input(self) -> bool:
        """Whether nothing more is to be had without further data."""


class _Zlib:
    """zlib's object with the interface of bz2 and lzma: input that was not used up is kept."""

    def __init__(self) -> None:
        import zlib

        self._inner = zlib.decompressobj(31)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def wants_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._full

    def decompress(self, data: bytes, max_length: int) -> bytes:
        made = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._full = len(made) == max_length  # zlib may hold more, though it has taken all of its input
        return made


class _Needing:
    """bz2's and lzma's objects, which say themselves whether they want input."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inner.unused_data)

    @property
    def wants_input(self) -> bool:
        return bool(self._inner.needs_input)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return bytes(self._inner.decompress(data, max_length))


def _bz2() -> Decompressor:
    import bz2

    return _Needing(bz2.BZ2Decompressor())


def _xz() -> Decompressor:
    import lzma

    return _Needing(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY))


#: How a compressed file is known by its first bytes, and unpacked.
PACKED: Mapping[bytes, Callable[[], Decompressor]] = {
    b"\x1f\x8b\x08": _Zlib,
    b"BZh": _bz2,
    b"\xfd7zXZ\0": _xz,
}


def packed_by(head: bytes) -> bytes | None:
    """The mark of a compressed file that bytes begin with; None where they are not compressed."""
    found = next((mark for mark in PACKED if head.startswith(mark)), None)
    if (
        found == b"BZh"
    ):  # three letters begin a word too: what follows is a digit and the mark of a block, or of the end
        return found if head[4:10] in {b"1AY&SY", b"\x17rE8P\x90"} else None
    return found


class Budget:
    """What may still be unpacked: one for a file and all that lies in it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.taken = 0
        self.given = 0
        self.is_spent = False

    def count(self, given: int, taken: int = 0) -> None:
        """Counts bytes that were unpacked, and those they came from.

        Raises:
            ReadError: it is too much.
        """
        self.given += given
        self.taken += taken
        if self.given > MAX_UNPACKED_BYTES:
            raise self._too_much(f"more than {MAX_UNPACKED_BYTES // 1_000_000_000} GB")
        if self.given > _FREE_BYTES and self.given > MAX_RATIO * self.taken:
            raise self._too_much(f"more than {MAX_RATIO} times its size")

    def _too_much(self, what: str) -> ReadError:
        self.is_spent = True
        return ReadError(fault("archive-too-large", self.path, f"unpacks to {what}; reading stopped there"))


class Unpacked(io.RawIOBase):
    """The unpacked bytes of a compressed stream, all its members one after the other.

    Reading raises ``ReadError`` where the data is damaged, ends too early or unpacks to too much.
    """

    def __init__(self, stream: BinaryIO, mark: bytes, path: str, budget: Budget, *, outermost: bool = True) -> None:
        self._stream = stream
        self._outermost = outermost  # what lies in an archive was counted as taken with it
        self._factory = PACKED[mark]
        self._path = path
        self._budget = budget
        self._member: Decompressor | None = self._factory()
        self._mark = mark
        self._read = 0  # bytes taken from the file
        self.position = 0  # bytes given
        #: Where in the file the member began that was read last, in bytes.
        self.member_start = 0
        self._waiting = b""

    def readable(self) -> bool:
        """True: a stream to read from."""
        return True

    def tell(self) -> int:
        """Bytes given so far."""
        return self.position

    def read(self, size: int = -1) -> bytes:
        """``size`` bytes, less at the end; all where it is negative, up to what may be unpacked."""
        pieces = []
        while size and (data := self._next(min(size, PIECE) if size > 0 else PIECE)):
            pieces.append(data)
            size -= len(data) if size > 0 else 0
        return b"".join(pieces)

    def readinto(self, buffer: Any) -> int:
        """Fills a buffer with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        made = self._next(min(len(view), PIECE))
        view[: len(made)] = made
        return len(made)

    def _next(self, most: int) -> bytes:
        while self._member is not None:
            hungry = self._member.wants_input
            data = self._take() if hungry else b""
            made = self._unpack(self._member, data, most)
            if self._member.eof:
                self._next_member(self._member.unused_data)
            elif hungry and not data and not made:
                raise self._damaged("ends in the middle")
            if made:
                self.position += len(made)
                self._budget.count(len(made))
                return made
        return b""

    def _take(self) -> bytes:
        data, self._waiting = self._waiting, b""
        if not data:
            data = self._stream.read(PIECE)
            self._read += len(data)
            self._budget.count(0, len(data) if self._outermost else 0)
        return data

    def _unpack(self, member: Decompressor, data: bytes, most: int) -> bytes:
        import lzma
        import zlib

        try:
            return member.decompress(data, most)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            self._waiting = data  # the next member may begin in it
            words = str(error).removeprefix("Error -3 while decompressing data: ")
            raise self._damaged(f"cannot be unpacked on ({words})") from error

    def _next_member(self, rest: bytes) -> None:
        """Goes on with what stands behind a member: another one, or filling that is passed over."""
        self._waiting = rest.lstrip(b"\0")
        while len(self._waiting) < len(self._mark):
            had = self._waiting.lstrip(b"\0")
            self._waiting = b""
            more = self._take()
            self._waiting = (had + more).lstrip(b"\0")
            if not more:
                break
        if not self._waiting:
            self._member = None
            return
        if not self._waiting.startswith(self._mark):
            self._member = None
            raise self._damaged("holds bytes behind its end that are not compressed")
        self.member_start = self._read - len(self._waiting)
        self._member = self._factory()

    def _damaged(self, what: str) -> ReadError:
        message = (
            f"{what}, in the part that begins at byte {self.member_start:,}; {self.position:,} bytes were unpacked"
        )
        return ReadError(fault("archive-damaged", self._path, message))

    def skip_damage(self) -> bool:
        """Goes on behind damage at the next beginning of a member; False where there is none."""
        rest = self._waiting
        while True:
            at = rest.find(self._mark, 1)
            if at >= 0:
                self._waiting = rest[at:]
                self.member_start = self._read - len(self._waiting)
                self._member = self._factory()
                return True
            self._waiting = b""
            more = self._take()
            if not more:
                self._member = None
                return False
            rest = rest[-len(self._mark) :] + more
