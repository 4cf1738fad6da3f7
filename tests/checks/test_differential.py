"""Three verdicts on one document: our quick decoder and its slow path, jsonschema_rs, and jsonschema as the referee."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import generated
import jsonschema
import msgspec
import orjson
import pytest
from mutation.faults import json_fault

from corpus_tool.checks.run import Checker, check_bytes, make_checker, read_subject
from corpus_tool.model import FORMAT
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.schemas import DOCUMENT_SCHEMA_ID, Layer, _layer, built_in_layers, document_schema

EXAMPLES = sorted((Path(__file__).parents[2] / "corpus" / "documents").glob("*.json"))
VALID = 200
MUTATED = 900

#: Layers of a corpus's own, with what the built-in ones do not use.
OWN: dict[str, dict[str, Any]] = {
    "events": {
        "properties": {
            "kind": {"enum": ["attack", "talks", "strike"]},
            "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
            "agent": {"type": "string", "x-refers-to": "actors"},
            "trigger": {"$ref": f"{DOCUMENT_SCHEMA_ID}#/$defs/span"},
            "certainty": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            "targets": {"type": "array", "items": {"$ref": "#/$defs/target"}, "maxItems": 3, "uniqueItems": True},
        },
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "attack"}}},
        "then": {"required": ["agent"]},
        "else": {"not": {"required": ["targets"]}},
        "$defs": {
            "target": {
                "type": "object",
                "properties": {"id": {"type": "string", "minLength": 1}, "hit": {"type": "boolean"}},
                "required": ["id"],
                "additionalProperties": False,
            }
        },
    },
    "claims": {
        "properties": {
            "truth": {"oneOf": [{"const": "open"}, {"type": "number", "multipleOf": 0.5}, {"type": "null"}]},
            "topic": {"type": ["string", "array"], "minItems": 1, "minLength": 2},
            "sides": {"type": "object", "patternProperties": {"^[a-z]+$": {"type": "integer"}}, "minProperties": 1},
        },
        "dependentRequired": {"sides": ["topic"]},
        "anyOf": [{"required": ["truth"]}, {"required": ["topic"]}],
    },
    "notes": {"properties": {"label": {"type": "string"}}},
}  # fmt: skip


class Verdicts(NamedTuple):
    """What each validator says of a file; ``document`` is ours."""

    ours: bool
    quick: bool
    fast: bool
    referee: bool
    codes: frozenset[str]


def own_layers() -> dict[str, Layer]:
    return {**built_in_layers(), **{name: _layer(name, schema) for name, schema in OWN.items()}}


@cache
def checker(own: bool) -> Checker:
    return make_checker(own_layers() if own else built_in_layers())


@cache
def referee(own: bool) -> jsonschema.Draft202012Validator:
    """Python's "$" takes a line end behind the value, JSON Schema's does not."""
    schema = json.dumps(document_schema(checker(own).layers)).replace('$"', '\\\\Z"')
    assert '"^[0-9a-f]{64}\\\\Z"' in schema
    assert "#/\\\\Z" not in schema
    return jsonschema.Draft202012Validator(json.loads(schema))


def strict_json(data: bytes) -> Any:
    """A parsed JSON text; ValueError for what the standard library takes and JSON has not."""

    def number(words: str) -> float:
        if not math.isfinite(float(words)):
            raise ValueError(words)
        return float(words)

    value = json.loads(data, parse_constant=number, parse_float=number)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def verdicts(data: bytes, own: bool) -> Verdicts:
    document = read_subject(data, checker(own)).document
    vouched = checker(own).decode(data)
    quick = vouched.document if vouched is not None else None
    try:
        fast = checker(own).validator.is_valid(orjson.loads(data))
    except orjson.JSONDecodeError:
        fast = False
    try:
        ruled = referee(own).is_valid(strict_json(data))
    except (ValueError, RecursionError):
        ruled = False
    codes = frozenset(d.code for d in check_bytes(data, "x.json", checker(own))[1])
    if quick is not None:
        assert quick == document == document_from_json(orjson.loads(data), checker(own).layers)
    return Verdicts(document is not None, quick is not None, fast, ruled, codes)


def agree(data: bytes, own: bool) -> Verdicts:
    """The verdicts, once they have been compared."""
    found = verdicts(data, own)
    assert found.fast == found.referee, data.decode("utf-8", "replace")
    if found.ours != found.referee:
        # The one difference: JSON Schema takes 5.0 and 2**70 for integers, and nobody can slice a text with them.
        assert "DOC208" in found.codes, (found, data.decode())
    if not found.ours:
        assert any(code.startswith(("DOC", "TXT1")) for code in found.codes), data.decode("utf-8", "replace")
    if found.quick:
        # DOC104 looks into "was" and own layers of sound documents too.
        told = [code for code in found.codes - {"DOC104"} if code.startswith(("DOC1", "DOC2", "DOC301", "TXT1"))]
        assert not told, (told, data.decode())
    return found


@cache
def _small(seed: int) -> bytes:
    return generated.as_line(generated.document(seed, kilobytes=1, spans=1 + seed % 7))


def own_document(rng: random.Random) -> dict[str, Any]:
    """A document with annotations in layers of the corpus's own, valid ones or not."""
    raw: dict[str, Any] = orjson.loads(_small(rng.randrange(60)))
    words = raw["text"][:5]
    span = {"start": 0, "end": 5, "text": words}
    choices: dict[str, dict[str, tuple[Any, ...]]] = {
        "events": {
            "kind": ("attack", "talks", "strike", "attack\n", None),
            "date": ("2024-05", "2024-05\n", "2024", 2024),
            "agent": ("a1", "nobody"),
            "trigger": (span, {**span, "x": 1}, None),
            "certainty": (0.5, 1, 0, 1.01, "1"),
            "targets": ([{"id": "x"}], [{"id": "x"}, {"id": "x"}], [{"id": ""}], [{"id": "x", "hit": 1}], []),
        },
        "claims": {
            "truth": ("open", 1.5, 0.25, None, 2, "shut"),
            "topic": ("war", "x", [1], [], {}),
            "sides": ({"a": 1}, {"a": "x"}, {}, {"A": "x"}, {"a": 1.0}),
        },
        "notes": {"label": ("", "x\n", 5, "é")},
    }  # fmt: skip
    for name, attributes in choices.items():
        items = []
        for number in range(rng.randint(0, 2)):
            own = {
                key: rng.choice(values[: rng.choice((1, 9))])
                for key, values in attributes.items()
                if rng.random() < 0.5
            }
            items.append({"id": f"{name}-{number}", **span, **({"kind": "talks"} if name == "events" else {}), **own})
        raw["layers"][name] = items
    return raw


