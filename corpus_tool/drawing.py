"""Plain SVG: numbers, words and bars, and dates gathered into bars over time. The same counts give the same bytes."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

#: At most so many bars over time.
_MAX_BARS = 60

#: A date as an article tells it: a year, a month or a day.
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def svg_number(value: float) -> str:
    """A length with one decimal at the most."""
    return f"{value:.1f}".removesuffix(".0")


def svg_words(words: str) -> str:
    """Words as XML and HTML text, in attributes too: controls, which XML does not allow, as spaces."""
    return html.escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", words))


def svg_text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """Words at a place; ``anchor`` is "start", "middle" or "end"."""
    return f'<text x="{svg_number(x)}" y="{svg_number(y)}" text-anchor="{anchor}">{svg_words(words)}</text>'


def svg_bar(x: float, y: float, width: float, height: float, told: str, attributes: str = "") -> str:
    """A bar, with what a reader who points at it is told, and further attributes as they stand."""
    size = f'x="{svg_number(x)}" y="{svg_number(y)}" width="{svg_number(width)}" height="{svg_number(height)}"'
    return f"<rect {size}{attributes and ' '}{attributes}><title>{svg_words(told)}</title></rect>"


def bars_over_time(days: Mapping[str, int]) -> tuple[list[tuple[str, int]], int]:
    """Every day, month, year or run of years between the first and the last date with its count, and how many lack one.

    The unit is the finest that all dates tell and that makes no more than 60 bars.

    Args:
        days: documents by date: "2024", "2024-07" or "2024-07-01"; other words count as no date.
    """
    dated = Counter({day: n for day, n in days.items() if n and _DAY.fullmatch(day)})
    undated = sum(days.values()) - sum(dated.values())
    return (_bars(dated) if dated else []), undated


def _bars(dated: Mapping[str, int]) -> list[tuple[str, int]]:
    from datetime import date, timedelta

    coarsest = min(map(len, dated))
    first, last = min(dated), max(dated)
    if coarsest == 10:
        try:
            start, end = date.fromisoformat(first), date.fromisoformat(last)
            count = (end - start).days + 1
            if count <= _MAX_BARS:
                return [(day, dated.get(day, 0)) for i in range(count) if (day := (start + timedelta(i)).isoformat())]
        except ValueError:
            pass  # a date that no calendar has: months will do
    months = [int(first[:4]) * 12 + int(first[5:7] or 1), int(last[:4]) * 12 + int(last[5:7] or 12)]
    if coarsest >= 7 and months[1] - months[0] < _MAX_BARS:
        labels = [f"{(n - 1) // 12:04}-{(n - 1) % 12 + 1:02}" for n in range(months[0], months[1] + 1)]
        return _summed(labels, dated, lambda day: day[:7])
    years = (int(first[:4]), int(last[:4]))
    run = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200) if (years[1] - years[0]) // n < _MAX_BARS - 1)
    starts = range(years[0] // run * run, years[1] + 1, run)
    labels = [f"{year:04}" if run == 1 else f"{year:04} to {year + run - 1:04}" for year in starts]
    return _summed(labels, dated, lambda day: labels[(int(day[:4]) - starts[0]) // run])


def _summed(labels: Sequence[str], dated: Mapping[str, int], label_of: Callable[[str], str]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for day, count in dated.items():
        counts[label_of(day)] += count
    return [(label, counts[label]) for label in labels]
