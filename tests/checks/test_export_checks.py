"""Datasets that went wrong: each defect is found by its check and by no other; a clean build has no findings."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from corpus_tool.build.dataset import build_dataset
from corpus_tool.checks.dataset.exp import EXPORT_CHECKS, check_export
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.read.corpus import open_corpus
from corpus_tool.splits import hash_split
from corpus_tool.store import iter_documents

Json = dict[str, Any]
Rows = list[Json]
Defect = Callable[[random.Random, Path], bool]

TEXT = """Fire 🔥 at Haifa port (نَمِل حَيْفا)

“We counted between 30\u00a0and\u00a040 crates,” said Nour e\u0301l-Di\u0301n, a senior harbour clerk. 👩🏽‍🚒 came.

The blaze cost €3.2bn, a “disaster”, wrote 李娜 of Haifa port authority, “and \u201dmore”.\r
“It burnt,” sources said, “for two hours.”

"""

_SYLLABLES = ("ba", "né", "мо", "ru", "तो", "li", "שה", "ko")


def text_of(number: int) -> str:
    """The text of a document: the same beginning in all, then words of its own, so that none is a copy of another."""
    rng = random.Random(number)
    words = ["".join(rng.choices(_SYLLABLES, k=rng.randrange(2, 5))) for _ in range(90)]
    return f"{TEXT}{' '.join(words)}.\n\nREAD MORE: What burnt in Haifa"


def place(words: str, nth: int = 0) -> Json:
    """Offsets of words in ``TEXT``; of pieces joined by … the hull and the fragments."""
    pieces, at = [], 0
    for piece in words.split("…"):
        for _ in range(nth + 1):
            at = TEXT.index(piece, at) + 1
        pieces.append({"start": at - 1, "end": at - 1 + len(piece)})
    span = {"start": pieces[0]["start"], "end": pieces[-1]["end"], "text": words.replace("…", " ")}
    return {**span, "fragments": pieces} if len(pieces) > 1 else span


def document(number: int) -> Json:
    """A document with every kind of annotation; ``number`` makes them differ."""
    text = text_of(number)
    status = {"provenance": {"status": "added", "annotator": "ana", "score": 0.5}}
    no = {"provenance": {"status": "rejected"}}
    nour = {**place("Nour e\u0301l-Di\u0301n"), "kind": "person", "entity": "e1"}
    layers = {
        "actors": [
            {"id": "a1", **nour, **status},
            {"id": "a2", **place("senior harbour clerk"), "kind": "person", "mention": "nominal"},
            {"id": "a3", **place("李娜"), "kind": "person", "anonymous": True},
            {"id": "a4", **place("Haifa port authority"), "kind": "organization", "extra": {"é": "“", "n": number}},
            {"id": "a5", **place("Haifa", 1), "kind": "state"},
            {"id": "a6", **place("sources"), "kind": "group", "provenance": {"status": "suggested"}},
            {"id": "a7", **place("disaster"), "kind": "other", **no},
            {"id": "a8", **place("Nour…clerk"), "kind": "group"},
            {"id": "a9", **place("isaste"), "kind": "other"},
        ],
        "locations": [
            {"id": "l1", **place("Haifa"), "kind": "city", "entity": "e2", **status},
            {"id": "l2", **place("حَيْفا"), "kind": "city", "entity": "e2"},
            {"id": "l3", "start": len(text) - 5, "end": len(text), "text": "Haifa", "kind": "city"},
        ],
        "figures": [
            {"id": "f1", **place("between 30\u00a0and\u00a040"), "min": 30, "max": 40, "modifier": "range",
             "measure": "quantity", "counted": place("crates"), "place": "l1", "quote": "q1"},
            {"id": "f2", **place("€3.2bn"), "value": 3_200_000_000 + number, "unit": "EUR", "measure": "money"},
            {"id": "f3", **place("two"), "value": 2**60 + 1, "quote": "q3"},
        ],
        "quotes": [
            {"id": "q1", **place("“We counted between 30\u00a0and\u00a040 crates,”"), "kind": "direct",
             "cue": place("said"), "speaker": "a1", "co_speakers": ["a2", "a3"]},
            {"id": "q2", **place("a “disaster”"), "kind": "mixed", "cue": place("wrote"), "speaker": "a3"},
            {"id": "q3", **place("“It burnt,”…“for two hours.”"), "kind": "direct", "speaker": "a6"},
            {"id": "q4", **place("We counted"), "kind": "indirect", "speaker_status": "unknown", "parent": "q1", **no},
        ],
        "stance": [{"id": "s1", **place("disaster"), "about": "a3", "either": number + 0.5, "tree": {"é": [1]},
                    "triggers": [place("It burnt,…hours")], "sure": number % 2 == 0}],
    }  # fmt: skip
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", text)]
    kinds = ["title", *["paragraph"] * (len(lines) - 2), "promo"]
    return {
        "schema": "corpus-tool/document/1",
        "id": f"d{number:02}",
        "meta": {"title": f"№ {number} “é”", "language": "en", "published": "2024-07-01", "authors": ["Ana", "بن"],
                 "url": f"https://news.example.org/{number}", "extra": {"x": True}},
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "blocks": [{"start": a, "end": b, "kind": kind} for (a, b), kind in zip(lines, kinds, strict=True)],
        "entities": [
            {"id": "e1", "kind": "person", "name": "Nour", "aliases": ["نور"], "links": {"wikidata": "Q1"}},
            {"id": "e2", "kind": "city", "name": "Haifa", "lat": 32.8, "lon": 35, "extra": {"x": True}},
        ],
        "relations": [
            {"id": "r1", "type": "works_for", "from": "a1", "to": "a4"},
            {"id": "r2", "type": "knows", "from": "a1", "to": "a2"},
        ],
        "layers": layers,
    }  # fmt: skip


STANCE = {
    "type": "object",
    "properties": {
        "about": {"type": "string", "x-refers-to": "actors"},
        "either": {"type": ["number", "string"]},
        "sure": {"type": "boolean"},
        "triggers": {"type": "array", "items": {"$ref": "urn:corpus-tool:document:1#/$defs/span"}},
        "tree": {"type": "object"},
    },
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, new_corpus: Callable[..., Path]) -> Path:
    bare = {**document(77), "id": "plain", "layers": {}, "entities": [], "relations": [], "meta": {"language": "en"}}
    return new_corpus(
        tmp_path_factory.mktemp("corpus") / "c",
        [*map(document, range(12)), bare],
        yaml="build: {splits: {train: 2, validation: 1, test: 1}}",
        own={"stance": STANCE},
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    out = tmp_path_factory.mktemp("dist") / "sample"
    report = build_dataset(corpus, out)
    assert not report.refused, told([d for d in report.diagnostics if d.severity == "error"])
    assert {len(splits) for splits in report.rows.values()} == {3}
    return out


@pytest.fixture
def dataset(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "sample"))


@cache
def opened_corpus(root: Path) -> tuple[Corpus, tuple[Document, ...]]:
    opened = open_corpus(root)
    return opened, tuple(iter_documents(opened))


def check(dataset: Path, root: Path | None) -> list[Diagnostic]:
    """What is found against a corpus, or without one."""
    if root is None:
        return list(check_export(dataset))
    opened, documents = opened_corpus(root)
    return list(check_export(dataset, documents, opened, split_of=hash_split(opened.config.build.splits)))


def told(found: list[Diagnostic]) -> str:
    return "\n".join(f"{d.code} {Path(d.path).name}{d.pointer}: {d.message}" for d in found)


# Writing a dataset anew, with its manifest and card put right: as a build with a mistake in it would have written it.


def files(dataset: Path, config: str = "*") -> list[Path]:
    return sorted(dataset.glob(f"{config}/*.parquet"))


def store(path: Path, rows: Rows, schema: pa.Schema | None = None) -> None:
    """Rows into a Parquet file, with the schema and metadata that it had."""
    schema = schema or pq.read_schema(path)
    columns = [pa.array([row[name] for row in rows], type=schema.field(name).type) for name in schema.names]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), path)


def card_of(dataset: Path) -> Json:
    return dict(yaml.load((dataset / "README.md").read_text(encoding="utf-8").split("---\n")[1], yaml.CSafeLoader))


def write_card(dataset: Path, card: Json) -> None:
    path = dataset / "README.md"
    _, _, body = path.read_text(encoding="utf-8").split("---\n", 2)
    path.write_text(
        f"---\n{yaml.dump(card, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)}---\n{body}",
        encoding="utf-8",
    )


def stamp(dataset: Path, *, rows: bool = True) -> None:
    """Puts the manifest right, and the numbers of rows in manifest and card if asked for."""
    manifest = json.loads((dataset / "manifest.json").read_text(encoding="utf-8"))
    if rows:
        counts: dict[str, dict[str, int]] = {}
        for path in files(dataset):
            counts.setdefault(path.parent.name, {})[path.name.split("-")[0]] = pq.read_metadata(path).num_rows
        manifest["rows"] = counts
        card = card_of(dataset)
        for info in card["dataset_info"]:
            for split in info["splits"]:
                split["num_examples"] = counts[info["config_name"]][split["name"]]
        write_card(dataset, card)
    for file in manifest["files"]:
        data = (dataset / file["path"]).read_bytes()
        file["bytes"], file["sha256"] = len(data), hashlib.sha256(data).hexdigest()
    (dataset / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def in_rows(config: str, change: Callable[[random.Random, Rows], bool]) -> Defect:
    """A defect in the rows of one file of a config."""

    def plant(rng: random.Random, dataset: Path) -> bool:
        path = rng.choice(files(dataset, config))
        rows = pq.read_table(path).to_pylist()
        if not change(rng, rows):
            return False
        store(path, rows)
        stamp(dataset)
        return True

    return plant


def in_annotation(change: Callable[[random.Random, Json], bool], *layers: str) -> Defect:
    """A defect in one annotation of the config ``default``."""

    def plant(rng: random.Random, rows: Rows) -> bool:
        layer = rng.choice(layers or ("actors", "locations", "figures", "quotes", "stance"))
        some = [annotation for row in rows for annotation in row[layer]]
        return bool(some) and change(rng, rng.choice(some))

    return in_rows("default", plant)


def set_to(key: str, *values: Any) -> Callable[[random.Random, Json], bool]:
    def change(rng: random.Random, thing: Json) -> bool:
        others = [value for value in values if value != thing[key]]
        thing[key] = rng.choice(others)
        return True

    return change


def shift(rng: random.Random, annotation: Json) -> bool:
    by = rng.choice([-3, -2, -1, 1, 2, 3])
    for span in (annotation, *annotation["fragments"]):
        span["start"] += by
        span["end"] += by
    return True


def shift_whole(rng: random.Random, annotation: Json) -> bool:
    """Another place whose text is taken along."""
    if annotation["fragments"]:
        return False
    annotation["start"] = rng.randrange(20)
    annotation["end"] = annotation["start"] + 1 + rng.randrange(9)
    annotation["text"] = TEXT[annotation["start"] : annotation["end"]]
    return True


def shift_cue(rng: random.Random, quote: Json) -> bool:
    if quote["cue"] is None:
        return False
    quote["cue"]["start"] += rng.choice([-2, -1, 1])
    return True


def drop_annotation(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice(rows)
    layer = rng.choice(["actors", "locations", "figures", "quotes", "stance"])
    if row[layer]:
        del row[layer][rng.randrange(len(row[layer]))]
        return True
    return False


def add_annotation(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice(rows)
    if not row["actors"]:
        return False
    extra = {**row["actors"][0], **place("disaster"), "id": rng.choice(["a7", "a99", "a1"])}
    row["actors"].insert(rng.randrange(1, 5), extra)
    return True


def drop_row(rng: random.Random, rows: Rows) -> bool:
    if len(rows) < 2:
        return False
    del rows[rng.randrange(len(rows))]
    return True


def drop_first_rows(rng: random.Random, rows: Rows) -> bool:
    """All rows of one document, where the file holds several."""
    own = rng.choice([row["document"] for row in rows])
    rows[:] = [row for row in rows if row["document"] != own]
    return bool(rows)


def unknown_row(rng: random.Random, rows: Rows) -> bool:
    rows.insert(rng.randrange(len(rows)), {**rng.choice(rows), "id": f"gone-{rng.random()}"})
    return True


def same_row(rng: random.Random, rows: Rows) -> bool:
    rows.insert(rng.randrange(len(rows)), rng.choice(rows))
    return True


def change_text(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice(rows)
    row["text"] = rng.choice([row["text"].replace("\u00a0", " "), row["text"].replace("\r", ""), row["text"] + "\n"])
    return True


def change_meta(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice(rows)
    key = rng.choice(["title", "published", "license", "url"])
    row[key] = f"{row[key]}\u200b"
    return True


def change_inside(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice([row for row in rows if row["entities"]])
    rng.choice(row["entities"])["name"] = "Nobody"
    return True


def nullify(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice(rows)
    layer = rng.choice(["actors", "locations", "quotes"])
    if not row[layer]:
        return False
    if rng.random() < 0.3:
        row["blocks"] = None
    else:
        rng.choice(row[layer])[rng.choice(["start", "end", "text", "kind"])] = None
    return True


def bad_label(rng: random.Random, rows: Rows) -> bool:
    tags = rng.choice(rows)[rng.choice(["actors", "locations", "figures"])]
    tags[rng.randrange(len(tags))] = rng.choice([3, 7, -1])
    return True


def other_tag(rng: random.Random, rows: Rows) -> bool:
    tags = rng.choice(rows)[rng.choice(["actors", "locations", "figures"])]
    nth = rng.randrange(len(tags))
    tags[nth] = (tags[nth] + 1 + rng.randrange(2)) % 3
    return True


def other_token(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice(rows)
    nth = rng.randrange(len(row["tokens"]))
    if rng.random() < 0.5:
        row["starts"][nth] += 1
    else:
        row["tokens"][nth] += "x"
    return True


def lose_token(rng: random.Random, rows: Rows) -> bool:
    row = rng.choice(rows)
    nth = rng.randrange(len(row["tokens"]))
    for key in ("tokens", "starts", "ends", "actors", "locations", "figures"):
        del row[key][nth]
    return True


def other_value(*keys: str) -> Callable[[random.Random, Rows], bool]:
    def change(rng: random.Random, rows: Rows) -> bool:
        row, key = rng.choice(rows), rng.choice(keys)
        row[key] = 2 * (row[key] or 0) + 1 if key == "value" else f"{row[key] or ''} 🙂"
        return True

    return change


def move_row(rng: random.Random, dataset: Path) -> bool:
    """Everything of one document into another split."""
    first, second = rng.sample(["train", "validation", "test"], 2)
    paths = {split: dataset / "default" / f"{split}-00000-of-00001.parquet" for split in (first, second)}
    ids = pq.read_table(paths[first]).column("id").to_pylist()
    if len(ids) < 2:
        return False
    own = rng.choice(ids)
    for config in ["default"] if rng.random() < 0.5 else ["default", "tokens", "quotes", "figures"]:
        here, there = (dataset / config / f"{split}-00000-of-00001.parquet" for split in (first, second))
        column = "id" if config == "default" else "document"
        rows = pq.read_table(here).to_pylist()
        moved = [row for row in rows if row[column] == own]
        if len(moved) == len(rows):
            return False
        store(here, [row for row in rows if row[column] != own])
        store(there, pq.read_table(there).to_pylist() + moved)
    stamp(dataset)
    return True


def in_manifest(change: Callable[[random.Random, Json], Any]) -> Defect:
    def plant(rng: random.Random, dataset: Path) -> bool:
        path = dataset / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8"))
        change(rng, manifest)
        path.write_text(json.dumps(manifest), encoding="utf-8")
        return True

    return plant


def change_rows_of_manifest(rng: random.Random, manifest: Json) -> None:
    splits = manifest["rows"][rng.choice(list(manifest["rows"]))]
    splits[rng.choice(list(splits))] += rng.choice([-1, 1, 5])


def change_left_out(rng: random.Random, manifest: Json) -> None:
    manifest["left_out"][rng.choice(list(manifest["left_out"]))] += 1


def in_card(change: Callable[[random.Random, Json], Any]) -> Defect:
    def plant(rng: random.Random, dataset: Path) -> bool:
        card = card_of(dataset)
        change(rng, card)
        write_card(dataset, card)
        stamp(dataset, rows=False)
        return True

    return plant


def some_info(rng: random.Random, card: Json) -> Json:
    info: Json = rng.choice(card["dataset_info"])
    return info


def change_examples(rng: random.Random, card: Json) -> None:
    rng.choice(some_info(rng, card)["splits"])["num_examples"] += rng.choice([1, 3])


def change_path(rng: random.Random, card: Json) -> None:
    file = rng.choice(rng.choice(card["configs"])["data_files"])
    file["path"] = file["path"].replace("/", "/x")


def change_column_of_card(rng: random.Random, card: Json) -> None:
    features = some_info(rng, card)["features"]
    nth = rng.randrange(1, len(features))
    if rng.random() < 0.5:
        del features[nth]
    else:
        features[nth] = {"name": features[nth]["name"], "dtype": "int8"}


def change_labels_of_card(rng: random.Random, card: Json) -> None:
    info = next(info for info in card["dataset_info"] if info["config_name"] == "tokens")
    layer = rng.choice(["actors", "locations", "figures"])
    column = next(feature for feature in info["features"] if feature["name"] == layer)
    names = ["O", "B", "I"]
    while names == ["O", "B", "I"]:
        rng.shuffle(names)
    column["list"]["class_label"]["names"] = {str(n): name for n, name in enumerate(names)}


def swap_labels_of_file(rng: random.Random, dataset: Path) -> bool:
    path = rng.choice(files(dataset, "tokens"))
    schema = pq.read_schema(path)
    told = schema.metadata[b"huggingface"].replace(b'"O", "B", "I"', b'"O", "I", "B"', 1)
    store(path, pq.read_table(path).to_pylist(), schema.with_metadata({b"huggingface": told}))
    stamp(dataset)
    return True


def drop_column(rng: random.Random, dataset: Path) -> bool:
    path = rng.choice(files(dataset))
    table = pq.read_table(path)
    pq.write_table(table.drop_columns([rng.choice(table.column_names[1:])]), path)
    stamp(dataset)
    return True


def drop_own_layer(rng: random.Random, dataset: Path) -> bool:
    """A layer of the corpus's own, which nobody misses who does not know the corpus."""
    return drop_everywhere(dataset, "default", "stance")


