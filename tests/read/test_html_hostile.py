"""Web pages made to harm: each ends in a document or in one clear sentence, soon, and nothing is fetched."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles
from corpus_tool.read.files import Raw
from corpus_tool.read.html import page_articles
from corpus_tool.read.html_tree import MAX_ATTRIBUTES, parse_page
from corpus_tool.read.metadata_values import clean_date, clean_license, clean_names, clean_words
from corpus_tool.read.urls import clean_url, url_key

PROSE = "<p>The ferry ran aground on Friday evening near the cape, and its passengers spent the night on deck.</p>" * 5


def read(body: str, head: str = "") -> Document | ReadError:
    page = f"<html><head>{head}</head><body><article><h1>Ferry</h1>{PROSE}{body}</article></body></html>"
    try:
        *_, document = page_articles(Raw("page.html", page.encode("utf-8", "surrogatepass")), ReadOptions())
    except ReadError as error:
        return error
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize("tag", ["div", "b", "span", "table><tr><td", "ul><li", "form", "q", "svg", "blockquote"])
def test_deep_nesting_is_told_or_read(tag: str) -> None:
    result = read(f"<{tag}>" * 100_000)
    assert isinstance(result, Document) or result.diagnostic.name == "article-too-large"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<p>word</p>" * 40_000, "more than 30,000 elements"),
        (f"<p {' '.join(f'a{i}=1' for i in range(100_000))}>x</p>", f"more than {MAX_ATTRIBUTES} attributes"),
        (f"<p {' '.join(f'{i}x' for i in range(100_000))}", f"more than {MAX_ATTRIBUTES} attributes"),
    ],
)
def test_more_than_any_page_has_is_refused_by_a_limit(body: str, says: str) -> None:
    result = read(body)
    assert isinstance(result, ReadError)
    assert result.diagnostic.name == "article-too-large"
    assert says in result.diagnostic.message


def test_a_page_of_200_mb_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with path.open("wb") as file:
        file.write(b"<html><body><p>")
        file.truncate(200_000_000)
    [error] = read_articles(path, ReadOptions())
    assert isinstance(error, ReadError | Diagnostic)
    told = error.diagnostic if isinstance(error, ReadError) else error
    assert (told.name, "larger than 10 MB" in told.message) == ("article-too-large", True)


def test_entities_do_not_grow() -> None:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    page = f'<!DOCTYPE html [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{levels}]><p>&e11; &f;</p>{PROSE}'
    *_, document = page_articles(Raw("page.html", page.encode()), ReadOptions())
    assert isinstance(document, Document)
    assert len(document.text) < 5_000
    assert "root:" not in document.text


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    result = read(
        "<script src='https://example.org/x.js'></script><iframe src='https://example.org/'></iframe><img "
        "src='https://example.org/x.png'><object data='https://example.org/'></object><embed src='//example.org'>",
        "<base href='https://example.org/'><link rel='stylesheet' href='x.css'><link rel='canonical' href='/ferry'>"
        "<meta http-equiv='refresh' content='0; url=https://example.org/'>",
    )
    assert isinstance(result, Document)


@pytest.mark.parametrize(
    "body",
    [
        "<p class='" + "byline " * 50_000 + "'>Ida Holm</p>",
        "<p>" + "\0\x01\x0b" + "x" * 500_000,
        "<p>" + " " * 500_000 + "x",
        "<p>" + "&" * 200_000,
        "<p><a <a <a " * 5_000,
        "<!--" + "-" * 300_000,
        "<script>" + "<" * 300_000,
        '<script type="application/ld+json">' + "[" * 300_000,
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"' + "\\" * 300_001,
        "<title>" + "<" * 300_000,
        "<p>" + "READ MORE" * 50_000,
        "</p></article></body></html>" * 10_000,
    ],
)  # fmt: skip
def test_broken_pages_are_read(body: str) -> None:
    assert isinstance(read(body), Document)


@pytest.mark.parametrize(
    "work",
    [
        lambda n: clean_words("<" * n, n),
        lambda n: clean_words("<a " * n, 3 * n),
        lambda n: clean_words("<!--" * n, 4 * n),
        lambda n: clean_words("&amp;amp;" * n, 9 * n),
        lambda n: clean_names("a b, " * n),
        lambda n: clean_names(" and" * n),
        lambda n: clean_date("1 may 2020 " * n),
        lambda n: clean_date("," * n),
        lambda n: clean_license("creativecommons.org/" * n),
        lambda n: clean_url("https://example.org/?" + "utm_a=1&" * min(n, 200)),
        lambda n: url_key("https://" + "www." * min(n, 400) + "org/"),
        lambda n: parse_page("<a " + "x='" * n + PROSE, "page.html"),
        lambda n: parse_page("<p a=" * n + PROSE, "page.html"),
        lambda n: parse_page('<p a="' * n + PROSE, "page.html"),
    ],
)  # fmt: skip
def test_hostile_words_come_to_an_end(work: Callable[[int], object]) -> None:
    """What grew with the square of the words would keep the suite here for minutes."""
    with contextlib.suppress(ReadError):
        work(200_000)
