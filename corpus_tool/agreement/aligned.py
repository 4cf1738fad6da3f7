"""The versions of one document beside each other: which annotations mark the same thing, and what each says of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import copysign, log10
from typing import NamedTuple

from corpus_tool.agreement.entities import same_entities
from corpus_tool.agreement.versions import Version, Versions
from corpus_tool.language.pairing import align_spans
from corpus_tool.model import Annotation, Entity, Span, pieces
from corpus_tool.model.schemas import Layer

#: The figures' numbers, which together are one statement.
NUMBERS = ("value", "min", "max")

#: Behind the name of an attribute that refers to an annotation: whom or what that annotation mentions.
ENTITY_OF = ".entity"

#: Where the entity lies that an annotation mentions, to a hundredth of a degree (about a kilometre).
COORDINATES = "entity.coordinates"

#: Significant digits in which two numbers are one.
_DIGITS = 6

Unit = Mapping[str, Annotation]


class Said(NamedTuple):
    """What an annotation says of one attribute: a label that is equal where annotators say the same, and words."""

    label: Hashable
    words: str


def kind_of(annotation: Annotation) -> str:
    """The kind of an annotation; of a figure, its measure; "" where it has none."""
    return str(getattr(annotation, "kind", None) or getattr(annotation, "measure", None) or "")


@dataclass(frozen=True)
class Aligned:
    """The versions of a document, and what in them is the same."""

    versions: Versions
    layers: Mapping[str, Layer]

    @cached_property
    def units(self) -> dict[str, list[Unit]]:
        """By layer, the things that annotators marked: by annotator the annotation that stands for it."""
        names = [n for n in self.layers if any(n in v.document.layers for v in self.versions.by_annotator.values())]
        return {name: self._units(name) for name in names}

    def _units(self, layer: str) -> list[Unit]:
        sides = {
            annotator: sorted(version.spans(layer), key=lambda a: (pieces(a), kind_of(a), a.id))
            for annotator, version in self.versions.by_annotator.items()
        }
        found = align_spans([[pieces(a) for a in own] for own in sides.values()])
        return [
            {name: own[place] for (name, own), place in zip(sides.items(), places, strict=True) if place is not None}
            for places in found
        ]

    @cached_property
    def unit_of(self) -> dict[tuple[str, str], tuple[str, int]]:
        """By annotator and id of an annotation: its layer, and the number of the thing that it marks."""
        return {
            (annotator, annotation.id): (layer, number)
            for layer, units in self.units.items()
            for number, unit in enumerate(units)
            for annotator, annotation in unit.items()
        }

    @cached_property
    def entities(self) -> list[dict[str, Entity]]:
        """The entities, each thing once, by annotator."""
        return same_entities({name: v.document.entities for name, v in self.versions.by_annotator.items()})

    @cached_property
    def entity_of(self) -> dict[tuple[str, str], tuple[int, Entity]]:
        """By annotator and id of an entity: the number of the thing that it is, and the entity."""
        return {
            (annotator, entity.id): (number, entity)
            for number, group in enumerate(self.entities)
            for annotator, entity in group.items()
        }

    @cached_property
    def annotations(self) -> dict[tuple[str, str], Annotation]:
        """By annotator and id, every annotation of every version."""
        return {
            (name, annotation.id): annotation
            for name, version in self.versions.by_annotator.items()
            for annotations in version.document.layers.values()
            for annotation in annotations
        }

    def said(self, version: Version, layer: str, annotation: Annotation, attribute: str) -> Said | None:
        """What an annotation says of an attribute of its layer (``statements``); None where it says nothing."""
        annotator = version.annotator
        if attribute == COORDINATES:
            return self._coordinates(annotator, annotation)
        if attribute.endswith(ENTITY_OF):
            return self._mentioned(annotator, getattr(annotation, attribute.removesuffix(ENTITY_OF), None))
        value = getattr(annotation, attribute, None)
        if is_amount(self.layers[layer], attribute):
            return _numbers(annotation)
        if value is None or value in ((), [], ""):
            return None
        if isinstance(value, Span):
            return Said(pieces(value), f"“{value.text}”")
        targets = _targets(self.layers[layer], attribute)
        if targets == "entities":
            return self._entity(annotator, value)
        if targets:
            ids = [value] if isinstance(value, str) else sorted(value)
            told = [self._target(annotator, target) for target in ids]
            label = told[0].label if isinstance(value, str) else frozenset(one.label for one in told)
            return Said(label, " and ".join(one.words for one in told))
        return _plain(value)

    def _target(self, annotator: str, target: str) -> Said:
        annotation = self.annotations.get((annotator, target))
        unit = self.unit_of.get((annotator, target), (annotator, target))
        return Said(unit, f"“{annotation.text}” at {annotation.start}" if annotation else target)

    def _entity(self, annotator: str, entity_id: str) -> Said:
        found = self.entity_of.get((annotator, entity_id))
        if found is None:
            return Said((annotator, entity_id), entity_id)
        links = ", ".join(f"{register} {link}" for register, link in sorted(found[1].links.items()))
        return Said(found[0], found[1].name + (f" ({links})" if links else ""))

    def _mentioned(self, annotator: str, target: object) -> Said | None:
        """Who the annotation with an id mentions: its entity, or the mention itself where it has none."""
        if not isinstance(target, str):
            return None
        annotation = self.annotations.get((annotator, target))
        entity = getattr(annotation, "entity", None)
        return self._entity(annotator, entity) if entity else self._target(annotator, target)

    def _coordinates(self, annotator: str, annotation: Annotation) -> Said | None:
        found = self.entity_of.get((annotator, getattr(annotation, "entity", None) or ""))
        if found is None or found[1].lat is None or found[1].lon is None:
            return None
        point = (round(found[1].lat, 2), round(found[1].lon, 2))
        return Said(point, f"{point[0]:g}, {point[1]:g}")


def statements(layer: Layer, aligned: Sequence[Aligned] = ()) -> Iterator[str]:
    """What annotations of a layer can agree on beside their bounds: attributes, and what follows from them.

    Args:
        layer: the layer.
        aligned: documents; where none of their entities has coordinates, these are no statement.
    """
    for attribute in layer.attributes:
        if attribute in NUMBERS[1:] and _has_numbers(layer):
            continue
        yield attribute
        if _targets(layer, attribute) == "actors" and isinstance(layer.attributes[attribute].get("x-refers-to"), str):
            yield attribute + ENTITY_OF
        if _targets(layer, attribute) == "entities" and any(
            entity.lat is not None for document in aligned for group in document.entities for entity in group.values()
        ):
            yield COORDINATES


def is_amount(layer: Layer, attribute: str) -> bool:
    """Whether an attribute stands for the figures' numbers."""
    return attribute == "value" and _has_numbers(layer)


