"""What people did in shards stays, whatever becomes of the articles; what goes is told."""

from __future__ import annotations

import json
from pathlib import Path

from convert_shards.articles import HARBOUR, OTTER, STORM, Convert, ids, names, put_lines, review, shards

from corpus_tool.convert_shards import _ONCE
from corpus_tool.diagnostics import Severity
from corpus_tool.read.faults import FAULTS
from corpus_tool.validate import validate_paths


def test_annotations_of_people_go_along_with_a_changed_article(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM, "two": OTTER})
    convert(raw)
    review(corpus / "documents" / "a.jsonl", "one")
    put_lines(raw, {"two": OTTER, "one": f"An 😀 before.\n\n{STORM}"})
    report = convert(raw)
    assert names(report) == ["article-changed"]
    assert (report.diagnostics[0].path, report.diagnostics[0].line) == ("documents/a.jsonl", 2)
    assert report.diagnostics[0].document == "one"
    [two, one] = shards(corpus)["a.jsonl"]
    [actor] = one["layers"]["actors"]
    assert (actor["start"], actor["text"]) == (len("An 😀 before.\n\n"), "Storm")
    assert one["text"][actor["start"] : actor["end"]] == "Storm"
    assert two["text"] == OTTER
    assert names(convert(raw)) == [], "it happened once"


def test_what_has_no_place_is_set_aside_and_told(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM})
    convert(raw)
    review(corpus / "documents" / "a.jsonl", "one")
    put_lines(raw, {"one": STORM.replace("Storm closes the pass", "The pass is closed")})
    report = convert(raw)
    assert names(report) == ["article-changed", "annotation-set-aside"]
    ledger = corpus / "set-aside" / "one.jsonl"
    assert json.loads(ledger.read_text())["text"] == "Storm"
    assert "COR503" in {d.code for d in validate_paths([corpus])}


def test_a_reviewed_document_stays_when_its_article_is_gone(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM, "two": OTTER, "three": HARBOUR})
    convert(raw)
    shard = corpus / "documents" / "a.jsonl"
    review(shard, "one")
    line = shard.read_text(encoding="utf-8").splitlines()[0]
    put_lines(raw, {"three": HARBOUR})
    report = convert(raw)
    assert sorted(names(report)) == ["article-gone", "document-removed"]
    assert {d.document: d.severity for d in report.diagnostics} == {"one": Severity.INFO, "two": Severity.INFO}
    assert ids(corpus) == {"a.jsonl": ["three", "one"]}
    assert shard.read_text(encoding="utf-8").splitlines()[1] == line, "as it was, byte for byte"


def test_nothing_is_taken_out_where_the_file_could_not_be_read_whole(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM, "two": OTTER})
    convert(raw)
    raw.write_text(raw.read_text().splitlines()[0] + '\n{"id": "two", "te')
    report = convert(raw)
    assert names(report) == ["article-line-invalid", "article-gone"]
    assert ids(corpus) == {"a.jsonl": ["one", "two"]}


def test_an_empty_file_takes_nothing_out(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM, "two": OTTER})
    convert(raw)
    raw.write_bytes(b"")
    assert names(convert(raw)) == ["article-gone", "article-gone"]
    assert ids(corpus) == {"a.jsonl": ["one", "two"]}


def test_nothing_is_taken_out_of_a_shard_that_the_record_does_not_know(
    convert: Convert, corpus: Path, tmp_path: Path
) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM, "two": OTTER})
    convert(raw)
    (corpus / ".corpus-tool" / "shards.sqlite").unlink()
    put_lines(raw, {"one": STORM})
    assert names(convert(raw)) == ["article-gone"]
    assert ids(corpus) == {"a.jsonl": ["one", "two"]}


def test_documents_of_other_articles_in_a_shard_stay(convert: Convert, corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "a.jsonl", {"one": STORM})
    other = put_lines(tmp_path / "b.jsonl", {"two": OTTER})
    convert(raw, other)
    shard = corpus / "documents" / "a.jsonl"
    shard.write_text(shard.read_text() + (corpus / "documents" / "b.jsonl").read_text())
    (corpus / "documents" / "b.jsonl").unlink()
    put_lines(raw, {"one": HARBOUR})
    convert(raw)
    assert ids(corpus) == {"a.jsonl": ["one", "two"]}


def test_what_is_told_once_has_a_name_of_a_fault() -> None:
    assert FAULTS.keys() >= _ONCE
