"""Faults that a test sets: refuse, cut, hold or lose the next requests of a kind."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

ACTIONS = {
    "refuse": "answer `status` (with `headers`, `message`, `code`) and do nothing",
    "cut_upload": "read `bytes` bytes of the request's body, then cut the connection",
    "cut_download": "send `bytes` bytes of the answer's body, then cut the connection",
    "lose_answer": "do what was asked, then cut the connection instead of answering",
    "hold": "read the request, then wait for `release` before doing anything",
    "hold_answer": "do what was asked, then wait for `release` before answering",
    "ignore": "answer as if done, and leave the visibility as it is (kinds create and settings)",
}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next ``times`` requests of a ``kind`` ("*": any) whose address contains ``path``.

    A connection that is cut is closed, or with ``reset`` torn down (RST), which clients may tell apart.
    """

    kind: str
    action: str
    times: int = 1
    path: str = ""
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "Service Unavailable"
    code: str = ""
    bytes: int = 0
    reset: bool = False

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"no such action: {self.action}; there are {', '.join(ACTIONS)}")


class CutError(Exception):
    """The connection is to be cut here."""


@dataclass
class Held:
    """A request that waits; ``verdict`` is "" until it is released, ``over`` once it has done its work."""

    kind: str
    verdict: str = ""
    over: bool = False


class Faults:
    """The faults that are set, and the requests that are held; safe to use from every thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._set: list[tuple[Fault, int]] = []
        self._held: list[Held] = []

    def set(self, faults: list[Fault]) -> None:
        """Replace all faults; those of one kind are used up in their order."""
        with self._changed:
            self._set = [(fault, fault.times) for fault in faults]

    def take(self, kind: str, address: str) -> Fault | None:
        """The fault that this request meets, counted down."""
        with self._changed:
            for index, (fault, left) in enumerate(self._set):
                if left and fault.kind in {kind, "*"} and fault.path in address:
                    self._set[index] = (fault, left - 1)
                    return fault
        return None

    @contextmanager
    def hold(self, kind: str) -> Iterator[None]:
        """Wait until this request is released; the block is its work.

        Raises:
            CutError: it was dropped.
        """
        held = Held(kind)
        with self._changed:
            self._held.append(held)
            self._changed.notify_all()
            self._changed.wait_for(lambda: held.verdict)
        try:
            if held.verdict == "drop":
                raise CutError
            yield
        finally:
            with self._changed:
                held.over = True
                self._held.remove(held)
                self._changed.notify_all()

    def wait_held(self, kind: str, timeout: float) -> bool:
        """Wait until a request of this kind is held, at most ``timeout`` seconds; whether one is."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._waiting(kind)), timeout)

    def release(self, kind: str, *, drop: bool = False) -> int:
        """Let the held requests of a kind go on, or drop them, and wait until they are over; how many there were."""
        with self._changed:
            waiting = self._waiting(kind)
            for held in waiting:
                held.verdict = "drop" if drop else "serve"
            self._changed.notify_all()
            self._changed.wait_for(lambda: all(held.over for held in waiting))
            return len(waiting)

    def _waiting(self, kind: str) -> list[Held]:
        return [held for held in self._held if held.kind == kind and not held.verdict]
