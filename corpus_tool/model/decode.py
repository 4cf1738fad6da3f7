"""The short way from a document's bytes to its struct: what it vouches for is valid; what it refuses may be so too.

``msgspec`` decodes the bytes into typed, closed structs, and what types cannot say (closed lists, patterns, "value or
min or max") is looked up a column at a time. It vouches for a document only where nothing was dropped on the way: the
document, written out again, has as many quotation marks as the bytes, so no key stood twice and none held null.
Everything else is left to the JSON Schema, which can say what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import msgspec
import orjson

from corpus_tool.model.document import Annotation, Block, Document, Entity, Meta, Provenance, Relation, Span, Words
from corpus_tool.model.schemas import DOCUMENT_SCHEMA_ID, JsonObject, Layer, base_schema, document_schema

#: Integers from here on are left to the JSON Schema: orjson reads some of them as floats, msgspec none.
_LARGE = 10**18
_LONG_NUMBER = re.compile(rb"\d{19}")

#: What stands in a schema for its readers, and asks nothing of a value.
_REMARKS = frozenset({"$schema", "$id", "title", "description", "x-refers-to"})
_LAYER_KEYS = frozenset({"type", "properties", "required", "anyOf"})

#: What schemas ask of an attribute, and the types of a struct's field that take exactly that.
_SAME: tuple[tuple[JsonObject, Any], ...] = (
    ({"type": "string"}, str | None),
    ({"type": "string", "minLength": 1}, Words | None),
    ({"type": "boolean"}, bool | None),
    ({"type": "array", "items": {"type": "string"}}, tuple[str, ...]),
    ({"$ref": f"{DOCUMENT_SCHEMA_ID}#/$defs/span"}, Span | None),
)

_write = msgspec.json.Encoder().encode


class _File(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The top of a document's file; ``layers`` is added, a struct that is made for the layers that are known."""

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
        closed: the closed list of each attribute that has one; with None where the attribute may be left out.
        numbers: attributes that hold numbers.
        one_of: attributes of which one at least is there; empty where the schema asks nothing of the kind.
    """

    closed: Mapping[str, frozenset[str | None]]
    numbers: tuple[str, ...]
    one_of: tuple[str, ...]


class Vouched(NamedTuple):
    """A document that the short way vouches for, and what was listed on the way.

    Attributes:
        document: the document.
        ids: the ids of its annotations, entities and relations.
        annotations: the annotations of all layers, in order of the file.
        provenances: the provenance of every annotation that has one.
    """

    document: Document
    ids: list[str]
    annotations: list[Annotation]
    provenances: list[Provenance]


def make_decoder(layers: Mapping[str, Layer]) -> Callable[[bytes], Vouched | None]:
    """Compiles the short way for documents that may hold ``layers``; once a run, not once a document.

    Returns:
        A function from the bytes of a file to its document, or to None where it cannot vouch for it. It never raises.
    """
    rules = {name: _rules(layer) for name, layer in layers.items()}
    fields = {name: f"layer_{i}" for i, name in enumerate(layers)}
    types: list[tuple[str, Any, Any]] = []
    for name, layer in layers.items():
        # A layer whose schema asks more than we look up stays as it is until the JSON Schema has seen it.
        held: Any = msgspec.Raw if rules[name] is None else tuple[layer.struct, ...]  # type: ignore[name-defined]
        types.append((fields[name], held | msgspec.UnsetType, msgspec.UNSET))
    held_layers = msgspec.defstruct(
        "_Layers", types, rename={fields[name]: name for name in layers}, omit_defaults=True, forbid_unknown_fields=True
    )
    file_type = msgspec.defstruct("_Document", [("layers", held_layers)], bases=(_File,), kw_only=True)
    read = msgspec.json.Decoder(file_type).decode
    follow = [(fields[name], name, _follows(own) if own else _by_schema(layers[name])) for name, own in rules.items()]
    vouch = _document_rules()

    def decode(data: bytes) -> Vouched | None:
        try:
            file: Any = read(data)
            if not _nothing_dropped(data, file):
                return None
            found: dict[str, tuple[Annotation, ...]] = {}
            for field, name, vouched in follow:
                items = getattr(file.layers, field)
                if items is not msgspec.UNSET:
                    own = vouched(items)
                    if own is None:
                        return None
                    found[name] = own
            document = Document(
                id=file.id,
                meta=file.meta,
                text=file.text,
                text_sha256=file.text_sha256,
                blocks=file.blocks,
                entities=() if file.entities is msgspec.UNSET else file.entities,
                relations=() if file.relations is msgspec.UNSET else file.relations,
                layers=found,
            )
            return vouch(document)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None

    return decode


def _nothing_dropped(data: bytes, file: _File) -> bool:
    """Whether a document that was read and is written again has all quotation marks of its file.

    A key that stood twice, or that held null or what its absence means, is not written: two marks less, at least.
    """
    if b"\\u0022" in data:
        return False
    marks = data.count(b'"')
    if marks == _write(file).count(b'"'):
        return True
    # An empty list or object says what its absence says, and does no harm; a key that stood twice does.
    return b"null" not in data and marks == orjson.dumps(orjson.loads(data)).count(b'"')


def _follows(rules: _Rules) -> Callable[[tuple[Annotation, ...]], tuple[Annotation, ...] | None]:
    """The annotations of a layer, None where its schema asks more of them."""
    seen: set[Any] = set()  # combinations of values that their closed lists allow: as many as the lists have, at most
    combination = attrgetter(*rules.closed) if rules.closed else None
    numbers = _getter(rules.numbers)
    one_of = _getter(rules.one_of)
    nothing = (None,) * len(rules.one_of)

    def vouched(items: tuple[Annotation, ...]) -> tuple[Annotation, ...] | None:
        if combination is not None and not seen.issuperset(map(combination, items)):
            for key, allowed in rules.closed.items():
                if not allowed.issuperset(map(attrgetter(key), items)):
                    return None
            seen.update(map(combination, items))
        if rules.numbers:
            given = [number for row in map(numbers, items) for number in row if number]
            if given and not -_LARGE < min(given) <= max(given) < _LARGE:
                return None
        if rules.one_of and nothing in map(one_of, items):
            return None
        return items

    return vouched


def _getter(keys: Sequence[str]) -> Callable[[Annotation], tuple[Any, ...]]:
    """A function that gives the values of some attributes as a tuple, of one too."""
    if len(keys) < 2:
        return lambda annotation: tuple(getattr(annotation, key) for key in keys)
    getter: Callable[[Annotation], tuple[Any, ...]] = attrgetter(*keys)
    return getter


def _by_schema(layer: Layer) -> Callable[[msgspec.Raw], tuple[Annotation, ...] | None]:
    """The annotations of a layer of a corpus's own, once the JSON Schema has taken them."""
    import jsonschema_rs

    schema = document_schema({layer.name: layer})
    items_schema = {"$defs": schema["$defs"], "type": "array", "items": {"$ref": f"#/$defs/layer_{layer.name}"}}
    validator = jsonschema_rs.Draft202012Validator({"$schema": schema["$schema"], **items_schema})
    items_type: Any = tuple[layer.struct, ...]  # type: ignore[name-defined]  # a type made at run time

    def vouched(raw: msgspec.Raw) -> tuple[Annotation, ...] | None:
        items = orjson.loads(raw)
        if bytes(raw).count(b'"') != orjson.dumps(items).count(b'"') or not validator.is_valid(items):
            return None
        found: tuple[Annotation, ...] = msgspec.convert(items, items_type)
        return found

    return vouched


