"""Articles as JSON lines: each line an article or a diagnostic, in order, whatever stands in the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.model import Document
from corpus_tool.read import ReadError, ReadOptions, read_articles
from corpus_tool.read.files import MAX_ARTICLE_BYTES


@pytest.fixture
def shard(tmp_path: Path) -> Path:
    return tmp_path / "wire.jsonl"


def articles(path: Path, data: bytes | str | list[Any], **options: Any) -> list[Document | ReadError]:
    if isinstance(data, list):
        data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in data)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(read_articles(path, ReadOptions(**options)))


def document(path: Path, row: dict[str, Any], **options: Any) -> Document:
    (article,) = articles(path, [row], **options)
    assert isinstance(article, Document), article
    return article


def test_what_a_line_says_of_its_article_has_its_place_in_meta(shard: Path) -> None:
    row = {
        "id": "n1", "text": "Zoë left.\r\nShe was “out”.", "title": "Out 😀", "language": "en", "source": "The Post",
        "url": "https://example.org/1", "published": "2021-03-04T05:06:07Z", "license": "CC0-1.0",
        "authors": ["Ida Holm", "王伟"], "desk": "foreign", "words": 5, "paid": True, "score": 0.5,
    }  # fmt: skip
    meta = document(shard, row, language="de", source="Other", license="None").meta
    assert (meta.title, meta.language, meta.source, meta.license) == ("Out 😀", "en", "The Post", "CC0-1.0")
    assert (meta.url, meta.published, meta.authors) == (row["url"], row["published"], ("Ida Holm", "王伟"))
    assert meta.extra == {"desk": "foreign", "words": 5, "paid": True, "score": 0.5}
    assert meta.article is not None
    assert (meta.article.path, meta.article.media_type) == ("wire.jsonl", "application/json")


def test_lines_end_in_lf_in_the_text_and_a_mark_before_it_goes(shard: Path) -> None:
    assert document(shard, {"id": "a", "text": "\ufeffOne.\r\nTwo.\rThree."}).text == "One.\nTwo.\nThree."


def test_values_that_meta_cannot_hold_are_kept_as_extra(shard: Path) -> None:
    meta = document(shard, {"id": "a", "text": "One.", "language": "not a tag", "published": "yesterday"}).meta
    assert (meta.language, meta.published) == (None, None)
    assert meta.extra == {"language": "not a tag", "published": "yesterday"}


def test_a_number_may_be_an_id(shard: Path) -> None:
    assert document(shard, {"id": 17, "text": "One."}).id == "17"


@pytest.mark.parametrize(
    "name", ["../x", "..", "/etc/passwd", "a\0b", "C:\\x", "港口", "~", ".", "a/../../b", "x" * 300, "\u202eabc", "😀"]
)
def test_no_id_leaves_the_folder_of_documents(name: str, shard: Path) -> None:
    made = document(shard, {"id": name, "text": "One."})
    assert "/" not in made.id
    assert ".." not in made.id
    assert 0 < len(made.id) <= 128
    assert made.id.isascii()
    assert made.meta.source_id == name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b'{"id": "a", "text": "One', "article-line-invalid"),
        (b"[1]", "article-line-invalid"),
        (b'"a"', "article-line-invalid"),
        (b'{"text": "One."}', "article-line-invalid"),
        (b'{"id": "", "text": "One."}', "article-line-invalid"),
        (b'{"id": true, "text": "One."}', "article-line-invalid"),
        (b'{"id": "a"}', "article-line-invalid"),
        (b'{"id": "a", "text": 5}', "article-line-invalid"),
        (b'{"id": "a", "text": "\xff"}', "article-line-invalid"),
        (b'{"id": "a", "text": "\\ud800"}', "article-line-invalid"),
        (b'{"id": "a", "text": "One.", "n": NaN}', "article-line-invalid"),
        (b'{"id": "a", "text": " \\n "}', "article-empty"),
        (b'{"id": "a", "text": "One\\u0000."}', "article-binary"),
        (b"[" * 100_000, "article-line-invalid"),
        (b'{"id": "a", "text": "' + b"x" * MAX_ARTICLE_BYTES + b'"}', "article-too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:30].decode("ascii", "replace"),
)
def test_a_bad_line_is_told_by_its_number_and_the_others_are_read(line: bytes, name: str, shard: Path) -> None:
    good = b'{"id": "%s", "text": "One."}\r\n'
    first, bad, last = articles(shard, good % b"first" + b"\n" + line + b"\n" + good % b"last")
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert (first.id, last.id) == ("first", "last")
    assert isinstance(bad, ReadError)
    assert (bad.diagnostic.name, bad.diagnostic.line) == (name, 3)


def test_a_cut_off_line_is_told_with_its_column(shard: Path) -> None:
    (bad,) = articles(shard, b'{"id": "a", "text": ')
    assert isinstance(bad, ReadError)
    assert bad.diagnostic.column > 15


def test_an_id_that_stands_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_text('{"id": "ä/1", "text": "One."}\n\n{"id": "b", "text": "Two."}\n{"id": "ä/1", "text": "Three."}\n')
    read = list(read_articles(path, ReadOptions()))
    assert [article.text for article in read[:2] if isinstance(article, Document)] == ["One.", "Two."]
    assert isinstance(read[2], ReadError)
    told = read[2].diagnostic
    assert (told.name, told.line, told.message) == (
        "article-id-twice",
        4,
        "line 1 holds an article with the id 'ä/1' too",
    )
