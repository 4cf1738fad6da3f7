"""Speakers: the mention beside a cue that says who speaks, thinks or intends."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.cues import carrier_of, is_verb

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Nouns for actors where they are the subject of a verb of speech or opinion, beside those of the actors' lexicon.
_MORE_ACTORS = words("document_nouns") | words("crowd_nouns")
_IMPERSONAL = frozenset(
    {"this", "these", "what", "something", "nothing", "everything", "anything", "there", "whatever"}
)
#: Words that stand for people where no noun follows: "many say".
_QUANTIFIERS = frozenset({"many", "some", "most", "others", "several", "few", "both"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
#: How many verbs up the subject of a cue is looked for: "tried to go on to say".
_CLIMB = 5
#: Dependencies of verbs that share the subject of their head.
_SHARING = frozenset({"conj", "advcl", "xcomp", "pcomp", "ccomp", "prep"})
_TEXTS = frozenset({"statement", "letter", "email", "tweet", "note", "memo", "post", "message", "report", "video"})
_PUBLISHING = frozenset({"release", "issue", "send", "post", "write", "publish", "tweet", "put", "make"})
_LINKS = frozenset({"ADP", "ADV", "ADJ", "SCONJ"})
_NOUNS = frozenset({"NOUN", "PROPN", "PRON"})


def speaker_of(verb: Token) -> Token | None:
    """The head of the noun phrase that is the subject of a cue verb, or None where nobody is named."""
    for step in range(_CLIMB):
        carrier = carrier_of(verb)
        if carrier is not None:
            verb = carrier
        elif not step and is_passive(verb):
            return _agent(verb)
        subject = _subject(verb)
        if subject is not None:
            return subject
        if verb.dep_ == "acl" and verb.head.pos_ in _NOUNS and verb.tag_ == "VBG":
            return _author(verb.head)
        if verb.dep_ == "acl" and verb.tag_ == "VB" and is_verb(verb.head.head):
            # "His vow to sell": he; "showed a will to sell": who showed it.
            owner = next((c for c in verb.head.lefts if c.dep_ == "poss"), None)
            if owner is not None:
                return owner
            verb = verb.head.head
            continue
        if verb.dep_ not in _SHARING or verb.head.i == verb.i:
            return _beside(verb)
        verb = verb.head
        while verb.pos_ in _LINKS and not is_verb(verb) and verb.head.i != verb.i:
            verb = verb.head
        if not is_verb(verb):
            return verb if verb.pos_ in _NOUNS else None
    return None


def document_says(verb: Token) -> bool:
    """Whether the subject of a cue verb is a text, a study or data."""
    subject = speaker_of(verb)
    return subject is not None and subject.lemma_.lower() in words("document_nouns")


def is_passive(verb: Token) -> bool:
    """Whether a participle is passive: its subject is spoken to or about, its agent speaks."""
    if verb.tag_ != "VBN":
        return False
    return any(c.dep_ == "auxpass" for c in verb.lefts) or not any(c.dep_ == "aux" for c in verb.lefts)


def can_hold_views(token: Token | None) -> bool:
    """Whether a phrase names somebody who may want or favour something: a name, a pronoun, a noun for actors."""
    if token is None:
        return False
    if token.pos_ == "PROPN" or (token.text[:1].isupper() and token.pos_ != "PRON"):
        return True
    if token.pos_ in {"NOUN", "SYM"}:
        return _is_actor_noun(token)
    if token.lower_ in {"that", "which"}:
        clause = token.head
        while clause.dep_ not in {"relcl", "ROOT"} and clause.head.i != clause.i:
            clause = clause.head
        return clause.dep_ == "relcl" and clause.head.i != token.i and can_hold_views(clause.head)
    return (token.pos_ == "PRON" and token.lower_ not in _IMPERSONAL) or token.pos_ in {"DET", "NUM", "ADJ"}


def _is_actor_noun(token: Token) -> bool:
    lemma = token.lemma_.lower()
    return token.lower_ in _actor_nouns() or lemma in _actor_nouns() or lemma in _MORE_ACTORS


@cache
def _actor_nouns() -> frozenset[str]:
    return frozenset(table("actor_nouns"))


def _subject(verb: Token) -> Token | None:
    found = [c for c in verb.children if c.dep_ in _SUBJECTS]
    if not found:
        return None
    subject = min(found, key=lambda c: abs(c.i - verb.i))
    return subject if subject.pos_ in _NOUNS or subject.pos_ in {"DET", "NUM", "ADJ"} else None


def _author(noun: Token) -> Token:
    """Who put out the text that says something ("she released a statement saying …"), else the noun itself."""
    if noun.dep_ == "dobj" and noun.lemma_.lower() in _TEXTS and noun.head.lemma_ in _PUBLISHING:
        return _subject(noun.head) or noun
    return noun


def _beside(verb: Token) -> Token | None:
    """The noun just before a finite verb whose subject the parser missed."""
    if verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return None
    i = verb.i - 1
    while i >= 0 and verb.doc[i].pos_ in {"ADV", "AUX"}:
        i -= 1
    if i >= 0 and verb.doc[i].text in {")", "]"}:
        while i >= 0 and verb.doc[i].text not in {"(", "["}:
            i -= 1
        i -= 1
    if i < 0:
        return None
    return verb.doc[i] if verb.doc[i].pos_ in _NOUNS or verb.doc[i].lower_ in _QUANTIFIERS else None


def _agent(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None
