"""Members of tar files, read as a stream."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, cast

from corpus_tool.read.archive import Member, damaged
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.inputs import Input
from corpus_tool.read.unpack import PIECE

#: Headers that speak of the member behind them, or of all: long names, attributes (pax).
_EXTENDED = {
    tarfile.GNUTYPE_LONGLINK,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.XHDTYPE,
}

#: Bytes of such a header, how many of them may stand in a row, and how many may speak of all: tarfile reads them as a
#: whole, one within the other, and keeps the last kind.
_MAX_BYTES, _MAX_IN_A_ROW, _MAX_GLOBAL = 65_536, 8, 16

#: Digits that tarfile looks through in quadratic time (CVE-2024-6232), and that no header holds.
_DIGITS = re.compile(rb"[0-9]{400}")

_KINDS = {
    tarfile.BLKTYPE: "a device",
    tarfile.CHRTYPE: "a device",
    tarfile.FIFOTYPE: "a named pipe",
    tarfile.LNKTYPE: "a link",
    tarfile.SYMTYPE: "a link",
}


class _Forward:
    """A stream that can be sought in, as tarfile wants it, towards its end alone."""

    def __init__(self, stream: BinaryIO, path: str) -> None:
        self._stream = stream
        self._path = path
        self._position = 0
        self.is_header = False  # whether what is read next says something of a member

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> None:
        if position < self._position:
            raise tarfile.StreamError("seeking backwards")
        while self._position < position and self.read(min(PIECE, position - self._position)):
            pass

    def read(self, size: int) -> bytes:
        pieces = []
        while size > 0 and (data := self._stream.read(min(size, PIECE))):
            pieces.append(data)
            size -= len(data)
            self._position += len(data)
        data = b"".join(pieces)
        if self.is_header and _DIGITS.search(data):
            raise ReadError(
                fault("archive-too-large", self._path, "has attributes of a member that hold a huge number")
            )
        self.is_header = False
        return data


def tar_members(source: Input) -> Iterator[Member]:
    """The members of a tar file that are no folders, in order.

    Raises:
        ReadError: it is damaged or ends too early, or its headers are made to harm.
    """
    stream = _Forward(source.open(), source.path)
    header = _header_class(stream, source.path)
    try:
        with tarfile.TarFile(
            fileobj=cast("BinaryIO", stream), mode="r", tarinfo=header, errors="surrogateescape"
        ) as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # tarfile keeps them all, and typeshed knows none
                if not info.isdir():
                    yield Member(info.name, partial(_open, archive, info), _refusal(info))
    except (ReadError, GeneratorExit):
        raise
    except Exception as error:  # ValueError, OverflowError, RecursionError: tarfile trusts what it reads
        raise damaged(source.path, f"cannot be read on: {error or type(error).__name__}") from error
    if not header.is_at_end:
        raise damaged(source.path, "ends without the mark of its end: it was cut off, or a header in it is damaged")
    while data := stream.read(PIECE):  # so that a compressed file is checked to its end
        if data.strip(b"\0"):
            raise damaged(source.path, "holds more behind the mark of its end, which is not read")


def _header_class(stream: _Forward, path: str) -> Any:
    """A class of headers for one archive, that watches over them and remembers whether the end's mark was read."""

    class Header(tarfile.TarInfo):
        is_at_end = False
        in_a_row = of_all = 0

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Header:
            try:
                info = super().frombuf(buf, encoding, errors)
            except tarfile.HeaderError as error:
                cls.is_at_end = isinstance(error, tarfile.EOFHeaderError)  # type: ignore[attr-defined]  # not in typeshed
                raise
            if info.type not in _EXTENDED:
                cls.in_a_row = 0
                return info
            cls.in_a_row += 1
            cls.of_all += info.type == tarfile.XGLTYPE
            if not 0 <= info.size <= _MAX_BYTES or cls.in_a_row > _MAX_IN_A_ROW or cls.of_all > _MAX_GLOBAL:
                raise ReadError(fault("archive-too-large", path, "has names or attributes of members without end"))
            stream.is_header = True
            return info

    return Header


def _open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    return cast("BinaryIO", archive.extractfile(info))


def _refusal(info: tarfile.TarInfo) -> str:
    if info.type in _KINDS:
        return f"it is {_KINDS[info.type]}"
    if not info.isreg():
        return f"it is of the unknown kind {info.type!r}"
    return "it is a sparse file" if info.issparse() else ""
