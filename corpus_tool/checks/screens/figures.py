"""Screens of FIG: what a figure says, what it refers to, the words beside it, the figure before it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any

from corpus_tool.checks.check import Place, Subject, document_of
from corpus_tool.checks.fig import CHECKS as ABOUT_CLAIMS
from corpus_tool.checks.fig_values import CHECKS as ABOUT_VALUES
from corpus_tool.checks.fig_values import DIMENSIONS, exceeds
from corpus_tool.checks.fig_words import CHECKS as ABOUT_WORDS
from corpus_tool.checks.fig_words import MODIFIER_ENDS, may_be_a_date, missed_modifier
from corpus_tool.checks.screens.entities import has_own_layers
from corpus_tool.checks.screens.spans import unsound
from corpus_tool.model import Annotation, Figure, pieces

#: The checks that look at a figure alone: its text, its numbers, its modifier, unit and measure.
OF_A_CLAIM = "FIG201 FIG202 FIG203 FIG204 FIG205 FIG206 FIG207 FIG301 FIG302 FIG304 FIG305 FIG401"
_CLAIM_CHECKS = tuple(c for c in (*ABOUT_CLAIMS, *ABOUT_VALUES, *ABOUT_WORDS) if c.code in OF_A_CLAIM)

#: What a figure says, and nothing of where it stands.
_claim = attrgetter("text", "value", "min", "max", "modifier", "unit", "measure")

#: Claims that such checks found sound, in English texts and in others; they come again in document after document.
_SOUND: dict[bool, set[tuple[Any, ...]]] = {True: set(), False: set()}
_MOST_KNOWN = 50_000

#: Whole numbers in digits, thousands set off by commas or not.
_DIGITS = re.compile(r"[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3}){1,4}", re.ASCII)

#: How words end that may modify the figure behind them ("ſ" is an "s" where case is ignored), or begin behind it.
_LAST_LETTERS = frozenset(letter for words in MODIFIER_ENDS for letter in (words[-1], words[-1].upper())) | {"ſ"}
_FIRST_LETTERS = frozenset("oO")
#: A sentence that joins a part to its whole has at most so many code points between the two.
_NEAR = 120


def doubtful_figures(subject: Subject) -> bool | Subject:
    """FIG but for FIG208: all of these checks look at one figure after the other."""
    document = document_of(subject)
    if not document.figures:
        return False
    if unsound(subject) or has_own_layers(subject):
        return True
    text, english = document.text, subject.is_english
    known = _SOUND[english]
    locations = {a.id for a in subject.standing.get("locations", ())}
    quotes = {a.id: a for a in subject.standing.get("quotes", ())}
    starts, reach = _contents(list(quotes.values()))
    doubtful = []
    for figure in subject.standing["figures"]:
        assert isinstance(figure, Figure)
        start, end, counted, place, quote = figure.start, figure.end, figure.counted, figure.place, figure.quote
        if (
            (_claim(figure) in known or _is_sound_claim(subject, figure))
            and (place is None or place in locations)
            and (_is_outside(start, end, starts, reach) if quote is None else _is_within(figure, quotes.get(quote)))
            and (counted is None or counted.start >= end or counted.end <= start)
            and not figure.fragments
            and (not english or _is_plain_in_english(text, figure))
        ):
            continue
        doubtful.append(figure)
    if not doubtful:
        return False
    ids = {id(figure) for figure in doubtful}
    return subject.with_only("figures", [place for place in subject.live["figures"] if id(place.annotation) in ids])


def _is_plain_in_english(text: str, figure: Figure) -> bool:
    """Whether a figure is no date, has a measure or a unit, and no other modifier beside it than its own."""
    start, end = figure.start, figure.end
    if (figure.measure is None and figure.unit in _COUNTS) or may_be_a_date(figure):
        return False
    last, first = text[start - 2 : start - 1], text[end + 1 : end + 2]
    near = last in _LAST_LETTERS or first in _FIRST_LETTERS or last.isspace() or first.isspace()
    if near and text[max(0, start - 20) : end + 8].isascii() and not _says_modifier(text, start, end):
        return True
    return not near or missed_modifier(text, figure) is None


def _says_modifier(text: str, start: int, end: int) -> bool:
    """Whether the ASCII words beside a figure end or begin as modifiers do."""
    before, behind = text[max(0, start - 20) : start].rstrip(), text[end : end + 8].lstrip()
    return before.lower().endswith(MODIFIER_ENDS) or len(behind) < 2 or behind[:2].lower() == "or"


_COUNTS = frozenset({None, "count"})


def _contents(quotes: Sequence[Annotation]) -> tuple[list[int], list[int]]:
    """Where the pieces of quotes start, in order, and how far the pieces up to each reach."""
    cut = [(quote.start, quote.end) for quote in quotes if not quote.fragments]
    cut += [piece for quote in quotes if quote.fragments for piece in pieces(quote)]
    cut.sort()
    return [start for start, _ in cut], list(accumulate([end for _, end in cut], max))


def _is_outside(start: int, end: int, starts: Sequence[int], reach: Sequence[int]) -> bool:
    at = bisect_right(starts, start)
    return at == 0 or reach[at - 1] < end


def _is_within(figure: Figure, quote: Annotation | None) -> bool:
    return quote is not None and not quote.fragments and quote.start <= figure.start and figure.end <= quote.end


def _is_sound_claim(subject: Subject, figure: Figure) -> bool:
    known = _SOUND[subject.is_english]
    claim = _claim(figure)
    if not is_plain_count(figure):
        alone = subject.with_only("figures", [Place("figures", 0, figure)])
        if any(True for check in _CLAIM_CHECKS for _ in check.run(alone)):
            return False
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known.add(claim)
    return True


def is_plain_count(figure: Figure) -> bool:
    """Whether a figure is a whole number in digits with just that value, of a measure that counts."""
    value, words = figure.value, figure.text
    return (
        type(value) is int
        and figure.unit in _COUNTS
        and figure.min is None
        and figure.max is None
        and figure.modifier != "range"
        and "count" in DIMENSIONS.get(figure.measure or "", _COUNTS)
        and _DIGITS.fullmatch(words) is not None
        and words.replace(",", "") == str(value)
    )


def part_beside_whole(subject: Subject) -> bool:
    """FIG208: a figure behind another one, in a sentence that joins them, and perhaps larger."""
    if unsound(subject):
        return True
    figures = [a for a in subject.standing.get("figures", ()) if isinstance(a, Figure)]
    if len(figures) < 2 or not subject.is_english:
        return False
    text = document_of(subject).text
    return any(
        part.start < whole.start or (part.start - whole.end <= _NEAR and exceeds(text, whole, part))
        for whole, part in pairwise(figures)
    )
