"""Converting raw shards, files of many articles each, to shards of documents; what is done is passed over.

Two rounds of pieces of work, a raw shard each: first its articles are named, so that ids are dealt in the order of the
raw shards whoever is ready first; then it is converted, whole, where a worker is. This process keeps the record.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import msgspec

from corpus_tool.annotate.plugins import Request
from corpus_tool.convert_record import Known, Record, open_record
from corpus_tool.convert_unit import (
    Converted,
    ShardPlan,
    Surveyed,
    SurveyUnit,
    Unit,
    convert_unit,
    raw_key,
    row_of_stored,
    survey_unit,
    unpack_rows,
)
from corpus_tool.convert_versions import options_digest
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.engine import Engine, map_ordered
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import Corpus
from corpus_tool.progress import Told
from corpus_tool.read import ReadOptions, fault, format_of_name
from corpus_tool.read.inputs import open_input
from corpus_tool.read.lines import shard_suffix
from corpus_tool.read.sniff import choose_format
from corpus_tool.read.storage import fingerprint, is_remote
from corpus_tool.same_article import stored_articles
from corpus_tool.shard_files import WRITERS
from corpus_tool.shard_names import own_shards, part_paths, raw_identity, shard_name, shard_of
from corpus_tool.store import files_with_documents

#: How many documents a new shard gets, and its kind.
DOCUMENTS = 2_000
SUFFIX = "jsonl.zst"

#: Formats of files that hold many articles.
_CONTAINERS = frozenset({"csv", "feed", "jsonl", "tar", "tsv", "warc", "zip"})

#: Diagnostics of what happened once; the others hold as long as the raw shard is what it is, and are told again.
_ONCE = frozenset(
    {
        "annotation-beside-change",
        "annotation-set-aside",
        "article-changed",
        "attribute-set-aside",
        "document-removed",
    }
)


@dataclass(frozen=True)
class Shards:
    """How raw shards are converted.

    Attributes:
        corpus: the corpus that their documents go into.
        options: how articles are read.
        requests: the annotators.
        again: whether to suggest anew in reviewed layers, and to convert what is done.
        keep_duplicates: whether to write articles that the corpus holds already.
        suffix: the kind of new shards, as "jsonl.zst"; None where only those go on that are there.
        size: how many documents a new shard gets.
    """

    corpus: Corpus
    options: ReadOptions
    requests: tuple[Request, ...]
    again: bool
    keep_duplicates: bool
    suffix: str | None
    size: int

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The shards that the corpus held before."""
        return tuple(path for path in files_with_documents(self.corpus.documents) if shard_suffix(path))


@dataclass(frozen=True)
class ConvertedShard:
    """What became of a raw shard.

    Attributes:
        raw: the file.
        files: its document shards, by their names in ``documents/``.
        written: how many documents are new or changed.
        unchanged: how many are as they were.
        was_done: whether it was done before and passed over.
        diagnostics: what was wrong with it.
    """

    raw: str
    files: tuple[str, ...] = ()
    written: int = 0
    unchanged: int = 0
    was_done: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class _Raw:
    """A raw shard of this run."""

    path: Path
    known: Known


def require_suffix(suffix: str) -> str:
    """The end of a shard's name with its dot.

    Raises:
        CorpusToolError: there is no such kind of shard.
    """
    ending = f".{suffix.removeprefix('.')}"
    if ending not in WRITERS:
        kinds = ", ".join(known.removeprefix(".") for known in WRITERS)
        raise CorpusToolError(f"{suffix!r} is no kind of shard; there are {kinds}")
    return ending


def goes_into_shards(path: Path, wanted: Shards) -> bool:
    """Whether the articles of a file become a shard: it holds many, and shards are wanted or are there.

    Raises:
        CorpusToolError: standard input, of which no shard can be made; the file cannot be opened.
    """
    if str(path) == "-":
        if wanted.suffix is not None:
            raise CorpusToolError("-: no shard is made of standard input, which cannot be read twice; name a file")
        return False
    kind = wanted.options.format or format_of_name(path.name)
    if kind is None and wanted.suffix is not None:
        with open_input(path) as source:
            kind, _ = choose_format(path.name, source.head)
    if kind not in _CONTAINERS:
        return False
    return wanted.suffix is not None or bool(own_shards(path, wanted.files, wanted.options))


