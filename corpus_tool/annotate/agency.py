"""Whether the name of a state stands for the state that acts or for the place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import capitals, fold, table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.names import NameSpan

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Verbs whose object is addressed or acted upon as a state, not visited as a place.
_ADDRESSING = words("addressing_verbs")
_AGENT_PREPOSITIONS = frozenset(["by", "between", "with", "against", "among"])

#: What a hyphen after a state makes it: one that acts ("US-led"), or a place ("Britain-based").
_PLACE_TAIL = re.compile(r"[-‐‑–](?:based|born|bound|wide|held|raised|educated)\b", re.IGNORECASE)
_ACTOR_TAIL = re.compile(r"[-‐‑–][A-Za-z]")

#: What only one that acts has done or has: "US airstrikes", "Iran sanctions".
DEEDS = words("state_deeds")

#: What lies in a state; its other possessions make it an owner, which acts.
_PLACE_POSSESSIONS = words("compass") | {
    "center",
    "centre",
    "heart",
    "border",
    "coast",
    "interior",
    "largest",
    "biggest",
    "smallest",
    "oldest",
    "second",
    "third",
}

#: Verbs of saying and deciding, whose subject is one that acts.
GOVERNMENT_VERBS = words("government_verbs")


def acts(doc: Doc, span: NameSpan) -> bool:
    """Whether the name of a state is that of one who acts, owns, is addressed or commands."""
    tail = _tail(doc, span)
    if _PLACE_TAIL.match(tail):
        return False
    if _ACTOR_TAIL.match(tail):
        return True
    if _is_address(doc, span):
        return False
    root = doc[span.first : span.last].root
    return _by_role(_conjoined(root), doc)


def _is_address(doc: Doc, span: NameSpan) -> bool:
    """Whether it only says where the place before it lies: "Tarn, France", also in a dateline."""
    if span.first < 2 or span.first > 5 or doc[span.first - 1].text != ",":
        return False
    named = doc[span.first - 2].text[0].isupper()
    behind = doc[span.last].text if span.last < len(doc) else "."
    return named and behind in {",", ".", "(", ")", ";", ":", "--", "—", "–", "-", "_"}


def _tail(doc: Doc, span: NameSpan) -> str:
    """What follows a name in its own last token and the two behind it: "-led" in "US-led"."""
    last = doc[span.first : min(len(doc), span.last + 2)].text
    return last[span.end - span.start :]


def _conjoined(token: Token) -> Token:
    """The first of "Turkey, Iran and Russia" says what all of them do."""
    for _ in range(8):
        if token.dep_ != "conj":
            break
        token = token.head
    return token


#: Nouns for states together, whose members a text lists ("allies such as Norway", "a body of Norway and Iceland").
_STATES_TOGETHER = frozenset(
    ["ally", "country", "government", "member", "nation", "neighbor", "neighbour", "partner", "power"]
)
_BODIES_OF_STATES = frozenset(["alliance", "bloc", "body", "coalition", "pact", "partnership", "union"])


def _is_listed(root: Token) -> bool:
    """Whether a state stands in a list of states that act together."""
    head = root.head
    if root.dep_ == "dobj" and head.lemma_ == "include":
        return any(child.dep_ == "nsubj" and child.lemma_.lower() in _STATES_TOGETHER for child in head.lefts)
    if root.dep_ != "pobj":
        return False
    if head.lower_ == "of":
        several = any(child.dep_ == "conj" for child in root.rights)
        return several and head.head.lemma_.lower() in _BODIES_OF_STATES
    such_as = head.lower_ == "as" and any(child.lower_ == "such" for child in head.lefts)
    named = such_as or head.lower_ in {"including", "like"}
    return named and head.head.lemma_.lower() in _STATES_TOGETHER and head.head.dep_ in {"nsubj", "agent"}


def _by_role(root: Token, doc: Doc) -> bool:
    role, head = root.dep_, root.head
    if _is_listed(root):
        return True
    if role in {"nsubj", "agent"}:
        return True
    if role == "nsubjpass":
        return head.lemma_ in _ADDRESSING
    if role == "poss":
        return not _lies_in_it(head)
    if role in {"compound", "nmod", "amod"}:
        return (head.pos_ == "PROPN" and head.i > root.i) or _is_actor_noun(head) or head.lemma_.lower() in DEEDS
    if role in {"dobj", "dative"}:
        return head.lemma_ in _ADDRESSING or head.lemma_ in {"give", "offer", "send", "sell"}
    if role == "pobj":
        return head.lower_ in _AGENT_PREPOSITIONS
    return False


def _lies_in_it(head: Token) -> bool:
    if head.lemma_.lower() in _PLACE_POSSESSIONS or head.lemma_.lower() in table("place_nouns"):
        return True
    if head.ent_type_ in {"GPE", "LOC", "FAC"}:
        return True
    return any(child.lower_ in _PLACE_POSSESSIONS or child.tag_ == "JJS" for child in head.lefts)


def _is_actor_noun(token: Token) -> bool:
    nouns = table("actor_nouns")
    return token.lower_ in nouns or token.lemma_.lower() in nouns


def is_government(doc: Doc, span: NameSpan) -> bool:
    """Whether a capital stands for the government: "Washington said", "Tehran-backed"."""
    if fold(span.text) not in capitals():
        return False
    tail = _tail(doc, span)
    if _ACTOR_TAIL.match(tail) and not _PLACE_TAIL.match(tail):
        return bool(re.match(r"[-‐‑–](?:led|backed|sponsored|allied|funded|supported|brokered|imposed)\b", tail))
    root = doc[span.first : span.last].root
    if root.dep_ == "nsubj":
        return root.head.lemma_ in GOVERNMENT_VERBS
    if root.dep_ == "dobj":
        return root.head.lemma_ in {"ask", "urge", "accuse", "tell", "warn", "pressure", "blame"}
    if root.dep_ == "poss":
        return root.head.lemma_.lower() in _GOVERNMENT_POSSESSIONS
    return (
        root.dep_ == "pobj"
        and root.head.lower_ in {"between", "with"}
        and any(child.dep_ == "conj" and fold(child.text) in capitals() for child in root.children)
    )


_GOVERNMENT_POSSESSIONS = words("government_possessions")
