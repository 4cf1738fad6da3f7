"""One reviewer at work on one corpus: documents opened, edited, saved, undone; what the server answers with."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any

from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.diagnostics import Edit as Mending
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.read.corpus import open_corpus
from corpus_tool.review.answers import MEND, changes_json, corpus_json, opened_json
from corpus_tool.review.differences import differences_json
from corpus_tool.review.edits import EditContext, apply_all, label_of, read_edits
from corpus_tool.review.findings import key_of
from corpus_tool.review.history import History
from corpus_tool.review.names import is_annotator_name, reviewer_name
from corpus_tool.review.opened import Opened, open_held, open_own, refuse_new_errors, written
from corpus_tool.review.places import Places
from corpus_tool.review.queue import Queue
from corpus_tool.review.refusal import ChangedElsewhere, NotFound, ReadOnly, Refusal, WouldBeWrong
from corpus_tool.review.shelf import Held, Shelf
from corpus_tool.review.versions import iter_versions, version_of, versions_json
from corpus_tool.review.wire import Json, edits_from_page

#: Documents that are kept understood.
_KEPT = 16


@dataclass(frozen=True)
class _Done:
    """What edits make of a document: its new state, what the step is called, and what was done besides."""

    opened: Opened
    label: str
    notes: tuple[str, ...]


@dataclass
class Session:
    """What one run of the review page holds; its methods answer requests, from several threads.

    Attributes:
        corpus: the corpus.
        reviewer: whose word edits are.
        annotator: whose copies are edited, None for the documents themselves.
    """

    corpus: Corpus
    reviewer: str
    annotator: str | None = None
    checker: Checker = field(init=False)
    shelf: Shelf = field(init=False)
    queue: Queue = field(init=False)
    places: Places = field(init=False)
    _lock: RLock = field(default_factory=RLock)
    _histories: dict[str, History] = field(default_factory=dict)
    _opened: OrderedDict[str, Opened] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.checker = make_checker(self.corpus.layers)
        self.shelf = Shelf(self.corpus, self.annotator)
        self.queue = Queue(self.corpus, Shelf(self.corpus, self.annotator), make_checker(self.corpus.layers))
        self.places = Places(self.corpus)

    def close(self) -> None:
        """Waits for what is being saved, and ends what goes on in the background."""
        with self._lock:
            self.queue.stop()

    def corpus_json(self) -> Json:
        """What the page needs to know of the corpus, and of who reviews."""
        reason = self.places.why_not
        return {
            **corpus_json(self.corpus),
            "annotator": self.reviewer,
            "as": self.annotator,
            "places": reason is None,
            "places_reason": reason,
            "orders": list(self.queue.orders),
        }

    def document(self, document_id: str, span: str | None = None) -> Json:
        """A document with its findings and what can be undone.

        Args:
            document_id: the document.
            span: a place in it to look at, as "10-20" in code points.

        Raises:
            Refusal: there is none, or it is not shown.
        """
        with self._lock:
            opened = self._open(document_id)
            return {
                **opened_json(opened, self.corpus.layers, span),
                "path": self.shelf.shown(opened.held.target),
                "versions": [name for name, _ in iter_versions(self.shelf, self.checker, document_id)],
                **self._steps(document_id),
            }

    def _steps(self, document_id: str) -> Json:
        history = self._history(document_id)
        return {
            "undo": history.back[-1].label if history.back else None,
            "redo": history.ahead[-1].label if history.ahead else None,
        }

    def etag(self, document_id: str) -> Json:
        """Which state of a document is on disk."""
        return {"etag": self.shelf.read(document_id).etag}

    def edit(self, document_id: str, etag: str, body: Any) -> Json:
        """Carries out edits and saves the document.

        Args:
            document_id: the document.
            etag: the state that the edits were made for.
            body: ``{"edits": [...]}`` with the page's offsets.

        Raises:
            ChangedElsewhere: the file holds another state.
            Refusal: the edits cannot be carried out.
        """
        with self._lock:
            opened = self._open(document_id)
            if opened.held.etag != etag:
                raise self._changed(opened, etag, body)
            done = self._mended(opened) if _is_mend(opened, body) else self._carried_out(opened, body)
            if done.opened is opened:
                return self._answer(opened, opened, done.notes)
            held = self._write(opened, done.opened.held.data, body)
            self._history(document_id).push(done.label, (etag, _as_file(opened, self.corpus)), held.etag)
            now = replace(done.opened, held=held)
            self._keep(now)
            return self._answer(opened, now, done.notes)

    def _carried_out(self, opened: Opened, body: Any) -> _Done:
        """What edits make of a document; nothing is written yet."""
        document = opened.document
        if document is None or opened.reason is not None:
            raise ReadOnly(f"{opened.held.id} cannot be edited: {opened.reason}")
        edits = read_edits(edits_from_page(body, document, self.corpus.layers, opened.units))
        context = EditContext(
            self.corpus.layers,
            self.reviewer,
            version_of=lambda name: version_of(self.shelf, self.checker, name, opened.held.id),
            candidate_of=partial(self.places.candidate_of, document),
            mending_of=partial(_mending_of, opened),
        )
        edited = apply_all(document, edits, context)
        if edited.document.text != document.text:
            raise WouldBeWrong("the text of an article is never changed")
        if edited.document == document:
            return _Done(opened, label_of(edits), edited.notes)
        data = written(edited.document, opened.held, self.corpus)
        now = open_own(replace(opened.held, data=data), edited.document, self.corpus, self.checker)
        refuse_new_errors(opened, now)
        return _Done(now, label_of(edits), edited.notes)

    def _mended(self, opened: Opened) -> _Done:
        """What can be mended of a document whose file follows no schema; nothing is written yet."""
        from corpus_tool.fix import fix_bytes

        held = opened.held
        path, name = str(held.target), None if held.is_line else held.id
        fixed = fix_bytes(held.data, self.checker, path=path, name=name, one_line=held.is_line)
        if fixed.data == held.data:
            raise WouldBeWrong("nothing in this file can be mended without guessing")
        now = open_held(replace(held, data=fixed.data), self.corpus, self.checker, None)
        return _Done(now, "mend", (f"{len(fixed.applied)} findings were mended",))

    def _write(self, opened: Opened, data: bytes, body: Any) -> Held:
        """Puts other bytes in place of a document's."""
        try:
            return self.shelf.write(opened.held, data)
        except ChangedElsewhere as error:
            raise self._changed_meanwhile(error, opened, body) from error

    def step(self, document_id: str, etag: str, *, undo: bool) -> Json:
        """Undoes the last edit of a document, or makes again what was undone; saves it.

        Raises:
            ChangedElsewhere: the file holds another state.
            Refusal: there is nothing to undo.
        """
        with self._lock:
            opened = self._open(document_id)
            if opened.held.etag != etag:
                raise self._changed(opened, etag, None)
            history = self._history(document_id)
            steps = history.back if undo else history.ahead
            if not steps:
                raise Refusal(f"there is nothing to {'undo' if undo else 'redo'}")
            held = self._write(opened, steps[-1].data, None)
            label = history.moved(undone=undo, now=(etag, opened.held.data), etag=held.etag)
            return {**self._answer(opened, self._open_held(held), ()), "done": label}

    def _answer(self, before: Opened, now: Opened, notes: tuple[str, ...]) -> Json:
        """What is different, as the page needs it; the queue is told too."""
        if now.document is not None:
            self.queue.update(now.held.id, now.document, now.shown)
        changes = changes_json(before, now, self.corpus.layers)
        return {**changes, "notes": list(notes), **self._steps(now.held.id)}

    def _changed_meanwhile(self, error: ChangedElsewhere, opened: Opened, body: Any) -> ChangedElsewhere:
        """The refusal of an edit whose file was changed between reading and writing it."""
        if error.more.get("gone"):
            told = str(error)
            return ChangedElsewhere(told, gone=True, etag=None, differences=None, applies=False, why_not=told)
        return self._changed(self._open(opened.held.id), opened.held.etag, body)

    def _changed(self, theirs: Opened, etag: str, body: Any) -> ChangedElsewhere:
        """The refusal of an edit that was made for another state: what is different, and whether it still applies."""
        before = self._remembered(theirs.held.id, etag)
        why_not: str | None = None
        if body is not None:
            try:
                if before is not None and theirs.document is not None and before.text != theirs.document.text:
                    raise WouldBeWrong("the text is another one, so offsets no longer hold")
                self._carried_out(theirs, body)
            except Refusal as error:
                why_not = str(error)
        told = None
        if before is not None and theirs.document is not None:
            told = differences_json(before, theirs.document, self.corpus.layers)
        return ChangedElsewhere(
            f"{self.shelf.shown(theirs.held.target)} was changed elsewhere",
            etag=theirs.held.etag,
            gone=False,
            applies=body is not None and why_not is None,
            why_not=why_not,
            differences=told,
        )

    def _remembered(self, document_id: str, etag: str) -> Document | None:
        """A state that was seen in this session."""
        kept = self._opened.get(f"{document_id}@{etag}")
        return kept.document if kept else None

    def _history(self, document_id: str) -> History:
        return self._histories.setdefault(document_id, History())

    def _open(self, document_id: str) -> Opened:
        return self._open_held(self.shelf.read(document_id))

    def _open_held(self, held: Held) -> Opened:
        """The document understood, from what is kept or anew."""
        self._history(held.id).seen(held.etag)
        key = f"{held.id}@{held.etag}"
        opened = self._opened.get(key)
        if opened is None or opened.held != held:
            opened = open_held(held, self.corpus, self.checker, self.shelf.why_read_only(held))
        self._keep(opened)
        return opened

    def _keep(self, opened: Opened) -> None:
        key = f"{opened.held.id}@{opened.held.etag}"
        self._opened[key] = opened
        self._opened.move_to_end(key)
        while len(self._opened) > _KEPT:
            self._opened.popitem(last=False)

    def places_json(self, document_id: str, query: Mapping[str, str]) -> Json:
        """The gazetteer's candidates for an entity, or for a name.

        Raises:
            Refusal: there is no such document or entity.
        """
        with self._lock:
            document = self._open(document_id).document
        if document is None:
            raise NotFound(f"{document_id} cannot be read")
        return self.places.answer(document, query)

    def versions_json(self, document_id: str) -> Json:
        """What each annotator made of a document.

        Raises:
            Refusal: there is no such document.
        """
        with self._lock:
            opened = self._open(document_id)
            return versions_json(self.shelf, self.checker, opened)


