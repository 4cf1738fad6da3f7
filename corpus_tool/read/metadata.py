"""What a page states about its article: title, authors, date, publisher, address, language, licence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from corpus_tool.read.html_parts import key_of, words_of
from corpus_tool.read.metadata_jsonld import article_of, names_in, words_in
from corpus_tool.read.metadata_values import (
    MAX_AUTHORS,
    MAX_NAME,
    MAX_TITLE,
    clean_date,
    clean_language,
    clean_license,
    clean_names,
    clean_words,
    date_in_url,
)
from corpus_tool.read.urls import clean_url, web_address

#: Where each field is looked for, the source that is believed first standing first. ``jsonld:`` is a property of the
#: page's article in JSON-LD; ``meta:`` a ``<meta>`` by its name, property, itemprop or http-equiv; ``link:`` a
#: ``<link>`` or ``<a>`` by its rel; ``itemprop:`` a property of microdata; ``given`` the address that the page was
#: fetched from; ``address`` the day in the page's own address; ``extractor`` trafilatura's reading.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "title": ("jsonld:headline", "jsonld:name", "meta:og:title", "meta:twitter:title", "meta:dc.title", "h1", "title",
              "extractor"),
    "authors": ("jsonld:author", "jsonld:creator", "meta:article:author", "meta:author", "meta:byl", "meta:dc.creator",
                "meta:parsely-author", "meta:sailthru.author", "itemprop:author", "extractor"),
    "published": ("jsonld:datePublished", "jsonld:dateCreated", "meta:article:published_time",
                  "meta:og:published_time", "itemprop:datePublished", "meta:dcterms.issued", "meta:dc.date.issued",
                  "meta:dcterms.date", "meta:dc.date", "meta:parsely-pub-date", "meta:sailthru.date", "meta:pubdate",
                  "meta:publish-date", "meta:publication_date", "meta:date", "time", "address", "extractor"),
    "source": ("jsonld:publisher", "meta:og:site_name", "meta:dc.publisher", "meta:application-name", "extractor"),
    "url": ("link:canonical", "meta:og:url", "jsonld:url", "jsonld:mainEntityOfPage", "given"),
    "language": ("jsonld:inLanguage", "lang", "meta:content-language", "meta:dc.language", "meta:og:locale"),
    "license": ("jsonld:license", "link:license", "meta:dcterms.license", "meta:dc.rights.license"),
}  # fmt: skip

#: ``<meta>`` elements of a page that are looked at.
_MOST_METAS = 2_000
#: Code points of an element that can be a title, a name or a date.
_MOST_WORDS = 5_000


@dataclass(frozen=True)
class PageMetadata:
    """What a page says of its article, cleaned; "" and () where it says nothing that can be used.

    Attributes:
        published: ISO 8601, with the time and the zone that the page states.
        url: absolute, without tracking parameters.
        language: a BCP 47 tag.
        license: an SPDX identifier of Creative Commons, else the page's own words or address.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    source: str = ""
    url: str = ""
    language: str = ""
    license: str = ""


