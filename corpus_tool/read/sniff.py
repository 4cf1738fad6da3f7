"""What a file holds: by its name, and by its first bytes where the name is silent or wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from corpus_tool.read.files import PACKED_SUFFIXES

#: Format by file suffix, sorted. A suffix of ``PACKED_SUFFIXES`` may follow.
SUFFIXES: Mapping[str, str] = {
    ".atom": "feed",
    ".csv": "csv",
    ".htm": "html",
    ".html": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".rdf": "feed",
    ".rss": "feed",
    ".tar": "tar",
    ".tbz2": "tar",
    ".text": "text",
    ".tgz": "tar",
    ".tsv": "tsv",
    ".txt": "text",
    ".txz": "tar",
    ".warc": "warc",
    ".xhtml": "html",
    ".xml": "feed",
    ".zip": "zip",
}

#: Bytes that are looked at; the mark of a tar file stands at 257.
HEAD_BYTES = 4096

_BLANK = rb"\A(?:\xef\xbb\xbf)?[ \t\r\n\f]*+"
_PROLOG = rb"(?:<\?xml[^>]{0,200}+>[ \t\r\n]*+)?(?:<!--(?s:.){0,1000}?-->[ \t\r\n]*+|<\?[^>]{0,500}+>[ \t\r\n]*+){0,9}"

#: What begins a format, in the order in which it is tried. Tables begin with nothing of their own.
_BEGINNINGS = (
    ("zip", re.compile(rb"\APK(?:\x03\x04(?s:.){26}|\x05\x06(?s:.){18})")),
    ("tar", re.compile(rb"\A(?s:.){257}ustar")),
    ("warc", re.compile(rb"\AWARC/[01]\.[0-9]{1,2}\r?\n")),
    ("html", re.compile(_BLANK + _PROLOG + rb"(?i:<!doctype[ \t\r\n]+html\b|<html[\s>])")),
    ("feed", re.compile(_BLANK + _PROLOG + rb"(?:<!DOCTYPE[^>\[]{0,300}+>?|(?:<(?:rss|feed|rdf:RDF)[\s>]))")),
    ("jsonl", re.compile(_BLANK + rb"\{[ \t\r\n]*+\"")),
)

#: Formats that a file's first bytes prove, whatever its name says.
_PROVEN = frozenset({"zip", "tar", "warc"})
#: Formats whose files are taken for another one where they begin like it.
_MISTAKEN = {
    "text": frozenset({"html", "feed"}),
    "feed": frozenset({"html"}),
    "html": frozenset({"feed"}),
}


def format_of_name(name: str) -> str | None:
    """The format that a file's name states: ``page.html.gz`` is "html"; None where it states none."""
    path = Path(name.lower())
    if path.suffix in PACKED_SUFFIXES:
        path = Path(path.stem)
    return SUFFIXES.get(path.suffix)


def format_of_bytes(head: bytes) -> str | None:
    """The format that a file's first bytes state; None where they state none."""
    return next((name for name, beginning in _BEGINNINGS if beginning.match(head)), None)


def choose_format(name: str, head: bytes) -> tuple[str, str]:
    """The format to read a file as, and why that is not what its name says ("" where it is).

    Args:
        name: the file's name.
        head: its first ``HEAD_BYTES`` bytes, unpacked where it is compressed.
    """
    stated, found = format_of_name(name), format_of_bytes(head)
    if stated is None:
        if found is None:
            return "text", ""
        return found, f"its name has no suffix that is known, and it begins like {_WORDS[found]}"
    if found is not None and found != stated and (found in _PROVEN or found in _MISTAKEN.get(stated, ())):
        return found, f"its name says {_WORDS[stated]}, and it begins like {_WORDS[found]}"
    return stated, ""


_WORDS = {
    "csv": "a table",
    "feed": "a feed",
    "html": "a web page",
    "jsonl": "JSON lines",
    "tar": "a tar archive",
    "text": "plain text",
    "tsv": "a table",
    "warc": "a web archive",
    "zip": "a zip archive",
}
