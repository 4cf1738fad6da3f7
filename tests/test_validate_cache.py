"""The cache: an unchanged corpus is not checked twice, and nothing that changed is missed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import cache, checking
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.read.storage import SCRATCH_FOLDER
from corpus_tool.selection import Selection
from corpus_tool.validate import validate_paths

Json = dict[str, Any]
RawDocument = Callable[..., Json]
NewCorpus = Callable[..., Path]
RunMain = Callable[..., Any]

TEXT = "Zoë 😀 left 港口.\n“Why?” שרה asked."


@pytest.fixture
def root(new_corpus: NewCorpus, raw_document: RawDocument, tmp_path: Path) -> Path:
    actor = {"id": "a1", "start": 0, "end": 3, "text": "Zoe", "kind": "person"}
    documents = [raw_document("bad", TEXT, layers={"actors": [actor]})]
    documents += [raw_document(f"d{i}", f"{TEXT} {i}") for i in range(5)]
    return new_corpus(tmp_path / "c", documents)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The names of the documents that are checked, as they are."""
    seen: list[str | None] = []
    real = checking.check_bytes

    def counting(data: bytes, path: str, checker: Any, *, name: str | None = None, first_line: int = 1) -> Any:
        seen.append(name)
        return real(data, path, checker, name=name, first_line=first_line)

    monkeypatch.setattr(checking, "check_bytes", counting)
    return seen


def run(root: Path) -> list[Diagnostic]:
    return list(validate_paths([root], cached=True, selection=Selection(ignore=("SPL",))))


def test_an_unchanged_corpus_is_not_checked_twice(root: Path, checked: list[str | None]) -> None:
    first = run(root)
    assert len(checked) == 6
    checked.clear()
    assert run(root) == first
    assert [d.name for d in first] == ["text-differs"]
    assert checked == []


def test_what_changed_is_checked_again_and_what_is_gone_is_forgotten(root: Path, checked: list[str | None]) -> None:
    run(root)
    checked.clear()
    path = root / "documents" / "d3.json"
    raw = json.loads(path.read_bytes())
    path.write_text(json.dumps({**raw, "id": "d33"}))
    (root / "documents" / "d4.json").unlink()
    (root / "documents" / "d1.json").rename(root / "documents" / "d11.json")
    assert {d.name for d in run(root)} == {"text-differs", "id-differs-from-file-name"}
    assert checked == ["d11", "d3"]
    with sqlite3.connect(root / SCRATCH_FOLDER / "validate.sqlite") as database:
        assert database.execute("SELECT count(*) FROM results").fetchone() == (5,)


def test_another_layer_schema_checks_all_again(root: Path, checked: list[str | None]) -> None:
    run(root)
    checked.clear()
    folder = root / "schema" / "layers"
    folder.mkdir(parents=True)
    (folder / "events.schema.json").write_text('{"type": "object", "properties": {}}')
    run(root)
    assert len(checked) == 6


def test_a_changed_check_checks_all_again(
    root: Path, checked: list[str | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(root)
    checked.clear()
    copy = tmp_path / "corpus_tool"
    shutil.copytree(Path(cache.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "__file__", str(copy / "cache.py"))
    run(root)
    assert checked == []
    spn = copy / "checks" / "spn.py"
    spn.write_text(spn.read_text() + "\n# stricter\n")
    run(root)
    assert len(checked) == 6


@pytest.mark.parametrize("harm", ["garbage", "cut", "folder", "link", "other table"])
def test_a_cache_that_cannot_be_used_changes_nothing(harm: str, root: Path, tmp_path: Path) -> None:
    first = run(root)
    path = root / SCRATCH_FOLDER / "validate.sqlite"
    data = path.read_bytes()
    path.unlink()
    if harm == "garbage":
        path.write_bytes(b"not a database at all" * 100)
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "folder":
        path.mkdir()
    elif harm == "link":
        outside = tmp_path / "outside.txt"
        outside.write_text("mine")
        path.symlink_to(outside)
    else:
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE results (other TEXT)")
    assert run(root) == first
    assert run(root) == first
    if harm == "link":
        assert (tmp_path / "outside.txt").read_text() == "mine"


def test_the_cache_keeps_itself_out_of_repositories_and_one_file_needs_none(root: Path, run_main: RunMain) -> None:
    run_main("validate", root / "documents" / "bad.json")
    run_main("validate", root, "--no-cache")
    assert not (root / SCRATCH_FOLDER).exists()
    run_main("validate", root)
    assert (root / SCRATCH_FOLDER / ".gitignore").read_text().endswith("*\n")


def test_half_a_character_in_a_message_is_no_reason_to_fail(root: Path) -> None:
    (root / "documents" / "half.json").write_text('{"schema": "\\ud800"}')
    assert run(root) == run(root)
