"""docs/logs.md: its commands print what it shows, its Python runs, and its tables are complete."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from console import console_pairs

from corpus_tool.cli.progress import progress_line
from corpus_tool.event_log import SCHEMA
from corpus_tool.progress import Event, Kind, Tally

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8")

#: Kinds of events that are counted and have no line of their own.
COUNTED = {"document", "finding"}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The folder and the environment of a reader who has the example corpus and the commands."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns(".corpus-tool"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PWD": str(tmp_path), "COLUMNS": "100", "LC_ALL": "C"}


def rows_of(number: int) -> dict[str, str]:
    """The rows of a table of the page: what the first column names, and the rest."""
    tables = re.findall(r"((?:^\|.*\|\n)+)", PAGE, re.MULTILINE)
    rows = [line.strip("|\n").split("|", 1) for line in tables[number].splitlines()[2:]]
    return {name.strip().strip("`"): rest for name, rest in rows}


def test_the_commands_print_what_the_page_shows(environment: dict[str, str], tmp_path: Path) -> None:
    for command, printed in console_pairs(PAGE):
        done = subprocess.run(command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))


def test_the_python_of_the_page_runs_and_its_log_holds_what_the_tables_name(
    environment: dict[str, str], tmp_path: Path
) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], check=False, cwd=tmp_path, env=environment, capture_output=True
        )
        assert done.returncode == 0, done.stderr.decode("utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in (tmp_path / "nightly.jsonl").read_bytes().splitlines()]
    everywhere, events = rows_of(1), rows_of(2)
    assert {line["event"] for line in lines} <= set(events)
    assert set(events) == {*get_args(Kind), "begin", "end"} - COUNTED
    for line in lines:
        named = {*everywhere, *re.findall(r"`(\w+)`", events[line["event"]])}
        assert set(line) <= named, line
        assert set(everywhere) <= set(line)
    assert SCHEMA in events["begin"]


def test_the_line_of_the_page_is_one_that_is_drawn() -> None:
    tally = Tally()
    tally.take(Event("plan", "check", files=50, size=50_000), 0)
    for number in range(1, 12_481):
        tally.take(Event("document", "documents/wire-00012.jsonl"), number / 820)
    tally.take(Event("finding", "error"), 16)
    tally.take(Event("finding", "error"), 16)
    for _ in range(12):
        tally.take(Event("file", "x", size=1000), 16)
    line = progress_line("validate", tally, 65, 16, 120)
    [shown] = re.findall(r"^    (validate: .*)$", PAGE, re.MULTILINE)

    def words(line: str) -> list[str]:
        return re.sub(r"[\d,:–]+", "0", line).split()

    assert words(line) == words(shown)
