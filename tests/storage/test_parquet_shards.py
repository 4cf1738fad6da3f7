"""Documents in Parquet: checked, mended and built as those of a shard of lines are."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from generated import as_line, document

from corpus_tool.build.dataset import build_dataset
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.fix_files import fix_paths
from corpus_tool.read.lines import iter_lines
from corpus_tool.shard_files import write_shard
from corpus_tool.store import iter_documents
from corpus_tool.validate import validate_paths

Json = dict[str, Any]


def documents(count: int) -> list[Json]:
    """Documents of which none is like another; 41 names other words than stand there, 55 marks a space too much."""
    made = [json.loads(as_line(document(seed, kilobytes=2, spans=8))) for seed in range(count)]
    for raw in made:
        raw["text"] = raw["text"] + "\n“Fire 🔥” (نَمِل חיפה) №\u00a03, said e\u0301l-Di\u0301n of 李娜.\n"
        raw["text_sha256"] = hashlib.sha256(raw["text"].encode()).hexdigest()
    made[41]["layers"]["actors"][0]["text"] += "?"
    space = made[55]["text"].index(" 🔥”")
    made[55]["layers"]["actors"].append(
        {"id": "x1", "start": space, "end": space + 2, "text": " 🔥", "kind": "other", "mention": "name"}
    )
    made[66]["text_sha256"] = "0" * 64
    return made


@pytest.fixture
def two(tmp_path: Path, new_corpus: Callable[..., Path]) -> tuple[Path, Path]:
    """The same documents in a shard of lines and in one of Parquet; some have findings."""
    corpora = tmp_path / "lines" / "c", tmp_path / "parquet" / "c"
    lines = [json.dumps(raw, ensure_ascii=False).encode() for raw in documents(100)]
    lines[77] = b'{"id": "cut off'
    for root, name in zip(corpora, ("news.jsonl", "news.parquet"), strict=True):
        new_corpus(root)
        write_shard(root / "documents" / name, lines)
    return corpora


def told(found: list[Diagnostic]) -> list[tuple[Any, ...]]:
    return [(d.code, d.line, d.column, d.pointer, d.message, d.document) for d in found]


def test_findings_are_those_of_lines(two: tuple[Path, Path]) -> None:
    """A row's number stands for a line's."""
    lines, parquet = (list(validate_paths([root])) for root in two)
    assert {42, 67, 78} <= {d.line for d in parquet}
    assert told(parquet) == told(lines)
    assert {d.path for d in parquet if d.line == 42} == {str(two[1] / "documents" / "news.parquet")}
    assert told(list(validate_paths([two[1]], jobs=2))) == told(lines)


def test_fixing_gives_what_fixing_lines_gives(two: tuple[Path, Path]) -> None:
    for root in two:
        assert any(document.is_changed for document in fix_paths([root]))
    lines, parquet = (list(iter_lines(next((root / "documents").iterdir()), 10**6)) for root in two)
    assert parquet == lines
    assert len(parquet) == 100


def test_the_dataset_is_that_of_lines(two: tuple[Path, Path], tmp_path: Path) -> None:
    for root in two:
        shard = next((root / "documents").iterdir())
        good = [line for number, line in iter_lines(shard, 10**6) if number not in {42, 67, 78}]
        write_shard(shard, good)
        assert len(list(iter_documents(_opened(root)))) == 97
        report = build_dataset(root, root.parent / "dist")
        assert not report.refused, report.diagnostics
    lines, parquet = (
        {p.relative_to(top): p.read_bytes() for p in top.rglob("*.parquet")} for top in (r.parent / "dist" for r in two)
    )
    assert parquet == lines


def _opened(root: Path) -> Any:
    from corpus_tool.read.corpus import open_corpus

    return open_corpus(root)


def write_table(path: Path, **columns: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), path)


def columns(**more: Any) -> Json:
    import pyarrow as pa

    return {"id": pa.array(["a"]), "document": pa.array(["{}"]), **more}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ["x"]}, "has the columns id (string), document (string), text (string)"),
        ({"id": [7]}, "has the columns id (int64), document (string)"),
        ({"document": [b"{}"]}, "has the columns id (string), document (binary)"),
        ({"document": [{"id": "a"}]}, "has the columns id (string), document (struct<id: string>)"),
        (None, "has the columns document (string)"),
    ],
)
def test_other_columns_are_one_finding(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Json], change: Json | None, words: str
) -> None:
    """The other files are checked all the same."""
    root = new_corpus(tmp_path / "c", [raw_document("bad", "x\n", text_sha256="0" * 64)])
    table = columns(**change) if change is not None else {"document": ["{}"]}
    write_table(root / "documents" / "a.parquet", **table)
    found = [d for d in validate_paths([root]) if d.code in {"COR062", "TXT202"}]
    assert [(d.code, Path(d.path).name) for d in found] == [("COR062", "a.parquet"), ("TXT202", "bad.json")]
    assert found[0].message == words
    assert build_dataset(root, tmp_path / "dist").refused


def test_a_file_of_a_dataset_is_no_shard(two: tuple[Path, Path], tmp_path: Path) -> None:
    root = two[0]
    write_shard(root / "documents" / "news.jsonl", [line for n, line in _lines(root) if n < 40])
    assert not build_dataset(root, tmp_path / "dist").refused
    shutil.copy(next((tmp_path / "dist" / "default").iterdir()), root / "documents" / "b.parquet")
    assert [d.code for d in validate_paths([root]) if d.path.endswith("b.parquet")] == ["COR062"]


def _lines(root: Path) -> list[tuple[int, bytes]]:
    return list(iter_lines(next((root / "documents").iterdir()), 10**6))


def test_large_strings_are_strings(tmp_path: Path) -> None:
    import pyarrow as pa

    path = tmp_path / "a.parquet"
    write_table(path, document=pa.array(["{}", "[]"], pa.large_string()), id=pa.array(["a", "b"]))
    assert list(iter_lines(path, 100)) == [(1, b"{}"), (2, b"[]")]


def test_a_document_over_several_lines_is_one_row(tmp_path: Path, raw_document: Callable[..., Json]) -> None:
    """Positions are those in the row: a line end between values counts as a character."""
    path = tmp_path / "a.parquet"
    document = json.dumps(raw_document("a", "one\ntwo 🔥\n"), indent=2, ensure_ascii=False).replace("\n", "\r\n")
    write_table(path, id=["a"], document=[document])
    [(number, line)] = iter_lines(path, 10**6)
    assert (number, json.loads(line)) == (1, json.loads(document))
    assert b"\n" not in line
    assert len(line) == len(document.encode())


def test_an_empty_row_is_no_document_and_is_told(tmp_path: Path, new_corpus: Callable[..., Path]) -> None:
    root = new_corpus(tmp_path / "c")
    write_table(root / "documents" / "a.parquet", id=["a", "b", None], document=[None, " \n", ""])
    found = [d for d in validate_paths([root]) if d.path.endswith("a.parquet")]
    assert [(d.line, d.code[:3]) for d in found] == [(1, "DOC"), (2, "DOC"), (3, "DOC")]


@pytest.mark.parametrize("keep", [0, 3, 200, -9])
def test_a_damaged_file_is_told_and_the_rest_goes_on(two: tuple[Path, Path], keep: int) -> None:
    root = two[1]
    path = root / "documents" / "news.parquet"
    write_shard(root / "documents" / "other.jsonl", [b'{"id": "x"}'])
    path.write_bytes(path.read_bytes()[:keep])
    found = list(validate_paths([root]))
    assert [(d.code, d.line) for d in found if d.path == str(path)] == [("COR027", 1)]
    assert any(d.path.endswith("other.jsonl") for d in found)


def test_damage_in_the_middle_is_told_with_its_row(tmp_path: Path, new_corpus: Callable[..., Path]) -> None:
    """Rows before it are checked; the row is that behind the last one that could be read."""
    import pyarrow.parquet as pq

    root = new_corpus(tmp_path / "c")
    path = root / "documents" / "a.parquet"
    write_shard(path, [b'{"id":"%d","text":"%s"}' % (n, bytes(str(n), "ascii") * 20_000) for n in range(400)])
    group = pq.ParquetFile(path).metadata.row_group(1).column(1)
    data = bytearray(path.read_bytes())
    at = group.data_page_offset + group.total_compressed_size // 2
    data[at : at + 8] = b"\xff" * 8
    first = pq.ParquetFile(path).metadata.row_group(0).num_rows
    path.write_bytes(data)
    found = [d for d in validate_paths([root]) if d.code == "COR027"]
    assert len(found) == 1
    assert found[0].line > first
    assert {d.line for d in validate_paths([root]) if d.code != "COR027"} >= set(range(1, first + 1))


def test_a_row_larger_than_any_document_is_told(tmp_path: Path) -> None:
    from corpus_tool.read.faults import ReadError

    path = tmp_path / "a.parquet"
    write_shard(path, [b"{}", b'"' + b"x" * 1_000_001 + b'"'])
    reading = iter_lines(path, 1_000_000)
    assert next(reading) == (1, b"{}")
    with pytest.raises(ReadError) as refused:
        next(reading)
    assert (refused.value.diagnostic.code, refused.value.diagnostic.line) == ("COR014", 2)
