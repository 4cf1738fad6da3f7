"""From a document to the neutral middle: annotations as spans, links and parts as relations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from corpus_tool.formats.fit import LINK, PART
from corpus_tool.formats.foreign import (
    FROM,
    TO,
    ForeignBlock,
    ForeignDocument,
    ForeignEntity,
    ForeignRelation,
    ForeignSpan,
    Scalar,
)
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.mapping import LabelMapping, RelationRule, SpanRule, kind_label, links_of_layer, part_label
from corpus_tool.formats.mapping import relation_label as label_of_relation
from corpus_tool.model import Annotation, Document, Entity, live, pieces, surface
from corpus_tool.model.schemas import RESERVED, Layer

#: Fields of ``meta`` that are not handed on: what the file was called, and objects of their own.
_OWN_META = ("article", "extra")


@dataclass(frozen=True)
class Outgoing:
    """A document in the neutral middle.

    Attributes:
        document: the document, with everything that the middle can hold.
        lost: what it cannot.
        kinds: layer and kind of each annotation, entity and relation, by id.
        paths: by id of an annotation, what each of its foreign attributes is in ours: ``role``, ``extra.KEY`` …
    """

    document: ForeignDocument
    lost: tuple[Lost, ...]
    kinds: Mapping[str, tuple[str, str]]
    paths: Mapping[str, Mapping[str, str]]


@dataclass
class _Made:
    """What has been made of a document so far."""

    spans: list[ForeignSpan] = field(default_factory=list)
    relations: list[ForeignRelation] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    paths: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """How things are called in an export.

    Attributes:
        layers: the layers of the corpus.
        mapping: the user's labels; empty for none.
        native: our own labels, for what the user's do not name.
        kind_in_label: whether a span holds nothing but a label.
    """

    layers: Mapping[str, Layer]
    mapping: LabelMapping
    native: LabelMapping
    kind_in_label: bool = False


def to_foreign(document: Document, names: Names, annotator: str | None = None) -> Outgoing:
    """A document in the neutral middle, without what a person rejected.

    Args:
        document: the document.
        names: how things are called.
        annotator: whose work it is, where a corpus holds several people's on one text.
    """
    made = _Made()
    kept = {name: live(found) for name, found in document.layers.items()}
    alive = {a.id for found in kept.values() for a in found}
    for name, found in document.layers.items():
        for annotation in found:
            made.kinds[annotation.id] = (name, getattr(annotation, "kind", None) or "")
            if annotation.id not in alive:
                made.lost.append(Lost("rejected", annotation.id, "a person rejected it"))
    for name, found in kept.items():
        for annotation in found:
            _add_annotation(document.text, annotation, names.layers[name], names, alive, made)
    for relation in document.relations:
        made.kinds[relation.id] = ("relations", relation.type)
        if {relation.source, relation.target} <= alive:
            label = label_of_relation(relation.type, names.native if not names.mapping.relations else names.mapping)
            ends = ((FROM, relation.source), (TO, relation.target))
            made.relations.append(ForeignRelation(relation.id, label, ends, dict(relation.extra)))
        else:
            made.lost.append(Lost("relation", relation.id, "an end of it is no annotation"))
    made.kinds |= {entity.id: ("entities", entity.kind) for entity in document.entities}
    meta, extra = _meta(document)
    foreign = ForeignDocument(
        name=document.id,
        text=document.text,
        path=f"documents/{document.id}.json",
        annotator=annotator,
        meta={**extra, **meta},
        blocks=tuple(ForeignBlock(b.start, b.end, b.kind) for b in document.blocks),
        spans=tuple(made.spans),
        relations=tuple(made.relations),
        entities=tuple(_entity(e, made.lost) for e in document.entities),
    )
    return Outgoing(foreign, tuple(made.lost), made.kinds, made.paths)


def _meta(document: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    raw = msgspec.to_builtins(document.meta)
    known = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return {k: v for k, v in known.items() if k not in _OWN_META}, dict(document.meta.extra)


def _entity(entity: Entity, lost: list[Lost]) -> ForeignEntity:
    own = {k: getattr(entity, k) for k in ("lat", "lon", "link_score", "link_method")}
    taken = [key for key in entity.extra if key in Entity.__struct_fields__]
    lost += [Lost(f"extra.{key}", entity.id, "a field of the entity is called the same") for key in taken]
    extra = {key: value for key, value in entity.extra.items() if key not in taken}
    attributes = {**extra, **{k: v for k, v in own.items() if v is not None}}
    return ForeignEntity(entity.id, entity.name, entity.kind, dict(entity.links), entity.aliases, attributes)


def _add_annotation(
    text: str, annotation: Annotation, layer: Layer, names: Names, alive: set[str], made: _Made
) -> None:
    values = {key: getattr(annotation, key, None) for key in layer.attributes}
    label, rule = _label(layer, values, names)
    links = [*layer.span_attributes, *links_of_layer(layer)]
    attributes: dict[str, Scalar] = {}
    paths: dict[str, str] = {}
    for key, value in values.items():
        if value is None or value == () or key in links or key in rule.constants or key == "entity":
            continue
        name, held = _theirs(key, value, rule)
        attributes[name], paths[name] = held, key
    _add_rest(annotation, layer, attributes, paths, made.lost)
    own = pieces(annotation)
    made.paths[annotation.id] = paths
    made.spans.append(
        ForeignSpan(
            annotation.id,
            label,
            own,
            surface(text, own),
            attributes,
            getattr(annotation, "entity", None),
            layer=layer.name,
        )
    )
    _add_links(text, annotation, {key: values[key] for key in links if values[key]}, label, names, alive, made)


def _theirs(key: str, value: Any, rule: SpanRule) -> tuple[str, Scalar]:
    """The name and the value of an attribute as the mapping calls them; lists and objects as JSON."""
    held: Scalar = value if isinstance(value, str | int | float | bool) else json.dumps(value, ensure_ascii=False)
    taken = rule.taken.get(key)
    if taken is None:
        return key, held
    return taken.name, next((theirs for theirs, ours in taken.values.items() if ours == held), held)


def _add_rest(
    annotation: Annotation, layer: Layer, attributes: dict[str, Scalar], paths: dict[str, str], lost: list[Lost]
) -> None:
    """What stands on annotations of every layer: ``extra`` and ``provenance``."""
    provenance = annotation.provenance
    if provenance is not None:
        if provenance.was is not None:
            lost.append(Lost("provenance.was", annotation.id))
        for key in RESERVED:
            if (value := getattr(provenance, key)) is not None:
                attributes[key], paths[key] = value, f"provenance.{key}"
    for key, value in annotation.extra.items():
        if key in attributes or key in layer.attributes or key in RESERVED:
            lost.append(Lost(f"extra.{key}", annotation.id, "an attribute of the layer is called the same"))
        else:
            attributes[key], paths[key] = value, f"extra.{key}"


def _label(layer: Layer, values: Mapping[str, Any], names: Names) -> tuple[str, SpanRule]:
    """The label of an annotation: of the user's rules that fit it the one that says most, else our own."""
    fitting = [
        (label, rule)
        for label, rule in names.mapping.spans.items()
        if rule.layer == layer.name and all(values.get(k) == v for k, v in rule.constants.items())
    ]
    if fitting:
        return max(fitting, key=lambda item: len(item[1].constants))
    kind = values.get("kind")
    label = kind_label(layer.name, kind) if names.kind_in_label and kind in layer.kinds else layer.name
    return label, names.native.spans[label]


