"""`corpus-tool next`: planted corpora come out in the order in which a correction teaches most."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import console_pairs

from corpus_tool import next_documents
from corpus_tool.review.ranking import WORDS_A_MINUTE, Counted, rank, rarity_of
from corpus_tool.review.session import open_review

Json = dict[str, Any]

NAMES = "Ada Berg, Omar Nour, Lea Fuchs and Jan Roth met in the hall"


def article(new: Callable[..., Json], own: str, actors: list[tuple[str, str, float | None]], more: str = "") -> Json:
    """A document whose actors have these kinds, statuses and scores."""
    names = ["Ada Berg", "Omar Nour", "Lea Fuchs", "Jan Roth"]
    text = f"{NAMES}.\n{more}"
    annotations = []
    for n, (kind, status, score) in enumerate(actors):
        start = text.index(names[n])
        provenance: Json = {"annotator": "x", "status": status, **({} if score is None else {"score": score})}
        span = {"start": start, "end": start + len(names[n]), "text": names[n]}
        annotations.append({"id": f"a{n + 1}", **span, "kind": kind, "mention": "name", "provenance": provenance})
    return new(own, text, layers={"actors": annotations})


@pytest.fixture
def planted(tmp_path: Path, raw_document: Callable[..., Json], new_corpus: Callable[..., Path]) -> Path:
    sure = ("person", "suggested", 0.99)
    done = ("person", "accepted", None)
    documents = [
        article(raw_document, "doubtful", [("person", "suggested", 0.2)] * 4),
        article(raw_document, "done", [done] * 4),
        article(raw_document, "long", [("person", "suggested", 0.2)] * 4, "It rained. " * 700),
        article(raw_document, "rare", [sure, sure, sure, ("armed_group", "suggested", 0.2)]),
        article(raw_document, "sure", [sure] * 4),
        article(raw_document, "unscored", [("person", "suggested", None)] * 4),
    ]
    return new_corpus(tmp_path / "corpus", documents)


def order(root: Path, limit: int | None = None) -> list[str]:
    return [found.document for found in next_documents(root, limit=limit)]


def test_doubt_and_rarity_rank_and_what_is_done_is_left_out(planted: Path) -> None:
    assert order(planted) == ["doubtful", "unscored", "rare", "long", "sure"]
    assert order(planted, limit=2) == ["doubtful", "unscored"]
    found = {row.document: row for row in next_documents(planted)}
    assert found["doubtful"].doubt == pytest.approx(3.2)
    assert found["unscored"].doubt == pytest.approx(2.0)
    assert found["rare"].rarity > found["rare"].doubt * 0.5
    assert found["rare"].reasons == ("rare: actors armed_group", "4 open suggestions")
    assert found["long"].gain == found["doubtful"].gain
    assert found["long"].rank < found["doubtful"].rank / 3


def test_annotators_at_odds_rank_before_others_until_a_person_decides(planted: Path) -> None:
    documents = planted / "documents"
    for name, kinds in (("ana", ["person"] * 4), ("ben", ["group"] * 4)):
        raw = json.loads((documents / "done.json").read_bytes())
        for annotation, kind in zip(raw["layers"]["actors"], kinds, strict=True):
            annotation["kind"] = kind
        folder = planted / "annotators" / name
        folder.mkdir(parents=True)
        if name == "ana":
            (folder / "done.json").write_text(json.dumps(raw))
        else:
            (folder / "all.jsonl.gz").write_bytes(gzip.compress(json.dumps(raw).encode() + b"\n"))
    assert "done" not in order(planted)  # all four were decided in documents/
    bare = json.loads((documents / "done.json").read_bytes())
    bare["layers"]["actors"] = []
    (documents / "done.json").write_text(json.dumps(bare))
    [first] = next_documents(planted, limit=1)
    assert (first.document, first.odds, first.reasons) == ("done", 4, ("4 spans at odds",))


def test_the_page_of_the_docs_shows_what_is_printed(planted: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "next.md").read_text(encoding="utf-8")
    planted.rename(planted.with_name("my-corpus"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    pairs = console_pairs(page)
    assert len(pairs) == 2
    for command, printed in pairs:
        done = subprocess.run(
            command,
            shell=True,
            check=False,
            cwd=planted.parent,
            env={**os.environ, "PATH": path, "COLUMNS": "100"},
            capture_output=True,
            encoding="utf-8",
        )
        assert (done.stdout, done.stderr) == (printed, "")
    assert f"rank = gain / (1 + words / {WORDS_A_MINUTE})" in page


def test_findings_count(planted: Path) -> None:
    path = planted / "documents" / "done.json"
    raw = json.loads(path.read_bytes())
    raw["layers"]["actors"][0]["end"] += 3  # SPN103, an error
    path.write_text(json.dumps(raw))
    found = {row.document: row for row in next_documents(planted)}
    assert found["done"].findings >= 1
    assert "1 finding" in found["done"].reasons
    assert found["done"].reasons[0].endswith(("finding", "findings"))


def test_shards_and_broken_files_are_ranked_too(planted: Path) -> None:
    documents = planted / "documents"
    expected = order(planted)
    lines = [json.dumps(json.loads(path.read_bytes())) for path in sorted(documents.glob("*.json"))]
    shutil.rmtree(documents)
    documents.mkdir()
    (documents / "all.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    assert order(planted) == expected
    (documents / "broken.json").write_text("{")
    assert set(order(planted)) == {*expected, "broken"}


def test_equal_ranks_come_in_the_order_of_ids(
    tmp_path: Path, raw_document: Callable[..., Json], new_corpus: Callable[..., Path]
) -> None:
    same = [article(raw_document, own, [("person", "suggested", 0.5)]) for own in ("c", "a", "b", "d")]
    root = new_corpus(tmp_path / "corpus", same)
    assert order(root) == order(root, limit=4) == ["a", "b", "c", "d"]
    assert order(root, limit=2) == ["a", "b"]


def test_the_formula_is_the_one_that_is_documented() -> None:
    rarity = rarity_of({"actors": {"person": 990, "armed_group": 10}, "figures": {"": 5}})
    assert rarity["actors", "armed_group"] == pytest.approx(1.69897)  # 50 times rarer than an equal share
    assert rarity["actors", "person"] == rarity["figures", ""] == 0
    doubts = {"actors": {"armed_group": 0.5, "person": 0.25}}
    counted = Counted(id="x", words=500, open=2, doubts=doubts, odds=2, weight=1.5, findings=2)
    row = rank(counted, rarity)
    assert (row.doubt, row.rarity) == (0.75, pytest.approx(0.8495))
    assert row.gain == pytest.approx(0.75 + 0.8495 + 2 + 1.5)
    assert row.rank == pytest.approx(row.gain / 3, abs=1e-4)


def test_the_queue_of_the_page_has_the_same_order(planted: Path) -> None:
    session = open_review(planted, annotator="rosa")
    session.queue.start()
    session.queue.wait()
    rows = session.queue.answer({"order": "next"})["documents"]
    assert [row["id"] for row in rows if row["gain"]] == order(planted)
    least = session.queue.answer({})["documents"]
    assert least[-1]["id"] == "done"
    assert session.queue.answer({"order": "lowest-score"})["documents"][0]["lowest_score"] == 0.2
    session.close()


def test_the_command_prints_a_table_ids_or_json(planted: Path, run_main: Callable[..., Any]) -> None:
    table = run_main("next", planted, "--limit", "2").out.splitlines()
    assert [line.split()[0] for line in table] == ["document", "doubtful", "unscored"]
    assert "4 open suggestions" in table[1]
    assert run_main("next", planted, "--ids", "--limit", "1").out == "doubtful\n"
    rows = json.loads(run_main("next", planted, "--json").out)
    assert [row["document"] for row in rows] == order(planted)
    assert set(rows[0]) == {
        "document", "title", "rank", "gain", "doubt", "rarity", "odds", "findings", "open", "words", "reasons",
    }  # fmt: skip
    for path in (planted / "documents").glob("*.json"):
        if path.stem != "done":
            path.unlink()
    assert run_main("next", planted).out == "nothing left to review\n"
