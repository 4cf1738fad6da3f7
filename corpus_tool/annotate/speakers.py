"""Speakers: the mention beside a cue that says who speaks, thinks or intends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus_tool.annotate.cues import carrier_of, is_verb

if TYPE_CHECKING:
    from spacy.tokens import Token

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_NOUNS = frozenset({"NOUN", "PROPN", "PRON"})
_PERSONAL = {
    "i": "person", "he": "person", "she": "person", "you": "person", "him": "person", "her": "person",
    "his": "person", "me": "person", "my": "person", "who": "person", "it": "organization", "its": "organization",
    "they": "group", "we": "group", "them": "group", "us": "group", "their": "group", "our": "group",
    "which": "organization", "that": "organization", "whom": "person",
}  # fmt: skip
_MODIFIERS = frozenset({"amod", "compound", "nmod", "npadvmod", "advmod", "punct", "case"})


def speaker_of(verb: Token) -> Token | None:
    """The head of the noun phrase that is the subject of a cue verb, or None where nobody is named."""
    seen = 0
    while seen < 5:
        seen += 1
        subject = _subject(verb)
        if subject is not None:
            return subject
        agent = _agent(verb)
        if agent is not None:
            return agent
        carrier = carrier_of(verb)
        if carrier is not None:
            verb = carrier
        elif verb.dep_ == "acl" and verb.head.pos_ in _NOUNS and verb.tag_ == "VBG":
            return verb.head
        elif verb.dep_ in {"conj", "advcl", "xcomp", "pcomp", "ccomp", "prep"} and verb.head.i != verb.i:
            verb = verb.head
            while verb.dep_ == "prep" and not is_verb(verb) and verb.head.i != verb.i:
                verb = verb.head
            if not is_verb(verb):
                return verb if verb.pos_ in _NOUNS else None
        else:
            return None
    return None


def _subject(verb: Token) -> Token | None:
    found = [c for c in verb.children if c.dep_ in _SUBJECTS]
    if not found:
        return None
    subject = min(found, key=lambda c: abs(c.i - verb.i))
    if subject.pos_ not in _NOUNS and subject.pos_ not in {"DET", "NUM", "ADJ"}:
        return None
    return subject


def _agent(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def kind_of_pronoun(token: Token) -> str | None:
    """The kind of actor that a pronoun stands for, None for any other word."""
    if token.pos_ not in {"PRON", "DET"} and token.lower_ not in _PERSONAL:
        return None
    return _PERSONAL.get(token.lower_)


def noun_phrase(head: Token) -> tuple[int, int]:
    """First and last token of a noun phrase from its first modifier to its head, without article and possessor."""
    doc = head.doc
    first = head.i
    while first > 0:
        token = doc[first - 1]
        if token.head.i < first - 1 or token.head.i > head.i or token.dep_ not in _MODIFIERS or token.is_space:
            break
        if token.dep_ == "punct" and token.text not in {"-", "–", "."}:
            break
        first -= 1
    while first < head.i and (doc[first].is_punct or doc[first].tag_ in {"POS", "DT", "PRP$", "CD", "RB"}):
        first += 1
    return first, head.i
