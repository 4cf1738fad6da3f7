"""splits.lock and the tables of splits that users give: read strictly, and written so that branches merge."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus_tool.model import CorpusToolError
from corpus_tool.read.faults import ReadError
from corpus_tool.split_files import read_lock, read_table, write_lock
from corpus_tool.splits import SPLITS


def test_a_lock_is_a_sorted_line_a_document_and_comes_back(tmp_path: Path) -> None:
    assert read_lock(tmp_path, SPLITS) == {}
    splits = {"b.2": "test", "a-1": "train", "a": "validation"}
    write_lock(tmp_path, splits)
    text = (tmp_path / "splits.lock").read_bytes()
    assert text == b"document\tsplit\na\tvalidation\na-1\ttrain\nb.2\ttest\n"
    assert read_lock(tmp_path, SPLITS) == splits
    before = (tmp_path / "splits.lock").stat().st_mtime_ns
    write_lock(tmp_path, dict(reversed(splits.items())))
    assert (tmp_path / "splits.lock").stat().st_mtime_ns == before


def test_a_lock_that_two_branches_made_longer_is_read(tmp_path: Path) -> None:
    """A union merge leaves lines out of order, one of them twice, and the lines of another system end in CR LF."""
    (tmp_path / "splits.lock").write_bytes(b"document\tsplit\r\nc\ttest\r\na\ttrain\r\nc\ttest\r\n")
    assert read_lock(tmp_path, SPLITS) == {"a": "train", "c": "test"}


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        (b"document\tsplit\n<<<<<<< main\na\ttrain\n", 2, "not a document's id, a tab and its split"),
        (b"document\tsplit\na\ttrain\nb\tdev\n", 3, "not a document's id, a tab and its split"),
        (b"a train\n", 1, "not a document's id, a tab and its split"),
        ("حريق\ttrain\n".encode(), 1, "not a document's id, a tab and its split"),
        (b"document\tsplit\n\na\ttrain\n", 2, "not a document's id, a tab and its split"),
        (b"a\ttrain\nb\ttest\na\ttest\n", 3, "a is in train and in test"),
        (b"a\ttrain\n\xff\n", 1, "byte 8 is not UTF-8"),
    ],
)
def test_a_broken_lock_is_told_with_its_line(tmp_path: Path, data: bytes, line: int, told: str) -> None:
    (tmp_path / "splits.lock").write_bytes(data)
    with pytest.raises(ReadError) as error:
        read_lock(tmp_path, SPLITS)
    found = error.value.diagnostic
    assert (found.code, found.line, found.path) == ("COR031", line, str(tmp_path / "splits.lock"))
    assert told in found.message


def test_locks_are_not_read_or_written_through_links(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "corpus"
    root.mkdir()
    outside.write_text("a\ttrain\n")
    (root / "splits.lock").symlink_to(outside)
    with pytest.raises(ReadError, match="leads out of the corpus"):
        read_lock(root, SPLITS)
    with pytest.raises(CorpusToolError, match="symbolic link"):
        write_lock(root, {"b": "test"})
    assert outside.read_text() == "a\ttrain\n"
    (root / "splits.lock").unlink()
    (root / "splits.lock").symlink_to(root / "splits.lock")
    with pytest.raises(ReadError):
        read_lock(root, SPLITS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("splits.csv", "document,split\na,train\nb,dev\n"),
        ("sub/s.csv", '\ufeffsplit,note,document\r\ntrain,"“x”, \n🔥",a\r\ndev,,b\r\n'),
        ("splits.json", '{"a": "train", "b": "dev"}'),
    ],
)
def test_tables_of_splits(tmp_path: Path, name: str, data: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(data, encoding="utf-8", newline="")
    assert read_table(tmp_path, name) == {"a": "train", "b": "dev"}


@pytest.mark.parametrize(
    ("name", "data", "line", "told"),
    [
        ("s.csv", "id,split\na,train\n", 1, "no column 'document'"),
        ("s.csv", "", 1, "no column 'document'"),
        ("s.csv", "document,split\na,train\na,train\n", 3, "'a' stands in it twice"),
        ("s.csv", 'document,split\na,"train\n', 2, "is not CSV"),
        ("s.json", '{"a": "train",\n "a": "test"}', 1, "'a' stands in it twice"),
        ("s.json", '{"a": "train",\n}', 2, "is not JSON"),
        ("s.json", '{"a": 1}', 1, "is not an object of documents' ids and their splits"),
        ("s.json", '{"a": {"b": "train"}}', 1, "is not an object of documents' ids and their splits"),
        ("s.json", '[["a", "train"]]', 1, "is not an object of documents' ids and their splits"),
        ("s.json", "[" * 100_000, 1, "is not"),
        ("s.csv", None, 1, "no such file"),
        ("sub/../../s.csv", None, 1, "leads out of the corpus"),
    ],
)
def test_a_broken_table_is_told(tmp_path: Path, name: str, data: str | None, line: int, told: str) -> None:
    (tmp_path / "sub").mkdir()
    if data is not None:
        (tmp_path / name).write_text(data, encoding="utf-8")
    with pytest.raises(ReadError) as error:
        read_table(tmp_path, name)
    found = error.value.diagnostic
    assert (found.code, found.line, found.path) == ("COR031", line, str(tmp_path / name))
    assert told in found.message
