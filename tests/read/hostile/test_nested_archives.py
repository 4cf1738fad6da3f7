"""Archives in archives, and one that holds itself: two are opened, the third is named."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def zipped(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def test_the_third_archive_is_named_and_not_opened(convert: Callable[..., Any], text: str, tmp_path: Path) -> None:
    words = text.encode()
    inner = zipped(("three.txt", words + b"Three."), ("deep.zip", zipped(("four.txt", words))))
    middle = tarred(("two.txt", words + b"Two."), ("inner.zip", inner))
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("one.txt", words + b"One."), ("middle.tar.gz", middle)))
    outcome = convert(path, "--keep-duplicates") if keeps_duplicates() else convert(path)
    assert [
        (name, where.removeprefix(f"{path}!/")) for name, _, where in outcome.told if name.startswith("archive")
    ] == [("archive-too-large", "middle.tar.gz!/inner.zip")]
    assert "one" in outcome.written


def keeps_duplicates() -> bool:
    from corpus_tool.cli.convert import command

    return any(option.name == "keep_duplicates" for option in command.params)


def test_an_archive_of_archives_without_end_ends(convert: Callable[..., Any], text: str, tmp_path: Path) -> None:
    """As a quine would, which holds itself: each of sixteen levels holds the next one sixteen times."""
    data = zipped(("storm.txt", text.encode()))
    for _ in range(6):
        data = zipped(*((f"{i:x}.zip", data) for i in range(16)))
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    outcome = convert(path)
    assert outcome.written == []
    assert outcome.names == ["archive-too-large"] * 256
