"""docs/intake.md on what convert opens: its commands print what it shows, and its tables are complete."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from console import console_pairs

from corpus_tool.read import READERS, SUFFIXES
from corpus_tool.read.columns import FIELDS

PAGE = (Path(__file__).parent.parent / "docs" / "intake.md").read_text(encoding="utf-8")
INTAKE = PAGE.split("\n## ")[0]


def test_the_commands_print_what_the_page_shows(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    pairs = console_pairs(INTAKE)
    assert len(pairs) >= 6
    for command, printed in pairs:
        environment = {**os.environ, "PATH": path, "COLUMNS": "100"}
        done = subprocess.run(command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))
        assert done.stderr == b""


def test_the_formats_their_files_and_the_fields_are_all_there() -> None:
    rows = re.findall(r"^\| (.*?) \| (.*?) \| .* \|$", INTAKE, re.MULTILINE)
    files = {name: set(re.findall(r"`(\.\w+)`", suffixes)) for names, suffixes in rows for name in names.split(", ")}
    for name in READERS:
        assert {suffix for suffix, kind in SUFFIXES.items() if kind == name} <= files[name], name
    for field in FIELDS:
        assert f"`{field}`" in INTAKE


def test_the_limits_are_those_of_the_code() -> None:
    from corpus_tool.read import archive, dispatch, feed_entries, files, unpack, zip_members

    for number in (
        f"{files.MAX_ARTICLE_BYTES // 1_000_000} MB",
        f"{unpack.MAX_RATIO} times its size",
        f"{unpack.MAX_UNPACKED_BYTES // 10**9} GB",
        f"| {archive.MAX_DEPTH} |",
        f"{archive.MAX_MEMBERS:,}",
        f"{zip_members.MAX_LIST_BYTES // 1_000_000} MB",
        f"| {zip_members.MAX_KEPT_BYTES // 10**9} GB |",
        f"{feed_entries.MAX_ELEMENTS:,} elements",
        f"| {dispatch.MAX_TOLD:,}, then",
        f"{dispatch.MAX_IN_A_ROW:,} faults in a row",
    ):
        assert number in INTAKE, number
