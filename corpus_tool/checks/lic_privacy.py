"""LIC3xx: secrets and personal data in the text and the metadata. They are reported and never removed.

Every pattern begins with a literal character, which finds its places at the speed of a plain search, and looks no
farther than a bounded number of characters from there: a text of any content is read in time linear to its length.
Messages do not repeat a secret or an address in full, for they end up in logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus_tool.checks.check import Check, Needs, Subject, document_of, escape
from corpus_tool.checks.lic import strings_of
from corpus_tool.checks.txt import counted
from corpus_tool.diagnostics import Finding, Severity

#: Where something stands in a string: start and end, in code points, and what messages show of it.
Place = tuple[int, int, str]

_DOMAIN = re.compile(r"@(?P<domain>(?:[\w-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24}))(?![\w@-])")
_LOCAL = re.compile(r"[\w.%+'’&#!$*/=?^`{|}~-]{1,64}\Z")

#: Domains that belong to nobody (RFC 2606 and RFC 6761) or to programs.
_NOBODYS = re.compile(
    r"(?:.*\.)?(?:example\.(?:com|net|org|edu)|example|invalid|test|localhost|local|domain\.com|email\.com)"
    r"|users\.noreply\.github\.com",
    re.IGNORECASE,
)
#: Mailboxes of a desk, not of a person.
_DESKS = frozenset(
    "abuse ads advertising admin archive booking bookings careers community comments complaints contact correction "
    "corrections customercare customerservice desk editor editorial editors enquiries enquiry events feedback hello help "
    "helpdesk hr info information inquiries jobs kontakt leserbriefe letters licensing mail mailbox marketing media "
    "membership news newsdesk newsletter newsroom newstips noreply no-reply office opinion permissions photo photos "
    "pictures post presse press pressoffice privacy prensa readers redaccion redaktion redaktionen redaktionelle rights "
    "sales sekretariat service sport sports standards subscriptions support syndication team tips tip tipline "
    "unsubscribe video web webmaster".split()
)

# A number of an international form, of a national one that begins with 0, of North America with and without brackets.
_ABROAD = re.compile(r"\+[1-9]\d{0,2}(?:[ .\-/\u00a0\u202f]?(?:\(0?\d{0,4}\)[ \u00a0]?)?\d{1,12}){1,7}(?![\d,%])")
_NATIONAL = re.compile(r"0[1-9]\d{0,4}\)?(?:(?:[ \u00a0\u202f]?[ ./\-\u00a0\u202f])[ ]?\d{2,9}){1,4}(?!\d|[,.:]\d)")
_NATIONAL_WHOLE = re.compile(r"0[1-9]\d{8,9}(?!\d|[,.:/-]\d)")
_AMERICAN = re.compile(r"(?P<mark>[-.])[2-9]\d\d(?P=mark)\d{4}(?!\d|[-.,]\d)")
_BRACKETS = re.compile(r"\([2-9]\d\d\)[ \u00a0]?[2-9]\d\d[-. \u00a0]\d{4}(?!\d)")
_DAY = re.compile(r"0\d[./-](?:0\d|1[0-2]|[12]\d|3[01])[./-]\d{2,4}(?!\d)|0\d[.]\d\d(?:[ -]{1,3}\d\d[.]\d\d)+")
_NO_DIGIT = re.compile(r"\D+")

#: Digits, without the 00 or + abroad, of numbers that ring nobody at home: kept for fiction by the regulators of North
#: America (555-01xx), the United Kingdom (Ofcom's list), Australia, and free or premium lines that companies publish.
_NOBODYS_NUMBER = re.compile(
    r"(?:1?[2-9]\d\d)55501\d\d"
    r"|(?:44|0)(?:1632960|7700900|8081570|3069990|20794 60|2079460|1134960|1144960|1154960|1164960|1174960|1184960|1214960"
    r"|1314960|1414960|1514960|1614960|1914980|2890180|2920180)\d{3,4}"
    r"|(?:61|0)(?:2(?:5550|7010)|3(?:5550|7010)|7(?:5550|7010)|8(?:5550|7010)|491570)\d{3,5}"
    r"|(?:1?8(?:00|33|44|55|66|77|88)|1?900)\d{7}|0(?:800|808|180\d|900)\d+|(?:44|49|33|31|41|43)8(?:00|08)\d+|800\d+"
)

# What keys of well-known services begin with; the rest of each is as long as the service makes it, or longer.
_AFTER_UNDERSCORE = re.compile(
    r"_(?:[A-Za-z0-9]{30,255}|pat_\w{40,255}|(?:live|test)_[A-Za-z0-9]{16,255}|[A-Za-z0-9]{6}_[A-Za-z0-9]{30,255})(?!\w)"
)
_BEFORE_UNDERSCORE = ("github", "ghp", "gho", "ghu", "ghs", "ghr", "hf", "npm", "sk", "rk", "pk", "pplx", "dop")
_AFTER_HYPHEN = re.compile(r"-(?:----BEGIN [A-Z ]{0,20}PRIVATE KEY-----|[\w-]{20,255})")
_BEFORE_HYPHEN = ("sk", "glpat", "xoxb", "xoxp", "xoxa", "xapp", "pypi", "gsk", "xai", "AGE-SECRET-KEY")
_CLOUD = re.compile(r"A(?:[KS]IA[A-Z0-9]{16}|Iza[\w-]{35})(?![A-Za-z0-9_])")
_WEB_TOKEN = re.compile(r"\.eyJ[\w-]{10,4000}\.[\w-]{10,2000}")
_IN_ADDRESS = re.compile(r"://[^\s/?#@:\"'<>]{1,64}:(?P<password>[^\s/?#@\"'<>]{3,128})@[\w.-]")
_VARIED = re.compile(r"(?=.{0,255}?\d)(?=.{0,255}?[A-Za-z])")


def secret(subject: Subject) -> Iterator[Finding]:
    """The text or the metadata holds what looks like a key: a token of a well-known service, or a private key.

    Why it matters: whoever reads the dataset can use it. A key that was published once is to be withdrawn where it was
    made; taking it out of the document is not enough.

    Bad: ``"extra": {"fetched_with": "hf_…"}`` with a whole token behind ``hf_``

    Good: the name of the program, without its key.
    """
    return _findings(subject, _secrets, "secret", "withdraw it where it was made, then convert the article without it")


def email_address(subject: Subject) -> Iterator[Finding]:
    """The text or the metadata holds the e-mail address of a person.

    Why it matters: it is personal data: published in a dataset, it is collected and written to. Addresses of desks
    (newsroom@, press@) and of domains that belong to nobody (example.org) are no finding.

    Bad: "Write to jane.roe@" and the domain of her employer.

    Good: "Write to newsroom@" and the same domain.
    """
    if b"@" not in subject.data:
        return
    hint = "if it is not meant to be public, leave the article out or have it converted without"
    yield from _findings(subject, _addresses, "e-mail address", hint, "es")
    seen = set()
    for name, annotations in document_of(subject).layers.items():
        for number, annotation in enumerate(annotations):
            own = annotation.provenance.annotator if annotation.provenance else None
            if own and "@" in own and own not in seen and (found := list(_addresses(own))):
                seen.add(own)
                pointer = f"/layers/{escape(name)}/{number}/provenance/annotator"
                yield Finding(f"the name of the annotator is an e-mail address, {found[0][2]}", pointer, hint)


def phone_number(subject: Subject) -> Iterator[Finding]:
    """The text or the metadata holds a telephone number.

    Why it matters: it is personal data where it is a person's. Free numbers (0800) and those that are kept for fiction
    (555-0123) are no finding.

    Bad: "Call her on", followed by the digits of a mobile phone.

    Good: "Call 0800 555 0199."
    """
    return _findings(subject, _numbers, "telephone number", "is it a person's? Then leave it out of what is published")


def _findings(
    subject: Subject, find: Callable[[str], Iterator[Place]], what: str, hint: str, plural: str = "s"
) -> Iterator[Finding]:
    document = document_of(subject)
    for pointer, value in (("/text", document.text), *strings_of(document.meta)):
        found = sorted(set(find(value)))
        if found:
            more = f"{len(found)} {what}{plural}" if len(found) > 1 else counted(1, what)
            first = f", {'the first ' if len(found) > 1 else ''}{found[0][2]} at {found[0][0]}"
            yield Finding(f"{pointer.rpartition('/')[2]} has {more}{first}", pointer, hint)


def _secrets(text: str) -> Iterator[Place]:
    if "_" in text:
        for match in _AFTER_UNDERSCORE.finditer(text):
            if begin := _begins(text, match.start(), _BEFORE_UNDERSCORE):
                yield from _shown(text, begin, match.end())
    for match in _AFTER_HYPHEN.finditer(text):
        if match[0].startswith("-----BEGIN"):
            yield match.start(), match.end(), "a private key"
        elif begin := _begins(text, match.start(), _BEFORE_HYPHEN):
            yield from _shown(text, begin, match.end())
    for match in _CLOUD.finditer(text):
        if not _continues(text, match.start()):
            yield from _shown(text, match.start(), match.end())
    for match in _WEB_TOKEN.finditer(text):
        head = text[max(0, match.start() - 500) : match.start()]
        begin = len(head) - len(head.rstrip(_TOKEN_CHARACTERS))
        if head[len(head) - begin :].startswith("eyJ"):
            yield from _shown(text, match.start() - begin, match.end())
    for match in _IN_ADDRESS.finditer(text):
        yield match.start("password"), match.end("password"), "a password in an address"


_TOKEN_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def _begins(text: str, at: int, prefixes: tuple[str, ...]) -> int | None:
    """Where a token begins whose prefix ends at ``at``; None where another word stands there."""
    for prefix in prefixes:
        begin = at - len(prefix)
        if text.startswith(prefix, max(begin, 0)) and begin >= 0 and not _continues(text, begin):
            return begin
    return None


def _continues(text: str, at: int) -> bool:
    """Whether what begins at ``at`` is the rest of a longer word."""
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_-")


def _shown(text: str, start: int, end: int) -> Iterator[Place]:
    """A token, unless it is words: "sk-" may begin a Slovak label, and no key lacks digits."""
    if _VARIED.match(text[start:end][6:]):
        yield start, end, f"{text[start : start + 6]}…"


def _addresses(text: str) -> Iterator[Place]:
    if "@" not in text:
        return
    for match in _DOMAIN.finditer(text):
        local = _LOCAL.search(text[max(0, match.start() - 64) : match.start()])
        if local is None:
            continue
        name = local[0].lstrip(".'’/=?*`{|}~")
        if not name or name.lower() in _DESKS or _NOBODYS.fullmatch(match["domain"]):
            continue
        yield match.start() - len(name), match.end(), f"{name[0]}…@{match['domain']}"


def _numbers(text: str) -> Iterator[Place]:
    if "+" in text:
        yield from _candidates(text, _ABROAD, 8, 15)
    for pattern in (_NATIONAL, _NATIONAL_WHOLE):
        yield from _candidates(text, pattern, 9, 11)
    yield from _candidates(text, _BRACKETS, 10, 10)
    for match in _AMERICAN.finditer(text):
        start = match.start() - 3
        area = text[max(start, 0) : match.start()]
        if len(area) == 3 and area.isdecimal() and area.isascii() and area[0] not in "01":
            country = 2 if text[max(0, start - 2) : start] in {"1-", "1.", "1 "} else 0
            if not _is_inside(text, start - country) and not _is_nobodys(area + match[0]):
                yield start, match.end(), f"{area}…"


def _candidates(text: str, pattern: re.Pattern[str], least: int, most: int) -> Iterator[Place]:
    for match in pattern.finditer(text):
        digits = len(match[0]) - sum(map(len, _NO_DIGIT.findall(match[0])))
        if not least <= digits <= most or _is_inside(text, match.start()) or _is_nobodys(match[0]):
            continue
        if not _DAY.match(match[0]):
            yield match.start(), match.end(), f"{match[0][:4]}…"


def _is_inside(text: str, at: int) -> bool:
    """Whether a number that begins at ``at`` is a part of something longer: of a date, an address, another number."""
    if at <= 0:
        return at < 0
    before = text[at - 1]
    if before == "(":
        return at > 1 and text[at - 2].isalnum()
    return before.isalnum() or before in "-./,:_=+#$€£%&"


def _is_nobodys(number: str) -> bool:
    digits = _NO_DIGIT.sub("", number)
    if number.startswith("+"):
        digits = re.sub(r"^(44|49|61|33|31|41|43)0", r"\1", digits)
    return _NOBODYS_NUMBER.fullmatch(digits) is not None


CHECKS = (
    Check("LIC301", "secret", Severity.WARNING, Needs.DOCUMENT, secret),
    Check("LIC302", "email-address", Severity.INFO, Needs.DOCUMENT, email_address),
    Check("LIC303", "phone-number", Severity.INFO, Needs.DOCUMENT, phone_number),
)
