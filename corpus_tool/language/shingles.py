"""Word 5-grams of a text as hashes, and how much two texts share of them (Jaccard).

A word is a run of letters, marks and digits, case folded; in scripts without spaces (Chinese, Japanese, Thai …) every
character is one. A text of fewer than five words has one gram: all of its words.

A text is kept as a *sketch*: the ``KEPT`` smallest of its gram hashes (Broder's bottom-k sketch), or all of them where
there are no more. Two sketches that hold all give the exact Jaccard; others an estimate with a standard error of
``sqrt(J (1 - J) / KEPT)``, .025 at .8.
"""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint32]

#: Words of a gram.
WORDS = 5

#: Hashes of a sketch; 4 bytes each.
KEPT = 256

#: Code points of a text that are looked at: ten times the longest news article.
MAX_LENGTH = 2_000_000

#: Of one hash. Odd, so that it has an inverse modulo 2**64; the bits without a pattern.
_BASE = 0x9E3779B97F4A7C15
_GRAM_BASE = 0xD6E8FEB86659FD93
_MIX = 0xBF58476D1CE4E5B9

#: Code points below this have their class in a table; then come ideographs, and then no letters any more.
_TABLE_END, _LETTERS_END = 0x20000, 0x40000
_OUTSIDE, _INSIDE, _ALONE = 0, 1, 2

#: Blocks of characters that are words of their own, since their scripts write no spaces.
WITHOUT_SPACES = (
    (0x0E00, 0x0F00),  # Thai, Lao
    (0x1000, 0x10A0),  # Burmese
    (0x1780, 0x1800),  # Khmer
    (0x3005, 0x3008),  # ideographic iteration mark, closing mark, zero
    (0x3040, 0x3100),  # Hiragana, Katakana
    (0x31F0, 0x3200),  # Katakana extensions
    (0x3400, 0x4DC0),  # ideographs, extension A
    (0x4E00, 0xA000),  # ideographs
    (0xF900, 0xFB00),  # compatibility ideographs
)


class Sketch(NamedTuple):
    """What is kept of a text.

    Attributes:
        grams: how many different grams the text has.
        hashes: the smallest of their hashes, ascending; at most ``KEPT``.
    """

    grams: int
    hashes: Hashes

    @property
    def is_whole(self) -> bool:
        """Whether the sketch holds every gram."""
        return self.grams <= len(self.hashes)


def gram_hashes(text: str) -> Hashes:
    """The hashes of the different word 5-grams of a text, ascending (32 bits; the same on every machine).

    Only the first ``MAX_LENGTH`` code points are looked at. A text without a word has none.
    """
    import numpy as np

    characters, starts = _words(text[:MAX_LENGTH])
    if not len(starts):
        return np.empty(0, np.uint32)
    powers, inverses = _powers(len(characters))
    words = _mixed(np.add.reduceat(characters * powers[: len(characters)], starts) * inverses[starts])
    size = min(WORDS, len(words))
    grams = words[: len(words) - size + 1].copy()
    for nth in range(1, size):
        grams *= np.uint64(_GRAM_BASE)
        grams += words[nth : len(words) - size + 1 + nth]
    hashes: Hashes = np.sort((_mixed(grams) >> np.uint64(32)).astype(np.uint32))
    different: Hashes = hashes[np.append(True, hashes[1:] != hashes[:-1])]
    return different


def sketch_of(hashes: Hashes) -> Sketch:
    """The sketch of a text, from all of its hashes."""
    return Sketch(len(hashes), hashes[:KEPT])


def jaccard(one: Hashes, other: Hashes) -> float:
    """The share of two texts' grams that both have, exactly; 0 where one has none."""
    import numpy as np

    common = len(np.intersect1d(one, other, assume_unique=True))
    whole = len(one) + len(other) - common
    return common / whole if common else 0.0


def resemblance(one: Sketch, other: Sketch) -> float:
    """The Jaccard of two texts by their sketches: exact where both are whole, else an estimate."""
    import numpy as np

    if one.is_whole and other.is_whole:
        return jaccard(one.hashes, other.hashes)
    union = np.union1d(one.hashes, other.hashes)[:KEPT]
    common = np.intersect1d(one.hashes, other.hashes, assume_unique=True)
    return float(np.searchsorted(common, union[-1], side="right")) / len(union) if len(union) else 0.0


def margin(similarity: float) -> float:
    """How far an estimate may lie from ``similarity``: 3.5 standard errors, one case in 2,000."""
    return 3.5 * math.sqrt(similarity * (1 - similarity) / KEPT)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit of a value spread over all others (the finisher of splitmix64)."""
    import numpy as np

    values = (values ^ (values >> np.uint64(30))) * np.uint64(_MIX)
    return values ^ (values >> np.uint64(29))


def _words(text: str) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The folded text as code points, 0 for all that is no part of a word, and where its words start in it."""
    import numpy as np

    if text.isascii():
        characters = np.frombuffer(text.encode("ascii").translate(_ASCII), np.uint8)
        inside = characters != 0
        begins = inside.copy()
        begins[1:] &= ~inside[:-1]
    else:
        folded = unicodedata.normalize("NFC", text.casefold()).encode("utf-32-le", "surrogatepass")
        points = np.frombuffer(folded, "<u4")
        classes = _classes().take(points, mode="clip")
        classes[points >= _LETTERS_END] = _OUTSIDE
        characters = points * (classes != _OUTSIDE)
        begins = classes != _OUTSIDE
        begins[1:] &= (classes[1:] == _ALONE) | (classes[:-1] != _INSIDE)
    return characters, np.flatnonzero(begins)


#: What becomes of an ASCII character: letters lower, digits kept, all else 0.
_ASCII = bytes(ord(chr(c).lower()) if chr(c).isalnum() and c < 128 else 0 for c in range(256))


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of every code point up to the ideographs of the third plane, and of all those as the last one."""
    import numpy as np

    # Letters, marks and digits are what may continue an identifier, but for the underscore and a few connectors.
    inside = (c != "_" and ("a" + c).isidentifier() for c in map(chr, range(_TABLE_END)))
    table = np.fromiter(inside, np.uint8, _TABLE_END)
    for start, end in WITHOUT_SPACES:
        table[start:end] *= _ALONE
    return np.append(table, np.uint8(_ALONE))


_Powers = tuple["NDArray[np.uint64]", "NDArray[np.uint64]"]


def _powers(count: int) -> _Powers:
    """The powers of the base and of its inverse modulo 2**64, at least ``count`` of them."""
    return _power_tables(1 << max(14, (count - 1).bit_length()))


@cache
def _power_tables(count: int) -> _Powers:
    import numpy as np

    def table(base: int) -> NDArray[np.uint64]:
        factors = np.full(count, base, np.uint64)
        factors[0] = 1
        return np.cumprod(factors, dtype=np.uint64)

    return table(_BASE), table(pow(_BASE, -1, 1 << 64))
