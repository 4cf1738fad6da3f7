"""Paired timing of two commands: A and B in turn, CPU seconds of each finished process, the ratio pair by pair."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratio:
    """CPU time of A over that of B: median, least and greatest over the pairs; and the medians in seconds."""

    median: float
    least: float
    greatest: float
    a_seconds: float
    b_seconds: float
    pairs: int


def cpu_seconds(command: Sequence[str]) -> float:
    """User and system seconds of one run, by the operating system's account of the finished process.

    Raises:
        SystemExit: the command failed.
    """
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{complaint.decode(errors='replace')}")
    return usage.ru_utime + usage.ru_stime


def paired(a: Sequence[str], b: Sequence[str], pairs: int = 15) -> Ratio:
    """Runs A and B in turn, once uncounted and then ``pairs`` times."""
    cpu_seconds(a), cpu_seconds(b)
    return ratio_of([(cpu_seconds(a), cpu_seconds(b)) for _ in range(pairs)])


def paired_calls(a: Callable[[], object], b: Callable[[], object], pairs: int) -> Ratio:
    """The same for two functions in this process: CPU time of all its threads."""
    a(), b()
    return ratio_of([(_cpu_seconds_of(a), _cpu_seconds_of(b)) for _ in range(pairs)])


def ratio_of(times: Sequence[tuple[float, float]]) -> Ratio:
    """The ratio of times that were taken in pairs."""
    ratios = [one / other for one, other in times]
    return Ratio(
        median(ratios),
        min(ratios),
        max(ratios),
        median(one for one, _ in times),
        median(other for _, other in times),
        len(times),
    )


def _cpu_seconds_of(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
