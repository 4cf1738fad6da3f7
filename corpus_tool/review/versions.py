"""What several annotators made of one document, beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus_tool.checks.run import Checker, read_subject
from corpus_tool.model import Annotation, CorpusToolError, Document, pieces
from corpus_tool.read.faults import ReadError
from corpus_tool.review.links import iter_annotations
from corpus_tool.review.names import is_annotator_name
from corpus_tool.review.opened import Opened
from corpus_tool.review.provenance import is_rejected, said
from corpus_tool.review.refusal import NotAllowed
from corpus_tool.review.shelf import ANNOTATORS, Held, Shelf
from corpus_tool.review.units import Units
from corpus_tool.review.wire import Json, annotation_json, entities_json
from corpus_tool.sources import annotator_folders


def iter_versions(shelf: Shelf, checker: Checker, document_id: str) -> Iterator[tuple[str, Document]]:
    """Every annotator's version of a document that can be read, by the annotator's name.

    There are none for who edits copies of their own: annotators whose agreement is measured do not look at each other.
    """
    if shelf.annotator is not None:
        return
    for folder in annotator_folders(shelf.corpus.root):
        document = version_of(shelf, checker, folder.name, document_id)
        if document is not None:
            yield folder.name, document


def version_of(shelf: Shelf, checker: Checker, name: str, document_id: str) -> Document | None:
    """What one annotator made of a document; None where they have none, or it cannot be read."""
    if shelf.annotator is not None or not is_annotator_name(name):
        return None
    if (shelf.corpus.root / ANNOTATORS / name).is_symlink():
        return None
    try:
        held = shelf.version(name, document_id)
    except (CorpusToolError, NotAllowed, OSError, ReadError):
        return None
    return decoded(held, checker) if held else None


def decoded(held: Held, checker: Checker) -> Document | None:
    """The document in stored bytes; None where they are none."""
    return read_subject(held.data, checker, held.id if held.line is None else None).document


def versions_json(shelf: Shelf, checker: Checker, opened: Opened) -> Json:
    """All versions of a document as the page has them, each annotation with its matches among the document's."""
    if shelf.annotator is not None:
        reason = "who annotates for agreement does not look at other annotators' work"
        return {"versions": [], "reason": reason}
    found = []
    for name, document in iter_versions(shelf, checker, opened.held.id):
        layers, units = shelf.corpus.layers, Units(document.text)
        same_text = opened.document is not None and document.text == opened.document.text
        found.append(
            {
                "name": name,
                "same_text": same_text,
                "annotations": [annotation_json(n, a, layers[n], units) for n, a in iter_annotations(document)],
                "entities": entities_json(document, layers),
                "matches": _matches(opened.document, document) if same_text and opened.document else {},
            }
        )
    return {"versions": found, "reason": None}


def _matches(document: Document, version: Document) -> dict[str, Json]:
    """By annotation of a version: those of the document that say the same, stand on its span, share its text."""
    found: dict[str, Json] = {}
    for name, annotation in iter_annotations(version):
        own = [a for a in document.layers.get(name, ()) if not is_rejected(a)]
        on_span = [a for a in own if pieces(a) == pieces(annotation)]
        found[annotation.id] = {
            "same": next((a.id for a in on_span if said(a) == said(annotation)), None),
            "span": on_span[0].id if on_span else None,
            "overlaps": [a.id for a in own if _share_text(pieces(a), pieces(annotation))],
        }
    return found


def _share_text(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for start, end in one for begin, stop in other)


def spans_of(annotations: Sequence[Annotation]) -> frozenset[tuple[object, ...]]:
    """What annotators are compared by: the pieces and the kind of each annotation that nobody rejected."""
    return frozenset((pieces(a), getattr(a, "kind", None)) for a in annotations if not is_rejected(a))
