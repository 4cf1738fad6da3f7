"""Bare numbers of English news: digits, words, scales, fractions and indefinite plurals such as "dozens".

A numeral is read at a position that ``ANCHOR`` finds. It has no unit, no modifier and no sense yet: whether "1984" is
a year or a count is not decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

#: At most one line break, so that a numeral never spans two paragraphs; bounded, so that matching stays linear.
SPACE = r"(?:[^\S\n]{1,3}(?:\n[^\S\n]{0,16})?|\n[^\S\n]{0,16})"
OPTIONAL_SPACE = r"(?:[^\S\n]{0,3}(?:\n[^\S\n]{0,16})?)"

UNITS = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(1, 10), strict=True))
TEENS = dict(
    zip(
        ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
        range(10, 20),
        strict=True,
    )
)
TENS = dict(
    zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True)
)
SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "lakh": 10**5,
    "lac": 10**5,
    "crore": 10**7,
    "dozen": 12,
}
#: Abbreviated scales, directly after digits or after one space.
SHORT_SCALES = {
    "k": 10**3, "K": 10**3, "mn": 10**6, "mln": 10**6, "mio": 10**6, "M": 10**6, "MM": 10**6, "m": 10**6,
    "bn": 10**9, "Bn": 10**9, "BN": 10**9, "bln": 10**9, "b": 10**9, "B": 10**9,
    "tn": 10**12, "trn": 10**12, "trln": 10**12, "T": 10**12, "cr": 10**7,
}  # fmt: skip
#: Short scales that are read without a currency beside the number, and after a space.
PLAIN_SHORT_SCALES = frozenset(["mn", "mln", "mio", "bn", "Bn", "BN", "bln", "tn", "trn", "trln"])
#: "Hundreds" and the like: the least that the plural can mean.
PLURALS = {
    "tens": 20, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2 * 10**6,
    "billions": 2 * 10**9, "trillions": 2 * 10**12, "lakhs": 2 * 10**5, "crores": 2 * 10**7,
}  # fmt: skip
DENOMINATORS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "twelfth": 12, "sixteenth": 16, "twentieth": 20, "hundredth": 100, "thousandth": 1000,
    "millionth": 10**6,
}  # fmt: skip
VULGAR = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5, "⅗": 3 / 5, "⅘": 4 / 5,
    "⅙": 1 / 6, "⅚": 5 / 6, "⅐": 1 / 7, "⅛": 1 / 8, "⅜": 3 / 8, "⅝": 5 / 8, "⅞": 7 / 8, "⅑": 1 / 9, "⅒": 1 / 10,
}  # fmt: skip

#: Decades of an age: "in her fifties".
DECADES = dict(
    zip(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"],
        range(20, 100, 10),
        strict=True,
    )
)
SMALL = {**UNITS, **TEENS, **TENS}
_DECIMALS = 6


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_SCALE = _any(SCALES)
_BIG = _any(set(SCALES) - {"hundred", "dozen"})
_VULGAR = f"[{''.join(VULGAR)}]"
_ORDINAL_TAIL = r"(?!(?:st|nd|rd|th|ST|ND|RD|TH)\b)"
_DENOMINATOR = rf"(?:half|halves|(?:{_any(set(DENOMINATORS) - {'half'})})s?)"

#: Thousands are set off by commas (also the Indian way), by apostrophes, or by a space of any kind.
_GROUPED = (
    r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,2}(?:,\d{2}){1,6},\d{3}(?!\d)|\d{1,3}(?:['’]\d{3})+(?!\d)"
    r"|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d,.]\d|\d)"
)
DIGITS = re.compile(
    rf"(?P<whole>(?:{_GROUPED}|\d{{1,18}})(?:[.·]\d{{1,12}})?|\.\d{{1,12}}){_ORDINAL_TAIL}(?![\d])"
    rf"(?:(?P<vulgar>\s?{_VULGAR})|(?:[ -](?P<mixed>\d{{1,3}}[/⁄]\d{{1,3}}))(?![\d/]))?"
    rf"(?P<and_half>{SPACE}and{SPACE}a{SPACE}half\b)?"
)
FRACTION = re.compile(r"(?P<over>\d{1,3})[/⁄](?P<under>\d{1,4})(?![\d/])")
LONG_SCALE = re.compile(rf"(?:{OPTIONAL_SPACE}-?)((?:{_SCALE})(?:[\s-](?:{_BIG}))?)s?\b(?!-)", re.IGNORECASE)
LONG_SCALE_HYPHEN = re.compile(rf"(?:{OPTIONAL_SPACE}-?)((?:{_SCALE})(?:[\s-](?:{_BIG}))?)(?=-)", re.IGNORECASE)
SHORT_SCALE = re.compile(rf"[ \u00a0]?({_any(SHORT_SCALES)})(?![\w’'])")
_WORD = re.compile(
    rf"(?:{SPACE}|-)?(?P<and>and(?:{SPACE}|-))?(?P<word>{_any(SMALL)}|{_SCALE}|a(?=(?:{SPACE}|-)half\b)|half)\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(rf"(?:an?|the)({SPACE})(?=(?:{_SCALE})\b)", re.IGNORECASE)
_HALF_OF_SCALE = re.compile(
    rf"(?:(?P<part>half|(?:a{SPACE})?quarter|three[\s-]quarters)(?:{SPACE}of)?"
    rf"(?:(?:{SPACE}|-)an?)?(?:{SPACE}|-)(?P<scale>{_SCALE}))\b",
    re.IGNORECASE,
)
_WORD_FRACTION = re.compile(
    rf"(?P<over>{_any({**UNITS, **TEENS})}|an?)(?:{SPACE}|-)(?P<under>{_DENOMINATOR})\b|(?P<half>half)\b", re.IGNORECASE
)
_PLURAL = re.compile(
    rf"(?:(?:several|many){SPACE})?(?P<first>{_any(PLURALS)})"
    rf"(?P<more>(?:{SPACE}(?:of|upon|and){SPACE}(?:hundred|thousand|million|billion|trillion)s?){{0,2}})\b"
    rf"(?!{SPACE}(?:place|digit|column)s?\b)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"(?P<word>several|few|couple(?:{SPACE}of)?|many){SPACE}(?P<scale>{_SCALE})s?\b"
    rf"(?P<more>(?:{SPACE}(?:thousand|million|billion))?)",
    re.IGNORECASE,
)

#: Where a numeral may begin.
ANCHOR = re.compile(
    rf"(?<![\d_])(?:\d|\.\d)|{_VULGAR}"
    rf"|(?<![\w'’])(?:{_any(SMALL)}|{_any(DECADES)}|{_any(PLURALS)}|half|dozen|several|few|couple|many"
    rf"|an?(?={SPACE}(?:{_SCALE}|half|{_DENOMINATOR})\b)|an?(?=-(?:third|quarter|half)\b)"
    rf"|quarter(?=[\s-](?:of{SPACE}a{SPACE})?(?:million|billion)\b))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Numeral:
    """A number without unit, at [start, end) of the text that was read, in code points.

    ``value`` is the number, or None where only the least is known (``min``: "dozens", "several hundred"). ``form`` is
    digits, words, fraction or vague; ``scale`` the factor of a scale word that the number carries.
    """

    start: int
    end: int
    form: str
    value: int | float | None = None
    min: int | float | None = None
    scale: int = 1


def tidy(number: float) -> int | float:
    """A whole number as int; anything else rounded to what newspapers could mean."""
    if number == int(number) and abs(number) < 10**18:
        return int(number)
    return round(number, _DECIMALS) if abs(number) >= 10**-_DECIMALS else number


def numeral_at(text: str, start: int, *, currency: bool = False, alone: bool = False) -> Numeral | None:
    """The longest numeral that begins at ``start`` (code points into ``text``).

    Args:
        text: any text.
        start: a position that ``ANCHOR`` found.
        currency: a currency sign stands before it, so that "3m" and "2B" are millions and billions.
        alone: the text is nothing but a quantity, so that "2/5" and "a third" need no context.
    """
    if start >= len(text):
        return None
    if text[start].isdigit() or text[start] in VULGAR or text[start] == ".":
        return _digits_at(text, start, currency, alone)
    if numeral := _vague_at(text, start, alone) or _part_of_scale_at(text, start) or _words_at(text, start):
        return numeral
    return _word_fraction_at(text, start, alone)


def _digits_at(text: str, start: int, currency: bool, alone: bool) -> Numeral | None:
    if text[start] in VULGAR:
        return _scaled(text, Numeral(start, start + 1, "fraction", VULGAR[text[start]]), currency)
    if (match := FRACTION.match(text, start)) and (value := _ratio(match, text, alone)) is not None:
        return Numeral(start, match.end(), "fraction", value)
    match = DIGITS.match(text, start)
    if not match:
        return None
    if text[match.end() : match.end() + 1] in ("/", "⁄") and text[match.end() + 1 : match.end() + 2].isdigit():
        return None
    value = _number(match["whole"])
    if match["vulgar"]:
        value += VULGAR[match["vulgar"].strip()]
    elif match["mixed"]:
        over, under = map(int, re.split("[/⁄]", match["mixed"]))
        if not 0 < over < under:
            return None
        value += over / under
    if match["and_half"]:
        value += 0.5
    if power := _POWER_OF_TEN.match(text, match.end()):
        exponent = int((power["plain"] or power["minus"] or power["raised"]).translate(_RAISED))
        return Numeral(start, power.end(), "digits", tidy(float(f"{value}e{exponent}")))
    return _scaled(text, Numeral(start, match.end(), "digits", tidy(value)), currency)


#: "6.02×10^23", "2 x 10-9", "1.5 × 10⁶".
_POWER_OF_TEN = re.compile(
    r"\s?[×x]\s?10(?:(?:\^|\*\*)(?P<plain>[-−]?\d{1,2})(?!\d)|(?P<minus>[-−]\d{1,2})(?!\d)|(?P<raised>⁻?[⁰¹²³⁴-⁹]{1,2}))"
)
_RAISED = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")


def _number(digits: str) -> float:
    plain = re.sub(r"[,'’ \u00a0\u2009\u202f]", "", digits).replace("·", ".")
    return float(plain) if "." in plain else int(plain)


def _ratio(match: re.Match[str], text: str, alone: bool) -> float | None:
    """The value of "2/3"; None where it may as well be a date ("9/11") or an address."""
    over, under = int(match["over"]), int(match["under"])
    if not 0 < over < under:
        return None
    plain = under in (2, 3, 4) and match["under"][0] != "0"
    of = re.match(rf"(?:ths?)?{SPACE}of\b", text[match.end() : match.end() + 12])
    if alone or plain or of or under in (32, 64) or (under in (16, 100) and over > 12):
        return round(over / under, _DECIMALS)
    return None


def _scaled(text: str, numeral: Numeral, currency: bool) -> Numeral:
    """The numeral with the scale word or letter that follows it."""
    assert numeral.value is not None
    if match := LONG_SCALE.match(text, numeral.end) or LONG_SCALE_HYPHEN.match(text, numeral.end):
        factor = 1
        for word in re.split(r"[\s-]+", match[1].lower()):
            factor *= SCALES[word]
        return replace(numeral, end=match.end(), value=tidy(round(numeral.value * factor, 4)), scale=factor)
    if match := SHORT_SCALE.match(text, numeral.end):
        short = match[1]
        attached = match.start(1) == numeral.end
        if short in PLAIN_SHORT_SCALES or (currency and (attached or short in ("m", "M", "b", "B"))):
            factor = SHORT_SCALES[short]
        elif attached and short in ("m", "M", "k", "K"):
            factor = SHORT_SCALES[short]
            if short == "m" and not _counts_millions(text, match.end()):
                return numeral
        else:
            return numeral
        value = tidy(round(numeral.value * factor, 4))
        return replace(numeral, end=match.end(), value=value, scale=factor)
    return numeral


#: What follows a length in metres; "10m" before any other lower-case plural is ten million.
_AFTER_METRES = re.compile(
    r"\s*(?:$|[^\w\s]|(?:deep|tall|high|long|wide|thick|across|away|apart|from|to|above|below|up|down|off|in|of|at|on"
    r"|for|and|or|by|the|with|race|sprint|final|hurdles|freestyle|butterfly|backstroke|breaststroke|relay|dash|north"
    r"|south|east|west|waves|walls|towers)\b)"
)
_PLURAL_NOUN = re.compile(
    r"\s+(?:[a-z-]+\s+){0,2}?(?:people|children|[a-z]{3,}s)\b|\s+[A-Z][a-z]+s\b|\s+[A-Z][a-z]+(?:an|ese|ish|ic|ch|wiss)\s+[a-z]{3,}\b"
)


def _counts_millions(text: str, end: int) -> bool:
    return not _AFTER_METRES.match(text, end) and _PLURAL_NOUN.match(text, end) is not None


def _vague_at(text: str, start: int, alone: bool) -> Numeral | None:
    if match := _PLURAL.match(text, start):
        first = match["first"].lower()
        doubtful = first in ("scores", "tens") and not match["more"] and not alone
        if doubtful and not _is_plural_quantity(text, match):
            return None
        least = PLURALS[first]
        for word in re.findall(r"hundred|thousand|[mb]illion|trillion", match["more"].lower()):
            least *= SCALES[word]
        return Numeral(start, match.end(), "vague", min=least)
    if match := _SEVERAL.match(text, start):
        least = 2 * SCALES[match["scale"].lower()] * SCALES.get(match["more"].strip().lower(), 1)
        return Numeral(start, match.end(), "vague", min=least)
    return None


def _is_plural_quantity(text: str, match: re.Match[str]) -> bool:
    """Whether "scores" counts something: "scores of people", "Scores were hurt", not "test scores"."""
    after = text[match.end() : match.end() + 12]
    if re.match(rf"{SPACE}of\b", after):
        return not re.search(
            r"(?:test|exam|math|reading|credit|box|the|their|his|her)\s+$",
            text[max(0, match.start() - 12) : match.start()],
        )
    return text[match.start()].isupper() and re.match(rf"{SPACE}(?:more|were|are|have|had)\b", after) is not None


def _part_of_scale_at(text: str, start: int) -> Numeral | None:
    match = _HALF_OF_SCALE.match(text, start)
    if not match:
        return None
    part = match["part"].lower()
    share = 0.5 if part == "half" else 0.75 if part.startswith("three") else 0.25
    factor = SCALES[match["scale"].lower()]
    return Numeral(start, match.end(), "words", tidy(share * factor), scale=factor)


def _words_at(text: str, start: int) -> Numeral | None:
    """A number in words: "twenty-one", "a hundred and five", "two and a half million", "two dozen"."""
    position, total, group, scale = start, 0.0, 0.0, 1
    if article := _ARTICLE.match(text, start):
        position, group = article.end(), 1.0
    last, end, last_scale = 0.0, start, float("inf")
    while match := _WORD.match(text, position):
        word = match["word"].lower()
        if match["and"] and word not in ("a", "half") and end == start:
            break
        if word in ("a", "half"):
            half = re.compile(rf"(?:a(?:{SPACE}|-))?half\b", re.IGNORECASE).match(text, match.start("word"))
            if not match["and"] or not half or end == start:
                break
            group, position = group + 0.5 * (last_scale if last_scale < float("inf") and not group else 1), half.end()
            end, last = position, 0.5
            continue
        if word in SCALES:
            if (not group and end == start) or SCALES[word] >= last_scale:
                break
            scale = SCALES[word]
            if word == "hundred":
                group *= 100
            else:
                total, group = total + (group or 1) * scale, 0.0
                last_scale = scale
            last = scale
        else:
            value = SMALL[word]
            fits = end == start or (last in TENS.values() and value < 10) or last in SCALES.values()
            if not fits or (match["and"] and last not in SCALES.values()):
                break
            group, last = group + value, value
        position = end = match.end()
    if end == start:
        return None
    return Numeral(start, end, "words", tidy(total + group), scale=scale) if not _is_fraction(text, end) else None


def _is_fraction(text: str, end: int) -> bool:
    return re.match(rf"(?:{SPACE}|-){_DENOMINATOR}\b", text[end : end + 16], re.IGNORECASE) is not None


#: After "a third" or "a quarter" that is a share and no ordinal or season.
_SHARE_FOLLOWS = re.compile(rf"{SPACE}(?:of|more|less|fewer|higher|lower|off)\b", re.IGNORECASE)
_SHARE_BEFORE = re.compile(
    r"\b(?:by|than|about|almost|nearly|over|under|to|roughly|least|around|only|up|down)\s+$", re.IGNORECASE
)
_ENDS = re.compile(rf"{OPTIONAL_SPACE}[.,;:)]|\s*$|{SPACE}(?:in|since|from|to|over|last|this)\b", re.IGNORECASE)
_HALF_FOLLOWS = re.compile(
    rf"{SPACE}(?:of|an?(?={SPACE}(?:per{SPACE}?cent|mile|hour|year|kilomet|met|degree|century|decade|minute|second|inch|acre|ton))|the|his|her|its|their|our|my|your|that|those|these|this|said|say|were|are|have|had|would|do|all)\b"
    rf"|{SPACE}[a-z]+,?(?:{SPACE}and)?{SPACE}half\b|{OPTIONAL_SPACE}[.,;:)]|$",
    re.IGNORECASE,
)
#: The second of "half white and half black".
_SECOND_HALF = re.compile(rf"\bhalf{SPACE}[a-z]+,?(?:{SPACE}and)?{SPACE}$", re.IGNORECASE)
_NOT_A_HALF = re.compile(
    r"(?:\b(?:first|second|other|the|better|opening|and a|last|this|that|each|every|half|in)[\s-]+)$", re.IGNORECASE
)


def _word_fraction_at(text: str, start: int, alone: bool) -> Numeral | None:
    match = _WORD_FRACTION.match(text, start)
    if not match or text[match.end() : match.end() + 1] in ("-", "’", "'"):
        return None
    if match["half"]:
        follows = _HALF_FOLLOWS.match(text, match.end()) or _SECOND_HALF.search(text[max(0, start - 24) : start])
        if alone or (follows and not _NOT_A_HALF.search(text[max(0, start - 12) : start])):
            return Numeral(start, match.end(), "fraction", 0.5)
        return None
    over, under = match["over"].lower(), match["under"].lower()
    singular = over in ("a", "an", "one")
    under = "half" if under.startswith("hal") else under
    if singular == under.endswith("s") and under != "half":
        return None
    if singular and over != "one" and not alone and not _SHARE_FOLLOWS.match(text, match.end()):
        before = text[max(0, start - 12) : start]
        if not (_SHARE_BEFORE.search(before) and _ENDS.match(text, match.end())):
            return None
    value = (1 if singular else {**UNITS, **TEENS}[over]) / DENOMINATORS[under.removesuffix("s")]
    return Numeral(start, match.end(), "fraction", round(value, _DECIMALS)) if value < 1 else None