def _as_file(opened: Opened, corpus: Corpus) -> bytes:
    """The bytes of a document as they are kept to go back to: as a file of its own where its copy is one."""
    held = opened.held
    if held.line is None or held.is_line or opened.document is None:
        return held.data
    return written(opened.document, held, corpus)


def _mending_of(opened: Opened, key: str) -> tuple[Mending, ...] | None:
    return next((diagnostic.fix for diagnostic in opened.shown if key_of(diagnostic) == key), None)


def _is_mend(opened: Opened, body: Any) -> bool:
    return opened.document is None and isinstance(body, dict) and body.get("edits") == [MEND]


def open_review(root: Path, *, annotator: str | None = None, as_annotator: str | None = None) -> Session:
    """Opens a corpus for review.

    Args:
        root: the corpus.
        annotator: whose word edits are; without it ``as_annotator``, else the environment's ``CORPUS_TOOL_ANNOTATOR``,
            else the login name.
        as_annotator: the annotator below ``annotators/`` whose copies are edited, None for the documents themselves.

    Raises:
        CorpusToolError: the folder is no corpus, or a name is none.
        ReadError: ``corpus.yaml`` is wrong.
    """
    if as_annotator is not None and not is_annotator_name(as_annotator):
        raise CorpusToolError(f"{as_annotator!r} is no folder's name: letters, digits, '.', '_' and '-', 64 at most")
    return Session(open_corpus(root.absolute()), annotator or reviewer_name(as_annotator), as_annotator)
