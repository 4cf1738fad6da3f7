"""Suggestions for documents: every annotator that may run, one after the other, and what there was to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from corpus_tool.annotate.language import unread_language
from corpus_tool.annotate.plugins import Annotator, Note, Request, make_annotator, suggestions
from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.merge import links_of, replace_layers
from corpus_tool.model import Document
from corpus_tool.model.codec import document_from_json, document_to_json
from corpus_tool.model.schemas import JsonObject, Layer, layers_of
from corpus_tool.read.faults import FAULTS, fault


@dataclass(frozen=True)
class Job:
    """A group of documents without annotations, and the annotators to run over them; can go to another process.

    Jobs with the same word for ``run`` share their annotators in each process.
    """

    run: str
    root: Path
    requests: tuple[Request, ...]
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Suggested:
    """What became of one document: its JSON with the suggested layers (none where no annotator read it), and notes."""

    raw: JsonObject | None
    diagnostics: tuple[Diagnostic, ...]


def suggest(job: Job) -> tuple[Suggested, ...]:
    """Runs the annotators over a group of documents, in the order of the documents.

    A later annotator replaces the layers that it fills. Layers that no annotator filled are absent.

    Raises:
        CorpusToolError: an annotator cannot work at all.
    """
    if not job.documents:
        return ()
    done: dict[str, Document] = {}
    found: dict[str, list[Diagnostic]] = {d.id: [] for d in job.documents}
    tools = _tools(job)
    for annotator in tools.annotators:
        for document, made, notes in _run(annotator, job.documents, tools.checker):
            if made is not None:
                earlier = done.get(document.id)
                done[document.id] = made if earlier is None else replace_layers(earlier, made)
            found[document.id].extend(_told(note, document.id) for note in notes)
    return tuple(
        Suggested(document_to_json(done[d.id]) if d.id in done else None, tuple(found[d.id])) for d in job.documents
    )


@dataclass(frozen=True)
class _Tools:
    """What a run needs in each process: the schema, and the annotators, which may hold models."""

    checker: Checker
    annotators: tuple[Annotator, ...]


_TOOLS: dict[str, _Tools] = {}


def _tools(job: Job) -> _Tools:
    """The tools of a job's run, made once a process and kept until another run needs its own."""
    if job.run not in _TOOLS:
        _TOOLS.clear()
        _TOOLS[job.run] = _Tools(make_checker(layers_of(job.root), ()), tuple(map(make_annotator, job.requests)))
    return _TOOLS[job.run]


def _run(
    annotator: Annotator, documents: Sequence[Document], checker: Checker
) -> list[tuple[Document, Document | None, tuple[Note, ...]]]:
    """Each document with what the annotator made of it, None where it made nothing."""
    unread = {d.id: says for d in documents if (says := unread_language(d, annotator.language))}
    given = suggestions(annotator, [d for d in documents if d.id not in unread])
    out: list[tuple[Document, Document | None, tuple[Note, ...]]] = []
    for document in documents:
        if document.id in unread:
            who = "" if annotator.name == "default" else f" by {annotator.name}"
            note = Note("language-not-annotated", f"{unread[document.id]}; no annotations were suggested{who}")
            out.append((document, None, (note,)))
            continue
        noted = next(given)
        wrong = _mistake(noted.document, checker) if noted.document.layers else None
        if wrong is not None:
            note = Note("annotator-failed", f"{annotator.name} made what no document may hold ({wrong})")
            out.append((document, None, (*noted.notes, note)))
        else:
            out.append((document, noted.document if noted.document.layers else None, noted.notes))
    return out


def _mistake(document: Document, checker: Checker) -> str | None:
    """What makes suggestions unfit for a document, if anything: the schema, ids, links that lead nowhere."""
    unknown = sorted(set(document.layers) - set(checker.layers))
    if unknown:
        return f"there is no layer {unknown[0]!r}"
    raw = document_to_json(document)
    ids = [a.id for found in document.layers.values() for a in found]
    if len(set(ids)) < len(ids):
        return "two annotations have one id"
    entities = {entity.id for entity in document.entities}
    linked = {link for name, found in document.layers.items() for link in links_of(name, found)} - {*ids}
    linked |= {e for found in document.layers.values() for a in found if (e := getattr(a, "entity", None))} - entities
    if linked:
        return f"nothing has the id {min(linked)!r}, which it refers to"
    wrong = next(iter(checker.validator.iter_errors(raw)), None) if not checker.validator.is_valid(raw) else None
    if wrong is None:
        return None
    return f"/{'/'.join(map(str, wrong.instance_path))}: {wrong.message}"[:300]


def _told(note: Note, document_id: str) -> Diagnostic:
    name = note.fault if note.fault in FAULTS else "annotator-failed"
    return fault(name, f"documents/{document_id}.json", note.message)


def with_suggestions(document: Document, suggested: Suggested, layers: Mapping[str, Layer]) -> Document | None:
    """The document with what was suggested for it; None where no annotator read it."""
    if suggested.raw is None:
        return None
    made = document_from_json(suggested.raw, layers)
    return replace(document, layers=made.layers, entities=made.entities)
