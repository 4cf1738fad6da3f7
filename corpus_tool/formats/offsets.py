"""Offsets in the units that tools count in, turned into code points and back, and the unit told by evidence."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from corpus_tool.formats.foreign import Pieces
from corpus_tool.model import surface

#: The units that tools count in: Python, spaCy and brat; Java and JavaScript; Go, Rust and C; what readers see.
CODE_POINTS, UTF16, UTF8, GRAPHEMES = "code points", "UTF-16 units", "UTF-8 bytes", "grapheme clusters"

#: For each code point of a text how many units stand before it, and how many there are in all: one number more than
#: code points. All code points of a grapheme cluster have the number of the cluster.
Scale = Sequence[int]

#: Of the spans that units lead to different places, the part that one must explain more than any other to be clear.
_CLEAR = 0.25


def _utf16(text: str) -> Scale:
    if text.isascii() or max(text, default="") <= "\uffff":
        return range(len(text) + 1)
    return list(accumulate((2 if c > "\uffff" else 1 for c in text), initial=0))


def _utf8(text: str) -> Scale:
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((len(c.encode("utf-8", "surrogatepass")) for c in text), initial=0))


def _graphemes(text: str) -> Scale:
    import regex

    clusters = [len(match[0]) for match in regex.finditer(r"\X", text)]
    if len(clusters) == len(text):
        return range(len(text) + 1)
    return [*(number for number, length in enumerate(clusters) for _ in range(length)), len(clusters)]


#: By unit, the function that gives the scale of a text.
SCALES: Mapping[str, Callable[[str], Scale]] = {
    CODE_POINTS: lambda text: range(len(text) + 1),
    UTF16: _utf16,
    UTF8: _utf8,
    GRAPHEMES: _graphemes,
}


def scale_of(text: str, unit: str) -> Scale:
    """The scale of a text in a unit of ``SCALES``; made once a text, looked up once an offset."""
    return SCALES[unit](text)


def to_code_points(scale: Scale, offset: int) -> int | None:
    """The code point at an offset of a scale's unit; None beyond the text or inside a character."""
    at = bisect_left(scale, offset)
    return at if at < len(scale) and scale[at] == offset else None


@dataclass(frozen=True)
class Normal:
    """A text as documents hold it: no byte order mark, LF for CR LF and CR.

    Attributes:
        text: that text.
        removed: where the original had the code points that went, in order.
    """

    text: str
    removed: tuple[int, ...]

    def moved(self, at: int) -> int:
        """Where a code point of the original stands in ``text``."""
        return at - bisect_left(self.removed, at)


def normal(text: str) -> Normal:
    """A text as a tool has it, turned into a document's."""
    removed = [0] if text.startswith("\ufeff") else []
    if "\r" not in text:
        return Normal(text[len(removed) :], tuple(removed))
    at = text.find("\r\n")
    while at >= 0:
        removed.append(at)
        at = text.find("\r\n", at + 2)
    return Normal(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), tuple(removed))


def same_words(one: str, other: str) -> bool:
    """Whether two strings are the same but for white space, which tools fold where they repeat words."""
    return one == other or "".join(one.split()) == "".join(other.split())


@dataclass(frozen=True)
class Detected:
    """The unit of a text's offsets.

    Attributes:
        unit: the one that explains most spans, the first given among equals.
        clear: whether no other one that leads elsewhere explains as many.
        explained: for each unit the part of the spans that it explains, 0 to 1.
    """

    unit: str
    clear: bool
    explained: Mapping[str, float]


def detect_unit(
    texts: Iterable[tuple[str, Sequence[tuple[int, int, str | None]]]], units: Sequence[str] = (CODE_POINTS, UTF16)
) -> Detected:
    """The unit that offsets are in, by the words that should stand there, else by whether the spans hold words.

    A span without known words speaks for a unit under which it lies in the text, neither begins nor ends with white
    space or inside a word or a character with its marks.

    Args:
        texts: each text with its spans: start, end, and the words where they are known.
        units: the units that it may be, the likelier first.
    """
    return detect_unit_of_pieces(
        ((text, [(((start, end),), words) for start, end, words in spans]) for text, spans in texts), units
    )


def detect_unit_of_pieces(
    texts: Iterable[tuple[str, Sequence[tuple[Pieces, str | None]]]], units: Sequence[str] = (CODE_POINTS, UTF16)
) -> Detected:
    """``detect_unit`` for spans that may be discontinuous: their pieces, and the words of all pieces together."""
    total = 0
    hits = dict.fromkeys(units, 0)
    disputed: list[dict[str, tuple[Pieces, bool]]] = []  # the spans that units lead to different places
    for text, spans in texts:
        if not spans:
            continue
        scales = {unit: scale_of(text, unit) for unit in units}
        for pieces, words in spans:
            total += 1
            places = {unit: moved_pieces(scale, pieces) for unit, scale in scales.items()}
            fits = {unit: (place, _fits(text, place, words)) for unit, place in places.items()}
            for unit, (_, fit) in fits.items():
                hits[unit] += fit
            if len(set(places.values())) > 1:
                disputed.append(fits)
    best = max(units, key=lambda unit: hits[unit])
    clear = all(_is_ahead(best, unit, disputed) for unit in units if unit != best)
    return Detected(best, clear, {unit: hits[unit] / total if total else 1.0 for unit in units})


def _is_ahead(best: str, other: str, disputed: Sequence[dict[str, tuple[Pieces, bool]]]) -> bool:
    """Whether one unit explains more of the spans that it and another one see in different places."""
    between = [fits for fits in disputed if fits[best][0] != fits[other][0]]
    lead = sum(fits[best][1] - fits[other][1] for fits in between)
    return not between or lead > _CLEAR * len(between)


def moved_pieces(scale: Scale, pieces: Pieces) -> Pieces:
    """Pieces in code points; an offset inside a character becomes one beyond any text, which is told as any other."""

    def at(offset: int) -> int:
        found = to_code_points(scale, offset)
        return offset + len(scale) if found is None else found

    return tuple((at(start), at(end)) for start, end in pieces)


def _fits(text: str, pieces: Pieces, words: str | None) -> bool:
    if any(not 0 <= start < end <= len(text) for start, end in pieces):
        return False
    if words is not None:
        there = surface(text, pieces)
        edges = all(one.isspace() == other.isspace() for one, other in ((there[0], words[:1]), (there[-1], words[-1:])))
        return edges and same_words(there, words)
    return all(
        not (
            text[start].isspace()
            or text[end - 1].isspace()
            or _is_within_word(text, start)
            or _is_within_word(text, end)
        )
        for start, end in pieces
    )


def _is_within_word(text: str, at: int) -> bool:
    """Whether the position between two characters is inside a word, or before a mark that belongs to a character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after) or after in "\u200d\ufe0f" or before == "\u200d":
        return True
    return before.isalnum() and after.isalnum() and before < "\u2e80" > after
