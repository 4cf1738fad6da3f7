"""The measurements: what they print, that a run which was stopped goes on, and, slowly, that they run at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import scale
from paired import ratio_of
from table import SECTIONS
from table import Row as Ratio

BENCH = Path(__file__).parent.parent / "bench"

ROW = scale.Row("validate", scale.ONE, 1000, 5_000_000, 2.0, 1.9, (80,), 0, "2026-03-01T12:00:00Z", "0.1.0")


def run_bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, encoding="utf-8", check=False, cwd=BENCH.parent
    )


def test_a_ratio_stands_beside_its_limit() -> None:
    ratio = ratio_of([(2.0, 1.0), (3.0, 1.0), (90.0, 1.0)])
    assert Ratio("a", "b", ratio, 3).markdown() == "| a | b | 3.00 (2.00 to 90.0) | 3 | 3 |"
    assert Ratio("a", "b", ratio, 2.5).markdown() == "| a | b | 3.00 (2.00 to 90.0) | 3 | 2.5: **not met** |"
    assert Ratio("a", "b", ratio, 4, least=True).markdown().endswith("| at least 4: **not met** |")
    assert Ratio("a", "b", ratio_of([(2222.2, 1.0)])).markdown() == "| a | b | 2,222 | 1 |  |"


def test_the_tables_of_scale_compare_what_belongs_together() -> None:
    rows = [
        ROW,
        replace(ROW, documents=2000, seconds=8.0, peaks=(701, 20)),
        replace(ROW, documents=2000, engine=scale.TWO, seconds=5.0),
        replace(ROW, documents=2000, engine=scale.DASK, seconds=10.0),
    ]
    told = scale.table_of(rows)
    assert "| validate | 1,000 | 1 process | 500 | 1,900 | 80 | 80 |" in told
    assert "| validate | 2,000 | 1 process | 250 | 950 | 701: **not met** | 701, 20 |" in told
    assert "| validate, 1 process: pace with 2,000 | with 1,000 | 0.50: **not met** | 0.85 |" in told
    assert "| validate of 2,000: pace of 2 processes | 1 process | 1.60 | 1.5 |" in told
    assert "| validate of 2,000: pace of 2 Dask workers | 2 processes | 0.50: **not met** | 0.8 |" in told


def test_rows_come_back_but_for_a_line_that_was_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(asdict(ROW)) + '\n{"command": "val', encoding="utf-8")
    assert scale.rows_of(path) == [ROW]
    assert scale.rows_of(tmp_path / "none.jsonl") == []


def test_every_requirement_is_pinned_and_those_of_requirements_are_left_to_it() -> None:
    def pinned(path: Path) -> set[str]:
        lines = path.read_text(encoding="utf-8").splitlines()
        return {line.partition("==")[0] for line in lines if "==" in line}

    own = pinned(BENCH / "requirements.txt")
    assert {"bioc", "datasketch"} <= own
    assert not own & pinned(BENCH.parent / "requirements.txt")


@pytest.mark.slow
def test_a_scale_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    command = [BENCH / "scale.py", "--folder", tmp_path, "--documents", "1000", "--commands", "validate"]
    first = run_bench(*command, "--jobs", "1")
    assert first.returncode == 0, first.stderr
    shard = tmp_path / "shards" / "generated-00000.jsonl"
    made = shard.stat().st_ino, shard.stat().st_mtime_ns
    assert len(shard.read_bytes().splitlines()) == 1000
    second = run_bench(*command, "--jobs", "1,2")
    assert second.returncode == 0, second.stderr
    assert (shard.stat().st_ino, shard.stat().st_mtime_ns) == made
    rows = scale.rows_of(tmp_path / "rows.jsonl")
    assert [(r.engine, r.documents, r.status) for r in rows] == [(scale.ONE, 1000, 0), (scale.TWO, 1000, 0)]
    assert len(rows[1].peaks) >= 2  # the command, and the process that had the one shard
    assert max(rows[1].peaks) > 40
    assert "pace of 2 processes" in second.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SECTIONS if name != "conversion"])
def test_every_section_of_the_table_runs(name: str) -> None:
    if name in {"brat", "duplicates"}:
        pytest.importorskip({"brat": "bioc", "duplicates": "datasketch"}[name], reason="make bench installs it")
    done = subprocess.run(
        [sys.executable, str(BENCH / "table.py"), "--quick", "--only", name],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(rows) >= 2  # the heading, and one at the least
    assert all(line.count(" | ") >= 4 for line in rows)
