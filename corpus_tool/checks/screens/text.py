"""Screens of TXT2xx to TXT4xx and of COR202: the characters of the article, its blocks, names in it without a mark."""

from __future__ import annotations

import re

from corpus_tool.checks.check import Subject, document_of
from corpus_tool.checks.naming import NOT_NAMES, is_name
from corpus_tool.checks.screens.spans import unsound

#: How many annotations of one name COR202 wants to see before it misses another.
_REPEATED = 3

#: What TXT203 to TXT207, TXT209 and TXT210 look for: control characters, separators, what has no width, marks of
#: direction, U+FFFD, and the characters that UTF-8 read as another encoding begins with.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffd"
    "ÂÃâðÐÑØÙ\u0300\u0302\u0303]"
)


def odd_characters(subject: Subject) -> bool:
    """TXT203 to TXT207, TXT209, TXT210."""
    return _ODD.search(document_of(subject).text) is not None


def blocks_at_odds(subject: Subject) -> bool:
    """TXT401 to TXT404: blocks that hold words, in order, with nothing but white space between them, have no fault."""
    document = document_of(subject)
    text = document.text
    reach = 0
    for block in document.blocks:
        start, end = block.start, block.end
        if not reach <= start < end <= len(text) or text[start].isspace() or text[reach:start].strip():
            return True
        reach = end
    return bool(document.blocks) and bool(text[reach:].strip())


def names_missed(subject: Subject) -> bool:
    """COR202: a name that is marked three times at least, and stands in the text more often than it is marked."""
    if unsound(subject):
        return True
    text = document_of(subject).text
    for layer, items in subject.standing.items():
        words = [a.text for a in items]
        if layer in NOT_NAMES or len(set(words)) > len(words) - (_REPEATED - 1):
            continue
        for name in set(words):
            if words.count(name) >= _REPEATED:
                marked = sum(a.text == name and is_name(a) and not a.fragments for a in items)
                if marked >= _REPEATED and text.count(name) > marked:
                    return True
    return False