@dataclass
class _Page:
    """A page and what was found in it."""

    tree: Any
    given: str
    extractor: Callable[[], Mapping[str, str]]

    @cached_property
    def metas(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number, element in enumerate(self.tree.iter("meta")):
            if number >= _MOST_METAS:
                break
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                name = (element.get(attribute) or "").strip().lower()
                if name and element.get("content"):
                    found.setdefault(name, []).append(element.get("content"))
        return found

    @cached_property
    def h1(self) -> str:
        """The words of the page's one ``<h1>``: of its article, where that has one."""
        heads = [head for head in self.tree.iter("h1") if key_of(words_of(head)[:_MOST_WORDS])]
        own = [head for head in heads if next(head.iterancestors("article", "main"), None) is not None]
        chosen = own or heads
        return words_of(chosen[0])[:_MOST_WORDS] if len(chosen) == 1 or own else ""

    @cached_property
    def jsonld(self) -> Mapping[str, Any]:
        stated = [self.h1, *self.metas.get("og:title", ()), *self.metas.get("twitter:title", ())]
        return article_of(self.tree, frozenset(key_of(words[:_MOST_WORDS]) for words in stated) - {""}, key_of)


def page_metadata(tree: Any, *, given: str = "", extractor: Callable[[], Mapping[str, str]] = dict) -> PageMetadata:
    """The metadata of a page, each field from the first source of ``SOURCES`` that says something usable.

    Args:
        tree: the page as ``lxml.html`` parses it.
        given: the address that the page was fetched from, "" where it is not known.
        extractor: gives title, authors, published and source by another reading; called when nothing else knows one.
    """
    page = _Page(tree, given, extractor)
    source = _first(page, "source", lambda words: clean_words(words, MAX_NAME).removeprefix("@"))
    return PageMetadata(
        title=_title(page, source),
        authors=_authors(page),
        published=_first(page, "published", clean_date),
        source=source,
        url=_url(page),
        language=_first(page, "language", clean_language),
        license=_first(page, "license", clean_license),
    )


def _first(page: _Page, field: str, clean: Callable[[str], str]) -> str:
    for place in SOURCES[field]:
        for words in _words(page, field, place):
            if cleaned := clean(words):
                return cleaned
    return ""


def _words(page: _Page, field: str, place: str) -> Iterator[str]:
    """What one source says, as it says it."""
    kind, _, name = place.partition(":")
    if kind == "jsonld":
        yield from names_in(page.jsonld.get(name)) if field == "authors" else [words_in(page.jsonld.get(name))]
    elif kind == "meta":
        yield from page.metas.get(name, ())
    elif kind == "link":
        yield from _links(page.tree, name)
    elif kind == "itemprop":
        yield from _properties(page.tree, name)
    elif kind == "time":
        yield from _times(page.tree)
    elif kind == "lang":
        yield from _languages(page.tree)
    elif kind == "h1":
        yield page.h1
    elif kind == "title":
        yield from (words_of(element)[:_MOST_WORDS] for element in page.tree.iter("title"))
    elif kind == "address":
        yield date_in_url(_url(page))
    elif kind == "given":
        yield page.given
    else:
        yield page.extractor().get(field, "")


def _links(tree: Any, rel: str) -> Iterator[str]:
    for element in tree.iter("link", "a"):
        if rel in (element.get("rel") or "")[:_MOST_WORDS].lower().split() and element.get("href"):
            yield element.get("href")


def _properties(tree: Any, name: str) -> Iterator[str]:
    """The values of a property of microdata: stated in an attribute, else the element's words."""
    for element in tree.iter():
        if isinstance(element.tag, str) and name in (element.get("itemprop") or "").split():
            inner = next((e for e in element.iterdescendants() if e.get("itemprop") == "name"), element)
            yield element.get("content") or element.get("datetime") or words_of(inner)[:_MOST_WORDS]


def _times(tree: Any) -> Iterator[str]:
    """The dates of ``<time>`` elements that do not say that they tell of a change."""
    for element in tree.iter("time"):
        if next(element.iterancestors("nav", "aside", "footer"), None) is not None:
            continue
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        if "modified" not in marks and "updated" not in marks:
            yield element.get("datetime") or words_of(element)[:_MOST_WORDS]


def _languages(tree: Any) -> Iterator[str]:
    articles = list(tree.iter("article"))
    for element in [*(articles if len(articles) == 1 else ()), tree]:
        yield element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang") or ""


def _title(page: _Page, source: str) -> str:
    """The title, in the spelling that the page shows where one of its sources agrees with that."""
    stated = []
    for place in SOURCES["title"]:
        for words in _words(page, "title", place):
            title = clean_words(words, MAX_TITLE)
            stated.append(title if place == "h1" else _without_site(title, source))
        if place == "title" and any(stated):
            break
    shown = clean_words(page.h1, MAX_TITLE)
    keys = [key_of(title) for title in stated if title != shown]
    if shown and key_of(shown) in keys:
        return shown
    return next(filter(None, stated), "")


def _without_site(title: str, source: str) -> str:
    """A title without the publisher's name behind it: "Ferry aground | The Post" for The Post."""
    for mark in (" | ", " - ", " – ", " — ", " :: ", " · ", " » "):
        before, found, behind = title.rpartition(mark)
        if found and before and key_of(behind).lower() == key_of(source).lower():
            return before.strip()
    return title


def _authors(page: _Page) -> tuple[str, ...]:
    for place in SOURCES["authors"]:
        names = [name for words in _words(page, "authors", place) for name in clean_names(words)]
        if names:
            return tuple(dict.fromkeys(names))[:MAX_AUTHORS]
    return ()


def _url(page: _Page) -> str:
    """The article's address. One that leads to a front page, as a careless template states it, is the last choice."""
    base = web_address(page.given) or next(filter(None, map(web_address, page.metas.get("og:url", ()))), "")
    stated = [web_address(words, base) for place in SOURCES["url"] for words in _words(page, "url", place)]
    addresses = [clean_url(address) for address in stated if address]
    deep = (address for address in addresses if address.split("/", 3)[3:] not in ([], [""]))
    return next(deep, addresses[0] if addresses else "")
