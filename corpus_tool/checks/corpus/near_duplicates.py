"""Near duplicates: the pairs of texts that share at least ``THRESHOLD`` of their word 5-grams.

The search is over sketches (``language/shingles.py``) and takes three steps. The smallest ``HEADS`` hashes of each
text are joined: every occurrence of a hash meets the next ``WINDOW`` texts that have it too, so a phrase that all texts
share costs no more than any other. Pairs that meet often enough are compared by their sketches. Where an estimate lies
too near the threshold to tell, the texts are read again and compared gram by gram: a pair below the threshold is
reported only where an estimate is off by more than 3.5 standard errors.

In memory stands a byte or two of each text; the sketches, the joined hashes and the pairs that met are on disk
(``columns.py``, ``sorted_rows.py``).
"""

from __future__ import annotations

import os
import struct
import weakref
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from corpus_tool.checks.corpus.columns import Numbers
from corpus_tool.checks.corpus.sorted_rows import SortedRows
from corpus_tool.language.shingles import Sketch, jaccard, margin, resemblance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from corpus_tool.language.shingles import Hashes

#: The Jaccard of word 5-grams from which on two texts are near duplicates.
THRESHOLD = 0.8

#: Hashes of a text that are joined with other texts'; a text with fewer grams joins all.
HEADS = 32

#: Texts that one occurrence of a hash meets.
WINDOW = 8

#: A pair is compared when it met in one of so many of the hashes that could have met; near duplicates meet in most.
_MET = 4

#: Pairs that are compared gram by gram at once: what bounds the memory of the texts that are read again.
_AT_ONCE = 2_000

_LOW = 0xFFFFFFFF


class NearPair(NamedTuple):
    """Two texts by their numbers, the earlier one first, and the Jaccard of their word 5-grams."""

    one: int
    other: int
    similarity: float


class SketchFile:
    """Sketches by number, in a temporary file that goes when the object does."""

    def __init__(self) -> None:
        import tempfile

        self._file = tempfile.TemporaryFile(prefix="corpus-tool-")  # noqa: SIM115  # lives as long as this object
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._ends = Numbers("Q")
        self._grams = Numbers("I")
        self._joined = Numbers("B")
        self._heads = SortedRows()

    def __len__(self) -> int:
        return len(self._ends)

    def close(self) -> None:
        """Gives the temporary files back; nothing can be asked after."""
        self._file.close()
        self._heads.close()

    def add(self, grams: int, hashes: bytes) -> None:
        """Adds the next text: how many grams it has, and its sketch's hashes (little-endian, 4 bytes each)."""
        sizes = array("I", [len(hashes) // 4])
        self.take(array("I", [grams]).tobytes(), sizes.tobytes(), hashes, array("Q", heads_of(hashes, 0)).tobytes())

    def take(self, grams: bytes, sizes: bytes, hashes: bytes, heads: bytes) -> None:
        """Adds the next texts.

        Args:
            grams: how many grams each has, 4 bytes.
            sizes: how many hashes its sketch has, 4 bytes.
            hashes: those of all sketches, little-endian, 4 bytes.
            heads: those that are joined, in the upper half of 8 bytes, in the lower the text's place among these.
        """
        first = len(self)
        self._file.write(hashes)
        self._grams.extend(array("I", grams))
        for size in array("I", sizes):
            self._end += 4 * size
            self._ends.append(self._end)
            self._joined.append(min(size, HEADS))
        self._heads.extend(array("Q", [head + first for head in array("Q", heads)]).tobytes())

    def sketch(self, number: int) -> Sketch:
        """The sketch of a text."""
        import numpy as np

        start = self._ends[number - 1] if number else 0
        self._file.seek(start)
        data = self._file.read(self._ends[number] - start)
        self._file.seek(0, os.SEEK_END)
        return Sketch(self._grams[number], np.frombuffer(data, "<u4"))

    def joined(self) -> NDArray[np.uint8]:
        """How many hashes of each text are joined."""
        import numpy as np

        return np.frombuffer(self._joined.tobytes(), np.uint8)

    def heads(self) -> Iterator[NDArray[np.uint64]]:
        """The hashes that are joined, ascending: each in the upper half of a number, the text's number in the lower.

        Equal hashes come in one array.
        """
        for part in self._heads.parts(shift=32):
            yield part.keys


def heads_of(hashes: bytes, number: int) -> list[int]:
    """The hashes of a sketch that are joined, each in the upper half of a number, the text's number in the lower."""
    joined = min(len(hashes) // 4, HEADS)
    return [(head << 32) | number for head in struct.unpack_from(f"<{joined}I", hashes)]


def near_pairs(
    sketches: SketchFile,
    reread: Callable[[Collection[int]], Mapping[int, Hashes]],
    *,
    left_out: Collection[int] = (),
) -> list[NearPair]:
    """The near duplicates among texts, in order.

    Of a cluster of many near duplicates most pairs are found but not all: each text is found with some other one.

    Args:
        sketches: the texts.
        reread: gives all the gram hashes of texts by number; one that it leaves out is judged by its sketch.
        left_out: texts that are not compared: copies of another one.
    """
    found, unsure = [], []
    near = margin(THRESHOLD)
    for one, other in _candidates(sketches, left_out):
        left, right = sketches.sketch(one), sketches.sketch(other)
        similarity = resemblance(left, right)
        if similarity < THRESHOLD - near:
            continue
        pair = NearPair(one, other, similarity)
        if (left.is_whole and right.is_whole) or similarity > THRESHOLD + near:
            found.append(pair)
        else:
            unsure.append(pair)
    for start in range(0, len(unsure), _AT_ONCE):
        found += _compared(unsure[start : start + _AT_ONCE], reread)
    return sorted(pair for pair in found if pair.similarity >= THRESHOLD)


def _compared(
    pairs: Collection[NearPair], reread: Callable[[Collection[int]], Mapping[int, Hashes]]
) -> Iterator[NearPair]:
    """The pairs with their exact similarity, where both texts can be read again."""
    hashes = reread({number for pair in pairs for number in pair[:2]})
    for pair in pairs:
        if pair.one in hashes and pair.other in hashes:
            yield pair._replace(similarity=jaccard(hashes[pair.one], hashes[pair.other]))
        else:
            yield pair


def _candidates(sketches: SketchFile, left_out: Collection[int]) -> Iterator[tuple[int, int]]:
    """The pairs that met in enough of the joined hashes, in order."""
    import numpy as np

    sizes = sketches.joined()
    wanted = np.ones(len(sketches), np.bool_)
    wanted[np.fromiter(left_out, np.intp, len(left_out))] = False
    met = SortedRows()
    try:
        for heads in sketches.heads():
            for pairs in _meetings(heads[wanted[heads & np.uint64(_LOW)]]):
                met.extend(pairs.tobytes())
        for part in met.parts():
            found, counts = np.unique(part.keys, return_counts=True)
            one, other = found >> np.uint64(32), found & np.uint64(_LOW)
            enough = counts * _MET >= np.minimum(sizes[one], sizes[other])
            yield from zip(one[enough].tolist(), other[enough].tolist(), strict=True)
    finally:
        met.close()


def _meetings(heads: NDArray[np.uint64]) -> Iterator[NDArray[np.uint64]]:
    """Each text with the later ones that it meets in a hash: its number in the upper half, theirs in the lower."""
    import numpy as np

    hashes, texts = heads >> np.uint64(32), heads & np.uint64(_LOW)
    for step in range(1, WINDOW + 1):
        same = hashes[:-step] == hashes[step:]
        if not same.any():
            break
        yield (texts[:-step][same] << np.uint64(32)) | texts[step:][same]
