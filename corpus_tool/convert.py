"""From articles to documents of a corpus: read, annotated, merged with what people did, written."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from msgspec.structs import replace as replace_struct

from corpus_tool.annotate.plugins import Request
from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.consent import allowed_requests, is_plain_run
from corpus_tool.continuation import Copy, held_document, own_document
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.engine import map_ordered
from corpus_tool.merge import is_human, merge_suggestions, reviewed_layers
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import remove_leftovers
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import BUILT_IN
from corpus_tool.read import SUFFIXES, ReadError, ReadOptions, fault, format_of_name, read_articles
from corpus_tool.read.corpus import open_corpus
from corpus_tool.reanchor import Reanchored, reanchor
from corpus_tool.reanchor_copies import reanchor_copies
from corpus_tool.same_article import Articles, open_articles
from corpus_tool.set_aside import FOLDER, told, write_set_aside
from corpus_tool.store import read_document, write_document
from corpus_tool.suggest import Job, Suggested, suggest, with_suggestions

#: Articles that are read, annotated and written together: they share the pipeline's batches.
_GROUP = 16

#: Media types of files whose articles have ids of their own, which mean more than the words do.
_RECORDS = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/rdf+xml",
        "application/rss+xml",
        "text/csv",
        "text/tab-separated-values",
    }
)


@dataclass(frozen=True)
class ConvertReport:
    """What became of the articles: ids of the documents, and what was wrong."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass
class _Run:
    """What a run has done so far."""

    corpus: Corpus
    checker: Checker
    requests: tuple[Request, ...]
    again: bool
    keep_duplicates: bool
    articles: Articles
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    sources: dict[str, str] = field(default_factory=dict)  # file of each document's article
    addressed: dict[str, str] = field(default_factory=dict)  # file that gave a document by its address, not by its id
    pending: dict[str, Document] = field(default_factory=dict)  # read, but not on disk yet
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    remarks: list[Diagnostic] = field(default_factory=list)  # what annotators had to say


def convert_articles(
    paths: Sequence[Path],
    into: Path,
    *,
    annotate: bool = True,
    again: bool = False,
    keep_duplicates: bool = False,
    allow: Collection[str] = (),
    pipeline: str | None = None,
    gazetteer: Path | None = None,
    api_key_env: str | None = None,
    jobs: int = 1,
    encoding: str = "auto",
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
    on_article: Callable[[str], None] = lambda name: None,
) -> ConvertReport:
    """Converts articles into documents of a corpus.

    Args:
        paths: files (``corpus_tool.read.SUFFIXES`` says which), folders of such files, or ``Path("-")`` for standard
            input. Any file may be compressed by gzip, bzip2 or xz.
        into: the folder of the corpus.
        annotate: whether to suggest annotations; without, the layers of new documents stay absent.
        again: whether to suggest anew in layers that a person has worked on.
        keep_duplicates: whether to write an article that the corpus holds already, under another id.
        allow: which of the annotators that ``corpus.yaml`` asks for may run: ``NAME``, ``NAME:TARGET``, or
            ``corpus_tool.consent.EVERYTHING``. The plain default needs none.
        pipeline: spaCy package or folder for the default annotator, in place of the small English pipeline.
        gazetteer: CSV file of places for the default annotator, which come before the packaged ones.
        api_key_env: name of the environment variable with the key of the endpoint that ``corpus.yaml`` asks for.
        jobs: processes that annotate; the documents are the same with any number.
        encoding: character encoding of plain text, tables, and pages that do not say theirs; "auto" to find it out.
        columns: the column of a table, or the key of JSON lines, of each field that is not called like it:
            ``{"text": "body"}``.
        format: what the files are (``corpus_tool.read.READERS``); None to tell by their names and first bytes.
        on_article: called with the id of each article as it is done.

    Returns:
        The ids of the documents written and of those that needed no change, and a diagnostic for each article that
        could not be converted; the others are.

    Raises:
        CorpusToolError: misuse, a file that cannot be read or written, or an annotator that the user has not allowed or
            that cannot work.
        ReadError: ``corpus.yaml`` is wrong.
    """
    if jobs < 1:
        raise CorpusToolError(f"jobs: {jobs} processes cannot work")
    corpus = open_corpus(into)
    requests: tuple[Request, ...] = ()
    if annotate:
        requests = allowed_requests(
            corpus, allow=allow, pipeline=pipeline, gazetteer=gazetteer, api_key_env=api_key_env
        )
    options = ReadOptions(
        root=corpus.root,
        encoding=encoding,
        columns=dict(columns or {}),
        format=format,
        language=corpus.config.language,
        license=corpus.config.article_license,
        source=corpus.config.source,
    )
    for folder in (corpus.documents, corpus.root / FOLDER):
        remove_leftovers(folder)
    with open_articles(corpus) as known:
        run = _Run(corpus, make_checker(corpus.layers, ()), requests, again, keep_duplicates, known)
        for tasks, suggested in map_ordered(suggest, _jobs(_articles(paths, options, run), run), jobs=jobs):
            for task, document in _annotated(tasks, suggested, run):
                _write(task, document, run)
                del run.pending[document.id]
                on_article(document.id)
    return ConvertReport(tuple(run.written), tuple(run.unchanged), (*run.diagnostics, *run.remarks))


