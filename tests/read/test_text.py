"""Plain-text articles: the text as it stands in the file, and what is recorded of the file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.ids import is_document_id
from corpus_tool.read import ReadError, ReadOptions, read_articles
from corpus_tool.read.files import MAX_ARTICLE_BYTES, Raw, decode_article


def read(path: Path, options: ReadOptions | None = None) -> Document:
    (article,) = read_articles(path, options or ReadOptions())
    assert isinstance(article, Document), article
    return article


def fault_of(path: Path, options: ReadOptions | None = None) -> Diagnostic:
    (article,) = read_articles(path, options or ReadOptions())
    assert isinstance(article, ReadError), article
    return article.diagnostic


def test_text_is_kept_to_the_last_character(tmp_path: Path) -> None:
    text = "  Zoe\u0308 a\u00a0b 👩‍🚒\t\n\n\n“قال” \u200fשלום\u2028x  \n \n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    document = read(path)
    assert document.text == text
    assert document.text_sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_crlf_becomes_lf_and_the_byte_order_mark_is_recorded(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfTitle\r\n\r\nOne said \xe2\x80\x9cno\xe2\x80\x9d.\rTwo.\r\n"
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    document = read(path)
    assert document.text == "Title\n\nOne said “no”.\nTwo.\n"
    assert document.meta.article is not None
    assert document.meta.article.encoding == "utf-8-sig"
    assert document.meta.article.media_type == "text/plain"
    assert document.meta.article.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "utf_8", "U8"])
def test_utf_8_by_any_name_leaves_no_byte_order_mark_in_the_text(name: str) -> None:
    assert decode_article(Raw("a.txt", b"\xef\xbb\xbfOne."), name) == ("One.", "utf-8-sig")


@pytest.mark.parametrize(
    ("name", "text"), [("windows-1252", "“Zoë” – café €"), ("utf-16", "港口 😀"), ("big5", "港口")]
)
def test_another_encoding_is_read_when_it_is_named(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(name))
    document = read(path, ReadOptions(encoding=name))
    assert document.text == text
    assert document.meta.article is not None
    assert document.meta.article.encoding == name


def test_bytes_that_are_not_utf_8_are_told_by_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("One.\n日本 caf".encode() + b"\xe9 two")
    found = fault_of(path)
    assert (found.code, found.line, found.column) == ("COR011", 2, 7)
    assert "0xe9" in found.message
    assert "--encoding" in found.hint


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "article-empty"),
        (b" \r\n\t ", "article-empty"),
        (b"\xef\xbb\xbf\n", "article-empty"),
        ("\u00a0\u2003\n".encode(), "article-empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "article-binary"),
        (b"PK\x03\x04 x", "article-binary"),
        (b"word " * 20_000 + b"\0", "article-binary"),
    ],
    ids=["nothing", "blanks", "mark alone", "no-break spaces", "picture", "archive", "NUL far inside"],
)
def test_a_file_that_is_no_text_is_told(data: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert fault_of(path).name == name


def test_a_file_over_the_limit_is_told_and_one_at_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * (MAX_ARTICLE_BYTES + 1))
    assert fault_of(path).name == "article-too-large"
    path.write_bytes(b"x" * MAX_ARTICLE_BYTES)
    assert len(read(path).text) == MAX_ARTICLE_BYTES


@pytest.mark.parametrize("name", ["", "no-such", "rot13", "base64", "a\0b"])
def test_an_encoding_without_such_a_name_is_misuse(name: str) -> None:
    with pytest.raises(CorpusToolError, match="no such character encoding"):
        decode_article(Raw("a.txt", b"One."), name)


@pytest.mark.parametrize(
    ("name", "data"), [("utf-7", b"a +2AA- b"), ("punycode", b"a b"), ("undefined", b"a"), ("utf-16", b"a")]
)
def test_odd_encodings_give_a_diagnostic_and_no_half_characters(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert fault_of(path, ReadOptions(encoding=name)).name in {"article-not-utf-8", "article-binary"}


def test_what_the_corpus_says_of_its_articles_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    path = tmp_path / "articles" / "a.txt"
    path.write_text("One.")
    options = ReadOptions(root=tmp_path, language="en-GB", license="CC0-1.0", source="The Post")
    meta = read(path, options).meta
    assert (meta.language, meta.license, meta.source) == ("en-GB", "CC0-1.0", "The Post")
    assert meta.article is not None
    assert meta.article.path == "articles/a.txt"
    outside = read(path, ReadOptions(root=tmp_path / "elsewhere")).meta
    assert outside.article is not None
    assert outside.article.path == "a.txt"


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "Über Größe",
        "港口大火",
        "حريق",
        "a" * 240,
        "-x-",
        "...x",
        "CON",
        "a\nb",
        "😀",
        "%2e%2e",
        "x" * 100 + "é" * 40,
    ],
)
def test_any_file_name_gives_a_good_id_and_is_kept(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_text("One.")
    document = read(path)
    assert is_document_id(document.id)
    assert ".." not in document.id
    assert document.meta.source_id == path.stem


def test_a_file_name_that_is_not_utf_8_is_recorded_with_escapes(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    try:
        path.write_text("One.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    meta = read(path).meta
    assert meta.source_id == "caf\\xe9"
    assert meta.article is not None
    assert meta.article.path == "caf\\xe9.txt"


@given(st.binary(max_size=60))
def test_any_bytes_give_a_text_or_a_diagnostic(data: bytes) -> None:
    try:
        text, encoding = decode_article(Raw("a.txt", data))
    except ReadError as error:
        place = (error.diagnostic.line, error.diagnostic.column)
    else:
        place = (1, 1)
        assert text.strip()
        assert text == data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    assert min(place) >= 1
