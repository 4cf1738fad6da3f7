"""Members whose names lead out of the archive, or are no names: none is read, nothing is written beside the corpus."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BAD = [
    "../climbs.txt",
    "a/../../climbs.txt",
    "..\\climbs.txt",
    "a/..",
    "/etc/absolute.txt",
    "//host/share.txt",
    "\\absolute.txt",
    "C:\\drive.txt",
    "c:drive.txt",
    "x" * 5000 + ".txt",
]
GOOD = [
    "./a/plain.txt",
    "b//twice.txt",
    "港口/حريق.txt",
    "e\u0301té 😀.txt",
    "\u202etxt.evil.txt",
    "a\nb.txt",
    "CON.txt",
]


def write(path: Path, names: list[str]) -> None:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for i, name in enumerate(names):
                info = zipfile.ZipInfo("x")
                info.filename = name
                archive.writestr(info, f"Article number {i} speaks of {i} things and of nothing else.")
        return
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT) as archive:
        for i, name in enumerate(names):
            data = f"Article number {i} speaks of {i} things and of nothing else.".encode()
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_bad_names_are_refused_and_good_ones_are_recorded(
    kind: str, convert: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / f"a.{kind}"
    write(path, BAD + GOOD)
    outcome = convert(path)
    refused = [name for name in outcome.names if name == "member-refused"]
    assert len(refused) == len(BAD)
    documents = [json.loads(p.read_bytes()) for p in (tmp_path / "corpus" / "documents").iterdir()]
    recorded = {raw["meta"]["article"]["path"] for raw in documents}
    assert len(outcome.written) == len(GOOD)
    assert {name.partition("!/")[2] for name in recorded} == {
        "a/plain.txt", "b/twice.txt", *GOOD[2:],
    }  # fmt: skip
    assert all(name.startswith(f"a.{kind}!/") for name in recorded)


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_read_once(kind: str, convert: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    write(path, ["a.txt", "./a.txt", "b.txt", "a.txt"])
    outcome = convert(path)
    assert sorted(outcome.written) == ["a", "b"]
    assert outcome.names.count("member-refused") == 2
    raw = json.loads((tmp_path / "corpus" / "documents" / "a.json").read_bytes())
    assert "number 0" in raw["text"]


def test_names_that_are_not_utf_8_are_recorded_with_escapes(convert: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    data = b"Words of an article."
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        info = tarfile.TarInfo("café.txt")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    outcome = convert(path)
    assert outcome.written == ["caf-xe9"]
    raw = json.loads((tmp_path / "corpus" / "documents" / "caf-xe9.json").read_bytes())
    assert raw["meta"]["article"]["path"] == "a.tar!/caf\\xe9.txt"


def test_a_zip_name_without_the_flag_for_utf_8_is_read_as_what_it_is(
    convert: Callable[..., Any], tmp_path: Path
) -> None:
    from read.hostile.bombs import write_zip

    words = [b"Words of the first article.", b"Of the second one these are the words."]
    path = write_zip(tmp_path / "a.zip", [("港口.txt", words[0], len(words[0]))], method=0)
    data = path.read_bytes().replace(b"\0\0\0\0" + len(words[0]).to_bytes(4, "little"), crc(words[0]))
    path.write_bytes(data)
    outcome = convert(path)
    assert outcome.told == []
    [document] = (tmp_path / "corpus" / "documents").iterdir()
    assert json.loads(document.read_bytes())["meta"]["article"]["path"] == "a.zip!/港口.txt"


def crc(data: bytes) -> bytes:
    import zlib

    return zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
