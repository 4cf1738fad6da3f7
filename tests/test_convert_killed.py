"""A process killed with -9 while it converts costs nothing: every document is whole, and the next run completes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus_tool.convert import convert_articles
from corpus_tool.validate import validate_paths

ARTICLES = 200
#: How many documents of the new state are there when the process is killed.
MOMENTS = (1, 20, 60)


def shard(path: Path, hours: str) -> Path:
    """A shard of articles in one of their states."""
    rows = (
        {
            "id": f"n{i}",
            "text": f"Storm {i}\n\nSnow fell for {hours} hours over pass number {i}. “Oh 😀,” said Zoë. " * 8,
        }
        for i in range(ARTICLES)
    )
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def documents(corpus: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (corpus / "documents").glob("[!.]*")}


def kill_while_converting(articles: Path, corpus: Path, is_new: Callable[[], int], moment: int) -> None:
    """Starts the command, and kills it once ``moment`` documents are new."""
    command = [sys.executable, "-m", "corpus_tool", "convert", str(articles), "--into", str(corpus), "--no-annotate"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        while is_new() < moment and process.poll() is None:
            pass
        process.kill()
        out, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL, f"it ended before it was killed: {out!r}"


@pytest.mark.parametrize("first_time", [True, False])
def test_a_kill_leaves_each_document_old_or_new_and_the_next_run_completes(
    first_time: bool, new_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    old_articles, articles = shard(tmp_path / "old" / "w.jsonl", "nine"), shard(tmp_path / "new" / "w.jsonl", "ten")
    expected, corpus = new_corpus(tmp_path / "expected"), new_corpus(tmp_path / "corpus")
    convert_articles([articles], expected, annotate=False)
    new = documents(expected)
    old: dict[str, bytes] = {}
    if not first_time:
        convert_articles([old_articles], corpus, annotate=False)
        old = documents(corpus)
        assert len(old) == len(new) == ARTICLES
        assert not old.items() & new.items()
    stamps = {path.name: path.stat().st_ino for path in (corpus / "documents").iterdir()}

    def is_new() -> int:
        return sum(p.stat().st_ino != stamps.get(p.name) for p in (corpus / "documents").glob("[!.]*"))

    for moment in MOMENTS:
        kill_while_converting(articles, corpus, is_new, moment)
        found = documents(corpus)
        assert found.keys() >= old.keys()
        assert all(data in (old.get(name), new[name]) for name, data in found.items())
        assert 0 < sum(data == new[name] for name, data in found.items()) < ARTICLES
    report = convert_articles([articles], corpus, annotate=False)
    assert 0 < len(report.written) < ARTICLES
    assert documents(corpus) == new
    assert list(validate_paths([corpus])) == []
