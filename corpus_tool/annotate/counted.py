"""What a figure counts: the noun phrase after the number, without article and "of"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus_tool.annotate.parsed import text_of
from corpus_tool.language.numbers import Quantity

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_NOUNS = frozenset({"NOUN", "PROPN"})
_LEADING = frozenset(
    [
        "more",
        "other",
        "of",
        "the",
        "a",
        "an",
        "these",
        "those",
        "this",
        "that",
        "its",
        "their",
        "his",
        "her",
        "our",
        "my",
        "your",
        "some",
        "all",
        "such",
        "only",
        "about",
        "another",
        "additional",
        "further",
        "fewer",
        "less",
        "extra",
        "plus",
        "odd",
        "or",
        "so",
    ]
)
#: What a headline has instead of a noun: "14 INJURED IN BLAST".
_HARMED = frozenset({"dead", "killed", "injured", "wounded", "hurt", "missing", "arrested", "held"})
#: Verbs that a headline has right after the number, where the parse may see a noun: "At least 11 die as …".
HEADLINE_VERBS = frozenset({"die", "dies", "flee", "drown", "perish", "vanish", "abstain"})
_HYPHENATED = re.compile(r"-(?!(?:plus|odd|ish|old|strong|some|something|fold|magnitude)\b)([^\W\d_]{3,})\b")
#: Words between a number and its noun.
_LONGEST_PHRASE = 7
#: Dimensions whose unit is all there is, unless a noun is counted with "of".
_UNCOUNTED = frozenset({"money", "distance", "duration", "age", "temperature", "speed"})


def head_of(quantity: Quantity, first: Token, last: Token) -> Token | None:
    """The noun that a figure counts, or None."""
    doc = last.doc
    if quantity.dimension in _UNCOUNTED:
        return None
    after = doc[last.i + 1] if last.i + 1 < len(doc) else None
    if after is None or after.sent.start != last.sent.start:
        return None
    if after.lower_ == "of" and quantity.dimension in ("quantity", "share", "percent", "mass", "volume", "area"):
        return next((child for child in after.children if child.dep_ == "pobj" and child.pos_ in _NOUNS), None)
    if quantity.unit != "count" and quantity.dimension != "share":
        return None
    for token in (last, first):
        head = token.head
        if token.dep_ in ("nummod", "quantmod", "compound", "amod") and head.i > last.i and head.pos_ in _NOUNS:
            return None if head.i == last.i + 1 and head.lower_ in HEADLINE_VERBS else head
    if quantity.form == "vague" or quantity.dimension == "share":
        return None
    return _next_noun(after)


def _next_noun(token: Token) -> Token | None:
    """The head of a noun phrase that begins with this token, where the parse did not attach the number to it."""
    doc = token.doc
    for following in doc[token.i : token.i + _LONGEST_PHRASE]:
        if following.pos_ in _NOUNS:
            is_head = following.i + 1 >= len(doc) or doc[following.i + 1].pos_ not in _NOUNS
            if is_head and following.tag_ in ("NNS", "NNPS"):
                return following
        elif (following.pos_ not in ("ADJ", "PUNCT") or following.text in ",.;:()") and following.shape_[:1] != "X":
            return None  # a name such as "F-16" stays, whatever the parse calls it
    return None


def counted_bounds(quantity: Quantity, doc: Doc, head: Token | None) -> tuple[int, int] | None:
    """Where the counted noun phrase lies in ``doc.text`` (code points), from its first modifier to its head."""
    if head is None:
        match = _HYPHENATED.match(text_of(doc), quantity.end) if quantity.unit == "count" else None
        return match.span(1) if match else None
    start = next((t.i for t in doc[max(0, head.i - _LONGEST_PHRASE) : head.i + 1] if t.idx >= quantity.end), head.i)
    start = max(start, head.left_edge.i)
    for token in doc[start : head.i]:
        if token.tag_ == "POS" or token.like_num:
            start = token.i + 1
    while start < head.i and (doc[start].lower_ in _LEADING or not doc[start].text[0].isalnum()):
        start += 1
    if doc[start].idx < quantity.end or any(_interrupts(token) for token in doc[start : head.i]):
        start = head.i
    if doc[start].lower_ in _HARMED:
        return None
    begin, end = doc[start].idx, head.idx + len(head.text)
    return (begin, end) if quantity.end <= begin < end else None


def _interrupts(token: Token) -> bool:
    """Whether a token cannot stand inside a noun phrase before its head: punctuation, a finite verb."""
    return token.text in ",;:()" or token.tag_ in ("VBD", "VBZ", "VBP")
