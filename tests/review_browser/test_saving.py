"""Nothing is lost: reloading, an edit made elsewhere meanwhile, a command that has ended."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from review_browser.articles import PLAIN, plain_layers
from review_browser.conftest import Json, Review, Served, start, stop


def test_a_reload_shows_what_was_saved(review: Callable[..., Review]) -> None:
    page = review("reload")
    page.choose("a2")
    page.press("2")
    page.saved()
    page.page.reload()
    page.ready()
    assert "token" not in page.page.url
    assert page.page.locator('.row[data-id="a2"] .mark').inner_text() == "✎"
    assert page.page.locator('.row[data-id="a2"] .what').inner_text() == "organization"


def edit_elsewhere(page: Review) -> None:
    document = page.served.document(page.document)
    document["layers"]["actors"][3]["kind"] = "group"
    page.served.path(page.document).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def test_an_edit_from_elsewhere_is_noticed_and_mine_goes_on_top(review: Callable[..., Review]) -> None:
    page = review("conflict", expected=("status of 412",))
    page.choose("a1")
    edit_elsewhere(page)
    page.press("x")
    page.page.wait_for_selector("#conflict")
    assert page.page.get_attribute("#saved", "data-state") == "conflict"
    assert page.on_disk("a1")["provenance"]["status"] == "suggested"  # nothing was written
    assert "Hugo Amber" in page.page.inner_text("#conflict .differences")
    page.page.click("#conflict button.main")
    page.saved()
    assert page.on_disk("a1")["provenance"]["status"] == "rejected"
    assert page.on_disk("a4")["kind"] == "group"


def test_an_edit_from_elsewhere_can_stand(review: Callable[..., Review]) -> None:
    page = review("conflict-theirs", expected=("status of 412",))
    page.choose("a1")
    edit_elsewhere(page)
    page.press("2")
    page.page.wait_for_selector("#conflict")
    page.press("Escape")  # look first: the edit is neither saved nor lost
    assert page.page.get_attribute("#saved", "data-state") == "conflict"
    page.page.click("#saved")
    page.page.click("#conflict button:has-text('Load theirs')")
    page.saved()
    assert page.page.locator('.row[data-id="a4"] .what').inner_text() == "group"
    assert page.page.locator('.row[data-id="a1"] .what').inner_text() == "person"
    assert page.on_disk("a1")["kind"] == "person"


def test_a_change_from_elsewhere_is_told_before_one_edits(review: Callable[..., Review]) -> None:
    page = review("readable")
    edit_elsewhere(page)
    page.page.evaluate("dispatchEvent(new Event('focus'))")
    page.page.click("#reload")
    page.page.wait_for_selector("#changed", state="hidden")
    assert page.page.locator('.row[data-id="a4"] .what').inner_text() == "group"


def test_a_command_that_has_ended_is_told_with_the_edit_that_is_not_saved(
    review: Callable[..., Review], new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path
) -> None:
    document = raw_document("offline", PLAIN, layers=plain_layers())
    for layer in document["layers"].values():
        for one in layer:
            one.pop("entity", None)
    running = start(new_corpus(tmp_path / "corpus", [document]))
    page = review("offline", on=running, expected=("ERR_CONNECTION", "ERR_EMPTY"))
    stop(running)
    page.choose("a2")
    page.press("x")
    page.page.wait_for_selector("#saved[data-state=offline]")
    assert "does not answer" in page.page.inner_text("#messages")
    assert running.annotation("offline", "a2")["provenance"]["status"] == "suggested"


@pytest.mark.parametrize("address", ["/", "/api/corpus", "/api/documents/reload", "/static/main.js", "/?token=x"])
def test_requests_without_the_token_are_refused(served: Served, address: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(served.origin + address)
    assert refused.value.code == 403
    refused.value.close()
