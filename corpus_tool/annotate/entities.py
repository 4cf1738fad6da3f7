"""Entities: mentions of one article that refer to the same actor or place, joined conservatively."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from corpus_tool.annotate.coreference import anonymous_sources, describe
from corpus_tool.annotate.gazetteer import country_codes, fold, table
from corpus_tool.annotate.geocode import linked
from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.names import flat
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Actor, Entity, Location, Quote

#: Words that an acronym passes over.
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "de", "&"})
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_CAPITAL = re.compile(r"[^A-Z]")


@dataclass
class _Group:
    """Mentions of one entity while they are collected: ``key`` is what joins them by name."""

    kind: str
    names: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)

    def take(self, other: _Group) -> None:
        """Takes over the names and mentions of another group."""
        self.names.extend(other.names)
        self.mentions.extend(other.mentions)


def link_entities(
    article: ParsedArticle, actors: Sequence[Actor], locations: Sequence[Location], quotes: Sequence[Quote]
) -> tuple[list[Entity], list[Actor], list[Location]]:
    """Entities of an article ("e1", "e2" … by first mention), and the mentions with ``entity`` set."""
    mentions: list[Actor | Location] = sorted([*actors, *locations], key=lambda m: (m.start, m.end))
    groups = _joined(_by_name([m for m in mentions if m.mention == "name"]))
    groups = [*groups, *describe(article, mentions, groups_of(groups), quotes, _Group)]
    starts = {m.id: m.start for m in mentions}
    groups.sort(key=lambda g: min(starts[i] for i in g.mentions))
    names = _distinct_names(groups)
    entities = [
        Entity(id=f"e{n}", kind=group.kind, name=name, aliases=_aliases(group, name))
        for n, (group, name) in enumerate(zip(groups, names, strict=True), start=1)
    ]
    entity_of = {i: e for e, g in zip(entities, groups, strict=True) for i in g.mentions}
    unnamed = anonymous_sources(article, actors, quotes, {i for i, g in zip_mentions(groups) if g.names})
    return (
        linked(article, entities, locations, {i: e.id for i, e in entity_of.items()}),
        [_with_entity(a, entity_of, a.id in unnamed) for a in actors],
        [m if m.id not in entity_of else replace(m, entity=entity_of[m.id].id) for m in locations],
    )
