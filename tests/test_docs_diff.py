"""docs/diff.md: its commands print what it shows, its Python runs, and its tables are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from console import console_pairs

from corpus_tool import diff_paths, difference_to_json
from corpus_tool.diff.change import WHATS
from corpus_tool.diff.version import version_to_json

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "diff.md").read_text(encoding="utf-8")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The folder and the environment of a reader who has the example corpus and the commands."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus", ignore=shutil.ignore_patterns(".corpus-tool"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PWD": str(tmp_path), "COLUMNS": "100"}


def keys_of(value: Any) -> Iterator[str]:
    """The keys of a JSON value that are names, and not layers, splits or values."""
    for key, child in value.items() if isinstance(value, dict) else ():
        yield key
        if key == "annotations":
            yield from keys_of(next(iter(child.values()), None) if isinstance(child, dict) else None)
        elif key not in {"fields", "added_by_split", "removed_by_split"} or isinstance(child, list):
            yield from keys_of(child)
    for item in value if isinstance(value, list) else ():
        yield from keys_of(item)


def test_the_page_is_as_it_says(environment: dict[str, str]) -> None:
    def run(command: str | list[str]) -> subprocess.CompletedProcess[bytes]:
        shell = isinstance(command, str)
        return subprocess.run(
            command, shell=shell, check=False, cwd=environment["PWD"], env=environment, capture_output=True
        )

    pairs = console_pairs(PAGE)
    assert len(pairs) == 7
    for command, printed in pairs:
        done = run(command)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))
    [block] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    done = run([sys.executable, "-c", block])
    assert done.returncode == 0, done.stderr.decode("utf-8")
    assert "should be 0.2.0 or more" in done.stdout.decode("utf-8")
    difference = diff_paths(*(Path(environment["PWD"]) / name for name in ("dist/example", "next")))
    told = {**difference_to_json(difference), "version": version_to_json(difference)}
    named = set(re.findall(r"`(\w+)`", PAGE[PAGE.index("## The JSON") :]))
    assert {key for key in keys_of(told) if key not in {"text", "span"}} <= named
    assert set(WHATS) <= set(re.findall(r"`(\w+)`", PAGE))
