"""What pages state about their article: which source is believed, and what is done to what strangers write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corpus_tool.read.html_tree import parse_page
from corpus_tool.read.metadata import SOURCES, PageMetadata, page_metadata
from corpus_tool.read.metadata_values import (
    clean_date,
    clean_language,
    clean_license,
    clean_names,
    clean_words,
    date_in_url,
)


def meta_of(head: str = "", body: str = "", lang: str = "", given: str = "") -> PageMetadata:
    page = f"<!DOCTYPE html><html{lang}><head>{head}</head><body><article>{body}<p>Text.</p></article></body></html>"
    return page_metadata(parse_page(page, "page.html"), given=given)


def jsonld(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Ferry aground off Skagen",
    "datePublished": "2021-03-04T21:30:00+01:00",
    "author": [{"@type": "Person", "name": "Ida Holm"}, {"@type": "Person", "name": "Ole Lund"}],
    "publisher": {"@type": "NewsMediaOrganization", "name": "The Post"},
    "inLanguage": "en-GB",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://example.org/ferry?utm_source=feed",
}
EXPECTED = PageMetadata(
    title="Ferry aground off Skagen",
    authors=("Ida Holm", "Ole Lund"),
    published="2021-03-04T21:30:00+01:00",
    source="The Post",
    url="https://example.org/ferry",
    language="en-GB",
    license="CC-BY-4.0",
)


@pytest.mark.parametrize(
    "script",
    [
        jsonld(ARTICLE),
        jsonld([{"@type": "WebSite", "name": "Elsewhere"}, ARTICLE]),
        jsonld({"@context": "https://schema.org", "@graph": [{"@type": "Organization", "name": "X"}, ARTICLE]}),
        jsonld({"@type": "WebPage", "name": "The whole page", "mainEntity": ARTICLE}),
        jsonld({**ARTICLE, "@type": ["Article", "https://schema.org/NewsArticle"]}),
        jsonld({"@type": "BreadcrumbList"}) + jsonld(ARTICLE) + jsonld({**ARTICLE, "headline": "Another story"}),
        jsonld({**ARTICLE, "headline": "Another story"}) + jsonld(ARTICLE),
        jsonld(ARTICLE).replace("ld+json", "LD+JSON; charset=utf-8"),
        jsonld(ARTICLE).replace("}</script>", ",}</script>"),
        jsonld(ARTICLE).replace('"headline"', '"articleBody": "one\ntwo\tthree", "headline"'),
        jsonld(ARTICLE).replace("{", "//<![CDATA[\n{", 1).replace("</script>", "\n//]]></script>"),
        '<script type="application/ld+json">not json {</script>' + jsonld(ARTICLE),
        jsonld(
            {
                "@graph": [
                    {"@type": "Person", "@id": "#i", "name": "Ida Holm"},
                    {"@type": "Person", "@id": "#o", "name": "Ole Lund"},
                    {"@type": "Organization", "@id": "#p", "name": "The Post"},
                    {**ARTICLE, "author": [{"@id": "#i"}, {"@id": "#o"}], "publisher": {"@id": "#p"}},
                ]
            }
        ),
    ],
    ids=["plain", "list", "graph", "nested", "types", "several", "related first", "media type", "last comma",
         "line breaks", "CDATA", "one broken", "references"],
)  # fmt: skip
def test_json_ld_is_read_however_it_is_written(script: str) -> None:
    assert meta_of(script, "<h1>Ferry aground off Skagen</h1>") == EXPECTED


def test_what_can_be_read_of_broken_json_ld_is_read() -> None:
    script = jsonld(ARTICLE).replace('"publisher"', '"oops" "publisher"')
    found = meta_of(script)
    assert (found.title, found.published) == (EXPECTED.title, EXPECTED.published)


def test_json_ld_in_a_page_of_another_kind_says_nothing_of_the_article() -> None:
    script = jsonld({"@type": "WebSite", "name": "The Post", "datePublished": "1999-01-01"})
    assert meta_of(script, "<h1>Ferry</h1>").published == ""


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (
            '<meta property="og:title" content="Ferry | The Post"><meta property="og:site_name" content="The Post">',
            "title",
            "Ferry",
        ),
        ("<title>Ferry – and more</title>", "title", "Ferry – and more"),
        ('<meta name="twitter:title" content="Ferry &amp; crew">', "title", "Ferry & crew"),
        ('<meta name="DC.title" content="Ferry">', "title", "Ferry"),
        ('<meta property="article:published_time" content="2021-03-04T21:30Z">', "published", "2021-03-04T21:30Z"),
        ('<meta name="DC.date.issued" content="2021-03-04">', "published", "2021-03-04"),
        ('<meta itemprop="datePublished" content="20210304">', "published", "2021-03-04"),
        ('<meta name="author" content="By Ida Holm">', "authors", ("Ida Holm",)),
        (
            '<meta property="article:author" content="https://example.org/i"><meta name="author" content="Ida Holm">',
            "authors",
            ("Ida Holm",),
        ),
        ('<link rel="canonical" href="https://example.org/ferry?fbclid=1">', "url", "https://example.org/ferry"),
        (
            '<link rel="canonical" href="https://example.org/"><meta name="og:url" content="https://example.org/ferry">',
            "url",
            "https://example.org/ferry",
        ),
        ('<link rel="canonical" href="javascript:alert(1)">', "url", ""),
        ('<meta http-equiv="Content-Language" content="da, en">', "language", "da"),
        ('<meta property="og:locale" content="da_DK">', "language", "da-DK"),
        ('<link rel="license" href="https://creativecommons.org/publicdomain/zero/1.0/">', "license", "CC0-1.0"),
    ],
)  # fmt: skip
def test_other_sources_are_read(head: str, field: str, value: object) -> None:
    assert getattr(meta_of(head), field) == value


def test_json_ld_outranks_open_graph_and_the_page_outranks_a_spelling() -> None:
    head = jsonld({**ARTICLE, "headline": "Ferry 'aground' off Skagen"}) + (
        '<meta property="og:title" content="You will not believe this ferry">'
        '<meta property="article:published_time" content="1999-01-01"><meta name="author" content="Somebody Else">'
    )
    found = meta_of(head, "<h1>Ferry ‘aground’ off Skagen</h1>")
    assert found == PageMetadata(
        **{**{f: getattr(EXPECTED, f) for f in SOURCES}, "title": "Ferry ‘aground’ off Skagen"}
    )


def test_the_address_that_a_page_was_fetched_from_is_the_last_choice_and_the_base() -> None:
    assert (
        meta_of(given="https://example.org/2021/03/04/ferry?utm_source=x").url == "https://example.org/2021/03/04/ferry"
    )
    assert meta_of(given="https://example.org/2021/mar/04/ferry").published == "2021-03-04"
    found = meta_of('<link rel="canonical" href="/ferry">', given="https://example.org/amp/ferry")
    assert found.url == "https://example.org/ferry"


def test_a_time_element_dates_the_article_and_one_of_a_change_does_not() -> None:
    body = '<time class="updated" datetime="2022-01-01">x</time><time datetime="2021-03-04T09:00">4 March</time>'
    assert meta_of(body=body).published == "2021-03-04T09:00"


def test_hostile_metadata_is_bounded_and_cleaned() -> None:
    hostile = {
        **ARTICLE,
        "headline": "x" * 500_000,
        "datePublished": "9999-99-99",
        "author": [{"name": f"A{i} Holm"} for i in range(5_000)],
        "publisher": {"name": {"name": {"name": ["<b>The</b>\u202e\x07 Post" * 2]}}},
        "inLanguage": {"name": "en'; DROP TABLE"},
        "license": ["y" * 100_000],
        "url": "https://example.org/" + "z" * 100_000,
    }
    found = meta_of(
        jsonld(hostile) + '<meta property="og:title" content="Ferry &lt;script&gt;alert(1)&lt;/script&gt; aground">'
    )
    assert found.title == "Ferry alert(1) aground"
    assert len(found.authors) == 50
    assert found.source == "The Post The Post"
    assert (found.published, found.language, found.license, found.url) == ("", "", "", "")


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("2019-11-18", "2019-11-18"),
        ("2019-11", "2019-11"),
        ("2019-11-18T20:11:06+0000", "2019-11-18T20:11:06+00:00"),
        ("2019-11-18T20:11:06.123Z", "2019-11-18T20:11:06.123Z"),
        ("2019-11-18 20:11", "2019-11-18T20:11"),
        ("2019-11-18T20:11:06", "2019-11-18T20:11:06"),
        ("2019-11-18T20:11:06+99:00", "2019-11-18T20:11:06"),
        ("2019-11-18T29:11:06Z", "2019-11-18"),
        ("20191118", "2019-11-18"),
        ("2019/11/8", "2019-11-08"),
        ("Mon, 18 Nov 2019 20:11:06 GMT", "2019-11-18T20:11:06+00:00"),
        ("November 18th, 2019", "2019-11-18"),
        ("18 Nov. 2019", "2019-11-18"),
        ("Mon 6:45 PM, Nov 18, 2019", "2019-11-18"),
        ("Updated November 18, 2019", ""),
        ("1 May 2019 and 2 May 2019", ""),
        ("2019-02-30", ""),
        ("0001-01-01", ""),
        ("9999-12-31", ""),
        ("yesterday", ""),
        ("3 hours ago", ""),
        ("2019", ""),
        ("1574107866", ""),
        ("٢٠١٩-١١-١٨", ""),
        ("", ""),
    ],
)
def test_a_date_is_iso_8601_as_it_is_stated(words: str, date: str) -> None:
    assert clean_date(words) == date


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Ida Holm", ["Ida Holm"]),
        ("By Ida Holm and Ole Lund", ["Ida Holm", "Ole Lund"]),
        ("Ida Holm, Ole Lund & Zoë O’Neill-Mäkinen", ["Ida Holm", "Ole Lund", "Zoë O’Neill-Mäkinen"]),
        ("Ida Holm, Political Editor", ["Ida Holm"]),
        ("Ida Holm, MSc", ["Ida Holm, MSc"]),
        ("Ida Holm; Lund, Ole", ["Ida Holm", "Lund, Ole"]),
        ("Reuters", ["Reuters"]),
        ("王小明", ["王小明"]),
        ("admin", []),
        ("https://example.org/ida", []),
        ("ida@example.org", []),
        ("<a href='/x'>Ida Holm</a>", ["Ida Holm"]),
    ],
)
def test_a_byline_is_its_people(words: str, names: list[str]) -> None:
    assert clean_names(words) == names


def test_words_are_cleaned() -> None:
    assert clean_words(" A\u00a0ferry\r\n\u202e<b>runs</b> &amp;amp; rests 👩‍🚒 ", 100) == "A ferry runs & rests 👩‍🚒"
    assert clean_words("5 < 7 and 8 > 3", 100) == "5 < 7 and 8 > 3"
    assert clean_words("x" * 101, 100) == ""


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("en_US", "en-US"),
        ("EN", "en"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("und", ""),
        ("english", ""),
        ("<en>", ""),
        ("", ""),
    ],
)
def test_a_language_is_a_tag(words: str, tag: str) -> None:
    assert clean_language(words) == tag


@pytest.mark.parametrize(
    ("words", "license_"),
    [
        ("https://creativecommons.org/licenses/by-nc-sa/3.0/de/", "CC-BY-NC-SA-3.0"),
        ("//creativecommons.org/publicdomain/mark/1.0", "CC-PDM-1.0"),
        ("https://example.org/terms", "https://example.org/terms"),
        ("All rights reserved", "All rights reserved"),
    ],
)
def test_a_licence_of_creative_commons_gets_its_identifier(words: str, license_: str) -> None:
    assert clean_license(words) == license_


def test_a_day_in_an_address() -> None:
    assert date_in_url("https://example.org/2019/nov/18/x") == "2019-11-18"
    assert date_in_url("https://example.org/2019/99/18/x") == ""
    assert date_in_url("https://example.org/ship-2019-11-180") == ""
