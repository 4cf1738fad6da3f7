"""Digits in English news that are no quantities whatever stands around them: dates, clock times, phone numbers, scores.

What can only be told from the sentence (years, numbers of names, list numbers) is left to the annotator.
"""

from __future__ import annotations

import re

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?"
    r"|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_DAYS = rf"{_DAY}(?:(?:\s?[-–—/]\s?|\s+(?:to|and|or|through|until)\s+){_DAY}){{0,3}}"
_YEAR = r"(?:1[5-9]|20)\d\d\b"
_ZONE = r"(?:\s?(?:GMT|UTC|BST|EST|EDT|CES?T|CST|CDT|PST|PDT|ET|PT|IST|AE[SD]T|Z|hrs|(?:hours )?local time))"
_MERIDIEM = r"(?:[ \u00a0]?(?:[ap]\.m\.?|[ap]m|AM|PM|[AP]\.M\.?)(?!\w))"

_DATE = (
    rf"{MONTH}\s{{1,16}}{_DAYS}(?!\s?(?:%|percent|per\s+cent|million|billion|people))(?:,?\s+{_YEAR})?"
    rf"|{MONTH},?\s+(?:of\s+)?{_YEAR}"
    rf"|\b{_DAYS}(?:\s+of)?(?:-|\s{{1,16}}){MONTH}(?:,?[\s-]{_YEAR})?"
)
_ISODATE = (
    r"\b\d{4}-\d{2}-\d{2}(?:T[\d:.Z+-]+)?|\b\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})\b"
    r"|\b\d{4}/\d{1,2}/\d{1,2}\b|\b\d{1,2}-\d{1,2}-\d{4}\b"
)
_YEARS = (
    r"(?!\d\d00\s?[-–—]\s?\d\d00\b)\b(?:1[5-9]|20)\d\d\s?[-–—/]\s?(?:(?:1[5-9]|20)\d\d|\d\d)\b(?![\d,.]\d|\s?%)"
    r"|\b(?:1[5-9]|20)\d\d['’]?s\b|(?<!\w)['’`]?\d0['’]?s\b|(?:(?<=\bin )|(?<=\bof )|(?<=\bby ))['’`]\d\d\b"
)
_TIME = (
    rf"\b\d{{1,2}}(?:[:.]\d{{2}}){{0,2}}(?:\s?[-–]\s?\d{{1,2}}(?:[:.]\d\d)?)?{_MERIDIEM}{_ZONE}?"
    rf"|\b\d{{1,3}}(?::\d{{2}}){{1,2}}(?:[.,]\d{{1,3}})?h?\b{_ZONE}?|\b\d{{4}}{_ZONE}\b"
    rf"|\b\d{{1,2}}\.\d\d{_ZONE}\b|\b\d{{1,2}}\s?o['’`]clock|\b\d{{1,2}}(?:[:.h]\d\d)h?\.\d\d?\.\d\b"
)
_PHONE = (
    r"(?<!\w)\+\d[\d\s().-]{6,18}\d|\(\d{3,5}\)\s?\d{3,4}[\s-]?\d{3,4}|\b\d{3}-\d{3}-\d{4}\b"
    r"|\b\d-\d{3}-[\dA-Z]{3}-?[\dA-Z]{4}\b|\b\d{3}-\d{4}\b|\b\d-\d-\d\b|\b\d{3}-\d{2}-\d{4}\b"
    r"|\b0\d{2,4}[\s-]\d{3,4}[\s-]\d{3,4}\b"
)
_NOTE = r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,8}\]"
_COORDINATES = (
    r"\b\d{1,3}°\s?\d{1,2}['′’](?:\s?\d{1,2}(?:\.\d+)?[\"″”])?\s?[NSEW]?\b"
    r"|\b\d{1,3}\.\d{2,}°\s?[NSEW]\b|\b\d{1,3}(?:\.\d+)?\s?°\s?(?:North|South|East|West|[NSEW])\b|-?\b\d{1,3}\.\d{3,}[;,]\s-?\d{1,3}\.\d{3,}\b"
)
_CODE = r"\b\d+(?:-\d+){2,}\b|(?<![\d.,·:-])(?<!\d[ \u00a0\u2009\u202f])0\d+\b(?![.,]\d)|\b\d{1,3}-[a-z]{2}-\d+"
_VERSION = r"\b\d+(?:\.\d+){2,}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b"
_IDIOM = r"\b9/11(?:th)?\b|\b24/7\b|\b7/7\b|\b50[-/]50\b|\b20/20\b|\b401\(?k\)?|\b10-K\b|\b1\s?in\s?a\b"
#: Read in this order at every digit; the first that matches takes the text.
_ANY = (_DATE, _ISODATE, _YEARS, _TIME, _PHONE, _NOTE, _COORDINATES, _CODE, _VERSION, _IDIOM)
#: The characters that one of them can begin with come first, which rules out most places of a text at once.
_NUMERIC = re.compile(rf"(?=[-\d+(\['’`JFMASOND])(?:{'|'.join(_ANY)})")
#: Addresses on the web, handles and hashtags, from their first character to the next white space.
_WEB = re.compile(
    r"(?:https?://|www\.|[@#])\S+|[\w.+-]{1,64}@[\w-]{1,63}\.\S*|\b[\w-]{1,63}\.(?:com|org|net|gov|co\.uk)\b\S*",
    re.IGNORECASE,
)
#: Two small numbers joined by a hyphen.
_SCORE = re.compile(r"(?<![\w.,$£€-])(\d{1,3})[-–](\d{1,3})(?:[-–](\d{1,3}))?(?![\w%]|[.,]\d|[-–]\w)")
#: After "5-7" that counts something; with digits that fall, or without these, it is a score.
_COUNTS = re.compile(
    r"\s+(?:%|per\s?cent|percent|pct|percentage|basis|million|billion|thousand|hundred|trillion|"
    r"(?!(?:points?|wins?|loss(?:es)?|games?|sets|as|is|was|his|this|runs?|victories|defeats)\b)[a-z]+s\b"
    r"|people|men|women|children|feet|(?:[a-z]+\s){1,2}(?!(?:as|is|was|his|this|has|points)\b)[a-z]{2,}s\b)"
)
_RANGE_BEFORE = re.compile(
    r"(?:\b(?:about|around|some|ages?|aged|of|every|roughly|nearly|least|estimated)\s)$", re.IGNORECASE
)


