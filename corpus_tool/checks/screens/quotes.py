"""Screens of QUO: who speaks, quotes in quotes, quotes and their quotation marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus_tool.checks.check import Subject, document_of
from corpus_tool.checks.quo_marks import EDGE
from corpus_tool.checks.screens.entities import has_own_layers
from corpus_tool.checks.screens.spans import unsound
from corpus_tool.language.marks import Quoted
from corpus_tool.model import Actor, Annotation, Quote, Span, pieces

_OPENING = frozenset("“\"«„‘'")
_INDIRECT_EDGES = frozenset(",;:.")


def _quotes(subject: Subject) -> list[Quote] | None:
    """The quotes that nobody rejected, None where a screen has no say: spans are unsound, or types not the format's."""
    if unsound(subject) or has_own_layers(subject):
        return None
    return [a for a in subject.standing.get("quotes", ()) if isinstance(a, Quote)]


def speakers_at_odds(subject: Subject) -> bool:
    """QUO1xx to QUO3xx: one pass over the quotes."""
    quotes = _quotes(subject)
    if quotes is None:
        return True
    actors = {a.id: a for a in subject.standing.get("actors", ()) if isinstance(a, Actor)}
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


def unpaired_marks(subject: Subject) -> bool:
    """QUO407."""
    return bool(subject.pairing.unpaired)


def marks_at_odds(subject: Subject) -> bool:
    """QUO401 to QUO406, QUO408: each quote against the quoted stretches of the text."""
    quotes = _quotes(subject)
    if quotes is None:
        return True
    text = document_of(subject).text
    stretches = subject.pairing.quoted
    by_start = {stretch.start: stretch for stretch in stretches}
    around = _around(stretches)
    for quote in quotes:
        if quote.kind == "direct":
            if quote.text[0] not in _OPENING or not _is_verbatim(text, by_start, around, quote):
                return True
        elif quote.kind == "indirect":
            if quote.text[-1] in _INDIRECT_EDGES or quote.text[0] in _INDIRECT_EDGES:
                return True
            if any(stretch.start < quote.end and quote.start < stretch.end for stretch in stretches):
                return True
        elif not _is_mixture(text, stretches, quote):
            return True
    return False


def _around(stretches: Sequence[Quoted]) -> dict[int, Quoted]:
    """The stretch that each nested one stands in, by where the nested one starts."""
    around: dict[int, Quoted] = {}
    way: list[Quoted] = []
    for stretch in stretches:
        if stretch.depth:
            del way[stretch.depth :]
            around[stretch.start] = way[-1]
            way.append(stretch)
        else:
            way = [stretch]
    return around


def _is_verbatim(text: str, by_start: Mapping[int, Quoted], around: Mapping[int, Quoted], quote: Quote) -> bool:
    """Whether each piece is a quoted stretch, punctuation behind it or not, with words before it in an outer one."""
    for start, end in pieces(quote) if quote.fragments else ((quote.start, quote.end),):
        stretch = by_start.get(start)
        if stretch is None or stretch.end > end or (stretch.end < end and text[stretch.end : end].strip(EDGE)):
            return False
        outer = around.get(start)
        if outer is not None and (outer.end < end or not text[outer.opening.end : start].strip()):
            return False
    return True


def _is_mixture(text: str, stretches: Sequence[Quoted], quote: Quote) -> bool:
    """Whether a quote in one piece has quoted stretches wholly in it and words of its own, and lies in no stretch."""
    start, end = quote.start, quote.end
    touched = [stretch for stretch in stretches if stretch.start < end and start < stretch.end]
    if quote.fragments or not touched or any(stretch.start < start or end < stretch.end for stretch in touched):
        return False
    return touched[0].start > start or bool(text[touched[0].end : end].strip(EDGE))
