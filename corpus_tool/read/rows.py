"""Articles as rows, of JSON lines or a table: what a row says of its article has its place in ``meta``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from corpus_tool.model import Article, Document, sha256_of
from corpus_tool.model.ids import document_id, short_hash
from corpus_tool.model.schemas import base_schema
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import refuse_half_characters
from corpus_tool.read.metadata_values import clean_date
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.text import title_of

#: Keys that ``meta`` has a place for as they are; other values go to ``meta.extra``.
_META_TEXT = ("title", "language", "source", "url", "published", "license")


def row_document(
    row: Mapping[str, Any], columns: Mapping[str, str], article: Article, options: ReadOptions, place: tuple[str, int]
) -> Document:
    """The document of a row.

    Args:
        row: the row's values by its columns.
        columns: the column of each field, where it is not called like the field.
        article: what is recorded of the row's bytes.
        options: what the user says of all articles.
        place: file and line, for diagnostics.

    Raises:
        ReadError: the row has no text; or no id, and no column that one can be made of.
    """
    path, line = place
    taken = {field: columns.get(field, field) for field in ("id", "text", "authors", *_META_TEXT)}
    values = {field: _look_up(row, column) for field, column in taken.items()}
    text = values["text"]
    name = _id_given(values["id"])
    called = f"article {name!r}" if name else "the row" if columns else "the line"
    if not isinstance(text, str):
        raise ReadError(
            fault("article-line-invalid", path, f"{called}: {taken['text']!r} is missing or is not a string", line=line)
        )
    if not text.strip("\ufeff").strip():
        raise ReadError(fault("article-empty", path, f"{called} holds no text", line=line))
    refuse_half_characters(text, path, line)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    known = _known(values, lenient=bool(columns) or article.media_type != "application/json")
    source_id = name or known.get("url") or f"row-{short_hash(text)}"
    blocks = find_blocks(text)
    slug = document_id(re.sub(r"^https?://", "", source_id) if not name else source_id)
    placed = {taken[field] for field in known} | {taken["text"]} | ({taken["id"]} if name else set())
    try:
        rest = {key: kept for key, value in _without(row, placed).items() if (kept := _kept(value)) is not None}
    except TypeError as error:  # orjson writes 254 levels
        raise ReadError(fault("article-line-invalid", path, f"{called}: nested too deeply", line=line)) from error
    return Document(
        id=slug,
        meta=options.meta(
            **known,
            **({} if isinstance(values["title"], str) else {"title": title_of(text, blocks)}),
            source_id=source_id if slug != source_id else None,
            article=article,
            extra=rest,
        ),
        text=text,
        text_sha256=sha256_of(text),
        blocks=blocks,
    )


def refuse_twice(source_id: str, number: int, lines: dict[str, int], path: str) -> None:
    """Remembers the line of an id, and refuses one that an earlier line has.

    Raises:
        ReadError: the id stands in ``lines`` with another number.
    """
    first = lines.setdefault(source_id, number)
    if first != number:
        message = f"line {first} holds an article with the id {source_id!r} too"
        raise ReadError(fault("article-id-twice", path, message, line=number))


def _id_given(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else ""


def _look_up(row: Mapping[str, Any], column: str) -> Any:
    """The value of a column; ``body.text`` is looked up in the object ``body`` where no column has the whole name."""
    if column in row:
        return row[column]
    value: Any = row
    for key in column.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _without(row: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """A row without the values that have their place elsewhere; of an object no more than the one value goes."""
    rest = dict(row)
    for column in columns:
        if column in row:
            rest.pop(column, None)
            continue
        first, *others = column.split(".")
        if others and isinstance(rest.get(first), Mapping):
            rest[first] = _without(rest[first], [".".join(others)])
    return rest


def _fits(key: str, value: object) -> bool:
    """Whether ``meta`` can hold a value: a language that is no tag, a date in words go to ``extra`` instead."""
    pattern = base_schema()["$defs"]["meta"]["properties"][key].get("pattern", "")
    return isinstance(value, str) and (not pattern or re.fullmatch(pattern.strip("^$"), value) is not None)


def _known(values: Mapping[str, Any], *, lenient: bool) -> dict[str, Any]:
    """What ``meta`` can hold of a row.

    Args:
        values: what the row says, by field.
        lenient: whether authors may be one string, apart by ";", as tables have it.
    """
    known = {key: values[key] for key in _META_TEXT if _fits(key, values[key])}
    if "published" not in known and isinstance(values["published"], str) and (when := clean_date(values["published"])):
        known["published"] = when
    authors = values["authors"]
    if lenient and isinstance(authors, str):
        authors = [name.strip() for name in authors.split(";") if name.strip()]
    if isinstance(authors, list) and all(isinstance(author, str) for author in authors):
        known["authors"] = tuple(authors)
    return known


def _kept(value: object) -> str | int | float | bool | None:
    """A value as ``meta.extra`` can hold it: lists and objects as JSON; None for what says nothing."""
    if value is None or value in ([], {}):
        return None
    return value if isinstance(value, str | int | float | bool) else orjson.dumps(value).decode("utf-8")
