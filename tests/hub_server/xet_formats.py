"""The two binary formats of Xet: shards, which say what makes a file, and xorbs, which hold its compressed chunks.

Sources: https://github.com/huggingface/xet-core/blob/main/spec/shard.md and spec/xorb.md.
"""

from __future__ import annotations

import io
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ENTRY = 48  # bytes of the header and of every entry of a shard
_END_OF_FILES = b"\xff" * 32
_WITH_VERIFICATION, _WITH_METADATA = 1 << 31, 1 << 30
_CHUNK_HEADER = 8
_NONE, _LZ4, _GROUPED_LZ4 = range(3)


@dataclass(frozen=True)
class ShardFile:
    """A file: its Xet hash, its sha256, and ``terms`` (xorb, first chunk, last chunk exclusive, unpacked bytes)."""

    hash: str
    sha256: str
    terms: tuple[tuple[str, int, int, int], ...]

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return sum(length for _, _, _, length in self.terms)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def of(cls, held: dict[str, Any]) -> ShardFile:
        """From JSON."""
        return cls(held["hash"], held["sha256"], tuple((term[0], term[1], term[2], term[3]) for term in held["terms"]))


def read_shard(content: bytes) -> list[ShardFile]:
    """The files of a shard.

    Raises:
        ValueError: it is cut short, or a file comes without its sha256.
    """
    shard = io.BytesIO(content)
    files: list[ShardFile] = []
    _read_entry(shard)  # the header
    while True:
        head = _read_entry(shard)
        if head[:32] == _END_OF_FILES:
            return files
        flags, count = struct.unpack_from("<II", head, 32)
        terms = []
        for entry in [_read_entry(shard) for _ in range(count)]:
            _, length, start, end = struct.unpack_from("<IIII", entry, 32)
            terms.append((_hash_text(entry), start, end, length))
        if flags & _WITH_VERIFICATION:
            shard.seek(count * _ENTRY, io.SEEK_CUR)
        if not flags & _WITH_METADATA:
            raise ValueError("A file in the shard has no sha256")
        files.append(ShardFile(_hash_text(head), _hash_text(_read_entry(shard)), tuple(terms)))


def chunk_offsets(xorb: Path) -> list[int]:
    """Where each chunk of a xorb begins, in bytes, and where the last one ends."""
    content, offsets = xorb.read_bytes(), [0]
    while offsets[-1] < len(content) and content[offsets[-1]] == 0:  # a footer begins with another byte
        packed = int.from_bytes(content[offsets[-1] + 1 : offsets[-1] + 4], "little")
        offsets.append(offsets[-1] + _CHUNK_HEADER + packed)
    return offsets


def unpack(xorb: Path, start: int, end: int) -> bytes:
    """The content of the chunks ``start`` to ``end`` (exclusive) of a xorb."""
    content, offsets = xorb.read_bytes(), chunk_offsets(xorb)
    return b"".join(_unpack_chunk(content[offsets[index] : offsets[index + 1]]) for index in range(start, end))


def _unpack_chunk(chunk: bytes) -> bytes:
    import pyarrow as pa

    scheme, size, packed = chunk[4], int.from_bytes(chunk[5:8], "little"), chunk[_CHUNK_HEADER:]
    if scheme == _NONE:
        return packed
    unpacked = pa.decompress(packed, decompressed_size=size, codec="lz4", asbytes=True)
    if scheme == _LZ4:
        return bytes(unpacked)
    if scheme == _GROUPED_LZ4:
        return _ungroup(bytes(unpacked))
    raise ValueError(f"No such compression scheme in a xorb: {scheme}")


def _ungroup(grouped: bytes) -> bytes:
    content, at = bytearray(len(grouped)), 0
    for group in range(4):
        length = len(range(group, len(grouped), 4))
        content[group::4] = grouped[at : at + length]
        at += length
    return bytes(content)


def _read_entry(shard: io.BytesIO) -> bytes:
    entry = shard.read(_ENTRY)
    if len(entry) < _ENTRY:
        raise ValueError("The shard is cut short")
    return entry


def _hash_text(entry: bytes) -> str:
    """A hash as Xet writes it: four little-endian numbers in hex."""
    return "".join(f"{number:016x}" for number in struct.unpack_from("<4Q", entry))
