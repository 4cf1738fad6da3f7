"""What a name stands for: evidence from every mention of it in the article, from lists, and from the gazetteer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus_tool.annotate import gazetteer
from corpus_tool.annotate.gazetteer import countries_of, table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.name_context import Scores, context, sum_scores, weighed
from corpus_tool.annotate.name_kinds import (
    actor_kind,
    actor_list,
    is_listed_place,
    name_head,
    place_kind,
    place_word,
    uncased,
)
from corpus_tool.annotate.names import SAME, NameSpan, find_name_spans
from corpus_tool.annotate.parsed import ParsedArticle

if TYPE_CHECKING:
    from spacy.tokens import Doc


#: Where the parse of an article's first block keeps the names.
_KEPT = "corpus_tool.typed_names"

#: A name in an English article begins with a Latin letter or a figure.
_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


#: Cities below this number of inhabitants say nothing about a name by themselves.
_KNOWN_CITY = 100_000


#: A city of this size is rather meant than a person or an organization of its name.
_METROPOLIS = 1_000_000


#: What the user's own gazetteer weighs for a place: more than any list, less than a title and a given name beside it.
_OWN = 6.0


@dataclass(frozen=True)
class TypedName:
    """A name span and what it stands for: ``kind`` is one of the layer's kinds; places are ``place`` True."""

    span: NameSpan
    place: bool
    kind: str


def key_of(text: str) -> str:
    """Names that count as the same string: letter case and full stops aside."""
    return text.casefold().rstrip(".")


def typed_names(article: ParsedArticle) -> list[TypedName]:
    """Names of the article in order, each an actor or a place; names of anything else are left out.

    They are worked out once and kept with the parse, since actors and locations both start from them.
    """
    if not article.blocks:
        return []
    kept = article.blocks[0].doc.user_data
    if _KEPT not in kept:
        kept[_KEPT] = _work_out(article)
    names: list[TypedName] = kept[_KEPT]
    return names


def _work_out(article: ParsedArticle) -> list[TypedName]:
    spans = find_name_spans(article)
    evidence: dict[str, Scores] = {}
    around: dict[str, list[Scores]] = defaultdict(list)
    for span in spans:
        around[key_of(span.text)].append(context(article.blocks[span.block].doc, span))
    at_home = countries_of(article.text)
    for text in {key_of(span.text): span.text for span in spans}.values():
        key = key_of(text)
        evidence[key] = sum_scores((weighed(around[key]), _of_itself(text, at_home)))
        if article.places.kind(text):
            evidence[key]["place"] += _OWN
    _from_full_names(evidence, spans)
    lower = frozenset(_LOWER_WORD.findall(article.text))
    full = {s.text for s in spans if " " in s.text and _best(evidence[key_of(s.text)]) == "person"}
    surnames = {name.rsplit(" ", 1)[-1] for name in full}
    names: list[TypedName] = []
    for span in spans:
        doc = article.blocks[span.block].doc
        if span.label == SAME:
            if names and names[-1].span.end + 2 == span.start:
                names.append(replace(names[-1], span=span))
            continue
        own = article.places.kind(span.text)
        common = _is_common_start(doc, span, lower) or (own is None and _is_common(span))
        if common and span.text not in surnames:
            continue
        name = _typed(doc, span, evidence[key_of(span.text)], own)
        if name is not None:
            names.append(name)
    if _GEORGIA_ABROAD.search(article.text):
        return names
    return [replace(n, kind="province") if n.kind == "country" and n.span.text == "Georgia" else n for n in names]


_LOWER_WORD = re.compile(r"\b[a-z]{3,}\b")


def _is_common_start(doc: Doc, span: NameSpan, lower: frozenset[str]) -> bool:
    """Whether a sentence's first word has its capital only from there: a number, or lower case elsewhere."""
    token = doc[span.first]
    if span.last - span.first > 1 or not (token.is_sent_start or span.first == 0) or span.text in actor_list():
        return False
    return token.like_num or span.text.lower() in lower


#: What an article on the country Georgia speaks of; otherwise the state is meant.
_GEORGIA_ABROAD = re.compile(r"\b(?:Tbilisi|Georgians?|Abkhazia|South Ossetia|Caucasus|Armenia|Azerbaijan)\b")


def _of_itself(name: str, at_home: frozenset[str]) -> Scores:
    """Evidence of the name alone."""
    scores = Scores()
    parts = name.split(" ")
    if name in actor_list() or uncased(name) in actor_list():
        scores["organization"] += 5
    elif is_listed_place(name):
        scores["place"] += 4
    if len(parts) > 1:
        if parts[0] in words("given_names"):
            scores["person"] += 1.5
        head = name_head(parts)
        if parts[-1] in words("event_words") or parts[0] in _NOT_ACTORS_FIRST:
            scores["other"] += 3.5
        if head in table("organization_words") or (head in _DISTRICTS and _DISTRICTS_OF & set(parts)):
            scores["organization"] += 2.5
        elif place_word(parts):
            scores["place"] += 2.5
    elif name in words("given_names"):
        scores["person"] += 0.5
    elif name.isupper() and 2 <= len(name) <= 6 and name.isalpha():
        scores["organization"] += 0.7
    if not scores["place"] and not scores["organization"]:
        scores["place"] += _as_city(name, at_home)
    if gazetteer.is_demonym(name) or name in words("peoples") or name in words("people_adjectives"):
        scores["people"] += 4
    return scores


