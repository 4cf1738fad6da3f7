"""EXP203 to EXP205: the columns that the card promises, that a file says it has, and that it has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.dataset.exp_files import infos_of
from corpus_tool.checks.dataset.exp_folder import CARD, Export, Shard
from corpus_tool.checks.dataset.exp_types import TAGS, Type, storage
from corpus_tool.checks.dataset.export_check import ExportFinding, FolderCheck
from corpus_tool.diagnostics import Severity


def columns_differ(export: Export) -> Iterator[ExportFinding]:
    """The columns of a Parquet file are not those of the card, or not those that the file's own metadata names.

    Why it matters: readers load without a word: a column that is missing as nulls, one that is not named not at all,
    one of another type cast or refused.

    Bad: a card with ``speaker: string`` and a file without that column.

    Good: the same names and types in the card, in the metadata, and in the file.
    """
    cards = dict(_card_columns(export))
    for shard in export.shards:
        stored = shard.stored
        told = metadata_columns(shard)
        if told is not None:
            yield from _differing(shard, "its metadata", _stored(told), stored)
            stored = {**stored, **{name: kind for name, kind in told.items() if storage(kind) == stored.get(name)}}
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
            if kind != own and storage(kind) == storage(own):
                message = f"column {name} has the labels {_labels(own)}, the card says {_labels(kind)}"
                yield ExportFinding(message, shard.name, hint="build the dataset again")


@lru_cache(maxsize=64)
def has_same_labels(export: Export, shard: Shard, column: str) -> bool:
    """Whether card, file and config agree on the labels of a column, so that its numbers can be read."""
    told = (metadata_columns(shard) or {}).get(column, TAGS)
    card = dict(_card_columns(export)).get(shard.config, {}).get(column, TAGS)
    return told == card == TAGS


def column_missing(export: Export) -> Iterator[ExportFinding]:
    """A config lacks a column that it should have, or has one of another type, or one that nobody knows.

    Why it matters: programs that use the dataset fail, or work with nulls.

    Bad: a config ``quotes`` without ``cue``, in the card as well as in the file.

    Good: the columns of docs/dataset.md, and one for each layer of the corpus.
    """
    for shard in export.shards:
        wanted = export.columns_of(shard)
        if wanted is None:
            yield ExportFinding(f"{shard.name} is of no config that a build makes", shard.name)
            continue
        told = metadata_columns(shard) or {}
        stored = shard.stored
        card = dict(_card_columns(export)).get(shard.config, {})
        own = {name: told.get(name, kind) for name, kind in stored.items()}
        for name in sorted({*wanted, *own}):
            if storage(card.get(name, own.get(name, ""))) != storage(own.get(name, "")):
                continue  # EXP203 tells
            if name not in own:
                yield ExportFinding(f"config {shard.config} lacks the column {name}", shard.name)
            elif name not in wanted:
                yield ExportFinding(f"config {shard.config} has a column {quoted(name)} that nobody knows", shard.name)
            elif storage(own[name]) != storage(wanted[name]):
                message = f"column {name} is {_shown(own[name])}, it should be {_shown(wanted[name])}"
                yield ExportFinding(message, shard.name)
            elif own[name] != wanted[name] and card.get(name, own[name]) == own[name]:
                message = f"column {name} has the labels {_labels(own[name])}, it should have {_labels(wanted[name])}"
                yield ExportFinding(message, shard.name)


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
    return {name: storage(kind) for name, kind in columns.items()}


def _labels(kind: Type) -> str:
    return kind[kind.index("label<") + 6 : kind.index(">")] if "label<" in kind else "(none)"


def _shown(kind: Type) -> str:
    return quoted(kind, 120)


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
