"""The dataset, read back with the real ``datasets.load_dataset``, holds what the corpus holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.build.dataset import build_dataset
from corpus_tool.build.features import features_of
from corpus_tool.model.corpus import CONFIGS
from corpus_tool.model.schemas import layers_of

Load = Callable[[Path, str], Any]


def documents_of(corpus: Path) -> dict[str, dict[str, Any]]:
    raws = [json.loads(path.read_text(encoding="utf-8")) for path in (corpus / "documents").glob("*.json")]
    return {raw["id"]: raw for raw in raws}


def live(raw: dict[str, Any], layer: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = raw["layers"].get(layer, [])
    return [item for item in items if item.get("provenance", {}).get("status") != "rejected"]


def all_rows(loaded: Any) -> list[dict[str, Any]]:
    return [row for split in loaded.values() for row in split]


@pytest.mark.parametrize("config", CONFIGS)
def test_every_config_loads_with_its_features_and_all_its_rows(
    sample_corpus: Path, sample_dataset: Path, load: Load, config: str
) -> None:
    loaded = load(sample_dataset, config)
    wanted = features_of(config, layers_of(sample_corpus))
    assert list(loaded) == ["train", "validation", "test"]
    assert {str(split.features) for split in loaded.values()} == {str(wanted)}
    assert all(split.features == wanted for split in loaded.values())
    manifest = json.loads((sample_dataset / "manifest.json").read_text())
    assert {name: split.num_rows for name, split in loaded.items()} == manifest["rows"][config]


def test_a_document_is_in_one_split_and_in_the_same_for_every_config(sample_dataset: Path, load: Load) -> None:
    places = {
        config: {
            row["id" if config == "default" else "document"]: name
            for name, split in load(sample_dataset, config).items()
            for row in split
        }
        for config in CONFIGS
    }
    assert len(places["default"]) == 31
    for split in load(sample_dataset, "default").values():
        assert split["id"][:] == sorted(split["id"][:])  # whatever order the file system lists files in
    for config in CONFIGS:
        assert places[config].items() <= places["default"].items()


def same(value: Any, loaded: Any) -> bool:
    """Whether a value of a document's JSON equals its column; what a document leaves out is null, or an empty list."""
    if value is None:
        return loaded is None or loaded == []
    if isinstance(value, dict) and isinstance(loaded, dict):
        return value.keys() <= loaded.keys() and all(same(value.get(key), loaded[key]) for key in loaded)
    if isinstance(value, list) and isinstance(loaded, list):
        return len(value) == len(loaded) and all(map(same, value, loaded))
    if isinstance(loaded, str) and not isinstance(value, str):  # what has no plain type is JSON in a string
        return bool(json.loads(loaded) == value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return isinstance(loaded, int | float) and loaded == float(value)
    return type(value) is type(loaded) and value == loaded


def test_every_document_and_annotation_comes_back_as_the_corpus_has_it(
    sample_corpus: Path, sample_dataset: Path, load: Load
) -> None:
    rows = {row["id"]: row for row in all_rows(load(sample_dataset, "default"))}
    corpus = documents_of(sample_corpus)
    assert rows.keys() == corpus.keys()
    for name, raw in corpus.items():
        row = rows[name]
        assert (row["text"], row["text_sha256"]) == (raw["text"], raw["text_sha256"])
        assert row["blocks"] == raw["blocks"]
        for key in ("title", "language", "source", "url", "published", "license", "source_id", "authors"):
            assert same(raw["meta"].get(key), row[key]), key
        assert same(raw.get("relations"), row["relations"])
        for entity, loaded in zip(raw["entities"], row["entities"], strict=True):
            assert {link["register"]: link["id"] for link in loaded.pop("links")} == entity.get("links", {})
            assert same({k: v for k, v in entity.items() if k != "links"}, loaded)
        for layer in ("actors", "locations", "figures", "quotes", "stance"):
            for wanted, loaded in zip(live(raw, layer), row[layer], strict=True):
                provenance = wanted.get("provenance", {})
                flat = {key: provenance.get(key) for key in ("status", "annotator", "score")}
                assert same({**{k: v for k, v in wanted.items() if k != "provenance"}, **flat}, loaded), (name, wanted)


def test_every_span_of_every_config_is_the_words_at_its_offsets(sample_dataset: Path, load: Load) -> None:
    texts = {row["id"]: row["text"] for row in all_rows(load(sample_dataset, "default"))}
    spans = 0

    def check(text: str, node: Any) -> None:
        nonlocal spans
        if isinstance(node, dict):
            if isinstance(node.get("start"), int) and isinstance(node.get("text"), str):
                pieces = node.get("fragments") or [node]
                assert " ".join(text[p["start"] : p["end"]] for p in pieces) == node["text"]
                assert (pieces[0]["start"], pieces[-1]["end"]) == (node["start"], node["end"])
                spans += 1
            node = list(node.values())
        for child in node if isinstance(node, list) else ():
            check(text, child)

    for config in ("default", "quotes", "figures"):
        for row in all_rows(load(sample_dataset, config)):
            check(texts[row["id" if config == "default" else "document"]], row)
    for row in all_rows(load(sample_dataset, "tokens")):
        assert [texts[row["document"]][s:e] for s, e in zip(row["starts"], row["ends"], strict=True)] == row["tokens"]
    assert spans == 30 * (8 + 3 + 4 + 4 + 2 + 5 + 4 + 4)  # layers, spans inside them, quotes, figures


def test_a_rejected_annotation_is_in_no_config(sample_dataset: Path, load: Load) -> None:
    rows = all_rows(load(sample_dataset, "default"))
    assert {a["id"] for row in rows for a in row["actors"]} == {f"a{i}" for i in (1, 2, 3, 4, 5, 6, 8, 9)}
    statuses = {a["status"] for row in rows for layer in ("actors", "quotes", "stance") for a in row[layer]}
    assert statuses == {None, "accepted", "added", "suggested"}


def test_a_figures_row_tells_value_speaker_and_place(sample_dataset: Path, load: Load) -> None:
    rows = {row["id"]: row for row in all_rows(load(sample_dataset, "figures")) if row["document"] == "d07"}
    assert rows["f1"] == {
        "document": "d07",
        "title": "№ 7 “é”",
        "published": "2024-07-01",
        "source": None,
        "id": "f1",
        "start": 49,
        "end": 66,
        "text": "between 30\u00a0and\u00a040",
        "status": None,
        "value": None,
        "min": 30.0,
        "max": 40.0,
        "modifier": "range",
        "unit": "count",
        "measure": "quantity",
        "counted": "crates",
        "quote": "q1",
        "quote_text": "“We counted between 30\u00a0and\u00a040 crates,”",
        "cue": "said",
        "speaker": "Nour e\u0301l-Di\u0301n",
        "speaker_kind": "person",
        "speaker_entity": "e1",
        "speaker_name": "Nour él-Dín",
        "place": "Haifa",
        "place_entity": "e2",
        "place_name": "Haifa",
        "lat": 32.8,
        "lon": 35.0,
        "sentence": "“We counted between 30\u00a0and\u00a040 crates,” said Nour e\u0301l-Di\u0301n, "
        "a senior harbour clerk. 👩🏽‍🚒 came at once.",
    }
    assert (rows["f2"]["value"], rows["f2"]["speaker"], rows["f2"]["quote_text"]) == (3_200_000_007.0, None, None)
    assert (rows["f3"]["speaker"], rows["f3"]["cue"], rows["f3"]["place"]) == ("sources", None, None)
    assert rows["f4"]["value"] == float(2**60)  # what a double holds of 2**60 + 1


def test_a_quotes_row_tells_speaker_cue_and_context(sample_dataset: Path, load: Load) -> None:
    rows = {row["id"]: row for row in all_rows(load(sample_dataset, "quotes")) if row["document"] == "d07"}
    q1, q3 = rows["q1"], rows["q3"]
    assert (q1["kind"], q1["attitude"], q1["cue"], q1["speaker"]) == (
        "direct",
        "speech",
        "said",
        "Nour e\u0301l-Di\u0301n",
    )
    assert (q1["co_speakers"], q1["anonymous"]) == (["senior harbour clerk", "李娜"], False)
    assert (rows["q2"]["speaker"], rows["q2"]["anonymous"], rows["q2"]["attitude"]) == ("李娜", False, None)
    assert (q3["speaker"], q3["anonymous"], q3["text"]) == ("sources", True, "“It burnt,” “for two hours.”")
    assert len(q3["fragments"]) == 2
    assert (rows["q4"]["parent"], rows["q4"]["speaker_status"], rows["q4"]["anonymous"]) == ("q1", "unknown", None)
    assert q1["before"] == "Fire 🔥 at Haifa port (نَمِل حَيْفا)"
    assert q3["after"] == "READ MORE: What burnt in Haifa"
    text = " ".join(next(r["text"] for r in all_rows(load(sample_dataset, "default")) if r["id"] == "d07").split())
    for row in rows.values():
        assert row["before"] in text
        assert row["after"] in text


def test_tokens_never_depend_on_annotations(
    tmp_path: Path, new_corpus: Callable[..., Path], sample_document: Callable[..., Any], load: Load
) -> None:
    gold, bare = sample_document(1), sample_document(1, layers={}, relations=[])
    del gold["layers"]["stance"]
    rows = []
    for name, raw in (("gold", gold), ("bare", bare)):
        build_dataset(new_corpus(tmp_path / name, [raw]), tmp_path / "out" / name)
        rows.append(all_rows(load(tmp_path / "out" / name, "tokens")))
    columns = ("document", "block", "block_kind", "tokens", "starts", "ends")
    assert [[row[c] for c in columns] for row in rows[0]] == [[row[c] for c in columns] for row in rows[1]]
    assert any(any(row["actors"]) for row in rows[0])
    assert not any(any(row["actors"]) for row in rows[1])


def test_tags_and_the_ledger_account_for_every_annotation(
    sample_corpus: Path, sample_dataset: Path, load: Load
) -> None:
    rows = all_rows(load(sample_dataset, "tokens"))
    left_out = json.loads((sample_dataset / "manifest.json").read_text())["left_out"]
    assert left_out == {
        "actors: discontinuous": 30,
        "actors: inside a token": 30,
        "actors: nested": 30,
        "locations: not inside one block": 30,
    }
    for layer in ("actors", "locations", "figures"):
        tagged = sum(row[layer].count(1) for row in rows)
        uncarried = sum(n for key, n in left_out.items() if key.startswith(f"{layer}:"))
        assert tagged + uncarried == sum(len(live(raw, layer)) for raw in documents_of(sample_corpus).values())
    assert {row["block_kind"] for row in rows} == {"title", "paragraph"}
    row = next(row for row in rows if row["document"] == "d00" and row["block"] == 2)
    said = [(token, "OBI"[tag]) for token, tag in zip(row["tokens"], row["actors"], strict=True) if tag]
    assert said == [("李", "B"), ("娜", "I"), ("Haifa", "B"), ("port", "I"), ("authority", "I")]


def test_older_readers_find_the_same_features_in_the_card(sample_corpus: Path, sample_dataset: Path) -> None:
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCard

    card = DatasetCard.load(sample_dataset / "README.md")
    infos = DatasetInfosDict.from_dataset_card_data(card.data)
    assert set(infos) == set(CONFIGS)
    for config in CONFIGS:
        assert infos[config].features == features_of(config, layers_of(sample_corpus))
