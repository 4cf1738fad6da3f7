"""docs/intake.md on articles that changed: its commands print what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from console import console_pairs

from corpus_tool.reanchor import REASONS, SetAside

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "intake.md").read_text(encoding="utf-8")
CHANGED = PAGE.split("\n## The article has changed\n")[1].split("\n## ")[0]


def test_the_commands_print_what_the_page_shows(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    pairs = console_pairs(CHANGED)
    assert len(pairs) >= 6
    for command, printed in pairs:
        environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
        done = subprocess.run(command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))


def test_the_records_of_a_ledger_are_described() -> None:
    rows = re.findall(r"^\| (.*?) \| (.*) \|$", CHANGED, re.MULTILINE)
    named = {word for row, _ in rows for word in re.findall(r"`(\w+)`", row)}
    assert named == set(SetAside.__struct_fields__)
    reasons = next(says for row, says in rows if row == "`reason`")
    assert set(re.findall(r"`(\w+)`", reasons)) == set(REASONS)
