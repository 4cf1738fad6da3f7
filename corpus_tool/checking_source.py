"""Checking all units of a source, in order, wherever that is done; what is known from the last time is not redone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.checking import (
    DIGEST_BYTES,
    Checked,
    Outcome,
    Result,
    Setup,
    Task,
    check_elsewhere,
    check_unit,
    dealt_under,
    decoded,
    decoded_one,
    encoded_one,
    is_worth_keeping,
    result_of,
    rules_for,
)
from corpus_tool.checks.run import make_checker
from corpus_tool.engine import Engine, Ready, map_ordered
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import layers_of
from corpus_tool.read.faults import fault
from corpus_tool.sources import Item, Source, holds_one_document
from corpus_tool.units import Unit, iter_units, read_unit

if TYPE_CHECKING:
    from corpus_tool.cache import Cache

#: Documents that are checked as one piece of work where they are files, or lines that are read here; and the bytes at
#: which such a piece is full: enough work to be worth the way.
_DOCUMENTS, _BYTES = 64, 2_000_000


@dataclass(frozen=True)
class _Before:
    """What is known of a unit before it is checked.

    Attributes:
        unit: the unit.
        key: what the result of a shard, or of lines of one, is kept under.
        result: that of a shard from its last check.
        slots: of files that were looked up one by one, each one's key with its result, None where it is to be checked.
    """

    unit: Unit
    key: bytes = b""
    result: Result | None = None
    slots: tuple[tuple[bytes, Checked | None], ...] = ()


def check_source(
    source: Source,
    corpus: Corpus | None,
    cache: Cache | None,
    engine: Engine,
    on_retry: Callable[[str], None] = lambda what: None,
) -> Iterator[tuple[Unit, Result]]:
    """Every unit of a source with what was found in its documents, in order.

    Args:
        source: what to check.
        corpus: whose layers count, None for the built-in ones.
        cache: what was found before, and where it is kept.
        engine: where the checks run.
        on_retry: called with a few words when work was lost and is done again.

    Raises:
        CorpusToolError: the file that the user named cannot be opened, or the engine cannot work.
    """
    layers = corpus.layers if corpus else layers_of(None)
    alone = source.is_corpus and holds_one_document(source)
    rules = rules_for(layers, alone=alone) if cache is not None or not engine.is_here else b""
    base = Path.cwd() if engine.scheduler is not None else None
    splits = corpus.config.build.splits if corpus is not None and source.is_corpus else None
    root = corpus.root if corpus else None
    setup = Setup(root, rules, source.is_corpus, splits, alone, cache is not None, base)
    work = partial(check_unit, make_checker(layers), setup) if engine.is_here else partial(check_elsewhere, setup)
    units = iter_units(source, documents=_DOCUMENTS, size=_BYTES)
    pieces = (_piece(unit, cache, setup) for unit in units)
    for before, outcome in map_ordered(work, pieces, engine, lost=_lost, on_retry=on_retry):
        if outcome.is_lost and len(before.unit.paths) > 1:
            alone_each = ((number, Task(unit)) for number, unit in enumerate(_single_files(before)))
            found = map_ordered(work, alone_each, engine, lost=_lost, on_retry=on_retry)
            fresh = Result(tuple(checked for _, one in found for checked in result_of(one).checked))
        else:
            fresh = result_of(outcome)
            if cache is not None and not outcome.is_lost:
                _keep(cache, before, outcome, fresh.checked)
        yield before.unit, _merged(before, outcome, fresh)


def _piece(unit: Unit, cache: Cache | None, setup: Setup) -> tuple[_Before, Task | Ready[Outcome]]:
    """A unit as work, or as a result where the cache has it."""
    if cache is None:
        return _Before(unit), Task(unit)
    if unit.is_whole_shard:
        name = unit.paths[0].relative_to(setup.root) if setup.root is not None else unit.paths[0]
        key = cache.key_of(setup.rules, "\0shard", name.as_posix().encode("utf-8", "surrogateescape"))
        row = cache.get(key) or b""
        result = decoded(row[DIGEST_BYTES:])
        return _Before(unit, key, result), Task(unit, b"" if result is None else row[:DIGEST_BYTES])
    if unit.is_shard:
        lines = b"".join(b"%d %d\n%b\n" % (i.line, len(i.data), i.data) for i in unit.items if isinstance(i, Item))
        key = cache.key_of(dealt_under(setup), "\0lines", lines)
        result = decoded(cache.get(key) or b"")
        return _Before(unit, key), Task(unit) if result is None else Ready(Outcome(result))
    if cache.was_empty:
        return _Before(unit), Task(unit)
    return _looked_up(unit, cache, setup.rules)


def _looked_up(unit: Unit, cache: Cache, rules: bytes) -> tuple[_Before, Task | Ready[Outcome]]:
    """Files, of which those go to work that the cache does not have; they were read for that and go along."""
    slots, paths, items = [], [], []
    for path, item in zip(unit.paths, read_unit(unit), strict=True):
        key, known = b"", None
        if isinstance(item, Item):
            key = cache.key_of(rules, item.name, item.data)
            row = cache.get(key)
            known = decoded_one(row) if row is not None else None
        slots.append((key, known))
        if known is None:
            paths.append(path)
            items.append(item)
    task = Task(replace(unit, paths=tuple(paths), items=tuple(items))) if items else Ready(Outcome(Result(())))
    return _Before(unit, slots=tuple(slots)), task


def _keep(cache: Cache, before: _Before, outcome: Outcome, fresh: Sequence[Checked]) -> None:
    """Keeps what was found; nothing of what the cache would be full of, or could not be read."""
    if before.key:
        if outcome.data and is_worth_keeping(fresh):
            cache.put([(before.key, outcome.digest + outcome.data)])
        return
    keys = [key for key, known in before.slots if known is None] or outcome.keys
    rows = ((key, encoded_one(one)) for key, one in zip(keys, fresh, strict=True) if key) if keys else ()
    cache.put([(key, data) for key, data in rows if data])


def _merged(before: _Before, outcome: Outcome, fresh: Result) -> Result:
    """The result of every document of a unit, those that were known among them."""
    if outcome.is_unchanged:
        assert before.result is not None
        return before.result
    if not before.slots:
        return fresh
    rest = iter(fresh.checked)
    return Result(tuple(known if known is not None else next(rest) for _, known in before.slots))


def _lost(task: Task) -> Outcome:
    """What stands for a unit over which process after process was killed."""
    told = "was not checked: each process that tried was killed over it"
    first = next((item.line for item in task.unit.items if isinstance(item, Item)), 1) if task.unit.is_shard else 1
    found = (fault("not-checked", "", told, line=first),)
    return Outcome(Result(tuple(Checked(1, None, found, is_read=False) for _ in task.unit.paths)), is_lost=True)


def _single_files(before: _Before) -> Iterator[Unit]:
    known = [checked for _, checked in before.slots] or [None] * len(before.unit.paths)
    for path, checked in zip(before.unit.paths, known, strict=True):
        if checked is None:
            yield replace(before.unit, paths=(path,), items=())
