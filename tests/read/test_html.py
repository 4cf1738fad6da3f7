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


def test_line_breaks_end_items_and_sentences_and_join_broken_lines(read: Read) -> None:
    document = read(
        f"<h1>Ferry<br>aground</h1>{PROSE}"
        "<p>The ferry sails again on these days:<br>4 March, Skagen<br>5 March, Skive</p>"
        "<p>The company says that it<br>will pay for the night.<br/>"
        "Nobody has asked it to, said the harbour office.</p>"
    )
    texts = [text for _, text in blocks(document)]
    assert texts[0] == "Ferry aground"
    assert texts[-5:] == [
        "The ferry sails again on these days:",
        "4 March, Skagen",
        "5 March, Skive",
        "The company says that it will pay for the night.",
        "Nobody has asked it to, said the harbour office.",
    ]


def test_a_row_of_a_table_is_a_line(read: Read) -> None:
    rows = "<tr><th>Port</th><th>Ships</th></tr><tr><td>Skagen</td><td>1\u00a0204</td></tr>"
    document = read(f"<h1>Ferry</h1>{PROSE}<table>{rows}</table><p>The figures are those of the harbour offices.</p>")
    assert ("paragraph", "Skagen\t1\u00a0204") in blocks(document)


def test_a_post_quoted_in_an_article_stays_in_its_place(read: Read) -> None:
    post = (
        "<blockquote class='twitter-tweet'><p>We spent the night on deck 🌊 and it was cold</p>— Rosa Lind (@rosa) "
        "<a href='https://social.example.org/1'>4 March 2021</a></blockquote>"
    )
    document = read(
        f"<h1>Ferry</h1>{PROSE}<div class='social-media-embed'>{post}</div>{PROSE.replace('ferry', 'ship')}"
    )
    texts = [text for _, text in blocks(document)]
    at = texts.index("We spent the night on deck 🌊 and it was cold")
    assert texts[at + 1] == "— Rosa Lind (@rosa) 4 March 2021"
    assert texts[at - 1].startswith("Tugs pulled")


def test_what_a_browser_hides_is_left_out(read: Read) -> None:
    document = read(
        f"<h1>Ferry</h1>{PROSE}<p>The captain, <span class='sr-only'>HIDDEN1</span>Ole Lund<span style='display:none'>"
        "HIDDEN2</span>, was asked about the chart<span hidden>HIDDEN3</span> by the police for three hours.</p>"
    )
    assert "HIDDEN" not in document.text
    assert "The captain, Ole Lund, was asked about the chart by the police for three hours." in document.text


def test_a_page_that_a_script_would_show_is_read(read: Read) -> None:
    document = read(f"<h1>Ferry</h1>{PROSE}", around="<div style='display: none'>%s</div>")
    assert "Tugs pulled the ship free" in document.text


def test_link_lists_newsletters_and_last_headings_are_not_the_body(read: Read) -> None:
    links = "".join(f"<li><a href='/{i}'>Another story about ship number {i}</a></li>" for i in range(3))
    document = read(
        f"<h1>Ferry aground</h1><h2>Ferry aground</h2>{PROSE}<ul>{links}</ul>{PROSE.replace('ferry', 'ship')}"
        "<div class='newsletter-box'><p>Get our morning letter with the best of the night, six days a week.</p></div>"
        "<h3>More from the coast</h3>"
    )
    body = [text for kind, text in blocks(document) if kind in {"deck", "heading", "paragraph"}]
    assert len(body) == 6
    assert [text for _, text in blocks(document)].count("Ferry aground") == 1


def test_a_short_article_is_read(read: Read) -> None:
    document = read("<h1>Ferry aground</h1><p>The ferry Ida ran aground off Skagen. Nobody was hurt.</p>")
    assert blocks(document) == [
        ("title", "Ferry aground"),
        ("paragraph", "The ferry Ida ran aground off Skagen. Nobody was hurt."),
    ]


def test_a_page_without_a_body_tag_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<!DOCTYPE html><title>Ferry</title><nav>Home</nav><article><h1>Ferry</h1>{PROSE}</article>")
    (document,) = read_articles(path, ReadOptions())
    assert isinstance(document, Document)
    assert [kind for kind, _ in blocks(document)] == ["title", "paragraph", "paragraph", "paragraph"]


def test_a_line_that_only_leads_elsewhere_is_a_promo(read: Read) -> None:
    document = read(f"<h1>Ferry</h1>{PROSE}<p><a href='/x'>Ships of old</a></p>{PROSE.replace('ferry', 'ship')}")
    assert kind_of(document, "Ships of old") == "promo"


def test_right_to_left_and_unspaced_scripts_are_read(read: Read) -> None:
    arabic = "قال القبطان إن الرمال تحركت منذ رسم الخريطة الأخيرة، ولم يصب أحد بأذى في الحادث الذي وقع مساء الجمعة."
    chinese = "渡轮于星期五晚上在海角附近搁浅，船上乘客在甲板上度过了整整一夜，没有人受伤，公司星期六表示歉意。"
    document = read(f"<h1>Ferry</h1>{PROSE}<p>{arabic}</p><p>{chinese}</p>")
    assert [text for _, text in blocks(document)][-2:] == [arabic, chinese]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "article-empty"),
        (b" \n", "article-empty"),
        (b"<html><body></body></html>", "article-without-text"),
        (b"<html><body><nav>Home</nav></body></html>", "article-without-text"),
        (b"<div>" * 20_000, "article-too-large"),
        (b'<meta charset="klingon"><p></p>', "article-without-text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", "article-binary"),
    ],
    ids=["nothing", "blanks", "no body", "menu alone", "deep", "no such charset", "picture"],
)
def test_a_page_without_an_article_is_told(data: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.htm"
    path.write_bytes(data)
    *_, error = read_articles(path, ReadOptions())
    assert isinstance(error, ReadError)
    assert error.diagnostic.name == name
