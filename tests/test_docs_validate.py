"""docs/validate.md: its commands print what it shows, its Python runs, and its tables are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from console import console_pairs

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.diagnostics.render import RENDERERS
from corpus_tool.rules import FAMILIES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "validate.md").read_text(encoding="utf-8")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The folder and the environment of a reader who has the example corpus and the commands."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns(".corpus-tool"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PWD": str(tmp_path), "COLUMNS": "100"}


def test_the_commands_print_what_the_page_shows(environment: dict[str, str]) -> None:
    pairs = console_pairs(PAGE)
    assert len(pairs) >= 6
    for command, printed in pairs:
        done = subprocess.run(
            command, shell=True, check=False, cwd=environment["PWD"], env=environment, capture_output=True
        )
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))


def test_the_python_of_the_page_runs(environment: dict[str, str]) -> None:
    [block] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-c", block], check=False, cwd=environment["PWD"], env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode("utf-8")


def test_the_tables_of_the_page_are_complete() -> None:
    rows = re.findall(r"^\| (.*?) \|", PAGE, re.MULTILINE)
    named = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    assert {field.name for field in fields(Diagnostic)} - {"fix"} | {"fixable"} <= named
    assert set(RENDERERS) <= named
    assert set(FAMILIES) <= set(rows)
