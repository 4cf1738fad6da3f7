"""Where a content ends: at the next cue of the same sentence, and at what the article adds in its own voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.attributed import Attributed, Tokens
from corpus_tool.annotate.quoting.blocks import QuotedBlock
from corpus_tool.annotate.quoting.cues import is_verb, lemma_of
from corpus_tool.annotate.quoting.objects import POSITIONS

if TYPE_CHECKING:
    from spacy.tokens import Token

_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_DASHES = frozenset({"–", "—", "--", "-", "―"})
#: So many tokens of a content are read; longer ones are no sentences of news.
_LOOK_AHEAD = 400
_JOINTS = frozenset({"and", "but", "while"})
#: Frames whose content is no clause: what follows it behind a comma is the article's.
_OBJECTS = POSITIONS | {"object"}
_PHRASES = _OBJECTS | {"infinitive", "preposition", "directive", "noun of"}
_RELATIVES = frozenset({"WDT", "WP", "WP$", "WRB"})
_APPOSED = frozenset({"DT", "CD"})
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
    marked = view.inside[first] >= 0
    for i in range(first + 1, min(last, first + _LOOK_AHEAD) + 1):
        if view.inside[i] >= 0:
            marked = True
            continue
        token = doc[i]
        if token.lower_ == "according" and doc[i - 1].text == "," and i + 1 < len(doc) and doc[i + 1].lower_ == "to":
            return _until(view, first, i - 1)
        if _is_comment(view, i, last):
            return _until(view, first, i - 1)
        if view.inside[i - 1] >= 0 and _is_aside(found, token) and not _closes_later(view, i, last):
            return _until(view, first, i - 1)
        if _is_afterthought(view, found, i, last, marked):
            return _until(view, first, i - 1)
        if is_verb(token):
            before = i - 1 if doc[i - 1].dep_ != "advmod" else i - 2
            if before <= first:
                continue
            if token.tag_ == "VBG" and (marked or _is_speech(token)) and _comma_at(view, before):
                return _until(view, first, before)
            other = _other_cue(view, token, first)
            if other is not None:
                return _until(view, first, other)
            if _goes_on(found, token, doc[before], _comma_at(view, before - 1)):
                return _until(view, first, before - 1)
    return _until(view, first, last)


def _closes_later(view: QuotedBlock, i: int, last: int) -> bool:
    """Whether a dash is the first of two behind which the content goes on: "all of “them” – Lind too – left"."""
    doc = view.doc
    if doc[i].text not in _DASHES:
        return False
    second = next((t.i for t in doc[i + 1 : last] if t.text in _DASHES and view.inside[t.i] < 0), None)
    return second is not None and any(is_verb(t) for t in doc[second + 1 : last + 1])


def _is_afterthought(view: QuotedBlock, found: Attributed, i: int, last: int, marked: bool) -> bool:
    """Whether a comma before token ``i`` parts a relative clause or an apposition from what is attributed."""
    doc = view.doc
    if not _comma_at(view, i - 1) or any(view.inside[k] >= 0 for k in range(i, last + 1)):
        return False
    if found.frame in _OBJECTS:
        apposed = doc[i].tag_ in _APPOSED and not any(t.dep_ == "cc" for t in doc[i : last + 1])
        return apposed or doc[i].tag_ in _RELATIVES
    return marked and doc[i].tag_ in _RELATIVES and found.frame == "clause"


def _until(view: QuotedBlock, first: int, last: int) -> Tokens:
    """A piece without the punctuation and conjunctions that it would end with."""
    while last > first and view.inside[last] < 0 and (view.doc[last].is_punct or view.doc[last].dep_ == "cc"):
        last -= 1
    return first, last


def _is_speech(token: Token) -> bool:
    lemma = lemma_of(token)
    return any(lemma in words(name) for name in ("speech_clause", "speech_object", "directive"))


def _is_comment(view: QuotedBlock, i: int, last: int) -> bool:
    """Whether a dash begins a noun phrase up to the end, by which the article comments: " – a rare event"."""
    doc = view.doc
    if doc[i].text not in _DASHES or i + 2 > last or doc[i + 1].tag_ != "DT" or not doc[i - 1].whitespace_:
        return False
    return not any(t.text in _DASHES and view.inside[t.i] < 0 for t in doc[i + 1 : last + 1])


def _is_aside(found: Attributed, token: Token) -> bool:
    """Whether what follows words in marks is the article's own: a dash, or where and when they were said."""
    if token.text in _DASHES:
        return True
    return found.frame in _OBJECTS and (
        (token.lower_ in _SETTING and token.dep_ == "prep") or (token.dep_ == "npadvmod" and token.pos_ == "PROPN")
    )


def _other_cue(view: QuotedBlock, token: Token, first: int) -> int | None:
    """Where the content ends before a clause with a subject and cue of its own: "…, but Haddad said …"."""
    if token.tag_ not in _FINITE or not _is_speech(token):
        return None
    subject = next((c for c in token.lefts if c.dep_ == "nsubj"), None)
    if subject is None:
        return None
    joint = subject.left_edge.i - 1
    if joint - 1 <= first or view.inside[joint] >= 0 or view.doc[joint].lower_ not in _JOINTS:
        return None
    if not any(is_verb(t) for t in view.doc[first:joint]):
        return None
    comma = _comma_at(view, joint - 1)
    return joint - 1 if comma or view.doc[joint].lower_ == "while" else None


def _comma_at(view: QuotedBlock, i: int) -> bool:
    """Whether token ``i`` is a comma, or a closing mark behind one."""
    doc = view.doc
    return doc[i].text == "," or (view.inside[i] >= 0 and i > 0 and doc[i].is_punct and doc[i - 1].text == ",")


def _goes_on(found: Attributed, token: Token, before: Token, comma: bool) -> bool:
    """Whether a verb shares the subject of the cue: "said it was wrong and warned …", "said no, but stayed"."""
    if before.dep_ != "cc":
        return False
    if found.frame in _PHRASES and _is_finite(token):
        return not any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.lefts)
    if token.tag_ != found.verb.tag_:
        return False
    if not _is_speech(token) and not (comma and token.tag_ in _FINITE):
        return False
    if not _is_speech(token) and before.lower_ == "and" and token.dep_ == "conj" and token.head.i > found.verb.i:
        # "Said the raids focused on the town, and ranged east": by the parser both are said.
        return False
    return not any(c.dep_ in {"nsubj", "nsubjpass", "aux"} for c in token.lefts)


def _is_finite(token: Token) -> bool:
    helpers = [c for c in token.lefts if c.dep_ in {"aux", "auxpass"}]
    return (helpers[0] if helpers else token).tag_ in _FINITE
