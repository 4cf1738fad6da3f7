"""Figures: how many."""

from __future__ import annotations

from collections.abc import Sequence

from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Figure, Location, Quote


def find_figures(article: ParsedArticle, locations: Sequence[Location], quotes: Sequence[Quote]) -> list[Figure]:
    """Figures of an article, ids "f1", "f2" … in order of the text, linked to the quote that claims them."""
    return []
