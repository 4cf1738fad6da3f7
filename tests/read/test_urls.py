"""Addresses: what leads to the article stays, what was added on the way goes."""

from __future__ import annotations

import pytest

from corpus_tool.read.urls import clean_url, url_key, web_address


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://example.org/fire", "https://example.org/fire"),
        ("HTTPS://Example.ORG:443/Fire/#top", "https://example.org/Fire/"),
        ("https://example.org/fire?utm_source=x&utm_medium=y&fbclid=Iw&gclid=1", "https://example.org/fire"),
        ("https://example.org/story?id=7&utm_source=x", "https://example.org/story?id=7"),
        ("https://example.org/a?b=c%20d&e=%C3%A9", "https://example.org/a?b=c%20d&e=%C3%A9"),
        ("https://example.org/fire/amp/", "https://example.org/fire/"),
        ("https://example.org/fire/amp", "https://example.org/fire"),
        ("https://example.org/fire.amp.html", "https://example.org/fire.html"),
        ("https://example.org/fire.amp", "https://example.org/fire"),
        ("https://example.org/fire?outputType=amp", "https://example.org/fire"),
        ("https://example.org/fire?amp", "https://example.org/fire"),
        ("https://example.org/fire/print", "https://example.org/fire"),
        ("https://example.org/fire?print=1&page=2", "https://example.org/fire?page=2"),
        ("https://example.org/2021/fire-print.html", "https://example.org/2021/fire.html"),
        ("https://example.org/print", "https://example.org/print"),
        ("https://example.org/blueprint", "https://example.org/blueprint"),
        ("https://example.org/bootcamp", "https://example.org/bootcamp"),
        ("https://user:secret@example.org/fire", "https://example.org/fire"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://[::1]:8443/fire", "https://[::1]:8443/fire"),
        (" urn:isbn:1 ", "urn:isbn:1"),
        ("https://[broken/", "https://[broken/"),
        ("", ""),
    ],
)
def test_an_address_is_cleaned(url: str, clean: str) -> None:
    assert clean_url(url) == clean
    assert clean_url(clean) == clean


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/fire?b=2&a=1",
        "http://example.org/fire/?a=1&b=2#top",
        "https://m.example.org/fire/amp/?a=1&b=2&utm_campaign=z",
        "https://amp.example.org/fire/index.html?a=1&b=2",
        "https://example.org/amp/fire?a=1&b=2",
    ],
)
def test_two_addresses_of_one_article_share_a_key(url: str) -> None:
    assert url_key(url) == "example.org/fire?a=1&b=2"


def test_two_articles_have_two_keys() -> None:
    urls = ["https://example.org/a", "https://example.org/b", "https://example.org/a?id=1", "https://example.com/a"]
    assert len({url_key(url) for url in urls}) == 4


@pytest.mark.parametrize(
    ("words", "base", "address"),
    [
        ("/fire", "https://example.org/x", "https://example.org/fire"),
        ("//example.org/fire", "https://example.com/", "https://example.org/fire"),
        ("/fire", "", ""),
        ("javascript:alert(1)", "https://example.org/", ""),
        ("https://example.org/a b", "", ""),
        ("https://example.org/" + "x" * 3_000, "", ""),
        ("https://[x", "https://example.org/", ""),
    ],
)
def test_only_addresses_of_the_web_are_taken(words: str, base: str, address: str) -> None:
    assert web_address(words, base) == address
