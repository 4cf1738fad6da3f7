"""Checking units of work: in this process, in another one or on another machine; nothing is checked twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from corpus_tool.checks.run import Checker, check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE, SplitPolicy
from corpus_tool.model.schemas import Layer, layers_of
from corpus_tool.packing import packed, unpacked
from corpus_tool.read.storage import fingerprint
from corpus_tool.sources import Item
from corpus_tool.splits import is_dealt_later, split_at_once
from corpus_tool.units import Unit, located, read_unit

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.part import Gatherer

#: Bytes of the digest that stands before what is kept of a shard.
DIGEST_BYTES = 16

#: Edits that a kept result may hold: each finding of a layer that drifted carries those of the whole layer.
_KEPT_EDITS = 2_000


class Checked(msgspec.Struct, frozen=True):
    """What checking one document gave; places count from its own first line, and ``path`` is left empty.

    Attributes:
        line: the line of the file that the document starts at, from 1.
        document: its id, where it could be decoded.
        found: the diagnostics; of what could not be read (``is_read``) the one that says why.
        summary: of a file, what the checks across documents need of it (a ``Summary`` as MessagePack).
        is_read: whether there was a document to check.
    """

    line: int
    document: str | None
    found: tuple[Diagnostic, ...]
    summary: bytes = b""
    is_read: bool = True


class Result(msgspec.Struct, frozen=True):
    """What checking a unit gave.

    Attributes:
        checked: what was found in each document.
        part: of a shard, what the checks across documents need of all of them (a ``Part`` as MessagePack).
    """

    checked: tuple[Checked, ...]
    part: bytes = b""


class Setup(msgspec.Struct, frozen=True):
    """How documents are checked: with which corpus's layers, under which rules, and what for.

    Attributes:
        root: the corpus, None without one.
        rules: digest of what decides the results (``cache.rules_digest``).
        surveyed: whether checks across documents follow.
        splits: how documents are dealt to splits, where checks across documents follow and ask.
        alone: whether there is one document only.
        is_kept: whether results are kept.
        base: the folder that paths start at, for machines of a cluster; None on this machine.
    """

    root: Path | None
    rules: bytes
    surveyed: bool
    splits: SplitPolicy | None
    alone: bool
    is_kept: bool
    base: Path | None


@dataclass(frozen=True)
class Task:
    """A unit to check, and the digest of the state in which it was checked before."""

    unit: Unit
    known: bytes = b""


@dataclass(frozen=True)
class Outcome:
    """What became of a unit.

    Attributes:
        result: the result; None where ``data`` has it.
        data: the same, packed.
        keys: of files, the keys that the results are kept under.
        digest: of a shard, its state.
        is_unchanged: the shard is as it was; nothing was checked.
        is_lost: the unit could not be checked, since each process that tried was killed.
    """

    result: Result | None = None
    data: bytes = b""
    keys: tuple[bytes, ...] = ()
    digest: bytes = b""
    is_unchanged: bool = False
    is_lost: bool = False


def rules_for(layers: Mapping[str, Layer], *, alone: bool = False) -> bytes:
    """A digest of what decides the results: code, libraries, layers, and whether a document is the only one."""
    from corpus_tool.cache import rules_digest

    return rules_digest(layers) + bytes([alone])


def is_worth_keeping(checked: Sequence[Checked]) -> bool:
    """Whether results may be kept: not where a file could not be opened, nor what would fill the cache by itself."""
    edits = sum(len(diagnostic.fix) for one in checked for diagnostic in one.found)
    unread = any(d.name == "document-unreadable" for one in checked if not one.is_read for d in one.found)
    return not unread and edits <= _KEPT_EDITS


def result_of(outcome: Outcome) -> Result:
    """The result in an outcome; an empty one of a shard that is as it was."""
    if outcome.is_unchanged:
        return Result(())
    if outcome.result is not None:
        return outcome.result
    result = decoded(outcome.data)
    assert result is not None
    return result


_ALL = msgspec.msgpack.Decoder(Result)
_ONE = msgspec.msgpack.Decoder(Checked)


def decoded(data: bytes) -> Result | None:
    """A result that was packed; None where there is none, or the cache was harmed."""
    try:
        return _ALL.decode(unpacked(data)) if data else None
    except (msgspec.DecodeError, ValueError):
        return None


def _encoded(result: Result) -> bytes:
    """A result packed; nothing where it has no encoding."""
    try:
        return packed(msgspec.msgpack.encode(result))
    except UnicodeEncodeError:  # half a character in a message: such a document is checked each time
        return b""


def decoded_one(data: bytes) -> Checked | None:
    """A result that was kept by itself; None where the cache was harmed."""
    try:
        return _ONE.decode(data)
    except msgspec.DecodeError:
        return None


def encoded_one(checked: Checked) -> bytes:
    """A result to be kept by itself; nothing where it is not to be kept, or has no encoding."""
    try:
        return msgspec.msgpack.encode(checked) if is_worth_keeping([checked]) else b""
    except UnicodeEncodeError:
        return b""


def check_unit(checker: Checker, setup: Setup, task: Task) -> Outcome:
    """What is in a unit; a shard that is as it was is not checked again."""
    unit, digest = task.unit, b""
    if setup.is_kept and unit.is_whole_shard:
        digest = _state(unit.paths[0], setup)
        if digest and digest == task.known:
            return Outcome(digest=digest, is_unchanged=True)
    keyed = setup.is_kept and not unit.is_shard and not unit.items
    gatherer = _gatherer(setup) if setup.surveyed and unit.is_shard else None
    keys, found = [], []
    for item in read_unit(unit, setup.base):
        if isinstance(item, Diagnostic):
            keys.append(b"")
            found.append(Checked(1, None, (replace(item, path=""),), is_read=False))
            if gatherer is not None:
                gatherer.add_unread()
            continue
        found.append(_check(checker, setup, item, unit, gatherer))
        if keyed:
            keys.append(_key_of(setup.rules, item))
    result = Result(tuple(found), msgspec.msgpack.encode(gatherer.part()) if gatherer is not None else b"")
    data = _encoded(result) if unit.is_shard and setup.is_kept else b""
    return Outcome(result, data, tuple(keys) if keyed else (), digest)


def _gatherer(setup: Setup) -> Gatherer:
    from corpus_tool.checks.corpus.part import Gatherer

    return Gatherer(split_at_once(setup.splits), is_dealt_later=is_dealt_later(setup.splits))


def _check(checker: Checker, setup: Setup, item: Item, unit: Unit, gatherer: Gatherer | None) -> Checked:
    document, found = check_bytes(item.data, "", checker, name=item.name)
    if document is None:
        if gatherer is not None:
            gatherer.add_unread()
        return Checked(item.line, None, tuple(found))
    if not setup.surveyed:
        return Checked(item.line, document.id, tuple(found))
    from corpus_tool.checks.corpus.summary import summarise

    summary = summarise(document, checker.layers, alone=setup.alone)
    if gatherer is None:
        return Checked(item.line, document.id, tuple(found), msgspec.msgpack.encode(summary))
    gatherer.add(summary, "", item.line, annotator=unit.annotator)
    return Checked(item.line, document.id, tuple(found))


def _key_of(rules: bytes, item: Item) -> bytes:
    from corpus_tool.cache import Cache

    return Cache.key_of(rules, item.name, item.data)


def _state(path: Path, setup: Setup) -> bytes:
    """What a shard's kept result depends on, as a digest; nothing where the file cannot be read."""
    try:
        content = fingerprint(located(path, setup.base))
    except OSError:
        return b""
    return hashlib.blake2b(dealt_under(setup) + content.encode(), digest_size=DIGEST_BYTES).digest()


