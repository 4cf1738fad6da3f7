"""What strangers write into a page's metadata, made safe: words, names, dates, languages, licences."""

from __future__ import annotations

import html
import re
from datetime import datetime
from email.utils import parsedate_to_datetime

#: Code points above which words are no title, name or licence but an attack or a mistake: longest seen, and room.
MAX_TITLE, MAX_NAME, MAX_LICENSE = 500, 150, 500
#: People of one article.
MAX_AUTHORS = 50

_TAG = re.compile(r"<!--.{0,500}?-->|</?[a-zA-Z][^<>]{0,500}>", re.DOTALL)
#: Control characters, marks that turn the direction of text, half characters and what stands for no character.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_DATE = re.compile(
    r"(\d{4})-?(\d\d)(?:-?(\d\d)(?:[T ]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
         ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
         ("dec", "december")),
        start=1,
    )
    for name in names
}  # fmt: skip
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? (\d{4})\b", re.IGNORECASE | re.ASCII)
_MONTH_DAY = re.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b", re.IGNORECASE | re.ASCII)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?|[a-z]{3,9})[/-](\d\d?)(?=[/-])", re.IGNORECASE | re.ASCII)
_CHANGED = re.compile(r"updated|modified|changed", re.IGNORECASE)
#: Years in which a dated article can have appeared: newspapers exist since 1605.
_FIRST_YEAR, _LAST_YEAR = 1605, 2099
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "xx"})
_BY = re.compile(r"(?:written |reported |posted |published )?by:?\s+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"https?:|www\.|[^\s@]+@[^\s@]+\.|^@|^(?:admin|administrator|editor|author|null|undefined|none)$", re.IGNORECASE
)
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,3}")
#: Words of what stands beside a name in a byline: an office or an employer, not a second person.
_OFFICE = re.compile(
    r"\b(?:editor|writer|reporter|correspondent|columnist|contributor|critic|staff|bureau|chief|news|media|press|service"
    r"|business|agency|analyst|producer|photographer)s?\b",
    re.IGNORECASE,
)
_CC = re.compile(
    r"(?:https?:)?(?://)?(?:www\.)?creativecommons\.org/(licenses|publicdomain)/([a-z-]{2,12})/(\d\.\d)(?:/\S{0,40})?",
    re.IGNORECASE,
)
_CC_PUBLIC = {"zero": "CC0", "mark": "CC-PDM"}


def clean_words(words: str, most: int) -> str:
    """Words in one line, without mark-up and without characters that show nothing; "" where they are longer than most.

    Args:
        words: what the page says.
        most: code points that they may have.
    """
    if len(words) > 4 * most:
        return ""
    words = html.unescape(words)
    if "&" in words and re.search(
        r"&(?:#\d{1,6}|#x[0-9a-f]{1,6}|amp|quot|lt|gt|nbsp|[lr][ds]quo);", words, re.IGNORECASE
    ):
        words = html.unescape(words)  # escaped twice, as many systems do
    words = " ".join(_UNSEEN.sub("", _TAG.sub(" ", words) if "<" in words else words).split())
    return words if len(words) <= most else ""


def clean_date(words: str) -> str:
    """A date as ISO 8601, with the time and the zone that it states and no other; "" for what is no date.

    ``2019-11-18 20:11 +0100`` becomes ``2019-11-18T20:11+01:00``; ``18 Nov 2019`` becomes ``2019-11-18``;
    ``yesterday``, ``2019-02-30`` and the year 9999 are none.
    """
    words = " ".join(words[:200].split())
    if match := _DATE.fullmatch(words):
        return _iso(match)
    if match := _SLASHED.fullmatch(words):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    named = {_day(int(m[3]), _MONTHS.get(m[2].lower(), 0), int(m[1])) for m in _DAY_MONTH.finditer(words)}
    named |= {_day(int(m[3]), _MONTHS.get(m[1].lower(), 0), int(m[2])) for m in _MONTH_DAY.finditer(words)}
    return _from_mail(words) or (named.pop() if len(named) == 1 and not _CHANGED.search(words) else "")


def _iso(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if not day:
        return f"{year}-{month}" if "-" in match[0] and _day(int(year), int(month), 1) else ""
    date = _day(int(year), int(month), int(day))
    if not date or not hour:
        return date
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return date
    time = f"{hour}:{minute}" + (f":{second}" if second else "") + (f".{fraction}" if fraction else "")
    return f"{date}T{time}{_zone(zone or '')}"


def _zone(zone: str) -> str:
    if not zone or zone.upper() == "Z":
        return zone.upper()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}" if int(digits[:2]) <= 14 and int(digits[2:]) <= 59 else ""


def _day(year: int, month: int, day: int) -> str:
    """A day of the calendar; "" where there is none such, or no newspaper had it."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return ""
    try:
        return datetime(year, month, day).date().isoformat()  # noqa: DTZ001 -- a day has no zone
    except ValueError:
        return ""


def _from_mail(words: str) -> str:
    """A date of mail and of feeds (RFC 5322): ``Mon, 18 Nov 2019 20:11:06 GMT``."""
    try:
        date = parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return date.isoformat() if _FIRST_YEAR <= date.year <= _LAST_YEAR else ""


def clean_language(words: str) -> str:
    """A BCP 47 tag; "" for what is none: ``en_US`` becomes ``en-US``."""
    words = words.split(",", maxsplit=1)[0].strip()
    if not _LANGUAGE.fullmatch(words) or re.split("[-_]", words)[0].lower() in _NO_LANGUAGE:
        return ""
    first, *rest = re.split("[-_]", words)
    return "-".join([first.lower(), *rest])


def clean_license(words: str) -> str:
    """The words or the address of a licence; an address of Creative Commons as its SPDX identifier."""
    words = clean_words(words, MAX_LICENSE)
    if match := _CC.fullmatch(words):
        shelf, parts, version = match[1].lower(), match[2].lower(), match[3]
        if shelf == "publicdomain":
            return f"{_CC_PUBLIC[parts]}-{version}" if parts in _CC_PUBLIC else words
        return f"CC-{parts.upper()}-{version}"
    return words


def clean_names(words: str) -> list[str]:
    """The people of a byline: ``By Ida Holm and Ole Lund`` are two; addresses, handles and "admin" are none.

    An office or an employer behind a comma is left out. A comma parts names only where all of its parts look like first
    and last names: "Ole Lund, MSc" stays as it is.
    """
    words = clean_words(words, MAX_AUTHORS * MAX_NAME)
    words = _BY.sub("", words, count=1) if _BY.match(words) else words
    names: list[str] = []
    for piece in re.split(r"\s*[;|]\s*", words):
        first, *others = re.split(r"\s*,\s*(?:and |& )?|\s+(?:and|&)\s+", piece)
        parts = [first, *(part for part in others if not _OFFICE.search(part))]
        names += parts if others and all(map(_FULL_NAME.fullmatch, parts)) else [piece]
    return [name for name in (name.strip(" ,.") for name in names) if _is_name(name)]


def _is_name(words: str) -> bool:
    return 0 < len(words) <= MAX_NAME and not _NO_NAME.search(words)


def date_in_url(url: str) -> str:
    """The day that an address names in its path (``/2019/11/18/``, ``/2019/nov/18/``); "" for none."""
    match = _URL_DAY.search(url)
    if match is None:
        return ""
    month = int(match[2]) if match[2].isdigit() else _MONTHS.get(match[2].lower(), 0)
    return _day(int(match[1]), month, int(match[3]))
