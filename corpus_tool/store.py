"""The documents of a corpus on disk: finding, reading and writing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.checks.run import Checker, make_checker, read_subject
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.codec import dump_document
from corpus_tool.model.corpus import CONFIG_FILE, Corpus
from corpus_tool.model.swap import finish_swap
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import iter_lines, shard_suffix
from corpus_tool.read.storage import is_remote

#: Bytes of one document that are read; a document of a book's length with 100,000 annotations has some 20 MB.
MAX_DOCUMENT_BYTES = 100_000_000


@dataclass(frozen=True)
class Stored:
    """A document as it is stored: its bytes, and where they are.

    Attributes:
        path: the file.
        line: the line of a shard, 1 for a file of its own.
        name: the file's name without its suffix, which is the document's id; None in a shard.
        data: the bytes.
    """

    path: str
    line: int
    name: str | None
    data: bytes


def document_files(folder: Path) -> list[Path]:
    """The files of a folder that hold a document each, in the order of their names; hidden ones are left out.

    Raises:
        CorpusToolError: the folder cannot be read.
    """
    return [path for path in files_with_documents(folder) if shard_suffix(path) is None]


def files_with_documents(folder: Path) -> list[Path]:
    """The document files and the shards of a folder, in the order of their names; hidden ones are left out.

    Raises:
        CorpusToolError: the folder cannot be read.
    """
    return list(iter_files_with_documents(folder))


def iter_files_with_documents(folder: Path) -> Iterator[Path]:
    """The same one after the other: a folder of a million files is held as their names alone.

    Raises:
        CorpusToolError: the folder cannot be read.
    """
    if not folder.is_dir() and (is_remote(folder) or not finish_swap(folder)):
        return
    try:
        names = sorted(
            path.name
            for path in folder.iterdir()
            if (path.suffix == ".json" or shard_suffix(path)) and not path.name.startswith(".")
        )
    except OSError as error:
        raise CorpusToolError(f"{folder}: {error.strerror or error}") from error
    for name in names:
        yield folder / name


def corpus_above(path: Path) -> Path | None:
    """The nearest folder above a file that holds a ``corpus.yaml``; None for standard input."""
    if str(path) == "-":
        return None
    return next((folder for folder in path.absolute().parents if (folder / CONFIG_FILE).is_file()), None)


def read_document(path: Path, checker: Checker) -> Document:
    """The document of a file.

    Raises:
        CorpusToolError: the file cannot be opened.
        ReadError: it is no document; ``corpus-tool validate`` says why.
    """
    raw = read_file(path, limit=MAX_DOCUMENT_BYTES)
    document = read_subject(raw.data, checker, path.stem).document
    if document is None:
        raise ReadError(fault("document-unreadable", str(path), "is not a valid document"))
    return document


def iter_shard(path: Path, checker: Checker) -> Iterator[Document]:
    """The documents of a shard, one a line.

    Raises:
        CorpusToolError: the file cannot be opened.
        ReadError: a line is no document, or the file is damaged.
    """
    for number, line in iter_lines(path, MAX_DOCUMENT_BYTES):
        document = read_subject(line, checker).document
        if document is None:
            raise ReadError(fault("document-unreadable", str(path), "is not a valid document", line=number))
        yield document


def iter_documents(corpus: Corpus, *, on_file: Callable[[Path], None] = lambda path: None) -> Iterator[Document]:
    """The documents of a corpus, one after the other, in the order of their files; those of a shard by line.

    Args:
        corpus: the corpus.
        on_file: called with each file when all its documents were taken.

    Raises:
        CorpusToolError: a file cannot be opened.
        ReadError: a file is no document.
    """
    checker = make_checker(corpus.layers, ())
    for path in files_with_documents(corpus.documents):
        if shard_suffix(path):
            yield from iter_shard(path, checker)
        else:
            yield read_document(path, checker)
        on_file(path)


def iter_stored(corpus: Corpus) -> Iterator[Stored]:
    """The bytes of the documents of a corpus, in the order of ``iter_documents``.

    Raises:
        CorpusToolError: a file cannot be opened.
        ReadError: a shard is damaged.
    """
    for path in files_with_documents(corpus.documents):
        if shard_suffix(path):
            for number, line in iter_lines(path, MAX_DOCUMENT_BYTES):
                yield Stored(str(path), number, None, line)
        else:
            yield Stored(str(path), 1, path.stem, read_file(path, limit=MAX_DOCUMENT_BYTES).data)


def write_document(corpus: Corpus, document: Document, folder: Path | None = None) -> bool:
    """Writes a document into its file, in the contract's layout; returns whether that changed the file.

    Args:
        corpus: the corpus.
        document: the document.
        folder: a folder of the corpus in place of ``documents/``: an annotator's.

    Raises:
        CorpusToolError: the file cannot be written, or is a symbolic link that leads out of the corpus.
    """
    folder = folder or corpus.documents
    path = folder / f"{document.id}.json"
    text = dump_document(document, corpus.layers)
    if path.exists() and path.read_bytes() == text.encode("utf-8"):
        return False
    if any(step.is_symlink() for step in (path, *path.parents) if corpus.root in step.parents):
        raise CorpusToolError(f"{path}: is a symbolic link; documents are not written through links")
    write_atomic(path, text)
    return True