def number_of(annotation: Annotation, layer: Layer, attribute: str) -> float | None:
    """The number that an attribute holds; of a range its middle, of an open one its end. None for what is no number.

    Of an amount it is the logarithm of 1 + the amount, with its sign: amounts run from 2 to billions, and a slip by one
    in the large ones would otherwise hide all those in the small ones, or the reverse.
    """
    number = _number_of(annotation, layer, attribute)
    if number is None or not is_amount(layer, attribute):
        return number
    return copysign(log10(1 + abs(number)), number)


def _number_of(annotation: Annotation, layer: Layer, attribute: str) -> float | None:
    if is_amount(layer, attribute):
        value, low, high = (getattr(annotation, name, None) for name in NUMBERS)
        if value is None:
            ends = [float(end) for end in (low, high) if end is not None]
            return sum(ends) / len(ends) if ends else None
        return float(value)
    value = getattr(annotation, attribute, None)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_number(layer: Layer, attribute: str) -> bool:
    """Whether an attribute holds numbers."""
    return layer.attributes.get(attribute, {}).get("type") in ("number", "integer")


def _has_numbers(layer: Layer) -> bool:
    return all(name in layer.attributes for name in NUMBERS)


def _targets(layer: Layer, attribute: str) -> str | None:
    """What an attribute's ids refer to: a layer, or "entities"."""
    spec = layer.attributes.get(attribute, {})
    items = spec.get("items")
    target = spec.get("x-refers-to") or (items.get("x-refers-to") if isinstance(items, dict) else None)
    return str(target) if target else None


def _numbers(annotation: Annotation) -> Said | None:
    named = [(name, getattr(annotation, name, None)) for name in NUMBERS]
    told = [(name, _rounded(number)) for name, number in named if number is not None]
    words = ", ".join(number if name == "value" else f"{name} {number}" for name, number in told)
    return Said(tuple(told), words) if told else None


def _rounded(number: float) -> str:
    return f"{number:.{_DIGITS}g}"


def _plain(value: object) -> Said:
    if isinstance(value, bool):
        return Said(value, "true" if value else "false")
    if isinstance(value, int | float):
        return Said(_rounded(value), f"{value:g}")
    if isinstance(value, list | tuple):
        return Said(repr(value), ", ".join(map(str, value)))
    return Said(repr(value), str(value))
