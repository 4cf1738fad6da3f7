"""Edits: what is set and removed by JSON Pointers that all speak of the document as it was."""

from __future__ import annotations

from typing import Any

import pytest

from corpus_tool.diagnostics import WRITE_ANEW, Edit, apply_edits

RAW = {"a/b": {"~": "שלום"}, "items": [{"n": 0}, {"n": 1}, {"n": 2}, {"n": 3}]}


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], RAW),
        ([WRITE_ANEW], RAW),
        ([Edit("/a~1b/~0", "😀")], {**RAW, "a/b": {"~": "😀"}}),
        ([Edit("/new", [1])], {**RAW, "new": [1]}),
        ([Edit("/a~1b/~0", does="remove")], {**RAW, "a/b": {}}),
        (
            [Edit("/items/1", does="remove"), Edit("/items/3", does="remove"), Edit("/items/2/n", 7)],
            {**RAW, "items": [{"n": 0}, {"n": 7}]},
        ),
        (
            [Edit("/items/1", does="remove"), Edit("/items/1", does="remove")],
            {**RAW, "items": [{"n": i} for i in (0, 2, 3)]},
        ),
        (
            [Edit("/items/1", does="remove"), Edit("/items/1/n", does="remove")],
            {**RAW, "items": [{"n": i} for i in (0, 2, 3)]},
        ),
    ],
)
def test_edits_speak_of_the_document_as_it_was(edits: list[Edit], expected: Any) -> None:
    assert apply_edits(RAW, edits) == expected


def test_the_value_itself_is_left_alone() -> None:
    raw: dict[str, Any] = {"items": [{"n": 0}]}
    changed = apply_edits(raw, [Edit("/items/0/n", 1)])
    assert (raw, changed) == ({"items": [{"n": 0}]}, {"items": [{"n": 1}]})


@pytest.mark.parametrize("pointer", ["/none/x", "/items/9/n", "/items/0/n/x"])
def test_a_pointer_that_leads_nowhere_is_an_error(pointer: str) -> None:
    with pytest.raises(LookupError):
        apply_edits(RAW, [Edit(pointer, 1)])
