"""Offsets of the page and offsets of files: a browser counts UTF-16 code units, a document Unicode code points."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from corpus_tool.review.refusal import Refusal

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Units:
    """The way between the two for one text.

    Attributes:
        text: the text.
        astral: the code points, as offsets into the text, that take two code units each.
        first_units: the offset of the first unit of each of them.
    """

    text: str
    astral: tuple[int, ...] = field(init=False)
    first_units: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        astral = tuple(match.start() for match in _ASTRAL.finditer(self.text))
        object.__setattr__(self, "astral", astral)
        object.__setattr__(self, "first_units", tuple(at + n for n, at in enumerate(astral)))

    @property
    def length(self) -> int:
        """The length of the text in code units."""
        return len(self.text) + len(self.astral)

    def to_units(self, point: int) -> int:
        """The offset in code units of an offset in code points; one outside the text is cut to it."""
        point = min(max(point, 0), len(self.text))
        return point + bisect_left(self.astral, point)

    def to_points(self, unit: int) -> int:
        """The offset in code points of an offset in code units.

        Raises:
            Refusal: it lies outside the text, or between the two halves of a character.
        """
        if not 0 <= unit <= self.length:
            raise Refusal(f"the offset {unit} lies outside the text, which has {self.length} UTF-16 code units")
        before = bisect_right(self.first_units, unit - 1)
        if before and self.first_units[before - 1] == unit - 1:
            inside = self.text[self.astral[before - 1]]
            raise Refusal(f"the offset {unit} lies inside {inside!r}, which is two UTF-16 code units")
        return unit - before
