"""Which of another tool's labels stands for which layer, kind and attribute, and which relation for which link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from corpus_tool.formats.foreign import FROM, TO, Scalar
from corpus_tool.model.schemas import Layer

#: In front of the type of a document's own relation that would be taken for a link of a layer.
_RELATION_PREFIX = "relation-"

R = TypeVar("R")


@dataclass(frozen=True)
class Taken:
    """An attribute of ours that is taken from one of theirs.

    Attributes:
        name: what theirs is called.
        values: ours for each of theirs; a value that is not listed is taken as it is.
    """

    name: str
    values: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class SpanRule:
    """What spans of one label become. One of ``layer``, ``part`` and ``drop`` is set.

    Attributes:
        layer: the layer whose annotations they are.
        part: the attribute that holds them as a span of its own ("cue", "counted"), once a relation says of what.
        drop: why they are left out.
        constants: attributes that all of them have.
        taken: attributes that are taken from theirs. Attributes of theirs that are called as one of the layer's need no
            line; all others go to ``extra``.
    """

    layer: str | None = None
    part: str | None = None
    drop: str | None = None
    constants: Mapping[str, Scalar] = field(default_factory=dict)
    taken: Mapping[str, Taken] = field(default_factory=dict)


@dataclass(frozen=True)
class RelationRule:
    """What relations of one label become. One of ``attributes``, ``same_entity``, ``keep`` and ``drop`` is set.

    Attributes:
        annotation: the role of the annotation that gets the attributes.
        attributes: for each attribute that is a link or a part, the role of what it links to.
        same_entity: whether all its ends mention one entity.
        keep: the type of the relation of ours that it becomes.
        drop: why it is left out.
    """

    annotation: str = FROM
    attributes: Mapping[str, str] = field(default_factory=dict)
    same_entity: bool = False
    keep: str | None = None
    drop: str | None = None


@dataclass(frozen=True)
class LabelMapping:
    """A mapping of labels; relations that it does not name are kept under their own.

    Attributes:
        spans: by label; capitals matter only where two labels differ in nothing else.
        relations: by label.
        status: the status of what comes in and does not say its own.
        annotator: who made it, where the files do not say.
        main: the annotator whose work goes into ``documents/``, where there are several; None for the first.
        dataset: of a dataset, its config, split and revision, and which column or key is which.
    """

    spans: Mapping[str, SpanRule] = field(default_factory=dict)
    relations: Mapping[str, RelationRule] = field(default_factory=dict)
    status: str = "accepted"
    annotator: str | None = None
    main: str | None = None
    dataset: Mapping[str, str] = field(default_factory=dict)

    def span_rule(self, label: str) -> SpanRule | None:
        """The rule for a label, None where the mapping does not name it."""
        return _looked_up(self.spans, label)

    def relation_rule(self, label: str) -> RelationRule:
        """The rule for a relation's label."""
        found = _looked_up(self.relations, label)
        return found or RelationRule(keep=label.removeprefix(_RELATION_PREFIX))


def _looked_up(rules: Mapping[str, R], label: str) -> R | None:
    found = rules.get(label)
    if found is None:
        folded = label.casefold()
        return next((rule for name, rule in rules.items() if name.casefold() == folded), None)
    return found


def native(layers: Mapping[str, Layer], *, kind_in_label: bool = False) -> LabelMapping:
    """The mapping that exports go by and every import knows: layers and attributes under their own names.

    Args:
        layers: the layers of the corpus.
        kind_in_label: whether spans are also called ``layer.kind``, for formats that hold nothing but labels.
    """
    spans: dict[str, SpanRule] = {}
    relations: dict[str, RelationRule] = {}
    for name, layer in layers.items():
        spans[name] = SpanRule(layer=name)
        if kind_in_label:
            spans |= {kind_label(name, k): SpanRule(layer=name, constants={"kind": k}) for k in layer.kinds}
    for layer in layers.values():
        for attribute in layer.span_attributes:
            spans.setdefault(part_label(attribute, layers), SpanRule(part=attribute))
        for attribute in (*layer.span_attributes, *links_of_layer(layer)):
            relations[attribute] = RelationRule(attributes={attribute: TO})
    return LabelMapping(spans, relations)


def links_of_layer(layer: Layer) -> Iterator[str]:
    """The attributes of a layer that link an annotation to others, without those that name an entity."""
    for attribute in layer.references:
        spec = layer.attributes[attribute]
        if spec.get("x-refers-to", spec.get("items", {}).get("x-refers-to")) != "entities":
            yield attribute


def kind_label(layer: str, kind: str) -> str:
    """The label of annotations of a kind, in formats that hold nothing but labels."""
    return f"{layer}.{kind}"


def part_label(attribute: str, layers: Mapping[str, Layer]) -> str:
    """The label of the spans that an attribute holds; apart from every layer's name."""
    return f"{attribute}-span" if attribute in layers else attribute


def relation_label(type_: str, mapping: LabelMapping) -> str:
    """The label of a document's own relation, which no rule of the mapping takes for anything else."""
    is_taken = _looked_up(mapping.relations, type_) is not None or type_.startswith(_RELATION_PREFIX)
    return f"{_RELATION_PREFIX}{type_}" if is_taken else type_


def joined(*mappings: LabelMapping) -> LabelMapping:
    """Several mappings as one; what a later one says stands."""
    first, *rest = mappings
    for later in rest:
        first = replace(
            later,
            spans={**_without(first.spans, later.spans), **later.spans},
            relations={**_without(first.relations, later.relations), **later.relations},
        )
    return first


def _without(rules: Mapping[str, R], taken: Mapping[str, R]) -> dict[str, R]:
    """The rules but for labels that differ from a taken one in capitals alone."""
    folded = {label.casefold() for label in taken}
    return {label: rule for label, rule in rules.items() if label.casefold() not in folded}
