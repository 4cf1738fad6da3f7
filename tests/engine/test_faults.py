"""Processes that are really killed: what they had is done again, what kills each of them is told, the rest is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import checking, engine_dask
from corpus_tool.model import CorpusToolError
from corpus_tool.validate import validate_paths
from engine.corpora import write_shards

New = Callable[..., Path]
Make = Callable[..., Any]

#: Kills each process of a pool or of a cluster that opens a file of this name; the one that hands work out opens none.
DEADLY = """
import os, signal, sys

def killed(event, args):
    if event == "open" and "deadly" in str(args[0]) and not str(args[0]).endswith(".py"):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(killed)
"""


@pytest.fixture
def deadly(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that is killed over a file whose name says so."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(DEADLY)
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}


def run(*command: str | Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "corpus_tool", *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )


@pytest.fixture
def root(new_corpus: New, raw_document: Make, tmp_path: Path) -> Path:
    root = new_corpus(tmp_path / "c", yaml="build: {configs: [default]}\n")
    write_shards(root, raw_document, shards=5, each=8, files=3)
    return root


def test_a_shard_that_kills_each_process_is_told_and_all_else_is_checked(root: Path, deadly: dict[str, str]) -> None:
    (root / "documents" / "s000-deadly.jsonl").write_bytes((root / "documents" / "s000.jsonl").read_bytes())
    ran = run("validate", root, "--jobs", "2", "--output", "concise", environment=deadly)
    told = [line for line in ran.stdout.splitlines() if "COR061" in line]
    assert ran.returncode == 1, ran.stderr
    assert [line.partition(" ")[0].rpartition("/")[2] for line in told] == ["s000-deadly.jsonl:1:1"]
    assert ran.stdout.count("SPN103") == 5


@pytest.mark.slow
def test_of_files_that_are_checked_together_only_the_one_that_kills_is_told_and_nothing_is_built(
    root: Path, deadly: dict[str, str]
) -> None:
    (root / "documents" / "f0001-deadly.json").write_text("{}")
    ran = run("validate", root, "--jobs", "2", "--output", "concise", environment=deadly)
    told = [line for line in ran.stdout.splitlines() if "COR061" in line]
    assert [line.partition(" ")[0].rpartition("/")[2] for line in told] == ["f0001-deadly.json:1:1"], ran.stderr
    assert ran.stdout.count("SPN103") == 5
    built = run("build", root, "--out", root.parent / "dist", "--jobs", "2", "--no-cache", environment=deadly)
    assert built.returncode == 1, built.stderr
    assert "not built" in built.stderr
    assert not (root.parent / "dist").exists()


@pytest.mark.slow
def test_a_shard_that_kills_each_worker_of_a_cluster_is_told(
    root: Path, raw_document: Make, deadly: dict[str, str], clusters: Callable[..., Any]
) -> None:
    (root / "documents" / "s000-deadly.jsonl").write_bytes((root / "documents" / "s000.jsonl").read_bytes())
    cluster = clusters(2, options=("--nanny",), environment=deadly)
    ran = run("validate", root, "--scheduler", cluster.address, "--output", "concise")
    told = [line for line in ran.stdout.splitlines() if "COR061" in line]
    assert [line.partition(":")[0].rpartition("/")[2] for line in told] == ["s000-deadly.jsonl"], ran.stderr
    assert ran.stdout.count("SPN103") == 5
    assert ran.stderr == ""


def test_what_a_killed_worker_had_is_done_by_the_other(
    root: Path, raw_document: Make, clusters: Callable[..., Any]
) -> None:
    write_shards(root, raw_document, shards=16, each=20)
    expected = list(validate_paths([root]))
    cluster = clusters(2)
    seen = 0

    def kill(_name: str) -> None:
        nonlocal seen
        seen += 1
        if seen == 60:
            cluster.workers[0].kill()

    assert list(validate_paths([root], scheduler=cluster.address, on_document=kill)) == expected
    assert cluster.workers[0].wait() == -signal.SIGKILL


def test_a_scheduler_that_is_killed_is_one_line_and_the_next_run_goes_on(
    root: Path, raw_document: Make, clusters: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_shards(root, raw_document, shards=16, each=20)
    expected = list(validate_paths([root]))
    cluster = clusters(2)
    done: list[str] = []

    def kill(name: str) -> None:
        done.append(name)
        if len(done) == 60:
            cluster.scheduler.kill()
            cluster.scheduler.wait()

    with pytest.raises(CorpusToolError, match="Dask scheduler is lost; what was done is kept") as told:
        list(validate_paths([root], scheduler=cluster.address, cached=True, on_document=kill))
    assert "\n" not in str(told.value)
    real, checked = checking.check_bytes, []
    monkeypatch.setattr(checking, "check_bytes", lambda data, *a, **k: checked.append(1) or real(data, *a, **k))
    assert list(validate_paths([root], cached=True)) == expected
    assert 0 < len(checked) <= 16 * 20 + 3 - 60 + 20


def test_a_cluster_without_workers_or_with_another_corpus_tool_is_one_line(
    root: Path, tmp_path: Path, clusters: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_dask, "_CONNECT_SECONDS", 3)
    cluster = clusters(0)
    with pytest.raises(CorpusToolError, match="has no workers; start some: dask worker tcp://"):
        list(validate_paths([root], scheduler=cluster.address))
    other = tmp_path / "other"
    (other / "corpus_tool").mkdir(parents=True)
    (other / "corpus_tool" / "__init__.py").write_text("raise ImportError('not here', name='corpus_tool')")
    cluster.environment["PYTHONPATH"] = str(other)
    cluster.add_worker()
    cluster.wait_for(1)
    with pytest.raises(CorpusToolError, match="corpus-tool is not installed there"):
        list(validate_paths([root], scheduler=cluster.address))


def test_nothing_of_dask_itself_is_on_the_terminal(root: Path, cluster: Any) -> None:
    ran = run("validate", root, "--scheduler", cluster.address, "-q", "--ignore", "SPN,TXT")
    assert ran.stderr == ""
    ran = run("validate", root, "--scheduler", cluster.address, "--jobs", "2")
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
    assert "give jobs or scheduler" in ran.stderr


def test_dask_that_is_not_installed_is_one_line_that_names_the_extra(root: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "distributed.py").write_text("raise ImportError")
    path = os.pathsep.join([str(tmp_path / "none"), os.environ.get("PYTHONPATH", "")])
    ran = run("validate", root, "--scheduler", "tcp://127.0.0.1:9", environment={"PYTHONPATH": path})
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "corpus-tool[dask]" in ran.stderr
