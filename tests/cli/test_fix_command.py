"""validate --fix and --diff as commands: what is printed, what is written, how they end."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]
RunMain = Callable[..., Any]

TEXT = "Zoë 😀 left 港口 with \u200fשרה\u200f.\nAna stayed."


@pytest.fixture
def drifted(new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path) -> Path:
    """A corpus with a document whose offsets count UTF-8 bytes, and a sound one."""
    data = TEXT.encode()
    actors = []
    for i, name in enumerate(["Zoë", "שרה", "Ana"], 1):
        at = data.index(name.encode())
        actors.append({"id": f"a{i}", "start": at, "end": at + len(name.encode()), "text": name, "kind": "person"})
    documents = [raw_document("bytes", TEXT, layers={"actors": actors}), raw_document("sound", "Ben came.")]
    return new_corpus(tmp_path / "c", documents)


def test_diff_shows_and_writes_nothing_and_patch_takes_it(drifted: Path, run_main: RunMain, tmp_path: Path) -> None:
    path = drifted / "documents" / "bytes.json"
    run_main("fmt", drifted)
    before = path.read_bytes()
    ran = run_main("validate", drifted, "--diff")
    assert ran.status == 1
    assert ran.err == "1 document would change, 3 findings mended\n"
    assert path.read_bytes() == before
    copy = tmp_path / "copy.json"
    copy.write_bytes(before)
    subprocess.run(["patch", "-s", str(copy)], input=ran.out.encode(), check=True)
    assert run_main("validate", drifted, "--fix").status == 0
    assert copy.read_bytes() == path.read_bytes()


def test_fix_mends_and_tells_what_is_left(drifted: Path, run_main: RunMain) -> None:
    ran = run_main("validate", drifted, "--fix")
    assert (ran.status, ran.out) == (0, "2 documents checked: no findings\n")
    assert ran.err == "3 findings mended in 1 document\n"
    raw = json.loads((drifted / "documents" / "bytes.json").read_bytes())
    assert raw["text"] == TEXT
    assert [TEXT[a["start"] : a["end"]] for a in raw["layers"]["actors"]] == ["Zoë", "שרה", "Ana"]
    again = run_main("validate", drifted, "--diff")
    assert (again.status, again.out, again.err) == (0, "", "0 documents would change, 0 findings mended\n")


def test_only_selected_codes_are_mended(drifted: Path, run_main: RunMain) -> None:
    ran = run_main("validate", drifted, "--fix", "--select", "QUO")
    assert (ran.status, ran.err) == (0, "0 findings mended in 0 documents\n")
    assert run_main("validate", drifted).status == 1


def test_standard_input_cannot_be_mended(run_main: RunMain) -> None:
    ran = run_main("validate", "-", "--fix", stdin=b"{}")
    assert ran.status == 2
    assert "standard input" in ran.err


def test_a_diff_cannot_steer_a_terminal(drifted: Path) -> None:
    path = drifted / "documents" / "bytes.json"
    raw = json.loads(path.read_bytes())
    raw["meta"]["title"] = "\x1b[2J\u202egone"
    path.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "corpus_tool", "validate", str(drifted), "--diff"]
    with subprocess.Popen(command, stdout=child, stderr=subprocess.DEVNULL) as process:
        os.close(child)
        shown = b""
        try:
            while piece := os.read(parent, 65536):
                shown += piece
        except OSError:  # how a terminal ends
            pass
    os.close(parent)
    assert process.returncode == 1
    assert b"\\u202egone" in shown
    assert b"\x1b[2J" not in shown
