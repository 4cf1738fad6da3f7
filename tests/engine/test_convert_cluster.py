"""Raw shards converted on a Dask cluster: the same bytes as in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from corpus_tool.convert import convert_articles
from engine.conftest import DaskCluster


def test_a_cluster_makes_the_same_shards(cluster: DaskCluster, new_corpus: Callable[..., Path], tmp_path: Path) -> None:
    raws = []
    for day in ("mon", "tue", "wed"):
        raws.append(tmp_path / f"{day}.jsonl")
        rows = ({"id": f"n{i}", "text": f"Storm {i}\n\nSnow 😀 fell on {day} {i}, said Zoë."} for i in range(20))
        raws[-1].write_text("".join(json.dumps(row) + "\n" for row in rows))
    here, there = new_corpus(tmp_path / "here"), new_corpus(tmp_path / "there")
    own = convert_articles(raws, here, annotate=False, shards="jsonl.zst")
    made = convert_articles(raws, there, annotate=False, shards="jsonl.zst", scheduler=cluster.address)
    assert made == own
    files = {path.name: path.read_bytes() for path in (here / "documents").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (there / "documents").iterdir()}
    assert len(files) == 3
