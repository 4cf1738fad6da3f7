"""A list of short strings in little memory: their bytes one after the other."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import overload


class Words(Sequence[str]):
    """Strings that are appended and looked up by number; each takes its UTF-8 bytes and eight more."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        end = self._ends[number]
        place = number if number >= 0 else number + len(self)
        start = self._ends[place - 1] if place else 0
        return self._bytes[start:end].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield self._bytes[start:end].decode("utf-8", "surrogatepass")
            start = end

    def append(self, word: str) -> None:
        """Adds a string at the end."""
        self._bytes += word.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))
