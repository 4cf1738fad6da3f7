"""Who descriptions and pronouns are: "the mayor", "spy agency Mossad", "she said"; conservative throughout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from corpus_tool.annotate.lexicon import words
from corpus_tool.annotate.name_bounds import flat
from corpus_tool.annotate.naming import Group
from corpus_tool.annotate.parsed import ParsedArticle
from corpus_tool.model import Actor, Location, Quote

#: How far back, in code points, a description or a pronoun may reach for what it stands for.
_REACH = 700

#: The longest "… of the Tarn Museum, " between a description and the name behind it, in code points.
_PHRASE = 60

_HE, _SHE, _IT, _THEY = ({"he", "him", "his"}, {"she", "her"}, {"it"}, {"they"})
_DEFINITE = re.compile(r"\b(?:the|this|that)\s+(?:\w+\s+)?$", re.IGNORECASE)
_BODIES = frozenset({"organization", "government", "military", "armed_group", "media", "party"})

#: Nouns that may stand for a body of another kind than their own ("the group" for a militia).
_ANY_BODY = frozenset({"group", "organization", "organisation", "movement", "agency", "body"})

#: Location nouns that stand for the last place of their kind.
_PLACE_HEADS = {
    "city": "city",
    "town": "city",
    "village": "city",
    "country": "country",
    "nation": "country",
    "province": "province",
    "state": "province",
    "county": "province",
    "district": "district",
    "neighbourhood": "district",
    "neighborhood": "district",
}

_UNNAMED_SOURCE = re.compile(
    r"\b(?:anonym|unnamed|unidentified|not\s+(?:to\s+)?be\s+(?:named|identified|quoted)|not\s+authori[sz]ed"
    r"|declined\s+to\s+be\s+(?:named|identified)|familiar\s+with|with\s+knowledge\s+of|close\s+to\s+the|briefed\s+on"
    r"|withh[eo]ld)",
    re.IGNORECASE,
)
_APPOSED = re.compile(r",(?:\s\d{1,3},)?\s(?:(?:the|a|an)\s)?")
_SOURCE_CLAUSE = re.compile(r",?\s(?:who|with|familiar|close|briefed|speaking)\b")
_SOURCE_HEADS = words("source_nouns")


def join_descriptions(
    article: ParsedArticle,
    mentions: Sequence[Actor | Location],
    quotes: Sequence[Quote],
    group_of: dict[str, Group],
) -> None:
    """Adds nominal and pronoun mentions to the groups of those they stand for, and groups for repeated unnamed ones.

    Args:
        article: the article.
        mentions: all its mentions, in order of the text.
        quotes: its quotes, whose speakers the pronouns are.
        group_of: the group of each mention by its id; written to.
    """
    speakers = [q.speaker for q in sorted(quotes, key=lambda q: q.start) if q.speaker]
    roles = _roles(mentions, group_of)
    text = article.text
    for i, mention in enumerate(mentions):
        if mention.id in group_of or mention.mention == "name":
            continue
        group: Group | None
        if mention.mention == "pronoun":
            group = _of_pronoun(mention, mentions[:i], speakers, group_of)
        else:
            group = _beside_name(text, mention, mentions, i, group_of)
            group = group or _of_nominal(text, mention, mentions[:i], roles, group_of)
        if group is not None:
            group.mentions.append(mention.id)
            group_of[mention.id] = group


def _roles(mentions: Iterable[Actor | Location], group_of: Mapping[str, Group]) -> list[tuple[frozenset[str], Group]]:
    """The words of each role that the article gives a named person, and the person."""
    return [
        (frozenset(flat(m.role).lower().replace("-", " ").split(" ")), group_of[m.id])
        for m in mentions
        if isinstance(m, Actor) and m.role and m.id in group_of
    ]


def _head(mention: Actor | Location) -> str:
    return flat(mention.text).rsplit(" ", 1)[-1].lower()


def _beside_name(
    text: str, mention: Actor | Location, mentions: Sequence[Actor | Location], i: int, group_of: Mapping[str, Group]
) -> Group | None:
    """The name in apposition: "spy agency Mossad", "Lind, the mayor"."""
    if not isinstance(mention, Actor):
        return None
    near = mentions[i + 1 : i + 3]
    inside = [m for m in near if isinstance(m, Actor) and m.mention == "name" and m.end < mention.end]
    if inside and _head(mention) in _ANY_BODY and text[inside[-1].end : mention.end].strip().lower() == _head(mention):
        return group_of[inside[-1].id] if _fits(mention, group_of[inside[-1].id]) else None
    for other in mentions[i + 1 : i + 3]:
        if isinstance(other, Actor) and other.mention == "name" and text[mention.end : other.start] == " ":
            group = group_of.get(other.id)
            return group if group is not None and _fits(mention, group) else None
    for other in mentions[i + 1 : i + 4]:
        gap = text[mention.end : other.start]
        if isinstance(other, Actor) and other.role and gap.endswith(", ") and len(gap) < _PHRASE:
            if flat(other.role).startswith(flat(mention.text)) and _fits(mention, group_of[other.id]):
                return group_of[other.id]
            break
    for other in reversed(mentions[max(0, i - 3) : i]):
        gap = text[other.end : mention.start]
        if other.mention == "name" and isinstance(other, Actor) and _APPOSED.fullmatch(gap):
            group = group_of.get(other.id)
            return group if group is not None and _fits(mention, group) and _is_role(mention, other) else None
    return None


def _is_role(mention: Actor, name: Actor) -> bool:
    return (name.role is not None and flat(name.role).startswith(flat(mention.text))) or name.kind != "person"


def _fits(mention: Actor | Location, group: Group) -> bool:
    """Whether a description may be one of this entity by their kinds."""
    if isinstance(mention, Location):
        return group.kind == mention.kind
    if mention.kind == "person":
        return group.kind == "person"
    return group.kind == mention.kind or (group.kind in _BODIES and _head(mention) in _ANY_BODY)


def _of_nominal(
    text: str,
    mention: Actor | Location,
    before: Sequence[Actor | Location],
    roles: Sequence[tuple[frozenset[str], Group]],
    group_of: dict[str, Group],
) -> Group | None:
    definite = bool(_DEFINITE.search(text[max(0, mention.start - 20) : mention.start]))
    if isinstance(mention, Location):
        return _of_place(mention, before, group_of) if definite else None
    if mention.kind == "person":
        known = _same_words(mention, before, group_of)
        if known is not None:
            return known
        if not definite:
            return None
        holders = {id(group): group for words, group in roles if set(flat(mention.text).lower().split(" ")) <= words}
        if holders:
            return next(iter(holders.values())) if len(holders) == 1 else None
        return _of_unnamed(mention, before, group_of)
    return _of_body(mention, before, group_of) if definite and mention.kind in _BODIES else None


def _of_place(mention: Location, before: Sequence[Actor | Location], group_of: Mapping[str, Group]) -> Group | None:
    kind = _PLACE_HEADS.get(flat(mention.text).lower())
    if kind is None or kind != mention.kind:
        return None
    near = [m for m in before if mention.start - m.start < _REACH and m.mention == "name"]
    if kind == "country":
        found = {id(group_of[m.id]): group_of[m.id] for m in near if group_of[m.id].kind in {"country", "state"}}
        return next(iter(found.values())) if len(found) == 1 else None
    last = next((m for m in reversed(near) if m.kind == kind), None)
    return group_of[last.id] if last is not None else None


def _same_words(mention: Actor, before: Sequence[Actor | Location], group_of: dict[str, Group]) -> Group | None:
    """The entity of an earlier unnamed person in exactly these words, two at least ("senior port official")."""
    words = flat(mention.text).casefold()
    if " " not in words:
        return None
    for other in reversed(before):
        if other.mention == "nominal" and isinstance(other, Actor) and flat(other.text).casefold() == words:
            return group_of.get(other.id) or _unnamed(other, group_of)
    return None


def _of_unnamed(mention: Actor, before: Sequence[Actor | Location], group_of: dict[str, Group]) -> Group | None:
    """The entity of the nearest earlier unnamed person whose description fits: "the official"."""
    words = set(flat(mention.text).lower().split(" "))
    for other in reversed(before):
        if mention.start - other.start > _REACH:
            return None
        if isinstance(other, Location) or other.mention != "nominal":
            continue
        if other.kind == "person" and _head(other) == _head(mention):
            if words <= set(flat(other.text).lower().split(" ")):
                return group_of.get(other.id) or _unnamed(other, group_of)
            return None
    return None


def _unnamed(mention: Actor, group_of: dict[str, Group]) -> Group:
    group = Group(mention.kind, [flat(mention.text)], [mention.id])
    group_of[mention.id] = group
    return group


def _of_body(mention: Actor, before: Sequence[Actor | Location], group_of: Mapping[str, Group]) -> Group | None:
    """The one body of the nearest name that fits, if no other of its kind is near: "the agency"."""
    if " " in flat(mention.text):
        return None
    head = mention.text.lower()
    near = [m for m in before if mention.start - m.start < _REACH and isinstance(m, Actor) and m.mention == "name"]
    found = {id(group_of[m.id]): group_of[m.id] for m in near if _fits(mention, group_of[m.id])}
    named = [g for g in found.values() if head in g.name.lower().split(" ")]
    if len(named) == 1:
        return named[0]
    return next(iter(found.values())) if len(found) == 1 and head in _ANY_BODY else None


def _of_pronoun(
    mention: Actor | Location,
    before: Sequence[Actor | Location],
    speakers: Sequence[str],
    group_of: Mapping[str, Group],
) -> Group | None:
    """The nearest person (or body, for "it") before a speaking pronoun, a speaker first."""
    word = mention.text.lower()
    wanted = {"person"} if word in _HE | _SHE else _BODIES | {"state"} if word in _IT else None
    if wanted is None:
        return None
    near = [m for m in before if mention.start - m.start < _REACH and m.id in group_of]
    near = [m for m in near if group_of[m.id].kind in wanted]
    spoke = [m for m in near if m.id in speakers]
    if spoke:
        return group_of[spoke[-1].id]
    found = {id(group_of[m.id]): group_of[m.id] for m in near}
    return next(iter(found.values())) if len(found) == 1 else None


def anonymous_sources(
    article: ParsedArticle, actors: Sequence[Actor], quotes: Sequence[Quote], group_of: Mapping[str, Group]
) -> frozenset[str]:
    """Ids of the actors that the article quotes as sources without naming them."""
    named = {id(group_of[a.id]) for a in actors if a.mention == "name" and a.id in group_of}
    speakers = {s for q in quotes if q.attitude in {None, "speech"} for s in (q.speaker, *q.co_speakers) if s}
    return frozenset(
        a.id
        for a in actors
        if a.mention == "nominal"
        and a.kind in {"person", "group"}
        and not _is_named(a, group_of, named)
        and ((a.id in speakers and _head(a) in _SOURCE_HEADS) or _says_unnamed(article.text, a))
    )


def _is_named(actor: Actor, group_of: Mapping[str, Group], named: set[int]) -> bool:
    return actor.id in group_of and id(group_of[actor.id]) in named


def _says_unnamed(text: str, actor: Actor) -> bool:
    """Whether the text says beside a source that it goes unnamed: "an official who asked not to be named"."""
    if _head(actor) not in _SOURCE_HEADS:
        return False
    if re.match(r"(?:unnamed|anonymous|unidentified)\b", actor.text, re.IGNORECASE):
        return True
    behind = re.split(r"[.!?\n]", text[actor.end : actor.end + 90], maxsplit=1)[0]
    return bool(_SOURCE_CLAUSE.match(behind) and _UNNAMED_SOURCE.search(behind))
