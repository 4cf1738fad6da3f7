"""What the annotators' tests share: the real pipeline, loaded once, and cases as linguists write them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.annotate.pipeline import load_pipeline, parse_articles
from corpus_tool.model import Block, Document, Meta, sha256_of


@pytest.fixture(scope="session")
def parse() -> Callable[[str], ParsedArticle]:
    """Parses a text, each of its paragraphs (divided by an empty line) a block of kind paragraph."""
    pipeline = load_pipeline()

    def parse_text(text: str) -> ParsedArticle:
        paragraphs = re.finditer(r"\S(?:.*\S)?(?:\n(?!\s*\n).*\S)*", text)
        blocks = tuple(Block(start=m.start(), end=m.end(), kind="paragraph") for m in paragraphs)
        document = Document(id="case", meta=Meta(), text=text, text_sha256=sha256_of(text), blocks=blocks)
        return next(iter(parse_articles([document], pipeline)))

    return parse_text
