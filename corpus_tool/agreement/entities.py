"""Which entities of several versions of a document are one: by a shared link, else by their name."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from corpus_tool.model import Entity

#: An annotator, and the id of an entity in their version.
Key = tuple[str, str]


def same_entities(entities: Mapping[str, Sequence[Entity]]) -> list[dict[str, Entity]]:
    """The entities of several annotators, each thing once, with the entity of each annotator that stands for it.

    Entities that share a link are one; then those of one name and kind; then those of one name. Two entities of one
    annotator are never one, nor are two that the same register calls differently.

    Args:
        entities: by annotator.

    Returns:
        For each thing, its entities by annotator.
    """
    groups: list[dict[str, Entity]] = [
        {annotator: entity}
        for annotator, own in sorted(entities.items())
        for entity in sorted(own, key=lambda e: (e.name, e.kind, e.id))
    ]
    for keys in (_links, _name_and_kind, _name):
        groups = _joined(groups, keys)
    return groups


def folded(name: str) -> str:
    """A name without what its writers differ in: capitals, width, white space."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _links(entity: Entity) -> Iterator[Hashable]:
    yield from entity.links.items()


def _name_and_kind(entity: Entity) -> Iterator[Hashable]:
    yield folded(entity.name), entity.kind


def _name(entity: Entity) -> Iterator[Hashable]:
    yield folded(entity.name)


def _joined(
    groups: Sequence[dict[str, Entity]], keys: Callable[[Entity], Iterator[Hashable]]
) -> list[dict[str, Entity]]:
    """Groups, those that share a key put together where they may be one."""
    joined: list[dict[str, Entity]] = []
    by_key: dict[Hashable, list[dict[str, Entity]]] = defaultdict(list)
    for group in groups:
        own = list(dict.fromkeys(key for entity in group.values() for key in keys(entity)))
        home = next((other for key in own for other in by_key[key] if _may_be_one(group, other)), None)
        if home is None:
            home = dict(group)
            joined.append(home)
        else:
            home.update(group)
        for key in own:
            if not any(other is home for other in by_key[key]):
                by_key[key].append(home)
    return joined


def _may_be_one(one: Mapping[str, Entity], other: Mapping[str, Entity]) -> bool:
    if not one.keys().isdisjoint(other):
        return False
    return not any(
        a.links[register] != b.links[register]
        for a in one.values()
        for b in other.values()
        for register in a.links.keys() & b.links.keys()
    )
