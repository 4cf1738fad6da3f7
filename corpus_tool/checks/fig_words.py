"""FIG3xx and FIG4xx: figures and the words of the article. English texts only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from corpus_tool.checks.check import Check, Needs, Subject, document_of, is_sound, quoted
from corpus_tool.checks.fig import figures_of, label
from corpus_tool.checks.fig_units import dimension_of
from corpus_tool.checks.fixes.mend_claims import (
    counted_taken_out,
    modifier_moved,
    modifier_set,
    numbers_as_read,
    unit_as_read,
)
from corpus_tool.checks.quo import overlap
from corpus_tool.diagnostics import Finding, Severity
from corpus_tool.model import Figure

if TYPE_CHECKING:  # late: compiling the grammar of quantities takes time, and whole numbers need none of it
    from corpus_tool.language.numbers import Quantity

_YEAR = re.compile(r"1[0-9]{3}|20[0-9]{2}|'[0-9]{2}")
_BEFORE_YEAR = re.compile(
    r"\b(?:in|since|until|till|during|of|from|by|to|after|before|early|late|mid|year|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|"
    r"spring|summer|autumn|fall|winter)[\s,-]+(?:\d{1,2},?\s+)?$|\(\s*$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|"
    r"fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)tieth|(?:twenty|thirty|forty|fifty)-(?:first|second|third|\w+th)",
    re.IGNORECASE,
)
#: Digits and what dates, times, scores and telephone numbers join them with; what stands around tells which they are.
_BARE_DIGITS = re.compile(r"[+'’(]?\d[\d:/.() –-]*(?:['’]?s)?")
#: Words that belong before a figure, and the modifiers that they mean; those that are prepositions too are left out.
_MODIFIERS = {
    "at least": "at_least", "no fewer than": "at_least", "no less than": "at_least", "not less than": "at_least",
    "at most": "at_most", "no more than": "at_most", "not more than": "at_most", "up to": "at_most",
    "as many as": "at_most", "more than": "more_than", "in excess of": "more_than", "upwards of": "more_than",
    "fewer than": "less_than", "less than": "less_than", "nearly": "about", "almost": "about", "roughly": "about",
    "approximately": "about", "an estimated": "about",
}  # fmt: skip
#: The same, of words that stand behind a figure.
_MODIFIERS_BEHIND = {
    "or more": "at_least", "or so": "about", "or fewer": "at_most", "or less": "at_most", "at least": "at_least",
    "at most": "at_most",
}  # fmt: skip
#: How words end that may modify the figure behind them.
MODIFIER_ENDS = tuple(dict.fromkeys(words.split()[-1] for words in _MODIFIERS))
_WORDS = "|".join(sorted(_MODIFIERS, key=len, reverse=True)).replace(" ", r"\s+")
_MODIFIER_BEFORE = re.compile(rf"\b({_WORDS})\s+$", re.IGNORECASE)
_MODIFIER_BEHIND = re.compile(r"\s+(or\s+(?:more|so|fewer|less))\b", re.IGNORECASE)
_MODIFIER_INSIDE = re.compile(rf"({_WORDS}|about|around|some|over|under|just|only)\s", re.IGNORECASE)
_MODIFIER_AT_THE_END = re.compile(r"\s+(or\s+(?:more|so|fewer|less)|at\s+(?:least|most))$", re.IGNORECASE)

#: Words that count and that the grammar of quantities leaves alone.
_OTHER_NUMBERS = re.compile(
    r"\b(?:zero|no|none|nil|both|pairs?|trio|single|double|triple|twice|once|all)\b", re.IGNORECASE
)


#: Whole numbers in digits, which most figures are: they are read as they stand.
_WHOLE_NUMBER = re.compile(r"[1-9]\d{0,2}(?:,\d{3}){1,3}|[1-9]\d{0,8}", re.ASCII)


@lru_cache(maxsize=8192)
def _readings(words: str) -> tuple[Quantity, ...]:
    """What a figure's text can be; the same numbers come again and again, in one document and in the next."""
    from corpus_tool.language.numbers import Quantity, readings

    if _WHOLE_NUMBER.fullmatch(words):
        length = len(words)
        return (Quantity(0, length, int(words.replace(",", "")), number_end=length),)
    return readings(words)


def _english_figures(subject: Subject) -> Iterator[tuple[str, Figure]]:
    if subject.is_english:
        yield from figures_of(subject.sound_annotations.get("figures", ()))


