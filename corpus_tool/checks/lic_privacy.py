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
from corpus_tool.diagnostics import Finding, Severity

#: Where something stands in a string: start and end, in code points, and what messages show of it.
Place = tuple[int, int, str]

_DOMAIN = re.compile(r"@(?P<domain>(?:[\w-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24}))(?![\w@-])")
_LOCAL = re.compile(r"[\w.%+'’&#!$*=?^`{|}~-]{1,64}\Z")

#: Domains that belong to nobody (RFC 2606 and RFC 6761) or to programs.
_NOBODYS = re.compile(
    r"(?:.*\.)?(?:example\.(?:com|net|org|edu)|example|invalid|test|localhost|local|domain\.com|email\.com)"
    r"|users\.noreply\.github\.com",
    re.IGNORECASE,
)
#: Mailboxes of a desk, not of a person.
_DESKS = """
abuse ads advertising admin archive bookings careers comments community complaints contact correction corrections
customercare customerservice desk editor editorial editors enquiries enquiry events feedback git hello help helpdesk
info information inquiries jobs kontakt leserbriefe letters licensing mail mailbox marketing media membership news
newsdesk newsletter newsroom newstips no-reply noreply office opinion permissions photo photos pictures post prensa
press presse pressoffice privacy readers redaccion redaktion rights sales sekretariat service sport sports standards
subscriptions support syndication team tip tipline tips unsubscribe video web webmaster
"""
_DESK = frozenset(_DESKS.split())

# Telephone numbers: of an international form, national ones that begin with 0, and those of North America. Between two
# groups of digits stands a separator, so that there is one way only to read a run of digits.
_GAP = r"[ ./\-\u00a0\u202f]"
_ABROAD = re.compile(rf"\+[1-9]\d{{0,14}}(?:{_GAP}?\(\d{{1,5}}\){_GAP}?\d{{1,12}}|{_GAP}\d{{1,12}}){{0,6}}(?!\d|,\d)")
_NATIONAL = re.compile(rf"00?[1-9]\d{{0,4}}\)?(?:{_GAP}{{1,2}}\d{{2,9}}){{1,5}}(?!\d|[,.:]\d)")
_NATIONAL_WHOLE = re.compile(r"0[1-9]\d{8,9}(?!\d|[,.:/-]\d)")
_AMERICAN = (
    re.compile(r"-[2-9]\d\d-\d{4}(?!\d|[-.,]\d)"),
    re.compile(r"\.[2-9]\d\d\.\d{4}(?!\d|[-.,]\d)"),
)
_BRACKETS = re.compile(r"\([2-9]\d\d\)[ \u00a0]?[2-9]\d\d[-. \u00a0]\d{4}(?!\d)")
#: Dates, timetables, and "+123 000 000 votes".
_NO_TELEPHONE = re.compile(
    r"0\d[./-](?:0\d|1[0-2]|[12]\d|3[01])[./-]\d{2,4}(?!\d)|0\d[.]\d\d(?:[ -]{1,3}\d\d[.]\d\d)+"
    r"|\+\d{1,3}(?:[ .\u00a0\u202f]000)+"
)
_NO_DIGIT = re.compile(r"\D+")
_COUNTRY = re.compile(r"\A(?:\+|00)(?:1|44|49|61|33|31|32|41|43|34|39)0?")

#: How numbers at home begin that are nobody's: free ones and those of services, and what the regulators of the United
#: Kingdom (Ofcom) and Australia (ACMA) keep for fiction.
_NOBODYS_NUMBERS = (
    *("0800", "0808", "0180", "0900", "01632960", "07700900", "0306999", "02079460", "01134960", "01144960"),
    *("01154960", "01164960", "01174960", "01184960", "01214960", "01314960", "01414960", "01514960", "01614960"),
    *("01914980", "02896496", "02920180", "0255501", "0270101", "0355501", "0370101", "0755501", "0770101"),
    *("0855501", "0870101", "0491570"),
)
#: Free numbers of North America.
_NOBODYS_IN_AMERICA = re.compile(r"1?(?:8(?:00|33|44|55|66|77|88)|900)\d{7}")
#: 555-0100 to 555-0199 are kept for fiction in North America, and used for it everywhere.
_FICTION = "55501"

