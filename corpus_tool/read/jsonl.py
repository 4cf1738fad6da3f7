"""Articles as JSON lines: an object with ``id`` and ``text`` each, and what else is known of the article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Article, Document
from corpus_tool.read.columns import did_you_mean
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import MAX_ARTICLE_BYTES
from corpus_tool.read.inputs import Input
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.rows import refuse_twice, row_document

#: Keys that are remembered, to tell a mapped key that no line has from one that only some have.
_MOST_KEYS = 1000


def read_jsonl(source: Input, options: ReadOptions) -> Iterator[Document | ReadError | Diagnostic]:
    """The articles of JSON lines, one after the other; blank lines are passed over.

    An id that an earlier line has comes as an error with both lines; the first article is kept. A key of
    ``options.columns`` that no line has is told once, at the end.
    """
    lines: dict[str, int] = {}
    keys: dict[str, None] = {}
    without: list[int] = []  # first lines that lack the mapped key of the text, as long as none has had it
    try:
        for number, line in _numbered(source):
            if isinstance(line, ReadError):
                yield line
                continue
            try:
                row = _object(line, source.path, number)
                keys |= dict.fromkeys(list(row)[: _MOST_KEYS - len(keys)])
                if _lacks_text(options, row) and not lines:
                    without.append(number)
                    continue
                article = _article(row, line, source, number, options)
                refuse_twice(article.meta.source_id or article.id, number, lines, source.path)
                yield article
            except ReadError as error:
                yield error
    except ReadError as error:  # the file cannot be read on
        yield error
    yield from _missing(options, keys, without, source.path)


def _numbered(source: Input) -> Iterator[tuple[int, bytes | ReadError]]:
    """The lines that hold something, with their numbers from 1; an error for one that is too long."""
    file = source.open()
    number = 0
    while line := file.readline(MAX_ARTICLE_BYTES + 1):
        number += 1
        if len(line) > MAX_ARTICLE_BYTES:
            what = f"line longer than {MAX_ARTICLE_BYTES // 1_000_000} MB"
            yield number, ReadError(fault("article-too-large", source.path, what, line=number))
            while line and not line.endswith(b"\n"):
                line = file.readline(1 << 16)
        elif line.strip():
            yield number, line


def _object(line: bytes, path: str, number: int) -> dict[str, Any]:
    try:
        row = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        message, column = f"not JSON: {error.msg}", max(1, error.colno)
        raise ReadError(fault("article-line-invalid", path, message, line=number, column=column)) from error
    if not isinstance(row, dict):
        raise ReadError(fault("article-line-invalid", path, "a line is not a JSON object", line=number))
    return row


def _article(row: dict[str, Any], line: bytes, source: Input, number: int, options: ReadOptions) -> Document:
    source_id = row.get("id")
    given = isinstance(source_id, int) and not isinstance(source_id, bool)
    if not options.columns and not given and (not isinstance(source_id, str) or not source_id.strip()):
        message = 'the key "id" is missing or is not a string'
        raise ReadError(fault("article-line-invalid", source.path, message, line=number))
    article = Article(
        path=options.recorded_path(source.path, source.inside),
        sha256=hashlib.sha256(line.rstrip(b"\r\n")).hexdigest(),
        media_type="application/json",
        encoding="utf-8",
    )
    return row_document(row, options.columns, article, options, (source.path, number))


def _lacks_text(options: ReadOptions, row: dict[str, Any]) -> bool:
    """Whether a line has no key of the name that the text is mapped to."""
    column = options.columns.get("text", "")
    return bool(column) and column not in row and column.split(".")[0] not in row


def _missing(options: ReadOptions, keys: dict[str, None], without: list[int], path: str) -> Iterator[ReadError]:
    """Mapped keys that no line has, each told once; and the lines that lack the text, where others have it."""
    for field, column in options.columns.items():
        if keys and column not in keys and column.split(".")[0] not in keys:
            message = f"no line has the key {column!r}, which {field!r} is mapped to{did_you_mean(column, keys)}"
            yield ReadError(fault("column-unknown", path, message))
            without = [] if field == "text" else without
    for number in without:
        message = f"the key {options.columns['text']!r} is missing"
        yield ReadError(fault("article-line-invalid", path, message, line=number))
