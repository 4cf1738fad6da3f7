"""The characters of a web page: by its byte order mark, else as HTTP or the page says, else by detection."""

from __future__ import annotations

import codecs
import re

from corpus_tool.read.encoding import AUTO, Detected, detect_encoding, is_utf_8
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import Raw, refuse_half_characters

#: Bytes in which a page has to say its encoding. The standard says 1,024; browsers start anew for a later word.
_HEAD_BYTES = 16_384

_META = re.compile(
    rb"<meta[^>]{0,500}?charset\s{0,10}=\s{0,10}[\"']?\s{0,10}([A-Za-z0-9_:.-]{1,40})"
    rb"|^\s{0,100}<\?xml[^>]{0,200}?encoding\s{0,10}=\s{0,10}[\"']([A-Za-z0-9_:.-]{1,40})",
    re.IGNORECASE,
)

#: How browsers decode what pages name (WHATWG Encoding Standard, 4.2), by the name that Python has for the label: a
#: page that says latin-1 is windows-1252, one that says gb2312 is gb18030. What is not here is no encoding of the web.
_DECODED_AS = {
    "ascii": "windows-1252",
    "big5": "big5-hkscs",
    "big5hkscs": "big5-hkscs",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
    "cp866": "ibm866",
    "cp874": "cp874",
    "cp932": "cp932",
    "cp949": "cp949",
    "euc_jp": "euc-jp",
    "euc_kr": "cp949",
    "gb18030": "gb18030",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso2022_jp": "iso-2022-jp",
    "iso8859-1": "windows-1252",
    "iso8859-10": "iso-8859-10",
    "iso8859-11": "cp874",
    "iso8859-13": "iso-8859-13",
    "iso8859-14": "iso-8859-14",
    "iso8859-15": "iso-8859-15",
    "iso8859-16": "iso-8859-16",
    "iso8859-2": "iso-8859-2",
    "iso8859-3": "iso-8859-3",
    "iso8859-4": "iso-8859-4",
    "iso8859-5": "iso-8859-5",
    "iso8859-6": "iso-8859-6",
    "iso8859-7": "iso-8859-7",
    "iso8859-8": "iso-8859-8",
    "iso8859-9": "windows-1254",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "mac-cyrillic": "mac-cyrillic",
    "mac-roman": "macintosh",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "utf-8": "utf-8",
}
#: Labels of the same standard that Python does not know.
_LABELS = {
    "unicode": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "windows-874": "cp874",
    "x-cp1250": "windows-1250",
    "x-cp1251": "windows-1251",
    "x-cp1252": "windows-1252",
    "x-euc-jp": "euc-jp",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-roman": "macintosh",
    "x-sjis": "cp932",
    "x-user-defined": "windows-1252",
    "x-x-big5": "big5-hkscs",
}

#: Part of a page's characters beyond ASCII that may be damaged while the rest is taken for UTF-8.
_MOST_DAMAGED = 0.02

#: Part of a page that may be control characters: a few stray ones occur, a picture has a fifth.
_MOST_CONTROL = 0.02

#: Control characters that HTML has no use for (browsers drop NUL, and show none of the others).
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_CONTROL_BYTE = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


def decode_page(raw: Raw, encoding: str) -> tuple[str, Detected]:
    """A page as text, and the encoding that it was read with.

    The order is that of the HTML Standard (13.2.3.2): a byte order mark, what HTTP said (``raw.charset``), what the
    page says, then ``encoding`` where the user named one, then detection. What is stated and does not fit gives way to
    UTF-8 where the bytes are that, and then to detection. A page of UTF-8 with a few broken bytes is UTF-8; each
    of them becomes U+FFFD, as in a browser.

    Args:
        raw: the bytes.
        encoding: for pages that do not say theirs; "utf-8" and "auto" leave it to detection.

    Raises:
        ReadError: the bytes are in no encoding that could be found.
    """
    detected = _encoding_of(raw, encoding)
    if detected is None and len(_CONTROL_BYTE.findall(raw.data)) > _MOST_CONTROL * len(raw.data):
        raise _binary(raw)
    if detected is None:
        raise ReadError(fault("article-not-utf-8", raw.path, "the page says no encoding that fits, and none was found"))
    try:
        page = raw.data.decode(detected.name, "replace" if detected.name.startswith("utf-8") else "strict")
    except UnicodeError as error:
        raise ReadError(fault("article-not-utf-8", raw.path, f"the page is not {detected.name}: {error}")) from error
    text = _CONTROL.sub("", page)
    if len(page) - len(text) > _MOST_CONTROL * len(page):
        raise _binary(raw)
    refuse_half_characters(text, raw.path)
    return text, detected


def _binary(raw: Raw) -> ReadError:
    return ReadError(fault("article-binary", raw.path, "is not text: it is full of control characters"))


def _encoding_of(raw: Raw, encoding: str) -> Detected | None:
    data = raw.data
    marked = detect_encoding(data[:4]) if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) else None
    if marked is not None:
        return marked
    utf_8 = is_utf_8(data)
    beyond_ascii = not data.isascii()
    for name in _stated(raw, encoding):
        if name == "utf-8" or (utf_8 and beyond_ascii and not name.startswith(("utf-16", "iso-2022"))):
            break  # bytes that are UTF-8 by chance do not occur: a page that says otherwise is mistaken
        if _decodes(data, name):
            return Detected(name, 1.0)
    if utf_8:
        return Detected("utf-8", 1.0)
    return Detected("utf-8", 1.0) if _is_damaged_utf_8(data) else detect_encoding(data)


def _stated(raw: Raw, encoding: str) -> list[str]:
    """The encodings that HTTP, the page and the user name, as browsers decode them, without names that mean nothing."""
    found = _META.search(raw.data[:_HEAD_BYTES])
    in_page = (found[1] or found[2]).decode("ascii") if found else ""
    by_user = "" if encoding.lower() in (AUTO, "utf-8", "utf8") else encoding
    named = [_decoded_as(raw.charset, utf_16=True), _decoded_as(in_page, utf_16=False)]
    return [name for name in (*named, by_user) if name]


def _decoded_as(label: str, *, utf_16: bool) -> str:
    """The encoding that a browser uses for a label, "" for none.

    A page that names UTF-16 in its own mark-up cannot be UTF-16, or the name could not have been read.
    """
    label = label.strip().lower()
    if label in _LABELS:
        return _LABELS[label]
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    if name.startswith("utf-16"):
        return name if utf_16 else "utf-8"
    return _DECODED_AS.get(name, "")


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeError, LookupError):
        return False
    return True


def _is_damaged_utf_8(data: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - broken
    return whole > 0 and broken <= _MOST_DAMAGED * (whole + broken)
