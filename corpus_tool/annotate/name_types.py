"""What a name stands for: evidence from every mention of it in the article, from lists, and from the gazetteer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate import gazetteer
from corpus_tool.annotate.gazetteer import countries_of, table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.names import NameSpan, find_name_spans
from corpus_tool.annotate.parsed import ParsedArticle

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: What the pipeline's label speaks for, and how much.
_LABEL_WEIGHT = {
    "PERSON": ("person", 1.0),
    "ORG": ("organization", 1.0),
    "GPE": ("place", 1.0),
    "LOC": ("place", 1.0),
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
    found = (_typed(article.blocks[span.block].doc, span, evidence[key_of(span.text)]) for span in spans)
    return [name for name in found if name is not None]


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
        scores["label " + sort] += weight
    before = doc[span.first - 1] if span.first else None
    if before is not None:
        if before.text in words("titles") or before.text.lower() in _PERSON_BEFORE:
            scores["person"] += 2
        elif before.lower_ in _LOCATIVE:
            scores["place"] += 2.0 if before.lower_ == "near" else 0.7
    root = doc[span.first : span.last].root
    if root.dep_ == "nsubj" and root.head.lemma_ in _SPEECH and span.label != "GPE":
        scores["person"] += 0.5
        scores["organization"] += 0.3
    if _before_state(doc, span) or _called_place(doc, span):
        scores["place"] += 2.5
    elif span.last < len(doc) and doc[span.last].text in _LOCAL and root.dep_ in {"compound", "nmod", "amod"}:
        scores["place"] += 1.0
    return scores


def _called_place(doc: Doc, span: NameSpan) -> bool:
    """Whether the text says that it is a place: "the city of Tarn", "Tarn, a border town", "Tarn province"."""
    kinds = table("place_nouns")
    of = span.first > 1 and doc[span.first - 1].lower_ == "of"
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
    if name in actor_list() or _uncased(name) in actor_list():
        scores["organization"] += 5
    elif _listed_place(name):
        scores["place"] += 4
    if len(parts) > 1:
        if parts[0] in words("given_names"):
            scores["person"] += 1.5
        head = name_head(parts)
        if parts[-1] in words("event_words") or parts[0] in _NOT_ACTORS_FIRST:
            scores["other"] += 3.5
        if head in table("organization_words") or (head in _DISTRICTS and _DISTRICTS_OF & set(parts)):
            scores["organization"] += 2.5
        elif _place_word(parts):
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


def _as_city(name: str, at_home: frozenset[str]) -> float:
    """Evidence that the gazetteer gives for a place: its size, more in a country that the article speaks of."""
    places = gazetteer.cities(name) or gazetteer.cities_by_alternate(name)
    if not places:
        return 0.0
    size = places[0].population
    near = any(place.country in at_home and place.population >= 5_000 for place in places)
    return (1.2 if size >= 500_000 else 0.8 if size >= _KNOWN_CITY else 0.2) + (0.7 if near else 0.0)


@cache
def actor_list() -> dict[str, str]:
    """Kinds of the actors that the press names without explaining."""
    return table("known_actors")


def _uncased(name: str) -> str:
    """A name in capitals as it is written otherwise ("NEW YORK TIMES"), for the lists."""
    return name.title() if name.isupper() and len(name) > 4 else name


def _listed_place(name: str) -> bool:
    name = _uncased(name)
    return gazetteer.is_country(name) or gazetteer.is_state(name) or name in table("known_places")


def name_head(parts: Sequence[str]) -> str:
    """The word of a name that says what it is: the last, or the last before "of", "for", "on"."""
    for i, part in enumerate(parts):
        if i and part.lower() in {"of", "for", "on", "at", "and"} and parts[i - 1] in table("organization_words"):
            return parts[i - 1]
    return parts[-1]


def _place_word(parts: Sequence[str]) -> str | None:
    """The kind of place that the first or last word names: "Lake Tana", "Elm Street"."""
    kinds = table("place_words")
    return kinds.get(parts[-1]) or (kinds.get(parts[0]) if parts[0] in _PLACE_FIRST else None)


_PLACE_FIRST = frozenset(
    {
        "Lake", "Mount", "Mt.", "Mt", "Cape", "Fort", "Camp", "Port", "Gulf", "Bay", "Strait", "Straits",
        "Isle", "Sea", "River", "Cafe", "Café", "Restaurant", "Hotel",
    }
)


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
    if sort == "other" or (span.last - span.first == 1 and _is_common(span)):
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
    if span.text in actor_list():
        return False
    if word in table("actor_nouns") or word in table("place_nouns"):
        return span.label != "PERSON"
    return span.label == "GPE" and "." in span.text and not _listed_place(span.text)


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


def actor_kind(name: str) -> str:
    """The kind of a named actor that is no person, by lists and by the words of the name."""
    known = actor_list().get(name) or actor_list().get(_uncased(name))
    if known:
        return known
    kinds = table("organization_words")
    parts = _uncased(name).split(" ")
    head = name_head(parts)
    if head in kinds:
        return kinds[head]
    return next((kinds[part] for part in reversed(parts) if part in kinds), "organization")


def place_kind(name: str, label: str) -> str:
    """The kind of a named place, by lists, by the words of the name, and by the gazetteer."""
    name = _uncased(name)
    if gazetteer.is_country(name) and name != "Georgia":
        return "country"
    known = table("known_places").get(name)
    if known:
        return known
    if gazetteer.is_state(name) and name not in {"New York", "Washington", "D.C."}:
        return "province"
    word = _place_word(name.split(" ")) if " " in name else None
    if word and not (word == "city" and gazetteer.cities(name)):
        return word
    if label == "FAC":
        return "facility"
    cities = gazetteer.cities(name) or gazetteer.cities_by_alternate(name)
    if any(place.level == 1 for place in gazetteer.provinces(name)):
        return "city" if cities and cities[0].population >= _KNOWN_CITY else "province"
    if cities:
        return "city"
    return "natural" if label == "LOC" and name.endswith(("s", "Ocean")) else "region" if label == "LOC" else "city"
