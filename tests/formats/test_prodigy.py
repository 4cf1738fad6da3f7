"""Prodigy JSON lines, in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from formats.incoming import at, taken, told, utf16, words
from formats.round_trip import assert_round_trips, there_and_back

from corpus_tool.model import sha256_of
from corpus_tool.read.blocks import find_blocks

TEXT = "🔥 “We pay $3.2bn,” said Ida Holm of Zu\u0308rich. علي left Tarn."


def span(part: str, label: str | None, **more: Any) -> dict[str, Any]:
    start, end = at(TEXT, part)
    return {"start": start, "end": end, **({"label": label} if label else {}), **more}


def put(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def statuses(annotations: Any) -> dict[str, str]:
    return {a.text: a.provenance.status for a in annotations}


def test_round_trip() -> None:
    assert_round_trips("prodigy")


def test_a_manual_task_with_what_prodigy_adds_to_it(tmp_path: Path) -> None:
    row = {
        "text": TEXT,
        "meta": {"source": "Tarn Herald", "id": "fire 7"},
        "spans": [
            span("Ida Holm", "PERSON", source="en_core_web_sm", input_hash=12, score=0.5),
            span("$3.2bn", "MONEY"),
        ],
        "_input_hash": -1,
        "_task_hash": 2,
        "_session_id": "harbour-ben",
        "_annotator_id": "ben",
        "_view_id": "ner_manual",
        "answer": "accept",
    }
    report, made = taken(put(tmp_path / "in.jsonl", row), tmp_path, "prodigy")
    assert told(report) == []
    document = made["fire-7"]
    assert words(document) == {"actors": ["Ida Holm"], "figures": ["$3.2bn"]}
    [ida] = document.actors
    assert ida.extra == {"source": "en_core_web_sm"}
    assert ida.provenance is not None
    assert (ida.provenance.annotator, ida.provenance.status, ida.provenance.score) == ("ben", "accepted", 0.5)
    assert (document.meta.source, document.meta.source_id) == ("Tarn Herald", "fire 7")


@pytest.mark.parametrize(
    ("answer", "status"), [("accept", "accepted"), ("reject", "rejected"), ("ignore", "suggested")]
)
def test_answers_are_statuses(tmp_path: Path, answer: str, status: str) -> None:
    row = {"text": TEXT, "spans": [span("Ida Holm", "PERSON", attributes={"status": "suggested"})], "answer": answer}
    _, made = taken(put(tmp_path / "in.jsonl", row), tmp_path, "prodigy")
    assert statuses(made["in-1"].actors) == {"Ida Holm": status}


def test_binary_answers_to_one_span_each_are_one_document(tmp_path: Path) -> None:
    rows = [
        {"text": TEXT, "spans": [span("Ida Holm", "PERSON")], "answer": "accept"},
        {"text": TEXT, "spans": [span("Tarn", "PERSON")], "answer": "reject"},
        {"text": TEXT, "spans": [span("علي", None)], "label": "PERSON", "answer": "reject"},
        {"text": TEXT, "spans": [span("علي", None)], "label": "PERSON", "answer": "accept"},
        {"text": "Another text.", "answer": "accept"},
    ]
    _, made = taken(put(tmp_path / "in.jsonl", *rows), tmp_path, "prodigy")
    assert list(made) == ["in-1", "in-5"]
    assert statuses(made["in-1"].actors) == {"Ida Holm": "accepted", "علي": "accepted", "Tarn": "rejected"}


def test_each_annotator_has_a_folder(tmp_path: Path) -> None:
    rows = [
        {"text": TEXT, "spans": [span("Ida Holm", "PERSON")], "_annotator_id": "ben"},
        {"text": TEXT, "spans": [span("Tarn", "GPE")], "_annotator_id": "Anna 2"},
    ]
    report, made = taken(put(tmp_path / "in.jsonl", *rows), tmp_path, "prodigy")
    assert words(made["in-1"]) == {"actors": ["Ida Holm"]}
    assert sorted(report.written) == ["annotators/anna-2/in-1", "annotators/ben/in-1", "in-1"]


def test_relations_find_their_spans(tmp_path: Path) -> None:
    ida, left = span("Ida Holm", "PERSON", token_start=8, token_end=9), span("left", None)
    quote_span, cue, town = span("“We pay $3.2bn,”", "Quote"), span("said", "Cue"), span("Tarn", "GPE")
    rows = {
        "text": TEXT,
        "spans": [ida, town, cue, quote_span],
        "relations": [
            {"label": "SaidBy", "head": 7, "child": 9, "head_span": quote_span, "child_span": ida},
            {"label": "cue", "head": 7, "child": 7, "head_span": quote_span, "child_span": cue},
            {"label": "lives in", "head": 9, "child": 14, "head_span": ida, "child_span": town},
            {"label": "SUBJ", "head": 13, "child": 9, "head_span": left, "child_span": ida},
        ],
    }
    mapping = "relations:\n  SaidBy: {attributes: {speaker: to}}\n"
    report, made = taken(put(tmp_path / "in.jsonl", rows), tmp_path, "prodigy", mapping)
    assert told(report) == [("in.jsonl", 1, "import-link-broken")]
    assert "token 13" in report.diagnostics[0].message
    document = made["in-1"]
    [quote], [actor], [place], [relation] = document.quotes, document.actors, document.locations, document.relations
    assert quote.cue is not None
    assert (quote.speaker, quote.cue.text) == (actor.id, "said")
    assert (relation.type, relation.source, relation.target) == ("lives in", actor.id, place.id)


def test_the_tokens_tell_what_the_offsets_count(tmp_path: Path) -> None:
    tokens = [dict(zip(("start", "end"), utf16(TEXT, at(TEXT, w)), strict=True), text=w) for w in TEXT.split()]
    start, end = utf16(TEXT, at(TEXT, "Ida Holm"))
    row = {"text": TEXT, "tokens": tokens, "spans": [{"start": start, "end": end, "label": "PERSON"}]}
    report, made = taken(put(tmp_path / "in.jsonl", row), tmp_path, "prodigy")
    assert (told(report), words(made["in-1"])) == ([], {"actors": ["Ida Holm"]})


def test_the_pieces_of_a_span_stand_until_somebody_moves_it(tmp_path: Path) -> None:
    pieces = [list(at(TEXT, "“We pay")), list(at(TEXT, "said Ida"))]
    hull = {"start": pieces[0][0], "end": pieces[1][1], "label": "quotes.mixed", "fragments": pieces}
    rows = [
        {"text": TEXT, "spans": [hull]},
        {"text": f"{TEXT} 2", "spans": [{**hull, "end": pieces[1][1] + 5}]},
        {"text": f"{TEXT} 3", "spans": [{**hull, "fragments": [[1, "x"], 7]}]},
    ]
    report, made = taken(put(tmp_path / "in.jsonl", *rows), tmp_path, "prodigy")
    assert told(report) == []
    assert [words(d)["quotes"] for d in made.values()] == [
        ["“We pay said Ida"],
        ["“We pay $3.2bn,” said Ida Holm"],
        ["“We pay $3.2bn,” said Ida"],
    ]


def test_spans_may_say_tokens_alone(tmp_path: Path) -> None:
    tokens = [{"id": n, "text": w, **span(w, None)} for n, w in enumerate(["Ida", "Holm", "of"])]
    row = {"text": TEXT, "tokens": tokens, "spans": [{"token_start": 0, "token_end": 1, "label": "PER"}]}
    _, made = taken(put(tmp_path / "in.jsonl", row), tmp_path, "prodigy")
    assert words(made["in-1"]) == {"actors": ["Ida Holm"]}


def test_what_is_broken_is_told_with_its_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    rows = [
        '{"text": "cut off',
        {"image": "a.png", "spans": []},
        {
            "text": TEXT,
            "spans": [span("Tarn", "GPE"), {"start": 1}, span("left", None), {"start": 50, "end": 500, "label": "PER"}],
            "relations": ["x"],
            "corpus_tool": {"entities": 7},
        },
        {"text": TEXT + " More.", "spans": [span("Ida Holm", "PERSON")]},
    ]
    report, made = taken(put(tmp_path / "in.jsonl", *rows), tmp_path, "prodigy")
    assert sorted(told(report)) == [
        ("in.jsonl", 1, "import-record-unreadable"),
        ("in.jsonl", 2, "import-record-unreadable"),
        *[("in.jsonl", 3, "import-record-unreadable")] * 4,
        ("in.jsonl", 3, "import-span-outside"),
    ]
    assert [words(d) for d in made.values()] == [{"locations": ["Tarn"]}, {"actors": ["Ida Holm"]}]


def test_exported_tasks_are_what_prodigy_shows(tmp_path: Path) -> None:
    text = f"\n{TEXT}  End\n"
    marked = {"actors": ["Ida Holm", "olm"], "quotes": ["“We pay $3.2bn,”"]}
    raw = {
        "schema": "corpus-tool/document/1",
        "id": "fire",
        "meta": {"title": "Fire", "url": "https://example.org/fire"},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [{"start": b.start, "end": b.end, "kind": b.kind} for b in find_blocks(text)],
        "layers": {
            layer: [
                {"id": f"{layer[0]}{n}", "start": at(text, w)[0], "end": at(text, w)[1], "text": w}
                | ({"kind": "person"} if layer == "actors" else {"kind": "direct", "speaker": "a0"})
                for n, w in enumerate(found)
            ]
            for layer, found in marked.items()
        },
    }
    document, back, losses = there_and_back(raw, "prodigy", tmp_path)
    assert (losses, back.text, back.actors[0].id) == ((), document.text, "a0")
    [line] = (tmp_path / "out" / "tasks.jsonl").read_text(encoding="utf-8").splitlines()
    task = json.loads(line)
    assert "answer" not in task
    assert task["meta"] == {"id": "fire", "title": "Fire", "url": "https://example.org/fire"}
    tokens = task["tokens"]
    assert "".join(t["text"] + " " * t["ws"] for t in tokens) == text
    assert all(text[t["start"] : t["end"]] == t["text"] and t["id"] == n for n, t in enumerate(tokens))
    for own in task["spans"]:
        assert tokens[own["token_start"]]["start"] == own["start"]
        assert tokens[own["token_end"]]["end"] == own["end"]
    assert [own["label"] for own in task["spans"]] == ["actors.person", "actors.person", "quotes.direct"]
    [relation] = task["relations"]
    assert (relation["label"], relation["child"]) == ("speaker", task["spans"][0]["token_end"])
    assert relation["head_span"]["label"] == "quotes.direct"
