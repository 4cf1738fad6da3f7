"""Where work runs: in this process, or in a pool of processes; the results come in the order of the work."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from corpus_tool.model import CorpusToolError

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")

#: Pieces of work that are handed out ahead, by process: enough to keep all busy, few enough to hold in memory.
_AHEAD = 2


def _leave_interrupts() -> None:
    """An interrupt from the keyboard reaches all processes of a terminal; this one alone is to answer it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def map_ordered(work: Callable[[T], R], items: Iterable[tuple[K, T]], *, jobs: int) -> Iterator[tuple[K, R]]:
    """Each item's key with what ``work`` made of the item, in order.

    Args:
        work: a function that can be sent to another process (of a module, or ``functools.partial`` of one).
        items: a key, which stays in this process, and what goes to work; taken lazily, ``2 * jobs`` ahead of the
            results at the most, one at a time with one job.
        jobs: processes; 1 is this one.

    Raises:
        CorpusToolError: a process was killed.
    """
    if jobs == 1:
        for key, item in items:
            yield key, work(item)
        return
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # Forked children would inherit the locks of whatever threads run here (the progress bar's is one).
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _leave_interrupts)
    try:
        waiting: deque[tuple[K, Future[R]]] = deque()
        for key, item in items:
            waiting.append((key, pool.submit(work, item)))
            if len(waiting) > _AHEAD * jobs:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()
    except BrokenProcessPool as error:
        raise CorpusToolError(
            "a process was ended from outside (out of memory?); what was written stays, run with fewer --jobs"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
