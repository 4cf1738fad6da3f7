"""FIG205 to FIG208: figures whose numbers cannot be: of the wrong unit, beyond the whole, half a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from corpus_tool.checks.check import Check, Needs, Subject, document_of, quoted
from corpus_tool.checks.fig import figures_of, label
from corpus_tool.checks.fig_units import dimension_of
from corpus_tool.checks.fig_words import is_misread, other_unit
from corpus_tool.diagnostics import Finding, Related, Severity
from corpus_tool.model import Figure

#: Measures that count people.
PEOPLE = frozenset(
    {
        "killed",
        "wounded",
        "casualties",
        "missing",
        "displaced",
        "evacuated",
        "detained",
        "abducted",
        "infected",
        "affected",
    }
)
#: Measures of one dimension, and the dimensions that their units may have.
DIMENSIONS = {
    "money": {"money"}, "share": {"share", "other"}, "distance": {"distance"}, "area": {"area"}, "mass": {"mass"},
    "volume": {"volume"}, "speed": {"speed"}, "temperature": {"temperature"}, "duration": {"duration"},
    "age": {"duration"}, **{measure: {"count"} for measure in PEOPLE},
}  # fmt: skip
_INCLUDING = re.compile(
    r"[^.!?;\n]{0,60}?\b(?:including|among them|of (?:whom|them|which)|among which)\b[^.!?;\n]{0,30}", re.IGNORECASE
)


def measure_and_unit_at_odds(subject: Subject) -> Iterator[Finding]:
    """The unit of a figure cannot measure what the figure is said to measure.

    Why it matters: one of the two is wrong; sums over the measure add people to per cent.

    Bad: ``"measure": "killed", "unit": "percent"``; ``"measure": "money", "unit": "count"``

    Good: ``"measure": "share", "unit": "percent"``; ``"measure": "money", "unit": "EUR"``
    """
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        dimension = dimension_of(figure.unit) if figure.unit is not None else None
        allowed = DIMENSIONS.get(figure.measure or "")
        if dimension is None or (allowed is None and not (dimension == "money" and figure.measure == "quantity")):
            continue
        if allowed is not None and (dimension in allowed or (dimension == "other" and allowed != {"count"})):
            continue
        if not (subject.is_english and other_unit(figure)):  # else FIG302 tells which of the two is wrong
            told = f'{label(figure)} has the measure "{figure.measure}" and the unit {quoted(figure.unit or "")}'
            yield Finding(told, pointer)


def share_beyond_whole(subject: Subject) -> Iterator[Finding]:
    """A share is more than 100 per cent, or more than 1 as a fraction.

    Why it matters: a part is never more than its whole; the figure is a change, or the number was misread.

    Bad: "120 per cent" with ``"measure": "share"``.

    Good: ``"measure": "change"``
    """
    whole = {"percent": 100, "%": 100, "1": 1}
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        limit = whole.get(figure.unit or "")
        numbers = [n for n in (figure.value, figure.min, figure.max) if n is not None]
        if figure.measure != "share" or limit is None or all(n <= limit for n in numbers):
            continue
        if not _read_elsewhere(subject, figure):
            hint = 'is it a "change"?' if limit == 100 else 'is the unit "percent"?'
            yield Finding(f"{label(figure)} is a share of {max(numbers):g}, more than the whole", pointer, hint)


def impossible_count(subject: Subject) -> Iterator[Finding]:
    """A count of people is negative, or not a whole number.

    Why it matters: nobody is half killed: the span lost its scale, or the measure is of people and should not be.

    Bad: "2.5" marked in: 2.5 million displaced.

    Good: "2.5 million", with ``"value": 2500000``.
    """
    for pointer, figure in figures_of(subject.live.get("figures", ())):
        if figure.measure not in PEOPLE or figure.unit not in {None, "count"}:
            continue
        wrong = [n for n in (figure.value, figure.min, figure.max) if n is not None and (n < 0 or n % 1)]
        if wrong and not _read_elsewhere(subject, figure):
            yield Finding(f"{label(figure)} counts {wrong[0]:g} people as {figure.measure}", pointer)


def part_exceeds_whole(subject: Subject) -> Iterator[Finding]:
    """A figure that is included in another one is larger than it. English texts only.

    Why it matters: the span of one of the two lost a part of its number, or "including" joins others than these.

    Bad: "12" and "15" marked in: 12 people, including 15 children.

    Good: "15 people, including 12 children".
    """
    if not subject.is_english:
        return
    text = document_of(subject).text
    figures = [(pointer, figure) for pointer, figure in figures_of(subject.sound_annotations.get("figures", ()))]
    figures.sort(key=lambda pair: pair[1].start)
    for (whole_at, whole), (pointer, part) in pairwise(figures):
        if not exceeds(text, whole, part):
            continue
        if _read_elsewhere(subject, whole) or _read_elsewhere(subject, part):
            continue
        told = f"{label(part)} is a part of {quoted(whole.text)} and larger than it"
        yield Finding(told, pointer, "", (Related(whole_at, f"figures {whole.id}"),))


def exceeds(text: str, whole: Figure, part: Figure) -> bool:
    """Whether a figure is larger than the one before it, in words that make it a part of that one."""
    if whole.end > part.start or not {whole.unit, part.unit} <= {None, "count"}:
        return False
    most, least = _most(whole), _least(part)
    if most is None or least is None or least <= most:
        return False
    return _INCLUDING.fullmatch(text, whole.end, part.start) is not None


def _read_elsewhere(subject: Subject, figure: Figure) -> bool:
    """Whether FIG301 tells that a number is misread, so that what follows from it needs no telling."""
    return subject.is_english and is_misread(figure)


def _most(figure: Figure) -> float | None:
    """The largest number that a figure allows, None where it names none ("at least 12", "about 12")."""
    if figure.value is None or figure.max is not None:
        return figure.max
    return figure.value if figure.modifier in {None, "exact", "at_most", "less_than"} else None


def _least(figure: Figure) -> float | None:
    """The smallest number that a figure allows, None where it names none ("up to 12")."""
    if figure.value is None or figure.min is not None:
        return figure.min
    return figure.value if figure.modifier in {None, "exact", "at_least", "more_than"} else None


CHECKS = (
    Check("FIG205", "measure-and-unit-at-odds", Severity.WARNING, Needs.DOCUMENT, measure_and_unit_at_odds),
    Check("FIG206", "share-beyond-whole", Severity.WARNING, Needs.DOCUMENT, share_beyond_whole),
    Check("FIG207", "impossible-count", Severity.WARNING, Needs.DOCUMENT, impossible_count),
    Check("FIG208", "part-exceeds-whole", Severity.WARNING, Needs.DOCUMENT, part_exceeds_whole),
)