def test_the_schemas_are_schemas() -> None:
    for own in (False, True):
        jsonschema.Draft202012Validator.check_schema(document_schema(checker(own).layers))


def test_valid_documents() -> None:
    files = [path.read_bytes() for path in EXAMPLES] + [generated.as_bytes(orjson.loads(_small(n))) for n in range(60)]
    files += [_small(seed) for seed in range(60, VALID)]
    assert len(files) >= VALID
    for data in files:
        for own in (False, True):
            found = agree(data, own)
            assert found.ours
            assert found.quick


@pytest.mark.parametrize("own", [False, True])
def test_mutated_documents(own: bool) -> None:
    rng = random.Random(f"mutated {own}")
    taken = refused = 0
    for _ in range(MUTATED):
        raw = own_document(rng) if own else orjson.loads(_small(rng.randrange(60)))
        found = agree(json_fault(rng, raw), own)
        taken += found.ours
        refused += not found.ours
    assert refused >= 500
    assert taken >= 30


def test_annotations_of_own_layers() -> None:
    rng = random.Random("own")
    found = [agree(generated.as_line(own_document(rng)), own=True) for _ in range(300)]
    assert 50 <= sum(verdict.ours for verdict in found) <= 250


SPAN = '"start": 0, "end": 1, "text": "O"'
WHOLE: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("float offset", lambda text: text.replace('"start": 0', '"start": 0.0')),
    ("exponent", lambda text: text.replace('"end": 1', '"end": 1e0')),
    ("large offset", lambda text: text.replace('"end": 1', '"end": 1180591620717411303424')),
    ("boolean offset", lambda text: text.replace('"start": 0', '"start": false')),
    ("null", lambda text: text.replace('"kind": "person"', '"kind": "person", "entity": null')),
    ("line end", lambda text: text.replace('"en"', '"en\\n"')),
    ("duplicate key", lambda text: text.replace('"kind": "person"', '"kind": "x", "kind": "person"')),
    ("duplicate key, wrong", lambda text: text.replace('"kind": "person"', '"kind": "person", "kind": "x"')),
    ("not a number", lambda text: text.replace('"start": 0', '"start": NaN')),
    ("escaped key", lambda text: text.replace('"kind"', '"k\\u0069nd"')),
    ("byte order mark", lambda text: f"\ufeff{text}"),
    ("no layers", lambda text: text.replace('"layers"', '"Layers"')),
    ("empty fragments", lambda text: text.replace('"kind": "person"', '"kind": "person", "fragments": []')),
    ("empty relations", lambda text: text.replace('"blocks": []', '"blocks": [], "relations": [], "entities": []')),
    ("null relations", lambda text: text.replace('"blocks": []', '"blocks": [], "relations": null')),
    ("empty provenance", lambda text: text.replace('"kind": "person"', '"kind": "person", "provenance": {}')),
)  # fmt: skip


@pytest.mark.parametrize(("name", "change"), WHOLE, ids=[name for name, _ in WHOLE])
def test_traps(name: str, change: Callable[[str], str]) -> None:
    text = (
        '{"schema": "corpus-tool/document/1", "id": "x", "meta": {"language": "en"}, "text": "Oran",'
        f' "text_sha256": "{"0" * 64}", "blocks": [], "layers": {{"actors": [{{"id": "a1", {SPAN}, "kind": "person"}}]'
        "}}"
    )
    assert change(text) != text
    data = change(text).encode()
    agree(data.removeprefix(b"\xef\xbb\xbf"), own=False)
    if name == "byte order mark":
        assert read_subject(data, checker(own=False)).document is not None
    if name.startswith("duplicate key"):
        assert "DOC105" in verdicts(data, own=False).codes


def test_structs_hold_what_the_schema_takes() -> None:
    """Whatever the schema takes is read without loss: written again it is the same JSON."""
    for seed in range(60):
        document = read_subject(_small(seed), checker(own=False)).document
        assert document is not None
        written = {"schema": FORMAT, "entities": [], "relations": [], **orjson.loads(msgspec.json.encode(document))}
        assert written == orjson.loads(_small(seed))