def year_as_figure(subject: Subject) -> Iterator[Finding]:
    """A year is marked as a figure. English texts only.

    Why it matters: a date is no quantity; it distorts every sum and average.

    Bad: "2019" in: The bridge was closed in 2019.

    Good: "2019" in: The fair had 2019 visitors.
    """
    text = document_of(subject).text
    for pointer, figure in _english_figures(subject):
        if _is_year(text, figure):
            around = text[max(0, figure.start - 24) : figure.end]
            yield Finding(f"{label(figure)} is a year, in {quoted(around.strip())}", pointer)


def may_be_a_date(figure: Figure) -> bool:
    """Whether nothing but its number says that a figure counts or measures something."""
    bare = figure.counted is None and figure.unit in {None, "count", "a"}
    return bare and figure.measure in {None, "quantity", "other", "duration"}


def _is_year(text: str, figure: Figure) -> bool:
    if not _YEAR.fullmatch(figure.text) or not may_be_a_date(figure):
        return False
    return _BEFORE_YEAR.search(text[max(0, figure.start - 24) : figure.start]) is not None


def date_as_figure(subject: Subject) -> Iterator[Finding]:
    """A date, a clock time, a score or a telephone number is marked as a figure. English texts only.

    Why it matters: none of them is a quantity; they distort every sum and average.

    Bad: "12" in: on 12 March; "10:30"; "3-1" in: they won 3-1; "1990s".

    Good: "12" in: 12 marches; "30-40" in: 30-40 people.
    """
    text = document_of(subject).text
    for pointer, figure in _english_figures(subject):
        if not _BARE_DIGITS.fullmatch(figure.text) or not may_be_a_date(figure) or _is_year(text, figure):
            continue
        if figure.min is not None and figure.max is not None and _readings(figure.text) and not is_misread(figure):
            continue  # "30-40" is as much of a score as the annotator says
        behind, before = text[figure.end : figure.end + 14], text[max(0, figure.start - 14) : figure.start]
        if figure.text.isdigit() and not _is_beside_date(before, behind):
            continue
        start = max(0, figure.start - 64, text.rfind(" ", 0, max(0, figure.start - 32)) + 1)
        around = text[start : figure.end + 32]
        from corpus_tool.language.nonquantities import nonquantities

        for a, b in nonquantities(around):
            if a <= figure.start - start and figure.end - start <= b:
                told = f"{label(figure)} is a part of {quoted(around[a:b])}, which is no quantity"
                if around[a:b] == figure.text:
                    told = f"{label(figure)} is no quantity"
                yield Finding(told, pointer, "dates, clock times, scores and telephone numbers are no figures")


