"""Links of places to GeoNames, only where the article leaves no doubt which place is meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from corpus_tool.annotate import gazetteer
from corpus_tool.annotate.gazetteer import Place, fold, squeezed
from corpus_tool.annotate.own_places import KINDS, OwnPlace, OwnPlaces
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Entity, Location

#: A city stands for its name in any article when it has this many inhabitants and so many times those of the next.
_FAMOUS, _TIMES = 400_000, 8

#: A city of this size is known without its country.
_WORLD_CITY = 1_500_000

#: Inside the article's own countries the largest of a name is meant when it is so many times the next.
_TIMES_AT_HOME = 6

#: Least likeness (0 to 1) of two spellings of one place.
_LIKE = 0.84

_PROVINCE_WORDS = re.compile(r"\b(?:province|county|state|governorate|region|oblast|district|of)\b", re.IGNORECASE)


def linked(
    article: ParsedArticle, entities: Sequence[Entity], locations: Sequence[Location], entity_of: Mapping[str, str]
) -> list[Entity]:
    """The entities, those that are places with an id and coordinates: the user's own first, then GeoNames'."""
    kinds = KINDS | _LINKED if article.places.by_name else _LINKED
    if not any(e.kind in kinds for e in entities):
        return list(entities)
    at_home = gazetteer.countries_of(article.text)
    around = _containers(article.text, locations, entity_of)
    return [
        _linked(e, at_home, around.get(e.id, frozenset()), article.places) if e.kind in kinds else e for e in entities
    ]


_LINKED = frozenset({"continent", "country", "state", "city", "province"})


def _linked(entity: Entity, at_home: frozenset[str], inside: frozenset[str], own: OwnPlaces) -> Entity:
    names = (entity.name, *entity.aliases)
    if own.has(entity.kind, names):
        given = own.find(entity.kind, names, inside or at_home)
        return entity if given is None else _linked_to(entity, given)
    if entity.kind not in _LINKED:
        return entity
    found = find_place(entity.kind, names, at_home, inside)
    if found is None:
        return entity
    place, score, method = found
    return replace(
        entity, links={"geonames": place.geonames}, lat=place.lat, lon=place.lon, link_score=score, link_method=method
    )


def _linked_to(entity: Entity, own: OwnPlace) -> Entity:
    place = own.place
    links = dict(own.links)
    return replace(entity, links=links, lat=place.lat, lon=place.lon, link_score=1.0, link_method="user")


def _containers(text: str, locations: Sequence[Location], entity_of: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """By entity: the country codes and GeoNames province codes of places named right behind it ("Tarn, France")."""
    ordered = sorted((m for m in locations if m.mention == "name"), key=lambda m: m.start)
    found: dict[str, set[str]] = {}
    for inner, outer in pairwise(ordered):
        entity = entity_of.get(inner.id)
        if entity and outer.kind in {"country", "province"} and text[inner.end : outer.start].strip(" \n") == ",":
            found.setdefault(entity, set()).update(_codes(outer.text))
    return {entity: frozenset(codes) for entity, codes in found.items()}


def _codes(name: str) -> Iterable[str]:
    code = gazetteer.country_codes().get(fold(name))
    if code and not gazetteer.is_state(name):
        return [code]
    return [p.admin1 for p in gazetteer.provinces(gazetteer.us_state(name)) if p.level == 1]


def find_place(
    kind: str, names: Sequence[str], at_home: frozenset[str], inside: frozenset[str] = frozenset()
) -> tuple[Place, float, str] | None:
    """The place that names stand for, how sure (0 to 1) and by which method; None where it is not clear.

    Args:
        kind: the entity's kind: country, state, province or city.
        names: the entity's name, then its aliases.
        at_home: codes of the countries and states that the article speaks of (``gazetteer.countries_of``).
        inside: codes of countries or provinces that the article names as the place's own.
    """
    if kind == "continent":
        continent = gazetteer.continents().get(fold(names[0]))
        return None if continent is None else (continent, 1.0, "exact")
    if kind in {"country", "state"}:
        return _country(names)
    if kind == "province":
        return _province(names, at_home, inside)
    for lookup, score, method in ((gazetteer.cities, 1.0, "exact"), (gazetteer.cities_by_alternate, 0.9, "alternate")):
        for name in names:
            places = lookup(name)
            final = method == "alternate" or _has_home(places, at_home | inside) or not _elsewhere(name, at_home)
            if places and final:
                place, sure = _chosen(places, at_home, inside)
                return None if place is None else (place, round(score * sure, 2), method)
    return _fuzzy(names[0], at_home)


def _has_home(places: Sequence[Place], codes: frozenset[str]) -> bool:
    return any(place.country in codes or place.admin1 in codes for place in places)


def _elsewhere(name: str, at_home: frozenset[str]) -> bool:
    """Whether a city of the article's own countries is known by this name beside its own ("Cologne")."""
    return _has_home(gazetteer.cities_by_alternate(name), at_home)


