"""docs/shards.md: its commands print what it shows, its Python runs, and its numbers are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from console import console_pairs

from corpus_tool.convert_shards import DOCUMENTS, SUFFIX
from corpus_tool.read.faults import FAULTS

PAGE = (Path(__file__).parent.parent / "docs" / "shards.md").read_text(encoding="utf-8")


def test_the_commands_print_what_the_page_shows_and_its_python_runs(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
    pairs = console_pairs(PAGE)
    assert len(pairs) >= 10
    for command, printed in pairs:
        done = subprocess.run(command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))
        assert done.stderr == b""
    [code] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8")


def test_the_numbers_and_codes_are_those_of_the_code() -> None:
    assert f"`--shard-documents` ({DOCUMENTS:,})" in PAGE
    assert f"`{SUFFIX}` is the usual one" in PAGE
    for name in ("shard-not-converted", "article-gone", "document-removed", "article-twice", "article-alike"):
        assert f"({FAULTS[name].code})" in PAGE, name
