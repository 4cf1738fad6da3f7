"""The configs and columns of two versions: what was added, what was removed, and what has another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus_tool.checks.dataset.exp_types import Type
from corpus_tool.diff.difference import Column
from corpus_tool.diff.sides import Columns

_LIST = "list<struct<"


def compare_columns(old: Columns, new: Columns) -> Iterator[Column]:
    """What differs between the columns of two versions, down to the attributes of layers.

    Args:
        old: by config, columns and types as ``exp_types`` writes them.
        new: the same.
    """
    for config in dict.fromkeys((*old, *new)):
        if config not in new:
            yield Column("config removed", config)
        elif config not in old:
            yield Column("config added", config)
        else:
            yield from _compare(config, "", old[config], new[config])


def _compare(config: str, above: str, old: Mapping[str, Type], new: Mapping[str, Type]) -> Iterator[Column]:
    for name in dict.fromkeys((*old, *new)):
        before, after, path = old.get(name, ""), new.get(name, ""), f"{above}{name}"
        if before == after:
            continue
        inner_before, inner_after = fields_of(before), fields_of(after)
        if inner_before is not None and inner_after is not None:
            yield from _compare(config, f"{path}.", inner_before, inner_after)
        else:
            what = "column added" if not before else "column removed" if not after else "type changed"
            yield Column(what, config, path, before, after)


def fields_of(kind: Type) -> dict[str, Type] | None:
    """The fields of a struct, or of a list of structs, with their types; None for any other type."""
    for head, tail in ((_LIST, ">>"), ("struct<", ">")):
        if kind.startswith(head) and kind.endswith(tail):
            return dict(_split(kind[len(head) : -len(tail)]))
    return None


def _split(inner: str) -> Iterator[tuple[str, Type]]:
    """The (name, type) pairs of "start: int64, end: int64": a comma inside of <> separates nothing."""
    depth = start = 0
    for place, character in enumerate(f"{inner},"):
        depth += (character == "<") - (character == ">")
        if character == "," and not depth:
            name, _, kind = inner[start:place].strip().partition(": ")
            if name:
                yield name, kind
            start = place + 1
