"""Web pages: the article's words as the page has them, each block with its kind, and nothing of the page around it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles

Read = Callable[..., Document]

#: Enough prose for the extractor to see an article.
PROSE = (
    "<p>The ferry ran aground on Friday evening near the cape, and its passengers spent the whole night on deck.</p>"
    "<p>The captain said that a sandbank had moved since the last chart was drawn, and that nobody was to blame.</p>"
    "<p>Tugs pulled the ship free at seven in the morning, when the tide came in; it went on to port by itself.</p>"
)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a page: the body of its article, and what stands around it."""

    def made(body: str, *, head: str = "", around: str = "%s", encoding: str = "utf-8") -> Document:
        head = f"<title>Ferry aground</title>{head}"
        page = f'<!DOCTYPE html><html lang="en-GB"><head>{head}</head><body>{around}</body></html>'
        path = tmp_path / "page.html"
        path.write_bytes(page.replace("%s", f"<article>{body}</article>").encode(encoding))
        (article,) = read_articles(path, ReadOptions())
        assert isinstance(article, Document), article
        return article

    return made


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def kind_of(document: Document, words: str) -> str:
    (kind,) = [kind for kind, text in blocks(document) if words in text]
    return kind


def test_no_break_spaces_and_decomposed_letters_stay_as_the_page_has_them(read: Read) -> None:
    words = "Zoe\u0308 Ma\u0308kinen paid 40\u00a0000\u202fkr for a cafe\u0301 in\u00a0Kemi 👩‍🚒, she said on Monday."
    document = read(f"<h1>Ferry aground</h1>{PROSE}<p>{words}</p>")
    assert words in document.text
    assert blocks(document)[-1] == ("paragraph", words)


def test_entities_and_inline_tags_become_the_words_they_show(read: Read) -> None:
    document = read(
        f"<h1>Ferry</h1>{PROSE}<p>Tug&nbsp;&amp;&nbsp;Tow:\n  <q>It <em>was</em>\tus</q> &mdash; &#x1F600; once.</p>"
    )
    assert "Tug\u00a0&\u00a0Tow: “It was us” — 😀 once." in document.text


def test_words_beside_a_list_or_a_quotation_inside_them_are_kept(read: Read) -> None:
    document = read(
        f"<h1>Ferry</h1>{PROSE}<p>She said <q>he shouted <q>no</q> twice</q> and left before the tugs came.</p>"
        "<ul><li>Two ships were sent:<ul><li>the tug Ida, of Skagen</li><li>the tug Ole, of Skive</li></ul></li></ul>"
        "<p>Both were back in their harbours by noon, and the crews were given breakfast by the company.</p>"
    )
    texts = [text for _, text in blocks(document)]
    assert "She said “he shouted ‘no’ twice” and left before the tugs came." in texts
    start = texts.index("Two ships were sent:")
    assert texts[start + 1 : start + 3] == ["the tug Ida, of Skagen", "the tug Ole, of Skive"]


def test_every_part_of_the_article_has_its_kind_in_the_order_of_the_page(read: Read) -> None:
    document = read(
        "<header><h1>Ferry aground off Skagen</h1><p class='standfirst'>Nobody was hurt, the company says.</p>"
        "<p class='byline'>Ida Holm</p><time datetime='2021-03-04'>4 March 2021</time></header>"
        "<figure><img src='f.jpg'><figcaption>At dawn <span class='credit'>Photo: Ole Lund</span></figcaption>"
        f"</figure>{PROSE}<h2>What comes next</h2><p>READ MORE: The ship that went nowhere</p>"
        "<p>Divers will look at the hull this week, and the line will run with another ship until they are done.</p>"
    )
    assert [kind for kind, _ in blocks(document)] == [
        "title", "deck", "byline", "dateline", "caption", "credit",
        "paragraph", "paragraph", "paragraph", "heading", "promo", "paragraph",
    ]  # fmt: skip
    assert kind_of(document, "At dawn") == "caption"
    assert kind_of(document, "Ole Lund") == "credit"


