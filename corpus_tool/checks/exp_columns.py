"""EXP203 to EXP205: the columns that the card promises, that a file says it has, and that it has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.exp_files import infos_of
from corpus_tool.checks.exp_folder import CARD, Export, Shard
from corpus_tool.checks.export_check import ExportFinding, FolderCheck
from corpus_tool.diagnostics import Severity
from corpus_tool.model.schemas import JsonObject, Layer

#: A column's type, written the same whether the card, a file's metadata or Arrow says it: "int64", "list<string>",
#: "struct<start: int64, end: int64>", "label<O, B, I>".
Type = str

_TAGS = "list<label<O, B, I>>"
_FRAGMENTS = "list<struct<start: int64, end: int64>>"
_SPAN = f"struct<start: int64, end: int64, text: string, fragments: {_FRAGMENTS}>"
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


def columns_differ(export: Export) -> Iterator[ExportFinding]:
    """The columns of a Parquet file are not those of the card, or not those that the file's own metadata names.

    Why it matters: readers load without a word: a column that is missing as nulls, one that is not named not at all,
    one of another type cast or refused.

    Bad: a card with ``speaker: string`` and a file without that column.

    Good: the same names and types in the card, in the metadata, and in the file.
    """
    cards = dict(_card_columns(export))
    for shard in export.shards:
        stored = {field.name: arrow_type(field.type) for field in shard.file.schema_arrow}
        told = metadata_columns(shard)
        if told is not None:
            yield from _differing(shard, "its metadata", _stored(told), stored)
            stored = {**stored, **{name: kind for name, kind in told.items() if _storage(kind) == stored.get(name)}}
        card = cards.get(shard.config)
        if card is None:
            if cards or export.card is not None:
                message = f"the card's dataset_info has no columns for the config {quoted(shard.config)}"
                yield ExportFinding(message, CARD, "/dataset_info")
        else:
            yield from _differing(shard, "the card", _stored(card), _stored(stored))


def label_order_differs(export: Export) -> Iterator[ExportFinding]:
    """The names of a column of labels, or their order, are not the same in the card and in a file.

    Why it matters: labels are stored as numbers; with another order every tag means something else, without a word.

    Bad: names O, B, I in the card and O, I, B in the file.

    Good: O, B, I in both.
    """
    cards = dict(_card_columns(export))
    for shard in export.shards:
        told = metadata_columns(shard) or {}
        for name, kind in cards.get(shard.config, {}).items():
            own = told.get(name, kind)
            if kind != own and _storage(kind) == _storage(own):
                message = f"column {name} has the labels {_labels(own)}, the card says {_labels(kind)}"
                yield ExportFinding(message, shard.name, hint="build the dataset again")


@lru_cache(maxsize=64)
def has_same_labels(export: Export, shard: Shard, column: str) -> bool:
    """Whether card, file and config agree on the labels of a column, so that its numbers can be read."""
    told = (metadata_columns(shard) or {}).get(column, _TAGS)
    card = dict(_card_columns(export)).get(shard.config, {}).get(column, _TAGS)
    return told == card == _TAGS


def column_missing(export: Export) -> Iterator[ExportFinding]:
    """A config lacks a column that it should have, or has one of another type, or one that nobody knows.

    Why it matters: programs that use the dataset fail, or work with nulls.

    Bad: a config ``quotes`` without ``cue``, in the card as well as in the file.

    Good: the columns of docs/dataset.md, and one for each layer of the corpus.
    """
    for shard in export.shards:
        wanted = config_columns(shard.config, export.layers)
        if wanted is None:
            yield ExportFinding(f"{shard.name} is of no config that a build makes", shard.name)
            continue
        told = metadata_columns(shard) or {}
        stored = {field.name: arrow_type(field.type) for field in shard.file.schema_arrow}
        card = dict(_card_columns(export)).get(shard.config, {})
        own = {name: told.get(name, kind) for name, kind in stored.items()}
        for name in sorted({*wanted, *own}):
            if _storage(card.get(name, own.get(name, ""))) != _storage(own.get(name, "")):
                continue  # EXP203 tells
            if name not in own:
                yield ExportFinding(f"config {shard.config} lacks the column {name}", shard.name)
            elif name not in wanted:
                yield ExportFinding(f"config {shard.config} has a column {quoted(name)} that nobody knows", shard.name)
            elif _storage(own[name]) != _storage(wanted[name]):
                message = f"column {name} is {_shown(own[name])}, it should be {_shown(wanted[name])}"
                yield ExportFinding(message, shard.name)
            elif own[name] != wanted[name] and card.get(name, own[name]) == own[name]:
                message = f"column {name} has the labels {_labels(own[name])}, it should have {_labels(wanted[name])}"
                yield ExportFinding(message, shard.name)


def config_columns(config: str, layers: Mapping[str, Layer]) -> dict[str, Type] | None:
    """The columns that a config should have, as docs/dataset.md lists them; None for an unknown config."""
    if config == "tokens":
        names = ("document", "block", "block_kind", "tokens", "starts", "ends")
        return {**_typed(names), **dict.fromkeys(("actors", "locations", "figures"), _TAGS)}
    if config not in _COLUMNS:
        return None
    own = {name: _layer_type(layer) for name, layer in layers.items()} if config == "default" else {}
    return {**_typed(_COLUMNS[config]), **own}


def _typed(names: tuple[str, ...]) -> dict[str, Type]:
    return {name: _NOT_TEXT.get(name, "string") for name in names}


def _layer_type(layer: Layer) -> Type:
    own = "".join(f"{name}: {_attribute_type(spec)}, " for name, spec in layer.attributes.items())
    first = f"id: string, start: int64, end: int64, text: string, fragments: {_FRAGMENTS}, "
    return f"list<struct<{first}{own}extra: string, status: string, annotator: string, score: float64>>"


def _attribute_type(spec: JsonObject) -> Type:
    if str(spec.get("$ref", "")).endswith("#/$defs/span"):
        return _SPAN
    if spec.get("type") == "array":
        items = spec.get("items")
        return f"list<{_attribute_type(items if isinstance(items, dict) else {})}>"
    return {"number": "float64", "integer": "int64", "boolean": "bool"}.get(str(spec.get("type")), "string")


def _differing(shard: Shard, who: str, told: Mapping[str, Type], own: Mapping[str, Type]) -> Iterator[ExportFinding]:
    for name in sorted({*told, *own}):
        if name not in own:
            yield ExportFinding(f"{who} has a column {quoted(name)}, the file does not", shard.name)
        elif name not in told:
            yield ExportFinding(f"the file has a column {quoted(name)}, {who} does not", shard.name)
        elif told[name] != own[name]:
            message = f"column {name} is {_shown(own[name])} in the file, {who} says {_shown(told[name])}"
            yield ExportFinding(message, shard.name)


def _stored(columns: Mapping[str, Type]) -> dict[str, Type]:
    return {name: _storage(kind) for name, kind in columns.items()}


def _storage(kind: Type) -> Type:
    """A type as Arrow has it: labels are numbers."""
    while (start := kind.find("label<")) >= 0:
        kind = kind[:start] + "int64" + kind[kind.index(">", start) + 1 :]
    return kind


def _labels(kind: Type) -> str:
    return kind[kind.index("label<") + 6 : kind.index(">")] if "label<" in kind else "(none)"


def _shown(kind: Type) -> str:
    return quoted(kind, 120)


def arrow_type(kind: Any) -> Type:
    """The type of an Arrow column."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        inner = [kind.field(i) for i in range(kind.num_fields)]
        return f"struct<{', '.join(f'{field.name}: {arrow_type(field.type)}' for field in inner)}>"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{arrow_type(kind.value_type)}>"
    return {"large_string": "string", "double": "float64"}.get(str(kind), str(kind))


