"""HTML that is an article as a whole, as feeds hold it: every part of it is kept, nothing is looked for."""

from __future__ import annotations

from corpus_tool.model import Block
from corpus_tool.read.blocks import is_boilerplate, is_promo
from corpus_tool.read.html import join_blocks, show_quotation_marks
from corpus_tool.read.html_parts import drop_hidden, key_of, parts_of
from corpus_tool.read.html_tree import parse_page


def fragment_article(fragment: str, title: str, path: str) -> tuple[str, tuple[Block, ...]]:
    """The text and the blocks of a piece of HTML, under its title; "" where it holds no words.

    Args:
        fragment: the HTML.
        title: the article's title; "" where it has none, or the fragment shows it.
        path: what diagnostics call its file.

    Raises:
        ReadError: it is no HTML, or too deeply nested.
    """
    tree = parse_page(f"<!DOCTYPE html><html><body><article>{fragment}</article></body></html>", path)
    drop_hidden(tree)
    show_quotation_marks(tree)
    parts = parts_of(tree)
    if not any(part.key for part in parts):
        return "", ()
    blocks = [(part.kind or _by_words(part.text), part.text) for part in parts]
    if title and key_of(title) not in {part.key for part in parts[:3]}:
        blocks = [("title", title), *(("heading" if kind == "title" else kind, text) for kind, text in blocks)]
    return join_blocks(blocks)


def _by_words(text: str) -> str:
    if is_promo(text):
        return "promo"
    return "boilerplate" if is_boilerplate(text) else "paragraph"
