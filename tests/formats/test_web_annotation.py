"""W3C Web Annotation, in and out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from formats.incoming import at, taken, told, utf16, words, write_json
from formats.round_trip import assert_round_trips

from corpus_tool.exchange_export import export_annotations

Json = dict[str, Any]

TEXT = "👩‍👩‍👧 “We saw 40 ships,” said Rosa Lind of Haifa.\n\nعلي, the ma\u0301yor of Haifa, nodded to Rosa\u00a0Lind."
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def position(part: str, nth: int = 0, unit: str = "") -> Json:
    place = at(TEXT, part, nth)
    start, end = utf16(TEXT, place) if unit == "UTF-16" else place
    return {"type": "TextPositionSelector", "start": start, "end": end}


def quote(part: str, prefix: str = "", suffix: str = "") -> Json:
    around = {"prefix": prefix, "suffix": suffix}
    return {"type": "TextQuoteSelector", "exact": part, **{k: v for k, v in around.items() if v}}


def tag(label: str) -> Json:
    return {"type": "TextualBody", "purpose": "tagging", "value": label}


def annotation(key: str, selector: Any, *bodies: Any, source: str = "fire.txt", **more: Any) -> Json:
    target = {"source": source, "selector": selector}
    return {
        "@context": CONTEXT,
        "id": f"https://example.org/{key}",
        "type": "Annotation",
        "body": list(bodies),
        "target": target,
        **more,
    }


def write(folder: Path, *annotations: Any, text: str = TEXT) -> Path:
    """A folder with the text, and a file with an annotation a line."""
    folder.mkdir()
    (folder / "fire.txt").write_bytes(text.encode())
    lines = [one if isinstance(one, str) else json.dumps(one) for one in annotations]
    (folder / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_round_trip() -> None:
    assert_round_trips("web-annotation")


@pytest.mark.parametrize("unit", ["", "UTF-16"])
def test_positions_and_quotations_agree_in_either_unit(tmp_path: Path, unit: str) -> None:
    rows = [
        annotation("1", [position("Rosa Lind", unit=unit), quote("Rosa Lind", "said ", " of Haifa")], tag("PER")),
        annotation("2", [position("Haifa", 1, unit), quote("Haifa", "yor of ", ", nodded")], tag("LOC")),
        annotation("3", [quote("علي"), position("علي", unit=unit)], tag("PER")),
    ]
    report, documents = taken(write(tmp_path / "in", *rows), tmp_path, "web-annotation")
    assert told(report) == []
    assert words(documents["fire"]) == {"actors": ["Rosa Lind", "علي"], "locations": ["Haifa"]}
    assert documents["fire"].locations[0].start == at(TEXT, "Haifa", 1)[0]


def test_selectors_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    rows = [
        annotation("1", [position("Haifa", 1), quote("Haifa", "Lind of ", ".")], tag("LOC")),
        annotation("2", [position("Rosa Lind"), quote("Rosa Lund")], tag("PER")),
        annotation("3", quote("Haifa"), tag("LOC")),
        annotation("4", quote("Akko"), tag("LOC")),
        annotation("5", {"type": "SvgSelector", "value": "<svg/>"}, tag("LOC")),
        annotation("6", {"type": "TextPositionSelector", "start": 5, "end": 999}, tag("LOC")),
        annotation("7", position("40"), tag("figures")),
    ]
    report, documents = taken(write(tmp_path / "in", *rows), tmp_path, "web-annotation")
    assert told(report) == [
        ("all.jsonl", 1, "import-words-differ"),
        ("all.jsonl", 3, "import-words-differ"),
        ("all.jsonl", 4, "import-words-differ"),
        ("all.jsonl", 5, "import-record-unreadable"),
        ("all.jsonl", 2, "import-words-differ"),
        ("all.jsonl", 6, "import-span-outside"),
    ]
    assert "stands 2 times" in report.diagnostics[1].message
    assert words(documents["fire"]) == {"figures": ["40"]}


def test_other_selectors(tmp_path: Path) -> None:
    start, end = at(TEXT, "Rosa Lind")
    first, last = (len(TEXT[:place].encode()) for place in at(TEXT, "علي"))
    quoted, said = at(TEXT, "“We saw 40 ships,”"), at(TEXT, "said")
    rows = [
        annotation("1", {"type": "FragmentSelector", "value": f"char={start},{end}"}, tag("PER")),
        {**annotation("2", None, tag("PER")), "target": f"https://example.org/news/fire.txt#char={start + 5},{end}"},
        annotation("3", {"type": "DataPositionSelector", "start": first, "end": last}, tag("PER")),
        annotation(
            "4",
            {"type": "RangeSelector", "startSelector": position("“We"), "endSelector": position(" said")},
            tag("quotes"),
        ),
        annotation("5", {**quote("“We saw 40 ships,”"), "refinedBy": quote("40")}, tag("figures")),
        annotation("6", quote("Rosa Lind", "nodded to "), tag("PER")),
    ]
    assert quoted[1] + 1 == said[0]
    report, documents = taken(write(tmp_path / "in", *rows), tmp_path, "web-annotation")
    assert told(report) == []
    found = words(documents["fire"])
    assert sorted(found["actors"]) == ["Lind", "Rosa Lind", "Rosa\u00a0Lind", "علي"]
    assert (found["quotes"], found["figures"]) == (["“We saw 40 ships,”"], ["40"])


def test_bodies_targets_and_links(tmp_path: Path) -> None:
    two = annotation("1", None, tag("PER"), {"type": "TextualBody", "purpose": "commenting", "value": "her?"})
    two["target"] = [
        {"source": "fire.txt", "selector": position("Rosa Lind")},
        {"source": "fire.txt", "selector": position("علي")},
    ]
    two["creator"] = {"id": "https://example.org/mara", "type": "Person", "name": "Mara"}
    parted = annotation("2", None, tag("quotes"))
    parted["target"] = {
        "type": "Composite",
        "items": [{"source": "fire.txt", "selector": position(p)} for p in ("“We", "ships,”")],
    }
    place = annotation("3", position("Haifa"), tag("LOC"), motivation=["tagging", "identifying"])
    place["body"] += [
        {"source": "https://www.wikidata.org/entity/Q41621", "purpose": "identifying"},
        {"id": "http://sws.geonames.org/294801/", "purpose": "identifying"},
    ]
    by_class = annotation(
        "4", position("Haifa", 1), {"source": "http://dbpedia.org/ontology/Place", "purpose": "classifying"}
    )
    by_class["creator"] = {"type": "Software", "name": "spotter 1"}
    speaks = {"id": "https://example.org/5", "type": "Annotation", "motivation": "linking", "body": tag("speaker")}
    speaks["target"] = [{"id": "https://example.org/2"}, {"id": "https://example.org/1"}]
    knows = {
        "id": "https://example.org/6",
        "type": "Annotation",
        "motivation": "linking",
        "target": "https://example.org/1",
    }
    knows["body"] = {"source": "https://example.org/3", "purpose": "linking"}
    whole = {
        "id": "https://example.org/7",
        "type": "Annotation",
        "motivation": "tagging",
        "bodyValue": "shipping",
        "target": "fire.txt",
    }
    rows = [two, parted, place, by_class, speaks, knows, whole]
    report, documents = taken(write(tmp_path / "in", *rows), tmp_path, "web-annotation")
    assert told(report) == []
    document = documents["fire"]
    rosa, ali = document.actors
    assert (rosa.text, ali.text, rosa.extra, ali.extra) == ("Rosa Lind", "علي", {"note": "her?"}, {"note": "her?"})
    assert rosa.provenance is not None
    assert rosa.provenance.annotator == "Mara"
    [parts] = document.quotes
    assert (parts.text, parts.speaker) == ("“We ships,”", rosa.id)
    first, second = document.locations
    [entity] = document.entities
    assert (first.entity, entity.links) == (entity.id, {"wikidata": "Q41621", "geonames": "294801"})
    assert second.extra == {"class": "http://dbpedia.org/ontology/Place"}
    assert second.provenance is not None
    assert (second.provenance.annotator, second.provenance.status) == ("spotter 1", "suggested")
    assert [(r.type, r.source, r.target) for r in document.relations] == [("linking", rosa.id, first.id)]
    assert document.meta.extra == {"tags": "shipping"}


def test_collections_pages_and_single_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "in")
    (folder / "all.jsonl").unlink()
    rows = [annotation("1", position("Rosa Lind"), tag("PER")), annotation("2", position("Haifa"), tag("LOC"))]
    write_json(folder / "one.json", annotation("3", position("علي"), tag("PER")), indent=2)
    page = {"type": "AnnotationPage", "items": rows[:1], "next": "page2.json"}
    write_json(folder / "list.jsonld", {"type": "AnnotationCollection", "first": page, "last": "page2.json"})
    write_json(folder / "page2.json", {"type": "AnnotationPage", "items": rows[1:], "next": "page3.json"}, indent=1)
    report, documents = taken(folder, tmp_path, "web-annotation")
    assert [(file, name) for file, _, name in told(report)] == [("page2.json", "import-file-unreadable")]
    assert words(documents["fire"]) == {"actors": ["Rosa Lind", "علي"], "locations": ["Haifa"]}


def test_a_text_that_is_not_there_is_told_and_none_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(TEXT, encoding="utf-8")
    sources = ["https://example.org/other.txt", "../secret.txt", "/etc/hostname", "%2e%2e/secret.txt", "", "\0"]
    rows = [annotation(str(n), position("Haifa"), tag("LOC"), source=source) for n, source in enumerate(sources)]
    report, documents = taken(
        write(tmp_path / "in", *rows, annotation("9", position("Haifa"), tag("LOC"))), tmp_path, "web-annotation"
    )
    assert told(report) == [("all.jsonl", n, "import-file-unreadable") for n in range(1, 7)]
    assert list(documents) == ["fire"]


def test_broken_lines_are_told_and_the_rest_comes_in(tmp_path: Path) -> None:
    good = annotation("1", position("Haifa"), tag("LOC"))
    lost = {
        "id": "x",
        "type": "Annotation",
        "motivation": "linking",
        "target": ["https://example.org/1", "https://example.org/99"],
    }
    rows = [good, '{"id": "cut', '"a word"', {"type": "Annotation"}, {"type": "Annotation", "target": 7}, lost]
    report, documents = taken(write(tmp_path / "in", *rows), tmp_path, "web-annotation")
    assert [line for _, line, _ in told(report)] == [2, 3, 4, 5, 6]
    assert words(documents["fire"]) == {"locations": ["Haifa"]}


def test_carriage_returns_count_as_the_words_say(tmp_path: Path) -> None:
    text = "One\r\ntwo\r\nHaifa burns.\r\n"
    for name, start in (("raw", 10), ("folded", 8)):
        selector = [{"type": "TextPositionSelector", "start": start, "end": start + 5}, quote("Haifa")]
        (tmp_path / name).mkdir()
        report, documents = taken(
            write(tmp_path / name / "in", annotation("1", selector, tag("LOC")), text=text),
            tmp_path / name,
            "web-annotation",
        )
        assert told(report) == []
        assert words(documents["fire"]) == {"locations": ["Haifa"]}


def test_what_goes_out_is_web_annotation(tmp_path: Path, new_corpus: Any, raw_document: Callable[..., Any]) -> None:
    """What the model asks of each annotation; positions are code points, and the quotation stands there."""
    start, end = at(TEXT, "Rosa Lind")
    actor = {"id": "a1", "start": start, "end": end, "text": "Rosa Lind", "kind": "person", "entity": "e1"}
    entity = {"id": "e1", "kind": "person", "name": "Rosa Lind", "links": {"wikidata": "Q1"}}
    document = raw_document("fire", TEXT, layers={"actors": [actor]}, entities=[entity])
    export_annotations(new_corpus(tmp_path / "c", [document]), tmp_path / "out", "web-annotation")
    collection = json.loads((tmp_path / "out" / "fire.jsonld").read_text(encoding="utf-8"))
    assert (collection["@context"], collection["type"]) == (CONTEXT, "AnnotationCollection")
    items = collection["first"]["items"]
    assert collection["total"] == len(items) == len({item["id"] for item in items})
    assert all(item["type"] == "Annotation" and item["target"] for item in items)
    text = (tmp_path / "out" / "fire.txt").read_bytes().decode()
    [item] = [i for i in items if isinstance(i["target"], dict)]
    place, quotation = item["target"]["selector"]
    assert item["target"]["source"] == "fire.txt"
    assert (place["type"], quotation["type"]) == ("TextPositionSelector", "TextQuoteSelector")
    assert text[place["start"] : place["end"]] == quotation["exact"] == "Rosa Lind"
    assert text[: place["start"]].endswith(quotation["prefix"])
    assert text[place["end"] :].startswith(quotation["suffix"])
    identities = [b["source"] for b in item["body"] if b["purpose"] == "identifying"]
    assert identities == ["#e1", "https://www.wikidata.org/entity/Q1"]
