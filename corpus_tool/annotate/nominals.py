"""Nominal mentions: noun phrases for actors ("senior port official") and for places ("the old harbour")."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.annotate.agency import GOVERNMENT_VERBS
from corpus_tool.annotate.gazetteer import table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.parsed import ParsedBlock
from corpus_tool.annotate.roles import title_start

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Words before a noun that count, choose or compare and are no part of its description.
_NOT_MODIFIERS = words("not_modifiers")

_FUNCTION_WORDS = frozenset({"DET", "PRON", "NUM", "ADP", "AUX", "CCONJ", "SCONJ", "PART"})
_MODIFIER_DEPS = frozenset(
    {
        "advmod",
        "amod",
        "case",
        "compound",
        "nmod",
        "npadvmod",
        "nummod",
        "poss",
        "punct",
        "quantmod",
    }
)

#: Determiners after which a phrase says that there is none, or speaks of any.
_NONE_OR_ANY = frozenset({"no", "any", "every", "what", "whatever", "such"})


#: Heads that are places only where something tells which: "the border area", not "the area".
_NEEDS_MODIFIER = words("vague_places")

_DEFINITE = frozenset(["the", "this", "that", "these", "those", "its", "their", "his", "her", "our"])


@dataclass(frozen=True)
class Nominal:
    """A noun phrase from its first modifier to its head: tokens and offsets in the article, in code points."""

    first: int
    last: int
    start: int
    end: int
    kind: str


def iter_actor_nominals(block: ParsedBlock, taken: Container[int]) -> Iterator[Nominal]:
    """Noun phrases for actors in a block. ``taken``: tokens of names."""
    for token in block.doc:
        kind = _actor_kind(token, taken)
        if kind is not None and (_is_mention(token) or (kind in _EMPLOYERS and _employs(token, taken))):
            yield _nominal(block, token, kind, taken)


def _actor_kind(token: Token, taken: Container[int]) -> str | None:
    if token.i in taken or token.pos_ not in {"NOUN", "PROPN"} or not token.text[0].isalpha():
        return None
    if token.lemma_.lower() in _HOUSES and not speaks(token):
        return None
    if token.lemma_.lower() in _STATES:
        return "state" if _acts(token) else None
    nouns = table("actor_nouns")
    kind = nouns.get(token.lower_)
    in_capitals = token.pos_ == "PROPN" and token.lower_.endswith(("s", "men")) and _singular(token.lower_) in nouns
    plural = token.tag_ in {"NNS", "NNPS"} or in_capitals
    if kind is None:
        kind = nouns.get(token.lemma_.lower()) or nouns.get(_singular(token.lower_) if plural else "")
    if kind is None and token.lemma_.lower() == "service" and any(c.lower_ in _SERVICES for c in token.lefts):
        kind = "government"
    if kind is None:
        kind = _by_suffix(token.lower_)
    if kind in {"organization", "group"} and any(child.lower_ in _ARMED for child in token.lefts):
        return "armed_group"
    if kind == "organization" and token.lower_ == "bank" and any(child.lower_ == "central" for child in token.lefts):
        return "government"
    return "group" if kind == "person" and (plural or token.lower_ in {"people", "police"}) else kind


_STATES = frozenset({"nation", "country"})


def _acts(token: Token) -> bool:
    """Whether a noun for a state is one that acts: the subject of a verb other than "be" and "have"."""
    return token.dep_ == "nsubj" and token.head.pos_ == "VERB" and token.head.lemma_ not in {"be", "have", "become"}


#: Institutions that are houses unless they speak or decide.
_HOUSES = words("houses")


def speaks(token: Token) -> bool:
    """Whether a noun is the subject of a verb of saying or deciding, in the active voice."""
    return token.dep_ == "nsubj" and token.head.lemma_ in GOVERNMENT_VERBS


def _singular(word: str) -> str:
    if word.endswith("men"):
        return word[:-2] + "an"
    return word.removesuffix("s")


_PERSON_SUFFIXES = re.compile(
    r"[a-z](?:ologist|ographer|woman|person|worker|keeper|holder|monger|fighter|maker|goer)s?$"
)


_SERVICES = frozenset({"fire", "ambulance", "rescue", "security", "intelligence", "emergency", "prison", "secret"})
_ARMED = frozenset({"rebel", "militant", "armed", "terrorist", "insurgent", "extremist", "jihadist", "guerrilla"})


def _by_suffix(word: str) -> str | None:
    return "person" if _PERSON_SUFFIXES.search(word) else None


def _is_mention(token: Token) -> bool:
    """Whether a noun is the head of a phrase that refers: no modifier of another noun, no predicate, not negated."""
    joined = [*_conjoined(token)]
    if any(up.dep_ in {"compound", "nmod", "amod"} and up.head.i > token.i for up in joined):
        return False
    if len(joined) > 1 and token.tag_ == "NN" and not any(token.lefts) and _is_thing(joined[-1]):
        return False
    if token.dep_ == "attr" and token.tag_ in {"NN", "NNP"}:
        return False
    if token.lower_ == "media" and any(child.lower_ == "social" for child in token.lefts):
        return False
    return not any(child.lower_ in _NONE_OR_ANY for child in token.lefts)


def _is_thing(token: Token) -> bool:
    """Whether a token is a common noun for no actor: what a bare "fighter" beside it is a kind of, too."""
    nouns = table("actor_nouns")
    return token.pos_ == "NOUN" and token.lower_ not in nouns and token.lemma_.lower() not in nouns


def _conjoined(token: Token) -> Iterator[Token]:
    """A token and those before it that it is joined to: "fighter" and "bomber" in "bomber and fighter aircraft"."""
    yield token
    while token.dep_ == "conj" and token.head.i < token.i:
        token = token.head
        yield token


_EMPLOYERS = frozenset({"organization", "government", "military", "media", "party", "armed_group"})
_EMPLOYED = frozenset({"person", "group"})


def _employs(token: Token, taken: Container[int]) -> bool:
    """Whether a noun for a body stands in the description of its people: "ministry official", "police officers"."""
    head = token.head
    if token.dep_ not in {"compound", "nmod"} or head.i <= token.i or token.tag_ in {"NNS", "NNPS"}:
        return False
    return _actor_kind(head, taken) in _EMPLOYED and _is_mention(head)


def _nominal(block: ParsedBlock, head: Token, kind: str, taken: Container[int]) -> Nominal:
    first = _first_modifier(block.doc, head, taken)
    start, end = block.bounds(block.doc[first : head.i + 1])
    return Nominal(first, head.i + 1, start, end, kind)


def _first_modifier(doc: Doc, head: Token, taken: Container[int]) -> int:
    """The token where the description of a head begins: articles, numbers, quantifiers and possessors stay out."""
    first = head.i
    for i in range(head.i - 1, max(-1, head.i - 10), -1):
        token = doc[i]
        if token.text in _HYPHENS and i > 0 and not doc[i - 1].whitespace_ and not token.whitespace_:
            continue
        if not _modifies(token, head) or token.text in {"'s", "’s", "'", "’"}:
            break
        first = i
    while first > 1 and doc[first - 1].text in _HYPHENS and not doc[first - 2].whitespace_:
        first -= 2
    while first < head.i and (not doc[first].text[0].isalnum() or _is_tail(doc, first)):
        first += 1
    return first


def _is_tail(doc: Doc, i: int) -> bool:
    """Whether a token is the rest of a word that the tokenizer split, as the "m" of "$38m"."""
    return i > 0 and not doc[i - 1].whitespace_ and doc[i - 1].text[-1].isalnum()


_HYPHENS = frozenset({"-", "‐", "‑", "–"})


def _modifies(token: Token, head: Token) -> bool:
    if token.lower_ in _NOT_MODIFIERS or token.is_punct or token.is_space or token.like_num:
        return False
    if token.pos_ in _FUNCTION_WORDS and token.dep_ not in {"amod", "compound"}:
        return False
    up = token
    for _ in range(6):
        if up == head:
            return True
        if up.dep_ not in _MODIFIER_DEPS and not (up.dep_ == "conj" and up.i < head.i):
            return False
        up = up.head
    return False


def is_title_of_name(doc: Doc, nominal: Nominal, name_starts: Container[int], taken: Container[int]) -> bool:
    """Whether a nominal is the title of a name that follows directly and so is no mention of its own."""
    if nominal.last not in name_starts:
        return False
    return title_start(doc, nominal.last, taken) is not None


def iter_place_nominals(block: ParsedBlock, taken: Container[int]) -> Iterator[Nominal]:
    """Definite noun phrases for particular places in a block. ``taken``: tokens of names."""
    kinds = table("place_nouns")
    for token in block.doc:
        if token.i in taken or token.pos_ not in {"NOUN", "PROPN"}:
            continue
        kind = kinds.get(token.lower_) or kinds.get(token.lemma_.lower())
        if kind is None or (token.dep_ in {"compound", "nmod"} and token.head.i > token.i):
            continue
        lemma = token.lemma_.lower()
        actor = (lemma in _HOUSES and speaks(token)) or (lemma in _STATES and _acts(token))
        if actor or not _is_in_space(token) or (kind in _TYPES and token.i - 1 in taken):
            continue
        nominal = _nominal(block, token, kind, taken)
        bare = nominal.last - nominal.first == 1
        if _is_particular(block.doc, nominal, token) and not (bare and token.lower_ in _NEEDS_MODIFIER):
            yield nominal


def _is_in_space(token: Token) -> bool:
    """Whether nothing before a noun for a place says that it has none: "capital markets", "a peace settlement"."""
    without = table("not_in_space").get(token.lemma_.lower(), "").split(" ")
    return not any(child.lower_ in without for child in token.lefts)


#: Kinds whose noun behind a name is only its type word: "Tarn province", "the Tarn river".
_TYPES = frozenset({"city", "province", "district", "region", "country", "natural"})


def _is_particular(doc: Doc, nominal: Nominal, head: Token) -> bool:
    """Whether a phrase singles out a place: definite, introduced by article or number, or described in the plural."""
    i = nominal.first - 1
    while i >= 0 and (doc[i].like_num or doc[i].lower_ in {"same", "whole", "entire", "other", "another"}):
        i -= 1
    before = doc[i].lower_ if i >= 0 else ""
    if before in _DEFINITE or before in {"'s", "’s"}:
        return not (head.tag_ == "NNS" and nominal.kind == "country")
    return before not in _NONE_OR_ANY and _is_introduced(doc, nominal, head)


_COUNTING = frozenset({"a", "an", "several", "many", "dozen"})


def _counts_out(doc: Doc, i: int) -> bool:
    """Whether a token is the "of" of an amount: "dozens of", "hundreds of", "a number of"."""
    return i > 0 and doc[i].lower_ == "of" and doc[i - 1].lower_ in words("quantity_nouns")


def _is_introduced(doc: Doc, nominal: Nominal, head: Token) -> bool:
    """Whether a phrase brings in a place of the story: "a border town", "two bridges", "rebel-held villages"."""
    described = nominal.last - nominal.first > 1
    if nominal.kind in {"country", "province"}:
        return False
    if nominal.kind == "region":
        return described
    before = doc[nominal.first - 1] if nominal.first else None
    counted = before is not None and (before.lower_ in _COUNTING or before.like_num or _counts_out(doc, before.i))
    return counted or (head.tag_ == "NNS" and described)
