"""Actors: who acts, speaks or is acted upon."""

from __future__ import annotations

from collections.abc import Sequence

from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Actor, Location


def find_actors(article: ParsedArticle, locations: Sequence[Location]) -> list[Actor]:
    """Actor mentions of an article, names and nominals, ids "a1", "a2" … in order of the text."""
    return []
