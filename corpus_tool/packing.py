"""Bytes packed for the way between processes and for the disk: LZ4, which costs less than what it saves."""

from __future__ import annotations

#: The most bytes that are unpacked: what is kept on disk may have been harmed.
_MOST = 2_000_000_000

_SIZE_BYTES = 8


def packed(data: bytes) -> bytes:
    """The bytes packed, their number before them."""
    import pyarrow as pa

    return len(data).to_bytes(_SIZE_BYTES, "big") + bytes(pa.compress(data, codec="lz4", asbytes=True))


def unpacked(data: bytes) -> bytes:
    """What ``packed`` was given.

    Raises:
        ValueError: nothing that ``packed`` made.
    """
    import pyarrow as pa

    size = int.from_bytes(data[:_SIZE_BYTES], "big")
    if size > _MOST:
        raise ValueError(f"{size} bytes are too many to unpack")
    try:
        return bytes(pa.decompress(data[_SIZE_BYTES:], size, codec="lz4", asbytes=True))
    except (OSError, pa.ArrowException) as error:
        raise ValueError(str(error)) from error
