"""Archives that unpack to a thousand times their size, made without packing what they unpack to."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path

MEGABYTE = bytes(1_000_000)


def deflated(megabytes: int, block: bytes = MEGABYTE) -> bytes:
    """A deflate stream that unpacks to so many times a block of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packer.compress(block)
    packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes + packer.flush(zlib.Z_FINISH)


def gzipped(megabytes: int, block: bytes = MEGABYTE) -> bytes:
    """A gzip file that unpacks to so many times a block of zeros, in as many members."""
    return gzip.compress(block, 9) * megabytes


def write_zip(path: Path, members: list[tuple[str, bytes, int]], method: int = zlib.DEFLATED, flags: int = 0) -> Path:
    """A zip file of members whose bytes are packed already: name, bytes, and the size that they are said to have."""
    body, listed, start = [], [], 0
    for name, data, size in members:
        raw = name.encode()
        common = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 33, 0, len(data), size, len(raw), 0)
        body.append(b"PK\x03\x04" + common + raw + data)
        listed.append(b"PK\x01\x02\x14\x03" + common + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, start) + raw)
        start += len(body[-1])
    n = len(members)
    lists = b"".join(listed)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, n & 0xFFFF, n & 0xFFFF, len(lists), start, 0)
    path.write_bytes(b"".join(body) + lists + end)
    return path
