"""Lines of 200 MB: told by their number, in the memory of a few articles, and the next line is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

LENGTH = 200_000_000


def fill(file: BinaryIO, byte: bytes = b"x") -> None:
    file.writelines(byte * (1_000_000 // len(byte)) for _ in range(LENGTH // 1_000_000))


@pytest.mark.slow
def test_lines_of_200_mb(convert: Callable[..., Any], text: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with (folder / "a.jsonl").open("wb") as file:
        file.write(b'{"id": "first", "text": "One."}\n{"id": "')
        fill(file)
        file.write(b'\n{"id": "last", "text": "Two is another one."}\n')
    with (folder / "b.csv").open("wb") as file:
        file.write(b"id,text\n1,First row of it.\n2,")
        fill(file)
        file.write(b"\n3,Third row of the table.\n")
    with (folder / "c.csv").open("wb") as file:
        file.write(b'id,text\n11,Eleven is a number.\n12,"not closed\n')
        fill(file, b"fine\n" * 1_000)
    with (folder / "d.txt").open("wb") as file:
        fill(file)
    with (folder / "e.warc").open("wb") as file:
        file.write(b"WARC/1.0\r\nWARC-Type: ")
        fill(file)
    with (folder / "f.xml").open("wb") as file:
        file.write(b"<rss><channel><title ")
        fill(file)
    with (folder / "g.html").open("wb") as file:
        fill(file, b"<p>")
    outcome = convert(folder)
    assert outcome.written[:4] == ["first", "last", "1", "3"]
    told = {(Path(where).name, name) for name, _, where in outcome.told}
    assert told >= {
        ("a.jsonl", "article-too-large"),
        ("b.csv", "row-invalid"),
        ("c.csv", "row-invalid"),
        ("d.txt", "article-too-large"),
        ("e.warc", "record-damaged"),
        ("g.html", "article-too-large"),
    }
    assert ("f.xml", "xml-refused") in told or ("f.xml", "feed-invalid") in told
