"""The public schemas: where they lie, and one compiled validator for documents with a given set of layers.

The layers' files (``schema/layers/*.schema.json``) declare attributes alone. ``document_schema`` joins each with what
all annotations share and closes every object, so that one flat, closed schema goes to the validator.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.model.document import Actor, Annotation, Figure, Location, Quote, Span
from corpus_tool.model.errors import CorpusToolError

DOCUMENT_SCHEMA_ID = "urn:corpus-tool:document:1"

#: The layers of the format itself, in the order in which files and datasets list them.
BUILT_IN: Mapping[str, type[Annotation]] = {"actors": Actor, "locations": Location, "figures": Figure, "quotes": Quote}

#: Fields that every annotation has, before and after the attributes of its layer, in the order of writing.
COMMON_FIRST = ("id", "start", "end", "text", "fragments")
COMMON_LAST = ("extra", "provenance")

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Layer:
    """A kind of annotation.

    Attributes:
        name: what ``layers`` in a document calls it.
        attributes: JSON Schema of each attribute beside the common fields, in the order of writing.
        struct: the type that its annotations are decoded into.
        schema: the declaration as it stands in its file.
    """

    name: str
    attributes: Mapping[str, JsonObject]
    struct: type[Annotation]
    schema: JsonObject

    @property
    def kinds(self) -> tuple[str, ...]:
        """The closed list of the attribute ``kind``, in the order of the schema; empty where the layer has none."""
        return tuple(self.attributes.get("kind", {}).get("enum", ()))


def schema_folder() -> Path:
    """The folder with the public schemas: inside the installed package, or beside it in a clone."""
    packaged = Path(__file__).parent.parent / "_schema"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent.parent / "schema"


def read_schema(path: Path) -> JsonObject:
    """One schema file.

    Raises:
        CorpusToolError: it cannot be read, is not JSON, or refers to a schema elsewhere.
    """
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CorpusToolError(f"{path}: not a readable JSON schema ({error})") from error
    if not isinstance(schema, dict):
        raise CorpusToolError(f"{path}: a schema is a JSON object")
    for ref in _references(schema):
        if not ref.startswith(("#", DOCUMENT_SCHEMA_ID)):
            raise CorpusToolError(
                f"{path}: $ref {ref!r} leaves the schema; only '#…' and '{DOCUMENT_SCHEMA_ID}#…' are allowed"
            )
    return schema


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for child in node.values() for ref in _references(child)]
    if isinstance(node, list):
        return [ref for child in node for ref in _references(child)]
    return []


def _layer(name: str, schema: JsonObject) -> Layer:
    attributes: JsonObject = schema.get("properties", {})
    taken = sorted(set(attributes) & {*COMMON_FIRST, *COMMON_LAST})
    if taken:
        raise CorpusToolError(f"layer {name}: the attribute {taken[0]!r} is a common field of all layers")
    return Layer(name, attributes, BUILT_IN.get(name) or _struct(name, attributes), schema)


def _struct(name: str, attributes: JsonObject) -> type[Annotation]:
    """The type of the annotations of a corpus's own layer; the schema has checked its values before it is filled."""
    fields: list[tuple[str, Any, Any]] = [
        (key, Span | None if str(spec.get("$ref", "")).endswith("#/$defs/span") else Any, None)
        for key, spec in attributes.items()
    ]
    made: Any = msgspec.defstruct(
        f"{name.title()}Annotation", fields, bases=(Annotation,), frozen=True, kw_only=True, omit_defaults=True
    )
    struct: type[Annotation] = made
    return struct


@cache
def built_in_layers() -> dict[str, Layer]:
    """The four layers of the format, by name, in their fixed order."""
    folder = schema_folder() / "layers"
    return {name: _layer(name, read_schema(folder / f"{name}.schema.json")) for name in BUILT_IN}


def layers_of(corpus_root: Path | None) -> dict[str, Layer]:
    """The built-in layers and the corpus's own (``schema/layers/*.schema.json`` below ``corpus_root``), by name.

    A file that has the name of a built-in layer replaces its declaration; the common fields stay.

    Raises:
        CorpusToolError: a layer's file cannot be used.
    """
    layers = dict(built_in_layers())
    if corpus_root is not None:
        for path in sorted((corpus_root / "schema" / "layers").glob("*.schema.json")):
            name = path.name.removesuffix(".schema.json")
            layers[name] = _layer(name, read_schema(path))
    return layers


@cache
def base_schema() -> JsonObject:
    """``document.schema.json``."""
    return read_schema(schema_folder() / "document.schema.json")


def document_schema(layers: Mapping[str, Layer]) -> JsonObject:
    """The closed schema of a document that may hold ``layers``; every object is closed, nothing is left to merge."""
    schema = deepcopy(base_schema())
    definitions = schema["$defs"]
    common = {
        "id": {"$ref": "#/$defs/id"},
        "start": {"$ref": "#/$defs/offset"},
        "end": {"$ref": "#/$defs/offset"},
        "text": {"type": "string"},
        "fragments": {"$ref": "#/$defs/fragments"},
        "extra": {"$ref": "#/$defs/extra"},
        "provenance": {"$ref": "#/$defs/provenance"},
    }
    for name, layer in layers.items():
        annotation = deepcopy(layer.schema)
        definitions.update(annotation.pop("$defs", {}))
        for key in ("$schema", "$id"):
            annotation.pop(key, None)
        annotation["properties"] = {**common, **annotation.get("properties", {})}
        annotation["required"] = ["id", "start", "end", "text", *annotation.get("required", [])]
        annotation["additionalProperties"] = False
        definitions[f"layer_{name}"] = annotation
    schema["properties"]["layers"] = {
        **schema["properties"]["layers"],
        "properties": {name: {"type": "array", "items": {"$ref": f"#/$defs/layer_{name}"}} for name in layers},
        "additionalProperties": False,
    }
    text = json.dumps(schema).replace(f"{DOCUMENT_SCHEMA_ID}#/$defs/", "#/$defs/")
    closed: JsonObject = json.loads(text)
    return closed