def drop_column_everywhere(rng: random.Random, dataset: Path) -> bool:
    config = rng.choice(["default", "tokens", "quotes", "figures"])
    columns = pq.read_schema(files(dataset, config)[0]).names[1:]
    return drop_everywhere(dataset, config, rng.choice([column for column in columns if column != "stance"]))


def drop_everywhere(dataset: Path, config: str, column: str) -> bool:
    """A column less in the files, in their metadata, and in the card."""
    for path in files(dataset, config):
        table = pq.read_table(path)
        told = json.loads(table.schema.metadata[b"huggingface"])
        del told["info"]["features"][column]
        pq.write_table(
            table.drop_columns([column]).replace_schema_metadata({b"huggingface": json.dumps(told).encode()}), path
        )
    card = card_of(dataset)
    for info in card["dataset_info"]:
        if info["config_name"] == config:
            info["features"] = [f for f in info["features"] if f["name"] != column]
    write_card(dataset, card)
    stamp(dataset)
    return True


def second_shard(rng: random.Random, dataset: Path) -> bool:
    path = rng.choice(files(dataset))
    shutil.copyfile(path, path.with_name(path.name.replace("00000-of-00001", f"00001-of-0000{rng.randrange(2, 9)}")))
    return True


def cut_off(rng: random.Random, dataset: Path) -> bool:
    path = rng.choice(files(dataset))
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data) - 1)])
    return True


