"""A text that breaks naive tools, and annotations on its words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

#: Emoji, a combining mark, Hebrew, Arabic, Chinese, a no-break space and unbalanced quotation marks.
TEXT = (
    "🎉 Zoe\u0308 Kern (נועה) of 港口 said 40\u00a0boats sank off Haifa. “We lost all,” she added.\n"
    "Omar Țin told علي that “nine crews were safe.\n"
)


def at(words: str, text: str = TEXT, nth: int = 0) -> Json:
    """Start, end and text of some words, which stand in ``text``."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


def span(own: str, words: str, kind: str | None = "person", *, status: str | None = "added", **more: Any) -> Json:
    """An annotation on some words; ``nth`` says which of several equal ones, ``text`` in which text."""
    place = at(words, more.pop("text", TEXT), more.pop("nth", 0))
    made = {"provenance": {"status": status}} if status else {}
    return {"id": own, **place, **({"kind": kind} if kind else {}), **more, **made}