# What keys of well-known services begin with; the rest of each is as long as the service makes it, or longer.
_AFTER_UNDERSCORE = re.compile(r"_(?:[A-Za-z0-9]{30,255}+|pat_\w{40,255}+|(?:live|test)_[A-Za-z0-9]{16,255}+)(?!\w)")
_BEFORE_UNDERSCORE = ("github", "ghp", "gho", "ghu", "ghs", "ghr", "hf", "npm", "sk", "rk")
_AFTER_HYPHEN = re.compile(r"-(?:----BEGIN [A-Z ]{0,20}PRIVATE KEY-----|[\w-]{20,255})")
_BEFORE_HYPHEN = ("sk", "glpat", "xoxb", "xoxp", "xoxa", "xapp", "pypi", "gsk", "xai")
_CLOUD = re.compile(r"A(?:[KS]IA[A-Z0-9]{16}|Iza[\w-]{35})(?![A-Za-z0-9_])")
_WEB_TOKEN = re.compile(r"\.eyJ[\w-]{10,4000}\.[\w-]{10,2000}")
_WEB_TOKEN_HEAD = re.compile(r"(?<![\w-])eyJ[\w-]{10,500}\Z")
_IN_ADDRESS = re.compile(r"://[^\s/?#@:\"'<>]{1,64}:(?P<password>[^\s/?#@\"'<>]{3,128})@[\w.-]")


def secret(subject: Subject) -> Iterator[Finding]:
    """The text or the metadata holds what looks like a key: a token of a well-known service, or a private key.

    Why it matters: whoever reads the dataset can use it. A key that was published once is to be withdrawn where it was
    made; taking it out of the document is not enough.

    Bad: ``"extra": {"fetched_with": "hf_…"}`` with a whole token behind ``hf_``

    Good: the name of the program, without its key.
    """
    return _findings(
        subject, secrets_in, "secret", "withdraw it where it was made, then convert the article without it"
    )


def email_address(subject: Subject) -> Iterator[Finding]:
    """The text or the metadata holds the e-mail address of a person.

    Why it matters: it is personal data: published in a dataset, it is collected and written to. Addresses of desks
    (newsroom@, press@) and of domains that belong to nobody (example.org) are no finding.

    Bad: "Write to jane.roe@" and the domain of her employer.

    Good: "Write to newsroom@" and the same domain.
    """
    hint = "if it is not meant to be public, leave the article out or have it converted without"
    yield from _findings(subject, addresses_in, "e-mail address", hint, plural="es")
    if b"@" not in subject.data:
        return
    seen = set()
    for name, annotations in document_of(subject).layers.items():
        for number, annotation in enumerate(annotations):
            own = annotation.provenance.annotator if annotation.provenance else None
            if own and "@" in own and own not in seen and (found := list(addresses_in(own))):
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
    return _findings(
        subject, numbers_in, "telephone number", "is it a person's? Then leave it out of what is published"
    )


def _findings(
    subject: Subject, find: Callable[[str], Iterator[Place]], what: str, hint: str, *, plural: str = "s"
) -> Iterator[Finding]:
    """One finding for the text, and one for each string of the metadata, that holds any."""
    document = document_of(subject)
    strings = [("/text", document.text)]
    metadata = list(strings_of(document.meta))
    if any(find("\n".join(value for _, value in metadata))):  # most metadata hold nothing: one look at all
        strings += metadata
    for pointer, value in strings:
        found = sorted(set(find(value)))
        if found:
            more = f"1 {what}," if len(found) == 1 else f"{len(found)} {what}{plural}, the first"
            start, end, shown = found[0]
            span = (start, end) if pointer == "/text" else None
            told = f"{pointer.rpartition('/')[2]} has {more} {shown} at {start}"
            yield Finding(told, pointer, hint, span=span, secret=what == "secret")


