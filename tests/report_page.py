"""A report as tests read it: its sections, its tables, and the data that its script gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lxml import html

Json = dict[str, Any]


class Page:
    """A report as a reader's browser has it before any script runs."""

    def __init__(self, path: Path) -> None:
        self.source = path.read_text(encoding="utf-8")
        self.tree = html.document_fromstring(self.source, parser=html.HTMLParser(encoding="utf-8"))

    def words(self, anchor: str) -> str:
        """The words of a section, white space folded."""
        [section] = self.tree.xpath("//*[@id=$id]", id=anchor)
        return " ".join(" ".join(section.itertext()).split())

    def data(self, anchor: str) -> Any:
        """What a script element holds."""
        [script] = self.tree.xpath("//script[@id=$id]", id=anchor)
        return json.loads(script.text)

    def bodies(self) -> list[Json]:
        """The articles."""
        return [json.loads(one.text) for one in self.tree.xpath("//script[starts-with(@id, 'article-')]")]

    def rows(self, title: str) -> list[list[str]]:
        """The rows of the table whose caption or whose card's heading says this, words of cells folded."""
        found = self.tree.xpath(
            "//table[caption[normalize-space()=$t]]|//div[h3[normalize-space()=$t]]//table", t=title
        )
        return [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in found[0].xpath("./tbody/tr")]
