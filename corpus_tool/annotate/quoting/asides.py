"""Cues set off from what they attribute: "…, she said, …", "according to …", "in her view, …"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.attributed import Attributed, Tokens
from corpus_tool.annotate.quoting.cues import (
    DESCRIBING,
    SPEECH,
    THOUGHT,
    attitude_of,
    cue_tokens,
    introduces_clause,
    is_verb,
    lemma_of,
)
from corpus_tool.annotate.quoting.speakers import can_hold_views, speaker_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_STOPS = frozenset({",", "–", "—", "--", ";", "-"})
_CLOSING_MARKS = frozenset({'"', "”", "''", "’", "'", "»"})
_VIEWPOINTS = frozenset({"view", "opinion", "eyes", "mind", "words", "telling", "judgment", "estimation"})
_SPOKEN_VIEWPOINTS = frozenset({"words", "telling"})
#: The longest phrase of a viewpoint, in tokens: "in the words of one senior port official".
_LONGEST = 10
#: Tags of words with which an afterthought of the article begins, not the rest of the content.
_AFTERTHOUGHTS = frozenset({"VBG", "WDT", "WP", "CC"})
#: Parts of speech of a subject's first words, where the parser hung them elsewhere.
_IN_PHRASE = frozenset({"NOUN", "PROPN", "ADJ", "DET"})
_RELATIVES = frozenset({"WDT", "WP", "WP$", "WRB"})
#: Forms of verbs of speech that look like nouns.
_FINITE_FORMS = frozenset(
    {"claim", "claims", "estimate", "estimates", "find", "finds", "indicate", "insist", "report", "reports", "say"}
    | {"says", "show", "shows", "state", "states", "suggest", "suggests"}
)


def parenthetical(verb: Token, sent: Tokens) -> Attributed | None:
    """ "The plan, she said, is dead": everything in the sentence but the cue's own clause.

    Args:
        verb: a verb.
        sent: first and last token of its sentence.
    """
    puts_it = lemma_of(verb) == "put" and verb.i < sent[1] and verb.doc[verb.i + 1].lower_ == "it"
    if not (introduces_clause(verb) or puts_it) or verb.tag_ in {"VBG", "VB"}:
        return None
    if verb.dep_ in DESCRIBING and any(t.tag_ in _RELATIVES for t in verb.doc[verb.left_edge.i : verb.i]):
        return None
    if lemma_of(verb) in words("never_aside"):
        return None
    subject = speaker_of(verb)
    apposed = _apposed_subject(verb, sent) if subject is None or subject.i < sent[0] else None
    if apposed is not None:
        subject, first = apposed
        clause: Tokens | None = (first, _clause_end(verb, cue_tokens(verb)[1], sent))
    elif subject is not None and sent[0] <= subject.i <= sent[1]:
        clause = _own_clause(verb, subject, sent)
    else:
        return None
    if clause is None or clause[1] < verb.i:
        return None
    doc = verb.doc
    if clause[0] > sent[0] and doc[clause[0] - 1].lower_ == "as":
        clause = (clause[0] - 1, clause[1])
        if clause[0] == sent[0] and clause[1] + 2 <= sent[1] and doc[clause[1] + 1].text == ",":
            # "As Lind said, the plan is dead."
            content = ((clause[1] + 2, sent[1]),)
            return Attributed("parenthetical", verb, cue_tokens(verb), content, subject, attitude_of(verb))
    pieces = _around(doc, clause, sent)
    if not pieces:
        return None
    cue = (cue_tokens(verb)[0], verb.i + 1) if puts_it else cue_tokens(verb)
    return Attributed("parenthetical", verb, cue, pieces, subject, attitude_of(verb))


def as_reported(verb: Token, sent: Tokens) -> Attributed | None:
    """ "As reported by the Herald, the plan is dead": the rest of the sentence."""
    doc = verb.doc
    agent = next((c for c in verb.rights if c.dep_ == "agent" and c.right_edge.i > c.i), None)
    if verb.tag_ != "VBN" or agent is None or verb.i == sent[0] or doc[verb.i - 1].lower_ != "as":
        return None
    if not introduces_clause(verb):
        return None
    pieces = _rest_of(doc, verb.i - 1, agent.right_edge.i, sent)
    return Attributed("as", verb, (verb.i, verb.i), pieces, speaker_of(verb), SPEECH) if pieces else None


def _around(doc: Doc, clause: Tokens, sent: Tokens) -> tuple[Tokens, ...]:
    """The rest of a sentence around a clause that is set off from it; empty where it is not set off."""
    if clause[0] - 1 <= sent[0]:
        return ()
    before = clause[0] - 1
    set_off = doc[before].text in _STOPS or (doc[before].text in _CLOSING_MARKS and doc[before - 1].text in _STOPS)
    if not set_off:
        return ()
    if doc[sent[0]].lower_ == "as" and doc[sent[0] + 1].tag_ == "VBN":
        return ()
    pieces = [(sent[0], before)]
    ahead = doc[sent[0] : before]
    behind = clause[1] + 2 if clause[1] + 1 < sent[1] and doc[clause[1] + 1].text in _STOPS else sent[1]
    if (
        behind < sent[1]
        and doc[behind].tag_ not in _AFTERTHOUGHTS
        and not (doc[behind].tag_ == "IN" and _is_clause(ahead))
    ):
        pieces.append((behind, sent[1]))
    elif not any(is_verb(t) for t in ahead):
        return ()
    return tuple(pieces)


def misread(token: Token, sent: Tokens) -> Attributed | None:
    """ "The rate has risen, figures show": a verb of speech that the parser took for a noun.

    Args:
        token: a noun.
        sent: first and last token of its sentence.
    """
    doc = token.doc
    if token.lower_ not in _FINITE_FORMS or not (token.i == sent[1] or doc[token.i + 1].is_punct):
        return None
    first = token.i
    while (
        first > sent[0] and not doc[first - 1].is_punct and not is_verb(doc[first - 1]) and token.i - first < _LONGEST
    ):
        first -= 1
    source = next((t for t in doc[first : token.i] if t.pos_ in {"NOUN", "PROPN"} and t.i + 1 == token.i), None)
    for noun in doc[first : token.i]:
        if noun.pos_ in {"NOUN", "PROPN"} and noun.i + 1 < token.i and doc[noun.i + 1].tag_ == "IN":
            from_whom = noun.lemma_.lower() in words("document_nouns") and doc[noun.i + 1].lower_ in {"from", "by"}
            source = source if from_whom and source is not None else noun
            break
    if source is None or not can_hold_views(source):
        return None
    pieces = _around(doc, (first, token.i), sent)
    if not pieces:
        return None
    return Attributed("parenthetical", token, (token.i, token.i), pieces, source, SPEECH)


def _apposed_subject(verb: Token, sent: Tokens) -> tuple[Token, int] | None:
    """The subject ", its director, Rosa Lind, said" and its first token, which the parser hung on the content."""
    doc = verb.doc
    last = cue_tokens(verb)[0] - 1
    if last <= sent[0] or doc[last].text != ",":
        return None
    starts: list[int] = []
    for i in range(last - 1, max(sent[0], last - 2 * _LONGEST), -1):
        if is_verb(doc[i]):
            return None
        if doc[i].text == ",":
            starts.append(i + 1)
            if len(starts) == 2:
                break
    if len(starts) < 2 or starts[0] >= last:
        return None
    nouns = doc[starts[0] - 2], doc[last - 1]
    if not any(can_hold_views(t) and t.pos_ in {"NOUN", "PROPN"} for t in nouns):
        return None
    return (nouns[0] if nouns[0].pos_ == "PROPN" else nouns[1]), starts[1]


def _clause_end(verb: Token, last: int, sent: Tokens) -> int:
    """The last token before the next punctuation."""
    while last < sent[1] and not verb.doc[last + 1].is_punct:
        last += 1
    return last


def _own_clause(verb: Token, subject: Token, sent: Tokens) -> Tokens | None:
    """First and last token of the cue's clause, up to the next punctuation; None where another verb is in the way."""
    doc = verb.doc
    first, last = cue_tokens(verb)
    if subject.i < first:
        inner = doc[subject.i : first]
        if any(is_verb(t) and t.dep_ not in DESCRIBING and not subject.i <= t.head.i < first for t in inner):
            return None
        first = max(subject.left_edge.i, sent[0])
        while first > sent[0] and subject.i > verb.i - 3 and doc[first - 1].pos_ in _IN_PHRASE:
            first -= 1
    elif subject.i > last:
        last = min(subject.right_edge.i, sent[1])
    end = _clause_end(verb, last, sent)
    content_ahead = any(c.dep_ == "ccomp" and c.i < first for c in verb.lefts)
    if any(is_verb(t) for t in doc[last + 1 : end + 1]) and not content_ahead:
        return None
    return first, end


