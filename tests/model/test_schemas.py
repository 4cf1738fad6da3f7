"""The public schemas, the structs that mirror them, and a corpus's own layers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from corpus_tool.model import Actor, CorpusToolError, document
from corpus_tool.model.codec import document_from_json, dump_document
from corpus_tool.model.corpus import BuildOptions, CorpusConfig, Ignore, SplitPolicy
from corpus_tool.model.schemas import BUILT_IN, COMMON_FIRST, COMMON_LAST, built_in_layers, document_schema, layers_of

SCHEMAS = Path(__file__).parents[2] / "schema"
FILES = sorted(SCHEMAS.rglob("*.json"))
STANCE = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["for", "against"]},
        "target": {"type": "string", "x-refers-to": "actors"},
        "strength": {"type": "number"},
        "trigger": {"$ref": "urn:corpus-tool:document:1#/$defs/span"},
    },
    "required": ["kind"],
}


def load(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return schema


def encoded(struct: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(struct)]


def required(struct: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct) if field.required}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_schema_is_valid_draft_2020_12(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_joined_document_schema_is_valid_draft_2020_12() -> None:
    jsonschema.Draft202012Validator.check_schema(document_schema(built_in_layers()))


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_layers_schema_and_struct_have_the_same_attributes(name: str) -> None:
    schema = load(f"layers/{name}.schema.json")
    own = [key for key in encoded(BUILT_IN[name]) if key not in {*COMMON_FIRST, *COMMON_LAST}]
    assert list(schema["properties"]) == own
    assert required(BUILT_IN[name]) == {"id", "start", "end", "text", *schema.get("required", [])}
    assert set(encoded(BUILT_IN[name])) == {*COMMON_FIRST, *own, *COMMON_LAST}


@pytest.mark.parametrize(
    ("definition", "struct"),
    [
        ("meta", document.Meta),
        ("block", document.Block),
        ("span", document.Span),
        ("provenance", document.Provenance),
        ("entity", document.Entity),
        ("relation", document.Relation),
    ],
)
def test_the_documents_parts_and_structs_have_the_same_fields(definition: str, struct: type[msgspec.Struct]) -> None:
    schema = load("document.schema.json")["$defs"][definition]
    assert set(schema["properties"]) == set(encoded(struct))
    assert set(schema.get("required", [])) == required(struct)


def test_the_document_itself_and_its_article_have_the_same_fields() -> None:
    schema = load("document.schema.json")
    assert set(schema["properties"]) == {"schema", *encoded(document.Document)}
    article = schema["$defs"]["meta"]["properties"]["article"]
    assert set(article["properties"]) == set(encoded(document.Article))


def test_corpus_yaml_and_its_structs_have_the_same_fields() -> None:
    schema = load("corpus.schema.json")
    build = schema["properties"]["build"]
    assert set(schema["properties"]) == set(encoded(CorpusConfig))
    assert set(schema["required"]) == required(CorpusConfig)
    assert set(build["properties"]) == set(encoded(BuildOptions))
    assert set(build["properties"]["splits"]["properties"]) == set(encoded(SplitPolicy))
    assert set(schema["properties"]["ignore"]["items"]["properties"]) == set(encoded(Ignore))


def test_blocks_that_hold_content_are_kinds_of_the_schema() -> None:
    kinds = load("document.schema.json")["$defs"]["block"]["properties"]["kind"]["enum"]
    assert set(kinds) - document.CONTENT_BLOCKS == {"byline", "dateline", "credit", "promo", "boilerplate"}


def full_document(raw_document: Callable[..., Any]) -> dict[str, Any]:
    """A document that has every kind of object there is."""
    text = "علي said: “38 kg”."
    piece = {"start": 0, "end": 3, "text": "علي"}
    cue = {"start": 4, "end": 8, "text": "said"}
    raw: dict[str, Any] = raw_document("full", text)
    raw["meta"] |= {"article": {"path": "articles/full.txt"}, "extra": {"desk": "foreign"}}
    raw["entities"] = [{"id": "e1", "kind": "person", "name": "Ali", "links": {"wikidata": "Q1"}, "extra": {"x": 1}}]
    raw["relations"] = [{"id": "r1", "type": "knows", "from": "a1", "to": "e1", "extra": {"y": True}}]
    provenance = {"annotator": "me", "status": "corrected", "was": {"end": 2}}
    raw["layers"] = {
        "actors": [{"id": "a1", **piece, "kind": "person", "extra": {"z": "ok"}, "provenance": provenance}],
        "locations": [{"id": "l1", **piece, "kind": "city"}],
        "figures": [{"id": "f1", "start": 11, "end": 16, "text": "38 kg", "value": 38, "counted": cue}],
        "quotes": [
            {
                "id": "q1",
                "start": 10,
                "end": 17,
                "text": "“38 kg”",
                "kind": "direct",
                "cue": {"start": 4, "end": 9, "text": "sa d:", "fragments": [{"start": 4, "end": 6}]},
            }
        ],
    }
    raw["layers"]["quotes"][0]["cue"]["fragments"].append({"start": 7, "end": 9})
    return raw


def objects_of(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from objects_of(child, (*path, key))


def test_the_document_schema_is_closed_in_every_object(raw_document: Callable[..., Any]) -> None:
    """A key that the format does not name is an error wherever it stands, except where the contract leaves room."""
    referee = jsonschema.Draft202012Validator(document_schema(built_in_layers()))
    raw = full_document(raw_document)
    referee.validate(raw)
    shut = []
    for path, node in list(objects_of(raw)):
        node["key_of_nobody"] = []
        if not referee.is_valid(raw):
            shut.append(path)
        del node["key_of_nobody"]
    open_ones = [path for path, _ in objects_of(raw) if path not in shut]
    assert open_ones == [("layers", "actors", 0, "provenance", "was")]


def test_a_full_document_survives_decoding_and_writing(raw_document: Callable[..., Any]) -> None:
    raw = full_document(raw_document)
    decoded = document_from_json(raw, built_in_layers())
    assert json.loads(dump_document(decoded, built_in_layers())) == raw


def test_a_corpuss_own_layer_is_read_typed_and_closed(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]
) -> None:
    layers = layers_of(new_corpus(tmp_path / "c", own={"stance": STANCE}))
    assert list(layers) == ["actors", "locations", "figures", "quotes", "stance"]
    assert layers["stance"].kinds == ("for", "against")
    referee = jsonschema.Draft202012Validator(document_schema(layers))
    own = {"id": "s1", "start": 0, "end": 2, "text": "No", "kind": "against", "strength": 0.5}
    own["trigger"] = {"start": 0, "end": 2, "text": "No"}
    raw = raw_document("d", "No, said 李.", layers={"stance": [own]})
    referee.validate(raw)
    (stance,) = document_from_json(raw, layers).layers["stance"]
    assert (stance.start, stance.strength, stance.trigger.text) == (0, 0.5, "No")  # type: ignore[attr-defined]
    assert json.loads(dump_document(document_from_json(raw, layers), layers)) == raw
    assert not referee.is_valid({**raw, "layers": {"stance": [{**own, "target_of_nobody": "a1"}]}})
    assert not referee.is_valid({**raw, "layers": {"moods": []}})


def test_two_layers_may_name_their_definitions_alike(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]
) -> None:
    """Neither layer's definitions change those of the other, or those of the format."""
    own = {
        name: {"$defs": {"id": inner}, "type": "object", "properties": {"v": {"$ref": "#/$defs/id"}}}
        for name, inner in {"one": {"type": "integer"}, "two": {"type": "boolean"}}.items()
    }
    referee = jsonschema.Draft202012Validator(document_schema(layers_of(new_corpus(tmp_path / "c", own=own))))
    span = {"id": "x1", "start": 0, "end": 1, "text": "A"}

    def is_valid(layer: str, value: Any) -> bool:
        return referee.is_valid(raw_document("d", "A", layers={layer: [{**span, "v": value}]}))

    assert [is_valid("one", 3), is_valid("one", True), is_valid("two", 3), is_valid("two", True)] == [1, 0, 0, 1]


