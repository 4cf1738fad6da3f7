"""Mapping files: what a user says about another tool's labels, read strictly and checked against the layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Position
from corpus_tool.formats import Format
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.mapping import LabelMapping, RelationRule, SpanRule, Taken, joined, native
from corpus_tool.formats.usual import USUAL
from corpus_tool.formats.values import value_of
from corpus_tool.model.schemas import JsonObject, Layer, read_schema, schema_folder
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import read_file

SCHEMA = "corpus-tool/mapping/1"

_NO_REASON = "left out by the mapping"


def whole_mapping(tool: Format, layers: Mapping[str, Layer], own: LabelMapping) -> LabelMapping:
    """What labels stand for: usual ones, the format's, our own names, and over all of them what the user says."""
    return joined(USUAL, tool.mapping, native(layers, kind_in_label=tool.kind_in_label), own)


def read_mapping(path: Path | None, layers: Mapping[str, Layer]) -> LabelMapping:
    """What a mapping file says; an empty mapping without a file.

    Raises:
        CorpusToolError: the file cannot be opened.
        ReadError: it is not YAML, not what the schema asks for, or names a layer or attribute that there is not.
    """
    if path is None:
        return LabelMapping()
    from corpus_tool.read.yaml import MAX_BYTES, YamlError, load_yaml  # late: without a mapping nothing needs YAML

    def refuse(message: str, at: Position | None = None) -> ReadError:
        at = at or Position(1, 1)
        return ReadError(import_fault("mapping-invalid", str(path), message, line=at.line, column=at.column))

    raw = read_file(path, limit=MAX_BYTES)
    try:
        loaded = load_yaml(raw.data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refuse(f"byte {error.start} is not UTF-8") from error
    except YamlError as error:
        raise refuse(str(error), error.position) from error
    wrong = next(iter(_validator().iter_errors(loaded.value)), None)
    if wrong is not None:
        pointer = _pointer(wrong.instance_path)
        where = f"{pointer.strip('/').replace('/', '.')}: " if pointer else ""
        raise refuse(f"{where}{wrong.message}", loaded.positions.get(pointer))
    for pointer, message in _contradictions(loaded.value, layers):
        raise refuse(message, loaded.positions.get(pointer))
    return _mapping(loaded.value)


@cache
def _validator() -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(read_schema(schema_folder() / "mapping.schema.json"))


def _pointer(path: Any) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _contradictions(raw: JsonObject, layers: Mapping[str, Layer]) -> Iterator[tuple[str, str]]:
    """What a mapping says that the layers do not know, with the JSON Pointer to it."""
    parts = {a for layer in layers.values() for a in layer.span_attributes}
    links = parts | {a for layer in layers.values() for a in layer.references}
    for label, rule in raw.get("spans", {}).items():
        at = _pointer(("spans", label))
        named = [key for key in ("layer", "part", "drop") if key in rule]
        if len(named) != 1:
            yield at, f"spans.{label}: says {' and '.join(named) or 'nothing'}; one of layer, part and drop is needed"
        elif "layer" in rule:
            yield from _layer_contradictions(f"spans.{label}", at, rule, layers)
        elif "attributes" in rule:
            yield f"{at}/attributes", f"spans.{label}: attributes go with layer, not with {named[0]}"
        elif rule.get("part", next(iter(parts))) not in parts:
            yield (
                f"{at}/part",
                f"spans.{label}: no attribute {rule['part']!r} holds a span ({', '.join(sorted(parts))})",
            )
    for label, rule in raw.get("relations", {}).items():
        at = _pointer(("relations", label))
        named = [key for key in ("attributes", "same_entity", "keep", "drop") if key in rule]
        if len(named) != 1:
            says = " and ".join(named) or "nothing"
            yield at, f"relations.{label}: says {says}; one of attributes, same_entity, keep and drop is needed"
        for attribute in rule.get("attributes", ()):
            if attribute not in links:
                known = ", ".join(sorted(links))
                yield (
                    f"{at}/attributes/{attribute}",
                    f"relations.{label}: no layer has the link {attribute!r} ({known})",
                )


def _layer_contradictions(
    name: str, at: str, rule: JsonObject, layers: Mapping[str, Layer]
) -> Iterator[tuple[str, str]]:
    layer = layers.get(rule["layer"])
    if layer is None:
        yield f"{at}/layer", f"{name}: there is no layer {rule['layer']!r} ({', '.join(layers)})"
        return
    for attribute, value in rule.get("attributes", {}).items():
        place = f"{at}/attributes/{attribute}"
        spec = layer.attributes.get(attribute)
        if spec is None:
            yield (
                place,
                f"{name}: the layer {layer.name} has no attribute {attribute!r} ({', '.join(layer.attributes)})",
            )
            continue
        values = value.get("values", {}).items() if isinstance(value, dict) else [(None, value)]
        for theirs, ours in values:
            if value_of(ours, spec) is None or value_of(ours, spec) != ours:
                listed = f"; it is one of {', '.join(map(str, spec['enum']))}" if "enum" in spec else ""
                inner = place if theirs is None else f"{place}/values/{theirs}"
                yield inner, f"{name}: {attribute} cannot be {ours!r}{listed}"


def _mapping(raw: JsonObject) -> LabelMapping:
    events = {label for label, rule in raw.get("relations", {}).items() if "annotation" in rule}
    return LabelMapping(
        spans={
            **{label: SpanRule(drop="the trigger of an event, whose arguments come in") for label in events},
            **{label: _span_rule(rule) for label, rule in raw.get("spans", {}).items()},
        },
        relations={
            label: RelationRule(
                annotation=rule.get("annotation", "from"),
                attributes=rule.get("attributes", {}),
                same_entity=rule.get("same_entity", False),
                keep=rule.get("keep"),
                drop=_reason(rule),
            )
            for label, rule in raw.get("relations", {}).items()
        },
        status=raw.get("status", "accepted"),
        annotator=raw.get("annotator"),
        main=raw.get("main"),
        dataset=raw.get("dataset", {}),
    )


def _span_rule(rule: JsonObject) -> SpanRule:
    attributes = rule.get("attributes", {})
    return SpanRule(
        layer=rule.get("layer"),
        part=rule.get("part"),
        drop=_reason(rule),
        constants={k: v for k, v in attributes.items() if not isinstance(v, dict)},
        taken={k: Taken(v["from"], v.get("values", {})) for k, v in attributes.items() if isinstance(v, dict)},
    )


def _reason(rule: JsonObject) -> str | None:
    drop = rule.get("drop")
    return drop if isinstance(drop, str) else _NO_REASON if drop else None
