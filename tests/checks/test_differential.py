"""Three verdicts on one document: our quick decoder and its slow path, jsonschema_rs, and jsonschema as the referee."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import generated
import jsonschema
import msgspec
import orjson
import pytest

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

#: What stands in the place of a value, written into the file as it is.
TOKENS = (
    "5.0", "1e3", "-0", "-0.0", "1E400", "NaN", "Infinity", "1e-7", "0.1e1", "123456789012345678901234567890",
    "18446744073709551615", "18446744073709551616", "9223372036854775808", "-9223372036854775809", "1180591620717411",
    '"\\ud83d"', '"\\ud83d\\ude00"', '"\\u0000"', '"\\u0022"', "01", "+1", "'x'", "1.",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 5, 2**53 + 1, 2**63 - 1, 0.5, -0.5, 1.5, "", " ", "x", "en\n", "a1\n", "5", "person",
    "person\n", "2024-05-31\n", "ａ", "\u00e9", "e\u0301", [], [[]], {}, {"a": None}, [None], {"start": 0, "end": 1},
    {"start": 0, "end": 1, "text": ""}, [{"start": 0, "end": 1}, {"start": 2, "end": 3}], "a" * 128, "a" * 129,
    ["x", "x"], "corpus-tool/document/1", {"x": "y"}, {"x": {}}, "0" * 64, "A" * 64,
)  # fmt: skip


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
        if math.isinf(float(words)):
            raise ValueError(words)
        return float(words)

    value = json.loads(data, parse_constant=number, parse_float=number)
    json.dumps(value, ensure_ascii=False).encode()
    return value


def verdicts(data: bytes, own: bool) -> Verdicts:
    document = read_subject(data, checker(own)).document
    quick = checker(own).decode(data)
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
        told = [code for code in found.codes if code.startswith(("DOC1", "DOC2", "DOC301", "TXT1"))]
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


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a JSON value with each of its keys or indexes."""
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, child in pairs:
        yield value, key
        if isinstance(child, dict | list):
            yield from _places(child)


def mutate(rng: random.Random, raw: dict[str, Any]) -> bytes:
    """A document with one fault or two, most often one of its schema."""
    raw = deepcopy(raw)
    token = ""
    for _ in range(rng.choice((1, 1, 1, 2))):
        holder, key = rng.choice(list(_places(raw)))
        value = holder[key]
        way = rng.randrange(12)
        if way < 3:
            holder[key] = rng.choice(VALUES)
        elif way == 3:
            token = token or rng.choice(TOKENS)
            holder[key] = "\u00a4token\u00a4"
        elif way == 4:
            del holder[key]
        elif way == 5 and isinstance(holder, dict):
            holder[rng.choice(("x", "", "Kind", "extra", "fragments", "provenance", "was", "a/b", "start", "id"))] = (
                rng.choice(VALUES)
            )
        elif way == 6 and isinstance(holder, dict):
            holder[f"{key} "] = holder.pop(key)
        elif way == 7 and isinstance(value, str):
            holder[key] = rng.choice((f"{value}\n", f"\n{value}", value.upper(), value[:-1], "", f"{value}x"))
        elif way == 8 and isinstance(value, int | float):
            holder[key] = rng.choice((float(value), -value, value + 0.5, str(value), bool(value), value + 2**60))
        elif way == 9:
            holder[key] = rng.choice(([value], {"x": value}, {"start": value}))
        elif way == 10 and isinstance(holder, dict):
            deep: Any = {}
            for _ in range(rng.randint(1, 200)):
                deep = {"a": deep}
            holder[rng.choice(("was", "extra"))] = deep
        else:
            holder[key] = rng.choice((0, -1, 1, 10**6)) if key in ("start", "end") else rng.choice(VALUES)
    text = json.dumps(raw, ensure_ascii=rng.random() < 0.2)
    text = text.replace('"\\u00a4token\\u00a4"', token).replace('"\u00a4token\u00a4"', token)
    if rng.random() < 0.08:
        key = rng.choice(("id", "start", "kind", "text", "meta", "x"))
        text = text.replace("{", f'{{"{key}": {json.dumps(rng.choice(VALUES))}, ', rng.randint(1, 3))
    return text.encode()


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
        found = agree(mutate(rng, raw), own)
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
