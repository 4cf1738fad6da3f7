"""Web archives as warcio writes them: pages and texts become documents, all else is counted."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles

#: warcio leaves the temporary files to the collector, which it writes records through.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

WORDS = [f"The mayor said “no” {i} times and left the café in Haifa with {i} people on Monday." for i in range(6)]
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Fire at the port</title></head>'
    "<body><article><h1>Fire at the port</h1>"
    + "".join(f"<p>{words}</p>" for words in WORDS)
    + "</article></body></html>"
)
TEXT = "Storm closes the pass\n\nSnow fell for nine hours. “We saw nothing,” said علي 😀.\n"
HTML, PLAIN = ("Content-Type", "text/html; charset=utf-8"), ("Content-Type", "text/plain; charset=UTF-8")


class Crawl:
    """A web archive in the making."""

    def __init__(self, *, gzipped: bool) -> None:
        self.buffer = io.BytesIO()
        self.writer = WARCWriter(self.buffer, gzip=gzipped)

    def add(self, url: str, body: bytes, *headers: tuple[str, str], kind: str = "response", **said: str) -> Crawl:
        status = said.pop("status", "200 OK")
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1") if kind in {"response", "revisit"} else None
        own = {"WARC-Date": "2020-01-02T03:04:05Z", **{f"WARC-{key.title()}": value for key, value in said.items()}}
        if kind == "request":
            http = StatusAndHeaders("/ HTTP/1.1", list(headers), protocol="GET")
        self.writer.write_record(
            self.writer.create_warc_record(
                url,
                kind,
                payload=io.BytesIO(body),
                http_headers=http,
                warc_headers_dict=own,
                warc_content_type=dict(headers).get("Content-Type", "") if http is None else "",
            )
        )
        return self


def read(path: Path, data: bytes, **options: Any) -> tuple[list[Document], list[Diagnostic]]:
    path.write_bytes(data)
    found = list(read_articles(path, ReadOptions(**{"encoding": "auto", **options})))
    told = [x.diagnostic if isinstance(x, ReadError) else x for x in found if not isinstance(x, Document)]
    return [x for x in found if isinstance(x, Document)], told


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_pages_and_texts_become_documents_and_the_others_are_counted(name: str, tmp_path: Path) -> None:
    crawl = Crawl(gzipped=name.endswith(".gz"))
    crawl.writer.write_record(crawl.writer.create_warcinfo_record("x", {"software": "test"}))
    page = PAGE.encode()
    crawl.add("https://example.org/", b"", kind="request")
    crawl.add("https://Example.org/Fire?id=1&utm_source=x", page, HTML)
    crawl.add("https://example.org/gone", page, HTML, status="404 Not Found")
    crawl.add("https://example.org/moved", b"", HTML, status="301 Moved")
    crawl.add("https://example.org/a.png", b"\x89PNG", ("Content-Type", "image/png"))
    crawl.add("https://example.org/b.png", b"\x89PNG", ("Content-Type", "image/png"))
    crawl.add("https://example.org/storm.txt", TEXT.encode(), PLAIN)
    crawl.add("https://example.org/again", b"", HTML, kind="revisit")
    crawl.add("https://example.org/no-words", b"<html><body><nav>Menu</nav></body></html>", HTML)
    crawl.add("dns:example.org", b"1.2.3.4", kind="response")
    crawl.add("https://example.org/wet", TEXT.encode(), PLAIN, kind="conversion")
    (fire, storm, wet), told = read(tmp_path / name, crawl.buffer.getvalue())
    assert fire.text == "\n\n".join(["Fire at the port", *WORDS]) + "\n"
    meta = fire.meta
    assert (fire.id, meta.url) == ("example-org-fire-id-1-utm-source-x", "https://Example.org/Fire?id=1&utm_source=x")
    assert (meta.source_id, meta.title, meta.language) == (meta.url, "Fire at the port", "en")
    assert meta.extra["warc_date"] == "2020-01-02T03:04:05Z"
    assert meta.extra["warc_record_id"].startswith("<urn:uuid:")
    assert meta.article is not None
    assert (meta.article.path, meta.article.media_type, meta.article.encoding) == (name, "text/html", "utf-8")
    assert (storm.text, storm.meta.title) == (TEXT, "Storm closes the pass")
    assert wet.id == "example-org-wet"
    empty, counted = told
    assert (empty.name, counted.name) == ("article-without-text", "records-left-out")
    assert "record 10 at byte " in empty.message
    assert "(https://example.org/no-words)" in empty.message
    for words in (
        "8 records were left out",
        "2 of image/png",
        "1 answered with 404",
        "1 answered with 301",
        "1 of the type revisit",
        "1 of the type request",
        "1 of the type warcinfo",
        "1 of no web page",
    ):
        assert words in counted.message


def test_the_sum_is_that_of_the_records_content(tmp_path: Path) -> None:
    import hashlib

    data = Crawl(gzipped=False).add("https://example.org/storm.txt", TEXT.encode(), PLAIN).buffer.getvalue()
    [document], _ = read(tmp_path / "a.warc", data)
    block = data[data.index(b"HTTP/1.1 200") : -4]
    assert document.meta.article is not None
    assert document.meta.article.sha256 == hashlib.sha256(block).hexdigest()


CHUNKED = ("Transfer-Encoding", "chunked")


def chunks(data: bytes) -> bytes:
    pieces = [data[i : i + 700] for i in range(0, len(data), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunks(PAGE.encode()), [HTML, CHUNKED]),
        (gzip.compress(PAGE.encode()), [HTML, ("Content-Encoding", "gzip")]),
        (chunks(gzip.compress(PAGE.encode())), [HTML, ("Content-Encoding", "gzip"), CHUNKED]),
        (zlib.compress(PAGE.encode()), [HTML, ("Content-Encoding", "deflate")]),
        (zlib.compress(PAGE.encode())[2:-4], [HTML, ("Content-Encoding", "deflate")]),
        (PAGE.encode(), [HTML, ("Content-Encoding", "gzip")]),
        (PAGE.encode(), [HTML, CHUNKED]),
        (PAGE.encode("utf-16"), [("Content-Type", "text/html; charset=UTF-16")]),
        (PAGE.encode("windows-1252"), [("content-type", 'text/html;charset="iso-8859-1"')]),
        (PAGE.encode(), []),
    ],
    ids=["chunks", "gzip", "both", "zlib", "raw", "not gzip", "no chunks", "utf-16", "latin-1", "no type"],
)
def test_a_page_is_read_however_it_was_sent(body: bytes, headers: list[tuple[str, str]], tmp_path: Path) -> None:
    crawl = Crawl(gzipped=True).add("https://example.org/fire", body, *headers)
    [document], told = read(tmp_path / "a.warc.gz", crawl.buffer.getvalue())
    assert document.text == "\n\n".join(["Fire at the port", *WORDS]) + "\n"
    assert told == []


def test_what_cannot_be_unpacked_or_was_cut_off_is_told(tmp_path: Path) -> None:
    crawl = Crawl(gzipped=False)
    crawl.add("https://example.org/br", b"\x0b", HTML, ("Content-Encoding", "br"))
    crawl.add("https://example.org/cut", PAGE.encode(), HTML, truncated="length")
    crawl.add("https://example.org/half", gzip.compress(PAGE.encode())[:-30], HTML, ("Content-Encoding", "gzip"))
    made, told = read(tmp_path / "a.warc", crawl.buffer.getvalue())
    assert made == []
    assert [d.name for d in told] == ["record-damaged", "record-damaged", "archive-damaged"]
    assert "'br'" in told[0].message
    assert "who collected it cut it off (length)" in told[1].message
    assert "https://example.org/half" in told[2].message


@pytest.mark.slow
def test_a_large_archive_is_not_kept_in_memory(tmp_path: Path) -> None:
    import subprocess
    import sys

    record = Crawl(gzipped=False).add("https://example.org/a.bin", bytes(1_000_000), ("Content-Type", "a/b"))
    path = tmp_path / "a.warc"
    with path.open("wb") as file:
        file.writelines(record.buffer.getvalue() for _ in range(500))
    script = (
        "import re, sys; from pathlib import Path; from corpus_tool.read import *\n"
        "print([x.message for x in read_articles(Path(sys.argv[1]), ReadOptions())])\n"
        "print(int(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=True, capture_output=True, text=True)
    said, memory = done.stdout.splitlines()
    assert "500 of a/b" in said
    assert int(memory) < 150
