"""Surveys: what stays of documents, how they are read again, and that nothing in a document breaks them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from checks.test_check_properties import raw_documents
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.checks.corpus.pages import address_key, headline_key
from corpus_tool.checks.corpus.part import MAX_LABELS, Gatherer, Part
from corpus_tool.checks.corpus.run_survey import check_survey
from corpus_tool.checks.corpus.summary import Summary, summarise
from corpus_tool.checks.corpus.survey import Survey
from corpus_tool.model import FORMAT, Document, sha256_of
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.corpus import BuildOptions, CorpusConfig, SplitPolicy
from corpus_tool.model.schemas import Layer, _layer, built_in_layers
from corpus_tool.sources import read_again
from corpus_tool.splits import deal

TEXT = "“The fire at the harbour,” said علي, “burned for two days 🔥.”\r\n"


def raw(document_id: str, text: str = TEXT, **rest: Any) -> dict[str, Any]:
    return {
        "schema": FORMAT,
        "id": document_id,
        "meta": {"language": "en"},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [{"start": 0, "end": len(text), "kind": "paragraph"}],
        "layers": {},
        **rest,
    }


def document(document_id: str, text: str = TEXT, **rest: Any) -> Document:
    return document_from_json(raw(document_id, text, **rest), built_in_layers())


def test_a_summary_goes_through_bytes_and_stays_the_same() -> None:
    actor = {"id": "a1", "start": 32, "end": 35, "text": "علي", "kind": "person", "entity": "e1"}
    entity = {"id": "e1", "kind": "person", "name": "علي", "links": {"wikidata": "Q7"}, "lat": 1.5}
    made = summarise(document("a", layers={"actors": [actor]}, entities=[entity]), built_in_layers())
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Summary) == made
    assert [name.text for name in made.names] == ["علي"]
    assert made.sizes == {"actors": 1}


def test_what_was_rejected_is_not_in_a_summary() -> None:
    actor = {"id": "a1", "start": 32, "end": 35, "text": "علي", "kind": "person", "provenance": {"status": "rejected"}}
    made = summarise(document("a", layers={"actors": [actor]}), built_in_layers())
    assert made.names == ()
    assert made.labels == ()
    assert made.sizes == {"actors": 0}


@pytest.mark.parametrize("name", ["part.jsonl", "part.jsonl.gz", "PART.NDJSON"])
def test_a_finding_in_a_shard_stands_at_its_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    link = {"id": "e1", "kind": "city", "name": "Tarn", "links": {"geonames": "1"}, "lat": 10.0, "lon": 10.0}
    rows = [raw(f"d{n}", f"{n} fires {'burned ' * n}", entities=[link]) for n in range(4)]
    rows[2]["entities"] = [{**link, "lat": 20.0}]
    data = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\r\n" for row in rows)
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    survey = Survey(reread=read_again)
    for number, row in enumerate(rows, 1):
        survey.add(summarise(document_from_json(row, built_in_layers()), built_in_layers()), str(path), number)
    [found] = check_survey(survey)
    assert (found.code, found.path, found.line) == ("COR601", str(path), 3)
    assert data.decode().split("\n")[2][found.column - 1 :].startswith("20.0")
    [related] = found.related
    assert (related.path, related.line, related.pointer) == (str(path), 1, "/entities/0/lat")


def test_documents_that_changed_or_went_since_break_nothing(tmp_path: Path) -> None:
    link = {"id": "e1", "kind": "city", "name": "Tarn", "links": {"geonames": "1"}, "lat": 10.0, "lon": 10.0}
    rows = [raw(f"d{n}", entities=[{**link, "lat": 10.0 + n}]) for n in range(4)]
    survey = Survey(root=tmp_path, reread=read_again)
    for row in rows:
        path = tmp_path / f"{row['id']}.json"
        path.write_bytes(orjson.dumps(row))
        survey.add(summarise(document_from_json(row, built_in_layers()), built_in_layers()), str(path))
    (tmp_path / "d1.json").unlink()
    (tmp_path / "d2.json").write_bytes(b'\xff{"text')
    (tmp_path / "d3.json").write_bytes(b'{"text": 7, "entities": [], "layers": {"actors": []}}')
    assert [(d.code, d.document, d.line) for d in check_survey(survey)] == [
        ("COR101", "d1", 1),
        ("COR101", "d2", 1),
        ("COR101", "d3", 1),
    ]


def test_a_place_with_two_links_is_told_once() -> None:
    links = {"geonames": "1", "wikidata": "Q1"}
    place = {"id": "e1", "kind": "city", "name": "Tarn", "links": links, "lat": 10.0, "lon": 10.0}
    rows = [raw(f"d{n}", f"{n} fires {'burned ' * n}", entities=[place]) for n in range(3)]
    rows[1]["entities"] = [{**place, "lon": -10.0}]
    survey = Survey(reread=lambda path, lines: iter([(1, orjson.dumps(rows[int(path)]))]))
    for number, row in enumerate(rows):
        survey.add(summarise(document_from_json(row, built_in_layers()), built_in_layers()), str(number))
    assert [(d.code, d.document) for d in check_survey(survey)] == [("COR601", "d1")]


def test_reading_again_stops_at_the_last_line_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"1\n2\n3\n4\n")
    assert list(read_again(str(path), {3, 1})) == [(1, b"1"), (3, b"3")]
    path = tmp_path / "x.json"
    path.write_bytes(b"1\n2\n")
    assert list(read_again(str(path), {1})) == [(1, b"1\n2\n")]


def test_an_attribute_of_words_of_its_own_takes_no_memory_and_gives_no_findings() -> None:
    layers: dict[str, Layer] = {"notes": _layer("notes", {"properties": {"remark": {"type": "string"}}})}
    survey = Survey(reread=read_again)
    for number in range(MAX_LABELS + 10):
        note = {"id": "n1", "start": 0, "end": 1, "text": "“", "remark": f"remark no. {number}"}
        made = raw(f"d{number}", f"{number} {TEXT}", layers={"notes": [note]})
        survey.add(summarise(document_from_json(made, layers), layers, alone=True), "x", number + 1)
    assert survey.labels["notes", "remark"] is None
    assert [d.code for d in check_survey(survey) if d.code.startswith("COR3")] == []


def test_one_document_needs_no_numpy() -> None:
    code = (
        "import sys\n"
        "from corpus_tool.checks.corpus.run_survey import check_survey\n"
        "from corpus_tool.checks.corpus.summary import summarise\n"
        "from corpus_tool.checks.corpus.survey import Survey\n"
        "from corpus_tool.model import Document, Meta, sha256_of\n"
        "survey = Survey(reread=lambda path, lines: iter(()))\n"
        "one = Document(id='a', meta=Meta(), text='x', text_sha256=sha256_of('x'))\n"
        "survey.add(summarise(one, {}, alone=True), 'a.json')\n"
        "assert check_survey(survey) == []\n"
        "assert 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_closed_survey_leaves_no_open_file() -> None:
    survey = Survey(reread=read_again)
    survey.add(summarise(document("a"), built_in_layers()), "a.json")
    survey.close()
    with pytest.raises(ValueError, match="closed"):
        survey.add(summarise(document("b"), built_in_layers()), "b.json")


@settings(max_examples=60)
@given(st.lists(raw_documents(), min_size=2, max_size=6), st.booleans())
def test_no_document_that_the_schema_takes_breaks_a_survey(rows: list[dict[str, Any]], split: bool) -> None:
    layers = built_in_layers()
    config = CorpusConfig(schema="corpus-tool/corpus/1", name="x", version="1.0.0", license="cc0-1.0")
    survey = Survey(
        config, split_of=(lambda name: ("train", "test")[len(name) % 2]) if split else None, reread=read_again
    )
    data = {}
    for number, row in enumerate(rows):
        row["id"] = "x" * (number + 1)
        data[row["id"]] = orjson.dumps(row)
        survey.add(summarise(document_from_json(row, layers), layers), row["id"])
    survey._reread = lambda path, lines: iter([(1, data[path])])
    for found in check_survey(survey):
        assert found.message
        assert found.line >= 1
    texts = [row["text"] for row in rows]
    copies = sum(texts.count(text) > 1 for text in texts) - sum(texts.count(text) > 1 for text in set(texts))
    told = [d for d in check_survey(survey) if "has the same text as" in d.message]
    assert len(told) == copies


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a/", "http://www.news.example/a#top"),
        ("https://news.example/a?utm_source=x&b=1&a=2", "https://NEWS.example:443/a?a=2&b=1&gclid=9"),
        ("https://news.example/قصة", " https://news.example/قصة "),
    ],
)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert address_key(one) == address_key(other) is not None


@pytest.mark.parametrize(
    "url", ["", "news", "https://news.example", "https://news.example/#a", "http://[::1", "mailto:a", "file:///x"]
)
def test_what_is_no_address_of_a_page(url: str) -> None:
    assert address_key(url) is None


def test_other_pages_have_other_keys() -> None:
    urls = ["https://a.example/1", "https://b.example/1", "https://a.example/1?p=2", "https://a.example/2"]
    assert len({address_key(url) for url in urls}) == len(urls)


def test_headlines_compare_by_their_words_and_day() -> None:
    same = {
        headline_key("Fire destroys “harbour”", "2024-03-01T10:00Z"),
        headline_key("FIRE, destroys harbour!", "2024-03-01"),
    }
    assert same == {None}, "three words are too few"
    assert headline_key("Fire destroys old “harbour”", "2024-03-01T10:00Z") == headline_key(
        "FIRE: destroys old harbour!", "2024-03-01"
    )
    assert headline_key("塔恩港口发生大火", "2024-03-01") is not None
    assert headline_key("Fire destroys old harbour", "2024-03") is None


def _of_parts(
    rows: list[dict[str, Any]], borders: set[int], config: CorpusConfig, split_of: Any, later: bool
) -> Survey:
    """A survey of documents gathered in parts, which are sent as bytes and cut before the documents of ``borders``."""
    layers = built_in_layers()
    gatherer = Gatherer(split_of, is_dealt_later=later)
    data = {row["id"]: orjson.dumps(row) for row in rows}
    survey = Survey(config, is_dealt_later=later, reread=lambda path, lines: iter([(1, data[path])]))
    for number, row in enumerate(rows):
        if number in borders:
            survey.take(msgspec.msgpack.decode(msgspec.msgpack.encode(gatherer.part()), type=Part))
        folder = "رسا" if number % 5 == 4 else None
        gatherer.add(summarise(document_from_json(row, layers), layers), row["id"], annotator=folder)
    survey.take(gatherer.part())
    return survey


@settings(max_examples=40)
@given(
    st.lists(raw_documents(), min_size=2, max_size=8), st.sets(st.integers(0, 7)), st.sampled_from(["hash", "grouped"])
)
def test_however_documents_are_cut_into_parts_the_survey_is_the_same(
    rows: list[dict[str, Any]], borders: set[int], policy: str
) -> None:
    for number, row in enumerate(rows):
        row["id"] = f"x{number}"
        row["text"] = row["text"] or "x"
    config = CorpusConfig(
        schema="corpus-tool/corpus/1",
        name="x",
        version="1.0.0",
        license="cc0-1.0",
        build=BuildOptions(splits=SplitPolicy(policy=policy)),
    )
    split_of = (lambda name: ("train", "test")[int(name[1:]) % 2]) if policy == "hash" else None
    one, other = (_of_parts(rows, cut, config, split_of, policy != "hash") for cut in (set(range(9)), borders))
    for survey in (one, other):
        if policy != "hash":
            deal(survey, config.build.splits)
    for name in ("ids", "splits", "paths", "articles", "lines"):
        assert list(getattr(one, name)) == list(getattr(other, name))
    for name in ("licenses", "untold", "days", "layers", "labels", "free", "kinds", "own_work", "folders"):
        assert getattr(one, name) == getattr(other, name)
    assert check_survey(one) == check_survey(other)
