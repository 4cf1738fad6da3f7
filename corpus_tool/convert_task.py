"""One article on its way into a corpus: the document that it becomes or continues, its suggestions, its writing.

Where documents stand (a file each, or the lines of a shard) is a ``Shelf``'s business.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, Protocol

from msgspec.structs import replace as replace_struct

from corpus_tool.annotate.plugins import Request
from corpus_tool.checks.run import Checker
from corpus_tool.consent import is_plain_run
from corpus_tool.continuation import Copy, held_document, own_document
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.merge import is_human, merge_suggestions, reviewed_layers
from corpus_tool.model import Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import BUILT_IN
from corpus_tool.read import Read, ReadError, fault
from corpus_tool.reanchor import Reanchored, reanchor
from corpus_tool.reanchor_copies import reanchor_copies
from corpus_tool.same_article import Articles
from corpus_tool.set_aside import told, write_set_aside
from corpus_tool.suggest import Job, Suggested, with_suggestions

#: Articles that are read, annotated and written together: they share the pipeline's batches.
GROUP = 16


class Shelf(Protocol):
    """Where the documents of a run stand."""

    @property
    def shard(self) -> str:
        """The name of the shard whose lines they are, "" for a file each."""

    def lookup(self, document_id: str) -> Document | None:
        """The document with an id, None where there is none. Raises ReadError where it cannot be read."""

    def is_taken(self, document_id: str) -> bool:
        """Whether an id is that of a document elsewhere in the corpus."""

    def place(self, document_id: str) -> str:
        """What a message calls the document with an id."""

    def put(self, document: Document) -> bool:
        """Puts a document where it belongs; returns whether that changed anything."""


class Elsewhere(NamedTuple):
    """Where else in the corpus an article stands, as a message says it, and whether that is the same article."""

    says: str
    is_same: bool


@dataclass
class Intake:
    """What a run has done so far with the articles of one shelf."""

    corpus: Corpus
    checker: Checker
    requests: tuple[Request, ...]
    again: bool
    keep_duplicates: bool
    articles: Articles
    shelf: Shelf
    elsewhere: Mapping[int, Elsewhere] = field(default_factory=dict)  # by number of the article, from 0
    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    sources: dict[str, str] = field(default_factory=dict)  # file of each document's article
    addressed: dict[str, str] = field(default_factory=dict)  # file that gave a document by its address, not by its id
    pending: dict[str, Document] = field(default_factory=dict)  # read, but not on the shelf yet
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    remarks: list[Diagnostic] = field(default_factory=list)  # what annotators had to say

    def lookup(self, document_id: str) -> Document | None:
        """The document with an id, as it will be once the run has ended."""
        known = self.pending.get(document_id)
        return self.shelf.lookup(document_id) if known is None else known


@dataclass(frozen=True)
class Task:
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


def tasks_of(articles: Iterable[tuple[str, Read]], intake: Intake) -> Iterator[Task]:
    """The articles of files, each with the document that it becomes or continues; what is wrong goes to ``intake``.

    Args:
        articles: what ``read_articles`` gives, each with what diagnostics call its file.
        intake: the run.
    """
    number = -1
    for path, article in articles:
        if isinstance(article, Diagnostic):
            intake.diagnostics.append(article)
            continue
        try:
            if isinstance(article, ReadError):
                raise article
            number += 1
            task = _task(article, path, number, intake)
            intake.pending[task.document.id] = task.document
            yield task
        except ReadError as error:
            intake.diagnostics.append(error.diagnostic)


def shown(path: object, article: Read) -> str:
    """What diagnostics call the article's file: ``pages.zip!/fire.html`` for a member of an archive."""
    recorded = article.meta.article.path if isinstance(article, Document) and article.meta.article else None
    _, mark, inside = (recorded or "").partition("!/")
    return f"{path}{mark}{inside}"


def jobs_of(tasks: Iterator[Task], intake: Intake) -> Iterator[tuple[list[Task], Job]]:
    """Articles in groups, each with the work of annotating those that want it."""
    while group := list(islice(tasks, GROUP)):
        wanted = tuple(task.document for task in group if task.annotate)
        yield group, Job(intake.name, intake.corpus.root, intake.requests, wanted)


