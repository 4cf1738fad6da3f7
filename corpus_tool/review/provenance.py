"""Whose word an annotation is: what becomes of its provenance when a person accepts, corrects, adds or rejects it."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from corpus_tool.model import Annotation, Provenance

#: What an annotation says apart from who says so.
_NOT_SAID = frozenset({"id", "extra", "provenance"})


def status_of(annotation: Annotation) -> str | None:
    """The status; None where there is no provenance, which stands for a person's word."""
    return annotation.provenance.status if annotation.provenance else None


def is_rejected(annotation: Annotation) -> bool:
    """Whether it is a tombstone."""
    return status_of(annotation) == "rejected"


def said(annotation: Annotation) -> dict[str, Any]:
    """What an annotation says, as JSON: offsets, text and attributes; what ``was`` keeps of a suggestion."""
    whole: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(annotation))
    return {key: value for key, value in whole.items() if key not in _NOT_SAID}


def accepted(annotation: Annotation, reviewer: str) -> Annotation:
    """The annotation as right: a suggestion, one without provenance, or one that was rejected."""
    old = annotation.provenance
    if old is not None and old.status in {"accepted", "corrected", "added"}:
        return annotation
    was = old.was if old else None
    score = old.score if old else None
    status = "corrected" if was else "accepted"
    return replace(annotation, provenance=Provenance(annotator=reviewer, status=status, score=score, was=was))


def rejected(annotation: Annotation, reviewer: str) -> Annotation:
    """The annotation as a tombstone, which remembers what was suggested."""
    old = annotation.provenance
    if old is not None and old.status == "rejected":
        return annotation
    was, score = (old.was, old.score) if old else (None, None)
    return replace(annotation, provenance=Provenance(annotator=reviewer, status="rejected", score=score, was=was))


def corrected(before: Annotation, after: Annotation, reviewer: str) -> Annotation:
    """What a person made of an annotation, with ``was`` for the suggestion.

    An added one stays ``added``. One that says again what was suggested is ``accepted``. One without provenance, which
    is a person's, keeps that person's version in ``was``.

    Args:
        before: the annotation before this change.
        after: the same with other offsets or attributes; its provenance does not matter.
        reviewer: who changed it.
    """
    old = before.provenance
    now = said(after)
    if now == said(before):
        return before
    if old is not None and old.status == "added":
        return replace(after, provenance=Provenance(annotator=reviewer, status="added"))
    was = (old.was if old else None) or said(before)
    score = old.score if old else None
    if now == was:
        return replace(after, provenance=Provenance(annotator=reviewer, status="accepted", score=score))
    return replace(after, provenance=Provenance(annotator=reviewer, status="corrected", score=score, was=was))


def followed(before: Annotation, after: Annotation, reviewer: str) -> Annotation:
    """An annotation that changes because another one does: nobody has decided about a suggestion by that."""
    if status_of(before) == "suggested":
        return replace(after, provenance=before.provenance)
    return corrected(before, after, reviewer)