def _rules(layer: Layer) -> _Rules | None:
    """What the schema of a layer asks; None where it asks what cannot be looked up here, or the struct is looser."""
    schema = layer.schema
    if not schema.keys() <= _LAYER_KEYS | _REMARKS or schema.get("type", "object") != "object":
        return None
    fields = {field.name: field for field in msgspec.structs.fields(layer.struct)}
    required = schema.get("required", [])
    if not all(key in fields and fields[key].required for key in required):
        return None
    if any(
        field.required and field.name not in required for field in fields.values() if field.name in layer.attributes
    ):
        return None
    one_of = _one_of(schema.get("anyOf", []))
    if one_of is None or not set(one_of) <= layer.attributes.keys():
        return None
    closed: dict[str, frozenset[str | None]] = {}
    numbers = []
    for key, spec in layer.attributes.items():
        asked = _bare(spec)
        type_ = fields[key].type
        if asked.keys() == {"enum"} and type_ in (str, str | None) and _all_words(asked["enum"]):
            closed[key] = frozenset(asked["enum"]) | (frozenset() if fields[key].required else {None})
        elif asked == {"type": "number"} and type_ == int | float | None:
            numbers.append(key)
        elif not any(asked == one and type_ == other for one, other in _SAME):
            return None
    return _Rules(closed, tuple(numbers), one_of)


