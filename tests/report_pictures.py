"""The pictures of docs/report.md: ``python tests/report_pictures.py docs/images``, with Chromium installed."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from browser import ARGUMENTS
from newsroom import Json, documents, newsroom, version_of
from playwright.sync_api import sync_playwright

from corpus_tool import write_report

#: Where each picture is taken: name, anchor, what is clicked, colours.
PICTURES = (
    ("report-overview", "", "", "light"),
    ("report-charts", "#charts", "", "light"),
    ("report-article", "#article=storm-00006", ".s >> nth=2", "dark"),
)


def is_plain(made: Json) -> bool:
    """Whether any font has every character: letters of Latin and Arabic script, no emoji."""
    return all(character < "\u0700" or "\u2000" < character < "\u2100" for character in made["text"])


def draw(folder: Path) -> None:
    """Writes the pictures into a folder."""
    made = [one for one in documents(400) if is_plain(one)][:120]
    versions = {
        "ana": [version_of(one, "ana", ["a11"][: number % 3 == 0]) for number, one in enumerate(made[:40])],
        "ben": [version_of(one, "ben", ["f1"][: number % 4 == 0]) for number, one in enumerate(made[:40])],
    }
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        corpus = newsroom(Path(work) / "corpus", made, versions=versions)
        report = Path(work) / "report.html"
        write_report(corpus, report)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        for name, anchor, clicked, scheme in PICTURES:
            page = browser.new_page(
                viewport={"width": 1180, "height": 860}, color_scheme=scheme, reduced_motion="reduce"
            )
            page.goto(report.as_uri() + anchor)
            if clicked:
                page.locator("#article").locator(clicked).click()
                page.mouse.move(0, 0)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
