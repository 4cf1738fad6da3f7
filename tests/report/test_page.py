"""The page itself: nothing in it runs or asks for anything, words stay words, the same corpus gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections import Counter
from pathlib import Path

from newsroom import HOSTILE, documents, hostile, newsroom
from report_page import Page

from corpus_tool import write_report
from corpus_tool.report.articles import script_json


def digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_lets_our_style_and_our_script_work_and_nothing_else(page: Page) -> None:
    [policy] = page.tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    styles, scripts = page.tree.xpath("//style"), page.tree.xpath("//script[not(@type)]")
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'{digest(styles[0].text)}'",
        "script-src": f"'{digest(scripts[0].text)}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert len(styles) == len(scripts) == 1
    assert set(page.tree.xpath("//script/@type")) == {"application/json"}


def test_nothing_in_it_leads_anywhere_by_itself(page: Page) -> None:
    assert page.tree.xpath("//@src | //@srcset | //@poster | //@action | //@background | //@style | //@data") == []
    assert page.tree.xpath("//@*[starts-with(name(), 'on')]") == []
    assert not {"img", "link", "iframe", "object", "embed", "base", "video"} & {e.tag for e in page.tree.iter()}
    assert {address[0] for address in page.tree.xpath("//a/@href")} == {"#"}
    assert not re.search(r"url\(|@import", page.tree.xpath("//style")[0].text)


def test_hostile_words_are_words_everywhere(page: Page) -> None:
    [body] = [body for body in page.bodies() if body["id"] == "hostile"]
    original = hostile()
    assert body["text"] == original["text"]
    assert body["url"] == ""
    names = {name for head in page.data("heads") if head["id"] == "hostile" for name in head["actors"]}
    assert names == {words for words in HOSTILE if "{" not in words and "\u2028" not in words}
    assert names <= {" ".join(a.text_content().split()) for a in page.tree.xpath("//a[@data-actor]/bdi")}
    assert "window.ran" not in page.tree.xpath("//script[not(@type)]")[0].text


def test_no_data_can_end_its_script_element() -> None:
    for words in HOSTILE:
        assert not re.search(r"[<>&\u2028\u2029]", script_json([words, {words: words}]))
    assert script_json("</script>") == '"\\u003c/script\\u003e"'


def test_ids_are_there_once_and_links_within_the_page_lead_somewhere(page: Page) -> None:
    ids = Counter(page.tree.xpath("//@id"))
    assert {name for name, n in ids.items() if n > 1} == set()
    articles = {f"#article={head['id']}" for head in page.data("heads")}
    assert set(page.tree.xpath("//a/@href")) <= articles | {f"#{name}" for name in ids}
    for references in page.tree.xpath("//@aria-labelledby | //label/@for | //@list"):
        assert set(references.split()) <= ids.keys()


def test_the_browsers_offsets_hold_the_words_of_every_annotation(page: Page) -> None:
    checked = 0
    words = {
        (one["id"], mark["id"]): mark["text"]
        for one in (*documents(40), hostile())
        for marks in one["layers"].values()
        for mark in marks
    }
    for body in page.bodies():
        units = body["text"].encode("utf-16-le")
        for mark in body["marks"]:
            pieces = zip(mark["at"][::2], mark["at"][1::2], strict=True)
            found = " ".join(units[2 * start : 2 * end].decode("utf-16-le") for start, end in pieces)
            assert found == words.pop((body["id"], mark["id"]))
            checked += found != ""
    assert words == {}
    assert checked > 500


def test_the_same_corpus_gives_the_same_bytes_wherever_it_lies(corpus: Path, report: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "copy of it"
    shutil.copytree(corpus, copy)
    out = tmp_path / "report.html"
    write_report(copy, out)
    assert out.read_bytes() == report.read_bytes()
    write_report(copy, out)
    assert out.read_bytes() == report.read_bytes()
    assert not list(copy.glob(".*"))


def test_a_shard_is_read_as_files_are(corpus: Path, tmp_path: Path) -> None:
    shard = newsroom(tmp_path / "shard", sorted([*documents(40), hostile()], key=lambda one: one["id"]), shard=True)
    write_report(shard, tmp_path / "shard.html")
    write_report(corpus, tmp_path / "files.html")
    pages = [Page(tmp_path / name) for name in ("shard.html", "files.html")]
    assert pages[0].bodies() == pages[1].bodies()
    assert pages[0].words("charts") == pages[1].words("charts")


def test_without_the_script_there_is_a_list_and_a_word_about_it(page: Page) -> None:
    shown = [link.text_content() for link in page.tree.xpath("//ol[@id='list']/li/a/span")]
    assert shown == [head["title"].replace("\u0007", " ") for head in page.data("heads")]
    assert "runs no scripts" in page.tree.xpath("//noscript")[0].text_content()
    assert page.tree.xpath("//form[@id='filters']/@hidden")


def test_every_picture_has_a_title_a_description_and_a_table(page: Page) -> None:
    pictures = page.tree.xpath("//*[local-name()='svg'][@role='img']")
    assert len(pictures) == 2
    for picture in pictures:
        title, description = (page.tree.get_element_by_id(name) for name in picture.get("aria-labelledby").split())
        assert title.text_content()
        assert description.text_content()
        assert picture.getparent().xpath(".//details//table/tbody/tr")
    for bar in page.tree.xpath("//*[local-name()='svg'][not(@role)]"):
        assert bar.get("aria-hidden") == "true"
