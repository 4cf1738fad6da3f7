"""EXP209: ``croissant.json`` against the files that it describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from corpus_tool.checks.check import quoted
from corpus_tool.checks.dataset.exp_folder import Export
from corpus_tool.checks.dataset.exp_types import Type, storage
from corpus_tool.checks.dataset.export_check import ExportFinding, FolderCheck
from corpus_tool.diagnostics import Severity

CROISSANT = "croissant.json"

_REBUILD = "build the dataset again"
_TYPES = {"string": "sc:Text", "int64": "cr:Int64", "int32": "cr:Int32", "float64": "cr:Float64", "bool": "sc:Boolean"}


def croissant_differs(export: Export) -> Iterator[ExportFinding]:
    """``croissant.json`` does not describe the files: a config, a column or a type is missing, foreign or another one.

    Why it matters: catalogues and loaders that read Croissant get other records than those who read the Parquet files.

    Bad: a set of records for ``quotes`` without the field ``cue``.

    Good: a set of files and a set of records a config, a field a column.
    """
    if CROISSANT not in export.present:
        if export.named is not None and CROISSANT not in export.named:  # else EXP102 tells
            yield ExportFinding(f"the dataset has no {CROISSANT}", hint=_REBUILD)
        return
    try:
        told = json.loads((export.folder / CROISSANT).read_text(encoding="utf-8"))
        sets = {item["@id"]: item for item in told["distribution"]}
        records = {item["@id"]: item for item in told["recordSet"]}
        fields = {name: _columns(item) for name, item in records.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        yield ExportFinding(f"{CROISSANT} cannot be read: {reason}", CROISSANT, hint=_REBUILD)
        return
    for config in sorted({*records, *export.configs}):
        if config not in export.configs:
            if not any(name.startswith(f"{config}/") for name in export.faults):
                yield _finding(f"it describes a config {quoted(config)}, which has no file")
            continue
        if config not in records:
            yield _finding(f"it does not describe the config {config}")
            continue
        shards = export.configs[config]
        pattern = sets.get(f"{config}-files", {}).get("includes")
        reached = {name for name in export.present if isinstance(pattern, str) and fnmatchcase(name, pattern)}
        if missed := sorted({shard.name for shard in shards} - reached):
            yield _finding(f"its files of the config {config} do not include {missed[0]}")
        wanted = export.columns_of(shards[0])
        if wanted is not None:
            yield from _differing(config, fields[config], wanted)


def _finding(message: str) -> ExportFinding:
    return ExportFinding(f"{CROISSANT}: {message}", CROISSANT, hint=_REBUILD)


def _columns(records: Any) -> dict[str, tuple[str, str | None, bool]]:
    """By a field's name: the column that it reads, its type (None where it has fields in it), and whether a list."""
    found = {}
    for item in records["field"]:
        inner = item.get("subField") or [item]
        columns = {part["source"]["extract"].get("column", "") for part in inner}
        kind = None if item.get("subField") else item["dataType"]
        found[str(item["name"])] = (", ".join(sorted(columns)), kind, bool(item.get("isArray")))
    return found


def _differing(
    config: str, told: dict[str, tuple[str, str | None, bool]], wanted: dict[str, Type]
) -> Iterator[ExportFinding]:
    if "split" not in told:
        yield _finding(f"config {config} does not say which split a row is in")
    for name in sorted({*told, *wanted} - {"split"}):
        if name not in told:
            yield _finding(f"config {config} lacks the column {name}")
        elif name not in wanted:
            yield _finding(f"config {config} has a column {quoted(name)}, the files do not")
        elif told[name] != (own := (name, *_described(wanted[name]))):
            yield _finding(f"config {config}: column {name} is told as {told[name]}, it should be {own}")


def _described(kind: Type) -> tuple[str | None, bool]:
    """Type and whether it is a list, as Croissant tells a column."""
    stored = storage(kind)
    is_list = stored.startswith("list<")
    plain = stored[5:-1] if is_list else stored
    return (None if plain.startswith(("struct<", "list<")) else _TYPES.get(plain, "sc:Text")), is_list


CHECKS = (FolderCheck("EXP209", "croissant-differs", Severity.ERROR, croissant_differs),)
