"""A document with text that breaks naive tools: astral characters, combining marks, scripts from right to left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.diagnostics import Severity
from corpus_tool.diagnostics.diagnostic import Diagnostic
from corpus_tool.validate import validate_paths

Json = dict[str, Any]

TEXT = (
    "👩‍🚒 Brigade chief Zoë Lind said 40 people fled Haifa.\n"
    "“The 𝒳 Group left us,” said עלי כהן, “and 1,300 homes\u00a0burnt.\n"
    "“We wait.”\n"
    "مريم حداد of 陈氏 Foods told Rosa Lind that dozens were hurt in Acre.\n"
)


def at(words: str, nth: int = 0) -> Json:
    """Where words stand in ``TEXT``, as start, end and text of an annotation."""
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


def suggested(score: float | None = None) -> Json:
    provenance: Json = {"annotator": "program 1", "status": "suggested"}
    return {"provenance": provenance if score is None else {**provenance, "score": score}}


LAYERS: dict[str, list[Json]] = {
    "actors": [
        {"id": "a1", **at("Zoë Lind"), "kind": "person", "mention": "name", "entity": "e1", "role": "chief",
         **suggested(0.4)},
        {"id": "a2", **at("people"), "kind": "group", "mention": "nominal", **suggested()},
        {"id": "a3", **at("𝒳 Group"), "kind": "organization", "mention": "name", "entity": "e2", **suggested(0.9)},
        {"id": "a4", **at("עלי כהן"), "kind": "person", "mention": "name", "entity": "e3", **suggested()},
        {"id": "a5", **at("مريم حداد"), "kind": "person", "mention": "name", "entity": "e4", **suggested()},
        {"id": "a6", **at("陈氏 Foods"), "kind": "organization", "mention": "name", "entity": "e5", **suggested()},
        {"id": "a7", **at("Rosa Lind"), "kind": "person", "mention": "name", "entity": "e6", **suggested()},
    ],
    "locations": [
        {"id": "l1", **at("Haifa"), "kind": "city", "mention": "name", "entity": "e7", **suggested()},
        {"id": "l2", **at("Acre"), "kind": "city", "mention": "name", "entity": "e8", **suggested()},
    ],
    "figures": [
        {"id": "f1", **at("40"), "value": 40, "modifier": "exact", "unit": "count", "measure": "displaced",
         "counted": at("people"), "place": "l1", "quote": "q1", **suggested()},
        {"id": "f2", **at("1,300"), "value": 1300, "modifier": "exact", "unit": "count", "measure": "affected",
         "counted": at("homes"), "quote": "q2", **suggested()},
    ],
    "quotes": [
        {"id": "q1", **at("40 people fled Haifa"), "kind": "indirect", "attitude": "speech", "cue": at("said"),
         "speaker": "a1", **suggested()},
        {"id": "q2", "start": at("“The")["start"], "end": at("We wait.”")["end"],
         "text": "“The 𝒳 Group left us,” “and 1,300 homes\u00a0burnt.\n“We wait.”",
         "fragments": [
             {"start": at("“The")["start"], "end": at("left us,”")["end"]},
             {"start": at("“and")["start"], "end": at("We wait.”")["end"]},
         ],
         "kind": "direct", "attitude": "speech", "cue": at("said", 1), "speaker": "a4",
         "co_speakers": ["a1"], **suggested()},
        {"id": "q3", **at("that dozens were hurt in Acre"), "kind": "indirect", "attitude": "speech", "cue": at("told"),
         "speaker": "a5", "co_speakers": ["a7"], **suggested()},
    ],
}  # fmt: skip

ENTITIES: list[Json] = [
    {"id": "e1", "kind": "person", "name": "Zoë Lind"},
    {"id": "e2", "kind": "organization", "name": "𝒳 Group"},
    {"id": "e3", "kind": "person", "name": "עלי כהן"},
    {"id": "e4", "kind": "person", "name": "مريم حداد"},
    {"id": "e5", "kind": "organization", "name": "陈氏 Foods"},
    {"id": "e6", "kind": "person", "name": "Rosa Lind"},
    {"id": "e7", "kind": "city", "name": "Haifa"},
    {"id": "e8", "kind": "city", "name": "Acre"},
]

RELATIONS: list[Json] = [{"id": "r1", "type": "employs", "from": "e5", "to": "e4"}]


@pytest.fixture(scope="session")
def fire(raw_document: Callable[..., Json]) -> Json:
    """The JSON of the document ``fire``, all of it suggested."""
    return raw_document("fire", TEXT, layers=LAYERS, entities=ENTITIES, relations=RELATIONS)


@pytest.fixture
def corpus(tmp_path: Path, fire: Json, new_corpus: Callable[..., Path]) -> Path:
    """A corpus with that document, in the contract's layout."""
    root = new_corpus(tmp_path / "corpus", [fire])
    from corpus_tool.layout import format_paths

    assert [formatted.diagnostic for formatted in format_paths([root])] == [None]
    return root


@pytest.fixture(scope="session")
def errors() -> Callable[[Path], list[Diagnostic]]:
    """``errors(path)``: the errors that the validator finds."""
    return lambda path: [d for d in validate_paths([path]) if d.severity is Severity.ERROR]


@pytest.fixture(scope="session")
def place() -> Callable[..., Json]:
    """``place(words, nth)``: where words stand in the document's text, in code points."""
    return lambda words, nth=0: {key: at(words, nth)[key] for key in ("start", "end")}


@pytest.fixture(scope="session")
def in_units() -> Callable[..., Json]:
    """``in_units(words, nth)``: the same as a browser counts, worked out from the text's UTF-16."""

    def units(words: str, nth: int = 0) -> Json:
        found = at(words, nth)
        start = len(TEXT[: found["start"]].encode("utf-16-le")) // 2
        return {"start": start, "end": start + len(words.encode("utf-16-le")) // 2}

    return units
