"""Screens of FIG: what a figure says, what it refers to, the words beside it, the figure before it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from corpus_tool.checks.check import Place, Subject, document_of, is_live
from corpus_tool.checks.fig import CHECKS as ABOUT_CLAIMS
from corpus_tool.checks.fig_values import CHECKS as ABOUT_VALUES
from corpus_tool.checks.fig_values import exceeds
from corpus_tool.checks.fig_words import CHECKS as ABOUT_WORDS
from corpus_tool.checks.fig_words import MODIFIER_ENDS, may_be_a_date, missed_modifier
from corpus_tool.checks.screens.entities import has_own_layers
from corpus_tool.checks.screens.spans import unsound
from corpus_tool.model import Figure, Quote, pieces

#: The checks that look at a figure alone: its text, its numbers, its modifier, unit and measure.
_OF_A_CLAIM = "FIG201 FIG202 FIG203 FIG204 FIG205 FIG206 FIG207 FIG301 FIG302 FIG304 FIG305 FIG401"
_CLAIM_CHECKS = tuple(c for c in (*ABOUT_CLAIMS, *ABOUT_VALUES, *ABOUT_WORDS) if c.code in _OF_A_CLAIM)

#: What such checks said of a claim, found sound or not; claims repeat from document to document.
_known: dict[tuple[Any, ...], bool] = {}
_MOST_KNOWN = 50_000

#: Whole numbers in digits, thousands set off by commas or not: one is as good as another.
_DIGITS = re.compile(r"[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3}){1,4}", re.ASCII)

#: How words behind a figure begin that may modify it; "" where nothing but white space is in sight.
_OR = frozenset({"or", "OR", "Or", "oR", ""})
#: A sentence that joins a part to its whole has at most so many code points between the two.
_NEAR = 120


def doubtful_figures(subject: Subject) -> bool | Subject:
    """FIG but for FIG208: all of these checks look at one figure after the other."""
    document = document_of(subject)
    figures = document.figures
    if not figures:
        return False
    if unsound(subject) or has_own_layers(subject):
        return True
    text, english = document.text, subject.is_english
    locations = {a.id for a in document.locations if is_live(a)}
    quotes = {a.id: a for a in document.quotes if is_live(a)}
    starts, reach = _contents(list(quotes.values()))
    doubtful = []
    for i, figure in enumerate(figures):
        start, end, counted, place, quote = figure.start, figure.end, figure.counted, figure.place, figure.quote
        if (
            (place is None or place in locations)
            and (_is_outside(start, end, starts, reach) if quote is None else _is_within(figure, quotes.get(quote)))
            and (counted is None or counted.start >= end or counted.end <= start)
            and (
                not english
                or (
                    not may_be_a_date(figure)
                    and (figure.measure is not None or figure.unit not in _COUNTS)
                    and (_has_no_modifier(text, start, end) or missed_modifier(text, figure) is None)
                )
            )
            and not figure.fragments
            and _is_sound_claim(subject, figure)
        ):
            continue
        if is_live(figure):
            doubtful.append(Place("figures", i, figure))
    return subject.with_only("figures", doubtful) if doubtful else False


_COUNTS = frozenset({None, "count"})


def _contents(quotes: Sequence[Quote]) -> tuple[list[int], list[int]]:
    """Where the pieces of quotes start, in order, and how far the pieces up to each reach."""
    cut = sorted(piece for quote in quotes for piece in pieces(quote))
    return [start for start, _ in cut], list(accumulate((end for _, end in cut), max))


def _is_outside(start: int, end: int, starts: Sequence[int], reach: Sequence[int]) -> bool:
    at = bisect_right(starts, start)
    return at == 0 or reach[at - 1] < end


def _is_within(figure: Figure, quote: Quote | None) -> bool:
    return quote is not None and not quote.fragments and quote.start <= figure.start and figure.end <= quote.end


def _has_no_modifier(text: str, start: int, end: int) -> bool:
    """Whether the words beside a figure surely are none that modify it."""
    before = text[max(0, start - 20) : start].rstrip()
    behind = text[end : end + 8].lstrip()
    return before.isascii() and not before.lower().endswith(MODIFIER_ENDS) and behind[:2] not in _OR


def _is_sound_claim(subject: Subject, figure: Figure) -> bool:
    words, value = figure.text, figure.value
    if (
        figure.unit in _COUNTS
        and type(value) is int
        and _DIGITS.fullmatch(words)
        and int(words.replace(",", "")) == value
    ):
        words, value = "7", 7
    claim = (words, value, figure.min, figure.max, figure.modifier, figure.unit, figure.measure, subject.is_english)
    sound = _known.get(claim)
    if sound is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        alone = subject.with_only("figures", [Place("figures", 0, figure)])
        sound = _known[claim] = not any(True for check in _CLAIM_CHECKS for _ in check.run(alone))
    return sound


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
