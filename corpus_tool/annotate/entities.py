"""Entities: mentions of one article that refer to the same actor or place, joined conservatively."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from corpus_tool.annotate.coreference import anonymous_sources, join_descriptions
from corpus_tool.annotate.geocode import linked
from corpus_tool.annotate.naming import Group, group_names
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Actor, Entity, Location, Quote


def link_entities(
    article: ParsedArticle, actors: Sequence[Actor], locations: Sequence[Location], quotes: Sequence[Quote]
) -> tuple[list[Entity], list[Actor], list[Location]]:
    """Entities of an article ("e1", "e2" … by first mention), and the mentions with ``entity`` set."""
    mentions: list[Actor | Location] = sorted([*actors, *locations], key=lambda m: (m.start, m.end))
    groups = group_names([m for m in mentions if m.mention == "name" or m.kind == "state"], article.places)
    group_of = {mention: group for group in groups for mention in group.mentions}
    join_descriptions(article, mentions, quotes, group_of)
    unnamed = anonymous_sources(article, actors, quotes, group_of)
    ids = _numbered(mentions, group_of)
    entities = [
        Entity(id=ids[id(group)], kind=group.kind, name=name, aliases=group.aliases(name))
        for group, name in _named_apart(mentions, group_of)
    ]
    return (
        linked(article, entities, locations, {m: ids[id(g)] for m, g in group_of.items()}),
        [_actor(a, group_of.get(a.id), ids, a.id in unnamed) for a in actors],
        [_location(m, group_of.get(m.id), ids) for m in locations],
    )


def _in_order(mentions: Sequence[Actor | Location], group_of: dict[str, Group]) -> list[Group]:
    found: dict[int, Group] = {}
    for mention in mentions:
        group = group_of.get(mention.id)
        if group is not None:
            found.setdefault(id(group), group)
    return list(found.values())


def _numbered(mentions: Sequence[Actor | Location], group_of: dict[str, Group]) -> dict[int, str]:
    return {id(group): f"e{n}" for n, group in enumerate(_in_order(mentions, group_of), start=1)}


def _named_apart(mentions: Sequence[Actor | Location], group_of: dict[str, Group]) -> list[tuple[Group, str]]:
    """The groups in order with a name each; where two would share one, the later one's tells its kind too."""
    used: set[str] = set()
    out: list[tuple[Group, str]] = []
    for group in _in_order(mentions, group_of):
        name = group.name
        if name.casefold() in used:
            name = f"{name} {group.kind.replace('_', ' ')}"
        number = 2
        while name.casefold() in used:
            name = f"{group.name} {group.kind.replace('_', ' ')} {number}"
            number += 1
        used.add(name.casefold())
        out.append((group, name))
    return out


def _actor(actor: Actor, group: Group | None, ids: dict[int, str], unnamed: bool) -> Actor:
    anonymous = True if unnamed else actor.anonymous
    if group is None:
        return actor if anonymous == actor.anonymous else replace(actor, anonymous=anonymous)
    return replace(actor, entity=ids[id(group)], kind=group.actor_kind, anonymous=anonymous)


def _location(location: Location, group: Group | None, ids: dict[int, str]) -> Location:
    return location if group is None else replace(location, entity=ids[id(group)])
