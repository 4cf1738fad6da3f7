"""Which names of an article are names of the same: full and last names, acronyms, short forms, other spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from corpus_tool.annotate.demonyms import state_of
from corpus_tool.annotate.gazetteer import country_codes, fold, table, us_state
from corpus_tool.annotate.name_bounds import flat
from corpus_tool.annotate.own_places import NO_PLACES, OwnPlaces
from corpus_tool.model import Actor, Location

#: Words that an acronym passes over.
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "de", "&"})
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")


@dataclass
class Group:
    """Mentions of one entity while they are collected: ``kind`` is the entity's, ``mentions`` are ids."""

    kind: str
    names: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The fullest name: the one with most words, then the longest; the first where several are."""
        return max(self.names, key=lambda n: (_LATIN.match(n) is not None, not n.isupper(), len(n.split(" ")), len(n)))

    @property
    def actor_kind(self) -> str:
        """The kind of the actor mentions of this entity."""
        return "state" if self.kind == "country" else self.kind

    def aliases(self, name: str) -> tuple[str, ...]:
        """The other names, in order of the text, each once."""
        others = dict.fromkeys(n for n in self.names if n.casefold() != name.casefold())
        return tuple(others)

    def take(self, other: Group) -> None:
        """Takes over the names and mentions of another group."""
        self.names.extend(other.names)
        self.mentions.extend(other.mentions)


def group_names(mentions: Sequence[Actor | Location], places: OwnPlaces = NO_PLACES) -> list[Group]:
    """Groups of the named mentions of an article and the adjectives of states, given in order of the text.

    Names that the user's own ``places`` know as one place are one.
    """
    groups: dict[tuple[str, str], Group] = {}
    last: Group | None = None
    usual: dict[str, str] = {}
    for mention in mentions:
        name = flat(mention.text)
        if mention.mention != "name":
            state = state_of(name)
            if state is not None and mention.kind == "state":
                key, usual[key] = state
                group = groups.setdefault(("country", key), Group("state"))
                group.kind = "state"
                group.mentions.append(mention.id)
            continue
        if last is not None and not _LATIN.search(name):
            group = last
        else:
            group = groups.setdefault(_key(mention, name, places), Group(mention.kind))
        last = group
        group.names.append(name)
        group.mentions.append(mention.id)
        if mention.kind == "state":
            group.kind = "state"
    for (_, key), group in groups.items():
        group.names = group.names or [usual[key]]
    return _joined(list(groups.values()))


def _key(mention: Actor | Location, name: str, places: OwnPlaces) -> tuple[str, str]:
    """What mentions of one name share: states and countries their code, others their kind and letters."""
    if mention.kind in {"state", "country"}:
        return "country", country_codes().get(fold(name), fold(name))
    if isinstance(mention, Location):
        own = places.find(mention.kind, [name], ())
        return mention.kind, fold(own.place.name if own else us_state(name))
    full = table("actor_aliases").get(name, name)
    return mention.kind, fold(full)


def _joined(groups: list[Group]) -> list[Group]:
    """The groups, with last names, acronyms and short forms joined to the one full name that they fit."""
    names = {id(g): g.name for g in groups}
    people = [g for g in groups if g.kind == "person"]
    bodies = [g for g in groups if g.kind in _BODIES]
    gone: set[int] = set()
    for alike, fits in ((people, _is_short_person), (bodies, _is_short_body)):
        for short in sorted(alike, key=lambda g: len(names[id(g)])):
            name = names[id(short)]
            full = [g for g in alike if g is not short and id(g) not in gone and fits(name, names[id(g)])]
            if len(full) == 1:
                full[0].take(short)
                gone.add(id(short))
    return [g for g in groups if id(g) not in gone]


_BODIES = frozenset({"organization", "government", "military", "armed_group", "media", "party", "other"})


def _is_short_person(short: str, full: str) -> bool:
    """Whether each word of one name stands in the other, in order, the last names alike: "Lind", "R. Lind"."""
    few, many = _person_words(short), _person_words(full)
    if not few or len(few) >= len(many):
        return False
    if len(few) == 1:
        return few[0] == many[-1] or (few[0] == many[0] and len(few[0]) > 2)
    rest = iter(many)
    return few[-1] == many[-1] and all(any(_same_word(word, other) for other in rest) for word in few)


@lru_cache(maxsize=1024)
def _person_words(name: str) -> tuple[str, ...]:
    return tuple(word for word in fold(name).split(" ") if word not in _SUFFIXES)


def _same_word(word: str, other: str) -> bool:
    return word == other or (len(word) == 1 and other.startswith(word))


def _is_short_body(short: str, full: str) -> bool:
    """Whether a name is another's acronym or its first words: "WHO", "Smithsonian"."""
    if acronym_of(full) == short.replace(".", "") and len(short.replace(".", "")) > 1:
        return True
    if short in table("known_actors") or short.isupper() or len(short) < 4:
        return False
    few, many = short.split(" "), full.split(" ")
    rest = many[len(few) :]
    return bool(rest) and many[: len(few)] == few and all(w in table("organization_words") or w == "&" for w in rest)


@lru_cache(maxsize=1024)
def acronym_of(name: str) -> str:
    """The initials of a name of several words, small words left out."""
    parts = [p for word in name.split(" ") for p in word.split("-") if p and p.lower() not in _SMALL]
    return "".join(p[0].upper() for p in parts) if len(parts) > 1 else ""
