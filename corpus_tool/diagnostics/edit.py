"""Edits: how a finding can be mended, as changes of values in a document's JSON."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Edit:
    """One change of a document's JSON.

    Attributes:
        pointer: JSON Pointer (RFC 6901) to the value that is set or removed, as the document was before any edit.
        value: the new value where it is set: JSON made of dict, list, str, int, float, bool, None.
        does: "set" puts ``value`` there (a key may be new), "remove" takes a key or a list's item away, "write" changes
            nothing: the file only needs writing anew in the contract's layout.
    """

    pointer: str
    value: Any = None
    does: Literal["set", "remove", "write"] = "set"


#: Mends what is wrong with the bytes of a file alone: a byte order mark, carriage returns between the values.
WRITE_ANEW = Edit("", does="write")


def steps_of(pointer: str) -> list[str]:
    """The steps of a JSON Pointer, unescaped."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def apply_edits(raw: Any, edits: Iterable[Edit]) -> Any:
    """A copy of a JSON value with the edits made: first what is set, then what is removed, list items from the end.

    Raises:
        LookupError: a pointer leads nowhere.
    """
    changed = deepcopy(raw)
    edits = list(edits)
    for edit in edits:
        if edit.does == "set":
            holder, key = _holder(changed, edit.pointer)
            holder[key] = deepcopy(edit.value)
    removals = {tuple(steps_of(edit.pointer)): edit for edit in edits if edit.does == "remove"}
    for edit in sorted(removals.values(), key=lambda edit: _order(edit.pointer), reverse=True):
        holder, key = _holder(changed, edit.pointer)
        del holder[key]
    return changed


def _order(pointer: str) -> list[tuple[int, str]]:
    """Sorts items of one list by index, and what lies inside a value behind the value itself."""
    return [(int(step), "") if step.isdecimal() else (0, step) for step in steps_of(pointer)]


def _holder(value: Any, pointer: str) -> tuple[Any, Any]:
    """The list or object that holds what a pointer names, and its index or key there."""
    *above, last = steps_of(pointer)
    for step in above:
        value = value[int(step)] if isinstance(value, list) else value[step]
    if isinstance(value, list):
        return value, int(last)
    if not isinstance(value, dict):
        raise LookupError(pointer)
    return value, last
