"""The engine: the same results in the same order wherever work runs, and whoever is killed meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from corpus_tool.engine import Engine, Ready, map_ordered
from corpus_tool.model import CorpusToolError

NUMBERS = list(range(40))


def double(number: int) -> int:
    return 2 * number


def double_or_die(folder: Path, number: int) -> int:
    """Is killed over every tenth number, the first time."""
    mark = folder / str(number)
    if number % 10 == 3 and not mark.exists():
        mark.write_text("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def always_die(number: int) -> int:
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def refuse(number: int) -> int:
    if number == 5:
        raise ValueError("five")
    return number


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_work(jobs: int) -> None:
    assert list(map_ordered(double, zip(NUMBERS, NUMBERS, strict=True), Engine(jobs))) == [(n, 2 * n) for n in NUMBERS]


def test_what_a_killed_process_had_is_done_by_another(tmp_path: Path) -> None:
    work = partial(double_or_die, tmp_path)
    assert list(map_ordered(work, zip(NUMBERS, NUMBERS, strict=True), Engine(2))) == [(n, 2 * n) for n in NUMBERS]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["13", "23", "3", "33"]


def test_the_one_piece_that_always_kills_its_process_is_given_up_and_the_rest_is_done() -> None:
    found = map_ordered(always_die, zip(NUMBERS, NUMBERS, strict=True), Engine(2), lost=lambda number: -number)
    assert list(found) == [(n, -5 if n == 5 else 2 * n) for n in NUMBERS]


def test_results_that_are_known_keep_their_place_in_the_order() -> None:
    items = [(n, Ready(-n) if n % 3 else n) for n in NUMBERS]
    expected = [(n, -n if n % 3 else 2 * n) for n in NUMBERS]
    assert list(map_ordered(double, items, Engine(2))) == list(map_ordered(double, items)) == expected


def test_work_that_always_kills_its_process_ends_with_a_word() -> None:
    done = []
    with pytest.raises(CorpusToolError, match="again and again"):
        done.extend(map_ordered(always_die, zip(NUMBERS, NUMBERS, strict=True), Engine(2)))


def test_an_exception_of_the_work_comes_through() -> None:
    found = map_ordered(refuse, zip(NUMBERS, NUMBERS, strict=True), Engine(2))
    with pytest.raises(ValueError, match="five"):
        list(found)


def test_work_is_taken_lazily() -> None:
    taken = []

    def items() -> object:
        for number in NUMBERS:
            taken.append(number)
            yield number, number

    results = map_ordered(double, items(), Engine(2))  # type: ignore[arg-type]
    next(results)
    assert len(taken) <= 6
    results.close()  # type: ignore[attr-defined]


PARENT = """
import os, sys, time
from corpus_tool.engine import Engine, map_ordered
import sleeper

if __name__ == "__main__":
    for key, pid in map_ordered(sleeper.told, ((n, n) for n in range(9)), Engine(2)):
        print(pid, flush=True)
"""
SLEEPER = """
import os, time

def told(number):
    if number > 1:
        time.sleep(600)
    return os.getpid()
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_the_processes_of_a_pool_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    parent = subprocess.Popen([sys.executable, "parent.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = {int(parent.stdout.readline()) for _ in range(2)}
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while left := [pid for pid in pids if _is_alive(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
