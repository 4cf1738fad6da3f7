"""The work on one raw shard, done where a worker is: which articles it holds, and making its document shards."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from corpus_tool.annotate.plugins import Request
from corpus_tool.checks.run import make_checker
from corpus_tool.convert_task import Elsewhere, Intake, finish, jobs_of, shown, tasks_of
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.merge import is_human
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read import Read, ReadError, ReadOptions, fault, read_articles
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.storage import fingerprint
from corpus_tool.read.urls import url_key
from corpus_tool.same_article import StoredArticle, digest_of, open_articles
from corpus_tool.set_aside import write_set_aside
from corpus_tool.shard_draft import ShardDraft
from corpus_tool.suggest import suggest

#: Findings of one name that are told of a raw shard.
_MOST_TOLD = 100

#: An id, and what stands for an address (None without one) and a text.
Row = tuple[str, bytes | None, bytes]


@dataclass(frozen=True)
class ShardPlan:
    """What the units of one run share.

    Attributes:
        run: a word for the run: its units share their annotators in each process.
        root: the corpus.
        options: how articles are read.
        digest: what stands for all options that the documents depend on.
        requests: the annotators.
        again: whether to suggest anew in reviewed layers.
        keep_duplicates: whether to write articles that the corpus holds already.
        size: how many documents a new shard gets.
    """

    run: str
    root: Path
    options: ReadOptions
    digest: bytes
    requests: tuple[Request, ...]
    again: bool
    keep_duplicates: bool
    size: int


@dataclass(frozen=True)
class SurveyUnit:
    """A raw shard whose articles are to be named; ``known`` is its key when they were named last."""

    plan: ShardPlan
    raw: Path
    known: bytes = b""


@dataclass(frozen=True)
class Surveyed:
    """The articles of a raw shard.

    Attributes:
        key: what stands for its bytes and the options; empty where it could not be read.
        rows: the articles in their order, packed (``unpack_rows``); None where the key is the known one.
        refused: why it could not be read.
    """

    key: bytes
    rows: bytes | None = None
    refused: Diagnostic | None = None


@dataclass(frozen=True)
class Unit:
    """A raw shard to convert.

    Attributes:
        plan: what all units share.
        raw: the file.
        key: its key, as surveyed.
        shard: the name that its document shards have in common.
        parts: the files of these, as many as there may be.
        taken: ids that its articles ask for, and that other documents of the corpus have.
        elsewhere: its articles, by number from 0, that stand elsewhere in the corpus.
        may_remove: whether documents whose articles are gone, and that nobody has reviewed, are taken out.
    """

    plan: ShardPlan
    raw: Path
    key: bytes
    shard: str
    parts: tuple[Path, ...]
    taken: frozenset[str] = frozenset()
    elsewhere: Mapping[int, Elsewhere] = field(default_factory=dict)
    may_remove: bool = False


@dataclass(frozen=True)
class Converted:
    """What became of a raw shard.

    Attributes:
        files: the names of its document shards, in order.
        rows: by file, the documents in it, packed.
        written: how many documents are new or changed.
        unchanged: how many are as they were.
        diagnostics: what was wrong.
        is_done: whether it need not be done again while neither it nor the options change.
    """

    files: tuple[str, ...] = ()
    rows: Mapping[str, bytes] = field(default_factory=dict)
    written: int = 0
    unchanged: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    is_done: bool = False


class _UnreadableError(Exception):
    """A raw shard cannot be read on. Carries why."""


def survey_unit(unit: SurveyUnit) -> Surveyed:
    """Names the articles of a raw shard, without making documents of them."""
    try:
        key = _key(unit.raw, unit.plan)
        if key == unit.known:
            return Surveyed(key)
        articles = (article for _, article in _articles(unit.raw, unit.plan.options))
        return Surveyed(key, pack_rows(map(row_of, (a for a in articles if isinstance(a, Document)))))
    except _UnreadableError as error:
        return Surveyed(b"", refused=fault("shard-not-converted", str(unit.raw), str(error)))


def raw_key(raw: Path, plan: ShardPlan) -> bytes:
    """The key of a raw shard, empty where it cannot be read."""
    try:
        return _key(raw, plan)
    except _UnreadableError:
        return b""


def convert_unit(unit: Unit) -> Converted:
    """Makes the document shards of a raw shard: its articles read, annotated, merged with what is there, written.

    A file that cannot be read, old or new, is a diagnostic; then nothing is written.

    Raises:
        CorpusToolError: a file cannot be written, or an annotator cannot work at all.
    """
    corpus = open_corpus(unit.plan.root)
    checker = make_checker(corpus.layers, ())
    draft = ShardDraft(unit.shard, unit.parts, unit.taken, checker, unit.plan.size)
    name = unit.parts[0].name
    with closing(draft), open_articles(corpus, name) as articles:
        plan = unit.plan
        intake = Intake(
            corpus,
            checker,
            plan.requests,
            plan.again,
            plan.keep_duplicates,
            articles,
            draft,
            unit.elsewhere,
            name=plan.run,
        )
        try:
            for document in _loaded(draft):
                articles.add(document)
            for tasks, job in jobs_of(tasks_of(_articles(unit.raw, plan.options), intake), intake):
                for _ in finish(tasks, suggest(job), intake):
                    pass
            _require_same(unit)
            _keep_or_remove(unit, draft, intake)
            files = draft.write()
        except _UnreadableError as error:
            return Converted(diagnostics=(fault("shard-not-converted", str(unit.raw), str(error)),))
        except ReadError as error:  # of the documents that are there
            refused = fault("shard-not-converted", str(unit.raw), f"{error.diagnostic.path} is left as it is")
            return Converted(diagnostics=(error.diagnostic, refused))
        found = [_in_shard(d, draft) for d in (*intake.diagnostics, *intake.remarks)]
        return Converted(
            tuple(files),
            _packed_by_file(draft.rows()),
            len(intake.written),
            len(intake.unchanged),
            tuple(_bounded(found, str(unit.raw))),
            is_done=all(diagnostic.name != "annotator-failed" for diagnostic in found),
        )


def row_of(document: Document) -> Row:
    """What the record of a corpus holds of a document."""
    url = document.meta.url
    return document.id, digest_of(url_key(url)) if url else None, digest_of(document.text)


def row_of_stored(found: StoredArticle) -> Row:
    """The same of a document that was not decoded."""
    return found.id, digest_of(url_key(found.url)) if found.url else None, digest_of(found.text)


def pack_rows(rows: Iterable[Row]) -> bytes:
    """Rows as bytes that are small to send."""
    return msgspec.msgpack.encode(list(rows))


def unpack_rows(packed: bytes) -> list[Row]:
    """The rows that ``pack_rows`` was given."""
    return msgspec.msgpack.decode(packed, type=list[Row])


def _key(raw: Path, plan: ShardPlan) -> bytes:
    try:
        word = fingerprint(raw)
    except (CorpusToolError, OSError) as error:
        raise _UnreadableError(_reason(error)) from error
    return hashlib.blake2b(plan.digest + word.encode(), digest_size=16).digest()


def _require_same(unit: Unit) -> None:
    """Refuses a raw shard that is not the one whose articles were named."""
    if _key(unit.raw, unit.plan) != unit.key:
        raise _UnreadableError("was changed while it was read")


def _articles(raw: Path, options: ReadOptions) -> Iterator[tuple[str, Read]]:
    """The articles of a raw shard, each with what diagnostics call its file.

    Raises:
        _UnreadableError: it cannot be opened, or not be read on.
    """
    try:
        for article in read_articles(raw, options):
            yield shown(raw, article), article
    except (CorpusToolError, OSError) as error:
        raise _UnreadableError(_reason(error)) from error


def _reason(error: Exception) -> str:
    return str((isinstance(error, OSError) and error.strerror) or error)


def _loaded(draft: ShardDraft) -> Iterator[Document]:
    try:
        yield from draft.load()
    except CorpusToolError as error:
        raise _UnreadableError(str(error)) from error


def _keep_or_remove(unit: Unit, draft: ShardDraft, intake: Intake) -> None:
    """Decides about the documents whose articles the raw shard does not hold, and tells of each.

    A file that holds no article at all is more likely to be broken than meant.
    """
    is_whole = unit.may_remove and bool(intake.sources) and not any(d.severity == "error" for d in intake.diagnostics)
    own = unit.plan.options.recorded_path(str(unit.raw))
    for document, file in draft.gone():
        where = f"documents/{file}"
        is_reviewed = any(is_human(a) for layer in document.layers.values() for a in layer)
        article = document.meta.article
        is_own = article is not None and (article.path or "").partition("!/")[0] == own
        if is_whole and is_own and not is_reviewed:
            told = f"{document.id} was taken out: {unit.raw.name} does not hold its article any more"
            intake.diagnostics.append(replace(fault("document-removed", where, told), document=document.id))
            continue
        why = "people have worked on it" if is_reviewed else "nothing says that its article is gone for good"
        told = f"{document.id} stays, though {unit.raw.name} does not hold its article: {why}"
        intake.diagnostics.append(replace(fault("article-gone", where, told), document=document.id))
        write_set_aside(intake.corpus.root, document, ())
        draft.keep(document.id)


def _in_shard(diagnostic: Diagnostic, draft: ShardDraft) -> Diagnostic:
    """A diagnostic of ``documents/<id>.json`` as one of the document's line."""
    folder, _, name = diagnostic.path.rpartition("/")
    if folder != "documents" or not name.endswith(".json"):
        return diagnostic
    document_id = name.removesuffix(".json")
    place = draft.line_of(document_id)
    if place is None:
        return diagnostic
    return replace(diagnostic, path=f"documents/{place[0]}", line=place[1], document=document_id)


def _bounded(diagnostics: Sequence[Diagnostic], path: str) -> Iterator[Diagnostic]:
    """The first diagnostics of each name, and how many more there are."""
    told = Counter[str]()
    for diagnostic in diagnostics:
        told[diagnostic.name] += 1
        if told[diagnostic.name] <= _MOST_TOLD:
            yield diagnostic
    for name, count in told.items():
        if count > _MOST_TOLD:
            yield replace(fault(name, path, f"{count - _MOST_TOLD:,} more of these are not shown"), hint="")


def _packed_by_file(documents: Iterable[tuple[str, Document]]) -> Mapping[str, bytes]:
    rows: dict[str, list[Row]] = {}
    for file, document in documents:
        rows.setdefault(file, []).append(row_of(document))
    return {file: pack_rows(found) for file, found in rows.items()}
