"""One line of a shard is replaced; all others stay, byte for byte. And `fmt` over shards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from convert_shards.articles import OTTER, STORM, ids

from corpus_tool.fix_files import fix_paths
from corpus_tool.layout import format_paths
from corpus_tool.model import CorpusToolError
from corpus_tool.model.codec import document_from_json, dump_document, dump_line
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.lines import iter_lines
from corpus_tool.shard_files import write_shard
from corpus_tool.shard_lines import replace_documents, shard_digest
from corpus_tool.store import iter_documents

Json = dict[str, Any]
KINDS = ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"]


def line(raw: Json) -> bytes:
    return json.dumps(raw, ensure_ascii=False).encode("utf-8")


def lines(path: Path) -> dict[int, bytes]:
    return dict(iter_lines(path, 10**8))


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_is_replaced_and_the_others_stay(kind: str, tmp_path: Path, raw_document: Callable[..., Json]) -> None:
    path = tmp_path / f"a.{kind}"
    old = [line(raw_document(f"d{i}", f"{STORM}{i}")) for i in range(3)]
    write_shard(path, old)
    new = line(raw_document("d1", OTTER))
    digest = replace_documents(path, {2: new}, shard_digest(path))
    assert lines(path) == {1: old[0], 2: new, 3: old[2]}
    assert digest == shard_digest(path)
    replace_documents(path, {2: old[1]}, digest)
    again = tmp_path / f"again.{kind}"
    write_shard(again, old)
    assert path.read_bytes() == again.read_bytes()


def test_blank_lines_keep_their_numbers(tmp_path: Path, raw_document: Callable[..., Json]) -> None:
    path = tmp_path / "a.jsonl"
    first, second = line(raw_document("a", STORM)), line(raw_document("b", OTTER))
    path.write_bytes(b"\n" + first + b"\n\n\n" + second + b"\n")
    replace_documents(path, {5: first}, shard_digest(path))
    assert path.read_bytes() == b"\n" + first + b"\n\n\n" + first + b"\n"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_changed_is_never_overwritten(
    kind: str, tmp_path: Path, raw_document: Callable[..., Json]
) -> None:
    path = tmp_path / f"a.{kind}"
    write_shard(path, [line(raw_document("a", STORM))])
    digest = shard_digest(path)
    write_shard(path, [line(raw_document("a", OTTER))])
    before = path.read_bytes()
    with pytest.raises(CorpusToolError, match="was changed meanwhile"):
        replace_documents(path, {1: b"{}"}, digest)
    assert path.read_bytes() == before


def test_misuse_leaves_the_file(tmp_path: Path, raw_document: Callable[..., Json]) -> None:
    path = tmp_path / "a.jsonl"
    write_shard(path, [line(raw_document("a", STORM))])
    before = path.read_bytes()
    with pytest.raises(CorpusToolError, match="has no line 2"):
        replace_documents(path, {1: b"{}", 2: b"{}"}, shard_digest(path))
    with pytest.raises(CorpusToolError, match="line end"):
        replace_documents(path, {1: b"{\n}"}, shard_digest(path))
    (tmp_path / "link.jsonl").symlink_to(path)
    with pytest.raises(CorpusToolError, match="symbolic link"):
        replace_documents(tmp_path / "link.jsonl", {1: b"{}"}, shard_digest(path))
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "link.jsonl"]


def untidy(raw: Json) -> bytes:
    """A document with its keys in another order, spaces, and whole numbers with a point."""
    annotation = {"text": raw["text"][:5], "end": 5.0 and 5, "start": 0, "kind": "other", "id": "a1"}
    return line({**dict(reversed(raw.items())), "layers": {"actors": [annotation]}})


@pytest.mark.parametrize("kind", KINDS)
def test_fmt_brings_the_lines_of_a_shard_into_the_layout(
    kind: str, corpus: Path, raw_document: Callable[..., Json]
) -> None:
    path = corpus / "documents" / f"a.{kind}"
    write_shard(path, [untidy(raw_document("a", STORM)), b"no document", untidy(raw_document("b", OTTER))])
    before = path.read_bytes()
    found = list(format_paths([corpus], check=True))
    assert [(f.changed, f.diagnostic and f.diagnostic.line) for f in found] == [(False, 2), (True, None)]
    assert path.read_bytes() == before
    list(format_paths([corpus]))
    layers = open_corpus(corpus).layers
    own = lines(path)
    assert own[2] == b"no document"
    for number in (1, 3):
        document = document_from_json(json.loads(own[number]), layers)
        assert own[number].decode("utf-8") == dump_line(document, layers)
        assert list(json.loads(own[number]))[:2] == ["schema", "id"]
    assert [f.changed for f in format_paths([path])] == [False, False]


def test_a_line_and_a_file_say_the_same() -> None:
    corpus = open_corpus(Path(__file__).parents[2] / "corpus")
    for document in iter_documents(corpus):
        as_line, as_file = dump_line(document, corpus.layers), dump_document(document, corpus.layers)
        assert "\n" not in as_line
        assert list(json.loads(as_line).items()) == list(json.loads(as_file).items())
        assert json.dumps(json.loads(as_file), ensure_ascii=False, separators=(",", ":")) == as_line


@pytest.mark.parametrize("kind", KINDS)
def test_fix_mends_documents_of_every_kind_of_shard(kind: str, corpus: Path, raw_document: Callable[..., Json]) -> None:
    actor = {"id": "a1", "start": 0, "end": 6, "text": "Storm ", "kind": "other"}
    broken = raw_document("b", STORM, layers={"actors": [actor]})
    path = corpus / "documents" / f"a.{kind}"
    write_shard(path, [line(raw_document("a", OTTER)), line(broken)])
    mended = [document for document in fix_paths([corpus]) if document.is_changed]
    assert [document.line for document in mended] == [2]
    assert json.loads(lines(path)[2])["layers"]["actors"][0]["text"] == "Storm"
    assert ids(corpus) == {f"a.{kind}": ["a", "b"]}
