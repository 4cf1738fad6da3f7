"""ENT1xx and ENT2xx: how relations, references, mentions and names hang together within a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus_tool.checks.check import Check, Needs, Subject, document_of, escape, pointer_to, quoted
from corpus_tool.checks.ent import folded
from corpus_tool.diagnostics import Edit, Finding, Related, Severity
from corpus_tool.model import Actor, Entity, Location

#: Types of relations that lead from one thing to another and never back, as annotation schemes spell them.
_ONE_WAY = frozenset({
    "antecedent", "has_antecedent", "anaphora", "anaphor", "anaphoric", "coref", "coreference", "corefers_with",
    "refers_to", "mention_of", "part_of", "has_part", "part_whole", "member_of", "has_member", "subsidiary_of",
    "located_in", "contained_in", "contains", "parent", "parent_of", "child_of", "subevent", "subevent_of", "is_a",
    "subclass_of", "instance_of",
})  # fmt: skip


#: More steps of a circle are not written out.
_LONGEST_WAY = 8


class _Link(NamedTuple):
    """A step from one annotation or entity to another, and where the file says so."""

    target: str
    pointer: str


def mention_cycle(subject: Subject) -> Iterator[Finding]:
    """Mentions refer to each other in a circle.

    Why it matters: readers that follow the links to the first mention, or to the whole, never end. Looked at are
    relations of a type that goes one way (coref, antecedent, part_of, member_of …) and attributes of a corpus's own
    layer that refer to that layer itself (``"x-refers-to": "events"`` in events).

    Bad: r1 of type coref from a2 to a1, and r2 of type coref from a1 to a2.

    Good: a2 and a3 both refer to a1; links that go both ways, such as ``married_to``.
    """
    for what, links in _graphs(subject):
        for way, pointer in _circles(links):
            shown = way if len(way) <= _LONGEST_WAY else [*way[: _LONGEST_WAY - 1], "…", way[-1]]
            told = f"{what} leads in a circle: {' to '.join(quoted(step) for step in shown)}"
            yield Finding(told, pointer, "one of these links goes to another mention, or should not be there")


def goes_one_way(type_: str) -> bool:
    """Whether relations of a type lead from one thing to another and never back."""
    return type_.lower().replace("-", "_").replace(" ", "_") in _ONE_WAY


def _graphs(subject: Subject) -> Iterator[tuple[str, Mapping[str, Sequence[_Link]]]]:
    """The links of each kind that goes one way, by where they start."""
    by_type: dict[str, dict[str, list[_Link]]] = {}
    for i, relation in enumerate(document_of(subject).relations):
        if goes_one_way(relation.type) and relation.source != relation.target:  # ENT104 tells of a link with itself
            ends = by_type.setdefault(relation.type, {})
            ends.setdefault(relation.source, []).append(_Link(relation.target, f"/relations/{i}"))
    for name, ends in by_type.items():
        yield f"the relation {quoted(name)}", ends
    for name, places in subject.live.items():
        for key, spec in subject.layers[name].attributes.items():
            if spec.get("x-refers-to") != name or (name, key) == ("quotes", "parent"):  # QUO103
                continue
            links = {}
            for place in places:
                target = getattr(place.annotation, key, None)
                if isinstance(target, str):
                    links[place.annotation.id] = [_Link(target, f"{pointer_to(name, place.nth)}/{escape(key)}")]
            yield f"{key} of {name}", links


def _circles(links: Mapping[str, Sequence[_Link]]) -> Iterator[tuple[list[str], str]]:
    """Circles of a graph, one through each mention that a link comes back to.

    Each is the way round it, its first step once more at the end, and the pointer of the link that closes it.
    """
    done: set[str] = set()
    told: set[str] = set()
    for first in links:
        path: dict[str, Iterator[_Link]] = {}
        step: str | None = first if first not in done else None
        if step is not None:
            path[step] = iter(links[step])
        while path:
            step = next(reversed(path))
            link = next(path[step], None)
            if link is None:
                path.pop(step)
                done.add(step)
            elif link.target in path:
                if link.target in told:
                    continue
                told.add(link.target)
                way = list(path)
                yield [*way[way.index(link.target) :], link.target], link.pointer
            elif link.target in links and link.target not in done:
                path[link.target] = iter(links[link.target])


def duplicate_relation(subject: Subject) -> Iterator[Finding]:
    """The same relation joins the same two ends twice.

    Why it matters: relations are counted; the second one says nothing new, or one of its ends was meant to be another.

    Bad: r1 and r2, both ``"type": "works_for", "from": "a1", "to": "a2"``

    Good: one of them; two that differ in ``extra``.
    """
    seen: dict[object, int] = {}
    for i, relation in enumerate(document_of(subject).relations):
        extra = tuple(sorted((key, str(value)) for key, value in relation.extra.items()))
        first = seen.setdefault((relation.type, relation.source, relation.target, extra), i)
        if first != i:
            ends = f"from {quoted(relation.source)} to {quoted(relation.target)}"
            other = document_of(subject).relations[first].id
            told = f"relation {relation.id} says what {other} says: {quoted(relation.type)} {ends}"
            same = document_of(subject).relations[first].extra == relation.extra
            fix = (Edit(f"/relations/{i}", does="remove"),) if same else ()
            yield Finding(told, f"/relations/{i}", "", (Related(f"/relations/{first}", f"relation {other}"),), fix=fix)


def mention_without_entity(subject: Subject) -> Iterator[Finding]:
    """A name has no entity, though the same name of the same kind has one elsewhere in the document.

    Why it matters: mentions are counted by entity; this one was forgotten when the others were linked.

    Bad: "Lind" with ``"entity": "e1"`` in the first paragraph, and without ``entity`` in the fourth.

    Good: both with ``"entity": "e1"``; a document whose names have no entities.
    """
    for name in ("actors", "locations"):
        mentions = [
            (place, place.annotation)
            for place in subject.live.get(name, ())
            if isinstance(place.annotation, Actor | Location) and place.annotation.mention in {None, "name"}
        ]
        if all(a.entity is not None for _, a in mentions):
            continue
        known = {entity.id for entity in document_of(subject).entities}  # ENT101 tells of the others
        linked = {(a.kind, a.text): (place, a.entity) for place, a in mentions if a.entity in known}
        for place, a in mentions:
            if a.entity is None and (same := linked.get((a.kind, a.text))):
                other, entity = same
                yield Finding(
                    f"{name} {a.id} {quoted(a.text)} has no entity; {other.annotation.id}, the same name, has {entity}",
                    pointer_to(name, place.nth),
                    f'write "entity": "{entity}", if it is the same',
                    (Related(pointer_to(name, other.nth), f"{name} {other.annotation.id}"),),
                )


def name_is_alias_elsewhere(subject: Subject) -> Iterator[Finding]:
    """The name of an entity is an alias of another one of the same kind.

    Why it matters: most often they are one: the short name was entered as an entity of its own, and half of the
    mentions count for each.

    Bad: e1 "Rosa Lind" with the alias "Lind", and e4 "Lind", both of kind person.

    Good: e1 alone; two entities whose links say that they are two.
    """
    entities = document_of(subject).entities
    aliases: dict[tuple[str, str], list[tuple[int, Entity]]] = {}
    for i, entity in enumerate(entities):
        for alias in entity.aliases:
            aliases.setdefault((entity.kind, folded(alias)), []).append((i, entity))
    if not aliases:
        return
    for i, entity in enumerate(entities):
        for k, other in aliases.get((entity.kind, folded(entity.name)), ()):
            if other is entity or folded(other.name) == folded(entity.name):  # ENT206, ENT204
                continue
            if any(other.links.get(r, own) != own for r, own in entity.links.items()) or _share_a_link(entity, other):
                continue
            yield Finding(
                f"the name of entity {entity.id} {quoted(entity.name)} is an alias of {other.id} {quoted(other.name)}",
                f"/entities/{i}/name",
                "make them one, or give them links that tell them apart",
                (Related(f"/entities/{k}", f"entity {other.id}"),),
            )
            break


def _share_a_link(entity: Entity, other: Entity) -> bool:
    """Whether ENT205 tells of the two already."""
    return bool(entity.links.items() & other.links.items())


CHECKS = (
    Check("ENT105", "mention-cycle", Severity.WARNING, Needs.DOCUMENT, mention_cycle),
    Check("ENT106", "duplicate-relation", Severity.WARNING, Needs.DOCUMENT, duplicate_relation, fixable=True),
    Check("ENT207", "mention-without-entity", Severity.INFO, Needs.DOCUMENT, mention_without_entity),
    Check("ENT208", "name-is-alias-elsewhere", Severity.INFO, Needs.DOCUMENT, name_is_alias_elsewhere),
)
