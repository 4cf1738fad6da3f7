"""Compressed files that unpack to a thousand times their size, or for ever: read in pieces, and stopped."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

from read.hostile.bombs import MEGABYTE, gzipped


def test_each_compression_stops_at_a_limit(convert: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt.gz").write_bytes(gzipped(2000))
    (folder / "b.html.bz2").write_bytes(bz2.compress(MEGABYTE) * 2000)
    (folder / "c.jsonl.gz").write_bytes(gzipped(2000))
    (folder / "d.csv.xz").write_bytes(lzma.compress(MEGABYTE) * 2000)
    (folder / "e.tar.gz").write_bytes(gzipped(2000))
    (folder / "f.xml.gz").write_bytes(gzipped(2000, b"<rss>" + b" " * 999_995))
    (folder / "g.warc.gz").write_bytes(gzipped(2000, b"WARC/1.0\r\n" + b"a: b\r\n" * 100_000))
    (folder / "h.zip.gz").write_bytes(gzipped(2000, b"PK\x03\x04" + bytes(999_996)))
    outcome = convert(folder)
    assert outcome.written == []
    told = {(Path(where).name, name) for name, _, where in outcome.told}
    assert {name for name, _ in told} == {path.name for path in folder.iterdir()}
    assert ("e.tar.gz", "archive-too-large") in told
    for name in ("a.txt.gz", "b.html.bz2", "c.jsonl.gz", "d.csv.xz", "f.xml.gz", "g.warc.gz", "h.zip.gz"):
        assert (name, "archive-too-large") in told, told


def test_what_is_compressed_twice_is_unpacked_once(convert: Callable[..., Any], text: str, tmp_path: Path) -> None:
    path = tmp_path / "storm.txt.gz"
    data = text.encode()
    for _ in range(50):
        data = gzip.compress(data)
    path.write_bytes(data)
    outcome = convert(path)
    assert (outcome.written, outcome.names) == ([], ["archive-too-large"])
    assert "twice" in outcome.told[0][1]


def record(headers: list[tuple[str, str]], body: bytes) -> bytes:
    """A response of a web archive."""
    block = b"HTTP/1.1 200 OK\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers).encode() + b"\r\n" + body
    said = {"WARC-Type": "response", "WARC-Target-URI": "https://example.org/", "Content-Length": str(len(block))}
    return b"WARC/1.0\r\n" + "".join(f"{k}: {v}\r\n" for k, v in said.items()).encode() + b"\r\n" + block + b"\r\n\r\n"


def test_a_page_that_was_sent_compressed_stops_at_the_limit_of_an_article(
    convert: Callable[..., Any], tmp_path: Path
) -> None:
    packed = gzip.compress(MEGABYTE) * 3000
    chunks = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    html, coded = ("Content-Type", "text/html"), ("Content-Encoding", "gzip")
    path = tmp_path / "crawl.warc"
    path.write_bytes(
        record([html, coded], packed)
        + record([html, coded, ("Transfer-Encoding", "chunked")], chunks)
        + record([html, ("Content-Encoding", "deflate")], deflate(MEGABYTE * 20))
        + record([html, ("Transfer-Encoding", "chunked")], b"7fffffff\r\n" + b"x" * 100)
        + record([html, ("Transfer-Encoding", "chunked")], b"x" * 100_000)
    )
    outcome = convert(path)
    assert outcome.written == []
    assert outcome.names[0] in {"article-too-large", "archive-too-large"}
    assert "record 1 at byte 0 (https://example.org/)" in outcome.told[0][1]


def deflate(data: bytes) -> bytes:
    import zlib

    return zlib.compress(data)


def test_standard_input_is_held_to_the_same_limits(convert: Callable[..., Any]) -> None:
    outcome = convert("-", "--format", "jsonl", stdin=gzipped(500))
    assert (outcome.written, outcome.names[-1]) == ([], "archive-too-large")
    outcome = convert("-", stdin=bytes(io.BytesIO(b"x" * 11_000_000).getvalue()))
    assert outcome.names == ["article-too-large"]
