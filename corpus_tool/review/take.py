"""Taking over an annotation as another annotator has it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from corpus_tool.model import Annotation, Document, Entity, Provenance, pieces
from corpus_tool.review.annotation_edits import find, fresh_id, put, standing
from corpus_tool.review.edits import EditContext, Take
from corpus_tool.review.links import Edited, ids_in, iter_annotations, targets_of, without_links_to
from corpus_tool.review.provenance import is_rejected, said, status_of
from corpus_tool.review.refusal import NotFound, WouldBeWrong

#: The key of ``extra`` that names who took an annotation over; its provenance names whose word it is.
TAKEN_BY = "taken_by"


def take(document: Document, edit: Take, context: EditContext) -> Edited:
    """An annotation of a version comes into the document, with the annotations and entities that it refers to.

    It stands in place of the one that is named, of the one with its id where that has its span or the suggestion that
    it was corrected from, or of the one on its span; else it is added. A tombstone makes a tombstone of it.
    """
    version = context.version_of(edit.version)
    if version is None:
        raise NotFound(f"there is no version of this document by {edit.version!r}")
    if version.text != document.text:
        raise WouldBeWrong(f"{edit.version} annotated another text: nothing can be taken over by its offsets")
    name, annotation = find(version, edit.id)
    if edit.replace is not None:
        layer, _ = standing(document, edit.replace)
        if layer != name:
            raise WouldBeWrong(f"{edit.replace} is one of {layer}, {edit.id} one of {name}")
    taking = _Taking(version, edit.version, context)
    return taking.take(Edited(document), name, annotation, edit.replace)


class _Taking:
    """One taking over: what was taken already, so that annotations that refer to each other come once."""

    def __init__(self, version: Document, author: str, context: EditContext) -> None:
        self.version = version
        self.author = author
        self.context = context
        self.taken: dict[str, str] = {}

    def take(self, edited: Edited, name: str, annotation: Annotation, instead: str | None = None) -> Edited:
        """Takes one annotation, and before it what it refers to."""
        document = edited.document
        old = find(document, instead)[1] if instead else _counterpart(document, name, annotation)
        own = old.id if old else _free(document, name, annotation.id)
        self.taken[annotation.id] = own
        edited, links = self._links(edited, name, annotation)
        mine = replace(annotation, id=own, **links)
        mine = replace(
            mine,
            provenance=self._provenance(annotation, old),
            extra={**annotation.extra, TAKEN_BY: self.context.reviewer},
        )
        edited = Edited(put(edited.document, name, mine), edited.notes)
        if not is_rejected(annotation):
            return edited
        freed = without_links_to(edited.document, {own}, self.context.layers, self.context.reviewer)
        return Edited(freed.document, (*edited.notes, *freed.notes))

    def _provenance(self, annotation: Annotation, old: Annotation | None) -> Provenance:
        """Whose word it is: the author's; the reviewer's where the author had decided nothing."""
        made = annotation.provenance
        if made is None:
            return Provenance(annotator=self.author, status="added")
        if made.status == "suggested":
            return replace(made, status="accepted", annotator=self.context.reviewer)
        was = made.was
        if made.status == "added" and old is not None and not is_rejected(old) and status_of(old) != "added":
            was = (old.provenance.was if old.provenance else None) or said(old)
            return Provenance(annotator=made.annotator or self.author, status="corrected", score=made.score, was=was)
        return replace(made, annotator=made.annotator or self.author)

    def _links(self, edited: Edited, name: str, annotation: Annotation) -> tuple[Edited, dict[str, Any]]:
        """The references of an annotation as ids of the document; what is not there is taken over too."""
        links: dict[str, Any] = {}
        for attribute, target in targets_of(self.context.layers[name]).items():
            value = getattr(annotation, attribute)
            own = []
            for other in ids_in(value):
                edited, mapped = self._mapped(edited, target, other)
                own += [mapped] if mapped else []
            if ids_in(value):
                links[attribute] = (own[0] if own else None) if isinstance(value, str) else type(value)(own)
        return edited, links

    def _mapped(self, edited: Edited, target: str, other: str) -> tuple[Edited, str | None]:
        if target == "entities":
            return self._entity(edited, other)
        if other in self.taken:
            return edited, self.taken[other]
        found = next((a for a in self.version.layers.get(target, ()) if a.id == other), None)
        if found is None or is_rejected(found):
            return edited, None
        same = _on_span(edited.document, target, found)
        if same is not None and not is_rejected(same):
            return edited, same.id
        edited = self.take(edited, target, found)
        notes = (*edited.notes, f"{self.taken[other]} {found.text!r} was taken over with it")
        return Edited(edited.document, notes), self.taken[other]

    def _entity(self, edited: Edited, other: str) -> tuple[Edited, str | None]:
        theirs = next((e for e in self.version.entities if e.id == other), None)
        if theirs is None:
            return edited, None
        document = edited.document
        same = next((e for e in document.entities if _is_same(e, theirs)), None)
        if same is not None:
            return edited, same.id
        own = theirs.id if theirs.id not in _taken_ids(document) else fresh_id(document, "entities")
        document = replace(document, entities=(*document.entities, replace(theirs, id=own)))
        return Edited(document, (*edited.notes, f"the entity {own} {theirs.name!r} was taken over with it")), own


def _is_same(one: Entity, other: Entity) -> bool:
    return one.kind == other.kind and (one.name == other.name or bool(one.links.items() & other.links.items()))


def _counterpart(document: Document, name: str, annotation: Annotation) -> Annotation | None:
    """The annotation of the document that another annotator's stands for."""
    own = next((a for a in document.layers.get(name, ()) if a.id == annotation.id), None)
    if own is not None and (pieces(own) == pieces(annotation) or _was_on(annotation, own)):
        return own
    return _on_span(document, name, annotation)


def _was_on(annotation: Annotation, own: Annotation) -> bool:
    was = annotation.provenance.was if annotation.provenance else None
    return bool(was) and (was.get("start"), was.get("end")) == (own.start, own.end)  # type: ignore[union-attr]  # it is not None


def _on_span(document: Document, name: str, annotation: Annotation) -> Annotation | None:
    """The annotation of a layer on the same pieces of text; a standing one rather than a tombstone."""
    found = [a for a in document.layers.get(name, ()) if pieces(a) == pieces(annotation)]
    return min(found, key=is_rejected, default=None)


def _taken_ids(document: Document) -> set[str]:
    ids = {annotation.id for _, annotation in iter_annotations(document)}
    return ids | {entity.id for entity in document.entities} | {relation.id for relation in document.relations}


def _free(document: Document, name: str, wanted: str) -> str:
    return wanted if wanted not in _taken_ids(document) else fresh_id(document, name)
