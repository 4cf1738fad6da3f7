"""One entity made of several annotators' descriptions of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from corpus_tool.model import Entity

V = TypeVar("V", bound=Hashable)


def merged_entities(group: Mapping[str, Entity], own: str) -> tuple[Entity, list[tuple[str, str, Any]]]:
    """An entity from those that stand for one thing.

    Names that are not the most frequent one become aliases, links are put together; of kind and coordinates the most
    frequent stands, and of equally frequent ones the first in order.

    Args:
        group: by annotator.
        own: the id in the result.

    Returns:
        The entity, and what is not in it: annotator, attribute, value.
    """
    entities = list(group.values())
    name = _most([entity.name for entity in entities])
    kind = _most([entity.kind for entity in entities])
    aliases = {alias for entity in entities for alias in (*entity.aliases, entity.name)} - {name}
    points = [(entity.lat, entity.lon) for entity in entities if entity.lat is not None or entity.lon is not None]
    lat, lon = _most(points) if points else (None, None)
    linked = next((e for e in entities if e.link_method is not None or e.link_score is not None), None)
    extra: dict[str, Any] = {}
    for entity in reversed(entities):
        extra |= entity.extra
    made = Entity(
        id=own,
        kind=kind,
        name=name,
        aliases=tuple(sorted(aliases)),
        links=dict(sorted(link for entity in entities for link in entity.links.items())),
        lat=lat,
        lon=lon,
        link_score=linked.link_score if linked else None,
        link_method=linked.link_method if linked else None,
        extra=extra,
    )
    return made, [(annotator, *lost) for annotator, entity in group.items() for lost in _lost(entity, made)]


def _lost(entity: Entity, made: Entity) -> Iterator[tuple[str, Any]]:
    """What an annotator's entity says and the result does not."""
    if entity.kind != made.kind:
        yield "kind", entity.kind
    if entity.lat is not None and (entity.lat, entity.lon) != (made.lat, made.lon):
        yield "lat, lon", [entity.lat, entity.lon]
    for key, value in entity.extra.items():
        if made.extra.get(key) != value:
            yield f"extra.{key}", value


def _most(values: Sequence[V]) -> V:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], repr(value)))
