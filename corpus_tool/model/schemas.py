"""The public schemas: where they lie, and one compiled validator for documents with a given set of layers.

The layers' files (``schema/layers/*.schema.json``) declare attributes alone. ``document_schema`` joins each with what
all annotations share and closes every object, so that one flat, closed schema goes to the validator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, cached_property
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

#: What a dataset says about every annotation besides: no layer has an attribute of such a name.
RESERVED = ("status", "annotator", "score")

_LAYER = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

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

    @cached_property
    def span_attributes(self) -> tuple[str, ...]:
        """The attributes that hold a span of their own: a cue, what a figure counts."""
        return tuple(key for key, spec in self.attributes.items() if str(spec.get("$ref", "")).endswith("/span"))

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The attributes that hold the id of another annotation or of an entity, or a list of such ids."""
        return tuple(
            key
            for key, spec in self.attributes.items()
            if "x-refers-to" in spec or (isinstance(spec.get("items"), dict) and "x-refers-to" in spec["items"])
        )


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
        if not ref.startswith(("#", f"{DOCUMENT_SCHEMA_ID}#")):
            raise CorpusToolError(
                f"{path}: $ref {ref!r} leaves the schema; only '#…' and '{DOCUMENT_SCHEMA_ID}#…' are allowed"
            )
    return schema


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node[key] for key in ("$ref", "$dynamicRef", "$recursiveRef") if isinstance(node.get(key), str)]
        return own + [ref for child in node.values() for ref in _references(child)]
    if isinstance(node, list):
        return [ref for child in node for ref in _references(child)]
    return []


def _layer(name: str, schema: JsonObject) -> Layer:
    attributes: JsonObject = schema.get("properties", {})
    for key, type_ in (("properties", dict), ("$defs", dict), ("required", list)):
        if not isinstance(schema.get(key, type_()), type_):
            raise CorpusToolError(f"layer {name}: {key!r} is not {'a list' if type_ is list else 'an object'}")
    if not all(isinstance(spec, dict) for spec in attributes.values()):
        raise CorpusToolError(f"layer {name}: 'properties' is an object with a schema for each attribute")
    taken = sorted(set(attributes) & {*COMMON_FIRST, *COMMON_LAST, *RESERVED})
    if taken:
        raise CorpusToolError(f"layer {name}: the attribute {taken[0]!r} is a common field of all layers")
    odd = [key for key in attributes if not _ATTRIBUTE.fullmatch(key)]
    if odd:
        raise CorpusToolError(f"layer {name}: the attribute {odd[0]!r} is not a word of letters, digits and _")
    return Layer(name, attributes, _struct(name, attributes, schema.get("required", ())), schema)


def _struct(name: str, attributes: JsonObject, required: Collection[str]) -> type[Annotation]:
    """The type of a layer's annotations; the schema has checked its values before it is filled.

    A corpus that declares a built-in layer anew adds to the built-in type.
    """
    base = BUILT_IN.get(name, Annotation)
    fields: list[tuple[str, Any, Any]] = [
        (key, Span | None if str(spec.get("$ref", "")).endswith("#/$defs/span") else Any, None)
        for key, spec in attributes.items()
        if key not in base.__struct_fields__
    ]
    if "kind" in base.__struct_fields__ and "kind" not in required:
        fields.append(("kind", str | None, None))
    if not fields and name in BUILT_IN:
        return base
    made: Any = msgspec.defstruct(
        f"{name.title()}Annotation", fields, bases=(base,), frozen=True, kw_only=True, omit_defaults=True
    )
    struct: type[Annotation] = made
    return struct


def _renamed(node: Any, refs: Mapping[str, str]) -> Any:
    """A copy of a schema whose references to its own definitions are renamed: two layers may use one name."""
    if isinstance(node, dict):
        return {
            key: refs.get(child, child) if key == "$ref" and isinstance(child, str) else _renamed(child, refs)
            for key, child in node.items()
        }
    return [_renamed(child, refs) for child in node] if isinstance(node, list) else node


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
            if not _LAYER.fullmatch(name):
                raise CorpusToolError(f"{path}: a layer's name is lower-case letters, digits, - and _")
            layers[name] = _layer(name, read_schema(path))
            _refuse_unusable(path, layers[name])
    return layers


def _refuse_unusable(path: Path, layer: Layer) -> None:
    """Compiles a corpus's own layer by itself, so that what is wrong with it is told with its file's name."""
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator(document_schema({layer.name: layer}))
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise CorpusToolError(f"{path}: not a JSON Schema of Draft 2020-12 ({str(error).splitlines()[0]})") from error


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
        own = layer.schema.get("$defs", {})
        annotation = _renamed(layer.schema, {f"#/$defs/{key}": f"#/$defs/{name}.{key}" for key in own})
        definitions.update({f"{name}.{key}": definition for key, definition in annotation.pop("$defs", {}).items()})
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
