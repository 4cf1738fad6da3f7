"""Entities: who is whom, and which place is linked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus_tool.annotate.actors import find_actors
from corpus_tool.annotate.entities import link_entities
from corpus_tool.annotate.gazetteer import countries_of
from corpus_tool.annotate.geocode import find_place
from corpus_tool.annotate.locations import find_locations
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Actor, Entity, Location, Quote

Parse = Callable[[str], ParsedArticle]

ARTICLE = """Mayor Rosa Lind met officials of the World Health Organization (WHO) in Aleppo, Syria.

Lind said the WHO would send doctors. The mayor thanked the agency.

A senior port official, who asked not to be named, said Syria had agreed. The official gave no details.

The spy agency Mossad did not comment."""


def linked(parse: Parse, text: str) -> tuple[list[Entity], list[Actor], list[Location]]:
    article = parse(text)
    locations = find_locations(article)
    return link_entities(article, find_actors(article, locations), locations, [])


def entity_of(entities: list[Entity], mentions: list[Actor] | list[Location], text: str) -> list[Entity | None]:
    by_id = {e.id: e for e in entities}
    return [by_id.get(m.entity or "") for m in mentions if m.text == text]


def test_last_names_acronyms_and_descriptions_join(parse: Parse) -> None:
    entities, actors, _ = linked(parse, ARTICLE)
    names = {e.name: e for e in entities}
    assert names["Rosa Lind"].aliases == ("Lind",)
    assert names["World Health Organization"].aliases == ("WHO",)
    assert entity_of(entities, actors, "mayor") == [names["Rosa Lind"]]
    assert entity_of(entities, actors, "spy agency") == [names["Mossad"]]


def test_an_unnamed_source_that_recurs_is_one_entity(parse: Parse) -> None:
    entities, actors, _ = linked(parse, ARTICLE)
    source = next(e for e in entities if e.name == "senior port official")
    assert entity_of(entities, actors, "official") == [source]
    assert [a.anonymous for a in actors if a.text == "senior port official"] == [True]
    assert not any(a.anonymous for a in actors if a.mention == "name")


def test_a_state_that_acts_and_the_country_are_one_entity(parse: Parse) -> None:
    entities, actors, locations = linked(parse, ARTICLE)
    syria = next(e for e in entities if e.name == "Syria")
    assert syria.kind == "state"
    assert entity_of(entities, actors, "Syria") == [syria]
    assert entity_of(entities, locations, "Syria") == [syria]


def test_an_adjective_of_a_state_is_the_states_and_no_alias(parse: Parse) -> None:
    text = (
        "Finnish officials met Dutch ministers and Scottish lawyers. The Netherlands agreed."
        " Kurdish leaders and Soviet spies left."
    )
    entities, actors, _ = linked(parse, text)
    by_name = {e.name: e for e in entities}
    assert entity_of(entities, actors, "Finnish") == [by_name["Finland"]]
    assert entity_of(entities, actors, "Dutch") == entity_of(entities, actors, "Netherlands")
    assert by_name["Finland"].kind == by_name["Scotland"].kind == "state"
    assert not any(e.aliases for e in entities)
    assert entity_of(entities, actors, "Kurdish") == entity_of(entities, actors, "Soviet") == [None]


def test_places_are_linked(parse: Parse) -> None:
    entities, _, _ = linked(parse, ARTICLE)
    aleppo = next(e for e in entities if e.name == "Aleppo")
    assert aleppo.links == {"geonames": "170063"}
    assert aleppo.lat == pytest.approx(36.2, abs=0.1)
    assert aleppo.lon == pytest.approx(37.2, abs=0.1)
    assert aleppo.link_method == "exact"
    assert 0 < (aleppo.link_score or 0) <= 1


@pytest.mark.parametrize(
    ("name", "text", "geonames", "method"),
    [
        ("Paris", "Talks in Paris, France, continued.", "2988507", "exact"),
        ("Springfield", "A fire broke out in Springfield.", None, None),
        ("Springfield", "A fire broke out in Springfield, and Illinois sent help.", "4250542", "exact"),
        ("Deir Ezzor", "Syrian troops left Deir Ezzor.", "170794", "fuzzy"),
        ("Al Bukamal", "Syrian troops left Al Bukamal.", "174448", "alternate"),
        ("Londun", "The mayor of Londun resigned.", None, None),
        ("Cologne", "German police searched a house in Cologne.", "2886242", "alternate"),
    ],
)
def test_find_place(name: str, text: str, geonames: str | None, method: str | None) -> None:
    found = find_place("city", (name,), countries_of(text))
    assert (found and found[0].geonames, found and found[2]) == (geonames, method)


def test_pronoun_speaker_is_the_last_speaker(parse: Parse) -> None:
    text = "Rosa Lind resigned. “I am tired,” she said."
    article = parse(text)
    start = text.index("she")
    she = Actor(id="s1", start=start, end=start + 3, text="she", kind="person", mention="pronoun")
    quote = Quote(id="q1", start=20, end=33, text=text[20:33], kind="direct", speaker="s1")
    entities, actors, _ = link_entities(article, [*find_actors(article, []), she], [], [quote])
    assert entity_of(entities, actors, "she") == [e for e in entities if e.name == "Rosa Lind"]
