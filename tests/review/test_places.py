"""Candidates of the gazetteer, and choosing one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.review.refusal import NotFound, Refusal
from corpus_tool.review.session import Session, open_review

Json = dict[str, Any]

CSV = "name,kind,country,latitude,longitude,id,aliases\nHaifa,city,IL,32.9,35.1,own:7,Hefa\n"


@pytest.fixture
def session(tmp_path: Path, fire: Json, new_corpus: Callable[..., Path]) -> Session:
    root = new_corpus(tmp_path / "corpus", [fire], yaml="annotate:\n  - {annotator: default, gazetteer: places.csv}\n")
    (root / "places.csv").write_text(CSV)
    return open_review(root, annotator="rosa")


def test_the_corpuss_own_places_come_first_then_those_of_the_articles_countries(session: Session) -> None:
    answer = session.places_json("fire", {"entity": "e7"})
    assert answer["available"]
    first, second = answer["candidates"][:2]
    assert (first["method"], first["lat"], first["links"]) == ("user", 32.9, {"own": "7"})
    assert (second["name"], second["country"], second["method"]) == ("Haifa", "Israel", "exact")
    assert len(answer["candidates"]) <= 25
    assert answer["chosen"] is None


def test_candidates_are_found_by_another_name_and_by_another_kind(session: Session) -> None:
    found = session.places_json("fire", {"name": "Springfield", "kind": "city"})["candidates"]
    assert len(found) > 5
    assert {place["country"] for place in found[:5]} == {"United States"}
    populations = [place["population"] for place in found if not place["near"] and place["method"] == "exact"]
    assert populations == sorted(populations, reverse=True)
    country = session.places_json("fire", {"name": "Norway", "kind": "country"})["candidates"][0]
    assert (country["kind"], country["name"]) == ("country", "Norway")
    assert session.places_json("fire", {"name": "Xyzzyburgh", "kind": "city"})["candidates"] == []


def test_a_chosen_place_is_written_as_a_persons_choice(session: Session) -> None:
    place = session.places_json("fire", {"entity": "e7"})["candidates"][1]
    etag = session.document("fire")["etag"]
    edit = {"do": "place", "entity": "e7", "key": place["key"]}
    [entity] = session.edit("fire", etag, {"edits": [edit]})["entities"]
    assert (entity["lat"], entity["lon"], entity["links"]) == (place["lat"], place["lon"], place["links"])
    assert (entity["link_method"], entity["link_score"]) == ("person", 1.0)
    assert session.places_json("fire", {"entity": "e7"})["chosen"] == place["key"]
    etag = session.document("fire")["etag"]
    other = {"do": "place", "entity": "e8", "key": place["key"], "name": "Haifa"}
    assert session.edit("fire", etag, {"edits": [other]})["entities"][0]["lat"] == place["lat"]


def test_what_there_is_not_is_told(session: Session) -> None:
    with pytest.raises(NotFound, match="no entity 'e99'"):
        session.places_json("fire", {"entity": "e99"})
    with pytest.raises(Refusal, match="ask for"):
        session.places_json("fire", {})
    edits = {"edits": [{"do": "place", "entity": "e7", "key": "geonames:1"}]}
    etag = session.document("fire")["etag"]
    with pytest.raises(NotFound, match="no candidate"):
        session.edit("fire", etag, edits)


def test_without_the_gazetteer_the_page_is_told_how_to_get_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus_tool.review.places.find_spec", lambda name: None)
    corpus = session.corpus_json()
    assert not corpus["places"]
    assert "corpus-tool[annotate]" in corpus["places_reason"]
    answer = session.places_json("fire", {"entity": "e7"})
    assert (answer["available"], answer["candidates"]) == (False, [])


def test_a_gazetteer_outside_of_the_corpus_is_not_read(
    tmp_path: Path, fire: Json, new_corpus: Callable[..., Path]
) -> None:
    (tmp_path / "places.csv").write_text(CSV)
    yaml = "annotate:\n  - {annotator: default, gazetteer: ../places.csv}\n"
    session = open_review(new_corpus(tmp_path / "corpus", [fire], yaml=yaml), annotator="rosa")
    methods = {place["method"] for place in session.places_json("fire", {"entity": "e7"})["candidates"]}
    assert "user" not in methods
