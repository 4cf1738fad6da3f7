"""Words selected in the browser are marked exactly: the file counts code points, the browser UTF-16."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from review_browser.articles import PLAIN, SCRIPTS
from review_browser.conftest import Review

PARAGRAPHS = SCRIPTS[SCRIPTS.index("“Nobody") : SCRIPTS.index("answers.”") + len("answers.”")]


def test_words_of_every_script_are_marked_with_the_mouse(review: Callable[..., Review]) -> None:
    page = review("scripts")
    for words, key in [("עלי כהן", "1"), ("مريم حداد", "1"), ("陈氏 Foods", "1"), ("1\u00a0300", "3"), ("Acre", "2")]:
        page.drag(words)
        page.press(key)
        page.saved()
    page.drag("“Nobody", "answers.”")
    page.press("4")
    page.saved()
    assert sorted(page.texts("actors")) == sorted(["עלי כהן", "مريم حداد", "陈氏 Foods"])
    assert page.texts("figures") == ["1\u00a0300"]
    assert page.texts("quotes") == [PARAGRAPHS]
    assert PARAGRAPHS.count("\n") == 2
    document = page.served.document("scripts")
    for layer in document["layers"].values():
        for one in layer:
            assert SCRIPTS[one["start"] : one["end"]] == one["text"]
            assert one["provenance"] == {"annotator": "rosa", "status": "added"}
    assert document["text"] == SCRIPTS


def test_an_emoji_and_an_accent_are_never_cut(review: Callable[..., Review]) -> None:
    page = review("scripts-words")
    page.press("Escape", "w")  # no snapping to words: by character
    page.drag("👩‍🚒")
    page.press("1")
    page.saved()
    page.drag("e\u0308 docks", "e\u0308 docks")
    page.press("2")
    page.saved()
    assert page.texts("actors") == ["👩‍🚒"]
    assert page.texts("locations") == ["e\u0308 docks"]


def test_a_selection_snaps_to_words_and_leaves_a_possessive_out(review: Callable[..., Review]) -> None:
    page = review("scripts-words")
    page.drag("ayo")
    page.press("1")
    page.saved()
    assert "mayor" in page.texts("actors")


def test_words_are_marked_with_the_keyboard_alone(review: Callable[..., Review]) -> None:
    page = review("scripts-keys")
    page.press("v")  # the first word: the emoji is a unit of its own
    page.press("ArrowDown", "ArrowDown")  # the third block
    page.press("4")
    page.saved()
    page.press("v", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "1")
    page.saved()
    assert len(page.texts("quotes")) == 1
    assert page.texts("quotes")[0] in SCRIPTS
    assert all(words in SCRIPTS and words == words.strip() for words in page.texts("actors"))
    assert len(page.texts("actors")) == 1


def test_a_piece_is_added_and_the_annotation_becomes_discontinuous(review: Callable[..., Review]) -> None:
    page = review("piece")
    page.choose("q1")
    page.drag("she added")
    page.press("+")
    page.saved()
    found = page.on_disk("q1")
    assert found["text"] == "that 40 dockers would return she added"
    pieces = [PLAIN[one["start"] : one["end"]] for one in found["fragments"]]
    assert pieces == ["that 40 dockers would return", "she added"]
    assert found["provenance"]["status"] == "corrected"
    lines = page.page.evaluate("[...document.querySelectorAll('.s')].map((one) => one.style.backgroundImage).join()")
    assert "1px, transparent 1px" in lines  # dots join the pieces


@pytest.mark.parametrize("layer", ["actors", "quotes"])
def test_a_hidden_layer_is_neither_drawn_nor_listed(review: Callable[..., Review], layer: str) -> None:
    page = review("readable")
    page.choose("l1")
    page.page.click(f'#layers [data-layer="{layer}"]')
    assert page.page.locator(".row:visible .what").count() < 9
    assert page.page.locator(f'.row[data-id^="{layer[0]}"]:visible').count() == 0
    page.page.click(f'#layers [data-layer="{layer}"]')
    assert page.page.locator(".row:visible").count() == 9


def test_the_article_is_its_text_and_nothing_else(review: Callable[..., Review]) -> None:
    page = review("readable")
    page.press("y")  # kinds in the text are no part of it
    words = page.page.evaluate("[...document.querySelectorAll('#text .words')].map((one) => one.textContent)")
    assert "\n".join(words) + "\n" == PLAIN
    assert page.page.evaluate("document.querySelector('#text h1').textContent") == "Ferry strike ends"


def test_a_block_goes_the_way_of_most_of_its_letters(review: Callable[..., Review]) -> None:
    page = review("scripts")
    ways = page.page.evaluate(
        "[...document.querySelectorAll('#text .words')].map((one) => getComputedStyle(one).direction)"
    )
    assert ways == ["ltr"] * 6  # the last one begins with an Arabic name
