"""TEI P5, in and out."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from formats.incoming import taken, told, words
from formats.round_trip import assert_round_trips, documents, new_corpus
from hypothesis import HealthCheck, given, settings
from lxml import etree

from corpus_tool.exchange_export import export_annotations
from corpus_tool.model.codec import document_from_json
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import write_document

RULES = Path(__file__).with_name("tei_subset.rng")


def tei(body: str, *, header: str = "", after: str = "") -> str:
    head = f"<teiHeader><fileDesc><titleStmt><title>T</title></titleStmt>{header}</fileDesc></teiHeader>"
    return f'<TEI xmlns="http://www.tei-c.org/ns/1.0">\n{head}\n<text><body>{body}</body></text>{after}</TEI>'


def write(path: Path, xml: str) -> Path:
    path.write_text(xml, encoding="utf-8")
    return path


def test_round_trip() -> None:
    assert_round_trips("tei")


def test_what_goes_out_keeps_the_rules_of_tei() -> None:
    """The content models and attributes of the elements, and every pointer leads to what is there."""
    rules = etree.RelaxNG(etree.parse(str(RULES)))

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(documents())
    def holds(raw: Any) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            corpus = open_corpus(new_corpus(folder / "c"))
            write_document(corpus, document_from_json(raw, corpus.layers))
            export_annotations(folder / "c", folder / "out", "tei")
            written = etree.parse(str(folder / "out" / "fire.xml"))
        rules.assertValid(written)
        keys = written.xpath("//@xml:id")
        assert len(keys) == len(set(keys))
        names = ("ana", "next", "prev", "ref", "who", "target", "corresp")
        pointed = {p[1:] for e in written.iter() for n in names for p in (e.get(n) or "").split()}
        assert pointed <= set(keys)

    holds()


def test_the_rules_refuse_what_is_wrong() -> None:
    """A check that cannot fail checks nothing."""
    rules = etree.RelaxNG(etree.parse(str(RULES)))
    assert not rules.validate(etree.fromstring(tei("<ab xml:space='preserve'>x</ab>")))


def test_elements_say_what_spans_are(tmp_path: Path, new_corpus: Any, raw_document: Callable[..., Any]) -> None:
    text = "“Go,” thought Rosa Lind of Haifa, the mayor, 40 times."
    layers = {
        "actors": [
            {
                "id": "a1",
                "start": 14,
                "end": 23,
                "text": "Rosa Lind",
                "kind": "person",
                "mention": "name",
                "entity": "e1",
            },
            {
                "id": "a2",
                "start": 38,
                "end": 43,
                "text": "mayor",
                "kind": "person",
                "mention": "nominal",
                "entity": "e1",
            },
        ],
        "locations": [{"id": "l1", "start": 27, "end": 32, "text": "Haifa", "kind": "city", "entity": "e2"}],
        "figures": [{"id": "f1", "start": 45, "end": 47, "text": "40", "value": 40, "unit": "count"}],
        "quotes": [
            {
                "id": "q1",
                "start": 0,
                "end": 5,
                "text": "“Go,”",
                "kind": "direct",
                "attitude": "thought",
                "speaker": "a1",
            }
        ],
    }
    entities = [
        {"id": "e1", "kind": "person", "name": "Rosa Lind", "aliases": ["R. Lind"], "links": {"wikidata": "Q1"}},
        {"id": "e2", "kind": "city", "name": "Haifa", "lat": 32.8, "lon": 35.0},
    ]
    document = raw_document("one", text, layers=layers, entities=entities)
    export_annotations(new_corpus(tmp_path / "c", [document]), tmp_path / "out", "tei")
    spaces = {"t": "http://www.tei-c.org/ns/1.0"}
    tree = etree.parse(str(tmp_path / "out" / "one.xml"))
    assert tree.xpath("string(//t:persName[@xml:id='a1'])", namespaces=spaces) == "Rosa Lind"
    assert tree.xpath("string(//t:rs[@ref='#e1'])", namespaces=spaces) == "mayor"
    assert tree.xpath("string(//t:placeName[@ref='#e2'])", namespaces=spaces) == "Haifa"
    assert tree.xpath("//t:measure/@quantity", namespaces=spaces) == ["40"]
    assert tree.xpath("//t:said[@direct='true'][@aloud='false']/@who", namespaces=spaces) == ["#a1"]
    assert tree.xpath("string(//t:place/t:location/t:geo)", namespaces=spaces) == "32.8 35.0"
    assert tree.xpath("//t:person/t:persName/text()", namespaces=spaces) == ["Rosa Lind", "R. Lind"]
    assert tree.xpath("string(//t:person/t:idno[@type='wikidata'])", namespaces=spaces) == "Q1"
    assert "".join(tree.xpath("//t:ab//text()", namespaces=spaces)) == text


FOREIGN = """
  <head>Fire   at the
    <placeName ref="#haifa">harbour of Haifa</placeName></head>
  <byline>By <docAuthor>Ann Lee</docAuthor></byline>
  <p>
    <said who="#rosa" direct="false" xml:id="q1">that
      <measure quantity="40" unit="count" commodity="ships">40 ships</measure>
      burned</said>, said <persName ref="#rosa" xml:id="p1">Rosa
      <hi>Lind</hi></persName> of <orgName key="port">the Port</orgName>.<lb/>
    <said who="#p1">“Go</said> <rs type="person" ref="https://www.wikidata.org/entity/Q7">👩‍👩‍👧</rs>
    <q xml:id="x1" next="#x2">one</q> and
    <q xml:id="x2" prev="#x1">two</q>
  </p>
  <p>علي <choice><sic>speld</sic><corr>spelled</corr></choice>\u00a0it.<note>aside</note></p>
