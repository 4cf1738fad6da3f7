"""Files cut off anywhere, and files with a byte changed: what stands before is kept, and the damage is told."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import Read, ReadError, ReadOptions, read_articles

ARTICLES = {
    f"a{i}.txt": f"Article {i}\n\nThe {i}th article speaks of {i * i} things “here”, said علي.\n".encode()
    for i in range(40)
}
LINES = b"".join(b'{"id": "a%d", "text": "Article %d speaks of %d things."}\n' % (i, i, i * i) for i in range(400))
TABLE = b"id,text\n" + b"".join(b'a%d,"Article, %d"\n' % (i, i) for i in range(400))
FEED = (
    b"<rss><channel>"
    + b"".join(b"<item><guid>a%d</guid><description>Article %d.</description></item>" % (i, i) for i in range(200))
    + b"</channel></rss>"
)


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ARTICLES.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def a_tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in ARTICLES.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def a_warc() -> bytes:
    records = []
    for i in range(40):
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nArticle %d speaks of %d things.\n" % (i, i * i)
        head = (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/a%d\r\nContent-Length: %d\r\n\r\n"
        )
        records.append(head % (i, len(block)) + block + b"\r\n\r\n")
    return b"".join(records)


FILES: dict[str, Callable[[], bytes]] = {
    "a.csv": lambda: TABLE,
    "a.csv.xz": lambda: lzma.compress(TABLE),
    "a.jsonl.bz2": lambda: bz2.compress(LINES),
    "a.jsonl.gz": lambda: gzip.compress(LINES),
    "a.rss": lambda: FEED,
    "a.tar": a_tar,
    "a.tar.gz": lambda: gzip.compress(a_tar()),
    "a.warc": a_warc,
    "a.warc.gz": lambda: b"".join(gzip.compress(b"WARC/" + part) for part in a_warc().split(b"WARC/")[1:]),
    "a.zip": a_zip,
}
#: Files of which nothing can be read without their end.
FROM_THE_END = {"a.zip"}


def read(path: Path) -> list[Read]:
    return list(read_articles(path, ReadOptions(encoding="auto")))


def texts(found: list[Read]) -> list[str]:
    return [article.text for article in found if isinstance(article, Document)]


def told(found: list[Read]) -> Iterator[Diagnostic]:
    yield from (article.diagnostic for article in found if isinstance(article, ReadError))


@pytest.mark.parametrize("name", FILES)
def test_what_stands_before_the_cut_is_kept_and_the_cut_is_told(name: str, tmp_path: Path) -> None:
    data = FILES[name]()
    path = tmp_path / name
    path.write_bytes(data)
    whole = read(path)
    assert len(texts(whole)) >= 40
    assert list(told(whole)) == []
    for percent in (10, 37, 63, 90, 99):
        path.write_bytes(data[: len(data) * percent // 100])
        found = read(path)
        assert texts(found) == texts(whole)[: len(texts(found))]
        if (name == "a.csv" and texts(found)) or (name == "a.tar" and len(texts(found)) == len(texts(whole))):
            continue  # a table may end after any row, and a tar file after the mark of its end
        assert list(told(found)), f"{percent} %"
        if name not in FROM_THE_END and percent > 60 and not name.endswith((".bz2", ".xz")):
            assert texts(found), f"{percent} %"


@pytest.mark.parametrize("name", FILES)
def test_bytes_that_were_altered_give_articles_and_faults_and_nothing_else(name: str, tmp_path: Path) -> None:
    data = FILES[name]()
    path = tmp_path / name
    rng = random.Random(7)
    for _ in range(60):
        broken = bytearray(data)
        for _ in range(rng.choice((1, 1, 3, 20))):
            at = rng.randrange(len(broken))
            broken[at : at + rng.choice((0, 1, 4))] = rng.randbytes(rng.choice((0, 1, 4)))
        path.write_bytes(broken)
        for article in read(path):
            assert isinstance(article, Document | ReadError | Diagnostic)


def test_a_damaged_member_of_a_web_archive_costs_that_record(tmp_path: Path) -> None:
    members = [gzip.compress(b"WARC/" + part) for part in a_warc().split(b"WARC/")[1:]]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(members))
    whole = texts(read(path))
    members[7] = members[7][:30] + b"\xff\xff\xff" + members[7][33:]
    path.write_bytes(b"".join(members))
    found = read(path)
    assert texts(found) == whole[:7] + whole[8:]
    [fault] = told(found)
    assert fault.name == "archive-damaged"
    assert f"byte {sum(map(len, members[:7])):,}" in fault.message


def test_a_damaged_member_of_a_zip_costs_that_member(tmp_path: Path) -> None:
    data = bytearray(a_zip())
    at = data.index(b"a3.txt") + len("a3.txt") + 5
    data[at : at + 8] = b"\xff" * 8
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    found = read(path)
    assert len(texts(found)) == 39
    [fault] = told(found)
    assert (fault.name, fault.path) == ("archive-damaged", f"{path}!/a3.txt")


def test_a_hole_in_a_web_archive_costs_its_record(tmp_path: Path) -> None:
    data = a_warc()
    at = data.index(b"Article 12 ")
    path = tmp_path / "a.warc"
    path.write_bytes(data[:at] + data[at + 9 :])
    found = read(path)
    assert len(texts(found)) == 39
    [fault] = told(found)
    assert fault.name == "record-damaged"
    assert "record 13 at byte" in fault.message
    assert "https://example.org/a12" in fault.message
