"""Where documents come from when they are checked: corpora, folders, files, shards, standard input."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import iter_lines, numbered_lines, shard_suffix
from corpus_tool.store import MAX_DOCUMENT_BYTES, corpus_above, files_with_documents

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
        annotator: whose folder below ``annotators/`` the file stands in.
    """

    path: str
    line: int
    data: bytes
    name: str | None
    group: str
    is_shard: bool = False
    annotator: str | None = None


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
    if not files_with_documents(path):
        raise CorpusToolError(
            f"{path}: holds no {CONFIG_FILE} and no document; `corpus-tool init {path}` makes an empty corpus"
        )
    return Source(path, corpus_above(path / "x"), is_corpus=False)


def iter_items(source: Source) -> Iterator[Item | Diagnostic]:
    """The documents of a source, one after the other; a diagnostic for a file that cannot be read.

    Raises:
        CorpusToolError: the file that the user named cannot be opened.
    """
    if source.is_corpus:
        yield from _folder_items(source.path / "documents")
        for folder in annotator_folders(source.path):
            for item in _folder_items(folder):
                yield replace(item, annotator=folder.name) if isinstance(item, Item) else item
    elif str(source.path) == "-":
        yield from _standard_input()
    elif source.path.is_dir():
        yield from _folder_items(source.path)
    else:
        yield from _file_items(source.path, str(source.path.parent))


def holds_one_document(source: Source) -> bool:
    """Whether a corpus consists of a single file with one document: nothing in it can be compared."""
    files = files_with_documents(source.path / "documents")
    return len(files) <= 1 and not any(shard_suffix(path) for path in files)


def read_again(path: str, lines: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """The bytes of documents of a file that was read before: all of it as line 1, or lines of a shard.

    Raises:
        OSError: the file cannot be read any more.
    """
    if not shard_suffix(Path(path)):
        yield 1, Path(path).read_bytes()
        return
    left = len(lines)
    try:
        for number, line in iter_lines(Path(path), MAX_DOCUMENT_BYTES):
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


def _folder_items(folder: Path) -> Iterator[Item | Diagnostic]:
    for path in files_with_documents(folder):
        try:
            yield from _file_items(path, str(folder))
        except CorpusToolError as error:
            yield fault("document-unreadable", str(path), str(error))


def _file_items(path: Path, group: str) -> Iterator[Item | Diagnostic]:
    try:
        if shard_suffix(path):
            for number, line in iter_lines(path, MAX_DOCUMENT_BYTES):
                yield Item(str(path), number, line, None, group, is_shard=True)
        else:
            raw = read_file(path, limit=MAX_DOCUMENT_BYTES)
            yield Item(raw.path, 1, raw.data, path.stem, group)
    except ReadError as error:
        yield error.diagnostic


def _standard_input() -> Iterator[Item | Diagnostic]:
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
