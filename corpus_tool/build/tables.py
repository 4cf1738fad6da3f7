"""All rows of a dataset: documents in, Parquet files out, wherever the rows are made, and with the same bytes."""

from __future__ import annotations

import gc
import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, get_origin

import msgspec

from corpus_tool.build.features import features_of
from corpus_tool.build.figures import Figures, count_document
from corpus_tool.build.parquet import Piece, TableWriter, pack
from corpus_tool.build.resume import Finished
from corpus_tool.build.rows import Row, default_rows, figure_rows, prepared, quote_rows, token_rows
from corpus_tool.build.withheld import WITHHELD, without_text
from corpus_tool.checking import layers_elsewhere, rules_for
from corpus_tool.checks.run import Checker, make_checker, read_subject
from corpus_tool.engine import HERE, Engine, Ready, map_ordered
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus, SplitPolicy
from corpus_tool.model.schemas import Layer
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.sources import Item
from corpus_tool.splits import SPLITS, Dealt, hash_split, split_getter
from corpus_tool.units import Unit, folder_units, read_unit

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
        batch_bytes: bytes of documents whose rows are made at once.
        policy: what gives the split of an id; None where units of work say the splits of their documents.
        reviewed_only: leave out annotations that no person has reviewed.
        only_count: count the rows and make no tables.
        withheld: leave out the words of the articles.
        rules: digest of what decides how documents are read (``checking.rules_for``).
        base: the folder that paths start at, for machines of a cluster; None on this machine.
    """

    root: Path
    configs: tuple[str, ...]
    batch_bytes: int
    policy: SplitPolicy | None
    reviewed_only: bool = False
    only_count: bool = False
    withheld: bool = False
    rules: bytes = b""
    base: Path | None = None


@dataclass(frozen=True)
class _Task:
    """Documents to make rows of.

    Attributes:
        unit: what to read.
        splits: where the plan has no policy: the place in ``SPLITS`` of each document's split, in order.
        ids: CRC-32 over the ids of these documents: splits belong to the documents that were looked at.
    """

    unit: Unit
    splits: bytes = b""
    ids: int = 0


@dataclass
class _Rows:
    """Rows of some documents of one split, by config; and how many documents of how many bytes these are."""

    rows: dict[str, list[Row]]
    documents: int = 0
    size: int = 0


class _Made(msgspec.Struct, frozen=True):
    """What became of a unit: pieces, each with its split and config, and what was counted."""

    pieces: list[tuple[str, str, Piece]]
    figures: Figures
    ids: list[str]


def write_tables(
    corpus: Corpus,
    folder: Path,
    dealt: Dealt | None = None,
    *,
    engine: Engine = HERE,
    state: str | None = None,
    only_count: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
    on_retry: Callable[[str], None] = lambda what: None,
) -> tuple[list[TableWriter], Figures]:
    """Writes the Parquet files of every config that ``corpus.yaml`` asks for.

    Memory is bounded by what the row groups of every config and split hold, however many documents there are.

    Args:
        corpus: the corpus.
        folder: the dataset, where ``<config>/`` is made.
        dealt: the splits of the documents, where the policy looks at more than ids.
        engine: where the rows are made; the bytes are the same everywhere.
        state: a word for the state of the corpus and of the code; with one, rows that were made before a build was
            ended are not made again. None to keep nothing.
        only_count: count the rows and write nothing.
        on_document: called with the id of each document as it is done.
        on_retry: called with a few words when work was lost and is done again.

    Returns:
        The writers, closed, with the rows and bytes of each config; and what was counted.

    Raises:
        CorpusToolError: a file cannot be read or written, a value does not fit its column, a document has no split, or
            the corpus was changed meanwhile.
        ReadError: a file is no document.
    """
    options = corpus.config.build
    plan = Plan(
        corpus.root,
        options.configs,
        min(_BATCH_BYTES, options.shard_bytes),
        None if dealt is not None else options.splits,
        options.reviewed_only,
        only_count,
        options.text == WITHHELD,
        rules_for(corpus.layers) if engine.scheduler is not None else b"",
        Path.cwd() if engine.scheduler is not None else None,
    )
    writers = [
        TableWriter(folder, name, features_of(name, corpus.layers), options.shard_bytes) for name in plan.configs
    ]
    by_config = {writer.config: writer for writer in writers}
    figures = Figures(
        kinds={name: Counter() for name in corpus.layers}, spans={name: Counter() for name in corpus.layers}
    )
    work = partial(_make, make_checker(corpus.layers, ()), plan) if engine.is_here else partial(_make_elsewhere, plan)
    finished = Finished(corpus.root, _state_of_rows(state, plan)) if state is not None else None
    tasks = _tasks(corpus, dealt, plan)
    for (number, is_kept), data in map_ordered(work, _pieces(tasks, finished), engine, on_retry=on_retry):
        made = _MADE.decode(data)
        if finished is not None and number and not is_kept:
            finished.put(number, data)
        for split, config, piece in made.pieces:
            by_config[config].write(split, piece)
        figures.add(made.figures)
        for name in made.ids:
            on_document(name)
    for writer in writers:
        writer.close()
    if finished is not None:
        finished.forget()
    return writers, figures


def _state_of_rows(state: str, plan: Plan) -> str:
    told = f"{plan.configs} {plan.batch_bytes} {plan.reviewed_only} {plan.withheld}\n{state}"
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _pieces(
    tasks: Iterable[_Task], finished: Finished | None
) -> Iterator[tuple[tuple[int, bool], _Task | Ready[bytes]]]:
    """Units as work, or as results that an earlier build left; the first is always made: it may be the only one."""
    for number, task in enumerate(tasks):
        kept = finished.get(number) if finished is not None and number else None
        yield (number, kept is not None), task if kept is None else Ready(kept)


def _tasks(corpus: Corpus, dealt: Dealt | None, plan: Plan) -> Iterator[_Task]:
    """The units of a corpus, each with the splits of its documents where these were dealt.

    Raises:
        CorpusToolError: a document has no split.
    """
    units = folder_units(corpus.documents, documents=_BATCH, size=plan.batch_bytes)
    if dealt is None:
        yield from map(_Task, units)
        return
    split_of = split_getter(corpus, dealt)
    start = 0
    for unit in units:
        end = _end_of(unit, dealt.paths, start)
        ids = dealt.ids[start:end]
        yield _Task(unit, bytes(SPLITS.index(split_of(name)) for name in ids), _sum_of(ids))
        start = end


def _end_of(unit: Unit, paths: Sequence[str], start: int) -> int:
    """Where the documents of a unit end among all documents, of which ``paths`` tells the files, in order."""
    if unit.is_whole_shard:
        name, end = unit.name(0), start
        while end < len(paths) and paths[end] == name:
            end += 1
        return end
    if unit.is_shard:
        return start + sum(isinstance(item, Item) for item in unit.items)
    for number in range(len(unit.paths)):
        start += start < len(paths) and paths[start] == unit.name(number)
    return start


def _sum_of(ids: Iterable[str]) -> int:
    total = 0
    for name in ids:
        total = zlib.crc32(f"{name}\n".encode(), total)
    return total


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


def _make(checker: Checker, plan: Plan, task: _Task) -> bytes:
    """The rows of a unit, as pieces of each split and config: a ``_Made`` as MessagePack.

    Raises:
        CorpusToolError: the unit is not what it was when splits were dealt, or a value does not fit its column.
        ReadError: something is no document.
    """
    with _collector_paused():
        return _ENCODER.encode(_made_of(checker, plan, task))


def _made_of(checker: Checker, plan: Plan, task: _Task) -> _Made:
    layers, figures = checker.layers, Figures()
    by_hash = hash_split(plan.policy) if plan.policy is not None else None
    pieces: list[tuple[str, str, Piece]] = []
    waiting: dict[str, _Rows] = {}
    ids: list[str] = []
    for item in read_unit(task.unit, plan.base):
        if not isinstance(item, Item):
            raise ReadError(item)
        whole = read_subject(item.data, checker, item.name).document
        if whole is None:
            raise ReadError(fault("document-unreadable", item.path, "is not a valid document", line=item.line))
        if by_hash is None and len(ids) >= len(task.splits):
            raise _changed(task)
        split = by_hash(whole.id) if by_hash is not None else SPLITS[task.splits[len(ids)]]
        ids.append(whole.id)
        rows = waiting.setdefault(split, _Rows({name: [] for name in plan.configs}))
        document = prepared(whole, layers, reviewed_only=plan.reviewed_only)
        for name in plan.configs:
            made = ROWS[name](document, layers, figures.ledger)
            rows.rows[name].extend((without_text(name, row) for row in made) if plan.withheld else made)
        count_document(figures, whole, document, split, layers)
        rows.documents += 1
        rows.size += len(item.data)
        if rows.documents == _BATCH or rows.size >= plan.batch_bytes:
            pieces += _packed(split, waiting.pop(split), layers, plan)
    if by_hash is None and (len(ids) != len(task.splits) or _sum_of(ids) != task.ids):
        raise _changed(task)
    for split, rows in waiting.items():
        pieces += _packed(split, rows, layers, plan)
    return _Made(pieces, figures, ids)


def _changed(task: _Task) -> CorpusToolError:
    return CorpusToolError(f"{task.unit.name(0)}: was changed while the dataset was built; run the build again")


def _packed(split: str, rows: _Rows, layers: Mapping[str, Layer], plan: Plan) -> Iterator[tuple[str, str, Piece]]:
    for config, made in rows.rows.items():
        if plan.only_count:
            yield split, config, Piece(len(made), 0, 0, b"")
        else:
            yield split, config, pack(config, features_of(config, layers), made)


def _counter(kind: Any, counts: Any) -> Any:
    """Builds what MessagePack has no type for: ``Counter``."""
    return Counter(counts) if get_origin(kind) is Counter else counts


_ENCODER = msgspec.msgpack.Encoder()
_MADE = msgspec.msgpack.Decoder(_Made, dec_hook=_counter)


def _make_elsewhere(plan: Plan, task: _Task) -> bytes:
    """The same in another process, which compiles what it decodes with once."""
    return _make(_checker_of(plan.root, plan.rules, plan.base), plan, task)


@lru_cache(maxsize=1)
def _checker_of(root: Path, rules: bytes, base: Path | None) -> Checker:
    return make_checker(layers_elsewhere(root, rules, base), ())
