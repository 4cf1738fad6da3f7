"""The documents of a corpus, stored another way: a file each, or many in a shard. What they say stays the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from corpus_tool.checks.run import Checker, make_checker, read_subject
from corpus_tool.convert_record import only_one
from corpus_tool.layout import exact_json
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import remove_leftovers
from corpus_tool.model.codec import layout, line_layout
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import is_document_id
from corpus_tool.model.schemas import JsonObject
from corpus_tool.model.swap import clear_swap, new_folder, old_folder, swap, swap_back
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.storage import require_local
from corpus_tool.shard_files import WRITERS, write_shard
from corpus_tool.store import Stored, files_with_documents, iter_stored
from corpus_tool.twice import SeenIds

#: What ``to`` is called that gives every document a file of its own.
FILES = "json"

#: The name that new shards have in common.
_NAME = "documents"


@dataclass(frozen=True)
class ShardReport:
    """What became of a corpus: its documents, and the files that hold them now and held them before."""

    documents: int
    files: int
    files_before: int


def shard_corpus(
    root: Path, *, to: str = "jsonl.zst", documents: int = 2_000, on_event: OnEvent | None = None
) -> ShardReport:
    """Stores the documents of a corpus in shards, or in a file each.

    All of ``documents/`` changes at once: a kill at any moment leaves it as it was or as it will be. Annotators'
    folders, ledgers and what else lies in the corpus stay; files in ``documents/`` that hold no document go along.

    Args:
        root: the folder of the corpus.
        to: the kind of shards ("jsonl", "jsonl.gz", "jsonl.zst", "parquet"), or "json" for a file each.
        documents: how many documents a shard holds at the most.
        on_event: called with each event of the run.

    Raises:
        CorpusToolError: misuse, a file that cannot be read or written, or one that somebody changed meanwhile.
        ReadError: a document that cannot be read, or that could not be written back as it is, or an id that stands
            twice; nothing is changed then.
    """
    if to != FILES and f".{to}" not in WRITERS:
        raise CorpusToolError(f"{to!r} is no kind of shard; there are {FILES}, {', '.join(k[1:] for k in WRITERS)}")
    if documents < 1:
        raise CorpusToolError(f"{documents}: a shard holds one document or more")
    require_local(root, "documents are stored anew", "copy the corpus to this machine, and back")
    corpus = open_corpus(root)
    folder = corpus.documents
    if folder.is_symlink():
        raise CorpusToolError(f"{folder}: is a symbolic link; documents are not written through links")
    told = Told(on_event)
    with only_one(root):
        clear_swap(folder)
        remove_leftovers(folder)
        files = files_with_documents(folder)
        if not files:
            raise CorpusToolError(f"{root}: holds no documents; `corpus-tool convert` makes some")
        before = _state(folder)
        told.plan("shard", lambda: files)
        new = new_folder(folder)
        try:
            count = _write(corpus, new, to, documents, told)
            _copy_others(folder, new, files)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        os.sync()
        _require_state(folder, before)
        swap(folder)
        try:
            _require_state(old_folder(folder), before)
        except CorpusToolError:
            swap_back(folder)
            raise
        clear_swap(folder)
    return ShardReport(count, len(files_with_documents(folder)), len(files))


def _write(corpus: Corpus, new: Path, to: str, documents: int, told: Told) -> int:
    """Writes all documents into a new folder; returns how many there are."""
    shutil.copytree(corpus.documents, new, ignore=lambda _, names: names)  # the folder itself, with its mode
    checker = make_checker(corpus.layers, ())
    with closing(SeenIds()) as seen:
        found = _documents(corpus, checker, seen, told)
        if to == FILES:
            for raw in found:
                text = layout(raw, corpus.layers)
                (new / f"{raw['id']}.json").write_text(text, encoding="utf-8", newline="\n")
        else:
            for number, first in enumerate(found):
                path = new / f"{_NAME}-{number:05}.{to}"
                group = chain([first], islice(found, documents - 1))
                write_shard(path, (line_layout(raw, corpus.layers).encode("utf-8") for raw in group))
        told.end()
        for twice in seen.diagnostics():
            raise ReadError(twice)
        return len(seen)


def _documents(corpus: Corpus, checker: Checker, seen: SeenIds, told: Told) -> Iterator[JsonObject]:
    """The documents of a corpus as JSON, each as it can be written back.

    Raises:
        ReadError: one cannot be read or written back.
    """
    for stored in iter_stored(corpus):
        document = read_subject(stored.data, checker, stored.name).document
        if document is None or not is_document_id(document.id):
            raise _unfit(stored, "is not a valid document")
        try:
            raw = exact_json(stored.data.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise _unfit(stored, f"cannot be written back as it is: {error}") from error
        seen.add("", document.id, stored.path, stored.line)
        told.document(document.id, stored.path)
        yield raw


def _unfit(stored: Stored, why: str) -> ReadError:
    return ReadError(fault("document-unreadable", stored.path, f"{why}; nothing was changed", line=stored.line))


def _copy_others(folder: Path, new: Path, files: list[Path]) -> None:
    """Takes along what lies in the folder and holds no document."""
    with_documents = {path.name for path in files}
    for path in folder.iterdir():
        if path.name in with_documents:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True)
        else:
            shutil.copy2(path, new / path.name, follow_symlinks=False)


def _state(folder: Path) -> dict[str, tuple[int, int, int]]:
    """What tells whether a file of a folder was changed, added or taken away."""
    stats = ((path.name, path.lstat()) for path in folder.iterdir())
    return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats}


def _require_state(folder: Path, before: dict[str, tuple[int, int, int]]) -> None:
    if _state(folder) != before:
        raise CorpusToolError(f"{folder}: was changed while its documents were stored anew; nothing was done")
