"""Sentences of a paragraph, well enough to show a mention in its context."""

from __future__ import annotations

import re

#: A row of marks is looked at once, from its first one: a megabyte of them takes no longer than other text.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s+[\"'“‘«(\[]*[^\Wa-z_]|\s*$)|[。！？]+[”’」』]*")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|Rev|St|Mt|No|vs|etc|Inc|Ltd|Co|Corp"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z]|\b[a-z]\.[a-z])\.$"
)


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """The (start, end) pairs of the sentences of one paragraph, in code points; together they hold all its words."""
    bounds = []
    start = 0
    for match in _END.finditer(text):
        if match.group() == "." and _ABBREVIATION.search(text, max(0, start, match.end() - 12), match.end()):
            continue
        bounds.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        bounds.append((start, len(text)))
    return [
        (s + len(text[s:e]) - len(text[s:e].lstrip()), e - len(text[s:e]) + len(text[s:e].rstrip())) for s, e in bounds
    ]
