"""Nouns as cues: "his claim that …", "a promise to …"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.attributed import Attributed, Tokens
from corpus_tool.annotate.quoting.cues import INTENTION, SPEECH, THOUGHT, introduces_clause, is_verb
from corpus_tool.annotate.quoting.objects import TOPIC
from corpus_tool.annotate.quoting.speakers import can_hold_views

if TYPE_CHECKING:
    from spacy.tokens import Token

#: So many tokens behind a noun "that" may begin its clause.
_APART = 10
#: Dependencies of a clause that the parser hung on something else than its noun.
_MISPLACED = frozenset({"advcl", "acl", "relcl"})
_SOURCES = frozenset({"by", "from", "of", "among"})


def noun_cue(noun: Token, sent: Tokens) -> Attributed | None:
    """What a noun of speech, thought or intention attributes with a that-clause or an infinitive.

    Args:
        noun: a noun.
        sent: first and last token of its sentence.
    """
    lemma = noun.lemma_.lower()
    that = lemma in words("clause_nouns")
    to = lemma in words("intention_nouns")
    speaker = speaker_of_noun(noun)
    if speaker is not None:
        found = _of_preposition(noun, speaker, sent)
        if found is not None:
            return found
    if not that and not to:
        return None
    for clause in _clauses(noun):
        if clause.dep_ not in {"acl", "ccomp", "relcl", "xcomp"} | _MISPLACED:
            continue
        edge = clause.left_edge
        if that and edge.lower_ == "that" and (edge.dep_ == "mark" or _has_subject(clause, edge)):
            attitude = THOUGHT if lemma in words("thought_nouns") else SPEECH
        elif to and edge.lower_ == "to" and clause.tag_ == "VB" and speaker is not None:
            attitude = INTENTION
        else:
            continue
        return Attributed(
            "noun", noun, (noun.i, noun.i), ((edge.i, min(clause.right_edge.i, sent[1])),), speaker, attitude
        )
    return None


def _of_preposition(noun: Token, speaker: Token, sent: Tokens) -> Attributed | None:
    lemma = noun.lemma_.lower()
    for child in noun.rights:
        if child.dep_ == "prep" and f"{lemma} {child.lower_}" in words("noun_prepositions"):
            target = next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
            if target is None or target.i == speaker.i or not can_hold_views(speaker):
                return None
            last = child.i if child.i == noun.i + 1 else noun.i
            content = (target.left_edge.i, min(target.right_edge.i, sent[1]))
            attitude = THOUGHT if lemma in words("thought_nouns") else SPEECH
            return Attributed(
                TOPIC if target.dep_ == "pobj" else "noun of", noun, (noun.i, last), (content,), speaker, attitude
            )
    return None


def _clauses(noun: Token) -> Iterator[Token]:
    """Clauses behind a noun, also behind a phrase that belongs to it: "her assertion on Friday that …"."""
    yield from noun.rights
    doc = noun.doc
    for token in doc[noun.i + 1 : noun.i + _APART]:
        if token.is_punct or is_verb(token):
            return
        if token.lower_ == "that" and token.dep_ == "mark" and token.i > noun.i + 1:
            clause = token.head
            if clause.dep_ in _MISPLACED and clause.head.i < token.i and not introduces_clause(clause.head):
                yield clause
            return


def _has_subject(clause: Token, edge: Token) -> bool:
    """Whether a clause has a subject beside the "that" it begins with and needs no other object."""
    subjects = [c for c in clause.lefts if c.dep_ in {"nsubj", "nsubjpass"} and c.i != edge.i]
    return edge.tag_ == "IN" and bool(subjects)


def speaker_of_noun(noun: Token) -> Token | None:
    """The possessor, or who stands behind "by", "from" or "of"."""
    for child in noun.children:
        if child.dep_ == "poss":
            return child
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in _SOURCES:
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    if noun.dep_ == "ROOT" and noun.tag_ == "NNS" and noun.i > 0 and noun.i + 1 < len(noun.doc):
        # "The Tarn council plans to build": the parser reads "the plans to build".
        before = noun.doc[noun.i - 1]
        if before.dep_ in {"compound", "nsubj"} and noun.doc[noun.i + 1].lower_ == "to":
            return before
    head = noun.head
    if noun.dep_ == "dobj" and head.lemma_ in {"make", "repeat", "issue", "express", "have", "voice", "deny", "give"}:
        return next((c for c in head.children if c.dep_ == "nsubj"), None)
    return None