"""
LISTS = """<standOff>
  <listPerson>
    <person xml:id="rosa"><persName>Rosa <surname>Lind</surname></persName><idno type="VIAF">77</idno></person>
  </listPerson>
  <listPlace>
    <place xml:id="haifa">
      <placeName>Haifa</placeName><placeName>حيفا</placeName><location><geo>32.8 35.0</geo></location>
    </place>
  </listPlace>
  <linkGrp type="answers"><link target="#q1 #p1"/></linkGrp>
</standOff>"""


def test_tei_of_others(tmp_path: Path) -> None:
    licence = "<availability><licence>CC0-1.0</licence></availability>"
    date = "<publisher>The Test</publisher><date when='2024-05-02'>May</date>"
    header = f"<publicationStmt>{date}{licence}</publicationStmt>"
    report, found = taken(write(tmp_path / "fire.xml", tei(FOREIGN, header=header, after=LISTS)), tmp_path, "tei")
    assert told(report) == []
    document = found["fire"]
    assert document.text == (
        "Fire at the harbour of Haifa\n\nBy Ann Lee\n\nthat 40 ships burned, said Rosa Lind of the Port.\n"
        "“Go 👩‍👩‍👧 one and two\n\n"
        "علي spelled\u00a0it. aside"
    )
    assert words(document) == {
        "actors": ["Rosa Lind", "the Port", "👩‍👩‍👧"],
        "locations": ["harbour of Haifa"],
        "figures": ["40 ships"],
        "quotes": ["that 40 ships burned", "“Go", "one two"],
    }
    assert [b.kind for b in document.blocks] == ["title", "byline", "paragraph", "paragraph"]
    assert (document.figures[0].value, document.figures[0].unit, document.figures[0].extra) == (
        40,
        "count",
        {"commodity": "ships"},
    )
    first, second, third = document.quotes
    assert (first.kind, first.extra["who"], second.speaker) == ("indirect", "Rosa Lind", document.actors[0].id)
    assert len(third.fragments) == 2
    entities = {e.id: e for e in document.entities}
    rosa, haifa = entities[document.actors[0].entity or ""], entities[document.locations[0].entity or ""]
    assert (rosa.name, rosa.links) == ("Rosa Lind", {"VIAF": "77"})
    assert (haifa.name, haifa.aliases, haifa.lat, haifa.lon) == ("Haifa", ("حيفا",), 32.8, 35.0)
    assert entities[document.actors[2].entity or ""].links == {"wikidata": "Q7"}
    assert [(r.type, r.source, r.target) for r in document.relations] == [("answers", first.id, document.actors[0].id)]
    assert (document.meta.title, document.meta.source, document.meta.published) == ("T", "The Test", "2024-05-02")


def test_kept_white_space_is_kept(tmp_path: Path) -> None:
    body = "<ab xml:space='preserve'> two  blanks,\n\ttab, <persName> Rosa </persName>\u2028end\n</ab>"
    report, found = taken(write(tmp_path / "x.xml", tei(body)), tmp_path, "tei")
    assert told(report) == []
    assert found["x"].text == " two  blanks,\n\ttab,  Rosa \u2028end\n"
    assert words(found["x"]) == {"actors": [" Rosa "]}


def test_nothing_outside_of_the_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "in").mkdir()
    declared = f'<!DOCTYPE TEI [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    bomb = '<!DOCTYPE TEI [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    write(tmp_path / "in" / "a.xml", declared + tei("<p>one &x; two</p>"))
    write(tmp_path / "in" / "b.xml", bomb + tei("<p>\none\n&c;</p>"))
    write(tmp_path / "in" / "c.xml", tei("<p>Rosa <persName>Lind</persName> &amp; co</p>"))
    write(tmp_path / "in" / "d.xml", tei("<p>not <persName>closed</p>"))
    write(tmp_path / "in" / "e.xml", "<html/>")
    report, found = taken(tmp_path / "in", tmp_path, "tei")
    assert [(file, name) for file, _, name in told(report)] == [(f"{n}.xml", "import-file-unreadable") for n in "abde"]
    assert report.diagnostics[2].line == 3
    assert {name: document.text for name, document in found.items()} == {"c": "Rosa Lind & co"}
    assert "secret" not in json.dumps([d.message for d in report.diagnostics])


def test_an_empty_name_and_a_stand_off_span_are_told(tmp_path: Path) -> None:
    body = "<p>Rosa <persName/> went.</p>\n<p>Then <placeName>Haifa</placeName>.</p>"
    after = "\n<standOff><spanGrp><span from='#a' to='#b'/></spanGrp></standOff>"
    report, found = taken(write(tmp_path / "x.xml", tei(body, after=after)), tmp_path, "tei")
    assert told(report) == [("x.xml", 3, "import-span-outside"), ("x.xml", 5, "import-record-unreadable")]
    assert words(found["x"]) == {"locations": ["Haifa"]}


def test_a_teicorpus_holds_several(tmp_path: Path) -> None:
    inner = [tei(f"<p><persName>Rosa {n}</persName></p>").replace("<TEI ", f'<TEI xml:id="t{n}" ') for n in (1, 2)]
    report, found = taken(write(tmp_path / "all.xml", f"<teiCorpus>{''.join(inner)}</teiCorpus>"), tmp_path, "tei")
    assert told(report) == []
    assert {name: document.text for name, document in found.items()} == {"t1": "Rosa 1", "t2": "Rosa 2"}


@pytest.mark.parametrize("character", ["\x0c", "\x01", "\ufffe"])
def test_what_xml_cannot_have_is_listed(
    tmp_path: Path, new_corpus: Any, raw_document: Callable[..., Any], character: str
) -> None:
    text = f"Rosa{character} Lind went."
    actor = {"id": "a1", "start": 6, "end": 10, "text": "Lind", "kind": "person", "role": f"x{character}"}
    root = new_corpus(tmp_path / "c", [raw_document("one", text, layers={"actors": [actor]})])
    report = export_annotations(root, tmp_path / "out", "tei")
    assert [(loss.what, loss.annotation) for loss in report.losses] == [("text", ""), ("role", "a1")]
    _, found = taken(tmp_path / "out", tmp_path, "tei")
    assert found["one"].text == "Rosa\ufffd Lind went."
    assert words(found["one"]) == {"actors": ["Lind"]}