def edit_byte(rng: random.Random, dataset: Path) -> bool:
    path = dataset / "README.md"
    path.write_text(path.read_text(encoding="utf-8") + rng.choice("abc ") + "\n", encoding="utf-8")
    return True


def remove_file(rng: random.Random, dataset: Path) -> bool:
    name = rng.choice(["LICENSE", "notes.txt", "pictures/gone.svg"])
    in_manifest(lambda _, m: m["files"].append({"path": name, "bytes": 1, "sha256": "0"}))(rng, dataset)
    return True


def edit_counts(rng: random.Random, dataset: Path) -> bool:
    path = dataset / "README.md"
    text = path.read_text(encoding="utf-8")
    begin = text.index("## Annotations")
    end = text.index(". Suggested is", begin)
    numbers = list(re.finditer(r"\b\d+\b(?= documents| \||, (?=\w+ \d)| \|$| added| suggested)", text[begin:end]))
    match = rng.choice(numbers)
    at = begin + match.start()
    path.write_text(f"{text[:at]}{int(match[0]) + 1}{text[begin + match.end() :]}", encoding="utf-8")
    stamp(dataset, rows=False)
    return True


def no_config(rng: random.Random, dataset: Path) -> bool:
    """One config less, in the card and the manifest as well."""
    gone = rng.choice(["default", "tokens", "quotes", "figures"])
    shutil.rmtree(dataset / gone)
    in_manifest(lambda _, m: m.update(files=[f for f in m["files"] if not f["path"].startswith(gone)]))(rng, dataset)
    card = card_of(dataset)
    for key in ("configs", "dataset_info"):
        card[key] = [entry for entry in card[key] if entry["config_name"] != gone]
    write_card(dataset, card)
    in_croissant(lambda _, c: c.update(recordSet=[r for r in c["recordSet"] if r["@id"] != gone]))(rng, dataset)
    stamp(dataset)
    return True


