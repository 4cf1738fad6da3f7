"""Feeds: RSS 2.0, RSS 1.0 and Atom, an article an entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<?xml-stylesheet href="x.css"?><!-- a feed -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:m="urn:media"><channel>
<title>The Pøst</title><atom:link href="https://example.org/feed" rel="self"/><language>en-GB</language>
<item><title>Fire &amp;amp; flood</title><link> https://example.org/a </link><guid isPermaLink="false">tag:x,1</guid>
<pubDate>Mon, 18 Nov 2019 20:11:06 +0100</pubDate><dc:creator>Ida Holm</dc:creator><dc:creator>王伟</dc:creator>
<description>A summary.</description><m:title>Other</m:title>
<content:encoded><![CDATA[<p>First “part” of&nbsp;it.</p><h2>Then</h2>
<figure><figcaption>The port</figcaption></figure><p>Second <b>part</b>.</p>
<script>alert(1)</script>]]></content:encoded></item>
<item><title>Two</title><guid>https://example.org/b</guid><author>bo@example.org (Bo Lee)</author>
<description>&lt;p&gt;Zoë was here.&lt;/p&gt;</description></item>
<item><title>No words</title></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Blatt</title>
<author><name>Die Redaktion</name></author>
<entry><id>urn:x:1</id><title type="html">Tit &amp;amp; el</title><link href="https://example.org/1"/>
<link rel="enclosure" href="https://example.org/1.mp3"/><published>2020-01-02T03:04:05Z</published>
<updated>2020-02-02T03:04:05Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins.</p><p>Zwei <b>fett</b>.</p></div></content>
<summary>Kurz.</summary></entry>
<entry xml:lang="fr"><id>urn:x:2</id><title>A &lt; b</title><author><name>Zoé</name></author>
<updated>2020-02-03</updated><content>Plain 1 &lt; 2 &amp; 3.

Second paragraph.</content></entry>
<entry><id>urn:x:3</id><title>C</title><content type="html">&lt;p&gt;Drei.&lt;/p&gt;</content></entry></feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>RDF Post</title></channel>
<item rdf:about="https://example.org/r1"><title>R1</title><link>https://example.org/r1</link>
<dc:date>2004-05-06T07:08:09+01:00</dc:date><description>Words of it.</description></item></rdf:RDF>"""


def read(path: Path, data: str | bytes) -> tuple[list[Document], list[Diagnostic]]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    found = list(read_articles(path, ReadOptions(encoding="auto")))
    told = [x.diagnostic if isinstance(x, ReadError) else x for x in found if not isinstance(x, Document)]
    return [x for x in found if isinstance(x, Document)], told


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-15"])
def test_an_entry_of_rss_becomes_a_document(encoding: str, tmp_path: Path) -> None:
    data = RSS.format(encoding=encoding).encode(encoding, "xmlcharrefreplace")
    data = data.replace(b"&#8220;", "“".encode(encoding, "replace")).replace(
        b"&#8221;", "”".encode(encoding, "replace")
    )
    (one, two), told = read(tmp_path / "feed.rss", data)
    part = "“part”" if encoding == "utf-8" else "?part?"  # a CDATA section has no references
    assert one.text == f"Fire & flood\n\nFirst {part} of\u00a0it.\n\nThen\n\nThe port\n\nSecond part.\n"
    assert [block.kind for block in one.blocks] == ["title", "paragraph", "heading", "caption", "paragraph"]
    meta = one.meta
    assert (one.id, meta.source_id, meta.url) == ("tag-x-1", "tag:x,1", "https://example.org/a")
    assert (meta.title, meta.published) == ("Fire & flood", "2019-11-18T20:11:06+01:00")
    assert (meta.language, meta.source) == ("en-GB", "The Pøst")
    assert meta.article is not None
    assert (meta.article.media_type, meta.article.encoding) == ("application/rss+xml", encoding)
    assert (two.id, two.meta.url, two.meta.authors) == ("example-org-b", "https://example.org/b", ("Bo Lee",))
    assert two.text == "Two\n\nZoë was here.\n"
    assert [(d.name, d.severity) for d in told] == [("records-left-out", "info"), ("feed-entry-short", "info")]
    assert "1 of 3 entries" in told[0].message


def test_an_entry_of_atom_becomes_a_document(tmp_path: Path) -> None:
    (one, two, three), told = read(tmp_path / "feed.atom", ATOM)
    assert told == []
    assert one.text == "Tit & el\n\nEins.\n\nZwei fett.\n"
    assert (one.meta.url, one.meta.published) == ("https://example.org/1", "2020-01-02T03:04:05Z")
    assert (one.meta.language, one.meta.source, one.meta.authors) == ("de", "Blatt", ("Die Redaktion",))
    assert one.meta.extra == {"updated": "2020-02-02T03:04:05Z"}
    assert two.text == "A < b\n\nPlain 1 < 2 & 3.\n\nSecond paragraph.\n"
    assert (two.meta.language, two.meta.authors, two.meta.published) == ("fr", ("Zoé",), "2020-02-03")
    assert three.text == "C\n\nDrei.\n"
    assert [d.meta.source_id for d in (one, two, three)] == ["urn:x:1", "urn:x:2", "urn:x:3"]


def test_an_item_of_rss_1_becomes_a_document(tmp_path: Path) -> None:
    [one], _ = read(tmp_path / "feed.rdf", RDF)
    assert (one.id, one.meta.source_id) == ("example-org-r1", "https://example.org/r1")
    assert (one.text, one.meta.source) == ("R1\n\nWords of it.\n", "RDF Post")
    assert one.meta.published == "2004-05-06T07:08:09+01:00"


def test_an_entry_keeps_its_sum_when_the_feed_moves_on(tmp_path: Path) -> None:
    before, _ = read(tmp_path / "feed.atom", ATOM)
    entry = "<entry><id>urn:x:0</id><title>New</title><content>New words.</content></entry>"
    after, _ = read(tmp_path / "feed.atom", ATOM.replace("<entry>", f"{entry}\n<entry>", 1))
    sums = [[d.meta.article.sha256 if d.meta.article else None for d in found] for found in (before, after)]
    assert sums[0] == sums[1][1:]


@pytest.mark.parametrize(
    ("data", "name", "line", "read_before"),
    [
        (RSS.format(encoding="utf-8").replace("<title>Two", "<title>Two & a half"), "feed-invalid", 12, 1),
        (RSS.format(encoding="utf-8")[:-40], "feed-invalid", 14, 2),
        ("<urlset><url/></urlset>", "feed-invalid", 1, 0),
        ("", "feed-invalid", 1, 0),
        ("no xml", "feed-invalid", 1, 0),
    ],
)
def test_a_feed_that_is_broken_is_told_by_its_line_and_what_stands_before_is_read(
    data: str, name: str, line: int, read_before: int, tmp_path: Path
) -> None:
    made, told = read(tmp_path / "feed.xml", data)
    assert len(made) == read_before
    found = [d for d in told if d.severity == "error"]
    assert [(d.name, d.line) for d in found] == [(name, line)]


def test_two_entries_of_one_id_are_told(tmp_path: Path) -> None:
    made, told = read(tmp_path / "feed.atom", ATOM.replace("urn:x:2", "urn:x:1"))
    assert len(made) == 2
    assert told[0].name == "article-id-twice"
    assert told[0].message == "entry 2: entry 1 has the id 'urn:x:1' too"
