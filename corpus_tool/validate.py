"""Validating: every document of a corpus, a folder, a file or a shard through the checks, then the corpus itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from corpus_tool.checking import Result
from corpus_tool.checking_source import check_source
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.engine import Engine
from corpus_tool.model.corpus import Corpus
from corpus_tool.parity import is_dataset, validate_dataset
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.read.storage import location
from corpus_tool.selection import ALL, Ignores, Selection
from corpus_tool.sources import STANDARD_INPUT, Source, files_of, read_again, source_of
from corpus_tool.splits import Dealt, deal_corpus, is_dealt_later, split_at_once
from corpus_tool.twice import SeenIds
from corpus_tool.units import Unit

if TYPE_CHECKING:
    from corpus_tool.cache import Cache
    from corpus_tool.checks.corpus.survey import Survey


def validate_paths(
    paths: Sequence[Path],
    *,
    selection: Selection = ALL,
    jobs: int = 1,
    scheduler: str | None = None,
    cached: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
    on_dealt: Callable[[Dealt], None] = lambda dealt: None,
    on_event: OnEvent | None = None,
) -> Iterator[Diagnostic]:
    """The diagnostics of documents, file by file, then those of each corpus as a whole.

    Args:
        paths: corpora (folders that hold a ``corpus.yaml``), folders of documents, document files (.json), shards
            (.jsonl, .ndjson, also .gz and .zst), built datasets (folders that hold a ``manifest.json``), or
            ``Path("-")`` for standard input: a document, or documents a line.
            What lies inside a corpus is checked with that corpus's layers and ignores.
        selection: which codes are wanted.
        jobs: processes that check; the diagnostics and their order are the same with any number.
        scheduler: address of a Dask scheduler whose workers check in their place, as ``tcp://host:8786``.
        cached: whether to keep what was found in a corpus beside it, and not to check the same bytes again.
        on_document: called with the path of each document as it is done.
        on_dealt: called with the splits of each corpus whose policy looks at more than ids, before what is found in it
            as a whole.
        on_event: called with each event of the run.

    Raises:
        CorpusToolError: misuse, a file that the user named cannot be opened, or the cluster cannot be worked with.
    """
    corpora: dict[Path, Corpus] = {}
    engine = Engine(jobs, scheduler)
    told = Told(on_event, on_document)
    with closing(SeenIds()) as loose:
        for path in paths:
            if is_dataset(path):
                yield from validate_dataset(path, selection=selection, on_document=on_document, on_event=on_event)
                continue
            source = source_of(path)
            try:
                corpus = _opened(source, corpora)
            except ReadError as error:
                told.finding(error.diagnostic.severity)
                yield error.diagnostic
                continue
            with nullcontext(loose) if not source.is_corpus else closing(SeenIds()) as seen:
                for diagnostic in _validate(source, corpus, seen, engine, cached, told, on_dealt):
                    if selection.takes(diagnostic.code):
                        told.finding(diagnostic.severity)
                        yield diagnostic
        # Files that are named one by one may share an id; what lies in a corpus has that corpus's ignores.
        for diagnostic in loose.diagnostics():
            corpus = (
                _opened(source_of(location(diagnostic.path)), corpora) if diagnostic.path != STANDARD_INPUT else None
            )
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
    engine: Engine,
    cached: bool,
    told: Told,
    on_dealt: Callable[[Dealt], None],
) -> Iterator[Diagnostic]:
    ignores = Ignores(corpus)
    told.plan("check", lambda: files_of(source))
    with (
        _survey(corpus if source.is_corpus else None) as survey,
        _cache(corpus.root if corpus and cached and source.is_corpus else None) as cache,
    ):
        for unit, result in check_source(source, corpus, cache, engine, told.retry):
            for number, checked in enumerate(result.checked):
                path = unit.name(number)
                yield from ignores.left([_at(diagnostic, path, checked.line) for diagnostic in checked.found])
                if checked.document is not None:
                    seen.add(unit.group, checked.document, path, checked.line)
                name = f"{path}:{checked.line}" if unit.is_shard and checked.is_read else path
                told.document(name, path, unit.stored(number))
            if survey is not None:
                _take(survey, unit, result)
        told.end()
        if cache is not None:
            cache.forget_unused()
        if source.is_corpus:
            yield from ignores.left(seen.diagnostics())
        if survey is not None:
            told.step("compare documents")
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
    later = is_dealt_later(policy)
    split_of = split_at_once(policy)
    return closing(Survey(corpus.config, root=corpus.root, split_of=split_of, is_dealt_later=later, reread=read_again))


def _take(survey: Survey, unit: Unit, result: Result) -> None:
    """Takes the documents of a unit into the survey; one without a summary could not be read."""
    from corpus_tool.checks.corpus.part import Part
    from corpus_tool.checks.corpus.summary import Summary

    if result.part:
        survey.take(msgspec.msgpack.decode(result.part, type=Part), unit.name(0))
        return
    for number, checked in enumerate(result.checked):
        if checked.summary:
            summary = msgspec.msgpack.decode(checked.summary, type=Summary)
            survey.gatherer.add(summary, unit.name(number), checked.line, annotator=unit.annotator)
        else:
            survey.gatherer.add_unread()
    survey.take(survey.gatherer.part())


def _at(diagnostic: Diagnostic, path: str, line: int) -> Diagnostic:
    """The diagnostic at its place: what was counted from the document's first line counts from the file's."""
    above = line - 1
    placed = replace(diagnostic, path=path, line=diagnostic.line + above)
    if not above:
        return placed
    related = tuple(replace(place, line=place.line + above) if place.line else place for place in placed.related)
    context = placed.context
    if context is not None and context.of == "file":
        context = replace(context, line=context.line + above)
    return replace(placed, related=related, context=context)