def in_croissant(change: Callable[[random.Random, Json], Any]) -> Defect:
    def plant(rng: random.Random, dataset: Path) -> bool:
        path = dataset / "croissant.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        change(rng, told)
        path.write_text(json.dumps(told), encoding="utf-8")
        stamp(dataset, rows=False)
        return True

    return plant


def change_records(rng: random.Random, told: Json) -> None:
    """A config less, a field less, a field of another column or type, or files that are not there."""
    records = rng.choice(told["recordSet"])
    field = rng.choice(records["field"][1:])
    change = rng.randrange(5)
    if change == 0:
        told["recordSet"].remove(records)
    elif change == 1:
        records["field"].remove(field)
    elif change == 2:
        field["name"] += "2"
    elif change == 3:
        field["isArray"] = not field.get("isArray")
    else:
        rng.choice(told["distribution"])["includes"] = "nowhere/*.parquet"


#: Defects by the code that finds them, and whether they are found without the corpus too.
DEFECTS: dict[str, list[tuple[Defect, bool]]] = {
    "EXP102": [(remove_file, True)],
    "EXP103": [(second_shard, True)],
    "EXP104": [(edit_byte, True)],
    "EXP105": [(in_manifest(change_rows_of_manifest), True)],
    "EXP201": [(in_card(change_path), True)],
    "EXP202": [(in_card(change_examples), True)],
    "EXP203": [(in_card(change_column_of_card), True), (drop_column, True)],
    "EXP204": [(in_card(change_labels_of_card), True), (swap_labels_of_file, True)],
    "EXP205": [(drop_column_everywhere, True), (drop_own_layer, False)],
    "EXP206": [(no_config, False)],
    "EXP207": [(edit_counts, True)],
    "EXP208": [(in_manifest(change_left_out), True)],
    "EXP209": [(in_croissant(change_records), True)],
    "EXP301": [(in_rows("tokens", bad_label), True)],
    "EXP302": [(in_rows("default", nullify), True)],
    "EXP303": [(in_annotation(shift), True), (in_annotation(shift_cue, "quotes"), True)],
    "EXP304": [(in_rows("default", same_row), True)],
    "EXP401": [(in_rows("default", drop_row), False)],
    "EXP402": [(in_rows("default", unknown_row), False)],
    "EXP403": [(in_rows("default", change) , False) for change in (change_text, change_meta, change_inside)],
    "EXP404": [(in_rows("default", drop_annotation), False)],
    "EXP405": [(in_rows("default", add_annotation), False)],
    "EXP406": [
        (in_annotation(set_to("kind", "group", "state"), "actors"), False),
        (in_annotation(set_to("status", "accepted", None)), False),
        (in_annotation(set_to("extra", '{"x": 1}', '{"x": 2}')), False),
        (in_annotation(shift_whole, "actors", "locations"), False),
    ],
    "EXP407": [(move_row, False)],
    "EXP501": [(in_rows("tokens", change), True) for change in (drop_row, same_row, other_token, lose_token)],
    "EXP502": [(in_rows("tokens", other_tag), True)],
    "EXP503": [(in_rows("quotes", change), True) for change in
               (drop_row, same_row, other_value("cue", "speaker", "speaker_name", "before", "title", "text"))],
    "EXP504": [(in_rows("figures", change), True) for change in
               (drop_row, drop_first_rows, other_value("value", "counted", "quote_text", "place", "sentence"))],
}  # fmt: skip


