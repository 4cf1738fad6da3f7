"""Every reader that people open a dataset with sees the same rows: datasets, also streaming, pandas, polars, duckdb."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from corpus_tool.model.corpus import CONFIGS

Rows = list[dict[str, Any]]
SPLITS = ("train", "validation", "test")


def files_of(folder: Path, config: str, split: str) -> list[str]:
    return sorted(map(str, (folder / config).glob(f"{split}-*.parquet")))


def plain_rows(folder: Path, config: str) -> dict[str, Rows]:
    """What pyarrow reads, by split: what the other readers are held to."""
    return {
        split: [row for file in files_of(folder, config, split) for row in pq.read_table(file).to_pylist()]
        for split in SPLITS
    }


@pytest.mark.parametrize("config", CONFIGS)
def test_datasets_loads_and_streams_the_same_rows(sample_dataset: Path, load: Callable[..., Any], config: str) -> None:
    from datasets import load_dataset

    wanted = plain_rows(sample_dataset, config)
    loaded = {name: list(split) for name, split in load(sample_dataset, config).items()}
    streamed = {name: list(split) for name, split in load_dataset(str(sample_dataset), config, streaming=True).items()}
    assert loaded == wanted
    assert streamed == wanted
    assert list(streamed) == list(SPLITS)


@pytest.mark.parametrize("config", CONFIGS)
def test_polars_reads_the_same_rows(sample_dataset: Path, config: str) -> None:
    import polars as pl

    for split, wanted in plain_rows(sample_dataset, config).items():
        frame = pl.read_parquet(files_of(sample_dataset, config, split))
        assert frame.to_dicts() == wanted
        lazy = pl.scan_parquet(files_of(sample_dataset, config, split)).select(pl.len()).collect()
        assert lazy.item() == len(wanted)


@pytest.mark.parametrize("config", CONFIGS)
def test_duckdb_reads_the_same_rows(sample_dataset: Path, config: str) -> None:
    import duckdb

    for split, wanted in plain_rows(sample_dataset, config).items():
        pattern = str(sample_dataset / config / f"{split}-*.parquet")
        with duckdb.connect() as connection:
            cursor = connection.execute("SELECT * FROM read_parquet(?)", [pattern])
            names = [column[0] for column in cursor.description]
            assert [dict(zip(names, row, strict=True)) for row in cursor.fetchall()] == wanted


@pytest.mark.parametrize("config", CONFIGS)
def test_pandas_reads_the_same_rows(sample_dataset: Path, config: str) -> None:
    import pandas as pd

    for split, wanted in plain_rows(sample_dataset, config).items():
        frame = pd.concat([pd.read_parquet(file) for file in files_of(sample_dataset, config, split)])
        assert list(frame.columns) == list(wanted[0])
        found = [{name: _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]
        assert found == wanted


def _plain(value: Any) -> Any:
    """What pandas made an array or NaN of, as it was."""
    import numpy as np

    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value


def test_the_card_has_what_readers_before_4_need(sample_dataset: Path) -> None:
    """They know no ``List`` of the files' metadata: they take the features, in these words, from ``dataset_info``."""
    card = (sample_dataset / "README.md").read_text(encoding="utf-8")
    infos = {info["config_name"]: info for info in yaml.safe_load(card.split("---\n")[1])["dataset_info"]}
    assert set(infos) == set(CONFIGS)
    for config, info in infos.items():
        (first, *_) = files_of(sample_dataset, config, "train")
        assert [feature["name"] for feature in info["features"]] == pq.read_schema(first).names
        for feature in _features(info["features"]):
            assert len(feature.keys() & {"dtype", "list", "struct"}) == 1, feature
            assert feature.keys() <= {"name", "dtype", "list", "struct"}, feature
        assert {split["name"] for split in info["splits"]} == set(SPLITS)
    labels = [f for f in infos["tokens"]["features"] if f["name"] in {"actors", "locations", "figures"}]
    assert [f["list"] for f in labels] == [{"class_label": {"names": {"0": "O", "1": "B", "2": "I"}}}] * 3


def _features(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for feature in features:
        if isinstance(feature.get("list"), dict):
            continue  # labels
        found.append(feature)
        for key in ("list", "struct"):
            if isinstance(feature.get(key), list):
                found += _features(feature[key])
    return found


#: Loads every config in an interpreter of its own, which may have another version of datasets; prints the rows.
SCRIPT = """
import json, sys
from datasets import load_dataset
for config in sys.argv[2:]:
    loaded = load_dataset(sys.argv[1], config)
    print(json.dumps({name: list(split) for name, split in loaded.items()}))
"""


@pytest.mark.skipif("OLDER_DATASETS" not in os.environ, reason="OLDER_DATASETS names a python with datasets 3.6 or 4.x")
def test_an_older_datasets_loads_the_same_rows(tmp_path: Path, sample_dataset: Path) -> None:
    python = os.environ.get("OLDER_DATASETS", sys.executable)
    environment = {**os.environ, "HF_HOME": str(tmp_path), "PYTHONPATH": ""}
    run = subprocess.run(
        [python, "-c", SCRIPT, str(sample_dataset), *CONFIGS], capture_output=True, check=True, env=environment
    )
    for config, line in zip(CONFIGS, run.stdout.decode().splitlines(), strict=True):
        assert json.loads(line) == plain_rows(sample_dataset, config)
