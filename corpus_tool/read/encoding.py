"""Which characters bytes stand for: by their byte order mark, as UTF-8, else by a guess that is told as one."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

#: The name under which a user asks for detection, in place of an encoding's own.
AUTO = "auto"

#: Byte order marks, the longer before those that they begin with, and the encoding that takes them away.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: What is guessed: the encodings that web browsers know (WHATWG Encoding Standard), by Python's names.
_CANDIDATES = {
    "big5": "big5",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
    "cp874": "windows-874",
    "euc_jp": "euc-jp",
    "euc_kr": "euc-kr",
    "gb18030": "gb18030",
    "iso8859_2": "iso-8859-2",
    "iso8859_15": "iso-8859-15",
    "koi8_r": "koi8-r",
    "koi8_u": "koi8-u",
    "shift_jis": "shift_jis",
}

#: Bytes that a guess looks at, from the first that is not ASCII; more makes it no better.
_SAMPLE_BYTES = 64_000

#: Bytes beyond ASCII that a guess needs: one or two fit dozens of encodings equally well.
_LEAST_EVIDENCE = 3

#: Share of a text that may look like noise; what exceeds it is not taken. charset-normalizer's own threshold is 0.2.
_MOST_CHAOS = 0.2


class Detected(NamedTuple):
    """An encoding, how sure it is (1 for a mark or valid UTF-8), and whether it is a guess."""

    name: str
    confidence: float
    is_guess: bool = False


def detect_encoding(data: bytes) -> Detected | None:
    """The character encoding of a text's bytes; None where nothing fits, or too little speaks for anything.

    Args:
        data: the whole text, or its beginning.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return Detected(name, 1.0)
    if is_utf_8(data):
        return Detected("utf-8", 1.0)
    return _guess(data)


def is_utf_8(data: bytes, *, cut: bool = False) -> bool:
    """Whether bytes are UTF-8; with ``cut`` the last character may be cut off."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=not cut)
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> Detected | None:
    from charset_normalizer import from_bytes

    odd = re.search(rb"[\x80-\xff]", data)
    start = max(data.rfind(b"\n", 0, odd.start()) + 1, odd.start() - 1000) if odd else 0
    sample = data[start : start + _SAMPLE_BYTES]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    if len(re.findall(rb"[\x80-\xff]", sample)) < _LEAST_EVIDENCE:
        return None
    for match in from_bytes(sample, cp_isolation=list(_CANDIDATES), threshold=_MOST_CHAOS, enable_fallback=False):
        name = _CANDIDATES.get(match.encoding, match.encoding)
        if _decodes(data, name):
            return Detected(_plainest(data, name), round(1 - match.chaos, 2), is_guess=True)
    return None


def _plainest(data: bytes, name: str) -> str:
    """Windows-1252, the most common one, where it reads the bytes as the same letters."""
    common = "windows-1252"
    return common if _decodes(data, common) and data.decode(common) == data.decode(name) else name


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeError, LookupError):
        return False
    return True


def guess_told(detected: Detected, text: str) -> str:
    """What a person is told of a guess, with words by which they see whether it is right."""
    words = _telling_words(text)
    return f"read as {detected.name}, a guess with a confidence of {detected.confidence:g}: {words}"


def _telling_words(text: str, most: int = 3) -> str:
    """A few words with letters beyond ASCII, by which a person sees whether an encoding was guessed right."""
    found = dict.fromkeys(re.findall(r"[^\W_]{0,20}[^\W\x00-\x7f][^\W_]{0,20}", text[:200_000]))
    if not found:
        found = dict.fromkeys(re.findall(r"\S{0,12}[^\s\x00-\x7f]\S{0,12}", text[:200_000]))
    return ", ".join(list(found)[:most])