def variants(code: str, dataset: Path, seeds: range, tmp_path: Path) -> Iterator[tuple[int, Path, bool]]:
    """Copies of a dataset with a defect each, and whether it can be seen without the corpus."""
    for seed in seeds:
        rng = random.Random(f"{code} {seed}")
        defects = DEFECTS[code]
        defect, alone = defects[seed % len(defects)]
        copy = tmp_path / f"v{seed}"
        for _ in range(50):
            shutil.copytree(dataset, copy)
            if defect(rng, copy):
                break
            shutil.rmtree(copy)
        yield seed, copy, alone
        shutil.rmtree(copy)


def assert_found(code: str, built: Path, corpus: Path, seeds: range, tmp_path: Path) -> None:
    for seed, copy, alone in variants(code, built, seeds, tmp_path):
        found = check(copy, corpus)
        assert {d.code for d in found} == {code}, f"{code}, seed {seed}:\n{told(found)}"
        assert all(Path(d.path).is_relative_to(copy) for d in found)
        if alone:
            assert code in {d.code for d in check(copy, None)}, f"{code}, seed {seed}, without the corpus"


@pytest.mark.parametrize("code", DEFECTS)
def test_a_defect_is_found_by_its_check_and_no_other(code: str, built: Path, corpus: Path, tmp_path: Path) -> None:
    assert_found(code, built, corpus, range(4), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("code", DEFECTS)
def test_fifty_variants_of_every_defect(code: str, built: Path, corpus: Path, tmp_path: Path) -> None:
    assert_found(code, built, corpus, range(4, 54), tmp_path)


def test_a_clean_build_has_no_findings(built: Path, corpus: Path) -> None:
    assert told(check(built, corpus)) == ""
    assert told(check(built, None)) == ""


def test_a_build_of_reviewed_annotations_alone_has_no_findings(tmp_path: Path, new_corpus: Callable[..., Path]) -> None:
    yaml_lines = "build: {reviewed_only: true, configs: [default, figures], splits: {train: 1, validation: 0, test: 0}}"
    root = new_corpus(tmp_path / "c", [document(n) for n in range(3)], yaml=yaml_lines, own={"stance": STANCE})
    build_dataset(root, tmp_path / "d")
    assert told(check(tmp_path / "d", root)) == ""


def test_what_is_found_is_told_with_its_place(dataset: Path, corpus: Path) -> None:
    path = files(dataset, "default")[0]
    rows = pq.read_table(path).to_pylist()
    nth = next(n for n, row in enumerate(rows) if row["actors"])
    rows[nth]["actors"][2]["kind"] = "group"
    store(path, rows)
    stamp(dataset)
    [found] = check(dataset, corpus)
    assert found.pointer == f"/{nth}/actors/2/kind"
    assert found.document == rows[nth]["id"]
    assert found.message == f'{rows[nth]["id"]}: kind of actors a3 is "group", the document says "person"'


def test_a_rejected_annotation_in_the_dataset_is_called_that(dataset: Path, corpus: Path) -> None:
    path = files(dataset, "default")[0]
    rows = pq.read_table(path).to_pylist()
    row = next(row for row in rows if row["actors"])
    row["actors"].append({**row["actors"][0], **place("disaster"), "fragments": [], "id": "a7"})
    store(path, rows)
    stamp(dataset)
    [found] = check(dataset, corpus)
    assert (found.code, "was rejected" in found.message) == ("EXP405", True)


@pytest.mark.parametrize("name", ["manifest.json", "README.md", "default/train-00000-of-00001.parquet"])
@pytest.mark.parametrize("how", ["cut", "empty", "noise", "gone"])
def test_files_that_cannot_be_read_are_findings(name: str, how: str, dataset: Path, corpus: Path) -> None:
    path = dataset / name
    data = path.read_bytes()
    path.write_bytes({"cut": data[: len(data) // 2], "empty": b"", "noise": b"\xff\x00\r\n" * 99, "gone": b""}[how])
    if how == "gone":
        path.unlink()
    found = check(dataset, corpus)
    codes = {d.code for d in found}
    assert codes & {"EXP101", "EXP102", "EXP104"}, told(found)
    if how != "gone":
        assert "EXP101" in codes or (name, how) == ("README.md", "cut"), told(found)
    check(dataset, None)


@pytest.mark.parametrize("seed", range(40))
def test_noise_anywhere_never_raises(seed: int, dataset: Path, corpus: Path) -> None:
    rng = random.Random(seed)
    path = rng.choice([*files(dataset), dataset / "README.md", dataset / "manifest.json"])
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice([1, 5, 50])):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(data)
    found = check(dataset, corpus)
    assert {d.code for d in found} & {"EXP101", "EXP104"} or path.name == "manifest.json", told(found)


@pytest.mark.parametrize("kind", [pa.int64(), pa.string(), pa.list_(pa.string()), pa.binary(), pa.null()])
def test_columns_of_another_type_are_findings(kind: pa.DataType, dataset: Path, corpus: Path) -> None:
    for path in files(dataset):
        table = pq.read_table(path)
        columns = {name: pa.nulls(table.num_rows, kind) for name in table.column_names}
        pq.write_table(pa.table(columns), path)
    stamp(dataset)
    assert "EXP203" in {d.code for d in check(dataset, corpus)}
    check(dataset, None)


@pytest.mark.parametrize(
    "odd",
    [
        '{"files": 3}', '{"files": [null, 3, {"path": 4}], "rows": [], "left_out": 7}', "[]", "{", "null",
        '{"files": [], "rows": {"default": 3, "x": {"train": null}}}', '{"files": [{"path": "../../../etc/passwd"}]}',
    ],
)  # fmt: skip
def test_odd_manifests_are_findings(odd: str, dataset: Path, corpus: Path) -> None:
    (dataset / "manifest.json").write_text(odd, encoding="utf-8")
    assert check(dataset, corpus)


@pytest.mark.parametrize(
    "odd",
    [
        "---\nconfigs: 3\ndataset_info: [4, {features: 5}, {features: [6, {name: 7}], splits: [8]}]\n---\n",
        "---\ndataset_info: {features: [{name: a, list: {}}], splits: {a: b}}\n---\n",
        "---\nconfigs: [{data_files: [1, {path: 2}]}]\n---\n",
        "---\n[\n---\n", "---\na: &a [*a]\n---\n", "# no head\n", "",
        "---\n- 1\n---\n", "---\ndataset_info: !!python/object:os.system {}\n---\n",
    ],
)  # fmt: skip
def test_odd_cards_are_findings(odd: str, dataset: Path, corpus: Path) -> None:
    (dataset / "README.md").write_text(odd, encoding="utf-8")
    stamp(dataset, rows=False)
    assert {d.code for d in check(dataset, corpus)} & {"EXP101", "EXP201", "EXP202", "EXP203"}


def test_no_folder_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="is no folder"):
        list(check_export(tmp_path / "none"))


def test_checks_are_documented_sorted_and_all_planted() -> None:
    codes = [one.code for one in EXPORT_CHECKS]
    assert codes == sorted(set(codes))
    assert set(codes) - {"EXP101", "EXP305"} == DEFECTS.keys()  # EXP305: tests/build/test_rehydrate.py
    for one in EXPORT_CHECKS:
        assert one.run.__name__ == one.name.replace("-", "_")
        first, *parts = re.split(r"\n\s*\n", one.run.__doc__ or "")
        assert first.strip().endswith(".")
        assert [part.strip().split(":")[0] for part in parts] == ["Why it matters", "Bad", "Good"]
