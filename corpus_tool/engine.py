"""Where work runs: in this process, or in a pool of processes; the results come in the order of the work."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from corpus_tool.model import CorpusToolError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")

#: Pieces of work that are handed out ahead, by process: enough to keep all busy, few enough to hold in memory.
_AHEAD = 2

#: How often a pool is made anew before another piece is done: one that kills its process would do so for ever.
_TRIES = 3


def map_ordered(work: Callable[[T], R], items: Iterable[tuple[K, T]], *, jobs: int) -> Iterator[tuple[K, R]]:
    """Each item's key with what ``work`` made of the item, in order.

    Where a process is killed, all that was handed out and not done is handed out again, to new processes.

    Args:
        work: a function that can be sent to another process (of a module, or ``functools.partial`` of one).
        items: a key, which stays in this process, and what goes to work; taken lazily, ``2 * jobs`` ahead of the
            results at the most, one at a time with one job.
        jobs: processes; 1 is this one.

    Raises:
        CorpusToolError: processes were killed again and again over one piece of work.
    """
    if jobs == 1:
        for key, item in items:
            yield key, work(item)
        return
    with closing(_Pool[K, T, R](work, jobs)) as pool:
        for key, item in items:
            pool.hand_out(key, item)
            if len(pool) > _AHEAD * jobs:
                yield pool.first_result()
        while len(pool):
            yield pool.first_result()


@dataclass
class _Piece(Generic[K, T, R]):
    """A piece of work that was handed out."""

    key: K
    item: T
    future: Future[R] | None = None


class _Pool(Generic[K, T, R]):
    """Processes, and the pieces of work that they have, in order."""

    def __init__(self, work: Callable[[T], R], jobs: int) -> None:
        self._work, self._jobs = work, jobs
        self._pieces: deque[_Piece[K, T, R]] = deque()
        self._tries = 0
        self._pool = _new_pool(jobs)

    def __len__(self) -> int:
        return len(self._pieces)

    def hand_out(self, key: K, item: T) -> None:
        """Gives a piece of work to a process."""
        from concurrent.futures.process import BrokenProcessPool

        self._pieces.append(_Piece(key, item))
        try:
            self._submit()
        except BrokenProcessPool as error:
            self._begin_again(error)

    def first_result(self) -> tuple[K, R]:
        """The key and the result of the first piece that was handed out and not asked for."""
        from concurrent.futures.process import BrokenProcessPool

        while True:
            first = self._pieces[0]
            assert first.future is not None
            try:
                result = first.future.result()
            except BrokenProcessPool as error:
                self._begin_again(error)
                continue
            self._pieces.popleft()
            self._tries = 0
            return first.key, result

    def close(self) -> None:
        """Ends the processes; what was handed out and not begun is forgotten."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self) -> None:
        for piece in self._pieces:
            if piece.future is None:
                piece.future = self._pool.submit(self._work, piece.item)

    def _begin_again(self, error: Exception) -> None:
        """Makes new processes, and gives them what the old ones did not finish."""
        from concurrent.futures.process import BrokenProcessPool

        while True:
            self._tries += 1
            if self._tries > _TRIES:
                raise CorpusToolError(
                    "processes were ended from outside again and again (out of memory?); what was written stays, "
                    "run with fewer --jobs"
                ) from error
            self.close()
            self._pool = _new_pool(self._jobs)
            for piece in self._pieces:
                if piece.future is not None and (not piece.future.done() or _is_lost(piece.future)):
                    piece.future = None
            try:
                self._submit()
            except BrokenProcessPool as again:
                error = again
            else:
                return


def _is_lost(future: Future[R]) -> bool:
    from concurrent.futures.process import BrokenProcessPool

    return future.cancelled() or isinstance(future.exception(), BrokenProcessPool)


def _new_pool(jobs: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Forked children would inherit the locks of whatever threads run here (the progress bar's is one).
    return ProcessPoolExecutor(jobs, get_context("spawn"), _begin_process)


def _begin_process() -> None:
    """Prepares a process of a pool: it leaves interrupts to its parent, and ends when the parent is gone.

    An interrupt from the keyboard reaches all processes of a terminal; one alone is to answer it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