@cache
def _date_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before a number of a date, a time or a score, and what behind it."""
    from corpus_tool.language.nonquantities import MONTH

    before = re.compile(rf"(?:[\d:/.+–(-]|{MONTH})\s*$")
    behind = re.compile(rf"[-:/.\d–]|\s?(?:[ap]\.?m\b|[AP]M\b|o['’]clock|of\s|{MONTH}|[A-Z]{{2,4}}\b)")
    return before, behind


def _is_beside_date(before: str, behind: str) -> bool:
    date_before, date_behind = _date_patterns()
    return date_behind.match(behind) is not None or date_before.search(before) is not None


def ordinal_as_figure(subject: Subject) -> Iterator[Finding]:
    """An ordinal is marked as a figure. English texts only.

    Why it matters: a place in an order counts nothing.

    Bad: "third" in: It was the third fire.

    Good: "two-thirds"; "three" in: three fires.
    """
    for pointer, figure in _english_figures(subject):
        if _is_ordinal(figure):
            yield Finding(f"{label(figure)} is an ordinal", pointer, "ordinals are no figures")


def _is_ordinal(figure: Figure) -> bool:
    """Whether the text is an ordinal, unless it is read as what the figure has: a forty-second delay."""
    if not _ORDINAL.fullmatch(figure.text):
        return False
    return not _readings(figure.text) or is_misread(figure)


def figure_without_number(subject: Subject) -> Iterator[Finding]:
    """A figure has no number in its text. English texts only.

    Why it matters: the value comes from nowhere; most often the span has slipped to a neighbouring word.

    Bad: "people" marked in: 40 people left.

    Good: "40"; "dozens"; "a dozen".
    """
    for pointer, figure in _english_figures(subject):
        if not _has_number(figure.text) and not _ORDINAL.fullmatch(figure.text):
            yield Finding(f"{label(figure)} has no number in it", pointer)


def _has_number(words: str) -> bool:
    if any(character.isnumeric() for character in words):
        return True
    from corpus_tool.language.numerals import ANCHOR

    return ANCHOR.search(words) is not None or _OTHER_NUMBERS.search(words) is not None


def value_differs_from_text(subject: Subject) -> Iterator[Finding]:
    """The value of a figure is not what its text says. English texts only; texts that cannot be read are left alone.

    Why it matters: the number is what the dataset is used for, and nobody reads the text again.

    Bad: "two dozen" with ``"value": 12``, "$3.2bn" with ``"value": 3.2``.

    Good: ``"value": 24``, ``"value": 3200000000``
    """
    for pointer, figure in _english_figures(subject):
        if not is_misread(figure) or _is_ordinal(figure):
            continue
        told = ", ".join(f"{key} {number:g}" for key, number in _numbers(figure).items())
        means = " or ".join(dict.fromkeys(_numbers_told(quantity) for quantity in _readings(figure.text)))
        told = f"{label(figure)} has {told}, its text says {means}"
        yield Finding(told, pointer, fix=numbers_as_read(subject, pointer, figure))


def _numbers(figure: Figure) -> dict[str, float]:
    return {key: number for key in ("value", "min", "max") if (number := getattr(figure, key)) is not None}


def is_misread(figure: Figure) -> bool:
    """Whether the English text of a figure can be read, and never as the numbers that the figure has."""
    read = _readings(figure.text)
    return bool(read) and not any(_agrees(_numbers(figure), quantity, figure) for quantity in read)


def _agrees(own: dict[str, float], quantity: Quantity, figure: Figure) -> bool:
    """Whether all numbers of a figure are numbers of a reading; the sign of a change may be told by its verb."""
    said = [number for number in (quantity.value, quantity.min, quantity.max) if number is not None]
    if quantity.unit == "10*-4" and figure.unit == "percent":
        said = [number / 100 for number in said]  # basis points
    if figure.measure in {"change", "temperature"}:
        said += [-number for number in said]
    return all(any(abs(number - other) <= max(1e-5, 1e-12 * abs(other)) for other in said) for number in own.values())


def _numbers_told(quantity: Quantity) -> str:
    if quantity.value is not None:
        return _plain(quantity.value)
    if quantity.max is None:
        return f"{_plain(quantity.min or 0)} or more"
    return f"{_plain(quantity.min or 0)} to {_plain(quantity.max)}"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


def unit_differs_from_text(subject: Subject) -> Iterator[Finding]:
    """The unit of a figure is not the one in its text. English texts only.

    Why it matters: euros are added to dollars, miles to kilometres.

    Bad: "€40" with ``"unit": "USD"``; "12%" with ``"unit": "count"``.

    Good: ``"unit": "EUR"``; "$40" with ``"unit": "CAD"`` in a Canadian article.
    """
    for pointer, figure in _english_figures(subject):
        if unit := other_unit(figure):
            told = f"{label(figure)} has the unit {quoted(figure.unit or '')}, its text says {quoted(unit)}"
            yield Finding(told, f"{pointer}/unit", fix=unit_as_read(subject, pointer, figure))


def other_unit(figure: Figure) -> str:
    """The unit that the English text of a figure names and that cannot be its own; "" where they agree."""
    if figure.unit is None or dimension_of(figure.unit) is None:
        return ""
    units = [quantity.unit for quantity in _readings(figure.text)]
    return "" if not units or any(_may_be(figure.unit, unit) for unit in units) else units[0]


#: Signs and names that several currencies share.
_SHARED = frozenset(
    {"USD", "GBP", "JPY", "INR", "CHF", "DKK", "SEK", "NOK", "MXN", "IQD", "SAR", "QAR", "IRR", "TRY", "CNY"}
)


def _may_be(own: str, read: str) -> bool:
    """Whether a unit may stand for the one that was read; a bare number may have any ("from 12 to 15 per cent")."""
    if read in {own, "count"}:
        return True
    kinds = dimension_of(own), dimension_of(read)
    if kinds == ("money", "money"):
        return read in _SHARED
    if read == "deg":
        return kinds[0] == "temperature"
    if kinds[0] == kinds[1] and kinds[0] in {"share", "area", "volume", "mass"}:
        return kinds[0] == "share" or {own, read} <= _SAME_UNITS
    return False


#: Units that one word may mean: tons, acres, gallons, hectares, in their ways of writing.
_SAME_UNITS = frozenset(
    {"t", "[ston_av]", "[lton_av]", "har", "ha", "[acr_us]", "[acr_br]", "[gal_us]", "[gal_br]", "Mg"}
)


def modifier_in_span(subject: Subject) -> Iterator[Finding]:
    """The span of a figure begins or ends with the words that modify it. English texts only.

    Why it matters: the modifier is an attribute; "about 40" and "40" are two strings for one number.

    Bad: "at least 40"; "40 or more"

    Good: "40" with ``"modifier": "at_least"``.
    """
    text = document_of(subject).text
    for pointer, figure in _english_figures(subject):
        if match := _MODIFIER_INSIDE.match(figure.text):
            meaning = _MODIFIERS.get(_spaced(match[1]), "about")
            sure = {**_MODIFIERS, "about": "about", "around": "about", "over": "more_than", "under": "less_than"}
            fix = modifier_moved(text, pointer, figure, (match.end(), 0), sure.get(_spaced(match[1])))
            hint = f'mark {quoted(figure.text[match.end() :])}, with a modifier such as "{meaning}"'
            yield Finding(f"{label(figure)} begins with {quoted(match[1])}", pointer, hint, fix=fix)
        elif match := _MODIFIER_AT_THE_END.search(figure.text):
            meaning = _MODIFIERS_BEHIND[_spaced(match[1])]
            hint = f'mark {quoted(figure.text[: match.start()])}, with the modifier "{meaning}"'
            fix = modifier_moved(text, pointer, figure, (0, len(figure.text) - match.start()), meaning)
            yield Finding(f"{label(figure)} ends with {quoted(match[1])}", pointer, hint, fix=fix)


def _spaced(words: str) -> str:
    return " ".join(words.lower().split())


def modifier_missed(subject: Subject) -> Iterator[Finding]:
    """The words before or behind a figure modify it in another way than its modifier says. English texts only.

    Why it matters: "at least 40" and "40" are two claims.

    Bad: "40" with ``"modifier": "exact"`` in: at least 40 people.

    Good: ``"modifier": "at_least"``
    """
    text = document_of(subject).text
    for pointer, figure in _english_figures(subject):
        if missed := missed_modifier(text, figure):
            match, wanted, side = missed
            own = f'is "{figure.modifier}"' if figure.modifier else "has no modifier"
            told = f"{label(figure)} stands {side} {quoted(match[1])} and {own}"
            yield Finding(told, pointer, f'"modifier": "{wanted}"', fix=modifier_set(pointer, figure, wanted))


def missed_modifier(text: str, figure: Figure) -> tuple[re.Match[str], str, str] | None:
    """The words beside a figure that modify it otherwise than its modifier says, what they mean, and their side."""
    if figure.modifier == "range" or figure.value is None:
        return None
    before = _MODIFIER_BEFORE.search(text[max(0, figure.start - 20) : figure.start])
    match = before or _MODIFIER_BEHIND.match(text, figure.end)
    if not match:
        return None
    wanted = (_MODIFIERS if before else _MODIFIERS_BEHIND)[_spaced(match[1])]
    if (figure.modifier or "exact") == wanted:
        return None
    return match, wanted, "behind" if before else "before"


def counted_overlaps_figure(subject: Subject) -> Iterator[Finding]:
    """What a figure counts lies inside its own span.

    Why it matters: the span of a figure is the number; with its noun in it, "40 people" and "40 men" are not compared.

    Bad: "40 people" with "people" as ``counted``.

    Good: "40" with "people" as ``counted``.
    """
    text = document_of(subject).text
    for pointer, figure in figures_of(subject.sound_annotations.get("figures", ())):
        if figure.counted is not None and overlap(figure.counted, figure) and is_sound(figure.counted, text):
            told = f"what {label(figure)} counts, {quoted(figure.counted.text)}, lies inside its span"
            text = document_of(subject).text
            yield Finding(told, f"{pointer}/counted", fix=counted_taken_out(subject, text, pointer, figure))


CHECKS = (
    Check("FIG301", "value-differs-from-text", Severity.WARNING, Needs.DOCUMENT, value_differs_from_text, fixable=True),
    Check("FIG302", "unit-differs-from-text", Severity.WARNING, Needs.DOCUMENT, unit_differs_from_text, fixable=True),
    Check("FIG303", "year-as-figure", Severity.WARNING, Needs.DOCUMENT, year_as_figure),
    Check("FIG304", "ordinal-as-figure", Severity.WARNING, Needs.DOCUMENT, ordinal_as_figure),
    Check("FIG305", "figure-without-number", Severity.WARNING, Needs.DOCUMENT, figure_without_number),
    Check("FIG306", "date-as-figure", Severity.WARNING, Needs.DOCUMENT, date_as_figure),
    Check("FIG401", "modifier-in-span", Severity.WARNING, Needs.DOCUMENT, modifier_in_span, fixable=True),
    Check("FIG402", "modifier-missed", Severity.WARNING, Needs.DOCUMENT, modifier_missed, fixable=True),
    Check("FIG403", "counted-overlaps-figure", Severity.WARNING, Needs.DOCUMENT, counted_overlaps_figure, fixable=True),
)
