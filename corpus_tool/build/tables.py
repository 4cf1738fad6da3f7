"""All rows of a dataset: documents in, Parquet files out, in one process or several and with the same bytes."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import msgspec

from corpus_tool.build.features import features_of
from corpus_tool.build.figures import Figures, count_document
from corpus_tool.build.parquet import Piece, TableWriter, pack
from corpus_tool.build.rows import Row, default_rows, figure_rows, prepared, quote_rows, token_rows
from corpus_tool.build.withheld import WITHHELD, without_text
from corpus_tool.checks.run import Checker, make_checker, read_subject
from corpus_tool.engine import map_ordered
from corpus_tool.model import Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import Layer, layers_of
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.store import Stored, iter_stored

#: How the rows of each config are made.
ROWS: Mapping[str, Callable[[Document, Mapping[str, Layer], Counter[str]], Iterator[Row]]] = {
    "default": default_rows,
    "tokens": token_rows,
    "quotes": quote_rows,
    "figures": figure_rows,
}

#: Documents of one split whose rows are made at once, or fewer where they reach this many bytes.
_BATCH, _BATCH_BYTES = 250, 4_000_000


@dataclass(frozen=True)
class Plan:
    """What rows are made of; it can be sent to another process.

    Attributes:
        root: the corpus.
        configs: the configs to build.
        reviewed_only: leave out annotations that no person has reviewed.
        only_count: count the rows and make no tables.
        withheld: leave out the words of the articles.
    """

    root: Path
    configs: tuple[str, ...]
    reviewed_only: bool = False
    only_count: bool = False
    withheld: bool = False


@dataclass(frozen=True)
class _Batch:
    """Documents of one split, in their order."""

    split: str
    documents: list[Stored] = field(default_factory=list)


@dataclass(frozen=True)
class _Made:
    """What became of a batch: a piece a config, and what was counted; or the place of what is no document."""

    pieces: dict[str, Piece]
    figures: Figures
    ids: list[str]
    unreadable: tuple[str, int] | None = None


class _Id(msgspec.Struct, frozen=True):
    id: str


_ID = msgspec.json.Decoder(_Id)


def write_tables(
    corpus: Corpus,
    folder: Path,
    split_of: Callable[[str], str],
    *,
    jobs: int = 1,
    only_count: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
) -> tuple[list[TableWriter], Figures]:
    """Writes the Parquet files of every config that ``corpus.yaml`` asks for.

    Memory is bounded by what the row groups of every config and split hold, however many documents there are.

    Args:
        corpus: the corpus.
        folder: the dataset, where ``<config>/`` is made.
        split_of: gives the split that a document's id belongs to.
        jobs: processes that make rows; the bytes are the same with any number.
        only_count: count the rows and write nothing.
        on_document: called with the id of each document as it is done.

    Returns:
        The writers, closed, with the rows and bytes of each config; and what was counted.

    Raises:
        CorpusToolError: a file cannot be read or written, or a value does not fit its column.
        ReadError: a file is no document.
    """
    options = corpus.config.build
    plan = Plan(corpus.root, options.configs, options.reviewed_only, only_count, options.text == WITHHELD)
    writers = [
        TableWriter(folder, name, features_of(name, corpus.layers), options.shard_bytes) for name in plan.configs
    ]
    figures = Figures(
        kinds={name: Counter() for name in corpus.layers}, spans={name: Counter() for name in corpus.layers}
    )
    work = partial(_make_elsewhere, plan) if jobs > 1 else partial(_make, make_checker(corpus.layers, ()), plan)
    batches = (
        (batch.split, batch)
        for batch in _batches(iter_stored(corpus), split_of, min(_BATCH_BYTES, options.shard_bytes))
    )
    for split, made in map_ordered(work, batches, jobs=jobs):
        if made.unreadable is not None:
            path, line = made.unreadable
            raise ReadError(fault("document-unreadable", path, "is not a valid document", line=line))
        for writer in writers:
            writer.write(split, made.pieces[writer.config])
        figures.add(made.figures)
        for name in made.ids:
            on_document(name)
    for writer in writers:
        writer.close()
    return writers, figures


def _batches(documents: Iterable[Stored], split_of: Callable[[str], str], most: int) -> Iterator[_Batch]:
    """The documents in batches of one split each: whatever the number of processes, the batches are the same."""
    open_batches: dict[str, _Batch] = {}
    sizes: Counter[str] = Counter()
    for document in documents:
        split = split_of(document.name or _id_of(document))
        batch = open_batches.setdefault(split, _Batch(split))
        batch.documents.append(document)
        sizes[split] += len(document.data)
        if len(batch.documents) == _BATCH or sizes[split] >= most:
            yield open_batches.pop(split)
            sizes[split] = 0
    yield from open_batches.values()


def _id_of(document: Stored) -> str:
    try:
        return _ID.decode(document.data).id
    except msgspec.MsgspecError:
        raise ReadError(
            fault("document-unreadable", document.path, "is not a valid document", line=document.line)
        ) from None


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for cycles meanwhile: rows hold none, and looking through all of them again costs a seventh."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _make(checker: Checker, plan: Plan, batch: _Batch) -> _Made:
    """The rows of a batch, as a piece for each config."""
    with _collector_paused():
        return _made_of(checker, plan, batch)


def _made_of(checker: Checker, plan: Plan, batch: _Batch) -> _Made:
    layers = checker.layers
    figures = Figures()
    rows: dict[str, list[Row]] = {name: [] for name in plan.configs}
    ids = []
    for stored in batch.documents:
        whole = read_subject(stored.data, checker, stored.name).document
        if whole is None:
            return _Made({}, figures, [], (stored.path, stored.line))
        document = prepared(whole, layers, reviewed_only=plan.reviewed_only)
        for name in plan.configs:
            made = ROWS[name](document, layers, figures.ledger)
            rows[name].extend((without_text(name, row) for row in made) if plan.withheld else made)
        count_document(figures, whole, document, batch.split, layers)
        ids.append(document.id)
    return _Made({name: _piece(name, layers, plan, made) for name, made in rows.items()}, figures, ids)


def _piece(config: str, layers: Mapping[str, Layer], plan: Plan, rows: Sequence[Row]) -> Piece:
    if plan.only_count:
        return Piece(len(rows), 0, 0, b"")
    return pack(config, features_of(config, layers), rows)


def _make_elsewhere(plan: Plan, batch: _Batch) -> _Made:
    """The same in another process, which compiles what it decodes with once."""
    return _make(_checker_of(plan.root), plan, batch)


@cache
def _checker_of(root: Path) -> Checker:
    return make_checker(layers_of(root), ())
