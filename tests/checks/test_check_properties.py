"""Arbitrary bytes, JSON and documents: the checks never raise, and sound documents have no errors."""

from __future__ import annotations

import json
import random
from functools import cache
from typing import Any

import generated
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutation.faults import byte_fault, json_fault, text_fault

from corpus_tool.checks import CHECKS, Needs
from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.model import FORMAT, sha256_of
from corpus_tool.model.codec import layout
from corpus_tool.model.schemas import built_in_layers

CHECKER = make_checker(built_in_layers())

#: Characters that break tools: marks, joiners, astral ones, other scripts, spaces, quotation marks.
NASTY = "aB 1.,'\"“”‘’«»-\n\r\u00a0\u0301\u200d\u200b\u202e😀🇫🇷👩ÃéЖعא中ไ한½²$€%"
texts = st.text(st.sampled_from(NASTY), max_size=60) | st.text(max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=12,
)


def find(data: bytes) -> list[Diagnostic]:
    """The diagnostics of some bytes, each within the file."""
    found = check_bytes(data, "x.json", CHECKER, name="x")[1]
    lines = data.decode("utf-8", "replace").split("\n")
    for diagnostic in found:
        assert 1 <= diagnostic.line <= len(lines), diagnostic
        assert 1 <= diagnostic.column <= len(lines[diagnostic.line - 1]) + 1, diagnostic
    return found


@given(st.binary(max_size=200))
def test_arbitrary_bytes(data: bytes) -> None:
    assert find(data)