_IN_ONES = re.compile(
    r"\bin\s+(?:his|her|their|my|your|our)\s+(?:(?:early|mid|middle|late)(?:[\s-]+(?:or|to)[\s-]+(?:mid|late))?[\s-]+)?$",
    re.IGNORECASE,
)
_LONGEST_IN_ONES = 36


def in_ones(text: str, start: int) -> bool:
    """Whether what begins at ``start`` (code points) is a decade of somebody's life: "in her late 30s"."""
    return _IN_ONES.search(text[max(0, start - _LONGEST_IN_ONES) : start]) is not None


def nonquantities(text: str) -> list[tuple[int, int]]:
    """Stretches of ``text`` (code points, in order, apart) whose digits are dates, times, phone numbers or scores."""
    found = [match.span() for match in _NUMERIC.finditer(text) if not in_ones(text, match.start())]
    found += [match.span() for match in _WEB.finditer(text)]
    found += [match.span() for match in _SCORE.finditer(text) if _is_score(text, match)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_score(text: str, match: re.Match[str]) -> bool:
    first, second, third = int(match[1]), int(match[2]), match[3]
    if third is not None:
        return True
    if first >= second:
        return True
    after = text[match.end() : match.end() + 40]
    return not (_COUNTS.match(after) or _RANGE_BEFORE.search(text[max(0, match.start() - 12) : match.start()]))
