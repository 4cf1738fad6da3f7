"""Where work runs: in this process, in a pool of processes, or on a Dask cluster; results come in the work's order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from corpus_tool.model import CorpusToolError

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")

#: Pieces of work that are handed out ahead, by process: enough to keep all busy, few enough to hold in memory.
_AHEAD = 2


@dataclass(frozen=True)
class Engine:
    """Where work runs.

    Attributes:
        jobs: processes of this machine; 1 is this process.
        scheduler: address of a Dask scheduler, as ``tcp://host:8786``; its workers do the work in place of ``jobs``.
    """

    jobs: int = 1
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise CorpusToolError(f"jobs: {self.jobs} processes cannot work")
        if self.jobs > 1 and self.scheduler is not None:
            raise CorpusToolError("work runs in processes here or on a scheduler's workers: give jobs or scheduler")

    @property
    def is_here(self) -> bool:
        """Whether all work runs in this process."""
        return self.jobs == 1 and self.scheduler is None


HERE = Engine()


@dataclass(frozen=True)
class Ready(Generic[R]):
    """A result that is known already, among pieces of work: it keeps its place in the order."""

    result: R


class Killed(Exception):  # noqa: N818  # what happened to a piece of work
    """The process that had a piece of work was ended from outside, or ended itself, before the work was done."""


class Place(Protocol):
    """Processes that take pieces of work."""

    @property
    def ahead(self) -> int:
        """Pieces that they should have at once."""

    @property
    def tries(self) -> int:
        """How often a piece that is alone may lose its process before it is given up."""

    def submit(self, work: Callable[[Any], Any], item: Any) -> Any:
        """Hands a piece out; gives what ``result`` and ``is_done`` ask for it by. Raises Killed."""

    def result(self, handle: Any) -> Any:
        """What became of a piece, waited for. Raises what the work raised, Killed, or CorpusToolError."""

    def is_done(self, handle: Any) -> bool:
        """Whether a piece has its result."""

    def renew(self) -> None:
        """Prepares for pieces to be handed out anew after one was killed."""

    def close(self) -> None:
        """Ends or leaves the processes; what was handed out and not begun is forgotten."""


def map_ordered(
    work: Callable[[T], R],
    items: Iterable[tuple[K, T | Ready[R]]],
    engine: Engine = HERE,
    *,
    lost: Callable[[T], R] | None = None,
    on_retry: Callable[[str], None] = lambda what: None,
) -> Iterator[tuple[K, R]]:
    """Each item's key with what ``work`` made of the item, in order.

    Where a process is killed, all that was handed out and not done is handed out again, each piece alone: the one
    that ends its process then too, again and again, is given up.

    Args:
        work: a function that can be sent to another process (of a module, or ``functools.partial`` of one).
        items: a key, which stays in this process, and what goes to work, or a result that needs none; taken lazily,
            twice as many as there are processes ahead of the results at the most, one at a time in this process.
        engine: where the work runs.
        lost: gives the result of a piece that was given up.
        on_retry: called with a few words when pieces were lost with their process and are handed out again.

    Raises:
        CorpusToolError: processes were killed again and again over one piece of work, and there is no ``lost``; or the
            cluster cannot be reached or worked with.
    """
    if engine.is_here:
        for key, item in items:
            yield key, item.result if isinstance(item, Ready) else work(item)
        return
    with closing(_place(engine, on_retry)) as place:
        run = _Run[K, T, R](work, place, lost, on_retry)
        for key, item in items:
            run.take(key, item)
            if len(run) > place.ahead:
                yield run.first_result()
        while len(run):
            yield run.first_result()


def _place(engine: Engine, on_retry: Callable[[str], None]) -> Place:
    if engine.scheduler is not None:
        from corpus_tool.engine_dask import Cluster

        return Cluster(engine.scheduler, _AHEAD, on_retry)
    from corpus_tool.engine_pool import Pool

    return Pool(engine.jobs, _AHEAD)


@dataclass
class _Piece(Generic[K, T, R]):
    """A piece of work: not handed out while it has no handle."""

    key: K
    item: T | Ready[R]
    handle: Any = None
    kills: int = 0


class _Run(Generic[K, T, R]):
    """The pieces of work that are taken and whose results were not asked for, in order.

    After a kill, which any piece may be to blame for, those that were out go one at a time (``_suspects`` of them).
    """

    def __init__(
        self,
        work: Callable[[T], R],
        place: Place,
        lost: Callable[[T], R] | None,
        on_retry: Callable[[str], None],
    ) -> None:
        self._work, self._place, self._lost, self._on_retry = work, place, lost, on_retry
        self._pieces: deque[_Piece[K, T, R]] = deque()
        self._suspects = 0

    def __len__(self) -> int:
        return len(self._pieces)

    def take(self, key: K, item: T | Ready[R]) -> None:
        """Takes a piece, and hands it out unless suspects go first."""
        self._pieces.append(_Piece(key, item))
        if not self._suspects:
            self._hand_out()

    def first_result(self) -> tuple[K, R]:
        """The key and the result of the first piece."""
        first = self._pieces[0]
        result = first.item.result if isinstance(first.item, Ready) else self._result(first, first.item)
        self._pieces.popleft()
        self._suspects = max(0, self._suspects - 1)
        if not self._suspects:
            self._hand_out()
        return first.key, result

    def _result(self, first: _Piece[K, T, R], item: T) -> R:
        while True:
            try:
                if first.handle is None:
                    first.handle = self._place.submit(self._work, item)
                result: R = self._place.result(first.handle)
            except Killed as killed:
                first.kills += bool(self._suspects)
                self._begin_again()
                if first.kills < self._place.tries:
                    continue
                if self._lost is None:
                    raise CorpusToolError(
                        "processes were ended from outside again and again (out of memory?); what was written stays, "
                        "run with fewer --jobs"
                    ) from killed
                return self._lost(item)
            return result

    def _hand_out(self) -> None:
        for piece in self._pieces:
            if piece.handle is None and not isinstance(piece.item, Ready):
                try:
                    piece.handle = self._place.submit(self._work, piece.item)
                except Killed:
                    self._begin_again()
                    return

    def _begin_again(self) -> None:
        """Keeps what is done, and lets the other pieces go one at a time."""
        undone = 0
        for piece in self._pieces:
            if piece.handle is not None and not self._place.is_done(piece.handle):
                piece.handle = None
                undone += 1
        self._on_retry(f"a process was ended from outside; {undone} pieces of work are done again")
        self._place.renew()
        self._suspects = len(self._pieces)
