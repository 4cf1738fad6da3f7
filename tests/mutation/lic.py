"""Mutants of the LIC checks: licence, language, date, address and authors, secrets and personal data.

Keys, addresses and numbers are made up while the tests run: none of them stands in a file.
"""

from __future__ import annotations

import random
import string

from mutation.planting import Mutant, Planted, Raw, add_paragraph, pick, rewrite, unmarked

_WORDS = "ferry", "granary", "lantern", "orchard", "quay", "سفينة", "码头", "גשר", "Straße", "naïve"
_ASIDES = "She left this 🚪: {}", "“Write to {}, please.”", "{}", "سلام {} 平安", "It reads\u00a0{} – twice.", "« {} »"


def _letters(rng: random.Random, length: int, signs: str = string.ascii_letters + string.digits) -> str:
    """Signs by chance, with a letter and a digit at both ends."""
    inner = "".join(rng.choices(signs, k=max(0, length - 4)))
    return f"{rng.choice('QWZ')}{rng.choice('3579')}{inner}{rng.choice('QWZ')}{rng.choice('3579')}"


def _hide(rng: random.Random, raw: Raw, words: str) -> Planted:
    """Puts words into the text, or into a string of the metadata."""
    way = rng.randrange(4)
    if way == 0:
        raw["meta"].setdefault("extra", {})["note"] = rng.choice(_ASIDES).format(words)
        return Planted(raw, "/meta/extra/note")
    if way == 1:
        raw["meta"]["title"] = rng.choice(_ASIDES).format(words)
        return Planted(raw, "/meta/title")
    stretch = pick(rng, unmarked(raw))
    if way == 2 and stretch is not None:
        spaces = [at for at in range(*stretch) if raw["text"][at] == " "]
        if spaces:
            at = rng.choice(spaces)
            rewrite(raw, at, at, f" {words}")
            return Planted(raw, "/text")
    add_paragraph(raw, rng.choice(_ASIDES).format(words))
    return Planted(raw, "/text")


def license_unknown(rng: random.Random, raw: Raw) -> Planted:
    part = rng.choice(("BY", "BY-SA", "BY-NC", "BY-ND", "BY-NC-SA"))
    version = rng.choice(("4.O", "7.0", "4.0.1", "40", "x", "9"))
    raw["meta"]["license"] = rng.choice((
        f"CC-{part}", f"CC {part}", f"cc-{part.lower()}", f"CC-{part}-{version}", f"CC{part}-4.0", f"CC_{part}",
        f"CC-{part}-4.0 AND {rng.choice(_WORDS)}", f"{rng.choice(_WORDS)}-{rng.randint(1, 9)}.0", rng.choice(_WORDS),
        f"Creative Commons {part.replace('BY', 'Attribution')}", f"LicenseRef_{rng.choice(_WORDS)}", "unknown", "N/A",
        "None", " TBD ", "?", "MIT OR x", "MIT-OR-GPL", "CC-BY-4.0 WITH x", "رخصة😀", "copyrighted", "CC0-2.0",
    ))  # fmt: skip
    return Planted(raw, "/meta/license")


def license_spelling(rng: random.Random, raw: Raw) -> Planted:
    part = rng.choice(("BY", "BY-SA", "BY-NC", "BY-ND", "BY-NC-SA", "BY-NC-ND"))
    version = rng.choice(("4.0", "3.0", "2.5", "2.0", "1.0"))
    words = part.replace("BY", "Attribution").replace("NC", "NonCommercial").replace("SA", "ShareAlike")
    raw["meta"]["license"] = rng.choice((
        f"cc-{part.lower()}-{version}", f"CC {part} {version}", f"CC-{part} {version}", f" CC-BY-{version}",
        f"https://creativecommons.org/licenses/{part.lower()}/{version}/", f"CC {part.replace('-', ' ')} v{version}",
        f"creativecommons.org/licenses/{part.lower()}/{version}/deed.en", f"Creative Commons {words} {version}"
        if "ND" not in part else f"cc {part} {version}", "CC0", "cc0-1.0", "Odbl-1.0", "MIT License", "Apache 2.0",
        f"CC-{part}-{version} or MIT", f"cc-by-4.0 AND Cc-{part}-{version}",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ))  # fmt: skip
    return Planted(raw, "/meta/license")


