"""The words of a PDF that Chromium printed: each font's glyphs by its own table."""

from __future__ import annotations

import re
import zlib


def pdf_pages(data: bytes) -> list[str]:
    """The words of each page, in the order of drawing, without the spaces between lines."""
    objects = {int(m[1]): m[2] for m in re.finditer(rb"\n(\d+) 0 obj\n(.*?)\nendobj", data, re.DOTALL)}
    fonts = {
        number: _glyphs(_stream(objects[int(found[1])]).decode("ascii"))
        for number, body in objects.items()
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    return [
        "".join(_words(_stream(objects[int(n)]), fonts) for n in re.findall(rb"/Contents (\d+) 0 R", body))
        for body in objects.values()
        if re.search(rb"/Type /Page\b(?!s)", body)
    ]


def _stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)
    assert found is not None
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _glyphs(table: str) -> dict[int, str]:
    """Words by glyph, of a ToUnicode table (ISO 32000-1, 9.10.3)."""
    found: dict[int, str] = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, words in re.findall(r"<([0-9A-F]+)> <([0-9A-F]+)>", part):
            found[int(glyph, 16)] = bytes.fromhex(words).decode("utf-16-be")
    for part in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, words in re.findall(r"<([0-9A-F]+)> <([0-9A-F]+)> <([0-9A-F]+)>", part):
            for place in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + place] = chr(int(words, 16) + place)
    return found


def _words(content: bytes, fonts: dict[int, dict[int, str]]) -> str:
    font: dict[int, str] = {}
    words = []
    for found in re.finditer(r"/F(\d+) [\d.]+ Tf|<([0-9A-F]*)> ?Tj|\[(.*?)\] ?TJ", content.decode("latin-1")):
        if found[1]:
            font = fonts.get(int(found[1]), {})
            continue
        glyphs = found[2] or "".join(re.findall(r"<([0-9A-F]*)>", found[3]))
        words.append("".join(font.get(int(glyphs[at : at + 4], 16), "?") for at in range(0, len(glyphs), 4)))
    return "".join(words)
