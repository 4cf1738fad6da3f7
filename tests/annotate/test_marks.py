"""Quotation marks: the cases of cases/marks.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.language.marks import Quoted, pair_marks, recovered

CASES = tomllib.loads((Path(__file__).parent / "cases" / "marks.toml").read_text(encoding="utf-8"))["case"]


def lines(text: str) -> list[tuple[int, int]]:
    """A block a line."""
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def row(text: str, quoted: Quoted) -> dict[str, Any]:
    made: dict[str, Any] = {"text": text[quoted.start : quoted.end]}
    if quoted.depth:
        made["depth"] = quoted.depth
    if quoted.continuations:
        made["continuations"] = len(quoted.continuations)
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["topic"])
def test_case(case: dict[str, Any]) -> None:
    text = case["text"]
    pairing = pair_marks(text, lines(text))
    assert [row(text, q) for q in pairing.quoted] == case["quoted"]
    assert [mark.glyph for mark in pairing.unpaired] == case.get("unpaired", [])


def test_an_opening_mark_without_end_is_recovered_to_the_end_of_its_line() -> None:
    text = "“We are staying.\nThey left."
    pairing = pair_marks(text, lines(text))
    assert [text[q.start : q.end] for q in recovered(text, lines(text), pairing)] == ["“We are staying."]


def test_marks_outside_of_blocks_are_not_read() -> None:
    text = '"promo" "content"'
    assert [q.start for q in pair_marks(text, [(8, 17)]).quoted] == [8]
