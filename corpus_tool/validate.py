"""Validating: every document of a corpus, a folder, a file or a shard through the checks, then the corpus itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from corpus_tool.checks.run import Checker, check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.engine import map_ordered
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import Layer, layers_of
from corpus_tool.parity import is_dataset, validate_dataset
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.selection import ALL, Ignores, Selection
from corpus_tool.sources import STANDARD_INPUT, Item, Source, holds_one_document, iter_items, read_again, source_of
from corpus_tool.splits import Dealt, deal_corpus, hash_split
from corpus_tool.twice import SeenIds

if TYPE_CHECKING:
    from corpus_tool.cache import Cache
    from corpus_tool.checks.corpus.survey import Survey

#: Documents that go to a process together, and the bytes at which a batch is full: enough work to be worth the way.
_BATCH = 64
_BATCH_BYTES = 2_000_000

#: Edits that a kept result may hold: each finding of a layer that drifted carries those of the whole layer.
_KEPT_EDITS = 2_000


class Checked(msgspec.Struct, frozen=True):
    """What checking one document gave; lines count from its own first one, and ``path`` is left empty.

    ``summary`` is what the checks across documents need of it (a ``Summary`` as MessagePack), where there are such.
    """

    document: str | None
    found: tuple[Diagnostic, ...]
    summary: bytes = b""


class _Setup(msgspec.Struct, frozen=True):
    """How documents are checked: with which corpus's layers, under which rules, and what for.

    Attributes:
        root: the corpus, None without one.
        rules: digest of what decides the results (``cache.rules_digest``).
        surveyed: whether checks across documents follow.
        alone: whether there is one document only.
    """

    root: Path | None
    rules: bytes
    surveyed: bool
    alone: bool


@dataclass(frozen=True)
class _Task:
    """A document for the checks: the name that its id should have, and its bytes."""

    name: str | None
    data: bytes
    is_shard: bool


@dataclass
class _Batch:
    """Consecutive documents: what is known of each already, and the places of those that are still to be checked."""

    slots: list[tuple[Item | Diagnostic, bytes, Checked | None]] = field(default_factory=list)
    tasks: list[_Task] = field(default_factory=list)
    size: int = 0


def validate_paths(
    paths: Sequence[Path],
    *,
    selection: Selection = ALL,
    jobs: int = 1,
    cached: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
    on_dealt: Callable[[Dealt], None] = lambda dealt: None,
) -> Iterator[Diagnostic]:
    """The diagnostics of documents, file by file, then those of each corpus as a whole.

    Args:
        paths: corpora (folders that hold a ``corpus.yaml``), folders of documents, document files (.json), shards
            (.jsonl, .ndjson, also .gz and .zst), built datasets (folders that hold a ``manifest.json``), or
            ``Path("-")`` for standard input: a document, or documents a line.
            What lies inside a corpus is checked with that corpus's layers and ignores.
        selection: which codes are wanted.
        jobs: processes that check; the diagnostics and their order are the same with any number.
        cached: whether to keep what was found in a corpus beside it, and not to check the same bytes again.
        on_document: called with the path of each document as it is done.
        on_dealt: called with the splits of each corpus whose policy looks at more than ids, before what is found in it
            as a whole.

    Raises:
        CorpusToolError: misuse, or a file that the user named cannot be opened.
    """
    corpora: dict[Path, Corpus] = {}
    with closing(SeenIds()) as loose:
        for path in paths:
            if is_dataset(path):
                yield from validate_dataset(path, selection=selection, on_document=on_document)
                continue
            source = source_of(path)
            try:
                corpus = _opened(source, corpora)
            except ReadError as error:
                yield error.diagnostic
                continue
            with nullcontext(loose) if not source.is_corpus else closing(SeenIds()) as seen:
                for diagnostic in _validate(source, corpus, seen, jobs, cached, on_document, on_dealt):
                    if selection.takes(diagnostic.code):
                        yield diagnostic
        # Files that are named one by one may share an id; what lies in a corpus has that corpus's ignores.
        for diagnostic in loose.diagnostics():
            corpus = _opened(source_of(Path(diagnostic.path)), corpora) if diagnostic.path != STANDARD_INPUT else None
            if selection.takes(diagnostic.code):
                yield from Ignores(corpus).left([diagnostic])


def _opened(source: Source, corpora: dict[Path, Corpus]) -> Corpus | None:
    if source.root is None:
        return None
    if source.root not in corpora:
        corpora[source.root] = open_corpus(source.root)
    return corpora[source.root]


def _validate(
    source: Source,
    corpus: Corpus | None,
    seen: SeenIds,
    jobs: int,
    cached: bool,
    on_document: Callable[[str], None],
    on_dealt: Callable[[Dealt], None],
) -> Iterator[Diagnostic]:
    ignores = Ignores(corpus)
    with (
        _survey(corpus if source.is_corpus else None) as survey,
        _cache(corpus.root if corpus and cached and source.is_corpus else None) as cache,
    ):
        for item, checked in _checked(source, corpus, cache, jobs):
            if isinstance(item, Diagnostic):
                yield from ignores.left([item])
                if survey is not None:
                    survey.unread += 1
                on_document(item.path)
                continue
            assert checked is not None
            found = [_at(diagnostic, item) for diagnostic in checked.found]
            if checked.document is not None:
                seen.add(item.group, checked.document, item.path, item.line)
            yield from ignores.left(found)
            if survey is not None:
                _add(survey, item, checked.summary)
            on_document(f"{item.path}:{item.line}" if item.is_shard else item.path)
        if cache is not None:
            cache.forget_unused()
        if source.is_corpus:
            yield from ignores.left(seen.diagnostics())
        if survey is not None:
            from corpus_tool.checks.corpus.run_survey import check_survey

            if survey.strata is not None and corpus is not None:
                try:
                    on_dealt(deal_corpus(corpus, survey))
                except ReadError as error:
                    yield error.diagnostic
            yield from ignores.left(check_survey(survey))
            yield from ignores.unused()


def _cache(root: Path | None) -> AbstractContextManager[Cache | None]:
    if root is None:
        return nullcontext()
    from corpus_tool.cache import open_cache

    return open_cache(root)


def _survey(corpus: Corpus | None) -> AbstractContextManager[Survey | None]:
    if corpus is None:
        return nullcontext()
    from corpus_tool.checks.corpus.survey import Survey

    policy = corpus.config.build.splits
    later = policy.policy != "hash"
    split_of = hash_split(policy) if not later and (policy.train or policy.validation or policy.test) else None
    return closing(Survey(corpus.config, root=corpus.root, split_of=split_of, is_dealt_later=later, reread=read_again))


def _add(survey: Survey, item: Item, summary: bytes) -> None:
    """Takes a document into the survey; one without a summary could not be read."""
    from corpus_tool.checks.corpus.summary import Summary

    if summary:
        read = msgspec.msgpack.decode(summary, type=Summary)
        survey.add(read, item.path, item.line, annotator=item.annotator)
    else:
        survey.unread += 1


def _at(diagnostic: Diagnostic, item: Item) -> Diagnostic:
    """The diagnostic at its place: what was counted from the document's first line counts from the file's."""
    above = item.line - 1
    placed = replace(diagnostic, path=item.path, line=diagnostic.line + above)
    if not above:
        return placed
    related = tuple(replace(place, line=place.line + above) if place.line else place for place in placed.related)
    context = placed.context
    if context is not None and context.of == "file":
        context = replace(context, line=context.line + above)
    return replace(placed, related=related, context=context)


def _checked(
    source: Source, corpus: Corpus | None, cache: Cache | None, jobs: int
) -> Iterator[tuple[Item | Diagnostic, Checked | None]]:
    """Every item of a source with what was found in it, in order, from the cache or from the checks."""
    layers = corpus.layers if corpus else layers_of(None)
    alone = source.is_corpus and holds_one_document(source)
    rules = _rules(layers, alone=alone) if cache is not None or jobs > 1 else b""
    setup = _Setup(corpus.root if corpus else None, rules, source.is_corpus, alone)
    work = partial(_check_elsewhere, setup) if jobs > 1 else partial(_check_tasks, make_checker(layers), setup)
    batches = ((batch, batch.tasks) for batch in _batches(iter_items(source), cache, rules, one_by_one=jobs == 1))
    for batch, results in map_ordered(work, batches, jobs=jobs):
        fresh = iter(results)
        kept = []
        for item, key, known in batch.slots:
            if isinstance(item, Diagnostic) or known is not None:
                yield item, known
                continue
            checked = next(fresh)
            if key and (encoded := _encoded(checked)):
                kept.append((key, encoded))
            yield item, checked
        if cache is not None and kept:
            cache.put(kept)


def _rules(layers: Mapping[str, Layer], *, alone: bool) -> bytes:
    from corpus_tool.cache import rules_digest

    return rules_digest(layers) + bytes([alone])


def _batches(
    items: Iterable[Item | Diagnostic], cache: Cache | None, rules: bytes, *, one_by_one: bool
) -> Iterator[_Batch]:
    batch = _Batch()
    for item in items:
        key, known = b"", None
        if isinstance(item, Item):
            if cache is not None:
                key = cache.key_of(rules, item.name, item.data)
                known = _decoded(cache.get(key))
            if known is None:
                batch.tasks.append(_Task(item.name, item.data, item.is_shard))
                batch.size += len(item.data)
        batch.slots.append((replace(item, data=b"") if isinstance(item, Item) else item, key, known))
        if len(batch.slots) == _BATCH or batch.size > _BATCH_BYTES or (one_by_one and cache is None):
            yield batch
            batch = _Batch()
    yield batch


def _encoded(checked: Checked) -> bytes:
    """What the cache keeps of a result: nothing of one that it would be full of, or that has no encoding."""
    if sum(len(diagnostic.fix) for diagnostic in checked.found) > _KEPT_EDITS:
        return b""
    try:
        return msgspec.msgpack.encode(checked)
    except UnicodeEncodeError:  # half a character in a message: such a document is checked each time
        return b""


def _decoded(data: bytes | None) -> Checked | None:
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=Checked)
    except msgspec.DecodeError:
        return None


def _check_tasks(checker: Checker, setup: _Setup, tasks: Sequence[_Task]) -> list[Checked]:
    return [_check(checker, setup, task) for task in tasks]


def _check(checker: Checker, setup: _Setup, task: _Task) -> Checked:
    document, found = check_bytes(task.data, "", checker, name=task.name)
    if document is None:
        return Checked(None, tuple(found))
    if not setup.surveyed:
        return Checked(document.id, tuple(found))
    from corpus_tool.checks.corpus.summary import summarise

    summary = summarise(document, checker.layers, alone=setup.alone)
    return Checked(document.id, tuple(found), msgspec.msgpack.encode(summary))


def _check_elsewhere(setup: _Setup, tasks: Sequence[_Task]) -> list[Checked]:
    """The same in another process, which compiles the schema once."""
    return _check_tasks(_checker_of(setup.root, setup.rules), setup, tasks)


@lru_cache(maxsize=1)
def _checker_of(root: Path | None, _rules: bytes) -> Checker:
    return make_checker(layers_of(root))
