"""Datasets in: our own as they were built, others by their columns."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, List, Value
from formats.round_trip import new_corpus
from msgspec import to_builtins
from msgspec.structs import replace

from corpus_tool.build.dataset import build_dataset
from corpus_tool.exchange import ImportReport, import_annotations
from corpus_tool.exchange_survey import inspect_annotations
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents

TEXT = "👩‍👩‍👧 “We saw 40 ships off Haifa,” said Rosa Lind.\n\nعلي قال שלום to the\u00a0mayor."


def mapping(path: Path, body: str) -> Path:
    path.write_text(f"schema: corpus-tool/mapping/1\n{body}", encoding="utf-8")
    return path


def taken(path: Path, folder: Path, body: str = "") -> tuple[ImportReport, dict[str, Document]]:
    """What comes in from a dataset, with a mapping."""
    own = mapping(folder / "mapping.yaml", body) if body else None
    report = import_annotations(path, new_corpus(folder / "into"), "hf", mapping=own)
    return report, {d.id: d for d in iter_documents(open_corpus(folder / "into"))}


def words(document: Document) -> dict[str, list[str]]:
    return {layer: [a.text for a in found] for layer, found in document.layers.items()}


def at(text: str, part: str) -> dict[str, Any]:
    start = text.index(part)
    return {"start": start, "end": start + len(part), "text": part}


def test_a_built_dataset_comes_back_as_it_was(
    tmp_path: Path, new_corpus: Any, raw_document: Callable[..., Any]
) -> None:
    """Every word, link and number; rejected annotations and what was corrected are not in a dataset."""
    human = {"provenance": {"annotator": "mara", "status": "accepted"}}
    layers = {
        "actors": [
            {
                "id": "a1",
                **at(TEXT, "Rosa Lind"),
                "kind": "person",
                "mention": "name",
                "entity": "e1",
                "role": "captain",
                **human,
            },
            {
                "id": "a2",
                **at(TEXT, "علي"),
                "kind": "person",
                "anonymous": False,
                "extra": {"sure": 0.5, "by": "x"},
                **human,
            },
        ],
        "locations": [{"id": "l1", **at(TEXT, "Haifa"), "kind": "city", "entity": "e2", **human}],
        "figures": [
            {
                "id": "f1",
                **at(TEXT, "40"),
                "value": 40,
                "unit": "count",
                "counted": at(TEXT, "ships"),
                "place": "l1",
                "quote": "q1",
                "provenance": {"annotator": "tool 1", "status": "suggested", "score": 0.25},
            },
        ],
        "quotes": [
            {
                "id": "q1",
                **at(TEXT, "“We saw 40 ships off Haifa,”"),
                "kind": "direct",
                "attitude": "speech",
                "speaker": "a1",
                "co_speakers": ["a2"],
                "cue": at(TEXT, "said"),
                **human,
            },
            {
                "id": "q2",
                "start": 0,
                "end": 20,
                "text": f"{TEXT[:5]} {TEXT[10:20]}",
                "kind": "mixed",
                "speaker_status": "implicit",
                "fragments": [{"start": 0, "end": 5}, {"start": 10, "end": 20}],
                **human,
            },
        ],
        "deeds": [{"id": "d1", **at(TEXT, "saw"), "doer": "a1", "strength": 3, "tags": ["a", "b"], **human}],
    }
    entities = [
        {
            "id": "e1",
            "kind": "person",
            "name": "Rosa Lind",
            "aliases": ["R. Lind"],
            "links": {"wikidata": "Q1", "viaf": "7"},
        },
        {
            "id": "e2",
            "kind": "city",
            "name": "Haifa",
            "lat": 32.75,
            "lon": 35.0,
            "link_score": 0.5,
            "extra": {"seen": 2},
        },
    ]
    relations = [{"id": "r1", "type": "relation-knows", "from": "a1", "to": "a2", "extra": {"sure": True}}]
    doer = {"type": "string", "x-refers-to": "actors"}
    tags = {"type": "array", "items": {"type": "string"}}
    own = {"deeds": {"type": "object", "properties": {"doer": doer, "strength": {"type": "integer"}, "tags": tags}}}
    meta = {
        "title": "Ships",
        "language": "en",
        "source": "The Test",
        "url": "https://example.org/ships",
        "published": "2024-05-02",
        "authors": ["Ann Lee", "علي"],
        "license": "CC0-1.0",
        "source_id": "Ships!",
        "extra": {"desk": 7, "online": True},
    }
    document = raw_document("ships", TEXT, layers=layers, entities=entities, relations=relations, meta=meta)
    root = new_corpus(tmp_path / "corpus", [document, raw_document("dull", "No news.\n")], own=own)
    built = build_dataset(root, tmp_path / "dist")
    assert built.rows["default"]

    into = new_corpus(tmp_path / "into", own=own)
    report = import_annotations(tmp_path / "dist", into, "hf")
    assert report.diagnostics == ()
    assert report.losses == ()
    before = {d.id: d for d in iter_documents(open_corpus(root))}
    after = {d.id: d for d in iter_documents(open_corpus(into))}
    assert before.keys() == after.keys()
    for name, old in before.items():
        new = after[name]
        # what an article does not say of itself, corpus.yaml says, as for any article that comes in
        filled = {"title": new.meta.title, "source": "The Test", "license": "CC0-1.0"}
        said = {key: getattr(old.meta, key) or value for key, value in filled.items()}
        assert replace(new.meta, article=None) == replace(old.meta, article=None, **said)
        assert (new.text, new.blocks, new.entities, new.relations) == (
            old.text,
            old.blocks,
            old.entities,
            old.relations,
        )
        for layer in ("actors", "locations", "figures", "quotes", "deeds"):
            known = {a.id: to_builtins(a) for a in old.layers.get(layer, ())}
            assert {a.id: to_builtins(a) for a in new.layers.get(layer, ())} == known, layer


def test_a_dataset_without_its_text_says_what_to_do(
    tmp_path: Path, new_corpus: Any, raw_document: Callable[..., Any]
) -> None:
    root = new_corpus(tmp_path / "corpus", [raw_document("dull", "No news.\n")], yaml="build:\n  text: withheld\n")
    build_dataset(root, tmp_path / "dist")
    report = import_annotations(tmp_path / "dist", new_corpus(tmp_path / "into"), "hf")
    assert ["rehydrate" in found.message for found in report.diagnostics] == [True]
    assert report.written == ()


def test_spans_whose_labels_are_numbers_come_in_by_name(tmp_path: Path) -> None:
    features = Features(
        {
            "doc_id": Value("string"),
            "body": Value("string"),
            "found": List(
                {
                    "begin": Value("int32"),
                    "stop": Value("int32"),
                    "class": ClassLabel(names=["PER", "GPE"]),
                    "sure": Value("float32"),
                }
            ),
            "desk": Value("string"),
        }
    )
    haifa, rosa = at(TEXT, "Haifa"), at(TEXT, "Rosa Lind")
    found = [
        {"begin": rosa["start"], "stop": rosa["end"], "class": "PER", "sure": 0.5},
        {"begin": haifa["start"], "stop": haifa["end"], "class": "GPE", "sure": 1.0},
    ]
    rows = [{"doc_id": "Ships!", "body": TEXT, "found": found, "desk": "sea"}]
    Dataset.from_list(rows, features=features).to_parquet(tmp_path / "data" / "train-00000-of-00001.parquet")
    report, documents = taken(tmp_path / "data", tmp_path, "dataset: {text: body}")
    assert report.diagnostics == ()
    [document] = documents.values()
    assert words(document) == {"actors": ["Rosa Lind"], "locations": ["Haifa"]}
    assert document.actors[0].extra == {"sure": 0.5}
    assert document.meta.source_id == "Ships!"
    assert document.meta.extra == {"desk": "sea", "split": "train"}
    assert document.text == TEXT


@pytest.mark.parametrize("unit", ["code points", "UTF-16"])
def test_the_words_of_spans_tell_the_unit(tmp_path: Path, unit: str) -> None:
    rosa = at(TEXT, "Rosa Lind")
    more = len(TEXT[: rosa["start"]].encode("utf-16-le")) // 2 - rosa["start"] if unit == "UTF-16" else 0
    span = {"start": rosa["start"] + more, "end": rosa["end"] + more, "label": "PER", "text": "Rosa Lind"}
    (tmp_path / "rows.jsonl").write_text(
        json.dumps({"id": "x", "text": TEXT, "spans": [span]}) + "\n", encoding="utf-8"
    )
    report, documents = taken(tmp_path / "rows.jsonl", tmp_path)
    assert report.diagnostics == ()
    assert words(documents["x"]) == {"actors": ["Rosa Lind"]}


def test_a_broken_line_is_told_and_the_rest_comes_in(tmp_path: Path) -> None:
    good = {"id": "good", "text": "Rosa Lind spoke.", "entities": [[0, 9, "PER"]]}
    odd = {
        "id": "odd",
        "text": "Rosa Lind spoke.",
        "entities": [[0, 9, "PER"], {"start": 3, "end": "x", "label": "PER"}],
    }
    lines = [
        json.dumps(good),
        '{"id": "cut", "text": "Rosa',
        "[1, 2]",
        json.dumps({"id": "none", "entities": []}),
        json.dumps(odd),
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report, documents = taken(tmp_path / "data", tmp_path)
    assert sorted(documents) == ["good", "odd"]
    assert {(Path(d.path).name, d.line) for d in report.diagnostics} == {("rows.jsonl", n) for n in (2, 3, 4, 5)}
    assert words(documents["odd"]) == {"actors": ["Rosa Lind"]}


def test_tags_of_sentences_make_up_documents(tmp_path: Path) -> None:
    names = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    features = Features(
        {
            "doc_id": Value("string"),
            "tokens": List(Value("string")),
            "pos_tags": List(ClassLabel(names=["N", "V"])),
            "ner_tags": List(ClassLabel(names=names)),
        }
    )
    rows = [
        {
            "doc_id": "one",
            "tokens": ["Rosa", "Lind", "saw", "Haifa"],
            "pos_tags": [0, 0, 1, 0],
            "ner_tags": [1, 2, 0, 3],
        },
        {"doc_id": "one", "tokens": ["علي", "👍🏽", "spoke"], "pos_tags": [0, 0, 1], "ner_tags": [1, 0, 0]},
        {"doc_id": "two", "tokens": ["Haifa", "Haifa"], "pos_tags": [0, 0], "ner_tags": [3, 3]},
    ]
    DatasetDict({"train": Dataset.from_list(rows, features=features)}).save_to_disk(tmp_path / "saved")
    report, documents = taken(tmp_path / "saved", tmp_path)
    assert report.diagnostics == ()
    assert documents["one"].text == "Rosa Lind saw Haifa\nعلي 👍🏽 spoke"
    assert words(documents["one"]) == {"actors": ["Rosa Lind", "علي"], "locations": ["Haifa"]}
    assert words(documents["two"]) == {"actors": [], "locations": ["Haifa", "Haifa"]}


def test_our_own_tags_name_their_layer(tmp_path: Path) -> None:
    """B and I without a label have that of their column; a tag too few is told with its row."""
    rows = [
        {"id": "one", "tokens": ["Rosa", "Lind"], "actors": ["B", "I"], "locations": ["O", "O"]},
        {"id": "two", "tokens": ["Rosa", "Lind"], "actors": ["B"], "locations": ["O", "Ö"]},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    report, documents = taken(
        tmp_path / "rows.jsonl",
        tmp_path,
        "dataset: {tags: 'actors, locations'}\nspans:\n  actors: {layer: actors, attributes: {kind: person}}\n",
    )
    assert [(d.line, d.message.split(":")[0]) for d in report.diagnostics] == [(2, "row 2"), (2, "row 2")]
    assert [a.text for a in documents["one"].actors] == ["Rosa Lind"]


@pytest.mark.parametrize(
    ("rows", "body", "told"),
    [
        ([{"id": "x", "title": "No text"}], "", "nothing tells which of the columns id, title"),
        ([{"id": "x", "text": "t", "spans": []}], "dataset: {text: body}", "has no column 'body' (id, text, spans)"),
    ],
)
def test_columns_that_tell_nothing_are_asked_for(tmp_path: Path, rows: Any, body: str, told: str) -> None:
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with pytest.raises(CorpusToolError) as error:
        taken(tmp_path / "rows.jsonl", tmp_path, body)
    assert told in str(error.value)


def test_inspect_reads_the_columns_of_the_mapping(tmp_path: Path) -> None:
    row = {"id": "x", "body": "Rosa Lind spoke.", "marks": [{"start": 0, "end": 9, "label": "Sprecherin"}]}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row), encoding="utf-8")
    own = mapping(tmp_path / "mapping.yaml", "dataset: {text: body, spans: marks}\n")
    assert '"Rosa Lind"' in inspect_annotations(tmp_path / "rows.jsonl", "hf", mapping=own)


def test_the_network_is_asked_for_a_name_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that is not there is no name; a name is told when the Hub cannot be reached."""

    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(CorpusToolError, match="no such file or folder, and no name of the Hub"):
        taken(tmp_path / "not" / "here", tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CorpusToolError, match=r"acme/no-such-set: cannot be opened as a dataset \(.+\)$"):
        import_annotations(Path("acme/no-such-set"), new_corpus(tmp_path / "b"), "hf")


def test_several_configs_are_named(tmp_path: Path) -> None:
    for config in ("a", "b"):
        (tmp_path / "data" / config).mkdir(parents=True)
        rows = [{"id": config, "text": "Rosa Lind spoke.", "spans": [{"start": 0, "end": 9, "label": "PER"}]}]
        Dataset.from_list(rows).to_parquet(tmp_path / "data" / config / "train.parquet")
    card = "---\nconfigs:\n- config_name: a\n  data_dir: a\n- config_name: b\n  data_dir: b\n---\n"
    (tmp_path / "data" / "README.md").write_text(card, encoding="utf-8")
    with pytest.raises(CorpusToolError, match="the configs a, b; name one in the mapping"):
        taken(tmp_path / "data", tmp_path)
    (tmp_path / "more").mkdir()
    _, documents = taken(tmp_path / "data", tmp_path / "more", "dataset: {config: b}")
    assert list(documents) == ["b"]
