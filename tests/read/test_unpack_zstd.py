"""Files compressed by zstd: read like others, within the same limits, and damage is told."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles


def zstd(*parts: bytes) -> bytes:
    """A frame for each part."""
    made = b""
    for part in parts:
        buffer = pa.BufferOutputStream()
        with pa.CompressedOutputStream(buffer, "zstd") as packed:
            packed.write(part)
        made += bytes(buffer.getvalue())
    return made


def rows(count: int) -> bytes:
    texts = (f"Storm {i} 😀 \u0634\n\nSnow fell {i * i * 7919 % 9973} times." for i in range(count))
    return "".join(json.dumps({"id": f"n{i}", "text": text}) + "\n" for i, text in enumerate(texts)).encode()


def read(path: Path, data: bytes) -> tuple[list[str], list[str]]:
    """The ids of the articles, and the names of what was found."""
    path.write_bytes(data)
    found = list(read_articles(path, ReadOptions()))
    told = [x.diagnostic if isinstance(x, ReadError) else x for x in found]
    return [x.id for x in found if isinstance(x, Document)], [d.name for d in told if isinstance(d, Diagnostic)]


def test_frames_are_read_one_after_the_other(tmp_path: Path) -> None:
    every = rows(3000)
    ids, told = read(tmp_path / "a.jsonl.zst", zstd(every[:50_000], every[50_000:]))
    assert (len(ids), told) == (3000, [])


def test_the_format_is_told_by_the_first_bytes_where_the_name_is_silent(tmp_path: Path) -> None:
    assert read(tmp_path / "a.dat", zstd(rows(2))) == (["n0", "n1"], ["format-differs"])


@pytest.mark.parametrize("cut", [-1, -500, 100])
def test_what_was_cut_off_is_told_behind_what_could_be_read(cut: int, tmp_path: Path) -> None:
    ids, told = read(tmp_path / "a.jsonl.zst", zstd(rows(20_000))[:cut])
    assert len(ids) < 20_000
    assert told[-1] == "archive-damaged"


def test_bytes_that_were_altered_are_told(tmp_path: Path) -> None:
    data = bytearray(zstd(rows(3000)))
    data[len(data) // 2 : len(data) // 2 + 40] = b"\xff" * 40
    assert "archive-damaged" in read(tmp_path / "a.jsonl.zst", bytes(data))[1]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    line = json.dumps({"id": "n", "text": "Storm\n" + " " * 5_000_000}).encode() + b"\n"
    ids, told = read(tmp_path / "a.jsonl.zst", zstd(line * 10))
    assert len(ids) < 10
    assert told[-1] == "archive-too-large"


def test_a_web_archive(tmp_path: Path) -> None:
    text = b"Storm\n\nSnow fell for nine hours today."
    head = (
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://news.example/storm.txt\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    record = head.encode() + text
    ids, told = read(tmp_path / "a.warc.zst", zstd(record + b"\r\n\r\n"))
    assert len(ids) == 1, told