def dealt_under(setup: Setup) -> bytes:
    """What the result of a shard depends on besides its bytes: the rules, and how documents are dealt to splits."""
    return setup.rules + msgspec.msgpack.encode(setup.splits)


def check_elsewhere(setup: Setup, task: Task) -> Outcome:
    """The same in another process, which compiles the schema once; the results go back packed."""
    outcome = check_unit(_checker_of(setup.root, setup.rules, setup.base), setup, task)
    data = outcome.data or (_encoded(outcome.result) if outcome.result else b"")
    return replace(outcome, result=None, data=data) if data else outcome


@lru_cache(maxsize=1)
def _checker_of(root: Path | None, rules: bytes, base: Path | None) -> Checker:
    return make_checker(layers_elsewhere(root, rules, base))


def layers_elsewhere(root: Path | None, rules: bytes, base: Path | None) -> Mapping[str, Layer]:
    """The layers of a corpus, read in another process, maybe on another machine.

    Args:
        root: the corpus, None without one.
        rules: what ``rules_for`` gave on the machine that the work comes from.
        base: the folder that paths start at, on a machine of a cluster; None on the same machine.

    Raises:
        CorpusToolError: a worker of a cluster does not see the corpus, or would check it in another way.
    """
    there = located(root, base) if root is not None else None
    if base is not None and there is not None and not (there / CONFIG_FILE).exists():
        raise CorpusToolError(
            f"{there}: a Dask worker does not see this corpus; it must lie on a disk that all workers have under this "
            "path, or in storage that has an address (s3://…)"
        )
    layers = layers_of(there)
    if base is not None and rules_for(layers, alone=bool(rules[-1])) != rules:
        raise CorpusToolError(
            "a Dask worker has another corpus-tool than this machine, other libraries or another state of the corpus's "
            "layers; install the same everywhere: the results would not be the same"
        )
    return layers
