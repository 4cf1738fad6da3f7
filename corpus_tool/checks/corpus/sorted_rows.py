"""Rows of numbers sorted by a key, however many there are: what does not fit into memory waits on disk in sorted runs.

Rows are added in any order. Each time they fill ``_IN_MEMORY`` bytes they are sorted and appended to a temporary file
as a run. ``parts`` cuts all runs at the same keys and sorts the pieces of one range together (a merge by ranges
instead of row by row), so that memory is bounded by a few parts, and disk by 8 bytes a key and 4 a further number.
"""

from __future__ import annotations

import os
import weakref
from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

N = TypeVar("N", bound="np.generic")

#: Bytes of rows that are kept in memory before they are written; a part has about as many.
_IN_MEMORY = 8_000_000

#: Keys of each part that are looked at to find where to cut.
_SAMPLES = 64

_ALL_BITS = (1 << 64) - 1


class Part(NamedTuple):
    """Rows of neighbouring keys, ascending; those of one key in the order in which they were added.

    Attributes:
        keys: the key of each row.
        columns: the further numbers of the rows, an array a column.
    """

    keys: NDArray[np.uint64]
    columns: tuple[NDArray[np.uint32], ...]


class _Run(NamedTuple):
    """A run in the file: where it starts, how many rows it has, and some of its keys, evenly apart."""

    start: int
    rows: int
    sampled: NDArray[np.uint64]


class SortedRows:
    """Rows of a key of 64 bits and further numbers of 32 bits each."""

    def __init__(self, columns: int = 0) -> None:
        """No rows yet.

        Args:
            columns: how many further numbers a row has.
        """
        self._count = 0
        self._most = _IN_MEMORY // (8 + 4 * columns)
        self._keys = array("Q")
        self._columns = tuple(array("I") for _ in range(columns))
        self._file: Any = None
        self._runs: list[_Run] = []

    def __len__(self) -> int:
        return self._count

    def add(self, key: int, *values: int) -> None:
        """Adds a row; of the key, which may be negative, 64 bits count."""
        self._keys.append(key & _ALL_BITS)
        for column, value in zip(self._columns, values, strict=True):
            column.append(value)
        self._count += 1
        if len(self._keys) >= self._most:
            self._write_run()

    def extend(self, keys: bytes, *columns: Iterable[int]) -> None:
        """Adds rows: keys of 8 bytes each in this machine's order, and as many of each further number."""
        self._keys.frombytes(keys)
        for column, values in zip(self._columns, columns, strict=True):
            column.extend(values)
        self._count += len(keys) // 8
        if len(self._keys) >= self._most:
            self._write_run()

    def close(self) -> None:
        """Gives the temporary file back; nothing can be asked after."""
        if self._file is not None:
            self._file.close()

    def parts(self, shift: int = 0) -> Iterator[Part]:
        """All rows, in parts of ascending keys.

        Args:
            shift: keys that are equal without their lowest ``shift`` bits come in one part.
        """
        import numpy as np

        waiting = self._waiting() if len(self._keys) else None
        samples = [run.sampled for run in self._runs]
        if waiting is not None:
            samples.append(self._sampled(waiting.keys))
        if not samples:
            return
        sampled = np.sort(np.concatenate(samples))
        borders = np.unique(sampled[_SAMPLES::_SAMPLES] >> np.uint64(shift)) << np.uint64(shift)
        cuts = [_cuts(self._read(run.start, run.rows, np.uint64), borders) for run in self._runs]
        last = _cuts(waiting.keys, borders) if waiting is not None else []
        for nth in range(len(borders) + 1):
            pieces = [self._piece(run, cut[nth], cut[nth + 1]) for run, cut in zip(self._runs, cuts, strict=True)]
            if waiting is not None:
                pieces.append(_cut(waiting, last[nth], last[nth + 1]))
            yield _merged(pieces)

    def _waiting(self) -> Part:
        """The rows in memory, as a part."""
        import numpy as np

        return _merged([Part(np.array(self._keys, np.uint64), tuple(np.array(c, np.uint32) for c in self._columns))])

    def _write_run(self) -> None:
        if self._file is None:
            import tempfile

            self._file = tempfile.TemporaryFile(prefix="corpus-tool-")  # noqa: SIM115  # lives as long as this object
            weakref.finalize(self, self._file.close)
        run = self._waiting()
        self._file.seek(0, os.SEEK_END)
        self._runs.append(_Run(self._file.tell(), len(run.keys), self._sampled(run.keys)))
        self._file.write(run.keys.tobytes())
        for column in run.columns:
            self._file.write(column.tobytes())
        self._keys = array("Q")
        self._columns = tuple(array("I") for _ in self._columns)

    def _sampled(self, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
        step = max(1, self._most // _SAMPLES)
        return keys[step // 2 :: step].copy()

    def _piece(self, run: _Run, start: int, end: int) -> Part:
        """Rows of a run, read from the file."""
        import numpy as np

        keys = self._read(run.start + 8 * start, end - start, np.uint64)
        after = run.start + 8 * run.rows
        firsts = (after + 4 * (run.rows * nth + start) for nth in range(len(self._columns)))
        return Part(keys, tuple(self._read(first, end - start, np.uint32) for first in firsts))

    def _read(self, start: int, count: int, type_: type[N]) -> NDArray[N]:
        """Numbers from the file; mapped into memory they would count as this process's."""
        import numpy as np

        self._file.seek(start)
        return np.frombuffer(self._file.read(count * np.dtype(type_).itemsize), type_)


def _cuts(keys: NDArray[np.uint64], borders: NDArray[np.uint64]) -> list[int]:
    import numpy as np

    return [0, *np.searchsorted(keys, borders).tolist(), len(keys)]


def _cut(run: Part, start: int, end: int) -> Part:
    return Part(run.keys[start:end], tuple(column[start:end] for column in run.columns))


def _merged(pieces: list[Part]) -> Part:
    """The rows of some pieces, sorted by key; those of one key in the order of the pieces."""
    import numpy as np

    keys = np.concatenate([piece.keys for piece in pieces])
    columns = [np.concatenate(column) for column in zip(*(piece.columns for piece in pieces), strict=True)]
    if not columns:
        return Part(np.sort(keys), ())
    order = np.argsort(keys, kind="stable")
    return Part(keys[order], tuple(column[order] for column in columns))
