"""Articles as JSON lines: an object with ``id`` and ``text`` each, and what else is known of the article."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from corpus_tool.model import Article, Document, sha256_of
from corpus_tool.model.ids import document_id
from corpus_tool.model.schemas import base_schema
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import MAX_ARTICLE_BYTES, open_lines, refuse_half_characters
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.text import title_of

#: Keys of a line that ``meta`` has a place for; other scalars go to ``meta.extra``.
_META_TEXT = ("title", "language", "source", "url", "published", "license")


def read_jsonl(path: Path, options: ReadOptions) -> Iterator[Document | ReadError]:
    """The articles of a file of JSON lines, one after the other; blank lines are passed over.

    An id that an earlier line has comes as an error with both lines; the first article is kept.

    Raises:
        CorpusToolError: the file cannot be opened.
    """
    lines: dict[str, int] = {}
    with open_lines(path) as file:
        number = 0
        while line := file.readline(MAX_ARTICLE_BYTES + 1):
            number += 1
            if len(line) > MAX_ARTICLE_BYTES:
                yield ReadError(
                    fault(
                        "article-too-large",
                        str(path),
                        f"line longer than {MAX_ARTICLE_BYTES // 1_000_000} MB",
                        line=number,
                    )
                )
                while line and not line.endswith(b"\n"):
                    line = file.readline(MAX_ARTICLE_BYTES)
                continue
            if not line.strip():
                continue
            try:
                article = _article(line, str(path), number, options)
                _refuse_twice(article.meta.source_id or article.id, number, lines, str(path))
                yield article
            except ReadError as error:
                yield error


def _refuse_twice(source_id: str, number: int, lines: dict[str, int], path: str) -> None:
    """Remembers the line of an id, and refuses one that an earlier line has."""
    first = lines.setdefault(source_id, number)
    if first != number:
        message = f"line {first} holds an article with the id {source_id!r} too"
        raise ReadError(fault("article-id-twice", path, message, line=number))


def _article(line: bytes, path: str, number: int, options: ReadOptions) -> Document:
    def refuse(message: str, name: str = "article-line-invalid", column: int = 1) -> ReadError:
        return ReadError(fault(name, path, message, line=number, column=column))

    try:
        row = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise refuse(f"not JSON: {error.msg}", column=max(1, error.colno)) from error
    if not isinstance(row, dict):
        raise refuse("a line is not a JSON object")
    source_id, text = row.get("id"), row.get("text")
    if isinstance(source_id, int) and not isinstance(source_id, bool):
        source_id = str(source_id)
    if not isinstance(source_id, str) or not source_id.strip():
        raise refuse('the key "id" is missing or is not a string')
    if not isinstance(text, str):
        raise refuse(f'article {source_id!r}: the key "text" is missing or is not a string')
    if not text.strip():
        raise refuse(f"article {source_id!r} holds no text", "article-empty")
    refuse_half_characters(text, path, number)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    blocks = find_blocks(text)
    slug = document_id(source_id)
    return Document(
        id=slug,
        meta=options.meta(
            **_known(row),
            **({} if isinstance(row.get("title"), str) else {"title": title_of(text, blocks)}),
            source_id=source_id if slug != source_id else None,
            article=Article(
                path=options.recorded_path(path),
                sha256=hashlib.sha256(line.rstrip(b"\r\n")).hexdigest(),
                media_type="application/json",
                encoding="utf-8",
            ),
        ),
        text=text,
        text_sha256=sha256_of(text),
        blocks=blocks,
    )


def _fits(key: str, value: object) -> bool:
    """Whether ``meta`` can hold a value: a language that is no tag, a date in words go to ``extra`` instead."""
    pattern = base_schema()["$defs"]["meta"]["properties"][key].get("pattern", "")
    return isinstance(value, str) and (not pattern or re.fullmatch(pattern.strip("^$"), value) is not None)


def _known(row: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {key: row[key] for key in _META_TEXT if _fits(key, row.get(key))}
    authors = row.get("authors")
    if isinstance(authors, list) and all(isinstance(author, str) for author in authors):
        known["authors"] = tuple(authors)
    rest = {
        key: value
        for key, value in row.items()
        if key not in known and key not in {"id", "text"} and isinstance(value, str | int | float | bool)
    }
    return {**known, "extra": rest}
