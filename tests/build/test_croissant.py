"""``croissant.json`` is read by the reference reader, and gives the rows of the Parquet files."""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus_tool.build.croissant import license_address
from corpus_tool.model.corpus import CONFIGS

Json = dict[str, Any]

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mlcroissant

pytestmark = pytest.mark.filterwarnings("ignore")  # what the reader's own libraries say of one another


def opened(dataset: Path) -> Any:
    logging.disable(logging.WARNING)
    try:
        return mlcroissant.Dataset(jsonld=str(dataset / "croissant.json"))
    finally:
        logging.disable(logging.NOTSET)


def plain(value: Any) -> Any:
    """A value of the reader as Python has it: its bytes are UTF-8, its numbers numpy's."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, dict):
        return {key.rpartition("/")[2]: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return None if value != value else value  # noqa: PLR0124  # not a number


def flat(value: Any, left_out: set[str], path: str = "") -> Any:
    """A value of a Parquet file as Croissant describes it: parts of parts side by side, no lists of structs in them."""
    if isinstance(value, list):
        return [flat(item, left_out, path) for item in value]
    if not isinstance(value, dict):
        return value
    found: Json = {}
    for key, item in value.items():
        own = f"{path}/{key}"
        if own in left_out:
            continue
        if isinstance(item, dict):
            found |= {f"{key}_{inner}": one for inner, one in flat(item, left_out, own).items()}
        else:
            found[key] = flat(item, left_out, own)
    return found


def with_parts(row: Json, names: Json) -> Json:
    """Parts of an attribute that is null are null each."""
    return {
        column: [{name: item.get(name) for name in names[column]} for item in value] if column in names else value
        for column, value in row.items()
    }


@pytest.mark.parametrize("config", CONFIGS)
def test_the_records_are_the_rows_of_the_parquet_files(config: str, sample_dataset: Path) -> None:
    told = json.loads((sample_dataset / "croissant.json").read_text(encoding="utf-8"))
    records = next(item for item in told["recordSet"] if item["@id"] == config)
    listed = re.search(r"In the Parquet files alone: (.*)\.", records["description"])
    left_out = set(listed[1].split(", ")) if listed else set()
    names = {f["name"]: [part["name"] for part in f["subField"]] for f in records["field"] if "subField" in f}
    rows = []
    for path in sorted((sample_dataset / config).glob("*.parquet")):
        for row in pq.read_table(path).to_pylist():
            own = {column: flat(value, left_out, column) for column, value in row.items()}
            rows.append({"split": path.name.split("-")[0], **with_parts(own, names)})
    found = [plain(record) for record in opened(sample_dataset).records(config)]
    assert len(found) == len(rows)
    assert Counter(json.dumps(row, sort_keys=True) for row in found) == Counter(
        json.dumps(row, sort_keys=True) for row in rows
    )


def test_what_croissant_cannot_hold_is_lists_of_structs_in_structs_alone(sample_dataset: Path) -> None:
    told = json.loads((sample_dataset / "croissant.json").read_text(encoding="utf-8"))
    left_out = {name for item in told["recordSet"] for name in re.findall(r"\w+(?:/\w+)+", item["description"])}
    assert left_out == {
        "entities/links", "stance/trigger/fragments", "stance/triggers", "quotes/cue/fragments",
        "figures/counted/fragments", *(f"{layer}/fragments" for layer in
                                       ("actors", "locations", "figures", "quotes", "stance")),
    }  # fmt: skip


def test_nothing_is_wrong_and_nothing_local_is_in_it(sample_dataset: Path) -> None:
    assert not opened(sample_dataset).metadata.issues.errors
    text = (sample_dataset / "croissant.json").read_text(encoding="utf-8")
    assert str(sample_dataset) not in text
    told = json.loads(text)
    assert (told["conformsTo"], told["license"], told["version"]) == (
        "http://mlcommons.org/croissant/1.1",
        "https://spdx.org/licenses/CC0-1.0.html",
        "1.0.0",
    )


@pytest.mark.parametrize(
    ("words", "address"), [("cc-by-4.0", "https://spdx.org/licenses/CC-BY-4.0.html"), ("other", "other")]
)
def test_licences_are_addresses(words: str, address: str) -> None:
    assert license_address(words) == address
