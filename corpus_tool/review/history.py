"""Undo and redo: whole states of a document, as long as nobody else changes it."""

from __future__ import annotations

import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

#: Steps that are kept of a document.
STEPS = 500


class Step(NamedTuple):
    """A state that can be gone back or forward to, compressed, and what the edit between is called."""

    label: str
    etag: str
    packed: bytes

    @property
    def data(self) -> bytes:
        """The bytes of the state."""
        return zlib.decompress(self.packed)


@dataclass
class History:
    """The states of one document before and behind the one on disk.

    Attributes:
        etag: the state on disk, as far as is known; "" before the first edit.
    """

    etag: str = ""
    back: deque[Step] = field(default_factory=lambda: deque(maxlen=STEPS))
    ahead: list[Step] = field(default_factory=list)

    def seen(self, etag: str) -> None:
        """Tells which state is on disk: where it is none of ours, there is nothing to go back to."""
        if etag != self.etag:
            self.back.clear()
            self.ahead.clear()
            self.etag = etag

    def push(self, label: str, before: tuple[str, bytes], etag: str) -> None:
        """Remembers the state (its etag and bytes) before an edit."""
        self.back.append(Step(label, before[0], zlib.compress(before[1], 1)))
        self.ahead.clear()
        self.etag = etag

    def moved(self, *, undone: bool, now: tuple[str, bytes], etag: str) -> str:
        """Remembers that the last step was undone, or made again; gives what it is called.

        Args:
            undone: whether it was undone.
            now: etag and bytes of the state that was left.
            etag: the state that is on disk behind it.
        """
        step = self.back.pop() if undone else self.ahead.pop()
        other = Step(step.label, now[0], zlib.compress(now[1], 1))
        if undone:
            self.ahead.append(other)
        else:
            self.back.append(other)
        self.etag = etag
        return step.label

    def state(self, etag: str) -> bytes | None:
        """The bytes of a state that is remembered."""
        return next((step.data for step in (*self.back, *self.ahead) if step.etag == etag), None)