def convert_shards(raws: Sequence[Path], wanted: Shards, engine: Engine, told: Told) -> list[ConvertedShard]:
    """Converts raw shards; each is done whole or not at all, and noted.

    Args:
        raws: the files, whose articles are in the corpus in their order.
        wanted: how to convert them.
        engine: where the work runs.
        told: is told how it goes on.

    Returns:
        What became of each, in the order of ``raws``; a file that is named twice is one.

    Raises:
        CorpusToolError: a file does not exist or cannot be written, another run is at work, or an annotator cannot
            work at all.
    """
    if wanted.size < 1:
        raise CorpusToolError(f"{wanted.size}: a shard holds one document or more")
    ending = require_suffix(wanted.suffix or SUFFIX)
    for path in raws:
        if not path.exists():
            raise CorpusToolError(f"{path}: no such file")
    corpus = wanted.corpus
    plan = ShardPlan(
        uuid.uuid4().hex,
        corpus.root,
        wanted.options,
        options_digest(wanted.options, wanted.requests, keep_duplicates=wanted.keep_duplicates),
        wanted.requests,
        wanted.again,
        wanted.keep_duplicates,
        wanted.size,
    )
    done: dict[str, ConvertedShard] = {}
    with open_record(corpus.root) as record:
        units = _assigned(raws, wanted, plan, record)
        _take_files(corpus, record)
        record.forget_wishes(units)
        left: list[_Raw] = []
        for raw, surveyed in _surveyed(list(units.values()), plan, engine, told):
            name = str(raw.path)
            if surveyed.refused is not None:
                done[name] = ConvertedShard(name, raw.known.files, diagnostics=(surveyed.refused,))
                continue
            is_there = all((corpus.documents / file).exists() for file in raw.known.files)
            if surveyed.key == raw.known.done and is_there and not wanted.again:
                done[name] = _was_done(raw)
                told.file(raw.path)
                continue
            if surveyed.rows is not None:
                record.put_wishes(raw.known.number, surveyed.key, unpack_rows(surveyed.rows))
            left.append(_Raw(raw.path, replace(raw.known, key=surveyed.key)))
        left.sort(key=lambda raw: raw.known.number)
        told.plan("convert", lambda: [raw.path for raw in left])
        items = ((raw, _unit(raw, plan, wanted, record, ending)) for raw in left)
        for raw, made in map_ordered(convert_unit, items, engine, lost=_lost, on_retry=told.retry):
            done[str(raw.path)] = _noted(raw, made, corpus, record)
            for diagnostic in made.diagnostics:
                told.finding(diagnostic.severity)
            for _ in range(made.written + made.unchanged):
                told.document(raw.path.name, str(raw.path))
            told.end()
    return [done[str(unit.path)] for unit in units.values()]


def _assigned(raws: Sequence[Path], wanted: Shards, plan: ShardPlan, record: Record) -> dict[str, _Raw]:
    """The raw shards with what is known of them, by what identifies them; new ones get the name of their shards."""
    known = record.units()
    units: dict[str, _Raw] = {}
    for path in raws:
        identity = raw_identity(path, wanted.corpus.root)
        if identity in units:
            continue
        if identity not in known:
            moved = _moved(path, known, plan, wanted.corpus.root)
            if moved is not None:
                known[identity] = known.pop(moved)
                record.rename_unit(known[identity].number, identity)
            else:
                others = [unit.shard for unit in known.values()]
                name = shard_name(path, wanted.corpus.root, wanted.files, wanted.options, others)
                known[identity] = record.add_unit(identity, name)
        units[identity] = _Raw(path, known[identity])
    return units


