"""Actors: who acts, speaks or is acted upon."""

from __future__ import annotations

from collections.abc import Sequence

from corpus_tool.annotate.demonyms import iter_adjectives
from corpus_tool.annotate.locations import actor_kind_of_place, name_tokens
from corpus_tool.annotate.name_types import TypedName, typed_names
from corpus_tool.annotate.nominals import is_title_of_name, iter_actor_nominals
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.annotate.roles import apposition_before, apposition_behind, title_before, title_start
from corpus_tool.model import Actor, Location

#: Kind, mention and role by start and end, in code points.
Mentions = dict[tuple[int, int], tuple[str, str, str | None]]


def find_actors(article: ParsedArticle, locations: Sequence[Location]) -> list[Actor]:
    """Actor mentions of an article, names and nominals, ids "a1", "a2" … in order of the text."""
    names = typed_names(article)
    found: Mentions = {}
    for number, block in enumerate(article.blocks):
        taken = name_tokens(names, number)
        here = [name for name in names if name.span.block == number]
        for name in here:
            kind = actor_kind_of_place(block.doc, name) if name.place else name.kind
            if kind is not None:
                role = _role(article, name, taken) if kind == "person" else None
                found[name.span.start, name.span.end] = (kind, "name", role)
        persons = frozenset(name.span.first for name in here if name.kind == "person" and not name.place)
        described = [(start, i) for i in persons if (start := title_start(block.doc, i, taken)) is not None]
        for nominal in iter_actor_nominals(block, taken):
            described.append((nominal.first, nominal.last - 1))
            if not is_title_of_name(block.doc, nominal, persons, taken):
                found.setdefault((nominal.start, nominal.end), (nominal.kind, "nominal", None))
        for first, last in described:
            for begin, end, kind in iter_adjectives(block.doc, first, last, taken):
                found.setdefault(block.bounds(block.doc[begin:end]), (kind, "nominal", None))
    return [
        Actor(id=f"a{n}", start=start, end=end, text=article.text[start:end], kind=kind, mention=mention, role=role)
        for n, ((start, end), (kind, mention, role)) in enumerate(_uncrossed(found), start=1)
    ]


def _role(article: ParsedArticle, name: TypedName, taken: frozenset[int]) -> str | None:
    doc = article.blocks[name.span.block].doc
    first, last = name.span.first, name.span.last
    return title_before(doc, first, taken) or apposition_before(doc, first) or apposition_behind(doc, last)


def _uncrossed(found: Mentions) -> list[tuple[tuple[int, int], tuple[str, str, str | None]]]:
    """The mentions in order, outer before inner, without those that cross another: nesting is meant, crossing never."""
    kept = []
    open_ends: list[int] = []
    for (start, end), row in sorted(found.items(), key=lambda item: (item[0][0], -item[0][1])):
        open_ends = [e for e in open_ends if e > start]
        if any(e < end for e in open_ends):
            continue
        open_ends.append(end)
        kept.append(((start, end), row))
    return kept
