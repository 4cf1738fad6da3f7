"""TXT: text and encoding, of the file (TXT1xx) and of the article in it (TXT2xx, TXT3xx)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from corpus_tool.checks.check import Check, Needs, Subject, document_of, quoted
from corpus_tool.checks.doc import finding_at, syntax_error
from corpus_tool.diagnostics import WRITE_ANEW, Finding, Severity
from corpus_tool.model import sha256_of

_BOM = "\ufeff"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: How gzip, zip, zstandard and PNG files begin.
_BINARY = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\x89PNG")

#: Half of a surrogate pair as an escape: a high one without its low one, or a low one by itself.
_LONE = re.compile(r"\\u[dD](?:[89aAbB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|[c-fC-F][0-9a-fA-F]{2})")

_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_BEYOND_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad\u180e]")
_JOINERS = "\u200c\u200d"
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\n]")
_BIDI_NAMES = {
    "\u202a": "left-to-right embedding", "\u202b": "right-to-left embedding", "\u202c": "pop directional formatting",
    "\u202d": "left-to-right override", "\u202e": "right-to-left override", "\u2066": "left-to-right isolate",
    "\u2067": "right-to-left isolate", "\u2068": "first strong isolate", "\u2069": "pop directional isolate",
}  # fmt: skip
_NO_BREAK = re.compile("[\u00a0\u2007\u202f]")
_NO_BREAK_IN_FIGURE = re.compile(r"(?<![\d€$£¥])[\u00a0\u2007\u202f]")

# What UTF-8 bytes look like when each is read as a character of Windows-1252 or Latin-1.
_TAIL = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
#: "Ã" and its like may themselves be decomposed, A and U+0303. Ä and Å lead the letters of Central Europe and Turkey;
#: a no-break space, a mark or an ellipsis may well stand behind a plain one.
_MOJIBAKE = re.compile(
    f"(?:[ÂÃ]|A[\u0302\u0303])[{_TAIL}]|(?:â|a\u0302)[€‚„†‡ˆ‰Š‹™\u0080-\u00bf][{_TAIL}]|ð[Ÿ\u009f][{_TAIL}]{{2}}"
    f"|(?:(?:[ÐÑ]|N\u0303)[{_TAIL}]){{2,}}|(?:(?:[ØÙ]|U\u0300)[{_TAIL}]){{2,}}|(?:[ÎÏ][{_TAIL}]){{2,}}"
    f"|(?:[Ö×][{_TAIL}]){{2,}}|(?:[à-í][{_TAIL}]{{2}}){{2,}}"
    "|(?:[ÄÅ]|A[\u0308\u030a])[\u0080-\u009f\u00a1-\u00ac\u00ae\u00af\u00b1-\u00b9\u00bc-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]"
)
#: No text has mojibake without such a pair, and few others have one: quick to look for.
_SUSPECT = re.compile(f"[ÂÃÄÅðÐÑØÙÎÏÖ×à-í\u0300\u0302\u0303\u0308\u030a][{_TAIL}]")
#: After a capital these may be what they seem: «MANHÃ», “À QUOI ÇA SERT, Ã”.
_PLAIN_AFTER_CAPITAL = frozenset("»«”’“‘…–—°º")


def in_text(told: str, text: str, start: int, end: int | None = None, hint: str = "") -> Finding:
    """A finding at a place of the article, one character unless ``end`` says more, with the words around it."""
    around = text[max(0, start - 12) : start + 13]
    span = (start, start + 1 if end is None else end)
    return Finding(f"{told} at {start}, in {quoted(around)}", "/text", hint, span=span)


def not_utf8(subject: Subject) -> Iterator[Finding]:
    """The file is not UTF-8.

    Why it matters: nothing in it can be read; a reader that guesses another encoding moves every offset.

    Bad: a file saved as Windows-1252 or UTF-16.

    Good: the file saved as UTF-8.
    """
    if subject.text is not None:
        return
    data = subject.data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        at = finding_at(before, len(before), "")
        hint = "save the file as UTF-8"
        if data.startswith(_UTF16_MARKS):
            hint = "it begins like UTF-16: save the file as UTF-8"
        elif 0 in data[: error.start] or data.startswith(_BINARY):
            hint = "it looks like a binary file, not like a document"
        message = f"not UTF-8: byte 0x{data[error.start]:02x} at byte {error.start}"
        yield Finding(message, hint=hint, line=at.line, column=at.column)


def byte_order_mark(subject: Subject) -> Iterator[Finding]:
    """The file begins with a byte order mark.

    Why it matters: most JSON readers refuse such a file.

    Bad: a file whose first bytes are EF BB BF.

    Good: a file whose first byte is ``{``.
    """
    if subject.text is not None and subject.text.startswith(_BOM):
        hint = "save it as UTF-8 without one"
        fix = (WRITE_ANEW,) if subject.raw is not None else ()
        yield Finding("the file begins with a byte order mark", "", hint, line=1, column=1, fix=fix)


def nul_byte(subject: Subject) -> Iterator[Finding]:
    """The file holds bytes of value 0: it is no text, or UTF-16 without its mark, or disk space that was never written.

    Why it matters: JSON has no such bytes; what stood there is lost or was never text.

    Bad: a document saved as UTF-16.

    Good: the document saved as UTF-8.
    """
    if subject.text is None or subject.raw is not None or "\0" not in subject.text:
        return
    hint = "save the file as UTF-8, or take it from a backup"
    yield finding_at(subject.text, subject.text.index("\0"), "the file holds NUL bytes", hint)


def lone_surrogate(subject: Subject) -> Iterator[Finding]:
    r"""A string of the file has one half of a surrogate pair.

    Why it matters: it is no character; the text has no UTF-8 form, and most JSON readers refuse the file.

    Bad: ``"text": "\ud83d"``

    Good: ``"text": "\ud83d\ude00"``, or the character itself.
    """
    error = syntax_error(subject)
    if error is None or "surrogate" not in error.msg or subject.text is None or "\0" in subject.text:
        return
    offset = error.pos + subject.text.startswith(_BOM)
    half = _LONE.search(subject.text, offset)
    if half:
        offset = half.start()
    words = f" {subject.text[offset : offset + 6]}" if half else ""
    yield finding_at(subject.text, offset, f"half of a surrogate pair{words}", "write the whole character")


def empty_text(subject: Subject) -> Iterator[Finding]:
    r"""The article has no words.

    Why it matters: it counts as a document and holds nothing; the conversion has lost the text, or there was none.

    Bad: ``"text": ""``

    Good: ``"text": "The bridge was closed on Friday.\n"``
    """
    if not document_of(subject).text.strip():
        yield Finding("the text is empty", "/text", "convert the article again, or delete the document")


def text_sha256_differs(subject: Subject) -> Iterator[Finding]:
    """The text is not the one whose SHA-256 the document gives.

    Why it matters: somebody edited the text after it was annotated; every offset behind the edit is wrong.

    Bad: a text in which a typing error was put right.

    Good: the text as it was converted; put the article right and convert it again.
    """
    document = document_of(subject)
    own = sha256_of(document.text)
    if own != document.text_sha256:
        hint = f"undo the edit; if the text is meant to be as it is, check every span and write {own}"
        yield Finding("the text was changed: its SHA-256 differs from text_sha256", "/text_sha256", hint)


def carriage_return(subject: Subject) -> Iterator[Finding]:
    r"""The text has carriage returns.

    Why it matters: tools that read or write it in text mode turn CR LF into LF, and every offset behind moves.

    Bad: ``"text": "One.\r\nTwo."``

    Good: ``"text": "One.\nTwo."``
    """
    text = document_of(subject).text
    if "\r" in text:
        hint = "converting the article again writes LF and moves the offsets"
        more = counted(text.count("\r"), "carriage return")
        yield in_text(f"the text has {more}, the first", text, text.index("\r"), hint=hint)


def nul_character(subject: Subject) -> Iterator[Finding]:
    r"""The text has a character of value 0.

    Why it matters: many programs take it for the end of the text and drop the rest.

    Bad: ``"text": "One.\u0000Two."``

    Good: ``"text": "One. Two."``
    """
    text = document_of(subject).text
    if "\0" in text:
        yield in_text("the text has a NUL character", text, text.index("\0"))


def control_character(subject: Subject) -> Iterator[Finding]:
    r"""The text has control characters, or line and paragraph separators that only some programs take for line ends.

    Why it matters: they are rests of another encoding or of a terminal; splitting into lines gives different lines.

    Bad: ``"text": "don\u0092t"``

    Good: ``"text": "don’t"``
    """
    text = document_of(subject).text
    matches = list(_CONTROL.finditer(text))
    if any(match.group() >= "\x80" for match in matches):
        # Latin-1 leaves such characters of what was UTF-8; TXT207 tells those.
        told = misread(text)
        matches = [match for match in matches if match.start() not in told]
    if matches:
        first = matches[0]
        more = f"{counted(len(matches), 'control character')}, the first U+{ord(first.group()):04X}"
        yield in_text(f"the text has {more}", text, first.start())


def replacement_character(subject: Subject) -> Iterator[Finding]:
    """The text has U+FFFD, which stands for a character that could not be decoded.

    Why it matters: the character is lost; names and numbers with it do not match their other mentions.

    Bad: ``"text": "Caf� Central"``

    Good: ``"text": "Café Central"``
    """
    text = document_of(subject).text
    if "\ufffd" in text:
        more = f"{counted(text.count(chr(0xFFFD)), 'replacement character')} U+FFFD"
        hint = "convert the article again with its right encoding"
        yield in_text(f"the text has {more}, the first", text, text.index("\ufffd"), hint=hint)


def mojibake(subject: Subject) -> Iterator[Finding]:
    """The text was UTF-8 and was read as another encoding.

    Why it matters: names and marks are unreadable, and no rule for quotation marks or words applies to them.

    Bad: ``"text": "CafÃ© Central â€“ open"``

    Good: ``"text": "Café Central – open"``
    """
    text = document_of(subject).text
    if text.isascii() or not _SUSPECT.search(text):
        return
    found = [match for match in _MOJIBAKE.finditer(text) if _meant(match)]
    if found:
        first = found[0]
        hint = f"{quoted(first.group())} was {quoted(_meant(first))}: convert the article again as UTF-8"
        more = f"{counted(len(found), 'place')} that UTF-8 read as another encoding leaves"
        yield in_text(f"the text has {more}, the first", text, first.start(), first.end(), hint)


def misread(text: str) -> set[int]:
    """The code points of a text that UTF-8 read as another encoding has left."""
    return {at for match in _MOJIBAKE.finditer(text) if _meant(match) for at in range(match.start(), match.end())}


def _meant(match: re.Match[str]) -> str:
    """What a suspect stretch was before it was misread; "" where it is nothing of the kind."""
    words = unicodedata.normalize("NFC", match.group())
    if (
        words[0] in "ÂÃ"
        and words[1] in _PLAIN_AFTER_CAPITAL
        and match.string[max(0, match.start() - 1) : match.start()].isupper()
    ):
        return ""
    data = bytearray()
    for character in words:
        try:
            data += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 0xFF:
                return ""
            data.append(ord(character))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def not_nfc(subject: Subject) -> Iterator[Finding]:
    """The text is not in the normalization form NFC.

    Why it matters: the same name may be spelled with one character here and with two there and will not match; tools
    that normalize move the offsets. The text stays as the article has it; whoever compares words normalizes them.

    Bad: "é" as ``e`` and U+0301.

    Good: "é" as U+00E9.
    """
    text = document_of(subject).text
    # Nothing composes or changes places with an ASCII character behind it: what lies between two stands for itself.
    if text.isascii() or unicodedata.is_normalized("NFC", "\n".join(_BEYOND_ASCII.findall(text))):
        return
    normal = unicodedata.normalize("NFC", text)
    at = next((i for i, (a, b) in enumerate(zip(text, normal, strict=False)) if a != b), len(normal))
    yield in_text("the text is not in form NFC, first", text, at)


def invisible_character(subject: Subject) -> Iterator[Finding]:
    r"""The text has characters without width where they join nothing: zero-width spaces, soft hyphens, stray joiners.

    Why it matters: nobody sees them, but words with them match nothing. Joiners in emoji and in scripts that need
    them (Persian, Hindi) are no finding.

    Bad: ``"text": "Ka\u200bbul"``

    Good: ``"text": "Kabul"``
    """
    text = document_of(subject).text
    if text.isascii():
        return
    found = [m.start() for m in _INVISIBLE.finditer(text) if not (m.group() in _JOINERS and _joins(text, m.start()))]
    if found:
        name = unicodedata.name(text[found[0]], "").lower()
        more = f"{counted(len(found), 'invisible character')}, the first a {name}"
        yield in_text(f"the text has {more}", text, found[0])


def _joins(text: str, at: int) -> bool:
    """Whether the joiner at ``at`` stands between or behind characters that have a use for it."""
    before = text[at - 1] if at else " "
    return ord(before) >= 0x0590 and not before.isspace()


def bidi_override(subject: Subject) -> Iterator[Finding]:
    r"""The text has a bidi override, or an embedding or isolate that is not closed within its paragraph.

    Why it matters: what is shown is not what is stored; names and numbers can read backwards.

    Bad: ``"text": "paid \u202e05\u202c dollars"``

    Good: ``"text": "paid 50 dollars"``; closed isolates around a name in another script.
    """
    text = document_of(subject).text
    if text.isascii() or not any(character in text for character in _BIDI_NAMES):
        return
    stack: list[tuple[str, int]] = []
    found: list[int] = []
    for match in _BIDI.finditer(f"{text}\n"):
        character = match.group()
        if character == "\n":
            found += [at for _, at in stack]
            stack.clear()
        elif character in "\u202d\u202e":
            found.append(match.start())
        elif character in "\u2069\u202c":
            if stack and (stack[-1][0] in "\u2066\u2067\u2068") == (character == "\u2069"):
                stack.pop()
        else:
            stack.append((character, match.start()))
    if found:
        at = min(found)
        hint = "is the text that is shown the one that is stored?"
        yield in_text(f"the text has a {_BIDI_NAMES[text[at]]}", text, at, hint=hint)


def no_break_space_in_span(subject: Subject) -> Iterator[Finding]:
    """A marked name, place or figure has a no-break space in it.

    Why it matters: "New York" with and without one are two different strings: counted, looked up and joined apart.
    Quotes, and what layers of a corpus's own mark, may be long and keep theirs, and behind a number ("40 km",
    "12 000") a no-break space is good printing.

    Bad: an actor ``"Rosa\u00a0Lind"`` written with U+00A0.

    Good: ``"Rosa Lind"`` with a plain space in the article.
    """
    if document_of(subject).text.isascii():
        return
    for part in subject.sound_parts:
        if part.layer not in {"actors", "locations", "figures"} or part.span.text.isascii():
            continue
        pattern = _NO_BREAK_IN_FIGURE if part.layer == "figures" and not part.attribute else _NO_BREAK
        if match := pattern.search(part.span.text):
            told = f"{part.label} {quoted(part.span.text)} has a no-break space U+{ord(match.group()):04X} in it"
            yield Finding(told, part.pointer)


def counted(number: int, noun: str) -> str:
    """A number and its noun: "1 place", "2 places"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


