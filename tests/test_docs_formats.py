"""docs/formats.md: its project converts as the page shows, and every format has its section."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from console import console_pairs

from corpus_tool.formats.faults import IMPORT_FAULTS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The folder and the environment of a reader who has written the files that the page shows."""
    for name, content in re.findall(r"^```text (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
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


def test_the_page_names_the_codes_that_there_are() -> None:
    known = {fault.code for fault in IMPORT_FAULTS.values()}
    named = set(re.findall(r"COR0[78]\d", PAGE))
    assert named
    assert named <= known
