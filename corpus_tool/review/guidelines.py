"""The annotators' guidelines as a page of their own, and where each layer and attribute is explained in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.model.corpus import Corpus

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Bytes of a corpus's own guidelines that are shown.
_MAX_BYTES = 2_000_000

_PAGE = "/guidelines#"

#: By layer and attribute ("" for the layer): where the guidelines that come with the program explain it.
GUIDELINE_OF: Mapping[tuple[str, str], str] = {
    ("actors", ""): f"{_PAGE}actors",
    ("actors", "kind"): f"{_PAGE}actors-kind",
    ("actors", "mention"): f"{_PAGE}actors-mention",
    ("actors", "entity"): f"{_PAGE}actors-entity",
    ("actors", "role"): f"{_PAGE}actors-role",
    ("actors", "anonymous"): f"{_PAGE}actors-anonymous",
    ("locations", ""): f"{_PAGE}locations",
    ("locations", "kind"): f"{_PAGE}locations-kind",
    ("locations", "mention"): f"{_PAGE}locations",
    ("locations", "entity"): f"{_PAGE}locations",
    ("figures", ""): f"{_PAGE}figures",
    ("figures", "value"): f"{_PAGE}figures-one-number",
    ("figures", "min"): f"{_PAGE}figures-vague-plurals",
    ("figures", "max"): f"{_PAGE}figures-ranges",
    ("figures", "modifier"): f"{_PAGE}figures-modifier",
    ("figures", "unit"): f"{_PAGE}figures-unit",
    ("figures", "measure"): f"{_PAGE}figures-measure",
    ("figures", "counted"): f"{_PAGE}figures-counted",
    ("figures", "place"): f"{_PAGE}figures-place",
    ("figures", "quote"): f"{_PAGE}figures-place",
    ("quotes", ""): f"{_PAGE}quotes",
    ("quotes", "kind"): f"{_PAGE}quotes-kinds",
    ("quotes", "attitude"): f"{_PAGE}quotes-attitude",
    ("quotes", "cue"): f"{_PAGE}quotes-cue",
    ("quotes", "speaker"): f"{_PAGE}quotes-speaker",
    ("quotes", "co_speakers"): f"{_PAGE}quotes-speaker",
    ("quotes", "speaker_status"): f"{_PAGE}quotes-no-speaker",
    ("quotes", "parent"): f"{_PAGE}quotes-nested",
}

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Annotation guidelines</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/guidelines.css">
</head>
<body>
<main>
"""
_FOOT = "</main>\n</body>\n</html>\n"


def guidelines_file() -> Path:
    """The guidelines that come with the program: inside the installed package, or in the docs of a clone."""
    packaged = Path(__file__).parent.parent / "_guidelines.md"
    return packaged if packaged.is_file() else Path(__file__).parents[2] / "docs" / "guidelines.md"


def guidelines_of(corpus: Corpus) -> str:
    """The text, in Markdown: of the corpus's own file where ``guidelines`` names one, else of the program's."""
    named = corpus.config.guidelines or ""
    if named.endswith((".md", ".txt")) and ".." not in Path(named).parts and not Path(named).is_absolute():
        path = corpus.root / named
        steps = (path, *path.parents)
        inside = not any(step.is_symlink() for step in steps if corpus.root in step.parents)
        if inside and path.is_file() and path.stat().st_size <= _MAX_BYTES:
            return path.read_text(encoding="utf-8", errors="replace")
    file = guidelines_file()
    return file.read_text(encoding="utf-8") if file.is_file() else "# Annotation guidelines\n\nNot installed.\n"


def render_guidelines(markdown: str) -> str:
    """A page of HTML. HTML inside the Markdown is shown as text; no address is turned into a link by itself.

    Sections get the first word of their heading as their id ("actors"); rows of tables that and their own first words
    ("figures-one-number"), attributes that lines begin with likewise ("actors-kind").
    """
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    tokens = reader.parse(markdown)
    for token, anchor in _anchors(tokens):
        token.attrSet("id", anchor)
    body: str = reader.renderer.render(tokens, reader.options, {})
    return _HEAD + body + _FOOT


def _anchors(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Tokens that get an id, each id once."""
    section = ""
    taken: set[str] = set()
    for i, token in enumerate(tokens):
        anchors: list[str] = []
        if token.type == "heading_open":
            section = _slug(re.split(r"[:\s]", tokens[i + 1].content, maxsplit=1)[0])
            anchors = [section]
        elif token.type == "tr_open" and tokens[i + 1].type == "td_open":
            anchors = [f"{section}-{_slug(tokens[i + 2].content)}"]
        found = [(token, anchor) for anchor in anchors]
        if token.type == "inline":
            found += [(code, f"{section}-{_slug(code.content)}") for code in _beginning_lines(token.children or [])]
        for named, anchor in found:
            if anchor not in taken:
                taken.add(anchor)
                yield named, anchor


def _beginning_lines(parts: Sequence[Token]) -> Iterator[Token]:
    """The names of attributes (in code) that lines of a paragraph begin with."""
    for before, part in zip((None, *parts), parts, strict=False):
        if part.type == "code_inline" and (before is None or before.type == "softbreak"):
            yield part


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", words.lower()).strip("-")
