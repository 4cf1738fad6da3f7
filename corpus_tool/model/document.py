"""One annotated article, as frozen structs that mirror ``schema/document.schema.json``.

All offsets are Unicode code points, end exclusive, into ``Document.text``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec

FORMAT = "corpus-tool/document/1"

#: Kinds of blocks whose words are the article's content; the others get no annotations.
CONTENT_BLOCKS = frozenset({"title", "deck", "caption", "heading", "paragraph"})

#: The states that a person gives; ``suggested`` is a machine's.
HUMAN_STATUSES = frozenset({"accepted", "corrected", "added", "rejected"})

Scalar = str | int | float | bool

#: A position in the text, in code points; what no text reaches is left to the JSON Schema to tell.
Offset = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

#: A probability.
Score = Annotated[float, msgspec.Meta(ge=0, le=1)]

#: A string that is not empty.
Words = Annotated[str, msgspec.Meta(min_length=1)]


class _Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """Frozen, named fields only; a field that holds its default is not written."""


class Fragment(_Struct, frozen=True, kw_only=True):
    """One piece of a discontinuous span."""

    start: Offset
    end: Offset


#: The pieces of a span: two at least, or none where it is in one piece.
Fragments = Annotated[tuple[Fragment, ...], msgspec.Meta(min_length=2)]


class Span(_Struct, frozen=True, kw_only=True):
    """A stretch of text that belongs to an annotation: a cue, or what a figure counts."""

    start: Offset
    end: Offset
    text: str
    fragments: Fragments = ()


class Provenance(_Struct, frozen=True, kw_only=True):
    """Who made an annotation and what became of it. ``was`` keeps the suggestion that a person corrected."""

    annotator: str | None = None
    status: str
    score: Score | None = None
    was: dict[str, Any] | None = None


class Annotation(_Struct, frozen=True, kw_only=True):
    """What annotations of every layer share. ``start`` and ``end`` are the hull where there are ``fragments``."""

    id: str
    start: Offset
    end: Offset
    text: str
    fragments: Fragments = ()
    extra: dict[str, Scalar] = {}
    provenance: Provenance | None = None


class Actor(Annotation, frozen=True, kw_only=True):
    """A mention of someone who acts, speaks or is acted upon."""

    kind: str
    mention: str | None = None
    entity: str | None = None
    role: Words | None = None
    anonymous: bool | None = None


class Location(Annotation, frozen=True, kw_only=True):
    """A mention of a place."""

    kind: str
    mention: str | None = None
    entity: str | None = None


class Figure(Annotation, frozen=True, kw_only=True):
    """A quantity that the article claims."""

    value: int | float | None = None
    min: int | float | None = None
    max: int | float | None = None
    modifier: str | None = None
    unit: Words | None = None
    measure: str | None = None
    counted: Span | None = None
    place: str | None = None
    quote: str | None = None


class Quote(Annotation, frozen=True, kw_only=True):
    """Speech, thought or intention that the article attributes to someone."""

    kind: str
    attitude: str | None = None
    cue: Span | None = None
    speaker: str | None = None
    co_speakers: tuple[str, ...] = ()
    speaker_status: str | None = None
    parent: str | None = None


class Block(_Struct, frozen=True, kw_only=True):
    """A part of the page: its title, a paragraph, a promo line."""

    start: Offset
    end: Offset
    kind: str


class Entity(_Struct, frozen=True, kw_only=True):
    """Who or what mentions refer to."""

    id: str
    kind: Words
    name: Words
    aliases: tuple[Words, ...] = ()
    links: dict[str, Words] = {}
    lat: float | None = None
    lon: float | None = None
    link_score: Score | None = None
    link_method: str | None = None
    extra: dict[str, Scalar] = {}


class Relation(_Struct, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}):
    """A typed link between two annotations; ``source`` and ``target`` are written as "from" and "to"."""

    id: str
    type: Words
    source: str
    target: str
    extra: dict[str, Scalar] = {}


class Article(_Struct, frozen=True, kw_only=True):
    """The file that a text came from."""

    path: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    encoding: str | None = None


class Meta(_Struct, frozen=True, kw_only=True):
    """What is known about the article as a whole."""

    title: str | None = None
    language: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    license: str | None = None
    source_id: str | None = None
    article: Article | None = None
    extra: dict[str, Scalar] = {}


class Document(_Struct, frozen=True, kw_only=True):
    """One article with its annotations. ``layers`` maps a layer's name to its annotations."""

    id: str
    meta: Meta
    text: str
    text_sha256: str
    blocks: tuple[Block, ...] = ()
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    layers: dict[str, tuple[Annotation, ...]] = {}

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The annotations of the layer ``actors``."""
        return self.layers.get("actors", ())  # type: ignore[return-value]  # decoded as this type

    @property
    def locations(self) -> tuple[Location, ...]:
        """The annotations of the layer ``locations``."""
        return self.layers.get("locations", ())  # type: ignore[return-value]  # decoded as this type

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The annotations of the layer ``figures``."""
        return self.layers.get("figures", ())  # type: ignore[return-value]  # decoded as this type

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The annotations of the layer ``quotes``."""
        return self.layers.get("quotes", ())  # type: ignore[return-value]  # decoded as this type


A = TypeVar("A", bound=Annotation)


def live(annotations: Iterable[A]) -> tuple[A, ...]:
    """The annotations that nobody rejected; a rejected one stays in the file as a tombstone only."""
    return tuple(a for a in annotations if a.provenance is None or a.provenance.status != "rejected")


def pieces(span: Annotation | Span) -> tuple[tuple[int, int], ...]:
    """The (start, end) pairs of a span, one for a continuous one, in code points."""
    if span.fragments:
        return tuple((f.start, f.end) for f in span.fragments)
    return ((span.start, span.end),)


def surface(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The words of a span: its pieces joined by one space (the contract's rule for fragments)."""
    return " ".join(text[start:end] for start, end in spans)


def sha256_of(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of ``text``, in hexadecimal.

    Raises:
        UnicodeEncodeError: ``text`` holds a lone surrogate.
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
