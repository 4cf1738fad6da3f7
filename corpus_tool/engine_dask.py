"""A Dask cluster as a place of work: connected to, looked after while it works, and left as it was found."""

from __future__ import annotations

import logging
import pickle
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any
from uuid import uuid4

from corpus_tool.engine import Killed
from corpus_tool.model import CorpusToolError

#: Seconds until a scheduler that does not answer is given up, at the start and when the connection is lost.
_CONNECT_SECONDS = 10

#: Seconds that a cluster may be without a worker: a nanny starts a killed one again within a few.
_PATIENCE_SECONDS = 60

#: Seconds between two looks at the cluster's workers, which may come and go.
_LOOK_SECONDS = 5

#: A worker's threads share one interpreter lock, and annotators may not be used by two at once.
_ONE_AT_A_TIME = threading.Lock()


class Cluster:
    """The workers of a Dask scheduler; the ``Place`` of ``--scheduler``."""

    #: Dask itself tries a piece of work on several workers before it calls it a killer (``allowed-failures``).
    tries = 1

    def __init__(self, address: str, ahead: int, on_retry: Callable[[str], None] = lambda what: None) -> None:
        """A connection to a cluster whose workers have the same corpus-tool.

        Args:
            address: of the scheduler, as ``tcp://host:8786``.
            ahead: pieces of work a thread of a worker that are handed out at once.
            on_retry: called with a few words for each worker that is gone: others do again what it had.

        Raises:
            CorpusToolError: Dask is not installed, no scheduler answers, it has no workers, or these lack corpus-tool
                or have another one.
        """
        self._address = address
        self._each = ahead
        self._on_retry = on_retry
        self._workers: frozenset[str] = frozenset()
        self._logs = _Muted()
        self._names = (f"corpus-tool-{uuid4().hex}-{number}" for number in count())
        self._client = _connected(address, self._logs)
        try:
            self._threads = self._workers_at_first()
            self._looked = self._seen = time.monotonic()
            _require_same_code(self._client, address)
        except BaseException:
            self.close()
            raise

    @property
    def ahead(self) -> int:
        """Pieces of work that are handed out at once: more when workers join."""
        return self._each * self._threads

    def submit(self, work: Callable[[Any], Any], item: Any) -> Any:
        """Hands a piece of work to the scheduler, packed: what it consists of is nothing to Dask."""
        import cloudpickle

        packed = cloudpickle.dumps((work, item), protocol=pickle.HIGHEST_PROTOCOL)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a piece is large: it holds lines that were read here
                return self._client.submit(_run_packed, packed, key=next(self._names), pure=False)
        except (OSError, RuntimeError) as error:
            raise self._lost() from error

    def result(self, handle: Any) -> Any:
        """What became of a piece of work."""
        from concurrent.futures import CancelledError

        from distributed.scheduler import KilledWorker

        while True:
            try:
                self._look()
                return handle.result(timeout=_LOOK_SECONDS)
            except KilledWorker as error:
                raise Killed from error
            except TimeoutError:
                if handle.done():
                    raise  # the work's own
            except CancelledError as error:
                raise self._lost() from error
            except ModuleNotFoundError as error:
                raise CorpusToolError(f"{self._address}: {_lacks(error.name)}") from error

    def is_done(self, handle: Any) -> bool:
        """Whether a piece of work has its result, or the exception that it raised itself."""
        return bool(handle.status == "finished")

    def renew(self) -> None:
        """Nothing is to be prepared: the scheduler forgets what nobody waits for."""

    def close(self) -> None:
        """Leaves the cluster; what nobody waits for any more is forgotten there."""
        with suppress(Exception):  # the connection may be gone already
            self._client.close(timeout=_LOOK_SECONDS)
        self._logs.end()

    def _look(self) -> None:
        """Counts the workers now and then.

        Raises:
            CorpusToolError: the scheduler is gone, or has had no worker for a while.
        """
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        threads = self._count()
        if threads:
            self._threads, self._seen = threads, now
        elif now - self._seen > _PATIENCE_SECONDS:
            raise CorpusToolError(
                f"{self._address}: the last Dask worker is gone; what was done is kept: start workers and run again"
            )

    def _workers_at_first(self) -> int:
        deadline = time.monotonic() + _CONNECT_SECONDS
        while not (threads := self._count()):
            if time.monotonic() > deadline:
                raise CorpusToolError(
                    f"{self._address}: the Dask scheduler has no workers; start some: dask worker {self._address} "
                    "--nworkers 2 --nthreads 1"
                )
            time.sleep(0.1)
        return threads

    def _count(self) -> int:
        try:
            threads = self._client.nthreads()
        except (OSError, RuntimeError, AttributeError, TimeoutError) as error:  # whatever a closed client answers with
            raise self._lost() from error
        for worker in sorted(self._workers.difference(threads)):
            self._on_retry(f"the Dask worker {worker} is gone; others do again what it had")
        self._workers = frozenset(threads)
        return sum(threads.values())

    def _lost(self) -> CorpusToolError:
        return CorpusToolError(
            f"{self._address}: the connection to the Dask scheduler is lost; what was done is kept: run again"
        )


