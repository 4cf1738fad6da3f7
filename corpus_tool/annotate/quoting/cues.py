"""Cues: the words by which an article attributes speech, thought or intention, and how each introduces its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Token

SPEECH = "speech"
THOUGHT = "thought"
INTENTION = "intention"

#: What the parser's rules make of "hoping", "lambasted" … and the verb that is meant.
_LEMMAS = {
    "car": "care",
    "criticis": "criticise",
    "emphasis": "emphasise",
    "hop": "hope",
    "lambast": "lambaste",
    "prais": "praise",
}
#: Verbs that carry a following cue verb: "went on to say", "was quoted as saying".
_CARRIERS = frozenset({"begin", "come", "continue", "go", "proceed", "quote", "start", "cite", "record", "report"})
_CARRIED = frozenset({"xcomp", "pcomp"})
_AUXILIARIES = frozenset({"aux", "auxpass", "neg"})
_VERBS = frozenset({"VERB", "AUX"})
#: Dependencies of clauses that only describe a noun: their verbs do not carry a quote beside them.
DESCRIBING = frozenset({"relcl", "acl"})


def lemma_of(token: Token) -> str:
    """The verb's lemma; the parser's rule for "hoping" (hop) is put right."""
    lemma = token.lemma_.lower()
    return _LEMMAS.get(lemma, lemma)


def is_verb(token: Token) -> bool:
    """Whether the token is a verb that can be a cue."""
    return token.pos_ in _VERBS and token.dep_ not in _AUXILIARIES


def is_negated(verb: Token) -> bool:
    """Whether a verb is negated: "did not say whether …"."""
    return any(c.dep_ == "neg" for c in verb.lefts)


def introduces_clause(token: Token) -> bool:
    """Whether a verb takes a clause as what is said or thought."""
    lemma = lemma_of(token)
    return lemma in words("speech_clause") or lemma in words("thought_clause")


def introduces_speech(token: Token) -> bool:
    """Whether a verb stands beside direct speech."""
    lemma = lemma_of(token)
    return lemma in words("speech_clause") or lemma in words("direct_only") or lemma in words("thought_clause")


def attitude_of(token: Token, infinitive: bool = False) -> str:
    """Speech, thought or intention, by the verb and whether it takes an infinitive ("agreed to go")."""
    lemma = lemma_of(token)
    if infinitive and (lemma in words("intention") or lemma in words("intention_adjectives")):
        return INTENTION
    if lemma in words("speech_clause") or lemma in words("speech_object") or lemma in words("direct_only"):
        return SPEECH
    if lemma in words("thought_clause") or lemma in words("thought_object"):
        return THOUGHT
    return INTENTION if lemma in words("intention") else SPEECH


def cue_tokens(verb: Token) -> tuple[int, int]:
    """First and last token of a cue: the verb with its auxiliaries, adverbs before it, and particle."""
    doc = verb.doc
    first = last = verb.i
    carrier = carrier_of(verb)
    if carrier is not None:
        first = carrier.i
        verb = carrier
    while first > 0:
        token = doc[first - 1]
        if token.head.i != verb.i or (token.dep_ not in _AUXILIARIES and not _adverb(token)):
            break
        first -= 1
    if last + 1 < len(doc) and doc[last + 1].dep_ == "prt" and doc[last + 1].head.i == last:
        last += 1
    return first, last


def _adverb(token: Token) -> bool:
    return token.dep_ == "advmod" and token.tag_ == "RB" and token.text.islower()


def carrier_of(verb: Token) -> Token | None:
    """The verb that carries this one: "quoted" for "saying" in "was quoted as saying"."""
    if verb.dep_ not in _CARRIED:
        return None
    head = verb.head
    if head.dep_ == "prep" and head.lower_ == "as":
        head = head.head
    if head.i < verb.i <= head.i + 4 and lemma_of(head) in _CARRIERS and is_verb(head):
        return head
    return None
