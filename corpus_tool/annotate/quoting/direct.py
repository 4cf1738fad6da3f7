"""Direct speech: stretches in quotation marks, and the cue beside each."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.attributed import Tokens
from corpus_tool.annotate.quoting.blocks import QuotedBlock
from corpus_tool.annotate.quoting.cues import (
    DESCRIBING,
    SPEECH,
    attitude_of,
    cue_tokens,
    introduces_speech,
    is_verb,
    lemma_of,
)
from corpus_tool.annotate.quoting.speakers import speaker_of
from corpus_tool.language.marks import Quoted

if TYPE_CHECKING:
    from spacy.tokens import Token

_BREAKS = frozenset(",.!?…:;—–-")
_ENDS = frozenset(",.!?…;—–-")
#: Dashes that set the speaker's name under or behind a quotation.
_SIGNATURE = re.compile(r"\s*([—–―~]|--)\s*([^\W\d_a-z][\w.’'-]*(?: +[^\W\d_a-z][\w.’'-]*){1,4})(?=\s*(?:[,.(\n]|$))")
#: Tokens between a quotation and its cue at most; beyond it belongs to something else.
_REACH = 40


@dataclass(frozen=True)
class Spoken:
    """A cue of direct speech: its tokens, the verb if it has one, the speaker's head and the attitude.

    ``lead`` is the first token of indirect content between cue and quotation: said it was over: “…”.
    """

    cue: Tokens
    verb: Token | None
    speaker: Token | None
    attitude: str
    lead: int | None = None


def stands_alone(text: str, view: QuotedBlock, quoted: Quoted) -> bool:
    """Whether a quoted stretch reads as speech of its own, not as a few words within somebody's sentence."""
    inner = text[quoted.opening.end : quoted.closing.start].strip()
    if not inner:
        return False
    before = line_before(text, view, quoted).rstrip()
    after = text[quoted.end : quoted.end + 1]
    first = next((c for c in inner if c.isalnum()), "")
    fresh = not before or before[-1] in _BREAKS or before[-1] in "\"'”’»)(—"
    capital = first.isupper() or first.isdigit() or inner[0] in "….["
    last = _last_character(inner)
    ended = last in _ENDS or after in _ENDS or _cue_directly_behind(text, view, quoted)
    if fresh and ended and (capital or not before or before[-1] in ",:"):
        return len(inner.split()) > 1 or last in "!?.,"
    return capital and ended and _cue_directly_before(view, quoted) is not None


def line_before(text: str, view: QuotedBlock, quoted: Quoted) -> str:
    """What stands before a quoted stretch on its line of the block."""
    start = min(view.start, quoted.start)
    return text[max(start, text.rfind("\n", start, quoted.start) + 1) : quoted.start]


def _last_character(inner: str) -> str:
    """The last character of a quotation, without the closing marks of quotations within it."""
    bare = inner.rstrip(" \t\n\r\u00a0\u2009\u200a\"'”’»)]")
    return (bare or inner)[-1:]


def token_at(view: QuotedBlock, offset: int) -> int:
    """Index of the first token that ends behind an article offset."""
    doc, low, high = view.doc, 0, len(view.doc)
    while low < high:
        middle = (low + high) // 2
        if view.start + doc[middle].idx + len(doc[middle].text) <= offset:
            low = middle + 1
        else:
            high = middle
    return low


def sentence_of(view: QuotedBlock, token: int) -> Tokens:
    """The sentence that a token lies in."""
    at = bisect_right(view.sentences, token, key=_first_of) - 1
    return view.sentences[at] if at >= 0 else (0, len(view.doc) - 1)


def _first_of(sentence: Tokens) -> int:
    return sentence[0]


def _cue_directly_before(view: QuotedBlock, quoted: Quoted) -> Token | None:
    at = token_at(view, quoted.start)
    if at == 0:
        return None
    token = view.doc[at - 1]
    return token if is_verb(token) and introduces_speech(token) else None


def _cue_directly_behind(text: str, view: QuotedBlock, quoted: Quoted) -> bool:
    """Whether a verb of speech or a signature follows without a comma: “Goal!!! 🎉” tweeted the club."""
    at = token_at(view, quoted.end)
    if quoted.end > view.end or at >= len(view.doc):
        return False
    if _SIGNATURE.match(text, quoted.end, view.end):
        return True
    return view.inside[at] < 0 and is_verb(view.doc[at]) and introduces_speech(view.doc[at])


