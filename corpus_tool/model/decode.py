"""The short way from a document's bytes to its struct: what it returns is schema-valid, what it refuses may be so too.

``msgspec`` decodes the bytes into typed, closed structs, and what types cannot say (closed lists, patterns, "value or
min or max") is looked up column by column. It vouches for a document only where nothing was dropped on the way: the
document, written out again, has as many quotation marks as the bytes, so no key stood twice and none held null.
Everything else is left to the validator, which can say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

import msgspec
import orjson

from corpus_tool.model.document import FORMAT, Annotation, Block, Document, Entity, Meta, Provenance, Relation, Span
from corpus_tool.model.schemas import JsonObject, Layer, base_schema, layer_schema

Columns = tuple[tuple[Callable[[Annotation], Any], frozenset[Any]], ...]

#: An integer that orjson reads as a float, or one that is nearly so long.
_LONG_NUMBER = re.compile(rb"\d{19}")


class _File(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The top of a document's file; ``layers`` is a struct that is made for the layers that are known."""

    schema: Literal["corpus-tool/document/1"]
    id: str
    meta: Meta
    text: str
    text_sha256: str
    blocks: tuple[Block, ...]
    entities: tuple[Entity, ...] | msgspec.UnsetType = msgspec.UNSET
    relations: tuple[Relation, ...] | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True)
class _Rules:
    """What a layer's schema asks beyond the types of its struct.

    Attributes:
        lists: attributes with a closed list, and the values that it allows.
        filled: attributes whose strings are not empty.
        required: attributes that have a value, though the struct has a default for them.
        one_of: attributes of which one at least has a value; empty where nothing of the kind is asked.
    """

    lists: Columns
    filled: tuple[str, ...]
    required: tuple[str, ...]
    one_of: tuple[str, ...]


def make_decoder(layers: Mapping[str, Layer]) -> Callable[[bytes], Document | None]:
    """Compiles the quick decoder of documents that may hold ``layers``; once a run, not once a document.

    Returns:
        A function from the bytes of a file to its document, or to None where it cannot vouch for it. It raises nothing.
    """
    rules = {name: _rules(layer) for name, layer in layers.items()}
    fields = [f"layer_{i}" for i in range(len(layers))]
    held = msgspec.defstruct(
        "_Layers",
        [
            (field, tuple[layer.struct, ...] if rules[name] else msgspec.Raw, msgspec.UNSET)  # type: ignore[name-defined]  # a type made at run time
            for field, (name, layer) in zip(fields, layers.items(), strict=True)
        ],
        rename=dict(zip(fields, layers, strict=True)),
        omit_defaults=True,
        forbid_unknown_fields=True,
    )
    top = msgspec.defstruct("_Document", [("layers", held)], bases=(_File,), kw_only=True, forbid_unknown_fields=True)
    read = msgspec.json.Decoder(top).decode
    write = msgspec.json.Encoder().encode
    openers = {name: None if rules[name] else _opener(layer) for name, layer in layers.items()}
    table = [(field, name, rules[name], openers[name]) for field, name in zip(fields, layers, strict=True)]
    fits = _document_rules()

    def decode(data: bytes) -> Document | None:
        try:
            file: Any = read(data)
            if not _nothing_dropped(data, write(file)):
                return None
            found: dict[str, tuple[Annotation, ...]] = {}
            for field, name, own, opened in table:
                items = getattr(file.layers, field)
                if items is msgspec.UNSET:
                    continue
                if opened is not None:
                    items = opened(items)
                elif items and not _follows(items, own):
                    return None
                if items is None:
                    return None
                found[name] = items
            document = Document(
                id=file.id,
                meta=file.meta,
                text=file.text,
                text_sha256=file.text_sha256,
                blocks=file.blocks,
                entities=file.entities or (),
                relations=file.relations or (),
                layers=found,
            )
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        return document if fits(document) else None

    return decode
