"""Kinds of names, by lists, by the words in them, and by the gazetteer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from corpus_tool.annotate import gazetteer
from corpus_tool.annotate.gazetteer import table

#: A town of this size is rather meant than the province of its name.
_TOWN = 15_000


@cache
def actor_list() -> dict[str, str]:
    """Kinds of the actors that the press names without explaining."""
    return table("known_actors")


def uncased(name: str) -> str:
    """A name in capitals as it is written otherwise ("NEW YORK TIMES"), for the lists."""
    return name.title() if name.isupper() and len(name) > 4 else name


def is_listed_place(name: str) -> bool:
    """Whether a list has it as a place: a country, a state, a place above or beside them."""
    name = uncased(name)
    return gazetteer.is_country(name) or gazetteer.is_state(name) or name in table("known_places")


def name_head(parts: Sequence[str]) -> str:
    """The word of a name that says what it is: the last, or the last before "of", "for", "on"."""
    for i, part in enumerate(parts):
        if i and part.lower() in {"of", "for", "on", "at", "and"} and parts[i - 1] in table("organization_words"):
            return parts[i - 1]
    return parts[-1]


def place_word(parts: Sequence[str]) -> str | None:
    """The kind of place that the first or last word names: "Lake Tana", "Elm Street"."""
    kinds = table("place_words")
    return kinds.get(parts[-1]) or (kinds.get(parts[0]) if parts[0] in _PLACE_FIRST else None)


_PLACE_FIRST = frozenset(
    {
        "Lake",
        "Mount",
        "Mt.",
        "Mt",
        "Cape",
        "Fort",
        "Camp",
        "Port",
        "Gulf",
        "Bay",
        "Strait",
        "Straits",
        "Isle",
        "Sea",
        "River",
        "Cafe",
        "Café",
        "Restaurant",
        "Hotel",
    }
)


def actor_kind(name: str) -> str:
    """The kind of a named actor that is no person, by lists and by the words of the name."""
    known = actor_list().get(name) or actor_list().get(uncased(name))
    if known:
        return known
    kinds = table("organization_words")
    parts = uncased(name).split(" ")
    head = name_head(parts)
    if head in kinds:
        return kinds[head]
    return next((kinds[part] for part in reversed(parts) if part in kinds), "organization")


def place_kind(name: str, label: str) -> str:
    """The kind of a named place, by lists, by the words of the name, and by the gazetteer."""
    name = uncased(name)
    if gazetteer.is_country(name):
        return "country"
    known = table("known_places").get(name)
    if known:
        return known
    if gazetteer.is_state(name) and name not in {"New York", "Washington", "D.C."}:
        return "province"
    word = place_word(name.split(" ")) if " " in name else None
    if word and not (word in {"city", "facility"} and gazetteer.cities(name)):
        return word
    if label == "FAC":
        return "facility"
    cities = gazetteer.cities(name) or gazetteer.cities_by_alternate(name)
    if any(place.level == 1 for place in gazetteer.provinces(name)):
        return "city" if cities and cities[0].population >= _TOWN else "province"
    if cities:
        return "city"
    return "natural" if label == "LOC" and name.endswith(("s", "Ocean")) else "region" if label == "LOC" else "city"
