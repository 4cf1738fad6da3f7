"""docs/report.md: its commands print what it shows, its Python runs, and its keys, figures and pictures are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

from console import console_pairs

from corpus_tool import WrittenReport
from corpus_tool.report.browsing import KEYS
from corpus_tool.report.ranking import MOST_NAMES
from corpus_tool.report.write import ARTICLES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")


def test_the_page_is_as_it_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns(".corpus-tool"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
    pairs = console_pairs(PAGE)
    assert len(pairs) == 3
    for command, printed in pairs:
        done = subprocess.run(command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))
    [block] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-c", block], check=False, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (0, "24 290 {}\n"), done.stderr


def test_its_keys_and_limits_are_those_of_the_code() -> None:
    told = re.findall(r"<b>(.*?)</b>", KEYS)
    listed = re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)))
    assert [key for keys in told for key in keys.split()] == listed
    for number in (MOST_NAMES, ARTICLES):
        assert f"{number:,} " in PAGE
    assert {field.name for field in fields(WrittenReport)} <= set(re.findall(r"`(\w+)`", PAGE))


def test_its_pictures_are_small() -> None:
    pictures = [ROOT / "docs" / path for path in re.findall(r"!\[.+\]\((.+)\)", PAGE)]
    assert len(pictures) == 3
    assert all(path.stat().st_size < 200_000 for path in pictures)
