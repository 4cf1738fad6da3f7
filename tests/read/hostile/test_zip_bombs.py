"""Zip files that unpack to more than they should: a limit for each member, for the whole, and for its list."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from read.hostile.bombs import deflated, write_zip


def test_a_member_is_read_to_the_limit_of_an_article_and_the_next_one_after_it(
    convert: Callable[..., Any], text: str, tmp_path: Path
) -> None:
    bomb = deflated(1000)
    path = write_zip(tmp_path / "a.zip", [("bomb.txt", bomb, 10**9), ("page.html", bomb, 10**9)])
    outcome = convert(path)
    assert (outcome.status, outcome.written) == (1, [])
    assert [(name, Path(where).name) for name, _, where in outcome.told] == [
        ("article-too-large", "bomb.txt"),
        ("article-too-large", "page.html"),
    ]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("large.txt", b"word\n" * 2_200_000)
        archive.writestr("storm.txt", text)
    outcome = convert(tmp_path / "b.zip")
    assert outcome.written == ["storm"]
    assert outcome.names == ["article-too-large"]


def test_a_stream_in_an_archive_stops_at_the_ratio(convert: Callable[..., Any], tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", [("wire.jsonl", deflated(3000), 3 * 10**9)])
    outcome = convert(path)
    assert outcome.names == ["article-too-large", "archive-too-large"]
    assert "100 times its size" in outcome.told[-1][1]


def test_lines_that_are_no_articles_are_told_a_thousand_times_and_then_counted(
    convert: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(b"x\n" * 1_000_000)
    outcome = convert(path)
    assert outcome.names == ["article-line-invalid"] * 1000 + ["file-given-up", "article-line-invalid"]
    assert "99,000 more" in outcome.told[-1][1]


def test_many_members_count_together(convert: Callable[..., Any], tmp_path: Path) -> None:
    bomb = deflated(9, b"word " * 200_000)
    path = write_zip(tmp_path / "a.zip", [(f"{i}.txt", bomb, 9_000_000) for i in range(300)])
    outcome = convert(path)
    assert outcome.names[-1] == "archive-too-large"
    assert len(outcome.told) < 60


def test_a_list_of_a_million_members_is_not_read(convert: Callable[..., Any], tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", [(f"{i:x}", b"", 0) for i in range(65_000)])
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02")
    listed = data[at:-22] * 12
    end = bytearray(data[-22:])
    end[12:16] = len(listed).to_bytes(4, "little")
    path.write_bytes(data[:at] + listed + bytes(end))
    outcome = convert(path)
    assert outcome.names == ["archive-too-large"]
    assert "list of members" in outcome.told[0][1]


def test_other_methods_than_deflate_are_not_unpacked(convert: Callable[..., Any], tmp_path: Path) -> None:
    for method, name in ((12, "bzip2"), (14, "lzma"), (9, "deflate64"), (99, "99")):
        path = write_zip(tmp_path / f"{name}.zip", [("a.txt", b"x" * 100, 10**9)], method)
        outcome = convert(path)
        assert outcome.names == ["member-refused"]
        assert name in outcome.told[0][1]
