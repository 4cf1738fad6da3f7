"""Reports on politics, where the positions that people take are what is told."""

from __future__ import annotations

import re

from corpus_tool.annotate.lexicon import words

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
#: So many different words of politics, and so many of them in a thousand words, make a report on it.
_FEWEST, _PER_MILLE = 4, 6


def is_political(text: str) -> bool:
    """Whether an article reports on politics.

    There a bare object is a position ("opposed the bill"); elsewhere it is only what the talk was about.
    """
    found = [w.lower() for w in _WORD.findall(text)]
    hits = [w for w in found if w in words("political_words")]
    return len(set(hits)) >= _FEWEST and 1000 * len(hits) >= _PER_MILLE * len(found)