def _bare(spec: Any) -> Any:
    """A schema without its remarks."""
    if not isinstance(spec, dict):
        return spec
    return {name: _bare(value) for name, value in spec.items() if name not in _REMARKS}


def _one_of(branches: Sequence[JsonObject]) -> tuple[str, ...] | None:
    """The keys of an anyOf that only asks for one of several keys; None for any other anyOf."""
    if all(branch.keys() == {"required"} and len(branch["required"]) == 1 for branch in branches):
        return tuple(branch["required"][0] for branch in branches)
    return None


def _all_words(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _document_rules() -> Callable[[Document], Vouched | None]:
    """What ``document.schema.json`` asks beyond the types of the structs."""
    definitions = base_schema()["$defs"]
    meta = definitions["meta"]["properties"]
    document_id, id_, digest, language, published, article_digest = (
        re.compile(_pattern(spec))
        for spec in (
            definitions["document_id"],
            definitions["id"],
            base_schema()["properties"]["text_sha256"],
            meta["language"],
            meta["published"],
            meta["article"]["properties"]["sha256"],
        )
    )
    ids = re.compile(f"(?:{id_.pattern}\n)*+")
    kinds = frozenset(definitions["block"]["properties"]["kind"]["enum"])
    statuses = frozenset(definitions["provenance"]["properties"]["status"]["enum"])

    def head_is_sound(document: Document) -> bool:
        head = document.meta
        article = head.article
        return (
            document_id.fullmatch(document.id) is not None
            and digest.fullmatch(document.text_sha256) is not None
            and (head.language is None or language.fullmatch(head.language) is not None)
            and (head.published is None or published.fullmatch(head.published) is not None)
            and (article is None or article.sha256 is None or article_digest.fullmatch(article.sha256) is not None)
        )

    def vouch(document: Document) -> Vouched | None:
        annotations = [a for items in document.layers.values() for a in items]
        named: list[Any] = [*annotations, *document.entities, *document.relations]
        own = [item.id for item in named]
        ends = [end for relation in document.relations for end in (relation.source, relation.target)]
        lines = "\n".join([*own, *ends, ""])
        provenances = [p for a in annotations if (p := a.provenance) is not None]
        foreign = [item.extra for item in named if item.extra] + [p.was for p in provenances if p.was]
        if document.meta.extra:
            foreign.append(document.meta.extra)
        if (
            head_is_sound(document)
            and ids.fullmatch(lines) is not None
            and lines.count("\n") == len(own) + len(ends)
            and kinds.issuperset([block.kind for block in document.blocks])
            and statuses.issuperset([p.status for p in provenances])
            and not (foreign and _LONG_NUMBER.search(_write(foreign)))
        ):
            return Vouched(document, own, annotations, provenances)
        return None

    return vouch


def _pattern(spec: JsonObject) -> str:
    """The pattern of a schema, for ``fullmatch``: Python's "$" would take a line end behind the value."""
    pattern: str = spec["pattern"]
    return f"(?:{pattern.removeprefix('^').removesuffix('$')})"
