"""From articles to documents of a corpus: read, annotated, merged with what people did, written."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus_tool.annotate.plugins import Request
from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.consent import allowed_requests
from corpus_tool.convert_shards import DOCUMENTS, ConvertedShard, Shards, convert_shards, goes_into_shards
from corpus_tool.convert_task import Intake, finish, jobs_of, shown, tasks_of
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.engine import Engine, map_ordered
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import remove_leftovers
from corpus_tool.model.corpus import Corpus
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read import SUFFIXES, Read, ReadOptions, fault, format_of_name, read_articles
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.storage import is_remote
from corpus_tool.same_article import Articles, open_articles
from corpus_tool.set_aside import FOLDER
from corpus_tool.store import read_document, write_document
from corpus_tool.suggest import suggest


@dataclass(frozen=True)
class ConvertReport:
    """What became of the articles: ids of the documents, what was wrong, and what became of raw shards.

    The documents of shards are counted in ``shards``, and not named in ``written`` and ``unchanged``.
    """

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    shards: tuple[ConvertedShard, ...] = ()


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
    scheduler: str | None = None,
    encoding: str = "auto",
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
    shards: str | None = None,
    shard_documents: int = DOCUMENTS,
    on_article: Callable[[str], None] = lambda name: None,
    on_event: OnEvent | None = None,
) -> ConvertReport:
    """Converts articles into documents of a corpus.

    Args:
        paths: files (``corpus_tool.read.SUFFIXES`` says which), folders of such files, or ``Path("-")`` for standard
            input. Any file may be compressed by gzip, bzip2, xz or zstd.
        into: the folder of the corpus.
        annotate: whether to suggest annotations; without, the layers of new documents stay absent.
        again: whether to suggest anew in layers that a person has worked on, and to convert raw shards that are done.
        keep_duplicates: whether to write an article that the corpus holds already, under another id.
        allow: which of the annotators that ``corpus.yaml`` asks for may run: ``NAME``, ``NAME:TARGET``, or
            ``corpus_tool.consent.EVERYTHING``. The plain default needs none.
        pipeline: spaCy package or folder for the default annotator, in place of the small English pipeline.
        gazetteer: CSV file of places for the default annotator, which come before the packaged ones.
        api_key_env: name of the environment variable with the key of the endpoint that ``corpus.yaml`` asks for.
        jobs: processes that annotate; the documents are the same with any number.
        scheduler: address of a Dask scheduler, whose workers then do the work.
        encoding: character encoding of plain text, tables, and pages that do not say theirs; "auto" to find it out.
        columns: the column of a table, or the key of JSON lines, of each field that is not called like it:
            ``{"text": "body"}``.
        format: what the files are (``corpus_tool.read.READERS``); None to tell by their names and first bytes.
        shards: the suffix of document shards ("jsonl", "jsonl.gz", "jsonl.zst", "parquet"): every file that holds many
            articles becomes a shard of documents. None writes a file a document, but goes on with shards that are
            there.
        shard_documents: how many documents a new shard holds at the most.
        on_article: called with the id of each article as it is done; with the name of each shard, once a document.
        on_event: called with each event of the run.

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
    engine = Engine(jobs, scheduler)
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
    told = Told(on_event, on_article)
    wanted = Shards(corpus, options, requests, again, keep_duplicates, shards, shard_documents)
    singles: list[Path | Diagnostic] = []
    raws: list[Path] = []
    for path in expand_paths(paths):
        is_raw = not isinstance(path, Diagnostic) and goes_into_shards(path, wanted)
        (raws if is_raw else singles).append(path)  # type: ignore[arg-type]  # a raw shard is a path
    done = tuple(convert_shards(raws, wanted, engine, told)) if raws else ()
    own = _convert_files(singles, wanted, engine, told) if singles or not raws else ConvertReport()
    found = (d for shard in done for d in shard.diagnostics)
    return ConvertReport(own.written, own.unchanged, (*found, *own.diagnostics), done)


def _convert_files(paths: Sequence[Path | Diagnostic], wanted: Shards, engine: Engine, told: Told) -> ConvertReport:
    """Converts articles to a file a document."""
    corpus = wanted.corpus
    checker = make_checker(corpus.layers, ())
    with open_articles(corpus) as known:
        shelf = _Files(corpus, checker, known)
        run = Intake(corpus, checker, wanted.requests, wanted.again, wanted.keep_duplicates, known, shelf)
        told.plan("convert", lambda: [path for path in paths if not isinstance(path, Diagnostic)])
        findings = 0
        groups = jobs_of(tasks_of(_read(paths, wanted.options), run), run)
        for tasks, suggested in map_ordered(suggest, groups, engine, on_retry=told.retry):
            for document in finish(tasks, suggested, run):
                findings = _tell_findings(run.diagnostics, findings, told)
                told.document(document.id, run.sources[document.id].partition("!/")[0])
        _tell_findings(run.diagnostics, findings, told)
        told.end()
        for remark in run.remarks:
            told.finding(remark.severity)
    return ConvertReport(tuple(run.written), tuple(run.unchanged), (*run.diagnostics, *run.remarks))


def _tell_findings(diagnostics: Sequence[Diagnostic], already: int, told: Told) -> int:
    """Tells what was found since the last time; returns how many have been told."""
    for diagnostic in diagnostics[already:]:
        told.finding(diagnostic.severity)
    return len(diagnostics)


def _read(paths: Iterable[Path | Diagnostic], options: ReadOptions) -> Iterator[tuple[str, Read]]:
    """The articles of files, each with what diagnostics call its file."""
    for path in paths:
        if isinstance(path, Diagnostic):
            yield path.path, path
            continue
        for article in read_articles(path, options):
            yield shown(path, article), article


@dataclass(frozen=True)
class _Files:
    """Documents that have a file each."""

    corpus: Corpus
    checker: Checker
    articles: Articles
    shard: str = ""

    def lookup(self, document_id: str) -> Document | None:
        file = self.corpus.document_path(document_id)
        return read_document(file, self.checker) if file.exists() else None

    def is_taken(self, document_id: str) -> bool:
        return self.articles.is_in_shard(document_id)

    def place(self, document_id: str) -> str:
        return f"documents/{document_id}.json"

    def put(self, document: Document) -> bool:
        return write_document(self.corpus, document)


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
    if is_remote(folder):
        yield from (
            path for path in folder.rglob("*") if not any(p.startswith(".") for p in path.relative_to(folder).parts)
        )
        return

    def refuse(error: OSError) -> None:
        raise CorpusToolError(f"{error.filename}: {error.strerror}") from error

    for top, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(top, name) for name in names if not name.startswith("."))