def _country(names: Sequence[str]) -> tuple[Place, float, str] | None:
    for name in names:
        code = gazetteer.country_codes().get(fold(name))
        place = gazetteer.country(code) if code else None
        if place is not None:
            exact = fold(place.name) == fold(name)
            return place, 1.0 if exact else 0.95, "exact" if exact else "alternate"
        part = next((p for p in gazetteer.provinces(name) if p.country == "GB" and p.level == 1), None)
        if part is not None:
            return part, 1.0, "exact"
    return None


def _province(names: Sequence[str], at_home: frozenset[str], inside: frozenset[str]) -> tuple[Place, float, str] | None:
    for name in names:
        full = gazetteer.us_state(name)
        for form in dict.fromkeys((full, _PROVINCE_WORDS.sub(" ", full).strip())):
            place = _one_province(gazetteer.provinces(form), gazetteer.is_state(name), at_home, inside)
            if place is not None:
                exact = fold(place.name) == fold(form)
                return place, 0.95 if exact else 0.9, "exact" if exact else "alternate"
    return None


def _one_province(
    places: Sequence[Place], is_state: bool, at_home: frozenset[str], inside: frozenset[str]
) -> Place | None:
    """The one province of several of a name: a US state by its name, others inside the article's own places."""
    if is_state:
        places = [p for p in places if p.country in {"US", "CA"} and p.level == 1]
        return places[0] if len(places) == 1 else None
    for codes in (inside, at_home):
        for level in (1, 2):
            near = [p for p in places if p.level == level and (p.country in codes or p.admin1 in codes)]
            nearer = [p for p in near if p.admin1 in codes]
            if len(nearer or near) == 1:
                return (nearer or near)[0]
            if near:
                return None
    return None


def _chosen(places: Sequence[Place], at_home: frozenset[str], inside: frozenset[str]) -> tuple[Place | None, float]:
    """The one of several places of a name that is meant, and how sure that is (0 to 1)."""
    if inside:
        within = [p for p in places if p.country in inside or p.admin1 in inside]
        if within:
            return (within[0], 1.0) if _towers(within, 1, 2) else (None, 0.0)
    home = [p for p in places if p.country in at_home]
    famous = _towers(places, _FAMOUS, _TIMES) and places[0].population >= _FAMOUS
    if famous and places[0] in home:
        return places[0], 0.95
    nearer = [p for p in home if p.admin1 in at_home] or home
    if nearer:
        return (nearer[0], 0.9) if _towers(nearer, 10_000, _TIMES_AT_HOME) else (None, 0.0)
    if famous and (places[0].population >= _WORLD_CITY or fold(places[0].name) in gazetteer.capitals()):
        return places[0], 0.85
    return (places[0], 0.7) if len(places) == 1 and places[0].population >= _FAMOUS else (None, 0.0)


def _towers(places: Sequence[Place], least: int, times: int) -> bool:
    """Whether the first of these places, the largest first, is so large and so much larger than the next."""
    second = places[1].population if len(places) > 1 else 0
    return len(places) == 1 or places[0].population >= max(least, times * second)


def _fuzzy(name: str, at_home: frozenset[str]) -> tuple[Place, float, str] | None:
    """A city of the article's own countries that is spelled nearly so, if only one is."""
    wanted = squeezed(name)
    countries = [code for code in at_home if len(code) == 2]
    if len(wanted) < 5 or len(countries) > 10:
        return None
    best: list[tuple[float, int]] = []
    for code in countries:
        have = gazetteer.cities_of(code)
        alike = [n for n in have if n[:1] == wanted[:1] and abs(len(n) - len(wanted)) < 4]
        for spelled in difflib.get_close_matches(wanted, alike, n=2, cutoff=_LIKE):
            likeness = difflib.SequenceMatcher(None, wanted, spelled).ratio()
            best.extend((likeness, number) for number in have[spelled])
    best.sort(key=lambda row: (-row[0], row[1]))
    if not best or (len(best) > 1 and best[0][0] - best[1][0] < 0.02):
        return None
    return gazetteer.city(best[0][1]), round(best[0][0] * 0.8, 2), "fuzzy"
