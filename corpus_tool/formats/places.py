"""Where a span stands, by the unit of its file unless its own words say another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus_tool.formats.offsets import (
    CODE_POINTS,
    UTF16,
    Scale,
    detect_unit,
    normal,
    same_words,
    scale_of,
    to_code_points,
)

#: Start and end, in the tool's unit, and the words that the tool says stand there; as ``detect_unit`` takes them.
Evidence = tuple[int, int, str | None]


def scales_of(text: str, unit: str) -> dict[str, Scale]:
    """The scales of a text under which a span may stand: a file's own unit, then the two that are usual."""
    return {one: scale_of(text, one) for one in dict.fromkeys([unit, CODE_POINTS, UTF16])}


def place_of(start: int, end: int, words: str | None, text: str, scales: Mapping[str, Scale]) -> tuple[int, int]:
    """Where a span stands, in code points.

    The first scale counts under which its words stand there; where none does, or they are unknown, the first one that
    has such offsets; where there is none of these, the offsets are given back as they are, for others to tell.
    """
    first: tuple[int, int] | None = None
    for scale in scales.values():
        at, to = to_code_points(scale, start), to_code_points(scale, end)
        if at is None or to is None:
            continue
        if words is None or same_words(text[at:to], words):
            return at, to
        first = first or (at, to)
    return first or (start, end)


def counted_text(text: str, evidence: Sequence[Evidence]) -> str:
    """The text that offsets count in: as it is, or with each line end as one character, as the words bear out."""
    if "\r" not in text or not evidence:
        return text
    other = normal(text).text
    explained = {own: max(detect_unit([(own, evidence)]).explained.values()) for own in (text, other)}
    return other if explained[other] > explained[text] else text
