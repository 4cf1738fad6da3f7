"""`corpus-tool shard`: another way to store the same documents."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from convert_shards.articles import HARBOUR, OTTER, STORM, Convert, ids, put_lines, tree

from corpus_tool.build.dataset import build_dataset
from corpus_tool.layout import format_paths
from corpus_tool.model import CorpusToolError
from corpus_tool.model.swap import new_folder, old_folder
from corpus_tool.read.faults import ReadError
from corpus_tool.reshard import ShardReport, shard_corpus
from corpus_tool.validate import validate_paths

EXAMPLE = Path(__file__).parents[2] / "corpus"
Json = dict[str, Any]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "corpus", ignore=shutil.ignore_patterns(".corpus-tool"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "corpus_tool", "shard", *arguments]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8")


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"])
def test_there_and_back_gives_the_same_bytes(kind: str, example: Path) -> None:
    (example / "annotators" / "ada").mkdir(parents=True)
    shutil.copy(next((example / "documents").iterdir()), example / "annotators" / "ada")
    (example / "set-aside").mkdir()
    (example / "set-aside" / "x.jsonl").write_text("{}\n")
    (example / "documents" / "notes").mkdir()
    (example / "documents" / "notes" / "READ ME 😀.md").write_text("kept")
    before = tree(example)
    report = shard_corpus(example, to=kind, documents=10)
    assert report == ShardReport(24, 3, 24)
    assert [len(own) for own in ids(example).values()] == [10, 10, 4]
    outside = {name: data for name, data in tree(example).items() if not name.startswith("documents/documents-")}
    assert outside == {name: data for name, data in before.items() if not name.endswith(".json")} | {
        name: data for name, data in before.items() if name.startswith(("annotators/", "documents/notes"))
    }
    assert [f.changed for f in format_paths([example], check=True)] == [False] * 4
    assert [d.code for d in validate_paths([example])] == ["COR503"], "of what was set aside"
    assert shard_corpus(example, to="json").files == 24
    assert tree(example) == before


def test_the_dataset_is_the_same(example: Path, tmp_path: Path) -> None:
    build_dataset(example, tmp_path / "files")
    shard_corpus(example, documents=7)
    build_dataset(example, tmp_path / "shards")
    made = {p.relative_to(tmp_path / "files"): p.read_bytes() for p in (tmp_path / "files").rglob("*.parquet")}
    assert made == {
        p.relative_to(tmp_path / "shards"): p.read_bytes() for p in (tmp_path / "shards").rglob("*.parquet")
    }
    assert made


def test_the_command_says_what_it_did(example: Path) -> None:
    done = run(str(example), "--documents", "10")
    assert (done.returncode, done.stdout, done.stderr) == (0, "24 documents in 3 files, before in 24 files\n", "")
    done = run(str(example), "--to", "json", "--json")
    assert json.loads(done.stdout) == {"documents": 24, "files": 24, "files_before": 3}
    done = run(str(example / "articles"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


BROKEN = [
    ('{"id": "x"}', "is not a valid document"),
    ("no JSON", "is not a valid document"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_a_corpus_with_a_document_that_cannot_be_read_stays_as_it_is(
    text: str, says: str, corpus: Path, raw_document: Callable[..., Json]
) -> None:
    good = json.dumps(raw_document("good", STORM), ensure_ascii=False)
    (corpus / "documents" / "a.jsonl").write_text(f"{good}\n{text}\n", encoding="utf-8")
    before = tree(corpus)
    with pytest.raises(ReadError, match=says) as raised:
        shard_corpus(corpus)
    assert (raised.value.diagnostic.code, raised.value.diagnostic.line) == ("COR020", 2)
    assert tree(corpus) == before
    assert sorted(path.name for path in corpus.iterdir()) == [".corpus-tool", "corpus.yaml", "documents"]
    done = run(str(corpus))
    assert done.returncode == 1
    assert "a.jsonl:2:1 COR020 is not a valid document; nothing was changed" in done.stderr


def test_a_number_that_could_not_be_written_back_is_refused(corpus: Path, raw_document: Callable[..., Json]) -> None:
    text = json.dumps(raw_document("good", STORM, entities=[])).replace(
        '"entities": []', '"entities": [], "entities": []'
    )
    (corpus / "documents" / "good.json").write_text(text)
    with pytest.raises(ReadError):
        shard_corpus(corpus)
    assert ids(corpus)


def test_an_id_that_stands_twice_is_refused(corpus: Path, raw_document: Callable[..., Json]) -> None:
    for name, text in (("a", STORM), ("b", OTTER)):
        (corpus / "documents" / f"{name}.jsonl").write_text(json.dumps(raw_document("same", text)) + "\n")
    before = tree(corpus)
    with pytest.raises(ReadError, match="has the id 'same' too"):
        shard_corpus(corpus, to="json")
    assert tree(corpus) == before


def test_misuse_is_refused(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="holds no documents"):
        shard_corpus(corpus)
    with pytest.raises(CorpusToolError, match="no kind of shard"):
        shard_corpus(corpus, to="xml")
    with pytest.raises(CorpusToolError, match="one document or more"):
        shard_corpus(corpus, documents=0)
    (corpus / "documents").rename(tmp_path / "elsewhere")
    (corpus / "documents").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CorpusToolError, match="symbolic link"):
        shard_corpus(corpus)


def test_what_somebody_writes_meanwhile_is_not_lost(
    corpus: Path, raw_document: Callable[..., Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (corpus / "documents" / f"{name}.json").write_text(json.dumps(raw_document(name, STORM + name)))
    sync = os.sync

    def sync_and_edit() -> None:
        sync()
        (corpus / "documents" / "b.json").write_text(json.dumps(raw_document("b", HARBOUR)))

    monkeypatch.setattr(os, "sync", sync_and_edit)
    with pytest.raises(CorpusToolError, match="was changed"):
        shard_corpus(corpus)
    assert json.loads((corpus / "documents" / "b.json").read_bytes())["text"] == HARBOUR
    monkeypatch.undo()
    shard_corpus(corpus)
    assert ids(corpus) == {"documents-00000.jsonl.zst": ["a", "b"]}


def test_a_swap_that_was_cut_off_is_finished_by_whoever_looks(corpus: Path, raw_document: Callable[..., Json]) -> None:
    folder = corpus / "documents"
    (folder / "a.json").write_text(json.dumps(raw_document("a", STORM)))
    shutil.copytree(folder, new_folder(folder))
    folder.rename(old_folder(folder))
    done = subprocess.run(
        [sys.executable, "-m", "corpus_tool", "stats", str(corpus), "--json"], check=False, capture_output=True
    )
    assert json.loads(done.stdout)["documents"] == 1
    assert (folder / "a.json").exists()
    shard_corpus(corpus)
    assert not old_folder(folder).exists()


def test_articles_of_shards_that_were_stored_anew_are_not_written_twice(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    raw = put_lines(tmp_path / "wire.jsonl", {"one": STORM, "two": OTTER})
    convert(raw)
    shard_corpus(corpus)
    report = convert(raw)
    assert {d.name for d in report.diagnostics} == {"article-twice"}
    assert ids(corpus) == {"documents-00000.jsonl.zst": ["one", "two"]}
    assert [shard.was_done for shard in convert(raw).shards] == [True]
