"""A request's body as it comes over its connection."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from hub_server.faults import CutError
from hub_server.wire import BLOCK


class Body:
    """Can be read once: by who wants it, or to be rid of it so that the connection can be used again.

    ``received`` counts its bytes. At ``limit`` bytes, or where the client has gone, reading raises ``CutError``.
    """

    def __init__(self, connection: BinaryIO, headers: Mapping[str, str], limit: int | None = None) -> None:
        self.received = 0
        self._connection, self._headers, self._limit = connection, headers, sys.maxsize if limit is None else limit
        self._blocks = self._read()

    def blocks(self) -> Iterator[bytes]:
        """What has not been read yet."""
        return self._blocks

    def drain(self) -> None:
        """Read the rest and forget it."""
        for _ in self._blocks:
            pass

    def _read(self) -> Iterator[bytes]:
        if "chunked" not in self._headers.get("transfer-encoding", "").lower():
            yield from self._take(int(self._headers.get("content-length", 0)))
            return
        while length := int(self._connection.readline().partition(b";")[0] or b"0", 16):  # RFC 9112, 7.1
            yield from self._take(length)
            self._connection.readline()
        while self._connection.readline().strip():
            pass  # trailers

    def _take(self, length: int) -> Iterator[bytes]:
        while length:
            try:  # at the limit nothing more is read, which is as if the client had gone
                block = self._connection.read(min(length, BLOCK, self._limit - self.received))
            except ConnectionError as error:
                raise CutError from error
            if not block:
                raise CutError
            length -= len(block)
            self.received += len(block)
            yield block