def secrets_in(text: str) -> Iterator[Place]:
    """Tokens of well-known services, private keys, and passwords in addresses."""
    if "_" in text:
        for match in _AFTER_UNDERSCORE.finditer(text):
            if (begin := _begins(text, match.start(), _BEFORE_UNDERSCORE)) is not None:
                yield from _shown(text, begin, match.end())
    for match in _AFTER_HYPHEN.finditer(text):
        if match[0].startswith("-----BEGIN"):
            yield match.start(), match.end(), "a private key"
        elif (begin := _begins(text, match.start(), _BEFORE_HYPHEN)) is not None:
            yield from _shown(text, begin, match.end())
    for match in _CLOUD.finditer(text):
        if not _continues(text, match.start()):
            yield match.start(), match.end(), f"{match[0][:6]}…"
    for match in _WEB_TOKEN.finditer(text):
        if head := _WEB_TOKEN_HEAD.search(text[max(0, match.start() - 504) : match.start()]):
            yield from _shown(text, match.start() - len(head[0]), match.end())
    if "@" in text:
        for match in _IN_ADDRESS.finditer(text):
            yield match.start("password"), match.end("password"), "a password in an address"


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
    """A token with what tells its service; words with hyphens are none, for a key without any digit is rare."""
    if any(c.isdigit() for c in text[start:end]):
        yield start, end, f"{text[start : start + 6]}…"


def addresses_in(text: str) -> Iterator[Place]:
    """E-mail addresses of persons."""
    if "@" not in text:
        return
    for match in _DOMAIN.finditer(text):
        before = text[max(0, match.start() - 65) : match.start()]
        local = _LOCAL.search(before)
        if local is None or before[: local.start()].endswith("@"):  # @name@server is a handle
            continue
        name = local[0].lstrip(".'’=?*`{|}~")
        if name and name.lower() not in _DESK and not _NOBODYS.fullmatch(match["domain"]):
            yield match.start() - len(name), match.end(), f"{name[0]}…@{match['domain']}"


def numbers_in(text: str) -> Iterator[Place]:
    """Telephone numbers."""
    if "+" in text:
        yield from _candidates(text, _ABROAD, 9, 15)
    yield from _candidates(text, _NATIONAL, 9, 15)
    yield from _candidates(text, _NATIONAL_WHOLE, 10, 11)
    yield from _candidates(text, _BRACKETS, 10, 10)
    for pattern in _AMERICAN:
        for match in pattern.finditer(text):
            start = match.start() - 3
            area = text[max(start, 0) : match.start()]
            if len(area) < 3 or not (area.isascii() and area.isdecimal()) or area[0] in "01":
                continue
            country = 2 if text[max(0, start - 2) : start] in {"1-", "1.", "1 "} else 0
            if text[max(0, start - 3) : start] != "+1" and not _is_inside(text, start - country):
                yield from _shown_number(start, match.end(), area + match[0])


def _candidates(text: str, pattern: re.Pattern[str], least: int, most: int) -> Iterator[Place]:
    for match in pattern.finditer(text):
        digits = len(_NO_DIGIT.sub("", match[0]))
        if least <= digits <= most and not _is_inside(text, match.start()) and not _NO_TELEPHONE.match(match[0]):
            yield from _shown_number(match.start(), match.end(), match[0])


def _shown_number(start: int, end: int, number: str) -> Iterator[Place]:
    """A number by its first digits, unless it is one that nobody has."""
    at_home = _NO_DIGIT.sub("", _COUNTRY.sub("0", _folded(number), count=1))
    fictitious = _FICTION in at_home or at_home.startswith(_NOBODYS_NUMBERS)
    if not fictitious and not _NOBODYS_IN_AMERICA.fullmatch(at_home.lstrip("0")):
        yield start, end, f"{number[:4]}…"


def _folded(number: str) -> str:
    """Without what stands between the digits, and without the 0 in brackets that falls away abroad."""
    return re.sub(r"[^\d+]", "", number.replace("(0)", ""))


def _is_inside(text: str, at: int) -> bool:
    """Whether a number that begins at ``at`` is a part of something longer: of a date, an address, another number."""
    if at <= 0:
        return False
    before = text[at - 1]
    if before in "(:,":
        return at > 1 and text[at - 2].isalnum() and (before == "(" or text[at - 2].isdigit())
    return before.isalnum() or before in "-./_=+#$€£%&"


CHECKS = (
    Check("LIC301", "secret", Severity.WARNING, Needs.DOCUMENT, secret),
    Check("LIC302", "email-address", Severity.INFO, Needs.DOCUMENT, email_address),
    Check("LIC303", "phone-number", Severity.INFO, Needs.DOCUMENT, phone_number),
)
