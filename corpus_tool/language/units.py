"""Units of measurement and currencies, as they stand beside a number in English news.

The tables are ``units.txt`` and ``currencies.txt`` in this folder. Codes are UCUM symbols and ISO 4217 codes; "count"
is the unit of plain numbers, "percent" of percentages, "1" of fractions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus_tool.language.numerals import OPTIONAL_SPACE, SPACE


@dataclass(frozen=True)
class Unit:
    """A unit: its UCUM symbol or ISO 4217 code, its dimension, and what one is worth in that unit (cents: 0.01)."""

    code: str
    dimension: str
    factor: float = 1


@dataclass(frozen=True)
class _Table:
    """Names and signs of one table, and the patterns that find them."""

    names: dict[str, Unit]
    signs: dict[str, Unit]
    name: re.Pattern[str]
    sign: re.Pattern[str]


PERCENT = Unit("percent", "percent")
BASIS_POINT = Unit("10*-4", "percent")
_PERCENT = re.compile(
    rf"{OPTIONAL_SPACE}[%٪％]|(?:{SPACE}|-)(?:per{SPACE}?cent|percent|per-cent|pct|percentage[\s-]points?)\b"
    rf"|{OPTIONAL_SPACE}(?:pct|pc)\b(?!\.\w)|(?:ppt|pp)\b",
    re.IGNORECASE,
)
_BASIS_POINT = re.compile(rf"(?:{SPACE}|-)basis[\s-]points?\b|\s?bps?\b", re.IGNORECASE)
#: Hundredths of a currency. Where the name leaves the currency open it is that of the country most in the news.
_MINOR = {
    "cent": "USD", "cents": "USD", "¢": "USD", "c": "USD", "pence": "GBP", "penny": "GBP", "p": "GBP", "sen": "MYR",
    "paise": "INR", "kopecks": "RUB", "kopeks": "RUB", "agorot": "ILS", "euro cents": "EUR", "US cents": "USD",
}  # fmt: skip
_MINOR_NAME = re.compile(
    rf"(?:{SPACE}|-)((?:US|U\.S\.|euro){SPACE}cents?|cents?|pence|sen|paise|kope[ck]+s|agorot)\b", re.IGNORECASE
)
_MINOR_SIGN = re.compile(r"(?:[ \u00a0]?(p|¢)|(c))(?![\w.]\w|\w)")
#: Prefixes that are a letter of the alphabet in most texts: only before a scaled, grouped or decimal number.
_DOUBTFUL_PREFIXES = frozenset({"R", "N", "ID", "BD", "SR", "QR", "JD", "PS", "Sh", "MAD", "TRY", "Bt"})
#: Names that are common words: only after a number with a scale or with thousands.
_DOUBTFUL_NAMES = frozenset({"won", "real", "crowns", "lei", "soles", "bucks", "quid", "rand", "lek", "leu"})


def _rows(name: str) -> Iterable[list[str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield [column.strip() for column in line.split("|")]


def _listed(column: str) -> list[str]:
    return [entry.strip() for entry in column.split(",") if entry.strip()]


def _pattern(entries: Iterable[str]) -> str:
    ordered = sorted(entries, key=len, reverse=True)
    return "|".join(re.escape(entry).replace(r"\ ", r"(?:[\s-]{1,3})") for entry in ordered)


def _key(name: str) -> str:
    return re.sub(r"[\s-]+", " ", name).lower()


_WITHOUT_PLURAL = (
    "s",
    "feet",
    "horsepower",
    "hertz",
    " per second",
    " per minute",
    " per hour",
    " per day",
    " an hour",
    " per gallon",
)


@cache
def _units() -> _Table:
    names: dict[str, Unit] = {}
    signs: dict[str, Unit] = {}
    for code, dimension, symbols, words in _rows("units.txt"):
        unit = Unit(code, dimension)
        signs.update(dict.fromkeys(_listed(symbols), unit))
        for word in _listed(words):
            names[_key(word)] = unit
            if not word.lower().endswith(_WITHOUT_PLURAL):
                names[_key(word + "s")] = unit
    name = re.compile(rf"(?:{SPACE}|-)({_pattern(names)})\b(?!['’]\w)", re.IGNORECASE)
    sign = re.compile(rf"(?P<gap>[ \u00a0\u2009\u202f-]?)(?P<sign>{_pattern(signs)})(?![\w²³°]|/\w)")
    return _Table(names, signs, name, sign)


@cache
def _currencies() -> _Table:
    names: dict[str, Unit] = {}
    signs: dict[str, Unit] = {}
    for code, prefixes, words in _rows("currencies.txt"):
        unit = Unit(code, "money")
        names.update({_key(word): unit for word in _listed(words)})
        signs.update(dict.fromkeys(_listed(prefixes), unit))
        signs.setdefault(code, unit)
    name = re.compile(rf"(?:{SPACE}|-)({_pattern(names)})\b", re.IGNORECASE)
    sign = re.compile(rf"(?:(?<=\W)|(?<![\w$]))({_pattern(signs)})[ \u00a0]?[-−–]?$")
    return _Table(names, signs, name, sign)


#: The longest currency prefix, with the space and the sign of the number after it.
_LONGEST_PREFIX = 9
_MAYBE_SIGN = re.compile(r"(?:[\w$€£¥₹₩₽₪₺₦₱฿₫₴₵=.]|[^\x00-\x7f])[ \u00a0]?[-−–]?$")
_POUNDS = re.compile(rf"(?:{SPACE}|-)pounds?\b(?!{SPACE}of\b)", re.IGNORECASE)
_LIKE_MONEY = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?\s?(?:m|bn|b|M|million|billion|trillion)\b|\d+\.\d\d\b")
_MONEY_SIGN = re.compile(r"(?:[ \u00a0]?([€£¥₽₴₺₫₪]|zł|Kč)|[ \u00a0]([A-Z]{3}))(?!\w)")


def currency_before(text: str, start: int) -> tuple[int, Unit] | None:
    """The currency sign that ends right before ``start``, and where it begins (code points)."""
    before = text[max(0, start - _LONGEST_PREFIX) : start]
    if not before or not _MAYBE_SIGN.search(before):
        return None
    match = _currencies().sign.search(before)
    if not match:
        return None
    sign, unit = match[1], _currencies().signs[match[1]]
    if sign in _DOUBTFUL_PREFIXES and not _LIKE_MONEY.match(text, start):
        return None
    return start - len(before) + match.start(1), unit


def currency_after(text: str, end: int, *, digits: bool, large: bool) -> tuple[int, Unit] | None:
    """The currency that follows a number which ends at ``end``, and where its name or sign ends (code points).

    Args:
        text: any text.
        end: the end of the number.
        digits: the number is in digits, so that signs may follow.
        large: the number has a scale or thousands, so that "won" and "pounds" are money.
    """
    table = _currencies()
    if match := table.name.match(text, end):
        name = _key(match[1])
        if large or name not in _DOUBTFUL_NAMES:
            return match.end(), table.names[name]
    if large and (match := _POUNDS.match(text, end)):
        return match.end(), table.signs["£"]
    if digits and (match := _MONEY_SIGN.match(text, end)):
        unit = table.signs.get(match[1] or match[2])
        return (match.end(), unit) if unit else None
    return None


def minor_currency_after(text: str, end: int, *, digits: bool) -> tuple[int, Unit] | None:
    """Cents, pence and the like after a number that ends at ``end``, and where the name ends (code points)."""
    match = _MINOR_NAME.match(text, end) or (_MINOR_SIGN.match(text, end) if digits else None)
    if not match:
        return None
    name = re.sub(r"\s+", " ", match[match.lastindex or 0]).lower()
    code = _MINOR.get(name) or ("EUR" if name.startswith("euro") else "USD")
    return match.end(), Unit(code, "money", 0.01)


def percent_after(text: str, end: int) -> tuple[int, Unit] | None:
    """Percent, percentage points or basis points after a number that ends at ``end``."""
    if match := _PERCENT.match(text, end):
        return match.end(), PERCENT
    if match := _BASIS_POINT.match(text, end):
        return match.end(), BASIS_POINT
    return None


def measure_after(text: str, end: int, *, digits: bool) -> tuple[int, Unit] | None:
    """The unit of measurement after a number that ends at ``end``, and where it ends (code points)."""
    table = _units()
    if match := table.name.match(text, end):
        return match.end(), table.names[_key(match[1])]
    if digits and (match := table.sign.match(text, end)):
        sign = match["sign"] if match["sign"] in table.signs else re.sub(r"[\s-]+", " ", match["sign"])
        if not _is_doubtful_sign(text, match):
            return match.end(), table.signs[sign]
    return None


#: One-letter symbols are read where they are attached to the digits, or where nothing that they could begin follows.
_ATTACHED = frozenset({"s", "h", "t", "K", "l", "A", "cl", "ly", "cf", "in"})


def _is_doubtful_sign(text: str, match: re.Match[str]) -> bool:
    sign, gap = match["sign"], match["gap"]
    if sign in _ATTACHED and gap:
        return True
    if sign == "s" and "." not in text[max(0, match.start() - 3) : match.start()]:
        return True  # "the 1980s", "Channel 5s"; seconds are "9.58s"
    followed = text[match.end() : match.end() + 1] in ("-", "&", "'")
    return len(sign) == 1 and sign.isalpha() and gap in (" ", "-") and followed
