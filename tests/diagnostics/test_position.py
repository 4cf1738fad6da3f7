"""Where in a file a JSON Pointer leads, against a parser that is written another way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.diagnostics import Position, positions_in_json

nasty = st.text(st.sampled_from('ab"\\/~{}[],: \n\t\u00a0\u2028🙂e\u0301ש字'), max_size=6)
trees = st.recursive(
    st.one_of(nasty, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(nasty, inner, max_size=4)),
    max_leaves=15,
)


def write(node: Any, pointer: str, out: list[str], where: dict[str, int], gap: Any) -> None:
    """Writes JSON with gaps of white space, and notes at which code point each value starts."""
    where[pointer] = sum(map(len, out))
    if isinstance(node, dict | list):
        steps = node.items() if isinstance(node, dict) else enumerate(node)
        out.append("{" if isinstance(node, dict) else "[")
        for number, (step, child) in enumerate(steps):
            out.append(gap() + ("," + gap() if number else ""))
            if isinstance(node, dict):
                out.append(json.dumps(step, ensure_ascii=len(step) % 2 == 0) + gap() + ":" + gap())
            write(child, f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}", out, where, gap)
        out.append(gap() + ("}" if isinstance(node, dict) else "]"))
    else:
        out.append(json.dumps(node, ensure_ascii=False))


def expected(text: str, offset: int) -> tuple[int, int]:
    lines = text[:offset].split("\n")
    return len(lines), len(lines[-1]) + 1


@settings(deadline=None)
@given(trees, st.data())
def test_every_value_is_found_at_its_line_and_column(tree: Any, data: st.DataObject) -> None:
    out: list[str] = []
    where: dict[str, int] = {}
    gaps = st.sampled_from(["", "", " ", "\n", "\r\n  ", "\t"])
    write(tree, "", out, where, lambda: data.draw(gaps))
    text = "".join(out)
    assert json.loads(text) == tree
    found = positions_in_json(text, where)
    assert {pointer: tuple(at) for pointer, at in found.items()} == {p: expected(text, o) for p, o in where.items()}
    for pointer, offset in where.items():  # alone, the scan stops early
        assert tuple(positions_in_json(text, [pointer])[pointer]) == expected(text, offset)


TEXT = '{\n  "a": {"é🙂": [1, {"x": 2}]},\n  "b": []\n}\n'


@pytest.mark.parametrize(
    ("pointer", "at"),
    [
        ("", (1, 1)),
        ("/a/é🙂/1/x", (2, 25)),
        ("/a/é🙂/7", (2, 15)),
        ("/a/é🙂/1/nowhere/deep", (2, 19)),
        ("/b/0", (3, 8)),
        ("/nothing", (1, 1)),
    ],
)
def test_what_is_missing_is_told_at_the_nearest_value_above(pointer: str, at: tuple[int, int]) -> None:
    assert positions_in_json(TEXT, [pointer]) == {pointer: Position(*at)}


@pytest.mark.parametrize(
    "text", ["", "  ", '{"a": "unfinished', '{"a": [1, 2', "}{", '{"a": ,,, "b": 1}', '\ufeff{"a": 1}']
)
def test_a_text_that_is_no_json_gives_positions_inside_it(text: str) -> None:
    lines = text.split("\n")
    for line, column in positions_in_json(text, ["", "/a", "/a/1", "/b"]).values():
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
