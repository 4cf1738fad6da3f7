"""Runs the case files: every bad example yields exactly the expected diagnostics, every good one none."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.checks import CHECKS
from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import FORMAT, sha256_of
from corpus_tool.model.schemas import Layer, _layer, built_in_layers

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.toml"))
DEFAULTS: dict[str, dict[str, Any]] = {
    "actors": {"kind": "person"},
    "locations": {"kind": "city"},
    "figures": {"measure": "quantity"},
    "quotes": {"kind": "direct"},
}
DOCUMENT_KEYS = {"text", "blocks", "entities", "relations", "meta", "id", "text_sha256", "set", "drop", "raw", "hex"}
CASE_KEYS = {"name", "schema", "expect", "why"}


def _pattern(marked: str) -> re.Pattern[str]:
    """A marked stretch as a pattern with a group a span: "[[Ali]] … said" finds Ali."""
    tokens = re.split(r"(\[\[|\]\]|…(?=\s*\[\[)|(?<=\]\])\s*…)", marked)
    brackets = {"[[": "(", "]]": ")"}
    steps = [brackets.get(t) or (".*?" if t.strip() == "…" else re.escape(t)) for t in tokens]
    return re.compile("".join(steps), re.DOTALL)


def _span(marked: str, text: str) -> dict[str, Any]:
    match = _pattern(marked).search(text)
    assert match is not None, f"{marked!r} stands nowhere in the text"
    cut = [match.span(n + 1) for n in range(match.re.groups)]
    assert cut, f"{marked!r} has no [[ ]]"
    found: dict[str, Any] = {"start": cut[0][0], "end": cut[-1][1], "text": " ".join(text[a:b] for a, b in cut)}
    if len(cut) > 1:
        found["fragments"] = [{"start": a, "end": b} for a, b in cut]
    return found


def _value(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word


def _annotation(item: Any, layer: str, number: int, text: str) -> dict[str, Any]:
    if isinstance(item, str):
        marked, *pairs = re.split(r"\s*‖\s*", item)
        item = {"span": marked, **{key: _value(value) for key, value in (pair.split("=", 1) for pair in pairs)}}
    item = dict(item)
    span = _span(item.pop("span"), text) if "span" in item else {}
    made: dict[str, Any] = {"id": f"{layer[0]}{number}", **span, **DEFAULTS.get(layer, {}), **item}
    if "text" not in made:
        made["text"] = text[int(made["start"]) : int(made["end"])]
    for key in ("cue", "counted"):
        if isinstance(made.get(key), str):
            made[key] = _span(made[key], text)
    if layer == "quotes" and not {"speaker", "speaker_status"} & set(made):
        made["speaker_status"] = "unknown"
    if layer == "figures" and not {"value", "min", "max"} & set(made):
        made["value"] = _value(made["text"]) if made["text"].isdecimal() else 1
    return {key: value for key, value in made.items() if value != "none"}


def _blocks(case: dict[str, Any], text: str) -> list[Any]:
    if "blocks" not in case:
        return [{"start": m.start(), "end": m.end(), "kind": "paragraph"} for m in re.finditer(r"[^\n]*\S[^\n]*", text)]
    made = []
    for block in case["blocks"]:
        if isinstance(block, str):
            marked, _, kind = block.partition(" ‖ ")
            made.append({**_span(marked, text), "kind": kind or "paragraph"})
            del made[-1]["text"]
        else:
            made.append(block)
    return made


def build(case: dict[str, Any]) -> bytes:
    """The bytes of the file that a case describes."""
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "raw" in case:
        return str(case["raw"]).encode()
    text = case["text"]
    layers = {
        key: [_annotation(item, key, number, text) for number, item in enumerate(items, 1)]
        for key, items in case.items()
        if key not in DOCUMENT_KEYS | CASE_KEYS
    }
    raw: dict[str, Any] = {
        "schema": FORMAT,
        "id": case.get("id", "x"),
        "meta": case.get("meta", {"language": "en"}),
        "text": text,
        "text_sha256": case.get("text_sha256", sha256_of(text)),
        "blocks": _blocks(case, text),
        "entities": [
            {"id": f"e{n}", "kind": "person", **entity} for n, entity in enumerate(case.get("entities", []), 1)
        ],
        "relations": [
            {"id": f"r{n}", "type": "x", **relation} for n, relation in enumerate(case.get("relations", []), 1)
        ],
        "layers": layers,
    }
    for pointer, value in case.get("set", {}).items():
        parent, key = _at(raw, pointer)
        parent[key] = value
    for pointer in case.get("drop", ()):
        parent, key = _at(raw, pointer)
        del parent[key]
    return json.dumps(raw, ensure_ascii=False, indent=1).encode()


def _at(raw: Any, pointer: str) -> tuple[Any, Any]:
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        raw = raw[int(step) if isinstance(raw, list) else step]
    return raw, int(last) if isinstance(raw, list) else last


def diagnose(case: dict[str, Any]) -> list[Diagnostic]:
    """What the checks find in the document of a case."""
    own: dict[str, Layer] = {name: _layer(name, schema) for name, schema in case.get("schema", {}).items()}
    checker = make_checker({**built_in_layers(), **own})
    return check_bytes(build(case), "case.json", checker, name=case.get("name"))[1]


def cases() -> Iterator[Any]:
    """Every example of every file."""
    for path in FILES:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for sort in ("bad", "good"):
            for number, case in enumerate(content.get(sort, []), 1):
                yield pytest.param(content["code"], sort, case, id=f"{path.stem}-{sort}{number}")


EXPECTED = re.compile(
    r"(?P<code>[A-Z]{3}\d{3})(?: (?P<at>\d+:\d+))?(?: (?P<pointer>/\S*))?(?:: (?P<message>.*))?", re.DOTALL
)


@pytest.mark.parametrize(("code", "sort", "case"), list(cases()))
def test_case(code: str, sort: str, case: dict[str, Any]) -> None:
    found = diagnose(case)
    told = "\n".join(f"{d.code} {d.line}:{d.column} {d.pointer}: {d.message} [{d.hint}]" for d in found)
    expect = [EXPECTED.fullmatch(line) for line in case.get("expect", [])]
    assert all(expect), case.get("expect")
    matches = [match for match in expect if match]
    assert len(found) == len(matches), told
    for match in matches:
        wanted = match["pointer"] or ""
        same = [
            d
            for d in found
            if (d.code, d.pointer) == (match["code"], wanted)
            and match["at"] in {None, f"{d.line}:{d.column}"}
            and d.message.startswith(match["message"] or "")
        ]
        assert same, f"{match[0]}\nfound:\n{told}"
        found.remove(same[0])
    if sort == "bad":
        assert code in {match["code"] for match in matches}
    else:
        assert not matches


def test_checks_are_sorted_and_codes_unique() -> None:
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_check_is_documented_and_has_cases(check: Any) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check.name)
    assert check.run.__name__ == check.name.replace("-", "_")
    doc = check.run.__doc__
    first, *parts = re.split(r"\n\s*\n", doc)
    assert first.strip().endswith("."), "the docstring's first sentence"
    heads = [part.strip().split(":")[0] for part in parts]
    assert heads == ["Why it matters", "Bad", "Good"]
    path = HERE / check.code[:3].lower() / f"{check.name}.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert content["code"] == check.code
    assert content["bad"]
    assert content["good"]


def test_every_case_file_belongs_to_a_check() -> None:
    assert {path.stem for path in FILES} <= {check.name for check in CHECKS}
