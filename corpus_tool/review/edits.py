"""Edits of a document, as a reviewer makes them: what each one holds, and carrying them out.

Pure: a document goes in, another one comes out; nothing is read or written. All offsets are Unicode code points, end
exclusive; ``wire`` turns a browser's into these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from corpus_tool.model import Document
from corpus_tool.model.schemas import Layer
from corpus_tool.review.links import Edited, without_orphans
from corpus_tool.review.refusal import Refusal

if TYPE_CHECKING:
    from corpus_tool.diagnostics import Edit as Mending
    from corpus_tool.review.places import Candidate


class _Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """What all edits share: they are told apart by ``do``."""


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of several pieces of text."""

    start: int
    end: int


class Accept(_Edit, frozen=True, kw_only=True, tag="accept"):
    """Suggestions that are right; what was rejected is taken back."""

    ids: tuple[str, ...]


class AcceptAll(_Edit, frozen=True, kw_only=True, tag="accept_all"):
    """All suggestions of a layer, or of the document, are right."""

    layer: str | None = None


class Reject(_Edit, frozen=True, kw_only=True, tag="reject"):
    """Annotations that are wrong: they stay as tombstones. What the reviewer had added is taken away."""

    ids: tuple[str, ...]


class Bounds(_Edit, frozen=True, kw_only=True, tag="bounds"):
    """Another range for an annotation: from ``start`` to ``end``, or ``fragments``."""

    id: str
    start: int | None = None
    end: int | None = None
    fragments: tuple[Piece, ...] = ()


class Set(_Edit, frozen=True, kw_only=True, tag="set"):
    """Other attributes; None takes one away. A span is ``{"start", "end"}`` or ``{"fragments": [...]}``."""

    id: str
    attributes: dict[str, Any]


class Add(_Edit, frozen=True, kw_only=True, tag="add"):
    """A new annotation of a layer."""

    layer: str
    start: int | None = None
    end: int | None = None
    fragments: tuple[Piece, ...] = ()
    attributes: dict[str, Any] = {}


class AddEntity(_Edit, frozen=True, kw_only=True, tag="add_entity"):
    """A new entity that ``mentions`` refer to; name and kind are the first mention's where they are not given."""

    mentions: tuple[str, ...]
    name: str | None = None
    kind: str | None = None


class SetEntity(_Edit, frozen=True, kw_only=True, tag="set_entity"):
    """What an entity is called, and where it lies; what is not given stays."""

    id: str
    name: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    aliases: tuple[str, ...] | UnsetType = UNSET
    links: dict[str, str] | UnsetType = UNSET
    lat: float | UnsetType | None = UNSET
    lon: float | UnsetType | None = UNSET


class MergeEntities(_Edit, frozen=True, kw_only=True, tag="merge_entities"):
    """Several entities that are one."""

    into: str
    ids: tuple[str, ...]


class RemoveEntity(_Edit, frozen=True, kw_only=True, tag="remove_entity"):
    """An entity that is none; its mentions lose it."""

    id: str


class PlaceEntity(_Edit, frozen=True, kw_only=True, tag="place"):
    """The gazetteer's candidate that an entity is; ``name`` where candidates were looked up by another name."""

    entity: str
    key: str
    name: str | None = None


class Take(_Edit, frozen=True, kw_only=True, tag="take"):
    """An annotation as another annotator has it, in place of ``replace`` where that is given."""

    version: str
    id: str
    replace: str | None = None


class Fix(_Edit, frozen=True, kw_only=True, tag="fix"):
    """What the validator offers for the finding with this key."""

    key: str


Edit = (
    Accept
    | AcceptAll
    | Reject
    | Bounds
    | Set
    | Add
    | AddEntity
    | SetEntity
    | MergeEntities
    | RemoveEntity
    | PlaceEntity
    | Take
    | Fix
)


@dataclass(frozen=True)
class EditContext:
    """What edits need to know besides the document.

    Attributes:
        layers: the layers that the document may hold.
        reviewer: whose word the edits are.
        version_of: gives another annotator's version of the document by the annotator's name; None without one.
        candidate_of: gives the gazetteer's candidate for an entity's id by its key, looked up by another name or none.
        mending_of: gives what mends a finding by its key, None where there is no such finding.
    """

    layers: Mapping[str, Layer]
    reviewer: str
    version_of: Callable[[str], Document | None] = lambda name: None
    candidate_of: Callable[[str, str, str | None], Candidate | None] = lambda entity, key, name: None
    mending_of: Callable[[str], Sequence[Mending] | None] = lambda key: None


def apply_edit(document: Document, edit: Edit, context: EditContext) -> Edited:
    """Carries out one edit, and what follows from it: links to what is gone go too.

    Returns:
        The document, and a sentence for each thing that was done besides.

    Raises:
        Refusal: the edit names what is not there, or cannot be carried out; its text says why.
    """
    return apply_all(document, [edit], context)


def apply_all(document: Document, edits: Sequence[Edit], context: EditContext) -> Edited:
    """Carries out edits one after the other, all or none.

    Raises:
        Refusal: as ``apply_edit``.
    """
    from corpus_tool.review.carry_out import CARRY_OUT

    edited = Edited(document)
    for edit in edits:
        done = CARRY_OUT[type(edit)](edited.document, edit, context)
        edited = Edited(done.document, (*edited.notes, *done.notes))
    return without_orphans(document, edited, context.layers)


def read_edits(raw: Any) -> tuple[Edit, ...]:
    """Edits from JSON, offsets in code points.

    Raises:
        Refusal: they are none.
    """
    try:
        edits: tuple[Edit, ...] = msgspec.convert(raw, tuple[Edit, ...])
    except msgspec.ValidationError as error:
        raise Refusal(f"no edit that is known: {error}") from error
    if not edits:
        raise Refusal("there is no edit in the list")
    if len(edits) > 1 and any(isinstance(edit, Fix) for edit in edits):
        raise Refusal("a fix goes by itself: it counts in the document as it was checked")
    return edits


def label_of(edits: Sequence[Edit]) -> str:
    """What a step is called when it is offered to be undone."""
    first = edits[0]
    verb = str(first.__struct_config__.tag).replace("_", " ")
    named: Any = getattr(first, "ids", None) or getattr(first, "id", None) or getattr(first, "layer", None)
    named = named or getattr(first, "entity", None) or getattr(first, "mentions", None) or ""
    words = named if isinstance(named, str) else ", ".join(named[:3]) + (" …" if len(named) > 3 else "")
    more = f" and {len(edits) - 1} more" if len(edits) > 1 else ""
    return f"{verb} {words}".strip() + more
