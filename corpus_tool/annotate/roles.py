"""Titles and offices beside a person's name: before it ("Mayor Rosa Lind") and behind it ("Rosa Lind, the mayor")."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from corpus_tool.annotate.gazetteer import is_country, table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.name_bounds import flat

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Longest title before a name and longest apposition behind one, in tokens.
_BEFORE, _BEHIND = 8, 14

_LINKS = frozenset({"of", "for", "to", "and", "-", "the"})
#: Forms of address and kinship, which are titles before a name but no office.
HONORIFICS = words("forms_of_address") | {
    "Sir",
    "Dame",
    "Lady",
    "Madame",
    "Monsieur",
    "Herr",
    "Frau",
    "Signor",
    "Señor",
    "Señora",
    "Don",
    "Aunt",
    "Uncle",
    "Sister",
    "Brother",
    "Mother",
    "Father",
    "Datuk",
    "Tun",
    "Haji",
    "Hajji",
    "Hajj",
}
_KIN = frozenset(
    [
        "father",
        "mother",
        "son",
        "daughter",
        "brother",
        "sister",
        "wife",
        "husband",
        "uncle",
        "aunt",
        "nephew",
        "niece",
        "cousin",
        "grandfather",
        "grandmother",
        "grandson",
        "granddaughter",
        "widow",
        "widower",
        "fiance",
        "fiancee",
        "fiancé",
        "fiancée",
        "friend",
        "boyfriend",
        "girlfriend",
        "neighbour",
        "neighbor",
        "resident",
        "native",
        "man",
        "woman",
        "boy",
        "girl",
        "victim",
        "survivor",
    ]
)

_CLAUSES = frozenset({"VERB", "AUX", "PRON", "SCONJ"})
_PLACES_IT = frozenset({"from", "in", "born", "based", "near"})
_BREAKS_APPOSITION = frozenset(
    {
        "who",
        "whose",
        "which",
        "that",
        "where",
        "when",
        "and",
        "but",
        "said",
        "says",
        "told",
    }
)
_NOT_IN_TITLE = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "your",
        "some",
        "all",
        "both",
        "each",
        "every",
        "no",
        "another",
        "other",
        "one",
        "two",
        "three",
        "four",
        "five",
    ]
)


def is_person_noun(token: Token) -> bool:
    """Whether a token is a noun for a person, or a title."""
    nouns = table("actor_nouns")
    kind = nouns.get(token.lower_) or nouns.get(token.lemma_.lower())
    return kind == "person" or token.text in words("titles")


def title_start(doc: Doc, first: int, taken: Container[int]) -> int | None:
    """First token of the title that ends just before token ``first``, or None. ``taken``: tokens of other names."""
    if first == 0 or not _ends_title(doc, first - 1, taken):
        return None
    start = first
    for i in range(first - 1, max(-1, first - 1 - _BEFORE), -1):
        if i in taken or not _in_title(doc, i, first):
            break
        start = i
    while start < first and (doc[start].lower_ in _LINKS or doc[start].like_num):
        start += 1
    return start if start < first else None


def _ends_title(doc: Doc, last: int, taken: Container[int]) -> bool:
    """Whether a title ends here: a person noun, or "of" and what it governs ("Secretary of State")."""
    if last in taken or not doc[last].text[0].isalpha():
        return False
    if is_person_noun(doc[last]) and (doc[last].tag_ != "NNS" or doc[last].text in words("titles")):
        return True
    for i in range(last - 1, max(0, last - 4), -1):
        if doc[i].lower_ in {"of", "for"}:
            return doc[last].text[0].isupper() and is_person_noun(doc[i - 1]) and doc[i - 1].text[0].isupper()
    return False


_TIMES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "morning",
        "afternoon",
        "evening",
        "night",
    ]
)


def _in_title(doc: Doc, i: int, first: int) -> bool:
    token = doc[i]
    if token.lower_ in _LINKS:
        return 0 < i < first - 1 and doc[i + 1].text[0].isalpha() and (token.text == "-" or is_person_noun(doc[i - 1]))
    if not token.text[0].isalpha() or token.lower_ in _NOT_IN_TITLE | _TIMES or is_country(token.text):
        return False
    if i == first - 1:
        return True
    if token.text in words("titles"):
        return True
    return token.pos_ in {"NOUN", "PROPN", "ADJ"} and token.tag_ not in {"NNS", "JJR", "JJS"}


def title_before(doc: Doc, first: int, taken: Container[int]) -> str | None:
    """The title before a name that begins at token ``first``, as written, or None."""
    start = title_start(doc, first, taken)
    while start is not None and start < first and doc[start].text in HONORIFICS:
        start += 1
    return None if start is None or start == first else flat(doc[start:first].text)


def apposition_before(doc: Doc, first: int) -> str | None:
    """The office before a name that begins at token ``first``, and a comma: "chairman" in "its chairman, Rosa Lind"."""
    if first < 3 or doc[first - 1].text != ",":
        return None
    for i in range(first - 2, max(-1, first - 2 - _BEHIND), -1):
        token = doc[i]
        determiner = token.lower_ in _DETERMINERS or token.text in {"'s", "’s"}
        if determiner and not (i > 0 and doc[i - 1].lower_ in {"of", "at", "for"}):
            return _office(doc, i + 1, first - 1)
        if not determiner and (token.is_punct or token.is_space or token.pos_ in _CLAUSES) and token.text != "-":
            return None
    return None


_DETERMINERS = frozenset({"a", "an", "the", "its", "his", "her", "their", "our", "my"})


def _office(doc: Doc, start: int, end: int) -> str | None:
    """The words of a phrase for one person, or None where it is none."""
    while start < end and doc[start].like_num:
        start += 1
    if start >= end:
        return None
    head = doc[start:end].root
    singular = head.tag_ not in {"NNS", "NNPS"} and head.lemma_.lower() not in _KIN
    return flat(doc[start:end].text) if singular and is_person_noun(head) else None


def apposition_behind(doc: Doc, last: int) -> str | None:
    """The office behind a name that ends before token ``last``: "chief of police" in "Lind, the chief of police, …"."""
    if last + 3 < len(doc) and doc[last].text == "," and doc[last + 1].like_num and doc[last + 2].text == ",":
        last += 2
    if last + 1 >= len(doc) or doc[last].text != ",":
        return None
    start = last + 1
    if doc[start].lower_ in {"a", "an", "the", "then", "now"}:
        start += 1
    end, noun = start, False
    for i in range(start, min(len(doc), start + _BEHIND)):
        token = doc[i]
        if token.text in {",", ";", ":", ".", "(", ")", "--", "—", "–", "“", "”", '"', "?", "!"} or token.is_space:
            break
        clause = token.pos_ in _CLAUSES and token.tag_ != "VBN"
        if clause or token.lower_ in _BREAKS_APPOSITION or (noun and token.lower_ in _PLACES_IT):
            break
        if not noun and token.dep_ == "prep":
            return None
        noun = noun or (is_person_noun(token) and token.pos_ in {"NOUN", "PROPN"})
        end = i + 1
    if not noun or end == start or (end == len(doc) and doc[end - 1].text[-1].isalpha() and end - start >= _BEHIND):
        return None
    return _office(doc, start, end)
