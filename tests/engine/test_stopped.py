"""A run that is killed with -9, or whose disk is full, keeps what it has done; the next ends in the same bytes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import checking
from corpus_tool.build import tables
from corpus_tool.build.dataset import build_dataset
from corpus_tool.validate import validate_paths
from engine.corpora import hashes, write_shards

New = Callable[..., Path]
Make = Callable[..., Any]

SHARDS, EACH, FILES = 12, 20, 40
DOCUMENTS = SHARDS * EACH + FILES


@pytest.fixture
def root(new_corpus: New, raw_document: Make, tmp_path: Path) -> Path:
    root = new_corpus(tmp_path / "c", yaml="build: {configs: [default, quotes]}\n")
    write_shards(root, raw_document, shards=SHARDS, each=EACH, files=FILES, faulty=False)
    return root


#: Runs a part of the library, and is killed with -9 at the n-th document that is done.
KILLED = """
import os, signal, sys
from pathlib import Path
from corpus_tool.build.dataset import build_dataset
from corpus_tool.validate import validate_paths

what, root, out, moment, jobs = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
left = moment

def done(name):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    if what == "validate":
        list(validate_paths([root], cached=True, jobs=jobs, on_document=done))
    else:
        build_dataset(root, out, jobs=jobs, on_document=done)
"""


def run_until_killed(folder: Path, what: str, root: Path, moment: int, jobs: int) -> None:
    script = folder / "killed.py"
    script.write_text(KILLED)
    command = [sys.executable, script, what, root, folder / "dist", str(moment), str(jobs)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr


def counted(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[int]:
    """A list that grows with each call of a function."""
    calls: list[int] = []
    real = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *a, **k: calls.append(1) or real(*a, **k))
    return calls


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_validation_that_is_killed_goes_on_where_it_was(
    jobs: int, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = list(validate_paths([root]))
    checked = counted(monkeypatch, checking, "check_bytes")
    moments = (1, 61, 200)
    for moment in moments:
        run_until_killed(tmp_path, "validate", root, moment, jobs)
    assert list(validate_paths([root], cached=True)) == expected
    assert 0 < len(checked) <= DOCUMENTS - moments[-1] + EACH
    checked.clear()
    assert list(validate_paths([root], cached=True)) == expected
    assert not checked


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_build_that_is_killed_goes_on_where_it_was_and_ends_in_the_same_bytes(
    jobs: int, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_dataset(root, tmp_path / "expected", cached=False)
    checked, made = counted(monkeypatch, checking, "check_bytes"), counted(monkeypatch, tables, "read_subject")
    moments = (61, 200)
    for moment in moments:
        run_until_killed(tmp_path, "build", root, moment, jobs)
    assert not (tmp_path / "dist").exists()
    build_dataset(root, tmp_path / "dist")
    assert hashes(tmp_path / "dist") == hashes(tmp_path / "expected")
    assert not checked
    assert 0 < len(made) <= DOCUMENTS - moments[-1] + 2 * EACH + FILES  # the first unit is always made
    assert not (root / ".corpus-tool" / "build").exists()


def test_what_a_killed_build_left_is_not_used_for_another_corpus(root: Path, tmp_path: Path) -> None:
    run_until_killed(tmp_path, "build", root, 200, 1)
    assert len(list((root / ".corpus-tool" / "build").rglob("0*"))) > 5
    shard = root / "documents" / "s003.jsonl"
    shard.write_bytes(shard.read_bytes().replace("Zoë 😀 left".encode(), "Zoé 😀 left".encode()))
    assert build_dataset(root, tmp_path / "dist").refused
    (shard).unlink()
    build_dataset(root, tmp_path / "expected", cached=False)
    build_dataset(root, tmp_path / "dist")
    assert hashes(tmp_path / "dist") == hashes(tmp_path / "expected")


def test_what_a_killed_build_left_and_was_harmed_is_made_again(root: Path, tmp_path: Path) -> None:
    build_dataset(root, tmp_path / "expected", cached=False)
    run_until_killed(tmp_path, "build", root, 200, 1)
    cut, flipped, empty, *_ = sorted((root / ".corpus-tool" / "build").rglob("0*"))
    cut.write_bytes(cut.read_bytes()[:-9])
    flipped.write_bytes(flipped.read_bytes()[:-9] + b"x" + flipped.read_bytes()[-8:])
    empty.write_bytes(b"")
    build_dataset(root, tmp_path / "dist")
    assert hashes(tmp_path / "dist") == hashes(tmp_path / "expected")


#: Bytes that a file may have, which is what a full disk is like: writing fails at some point of the way.
ROOM = (3_000, 20_000, 60_000)


def test_a_disk_without_room_is_one_line_and_leaves_nothing_half_written(root: Path, tmp_path: Path) -> None:
    build_dataset(root, tmp_path / "expected", cached=False)
    out = tmp_path / "out" / "dist"
    out.parent.mkdir()
    for room in ROOM:
        ran = subprocess.run(
            [sys.executable, "-m", "corpus_tool", "build", str(root), "--out", str(out)],
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda room=room: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        lines = [line for line in ran.stderr.splitlines() if "[info]" not in line and "[warning]" not in line]
        assert ran.returncode == 2, (room, ran.stderr)
        assert len(lines) == 1, ran.stderr
        assert lines[0].startswith("corpus-tool: ")
        assert "too large" in lines[0].lower(), lines
        assert list(out.parent.iterdir()) == []
    build_dataset(root, out)
    assert hashes(out) == hashes(tmp_path / "expected")
