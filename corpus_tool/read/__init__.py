"""Readers: from a source's file to documents with blocks. One file a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from corpus_tool.model import Document
from corpus_tool.read.faults import FAULTS, ReadError, fault
from corpus_tool.read.options import ReadOptions

Reader = Callable[[Path, ReadOptions], Iterator[Document | ReadError]]


def _read_text(path: Path, options: ReadOptions) -> Iterator[Document | ReadError]:
    from corpus_tool.read.text import read_text

    return read_text(path, options)


def _read_html(path: Path, options: ReadOptions) -> Iterator[Document | ReadError]:
    from corpus_tool.read.html import read_html

    return read_html(path, options)


def _read_jsonl(path: Path, options: ReadOptions) -> Iterator[Document | ReadError]:
    from corpus_tool.read.jsonl import read_jsonl

    return read_jsonl(path, options)


#: By file suffix, sorted. A file of another suffix that the user names is read as plain text.
READERS: Mapping[str, Reader] = {
    ".htm": _read_html,
    ".html": _read_html,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".text": _read_text,
    ".txt": _read_text,
}


def read_articles(path: Path, options: ReadOptions) -> Iterator[Document | ReadError]:
    """The articles of one file as documents without annotations.

    What is wrong with one article comes as a ``ReadError`` in its place, and the next one follows.

    Args:
        path: a file, or ``Path("-")`` for standard input (plain text).
        options: how to read it.

    Raises:
        CorpusToolError: the file cannot be opened, or is not a regular file.
    """
    return READERS.get(path.suffix.lower(), _read_text)(path, options)


__all__ = ["FAULTS", "READERS", "ReadError", "ReadOptions", "Reader", "fault", "read_articles"]
