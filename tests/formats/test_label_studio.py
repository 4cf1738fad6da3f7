"""Label Studio JSON, in and out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from formats.incoming import at, taken, told, utf16, words, write_json
from formats.round_trip import assert_round_trips

from corpus_tool.exchange import import_annotations
from corpus_tool.exchange_export import export_annotations
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents

Json = dict[str, Any]

TEXT = "👩‍👩‍👧 “We saw 40 ships,”\nsaid Rosa Lind of Haifa.\u00a0علي, the ma\u0301yor, nodded."


def region(key: str, part: str, *labels: str, unit: str = "", text: str = TEXT, **more: Any) -> Json:
    place = at(text, part)
    start, end = utf16(text, place) if unit == "UTF-16" else place
    value = {"start": start, "end": end, "text": part.replace("\n", "\\n"), "labels": list(labels)}
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


def said(of: Json, control: str, kind: str, payload: Any) -> Json:
    """What a control says of a region."""
    key = "text" if kind == "textarea" else kind
    place = {"start": of["value"]["start"], "end": of["value"]["end"]}
    return {"id": of["id"], "from_name": control, "to_name": "text", "type": kind, "value": {**place, key: payload}}


def task(*results: Json, **more: Any) -> Json:
    work = [{"id": 1, "result": list(results), "completed_by": {"id": 7, "email": "mara@example.org"}}]
    return {"id": 3, "data": {"text": TEXT}, "annotations": work, **more}


def test_round_trip() -> None:
    assert_round_trips("label-studio")


def test_annotators_predictions_and_what_was_not_handed_in(tmp_path: Path) -> None:
    rosa = region("r1", "Rosa Lind", "PER")
    raw = {
        "id": 3,
        "data": {"text": TEXT, "url": "https://example.org/1", "desk": "sea", "tags": ["a", "b"]},
        "annotations": [
            {"id": 10, "completed_by": 4, "result": [rosa]},
            {
                "id": 11,
                "completed_by": {"email": "ben@example.org"},
                "ground_truth": True,
                "result": [rosa, region("r2", "Haifa", "LOC")],
            },
            {"id": 12, "completed_by": 5, "was_cancelled": True, "result": [rosa]},
        ],
        "predictions": [{"model_version": "ner 2", "score": 0.5, "result": [region("p1", "Haifa", "LOC", score=0.75)]}],
        "drafts": [{"user": "mara", "result": [rosa, rosa]}],
    }
    report, documents = taken(write_json(tmp_path / "export.json", [raw]), tmp_path, "label-studio")
    assert told(report) == [("export.json", 1, "import-set-aside")] * 2
    assert "2 results are left out" in report.diagnostics[1].message
    document = documents["task-3"]  # the ground truth
    assert words(document) == {"actors": ["Rosa Lind"], "locations": ["Haifa"]}
    assert {a.provenance.annotator for a in document.actors if a.provenance} == {"ben@example.org"}
    assert document.meta.url == "https://example.org/1"
    assert document.meta.extra == {"desk": "sea", "tags": "a, b"}
    folders = {p.name for p in (tmp_path / "into" / "annotators").iterdir()}
    assert folders == {"ben-example-org", "user-4", "ner-2"}
    suggested = json.loads((tmp_path / "into" / "annotators" / "ner-2" / "task-3.json").read_text(encoding="utf-8"))
    [place] = suggested["layers"]["locations"]
    assert place["provenance"] == {"annotator": "ner 2", "status": "suggested", "score": 0.75}


def test_what_is_said_of_regions_and_of_the_text(tmp_path: Path) -> None:
    quote, rosa = (
        region("q", "“We saw 40 ships,”", "quotes"),
        region("a", "Rosa Lind", "PER", "ORG", meta={"text": ["her boat?"]}),
    )
    cue, number = region("c", "said", "cue"), region("n", "40", "figures")
    results = [
        quote,
        rosa,
        cue,
        number,
        said(rosa, "role", "textarea", ["captain", "poet"]),
        said(rosa, "topic", "taxonomy", [["Sea", "Ship"], ["News"]]),
        said(number, "value", "number", 40),
        said(number, "measure", "choices", ["quantity"]),
        said(quote, "sure", "rating", 4),
        {"id": "t", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["calm", "dry"]}},
        {"type": "relation", "from_id": "a", "to_id": "q", "direction": "left", "labels": ["speaker"]},
        {"type": "relation", "from_id": "q", "to_id": "c", "direction": "right", "labels": ["cue"]},
        {"type": "relation", "from_id": "a", "to_id": "n", "direction": "bi", "labels": []},
    ]
    report, documents = taken(write_json(tmp_path / "x.json", [task(*results)]), tmp_path, "label-studio")
    assert told(report) == []
    document = documents["task-3"]
    [quoted] = document.quotes
    person, organisation = sorted(document.actors, key=lambda a: a.kind, reverse=True)
    assert (quoted.speaker, quoted.cue.text if quoted.cue else None) == (person.id, "said")
    assert (person.kind, organisation.kind, person.text, organisation.text) == (
        "person",
        "organization",
        "Rosa Lind",
        "Rosa Lind",
    )
    assert person.role == "captain\npoet"
    assert person.extra == {"note": "her boat?", "topic": "Sea/Ship, News"}
    assert quoted.extra == {"sure": 4}
    assert (document.figures[0].value, document.figures[0].measure) == (40, "quantity")
    [relation] = document.relations
    assert (relation.type, relation.source, relation.target) == ("relation", person.id, document.figures[0].id)
    assert relation.extra == {"direction": "bi"}
    assert document.meta.extra == {"mood": "calm, dry"}


@pytest.mark.parametrize("unit", ["", "UTF-16"])
def test_the_words_tell_the_unit_of_offsets(tmp_path: Path, unit: str) -> None:
    parts = ["“We saw 40 ships,”\nsaid", "Rosa Lind", "علي", "ma\u0301yor"]
    results = [region(f"r{n}", part, "PER", unit=unit) for n, part in enumerate(parts)]
    report, documents = taken(write_json(tmp_path / "x.json", [task(*results)]), tmp_path, "label-studio")
    assert told(report) == []
    assert words(documents["task-3"]) == {"actors": parts}


def test_one_project_may_hold_both_units(tmp_path: Path) -> None:
    """Old annotations stay as they were when a project goes on with a newer version."""
    results = [
        region("r1", "Rosa Lind", "PER", unit="UTF-16"),
        region("r2", "Haifa", "LOC"),
        region("r3", "علي", "PER"),
    ]
    report, documents = taken(write_json(tmp_path / "x.json", [task(*results)]), tmp_path, "label-studio")
    assert told(report) == []
    assert words(documents["task-3"]) == {"actors": ["Rosa Lind", "علي"], "locations": ["Haifa"]}


def test_a_unit_that_nothing_tells_is_told(tmp_path: Path) -> None:
    text = "😀 港口の火事"
    raw = {"id": "x", "from_name": "l", "type": "labels", "value": {"start": 4, "end": 5, "labels": ["PER"]}}
    one = {"id": 1, "data": {"text": text}, "annotations": [{"result": [raw]}]}
    report, _ = taken(write_json(tmp_path / "x.json", [one]), tmp_path, "label-studio")
    assert "import-unit-unclear" in [name for _, _, name in told(report)]


def test_words_that_stand_elsewhere_are_told(tmp_path: Path) -> None:
    wrong = region("r1", "Rosa Lind", "PER")
    wrong["value"]["text"] = "Rosa Lund"
    path = write_json(tmp_path / "x.json", [task(wrong, region("r2", "Haifa", "LOC"))], indent=1)
    report, documents = taken(path, tmp_path, "label-studio")
    line = path.read_text(encoding="utf-8").splitlines().index('      "id": "r1",') + 1
    assert told(report) == [("x.json", line, "import-words-differ")]
    assert words(documents["task-3"]) == {"locations": ["Haifa"]}


def test_json_min(tmp_path: Path) -> None:
    place = dict(zip(("start", "end"), at(TEXT, "Rosa Lind"), strict=True))
    marks = [{**place, "text": "Rosa Lind", "labels": ["PER"]}]
    rows = [
        {
            "id": 8,
            "text": TEXT,
            "label": marks,
            "sentiment": "Positive",
            "annotator": 1,
            "annotation_id": 5,
            "lead_time": 2.5,
        },
        {
            "id": 8,
            "text": TEXT,
            "label": [],
            "sentiment": "Negative",
            "annotator": 2,
            "annotation_id": 6,
            "lead_time": 1,
        },
        {"id": 9, "text": TEXT.upper(), "annotator": 2, "annotation_id": 7},
    ]
    report, documents = taken(write_json(tmp_path / "min.json", rows), tmp_path, "label-studio")
    assert told(report) == []
    assert words(documents["task-8"]) == {"actors": ["Rosa Lind"]}
    assert documents["task-8"].meta.extra == {"sentiment": "Positive"}
    assert sorted(documents) == ["task-8", "task-9"]
    assert {p.name for p in (tmp_path / "into" / "annotators").iterdir()} == {"user-1", "user-2"}


def test_older_exports_and_annotations_of_storages(tmp_path: Path) -> None:
    old = {"id": 1, "data": {"name": "old", "text": TEXT}, "completions": [{"result": [region("r1", "Haifa", "LOC")]}]}
    stored = {
        "id": 5,
        "completed_by": 2,
        "result": [region("r1", "Rosa Lind", "PER")],
        "task": {"id": 2, "data": {"body": TEXT}},
    }
    lines = [json.dumps(old), "", json.dumps(stored)]
    (tmp_path / "all.jsonl").write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    report, documents = taken(tmp_path / "all.jsonl", tmp_path, "label-studio")
    assert told(report) == []
    assert words(documents["old"]) == {"locations": ["Haifa"]}
    assert words(documents["task-2"]) == {"actors": ["Rosa Lind"]}


def test_pieces_of_a_span_are_regions_that_are_linked(tmp_path: Path) -> None:
    """Whoever moves one in Label Studio moves that piece; what leads to a piece leads to the span."""
    links = [("q1", "q2", "next-fragment"), ("q2", "a", "speaker")]
    results = [region("q1", "“We saw", "quotes"), region("q2", "ships,”", "quotes"), region("a", "Rosa Lind", "PER")]
    results += [{"type": "relation", "from_id": first, "to_id": to, "labels": [label]} for first, to, label in links]
    report, documents = taken(write_json(tmp_path / "x.json", [task(*results)]), tmp_path, "label-studio")
    assert told(report) == []
    [quote] = documents["task-3"].quotes
    assert (quote.text, len(quote.fragments), quote.speaker) == ("“We saw ships,”", 2, "a")


HTML = (
    "<h1>Fire &amp; <em>smoke</em></h1><p>😀 <b>Rosa</b> Lind<br>of Haifa</p>"
    "<script>x()</script><p>علي <!-- no -->spoke.</p>"
)


def html_region(key: str, start: str, first: int, end: str, last: int, words: str, label: str = "PER") -> Json:
    value = {
        "start": start,
        "startOffset": first,
        "end": end,
        "endOffset": last,
        "text": words,
        "hypertextlabels": [label],
    }
    return {
        "id": key,
        "from_name": "ner",
        "to_name": "html",
        "source": "$html",
        "type": "hypertextlabels",
        "value": value,
    }


def test_labels_on_html_stand_in_the_text_of_the_page(tmp_path: Path) -> None:
    results = [
        html_region("a", "/p[1]/b[1]/text()[1]", 0, "/p[1]/text()[2]", 5, "Rosa Lind"),
        html_region("b", "/html/body/p[1]/text()[3]", 3, "/html/body/p[1]/text()[3]", 8, "Haifa", "LOC"),
        html_region("c", "/p[2]/text()[2]", 0, "/p[2]/text()[2]", 5, "spoke"),
        html_region("d", "/nowhere[1]/text()[1]", 0, "/p[9]/text()[1]", 5, "x"),
    ]
    results[2]["value"] |= {"start": "", "end": "", "globalOffsets": {"start": 36, "end": 41}}
    raw = {"id": 1, "data": {"html": HTML}, "annotations": [{"result": results}]}
    report, documents = taken(write_json(tmp_path / "x.json", [raw]), tmp_path, "label-studio")
    assert [name for _, _, name in told(report)] == ["import-record-unreadable"]
    document = documents["task-1"]
    assert document.text == "Fire & smoke\n\n😀 Rosa Lind\n\nof Haifa\n\nعلي spoke."
    assert words(document) == {"actors": ["Rosa Lind", "spoke"], "locations": ["Haifa"]}


def test_a_broken_task_is_told_and_the_others_come_in(tmp_path: Path) -> None:
    good = [json.dumps({**task(region("r1", "Haifa", "LOC")), "id": n}, ensure_ascii=False) for n in (1, 2, 3)]
    lines = [
        "[",
        f"{good[0]},",
        '{"id": 9, "data": {"text": "cut", "annotations": [{"result": [{"id": }]},',
        f"{good[1]},",
        "[1],",
        good[2][:-40],
    ]
    (tmp_path / "x.json").write_text("\n".join(lines), encoding="utf-8")
    report, documents = taken(tmp_path / "x.json", tmp_path, "label-studio")
    assert sorted(documents) == ["task-1", "task-2"]
    assert told(report) == [("x.json", line, "import-record-unreadable") for line in (3, 5, 6)]


def test_results_that_say_nothing_are_told_one_by_one(tmp_path: Path) -> None:
    unlabelled = region("r1", "Haifa")
    image = {"id": "r2", "type": "rectanglelabels", "value": {"x": 1, "y": 2, "rectanglelabels": ["Car"]}}
    placeless = {"id": "r3", "type": "labels", "value": {"start": "0", "end": True, "labels": ["PER"]}}
    loose = {"type": "relation", "from_id": "r9", "to_id": "r8", "labels": ["knows"]}
    endless = {"type": "relation", "from_id": "r9"}
    half = region("r5", "👩‍👩‍👧", "PER")
    half["value"]["text"] = "\ud83d"
    results = [unlabelled, image, placeless, loose, endless, half, "odd", region("r7", "Haifa", "LOC")]
    report, documents = taken(write_json(tmp_path / "x.json", [task(*results)]), tmp_path, "label-studio")
    names = [name for _, _, name in told(report)]
    assert Counter(names) == {"import-record-unreadable": 5, "import-words-differ": 1, "import-link-broken": 2}
    assert words(documents["task-3"]) == {"locations": ["Haifa"]}


def test_an_export_sets_up_a_project(tmp_path: Path, new_corpus: Any, raw_document: Callable[..., Any]) -> None:
    """Every control that a task names is in the configuration, with every choice; people's works are in one task."""
    text = "Rosa Lind saw 40 ships."
    actor = {
        "id": "a1",
        "start": 0,
        "end": 9,
        "text": "Rosa Lind",
        "kind": "person",
        "role": 'captain "x" & <co>',
        "anonymous": False,
    }
    figure = {
        "id": "f1",
        "start": 14,
        "end": 16,
        "text": "40",
        "value": 40,
        "counted": {"start": 17, "end": 22, "text": "ships"},
    }
    root = new_corpus(tmp_path / "c", [raw_document("one", text, layers={"actors": [actor], "figures": [figure]})])
    mara = raw_document("one", text, layers={"actors": [{**actor, "kind": "group"}]})
    write_json(root / "annotators" / "mara" / "one.json", mara)
    report = export_annotations(root, tmp_path / "out", "label-studio")
    assert report.losses == ()
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="utf-8"))
    config = ET.parse(tmp_path / "out" / "labeling-config.xml").getroot()
    controls = {element.get("name"): element for element in config.iter() if element.get("name")}
    labels = {element.get("value") for element in config.iter("Label")}
    assert {"actors", "locations", "figures", "quotes", "counted"} <= labels
    assert {element.get("value") for element in config.iter("Relation")} == {"counted"}
    [first] = tasks
    assert first["data"]["text"] == text
    assert [work.get("annotator") for work in first["annotations"]] == [None, "mara"]
    for result in (r for work in first["annotations"] for r in work["result"] if r["type"] != "relation"):
        control = controls[result["from_name"]]
        assert result["to_name"] == "text"
        if result["type"] == "choices":
            assert result["value"]["choices"][0] in {c.get("value") for c in control.iter("Choice")}
    assert controls["figures-value"].tag == "Number"
    assert controls["actors-role"].tag == "TextArea"
    import_annotations(tmp_path / "out", new_corpus(tmp_path / "back"), "label-studio")
    [document] = iter_documents(open_corpus(tmp_path / "back"))
    assert [a.kind for a in document.actors] == ["person"]
    again = json.loads((tmp_path / "back" / "annotators" / "mara" / "one.json").read_text(encoding="utf-8"))
    assert [a["kind"] for a in again["layers"]["actors"]] == ["group"]


def test_suggestions_go_out_as_predictions(tmp_path: Path, new_corpus: Any, raw_document: Callable[..., Any]) -> None:
    made = {
        "id": "l1",
        "start": 0,
        "end": 5,
        "text": "Haifa",
        "kind": "city",
        "provenance": {"status": "suggested", "score": 0.5},
    }
    root = new_corpus(tmp_path / "c", [raw_document("one", "Haifa burns.", layers={"locations": [made]})])
    export_annotations(root, tmp_path / "out", "label-studio")
    [task] = json.loads((tmp_path / "out" / "tasks.json").read_text(encoding="utf-8"))
    assert "annotations" not in task
    assert [r["score"] for r in task["predictions"][0]["result"] if r["type"] == "labels"] == [0.5]