def _is_clause(span: Span) -> bool:
    return any(is_verb(t) and any(c.dep_ in {"nsubj", "nsubjpass"} for c in t.lefts) for t in span)


def according(token: Token, sent: Tokens) -> Attributed | None:
    """What "according to" attributes: the rest of the sentence.

    Args:
        token: the token "according".
        sent: first and last token of its sentence.
    """
    doc = token.doc
    if token.i + 2 > sent[1] or doc[token.i + 1].lower_ != "to":
        return None
    nouns = (t for t in doc[token.i + 2 : sent[1] + 1] if t.pos_ in {"PROPN", "NOUN", "PRON"})
    source = next((c for c in doc[token.i + 1].children if c.dep_ == "pobj"), None) or next(nouns, None)
    if source is None:
        return None
    last = max(min(source.right_edge.i, sent[1]), source.i)
    pieces: list[Tokens] = []
    before = token.i - 1
    while before >= sent[0] and (doc[before].is_punct or doc[before].is_space):
        before -= 1
    if before >= sent[0]:
        pieces.append((sent[0], before))
    comma = next((t.i for t in doc[source.i : sent[1]] if t.text == ","), None)
    if not pieces and comma is not None:
        pieces.append((comma + 1, sent[1]))
    elif (
        last + 2 < sent[1]
        and doc[last + 1].text == ","
        and doc[last + 2].tag_ not in _AFTERTHOUGHTS - {"VBG"}
        and any(is_verb(t) for t in doc[last + 2 : sent[1] + 1])
    ):
        pieces.append((last + 2, sent[1]))
    if not pieces:
        return None
    return Attributed("according", token, (token.i, token.i + 1), tuple(pieces), source, SPEECH)


