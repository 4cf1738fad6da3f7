"""From articles to documents of a corpus: read, annotated, merged with what people did, written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from msgspec.structs import replace as replace_struct

from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.merge import is_human, merge_suggestions, reviewed_layers
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.codec import dump_document
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import with_hash
from corpus_tool.model.schemas import BUILT_IN
from corpus_tool.read import READERS, ReadError, ReadOptions, fault, read_articles
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import read_document, write_document

#: Articles that are read, annotated and written together: they share the pipeline's batches.
_GROUP = 16

#: Characters of one block that are parsed; the parser needs some 1 GB for every 100,000.
_MAX_BLOCK = 100_000

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
    annotate: bool
    again: bool
    sources: dict[str, str] = field(default_factory=dict)
    pending: dict[str, Document] = field(default_factory=dict)  # read, but not on disk yet
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def convert_articles(
    paths: Sequence[Path],
    into: Path,
    *,
    annotate: bool = True,
    again: bool = False,
    encoding: str = "utf-8",
    on_article: Callable[[str], None] = lambda name: None,
) -> ConvertReport:
    """Converts articles into documents of a corpus.

    Args:
        paths: files (.txt, .html, .jsonl), folders of such files, or ``Path("-")`` for plain text on standard input.
        into: the folder of the corpus.
        annotate: whether to suggest annotations; without, the layers of new documents stay absent.
        again: whether to suggest anew in layers that a person has worked on.
        encoding: character encoding of plain-text articles.
        on_article: called with the id of each article as it is done.

    Returns:
        The ids of the documents written and of those that needed no change, and a diagnostic for each article that
        could not be converted; the others are.

    Raises:
        CorpusToolError: misuse, or a file that cannot be read or written.
        ReadError: ``corpus.yaml`` is wrong.
    """
    corpus = open_corpus(into)
    options = ReadOptions(
        root=corpus.root,
        encoding=encoding,
        language=corpus.config.language,
        license=corpus.config.article_license,
        source=corpus.config.source,
    )
    run = _Run(corpus, make_checker(corpus.layers, ()), annotate, again)
    articles = _articles(paths, options, run)
    while group := list(islice(articles, _GROUP)):
        for document in _annotated(group, run):
            _write(document, run)
            on_article(document.id)
        run.pending.clear()
    return ConvertReport(tuple(run.written), tuple(run.unchanged), tuple(run.diagnostics))


def expand_paths(paths: Iterable[Path]) -> Iterator[Path | Diagnostic]:
    """The files of ``paths``, folders replaced by the articles in and below them, in the order of their names.

    Raises:
        CorpusToolError: a path does not exist, or a folder holds no article.
    """
    for path in paths:
        if str(path) == "-" or not path.is_dir():
            yield path
            continue
        files = sorted(
            p
            for p in path.rglob("*")
            if p.is_file() and not any(part.startswith(".") for part in p.relative_to(path).parts)
        )
        known = [p for p in files if p.suffix.lower() in READERS]
        if not known:
            raise CorpusToolError(f"{path}: the folder holds no article ({', '.join(READERS)})")
        yield from known
        for p in files:
            if p.suffix.lower() not in READERS:
                yield fault(
                    "article-skipped",
                    str(p),
                    f"not converted: {p.suffix or 'no suffix'} is not one of {', '.join(READERS)}",
                )


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
                yield _task(article, str(path), run)
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
    run.pending[document.id] = document
    if old is None or old.text != document.text:
        if old is not None and any(is_human(a) for layer in old.layers.values() for a in layer):
            raise ReadError(
                fault(
                    "article-changed",
                    path,
                    f"its text differs from documents/{old.id}.json, which people have reviewed",
                )
            )
        return _Task(document, None, run.annotate)
    open_layers = set(BUILT_IN) - reviewed_layers(old)
    return _Task(document, old, run.annotate and (run.again or bool(open_layers)))


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


def _annotated(tasks: Sequence[_Task], run: _Run) -> Iterator[Document]:
    """The documents as they are to be written: annotated where wanted, merged with what is on disk."""
    wanted = [task for task in tasks if task.annotate and _is_readable(task.document, run)]
    suggestions = {d.id: d for d in _suggest(task.document for task in wanted)} if wanted else {}
    for task in tasks:
        suggested = suggestions.get(task.document.id)
        if task.old is None:
            yield suggested or task.document
        elif suggested is None:
            yield task.old
        else:
            yield merge_suggestions(task.old, suggested, again=run.again)


def _suggest(documents: Iterable[Document]) -> Iterator[Document]:
    from corpus_tool.annotate.default import annotate_article
    from corpus_tool.annotate.pipeline import load_pipeline, parse_articles

    return map(annotate_article, parse_articles(documents, load_pipeline()))


def _is_readable(document: Document, run: _Run) -> bool:
    """Whether the default annotators can read the document: its language, its blocks; says so where they cannot."""
    from corpus_tool.annotate.language import is_english

    language = document.meta.language
    declared_other = language is not None and language.split("-")[0].lower() != "en"
    path = f"documents/{document.id}.json"
    longest = max((block.end - block.start for block in document.blocks), default=0)
    if longest > _MAX_BLOCK:
        says = f"a block has {longest:,} characters, more than {_MAX_BLOCK:,}; no annotations were suggested"
        run.diagnostics.append(fault("article-not-annotated", path, says))
        return False
    if not declared_other and is_english(document.text):
        return True
    says = f"its language is {language}" if declared_other else "its text does not read as English"
    run.diagnostics.append(fault("language-not-annotated", path, f"{says}; no annotations were suggested"))
    return False


def _write(document: Document, run: _Run) -> None:
    path = run.corpus.document_path(document.id)
    text = dump_document(document, run.corpus.layers)
    if path.exists() and path.read_bytes() == text.encode("utf-8"):
        run.unchanged.append(document.id)
        return
    write_document(run.corpus, document)
    run.written.append(document.id)
