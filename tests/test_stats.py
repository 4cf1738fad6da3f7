"""``stats``: what is counted, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus_tool.cli import cli
from corpus_tool.stats import corpus_stats

TEXT = "Cafe\u0301s in حَيْفا 🔥\nTwenty-one दिल्ली\u00a0men said so.\nREAD MORE: Other news here"


def annotation(number: int, start: int, end: int, status: str | None = None, **rest: Any) -> dict[str, Any]:
    provenance = {"provenance": {"status": status}} if status else {}
    return {"id": f"x{number}", "start": start, "end": end, "text": TEXT[start:end], **rest, **provenance}


@pytest.fixture
def corpus(tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]) -> Path:
    layers = {
        "actors": [
            annotation(1, 0, 6, "accepted", kind="group"),
            annotation(2, 0, 6, "rejected", kind="person"),
            annotation(3, 10, 16, None, kind="group"),
        ],
        "figures": [
            annotation(4, 19, 29, "suggested", value=21),
            annotation(5, 19, 25, "added", value=20, measure="age"),
        ],
        "mood": [annotation(6, 0, 6)],
    }
    one = raw_document("one", TEXT, layers=layers, entities=[{"id": "e1", "kind": "group", "name": "Cafe\u0301s"}])
    one["blocks"][-1]["kind"] = "promo"
    own = {"mood": {"type": "object", "properties": {}}}
    return new_corpus(tmp_path / "c", [one, raw_document("two", "“No.”\n…")], own=own)


def test_live_annotations_are_counted_by_kind_and_status(corpus: Path) -> None:
    stats = corpus_stats(corpus)
    assert (stats.documents, stats.entities) == (2, 1)
    assert stats.layers == {
        "actors": {"group": 2},
        "locations": {},
        "figures": {"": 1, "age": 1},
        "quotes": {},
        "mood": {"": 1},
    }
    assert stats.statuses["actors"] == {"accepted": 1, "": 1}
    assert stats.statuses["figures"] == {"suggested": 1, "added": 1}


def test_words_are_those_of_the_content_in_any_script(corpus: Path) -> None:
    """Marks do not cut words: Cafés, in, حَيْفا; Twenty, one, दिल्ली, men, said, so; No. The promo line is no content."""
    assert corpus_stats(corpus).words == 3 + 6 + 1


def test_the_command_prints_a_table_or_json(corpus: Path) -> None:
    run = CliRunner().invoke(cli, ["stats", str(corpus)])
    assert run.exit_code == 0
    rows = [line.split() for line in run.stdout.splitlines()]
    assert rows[0] == ["2", "documents,", "10", "words,", "1", "entity"]
    assert ["actors", "1", "unmarked,", "1", "accepted", "2"] in rows
    assert ["group", "2"] in rows
    assert ["mood", "1", "unmarked", "1"] in rows
    raw = json.loads(CliRunner().invoke(cli, ["stats", str(corpus), "--json"]).stdout)
    assert raw["layers"]["figures"] == {"": 1, "age": 1}
    assert raw["words"] == 10


def test_an_empty_corpus_holds_nothing(tmp_path: Path, new_corpus: Callable[..., Path]) -> None:
    stats = corpus_stats(new_corpus(tmp_path / "c"))
    assert (stats.documents, stats.words, stats.entities) == (0, 0, 0)


def test_a_kind_that_looks_like_markup_is_printed_as_it_is(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]
) -> None:
    kinds = ["[/bold]", "[red]x", "a\x1b[2Jb"]
    layers = {
        "mood": [{"id": f"m{i}", "start": 0, "end": 1, "text": "A", "kind": kind} for i, kind in enumerate(kinds)]
    }
    own = {"mood": {"type": "object", "properties": {"kind": {"type": "string"}}}}
    root = new_corpus(tmp_path / "c", [raw_document("d", "A", layers=layers)], own=own)
    run = CliRunner().invoke(cli, ["stats", str(root)])
    assert run.exit_code == 0
    assert {"[/bold]", "[red]x", "a\\u001b[2Jb"} <= set(run.stdout.split())
