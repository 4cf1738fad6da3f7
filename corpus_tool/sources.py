"""Where documents come from when they are checked: corpora, folders, files, shards, standard input."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import iter_lines, numbered_lines, shard_suffix
from corpus_tool.read.storage import location
from corpus_tool.store import MAX_DOCUMENT_BYTES, corpus_above, files_with_documents, iter_files_with_documents

STANDARD_INPUT = "<stdin>"


@dataclass(frozen=True)
class Item:
    """The bytes of one document, and where they stand.

    Attributes:
        path: the file, as diagnostics call it.
        line: the line of the file that the bytes start at, from 1.
        data: the whole file, or one line of a shard.
        name: the file's name without its suffix, which the document's id should be; None for a line of a shard.
        group: documents of one group have an id each.
        is_shard: whether the file may hold further documents.
    """

    path: str
    line: int
    data: bytes
    name: str | None
    group: str
    is_shard: bool = False


@dataclass(frozen=True)
class Source:
    """What a user named: the corpus it is or lies in (None without one), and whether it is that corpus as a whole."""

    path: Path
    root: Path | None
    is_corpus: bool


def source_of(path: Path) -> Source:
    """What a path stands for.

    Raises:
        CorpusToolError: a folder that holds no document.
    """
    if str(path) == "-" or not path.is_dir():
        return Source(path, corpus_above(path), is_corpus=False)
    if (path / CONFIG_FILE).exists():
        return Source(path, path, is_corpus=True)
    if next(iter_files_with_documents(path), None) is None:
        raise CorpusToolError(
            f"{path}: holds no {CONFIG_FILE} and no document; `corpus-tool init {path}` makes an empty corpus"
        )
    return Source(path, corpus_above(path / "x"), is_corpus=False)


def files_of(source: Source) -> list[Path]:
    """The files that ``units.iter_units`` goes through, in its order; none for standard input."""
    if source.is_corpus:
        folders = [source.path / "documents", *annotator_folders(source.path)]
        return [path for folder in folders for path in files_with_documents(folder)]
    if str(source.path) == "-":
        return []
    return files_with_documents(source.path) if source.path.is_dir() else [source.path]


def holds_one_document(source: Source) -> bool:
    """Whether a corpus consists of a single file with one document: nothing in it can be compared."""
    files = list(islice(iter_files_with_documents(source.path / "documents"), 2))
    return len(files) <= 1 and not any(shard_suffix(path) for path in files)


def read_again(path: str, lines: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """The bytes of documents of a file that was read before: all of it as line 1, or lines of a shard.

    Raises:
        OSError: the file cannot be read any more.
    """
    place = location(path)
    if not shard_suffix(place):
        yield 1, place.read_bytes()
        return
    left = len(lines)
    try:
        for number, line in iter_lines(place, MAX_DOCUMENT_BYTES):
            if number in lines:
                yield number, line
                left -= 1
            if not left:
                return
    except (CorpusToolError, ReadError) as error:
        raise OSError(str(error)) from error


def annotator_folders(root: Path) -> list[Path]:
    """The folders of a corpus that hold the same documents by further annotators."""
    folder = root / "annotators"
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def items_of_file(path: Path, group: str) -> Iterator[Item | Diagnostic]:
    """The documents of a file: one, or those of a shard; a diagnostic for what cannot be read."""
    try:
        if shard_suffix(path):
            for number, line in iter_lines(path, MAX_DOCUMENT_BYTES):
                yield Item(str(path), number, line, None, group, is_shard=True)
        else:
            raw = read_file(path, limit=MAX_DOCUMENT_BYTES)
            yield Item(raw.path, 1, raw.data, path.stem, group)
    except ReadError as error:
        yield error.diagnostic
    except CorpusToolError as error:
        yield fault("document-unreadable", str(path), str(error))


def iter_standard_input() -> Iterator[Item | Diagnostic]:
    """One document, or documents a line: a first line that is a whole object tells the one from the other."""
    import orjson

    stream = sys.stdin.buffer
    try:
        first = stream.readline(MAX_DOCUMENT_BYTES + 1)
        try:
            is_object = isinstance(orjson.loads(first), dict)
        except orjson.JSONDecodeError:
            is_object = False
        if is_object:
            yield Item(STANDARD_INPUT, 1, first.rstrip(b"\r\n"), None, "-", is_shard=True)
            for number, line in numbered_lines(stream, STANDARD_INPUT, MAX_DOCUMENT_BYTES, first=2):
                yield Item(STANDARD_INPUT, number, line, None, "-", is_shard=True)
            return
        data = first + stream.read(MAX_DOCUMENT_BYTES + 1 - len(first))
    except ReadError as error:
        yield error.diagnostic
        return
    if len(data) > MAX_DOCUMENT_BYTES:
        yield fault("article-too-large", STANDARD_INPUT, f"larger than {MAX_DOCUMENT_BYTES // 1_000_000} MB")
        return
    yield Item(STANDARD_INPUT, 1, data, None, "-")
