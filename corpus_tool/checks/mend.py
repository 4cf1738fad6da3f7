"""Edits that mend findings without guessing: what the checks of several families build them with.

A span that an edit moves keeps the contract: its ``text`` is the text at its offsets. An annotation that a person
reviewed keeps what it says; only how it is written down (offsets, white space, marks at its edges) is put right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from corpus_tool.checks.check import Subject, document_of, escape
from corpus_tool.diagnostics import Edit
from corpus_tool.model import Annotation, Span, pieces, surface
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import JsonObject

#: The (start, end) pairs of a span, in code points.
Pieces = tuple[tuple[int, int], ...]


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


def was_edits(pointer: str, was: Any, text: str, move: Callable[[int, int], tuple[int, int] | None]) -> Iterator[Edit]:
    """The edits that move the spans of an earlier suggestion, where its words prove that it moved too.

    Args:
        pointer: JSON Pointer to ``was``.
        was: its value: any JSON.
        text: the article.
        move: where two offsets of the span should lie.
    """
    if not isinstance(was, dict):
        return
    for key, value in was.items():
        if isinstance(value, dict) and key != "extra":
            yield from was_edits(f"{pointer}/{escape(key)}", value, text, move)
    old = _offsets(was)
    cut = [move(start, end) for start, end in old]
    if not old or not all(cut):
        return
    new = tuple(piece for piece in cut if piece)
    words = was.get("text")
    if isinstance(words, str) and new != tuple(old) and same_words(surface(text, new), words):
        yield Edit(f"{pointer}/start", new[0][0])
        yield Edit(f"{pointer}/end", new[-1][1])
        if "fragments" in was:
            yield Edit(f"{pointer}/fragments", [{"start": start, "end": end} for start, end in new])


def _offsets(was: JsonObject) -> list[tuple[int, int]]:
    """The pieces of a span that no schema has checked; empty where it is none."""
    fragments = was.get("fragments")
    items = fragments if isinstance(fragments, list) else [was]
    found = []
    for item in items:
        start, end = (item.get("start"), item.get("end")) if isinstance(item, dict) else (None, None)
        if type(start) is not int or type(end) is not int:
            return []
        found.append((start, end))
    return found


def references_to(subject: Subject) -> Collection[str]:
    """Every string of a document that may refer to an annotation: ends of relations, and attributes of annotations."""
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
    return found
