"""Validating: every document of a corpus, a file or a shard through the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus_tool.checks.run import Checker, check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE, Corpus, Ignore
from corpus_tool.model.schemas import layers_of
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import open_lines, read_file
from corpus_tool.store import MAX_DOCUMENT_BYTES, corpus_above, document_files


@dataclass
class _State:
    """What one corpus needs to remember from document to document."""

    corpus: Corpus | None
    checker: Checker
    places: dict[tuple[str, str], str] = field(default_factory=dict)  # (folder, id) → path:line
    used: set[Ignore] = field(default_factory=set)


def validate_paths(
    paths: Sequence[Path], *, on_document: Callable[[str], None] = lambda name: None
) -> Iterator[Diagnostic]:
    """The diagnostics of documents, file by file.

    Args:
        paths: folders that hold a ``corpus.yaml``, document files (.json), shards (.jsonl), or ``Path("-")`` for one
            document on standard input. A file inside a corpus is checked with that corpus's layers and ignores.
        on_document: called with the path of each document as it is done.

    Raises:
        CorpusToolError: misuse, or a file that the user named cannot be opened.
    """
    for path in paths:
        if str(path) != "-" and path.is_dir():
            yield from _validate_corpus(path, on_document)
        else:
            yield from _validate_file(path, on_document)


def _validate_corpus(root: Path, on_document: Callable[[str], None]) -> Iterator[Diagnostic]:
    try:
        corpus = open_corpus(root)
    except ReadError as error:
        yield error.diagnostic
        return
    state = _State(corpus, make_checker(corpus.layers))
    for folder in (corpus.documents, *_annotator_folders(root)):
        for path in document_files(folder):
            try:
                found = list(_check_file(path, state, str(folder)))
            except CorpusToolError as error:
                found = [fault("document-unreadable", str(path), str(error))]
            yield from _not_ignored(found, state)
            on_document(str(path))
    yield from _unused_ignores(state)


def _annotator_folders(root: Path) -> list[Path]:
    folder = root / "annotators"
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _validate_file(path: Path, on_document: Callable[[str], None]) -> Iterator[Diagnostic]:
    root = corpus_above(path)
    try:
        corpus = open_corpus(root) if root else None
    except ReadError as error:
        yield error.diagnostic
        return
    state = _State(corpus, make_checker(corpus.layers if corpus else layers_of(None)))
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        yield from _not_ignored(_check_shard(path, state, on_document), state)
        return
    yield from _not_ignored(_check_file(path, state, "-"), state)
    on_document(str(path))


def _check_file(path: Path, state: _State, group: str) -> Iterator[Diagnostic]:
    try:
        raw = read_file(path, limit=MAX_DOCUMENT_BYTES)
    except ReadError as error:
        yield error.diagnostic
        return
    name = None if raw.path == "<stdin>" else path.stem
    yield from _check(raw.data, raw.path, state, group, name, 1)


def _check_shard(path: Path, state: _State, on_document: Callable[[str], None]) -> Iterator[Diagnostic]:
    with open_lines(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield from _check(line.rstrip(b"\r\n"), str(path), state, "-", None, number)
                on_document(f"{path}:{number}")


def _check(data: bytes, path: str, state: _State, group: str, name: str | None, line: int) -> Iterator[Diagnostic]:
    document, found = check_bytes(data, path, state.checker, name=name, first_line=line)
    yield from found
    if document is None:
        return
    place = f"{path}:{line}"
    first = state.places.setdefault((group, document.id), place)
    if first != place:
        yield fault("document-id-twice", path, f"{first} has the id {document.id!r} too", line=line)


def _not_ignored(found: Iterable[Diagnostic], state: _State) -> Iterator[Diagnostic]:
    """Leaves out what ``corpus.yaml`` ignores, and remembers which of its ignores hid something."""
    ignores = state.corpus.config.ignore if state.corpus else ()
    for diagnostic in found:
        hiding = next((ignore for ignore in ignores if _hides(ignore, diagnostic)), None)
        if hiding is None:
            yield diagnostic
        else:
            state.used.add(hiding)


def _hides(ignore: Ignore, diagnostic: Diagnostic) -> bool:
    return (
        diagnostic.code.startswith(ignore.code)
        and ignore.document in {None, diagnostic.document}
        and ignore.pointer in {None, diagnostic.pointer}
    )


def _unused_ignores(state: _State) -> Iterator[Diagnostic]:
    """Ignores of ``corpus.yaml`` that hide nothing any more."""
    assert state.corpus is not None
    for i, ignore in enumerate(state.corpus.config.ignore):
        if ignore not in state.used:
            where = f" in {ignore.document}" if ignore.document else ""
            path = str(state.corpus.root / CONFIG_FILE)
            yield fault(
                "ignore-unused", path, f"no finding {ignore.code}{where} is left to ignore", pointer=f"/ignore/{i}"
            )
