"""Validating: a corpus, a file, a shard, standard input; what is ignored and why; the exit status."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.diagnostics import Diagnostic, Severity, exit_status
from corpus_tool.model import CorpusToolError
from corpus_tool.selection import Selection
from corpus_tool.validate import validate_paths

Json = dict[str, Any]
RawDocument = Callable[..., Json]
NewCorpus = Callable[..., Path]
RunMain = Callable[..., Any]

TEXT = "Zoë 😀 left 港口.\n“Why?” שרה asked."


def names(found: list[Diagnostic]) -> list[str]:
    return [d.name for d in found]


def validate(*paths: Path) -> list[Diagnostic]:
    """What is found in documents; what is found across them has tests of its own."""
    return list(validate_paths(paths, selection=Selection(ignore=("COR1", "SPL"))))


@pytest.fixture
def good(raw_document: RawDocument) -> Json:
    return raw_document("good", TEXT)


@pytest.fixture
def bad(raw_document: RawDocument) -> Json:
    """A document with one mistake: the text of a span differs from what stands there."""
    return raw_document(
        "bad", TEXT, layers={"actors": [{"id": "a1", "start": 0, "end": 3, "text": "Zoe", "kind": "person"}]}
    )


def test_a_good_corpus_has_no_findings(
    new_corpus: NewCorpus, raw_document: RawDocument, good: Json, tmp_path: Path, run_main: RunMain
) -> None:
    root = new_corpus(tmp_path / "c", [good, raw_document("second", f"{TEXT} Again.")])
    ran = run_main("validate", root)
    assert (ran.status, ran.out, ran.err) == (0, "2 documents checked: no findings\n", "")


def test_a_mistake_is_found_in_corpus_file_shard_and_standard_input(
    new_corpus: NewCorpus, good: Json, bad: Json, tmp_path: Path, run_main: RunMain
) -> None:
    root = new_corpus(tmp_path / "c", [bad, good])
    file = root / "documents" / "bad.json"
    shard = tmp_path / "shard.jsonl"
    rows = [json.dumps(good), "", json.dumps(bad, ensure_ascii=False)]
    shard.write_bytes("\r\n".join(rows).encode())
    found = [*validate(root), *validate(file), *validate(shard)]
    assert names(found) == ["text-differs"] * 3
    assert [(d.path, d.line, d.document) for d in found] == [
        (str(file), 1, "bad"),
        (str(file), 1, "bad"),
        (str(shard), 3, "bad"),
    ]
    column = rows[2].index('{"id": "a1"') + 1
    assert [d.column for d in found] == [column] * 3
    ran = run_main("validate", "-", stdin=file.read_bytes())
    assert ran.status == 1
    assert ran.out.startswith(f"<stdin>:1:{column} ")
    ran = run_main("validate", shard)
    assert ran.out.endswith("2 documents checked: 1 error\n")


def test_the_current_folder_is_validated_without_a_path(
    new_corpus: NewCorpus, bad: Json, tmp_path: Path, run_main: RunMain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(new_corpus(tmp_path / "c", [bad]))
    ran = run_main("validate")
    assert ran.status == 1
    assert ran.out.startswith(f"documents{os.sep}bad.json:1:")


def test_one_id_twice_in_a_shard_is_told_where_both_stand(good: Json, tmp_path: Path) -> None:
    shard = tmp_path / "s.ndjson"
    shard.write_text("\n".join(json.dumps(row) for row in (good, {**good, "id": "other"}, good)))
    (found,) = validate(shard)
    assert (found.name, found.line) == ("document-id-twice", 3)
    assert f"{shard}:1" in found.message


def test_one_id_in_two_files_of_a_corpus_is_told(new_corpus: NewCorpus, good: Json, tmp_path: Path) -> None:
    root = new_corpus(tmp_path / "c", [good])
    (root / "documents" / "copy.json").write_text(json.dumps(good))
    assert "document-id-twice" in names(validate(root))


def test_several_annotators_may_hold_the_same_document(
    new_corpus: NewCorpus, good: Json, bad: Json, tmp_path: Path
) -> None:
    root = new_corpus(tmp_path / "c", [good])
    for person in ("ida", "ole"):
        folder = root / "annotators" / person
        folder.mkdir(parents=True)
        (folder / "good.json").write_text(json.dumps(good))
    assert validate(root) == []
    (root / "annotators" / "ole" / "bad.json").write_text(json.dumps(bad))
    (found,) = validate(root)
    assert found.path == str(root / "annotators" / "ole" / "bad.json")


@pytest.mark.parametrize(
    "ignore",
    [
        "{code: SPN, reason: on purpose}",
        "{code: SPN, document: bad, reason: on purpose}",
        "{code: SPN, document: bad, pointer: /layers/actors/0, reason: on purpose}",
    ],
)
def test_an_ignore_hides_what_it_names_in_the_corpus_and_in_one_file(
    ignore: str, new_corpus: NewCorpus, bad: Json, tmp_path: Path
) -> None:
    root = new_corpus(tmp_path / "c", [bad], yaml=f"ignore:\n  - {ignore}\n")
    assert validate(root) == []
    assert validate(root / "documents" / "bad.json") == []


@pytest.mark.parametrize(
    "ignore",
    [
        "{code: TXT, reason: x}",
        "{code: SPN, document: good, reason: x}",
        "{code: SPN, pointer: /layers/actors/1, reason: x}",
    ],
)
def test_an_ignore_that_hides_nothing_is_told(
    ignore: str, new_corpus: NewCorpus, good: Json, bad: Json, tmp_path: Path
) -> None:
    root = new_corpus(tmp_path / "c", [good, bad], yaml=f"ignore:\n  - {ignore}\n")
    found = validate(root)
    assert names(found) == ["text-differs", "ignore-unused"]
    assert found[1].severity is Severity.WARNING
    assert found[1].pointer == "/ignore/0"
    assert names(validate(root / "documents" / "bad.json")) == ["text-differs"]


def test_an_ignore_without_a_reason_is_an_error(new_corpus: NewCorpus, bad: Json, tmp_path: Path) -> None:
    (found,) = validate(new_corpus(tmp_path / "c", [bad], yaml="ignore:\n  - {code: SPN}\n"))
    assert found.name == "corpus-yaml-value"
    assert "reason" in found.message


def test_errors_and_warnings_exit_with_1_and_info_alone_with_0(
    raw_document: RawDocument, tmp_path: Path, run_main: RunMain
) -> None:
    cases = {"left 港口.": 0, "Zoe\u0308 left.": 0, "Left \ufffd here.": 1}
    seen = {}
    for text, status in cases.items():
        path = tmp_path / "x.json"
        path.write_text(json.dumps(raw_document("x", text)), encoding="utf-8")
        found = validate(path)
        seen[text] = [d.severity for d in found]
        assert exit_status(found) == status
        assert run_main("validate", path).status == status
    assert list(seen.values()) == [[], [Severity.INFO], [Severity.WARNING]]


def test_quiet_prints_the_findings_alone(bad: Json, good: Json, tmp_path: Path, run_main: RunMain) -> None:
    path = tmp_path / "good.json"
    path.write_text(json.dumps(good))
    assert run_main("validate", "-q", path).out == ""
    (tmp_path / "bad.json").write_text(json.dumps(bad))
    assert "checked" not in run_main("validate", "-q", tmp_path / "bad.json").out


def test_files_of_a_corpus_that_cannot_be_read_are_findings_and_the_others_are_checked(
    new_corpus: NewCorpus, bad: Json, tmp_path: Path
) -> None:
    root = new_corpus(tmp_path / "c", [bad])
    folder = root / "documents"
    (folder / "a-folder.json").mkdir()
    (folder / "a-loop.json").symlink_to("a-loop.json")
    (folder / "a-ghost.json").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "a-pipe.json")
    (folder / "a-empty.json").write_bytes(b"")
    (folder / "a-half.json").write_text('{"schema": "corpus')
    (folder / "a-zip.json").write_bytes(gzip.compress(b"{}"))
    (folder / ".hidden.json.tmp").write_text("x")
    (folder / "notes.txt").write_text("x")
    found = validate(root)
    by_file = {Path(d.path).stem: d.name for d in found}
    assert by_file == {
        "a-folder": "document-unreadable",
        "a-loop": "document-unreadable",
        "a-ghost": "document-unreadable",
        "a-pipe": "document-unreadable",
        "a-empty": "empty-file",
        "a-half": "invalid-json",
        "a-zip": "not-utf8",
        "bad": "text-differs",
    }


@pytest.mark.parametrize("name", ["nowhere.json", "nowhere.jsonl", "nowhere"])
def test_a_path_that_is_not_there_is_misuse(name: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match="no such file"):
        validate(tmp_path / name)


def test_a_folder_that_is_no_corpus_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(CorpusToolError, match=r"holds no corpus\.yaml"):
        validate(tmp_path)


def test_a_corpuss_own_layer_is_known_in_the_corpus_and_in_one_of_its_files(
    new_corpus: NewCorpus, raw_document: RawDocument, tmp_path: Path
) -> None:
    event = {"id": "v1", "start": 0, "end": 3, "text": "Zoë", "sort": "storm"}
    raw = raw_document("x", TEXT, layers={"events": [event, {**event, "id": "v2", "sort": "party"}]})
    own = {"events": {"type": "object", "properties": {"sort": {"enum": ["storm", "fire"]}}, "required": ["sort"]}}
    root = new_corpus(tmp_path / "c", [raw], own=own)
    for path in (root, root / "documents" / "x.json"):
        found = [d for d in validate(path) if d.severity is Severity.ERROR]
        assert [d.pointer for d in found] == ["/layers/events/1/sort"]
    outside = tmp_path / "x.json"
    outside.write_text(json.dumps(raw))
    assert "undeclared-layer" in names(validate(outside))


def test_a_wrong_corpus_yaml_is_the_one_finding(new_corpus: NewCorpus, bad: Json, tmp_path: Path) -> None:
    root = new_corpus(tmp_path / "c", [bad], yaml="name: again\n")
    for path in (root, root / "documents" / "bad.json"):
        assert names(validate(path)) == ["corpus-yaml-syntax"]


def test_a_schema_that_points_elsewhere_is_a_finding(
    new_corpus: NewCorpus, good: Json, tmp_path: Path, run_main: RunMain
) -> None:
    own = {"events": {"properties": {"sort": {"$ref": "https://example.org/sort.json"}}}}
    ran = run_main("validate", new_corpus(tmp_path / "c", [good], own=own))
    assert ran.status == 1
    assert "events.schema.json:1:1 COR032" in ran.out
    assert "leaves the schema" in ran.out