def test_a_promo_box_is_a_promo_by_its_class(read: Read) -> None:
    document = read(f"<h1>Ferry</h1>{PROSE}<p class='related-link'>The cape that eats ships</p><p>The company flew the "
                    "passengers home on Saturday, and gave each of them a voucher for another trip.</p>")  # fmt: skip
    assert kind_of(document, "The cape that eats ships") == "promo"


def test_menus_asides_footers_scripts_and_forms_are_left_out(read: Read) -> None:
    document = read(
        f"<h1>Ferry</h1>{PROSE}<aside><h2>ASIDE</h2><p>ASIDE Buy a boat today, they are cheap.</p></aside>"
        "<script>var s = 'SCRIPT';</script><style>.x { content: 'STYLE' }</style>"
        "<form><p>FORM Give us your address, please, and we will write to you.</p></form>",
        around="<nav><ul><li>NAV Home</li><li>NAV Sport</li></ul></nav>%s"
        "<footer><p>FOOTER All rights reserved by the publisher of this page.</p></footer>",
    )
    for word in ("NAV", "ASIDE", "FOOTER", "SCRIPT", "STYLE", "FORM"):
        assert word not in document.text


def test_blocks_are_apart_by_a_blank_line_and_cover_the_text(read: Read) -> None:
    document = read(f"<h1>Ferry</h1>{PROSE}")
    assert document.text == "\n\n".join(text for _, text in blocks(document)) + "\n"
    assert all(left.end + 2 == right.start for left, right in pairwise(document.blocks))


def test_the_pages_metadata_is_recorded(read: Read) -> None:
    meta = read(
        f"<h1>Ferry aground off Skagen</h1>{PROSE}",
        head='<meta property="og:site_name" content="The Post"><meta name="author" content="Ida Holm">'
        '<link rel="canonical" href="https://example.org/ferry">'
        '<meta property="article:published_time" content="2021-03-04">',
    ).meta
    assert (meta.title, meta.language, meta.source) == ("Ferry aground off Skagen", "en-GB", "The Post")
    assert (meta.url, meta.published, meta.authors) == ("https://example.org/ferry", "2021-03-04", ("Ida Holm",))
    assert meta.article is not None
    assert (meta.article.media_type, meta.article.path) == ("text/html", "page.html")


def test_a_page_says_its_own_encoding(read: Read) -> None:
    document = read(f"<h1>Fähre</h1>{PROSE}<p>Zoë, “Kapitän” – so said the harbour office on the next morning.</p>",
                    head='<meta charset="windows-1252">', encoding="windows-1252")  # fmt: skip
    assert "Zoë, “Kapitän” –" in document.text
    assert document.meta.article is not None
    assert document.meta.article.encoding == "windows-1252"


def test_a_stray_nul_is_dropped_as_browsers_do(read: Read) -> None:
    assert "\0" not in read(f"<h1>Fer\0ry</h1>{PROSE}").text


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "article-empty"),
        (b" \n", "article-empty"),
        (b"<html><body></body></html>", "article-without-text"),
        (b"<html><body><nav>Home</nav></body></html>", "article-without-text"),
        (b"<div>" * 20_000, "article-without-text"),
        (b"<html><p>caf\xe9</p></html>", "article-not-utf-8"),
        (b'<meta charset="klingon"><p>x</p>', "article-not-utf-8"),
        (b'<meta charset="undefined"><p>x</p>', "article-not-utf-8"),
        (b'<meta charset="utf-7"><p>+2AA-</p>', "article-binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "article-not-utf-8"),
    ],
    ids=[
        "nothing",
        "blanks",
        "no body",
        "menu alone",
        "deep",
        "latin-1",
        "charset 1",
        "charset 2",
        "charset 3",
        "picture",
    ],
)
def test_a_page_without_an_article_is_told(data: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.htm"
    path.write_bytes(data)
    (error,) = read_articles(path, ReadOptions())
    assert isinstance(error, ReadError)
    assert error.diagnostic.name == name