def test_a_corpus_may_extend_a_built_in_layer(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]
) -> None:
    schema = load("layers/actors.schema.json")
    schema["properties"]["kind"]["enum"].append("robot")
    schema["properties"]["years"] = {"type": "integer"}
    layers = layers_of(new_corpus(tmp_path / "c", own={"actors": schema}))
    raw = raw_document(
        "d", "R2", layers={"actors": [{"id": "a1", "start": 0, "end": 2, "text": "R2", "kind": "robot"}]}
    )
    raw["layers"]["actors"][0]["years"] = 7
    jsonschema.Draft202012Validator(document_schema(layers)).validate(raw)
    decoded = document_from_json(raw, layers)
    assert isinstance(decoded.actors[0], Actor)
    assert json.loads(dump_document(decoded, layers)) == raw


@pytest.mark.parametrize(
    ("name", "schema", "told"),
    [
        ("stance", {"properties": {"v": {"$ref": "https://example.org/x.json"}}}, "leaves the schema"),
        ("stance", {"properties": {"v": {"$dynamicRef": "https://example.org/x.json"}}}, "leaves the schema"),
        ("stance", {"properties": {"v": {"$ref": "../../secret.json"}}}, "leaves the schema"),
        ("stance", {"properties": {"v": {"$ref": "#/$defs/nowhere"}}}, "stance.schema.json: not a JSON Schema"),
        ("stance", {"properties": {"v": {"type": "strng"}}}, "stance.schema.json: not a JSON Schema"),
        ("stance", {"properties": {"v": {"pattern": "("}}}, "stance.schema.json: not a JSON Schema"),
        ("stance", {"properties": ["v"]}, "'properties' is not an object"),
        ("stance", {"$defs": ["v"]}, "'$defs' is not an object"),
        ("stance", {"required": "v"}, "'required' is not a list"),
        ("stance", {"properties": {"v": True}}, "a schema for each attribute"),
        ("stance", {"properties": {"start": {"type": "integer"}}}, "'start' is a common field"),
        ("stance", {"properties": {"score": {"type": "number"}}}, "'score' is a common field"),
        ("stance", {"properties": {"x-ray": {"type": "string"}}}, "'x-ray' is not a word"),
        ("my layer", {"properties": {}}, "a layer's name"),
        ("stance", ["no schema"], "a schema is a JSON object"),
    ],
)
def test_a_layer_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, new_corpus: Callable[..., Path], name: str, schema: Any, told: str
) -> None:
    root = new_corpus(tmp_path / "c", own={name: schema})
    with pytest.raises(CorpusToolError) as refused:
        layers_of(root)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_layer_file_that_is_no_json_is_refused(
    tmp_path: Path, new_corpus: Callable[..., Path], content: bytes
) -> None:
    root = new_corpus(tmp_path / "c", own={"stance": {}})
    (root / "schema/layers/stance.schema.json").write_bytes(content)
    with pytest.raises(CorpusToolError, match="not a readable JSON schema"):
        layers_of(root)
