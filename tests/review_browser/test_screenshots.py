"""The pictures of docs/review.md, taken from the example corpus; ``make screenshots`` puts them into docs/images."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from review_browser.conftest import Review, start, stop

ROOT = Path(__file__).parents[2]
PICTURES = ("review-light.png", "review-link-dark.png", "review-place.png")
LARGEST = 200_000  # bytes


def _suggest_again(path: Path) -> None:
    """Two of three annotations become suggestions, so that there is something to review."""
    document = json.loads(path.read_text(encoding="utf-8"))
    annotations = [one for layer in document["layers"].values() for one in layer]
    for i, one in enumerate(annotations):
        if i % 3:
            one["provenance"] = {"annotator": "corpus-tool", "status": "suggested", "score": 0.5 + i * 37 % 50 / 100}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


@pytest.mark.slow
def test_the_pictures(review: Callable[..., Review], tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    for name in ("flood-siret-village", "ceasefire-talks-collapse", "court-empty-cellar"):
        _suggest_again(corpus / "documents" / f"{name}.json")
    running = start(corpus)
    out = Path(os.environ.get("CORPUS_TOOL_SCREENSHOTS", tmp_path))
    out.mkdir(parents=True, exist_ok=True)

    def pictured(name: str, page: Any) -> None:
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=out / name, animations="disabled", caret="hide")

    page = review("flood-siret-village", on=running, viewport={"width": 1240, "height": 680})
    page.press("q")
    page.until("document.querySelector('#queue-count').textContent.startsWith('21 of 24')")
    page.page.locator("#article").focus()
    page.choose("q2")
    pictured(PICTURES[0], page.page)

    page = review("ceasefire-talks-collapse", on=running, viewport={"width": 1100, "height": 700}, color_scheme="dark")
    page.choose("q5")
    page.press("l", "s")
    page.page.wait_for_selector(".hint")
    pictured(PICTURES[1], page.page)

    page = review("flood-siret-village", on=running, viewport={"width": 1100, "height": 700})
    page.choose("l3")
    page.press("g")
    page.page.wait_for_selector("dialog .candidates .choice[aria-selected=true]")
    pictured(PICTURES[2], page.page)
    stop(running)
    for name in PICTURES:
        assert (out / name).stat().st_size > 10_000, name
        assert f"images/{name}" in (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
        assert (ROOT / "docs" / "images" / name).stat().st_size < LARGEST
