"""One thing that differs: a document, an annotation, an entity or a relation, and in what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

About = Literal["document", "annotation", "entity", "relation"]

#: What can become of an annotation, in the order of tables. One annotation may be moved and re-labelled at once.
WHATS = ("added", "removed", "moved", "relabelled", "status", "relinked", "renamed", "provenance")

#: The fields of an annotation that are told apart; a change of any other one re-labels it.
WHAT_OF_FIELD: Mapping[str, str] = {
    "span": "moved",
    "status": "status",
    "entity": "relinked",
    "id": "renamed",
    "annotator": "provenance",
    "score": "provenance",
    "was": "provenance",
}


class FieldChange(msgspec.Struct, frozen=True):
    """A value before and after; None where it was not set. Of a document's text it is the SHA-256."""

    field: str
    old: Any
    new: Any


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one thing.

    Attributes:
        document: the id of the document.
        about: what kind of thing it is.
        what: "added", "removed" or "changed"; of an annotation some of ``WHATS``.
        layer: the layer of an annotation.
        id: its id, the new one where there is one.
        words: the title of a document, the words of an annotation, the name of an entity, the type of a relation.
        split: of a document.
        start: where an annotation begins, in code points of the new text, or of the old one where it was removed.
        end: where it ends.
        fields: the values that changed.
    """

    document: str
    about: About
    what: tuple[str, ...]
    layer: str = ""
    id: str = ""
    words: str = ""
    split: str = ""
    start: int | None = None
    end: int | None = None
    fields: tuple[FieldChange, ...] = ()
