"""Deciding and correcting: what a key does is in the file at once, with the reviewer's name."""

from __future__ import annotations

from collections.abc import Callable

from review_browser.articles import PLAIN
from review_browser.conftest import Review


def test_accepting_goes_on_to_the_next_suggestion(review: Callable[..., Review]) -> None:
    page = review("accept")
    first = page.current
    assert first == "a1"
    page.press("a")
    assert page.current != first
    page.saved()
    assert page.on_disk("a1")["provenance"] == {"annotator": "rosa", "status": "accepted", "score": 0.5}
    page.choose("a3")
    page.press("x")
    page.saved()
    assert page.on_disk("a3")["provenance"]["status"] == "rejected"
    assert page.page.locator('.row[data-id="a3"]').is_hidden()
    page.choose("a2")
    page.press("A")  # all actors
    page.saved()
    statuses = {one["id"]: one["provenance"]["status"] for one in page.served.document("accept")["layers"]["actors"]}
    assert statuses == {"a1": "accepted", "a2": "accepted", "a3": "rejected", "a4": "accepted", "a5": "accepted"}
    assert "of 9 reviewed" in page.page.inner_text("#reviewed")


def test_bounds_move_by_word_and_by_character(review: Callable[..., Review]) -> None:
    page = review("bounds")
    page.choose("a1")
    for keys, text in [
        (["]", "]"], "Rosa Lind, the"),  # a comma is a unit of its own
        (["}", "}"], "Rosa Lind"),
        (["{"], "Lind"),
        (["["], "Rosa Lind"),
        (["Alt+]"], "Rosa Lind,"),
        (["Alt+Shift+BracketRight"], "Rosa Lind"),
    ]:
        page.press(*keys)
        page.saved()
        assert page.on_disk("a1")["text"] == text
    assert page.on_disk("a1")["provenance"]["status"] in {"corrected", "suggested", "accepted"}
    page.choose("q1")
    page.press("b", "ArrowLeft", "Tab", "ArrowRight", "Alt+ArrowLeft", "Enter")
    page.saved()
    found = page.on_disk("q1")
    assert PLAIN[found["start"] : found["end"]] == found["text"]
    assert found["text"].endswith("40 dockers would")
    assert found["provenance"]["was"]["text"] == "that 40 dockers would return"


def test_escape_leaves_the_bounds_as_they_were(review: Callable[..., Review]) -> None:
    page = review("bounds")
    before = page.served.path("bounds").read_bytes()
    page.choose("l1")
    page.press("b", "ArrowRight", "ArrowRight", "Escape")
    page.choose("q2")
    assert page.page.locator('.row[data-id="l1"] .words').inner_text() == "Albi"
    assert page.served.path("bounds").read_bytes() == before


def test_kinds_by_number_by_name_and_in_the_form(review: Callable[..., Review]) -> None:
    page = review("kinds")
    page.choose("a3")
    page.press("9")
    page.saved()
    assert page.on_disk("a3")["kind"] == "group"
    page.press("t")
    page.page.keyboard.type("armed")
    page.press("Enter")
    page.saved()
    assert page.on_disk("a3")["kind"] == "armed_group"
    page.page.select_option("[data-field=mention]", "name")
    page.saved()
    page.page.fill("[data-field=role]", "leader")
    page.press("Tab")
    page.saved()
    page.page.check("[data-field=anonymous]")
    page.saved()
    found = page.on_disk("a3")
    assert (found["mention"], found["role"], found["anonymous"]) == ("name", "leader", True)
    assert found["provenance"]["was"]["kind"] == "person"
    page.choose("f1")
    page.press("4")  # of a figure: the measure
    page.saved()
    assert page.on_disk("f1")["measure"] == "missing"


def test_undo_and_redo_are_saved_and_lead_back_to_the_same_bytes(review: Callable[..., Review]) -> None:
    page = review("undo")
    page.choose("a1")
    before = page.served.path("undo").read_bytes()
    page.press("x")
    page.saved()
    page.press("u")
    page.saved()
    page.spoken("Undone")
    assert page.on_disk("a1")["provenance"]["status"] == "suggested"
    first = page.served.document("undo")
    page.press("r")
    page.saved()
    assert page.on_disk("a1")["provenance"]["status"] == "rejected"
    page.press("Control+z")
    page.saved()
    assert page.served.document("undo") == first
    page.choose("a2")
    page.press("]", "]", "1", "a")
    page.saved()
    while page.page.is_enabled("#undo"):
        page.page.click("#undo")
        page.saved()
    assert page.served.path("undo").read_bytes() == before


def test_a_finding_is_mended_by_one_click(review: Callable[..., Review]) -> None:
    page = review("findings")
    page.choose("a4")
    fix = page.page.locator("#inspector .finding .fix").first
    fix.click()
    page.saved()
    assert page.on_disk("a4")["text"] == "Hugo Amber"
    assert page.page.locator("#inspector .finding .fix").count() == 0
    page.press("u")
    page.saved()
    assert page.on_disk("a4")["text"] == " Hugo Amber"
    page.spoken("finding")


def test_a_document_that_follows_no_schema_is_mended_and_then_reviewed(review: Callable[..., Review]) -> None:
    page = review("broken")
    assert page.page.get_attribute("#saved", "data-state") == "readonly"
    page.page.click("#tab-findings")
    page.page.locator("#findings .fix").first.click()
    page.until("document.querySelector('#saved').dataset.state === 'saved'")
    assert page.on_disk("a1")["kind"] == "person"
    page.page.click("#tab-annotations")
    page.choose("a1")
    page.press("a")
    page.saved()
    assert page.on_disk("a1")["provenance"]["status"] == "accepted"


def test_the_queue_leads_through_the_articles(review: Callable[..., Review]) -> None:
    page = review("queue-a")
    page.press("q")
    page.page.fill("#queue-words", "queue-")
    page.until("document.querySelectorAll('#documents a').length === 2")
    page.page.select_option("#order", "name")
    page.until("document.querySelector('#documents a').dataset.document === 'queue-a'")
    page.page.locator("#article").focus()
    page.press("J")
    page.until("document.title.includes('queue-b')")
    assert page.page.evaluate("location.hash") == "#document=queue-b"
    page.press("K")
    page.until("document.title.includes('queue-a')")
    page.page.go_back()
    page.until("document.title.includes('queue-b')")
