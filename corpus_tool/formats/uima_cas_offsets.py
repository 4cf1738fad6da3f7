"""The offsets of a CAS, which are UTF-16 units, or code points where a script wrote it that did not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus_tool.formats.offsets import CODE_POINTS, UTF16, Scale, detect_unit, scale_of, to_code_points


@dataclass(frozen=True)
class Offsets:
    """How a text's offsets are read.

    Attributes:
        length: UTF-16 units of the text.
        is_code_points: whether the file counts code points.
        scale: from code points to UTF-16 units.
        remark: what to tell of the unit; "" for nothing.
    """

    length: int
    is_code_points: bool
    scale: Scale
    remark: str = ""

    @classmethod
    def of(cls, text: str, spans: Sequence[tuple[int, int]], *, is_certain: bool) -> Offsets:
        """The offsets of a text: UTF-16 units, unless its spans clearly say otherwise and ``is_certain`` does not."""
        scale = scale_of(text, UTF16)
        length = scale[len(text)]
        if is_certain or length == len(text):
            return cls(length, is_code_points=False, scale=scale)
        evidence = [(begin, end, None) for begin, end in spans if end - begin < len(text)]
        found = detect_unit([(text, evidence)], (UTF16, CODE_POINTS))
        if found.unit != CODE_POINTS or not found.clear:
            return cls(length, is_code_points=False, scale=scale)
        remark = (
            "offsets were read as code points, against UIMA's rule: "
            f"as such {found.explained[CODE_POINTS]:.0%} of the spans begin and end at words, as UTF-16 units only "
            f"{found.explained[UTF16]:.0%}"
        )
        return cls(length, is_code_points=True, scale=scale, remark=remark)

    def fitting(self, begin: int, end: int) -> tuple[int, int] | None:
        """Offsets in UTF-16 units; None where they run backwards, leave the text or cut a character."""
        if begin > end:
            return None
        if self.is_code_points:
            return (self.scale[begin], self.scale[end]) if end < len(self.scale) else None
        if to_code_points(self.scale, begin) is None or to_code_points(self.scale, end) is None:
            return None
        return begin, end
