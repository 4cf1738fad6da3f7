"""Offsets in other units: converted and back a document is what it was, and in between the cause is told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

import generated
import orjson
import pytest
import regex  # type: ignore[import-untyped, unused-ignore]
import yaml

from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.diagnostics.edit import apply_edits
from corpus_tool.model.schemas import built_in_layers
from mutation.planting import Raw, spans_of

CHECKER = make_checker(built_in_layers())
CORPUS = Path(__file__).parents[2] / "corpus"
EXAMPLES = [orjson.loads(path.read_bytes()) for path in sorted((CORPUS / "documents").glob("*.json"))]
#: What the corpus ignores, with reasons: by document and code.
IGNORED = {
    (own.get("document"), own["code"])
    for own in yaml.safe_load((CORPUS / "corpus.yaml").read_text(encoding="utf-8"))["ignore"]
}
GENERATED = [generated.document(seed, kilobytes=5, spans=30) for seed in range(60)]
DOCUMENTS = [*EXAMPLES, *GENERATED]

#: What each code point of a text counts in some unit; the offsets in that unit are the sums.
UNITS: dict[str, Callable[[str], list[int]]] = {
    "offsets in UTF-8 bytes": lambda text: [len(c.encode()) for c in text],
    "offsets in UTF-16 units": lambda text: [len(c.encode("utf-16-le")) // 2 for c in text],
    "offsets in grapheme clusters": lambda text: [
        int(at == 0) for cluster in regex.findall(r"\X", text) for at in range(len(cluster))
    ],
    "CR LF line ends": lambda text: [1 + (c == "\n") for c in text],
}
SHIFTS = (1, 17, -1, -100)


def moved(raw: Raw, move: Callable[[int], int]) -> Raw:
    """A copy of a document whose offsets, blocks' too, are others."""
    made: Raw = orjson.loads(orjson.dumps(raw))
    for span in [*made["blocks"], *spans_of(made)]:
        span |= {"start": move(span["start"]), "end": move(span["end"])}
    return made


def offsets(raw: Raw) -> list[tuple[int, int, str]]:
    return [(span["start"], span["end"], span.get("text", "")) for span in spans_of(raw)]


def find(raw: Raw) -> list[Diagnostic]:
    found = check_bytes(generated.as_line(raw), "x.json", CHECKER, name=raw["id"])[1]
    return [d for d in found if (raw["id"], d.code) not in IGNORED]


def test_the_documents_are_valid() -> None:
    assert len(EXAMPLES) >= 24
    assert [d for raw in DOCUMENTS for d in find(raw)] == []


@pytest.mark.parametrize("unit", UNITS)
def test_other_units_and_back(unit: str) -> None:
    named = 0
    for raw in DOCUMENTS:
        there = [0, *accumulate(UNITS[unit](raw["text"]))]
        # A cluster's code points behind the first count nothing: of several offsets the first is its start.
        back = {theirs: ours for ours, theirs in reversed(list(enumerate(there)))}
        ends = {theirs: ours for ours, theirs in enumerate(there)}
        converted = moved(raw, there.__getitem__)
        again = moved(converted, back.__getitem__ if unit != "offsets in grapheme clusters" else _boundary(raw, ends))
        assert again == raw
        assert find(again) == []
        named += _is_named(raw, converted, unit)
    assert named >= 20


def _boundary(raw: Raw, ends: dict[int, int]) -> Callable[[int], int]:
    """Where a count of clusters lies: before the first code point of the next one."""
    bounds = [0, *accumulate(len(cluster) for cluster in regex.findall(r"\X", raw["text"]))]
    assert len(bounds) == len(ends)
    return bounds.__getitem__


@pytest.mark.parametrize("by", SHIFTS)
def test_shifts_and_back(by: int) -> None:
    named = 0
    for raw in DOCUMENTS:
        if min(span["start"] for span in spans_of(raw)) < -by:
            continue
        converted: Raw = orjson.loads(orjson.dumps(raw))
        for span in spans_of(converted):
            span |= {"start": span["start"] + by, "end": span["end"] + by}
        named += _is_named(raw, converted, f"offsets that are {abs(by)} too {'high' if by > 0 else 'low'}")
        for span in spans_of(converted):
            span |= {"start": span["start"] - by, "end": span["end"] - by}
        assert converted == raw
    assert named >= 20


def _is_named(raw: Raw, converted: Raw, cause: str) -> bool:
    """Whether a converted document is another one; then the cause is told, and its fix makes what it was."""
    if offsets(raw) == offsets(converted):
        return False
    found = [d for d in find(converted) if d.code in {"SPN102", "SPN103"}]
    assert found
    edits = [edit for diagnostic in found for edit in diagnostic.fix]
    if edits:
        assert offsets(apply_edits(converted, edits)) == offsets(raw), raw["id"]
    for diagnostic in found:
        # Where all spans stand behind one emoji, "1 too low" is as true as "in grapheme clusters".
        assert cause in diagnostic.hint or (edits and "fit offsets" in diagnostic.hint), (raw["id"], diagnostic)
    return all(cause in diagnostic.hint for diagnostic in found)
