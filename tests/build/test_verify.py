"""``corpus-tool verify``: what was built passes, and each way of going wrong is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus_tool import verify_dataset

Json = dict[str, Any]
Plant = Callable[[Path], None]
RunMain = Callable[..., Any]


def stamp(dataset: Path) -> None:
    """Puts the hashes of the manifest right: the mistake was made by the build, not afterwards."""
    path = dataset / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for file in manifest["files"]:
        data = (dataset / file["path"]).read_bytes()
        file["bytes"], file["sha256"] = len(data), hashlib.sha256(data).hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")


def edited(name: str, old: str, new: str, *, stamped: bool) -> Plant:
    def plant(dataset: Path) -> None:
        text = (dataset / name).read_text(encoding="utf-8")
        assert old in text
        (dataset / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        if stamped:
            stamp(dataset)

    return plant


def label_order(dataset: Path) -> None:
    """The card says O, I, B; the files say O, B, I."""
    edited("README.md", "'1': B\n          '2': I", "'1': I\n          '2': B", stamped=True)(dataset)


def column_missing(dataset: Path) -> None:
    path = dataset / "quotes/train-00000-of-00001.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["cue"]), path)
    stamp(dataset)


def leftover_shard(dataset: Path) -> None:
    path = dataset / "default/train-00000-of-00001.parquet"
    shutil.copyfile(path, path.with_name("train-00001-of-00002.parquet"))


def changed(name: str, change: Callable[[Json], None]) -> Plant:
    """A change in the first row of a file, which is written anew with the hashes put right."""

    def plant(dataset: Path) -> None:
        table = pq.read_table(dataset / name)
        rows = table.to_pylist()
        change(rows[0])
        pq.write_table(type(table).from_pylist(rows, schema=table.schema), dataset / name)
        stamp(dataset)

    return plant


def drifted(row: Json) -> None:
    row["actors"][0]["start"] += 1


def other_text(row: Json) -> None:
    row["text"] = row["text"].replace("\u00a0", " ")


def other_tag(row: Json) -> None:
    row["actors"][0] = 1 - row["actors"][0]


def other_speaker(row: Json) -> None:
    row["speaker"] = "李"


def picture_gone(dataset: Path) -> None:
    (dataset / "pictures/annotations.svg").unlink()


def croissant_without_a_field(dataset: Path) -> None:
    path = dataset / "croissant.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["recordSet"][0]["field"].pop()
    path.write_text(json.dumps(told), encoding="utf-8")
    stamp(dataset)


ROWS = '"rows": {\n    "default": {\n      "train": '
DEFAULT = "default/train-00000-of-00001.parquet"

WRONG: dict[str, tuple[Plant, str]] = {
    "label order": (label_order, "EXP204"),
    "missing column": (column_missing, "EXP203"),
    "leftover shard": (leftover_shard, "EXP103"),
    "changed text": (changed(DEFAULT, other_text), "EXP403"),
    "drifted span": (changed(DEFAULT, drifted), "EXP303"),
    "changed tag": (changed("tokens/train-00000-of-00001.parquet", other_tag), "EXP502"),
    "changed speaker": (changed("quotes/train-00000-of-00001.parquet", other_speaker), "EXP503"),
    "edited card": (edited("README.md", "Known limits", "No limits", stamped=False), "EXP104"),
    "edited count": (edited("README.md", "31 documents", "32 documents", stamped=True), "EXP207"),
    "edited picture": (edited("pictures/annotations.svg", "30", "31", stamped=False), "EXP104"),
    "picture gone": (picture_gone, "EXP102"),
    "edited croissant": (edited("croissant.json", "test", "best", stamped=False), "EXP104"),
    "croissant without a field": (croissant_without_a_field, "EXP209"),
    "croissant is no JSON": (edited("croissant.json", "{", "“", stamped=True), "EXP209"),
    "manifest is no JSON": (edited("manifest.json", "{", "“", stamped=False), "EXP101"),
    "other rows in the manifest": (edited("manifest.json", ROWS, f"{ROWS}1", stamped=False), "EXP105"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_build_is_refused(name: str, sample_with_limits: Path, tmp_path: Path, run_main: RunMain) -> None:
    plant, code = WRONG[name]
    copy = Path(shutil.copytree(sample_with_limits, tmp_path / "copy"))
    plant(copy)
    ran = run_main("verify", copy, "--output", "concise")
    assert ran.status == 1
    assert code in ran.out, ran.out


@pytest.fixture(scope="module")
def sample_with_limits(tmp_path_factory: pytest.TempPathFactory, sample_corpus: Path) -> Path:
    from corpus_tool import build_dataset

    folder = tmp_path_factory.mktemp("limits")
    shutil.copytree(sample_corpus, folder / "c")
    with (folder / "c" / "corpus.yaml").open("a", encoding="utf-8") as file:
        file.write("limits: “One” text, many times. 🙂\n")
    build_dataset(folder / "c", folder / "d")
    return folder / "d"


def test_what_was_built_passes(sample_dataset: Path, run_main: RunMain) -> None:
    ran = run_main("verify", sample_dataset)
    assert (ran.status, ran.out) == (0, f"{sample_dataset}: as it was built; 31 documents checked\n")
    assert verify_dataset(sample_dataset) == ()
    ran = run_main("verify", sample_dataset, "--json")
    assert json.loads(ran.out)["diagnostics"] == []


def test_what_is_no_dataset_is_told(tmp_path: Path, run_main: RunMain) -> None:
    assert run_main("verify", tmp_path / "nowhere").status == 2
    ran = run_main("verify", tmp_path, "--output", "concise")
    assert (ran.status, "EXP101" in ran.out) == (1, True)