def finish(tasks: Sequence[Task], suggested: Sequence[Suggested], intake: Intake) -> Iterator[Document]:
    """Writes the documents of a group, each with its suggestions and merged with what is on disk, and gives it."""
    for task, document in _annotated(tasks, suggested, intake):
        _write(task, document, intake)
        del intake.pending[document.id]
        yield document


def _task(article: Document, path: str, number: int, intake: Intake) -> Task:
    """Finds the document on the shelf that an article continues, and the id that it will have.

    Raises:
        ReadError: the id is in use by another article of this run, or the corpus holds the article under another id.
    """
    shelf = intake.shelf
    continued = own_document(article, path, intake.lookup, shelf.is_taken, shard=shelf.shard)
    is_addressed = False
    if continued.old is None and continued.document.id not in intake.sources and not intake.keep_duplicates:
        elsewhere = intake.elsewhere.get(number)
        if elsewhere is not None and elsewhere.is_same:
            raise ReadError(fault("article-twice", path, f"{elsewhere.says}; not written again"))
        held = held_document(continued.document, intake.articles, intake.lookup)
        if isinstance(held, Copy):
            if held.by_address or (held.held.is_copy and held.held.id == article.id):
                intake.addressed.setdefault(held.held.id, path)
                raise ReadError(fault("article-twice", path, f"{held.held.place} {held.why}; not written again"))
            _tell_alike(f"{held.held.place} {held.why}", path, continued.document.id, intake)
        elif held is not None:
            continued, is_addressed = held, True
        elif elsewhere is not None:
            _tell_alike(elsewhere.says, path, continued.document.id, intake)
    document, old = continued.document, continued.old
    first, rival = intake.sources.get(document.id), intake.addressed.get(document.id)
    if (is_addressed and (first or rival)) or (rival and (first or old is None or old.text != document.text)):
        told_first = f"{shelf.place(document.id)} has the same address, and {rival or first} came first"
        raise ReadError(fault("article-twice", path, f"{told_first}; not written again"))
    if first:
        raise ReadError(fault("article-id-twice", path, f"{first} holds an article with the id {document.id!r} too"))
    if is_addressed:
        intake.addressed[document.id] = path
    intake.sources[document.id] = path
    if old is not None and old.text == document.text:
        may_gain = intake.again or not is_plain_run(intake.requests) or bool(set(BUILT_IN) - reviewed_layers(old))
        return Task(document, old, bool(intake.requests) and may_gain)
    intake.articles.add(document)
    if old is None or not any(is_human(a) for layer in old.layers.values() for a in layer):
        return Task(document, None, bool(intake.requests), is_changed=old is not None)
    result = reanchor(old, document, intake.corpus.layers)
    bare = replace_struct(result.document, layers={}, entities=(), relations=())
    return Task(bare, result.document, bool(intake.requests), is_changed=True, placed=(old, result))


def _tell_alike(says: str, path: str, document_id: str, intake: Intake) -> None:
    told_alike = f"{says}; written as {document_id} all the same"
    intake.diagnostics.append(fault("article-alike", path, told_alike))


def _annotated(
    tasks: Sequence[Task], suggested: Sequence[Suggested], intake: Intake
) -> Iterator[tuple[Task, Document]]:
    """The documents as they are to be written: with their suggestions, merged with what is on disk."""
    rest = iter(suggested)
    for task in tasks:
        made = None
        if task.annotate:
            result = next(rest)
            intake.remarks.extend(result.diagnostics)
            made = with_suggestions(task.document, result, intake.corpus.layers)
        if task.old is None:
            yield task, made or task.document
        elif made is None:
            yield task, task.old
        else:
            yield task, merge_suggestions(task.old, made, again=intake.again)


def _write(task: Task, document: Document, intake: Intake) -> None:
    """Writes a document, and before it what its new state has no place for: a kill between the two loses nothing."""
    if task.is_changed:
        intake.diagnostics.extend(reanchor_copies(intake.corpus, document, intake.checker))
    if task.placed is not None:
        old, result = task.placed
        write_set_aside(intake.corpus.root, old, result.set_aside)
    elif task.old is not None:
        write_set_aside(intake.corpus.root, task.old, ())
    is_new = intake.shelf.put(document)
    (intake.written if is_new else intake.unchanged).append(document.id)
    if is_new:
        intake.articles.written(document.id)
    if task.placed is not None:
        intake.diagnostics.extend(told(task.placed[1]))
