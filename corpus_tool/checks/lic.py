"""LIC1xx and LIC2xx: the licence of an article, and what its metadata says of where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from corpus_tool.checks.check import Check, Needs, Subject, document_of, escape, quoted
from corpus_tool.checks.lic_languages import fault_of_tag
from corpus_tool.checks.lic_names import PLACEHOLDERS, lacks_version, looks_like_an_id, meant_license, spdx_expression
from corpus_tool.checks.lic_terms import TERMS
from corpus_tool.diagnostics import Edit, Finding, Severity
from corpus_tool.model.document import Meta

#: The oldest newspaper that is known, Carolus' Relation of Strasbourg, began in this year.
_FIRST_NEWSPAPER = 1605

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"(?:Z|[+-](?P<ahead>\d\d):?(?P<ahead_minutes>\d\d))?)?)?)?"
)
_DATE_IN_ADDRESS = re.compile(r"/(?P<year>(?:19|20)\d\d)([/-])(?P<month>\d\d)(?:\2(?P<day>\d\d))?(?=[/-])")
_ADDRESS = re.compile(
    r"https?://(?:[^\s/?#@]{0,255}@)?(?P<host>\[[0-9a-f:.]{2,45}\]|[^\s/?#@:\[\]]{1,255})(?::(?P<port>\d{0,8}))?"
    r"(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))*\.?")
_NO_NAME = re.compile(r"(?:https?://|www\.)\S+|by(?:\s|:)\s*(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)

#: Licences of texts and data, which somebody who misspells one may have meant.
_NEAR = {name.lower(): name for name in TERMS}

#: Keys of ``meta`` that hold one string.
_STRINGS = ("title", "source", "url", "license", "source_id")

#: How many days apart the date of an article and the one in its address may be: it may have been updated.
_UPDATED_WITHIN = 31


def license_unknown(subject: Subject) -> Iterator[Finding]:
    """The licence of the article is written like an identifier and is none, or says nothing.

    Why it matters: nobody can tell what may be done with the text, and a program that filters by licence drops it, or
    worse, keeps it. Whole sentences about rights ("© Strait Post, all rights reserved") are no finding.

    Bad: ``"license": "CC-BY"`` (which version?), ``"CCBY-4"``, ``"unknown"``

    Good: ``"license": "CC-BY-4.0"``; no ``license`` where ``article_license`` in corpus.yaml says it for all.
    """
    words = document_of(subject).meta.license
    if words is None or not words.strip() or spdx_expression(words):
        return
    pointer = "/meta/license"
    if words.strip().lower() in PLACEHOLDERS:
        hint = "write what is known, or leave the key out"
        yield Finding(f"the licence {quoted(words)} says nothing", pointer, hint)
    elif meant_license(words):
        return
    elif lacks_version(words):
        yield Finding(f"the licence {quoted(words)} lacks its version", pointer, 'write it whole, as "CC-BY-4.0"')
    elif looks_like_an_id(words):
        near = get_close_matches(words.strip().lower()[:60], _NEAR, 1, 0.7)
        hint = f'did you mean "{_NEAR[near[0]]}"?' if near else "an SPDX identifier, LicenseRef-… for another, or words"
        yield Finding(f"the licence {quoted(words)} is not an SPDX identifier", pointer, hint)


def license_spelling(subject: Subject) -> Iterator[Finding]:
    """The licence is known under an SPDX identifier and written otherwise.

    Why it matters: two spellings of one licence are counted and filtered as two.

    Bad: ``"license": "cc-by-4.0"``, ``"CC BY 4.0"``, ``"https://creativecommons.org/licenses/by/4.0/"``

    Good: ``"license": "CC-BY-4.0"``
    """
    words = document_of(subject).meta.license
    if words is None:
        return
    own = spdx_expression(words) or meant_license(words)
    if own and own != words:
        fix = (Edit("/meta/license", own),)
        yield Finding(f"the licence {quoted(words)} is {own} in SPDX", "/meta/license", f'write "{own}"', fix=fix)


def blank_metadata(subject: Subject) -> Iterator[Finding]:
    """A key of the metadata holds an empty string, or white space.

    Why it matters: it looks as if the title, source or author were known; filters for what is missing pass it by.

    Bad: ``"meta": {"source": ""}``, ``"authors": [""]``

    Good: the key left out.
    """
    meta = document_of(subject).meta
    for key in _STRINGS:
        value = getattr(meta, key)
        if value is not None and not value.strip():
            yield _blank(key, f"/meta/{key}")
    blank = [number for number, author in enumerate(meta.authors) if not author.strip()]
    if blank and len(blank) == len(meta.authors):
        yield _blank("every author", "/meta/authors")
    else:
        for number in blank:
            yield _blank(f"author {number}", f"/meta/authors/{number}")
    for key, extra in meta.extra.items():
        if isinstance(extra, str) and not extra.strip():
            yield _blank(f"{quoted(key)} of extra", f"/meta/extra/{escape(key)}")


def _blank(name: str, pointer: str) -> Finding:
    return Finding(f"{name} of meta is empty", pointer, "leave it out", fix=(Edit(pointer, does="remove"),))


def language_unknown(subject: Subject) -> Iterator[Finding]:
    """The language is not a tag of BCP 47: badly formed, or with a code that no language or country has.

    Why it matters: the language decides which rules and which pipeline apply; one that nobody knows applies none.

    Bad: ``"language": "english"``, ``"eng"``, ``"en-UK"``, ``"jp"``

    Good: ``"language": "en"``, ``"en-GB"``, ``"ja"``
    """
    tag = document_of(subject).meta.language
    fault = fault_of_tag(tag) if tag else None
    if fault is not None:
        hint = f'did you mean "{fault.meant}"?' if fault.meant else ""
        fix = (Edit("/meta/language", fault.meant),) if fault.certain else ()
        yield Finding(f"language: {fault.message}", "/meta/language", hint, fix=fix)


def date_impossible(subject: Subject) -> Iterator[Finding]:
    """The date of publication is not in the calendar, or before there were newspapers.

    Why it matters: programs that parse it fail, or move it to another day; a split by time puts the article anywhere.

    Bad: ``"published": "2023-02-29"``, ``"2024-13-01"``, ``"0001-01-01"``

    Good: ``"published": "2024-02-29"``
    """
    published = document_of(subject).meta.published
    wrong = _fault_of_date(published) if published else None
    if wrong:
        yield Finding(f"published {quoted(published or '')}: {wrong}", "/meta/published")


@lru_cache(maxsize=1024)
def _fault_of_date(published: str) -> str | None:
    match = _DATE.fullmatch(published)
    if match is None:
        return "is not a date of ISO 8601"
    part = {key: int(value) for key, value in match.groupdict().items() if value is not None}
    try:
        date(part["year"], part.get("month", 1), part.get("day", 1))
    except ValueError:
        return "is not in the calendar"
    if part["year"] < _FIRST_NEWSPAPER:
        return f"no newspaper is older than {_FIRST_NEWSPAPER}"
    midnight = part.get("hour") == 24 and not part.get("minute") and not part.get("second")
    if (part.get("hour", 0) > 23 and not midnight) or part.get("minute", 0) > 59 or part.get("second", 0) > 60:
        return "there is no such time of day"
    if part.get("ahead", 0) * 60 + part.get("ahead_minutes", 0) > 14 * 60 or part.get("ahead_minutes", 0) > 59:
        return "no place is so many hours from UTC"
    return None


def date_contradicts_url(subject: Subject) -> Iterator[Finding]:
    """The date of publication and the date in the article's address are more than a month apart.

    Why it matters: one of them is wrong; often day and month were exchanged when the page was read.

    Bad: ``"published": "2025-05-11"`` and ``"url": "https://news.example.org/2025/11/05/mayor"``

    Good: ``"published": "2025-11-05"``
    """
    meta = document_of(subject).meta
    if meta.url is None or meta.published is None or len(meta.published) < 10 or _fault_of_date(meta.published):
        return
    match = _DATE_IN_ADDRESS.search(meta.url[:2000])
    if match is None:
        return
    published = date.fromisoformat(meta.published[:10])
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"] or min(published.day, 28))
    try:
        told = date(year, month, day)
    except ValueError:
        return
    if abs((told - published).days) > _UPDATED_WITHIN:
        hint = ""
        if match["day"] and (told.month, told.day) == (published.day, published.month):
            hint = f"day and month are exchanged: {told.isoformat()}?"
        message = f"published is {quoted(meta.published)}, the address says {match[0].strip('/-')}"
        yield Finding(message, "/meta/published", hint)


def url_malformed(subject: Subject) -> Iterator[Finding]:
    """The address of the article is not one of the web.

    Why it matters: nobody finds the article again, and what is built shows a link that leads nowhere.

    Bad: ``"url": "news.example.org/a"``, ``"https://news.example.org/a b"``, ``"file:///tmp/a.html"``

    Good: ``"url": "https://news.example.org/a"``
    """
    url = document_of(subject).meta.url
    if url is None or not url.strip() or _is_address(url):
        return
    hint = "an address begins with https:// or http://, names a host, and has no white space"
    yield Finding(f"url {quoted(url)} is not an address of the web", "/meta/url", hint)


@lru_cache(maxsize=1024)
def _is_address(url: str) -> bool:
    match = _ADDRESS.fullmatch(url)
    if match is None or not url.isprintable() or int(match["port"] or 0) > 65535:
        return False
    host = match["host"]
    return host.startswith("[") or (
        _HOST.fullmatch(host) is not None and ("." in host.strip(".") or host == "localhost")
    )


def author_not_a_name(subject: Subject) -> Iterator[Finding]:
    """An author is an address of the web, has a "By" before the name, or stands there twice.

    Why it matters: one person becomes two when articles are counted by author.

    Bad: ``"authors": ["By Jane Roe"]``, ``["https://news.example.org/staff/jane-roe"]``

    Good: ``"authors": ["Jane Roe"]``
    """
    authors = document_of(subject).meta.authors
    seen: set[str] = set()
    for number, author in enumerate(authors):
        pointer = f"/meta/authors/{number}"
        match = _NO_NAME.fullmatch(author.strip())
        if match is not None and not match["rest"]:
            yield Finding(f"the author {quoted(author)} is an address, not a name", pointer)
        elif match is not None:
            hint = f"write {quoted(match['rest'])}"
            yield Finding(f'the author {quoted(author)} begins with "{author.strip()[:2]}"', pointer, hint)
        elif author.strip() and author in seen:
            fix = (Edit(pointer, does="remove"),)
            yield Finding(f"the author {quoted(author)} stands there twice", pointer, fix=fix)
        seen.add(author)


def strings_of(meta: Meta) -> Iterator[tuple[str, str]]:
    """Every string of the metadata that people write, with its JSON Pointer."""
    for key in _STRINGS:
        value = getattr(meta, key)
        if value:
            yield f"/meta/{key}", value
    for number, author in enumerate(meta.authors):
        yield f"/meta/authors/{number}", author
    for key, extra in meta.extra.items():
        if isinstance(extra, str):
            yield f"/meta/extra/{escape(key)}", extra


CHECKS = (
    Check("LIC101", "license-unknown", Severity.WARNING, Needs.DOCUMENT, license_unknown),
    Check("LIC102", "license-spelling", Severity.INFO, Needs.DOCUMENT, license_spelling, fixable=True),
    Check("LIC103", "blank-metadata", Severity.WARNING, Needs.DOCUMENT, blank_metadata, fixable=True),
    Check("LIC201", "language-unknown", Severity.WARNING, Needs.DOCUMENT, language_unknown, fixable=True),
    Check("LIC202", "date-impossible", Severity.WARNING, Needs.DOCUMENT, date_impossible),
    Check("LIC203", "date-contradicts-url", Severity.INFO, Needs.DOCUMENT, date_contradicts_url),
    Check("LIC204", "url-malformed", Severity.WARNING, Needs.DOCUMENT, url_malformed),
    Check("LIC205", "author-not-a-name", Severity.INFO, Needs.DOCUMENT, author_not_a_name, fixable=True),
)