def _run_packed(packed: bytes) -> Any:
    """Does a piece of work, on a worker."""
    work, item = pickle.loads(packed)  # noqa: S301  # Dask itself trusts what comes from its client
    with _ONE_AT_A_TIME:
        return work(item)


def _connected(address: str, logs: _Muted) -> Any:  # a distributed.Client, whose methods have no types
    try:
        import distributed
    except ImportError as error:
        raise CorpusToolError(
            "--scheduler: Dask is not installed here; pip install 'corpus-tool[dask]' gets it"
        ) from error
    logs.begin()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions: whether corpus-tool is the same is asked by itself
            client: Any = distributed.Client
            return client(address, timeout=_CONNECT_SECONDS, set_as_default=False, name="corpus-tool")
    except (OSError, ValueError, TypeError, ImportError, RuntimeError) as error:
        logs.end()
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CorpusToolError(
            f"{address}: no Dask scheduler answers there, as tcp://host:8786 would ({reason})"
        ) from error


def _require_same_code(client: Any, address: str) -> None:
    """Refuses a cluster whose workers would not do the same as this process."""
    from corpus_tool.cache import rules_digest
    from corpus_tool.model.schemas import built_in_layers

    def told() -> tuple[str, bytes]:  # goes to workers as it stands: they may lack this module
        try:
            import corpus_tool
            from corpus_tool.cache import rules_digest
            from corpus_tool.model.schemas import built_in_layers
        except ImportError as error:
            return error.name or "corpus_tool", b""
        return corpus_tool.__version__, rules_digest(built_in_layers())

    own = rules_digest(built_in_layers())
    for worker, (version, digest) in sorted(client.run(told).items()):
        if not digest:
            raise CorpusToolError(f"{address}: worker {worker}: {_lacks(version)}")
        if digest != own:
            raise CorpusToolError(
                f"{address}: worker {worker} has another corpus-tool than this machine ({version}), or other "
                "libraries; install the same everywhere: the results would not be the same"
            )


def _lacks(module: str | None) -> str:
    package = "corpus-tool" if not module or module.startswith("corpus_tool") else module
    return f"{package} is not installed there; install the same corpus-tool on every worker"


class _Muted:
    """Dask's own log kept off the terminal while a cluster is in use: what goes wrong is said in one line here."""

    def __init__(self) -> None:
        self._handlers: list[logging.Handler] = []

    def begin(self) -> None:
        """Mutes what logs there are."""
        known = logging.root.manager.loggerDict
        names = [name for name in known if name.partition(".")[0] in {"distributed", "tornado"}]
        self._handlers = [handler for name in names for handler in logging.getLogger(name).handlers]
        for handler in self._handlers:
            handler.addFilter(_nothing)

    def end(self) -> None:
        """Gives the logs back."""
        for handler in self._handlers:
            handler.removeFilter(_nothing)
        self._handlers = []


def _nothing(_record: logging.LogRecord) -> bool:
    return False
