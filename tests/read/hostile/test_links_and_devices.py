"""Links, devices and pipes: in archives none is followed or made, and on disk none is waited for."""

from __future__ import annotations

import io
import os
import socket
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_a_tar_of_links_and_devices_gives_its_articles_alone(
    convert: Callable[..., Any], text: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    path = tmp_path / "a.tar"
    kinds = {
        "symbolic": (tarfile.SYMTYPE, str(secret)),
        "hard": (tarfile.LNKTYPE, "storm.txt"),
        "out": (tarfile.LNKTYPE, "../secret.txt"),
        "character": (tarfile.CHRTYPE, ""),
        "block": (tarfile.BLKTYPE, ""),
        "pipe": (tarfile.FIFOTYPE, ""),
        "unknown": (b"Z", ""),
    }
    with tarfile.open(path, "w") as archive:
        for name, (kind, target) in kinds.items():
            info = tarfile.TarInfo(f"{name}.txt")
            info.type, info.linkname, info.devmajor = kind, target, 1
            archive.addfile(info)
        folder = tarfile.TarInfo("folder")
        folder.type, folder.linkname = tarfile.SYMTYPE, str(tmp_path)
        archive.addfile(folder)
        for name in ("storm.txt", "folder/otter.txt"):
            data = f"{name}: {text}".encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    outcome = convert(path)
    refused = {Path(where).stem for name, _, where in outcome.told if name == "member-refused"}
    assert refused >= set(kinds) - {"unknown"}
    assert "storm" in outcome.written
    assert not (tmp_path / "otter.txt").exists()
    documents = (tmp_path / "corpus" / "documents").iterdir()
    assert not any("secret words" in p.read_text(encoding="utf-8") for p in documents)


def test_a_link_in_a_zip_is_not_read(convert: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, kind in (("link.txt", stat.S_IFLNK), ("device.txt", stat.S_IFCHR), ("pipe.txt", stat.S_IFIFO)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o644) << 16
            archive.writestr(info, "/etc/passwd")
    outcome = convert(path)
    assert (outcome.written, outcome.names) == ([], ["member-refused"] * 3)


def test_what_is_no_regular_file_is_misuse_at_once(convert: Callable[..., Any], tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe.jsonl", tmp_path / "link.zip"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    address = str(tmp_path / "s.txt")
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.bind(address)
        except OSError:
            pytest.skip("the temporary folder's name is too long for a socket")
        for path in (pipe, link, Path(address), Path("/dev/zero")):
            outcome = convert(path)
            assert outcome.status == 2
            assert "is not a regular file" in outcome.err
