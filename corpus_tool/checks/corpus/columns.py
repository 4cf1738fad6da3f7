"""Columns that have a value a document, in bounded memory: what is longer than some megabytes is on disk."""

from __future__ import annotations

import io
import os
import tempfile
import weakref
from abc import abstractmethod
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

#: Bytes of a column that stay in memory.
_IN_MEMORY = 1 << 20

#: Values, or bytes, that are read at once where a column is gone through from its front.
_AT_ONCE = 1 << 16


class _Spool:
    """Bytes that are added at the end and read anywhere: in memory while they are few, then in a temporary file."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, prefix="corpus-tool-")  # noqa: SIM115  # as long as this
        weakref.finalize(self, self._file.close)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, data: bytes) -> None:
        self._file.seek(0, os.SEEK_END)
        self._file.write(data)
        self._size += len(data)

    def read(self, start: int, size: int) -> bytes:
        self._file.seek(start)
        return self._file.read(size)


class Numbers(Sequence[int]):
    """Numbers of one size."""

    def __init__(self, typecode: str) -> None:
        """No numbers yet.

        Args:
            typecode: of ``array``: "B", "I" or "Q".
        """
        self._typecode = typecode
        self._new = array(typecode)
        self._most = _AT_ONCE // self._new.itemsize
        self._old = _Spool()

    def __len__(self) -> int:
        return len(self._old) // self._new.itemsize + len(self._new)

    @overload
    def __getitem__(self, number: int) -> int: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[int]: ...
    def __getitem__(self, number: int | slice) -> int | Sequence[int]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        place = number + len(self) if number < 0 else number
        before = len(self) - len(self._new)
        if not 0 <= place < before:
            return self._new[place - before] if place >= before else self._new[len(self)]
        size = self._new.itemsize
        return array(self._typecode, self._old.read(place * size, size))[0]

    def __iter__(self) -> Iterator[int]:
        for start in range(0, len(self._old), _AT_ONCE):
            yield from array(self._typecode, self._old.read(start, _AT_ONCE))
        yield from self._new

    def append(self, value: int) -> None:
        """Adds a number at the end."""
        self._new.append(value)
        if len(self._new) >= self._most:
            self._keep()

    def extend(self, values: Iterable[int]) -> None:
        """Adds numbers at the end."""
        self._new.extend(values)
        if len(self._new) >= self._most:
            self._keep()

    def tobytes(self) -> bytes:
        """All numbers as bytes, in this machine's order."""
        return self._old.read(0, len(self._old)) + self._new.tobytes()

    def _keep(self) -> None:
        self._old.add(self._new.tobytes())
        self._new = array(self._typecode)


class _Strings(Sequence[str]):
    """What columns of strings share: ``_at`` gives one by its place from 0, which is there."""

    @abstractmethod
    def _at(self, place: int) -> str: ...

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self._at(place) for place in range(*number.indices(len(self)))]
        place = number + len(self) if number < 0 else number
        if not 0 <= place < len(self):
            raise IndexError(number)
        return self._at(place)


class Words(_Strings):
    """Strings: their bytes one after the other."""

    def __init__(self) -> None:
        self._bytes = _Spool()
        self._new = io.BytesIO()
        self._end = 0
        self._ends = Numbers("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def _at(self, place: int) -> str:
        self._keep()
        start = self._ends[place - 1] if place else 0
        return _decoded(self._bytes.read(start, self._ends[place] - start))

    def __iter__(self) -> Iterator[str]:
        self._keep()
        data, begin, start = b"", 0, 0  # of the bytes that were read: where they begin
        for end in self._ends:
            if end > begin + len(data):
                data, begin = self._bytes.read(start, max(_AT_ONCE, end - start)), start
            yield _decoded(data[start - begin : end - begin])
            start = end

    def append(self, word: str) -> None:
        """Adds a string at the end."""
        self._end += self._new.write(word.encode("utf-8", "surrogatepass"))
        self._ends.append(self._end)
        if self._new.tell() >= _AT_ONCE:
            self._keep()

    def _keep(self) -> None:
        if self._new.tell():
            self._bytes.add(self._new.getvalue())
            self._new = io.BytesIO()


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


class Repeated(_Strings):
    """Strings that mostly repeat the one before, as the file of each document where a shard holds many.

    In memory are eight bytes for each string that differs from the one before it.
    """

    def __init__(self) -> None:
        self._words = Words()
        self._starts = array("Q")
        self._count = 0
        self._last: str | None = None

    def __len__(self) -> int:
        return self._count

    def _at(self, place: int) -> str:
        return self._words[bisect_right(self._starts, place) - 1]

    def append(self, word: str, times: int = 1) -> None:
        """Adds a string at the end, a number of times."""
        if word != self._last and times:
            self._words.append(word)
            self._starts.append(self._count)
            self._last = word
        self._count += times

    def runs(self) -> Iterator[tuple[int, str]]:
        """Each string that differs from the one before, with the place where it begins."""
        yield from zip(self._starts, self._words, strict=True)


class Codes(_Strings):
    """Strings of which few are different: a byte each."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._codes = Numbers("B")
        self._values: list[str] = []
        self._numbers: dict[str, int] = {}
        for value in values:
            self.append(value)

    def __len__(self) -> int:
        return len(self._codes)

    def _at(self, place: int) -> str:
        return self._values[self._codes[place]]

    def __iter__(self) -> Iterator[str]:
        return map(self._values.__getitem__, self._codes)

    def append(self, value: str) -> None:
        """Adds a string at the end.

        Raises:
            ValueError: it is the 257th different one.
        """
        code = self._numbers.get(value)
        if code is None:
            code = self._numbers[value] = len(self._values)
            self._values.append(value)
        self._codes.append(code)
