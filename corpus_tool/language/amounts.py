"""One amount of English news: a number with its currency, percent sign or unit, at a position of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corpus_tool.language.nonquantities import in_ones
from corpus_tool.language.numerals import DECADES, SPACE, Numeral, numeral_at, tidy
from corpus_tool.language.units import (
    Unit,
    currency_after,
    currency_before,
    measure_after,
    minor_currency_after,
    percent_after,
)


@dataclass(frozen=True)
class Quantity:
    """A quantity at [start, end) of a text, in code points.

    Attributes:
        value: the number; None for ranges and for indefinite plurals, which have ``min`` (and ``max``).
        modifier: exact about at_least at_most more_than less_than range.
        unit: count, percent, an ISO 4217 code, a UCUM symbol, or "1" for a fraction.
        dimension: quantity, share, percent, money, age, or the unit's (distance, mass, …).
        form: how it is written: digits words fraction vague range.
        number_end: where the number with its scale ends, before a unit that follows.
        parts: the two ends of a range.
    """

    start: int
    end: int
    value: int | float | None = None
    min: int | float | None = None
    max: int | float | None = None
    modifier: str = "exact"
    unit: str = "count"
    dimension: str = "quantity"
    form: str = "digits"
    number_end: int = 0
    parts: tuple[Quantity, ...] = ()


def amount_at(text: str, start: int, *, alone: bool = False, joined: bool = False) -> Quantity | None:
    """One number with its currency or unit, whose number begins at ``start`` (code points), or None.

    Args:
        text: any text.
        start: a position that ``ANCHOR`` found.
        alone: the text is nothing but a quantity.
        joined: it goes on a range, after another number.
    """
    if decade := _decade_of_age(text, start, alone):
        return decade
    currency = currency_before(text, start)
    if currency is None and start and (text[start - 1].isalnum() or text[start - 1] in "_/"):
        return None
    if currency is None and start > 1 and not joined and _continues_a_name(text, start):
        return None
    if currency is None and _is_identifier(text, start):
        return None
    numeral = numeral_at(text, start, currency=currency is not None, alone=alone)
    if numeral is None:
        return None
    begin = currency[0] if currency else start
    begin, negative = _sign(text, begin, start)
    digits = numeral.form == "digits"
    quantity = Quantity(
        begin, numeral.end, numeral.value, numeral.min, form=numeral.form, number_end=numeral.end,
        modifier="at_least" if numeral.form == "vague" else "exact",
    )  # fmt: skip
    if negative and quantity.value is not None:
        quantity = replace(quantity, value=-quantity.value)
    if currency:
        return replace(quantity, unit=currency[1].code, dimension="money")
    more = _PLUS.match(text, numeral.end)
    if found := _unit_after(text, replace(numeral, end=more.end()) if more else numeral):
        end, unit = found
        quantity = replace(quantity, end=end, unit=unit.code, dimension=unit.dimension)
        if more and quantity.modifier == "exact":
            quantity = replace(quantity, modifier="about" if "odd" in more[0] else "at_least")
        if unit.factor != 1:
            quantity = times(quantity, unit.factor)
        return _age(text, quantity)
    if digits and text[numeral.end : numeral.end + 1].isalpha():
        return None
    if numeral.form == "fraction":
        return replace(quantity, unit="1", dimension="share")
    return quantity


def _continues_a_name(text: str, start: int) -> bool:
    """Whether the number goes on with what stands before it: "F-16", "1.234.567", "Y2"."""
    before, second = text[start - 1], text[start - 2]
    if before in ".,:’'" and second.isdigit():
        return text[start].isdigit()
    return before in "-–" and (second.isupper() or second.isdigit())


_DECADE = re.compile(rf"(?:([2-9]0)['’]?s|({'|'.join(DECADES)}))\b", re.IGNORECASE)


def _decade_of_age(text: str, start: int, alone: bool) -> Quantity | None:
    """The ages that "50s" covers in "a man in his early 50s"."""
    match = _DECADE.match(text, start)
    if not match or not (alone or in_ones(text, start)):
        return None
    first = int(match[1]) if match[1] else DECADES[match[2].lower()]
    return Quantity(
        start, match.end(), None, first, first + 9, "range", "a", "age", form="range", number_end=match.end()
    )  # fmt: skip


_UNGROUPED = re.compile(r"\d{10,}(?![\d.,]*\d|\s?[%$£€])")


def _is_identifier(text: str, start: int) -> bool:
    """Whether ten digits or more stand in a row: news sets off the thousands of a count, not those of an identifier."""
    return _UNGROUPED.match(text, start) is not None


_OF = re.compile(rf"{SPACE}of{SPACE}", re.IGNORECASE)
#: Between a number and its unit: "20-plus years", "50+ miles".
_PLUS = re.compile(rf"(?:\+|[\s-]plus|-odd)(?=(?:{SPACE}|-)[a-z])", re.IGNORECASE)
#: "Half a mile", "a quarter of a percentage point".
_OF_A = re.compile(rf"(?:{SPACE}of)?{SPACE}(?:an?|one)(?={SPACE})", re.IGNORECASE)


def _unit_after(text: str, numeral: Numeral) -> tuple[int, Unit] | None:
    digits = numeral.form == "digits" or (numeral.form == "fraction" and text[numeral.end - 1].isnumeric())
    large = numeral.scale >= 1000 or "," in text[numeral.start : numeral.end] or (numeral.min or 0) >= 2000
    if found := percent_after(text, numeral.end):
        return found
    if found := currency_after(text, numeral.end, digits=digits, large=large):
        return found
    if found := minor_currency_after(text, numeral.end, digits=digits):
        return found
    if found := measure_after(text, numeral.end, digits=digits):
        return found
    if numeral.form == "vague" and (of := _OF.match(text, numeral.end)):
        at = of.end() - 1
        return currency_after(text, at, digits=False, large=False) or measure_after(text, at, digits=False)
    if numeral.form == "fraction" and (of_a := _OF_A.match(text, numeral.end)):
        return percent_after(text, of_a.end()) or measure_after(text, of_a.end(), digits=False)
    return None


def times(quantity: Quantity, factor: float) -> Quantity:
    """The quantity with all its numbers multiplied."""

    def scaled(number: float | None) -> int | float | None:
        return None if number is None else tidy(number * factor)

    return replace(quantity, value=scaled(quantity.value), min=scaled(quantity.min), max=scaled(quantity.max))


_MINUS = re.compile(rf"(?:(?<![\w.)%])[-−]|\bminus(?:{SPACE}|-))$", re.IGNORECASE)


def _sign(text: str, begin: int, start: int) -> tuple[int, bool]:
    """Where the quantity begins with its minus sign, and whether it has one."""
    if begin < start:
        return begin, text[start - 1] in "-−" and text[start - 2 : start - 1] not in (" ", "")
    match = _MINUS.search(text, max(0, begin - 7), begin)
    return (match.start(), True) if match else (begin, False)


_OLD = re.compile(rf"(?:{SPACE}|-)(?:olds?|of{SPACE}age)\b", re.IGNORECASE)


def _age(text: str, quantity: Quantity) -> Quantity:
    """An age is the number alone: "34" of "34-year-old"."""
    if quantity.dimension == "duration" and _OLD.match(text, quantity.end):
        return replace(quantity, end=quantity.number_end, dimension="age")
    return quantity
