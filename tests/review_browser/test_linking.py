"""Links: a quote to its speaker and cue, a figure to its quote and place, a mention to its entity."""

from __future__ import annotations

from collections.abc import Callable

from review_browser.articles import PLAIN
from review_browser.conftest import Review


def hint(page: Review, annotation: str) -> str:
    """The letters beside an annotation in the text."""
    found: str = page.page.evaluate(
        """(id) => {
          const row = document.querySelector(`.row[data-id="${id}"]`);
          const segment = document.querySelector(`.s[data-n~="${row.id.slice(4)}"]`);
          const box = segment.getClientRects()[0];
          const near = [...document.querySelectorAll('.hint')].find((one) =>
            Math.abs(parseFloat(one.style.left) - box.left) < 1 && Math.abs(parseFloat(one.style.top) - box.top) < 1);
          return near.textContent;
        }""",
        annotation,
    )
    return found


def test_a_quote_gets_its_speaker_and_cue_by_keys(review: Callable[..., Review]) -> None:
    page = review("link-keys")
    page.choose("q2")
    page.press("l", "s")
    page.press(hint(page, "a3"))
    page.saved()
    found = page.on_disk("q2")
    assert found["speaker"] == "a3"
    assert "speaker_status" not in found
    page.press("l", "c")  # the word after the quote is offered
    page.press("Enter")
    page.saved()
    start = PLAIN.index("said the union")
    assert page.on_disk("q2")["cue"] == {"start": start, "end": start + 4, "text": "said"}
    page.choose("f1")
    page.press("l", "q")
    page.press(hint(page, "q1"))
    page.saved()
    page.press("l", "p")
    page.press(hint(page, "l1"))
    page.saved()
    assert (page.on_disk("f1")["quote"], page.on_disk("f1")["place"]) == ("q1", "l1")
    page.press("l", "p", "Backspace")
    page.saved()
    assert "place" not in page.on_disk("f1")


def test_links_by_mouse_and_several_speakers(review: Callable[..., Review]) -> None:
    page = review("link")
    page.choose("q2")
    page.page.click("#inspector [data-field=speaker]")
    page.choose("a4")
    page.saved()
    assert page.on_disk("q2")["speaker"] == "a4"
    page.page.click("#inspector [data-field=co_speakers]")
    page.choose("a3")
    page.choose("a1")
    page.press("Enter")
    page.saved()
    assert page.on_disk("q2")["co_speakers"] == ["a3", "a1"]
    page.page.click("#inspector [data-field=cue]")
    page.drag("said the union's")
    page.press("Enter")
    page.saved()
    assert page.on_disk("q2")["cue"]["text"] == "said the union's"
    page.page.click("#inspector .target:has-text('Hugo Amber')")
    assert page.current == "a4"


def test_an_entity_is_chosen_made_and_renamed(review: Callable[..., Review]) -> None:
    page = review("entity")
    page.choose("a3")
    page.press("i")
    page.page.keyboard.type("Hugo")
    page.press("Enter")
    page.saved()
    assert page.on_disk("a3")["entity"] == "e2"
    page.choose("a2")
    page.press("i")
    page.page.keyboard.type("the dockers of Tarn ✊")
    page.press("Enter")
    page.saved()
    made = page.on_disk("a2")["entity"]
    entities = {one["id"]: one for one in page.served.document("entity")["entities"]}
    assert entities[made]["name"] == "the dockers of Tarn ✊"
    page.press("I")
    page.page.fill("dialog input >> nth=0", "dockers of Tarn")
    page.page.fill("dialog textarea >> nth=0", "dockers\nthe men")
    page.page.click("dialog button[type=submit]")
    page.saved()
    entity = next(one for one in page.served.document("entity")["entities"] if one["id"] == made)
    assert (entity["name"], entity["aliases"]) == ("dockers of Tarn", ["dockers", "the men"])


def test_a_place_gets_coordinates(review: Callable[..., Review]) -> None:
    page = review("place")
    page.choose("l1")
    page.press("g")
    page.page.wait_for_selector("dialog .map svg")
    page.page.fill("dialog .coordinates input >> nth=0", "43.93")
    page.page.fill("dialog .coordinates input >> nth=1", "2.15")
    page.press("Enter")
    page.saved()
    entity = next(one for one in page.served.document("place")["entities"] if one["id"] == "e3")
    assert (entity["lat"], entity["lon"]) == (43.93, 2.15)


def test_a_candidate_of_the_gazetteer_is_taken(review: Callable[..., Review]) -> None:
    page = review("place")
    page.choose("l1")
    page.press("g")
    page.page.wait_for_selector("dialog .candidates .choice[aria-selected=true]")
    assert "GeoNames" in page.page.inner_text("dialog")
    page.press("j", "k", "Enter")
    page.saved()
    entity = next(one for one in page.served.document("place")["entities"] if one["id"] == "e3")
    assert entity["links"]["geonames"]
    assert abs(entity["lat"]) <= 90


def test_versions_stand_side_by_side_and_one_is_taken(review: Callable[..., Review]) -> None:
    page = review("versions")
    page.press("p")
    page.page.wait_for_selector("dialog.versions tbody tr")
    assert page.page.locator("dialog.versions tbody tr").count() == 2  # the kind of a1, and Albi
    assert "7 of 9 agreed" in page.page.inner_text("dialog.versions")
    page.page.click("dialog.versions tr:has-text('government') button:has-text('Take')")
    page.until("document.querySelectorAll('dialog.versions tbody tr').length === 1")
    page.saved()
    taken = page.on_disk("a1")
    assert (taken["kind"], taken["text"]) == ("government", "Rosa Lind")
    page.page.click("dialog.versions button:has-text('Reject here too')")
    page.until("document.querySelectorAll('dialog.versions tbody tr').length === 0")
    page.saved()
    assert page.on_disk("l1")["provenance"]["status"] == "rejected"
