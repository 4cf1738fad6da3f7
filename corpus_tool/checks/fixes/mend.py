"""Edits that mend findings without guessing: what the checks of several families build them with.

A span that an edit moves keeps the contract: its ``text`` is the text at its offsets. An annotation that a person
reviewed keeps what it says; only how it is written down (offsets, white space, marks at its edges) is put right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from corpus_tool.checks.check import Subject, document_of, escape
from corpus_tool.diagnostics import Edit
from corpus_tool.model import Annotation, Span, pieces, surface
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import JsonObject

#: The (start, end) pairs of a span, in code points.
Pieces = tuple[tuple[int, int], ...]
#: Where two offsets of a span lie that has moved, told these and its words, "" where they are not known.
Move = Callable[[int, int, str], tuple[int, int] | None]


def is_reviewed(annotation: Annotation) -> bool:
    """Whether a person gave the annotation its status: no machine changes what it says."""
    return annotation.provenance is not None and annotation.provenance.status in HUMAN_STATUSES


def same_words(one: str, other: str) -> bool:
    """Whether two strings are the same but for normalization form and line ends."""
    return one == other or _plain(one) == _plain(other)


def _plain(words: str) -> str:
    return unicodedata.normalize("NFC", words.replace("\r\n", "\n"))


def span_edits(pointer: str, span: Annotation | Span, cut: Sequence[tuple[int, int]], text: str) -> tuple[Edit, ...]:
    """The edits that make a span mark other pieces of the text; empty where it marks them already, in the same words.

    Args:
        pointer: JSON Pointer to the annotation, or to the span inside it.
        span: the span as it is.
        cut: where its pieces should lie, in order and apart, in code points.
        text: the article.
    """
    edits = []
    for key, own, wanted in (
        ("start", span.start, cut[0][0]),
        ("end", span.end, cut[-1][1]),
        ("text", span.text, surface(text, cut)),
    ):
        if own != wanted:
            edits.append(Edit(f"{pointer}/{key}", wanted))
    if len(cut) > 1 and pieces(span) != tuple(cut):
        edits.append(Edit(f"{pointer}/fragments", [{"start": start, "end": end} for start, end in cut]))
    elif len(cut) == 1 and span.fragments:
        edits.append(Edit(f"{pointer}/fragments", does="remove"))
    return tuple(edits)


def shrunk(span: Annotation | Span, before: int, behind: int, text: str) -> tuple[tuple[int, int], ...]:
    """The pieces of a span without some code points at its ends and without white space at the edge of any piece.

    Args:
        span: the span as it is.
        before: how many code points are taken from its start.
        behind: how many are taken from its end.
        text: the article.

    Returns:
        (start, end) pairs; none where a piece would hold nothing.
    """
    cut = [list(piece) for piece in pieces(span)]
    cut[0][0] += before
    cut[-1][1] -= behind
    for piece in cut:
        while piece[0] < piece[1] and text[piece[0]].isspace():
            piece[0] += 1
        while piece[0] < piece[1] and text[piece[1] - 1].isspace():
            piece[1] -= 1
        if piece[0] >= piece[1]:
            return ()
    return tuple((start, end) for start, end in cut)


def shrinking(pointer: str, span: Annotation | Span, before: int, behind: int, text: str) -> tuple[Edit, ...]:
    """The edits that take code points from the edges of a span; empty where nothing would be left of it."""
    cut = shrunk(span, before, behind, text)
    return span_edits(pointer, span, cut, text) if cut else ()


def was_edits(pointer: str, was: JsonObject, own: Annotation, text: str, move: Move) -> Iterator[Edit]:
    """The edits that move an earlier suggestion together with the annotation that it became.

    Its words prove where it belongs. One without words, which differs from the annotation in its offsets alone, must
    share text with the annotation then.

    Args:
        pointer: JSON Pointer to ``was``.
        was: the fields of the suggestion that differ: any JSON.
        own: the annotation, before it is moved.
        text: the article.
        move: where the suggestion should lie.
    """
    for key, value in was.items():
        if isinstance(value, dict) and key != "extra" and {"start", "end", "text"} <= value.keys():
            yield from was_edits(f"{pointer}/{escape(key)}", value, own, text, move)
    if "fragments" in was:
        old = tuple(_offsets(item) for item in was["fragments"]) if isinstance(was["fragments"], list) else ()
    else:
        old = (_offsets({"start": own.start, "end": own.end, **was}),) if {"start", "end"} & was.keys() else ()
    words = was.get("text")
    sought = words if isinstance(words, str) and len(old) == 1 else ""
    new = tuple(moved for piece in old if piece and (moved := move(*piece, sought)))
    if not old or len(new) < len(old) or new == old:
        return
    beside = move(own.start, own.end, "")
    if isinstance(words, str):
        proven = same_words(surface(text, new), words)
    else:
        proven = beside is not None and new[0][0] < beside[1] and beside[0] < new[-1][1]
    if proven:
        for key, offset in (("start", new[0][0]), ("end", new[-1][1])):
            if key in was:
                yield Edit(f"{pointer}/{key}", offset)
        if "fragments" in was:
            yield Edit(f"{pointer}/fragments", [{"start": start, "end": end} for start, end in new])


def _offsets(item: Any) -> tuple[int, int] | None:
    """The offsets of a span that no schema has checked; None where it is none."""
    start, end = (item.get("start"), item.get("end")) if isinstance(item, dict) else (None, None)
    return (start, end) if type(start) is int and type(end) is int else None


def references_in(subject: Subject) -> frozenset[str]:
    """Every string of a document that may refer to an annotation: ends of relations, and attributes of annotations.

    Collected once for all findings of a document.
    """
    if "_references" not in subject.__dict__:
        subject.__dict__["_references"] = _references(subject)
    known: frozenset[str] = subject.__dict__["_references"]
    return known


def _references(subject: Subject) -> frozenset[str]:
    document = document_of(subject)
    found = {end for relation in document.relations for end in (relation.source, relation.target)}
    for name, items in document.layers.items():
        for key in subject.layers[name].attributes:
            for annotation in items:
                value = getattr(annotation, key)
                if isinstance(value, str):
                    found.add(value)
                elif isinstance(value, tuple | list):
                    found.update(item for item in value if isinstance(item, str))
    return frozenset(found)
