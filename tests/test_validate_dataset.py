"""A built dataset is checked as a user would: beside its corpus, and alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus_tool import build_dataset, validate_dataset

Json = dict[str, Any]
RunMain = Callable[..., Any]


@pytest.fixture
def built(new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path) -> tuple[Path, Path]:
    """A corpus and its dataset."""
    actor = {"id": "a1", "start": 0, "end": 3, "text": "Zoë", "kind": "person"}
    documents = [raw_document(f"d{i}", f"Zoë 😀 left 港口 {i}.", layers={"actors": [actor]}) for i in range(3)]
    root = new_corpus(tmp_path / "c", documents)
    build_dataset(root, tmp_path / "dist")
    return root, tmp_path / "dist"


def test_a_fresh_build_has_no_findings(built: tuple[Path, Path], run_main: RunMain) -> None:
    root, dist = built
    assert run_main("validate", root, "--dataset", dist).out == "3 documents checked: no findings\n"
    assert run_main("validate", dist).out == "3 documents checked: no findings\n"


def test_a_corpus_that_went_on_is_told(built: tuple[Path, Path], run_main: RunMain) -> None:
    root, dist = built
    path = root / "documents" / "d1.json"
    raw = json.loads(path.read_bytes())
    raw["layers"]["actors"][0]["kind"] = "group"
    path.write_text(json.dumps(raw))
    ran = run_main("validate", root, "--dataset", dist, "--json")
    found = json.loads(ran.out)["diagnostics"]
    assert ran.status == 1
    assert {d["code"][:3] for d in found} == {"EXP"}
    assert {d["document"] for d in found if d["document"]} == {"d1"}
    assert run_main("validate", dist).status == 0


def test_a_row_that_is_lost_is_told(built: tuple[Path, Path], run_main: RunMain) -> None:
    root, dist = built
    shard = next((dist / "default").glob("train-*.parquet"))
    table = pq.read_table(shard)
    pq.write_table(table.slice(0, table.num_rows - 1), shard)
    for ran in (run_main("validate", root, "--dataset", dist), run_main("validate", dist)):
        assert ran.status == 1
        assert "EXP" in ran.out


def test_codes_are_chosen_and_ignored(built: tuple[Path, Path]) -> None:
    root, dist = built
    shutil.rmtree(dist / "default")
    found = {d.code for d in validate_dataset(dist, root)}
    assert found
    with (root / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("ignore:\n  - {code: EXP, reason: an old build}\n")
    assert list(validate_dataset(dist, root)) == []


def test_no_dataset_is_misuse(built: tuple[Path, Path], run_main: RunMain, tmp_path: Path) -> None:
    ran = run_main("validate", built[0], "--dataset", tmp_path / "nowhere")
    assert ran.status == 2
    assert "nowhere" in ran.err
    assert run_main("validate", built[0], built[0], "--dataset", built[1]).status == 2
