"""Words of others in Markdown: they stay words."""

from __future__ import annotations

import html
import re

#: What CommonMark takes for the character behind it: a backslash before a sign, and the name or number of a character.
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")


def escape_markdown(text: str) -> str:
    """Words of others as plain Markdown: no heading, link, tag or rule of theirs takes effect."""
    plain = html.escape(text.strip(), quote=False)
    plain = re.sub(r"([\\`*_\[\]|#~])", r"\\\1", plain)
    return re.sub(r"(?m)^(\s*\d*)([-+=]|(?<=\d)[.)])", r"\1\\\2", plain)


def escape_line(text: str) -> str:
    """Words of others on one line: in a cell of a table, an item of a list."""
    return escape_markdown(" ".join(text.split()))


def plain_text(markdown: str) -> str:
    """Markdown without its escapes: what ``escape_markdown`` made gives the words again. Other marks stay."""
    return _ESCAPE.sub(lambda match: match[1] or html.unescape(match[0]), markdown)
