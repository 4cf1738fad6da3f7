"""Where a content ends: at the next cue of the same sentence, and at what the article adds in its own voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool.annotate.contents import Attributed, Tokens
from corpus_tool.annotate.cues import is_verb, lemma_of
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoted_blocks import QuotedBlock

if TYPE_CHECKING:
    from spacy.tokens import Token

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_DASHES = frozenset({"–", "—", "--", "-", "―"})
_SETTING = frozenset({"during", "on", "in", "at", "after", "before"})


def trimmed(view: QuotedBlock, found: Attributed, piece: Tokens) -> Tokens:
    """One piece of a content, cut where something else begins.

    Args:
        view: the block.
        found: the cue that the piece belongs to.
        piece: first and last token.
    """
    doc = view.doc
    first, last = piece
    for i in range(first + 1, last + 1):
        if view.inside[i] >= 0:
            continue
        token = doc[i]
        if token.lower_ == "according" and doc[i - 1].text == "," and i + 1 < len(doc) and doc[i + 1].lower_ == "to":
            return _until(view, first, i - 1)
        if view.inside[i - 1] >= 0 and _is_aside(found, token):
            return _until(view, first, i - 1)
        if is_verb(token) and _is_speech(token):
            before = i - 1 if doc[i - 1].dep_ != "advmod" else i - 2
            if token.tag_ == "VBG" and doc[before].text in {","} and before > first:
                return _until(view, first, before)
            if _goes_on(found, token, doc[before]) and before > first:
                return _until(view, first, before - 1)
    return first, last


def _until(view: QuotedBlock, first: int, last: int) -> Tokens:
    while last > first and view.inside[last] < 0 and view.doc[last].is_punct:
        last -= 1
    return first, last


def _is_speech(token: Token) -> bool:
    lemma = lemma_of(token)
    return lemma in words("speech_clause") or lemma in words("speech_object")


def _is_aside(found: Attributed, token: Token) -> bool:
    """Whether what follows words in marks is the article's own: a dash, or where and when they were said."""
    if token.text in _DASHES:
        return True
    return found.frame == "object" and (
        token.lower_ in _SETTING and token.dep_ == "prep" or token.dep_ == "npadvmod" and token.pos_ == "PROPN"
    )


def _goes_on(found: Attributed, token: Token, before: Token) -> bool:
    """Whether a verb of speech shares the subject of the cue: "said it was wrong and warned …"."""
    return (
        before.dep_ == "cc"
        and token.tag_ in _FINITE
        and token.tag_ == found.verb.tag_
        and not any(c.dep_ in {"nsubj", "nsubjpass", "aux"} for c in token.lefts)
    )
