"""Values as tools write them, turned into what an attribute's schema asks for."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from corpus_tool.formats.foreign import Scalar

#: What no document may hold: NUL, and the halves of characters that a few encodings decode to.
HALF = re.compile("[\0\ud800-\udfff]")

_TRUE = frozenset({"true", "yes", "1", "on"})
_FALSE = frozenset({"false", "no", "0", "off"})


def value_of(value: Scalar, spec: Mapping[str, Any]) -> Any | None:
    """A tool's value as an attribute's JSON Schema asks for it, None where it cannot be.

    Closed lists are met whatever the capitals, and with "-" or a space for "_"; "3,200" is the number 3200; "yes" is
    true. What a schema asks beyond its type is left to the validator.
    """
    if "enum" in spec:
        return _of_list(value, spec["enum"])
    type_ = spec.get("type")
    if type_ in ("number", "integer"):
        return _number(value, whole=type_ == "integer")
    if type_ == "boolean":
        folded = str(value).strip().lower()
        return value if isinstance(value, bool) else True if folded in _TRUE else False if folded in _FALSE else None
    if type_ in ("array", "object"):
        return _parsed(value, list if type_ == "array" else dict)
    if type_ == "string":
        return value if isinstance(value, str) else json.dumps(value)
    return value


def _of_list(value: Scalar, listed: list[Any]) -> Any | None:
    if value in listed:
        return value
    folded = _folded(value)
    return next((entry for entry in listed if _folded(entry) == folded), None)


def _folded(value: object) -> str:
    return str(value).strip().casefold().replace("-", "_").replace(" ", "_")


def _number(value: Scalar, *, whole: bool) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.strip().replace(",", "")
        try:
            value = int(digits) if digits.lstrip("+-").isdecimal() else float(digits)
        except ValueError:
            return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if whole and value != int(value) else value


def sound(value: Any) -> Any:
    """A value as a document can hold it, with what is in it: U+FFFD for NUL and half characters, no infinite number."""
    if isinstance(value, str):
        return HALF.sub("\ufffd", value) if HALF.search(value) else value
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {sound(key): sound(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(sound(child) for child in value)
    return value


def _parsed(value: Scalar, type_: type) -> Any | None:
    try:
        parsed = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return parsed if isinstance(parsed, type_) else None
