"""Speakers as actor mentions: the one that the actor annotator found, else a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.quoting.blocks import QuotedBlock
from corpus_tool.annotate.quoting.drafts import Piece
from corpus_tool.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Token

_PRONOUNS = {
    "i": "person", "me": "person", "my": "person", "myself": "person", "you": "person", "your": "person",
    "he": "person", "him": "person", "his": "person", "she": "person", "her": "person", "who": "person",
    "whom": "person", "whose": "person", "one": "person", "everyone": "group", "nobody": "person",
    "it": "organization", "its": "organization", "which": "organization", "that": "organization",
    "they": "group", "them": "group", "their": "group", "we": "group", "us": "group", "our": "group",
    "some": "group", "many": "group", "others": "group", "most": "group", "several": "group", "few": "group",
    "all": "group", "both": "group", "those": "group", "these": "group", "neither": "group", "none": "group",
    "another": "person", "someone": "person", "anyone": "person", "everybody": "group", "somebody": "person",
}  # fmt: skip
_ENTITY_KINDS = {"PERSON": "person", "NORP": "group", "GPE": "state", "ORG": "organization", "FAC": "organization"}
_MODIFIERS = frozenset({"amod", "compound", "nmod", "npadvmod", "advmod", "punct"})
_NO_MODIFIERS = frozenset({"POS", "DT", "PDT", "PRP$", "CD", "RB", "JJR", "JJS", "-LRB-", "-RRB-"})
_PERSON_ENDINGS = ("er", "or", "ist", "man", "woman", "ian", "ant", "ee")
_NOT_PERSONS = frozenset(
    {"carrier", "center", "chamber", "chapter", "committee", "monitor", "newsletter", "restaurant"}
)
_HYPHENS = frozenset({"-", "–", "‑"})
_QUANTITIES = words("quantity_nouns")


def mention_of(
    text: str, view: QuotedBlock, head: Token, actors: Sequence[Actor], pieces: Sequence[Piece]
) -> Actor | None:
    """The actor mention for the head of a speaker's noun phrase.

    Args:
        text: the article's text.
        view: the block that ``head`` is a token of.
        head: the noun or pronoun that the cue belongs to.
        actors: the mentions so far, in no particular order, of this block at least.
        pieces: the quote's content, which the mention may not lie in.

    Returns:
        One of ``actors``; or a new mention with an empty id; or None where the phrase is no speaker.
    """
    for token in _heads(head):
        start, end = view.offset(token.i), view.offset_end(token.i)
        covering = [a for a in actors if a.start <= start and end <= a.end and not _inside((a.start, a.end), pieces)]
        if covering:
            return min(covering, key=lambda a: a.end - a.start)
    for token in _heads(head):
        made = _made(text, view, token, actors)
        if made is not None and not _inside((made.start, made.end), pieces):
            return made
    return None


def _inside(span: Piece, pieces: Sequence[Piece]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in pieces)


def _heads(head: Token) -> Iterator[Token]:
    """The noun counted, before the quantity that counts it ("dozens of residents"), then the phrase's own head."""
    if head.lower_ in _QUANTITIES or head.pos_ == "NUM":
        for child in head.rights:
            if child.dep_ == "prep" and child.lower_ == "of":
                yield from (c for c in child.children if c.dep_ == "pobj" and c.pos_ in {"NOUN", "PROPN"})
    yield head


def _made(text: str, view: QuotedBlock, head: Token, actors: Sequence[Actor]) -> Actor | None:
    span = view.offset(head.i), view.offset_end(head.i)
    if not any(c.isalpha() for c in head.text):
        return None
    lower = head.lower_
    if head.pos_ in {"PRON", "DET", "ADJ", "NUM"} and lower in _PRONOUNS:
        return _actor(text, span, _PRONOUNS[lower], "pronoun")
    first = _first_modifier(head)
    wide = view.offset(first), span[1]
    if not any(a.start < wide[1] and wide[0] < a.end and not _nested((a.start, a.end), wide) for a in actors):
        span = wide
    known = next((a for a in actors if (a.start, a.end) == span), None)
    if known is not None:
        return known
    if head.pos_ == "PROPN" or _is_misread_name(head):
        return _actor(text, span, _ENTITY_KINDS.get(head.ent_type_, "person"), "name")
    return _actor(text, span, _kind_of_noun(head), "nominal")