CHECKS = (
    Check("TXT101", "not-utf8", Severity.ERROR, Needs.FILE, not_utf8),
    Check("TXT102", "byte-order-mark", Severity.WARNING, Needs.FILE, byte_order_mark, fixable=True),
    Check("TXT103", "nul-byte", Severity.ERROR, Needs.FILE, nul_byte),
    Check("TXT104", "lone-surrogate", Severity.ERROR, Needs.FILE, lone_surrogate),
    Check("TXT201", "empty-text", Severity.WARNING, Needs.DOCUMENT, empty_text),
    Check("TXT202", "text-sha256-differs", Severity.ERROR, Needs.DOCUMENT, text_sha256_differs),
    Check("TXT203", "carriage-return", Severity.WARNING, Needs.DOCUMENT, carriage_return),
    Check("TXT204", "nul-character", Severity.ERROR, Needs.DOCUMENT, nul_character),
    Check("TXT205", "control-character", Severity.WARNING, Needs.DOCUMENT, control_character),
    Check("TXT206", "replacement-character", Severity.WARNING, Needs.DOCUMENT, replacement_character),
    Check("TXT207", "mojibake", Severity.WARNING, Needs.DOCUMENT, mojibake),
    Check("TXT208", "not-nfc", Severity.INFO, Needs.DOCUMENT, not_nfc),
    Check("TXT209", "invisible-character", Severity.WARNING, Needs.DOCUMENT, invisible_character),
    Check("TXT210", "bidi-override", Severity.WARNING, Needs.DOCUMENT, bidi_override),
    Check("TXT301", "no-break-space-in-span", Severity.WARNING, Needs.DOCUMENT, no_break_space_in_span),
)