def expand_paths(paths: Iterable[Path]) -> Iterator[Path | Diagnostic]:
    """The files of ``paths``, folders replaced by the articles in and below them, in the order of their names.

    Hidden files and folders are left out, and links to folders are not followed.

    Raises:
        CorpusToolError: a path does not exist, or a folder holds no article or cannot be read.
    """
    for path in paths:
        if str(path) == "-" or not path.is_dir():
            yield path
            continue
        files = sorted(_files_below(path))
        known = [p for p in files if format_of_name(p.name) and p.is_file()]
        if not known:
            raise CorpusToolError(f"{path}: the folder holds no article ({', '.join(SUFFIXES)})")
        yield from known
        for p in files:
            if not format_of_name(p.name):
                says = f"{p.suffix or 'no suffix'} is not one of {', '.join(SUFFIXES)}"
                yield fault("article-skipped", str(p), f"not converted: {says}")
            elif not p.is_file():
                yield fault("article-skipped", str(p), "not converted: is no file, or a link that leads to none")


def _files_below(folder: Path) -> Iterator[Path]:
    """What lies in a folder and below it and is no folder."""

    def refuse(error: OSError) -> None:
        raise CorpusToolError(f"{error.filename}: {error.strerror}") from error

    for top, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(top, name) for name in names if not name.startswith("."))


@dataclass(frozen=True)
class _Task:
    """An article on its way.

    Attributes:
        document: the article as read, under the id of its document.
        old: that document with the article's text, if there is one to go on from.
        annotate: whether there is anything to suggest.
        is_changed: whether the document is on disk with another text.
        placed: where people's work had to be placed in that text: the document as it is on disk, and how it went.
    """

    document: Document
    old: Document | None
    annotate: bool
    is_changed: bool = False
    placed: tuple[Document, Reanchored] | None = None


def _articles(paths: Sequence[Path], options: ReadOptions, run: _Run) -> Iterator[_Task]:
    for path in expand_paths(paths):
        if isinstance(path, Diagnostic):
            run.diagnostics.append(path)
            continue
        for article in read_articles(path, options):
            if isinstance(article, Diagnostic):
                run.diagnostics.append(article)
                continue
            try:
                if isinstance(article, ReadError):
                    raise article
                task = _task(article, _shown(path, article), run)
                run.pending[task.document.id] = task.document
                yield task
            except ReadError as error:
                run.diagnostics.append(error.diagnostic)


def _shown(path: Path, article: Document) -> str:
    """What diagnostics call the article's file: ``pages.zip!/fire.html`` for a member of an archive."""
    recorded = article.meta.article.path if article.meta.article else None
    _, mark, inside = (recorded or "").partition("!/")
    return f"{path}{mark}{inside}"