def _nested(a: Piece, b: Piece) -> bool:
    return (a[0] <= b[0] and b[1] <= a[1]) or (b[0] <= a[0] and a[1] <= b[1])


@cache
def _table(name: str) -> dict[str, str]:
    return table(name)


def _kinds() -> dict[str, str]:
    return _table("actor_nouns")


def _is_misread_name(head: Token) -> bool:
    """Whether a capital letter tells a name that the parser took for a common noun."""
    known = _kinds().get(head.lower_) or _kinds().get(head.lemma_.lower())
    return head.text[:1].isupper() and not known and head.lemma_.lower() not in words("document_nouns")


def _kind_of_noun(head: Token) -> str:
    lemma = head.lemma_.lower()
    kind = _kinds().get(head.lower_) or _kinds().get(lemma)
    if kind == "person" and head.tag_ in {"NNS", "NNPS"}:
        return "group"
    if kind:
        return kind
    named = _table("organization_words").get(head.text.capitalize())
    if named:
        return named
    if lemma in words("document_nouns") or head.pos_ != "NOUN":
        return "other"
    if head.tag_ == "NNS":
        return "group"
    return "person" if lemma.endswith(_PERSON_ENDINGS) and lemma not in _NOT_PERSONS else "organization"


def _first_modifier(head: Token) -> int:
    """The first token of a noun phrase: its first modifier, without article, possessor and number."""
    doc = head.doc
    first = head.i
    while first > 0:
        token = doc[first - 1]
        if token.dep_ not in _MODIFIERS or token.is_space or not first - 1 <= token.head.i <= head.i:
            break
        if token.is_punct and token.text not in _HYPHENS:
            break
        first -= 1
    if head.pos_ == "PROPN":
        titles = [i for i in range(first, head.i) if doc[i].text in words("titles")]
        first = titles[-1] + 1 if titles else first
    while first < head.i and (doc[first].tag_ in _NO_MODIFIERS or not doc[first].text[0].isalnum()):
        first += 1
    return first


def _actor(text: str, span: Piece, kind: str, mention: str) -> Actor:
    return Actor(id="", start=span[0], end=span[1], text=text[span[0] : span[1]], kind=kind, mention=mention)


def named(head: Token) -> Token:
    """The name beside a noun ("its chairman, Rosa Lind, said"), the actor behind a text ("figures from the bank").

    Args:
        head: the noun that the cue belongs to; it is returned where there is neither.
    """
    for child in head.rights:
        set_off = child.left_edge.i > 0 and head.doc[child.left_edge.i - 1].text == ","
        if child.dep_ == "appos" and child.pos_ == "PROPN" and head.pos_ == "NOUN" and set_off:
            return child
    if head.lemma_.lower() in words("document_nouns"):
        for child in head.rights:
            if child.dep_ == "prep" and child.lower_ in {"from", "by"}:
                return next((c for c in child.rights if c.dep_ == "pobj" and c.pos_ in {"NOUN", "PROPN"}), head)
    return head


def conjoined(head: Token) -> Iterator[Token]:
    """Further speakers of the same cue: "Lind and Haddad said"."""
    for child in head.rights:
        if child.dep_ == "conj" and child.pos_ in {"NOUN", "PROPN", "PRON"}:
            yield child
            yield from conjoined(child)


def joined_before(head: Token) -> Iterator[Token]:
    """Last words of phrases that a conjunction joins to a noun from the left, as the parser may misread them."""
    for token in head.doc[head.left_edge.i : head.i]:
        if token.dep_ == "cc" and token.i > 0:
            yield head.doc[token.i - 1]
