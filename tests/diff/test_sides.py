"""Corpora as files and as shards, built datasets with and without text, other tools' folders: what can be compared."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diff.versions import TEXT, Json, actor, mark, told
from own_layer import STANCE

from corpus_tool import build_dataset, diff_paths
from corpus_tool.build.rehydrate import rehydrate_dataset
from corpus_tool.model import CorpusToolError

EXAMPLE = Path(__file__).parents[2] / "corpus"
Make = Callable[..., Json]
New = Callable[..., Path]


def span(words: str) -> Json:
    return {key: value for key, value in mark("", words).items() if key != "id"}


def full(number: int) -> dict[str, list[Json]]:
    """Layers with every kind of value; ``number`` makes documents differ."""
    hull = {"start": TEXT.index("Rosa"), "end": TEXT.rindex("Lind") + 4, "text": "Rosa Lind"}
    pieces = [{"start": TEXT.index("Rosa"), "end": TEXT.index("Rosa") + 4}]
    pieces.append({"start": TEXT.rindex("Lind"), "end": TEXT.rindex("Lind") + 4})
    return {
        "actors": [
            actor("a1", "Nour e\u0301l-Di\u0301n", entity="e1", provenance={"status": "accepted", "annotator": "ana"}),
            actor("a2", "李娜", anonymous=False, extra={"start": 1, "end": 2, "text": "“x”", "n": 1.0}),
            actor("a3", "Haifa", nth=1, kind="state", provenance={"status": "rejected"}),
            {"id": "a4", "kind": "group", **hull, "fragments": pieces, "provenance": {"status": "suggested"}},
        ],
        "locations": [mark("l1", "Haifa", kind="city")],
        "figures": [mark("f1", "30", value=2**60 + number, unit="count", counted=span("crates"), quote="q1")],
        "quotes": [
            {**mark("q1", "“We counted 30\u00a0crates,”", kind="direct", speaker="a1"), "co_speakers": ["a2", "a3"]},
            {**mark("q2", "left", kind="indirect", speaker="a3"), "cue": span("wrote")},
        ],
        "stance": [
            {
                **mark(
                    "s1", "slept", kind="against", about="a3", all=["a1", "a3"], strength=number, count=7, sure=True
                ),
                "either": 0.5,
                "trigger": span("came"),
                "triggers": [span("at"), span("once")],
                "tree": {"é": [1], "start": 0, "end": 1},
            },
            mark("s2", "woke", either="“text”"),
        ],
    }


@pytest.fixture
def corpus(tmp_path: Path, new_corpus: New, raw_document: Make) -> Path:
    """Twelve documents with every kind of value and one of nothing but words."""
    entities = [{"id": "e1", "kind": "person", "name": "Nour", "lat": 35, "lon": 32.5, "links": {"wikidata": "Q1"}}]
    relations = [
        {"id": "r1", "type": "x", "from": "a1", "to": "a3"},
        {"id": "r2", "type": "x", "from": "a1", "to": "e1"},
    ]
    made = [raw_document(f"d{n:02}", TEXT, layers=full(n), entities=entities, relations=relations) for n in range(12)]
    made[0]["meta"] |= {"title": "№ “é”", "authors": ["Ana", "بن"], "extra": {"start": 0, "text": "x", "n": 2.0}}
    made.append(raw_document("plain", "Only words.\n\n🙂\u00a0“…”", meta={}))
    yaml = "ignore: [{code: SPL, reason: one text}, {code: QUO, reason: short}, {code: ENT, reason: no}]\n"
    return new_corpus(tmp_path / "corpus", made, yaml=yaml, own={"stance": STANCE})


def built(root: Path, out: Path) -> Path:
    report = build_dataset(root, out)
    assert not report.refused, report.diagnostics
    return out


def rewrite(root: Path, name: str, change: Callable[[Json], None]) -> None:
    path = root / "documents" / f"{name}.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")


def copied(root: Path, to: Path) -> Path:
    shutil.copytree(root, to)
    return to


def test_nothing_differs_from_itself_and_from_its_own_build(corpus: Path, tmp_path: Path) -> None:
    dataset = built(corpus, tmp_path / "d")
    for old, new in ((corpus, corpus), (corpus, dataset), (dataset, corpus), (dataset, dataset)):
        difference = diff_paths(old, new)
        assert difference.is_empty, difference
        assert difference.new.documents == 13
    assert [words.partition(":")[0] for words in diff_paths(corpus, dataset).not_compared] == [
        "rejected annotations, and links to them",
        "what was suggested before a person corrected it",
        "the files that the texts came from (meta.article)",
    ]


def test_the_example_corpus_is_its_build(tmp_path: Path) -> None:
    dataset = built(copied(EXAMPLE, tmp_path / "c"), tmp_path / "d")
    assert diff_paths(tmp_path / "c", dataset).is_empty


def test_a_build_without_the_text_differs_in_that_alone(corpus: Path, tmp_path: Path) -> None:
    dataset = built(corpus, tmp_path / "d")
    bare = copied(corpus, tmp_path / "bare")
    with (bare / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("build: {text: withheld}\n")
    withheld = built(bare, tmp_path / "w")
    difference = diff_paths(dataset, withheld)
    assert told(difference) == set()
    assert (difference.old.is_withheld, difference.new.is_withheld, difference.is_empty) == (False, True, False)
    assert diff_paths(bare, withheld).is_empty
    rehydrate_dataset(withheld, [corpus], tmp_path / "again")
    assert diff_paths(dataset, tmp_path / "again").is_empty


def test_changes_are_found_in_a_build_without_text(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("build: {text: withheld}\n")
    dataset = built(corpus, tmp_path / "w")

    def change(raw: Json) -> None:
        raw["layers"]["actors"][0]["kind"] = "group"
        raw["layers"]["quotes"][1]["cue"] = span("said")

    rewrite(corpus, "d03", change)
    assert told(diff_paths(dataset, corpus)) == {
        ("d03", "actors", "a1", "relabelled", "kind"),
        ("d03", "quotes", "q2", "relabelled", "cue"),
    }


def test_what_is_only_in_the_corpus_is_no_difference_to_its_build(corpus: Path, tmp_path: Path) -> None:
    dataset = built(corpus, tmp_path / "d")

    def change(raw: Json) -> None:
        raw["layers"]["actors"].append(actor("a9", "port", provenance={"status": "rejected"}))

    rewrite(corpus, "d03", change)
    assert diff_paths(dataset, corpus).is_empty


def test_a_rejected_annotation_is_one_that_the_dataset_loses(corpus: Path, tmp_path: Path) -> None:
    dataset = built(corpus, tmp_path / "d")

    def change(raw: Json) -> None:
        raw["layers"]["actors"][1]["provenance"] = {"status": "rejected"}

    rewrite(corpus, "d03", change)
    assert told(diff_paths(dataset, corpus)) == {
        ("d03", "actors", "a2", "removed"),
        ("d03", "quotes", "q1", "relabelled", "co_speakers"),
    }


def test_every_value_of_a_layer_of_ones_own_is_compared(corpus: Path, tmp_path: Path) -> None:
    dataset = built(corpus, tmp_path / "d")
    new = {
        "about": "a1", "all": ["a1"], "strength": 77.5, "count": 8, "sure": False, "either": "0.5",
        "trigger": span("slept"), "triggers": [span("at")], "tree": {"é": [2]},
    }  # fmt: skip
    rewrite(corpus, "d03", lambda raw: raw["layers"]["stance"][0].update(new))
    found = set(new) - {"all"}  # a3 is rejected: the dataset never held that it is meant
    assert told(diff_paths(dataset, corpus)) == {("d03", "stance", "s1", "relabelled", *sorted(found - {"either"}))}


@pytest.mark.parametrize("packed", [False, True])
def test_shards_and_files_in_any_order_are_the_same_documents(packed: bool, corpus: Path, tmp_path: Path) -> None:
    shards = copied(corpus, tmp_path / "shards")
    lines = []
    for path in sorted((shards / "documents").iterdir(), reverse=True):
        lines.append(json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False))
        path.unlink()
    data = ("\n".join(lines) + "\n").encode()
    name = "all.jsonl.gz" if packed else "all.jsonl"
    (shards / "documents" / name).write_bytes(gzip.compress(data) if packed else data)
    assert diff_paths(corpus, shards).is_empty
    rewrite(corpus, "d03", lambda raw: raw["meta"].update(title="New"))
    assert told(diff_paths(corpus, shards)) == {("d03", "document", "", "changed", "title")}


def test_configs_columns_and_types_are_compared(corpus: Path, tmp_path: Path) -> None:
    dataset = built(corpus, tmp_path / "d")
    schema = json.loads(json.dumps(STANCE))
    del schema["properties"]["sure"]
    schema["properties"]["count"] = {"type": "string"}
    schema["properties"]["mood"] = {"type": "string"}
    (corpus / "schema/layers/stance.schema.json").write_text(json.dumps(schema), encoding="utf-8")

    def change(raw: Json) -> None:
        for one in raw["layers"].get("stance", ()):
            one.pop("sure", None)
            if "count" in one:
                one["count"] = "7"

    for path in (corpus / "documents").iterdir():
        rewrite(corpus, path.stem, change)
    with (corpus / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("build: {configs: [default, figures]}\n")
    found = {(column.what, column.config, column.column) for column in diff_paths(dataset, corpus).columns}
    assert found == {
        ("config removed", "tokens", ""),
        ("config removed", "quotes", ""),
        ("column removed", "default", "stance.sure"),
        ("column added", "default", "stance.mood"),
        ("type changed", "default", "stance.count"),
    }


def test_what_corpus_yaml_says_for_the_card_is_compared(corpus: Path, tmp_path: Path) -> None:
    new = copied(corpus, tmp_path / "new")
    yaml = (new / "corpus.yaml").read_text(encoding="utf-8")
    yaml = yaml.replace("version: 1.0.0", "version: 1.0.1").replace("source: The Test", "source: The “Test”")
    (new / "corpus.yaml").write_text(f"{yaml}limits: Few.\n", encoding="utf-8")
    difference = diff_paths(corpus, new)
    assert {(change.field, change.old, change.new) for change in difference.settings} == {
        ("source", "The Test", "The “Test”"),
        ("limits", None, "Few."),
    }
    assert (difference.old.version, difference.new.version) == ("1.0.0", "1.0.1")


def test_an_address_is_fetched(corpus: Path, tmp_path: Path) -> None:
    asked = []

    def fetch(address: str) -> Path:
        asked.append(address)
        return corpus

    difference = diff_paths("hf://datasets/a/b@v1.0.0", corpus, fetch=fetch)
    assert difference.is_empty
    assert asked == ["hf://datasets/a/b@v1.0.0"]
    assert difference.old.name == asked[0]
    with pytest.raises(CorpusToolError, match="is an address"):
        diff_paths("hf://datasets/a/b", corpus)


def test_what_cannot_be_compared_is_told_in_a_line(corpus: Path, tmp_path: Path) -> None:
    dataset = built(corpus, tmp_path / "d")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for path, words in (("nowhere", "no such folder"), ("file", "not a folder"), ("empty", "neither a corpus")):
        with pytest.raises(CorpusToolError, match=words):
            diff_paths(tmp_path / path, corpus)
    whole = next((dataset / "default").glob("*.parquet"))
    whole.write_bytes(whole.read_bytes()[:-100])
    with pytest.raises(CorpusToolError, match="cannot be read"):
        diff_paths(dataset, corpus)
    shutil.rmtree(dataset / "default")
    with pytest.raises(CorpusToolError, match="no config default"):
        diff_paths(corpus, dataset)


def test_one_id_twice_is_refused(corpus: Path) -> None:
    raw = json.loads((corpus / "documents/d03.json").read_text(encoding="utf-8"))
    (corpus / "documents/z.jsonl").write_text(json.dumps(raw) + "\n", encoding="utf-8")
    with pytest.raises(CorpusToolError, match="two documents with the id d03"):
        diff_paths(corpus, corpus)


def test_memory_holds_no_more_than_a_document_and_an_index(tmp_path: Path, new_corpus: New, raw_document: Make) -> None:
    """2,000 documents of 4 kB, every tenth of them changed: 8 MB of text, of which little is ever held."""
    roots = []
    text = TEXT + "Words and words. " * 240
    for name in ("old", "new"):
        root = new_corpus(tmp_path / name)
        with (root / "documents" / "all.jsonl").open("w", encoding="utf-8") as file:
            for n in range(2_000):
                own = actor("a1", "李娜", kind="group" if name == "new" and not n % 10 else "person")
                file.write(json.dumps(raw_document(f"d{n}", text, layers={"actors": [own]})) + "\n")
        roots.append(root)
    diff_paths(roots[0], roots[0])  # what is compiled once
    tracemalloc.start()
    difference = diff_paths(*roots, limit=5)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert difference.layers["actors"].values["kind", "person", "group"] == 200
    assert (len(difference.tally.changes), difference.tally.unlisted) == (5, 195)
    assert peak < 3_000_000


def test_a_column_of_another_type_is_told_and_left_out(corpus: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    dataset = built(corpus, tmp_path / "d")
    for path in (dataset / "default").glob("*.parquet"):
        table = pq.read_table(path)
        place = table.column_names.index("title")
        pq.write_table(table.set_column(place, "title", pa.array([7] * len(table), pa.int64())), path)
    difference = diff_paths(dataset, corpus)
    assert told(difference) == set()
    assert {(column.what, column.column, column.old, column.new) for column in difference.columns} == {
        ("type changed", "title", "int64", "string")
    }
    assert difference.not_compared[-1] == "the column title: it has another type than a build writes now"


def test_texts_that_changed_without_their_words_are_told(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("build: {text: withheld}\n")
    dataset = built(corpus, tmp_path / "w")
    text = f"{TEXT}Und."

    def change(raw: Json) -> None:
        raw |= {"text": text, "text_sha256": hashlib.sha256(text.encode()).hexdigest()}

    rewrite(corpus, "d03", change)
    difference = diff_paths(dataset, corpus)
    assert told(difference) == {("d03", "document", "", "changed", "text")}
    assert "the words are withheld" in difference.not_compared[-1]


def test_a_row_that_no_build_writes_is_told_and_not_raised(corpus: Path, tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from corpus_tool import ReadError

    dataset = built(corpus, tmp_path / "d")
    path = next((dataset / "default").glob("train*.parquet"))
    table = pq.read_table(path)
    rows: list[dict[str, Any]] = table.to_pylist()
    rows[0]["actors"][0]["start"] = None
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    with pytest.raises(ReadError, match="is not what a build writes"):
        diff_paths(dataset, corpus)
