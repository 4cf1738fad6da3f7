"""Mappings of columns: as an option, as a file, and what is told of one that does not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read import ReadError, ReadOptions, read_articles
from corpus_tool.read.columns import parse_columns, read_columns


def test_a_mapping_is_an_option_or_a_file(tmp_path: Path) -> None:
    wanted = {"text": "body", "title": "head line"}
    assert parse_columns(["text=body,title=head line"]) == parse_columns(["text=body", "title = head line"]) == wanted
    path = tmp_path / "columns.yaml"
    path.write_text("text: body\ntitle: head line\nurl: a=b,c\n")
    assert read_columns(path) == {**wanted, "url": "a=b,c"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("body", "not FIELD=COLUMN"),
        ("text=", "not FIELD=COLUMN"),
        ("txt=body", "did you mean 'text'?"),
        ("publish=day", "did you mean 'published'?"),
        ("colour=x", "the fields are id, text, title"),
        ("text=a,text=b", "given twice"),
    ],
)
def test_a_mapping_that_is_none_is_misuse(words: str, message: str) -> None:
    with pytest.raises(CorpusToolError) as error:
        parse_columns([words])
    assert message in str(error.value)


@pytest.mark.parametrize("words", ["- text", "text: [body]", "text: 1", "txt: body", "text: a\ntext: b", "\xff", "x"])
def test_a_file_that_is_no_mapping_is_misuse(words: str, tmp_path: Path) -> None:
    path = tmp_path / "columns.yaml"
    path.write_bytes(words.encode("latin-1"))
    with pytest.raises(CorpusToolError, match=r"columns\.yaml"):
        read_columns(path)


def read(path: Path, rows: list[Any], **columns: str) -> list[Any]:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return list(read_articles(path, ReadOptions(columns=columns)))


def test_keys_of_json_lines_are_mapped_those_in_objects_too(tmp_path: Path) -> None:
    row = {"n": 7, "body": {"text": "One.", "words": 1}, "by": "Ida Holm;Bo Lee", "tags": ["a", 1], "text": "other"}
    [document] = read(tmp_path / "a.jsonl", [row], id="n", text="body.text", authors="by")
    assert isinstance(document, Document)
    assert (document.id, document.text, document.meta.authors) == ("7", "One.", ("Ida Holm", "Bo Lee"))
    assert document.meta.extra == {"body": '{"words":1}', "tags": '["a",1]', "text": "other"}


def test_a_key_that_no_line_has_is_told_once(tmp_path: Path) -> None:
    rows = [{"id": str(i), "body": "One.", "head": "T"} for i in range(50)]
    [error] = read(tmp_path / "a.jsonl", rows, text="bdoy")
    assert isinstance(error, ReadError)
    assert error.diagnostic.name == "column-unknown"
    assert "'bdoy', which 'text' is mapped to, did you mean 'body'?" in error.diagnostic.message
    found = read(tmp_path / "a.jsonl", rows, text="body", title="headline")
    assert sum(isinstance(x, Document) for x in found) == 50
    assert [x.diagnostic.name for x in found if isinstance(x, ReadError)] == ["column-unknown"]


def test_lines_that_lack_the_text_are_told_each_where_others_have_it(tmp_path: Path) -> None:
    rows = [{"id": "a"}, {"id": "b"}, {"id": "c", "body": "One."}, {"id": "d"}]
    found = read(tmp_path / "a.jsonl", rows, text="body")
    assert [x.id for x in found if isinstance(x, Document)] == ["c"]
    assert sorted(x.diagnostic.line for x in found if isinstance(x, ReadError)) == [1, 2, 4]
