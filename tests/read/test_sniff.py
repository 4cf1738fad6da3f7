"""Which format a file is read as: by its name, and by its first bytes where the name is silent or wrong."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from read.test_archive import FEED, LINES, PACKED, STORM, TABLE

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles
from corpus_tool.read.sniff import choose_format

PAGE = b"<!-- saved -->\n<!DOCTYPE html><html><body><p>x</p></body></html>"
WARC = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "head", "kind", "is_told"),
    [
        ("a.txt", STORM.encode(), "text", False),
        ("a.TXT", b"", "text", False),
        ("a.txt", PAGE, "html", True),
        ("a.txt", b"\xef\xbb\xbf \n<HTML lang=en>", "html", True),
        ("a.txt", b"<html5 is here", "text", False),
        ("a.txt", b'<?xml version="1.0"?><!-- x --><rss version="2.0">', "feed", True),
        ("a.txt", PACKED["a.zip"][:4096], "zip", True),
        ("a.txt", b"PK\x03\x04 is how it begins", "text", False),
        ("a.html", PACKED["a.tar"][:4096], "tar", True),
        ("a.html", FEED, "feed", True),
        ("a.html", STORM.encode(), "html", False),
        ("a.xml", PAGE, "html", True),
        ("a.xml", b"<urlset>", "feed", False),
        ("a.csv", b'{"a": 1}', "csv", False),
        ("a.jsonl", WARC, "warc", True),
        ("a.warc.gz", WARC, "warc", False),
        ("a.html.gz", PAGE, "html", False),
        ("page", PAGE, "html", True),
        ("wire", LINES, "jsonl", True),
        ("notes.md", b"# Notes", "text", False),
        ("a.json", LINES, "jsonl", True),
        ("a.gz", STORM.encode(), "text", False),
        ("export", TABLE, "text", False),
    ],
)
def test_the_format_is_that_of_the_name_or_of_the_first_bytes(name: str, head: bytes, kind: str, is_told: bool) -> None:
    chosen, why = choose_format(name, head)
    assert (chosen, bool(why)) == (kind, is_told)


def test_a_file_that_is_no_what_its_name_says_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(gzip.compress(PACKED["a.zip"]))
    first, *rest = read_articles(path, ReadOptions())
    assert isinstance(first, Diagnostic)
    assert (first.name, first.severity) == ("format-differs", "info")
    assert first.message == "read as zip: its name says plain text, and it begins like a zip archive"
    assert sum(isinstance(article, Document) for article in rest) == 6


@pytest.mark.parametrize(
    ("format", "data", "ids"),
    [
        (None, STORM.encode(), ["stdin"]),
        ("text", gzip.compress(STORM.encode()), ["stdin"]),
        ("jsonl", LINES, ["one", "two"]),
        (None, PACKED["a.zip"], ["storm", "otter", "one", "two", "three", "four"]),
        ("tar", PACKED["a.tar.gz"], ["storm", "otter", "one", "two", "three", "four"]),
        ("csv", TABLE, ["three"]),
        (None, FEED, ["four"]),
    ],
)
def test_standard_input_is_any_of_them(
    format: str | None, data: bytes, ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    found = list(read_articles(Path("-"), ReadOptions(format=format)))
    assert [x.id for x in found if isinstance(x, Document)] == ids
    assert not [x.diagnostic for x in found if isinstance(x, ReadError)]
    told = [x.name for x in found if isinstance(x, Diagnostic) and x.name != "feed-entry-short"]
    assert told == (["format-differs"] if format is None and data != STORM.encode() else [])


def test_the_command_maps_columns_and_takes_a_format(
    run_main: Callable[..., Any], new_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    corpus = new_corpus(tmp_path / "corpus")
    data = b"key;body;headline\nk1;Snow fell for nine hours.;Storm\n"
    arguments = ["convert", "-", "--into", corpus, "--no-annotate", "--format", "csv"]
    done = run_main(*arguments, "--map", "id=key,text=body,title=headline", stdin=data)
    assert (done.status, done.out) == (0, "1 document written, 0 unchanged\n")
    done = run_main(*arguments, "--map", "text=bodi,id=key", stdin=data)
    assert done.status == 1
    assert "COR035" in done.err
    assert "did you mean 'body'?" in done.err
    done = run_main(*arguments, "--map", "texts=body", stdin=data)
    assert done.status == 2
    assert "there is no field 'texts', did you mean 'text'?" in done.err
    assert run_main(*arguments[:-1], "pdf", stdin=data).status == 2
