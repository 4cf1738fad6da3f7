"""From a JSON Pointer to a line and a column of the file it points into."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

#: Possessive, so that a string of 50 MB takes no stack of 50 million states.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)

_LINE_END = re.compile(r"\n")


class Position(NamedTuple):
    """Line and column, both from 1, the column in code points."""

    line: int
    column: int


def position_of(text: str, offset: int) -> Position:
    """The position of a code point in a text; only LF ends a line."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def parent_pointer(pointer: str) -> str:
    """The pointer without its last step."""
    return pointer.rpartition("/")[0]


def positions_in_json(text: str, pointers: Iterable[str]) -> dict[str, Position]:
    """Where the values that pointers name start in a JSON text.

    A pointer to what is not there (a key that is missing) gets the position of the nearest value above it. The text is
    scanned once and need not be valid beyond the values asked for.

    Args:
        text: the file's text, or one line of a shard.
        pointers: JSON Pointers (RFC 6901).

    Returns:
        A position for every pointer.
    """
    lineages = {pointer: list(_lineage(pointer)) for pointer in pointers}
    offsets = _offsets(text, {above for lineage in lineages.values() for above in lineage})
    nearest = {pointer: next((p for p in lineage if p in offsets), "") for pointer, lineage in lineages.items()}
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    return {pointer: _position(starts, offsets.get(above, 0)) for pointer, above in nearest.items()}


def _position(line_starts: Sequence[int], offset: int) -> Position:
    line = bisect_right(line_starts, offset)
    return Position(line, offset - line_starts[line - 1] + 1)


def _lineage(pointer: str) -> Iterator[str]:
    """The pointer, and those of the values above it, up to the whole document."""
    yield pointer
    while pointer:
        pointer = parent_pointer(pointer)
        yield pointer


def _offsets(text: str, wanted: set[str]) -> dict[str, int]:
    """Offsets of the values that ``wanted`` names; stops once all are found.

    ``wanted`` holds the values above each one too, so what lies inside any other value is passed over.
    """
    offsets: dict[str, int] = {}
    if not wanted:
        return offsets
    passing = 0  # how many containers are open that hold nothing wanted
    containers: list[tuple[str, str | int]] = []  # pointer of the container, next key or index
    pointer = ""
    key_next = False
    for match in _TOKEN.finditer(text):
        token = match.group()
        if passing:
            passing += (token in "{[") - (token in "}]")
            continue
        if token == ":":
            continue
        if token == ",":
            if containers:
                above, step = containers[-1]
                key_next = isinstance(step, str)
                if isinstance(step, int):
                    containers[-1] = (above, step + 1)
                    pointer = f"{above}/{step + 1}"
            continue
        if token in "}]":
            if containers:
                containers.pop()
            key_next = False
            continue
        if key_next and token[0] == '"':
            above = containers[-1][0]
            pointer = f"{above}/{_key(token).replace('~', '~0').replace('/', '~1')}"
            key_next = False
            continue
        if pointer in wanted and pointer not in offsets:
            offsets[pointer] = match.start()
            if len(offsets) == len(wanted):
                break
        if token in "{[" and pointer not in wanted:
            passing = 1
        elif token == "{":
            containers.append((pointer, ""))
            key_next = True
        elif token == "[":
            containers.append((pointer, 0))
            pointer = f"{pointer}/0"
    return offsets


def _key(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return token[1:-1]
