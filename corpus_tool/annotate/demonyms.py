"""Adjectives of states and peoples in the descriptions of actors: "[Iraqi] security forces", "[Kurdish] fighters"."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import country, demonyms, fold
from corpus_tool.annotate.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Doc

_HYPHENS = frozenset({"-", "‐", "‑", "–"})

#: What a hyphen makes of an adjective that then says where somebody is from or how he speaks, not whose he is.
_NOT_WHOSE = frozenset(
    {
        "based",
        "born",
        "bred",
        "built",
        "educated",
        "language",
        "made",
        "occupied",
        "raised",
        "speaking",
        "style",
    }
)

#: Nouns behind an adjective that then may name a language.
_OF_LANGUAGE = frozenset({"interpreter", "speaker", "teacher", "translator", "tutor"})

#: Parts of the United Kingdom, whose adjectives the list gives its code.
_PARTS = {"English": "England", "Scottish": "Scotland", "Welsh": "Wales"}

#: Adjectives of states that are no more: their mentions have no entity.
_GONE = frozenset({"Persian", "Soviet", "Yugoslav"})


def iter_adjectives(doc: Doc, first: int, last: int, taken: Container[int]) -> Iterator[tuple[int, int, str]]:
    """Adjectives of states and peoples in a description of an actor, as tokens and kind ("state" or "group").

    Args:
        doc: the parse of the block.
        first: the first token of the description.
        last: the token that the description leads to, its head or the name behind it.
        taken: tokens of names.
    """
    i = first
    while i < last:
        length, kind = (0, "") if i in taken or not doc[i].text[0].isupper() else _adjective(doc, i, last)
        if length and _says_whose(doc, i + length):
            yield i, i + length, kind
        i += length or 1


def _adjective(doc: Doc, i: int, last: int) -> tuple[int, str]:
    """How many tokens from ``i`` on are an adjective (0 where none is), the longest first, and its kind."""
    for length in (3, 2, 1):
        if i + length > last or (length == 3 and doc[i + 1].text not in _HYPHENS):
            continue
        text = doc[i : i + length].text
        if text in words("people_adjectives"):
            return length, "group"
        if text in demonyms():
            return length, "state"
    return 0, ""


def _says_whose(doc: Doc, i: int) -> bool:
    """Whether what follows an adjective leaves it one of belonging."""
    if i >= len(doc):
        return False
    if doc[i].text in _HYPHENS:
        return i + 1 < len(doc) and doc[i + 1].lower_ not in _NOT_WHOSE
    return doc[i].lower_.removesuffix("s") not in _OF_LANGUAGE


def state_of(adjective: str) -> tuple[str, str] | None:
    """What mentions of a state share (its ISO 3166 code, or its folded name) and its usual name, by an adjective."""
    if adjective in _PARTS:
        return fold(_PARTS[adjective]), _PARTS[adjective]
    code = None if adjective in _GONE else demonyms().get(adjective)
    place = country(code) if code else None
    return None if code is None or place is None else (code, place.name.removeprefix("The "))
