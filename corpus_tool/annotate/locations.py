"""Locations: where."""

from __future__ import annotations

from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Location


def find_locations(article: ParsedArticle) -> list[Location]:
    """Location mentions of an article, ids "l1", "l2" … in order of the text."""
    return []
