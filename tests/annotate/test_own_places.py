"""A user's own gazetteer: how its file is read, and that its places come before the packaged ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.annotate.actors import find_actors
from corpus_tool.annotate.entities import link_entities
from corpus_tool.annotate.locations import find_locations
from corpus_tool.annotate.own_places import MAX_BYTES, load_places, read_places
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.convert import convert_articles
from corpus_tool.init import init_corpus
from corpus_tool.model import CorpusToolError, Entity, Location

Parse = Callable[[str], ParsedArticle]

PLACES = """\
name,kind,country,latitude,longitude,id,aliases
Kestrel Point,facility,GB,51.5,-0.25,kp-1,KPX|the Point
Lower Tarn,district,FR,,,wikidata:Q1,
Paris,city,US,33.66,-95.55,geonames:4717560,
Ilo,city,FR,1,2,ilo-fr,
Ilo,city,PE,3,4,ilo-pe,
"""


def annotated(parse: Parse, text: str) -> tuple[dict[str, Entity], list[Location]]:
    article = replace(parse(text), places=read_places(PLACES, "places.csv"))
    locations = find_locations(article)
    entities, _, locations = link_entities(article, find_actors(article, locations), locations, [])
    return {entity.name: entity for entity in entities}, locations


def test_own_places_come_first(parse: Parse) -> None:
    entities, locations = annotated(
        parse, "Officers at Kestrel Point left Lower Tarn and Paris. Residents of KPX stayed."
    )
    assert [(m.text, m.kind) for m in locations] == [
        ("Kestrel Point", "facility"),
        ("Lower Tarn", "district"),
        ("Paris", "city"),
        ("KPX", "facility"),
    ]
    point = entities["Kestrel Point"]
    assert (point.links, point.lat, point.lon, point.link_method) == ({"user": "kp-1"}, 51.5, -0.25, "user")
    assert point.aliases == ("KPX",)
    assert entities["Paris"].links == {"geonames": "4717560"}
    assert (entities["Lower Tarn"].links, entities["Lower Tarn"].lat) == ({"wikidata": "Q1"}, None)


def test_a_person_stays_a_person(parse: Parse) -> None:
    entities, locations = annotated(parse, "Rosa Paris said that she would leave.")
    assert entities["Rosa Paris"].kind == "person"
    assert locations == []


def test_the_article_chooses_between_two_of_a_name(parse: Parse) -> None:
    assert annotated(parse, "The mayor of Ilo spoke in Peru.")[0]["Ilo"].links == {"user": "ilo-pe"}
    assert annotated(parse, "The mayor of Ilo spoke.")[0]["Ilo"].links == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "places.csv:1: no header"),
        ("name,country\n", "places.csv:1: the column 'kind' is missing"),
        ("name,kind,colour\n", "places.csv:1: no column is called 'colour'"),
        ("name,kind,name\n", "places.csv:1: the column 'name' stands twice"),
        ("name,kind\nTarn\n", "places.csv:2: 1 cells, where the header has 2"),
        ("name,kind\n\nTarn,castle\n", "places.csv:3: no kind is called 'castle'"),
        ("name,kind\n,city\n", "places.csv:2: '' is no name"),
        ("name,kind\n...,city\n", "places.csv:2: '...' is no name"),
        ('name,kind\n"Ta\nrn",city\n', "places.csv:3: 'Ta\\nrn' is no name"),
        ('name,kind\n"Tarn,city\n', "places.csv:2: unexpected end of data"),
        ("name,kind,country\nTarn,city,France\n", "places.csv:2: the country 'France' is no ISO 3166 code"),
        (
            "name,kind,latitude,longitude\nTarn,city,91,0\n",
            "places.csv:2: the latitude '91' is no number from -90 to 90",
        ),
        ("name,kind,latitude,longitude\nTarn,city,0,nan\n", "places.csv:2: the longitude 'nan' is no number"),
        ("name,kind,latitude,longitude\nTarn,city,5,\n", "places.csv:2: one of latitude and longitude stands alone"),
    ],
)
def test_mistakes_are_told_with_their_line(text: str, says: str) -> None:
    with pytest.raises(CorpusToolError) as error:
        read_places(text, "places.csv")
    assert str(error.value).startswith(says)


def test_files_are_checked(tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="no such file"):
        load_places(tmp_path)
    file = tmp_path / "places.csv"
    file.write_bytes(b"name,kind\nTarn,city\n\xff,city\n")
    with pytest.raises(CorpusToolError, match=r"places\.csv:3: not UTF-8"):
        load_places(file)
    file.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(CorpusToolError, match="larger than"):
        load_places(file)
    file.write_bytes("\ufeffname,kind\r\nTarn,city\r\n".encode())
    assert load_places(file).kind("tarn") == "city"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    root = init_corpus(tmp_path / "corpus").parent
    (root / "places.csv").write_text(PLACES)
    (tmp_path / "places.csv").write_text(PLACES)
    (tmp_path / "flood.txt").write_text(
        "Officers said that Kestrel Point was flooded and that all residents had left.\n"
    )
    return root


def links(root: Path) -> list[dict[str, str]]:
    document = json.loads((root / "documents" / "flood.json").read_text())
    return [entity["links"] for entity in document["entities"] if entity.get("link_method") == "user"]


def test_the_users_file_is_handed_through(tmp_path: Path, corpus: Path, run_main: Callable[..., Any]) -> None:
    article = tmp_path / "flood.txt"
    assert run_main("convert", article, "--into", corpus).status == 0
    assert links(corpus) == []
    (corpus / "documents" / "flood.json").unlink()
    assert run_main("convert", article, "--into", corpus, "--gazetteer", tmp_path / "places.csv").status == 0
    assert links(corpus) == [{"user": "kp-1"}]


def test_a_wrong_file_ends_the_run(tmp_path: Path, corpus: Path, run_main: Callable[..., Any]) -> None:
    (tmp_path / "places.csv").write_text("name,kind\nTarn,castle\n")
    ran = run_main("convert", tmp_path / "flood.txt", "--into", corpus, "--gazetteer", tmp_path / "places.csv")
    assert ran.status == 2
    assert "places.csv:2: no kind is called 'castle'" in ran.err


def test_the_corpus_names_a_file_of_its_own(tmp_path: Path, corpus: Path) -> None:
    ask(corpus, "places.csv")
    convert_articles([tmp_path / "flood.txt"], corpus)
    assert links(corpus) == [{"user": "kp-1"}]


@pytest.mark.parametrize("path", ["../places.csv", "documents/../places.csv", "link.csv", "/etc/passwd"])
def test_the_corpus_names_no_file_elsewhere(tmp_path: Path, corpus: Path, path: str) -> None:
    (corpus / "link.csv").symlink_to(tmp_path / "places.csv")
    ask(corpus, path)
    with pytest.raises(CorpusToolError, match="is not a path inside the corpus"):
        convert_articles([tmp_path / "flood.txt"], corpus)


def ask(corpus: Path, path: str) -> None:
    """Has the corpus ask for a gazetteer."""
    with (corpus / "corpus.yaml").open("a") as file:
        file.write(f"\nannotate:\n  - {{annotator: default, gazetteer: {path}}}\n")
