"""doccano JSON lines, in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from formats.round_trip import assert_round_trips, new_corpus

from corpus_tool.exchange import ImportReport, import_annotations
from corpus_tool.exchange_export import export_annotations
from corpus_tool.formats.offsets import CODE_POINTS, GRAPHEMES, UTF16, scale_of
from corpus_tool.model import Document
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents

#: A family of five code points, eight UTF-16 units and one character stands in front.
TEXT = "👩‍👩‍👧 Ida Holm left Zu\u0308rich.\r\n“We paid $3.2bn,” said علي 😀 of Haifa.\r\n"


def put(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def triple(words: str, label: str, unit: str = CODE_POINTS, text: str = TEXT) -> list[Any]:
    scale = scale_of(text, unit)
    start = text.index(words)
    return [scale[start], scale[start + len(words)], label]


def take(tmp_path: Path, path: Path, **options: Any) -> tuple[ImportReport, dict[str, Document]]:
    corpus = tmp_path / "corpus"
    if not corpus.exists():
        new_corpus(corpus)
    report = import_annotations(path, corpus, "doccano", **options)
    return report, {d.id: d for d in iter_documents(open_corpus(corpus))}


def test_round_trip() -> None:
    assert_round_trips("doccano")


@pytest.mark.parametrize("unit", [CODE_POINTS, UTF16, GRAPHEMES])
@pytest.mark.parametrize("key", ["label", "labels"])
def test_the_unit_of_the_offsets_is_told_by_the_spans(tmp_path: Path, unit: str, key: str) -> None:
    marked = [("Ida Holm", "PER"), ("Zu\u0308rich", "LOC"), ("$3.2bn", "MONEY"), ("علي", "PER"), ("Haifa", "GPE")]
    row = {"id": 7, "text": TEXT, key: [triple(words, label, unit) for words, label in marked], "Comments": ["nice"]}
    report, made = take(tmp_path, put(tmp_path / "in.jsonl", row))
    assert report.diagnostics == ()
    document = made["7"]
    assert "\r" not in document.text
    found = [a.text for layer in document.layers.values() for a in layer]
    assert sorted(found) == sorted(words for words, _ in marked)
    [figure] = document.figures
    assert (figure.value, figure.unit, figure.measure) == (3_200_000_000, "USD", "money")
    assert document.meta.extra == {"Comments": "nice"}


def test_offsets_that_fit_two_units_are_told(tmp_path: Path) -> None:
    text = "😀 a b c d e"
    report, made = take(tmp_path, put(tmp_path / "in.jsonl", {"id": 1, "text": text, "label": [[5, 6, "PER"]]}))
    assert [d.code for d in report.diagnostics] == []
    assert made["1"].actors[0].text == "b"  # in UTF-16 units; as code points it would be a space
    text = "😀 --------"
    report, _ = take(tmp_path, put(tmp_path / "two.jsonl", {"id": 2, "text": text, "label": [[5, 7, "PER"]]}))
    assert [(d.code, d.severity) for d in report.diagnostics] == [("COR078", "warning")]


def test_entities_with_relations(tmp_path: Path) -> None:
    def entity(key: int, words: str, label: str) -> dict[str, Any]:
        start, end, _ = triple(words, label, UTF16)
        return {"id": key, "label": label, "start_offset": start, "end_offset": end}

    row = {
        "id": 1,
        "text": TEXT,
        "entities": [entity(41, "“We paid $3.2bn,”", "Quote"), entity(42, "علي", "PER"), entity(43, "said", "Cue")],
        "relations": [
            {"id": 1, "from_id": 41, "to_id": 42, "type": "speaker"},
            {"id": 2, "from_id": 41, "to_id": 43, "type": "cue"},
            {"id": 3, "from_id": 42, "to_id": 41, "type": "proud of"},
        ],
    }
    report, made = take(tmp_path, put(tmp_path / "in.jsonl", row))
    assert report.diagnostics == ()
    document = made["1"]
    [quote], [actor], [relation] = document.quotes, document.actors, document.relations
    assert (quote.speaker, quote.cue and quote.cue.text, quote.kind) == (actor.id, "said", "direct")
    assert (relation.type, relation.source, relation.target) == ("proud of", actor.id, quote.id)


def test_what_cannot_be_read_is_told_with_its_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = put(
        tmp_path / "in.jsonl",
        {"id": "a", "text": "Ida left.", "label": [[0, 3, "PER"], [0, 99, "PER"], ["x", 1, "PER"], [1]]},
        ["no", "object"],
        {"id": "b"},
        {"id": "c", "text": "Ida left.", "entities": [], "relations": [{"from_id": 1}]},
        {"id": "d", "text": " \n"},
        {"id": "e", "text": "Rami stayed.", "label": [[0, 4, "PER"]]},
    )
    with path.open("a") as file:
        file.write('{"id": "f", "text": "cut of\n')
    report, made = take(tmp_path, path)
    assert sorted(made) == ["a", "c", "e"]
    assert [a.text for a in made["a"].actors] == ["Ida"]
    assert {(d.line, d.name) for d in report.diagnostics} == {
        (1, "import-record-unreadable"),
        (1, "import-span-outside"),
        (2, "import-record-unreadable"),
        (3, "import-record-unreadable"),
        (4, "import-record-unreadable"),
        (5, "import-file-unreadable"),
        (7, "import-record-unreadable"),
    }


def test_files_of_several_annotators_stand_side_by_side(tmp_path: Path) -> None:
    text = "Ida Holm met Rami Saad."
    put(tmp_path / "in" / "anna.jsonl", {"id": 1, "text": text, "label": [[0, 8, "PER"]]})
    put(tmp_path / "in" / "Ben Äh.jsonl", {"id": 1, "text": text, "label": [[13, 22, "PER"]]}, {"id": 2, "text": "X."})
    mapping = tmp_path / "m.yaml"
    mapping.write_text("schema: corpus-tool/mapping/1\nmain: anna\n")
    report, made = take(tmp_path, tmp_path / "in", mapping=mapping)
    assert [a.text for a in made["1"].actors] == ["Ida Holm"]
    assert sorted(report.written) == ["1", "2", "annotators/anna/1", "annotators/ben-ah/1"]
    folder = tmp_path / "corpus" / "annotators"
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.json")) == ["anna/1.json", "ben-ah/1.json"]
    ben = json.loads((folder / "ben-ah" / "1.json").read_text(encoding="utf-8"))["layers"]["actors"]
    assert [(a["text"], a["provenance"]["annotator"]) for a in ben] == [("Rami Saad", "Ben Äh")]


def test_numbers_that_two_files_share_without_a_text_are_two_documents(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.jsonl", {"id": 1, "text": "One text."})
    put(tmp_path / "in" / "b.jsonl", {"id": 1, "text": "Another one."})
    _, made = take(tmp_path, tmp_path / "in")
    assert {d.meta.source_id: d.text for d in made.values()} == {"a/1": "One text.", "b/1": "Another one."}


def test_what_is_written_opens_in_doccano_where_it_was(tmp_path: Path) -> None:
    """doccano's pages count UTF-16 units."""
    row = {
        "id": "Fire 1",
        "text": TEXT,
        "label": [triple("علي", "PER"), triple("Haifa", "CITY")],
        "published": "2024-05-01",
    }
    take(tmp_path, put(tmp_path / "in.jsonl", row))
    export_annotations(tmp_path / "corpus", tmp_path / "out", "doccano")
    [written] = map(json.loads, (tmp_path / "out" / "all.jsonl").read_text(encoding="utf-8").splitlines())
    units = written["text"].encode("utf-16-le")
    shown = [units[2 * e["start_offset"] : 2 * e["end_offset"]].decode("utf-16-le") for e in written["entities"]]
    assert shown == ["علي", "Haifa"]
    assert [e["label"] for e in written["entities"]] == ["actors.person", "locations.city"]
    assert (written["document_id"], written["published"], written["source_id"]) == ("fire-1", "2024-05-01", "Fire 1")


def test_what_json_can_say_and_no_document_can_hold(tmp_path: Path) -> None:
    """Halves of characters, infinite numbers, numbers as labels, nesting without end."""
    row = r'{"id": "x\ud83d", "text": "Ida left.", "label": [[0, 3, "PER"]], "mood": NaN, "by": "a\ud83d", "n": 1e999}'
    path = tmp_path / "in.jsonl"
    path.write_text(row + "\n" + r'{"id": 2, "text": "cut \ud83d"}' + "\n" + "[" * 100_000 + "\n", encoding="utf-8")
    report, made = take(tmp_path, path)
    [document] = made.values()
    assert document.meta.source_id == "x\ufffd"
    assert document.meta.extra == {"mood": "nan", "by": "a\ufffd", "n": "inf"}
    assert [a.text for a in document.actors] == ["Ida"]
    assert {(d.line, d.name) for d in report.diagnostics} == {
        (2, "import-file-unreadable"),
        (3, "import-record-unreadable"),
    }
