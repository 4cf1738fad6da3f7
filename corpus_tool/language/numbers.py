"""Quantities of English news: a pure grammar of text, for the annotator of figures and for the checks on them.

A quantity is a number with its scale, currency, percent sign or unit: "40", "$3.2bn", "20 miles", "dozens",
"between 30 and 40", "two-thirds". Modifiers ("about", "or more") stand outside it. Offsets are Unicode code points
into the text that was read, end exclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus_tool.language.amounts import Quantity, amount_at, times
from corpus_tool.language.modifiers import modifier_of, states_change
from corpus_tool.language.nonquantities import nonquantities
from corpus_tool.language.numerals import ANCHOR, OPTIONAL_SPACE, SMALL, SPACE, numeral_at, tidy
from corpus_tool.language.units import currency_before

__all__ = ["Quantity", "iter_quantities", "modifier_of_quantity", "read_quantity", "readings"]


def iter_quantities(text: str) -> Iterator[Quantity]:
    """All quantities of a text, in order and apart, each with the modifier that stands before or after it.

    Dates, clock times, phone numbers and scores are left out; years, numbers inside names and the pronoun "one" are
    not, as only the sentence tells them apart.
    """
    masked = nonquantities(text)
    index = position = last = 0
    while match := ANCHOR.search(text, position):
        start = match.start()
        while index < len(masked) and masked[index][1] <= start:
            index += 1
        if index < len(masked) and masked[index][0] <= start:
            position = masked[index][1]
            continue
        limit = masked[index][0] if index < len(masked) else len(text)
        quantity = _quantity_at(text, start)
        if quantity is None or quantity.end > limit > quantity.start or quantity.start < last:
            position = _past_token(text, start)
            continue
        yield modifier_of_quantity(text, quantity)
        position = last = max(quantity.end, start + 1)


def read_quantity(text: str) -> Quantity | None:
    """Re-reads the text of a figure: the quantity that makes up all of ``text``, or None.

    No modifier is looked for outside the text: it is "range" for a range, "at_least" for an indefinite plural, else
    "exact". A text that can be read in two ways ("10m") gives the likelier; ``readings`` gives all.
    """
    found = readings(text)
    return found[0] if found else None


def readings(text: str) -> tuple[Quantity, ...]:
    """Every quantity that the whole of ``text`` can be: "10m" is ten metres or ten million, the likelier first."""
    text = text.strip()
    quantities = (_quantity_at(text, match.start(), alone=True) for match in ANCHOR.finditer(text))
    found = [q for q in quantities if q and (q.start, q.end) == (0, len(text))][:1]
    if match := re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)\s?([mkK])", text):
        number = float(match[1].replace(",", ""))
        scale, length = (10**6, "m") if match[2] == "m" else (1000, "km")
        found.append(Quantity(0, len(text), tidy(number * scale), number_end=len(text)))
        found.append(Quantity(0, len(text), tidy(number), unit=length, dimension="distance", number_end=len(match[1])))
    if found and found[0].unit == "[lb_av]":
        found.append(replace(found[0], unit="GBP", dimension="money"))
    distinct: dict[object, Quantity] = {}
    for quantity in found:
        distinct.setdefault((quantity.value, quantity.min, quantity.max, quantity.unit), quantity)
    return tuple(distinct.values())


def modifier_of_quantity(text: str, quantity: Quantity) -> Quantity:
    """The quantity with the modifier that the words around it give it."""
    if quantity.modifier == "range":
        return quantity
    modifier = modifier_of(text, quantity.start, quantity.end, quantity.dimension)
    return replace(quantity, modifier=modifier) if modifier else quantity


def _past_token(text: str, start: int) -> int:
    end = start + 1
    while end < len(text) and (text[end].isalnum() or (text[end] in ",.-" and text[end + 1 : end + 2].isdigit())):
        end += 1
    return end


_BETWEEN = re.compile(rf"\bbetween{SPACE}(?:about{SPACE}|an?{SPACE}estimated{SPACE})?$", re.IGNORECASE)
_FROM = re.compile(
    rf"\bfrom{SPACE}(?:(?:about|around|nearly|some|roughly|just|only|up{SPACE}to|(?:(?:the|its|their|an?){SPACE})?"
    rf"(?:current|previous|earlier|present|initial|original|estimated)){SPACE})?$",
    re.IGNORECASE,
)
_TO = re.compile(
    rf"{SPACE}(?:up{SPACE})?to{SPACE}(?:about{SPACE}|around{SPACE}|nearly{SPACE}|more{SPACE}than{SPACE}|over{SPACE})?",
    re.IGNORECASE,
)
_AND = re.compile(rf"{SPACE}and{SPACE}", re.IGNORECASE)
_OR = re.compile(rf"{SPACE}or{SPACE}(?:even{SPACE})?", re.IGNORECASE)
_DASH = re.compile(r"-\s+(?:to|or)\s+|[-\s]to[-\s]|[ \u00a0]?[-–—−][ \u00a0]?", re.IGNORECASE)
_LONGEST_OPENING = 24


def _quantity_at(text: str, start: int, *, alone: bool = False) -> Quantity | None:
    """The quantity whose number begins at ``start``: a share, a range or a single amount."""
    first = amount_at(text, start, alone=alone)
    if first is None:
        return None
    return _share(text, first) or _range(text, first, alone) or _compound(text, first)


_OUT_OF = re.compile(
    rf"{SPACE}(?:in(?:{SPACE}every)?|out{SPACE}of(?:{SPACE}every)?|of{SPACE}every){SPACE}", re.IGNORECASE
)
_ROUND_BASES = frozenset({*range(2, 21), 24, 25, *range(30, 81, 10), *range(100, 801, 100), 250, 1000})


def _share(text: str, first: Quantity) -> Quantity | None:
    """A share as one quantity: "one in five", "three out of ten", "1 in 2,000"."""
    if first.unit != "count" or not isinstance(first.value, int) or not 0 < first.value <= 99:
        return None
    match = _OUT_OF.match(text, first.end)
    if not match:
        return None
    whole = amount_at(text, match.end())
    if whole is None or whole.unit != "count" or not isinstance(whole.value, int) or whole.form == "vague":
        return None
    of = " of" in match[0].lower() or "every" in match[0].lower()
    number = text[whole.start : whole.end]
    likely = whole.value in _ROUND_BASES or (whole.value >= 1000 and ("," in number or not number.isdigit()))
    small = first.value <= 10 or (of and whole.value in (100, 1000))
    if not (first.value < whole.value and likely and small):
        return None
    return Quantity(
        first.start, whole.end, round(first.value / whole.value, 6), unit="1", dimension="share", form="fraction",
        number_end=whole.end,
    )  # fmt: skip


def _range(text: str, first: Quantity, alone: bool) -> Quantity | None:
    """A range that begins with the amount ``first``, with "between" or "from" before it; None where there is none."""
    if first.value is None:
        return None
    opening = text[max(0, first.start - _LONGEST_OPENING) : first.start]
    between = _BETWEEN.search(opening)
    source = _FROM.search(opening)
    for joint, pattern in (("and", _AND), ("to", _TO), ("dash", _DASH), ("or", _OR)):
        if (joint == "and") != bool(between) and joint in ("and", "or"):
            continue
        match = pattern.match(text, first.end)
        if not match:
            continue
        second = amount_at(text, _after_currency(text, match.end()), alone=alone, joined=True)
        if second is None or second.start != match.end():
            continue
        ends = _joined(text, first, second, joint)
        if ends is None or _share(text, second):
            continue
        low, high = ends
        shares_scale = low.value != first.value
        own_unit = first.unit != "count" and first.dimension != "percent" and not shares_scale
        changes = source is not None or (joint == "to" and (own_unit or high.unit == "count"))
        if joint == "to" and not source and _is_year_before(text, first, second):
            return None
        if _ends_at_a_level(text, first, low, high, joint):
            return None
        if changes and not between and states_change(text, first.start, near=source is None):
            if not (source and re.match(rf"{SPACE}to{SPACE}[$£€]?\d", text[high.end : high.end + 8])):
                return replace(low, end=first.end)
            source = None
        start = low.start
        if between:
            start = first.start - len(opening) + between.start()
        elif source and joint == "to":
            start = first.start - len(opening) + source.start()
        return Quantity(
            start, second.end, None, low.value if low.value is not None else low.min,
            high.value if high.value is not None else high.min, "range", high.unit, high.dimension, "range",
            second.number_end, (low, high),
        )  # fmt: skip
    return None


_CURRENCY_PREFIX = re.compile(r"(?:[A-Za-z.=]{0,4} ?[^\w\s]?[$£€¥₹]?|[A-Z]{3} ?|dlrs )(?=[-−]?[\d.])")


def _after_currency(text: str, position: int) -> int:
    """Where the number of the second amount begins: behind its currency sign or its minus."""
    match = re.compile(r"(?:minus[\s-])", re.IGNORECASE).match(text, position)
    if match:
        return match.end()
    match = _CURRENCY_PREFIX.match(text, position)
    if match and match.end() > position and (found := currency_before(text, match.end())) and found[0] == position:
        return match.end()
    negative = text[position : position + 1] in ("-", "−") and text[position + 1 : position + 2].isdigit()
    return position + 1 if negative else position


def _joined(text: str, first: Quantity, second: Quantity, joint: str) -> tuple[Quantity, Quantity] | None:
    """The two ends of a range, the first with the unit and scale that only the second names; None if they are none."""
    if first.value is None or second.value is None:
        return None
    if joint == "dash" and not first.form == second.form == "digits":
        return None
    named_before = first.dimension == "money" and first.end == first.number_end
    low, high = first, second
    if first.unit == "count":
        low = replace(first, unit=second.unit, dimension=second.dimension)
    elif second.unit == "count" and named_before:
        high = replace(second, unit=first.unit, dimension=first.dimension)
    elif first.unit != second.unit or (first.dimension == "money" and not named_before and _sign_first(second)):
        return None
    scale = _scale_of(text, second)
    if scale > 1 and _scale_of(text, first) == 1 and first.value * scale < second.value:
        low = times(low, scale)
    least, most = low.value or 0, second.value
    close = most <= 3 * least and low.end == low.number_end
    return (low, high) if least < most and (close or joint != "or") else None


_SINCE = re.compile(r"\b(?:since|in|by|until|during|from)\s+$", re.IGNORECASE)


def _is_year_before(text: str, first: Quantity, second: Quantity) -> bool:
    """Whether the first of two numbers is a year and the second an amount: "since 2012 to nearly $500 million"."""
    year = isinstance(first.value, int) and 1900 <= first.value <= 2100 and first.end - first.start == 4
    opening = text[max(0, first.start - 8) : first.start]
    return year and first.unit == "count" and second.unit != "count" and _SINCE.search(opening) is not None


_BY_BEFORE = re.compile(r"\bby\s+(?:(?:about|around|nearly|almost|just)\s+)?$", re.IGNORECASE)


def _ends_at_a_level(text: str, first: Quantity, low: Quantity, high: Quantity, joint: str) -> bool:
    """Whether "to" goes on to where a change ended: "cut by half a percentage point to 4.25%"."""
    if joint != "to" or first.unit == "count" or (high.value or 0) <= 3 * (low.value or 0):
        return False
    return _BY_BEFORE.search(text[max(0, first.start - 14) : first.start]) is not None


def _sign_first(quantity: Quantity) -> bool:
    """Whether the currency of an amount of money stands before its number."""
    return quantity.end == quantity.number_end


def _scale_of(text: str, quantity: Quantity) -> int:
    position = quantity.start
    while position < quantity.number_end and not text[position].isalnum():
        position += 1
    match = ANCHOR.search(text, position)
    numeral = numeral_at(text, match.start(), currency=quantity.dimension == "money") if match else None
    if numeral is None or numeral.value in SMALL.values():
        return 1
    return numeral.scale


_SMALLER = {
    ("[ft_i]", "[in_i]"): 12, ("h", "min"): 60, ("min", "s"): 60, ("a", "mo"): 12, ("[lb_av]", "[oz_av]"): 16,
    ("m", "cm"): 100, ("[mi_i]", "[yd_i]"): 1760, ("d", "h"): 24, ("wk", "d"): 7,
}  # fmt: skip
_NEXT_UNIT = re.compile(rf",?{OPTIONAL_SPACE}(?:and{SPACE})?")


def _compound(text: str, first: Quantity) -> Quantity:
    """Two or three units that make one amount: "2 hours, 32 minutes", "six feet two inches". The unit is the first."""
    total, last, factor = first, first, 1
    while last.value is not None and last.dimension in ("distance", "duration", "mass") and total.value is not None:
        match = _NEXT_UNIT.match(text, last.end)
        if not match or not (start := ANCHOR.match(text, match.end())):
            break
        smaller = amount_at(text, start.start())
        step = _SMALLER.get((last.unit, smaller.unit)) if smaller and smaller.form != "vague" else None
        if smaller is None or step is None or smaller.value is None or smaller.value >= step:
            break
        if smaller.dimension == "age" or not isinstance(last.value, int):
            break
        factor *= step
        total = replace(
            total, end=smaller.end, value=tidy(total.value + smaller.value / factor), number_end=smaller.number_end
        )
        last = smaller
    return total
