"""Quotes in the making: article offsets that are widened, trimmed and untangled before they become annotations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.annotate.quoting.blocks import QuotedBlock
from corpus_tool.language.marks import Quoted

if TYPE_CHECKING:
    from spacy.tokens import Token

#: Start and end in the article, in code points.
Piece = tuple[int, int]

_EDGE = " \t\n\r\u00a0\u2009\u202f,;:–—-―"
_TRAILING = _EDGE + "."
#: Frames that are no quote of their own inside another quote: they only tell what it is about.
_SHALLOW = frozenset({"noun of", "preposition", "topic"})
#: The rest of "don't", which the tokenizer parts.
_NEGATION = re.compile(r"['’]t\b")
#: Zero-width joiner and the selector of emoji presentation.
_JOINERS = frozenset("\u200d\ufe0f")
_OPENING_MARKS = frozenset("“„«‘\"'(")


@dataclass
class Draft:
    """A quote in the making.

    Attributes:
        pieces: what is attributed, in article offsets.
        cue: where the cue stands, None where there is none.
        speaker: the head of the phrase that says who speaks, a token of ``view``.
        view: the block of the cue.
        attitude: speech, thought or intention.
        frame: what found it: "direct", "clause", "object" …
    """

    pieces: list[Piece]
    cue: Piece | None
    speaker: Token | None
    view: QuotedBlock
    attitude: str
    frame: str


def tidy(text: str, draft: Draft, quoted: Sequence[Quoted]) -> list[Piece]:
    """A draft's pieces in order, apart, widened to whole quoted stretches, without edge punctuation and the cue.

    Args:
        text: the article's text.
        draft: the draft.
        quoted: the quoted stretches that pieces are widened to: those of the draft's own level.
    """
    pieces: list[Piece] = []
    for piece in sorted(draft.pieces):
        start, end = _stripped(text, *_without_cue(draft.cue, *_widened(*piece, quoted)))
        overlaps = bool(pieces) and start < pieces[-1][1]
        start, end = _stripped(text, pieces[-1][1], end) if overlaps else (start, end)
        if start < end and any(c.isalnum() for c in text[start:end]):
            pieces.append((start, end))
    return pieces


def _widened(start: int, end: int, quoted: Sequence[Quoted]) -> Piece:
    for q in quoted:
        if q.start >= end:
            break
        if q.end > start:
            start, end = min(start, q.start), max(end, q.end)
    return start, end


def _without_cue(cue: Piece | None, start: int, end: int) -> Piece:
    """The larger side of a piece that a cue lies in."""
    if cue is None or cue[1] <= start or end <= cue[0]:
        return start, end
    return (start, cue[0]) if cue[0] - start > end - cue[1] else (cue[1], end)


def _stripped(text: str, start: int, end: int) -> Piece:
    while start < end and (text[start] in _EDGE or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _TRAILING or text[end - 1].isspace() or _dangles(text, start, end)):
        end -= 1
    return _whole_characters(text, start, end) if start < end else (start, end)


def _whole_characters(text: str, start: int, end: int) -> Piece:
    """A piece that does not begin or end within a word or within a character of several code points."""
    while start > 0 and _joins(text, start):
        start -= 1
    while end < len(text) and _joins(text, end):
        end += 1
    return start, end


def _joins(text: str, at: int) -> bool:
    """Whether the code points before and at ``at`` belong together."""
    before, here = text[at - 1], text[at]
    if before.isalnum() and (here.isalnum() or _NEGATION.match(text, at)):
        return True
    return (
        bool(unicodedata.combining(here))
        or here in _JOINERS
        or before == "\u200d"
        or "\U0001f3fb" <= here <= "\U0001f3ff"
    )


def _dangles(text: str, start: int, end: int) -> bool:
    """Whether the last character opens what lies outside."""
    return text[end - 1] in _OPENING_MARKS and (end - 1 == start or text[end - 2].isspace())


def kind_of(pieces: Sequence[Piece], quoted: Sequence[Quoted]) -> str:
    """Direct where all lies in marks, mixed where a part does, else indirect."""
    whole, partly = True, False
    for start, end in pieces:
        hits = [q for q in quoted if q.start < end and start < q.end]
        partly = partly or bool(hits)
        whole = whole and any(q.start <= start and end <= q.end for q in hits)
    return "direct" if whole else "mixed" if partly else "indirect"


def uncrossed(drafts: Sequence[tuple[Draft, list[Piece]]]) -> list[tuple[Draft, list[Piece]]]:
    """The drafts without those that repeat another one, and cut so that none cross: they lie apart or nest."""
    kept: list[tuple[Draft, list[Piece]]] = []
    seen: set[Piece] = set()
    ordered = sorted(drafts, key=lambda d: (d[1][0][0], -d[1][-1][1], d[0].frame != "direct"))
    open_ends: list[int] = []
    for draft, pieces in ordered:
        start = pieces[0][0]
        open_ends = [e for e in open_ends if e > start]
        limit = min(open_ends, default=pieces[-1][1])
        within = [(s, min(e, limit)) for s, e in pieces if s < limit]
        if limit < pieces[-1][1] and 2 * sum(e - s for s, e in within) < sum(e - s for s, e in pieces):
            continue
        hull = (within[0][0], within[-1][1])
        if open_ends and draft.frame in _SHALLOW:
            continue
        if hull in seen:
            continue
        seen.add(hull)
        open_ends.append(hull[1])
        kept.append((draft, within))
    return kept


def parents_of(pieces: Sequence[list[Piece]]) -> list[int | None]:
    """For each quote the index of the innermost one of which a single piece holds all of it.

    Args:
        pieces: the pieces of quotes that do not cross, outer ones before inner ones.
    """
    parents: list[int | None] = []
    around: list[int] = []
    for index, own in enumerate(pieces):
        around = [i for i in around if pieces[i][-1][1] > own[0][0]]
        holders = [i for i in around if any(s <= own[0][0] and own[-1][1] <= e for s, e in pieces[i])]
        parents.append(holders[-1] if holders else None)
        around.append(index)
    return parents