#: First words of ships, storms and operations.
_NOT_ACTORS_FIRST = frozenset(
    {
        "Operation",
        "Hurricane",
        "Typhoon",
        "Cyclone",
        "Battle",
        "Treaty",
        "USS",
        "HMS",
        "HMCS",
        "USNS",
        "INS",
        "MV",
        "SS",
        "FS",
        "RMS",
    }
)

_DISTRICTS = frozenset({"District", "Patrol", "Department"})
_DISTRICTS_OF = frozenset({"School", "Schools", "Fire", "Water", "Unified", "Judicial", "Highway", "Border", "State"})


#: Countries whose small towns bear surnames.
_SURNAMED = frozenset({"US", "GB", "CA", "AU", "NZ", "ZA"})


def _as_city(name: str, at_home: frozenset[str]) -> float:
    """Evidence that the gazetteer gives for a place: its size, more in a country that the article speaks of."""
    places = (*gazetteer.cities(name), *gazetteer.cities_by_alternate(name))
    if not places:
        return 0.0
    size = max(place.population for place in places)
    near = any(p.country in at_home and p.population >= (60_000 if p.country in _SURNAMED else 1_000) for p in places)
    if size >= _METROPOLIS or gazetteer.fold(name) in gazetteer.capitals():
        return 1.2 if name in words("given_names") else 2.3
    return (1.2 if size >= 500_000 else 0.8 if size >= _KNOWN_CITY else 0.2) + (0.7 if near else 0.0)


def _from_full_names(evidence: dict[str, Scores], spans: Iterable[NameSpan]) -> None:
    """A last or first name stands for the person whose full name the article gives."""
    for text in {span.text for span in spans}:
        parts = text.split(" ")
        scores = evidence[key_of(text)]
        if parts[0] in _NOT_ACTORS_FIRST and len(parts) > 1 and evidence.get(key_of(parts[-1])) is not None:
            evidence[key_of(parts[-1])]["other"] += 3
        if 2 <= len(parts) <= 5 and _best(scores) == "person" and parts[-1].lower() not in {"jr", "jr.", "sr."}:
            for part in (parts[-1], " ".join(parts[-2:]), parts[0]):
                other = evidence.get(key_of(part))
                if other is not None and part != text:
                    other["person"] += 4.5 if part == parts[0] and part in words("given_names") else 3


def _best(scores: Scores) -> str:
    return max(("person", "organization", "place", "people", "other"), key=lambda sort: scores[sort])


def _typed(doc: Doc, span: NameSpan, scores: Scores, own: str | None) -> TypedName | None:
    """The name with its kind, by the evidence; ``own`` is the kind that the user's gazetteer has for it."""
    sort = _best(scores)
    if own is not None and sort == "place":
        return TypedName(span, True, own)
    if scores[sort] <= 0 or span.text in words("not_names") or not _LATIN.match(span.text):
        return None
    if sort == "other":
        return None
    if sort == "people":
        return TypedName(span, False, "group") if _names_people(doc, span) else None
    if sort == "place":
        return TypedName(span, True, place_kind(span.text, span.label))
    if sort == "organization" and _is_building(doc, span):
        return TypedName(span, True, "facility")
    return TypedName(span, False, "person" if sort == "person" else actor_kind(span.text))


def _is_common(span: NameSpan) -> bool:
    """Whether a single word is a common noun in capitals, or initials that no list knows."""
    word = span.text.lower()
    if span.last - span.first > 1 or span.text in actor_list():
        return False
    if word in table("actor_nouns") or word in table("place_nouns"):
        return span.label != "PERSON"
    return span.label == "GPE" and "." in span.text and not is_listed_place(span.text)


_BUILDINGS = frozenset(
    {
        "Hospital",
        "Church",
        "Museum",
        "Gallery",
        "Theatre",
        "Theater",
        "Clinic",
        "Synagogue",
        "School",
        "Opera",
    }
)


def _is_building(doc: Doc, span: NameSpan) -> bool:
    """Whether an institution is the house where something happens: "at Tarn Hospital"."""
    if span.text.rsplit(" ", 1)[-1] not in _BUILDINGS or " " not in span.text:
        return False
    i = span.first - 1
    while i >= 0 and doc[i].lower_ in {"the", "a", "an"}:
        i -= 1
    return i >= 0 and doc[i].lower_ in {"at", "in", "inside", "outside", "near"}


def _names_people(doc: Doc, span: NameSpan) -> bool:
    """Whether a demonym is a noun ("Syrians fled") and no adjective ("Syrian officials")."""
    root = doc[span.first : span.last].root
    plural = span.text.endswith("s") or span.text in words("peoples")
    return plural and root.dep_ not in {"amod", "compound", "nmod", "npadvmod"} and span.text != "Swiss"
