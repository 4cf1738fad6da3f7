"""Fixing files: documents and shards, alone or in a corpus, rewritten in place or shown as they would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.fix import Fixed, fix_bytes, unified_diff
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import replaced_atomic, write_atomic
from corpus_tool.model.schemas import layers_of
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import read_file, require_regular
from corpus_tool.read.lines import iter_lines, shard_suffix
from corpus_tool.read.storage import fingerprint
from corpus_tool.selection import ALL, Ignores, Selection
from corpus_tool.shard_files import shard_writer
from corpus_tool.sources import Source, annotator_folders, source_of
from corpus_tool.store import MAX_DOCUMENT_BYTES, files_with_documents


@dataclass(frozen=True)
class FixedDocument:
    """One document of a file, before and after.

    Attributes:
        path: the file, as diagnostics call it.
        line: the line that the document starts at: 1 but in a shard.
        before: its bytes as they were.
        fixed: what became of them. ``fixed.data`` is what the file holds now, or would hold (``diff``).
    """

    path: str
    line: int
    before: bytes
    fixed: Fixed

    @property
    def is_changed(self) -> bool:
        """Whether something was mended."""
        return self.fixed.data != self.before

    @property
    def diff(self) -> str:
        """What was mended, as ``fix.unified_diff`` tells it."""
        line = self.line if shard_suffix(Path(self.path)) else None
        return unified_diff(self.before, self.fixed.data, self.path, line=line)


@dataclass(frozen=True)
class _Job:
    """How the documents of one source are mended."""

    checker: Checker
    wanted: Callable[[Diagnostic], bool]
    diff: bool


def fix_paths(paths: Sequence[Path], *, selection: Selection = ALL, diff: bool = False) -> Iterator[FixedDocument]:
    """Mends documents, file by file; every document is told of, mended or not.

    A file is replaced as a whole or not at all, never through a symbolic link, and not if somebody changed it since it
    was read. What ``corpus.yaml`` ignores is left alone.

    Args:
        paths: what ``validate_paths`` takes, but for standard input.
        selection: which codes are mended.
        diff: write nothing.

    Raises:
        CorpusToolError: misuse, or a file that cannot be opened or written.
    """
    for path in paths:
        if str(path) == "-":
            raise CorpusToolError("-: standard input has no place to write to; name the file")
        source = source_of(path)
        try:
            corpus = open_corpus(source.root) if source.root else None
        except ReadError as error:
            yield _unread(str(path), error.diagnostic)
            continue
        ignores = Ignores(corpus)
        wanted = partial(_is_wanted, selection, ignores)
        job = _Job(make_checker(corpus.layers if corpus else layers_of(None)), wanted, diff)
        for file in _files(source):
            yield from (_fix_shard if shard_suffix(file) else _fix_file)(file, job)


def _is_wanted(selection: Selection, ignores: Ignores, diagnostic: Diagnostic) -> bool:
    return selection.takes(diagnostic.code) and any(ignores.left([diagnostic]))


def _files(source: Source) -> Iterator[Path]:
    if source.is_corpus:
        yield from files_with_documents(source.path / "documents")
        for folder in annotator_folders(source.path):
            yield from files_with_documents(folder)
    elif source.path.is_dir():
        yield from files_with_documents(source.path)
    else:
        yield source.path


def _unread(path: str, diagnostic: Diagnostic) -> FixedDocument:
    return FixedDocument(path, 1, b"", Fixed(b"", (), (diagnostic,)))


def _fix_file(path: Path, job: _Job) -> Iterator[FixedDocument]:
    try:
        raw = read_file(path, limit=MAX_DOCUMENT_BYTES)
    except ReadError as error:
        yield _unread(str(path), error.diagnostic)
        return
    fixed = fix_bytes(raw.data, job.checker, path=raw.path, name=path.stem, wanted=job.wanted)
    if fixed.data != raw.data and not job.diff:
        _require_own(path)
        _require_unchanged(path, read_file(path, limit=MAX_DOCUMENT_BYTES).data == raw.data)
        write_atomic(path, fixed.data.decode("utf-8"))
    yield FixedDocument(raw.path, 1, raw.data, fixed)


class _Unchanged(Exception):  # noqa: N818  # no error: it ends a body early
    """Ends the writing of a shard in which nothing was mended."""


def _fix_shard(path: Path, job: _Job) -> Iterator[FixedDocument]:
    """The documents of a shard; the file is replaced behind the last one, and only where one of them was changed.

    Blank lines stay, so that every document keeps its line; lines end in LF then.
    """
    try:
        if job.diff:
            yield from _fixed_lines(path, job)
            return
        before = _state(path)
        changed = False
        with suppress(_Unchanged), replaced_atomic(path) as file:
            with shard_writer(file, path) as write:
                written = 0
                for document in _fixed_lines(path, job):
                    if document.is_changed and not changed:
                        _require_own(path)
                        changed = True
                    for line in [b""] * (document.line - written - 1) + [document.fixed.data]:
                        write(line)
                    written = document.line
                    yield document
            if not changed:
                raise _Unchanged
            _require_unchanged(path, _state(path) == before)
    except ReadError as error:
        yield _unread(str(path), error.diagnostic)


def _fixed_lines(path: Path, job: _Job) -> Iterator[FixedDocument]:
    """Every document of a shard, mended.

    Raises:
        CorpusToolError: the file cannot be opened.
        ReadError: a line is too long, or the compressed data is damaged.
    """
    for number, data in iter_lines(path, MAX_DOCUMENT_BYTES):
        fixed = fix_bytes(data, job.checker, path=str(path), first_line=number, one_line=True, wanted=job.wanted)
        yield FixedDocument(str(path), number, data, fixed)


def _require_own(path: Path) -> None:
    """Refuses to write through a link: the file may lie outside of the corpus, and belong to somebody else.

    Raises:
        CorpusToolError: the file, or the folder that it lies in, is a symbolic link.
    """
    if path.is_symlink() or path.parent.is_symlink():
        raise CorpusToolError(f"{path}: left as it is: documents are not written through symbolic links")


def _require_unchanged(path: Path, is_same: bool) -> None:
    """Refuses to overwrite what somebody else wrote.

    Raises:
        CorpusToolError: the file is not the one that was read.
    """
    if not is_same:
        raise CorpusToolError(f"{path}: left as it is: the file was changed while it was mended; run it again")


def _state(path: Path) -> str:
    """A word that changes whenever the bytes of a file do."""
    require_regular(path)
    try:
        return fingerprint(path)
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}") from error
