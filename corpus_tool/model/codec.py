"""Between a document's struct and JSON: decoding, and the contract's file layout (one annotation a line)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from corpus_tool.model.document import FORMAT, Block, Document, Entity, Meta, Relation
from corpus_tool.model.schemas import COMMON_FIRST, COMMON_LAST, JsonObject, Layer, base_schema

#: Lists of a document whose items stand on a line each.
_LISTS = ("blocks", "entities", "relations")


def document_from_json(raw: JsonObject, layers: Mapping[str, Layer]) -> Document:
    """The document that a schema-valid JSON object describes; its layers in the order of ``layers``.

    Raises:
        msgspec.ValidationError: ``raw`` does not follow the schema.
    """
    convert = msgspec.convert
    own = raw.get("layers", {})
    return Document(
        id=raw["id"],
        meta=convert(raw.get("meta", {}), Meta),
        text=raw["text"],
        text_sha256=raw["text_sha256"],
        blocks=convert(raw.get("blocks", ()), tuple[Block, ...]),
        entities=convert(raw.get("entities", ()), tuple[Entity, ...]),
        relations=convert(raw.get("relations", ()), tuple[Relation, ...]),
        layers={
            name: tuple(convert(own[name], list[layers[name].struct]))  # type: ignore[misc]  # a type made at run time
            for name in sorted(own, key=list(layers).index)
        },
    )


def document_to_json(document: Document) -> JsonObject:
    """The JSON object of a document, keys in the order of the contract."""
    raw: JsonObject = {"schema": FORMAT, **msgspec.to_builtins(document)}
    for key in ("blocks", "entities", "layers"):
        raw.setdefault(key, {} if key == "layers" else [])
    return raw


def _whole(value: Any) -> Any:
    """Numbers that are whole without their ".0", so that one amount has one spelling."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(child) for child in value]
    return value


def _line(value: object) -> str:
    return json.dumps(_whole(value), ensure_ascii=False, allow_nan=False)


def _ordered(item: Any, keys: Iterable[str]) -> Any:
    if not isinstance(item, dict):
        return item
    first = {key: item[key] for key in keys if key in item and key not in COMMON_LAST}
    rest = {key: value for key, value in item.items() if key not in first and key not in COMMON_LAST}
    last = {key: item[key] for key in COMMON_LAST if key in item}
    return {**first, **rest, **last}


def _lines(items: Iterable[object], indent: str) -> str:
    rows = ",\n".join(f"{indent}  {_line(item)}" for item in items)
    return f"[\n{rows}\n{indent}]" if rows else "[]"


def layout(raw: JsonObject, layers: Mapping[str, Layer]) -> str:
    """The contract's file layout of a document: keys in order, a line each for every block, entity and annotation.

    Args:
        raw: a document as a JSON object; keys that the format does not name keep their place at the end.
        layers: the layers that the document may hold, for the order of their attributes.

    Returns:
        The file's text, ending in a newline.

    Raises:
        ValueError: a number is not finite.
    """
    rows = []
    for key, value in _in_order(raw, layers).items():
        if key in _LISTS and isinstance(value, list | tuple):
            rendered = _lines(value, "  ")
        elif key == "layers" and isinstance(value, dict):
            rendered = _layers(value)
        else:
            rendered = _line(value)
        rows.append(f"  {json.dumps(key, ensure_ascii=False)}: {rendered}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def line_layout(raw: JsonObject, layers: Mapping[str, Layer]) -> str:
    """A document as one line of a shard: compact JSON, keys and numbers as in the file layout, without a line end.

    Raises:
        ValueError: a number is not finite.
    """
    whole = _whole(_in_order(raw, layers))
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _in_order(raw: JsonObject, layers: Mapping[str, Layer]) -> JsonObject:
    """A document with all keys in the order of the contract."""
    schema = base_schema()
    definitions = schema["$defs"]
    order = {
        "blocks": definitions["block"]["properties"],
        "entities": definitions["entity"]["properties"],
        "relations": definitions["relation"]["properties"],
    }
    ordered: JsonObject = {}
    for key, value in _ordered(raw, schema["properties"]).items():
        if key in _LISTS and isinstance(value, list | tuple):
            ordered[key] = [_ordered(item, order[key]) for item in value]
        elif key == "layers" and isinstance(value, dict):
            ordered[key] = _ordered_layers(value, layers)
        elif key == "meta":
            ordered[key] = _ordered_meta(value, definitions["meta"]["properties"])
        else:
            ordered[key] = value
    return ordered


def _ordered_meta(meta: Any, properties: JsonObject) -> Any:
    if not isinstance(meta, dict):
        return meta
    ordered = {key: meta[key] for key in [*properties, *meta] if key in meta}
    if "article" in ordered:
        ordered["article"] = _ordered(ordered["article"], properties["article"]["properties"])
    return ordered


def _ordered_annotation(item: Any, keys: Sequence[str]) -> Any:
    """An annotation with its keys in order, and those of what it holds: spans, fragments, provenance and ``was``."""
    if not isinstance(item, dict):
        return item
    inner = {
        key: _ordered_span(value) if isinstance(value, dict) and key not in COMMON_LAST else value
        for key, value in item.items()
    }
    provenance = inner.get("provenance")
    if isinstance(provenance, dict):
        provenance = _ordered(provenance, base_schema()["$defs"]["provenance"]["properties"])
        if "was" in provenance:
            provenance["was"] = _ordered_annotation(provenance["was"], keys)
        inner["provenance"] = provenance
    return _ordered_span(inner, keys)


def _ordered_span(item: JsonObject, keys: Sequence[str] = COMMON_FIRST) -> JsonObject:
    ordered: JsonObject = _ordered(item, keys)
    if isinstance(ordered.get("fragments"), list | tuple):
        ordered["fragments"] = [_ordered(fragment, ("start", "end")) for fragment in ordered["fragments"]]
    return ordered


def _ordered_layers(value: JsonObject, layers: Mapping[str, Layer]) -> JsonObject:
    ordered: JsonObject = {}
    for name, items in _ordered(value, layers).items():
        keys = [*COMMON_FIRST, *(layers[name].attributes if name in layers else ())]
        is_list = isinstance(items, list | tuple)
        ordered[name] = [_ordered_annotation(item, keys) for item in items] if is_list else items
    return ordered


def _layers(value: JsonObject) -> str:
    rows = []
    for name, items in value.items():
        text = _lines(items, "    ") if isinstance(items, list) else _line(items)
        rows.append(f"    {json.dumps(name, ensure_ascii=False)}: {text}")
    return "{\n" + ",\n".join(rows) + "\n  }" if rows else "{}"


def dump_line(document: Document, layers: Mapping[str, Layer]) -> str:
    """A document as one line of a shard."""
    return line_layout(document_to_json(document), layers)


def dump_document(document: Document, layers: Mapping[str, Layer]) -> str:
    """The text of a document's file, in the contract's layout."""
    return layout(document_to_json(document), layers)
