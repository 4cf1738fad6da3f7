"""Fixing files: in place and whole, in every kind of file, and never one that is not ours to write."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from generated import as_bytes, as_line, document

from corpus_tool import fix_files
from corpus_tool.fix_files import FixedDocument, fix_paths
from corpus_tool.model import CorpusToolError
from corpus_tool.selection import Selection

Raw = dict[str, Any]

TEXT = "Zoë 😀 met José in Oran."


def _actor(words: str, text: str = TEXT) -> Raw:
    start = text.index(words)
    return {"id": "a1", "start": start, "end": start + len(words), "text": words, "kind": "person"}


@pytest.fixture
def damaged(raw_document: Callable[..., Raw]) -> Callable[..., Raw]:
    """``damaged(id)``: a document with white space at the edge of its one span."""
    return lambda name: raw_document(name, TEXT, layers={"actors": [_actor(" José ")]})


def _text_of(data: bytes) -> str:
    words: str = json.loads(data)["layers"]["actors"][0]["text"]
    return words


def test_a_corpus_is_mended_with_the_folders_of_its_annotators(
    tmp_path: Path, new_corpus: Callable[..., Path], damaged: Callable[..., Raw]
) -> None:
    root = new_corpus(tmp_path / "c", [damaged("one"), damaged("two")])
    (root / "annotators" / "ana").mkdir(parents=True)
    (root / "annotators" / "ana" / "one.json").write_text(json.dumps(damaged("one")), encoding="utf-8")
    files = [root / "documents" / "one.json", root / "documents" / "two.json", root / "annotators" / "ana" / "one.json"]
    before = [file.read_bytes() for file in files]
    shown = list(fix_paths([root], diff=True))
    assert [file.read_bytes() for file in files] == before
    done = list(fix_paths([root]))
    assert shown == done
    assert [(item.path, item.is_changed) for item in done] == [(str(file), True) for file in files]
    assert [file.read_bytes() for file in files] == [item.fixed.data for item in done]
    assert {_text_of(file.read_bytes()) for file in files} == {"José"}
    assert not any(item.is_changed for item in fix_paths([root]))


def test_the_diff_is_one_that_patch_applies(tmp_path: Path, damaged: Callable[..., Raw]) -> None:
    patch = shutil.which("patch")
    if patch is None:
        pytest.skip("needs patch")
    one, shard = tmp_path / "one.json", tmp_path / "a.jsonl"
    one.write_text(json.dumps(damaged("one"), ensure_ascii=False, indent=1), encoding="utf-8")
    rows = [json.dumps(damaged(name), ensure_ascii=False) for name in ("b", "c")]
    shard.write_text("\n\n".join(rows) + "\n", encoding="utf-8")
    for path in (one, shard):
        told = "".join(item.diff for item in fix_paths([path], diff=True))
        patched = tmp_path / f"patched-{path.name}"
        patched.write_bytes(path.read_bytes())
        subprocess.run([patch, str(patched)], input=told.encode(), check=True, capture_output=True)
        list(fix_paths([path]))
        assert patched.read_bytes() == path.read_bytes()


def test_what_a_corpus_ignores_is_left_alone(
    tmp_path: Path, new_corpus: Callable[..., Path], damaged: Callable[..., Raw]
) -> None:
    ignore = "ignore:\n  - {code: SPN203, document: one, reason: kept as the printer set it}\n"
    root = new_corpus(tmp_path / "c", [damaged("one"), damaged("two")], yaml=ignore)
    assert [item.is_changed for item in fix_paths([root])] == [False, True]


def test_only_selected_codes_are_mended(
    tmp_path: Path, new_corpus: Callable[..., Path], damaged: Callable[..., Raw]
) -> None:
    root = new_corpus(tmp_path / "c", [damaged("one")])
    assert not any(item.is_changed for item in fix_paths([root], selection=Selection(select=("ENT",))))
    assert all(item.is_changed for item in fix_paths([root], selection=Selection(select=("SPN2",))))


SHARDS = ("a.jsonl", "a.ndjson", "a.jsonl.gz", "a.jsonl.zst", "A.JSONL.GZ")


def _compressed(name: str, data: bytes) -> bytes:
    import pyarrow as pa

    if name.lower().endswith(".gz"):
        return gzip.compress(data)
    return bytes(pa.compress(data, "zstd", asbytes=True)) if name.endswith(".zst") else data


def _plain(name: str, data: bytes) -> bytes:
    import pyarrow as pa

    if name.lower().endswith(".gz"):
        return gzip.decompress(data)
    return pa.CompressedInputStream(pa.BufferReader(data), "zstd").read() if name.endswith(".zst") else data


@pytest.mark.parametrize("name", SHARDS)
def test_shards_keep_their_lines(tmp_path: Path, name: str, damaged: Callable[..., Raw]) -> None:
    lines = [as_line(document(seed, kilobytes=3, spans=15)).strip() for seed in range(3)]
    broken = json.dumps(damaged("broken"), ensure_ascii=False).encode()
    path = tmp_path / name
    path.write_bytes(_compressed(name, b"\n".join([lines[0], b"", broken, b'{"id": }', *lines[1:]]) + b"\n"))
    before = path.read_bytes()
    shown = list(fix_paths([path], diff=True))
    assert path.read_bytes() == before
    assert [item.diff.splitlines()[2] for item in shown if item.diff] == ["@@ -3 +3 @@"]
    done = list(fix_paths([path]))
    assert shown == done
    assert [(item.line, item.is_changed, len(item.fixed.left)) for item in done] == [
        (1, False, 0),
        (3, True, 0),
        (4, False, 1),
        (5, False, 0),
        (6, False, 0),
    ]
    now = _plain(name, path.read_bytes()).split(b"\n")
    assert (now[:2], now[3:]) == ([lines[0], b""], [b'{"id": }', *lines[1:], b""])
    assert _text_of(now[2]) == "José"
    assert list(tmp_path.iterdir()) == [path]


def test_a_shard_without_fixes_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(as_line(document(1, kilobytes=3, spans=15)).strip() + b"\r\n\r\n[]")
    before = path.stat()
    assert not any(item.is_changed for item in fix_paths([path]))
    assert path.stat() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["one.json", "a.jsonl"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str, damaged: Callable[..., Raw]) -> None:
    target = tmp_path / "elsewhere.json"
    target.write_text(json.dumps(damaged("one")), encoding="utf-8")
    before = target.read_bytes()
    (tmp_path / name).symlink_to(target)
    with pytest.raises(CorpusToolError, match="symbolic link"):
        list(fix_paths([tmp_path / name]))
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([target.name, name])


@pytest.mark.parametrize("name", ["one.json", "a.jsonl"])
def test_a_file_that_was_changed_meanwhile_is_not_overwritten(
    tmp_path: Path, name: str, damaged: Callable[..., Raw], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_text(json.dumps(damaged("one")), encoding="utf-8")
    theirs = json.dumps(damaged("theirs")).encode()
    mend = fix_files.fix_bytes

    def slowly(data: bytes, *args: Any, **kwargs: Any) -> Any:
        path.write_bytes(theirs)
        return mend(data, *args, **kwargs)

    monkeypatch.setattr(fix_files, "fix_bytes", slowly)
    with pytest.raises(CorpusToolError, match="changed while"):
        list(fix_paths([path]))
    assert path.read_bytes() == theirs
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_stay(tmp_path: Path, damaged: Callable[..., Raw]) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(damaged("one")), encoding="utf-8")
    path.chmod(0o640)
    assert [item.is_changed for item in fix_paths([path])] == [True]
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_cannot_be_read_is_told_and_stays(tmp_path: Path) -> None:
    broken = tmp_path / "c" / "documents" / "x.json"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b'{"id": "x", "id": "y"}')
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(as_bytes({"id": "x"}))[:20])
    for path, code in ((broken, "DOC105"), (tmp_path / "a.jsonl.gz", "COR")):
        before = path.read_bytes()
        found = list(fix_paths([path]))
        assert any(diagnostic.code.startswith(code) for item in found for diagnostic in item.fixed.left)
        assert path.read_bytes() == before
    with pytest.raises(CorpusToolError, match="standard input"):
        list(fix_paths([Path("-")]))
    with pytest.raises(CorpusToolError, match="no such file"):
        list(fix_paths([tmp_path / "none.json"]))


def test_stopping_early_leaves_a_shard_as_it_is(tmp_path: Path, damaged: Callable[..., Raw]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(damaged(f"n{n}")) + "\n" for n in range(3)), encoding="utf-8")
    before = path.read_bytes()
    running = fix_paths([path])
    first = next(running)
    assert isinstance(first, FixedDocument)
    assert first.is_changed
    running.close()  # type: ignore[attr-defined]  # a generator
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
