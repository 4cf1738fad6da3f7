"""Numbers of bank accounts and payment cards, told from other digits by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus_tool.checks.lic_privacy import Place

#: Length of an IBAN by country: the registry that SWIFT keeps for ISO 13616.
_IBANS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
_LENGTH = {word[:2]: int(word[2:]) for word in _IBANS.split()}

_GAP = r"[ \u00a0\u202f]"
_IBAN = re.compile(rf"(?<![A-Za-z0-9])[A-Z]{{2}}\d\d(?:{_GAP}?[A-Z0-9]){{11,30}}")
_CARD = re.compile(r"(?<![\w.,+/-])[2-6]\d{3}(?:[ \u00a0\u202f-]?\d){9,15}(?![\w/-]|[.,]\d)")

#: How the numbers of each network begin, and how many digits they have (ISO/IEC 7812; the networks' own pages).
_NETWORKS = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3(?:0[0-5]|[68])"), {14}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16}),
    (re.compile(r"6011|64[4-9]|65"), {16}),
    (re.compile(r"62"), {16, 17, 18, 19}),
)
#: Numbers that payment services publish for tests; they are nobody's.
_NOBODYS = frozenset(
    """4111111111111111 4242424242424242 4012888888881881 4000056655665556 5555555555554444 5105105105105100
    2223003122003222 5200828282828210 378282246310005 371449635398431 6011111111111117 6011000990139424 3056930009020004
    36227206271667 30569309025904 3530111333300000 3566002020360505 6200000000000005""".split()  # noqa: SIM905  # a list for reading
)


def bank_accounts_in(text: str) -> Iterator[Place]:
    """IBANs whose length is their country's and whose check digits are right."""
    for match in _IBAN.finditer(text):
        compact = re.sub(_GAP, "", match[0])
        length = _LENGTH.get(compact[:2], 0)
        if length <= len(compact) and length and _is_iban(compact[:length]):
            end = _end_of(text, match.start(), length)
            if not text[end : end + 1].isalnum():
                yield match.start(), end, f"{compact[:4]}…"


def _end_of(text: str, start: int, length: int) -> int:
    """Where the ``length``-th letter or digit behind ``start`` ends."""
    at, seen = start, 0
    while seen < length:
        seen += text[at].isalnum()
        at += 1
    return at


def _is_iban(compact: str) -> bool:
    """Whether the check digits are right: ISO 7064, modulo 97."""
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def payment_cards_in(text: str) -> Iterator[Place]:
    """Numbers of payment cards: of a network's form, with the right check digit (Luhn), and not kept for tests."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if digits in _NOBODYS or len(set(digits)) < 4:
            continue
        of_network = any(begin.match(digits) and len(digits) in lengths for begin, lengths in _NETWORKS)
        if of_network and _is_luhn(digits):
            yield match.start(), match.end(), f"{digits[:4]}…"


def _is_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(c) * 2 for c in digits[-2::-2])
    return (sum(int(c) for c in digits[-1::-2]) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0