def blank_metadata(rng: random.Random, raw: Raw) -> Planted:
    blank = rng.choice(("", " ", "\t", "\u00a0", "  \u2003", "\n", " \u3000 ", "\u202f"))
    way = rng.randrange(3)
    if way == 0:
        key = rng.choice(("title", "source", "url", "license", "source_id"))
        raw["meta"][key] = blank
        return Planted(raw, f"/meta/{key}")
    if way == 1:
        key = rng.choice(("note", "section", "a~1b", "ключ"))
        raw["meta"].setdefault("extra", {})[key] = blank
        return Planted(raw, f"/meta/extra/{key.replace('~', '~0')}")
    if rng.random() < 0.3:
        raw["meta"]["authors"] = [blank] * rng.randint(1, 3)
        return Planted(raw, "/meta/authors")
    authors = raw["meta"]["authors"] + [f"{word} Quist" for word in rng.sample(_WORDS, rng.randint(0, 2))]
    at = rng.randint(0, len(authors))
    raw["meta"]["authors"] = [*authors[:at], blank, *authors[at:]]
    return Planted(raw, f"/meta/authors/{at}")


def language_unknown(rng: random.Random, raw: Raw) -> Planted:
    language = rng.choice(("en", "de", "ar", "zh", "he", "fr", "hi"))
    raw["meta"]["language"] = rng.choice((
        "english", "English", "eng", "jp", "cn", "ua", "fre", "deu", "qq", "zz", "xq", "arabic", "francais", "None",
        "null", "iw", "in", "ji", "Deutsch", "unknown", f"{language}-UK", f"{language}-EN", f"{language}-US-GB",
        f"{language}-Latn-Cyrl", f"{language}-ZZZ-9", f"{language}-{rng.choice(('YY', 'JJ', 'QA9', 'AB'))}",
        f"{language}-x",
        f"{language}-1", f"{language}-US-{language}", "deu-DE", "undefi",
    ))  # fmt: skip
    return Planted(raw, "/meta/language")


def date_impossible(rng: random.Random, raw: Raw) -> Planted:
    year = rng.randint(1950, 2025)
    day = f"{year}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    raw["meta"]["published"] = rng.choice((
        f"{year}-02-30", f"{year}-04-31", f"{year // 4 * 4 + 1}-02-29", f"{year}-{rng.randint(13, 99)}-01",
        f"{year}-00-10", f"{year}-05-00", f"{year}-{rng.randint(13, 99)}", f"{rng.randint(1, 1604):04d}-03-04", "0000",
        "0001-01-01", f"{day}T{rng.randint(25, 99)}:00Z", f"{day}T10:{rng.randint(60, 99)}", f"{day}T24:01",
        f"{day}T10:00:{rng.randint(61, 99)}Z", f"{day}T10:00+{rng.randint(15, 99)}:00", f"{day}T10:00-03:60",
    ))  # fmt: skip
    return Planted(raw, "/meta/published")


def date_contradicts_url(rng: random.Random, raw: Raw) -> Planted:
    year, month, day = rng.randint(2001, 2025), rng.randint(1, 12), rng.randint(1, 12)
    other = rng.choice((f"{year - rng.randint(1, 20)}/{month:02d}/{day:02d}", f"{year}/{(month + 5) % 12 + 1:02d}"))
    if abs(month - day) > 2 and rng.random() < 0.5:
        other = f"{year}/{day:02d}/{month:02d}"
    separator = rng.choice("/-")
    if separator == "-" and other.count("/") < 2:
        separator = "/"
    hour = rng.choice(("", "T09:30Z", "T23:59:59+02:00"))
    raw["meta"]["published"] = f"{year}-{month:02d}-{day:02d}{hour}"
    address = (
        f"https://news.example/{rng.choice(('', 'a/', 'سفينة/'))}{other.replace('/', separator)}/{_letters(rng, 6)}"
    )
    raw["meta"]["url"] = address
    return Planted(raw, "/meta/published")


def url_malformed(rng: random.Random, raw: Raw) -> Planted:
    path = _letters(rng, 5)
    raw["meta"]["url"] = rng.choice((
        f"news.example/{path}", f"www.news.example/{path}", f"//news.example/{path}", f"https:/news.example/{path}",
        f"https//news.example/{path}", f"https://news.example/{path} x", f" https://news.example/{path}",
        f"https://news.example/{path}\n", f"file:///home/{path}.html", f"ftp://news.example/{path}", "https://",
        f"http:///{path}", f"https://news..example/{path}", f"https://-news.example/{path}", path, f"/{path}.html",
        f"https://news.example:{rng.randint(65536, 99999999)}/{path}", f"https://news/{path}",
        f"https://news.example/\u202e{path}", f"https://news.example/\u200b{path}", f"mailto:{path}",
        f"javascript:alert({path})", f"[{path}](https://news.example/)", f"https://news example/{path}",
        f"https://news_.ex!ample/{path}", f"<https://news.example/{path}>",
    ))  # fmt: skip
    return Planted(raw, "/meta/url")


