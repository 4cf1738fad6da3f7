"""What a name stands for: evidence from every mention of it in the article, from lists, and from the gazetteer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate import gazetteer
from corpus_tool.annotate.gazetteer import countries_of, table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.name_kinds import (
    actor_kind,
    actor_list,
    is_listed_place,
    name_head,
    place_kind,
    place_word,
    uncased,
)
from corpus_tool.annotate.names import DATELINE, SAME, NameSpan, find_name_spans
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.annotate.roles import apposition_before

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: What the pipeline's label speaks for, and how much.
_LABEL_WEIGHT = {
    "PERSON": ("person", 1.0),
    "ORG": ("organization", 1.0),
    "GPE": ("place", 1.0),
    "LOC": ("place", 1.0),
    DATELINE: ("place", 2.0),
    "FAC": ("place", 0.8),
    "NORP": ("people", 1.0),
    "PRODUCT": ("other", 1.0),
    "EVENT": ("other", 1.0),
    "WORK_OF_ART": ("other", 1.0),
}

#: Where the parse of an article's first block keeps the names.
_KEPT = "corpus_tool.typed_names"

#: A name in an English article begins with a Latin letter or a figure.
_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u1e00-\u1eff]")

_LOCATIVE = frozenset(
    {
        "in", "at", "near", "from", "outside", "inside", "across", "throughout", "around", "into", "toward",
        "towards", "via",
    }
)
_SPEECH = frozenset(
    {
        "say", "tell", "add", "ask", "reply", "write", "note", "argue", "explain", "warn", "insist", "recall",
        "joke",
    }
)

#: Cities below this number of inhabitants say nothing about a name by themselves.
_KNOWN_CITY = 100_000


#: A city of this size is rather meant than a person or an organization of its name.
_METROPOLIS = 1_000_000


class Scores(defaultdict[str, float]):
    """How much speaks for each of person, organization, place, people and other; 0 where nothing does."""

    def __init__(self) -> None:
        """No evidence yet."""
        super().__init__(float)


def _sum(parts: Iterable[Scores]) -> Scores:
    total = Scores()
    for part in parts:
        for sort, weight in part.items():
            total[sort] += weight
    return total


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
    context: dict[str, list[Scores]] = defaultdict(list)
    for span in spans:
        context[key_of(span.text)].append(_context(article.blocks[span.block].doc, span))
    at_home = countries_of(article.text)
    for text in {key_of(span.text): span.text for span in spans}.values():
        key = key_of(text)
        evidence[key] = _sum((_weighed(context[key]), _of_itself(text, at_home)))
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
        if span.text not in surnames and (_is_common(span) or _is_common_start(doc, span, lower)):
            continue
        name = _typed(doc, span, evidence[key_of(span.text)])
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


#: What stands behind the name of its town: "a Tarn man", "Tarn police".
_LOCAL = words("town_nouns")


def _weighed(mentions: Sequence[Scores]) -> Scores:
    """Evidence of all mentions of a name: labels count by their share, words around them up to a limit."""
    scores = _sum(mentions)
    labelled = sum(1 for m in mentions if any(k.startswith("label ") for k in m)) or 1
    found = Scores()
    for sort, weight in scores.items():
        if sort.startswith("label "):
            found[sort.removeprefix("label ")] += 2 * weight / labelled
        else:
            found[sort] += min(weight, _CONTEXT_LIMIT)
    return found


_CONTEXT_LIMIT = 3.0


def _context(doc: Doc, span: NameSpan) -> Scores:
    """Evidence of one mention: the pipeline's label and the words around it."""
    scores = Scores()
    sort, weight = _LABEL_WEIGHT.get(span.label, ("", 0.0))
    if sort:
        alone = sort in {"person", "organization"} and span.last - span.first == 1 and not span.text.isupper()
        scores["label " + sort] += 0.75 * weight if alone else weight
    before = doc[span.first - 1] if span.first else None
    if before is not None:
        if before.text in words("titles") or before.text.lower() in _PERSON_BEFORE:
            scores["person"] += 2
        elif before.lower_ in _LOCATIVE:
            scores["place"] += 2.0 if before.lower_ == "near" else 1.2 if before.lower_ == "in" else 0.7
        elif before.lower_ in {"from", "to", "between", "through"}:
            scores["place"] += 0.5
    root = doc[span.first : span.last].root
    if root.dep_ == "nsubj" and root.head.lemma_ in _SPEECH and span.label != "GPE":
        scores["person"] += 0.5
        scores["organization"] += 0.3
    if _before_state(doc, span) or _called_place(doc, span):
        scores["place"] += 2.5
    elif (beside := _kind_beside(doc, span)) is not None:
        scores[beside] += 2.0
    elif span.label in {"PERSON", "ORG"} and before is not None and apposition_before(doc, span.first) is not None:
        scores["person"] += 2.0
    elif root.dep_ == "conj" and root.head.ent_type_ == "GPE":
        scores["place"] += 0.8
    elif span.last < len(doc) and doc[span.last].text in _LOCAL and root.dep_ in {"compound", "nmod", "amod"}:
        scores["place"] += 1.0
    return scores


