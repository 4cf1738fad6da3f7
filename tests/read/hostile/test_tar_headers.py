"""Headers of tar files made to fill memory, to recurse or to take for ever: tarfile alone would let them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def header(kind: bytes, size: int, name: str = "x") -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    return info.tobuf(tarfile.GNU_FORMAT)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def member(name: str, data: bytes) -> bytes:
    return header(tarfile.REGTYPE, len(data), name) + padded(data)


def pax(data: bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    return header(kind, len(data)) + padded(data)


GOOD = member("good.txt", b"Words of the article before.")
END = bytes(1024)
BAD = {
    "a name of 500 MB": header(tarfile.GNUTYPE_LONGNAME, 500_000_000) + bytes(100_000),
    "attributes of 500 MB": header(tarfile.XHDTYPE, 500_000_000) + bytes(100_000),
    "a chain of names": (header(tarfile.GNUTYPE_LONGNAME, 4) + padded(b"abc\0")) * 5000,
    "a chain of attributes": pax(b"11 path=ab\n") * 5000,
    "digits that take quadratic time": (pax(b"1" * 8000) + GOOD) * 2000,
    "attributes for all, without end": b"".join(
        pax(f"{len(f'{i:06} a{i:06}=') + 4993} a{i:06}=".encode().ljust(4999, b"x") + b"\n", tarfile.XGLTYPE)
        for i in range(20_000)
    ),
    "a size below nothing": pax(b"11 size=-9\n") + GOOD,
    "a size beyond all": pax(b"28 size=99999999999999999999\n") + GOOD,
    "a sparse file": pax(b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n30 GNU.sparse.realsize=9999999\n") + GOOD,
    "a size that is no number": pax(b"11 size=xx\n") + GOOD,
}


@pytest.mark.parametrize("name", BAD)
def test_a_header_that_harms_is_told_and_what_stood_before_is_kept(
    name: str, convert: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "a.tar"
    path.write_bytes(GOOD + BAD[name] + END)
    outcome = convert(path)
    assert outcome.written == ["good"]
    assert set(outcome.names) & {"archive-too-large", "archive-damaged", "member-refused"}


@pytest.mark.slow
def test_many_members_take_no_memory(convert: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    folder = header(tarfile.DIRTYPE, 0, "folder")
    path.write_bytes(folder * 100_000 + GOOD + END)
    outcome = convert(path)
    assert outcome.written == ["good"]


def test_a_tar_in_which_all_is_well_is_read(convert: Callable[..., Any], tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for i in range(30):
            name, data = f"{'ordner/' * 30}港口 {i}.txt", f"Article {i} speaks of {i} things.".encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            info.pax_headers = {"mtime": "1.5", "comment": "x" * 500}
            archive.addfile(info, io.BytesIO(data))
    path = tmp_path / "a.tar"
    path.write_bytes(buffer.getvalue())
    outcome = convert(path)
    assert len(outcome.written) + outcome.names.count("article-twice") >= 1
    assert not {"archive-too-large", "archive-damaged"} & set(outcome.names)
