"""Edits for what the schema has against a document (DOC2xx)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from corpus_tool.checks.check import Subject, escape
from corpus_tool.diagnostics import Edit
from corpus_tool.model import FORMAT
from corpus_tool.model.schemas import DOCUMENT_SCHEMA_ID, JsonObject, base_schema

#: What a document without one of these keys means.
_EMPTY: JsonObject = {"meta": {}, "blocks": [], "layers": {}}

#: How near a misspelt key must be to the one that was meant, from 0 to 1.
_NEAR = 0.75

_DIGITS = re.compile(r"0|-?[1-9][0-9]{0,15}")


def pointer_of(path: Iterable[str | int]) -> str:
    """The steps to a value as a JSON Pointer."""
    return "".join(f"/{escape(str(step))}" for step in path)


def format_named(subject: Subject) -> tuple[Edit, ...]:
    """Names the format in a document that lacks nothing else, or that names it in other capitals or with spaces."""
    raw = subject.raw or {}
    own = raw.get("schema")
    alone = all(_lacks_schema(error) for error in subject.schema_errors)
    written = isinstance(own, str) and own.strip().lower() == FORMAT
    return (Edit("/schema", FORMAT),) if written or ("schema" not in raw and alone) else ()


def _lacks_schema(error: Any) -> bool:
    return error.kind.name == "required" and error.kind.property == "schema" and not list(error.instance_path)


def key_filled(subject: Subject, path: Sequence[str | int], key: str) -> tuple[Edit, ...]:
    """Puts an empty value where a document without one of its lists means just that.

    Not where the document has keys that the format does not know: one of them may be what is missing.
    """
    foreign = any(
        error.kind.name == "additionalProperties" and not list(error.instance_path) for error in subject.schema_errors
    )
    return (Edit(f"/{key}", _EMPTY[key]),) if not path and key in _EMPTY and not foreign else ()


def key_renamed(
    subject: Subject, path: Sequence[str | int], key: str, known: JsonObject, also_called: JsonObject
) -> tuple[Edit, ...]:
    """Renames a key that can only be one of those that the format knows, where the value is one for that key.

    Args:
        subject: the document.
        path: where the object stands that has the key.
        key: the unknown key.
        known: the schema of each key that may stand there.
        also_called: what other formats call our keys.
    """
    holder = _value_at(subject.raw, path)
    meant = _meant(key, known, also_called)
    if meant is None or meant in holder or not _takes(subject, path, known[meant], holder[key]):
        return ()
    if any(other != key and other not in known and _meant(other, known, also_called) == meant for other in holder):
        return ()
    above = pointer_of(path)
    return (Edit(f"{above}/{escape(key)}", does="remove"), Edit(f"{above}/{escape(meant)}", holder[key]))


def _meant(key: str, known: Iterable[str], also_called: JsonObject) -> str | None:
    """The one key that another is a spelling of, or what other formats call it; None where there are more, or none."""
    names = list(known)
    lower = key.lower().replace("-", "_")
    if also_called.get(lower) in names:
        return str(also_called[lower])
    near = [name for name in names if name.lower() == lower] or get_close_matches(lower, names, 2, _NEAR)
    return near[0] if len(near) == 1 else None


def _value_at(raw: Any, path: Iterable[str | int]) -> Any:
    for step in path:
        raw = raw[step]
    return raw


def _takes(subject: Subject, path: Sequence[str | int], spec: JsonObject, value: Any) -> bool:
    """Whether a schema takes a value."""
    layer = subject.layers.get(str(path[1])) if len(path) > 1 and path[0] == "layers" else None
    own = layer.schema.get("$defs", {}) if layer else {}
    try:
        text = json.dumps({"$defs": {**base_schema()["$defs"], **own}, **spec})
        return bool(_validator(text.replace(f"{DOCUMENT_SCHEMA_ID}#/$defs/", "#/$defs/")).is_valid(value))
    except ValueError:
        return False


@lru_cache(maxsize=256)
def _validator(schema: str) -> Any:
    import jsonschema_rs  # late: sound documents are read without it

    return jsonschema_rs.Draft202012Validator(json.loads(schema))


def layer_renamed(subject: Subject, key: str) -> tuple[Edit, ...]:
    """Renames a layer that can only be one of those that are declared, and is not there yet."""
    layers = (subject.raw or {})["layers"]
    meant = _meant(key, subject.layers, {})
    if meant is None or meant in layers or any(k != key and _meant(k, subject.layers, {}) == meant for k in layers):
        return ()
    return (Edit(f"/layers/{escape(key)}", does="remove"), Edit(f"/layers/{escape(meant)}", layers[key]))


def left_out(path: Sequence[str | int]) -> tuple[Edit, ...]:
    """Takes a key away whose value says nothing."""
    return (Edit(pointer_of(path), does="remove"),)


def number_unquoted(path: Sequence[str | int], value: Any) -> tuple[Edit, ...]:
    """Writes a whole number without quotation marks."""
    return (Edit(pointer_of(path), int(value)),) if isinstance(value, str) and _DIGITS.fullmatch(value) else ()


def spelled_as_listed(path: Sequence[str | int], value: Any, options: Iterable[Any]) -> tuple[Edit, ...]:
    """Writes a value as its closed list has it, where only capitals, spaces and hyphens differ."""
    listed = option_meant(value, options)
    return (Edit(pointer_of(path), listed),) if listed is not None else ()


def option_meant(value: Any, options: Iterable[Any]) -> str | None:
    """The one option that differs from a value in capitals, spaces and hyphens alone; None where there is none."""
    if not isinstance(value, str):
        return None
    found = [option for option in options if isinstance(option, str) and _bare(option) == _bare(value)]
    return found[0] if len(found) == 1 else None


def _bare(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().lower())


def written_in_form(path: Sequence[str | int], value: Any, pattern: str) -> tuple[Edit, ...]:
    """Writes a value in the form that its pattern asks for, where only spaces, capitals or separators differ."""
    if not isinstance(value, str) or not path:
        return ()
    bare = value.strip()
    rewritten = {
        "language": bare.replace("_", "-"),
        "published": bare.replace(" ", "T", 1),
        "text_sha256": bare.lower(),
        "sha256": bare.lower(),
    }.get(str(path[-1]), bare)
    try:
        fits = re.search(pattern, rewritten) is not None
    except re.error:
        return ()
    return (Edit(pointer_of(path), rewritten),) if fits and rewritten != value else ()


def whole_offset(path: Sequence[str | int], value: float) -> tuple[Edit, ...]:
    """Writes an offset that is a whole number without its fraction."""
    return (Edit(pointer_of(path), int(value)),) if value.is_integer() and abs(value) < 2**53 else ()
