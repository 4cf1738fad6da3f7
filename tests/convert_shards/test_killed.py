"""Processes killed with -9 at every moment: all documents are there once, and the next run ends in the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.convert import convert_articles

Json = dict[str, Any]
KILLER = Path(__file__).with_name("killer.py")


def raw_shards(folder: Path, state: str, count: int = 6) -> list[Path]:
    """Two files whose articles have the same ids, with nasty text."""
    folder.mkdir(exist_ok=True)
    paths = []
    for name in ("mon", "tue"):
        rows = (
            {
                "id": f"n{i}",
                "text": f"Storm {i} of {name}\r\n\r\nSnow fell for {state} hours. “Oh 😀,” said Zoë\u0301 شرطة {name}.",
            }
            for i in range(count)
        )
        path = folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def review(shard: Path, line: int) -> str:
    """Adds a person's annotation to a document of a plain shard; returns its id."""
    rows = [json.loads(row) for row in shard.read_text(encoding="utf-8").splitlines()]
    text = rows[line]["text"]
    actor = {"id": "a1", "start": 0, "end": 5, "text": text[:5], "kind": "other", "provenance": {"status": "accepted"}}
    rows[line]["layers"] = {"actors": [actor]}
    shard.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(rows[line]["id"])


def kill_at_every_moment(scenario: str, folder: Path) -> Json:
    """What ``killer.py`` found."""
    done = subprocess.run(
        [sys.executable, str(KILLER), scenario, str(folder)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    found: Json = json.loads(done.stdout)
    return found


def test_a_first_conversion_killed_at_every_moment(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    new_corpus(tmp_path / "corpus")
    raw_shards(tmp_path / "raw", "nine")
    assert kill_at_every_moment("convert", tmp_path)["moments"] > 20


def test_a_conversion_of_changed_articles_killed_at_every_moment(
    new_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    """Articles changed, added in front, and gone: what people did stays, and nothing is lost on the way."""
    corpus = new_corpus(tmp_path / "corpus")
    raws = raw_shards(tmp_path / "raw", "nine")
    convert_articles(raws, corpus, annotate=False, shards="jsonl", shard_documents=4)
    reviewed = [
        review(corpus / "documents" / "mon-00000.jsonl", 1),
        review(corpus / "documents" / "mon-00001.jsonl", 1),
    ]
    assert reviewed == ["n1", "n5"]
    raw_shards(tmp_path / "raw", "ten", count=5)  # n5 is gone from both; a person has worked on mon's
    for raw in raws:
        first = json.dumps({"id": f"first-{raw.stem}", "text": f"Otter of {raw.stem}\n\nIt ate a trout and left."})
        raw.write_text(f"{first}\n{raw.read_text()}", encoding="utf-8")
    [of_tuesday] = [
        row["id"]
        for line in (corpus / "documents" / "tue-00001.jsonl").read_text().splitlines()
        if "Storm 5" in (row := json.loads(line))["text"]
    ]
    (tmp_path / "gone.json").write_text(json.dumps([of_tuesday]))
    found = kill_at_every_moment("convert", tmp_path)
    assert found["documents"] == 12
    assert found["moments"] > 20


@pytest.mark.parametrize("to", ["jsonl", "json"])
def test_shard_killed_at_every_moment(to: str, new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "corpus")
    raws = raw_shards(tmp_path / "raw", "nine", count=5)
    shards = "jsonl" if to == "json" else None
    convert_articles(raws, corpus, annotate=False, shards=shards, shard_documents=3)
    (corpus / "documents" / "README").write_text("kept")
    found = kill_at_every_moment(to, tmp_path)
    assert found["moments"] > 10


def test_a_command_with_two_processes_killed_in_the_middle(new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    """The command is killed once its first shard is there; what is done stays, and the next run does the rest."""
    raws = []
    for number in range(8):
        raws.append(tmp_path / f"r{number}.jsonl")
        rows = ({"id": f"n{i}", "text": f"Storm {i} 😀\n\nSnow of {number} fell on {i}. " * 9} for i in range(150))
        raws[-1].write_text("".join(json.dumps(row) + "\n" for row in rows))
    whole, corpus = new_corpus(tmp_path / "whole"), new_corpus(tmp_path / "corpus")
    convert_articles(raws, whole, annotate=False, shards="jsonl")
    first = corpus / "documents" / "r0.jsonl"
    options = ["--into", str(corpus), "--shards", "jsonl", "--no-annotate", "--jobs", "2"]
    command = [sys.executable, "-m", "corpus_tool", "convert", *map(str, raws), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while not first.exists() and process.poll() is None:
            pass
        process.kill()
        _, told = process.communicate()
    assert process.returncode == -signal.SIGKILL, told
    expected = {path.name: path.read_bytes() for path in (whole / "documents").iterdir()}
    assert first.read_bytes() == expected["r0.jsonl"]
    convert_articles(raws, corpus, annotate=False, shards="jsonl", jobs=2)
    found = {path.name: path.read_bytes() for path in (corpus / "documents").glob("[!.]*")}
    assert found == expected
