"""docs/agreement.md: its commands print what it shows, its Python runs, its figures are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from console import console_pairs

from corpus_tool.agreement.types import MEASURES
from corpus_tool.agreement.votes import WAYS
from corpus_tool.language.pairing import LEAST

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "agreement.md").read_text(encoding="utf-8")


def test_the_page_is_as_it_says(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
    pairs = console_pairs(PAGE)
    assert len(pairs) == 9
    for command, printed in pairs:
        done = subprocess.run(command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))
    [block] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-c", block], check=False, cwd=tmp_path, env=environment, capture_output=True
    )
    assert done.stderr == b""
    assert done.stdout.decode("utf-8").splitlines() == [
        "actors 0.5",
        "boats bounds nine crews {'ana': '“crews” 30-35', 'ben': '“nine crews” 25-35'}",
        "{('actors', 'what they say differs: bounds'): 2}",
    ]


def test_the_kappa_that_is_worked_out_by_hand_is_the_one_that_is_printed() -> None:
    chance = (2 * 2 + 1 * 2 + 8 * 7) / 121
    assert round(chance, 3) == 0.512
    assert (10 / 11 - chance) / (1 - chance) == pytest.approx(0.81, abs=0.005)


def test_every_measure_and_every_way_is_explained() -> None:
    for words in ("exact F1", "overlap F1", "with kind", "Cohen's κ", "Fleiss' κ", "Krippendorff's α", "γ"):
        assert f"**{words}" in PAGE
    assert len(MEASURES) == 8
    assert all(f"| `{way}` |" in PAGE for way in WAYS)
    assert LEAST == 0.2