def _kind_beside(doc: Doc, span: NameSpan) -> str | None:
    """What a noun in apposition says of a name: "the charity Kestrel", "Kestrel, a maker of boats"."""
    nouns = table("actor_nouns")
    if span.first and doc[span.first - 1].pos_ == "NOUN" and doc[span.first - 1].tag_ == "NN":
        kind = nouns.get(doc[span.first - 1].lower_)
        if kind is not None:
            return "person" if kind == "person" else "organization"
    if span.last + 2 < len(doc) and doc[span.last].text == "," and doc[span.last + 1].lower_ in {"a", "an", "the"}:
        for token in doc[span.last + 2 : span.last + 7]:
            kind = nouns.get(token.lower_)
            if kind is not None and not (token.i + 1 < len(doc) and token.nbor(1).pos_ == "NOUN"):
                return "person" if kind == "person" else "organization"
            if token.pos_ not in {"ADJ", "NOUN", "PROPN", "PUNCT", "NUM"}:
                return None
    return None


def _called_place(doc: Doc, span: NameSpan) -> bool:
    """Whether the text says that it is a place: "the city of Tarn", "Tarn, a border town", "Tarn province"."""
    kinds = table("place_nouns")
    of = span.first > 1 and doc[span.first - 1].lower_ == "of"
    if of and doc[span.first - 2].lemma_.lower() in _OF_PLACES:
        return True
    if of and kinds.get(doc[span.first - 2].lower_) in _ADMINISTRATIVE:
        return True
    if span.first and kinds.get(doc[span.first - 1].lower_) == "facility" and doc[span.first - 1].dep_ == "compound":
        return True
    if span.last < len(doc) and kinds.get(doc[span.last].text) in _ADMINISTRATIVE | {"natural"}:
        return True
    if of and span.first > 2 and doc[span.first - 2].text == "," and doc[span.first - 3].like_num:
        return True
    if span.last + 1 < len(doc) and doc[span.last].text == "," and doc[span.last + 1].lower_ in {"a", "an", "the"}:
        for token in doc[span.last + 2 : span.last + 6]:
            if kinds.get(token.text) in _ADMINISTRATIVE:
                return True
            if token.pos_ not in {"ADJ", "NOUN", "PROPN", "PUNCT"}:
                return False
    return False


_OF_PLACES = frozenset(
    {
        "mayor", "governor", "resident", "street", "outskirts", "suburb", "north", "south", "east", "west", "northeast",
        "northwest", "southeast", "southwest", "mile", "kilometre", "kilometer", "coast", "siege", "port", "airport",
    }
)

_ADMINISTRATIVE = frozenset({"city", "province", "district", "border", "country"})


_PERSON_BEFORE = frozenset(
    [
        "spokesman", "spokeswoman", "president", "chairman", "minister", "senator", "lawyer", "director",
        "actor", "actress", "author", "professor", "singer", "coach", "analyst", "husband", "wife", "son",
        "daughter", "brother", "sister",
    ]
)


def _before_state(doc: Doc, span: NameSpan) -> bool:
    """Whether a comma and a country or state follow: "Springfield, Ill."."""
    if span.last + 1 >= len(doc) or doc[span.last].text != ",":
        return False
    following = doc[span.last + 1 : span.last + 4].text
    first = doc[span.last + 1].text
    return gazetteer.is_state(first) or gazetteer.is_country(first) or any(
        following.startswith(name) for name in _two_word_places() if name[0] == following[:1]
    )


@cache
def _two_word_places() -> frozenset[str]:
    return frozenset(n for n in gazetteer.us_state_names() | gazetteer.country_names() if " " in n)


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
    if gazetteer.is_demonym(name) or name in words("peoples"):
        scores["people"] += 4
    return scores


#: First words of ships, storms and operations.
_NOT_ACTORS_FIRST = frozenset(
    {
        "Operation", "Hurricane", "Typhoon", "Cyclone", "Battle", "Treaty", "USS", "HMS", "HMCS", "USNS",
        "INS", "MV", "SS", "FS", "RMS",
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


def _typed(doc: Doc, span: NameSpan, scores: Scores) -> TypedName | None:
    sort = _best(scores)
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
        "Hospital", "Church", "Museum", "Gallery", "Theatre", "Theater", "Clinic", "Synagogue", "School",
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


