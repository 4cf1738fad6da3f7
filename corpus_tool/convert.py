"""From articles to documents of a corpus: read, annotated, merged with what people did, written."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from msgspec.structs import replace as replace_struct

from corpus_tool.annotate.plugins import Request
from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.consent import allowed_requests, is_plain_run
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.engine import map_ordered
from corpus_tool.merge import is_human, merge_suggestions, reviewed_layers
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import with_hash
from corpus_tool.model.schemas import BUILT_IN
from corpus_tool.read import READERS, ReadError, ReadOptions, fault, read_articles
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import read_document, write_document
from corpus_tool.suggest import Job, Suggested, suggest, with_suggestions

#: Articles that are read, annotated and written together: they share the pipeline's batches.
_GROUP = 16

#: Part of the word triples that two states of one article share at the least; two articles share next to none.
_SAME_ARTICLE = 0.3


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
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    sources: dict[str, str] = field(default_factory=dict)
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
    allow: Collection[str] = (),
    pipeline: str | None = None,
    gazetteer: Path | None = None,
    api_key_env: str | None = None,
    jobs: int = 1,
    encoding: str = "utf-8",
    on_article: Callable[[str], None] = lambda name: None,
) -> ConvertReport:
    """Converts articles into documents of a corpus.

    Args:
        paths: files (.txt, .html, .jsonl), folders of such files, or ``Path("-")`` for plain text on standard input.
        into: the folder of the corpus.
        annotate: whether to suggest annotations; without, the layers of new documents stay absent.
        again: whether to suggest anew in layers that a person has worked on.
        allow: which of the annotators that ``corpus.yaml`` asks for may run: ``NAME``, ``NAME:TARGET``, or
            ``corpus_tool.consent.EVERYTHING``. The plain default needs none.
        pipeline: spaCy package or folder for the default annotator, in place of the small English pipeline.
        gazetteer: CSV file of places for the default annotator, which come before the packaged ones.
        api_key_env: name of the environment variable with the key of the endpoint that ``corpus.yaml`` asks for.
        jobs: processes that annotate; the documents are the same with any number.
        encoding: character encoding of plain-text articles.
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
        language=corpus.config.language,
        license=corpus.config.article_license,
        source=corpus.config.source,
    )
    run = _Run(corpus, make_checker(corpus.layers, ()), requests, again)
    for tasks, suggested in map_ordered(suggest, _jobs(_articles(paths, options, run), run), jobs=jobs):
        for document in _annotated(tasks, suggested, run):
            _write(document, run)
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
        known = [p for p in files if p.suffix.lower() in READERS and p.is_file()]
        if not known:
            raise CorpusToolError(f"{path}: the folder holds no article ({', '.join(READERS)})")
        yield from known
        for p in files:
            if p.suffix.lower() not in READERS:
                says = f"{p.suffix or 'no suffix'} is not one of {', '.join(READERS)}"
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
    """An article on its way: as read, and the document on disk that it continues, if any."""

    document: Document
    old: Document | None
    annotate: bool


def _articles(paths: Sequence[Path], options: ReadOptions, run: _Run) -> Iterator[_Task]:
    for path in expand_paths(paths):
        if isinstance(path, Diagnostic):
            run.diagnostics.append(path)
            continue
        for article in read_articles(path, options):
            try:
                if isinstance(article, ReadError):
                    raise article
                task = _task(article, str(path), run)
                run.pending[task.document.id] = task.document
                yield task
            except ReadError as error:
                run.diagnostics.append(error.diagnostic)


def _task(article: Document, path: str, run: _Run) -> _Task:
    """Finds the document on disk that an article continues, and the id that it will have.

    Raises:
        ReadError: the id is in use by another article of this run, or by a reviewed document with another text.
    """
    document, old = _placed(article, path, run)
    if document.id in run.sources:
        first = run.sources[document.id]
        raise ReadError(fault("article-id-twice", path, f"{first} holds an article with the id {document.id!r} too"))
    run.sources[document.id] = path
    if old is None or old.text != document.text:
        if old is not None and any(is_human(a) for layer in old.layers.values() for a in layer):
            raise ReadError(
                fault(
                    "article-changed",
                    path,
                    f"its text differs from documents/{old.id}.json, which people have reviewed",
                )
            )
        return _Task(document, None, bool(run.requests))
    may_gain = run.again or not is_plain_run(run.requests) or bool(set(BUILT_IN) - reviewed_layers(old))
    return _Task(document, old, bool(run.requests) and may_gain)


def _placed(article: Document, path: str, run: _Run) -> tuple[Document, Document | None]:
    """The article under the id that it gets, and the document, on disk or of this run, that it is a new state of.

    An id that another article has already taken is made unlike by a hash: of the source's id, else of the text.

    Raises:
        ReadError: other articles have taken these ids too.
    """
    source_id = article.meta.source_id or article.id
    for candidate in (article.id, with_hash(article.id, source_id), with_hash(article.id, article.text_sha256)):
        file = run.corpus.document_path(candidate)
        old = run.pending.get(candidate)
        if old is None and file.exists():
            old = read_document(file, run.checker)
        if old is None or _is_same_source(old, article, source_id):
            return _renamed(article, candidate, source_id), old
    raise ReadError(fault("article-id-twice", path, f"other articles hold the id {article.id!r} and its variants"))


def _renamed(article: Document, name: str, source_id: str) -> Document:
    if name == article.id:
        return article
    return replace_struct(article, id=name, meta=replace_struct(article.meta, source_id=source_id))


def _is_same_source(old: Document, new: Document, source_id: str) -> bool:
    """Whether two documents under one id come from one article: the same source id and much the same words."""
    if (old.meta.source_id or old.id) != source_id:
        return False
    if old.text == new.text or all(
        d.meta.article is not None and d.meta.article.media_type == "application/json" for d in (old, new)
    ):
        return True
    return _shared_triples(old.text, new.text) >= _SAME_ARTICLE


def _shared_triples(one: str, other: str) -> float:
    """Jaccard similarity of the word triples of two texts."""
    a, b = (
        {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
        for words in (re.findall(r"\w+", text.lower()) for text in (one, other))
    )
    return len(a & b) / max(1, len(a | b))


def _jobs(tasks: Iterator[_Task], run: _Run) -> Iterator[tuple[list[_Task], Job]]:
    """Articles in groups, each with the work of annotating those that want it."""
    while group := list(islice(tasks, _GROUP)):
        wanted = tuple(task.document for task in group if task.annotate)
        yield group, Job(run.name, run.corpus.root, run.requests, wanted)


def _annotated(tasks: Sequence[_Task], suggested: Sequence[Suggested], run: _Run) -> Iterator[Document]:
    """The documents as they are to be written: with their suggestions, merged with what is on disk."""
    rest = iter(suggested)
    for task in tasks:
        made = None
        if task.annotate:
            result = next(rest)
            run.remarks.extend(result.diagnostics)
            made = with_suggestions(task.document, result, run.corpus.layers)
        if task.old is None:
            yield made or task.document
        elif made is None:
            yield task.old
        else:
            yield merge_suggestions(task.old, made, again=run.again)


def _write(document: Document, run: _Run) -> None:
    (run.written if write_document(run.corpus, document) else run.unchanged).append(document.id)