def _moved(path: Path, known: dict[str, Known], plan: ShardPlan, root: Path) -> str | None:
    """The raw shard of the record that a file is: one that is gone from its place, with the same bytes."""
    gone = {
        unit.done or unit.key: identity
        for identity, unit in known.items()
        if (unit.done or unit.key) and Path(identity).name == path.name and _is_gone(identity, root)
    }
    if not gone or is_remote(path):
        return None
    return gone.get(raw_key(path, plan))


def _is_gone(identity: str, root: Path) -> bool:
    return "://" not in identity and not is_remote(root) and not (root / identity).exists()


def _take_files(corpus: Corpus, record: Record) -> None:
    """Brings the record up to date with the files of the corpus; only those that changed are read."""
    stamps = record.stamps()
    numbers = {unit.shard: unit.number for unit in record.units().values()}
    for path in files_with_documents(corpus.documents):
        stamp, unit = _stamp(path), numbers.get(shard_of(path.name, numbers), 0)
        if stamps.pop(path.name, None) != (stamp, unit):
            record.put_file(path.name, stamp, unit, (row_of_stored(found) for found in stored_articles(path)))
    for name in stamps:
        record.forget_file(name)


def _surveyed(units: Sequence[_Raw], plan: ShardPlan, engine: Engine, told: Told) -> Iterator[tuple[_Raw, Surveyed]]:
    told.plan("read", lambda: [raw.path for raw in units])
    items = ((raw, SurveyUnit(plan, raw.path, raw.known.key)) for raw in units)
    for raw, surveyed in map_ordered(survey_unit, items, engine, lost=_lost_survey, on_retry=told.retry):
        told.file(raw.path)
        yield raw, surveyed


def _unit(raw: _Raw, plan: ShardPlan, wanted: Shards, record: Record, ending: str) -> Unit:
    number = raw.known.number
    parts = part_paths(wanted.corpus.documents, wanted.files, raw.known.shard, ending, plan.size, record.wishes(number))
    return Unit(
        plan,
        raw.path,
        raw.known.key,
        raw.known.shard,
        tuple(parts),
        record.taken(number),
        {} if plan.keep_duplicates else record.elsewhere(number),
        may_remove=bool(raw.known.done),
    )


def _noted(raw: _Raw, made: Converted, corpus: Corpus, record: Record) -> ConvertedShard:
    """Notes what became of a raw shard."""
    if made.files or made.is_done:
        rows = {name: (_stamp(corpus.documents / name), unpack_rows(packed)) for name, packed in made.rows.items()}
        key = raw.known.key if made.is_done else b""
        record.put_done(raw.known.number, key, rows, _packed(made.diagnostics))
    return ConvertedShard(str(raw.path), made.files, made.written, made.unchanged, diagnostics=made.diagnostics)


def _was_done(raw: _Raw) -> ConvertedShard:
    return ConvertedShard(str(raw.path), raw.known.files, was_done=True, diagnostics=tuple(_unpacked(raw.known.told)))


def _lost(unit: Unit) -> Converted:
    return Converted(diagnostics=(_lost_told(unit.raw),))


def _lost_survey(unit: SurveyUnit) -> Surveyed:
    return Surveyed(b"", refused=_lost_told(unit.raw))


def _lost_told(raw: Path) -> Diagnostic:
    told = "the process that read it was ended from outside again and again (out of memory?)"
    return fault("shard-not-converted", str(raw), told)


def _packed(diagnostics: Sequence[Diagnostic]) -> bytes:
    return msgspec.msgpack.encode([d for d in diagnostics if d.name not in _ONCE])


def _unpacked(packed: bytes) -> list[Diagnostic]:
    return msgspec.msgpack.decode(packed, type=list[Diagnostic]) if packed else []


def _stamp(path: Path) -> str:
    """What tells whether a file was changed since the record was written."""
    if is_remote(path):
        return fingerprint(path)
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"
