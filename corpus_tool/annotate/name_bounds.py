"""Where a name begins and ends: what the pipeline recognised without articles, titles, possessives and amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import is_demonym, table
from corpus_tool.annotate.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Words that stand before a name and are no part of it, also where a headline capitalises them.
_LEADING = words("before_names")

#: Words that do not end a name.
_TRAILING = frozenset(
    [
        "and",
        "or",
        "of",
        "the",
        "in",
        "at",
        "on",
        "to",
        "for",
        "from",
        "by",
        "with",
        "as",
        "a",
        "an",
        "but",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "will",
        "would",
        "said",
        "says",
        "who",
        "that",
        "which",
        "'s",
        "’s",
        "'",
        "’",
        "`s",
    ]
)

_POSSESSIVE = re.compile(r"(?:'s|’s|`s|'|’)$")
_HYPHEN_TAIL = re.compile(r"(?<=[\w.])[-‐‑–](?=[a-z]{3,}$)")
_WORD = re.compile(r"\w")
_SPACES = re.compile(r"\s+")

#: Lower-case words that begin or join names ("al-Qaeda", "de Gaulle").
PARTICLES = frozenset(
    {
        "al",
        "el",
        "ad",
        "an",
        "ar",
        "as",
        "ash",
        "bin",
        "ibn",
        "abu",
        "de",
        "da",
        "di",
        "del",
        "della",
        "der",
        "den",
        "dos",
        "du",
        "la",
        "le",
        "van",
        "von",
        "ten",
        "ter",
        "st",
    }
)


def flat(text: str) -> str:
    """A string with each run of white space as one space."""
    return _SPACES.sub(" ", text).strip()


def split_names(doc: Doc, first: int, last: int, label: str) -> Iterator[tuple[int, int]]:
    """Two names that the pipeline took for one, apart: persons joined by "and", what a bracket or slash divides."""
    begin = first
    for i in range(first + 1, last - 1):
        token = doc[i].text
        if token in _DIVIDERS or "\n\n" in token or _joins_persons(doc, begin, i, last, label):
            yield begin, i
            begin = i + 1
    yield begin, last


_DIVIDERS = frozenset({"(", "[", ";", "--", "—", "/", ":"})


def _joins_persons(doc: Doc, first: int, i: int, last: int, label: str) -> bool:
    """Whether "and" at ``i`` stands between two persons' full names."""
    if doc[i].text not in {"and", "&"} or label not in {"PERSON", "ORG"}:
        return False
    given = words("given_names")
    if label == "PERSON" or (doc[first].text in given and doc[i + 1].text in given):
        return doc[i + 1].text[0].isupper()
    plain = all(t.text[0].isupper() and t.text not in table("organization_words") for t in doc[first:last] if t.i != i)
    return plain and i - first == 2 and last - i - 1 == 2


def trim_name(doc: Doc, text: str, first: int, last: int, label: str) -> tuple[int, int, str] | None:
    """Start and end in the block's text of what of an entity is the name, and its label; None where nothing is."""
    first, label = _without_title(doc, first, last, label)
    while first < last and not _begins(doc, first, last, label):
        first += 1
    last = _without_number(doc, first, last)
    while first < last and not _ends(doc[last - 1], label):
        last -= 1
    if first >= last or (last - first == 1 and doc[first].text in _PORTFOLIOS and _is_office(doc, last)):
        return None
    first = with_given_name(doc, first, label)
    last = _with_complement(doc, last, label)
    start, end = doc[first].idx, doc[last - 1].idx + len(doc[last - 1])
    tail = _HYPHEN_TAIL.search(text, doc[last - 1].idx, end)
    if tail:
        end = tail.start()
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive and possessive.start() > 0 and text[start:end].replace("’", "'") not in table("known_actors"):
        end = start + possessive.start()
    return start, end, label


#: Departments that a minister's title names ("Interior Minister").
_PORTFOLIOS = frozenset(
    [
        "Interior",
        "Foreign",
        "Defense",
        "Defence",
        "Finance",
        "Justice",
        "Health",
        "Education",
        "Labor",
        "Labour",
        "Transport",
        "Agriculture",
        "Energy",
        "Trade",
        "Culture",
        "Environment",
        "Treasury",
        "Home",
        "State",
        "Housing",
        "Economy",
        "Industry",
        "Vice",
        "Deputy",
        "Prime",
        "Attorney",
    ]
)


