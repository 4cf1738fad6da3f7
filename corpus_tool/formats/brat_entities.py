"""brat's normalizations, which name who or what a span refers to, as entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from corpus_tool.formats.foreign import ForeignEntity, Scalar

#: The register that stands for a corpus's own entities.
OWN_REGISTER = "corpus-tool"

#: The names of registers as documents write them.
_REGISTERS = {"wikidata": "wikidata", "geonames": "geonames"}

#: The note that holds a further name of an entity, one a line.
ALIASES = "aliases"
KIND = "kind"


class Reference(NamedTuple):
    """One N record: what it is about, the register and the id there, the name, and its line."""

    key: str
    target: str
    register: str
    id: str
    name: str
    line: int


def entities_of(
    references: Sequence[Reference], attributes: Mapping[str, Mapping[str, Scalar]], ids: Mapping[str, int]
) -> tuple[tuple[ForeignEntity, ...], dict[str, str]]:
    """The entities that normalizations make up, and the entity of each span.

    Spans with one reference in common mention one entity, unless a corpus's own reference says otherwise.

    Args:
        references: the N records.
        attributes: attributes and notes by what they are about; those of an N record are about its entity.
        ids: the ids that are there.
    """
    groups: dict[str, list[Reference]] = {}  # by the first reference's key
    leader: dict[str, str] = {}  # of each target and of each (register, id)
    there = [r for r in references if r.target in ids]
    by_own = {r.target for r in there if r.register == OWN_REGISTER}
    for reference in sorted(there, key=lambda r: r.register != OWN_REGISTER):
        target, name = reference.target, f"{reference.register}:{reference.id}"
        is_own = reference.register == OWN_REGISTER
        known = leader.get(target) or (leader.get(name) if is_own or target not in by_own else None)
        other = leader.get(name)
        if known and other and known != other and not by_own & {r.target for r in groups[known]}:
            groups[other] += groups.pop(known)  # two names that the reference shows to be one's
            leader.update({key: other for key, group in leader.items() if group == known})
            known = other
        known = known or reference.key
        groups.setdefault(known, []).append(reference)
        leader[target] = known
        leader.setdefault(name, known)
    entities = tuple(_entity(group, attributes) for group in groups.values())
    mentioned = {r.target: e.id for e, group in zip(entities, groups.values(), strict=True) for r in group}
    return entities, mentioned


def _entity(group: Sequence[Reference], attributes: Mapping[str, Mapping[str, Scalar]]) -> ForeignEntity:
    own = [r for r in group if r.register == OWN_REGISTER]
    notes = {key: value for r in group for key, value in attributes.get(r.key, {}).items()}
    aliases, kind = notes.pop(ALIASES, ""), notes.pop(KIND, None)
    return ForeignEntity(
        id=own[0].id if own else group[0].key,
        name=next((r.name for r in (*own, *group) if r.name), None),
        kind=None if kind is None else str(kind),
        links={_REGISTERS.get(r.register.lower(), r.register): r.id for r in group if r.register != OWN_REGISTER},
        aliases=tuple(str(aliases).split("\n")) if aliases else (),
        attributes=notes,
        line=group[0].line,
    )
