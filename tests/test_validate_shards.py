"""Validating what lies in shards, compressed ones too, in folders without a corpus, and on standard input."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents
from corpus_tool.validate import validate_paths

Json = dict[str, Any]
RawDocument = Callable[..., Json]
NewCorpus = Callable[..., Path]
RunMain = Callable[..., Any]

TEXT = "Zoë 😀 left 港口.\n“Why?” שרה asked."


def zst(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data))


COMPRESS = {"": bytes, ".gz": gzip.compress, ".zst": zst}


def found_in(path: Path) -> list[tuple[str, int]]:
    return [(d.name, d.line) for d in validate_paths([path])]


@pytest.fixture
def rows(raw_document: RawDocument) -> list[bytes]:
    """Three documents a line, an empty line between; the last has a span that is off by one."""
    off = {"id": "a1", "start": 1, "end": 4, "text": "Zoë", "kind": "person"}
    documents = [
        raw_document("one", TEXT),
        raw_document("two", TEXT + " 2"),
        raw_document("off", TEXT + " 3", layers={"actors": [off]}),
    ]
    lines = [json.dumps(document, ensure_ascii=False).encode() for document in documents]
    return [lines[0], b"  ", *lines[1:]]


@pytest.mark.parametrize("ending", COMPRESS)
@pytest.mark.parametrize("kind", [".jsonl", ".ndjson"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_shard_is_checked_line_by_line(
    ending: str, kind: str, line_end: bytes, rows: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / f"shard{kind}{ending}"
    path.write_bytes(COMPRESS[ending](line_end.join(rows)))
    assert found_in(path) == [("text-differs", 4)]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_shard_of_several_compressed_parts_is_read_to_its_end(ending: str, rows: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / f"shard.jsonl{ending}"
    path.write_bytes(b"".join(COMPRESS[ending](row + b"\n") for row in rows))
    assert found_in(path) == [("text-differs", 4)]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("harm", ["cut", "flip", "plain"])
def test_a_damaged_shard_is_a_finding(ending: str, harm: str, rows: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / f"shard.jsonl{ending}"
    whole = COMPRESS[ending](b"\n".join(rows))
    middle = len(whole) // 2
    data = {
        "cut": whole[:middle],
        "flip": whole[:middle] + bytes(b ^ 0x55 for b in whole[middle : middle + 20]) + whole[middle + 20 :],
        "plain": b"\n".join(rows),
    }[harm]
    path.write_bytes(data)
    names = [name for name, _ in found_in(path)]
    if (ending, harm) == (".zst", "flip"):  # this kind of data may hold no checksum: then its lines are wrong
        assert names
        assert set(names) <= {"shard-damaged", "not-utf8", "invalid-json", "text-sha256-differs"}
    else:
        assert "shard-damaged" in names


def test_shards_and_files_of_a_corpus_are_checked_and_read_together(
    new_corpus: NewCorpus, raw_document: RawDocument, rows: list[bytes], tmp_path: Path
) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("zoë-alone".replace("ë", "e"), TEXT + " 4")])
    (root / "documents" / "more.jsonl.gz").write_bytes(gzip.compress(b"\n".join(rows[:3])))
    assert found_in(root) == []
    assert [document.id for document in iter_documents(open_corpus(root))] == ["one", "two", "zoe-alone"]
    (root / "documents" / "one.json").write_bytes(rows[0])
    assert [name for name, _ in found_in(root) if name.startswith("document")] == ["document-id-twice"]


def test_a_folder_of_documents_is_checked_with_the_corpus_around_it_or_without_one(
    new_corpus: NewCorpus, rows: list[bytes], tmp_path: Path
) -> None:
    root = new_corpus(tmp_path / "c", yaml="ignore:\n  - {code: SPN103, reason: old offsets}\n")
    for folder in (root / "documents", tmp_path / "loose"):
        folder.mkdir(exist_ok=True)
        (folder / "off.json").write_bytes(rows[3])
        (folder / "rest.jsonl").write_bytes(b"\n".join(rows[:3]))
    assert found_in(root / "documents") == []
    assert found_in(tmp_path / "loose") == [("text-differs", 1)]


def test_a_folder_without_documents_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match=r"no corpus\.yaml and no document"):
        found_in(tmp_path)


def test_standard_input_holds_a_document_or_documents_a_line(rows: list[bytes], run_main: RunMain) -> None:
    laid_out = json.dumps(json.loads(rows[3]), indent=1).encode()
    for stdin, documents in {b"\n".join(rows): 3, b"\r\n".join(rows[2:]): 2, rows[3]: 1, laid_out: 1}.items():
        ran = run_main("validate", "-", stdin=stdin)
        assert ran.status == 1
        assert "text-differs" in ran.out
        assert ran.out.endswith(f"{documents} document{'s' * (documents > 1)} checked: 1 error\n")


@pytest.mark.parametrize("stdin", [b"", b"\n", b"[]", b"{", b'{"a": 1}\n{', b"\xff\xfe", b"null\n{}"])
def test_whatever_stands_on_standard_input_is_told_not_raised(stdin: bytes, run_main: RunMain) -> None:
    ran = run_main("validate", "-", stdin=stdin)
    assert ran.status == 1
    assert "Traceback" not in ran.out + ran.err


def test_two_processes_find_the_same_in_the_same_order(
    new_corpus: NewCorpus, raw_document: RawDocument, tmp_path: Path
) -> None:
    event = {"id": "v1", "start": 0, "end": 3, "text": "Zoë", "sort": "party"}
    own = {"events": {"type": "object", "properties": {"sort": {"enum": ["storm", "fire"]}}}}
    documents = [
        raw_document(f"d{i:03}", f"{TEXT} {i}", layers={"events": [event] if i % 3 else []}) for i in range(150)
    ]
    root = new_corpus(tmp_path / "c", documents, own=own)

    def found(jobs: int) -> list[Diagnostic]:
        return list(validate_paths([root], jobs=jobs))

    one = found(1)
    assert len([d for d in one if d.name == "unknown-value"]) == 100
    assert found(2) == one


def test_one_id_in_two_files_that_were_named_one_by_one_is_told(raw_document: RawDocument, tmp_path: Path) -> None:
    raw = raw_document("one", TEXT)
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(json.dumps(raw))
    found = list(validate_paths([tmp_path / "a.jsonl", tmp_path / "b.jsonl"]))
    assert [(d.name, Path(d.path).name) for d in found] == [("document-id-twice", "b.jsonl")]
    assert list(validate_paths([tmp_path / "a.jsonl", tmp_path / "a.jsonl"])) == []


def test_the_article_of_a_document_that_cannot_be_read_is_not_called_orphaned(
    new_corpus: NewCorpus, raw_document: RawDocument, tmp_path: Path
) -> None:
    root = new_corpus(tmp_path / "c", [raw_document("one", TEXT, meta={"article": {"path": "articles/one.txt"}})])
    (root / "articles").mkdir()
    for name in ("one", "two"):
        (root / "articles" / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    assert [name for name, _ in found_in(root)] == ["article-without-document"]
    (root / "documents" / "two.jsonl.gz").write_bytes(gzip.compress(b"{}" * 99)[:15])
    assert "shard-damaged" in [name for name, _ in found_in(root)]
    assert "article-without-document" not in [name for name, _ in found_in(root)]
