"""Why the offsets of a layer do not fit: other units, other line ends, a shift."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Literal

from corpus_tool.checks.check import Part, Subject, document_of, quoted
from corpus_tool.model import pieces

#: The text at two offsets, as some way of counting has it; None where the offsets cut a character.
_Cut = Callable[[int, int], str | None]

#: How far a constant shift is looked for, in code points.
MAX_SHIFT = 1000


def cause_of_drift(subject: Subject, layer: str) -> str:
    """One cause that explains every span of a layer, as a hint; "" where there is none.

    Costs nothing for a layer that is sound: only checks that found a fault ask.
    """
    known: dict[str, str] = subject.__dict__.setdefault("_drift", {})
    if layer not in known:
        known[layer] = _cause(document_of(subject).text, [part for part in subject.parts if part.layer == layer])
    return known[layer]


def nearest(text: str, words: str, start: int) -> int | None:
    """Where ``words`` stand nearest to an offset of the text; None where they do not."""
    if not words:
        return None
    before = text.rfind(words, 0, min(start, len(text)) + len(words))
    behind = text.find(words, min(start, len(text)))
    found = [at for at in (before, behind) if at >= 0]
    return min(found, key=lambda at: abs(at - start)) if found else None


def _cause(text: str, parts: Sequence[Part]) -> str:
    # A single span that is off has its own reason; two that agree have one in common.
    if len(parts) < 2:
        return ""
    for name, cut in _other_counts(text):
        if all(_fits(part, cut) for part in parts):
            return f"all {len(parts)} spans of the layer fit {name}; offsets are Unicode code points, end exclusive"
    return _growing_shift(text, parts)


def _fits(part: Part, cut: _Cut) -> bool:
    return " ".join(cut(start, end) or "" for start, end in pieces(part.span)) == part.span.text


def _other_counts(text: str) -> Iterator[tuple[str, _Cut]]:
    """Ways of counting that other tools have, each with its slice of the text; cheap ones first."""

    def inclusive(start: int, end: int) -> str | None:
        return text[start : end + 1] if end < len(text) else None

    yield "offsets whose end is included", inclusive
    if not text.isascii():
        yield "offsets in UTF-8 bytes", _encoded(text, "utf-8", 1)
        yield "offsets in UTF-16 units, as JavaScript and Java count", _encoded(text, "utf-16-le", 2)
        yield "offsets in grapheme clusters", _graphemes(text)
        forms: tuple[Literal["NFC"], Literal["NFD"]] = ("NFC", "NFD")
        for form in forms:
            if not unicodedata.is_normalized(form, text):
                yield f"offsets into the text in form {form}", _changed(text, unicodedata.normalize(form, text))
    if "\n" in text:
        yield "offsets into the text with CR LF line ends", _changed(text, text.replace("\n", "\r\n"))
    if "\r\n" in text:
        yield "offsets into the text with LF line ends", _changed(text, text.replace("\r\n", "\n"))
    for shift in range(1, min(MAX_SHIFT, len(text)) + 1):
        for moved in (shift, -shift):
            told = f"offsets that are {abs(moved)} too {'high' if moved > 0 else 'low'}"
            yield told, _shifted(text, moved)


def _encoded(text: str, encoding: str, unit: int) -> _Cut:
    data = text.encode(encoding)

    def cut(start: int, end: int) -> str | None:
        if end * unit > len(data):
            return None
        try:
            return data[start * unit : end * unit].decode(encoding)
        except UnicodeDecodeError:
            return None

    return cut


def _graphemes(text: str) -> _Cut:
    import regex  # type: ignore[import-untyped, unused-ignore]  # without stubs; late: only drifted offsets need it

    bounds = [0, *accumulate(len(cluster) for cluster in regex.findall(r"\X", text))]

    def cut(start: int, end: int) -> str | None:
        return text[bounds[start] : bounds[end]] if start <= end < len(bounds) else None

    return cut


def _changed(text: str, other: str) -> _Cut:
    """Slices of another form of the text, written as in ``text`` where that is a matter of line ends alone."""

    def cut(start: int, end: int) -> str | None:
        if end > len(other):
            return None
        words = other[start:end]
        if words in text:
            return words
        plain = words.replace("\r\n", "\n")
        return plain if plain in text else unicodedata.normalize("NFC", words)

    return cut


def _shifted(text: str, shift: int) -> _Cut:
    def cut(start: int, end: int) -> str | None:
        return text[start - shift : end - shift] if shift <= start and end - shift <= len(text) else None

    return cut


def _growing_shift(text: str, parts: Sequence[Part]) -> str:
    """A shift that only grows from span to span, as where characters were deleted or inserted before them."""
    whole = sorted((part for part in parts if not part.span.fragments), key=lambda part: part.span.start)
    shifts: list[int] = []
    for part in whole:
        words = part.span.text
        last = shifts[-1] if shifts else 0
        at = nearest(text, words, part.span.start - last)
        if at is None:
            return ""
        shifts.append(part.span.start - at)
    rising = all(a <= b for a, b in pairwise(shifts))
    falling = all(a >= b for a, b in pairwise(shifts))
    if len(whole) < len(parts) or not (rising or falling) or len(set(shifts)) < 2:
        return ""
    off = [shift for shift in shifts if shift]
    low, high = sorted((abs(off[0]), abs(off[-1])))
    direction = "high" if off[-1] > 0 else "low"
    first = bisect_left([bool(shift) for shift in shifts], True)
    where = f"from {quoted(whole[first].span.text)} on, " if first else ""
    by = f"by {low} to {high}" if low != high else f"by {low}"
    return f"{where}offsets are too {direction} {by}: the text was changed before these spans"