def _add_links(
    text: str,
    annotation: Annotation,
    links: Mapping[str, Any],
    label: str,
    names: Names,
    alive: set[str],
    made: _Made,
) -> None:
    """The links and the parts of an annotation, as one event where the mapping has one, else as arrows."""
    targets: dict[str, list[str]] = {}
    for key, value in links.items():
        if isinstance(value, str | tuple | list):
            ids = [value] if isinstance(value, str) else list(value)
            found = [i for i in ids if i in alive]
            if len(found) < len(ids):
                made.lost.append(Lost(key, annotation.id, "it links to what was rejected or is not there"))
        else:
            found = [f"{PART}{annotation.id}:{key}"]
            own = pieces(value)
            made.spans.append(ForeignSpan(found[0], _part_label(key, names), own, surface(text, own)))
        if found:
            targets[key] = found
    event = _event(targets, label, names.mapping)
    if event is not None:
        name, rule = event
        covered = {key: role for key, role in rule.attributes.items() if key in targets}
        if "speaker" in covered and "co_speakers" in targets:
            covered["co_speakers"] = rule.attributes["speaker"]
        ends = [(rule.annotation, annotation.id)]
        ends += [(role, i) for key, role in covered.items() for i in targets.pop(key)]
        made.relations.append(ForeignRelation(f"{LINK}{annotation.id}:{'+'.join(covered)}", name, tuple(ends)))
    for key, ids in targets.items():
        for number, target in enumerate(ids):
            made.relations.append(
                ForeignRelation(
                    f"{LINK}{annotation.id}:{key}:{number}",
                    _arrow_label(key, names.mapping),
                    ((FROM, annotation.id), (TO, target)),
                )
            )


def _event(targets: Iterable[str], label: str, mapping: LabelMapping) -> tuple[str, RelationRule] | None:
    """The relation of the mapping that says most of an annotation's links, if it is more than an arrow."""
    found = [
        (name, rule)
        for name, rule in mapping.relations.items()
        if set(rule.attributes) & set(targets) and (rule.annotation != FROM or len(rule.attributes) > 1)
        if rule.annotation in {FROM, label} or rule.annotation not in mapping.spans
    ]
    return max(found, key=lambda item: len(set(item[1].attributes) & set(targets))) if found else None


def _arrow_label(attribute: str, mapping: LabelMapping) -> str:
    arrows = (
        name for name, r in mapping.relations.items() if r.annotation == FROM and dict(r.attributes) == {attribute: TO}
    )
    return next(arrows, attribute)


def _part_label(attribute: str, names: Names) -> str:
    own = (label for label, rule in names.mapping.spans.items() if rule.part == attribute)
    return next(own, part_label(attribute, names.layers))