def _task(article: Document, path: str, run: _Run) -> _Task:
    """Finds the document on disk that an article continues, and the id that it will have.

    Raises:
        ReadError: the id is in use by another article of this run, or the corpus holds the article under another id.
    """

    def lookup(document_id: str) -> Document | None:
        file = run.corpus.document_path(document_id)
        known = run.pending.get(document_id)
        return read_document(file, run.checker) if known is None and file.exists() else known

    continued = own_document(article, path, lookup)
    is_addressed = False
    if continued.old is None and continued.document.id not in run.sources and not run.keep_duplicates:
        held = held_document(continued.document, run.articles, lookup)
        if isinstance(held, Copy):
            if held.by_address:
                run.addressed.setdefault(held.held.id, path)
                raise ReadError(fault("article-twice", path, f"{held.held.place} {held.why}; not written again"))
            told = f"{held.held.place} {held.why}; written as {continued.document.id} all the same"
            run.diagnostics.append(fault("article-alike", path, told))
        elif held is not None:
            continued, is_addressed = held, True
    document, old = continued.document, continued.old
    first, rival = run.sources.get(document.id), run.addressed.get(document.id)
    if (is_addressed and (first or rival)) or (rival and (first or old is None or old.text != document.text)):
        told_first = f"documents/{document.id}.json has the same address, and {rival or first} came first"
        raise ReadError(fault("article-twice", path, f"{told_first}; not written again"))
    if first:
        raise ReadError(fault("article-id-twice", path, f"{first} holds an article with the id {document.id!r} too"))
    if is_addressed:
        run.addressed[document.id] = path
    run.sources[document.id] = path
    if old is not None and old.text == document.text:
        may_gain = run.again or not is_plain_run(run.requests) or bool(set(BUILT_IN) - reviewed_layers(old))
        return _Task(document, old, bool(run.requests) and may_gain)
    run.articles.add(document)
    if old is None or not any(is_human(a) for layer in old.layers.values() for a in layer):
        return _Task(document, None, bool(run.requests), is_changed=old is not None)
    result = reanchor(old, document, run.corpus.layers)
    bare = replace_struct(result.document, layers={}, entities=(), relations=())
    return _Task(bare, result.document, bool(run.requests), is_changed=True, placed=(old, result))


def _jobs(tasks: Iterator[_Task], run: _Run) -> Iterator[tuple[list[_Task], Job]]:
    """Articles in groups, each with the work of annotating those that want it."""
    while group := list(islice(tasks, _GROUP)):
        wanted = tuple(task.document for task in group if task.annotate)
        yield group, Job(run.name, run.corpus.root, run.requests, wanted)


def _annotated(tasks: Sequence[_Task], suggested: Sequence[Suggested], run: _Run) -> Iterator[tuple[_Task, Document]]:
    """The documents as they are to be written: with their suggestions, merged with what is on disk."""
    rest = iter(suggested)
    for task in tasks:
        made = None
        if task.annotate:
            result = next(rest)
            run.remarks.extend(result.diagnostics)
            made = with_suggestions(task.document, result, run.corpus.layers)
        if task.old is None:
            yield task, made or task.document
        elif made is None:
            yield task, task.old
        else:
            yield task, merge_suggestions(task.old, made, again=run.again)


def _write(task: _Task, document: Document, run: _Run) -> None:
    """Writes a document, and before it what its new state has no place for: a kill between the two loses nothing."""
    if task.is_changed:
        run.diagnostics.extend(reanchor_copies(run.corpus, document, run.checker))
    if task.placed is not None:
        old, result = task.placed
        write_set_aside(run.corpus.root, old, result.set_aside)
    elif task.old is not None:
        write_set_aside(run.corpus.root, task.old, ())
    is_new = write_document(run.corpus, document)
    (run.written if is_new else run.unchanged).append(document.id)
    if is_new:
        run.articles.written(document.id)
    if task.placed is not None:
        run.diagnostics.extend(told(task.placed[1]))
