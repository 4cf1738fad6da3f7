"""A dataset of the Hub comes back as the documents that it was built from."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPO = "alice/back"


def test_what_was_published_comes_back_as_documents(
    user: Any, built: Callable[..., Path], fire: Any, new_corpus: Callable[..., Path], tmp_path: Path
) -> None:
    assert user.release(built(), REPO).status == 0
    corpus = new_corpus(tmp_path / "c", [])
    ran = subprocess.run(
        [sys.executable, "-m", "corpus_tool", "convert", REPO, "--from", "hf", "--into", str(corpus)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=user.hub.environment(user.home, "alice:write"),
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = {path.stem: json.loads(path.read_bytes()) for path in (corpus / "documents").glob("*.json")}
    assert found.keys() == {f"fire-{number:02}" for number in range(12)}
    for number in range(12):
        wanted, own = fire(number), found[f"fire-{number:02}"]
        assert own["text"] == wanted["text"].replace("\r\n", "\n")
        for layer, annotations in wanted["layers"].items():
            kept = own["layers"][layer]
            assert [a["text"] for a in kept] == [a["text"] for a in annotations]
            assert all(own["text"][a["start"] : a["end"]] == a["text"] for a in kept)
