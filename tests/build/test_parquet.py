"""Parquet files: their shape, shards by size, and the same bytes with any number of processes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from generated import as_line, document

from corpus_tool.build.dataset import build_dataset
from corpus_tool.build.features import features_of
from corpus_tool.build.parquet import TableWriter, pack
from corpus_tool.cli import cli
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIGS
from corpus_tool.model.schemas import built_in_layers, layers_of
from corpus_tool.parity import validate_dataset

New = Callable[..., Path]
Make = Callable[..., dict[str, Any]]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, new_corpus: New) -> Path:
    """Seven hundred generated documents: some in a shard, some in files of their own."""
    root = new_corpus(tmp_path_factory.mktemp("many") / "c", [document(seed) for seed in range(660, 700)])
    lines = (as_line(document(seed, kilobytes=2, spans=8)) + b"\n" for seed in range(660))
    (root / "documents" / "a.jsonl").write_bytes(b"".join(lines))
    return root


@pytest.fixture(scope="module")
def many_built(tmp_path_factory: pytest.TempPathFactory, many: Path) -> Path:
    """Their dataset, in files of 100 kB."""
    out = tmp_path_factory.mktemp("many") / "out"
    report = build_dataset(many, out, shard_bytes=100_000)
    assert not report.refused, report.diagnostics
    return out


def test_files_are_compressed_indexed_and_of_the_features_schema(sample_corpus: Path, sample_dataset: Path) -> None:
    for config in CONFIGS:
        features = features_of(config, layers_of(sample_corpus))
        for path in (sample_dataset / config).iterdir():
            with pq.ParquetFile(path) as file:
                assert file.schema_arrow.equals(features.arrow_schema)
                told = json.loads(file.schema_arrow.metadata[b"huggingface"])
                assert told == {"info": {"features": features.to_dict()}}
                for group in range(file.num_row_groups):
                    for column in range(file.metadata.num_columns):
                        meta = file.metadata.row_group(group).column(column)
                        assert meta.compression == "ZSTD"
                        assert meta.has_offset_index
                        assert meta.has_column_index


#: What every row has, by config, with the columns inside lists of structs written as Arrow flattens them.
NEVER_NULL = {
    "default": ("id", "text", "text_sha256", "authors", "blocks", "entities", "relations", "actors", "locations",
                "figures", "quotes", "stance"),
    "tokens": ("document", "block", "block_kind", "tokens", "starts", "ends", "actors", "locations", "figures"),
    "quotes": ("document", "id", "start", "end", "text", "fragments", "kind", "co_speakers", "before", "after"),
    "figures": ("document", "id", "start", "end", "text"),
}  # fmt: skip


def test_nothing_is_null_that_every_document_has(sample_dataset: Path) -> None:
    inside = {"start", "end", "id", "text", "fragments", "aliases", "links", "register", "co_speakers", "all"}
    for config, columns in NEVER_NULL.items():
        for path in (sample_dataset / config).iterdir():
            table = pq.read_table(path)
            for column in columns:
                assert table[column].null_count == 0, (config, column)
                kind = table[column].type
                if not str(kind).startswith("list<"):
                    continue
                items = table[column].combine_chunks().flatten()
                assert items.null_count == 0, (config, column)
                for name in inside if str(kind.value_type).startswith("struct<") else ():
                    at = kind.value_type.get_field_index(name)
                    assert at < 0 or items.field(at).null_count == 0, (config, column, name)


def test_shards_have_the_size_asked_for_and_together_all_rows_in_order(
    many_built: Path, tmp_path: Path, many: Path, load: Callable[..., Any]
) -> None:
    whole = tmp_path / "whole"
    build_dataset(many, whole)
    assert len(list(whole.rglob("*.parquet"))) == 3 * len(CONFIGS)
    for config in CONFIGS:
        for split in ("train", "validation", "test"):
            shards = sorted((many_built / config).glob(f"{split}-*.parquet"))
            count = len(shards)
            assert [path.name for path in shards] == [f"{split}-{n:05}-of-{count:05}.parquet" for n in range(count)]
            rows = [row for path in shards for row in pq.read_table(path).to_pylist()]
            assert rows == pq.read_table(whole / config / f"{split}-00000-of-00001.parquet").to_pylist()
    sizes = [path.stat().st_size for path in (many_built / "default").glob("train-*.parquet")]
    assert len(sizes) > 3
    assert max(sizes) < 200_000  # the footer, large with so many columns, comes on top
    assert sum(size > 40_000 for size in sizes) >= len(sizes) - 1
    loaded = load(many_built, "default")
    assert sum(split.num_rows for split in loaded.values()) == 700
    manifest = json.loads((many_built / "manifest.json").read_text(encoding="utf-8"))
    assert {name: split.num_rows for name, split in loaded.items()} == manifest["rows"]["default"]


def test_a_dataset_in_shards_passes_every_check_against_its_corpus(many: Path, many_built: Path) -> None:
    assert [d for d in validate_dataset(many_built, many) if d.severity == "error"] == []


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_bytes_are_the_same_with_any_number_of_processes(
    tmp_path: Path, many: Path, many_built: Path, jobs: int
) -> None:
    build_dataset(many, tmp_path / "out", shard_bytes=100_000, jobs=jobs)
    assert contents(tmp_path / "out") == contents(many_built)


def test_what_a_process_cannot_write_is_told_as_one_process_tells_it(
    tmp_path: Path, new_corpus: New, raw_document: Make
) -> None:
    layers = {"mood": [{"id": "m1", "start": 0, "end": 1, "text": "A", "n": 2**70}]}
    own = {"mood": {"type": "object", "properties": {"n": {"type": "integer"}}}}
    root = new_corpus(tmp_path / "c", [raw_document("a", "A", layers=layers)], own=own)
    told = set()
    for jobs in (1, 2):
        with pytest.raises(CorpusToolError, match="config default: a value does not fit column mood") as refused:
            build_dataset(root, tmp_path / "out", jobs=jobs)
        told.add(str(refused.value))
    assert len(told) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["c"]
    with pytest.raises(CorpusToolError, match="0 processes"):
        build_dataset(root, tmp_path / "out", jobs=0)


def test_row_groups_hold_20_000_rows_or_fewer_where_rows_are_large(tmp_path: Path) -> None:
    features = features_of("quotes", built_in_layers())
    row = {name: [] if name in {"fragments", "co_speakers"} else None for name in features}
    writer = TableWriter(tmp_path, "quotes", features, 250_000_000)
    for number in range(45):
        writer.write("train", pack("quotes", features, [{**row, "text": f"“{number}” é🙂"}] * 1000))
    for number in range(30):
        writer.write("test", pack("quotes", features, [{**row, "text": f"{number} " + "字" * 10_000}] * 150))
    writer.close()
    (train,), (test,) = writer.paths("train"), writer.paths("test")
    groups = [pq.ParquetFile(train).metadata.row_group(n).num_rows for n in range(3)]
    assert groups == [20_000, 20_000, 5_000]
    metadata = pq.ParquetFile(test).metadata
    assert metadata.num_row_groups > 1
    assert all(metadata.row_group(n).num_rows * 30_000 < 70_000_000 for n in range(metadata.num_row_groups))
    assert writer.rows == {"train": 45_000, "test": 4_500}


@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_a_row_with_other_columns_than_the_features_is_refused(change: str) -> None:
    features = features_of("quotes", built_in_layers())
    row = dict.fromkeys([*features, "möod"] if change == "unknown" else list(features)[1:])
    with pytest.raises(CorpusToolError, match=r"a row and the features differ in (document|möod)$"):
        pack("quotes", features, [row])


@pytest.fixture
def small(tmp_path: Path, new_corpus: New, sample_document: Make) -> Path:
    """Three documents with everything."""
    raws = [sample_document(number) for number in range(3)]
    for raw in raws:
        del raw["layers"]["stance"]
    return new_corpus(tmp_path / "c", raws, yaml="ignore:\n  - {code: SPL, reason: one text many times}\n")


def build(root: Path, out: Path, *options: str) -> str:
    run = CliRunner().invoke(cli, ["build", str(root), "--out", str(out), *options])
    assert run.exit_code == 0, run.output
    return run.stdout


def test_an_unchanged_corpus_is_not_built_again(tmp_path: Path, small: Path) -> None:
    out = tmp_path / "out"
    first = build(small, out)
    before, made = contents(out), out.stat().st_ino
    again = build(small, out)
    assert "is up to date" not in first
    assert again.splitlines()[0] == f"{out} is up to date: same corpus, same versions; --force builds it again"
    assert again.splitlines()[1:] == first.splitlines()
    assert out.stat().st_ino == made
    assert build(small, out, "--force") == first
    assert out.stat().st_ino != made
    assert contents(out) == before
    assert json.loads(build(small, out, "--json"))["current"] is True


CHANGES: dict[str, Callable[[Path, Path], object]] = {
    "a document": lambda root, out: _edit(root / "documents" / "d01.json", "№ 1", "№ 2"),
    "corpus.yaml": lambda root, out: _edit(root / "corpus.yaml", "version: 1.0.0", "version: 1.0.1"),
    "a file of the dataset": lambda root, out: _edit(out / "README.md", "Splits", "splits"),
    "a file that is gone": lambda root, out: next((out / "default").iterdir()).unlink(),
    "another tool": lambda root, out: _edit(out / "manifest.json", '"tool": "corpus-tool ', '"tool": "corpus-tool 9.'),
    "other code": lambda root, out: _edit(out / "manifest.json", '"code_sha256": "', '"code_sha256": "0'),
    "another library": lambda root, out: _edit(out / "manifest.json", '"pyarrow": "', '"pyarrow": "9'),
    "a manifest without a key": lambda root, out: _edit(out / "manifest.json", '"inputs_sha256"', '"inputs"'),
}


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_builds_again(tmp_path: Path, small: Path, change: Callable[[Path, Path], object]) -> None:
    out = tmp_path / "out"
    build_dataset(small, out)
    change(small, out)
    assert not build_dataset(small, out).is_current
    assert [d for d in validate_dataset(out, small) if d.severity == "error"] == []
    assert build_dataset(small, out).is_current


def test_another_size_of_shards_builds_again(tmp_path: Path, small: Path) -> None:
    build_dataset(small, tmp_path / "out")
    assert not build_dataset(small, tmp_path / "out", shard_bytes=200_000_000).is_current
    assert "up to date" in build(small, tmp_path / "out", "--max-shard-size", "200MB")


@pytest.mark.parametrize("size", ["", "many", "-1MB", "1KB", "5 parsecs", "1e9"])
def test_a_shard_size_that_is_none_is_misuse(small: Path, size: str) -> None:
    run = CliRunner().invoke(cli, ["build", str(small), "--max-shard-size", size])
    assert run.exit_code == 2
    assert "100KB or more" in run.stderr


def test_a_dry_run_tells_the_rows_and_writes_nothing(tmp_path: Path, small: Path) -> None:
    before = contents(tmp_path)
    told = build(small, tmp_path / "out" / "d", "--dry-run").splitlines()
    assert contents(tmp_path) == before
    assert not (tmp_path / "out").exists()
    assert told[0] == f"nothing was written; a build would write into {tmp_path}/out/d:"
    assert told[1:] == build(small, tmp_path / "out" / "d").splitlines()[:-1]
    (tmp_path / "out" / "d").rename(tmp_path / "out" / ".d.old")  # as a killed build leaves it
    before = contents(tmp_path)
    build(small, tmp_path / "out" / "d", "--dry-run", "--jobs", "2")
    assert contents(tmp_path) == before
