"""Screens of QUO: who speaks, quotes in quotes, quotes and their quotation marks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from corpus_tool.checks.check import Subject, document_of, is_live
from corpus_tool.checks.quo_marks import EDGE
from corpus_tool.checks.screens.entities import has_own_layers
from corpus_tool.checks.screens.spans import unsound
from corpus_tool.language.marks import Quoted
from corpus_tool.model import Annotation, Quote, Span, pieces

_OPENING = frozenset("“\"«„‘'")
_INDIRECT_EDGES = frozenset(",;:.")


def _quotes(subject: Subject) -> list[Quote] | None:
    """The quotes that nobody rejected, None where a screen has no say: spans are unsound, or types not the format's."""
    if unsound(subject) or has_own_layers(subject):
        return None
    return [quote for quote in document_of(subject).quotes if is_live(quote)]


def speakers_at_odds(subject: Subject) -> bool:
    """QUO1xx to QUO3xx: one pass over the quotes."""
    quotes = _quotes(subject)
    if quotes is None:
        return True
    actors = {actor.id: actor for actor in document_of(subject).actors if is_live(actor)}
    by_id = {quote.id: quote for quote in quotes}
    speakers: set[str | None] = set()
    for quote in quotes:
        speaker, others, status = quote.speaker, quote.co_speakers, quote.speaker_status
        speakers.add(speaker)
        if (speaker is None) is (status is None):
            return True
        if others:
            if speaker is None or len({speaker, *others}) <= len(others):
                return True
            speakers.update(others)
        for own in (speaker, *others) if others else (speaker,):
            actor = actors.get(own or "")
            if (actor is None and own is not None) or (actor is not None and _may_overlap(actor, quote)):
                return True
        if quote.parent is not None and not _is_smaller(quote, by_id.get(quote.parent)):
            return True
        cue = quote.cue
        if cue is not None and _may_overlap(cue, quote):
            return True
    if any(actor.mention == "pronoun" and actor.id not in speakers for actor in actors.values()):
        return True
    return _nests_without_parent(quotes)


def _may_overlap(span: Annotation | Span, quote: Quote) -> bool:
    start, end = span.start, span.end
    if end <= quote.start or quote.end <= start:
        return False
    return not quote.fragments or any(a < end and start < b for a, b in pieces(quote))


def _is_smaller(quote: Quote, parent: Quote | None) -> bool:
    """Whether a quote lies in its parent and is not all of it: whoever goes on to larger ones never comes back."""
    if parent is None or parent.fragments:
        return False
    return (
        parent.start <= quote.start and quote.end <= parent.end and parent.end - parent.start > quote.end - quote.start
    )


def _nests_without_parent(quotes: Sequence[Quote]) -> bool:
    last = reach = 0
    for quote in quotes:
        if quote.start < last or (quote.start < reach and quote.parent is None):
            return True
        last, reach = quote.start, max(reach, quote.end)
    return False


class _Marks(NamedTuple):
    """The quoted stretches of a text.

    Attributes:
        by_start: each stretch, by where it starts.
        around: the stretch that a nested one stands in, by where the nested one starts.
        starts: where they start, in order.
        reach: how far the stretches up to each of them reach.
    """

    by_start: dict[int, Quoted]
    around: dict[int, Quoted]
    starts: list[int]
    reach: list[int]


def unpaired_marks(subject: Subject) -> bool:
    """QUO407."""
    return bool(subject.pairing.unpaired)


def marks_at_odds(subject: Subject) -> bool:
    """QUO401 to QUO406, QUO408: each quote against the quoted stretches of the text."""
    quotes = _quotes(subject)
    if quotes is None:
        return True
    text = document_of(subject).text
    marks = _marks(subject)
    for quote in quotes:
        if quote.kind == "direct":
            if quote.text[0] not in _OPENING or not all(_is_stretch(text, marks, s, e) for s, e in pieces(quote)):
                return True
        elif quote.kind == "indirect":
            at = bisect_left(marks.starts, quote.end)
            if at and marks.reach[at - 1] > quote.start:
                return True
            if quote.text[-1] in _INDIRECT_EDGES or quote.text[0] in _INDIRECT_EDGES:
                return True
        elif not _is_mixture(text, marks, quote):
            return True
    return False


def _marks(subject: Subject) -> _Marks:
    stretches = subject.pairing.quoted
    around: dict[int, Quoted] = {}
    way: list[Quoted] = []
    for stretch in stretches:
        if stretch.depth:
            del way[stretch.depth :]
            around[stretch.start] = way[-1]
            way.append(stretch)
        else:
            way = [stretch]
    starts = [stretch.start for stretch in stretches]
    reach = list(accumulate((stretch.end for stretch in stretches), max))
    return _Marks(dict(zip(starts, stretches, strict=True)), around, starts, reach)


def _is_stretch(text: str, marks: _Marks, start: int, end: int) -> bool:
    """Whether a piece is a quoted stretch, but for punctuation behind it, and stands beside words in any outer one."""
    stretch = marks.by_start.get(start)
    if stretch is None or stretch.end > end or (stretch.end < end and text[stretch.end : end].strip(EDGE)):
        return False
    outer = marks.around.get(start)
    return outer is None or (outer.end >= end and bool(text[outer.opening.end : start].strip()))


def _is_mixture(text: str, marks: _Marks, quote: Quote) -> bool:
    """Whether a quote in one piece has quoted stretches wholly in it and words of its own, and lies in no stretch."""
    start, end = quote.start, quote.end
    first, behind = bisect_left(marks.starts, start), bisect_left(marks.starts, end)
    if (
        quote.fragments
        or first == behind
        or marks.reach[behind - 1] > end
        or (first and marks.reach[first - 1] > start)
    ):
        return False
    stretch = marks.by_start.get(start)
    return stretch is None or bool(text[stretch.end : end].strip(EDGE))
