"""The same findings and the same bytes from one process, two processes, and two workers of a Dask cluster."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.build.dataset import build_dataset
from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.model import CorpusToolError
from corpus_tool.validate import validate_paths
from engine.corpora import hashes, nasty, write_shards

New = Callable[..., Path]
Make = Callable[..., Any]


def engines(cluster: Any) -> list[dict[str, Any]]:
    return [{}, {"jobs": 2}, {"scheduler": cluster.address}]


@pytest.mark.parametrize("is_relative", [pytest.param(False, marks=pytest.mark.slow), True])
def test_every_engine_finds_the_same_in_the_same_order(
    is_relative: bool,
    cluster: Any,
    new_corpus: New,
    raw_document: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = {"type": "object", "properties": {"sort": {"enum": ["storm"]}}}
    root = new_corpus(tmp_path / "c", [nasty(raw_document, "alone", 3)], own={"events": event})
    write_shards(root, raw_document, shards=6, each=20, files=70)
    (root / "documents" / "cut.jsonl.gz").write_bytes((root / "documents" / "s001.jsonl.gz").read_bytes()[:-20])
    (root / "documents" / "ghost.json").symlink_to(tmp_path / "nowhere")
    (root / "documents" / "broken.jsonl").write_bytes(b'{"schema": "\\ud800"}\n\xff\n{}\n')
    shutil.copytree(root / "documents", root / "annotators" / "Zoë", symlinks=True)
    monkeypatch.chdir(tmp_path)
    place = Path("c") if is_relative else root
    found: list[list[Diagnostic]] = [list(validate_paths([place], **engine)) for engine in engines(cluster)]
    assert {d.name for d in found[0]} >= {"text-differs", "shard-damaged", "document-unreadable", "document-id-twice"}
    assert len(found[0]) > 60
    assert found[1] == found[0]
    assert found[2] == found[0]
    for engine in engines(cluster):
        assert list(validate_paths([place], cached=True, **engine)) == found[0]


@pytest.mark.parametrize(
    "policy", ["grouped", *(pytest.param(name, marks=pytest.mark.slow) for name in ("hash", "temporal"))]
)
def test_every_engine_builds_the_same_bytes(
    policy: str, cluster: Any, new_corpus: New, raw_document: Make, tmp_path: Path
) -> None:
    days = ", test_from: 2024-08-01" if policy == "temporal" else ""
    yaml = f"build: {{configs: [default, tokens], splits: {{policy: {policy}{days}}}}}\n"
    root = new_corpus(tmp_path / "c", yaml=yaml)
    write_shards(root, raw_document, shards=6, each=20, files=260, faulty=False)
    made = []
    for number, engine in enumerate(engines(cluster)):
        report = build_dataset(root, tmp_path / str(number), cached=number == 0, force=True, **engine)
        assert not report.refused, [d for d in report.diagnostics if d.severity is Severity.ERROR][:3]
        made.append(hashes(tmp_path / str(number)))
    assert len(made[0]) >= 6
    assert made[1] == made[0]
    assert made[2] == made[0]


def test_a_worker_that_does_not_see_the_corpus_is_told_from_files_that_are_gone(
    cluster: Any, new_corpus: New, raw_document: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = new_corpus(tmp_path / "c", [nasty(raw_document, "alone", 1)])
    monkeypatch.setattr(Path, "cwd", classmethod(lambda cls: Path("/another/machine")))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CorpusToolError, match="a Dask worker does not see this corpus"):
        list(validate_paths([Path("c")], scheduler=cluster.address))
    assert root.is_dir()
