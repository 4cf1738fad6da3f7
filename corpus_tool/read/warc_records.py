"""Records of web archives, one after the other, whatever is damaged between them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import MAX_ARTICLE_BYTES
from corpus_tool.read.inputs import Input
from corpus_tool.read.unpack import PIECE, Budget, Unpacked, packed_by
from corpus_tool.read.unpack_zstd import ZSTD

#: Bytes of a line of headers, and of all headers of a record.
_MAX_LINE, _MAX_HEADERS = 16_384, 65_536

#: Bytes at the front of a record that are enough to see what it holds, where it is too large for an article.
_FRONT = 65_536

_BEGIN = b"WARC/"


@dataclass(frozen=True)
class Record:
    """A record.

    Attributes:
        number: its number in the file, from 1.
        offset: where it begins, in bytes of the unpacked file.
        kind: its WARC-Type.
        url: its WARC-Target-URI, "" where it has none.
        date: its WARC-Date.
        id: its WARC-Record-ID.
        content_type: its Content-Type, which for a response is that of HTTP messages.
        block: its content as it is stored; no more than its front where ``is_cut_off`` says that it is too large.
        is_cut_off: what is wrong with its length; "" where nothing is.
    """

    number: int
    offset: int
    kind: str
    url: str
    date: str
    id: str
    content_type: str
    block: bytes
    is_cut_off: str


class _BrokenError(Exception):
    """Headers that are none."""


class _Window:
    """A stream of which lines are short, whose position is known, and to which bytes can be given back."""

    def __init__(self, stream: BinaryIO, offset: int = 0) -> None:
        self._stream = stream
        self._back = b""
        self.offset = offset
        self.headers = 0  # bytes of headers that may still be read

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes, less at the end."""
        pieces = []
        while size > 0 and (data := self._back[:size] or self._stream.read(min(size, PIECE))):
            self._back = self._back[len(data) :]
            self.offset += len(data)
            size -= len(data)
            pieces.append(data)
        return b"".join(pieces)

    def skip(self, size: int) -> int:
        """Passes over ``size`` bytes; gives how many there were."""
        passed = 0
        while passed < size and (data := self.read(min(PIECE, size - passed))):
            passed += len(data)
        return passed

    def line(self) -> bytes:
        """The next line, or its first 16 kB."""
        if self._back:
            end = self._back.find(b"\n", 0, _MAX_LINE) + 1
            if end or len(self._back) >= _MAX_LINE:
                return self.read(end or _MAX_LINE)
        line = self._back + self._stream.readline(_MAX_LINE - len(self._back))
        self._back = b""
        self.offset += len(line)
        return line

    def readline(self) -> bytes:
        """A line of headers, for warcio."""
        line = self.line()
        self.headers -= len(line)
        if self.headers < 0 or len(line) >= _MAX_LINE:
            raise _BrokenError(f"its headers are longer than {_MAX_HEADERS // 1000} kB")
        return line

    def give_back(self, data: bytes) -> None:
        """Puts bytes before those that come next."""
        self._back = data + self._back
        self.offset -= len(data)


def iter_records(source: Input) -> Iterator[Record | ReadError]:
    """The records of a web archive, and in their place what is damaged."""
    if source.mark in {None, ZSTD}:
        try:
            yield from _records(_Window(source.open()), source.path, [0])
        except ReadError as error:
            yield error
        return
    try:
        unpacked = source.unpacked()
    except ReadError as error:
        yield error
        return
    count = [0]
    while True:
        buffered = io.BufferedReader(unpacked, PIECE)
        try:
            yield from _records(_Window(cast("BinaryIO", buffered), unpacked.position), source.path, count)
        except ReadError as error:
            yield error
            buffered.detach()  # else it would close what is read on
            if error.diagnostic.name == "archive-damaged" and unpacked.skip_damage():
                continue
        return


def _records(window: _Window, path: str, count: list[int]) -> Iterator[Record | ReadError]:
    from warcio.statusandheaders import StatusAndHeadersParser

    parser = StatusAndHeadersParser([], verify=False)
    while line := window.line():
        if not line.strip():
            continue
        start = window.offset - len(line)
        if not line.startswith(_BEGIN):
            _skip_to_record(window)
            message = f"bytes {start:,} to {window.offset:,} are no record and were passed over"
            yield ReadError(fault("record-damaged", path, message))
            continue
        count[0] += 1
        window.headers = _MAX_HEADERS
        try:
            headers = parser.parse(window, line)
            length = _length(headers)
        except _BrokenError as error:
            _skip_to_record(window)
            yield ReadError(fault("record-damaged", path, f"record {count[0]} at byte {start:,}: {error}"))
            continue
        yield _record(window, headers, length, count[0], start)