def cue_of(
    text: str, view: QuotedBlock, quoted: Quoted, used: Container[int], within: Quoted | None = None
) -> Spoken | None:
    """The cue of direct speech: behind it, else before it, within its sentence.

    Args:
        text: the article's text.
        view: the block.
        quoted: a stretch of direct speech in it.
        used: verbs that carry another quotation already.
        within: the quotation around this one, where the cue must lie.
    """
    if quoted.end <= view.end:
        found = _behind(text, view, quoted, within.end - 1 if within is not None else view.end)
        if found is not None:
            return found
    if quoted.start >= view.start:
        return _before(text, view, quoted, used)
    return None


def _behind(text: str, view: QuotedBlock, quoted: Quoted, end: int) -> Spoken | None:
    """The cue behind a quotation and before the article offset ``end``."""
    doc = view.doc
    signed = _SIGNATURE.match(text, quoted.end, end)
    if signed:
        dash = token_at(view, signed.start(1))
        return Spoken((dash, dash), None, _name_after(view, token_at(view, signed.start(2))), SPEECH)
    last = _last_character(text[quoted.start : quoted.closing.start])
    follows = text[quoted.end : quoted.end + 2].lstrip()[:1]
    if last == "." and follows != "," and not follows.islower():
        return None
    at = token_at(view, quoted.end)
    limit = min(sentence_of(view, max(0, at - 1))[1] + 1, at + _REACH)
    verbs = 0
    for i in range(at, limit):
        token = doc[i]
        if view.inside[i] >= 0 or token.text in {".", "!", "?", ";"} or view.offset(i) >= end:
            break
        if token.lower_ == "according" and i <= at + 1 and i + 1 < len(doc):
            head = next((c for c in doc[i + 1].children if c.dep_ == "pobj"), None)
            return Spoken((i, i + 1), None, head, SPEECH) if head is not None else None
        if not is_verb(token):
            continue
        if introduces_speech(token) and token.dep_ not in DESCRIBING:
            return Spoken(cue_tokens(token), token, _speaker_near(token, at, view), attitude_of(token))
        if token.dep_ not in DESCRIBING:
            verbs += 1
            if verbs > 1 and not any(t.text == "," for t in doc[at:i]):
                return None
    return None


def _name_after(view: QuotedBlock, at: int) -> Token:
    """The last token of the name that begins at ``at``: “…” — Rosa Lind."""
    doc = view.doc
    while at + 1 < len(doc) and doc[at + 1].pos_ == "PROPN":
        at += 1
    return doc[at]


def _speaker_near(verb: Token, at: int, view: QuotedBlock) -> Token | None:
    """The speaker of a cue behind a quotation; a phrase between the two, or just behind the verb, comes first."""
    doc = verb.doc
    subject = speaker_of(verb)
    if subject is not None and subject.i >= at and view.inside[subject.i] < 0:
        return subject
    first = cue_tokens(verb)[0]
    for token in doc[at:first]:
        if token.pos_ in {"PROPN", "NOUN", "PRON"} and token.dep_ not in {"compound", "poss", "npadvmod"}:
            return token
    for token in doc[verb.i + 1 : verb.i + 12]:
        if token.pos_ in {"PROPN", "NOUN", "PRON"} and token.dep_ not in {"compound", "poss", "nmod"}:
            return token
        if token.is_punct:
            break
    return subject if subject is not None and view.inside[subject.i] < 0 else None


def _before(text: str, view: QuotedBlock, quoted: Quoted, used: Container[int]) -> Spoken | None:
    doc = view.doc
    at = token_at(view, quoted.start)
    if at == 0:
        return None
    sent = sentence_of(view, at)
    start = sent[0]
    before = doc[at - 1]
    if start == at and before.text != ":":
        return None
    if start == at:
        start = sentence_of(view, at - 1)[0]
    barrier = "," if before.text == "," else None
    for i in range(at - 1, max(start, at - _REACH) - 1, -1):
        token = doc[i]
        if view.inside[i] >= 0:
            break
        if not is_verb(token):
            continue
        if i in used or (introduces_speech(token) and lemma_of(token) not in words("weak_clause")):
            lead = next((c.left_edge.i for c in token.rights if c.dep_ == "ccomp" and c.i < at), None)
            return Spoken(cue_tokens(token), token, speaker_of(token), attitude_of(token), lead)
        if barrier and token.dep_ not in DESCRIBING and token.tag_ != "VBG":
            break
    if before.text == ":":
        speaker = _phrase_before(view, start, at - 1)
        return Spoken((at - 1, at - 1), None, speaker, SPEECH)
    return None


def _phrase_before(view: QuotedBlock, start: int, colon: int) -> Token | None:
    """Who stands before a bare colon: the head of the noun phrase, or the subject of the clause."""
    for token in view.doc[start:colon]:
        if token.pos_ in {"PROPN", "NOUN", "PRON"} and token.dep_ in {"nsubj", "ROOT", "nsubjpass"}:
            return token
    return None