@given(st.text(max_size=100))
def test_arbitrary_text(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    assert find(data)


@given(json_values)
def test_arbitrary_json(value: Any) -> None:
    try:
        data = json.dumps(value).encode()
    except UnicodeEncodeError:
        return
    assert find(data)


@st.composite
def raw_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents that the schema takes, their offsets arbitrary."""
    text = draw(texts)
    offset = st.integers(0, len(text) + 3)
    ids = st.sampled_from(["a1", "a2", "l1", "f1", "q1", "q2", "e1", "e2"])
    words = st.text(st.sampled_from(NASTY), max_size=6)
    kinds = {"actors": "person", "locations": "city", "figures": None, "quotes": "direct"}

    def span() -> dict[str, Any]:
        start, end = draw(offset), draw(offset)
        made: dict[str, Any] = {
            "start": start,
            "end": end,
            "text": text[start:end] if draw(st.booleans()) else draw(words),
        }
        if draw(st.integers(0, 4)) == 0:
            made["fragments"] = [{"start": draw(offset), "end": draw(offset)} for _ in range(2)]
        return made

    layers: dict[str, list[dict[str, Any]]] = {}
    for name, kind in kinds.items():
        layers[name] = []
        for _ in range(draw(st.integers(0, 4))):
            made = {"id": draw(ids), **span()}
            if kind:
                made["kind"] = kind
            if name in {"actors", "locations"}:
                made |= draw(st.fixed_dictionaries({}, optional={"entity": ids, "mention": st.just("nominal")}))
            elif name == "figures":
                number = st.integers(-3, 10**7) | st.floats(allow_nan=False, allow_infinity=False)
                numbers = {
                    "min": number,
                    "max": number,
                    "place": ids,
                    "quote": ids,
                    "unit": st.text(min_size=1, max_size=5),
                }
                modifier = st.sampled_from(["range", "exact", "at_least"])
                made |= {"value": draw(number)} | draw(
                    st.fixed_dictionaries({}, optional={**numbers, "modifier": modifier})
                )
                if draw(st.booleans()):
                    made["counted"] = span()
            else:
                optional = {
                    "speaker": ids,
                    "parent": ids,
                    "speaker_status": st.just("unknown"),
                    "co_speakers": st.lists(ids),
                }
                made |= draw(st.fixed_dictionaries({}, optional=optional))
                if draw(st.booleans()):
                    made["cue"] = span()
            if draw(st.integers(0, 3)) == 0:
                status = draw(st.sampled_from(["suggested", "rejected", "corrected"]))
                made["provenance"] = {"status": status}
            layers[name].append(made)
    entity = st.fixed_dictionaries(
        {"id": ids, "kind": st.sampled_from(["person", "city", "x"]), "name": st.text(min_size=1, max_size=4)},
        optional={"lat": st.floats(-200, 200), "lon": st.floats(-200, 200), "links": st.just({"wikidata": "q1"})},
    )
    return {
        "schema": FORMAT,
        "id": "x",
        "meta": draw(st.sampled_from([{}, {"language": "en"}, {"language": "ar"}])),
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [
            {"start": draw(offset), "end": draw(offset), "kind": draw(st.sampled_from(["paragraph", "promo"]))}
            for _ in range(draw(st.integers(0, 3)))
        ],
        "entities": draw(st.lists(entity, max_size=3)),
        "relations": [{"id": "r1", "type": "x", "from": draw(ids), "to": draw(ids)}] if draw(st.booleans()) else [],
        "layers": layers,
    }


@cache
def small(seed: int) -> bytes:
    return generated.as_bytes(generated.document(seed, kilobytes=1, spans=seed % 12))


def fuzz(rng: random.Random) -> None:
    """Files with faults in their bytes, their JSON and their text: nothing raises, findings lie within the file."""
    data = small(rng.randrange(120))
    find(byte_fault(rng, data))
    faulty = json_fault(rng, orjson.loads(data))
    find(faulty)
    find(byte_fault(rng, faulty))
    find(generated.as_bytes(text_fault(rng, orjson.loads(data))))


@given(st.integers(0, 2**32))
def test_generated_documents_with_faults(seed: int) -> None:
    fuzz(random.Random(seed))


@pytest.mark.slow
def test_many_generated_documents_with_faults() -> None:
    rng = random.Random("fuzz")
    for _ in range(10_000):
        fuzz(rng)


@settings(max_examples=300)
@given(raw_documents())
def test_documents_of_arbitrary_offsets(raw: dict[str, Any]) -> None:
    data = json.dumps(raw, ensure_ascii=False, indent=1).encode()
    assert check_bytes(data, "x", CHECKER)[0] is not None
    find(data)


@settings(max_examples=200)
@given(raw_documents(), st.data())
def test_documents_with_one_value_replaced(raw: dict[str, Any], data: st.DataObject) -> None:
    """One value anywhere in a document is another one: still nothing raises, and the schema's refusals are all told."""
    places: list[tuple[Any, Any]] = []
    stack: list[Any] = [raw]
    while stack:
        node = stack.pop()
        for key, child in list(node.items()) if isinstance(node, dict) else list(enumerate(node)):
            places.append((node, key))
            if isinstance(child, dict | list):
                stack.append(child)
    parent, key = data.draw(st.sampled_from(places))
    parent[key] = data.draw(json_values)
    try:
        content = json.dumps(raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    found = find(content)
    document = check_bytes(content, "x", CHECKER)[0]
    if document is None:
        assert any(d.severity is Severity.ERROR for d in found)


@st.composite
def sound_documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents as a careful annotator leaves them: words of a text marked where they stand."""
    words = draw(
        st.lists(st.sampled_from(["Ali", "עלי", "علي", "José", "😀", "Oran", "北京", "left", "met"]), min_size=1)
    )
    text = " ".join(words) + "."
    starts = [sum(len(word) + 1 for word in words[:n]) for n in range(len(words))]
    names = draw(st.sets(st.sampled_from(words)))
    marked = [n for n, word in enumerate(words) if word in names]
    rows = [
        {"id": f"a{n}", "start": starts[n], "end": starts[n] + len(words[n]), "text": words[n], "kind": "person"}
        for n in marked
    ]
    return {
        "schema": FORMAT,
        "id": "x",
        "meta": {"language": "en"},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [{"start": 0, "end": len(text), "kind": "paragraph"}],
        "layers": {"actors": rows, "locations": [{**row, "id": f"l{row['start']}", "kind": "city"} for row in rows]},
    }


@given(sound_documents())
def test_sound_documents_have_no_findings(raw: dict[str, Any]) -> None:
    assert not find(layout(raw, built_in_layers()).encode())


@pytest.mark.parametrize("depth", [900, 1030, 100_000])
def test_deep_nesting_is_a_finding(depth: int) -> None:
    for opening, closing in ("[", "]"), ('{"a":', "}"):
        found = find((opening * depth + "1" + closing * depth).encode())
        assert found
        assert {d.code for d in found} <= {"DOC103", "DOC104", "DOC201", "DOC202", "DOC203"}
        inside = (
            b'{"schema": "corpus-tool/document/1", "extra": '
            + (opening * depth + "1" + closing * depth).encode()
            + b"}"
        )
        assert find(inside)


def test_a_line_of_fifty_megabytes() -> None:
    assert [d.code for d in find(b'{"text": "' + b"a" * 50_000_000)] == ["DOC102"]


def test_lines_of_a_shard_keep_their_number() -> None:
    found = check_bytes(b'{"id": }', "x.jsonl", CHECKER, first_line=41)[1]
    assert [(d.code, d.line, d.column) for d in found] == [("DOC102", 41, 8)]


def test_needs_are_met() -> None:
    """A check that needs the document is not run on a file without one."""
    found = check_bytes(b"{}", "x.json", CHECKER)[1]
    needs = {check.code: check.needs for check in CHECKS}
    assert all(needs[d.code] <= Needs.JSON for d in found)


TEXT = "Zoë 😀 met Ali in Kraków.\nOn Friday Ana said: “We left José.”\nThen Omar came."
NAMES = ["Zoë 😀", "Ali", "Ana", "José", "Omar"]


def drifted(move: Any, text: str = TEXT) -> str:
    """The hint that the first finding gives where every offset has been changed by ``move``."""
    rows = []
    for n, name in enumerate(NAMES):
        start, end = move(text.index(name)), move(text.index(name) + len(name))
        rows.append({"id": f"a{n}", "start": start, "end": end, "text": name, "kind": "person"})
    raw = {
        "schema": FORMAT, "id": "x", "meta": {}, "text": text, "text_sha256": sha256_of(text), "blocks": [],
        "layers": {"actors": rows},
    }  # fmt: skip
    found = [d for d in find(orjson.dumps(raw)) if d.code in {"SPN102", "SPN103"}]
    assert len({d.hint for d in found}) == 1
    return found[0].hint


@pytest.mark.parametrize(
    ("move", "cause"),
    [
        (lambda at: len(TEXT[:at].encode()), "offsets in UTF-8 bytes"),
        (lambda at: len(TEXT[:at].encode("utf-16-le")) // 2, "offsets in UTF-16 units"),
        (lambda at: at + TEXT[:at].count("\n"), "CR LF line ends"),
        (lambda at: at + 1, "offsets that are 1 too high"),
        (lambda at: max(0, at - 0) + 17, "offsets that are 17 too high"),
        (lambda at: at + at // 15, 'from "Ana" on, offsets are too high by 2 to 4'),
    ],
)
def test_the_cause_of_a_drift_is_named(move: Any, cause: str) -> None:
    assert cause in drifted(move)


def test_the_cause_of_included_ends_is_named() -> None:
    text = TEXT
    rows = [
        {
            "id": name[0],
            "start": text.index(name),
            "end": text.index(name) + len(name) - 1,
            "text": name,
            "kind": "person",
        }
        for name in NAMES
    ]
    for n, row in enumerate(rows):
        row["id"] = f"a{n}"
    raw = {
        "schema": FORMAT, "id": "x", "meta": {}, "text": text, "text_sha256": sha256_of(text), "blocks": [],
        "layers": {"actors": rows},
    }  # fmt: skip
    assert all("whose end is included" in d.hint for d in find(orjson.dumps(raw)) if d.code == "SPN103")


def test_grapheme_offsets_are_named() -> None:
    import regex  # type: ignore[import-untyped, unused-ignore]

    text = TEXT.replace("ë", "e\u0301")
    bounds = [m.start() for m in regex.finditer(r"\X", text)] + [len(text)]
    names = ["Ali", "Ana", "Omar"]
    rows = [
        {
            "id": f"a{n}",
            "start": bounds.index(text.index(name)),
            "end": bounds.index(text.index(name) + len(name)),
            "text": name,
            "kind": "person",
        }
        for n, name in enumerate(names)
    ]
    raw = {
        "schema": FORMAT, "id": "x", "meta": {}, "text": text, "text_sha256": sha256_of(text), "blocks": [],
        "layers": {"actors": rows},
    }  # fmt: skip
    hints = {d.hint for d in find(orjson.dumps(raw)) if d.code == "SPN103"}
    assert len(hints) == 1
    assert "grapheme clusters" in hints.pop()
