"""What the words around a name say of it: the pipeline's label, titles, prepositions, appositions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from corpus_tool.annotate import gazetteer
from corpus_tool.annotate.gazetteer import table
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.names import DATELINE, NameSpan
from corpus_tool.annotate.roles import apposition_before

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

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

_LOCATIVE = frozenset(
    {
        "in",
        "at",
        "near",
        "from",
        "outside",
        "inside",
        "across",
        "throughout",
        "around",
        "into",
        "toward",
        "towards",
        "via",
    }
)

_SPEECH = frozenset(
    {
        "say",
        "tell",
        "add",
        "ask",
        "reply",
        "write",
        "note",
        "argue",
        "explain",
        "warn",
        "insist",
        "recall",
        "joke",
    }
)

#: What stands behind the name of its town: "a Tarn man", "Tarn police".
_LOCAL = words("town_nouns")

_CONTEXT_LIMIT = 3.0

_OF_PLACES = words("compass") | {
    "mayor",
    "governor",
    "resident",
    "street",
    "outskirts",
    "suburb",
    "mile",
    "kilometre",
    "kilometer",
    "coast",
    "siege",
    "port",
    "airport",
}

_ADMINISTRATIVE = frozenset({"city", "province", "district", "border", "country"})

_PERSON_BEFORE = frozenset(
    [
        "spokesman",
        "spokeswoman",
        "president",
        "chairman",
        "minister",
        "senator",
        "lawyer",
        "director",
        "actor",
        "actress",
        "author",
        "professor",
        "singer",
        "coach",
        "analyst",
        "husband",
        "wife",
        "son",
        "daughter",
        "brother",
        "sister",
    ]
)


class Scores(defaultdict[str, float]):
    """How much speaks for each of person, organization, place, people and other; 0 where nothing does."""

    def __init__(self) -> None:
        """No evidence yet."""
        super().__init__(float)


def sum_scores(parts: Iterable[Scores]) -> Scores:
    """The evidence of several parts together."""
    total = Scores()
    for part in parts:
        for sort, weight in part.items():
            total[sort] += weight
    return total


def weighed(mentions: Sequence[Scores]) -> Scores:
    """Evidence of all mentions of a name: labels count by their share, words around them up to a limit."""
    scores = sum_scores(mentions)
    labelled = sum(1 for m in mentions if any(k.startswith("label ") for k in m)) or 1
    found = Scores()
    for sort, weight in scores.items():
        if sort.startswith("label "):
            found[sort.removeprefix("label ")] += 2 * weight / labelled
        else:
            found[sort] += min(weight, _CONTEXT_LIMIT)
    return found


def context(doc: Doc, span: NameSpan) -> Scores:
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
            scores["place"] += _locative(before)
        elif before.lower_ in {"from", "to", "between", "through"}:
            scores["place"] += 0.5
    root = doc[span.first : span.last].root
    if before is not None and _is_thing(before, root, span.text):
        scores["other"] += 3
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


def _is_thing(before: Token, root: Token, text: str) -> bool:
    """Whether initials are a kind of thing or a unit, which one counts: "a UAV", "150 MW"."""
    if " " in text or not text.isupper() or root.dep_ in {"compound", "nmod", "amod", "poss"}:
        return False
    return before.lower_ in {"a", "an"} or before.like_num


#: What one has in somebody, and does in something, without being there.
_NOT_WITHIN = frozenset(
    ["share", "stake", "interest", "confidence", "trust", "faith", "invest", "investor", "investment"]
)


def _locative(before: Token) -> float:
    """How much a preposition directly before a name speaks for a place."""
    if before.lower_ == "in":
        return 0.3 if before.head.lemma_.lower() in _NOT_WITHIN else 1.8
    return 2.5 if before.lower_ == "near" else 0.7


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


def _before_state(doc: Doc, span: NameSpan) -> bool:
    """Whether a comma and a country or state follow: "Springfield, Ill."."""
    if span.last + 1 >= len(doc) or doc[span.last].text != ",":
        return False
    following = doc[span.last + 1 : span.last + 4].text
    first = doc[span.last + 1].text
    return (
        gazetteer.is_state(first)
        or gazetteer.is_country(first)
        or any(following.startswith(name) for name in _two_word_places() if name[0] == following[:1])
    )


@cache
def _two_word_places() -> frozenset[str]:
    return frozenset(n for n in gazetteer.us_state_names() | gazetteer.country_names() if " " in n)
