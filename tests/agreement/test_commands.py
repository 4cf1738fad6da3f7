"""assign, agree and merge on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agreement.annotated import span

Json = dict[str, Any]
Make = Callable[..., Path]
Run = Callable[..., Any]

KERN = span("a1", "Zoe\u0308 Kern")
ALI = span("a3", "علي")
BEN = [KERN, {**ALI, "kind": "group"}]


@pytest.fixture
def corpus(versions_of: Make) -> Path:
    versions = {"ana": {"d": {"actors": [KERN, ALI], "locations": []}}, "ben": {"d": {"actors": BEN, "locations": []}}}
    return versions_of(versions)


def test_agree_prints_a_table_and_says_what_is_not_defined(corpus: Path, run_main: Run) -> None:
    ran = run_main("agree", corpus)
    assert ran.status == 0
    assert "ana, ben: 1 document by two or more" in ran.out
    actors, locations = ran.out.split("\nlocations:")
    assert re.search(r"^  1\.00 +F1 of spans: the same bounds *$", actors, re.MULTILINE)
    assert re.search(r"^  0\.50 +F1 of spans: the same bounds and kind *$", actors, re.MULTILINE)
    measures = [line.split()[0] for line in locations.splitlines()[1:8]]
    assert measures == ["–"] * 7
    assert "note: 1 document: with fewer than 10 the intervals say little" in ran.err


def test_agree_lists_disagreements_with_the_command_that_opens_them(corpus: Path, run_main: Run) -> None:
    ran = run_main("agree", corpus, "--list", "--layer", "actors")
    place = f"{ALI['start']}-{ALI['end']}"
    assert ran.out.splitlines() == [
        f"d:{place} actors kind: علي",
        "  ana: person",
        "  ben: group",
        f"  corpus-tool review {corpus} --document d --span {place}",
        "1 disagreement",
    ]


def test_agree_prints_json(corpus: Path, run_main: Run) -> None:
    told = json.loads(run_main("agree", corpus, "--json", "--list", "--seed", "3").out)
    actors = told["layers"][0]
    assert (told["annotators"], told["documents"], told["seed"]) == (["ana", "ben"], 1, 3)
    assert actors["measures"]["exact"] == {"value": 1.0, "low": None, "high": None, "n": 4}
    assert actors["measures"]["exact_kind"]["value"] == 0.5
    assert told["layers"][1]["measures"]["exact"]["value"] is None
    assert told["disagreements"][0]["review"][:2] == ["--document", "d"]


def test_agree_without_annotators_is_misuse(versions_of: Make, run_main: Run) -> None:
    ran = run_main("agree", versions_of({}))
    assert (ran.status, ran.out) == (2, "")
    assert "`corpus-tool assign` deals documents to some" in ran.err


def test_words_of_an_article_reach_the_terminal_harmless(versions_of: Make, run_main: Run) -> None:
    text = "\x1b[31mRed\u202e left\u2066 Haifa.\n"
    red = span("a1", "\x1b[31mRed\u202e left", text=text)
    root = versions_of(
        {"ana": {"d": {"actors": [red]}}, "ben": {"d": {"actors": [{**red, "kind": "group"}]}}}, text=text
    )
    ran = run_main("agree", root, "--list")
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err


def test_assign_says_who_has_what(corpus: Path, run_main: Run) -> None:
    ran = run_main("assign", corpus, "--annotators", "ana, ben", "--overlap", "100%")
    assert ran.status == 0
    assert ran.out.splitlines()[0] == "1 document, 1 of them to several annotators; 0 dealt now"
    assert [line.split() for line in ran.out.splitlines()[2:]] == [
        ["ana", "1", "25", "1", "0"],
        ["ben", "1", "25", "1", "0"],
    ]
    told = json.loads(run_main("assign", corpus, "--annotators", "chen,ana", "--overlap", "0", "--json").out)
    assert [share["annotator"] for share in told["shares"]] == ["ana", "ben", "chen"]


def test_assign_without_names_is_misuse(corpus: Path, run_main: Run) -> None:
    assert run_main("assign", corpus).status == 2
    assert run_main("assign", corpus, "--annotators", " , ").status == 2


def test_merge_counts_what_is_not_in_the_result(corpus: Path, run_main: Run) -> None:
    dry = run_main("merge", corpus, "--dry-run")
    assert "1 document would be written to documents/" in dry.out
    assert not (corpus / "merge-ledger.jsonl").exists()
    ran = run_main("merge", corpus)
    place = f"{ALI['start']}-{ALI['end']}"
    assert ran.out.splitlines() == [
        "1 document written to documents/, 0 unchanged: 1 actors, 0 locations",
        "not in the result: 2 annotations, 0 of their attributes (merge-ledger.jsonl)",
        "  actors: 2 left to a person: what they say differs: kind",
        "left to a person: 1 place (adjudication.jsonl); the first one:",
        f"  corpus-tool review {corpus} --document d --span {place}",
    ]
    assert run_main("merge", corpus).out.startswith("0 documents written to documents/, 1 unchanged")
    told = json.loads(run_main("merge", corpus, "--json", "--by", "unanimous", "--into", "gold").out)
    assert (told["by"], told["written"], told["open"]) == ("unanimous", ["d"], [])
    assert told["reasons"] == [{"layer": "actors", "reason": "what they say differs: kind", "annotations": 2}]


def test_validate_has_nothing_against_what_assign_and_merge_write(corpus: Path, run_main: Run) -> None:
    run_main("assign", corpus, "--annotators", "ana,ben,chen", "--overlap", "100%", "--each", "3")
    run_main("merge", corpus)
    run_main("merge", corpus, "--into", "gold")
    assert " error" not in run_main("validate", corpus).out