def metadata_columns(shard: Shard) -> dict[str, Type] | None:
    """The columns that a file's metadata for ``datasets`` names; None where it has none that can be read."""
    raw = (shard.file.schema_arrow.metadata or {}).get(b"huggingface")
    try:
        features = json.loads(raw)["info"]["features"] if raw else None
        return {str(name): _feature(spec) for name, spec in features.items()} if features else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def _feature(spec: Any) -> Type:
    """A type in the metadata: {"dtype": …, "_type": "Value"}, {"feature": …, "_type": "List"}, an object of fields."""
    if isinstance(spec, dict) and isinstance(spec.get("_type"), str):
        if spec["_type"] in {"List", "LargeList", "Sequence"}:
            return f"list<{_feature(spec['feature'])}>"
        if spec["_type"] == "ClassLabel":
            return f"label<{', '.join(map(str, spec['names']))}>"
        return str(spec["dtype"])
    if isinstance(spec, list):
        return f"list<{_feature(spec[0])}>"
    return f"struct<{', '.join(f'{name}: {_feature(inner)}' for name, inner in spec.items())}>"


def _card_columns(export: Export) -> Iterator[tuple[str, dict[str, Type]]]:
    """The columns that the card's ``dataset_info`` names, by config."""
    for _, info in infos_of(export):
        try:
            columns = {str(item["name"]): _card_type(item) for item in info["features"]}
        except (LookupError, TypeError, AttributeError, RecursionError):
            columns = {}
        yield str(info.get("config_name", "default")), columns


def _card_type(item: Any) -> Type:
    """A type in the card: {"dtype": …}, {"list": …}, {"struct": […]}, {"class_label": {"names": {"0": …}}}, a word."""
    if isinstance(item, str):
        return item
    if isinstance(item, list):
        inner = [f"{field['name']}: {_card_type(field)}" for field in item]
        return f"struct<{', '.join(inner)}>"
    for key in ("list", "sequence"):
        if key in item:
            return f"list<{_card_type(item[key])}>"
    if "class_label" in item:
        names = item["class_label"]["names"]
        ordered = [names[key] for key in sorted(names, key=int)] if isinstance(names, dict) else names
        return f"label<{', '.join(map(str, ordered))}>"
    return _card_type(item["struct"] if "struct" in item else item["dtype"])


CHECKS = (
    FolderCheck("EXP203", "columns-differ", Severity.ERROR, columns_differ),
    FolderCheck("EXP204", "label-order-differs", Severity.ERROR, label_order_differs),
    FolderCheck("EXP205", "column-missing", Severity.ERROR, column_missing),
)
