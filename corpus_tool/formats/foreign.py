"""The neutral middle between other tools' formats and documents: what readers yield and writers take.

A reader keeps the text as the tool has it, line ends and byte order mark included, and gives offsets in code points
into that very text; what becomes of it is decided in one place for all formats (``incoming``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus_tool.formats.ledger import Lost

Scalar = str | int | float | bool

#: (start, end) pairs in code points, end exclusive, in order; more than one for a discontinuous span.
Pieces = tuple[tuple[int, int], ...]

#: The attribute that holds what an annotator wrote about a span in words of their own.
NOTE = "note"

#: The roles of a relation that is nothing but an arrow.
FROM, TO = "from", "to"


class ForeignBlock(NamedTuple):
    """A part of the page, in code points; its kind is one of a document's blocks."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class ForeignSpan:
    """A span that a tool marks.

    Attributes:
        id: unique among the spans and relations of its document.
        label: the type that the tool gives it.
        pieces: where it stands, in code points.
        words: the words that the tool says stand there; None where its format does not repeat them.
        attributes: what else the tool says of it; annotators' remarks under ``NOTE``.
        entity: id of the entity that it mentions.
        line: line of the source, from 1, for diagnostics.
        column: column of the source, from 1, in code points.
        layer: in an export the layer that it comes from, for formats that keep layers apart; "" for what is part of an
            annotation. Readers leave it alone.
    """

    id: str
    label: str
    pieces: Pieces
    words: str | None = None
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    entity: str | None = None
    line: int = 1
    column: int = 1
    layer: str = ""

    @property
    def start(self) -> int:
        """Where its first piece starts, in code points."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where its last piece ends, in code points."""
        return self.pieces[-1][1]


@dataclass(frozen=True, slots=True)
class ForeignRelation:
    """A typed link between two spans or more: an arrow, or an event with its arguments.

    Attributes:
        id: unique among the spans and relations of its document.
        label: the type that the tool gives it.
        ends: (role, id) of each end; ``FROM`` and ``TO`` for an arrow. One role may stand several times. An id may be
            that of a relation, which then stands for its first end.
        attributes: what else the tool says of it.
        line: line of the source, from 1, for diagnostics.
    """

    id: str
    label: str
    ends: tuple[tuple[str, str], ...]
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    line: int = 1


@dataclass(frozen=True, slots=True)
class ForeignEntity:
    """Who or what spans refer to.

    Attributes:
        id: unique among the entities of its document.
        name: None where the tool does not say; the words of a mention are then taken.
        kind: None where the tool does not say; the kind of a mention is then taken.
        links: identifiers elsewhere, by the name of the register ("wikidata": "Q801").
        aliases: further names.
        attributes: ``lat``, ``lon``, ``link_score``, ``link_method``, and what is foreign.
        line: line of the source, from 1, for diagnostics.
    """

    id: str
    name: str | None = None
    kind: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    line: int = 1


@dataclass(frozen=True, slots=True)
class ForeignDocument:
    """One text with one annotator's work on it.

    Attributes:
        name: what the source calls it, unique in what is read: a path without suffix for a file of its own. Several
            annotators' works on one text have one name and follow each other.
        text: the text as the tool has it.
        path: the file, as diagnostics call it.
        line: the line of the file that it starts at, from 1.
        annotator: who annotated it, where the tool says so.
        article: name of the file that holds the text, where that is another one.
        media_type: of the file that holds the text.
        meta: what is known of the article: keys of a document's ``meta``; others go to ``meta.extra``.
        blocks: the parts of the page, None where the tool does not know any.
        spans: what is marked.
        relations: the links between spans.
        entities: what spans refer to.
        left_out: what its source holds and no document has a place for, such as lemmas, with its name as ``id``.
    """

    name: str
    text: str
    path: str
    line: int = 1
    annotator: str | None = None
    article: str | None = None
    media_type: str | None = None
    meta: Mapping[str, Scalar | tuple[str, ...]] = field(default_factory=dict)
    blocks: tuple[ForeignBlock, ...] | None = None
    spans: tuple[ForeignSpan, ...] = ()
    relations: tuple[ForeignRelation, ...] = ()
    entities: tuple[ForeignEntity, ...] = ()
    left_out: tuple[Lost, ...] = ()
