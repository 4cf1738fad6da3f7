"""A pool of processes of this machine, made anew when one of them is killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from corpus_tool.engine import Killed

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor


class Pool:
    """Processes of this machine; the ``Place`` of ``--jobs``."""

    #: How often a piece of work that has the pool to itself may end its process: one that does would do so for ever.
    tries = 3

    def __init__(self, jobs: int, ahead: int) -> None:
        """A pool; its processes start with the first pieces.

        Args:
            jobs: processes.
            ahead: pieces of work a process that are handed out at once.
        """
        self.ahead = ahead * jobs
        self._jobs = jobs
        self._pool = _new_pool(jobs)

    def submit(self, work: Callable[[Any], Any], item: Any) -> Future[Any]:
        """Hands a piece of work to a process."""
        from concurrent.futures.process import BrokenProcessPool

        try:
            return self._pool.submit(work, item)
        except BrokenProcessPool as error:
            raise Killed from error

    def result(self, handle: Future[Any]) -> Any:
        """What became of a piece of work."""
        from concurrent.futures.process import BrokenProcessPool

        try:
            return handle.result()
        except (BrokenProcessPool, CancelledError) as error:
            raise Killed from error

    def is_done(self, handle: Future[Any]) -> bool:
        """Whether a piece of work has its result, or the exception that it raised itself."""
        from concurrent.futures.process import BrokenProcessPool

        if not handle.done() or handle.cancelled():
            return False
        return not isinstance(handle.exception(), BrokenProcessPool)

    def renew(self) -> None:
        """Ends what is left of the processes, and begins new ones."""
        self.close()
        self._pool = _new_pool(self._jobs)

    def close(self) -> None:
        """Ends the processes; what was handed out and not begun is forgotten."""
        self._pool.shutdown(wait=True, cancel_futures=True)


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
