"""`corpus-tool convert --shards` as a user calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from convert_shards.articles import OTTER, STORM, ids, put_lines


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "corpus_tool", "convert", *map(str, arguments), "--no-annotate"]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL)


def test_the_command_says_what_it_did_and_what_was_done_before(corpus: Path, tmp_path: Path) -> None:
    put_lines(tmp_path / "in" / "mon.jsonl", {"one": STORM})
    put_lines(tmp_path / "in" / "tue.jsonl", {"two": OTTER})
    done = run(tmp_path / "in", "--into", corpus, "--shards")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "2 documents written, 0 unchanged, 2 raw shards (0 done before)\n"
    put_lines(tmp_path / "in" / "wed.jsonl", {"three": OTTER})
    done = run(tmp_path / "in", "--into", corpus, "--shards", "jsonl.gz", "--shard-documents", "1", "--json")
    told = json.loads(done.stdout)
    assert [shard["was_done"] for shard in told["shards"]] == [True, True, False]
    assert told["shards"][2]["files"] == ["wed.jsonl.gz"]
    assert [d["name"] for d in told["diagnostics"]] == ["article-alike"]
    assert ids(corpus) == {"mon.jsonl.zst": ["one"], "tue.jsonl.zst": ["two"], "wed.jsonl.gz": ["three"]}


def test_misuse_is_one_line(corpus: Path, tmp_path: Path) -> None:
    raw = put_lines(tmp_path / "mon.jsonl", {"one": STORM})
    for arguments in (["-"], [tmp_path / "none.jsonl"]):
        done = run(*arguments, "--into", corpus, "--shards")
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1, done.stderr
    assert run(raw, "--into", corpus, "--shards", "xml").returncode == 2