def _skip_to_record(window: _Window) -> None:
    """Passes over lines to the next one that begins a record."""
    is_start = False
    while line := window.line():
        if is_start and line.startswith(_BEGIN):
            window.give_back(line)
            return
        is_start = line.endswith(b"\n")


def _length(headers: Any) -> int:
    words = str(headers.get_header("Content-Length") or "").strip()
    if not words.isascii() or not words.isdigit() or len(words) > 15:
        raise _BrokenError("it states no length")
    return int(words)


def _record(window: _Window, headers: Any, length: int, number: int, start: int) -> Record:
    """Reads a record's content, and gives back what was no part of it."""
    block = window.read(min(length, MAX_ARTICLE_BYTES))
    wrong = ""
    got = len(block)
    if length > MAX_ARTICLE_BYTES:
        got += window.skip(length - len(block))
        block = block[:_FRONT]
        size = f"it is larger than {MAX_ARTICLE_BYTES // 1_000_000} MB"
        wrong = size if got == length else f"{got:,} of {length:,} bytes are there"
    elif got < length or not _is_at_end(window):
        wrong = f"{got:,} of {length:,} bytes are there" if got < length else "it does not end where its headers say"
        if (at := block.find(b"\n" + _BEGIN)) >= 0:
            window.give_back(block[at + 1 :])
            wrong = f"{at:,} of {length:,} bytes are there"
            block = block[: at + 1]
    elif cut := headers.get_header("WARC-Truncated"):
        wrong = f"who collected it cut it off ({str(cut)[:40]})"

    def said(name: str) -> str:
        return str(headers.get_header(name) or "").strip()

    url = said("WARC-Target-URI").removeprefix("<").removesuffix(">").replace(" ", "%20")
    return Record(
        number,
        start,
        said("WARC-Type").lower(),
        url,
        said("WARC-Date"),
        said("WARC-Record-ID"),
        said("Content-Type"),
        block,
        wrong,
    )


def _is_at_end(window: _Window) -> bool:
    """Whether a blank line follows, or the end of the file; what follows is given back."""
    data = window.read(2)
    window.give_back(data)
    return data in {b"\r\n", b"\n\n", b"\n", b"\nW", b""}


def http_headers(body: BinaryIO, path: str) -> Any:
    """The headers of an HTTP answer, which are taken off its front.

    Raises:
        ReadError: they are longer than any.
    """
    from warcio.statusandheaders import StatusAndHeadersParser

    window = _Window(body)
    window.headers = _MAX_HEADERS
    try:
        headers = StatusAndHeadersParser([], verify=False).parse(window)
    except _BrokenError as error:
        raise ReadError(fault("record-damaged", path, f"HTTP: {error}")) from error
    except EOFError:
        headers = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(b"HTTP/1.0 0\r\n\r\n"))
    return headers


def payload(headers: Any, body: BinaryIO, path: str, budget: Budget) -> bytes:
    """What an answer holds: without chunks, unpacked.

    Raises:
        ReadError: it cannot be unpacked, or is larger than an article.
    """
    from warcio.bufferedreaders import ChunkedDataReader

    if headers is not None and "chunked" in str(headers.get_header("Transfer-Encoding") or "").lower():
        body = cast("BinaryIO", ChunkedDataReader(body))
    data = body.read(MAX_ARTICLE_BYTES + 1)
    coding = str((headers and headers.get_header("Content-Encoding")) or "").strip().lower()
    if coding in {"gzip", "x-gzip"} and packed_by(data) == b"\x1f\x8b\x08":
        data = Unpacked(cast("BinaryIO", io.BytesIO(data)), b"\x1f\x8b\x08", path, budget).read(MAX_ARTICLE_BYTES + 1)
    elif coding == "deflate":
        data = _inflated(data, path)
    elif coding not in {"", "identity", "gzip", "x-gzip"}:
        raise ReadError(fault("record-damaged", path, f"it is compressed by {coding[:20]!r}, which is not read"))
    if len(data) > MAX_ARTICLE_BYTES:
        raise ReadError(fault("article-too-large", path, f"larger than {MAX_ARTICLE_BYTES // 1_000_000} MB"))
    return data


def _inflated(data: bytes, path: str) -> bytes:
    """Data in the coding "deflate": with zlib's header as the standard has it, or without as some servers do."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompressobj(bits).decompress(data, MAX_ARTICLE_BYTES + 1)
        except zlib.error:
            continue
    raise ReadError(fault("record-damaged", path, "it cannot be unpacked by deflate"))
