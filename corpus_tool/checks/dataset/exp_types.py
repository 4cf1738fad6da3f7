"""Types of columns, and the columns that a dataset should have (docs/dataset.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.model.schemas import JsonObject, Layer

#: A column's type, written the same whether the card, a file's metadata or Arrow says it: "int64", "list<string>",
#: "struct<start: int64, end: int64>", "label<O, B, I>".
Type = str

TAGS = "list<label<O, B, I>>"
_FRAGMENTS = "list<struct<start: int64, end: int64>>"
_SPAN = f"struct<start: int64, end: int64, text: string, fragments: {_FRAGMENTS}>"
_ANNOTATION = f"id: string, start: int64, end: int64, text: string, fragments: {_FRAGMENTS}, "
_STATUS = "extra: string, status: string, annotator: string, score: float64>>"
_SOURCE = ("document", "title", "published", "source", "id", "start", "end", "text", "status")
_SPEAKER = ("speaker", "speaker_kind", "speaker_entity", "speaker_name")
_NOT_TEXT = {
    "start": "int64", "end": "int64", "fragments": _FRAGMENTS, "anonymous": "bool", "co_speakers": "list<string>",
    "value": "float64", "min": "float64", "max": "float64", "lat": "float64", "lon": "float64", "block": "int32",
    "tokens": "list<string>", "starts": "list<int64>", "ends": "list<int64>", "authors": "list<string>",
    "blocks": "list<struct<start: int64, end: int64, kind: string>>",
    "entities": "list<struct<id: string, kind: string, name: string, aliases: list<string>, "
    "links: list<struct<register: string, id: string>>, lat: float64, lon: float64, link_score: float64, "
    "link_method: string, extra: string>>",
    "relations": "list<struct<id: string, type: string, from: string, to: string, extra: string>>",
}  # fmt: skip
_COLUMNS = {
    "quotes": (*_SOURCE, "fragments", "kind", "attitude", "cue", *_SPEAKER, "anonymous", "co_speakers",
               "speaker_status", "parent", "before", "after"),
    "figures": (*_SOURCE, "value", "min", "max", "modifier", "unit", "measure", "counted", "quote", "quote_text", "cue",
                *_SPEAKER, "place", "place_entity", "place_name", "lat", "lon", "sentence"),
    "default": ("id", "title", "language", "source", "url", "published", "license", "source_id", "authors", "text",
                "text_sha256", "blocks", "entities", "relations", "extra"),
}  # fmt: skip


def config_columns(config: str, layers: Mapping[str, Layer]) -> dict[str, Type] | None:
    """The columns that a config should have, as docs/dataset.md lists them; None for an unknown config."""
    if config == "tokens":
        names = ("document", "block", "block_kind", "tokens", "starts", "ends")
        return {**_typed(names), **dict.fromkeys(("actors", "locations", "figures"), TAGS)}
    if config not in _COLUMNS:
        return None
    own = {name: _layer_type(layer) for name, layer in layers.items()} if config == "default" else {}
    return {**_typed(_COLUMNS[config]), **own}


def is_layer(kind: Type) -> bool:
    """Whether a column of this type holds annotations."""
    return kind.startswith(f"list<struct<{_ANNOTATION}") and kind.endswith(_STATUS)


def _typed(names: tuple[str, ...]) -> dict[str, Type]:
    return {name: _NOT_TEXT.get(name, "string") for name in names}


def _layer_type(layer: Layer) -> Type:
    own = "".join(f"{name}: {_attribute_type(spec)}, " for name, spec in layer.attributes.items())
    return f"list<struct<{_ANNOTATION}{own}{_STATUS}"


def _attribute_type(spec: JsonObject) -> Type:
    if str(spec.get("$ref", "")).endswith("#/$defs/span"):
        return _SPAN
    if spec.get("type") == "array":
        items = spec.get("items")
        return f"list<{_attribute_type(items if isinstance(items, dict) else {})}>"
    return {"number": "float64", "integer": "int64", "boolean": "bool"}.get(str(spec.get("type")), "string")


def arrow_type(kind: Any) -> Type:
    """The type of an Arrow column."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        inner = [kind.field(i) for i in range(kind.num_fields)]
        return f"struct<{', '.join(f'{field.name}: {arrow_type(field.type)}' for field in inner)}>"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{arrow_type(kind.value_type)}>"
    return {"large_string": "string", "double": "float64"}.get(str(kind), str(kind))


def storage(kind: Type) -> Type:
    """A type as Arrow has it: labels are numbers."""
    while (start := kind.find("label<")) >= 0:
        kind = kind[:start] + "int64" + kind[kind.index(">", start) + 1 :]
    return kind