def _is_office(doc: Doc, i: int) -> bool:
    return i < len(doc) and doc[i].text in {"Minister", "Secretary", "Ministers", "President", "General"}


def _begins(doc: Doc, first: int, last: int, label: str) -> bool:
    token = doc[first]
    if not _is_wordlike(token) or token.lower_ in _LEADING:
        return False
    if token.text[0].islower():
        return token.text in PARTICLES and first + 1 < last
    if label != "PERSON" or first + 1 >= last:
        return True
    verb = token.tag_ in {"VBG", "VB", "VBD", "VBZ", "IN", "RB", "WRB"} and token.text not in words("given_names")
    return not (verb or (is_demonym(token.text) and doc[first + 1].text[0].isupper()))


def _ends(token: Token, label: str) -> bool:
    if not _is_wordlike(token) or token.lower_ in _TRAILING or token.text in _DAYS or token.text in _RANKS:
        return False
    return label == "ORG" or not token.text[0].islower()


_DAYS = frozenset(
    {
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "today",
        "yesterday",
        "tonight",
        "tomorrow",
    }
)


def _without_number(doc: Doc, first: int, last: int) -> int:
    """The end of a name before an amount that ran into it ("Malacca 40.8 per cent")."""
    for i in range(first + 1, last):
        if doc[i].like_num and (
            doc[i].text[0].islower() or "." in doc[i].text or doc[i].nbor(1).text in _UNITS_AFTER
            if i + 1 < len(doc)
            else False
        ):
            return i
    return last


_UNITS_AFTER = frozenset({"percent", "per", "%", "million", "billion", "people", "years"})


def _without_title(doc: Doc, first: int, last: int, label: str) -> tuple[int, str]:
    """The start of a name behind titles that the pipeline counted in ("President Rosa Lind"), and the label."""
    titles, given = words("titles"), words("given_names")
    start = first
    while start < last and (doc[start].lower_ in _LEADING or not _is_wordlike(doc[start])):
        start += 1
    behind = start
    for i in range(start, min(last - 1, start + 5)):
        if doc[i].text in titles and (doc[i].text not in given or i > start):
            behind = i + 1
    if behind == start or not doc[behind].text[0].isupper():
        return first, label
    honorific = doc[behind - 1].text in _HONORIFICS
    if label == "PERSON" or honorific or doc[behind].text in given:
        return behind, "PERSON"
    return first, label


#: Abbreviated ranks, which end no name ("Navy Capt. …").
_RANKS = frozenset(
    {
        "Capt",
        "Capt.",
        "Lt",
        "Lt.",
        "Sgt",
        "Sgt.",
        "Maj",
        "Maj.",
        "Gen",
        "Gen.",
        "Col",
        "Col.",
        "Brig",
        "Brig.",
        "Cpl",
        "Cpl.",
        "Adm",
        "Adm.",
        "Cmdr",
        "Cmdr.",
    }
)

_HONORIFICS = words("forms_of_address") | {"Sen.", "Rep.", "Gov.", "Gen.", "Col.", "Capt.", "Sgt.", "Lt.", "Maj."}


def with_given_name(doc: Doc, first: int, label: str) -> int:
    """The start of a person's name with the given name or initial that the pipeline left out."""
    given = words("given_names") if label in {"PERSON", ""} else ()
    while first > 0 and doc[first - 1].text in given and not doc[first - 1].ent_type_:
        first -= 1
    return first


def _with_complement(doc: Doc, last: int, label: str) -> int:
    """The end of an organization's name with its "of …" or "for …": "Union Bank of Tarn"."""
    if label != "ORG" or last + 1 >= len(doc) or doc[last - 1].text not in table("organization_words"):
        return last
    if doc[last].lower_ not in {"of", "for"}:
        return last
    i = last + 1
    while i < len(doc) and doc[i].lower_ in {"the", "and"} and i + 1 < len(doc):
        i += 1
    if not doc[i].text[0].isupper():
        return last
    while i < len(doc) and doc[i].text[0].isupper() and _is_wordlike(doc[i]):
        i += 1
    return i


def _is_wordlike(token: Token) -> bool:
    return bool(_WORD.search(token.text))