def viewpoint(noun: Token, sent: Tokens) -> Attributed | None:
    """What "in her view" and "in the words of Lind" attribute: the rest of the sentence.

    Args:
        noun: a noun.
        sent: first and last token of its sentence.
    """
    if noun.lower_ not in _VIEWPOINTS or noun.dep_ != "pobj" or noun.head.lower_ not in {"in", "by", "to", "from"}:
        return None
    holder = next((c for c in noun.lefts if c.dep_ == "poss"), None)
    last = noun.i
    if holder is None:
        of = next((c for c in noun.rights if c.lower_ == "of"), None)
        holder = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
        if holder is None:
            return None
        last = holder.right_edge.i
    first = noun.head.i
    pieces = _rest_of(noun.doc, first, last, sent)
    if not pieces or last - first > _LONGEST:
        return None
    attitude = SPEECH if noun.lower_ in _SPOKEN_VIEWPOINTS else THOUGHT
    return Attributed("viewpoint", noun, (noun.i, noun.i), pieces, holder, attitude)


def _rest_of(doc: Doc, first: int, last: int, sent: Tokens) -> tuple[Tokens, ...]:
    """The sentence without the phrase from ``first`` to ``last`` that is set off by commas."""
    pieces: list[Tokens] = []
    if first > sent[0]:
        pieces.append((sent[0], first - 1))
    if last + 2 <= sent[1] and doc[last + 1].text == ",":
        pieces.append((last + 2, sent[1]))
    elif last + 1 < sent[1]:
        return ()
    return tuple(pieces)
