"""The queue of articles that the page shows: looked through in the background, put in order when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from corpus_tool.checks.run import Checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.review.counting import Versions, count_document, count_held, iter_file
from corpus_tool.review.ranking import Counted, Kind, rank, rarity_of
from corpus_tool.review.refusal import Refusal
from corpus_tool.review.shelf import Shelf
from corpus_tool.review.wire import Json
from corpus_tool.store import files_with_documents

#: Documents that are listed at most, and that an answer holds at most.
MOST, MOST_AT_ONCE = 200_000, 1000

#: Files that cannot be read and are told of at most.
_TOLD = 100


@dataclass(frozen=True)
class _Row:
    """A document of the queue, and the file that it was counted from."""

    counted: Counted
    path: Path
    mine: bool


def _least_reviewed(counted: Counted, _rank: float) -> tuple[Any, ...]:
    share = 1 - counted.open / counted.annotations if counted.annotations else 0.0
    return (not (counted.open or not counted.annotations), share, -counted.open, counted.id)


def _lowest_score(counted: Counted, _rank: float) -> tuple[Any, ...]:
    return (counted.lowest_score is None, counted.lowest_score or 0.0, counted.id)


#: How the queue can be put in order; each gives what documents are sorted by.
_ORDERS: Mapping[str, Callable[[Counted, float], tuple[Any, ...]]] = {
    "least-reviewed": _least_reviewed,
    "lowest-score": _lowest_score,
    "next": lambda counted, gain: (-gain, counted.id),
    "findings": lambda counted, _gain: (-counted.weight, counted.id),
    "name": lambda counted, _gain: (counted.id,),
}

#: Which documents can be asked for.
_STATUSES: Mapping[str, Callable[[Counted], bool]] = {
    "open": lambda counted: counted.open > 0,
    "done": lambda counted: counted.open == 0,
    "findings": lambda counted: counted.findings > 0,
}


@dataclass
class Queue:
    """What is known of the documents of a corpus.

    Attributes:
        corpus: the corpus.
        shelf: its documents, or an annotator's; not the one that edits use.
        checker: what they are checked with.
    """

    corpus: Corpus
    shelf: Shelf
    checker: Checker
    orders: Sequence[str] = tuple(_ORDERS)
    _rows: dict[str, _Row] = field(default_factory=dict)
    _files: dict[Path, tuple[tuple[int, int], frozenset[str]]] = field(default_factory=dict)
    _edited: dict[str, tuple[Document, Sequence[Diagnostic]]] = field(default_factory=dict)
    _unreadable: dict[str, str] = field(default_factory=dict)
    _kinds: dict[str, dict[str, int]] = field(default_factory=dict)
    _total: int = 0
    _complete: bool = False
    _lock: Lock = field(default_factory=Lock)
    _stopped: Event = field(default_factory=Event)
    _thread: Thread | None = None
    _versions: Versions = field(init=False)

    def __post_init__(self) -> None:
        self._versions = Versions(self.corpus, self.checker)

    def start(self) -> None:
        """Looks through the corpus in the background, again for what was changed, unless that goes on already."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return
            self._thread = Thread(target=self._scan, name="queue", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends the look through the corpus."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        self._versions.close()

    def wait(self) -> None:
        """Waits until the corpus was looked through."""
        if self._thread is not None:
            self._thread.join()

    def _scan(self) -> None:
        try:
            own = set(files_with_documents(self.shelf.folder) if self.shelf.annotator else ())
            files = [*sorted(own), *files_with_documents(self.corpus.documents)]
        except CorpusToolError as error:  # a folder that somebody takes away meanwhile
            with self._lock:
                self._unreadable["documents"] = str(error)
                self._complete = True
            return
        with self._lock:
            self._total = max(len(files), len(self._rows))
        copied: set[str] = set()
        for path in files:
            mine = path in own
            if self._stopped.is_set():
                return
            copied |= self._look_at(path, mine, copied)
        with self._lock:
            for path in self._files.keys() - set(files):
                self._forget(path, frozenset())
            self._total = len(self._rows)
            self._complete = True

    def _look_at(self, path: Path, mine: bool, copied: set[str]) -> frozenset[str]:
        """Counts the documents of a file, if it was changed since; gives the ids of an annotator's own."""
        try:
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            known = self._files.get(path)
            if known is not None and known[0] == stamp:
                return known[1] if mine else frozenset()
            self.shelf.require_own(path)
            ids = set()
            for held in iter_file(path):
                if self._stopped.is_set() or len(self._rows) >= MOST:
                    break
                ids.add(held.id)
                if mine or held.id not in copied:
                    counted = count_held(held, self.corpus, self.checker, self._versions)
                    with self._lock:
                        self._put(_Row(counted, path, mine))
            with self._lock:
                self._forget(path, frozenset(ids))
                self._files[path] = (stamp, frozenset(ids))
                self._unreadable.pop(self.shelf.shown(path), None)
            return frozenset(ids) if mine else frozenset()
        except (CorpusToolError, Refusal, ReadError, OSError) as error:
            told = error.diagnostic.message if isinstance(error, ReadError) else str(error)
            with self._lock:
                self._unreadable[self.shelf.shown(path)] = told
            return frozenset()

    def _put(self, row: _Row) -> None:
        old = self._rows.get(row.counted.id)
        if old is not None:
            self._tally(old.counted, -1)
        self._rows[row.counted.id] = row
        self._tally(row.counted, 1)
        self._total = max(self._total, len(self._rows))

    def _forget(self, path: Path, kept: frozenset[str]) -> None:
        """Takes the documents out that a file no longer holds."""
        _, ids = self._files.pop(path, ((0, 0), frozenset()))
        for own in ids - kept:
            row = self._rows.get(own)
            if row is not None and row.path == path:
                self._tally(row.counted, -1)
                del self._rows[own]

    def _tally(self, counted: Counted, times: int) -> None:
        for name, counts in counted.kinds.items():
            own = self._kinds.setdefault(name, {})
            for kind, number in counts.items():
                own[kind] = own.get(kind, 0) + times * number

    def update(self, own: str, document: Document, shown: Sequence[Diagnostic]) -> None:
        """Takes a new state of a document; it is counted when the queue is asked for."""
        with self._lock:
            self._edited[own] = (document, shown)

    def _count_edited(self) -> None:
        with self._lock:
            edited, self._edited = self._edited, {}
        for own, (document, shown) in edited.items():
            counted = count_document(own, document, iter(shown), self._versions)
            with self._lock:
                old = self._rows.get(own)
                mine = self.shelf.annotator is not None
                path = self.shelf.folder / f"{own}.json" if old is None or mine else old.path
                self._put(_Row(counted, path, mine))

    def answer(self, query: Mapping[str, str]) -> Json:
        """The articles that a query asks for, as the page has them.

        Raises:
            Refusal: the query asks for what there is not.
        """
        order, status = query.get("order", "least-reviewed"), query.get("status")
        if order not in _ORDERS:
            raise Refusal(f"no order {order!r}; there are {', '.join(_ORDERS)}")
        if status and status not in _STATUSES:
            raise Refusal(f"no status {status!r}; there are {', '.join(_STATUSES)}")
        offset, limit = _number(query, "offset", 0), min(_number(query, "limit", 100), MOST_AT_ONCE)
        self.start()
        self._count_edited()
        with self._lock:
            rows = list(self._rows.values())
            rarity = rarity_of(self._kinds)
            told = [{"path": path, "reason": reason} for path, reason in list(self._unreadable.items())[:_TOLD]]
            scanned, total, complete = len(self._rows), self._total, self._complete
        words = query.get("filter", "").casefold()
        found = [
            row
            for row in rows
            if (not words or words in row.counted.id or words in row.counted.title.casefold())
            and (not status or _STATUSES[status](row.counted))
        ]
        ranks = {row.counted.id: rank(row.counted, rarity).rank for row in found} if order == "next" else {}
        found.sort(key=lambda row: _ORDERS[order](row.counted, ranks.get(row.counted.id, 0.0)))
        return {
            "scanned": scanned,
            "total": total,
            "complete": complete,
            "matching": len(found),
            "reviewed": sum(not row.counted.open for row in rows),
            "open": sum(bool(row.counted.open) for row in rows),
            "unreadable": told,
            "documents": [_row_json(row, rarity) for row in found[offset : offset + limit]],
        }


def _row_json(row: _Row, rarity: Mapping[Kind, float]) -> Json:
    counted, ranked = row.counted, rank(row.counted, rarity)
    return {
        "id": counted.id,
        "title": counted.title,
        "published": counted.published,
        "annotations": counted.annotations,
        "open": counted.open,
        "findings": counted.findings,
        "lowest_score": counted.lowest_score,
        "rank": ranked.rank,
        "gain": ranked.gain,
        "reasons": ranked.reasons,
        "editable": not counted.reason,
        "reason": counted.reason or None,
        "mine": row.mine,
    }


def _number(query: Mapping[str, str], key: str, otherwise: int) -> int:
    value = query.get(key)
    if value is None:
        return otherwise
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Refusal(f"{key} is a number")
    return int(value)