def author_not_a_name(rng: random.Random, raw: Raw) -> Planted:
    authors = [f"{word.title()} Quist" for word in rng.sample(_WORDS, rng.randint(1, 4))]
    name = rng.choice(authors)
    wrong = rng.choice((
        name, f"By Ada {rng.choice(_WORDS)}", f"by: Ada {rng.choice(_WORDS)}", f"BY Ada {rng.choice(_WORDS)}",
        f"https://news.example/{_letters(rng, 4)}", f"www.news.example/{_letters(rng, 4)}", f" By\u00a0Ada {name}",
    ))  # fmt: skip
    at = len(authors) if wrong == name else rng.randint(0, len(authors))
    raw["meta"]["authors"] = [*authors[:at], wrong, *authors[at:]]
    return Planted(raw, f"/meta/authors/{at}")


def secret(rng: random.Random, raw: Raw) -> Planted:
    capitals = string.ascii_uppercase + string.digits
    token = rng.choice((
        f"hf_{_letters(rng, rng.randint(30, 40))}", f"gh{rng.choice('pousr')}_{_letters(rng, 36)}",
        f"github_pat_{_letters(rng, 60)}", f"sk-{_letters(rng, 40)}", f"sk_live_{_letters(rng, 24)}",
        f"npm_{_letters(rng, 36)}", f"glpat-{_letters(rng, 20)}", f"xoxb-{_letters(rng, 30)}",
        f"A{rng.choice('KS')}IA{_letters(rng, 16, capitals)}", f"AIza{_letters(rng, 35)}",
        f"eyJ{_letters(rng, 30)}.eyJ{_letters(rng, 60)}.{_letters(rng, 40)}",
        f"https://reader:{_letters(rng, 12)}@news.example/feed",
        f"-----BEGIN {rng.choice(('RSA ', 'OPENSSH ', 'EC ', ''))}PRIVATE KEY-----",
    ))  # fmt: skip
    return _hide(rng, raw, token)


def _mailbox(rng: random.Random) -> str:
    """An address of nobody, in a domain that nobody has: names of domains have no such ending."""
    name = rng.choice(("rosa.lind", "r+lind", "o'neil", "жанна", "j_quist", "zoë", "lind.7", "a.b-c"))
    return f"{name}@{rng.choice(('post', 'mail.post', 'почта'))}.{rng.choice(('strait', 'пролив', 'harbourx'))}"


def email_address(rng: random.Random, raw: Raw) -> Planted:
    items = [(layer, n) for layer, own in raw["layers"].items() for n, item in enumerate(own) if "provenance" in item]
    if items and rng.random() < 0.2:
        layer, n = rng.choice(items)
        raw["layers"][layer][n]["provenance"]["annotator"] = _mailbox(rng)
        return Planted(raw, f"/layers/{layer}/{n}/provenance/annotator")
    if rng.random() < 0.2:
        raw["meta"]["authors"].append(f"R. Lind <{_mailbox(rng)}>")
        return Planted(raw, f"/meta/authors/{len(raw['meta']['authors']) - 1}")
    return _hide(rng, raw, _mailbox(rng))


def phone_number(rng: random.Random, raw: Raw) -> Planted:
    """Numbers with the country code 999 and area codes that begin with 999, which nobody has."""

    def digits(count: int) -> str:
        return str(rng.randint(2, 4)) + "".join(rng.choices("1234678", k=count - 1))

    gap = rng.choice((" ", "-", "\u00a0", ".", "\u202f"))
    number = rng.choice((
        f"+999{gap}{digits(2)}{gap}{digits(4)}{gap}{digits(3)}", f"+999{digits(9)}", f"+999 (0){digits(2)} {digits(6)}",
        f"00999{gap}{digits(3)}{gap}{digits(5)}", f"0999{gap}{digits(3)}{gap}{digits(4)}",
        f"(0999) {digits(3)} {digits(4)}",
        f"(999) {digits(3)}-{digits(4)}", f"999-{digits(3)}-{digits(4)}", f"999.{digits(3)}.{digits(4)}",
        f"0999/{digits(3)}{gap}{digits(4)}", f"0999{digits(7)}", f"1-999-{digits(3)}-{digits(4)}",
    ))  # fmt: skip
    return _hide(rng, raw, number)


MUTANTS: dict[str, Mutant] = {
    "LIC101": license_unknown,
    "LIC102": license_spelling,
    "LIC103": blank_metadata,
    "LIC201": language_unknown,
    "LIC202": date_impossible,
    "LIC203": date_contradicts_url,
    "LIC204": url_malformed,
    "LIC205": author_not_a_name,
    "LIC301": secret,
    "LIC302": email_address,
    "LIC303": phone_number,
}
