"""docs/intake.md on web pages: its commands print what it shows, its table is the code's, its limits too."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from console import console_pairs

from corpus_tool.read import html_tree
from corpus_tool.read.metadata import SOURCES

PAGE = (Path(__file__).parent.parent / "docs" / "intake.md").read_text(encoding="utf-8")
WEB_PAGES = PAGE.split("\n## Web pages\n")[1].split("\n## ")[0]


def test_the_commands_print_what_the_page_shows(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    pairs = console_pairs(WEB_PAGES)
    assert len(pairs) >= 5
    for command, printed in pairs:
        done = subprocess.run(
            command,
            shell=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "COLUMNS": "100"},
            capture_output=True,
        )
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))
        assert done.stderr == b""


def test_every_source_of_metadata_is_named_in_its_order() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", WEB_PAGES, re.MULTILINE))
    assert list(rows) == list(SOURCES)
    for field, places in SOURCES.items():
        names = [place.split(":", 1)[1] for place in places if place.startswith(("jsonld:", "meta:", "itemprop:"))]
        at = [rows[field].find(f"`{name}`") for name in names]
        assert min(at) >= 0, (field, names[at.index(-1)])
        assert ("extractor" in places) == ("trafilatura" in rows[field])


def test_the_limits_are_those_of_the_code() -> None:
    for number in (html_tree.MAX_ELEMENTS, html_tree.MAX_DEPTH, html_tree.MAX_ATTRIBUTES):
        assert f"{number:,} " in WEB_PAGES
