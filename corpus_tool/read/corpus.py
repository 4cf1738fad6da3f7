"""Opening a corpus: ``corpus.yaml`` and its layers."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.diagnostics import Diagnostic, Position
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE, Corpus, CorpusConfig, SplitPolicy
from corpus_tool.model.schemas import layers_of, read_schema, schema_folder
from corpus_tool.model.swap import finish_swap
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import read_file
from corpus_tool.read.storage import is_remote

#: The keys of ``build.splits`` that hold a day.
_DAYS = ("validation_from", "test_from")


def open_corpus(root: Path) -> Corpus:
    """The corpus in a folder.

    Raises:
        CorpusToolError: the folder holds no ``corpus.yaml``.
        ReadError: ``corpus.yaml`` is wrong, or a layer's schema cannot be used; its diagnostic says where.
    """
    path = root / CONFIG_FILE
    if not root.is_dir():
        missing = "nothing is there; is the bucket's name right?" if is_remote(root) else "no such folder"
        what = "is not a folder" if root.exists() else missing
        raise CorpusToolError(f"{root}: {what}; a corpus is a folder with {CONFIG_FILE}")
    if not path.exists():
        raise CorpusToolError(f"{root}: holds no {CONFIG_FILE}; `corpus-tool init {root}` makes an empty corpus")
    if not is_remote(root):
        finish_swap(root / "documents")
    config = read_config(path)
    try:
        layers = layers_of(root)
    except CorpusToolError as error:
        folder = root / "schema" / "layers"
        where, _, reason = str(error).partition(": ")
        named = where.endswith(".json")
        told = fault("layer-unusable", where if named else str(folder), reason if named else str(error))
        raise ReadError(told) from error
    return Corpus(root=root, config=config, layers=layers)


def read_config(path: Path) -> CorpusConfig:
    """``corpus.yaml``, checked against its schema.

    Raises:
        CorpusToolError: the file cannot be opened.
        ReadError: it is not YAML, or not what the schema asks for.
    """
    from corpus_tool.read.yaml import MAX_BYTES, YamlError, load_yaml  # late: a file by itself needs no YAML

    raw = read_file(path, limit=MAX_BYTES)
    try:
        text = raw.data.decode("utf-8-sig")
        loaded = load_yaml(text)
    except UnicodeDecodeError as error:
        raise ReadError(fault("corpus-yaml-syntax", str(path), f"byte {error.start} is not UTF-8")) from error
    except YamlError as error:
        at = error.position
        raise ReadError(fault("corpus-yaml-syntax", str(path), str(error), line=at.line, column=at.column)) from error
    wrong = next(iter(_validator().iter_errors(loaded.value)), None)
    if wrong is not None:
        raise ReadError(_value_fault(path, wrong, loaded.positions))
    config = msgspec.convert(loaded.value, CorpusConfig)
    contradiction = _contradiction(config.build.splits)
    if contradiction is not None:
        key, message = contradiction
        at = loaded.positions.get(f"/build/splits/{key}", Position(1, 1))
        told = f"build.splits.{key}: {message}"
        pointer = f"/build/splits/{key}"
        raise ReadError(fault("corpus-yaml-value", str(path), told, line=at.line, column=at.column, pointer=pointer))
    return config


def _contradiction(splits: SplitPolicy) -> tuple[str, str] | None:
    """A key of ``build.splits`` whose value does not go with the others, and why."""
    days = {key: day for key in _DAYS if (day := getattr(splits, key)) is not None}
    if splits.policy == "temporal" and not days:
        return "policy", "temporal needs the first day of a split: validation_from, test_from or both"
    for key, day in days.items():
        if splits.policy != "temporal":
            return key, f"goes with policy: temporal, not with {splits.policy}"
        try:
            date.fromisoformat(day)
        except ValueError:
            return key, f"{day} is no day of the calendar"
    if len(days) == len(_DAYS) and days["validation_from"] >= days["test_from"]:
        return "validation_from", f"{days['validation_from']} does not come before test_from, {days['test_from']}"
    if splits.file is not None and splits.policy != "given":
        return "file", f"goes with policy: given, not with {splits.policy}"
    return None


@cache
def _validator() -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(read_schema(schema_folder() / "corpus.schema.json"))


def _value_fault(path: Path, wrong: Any, positions: Any) -> Diagnostic:
    pointer = "".join(f"/{step}" for step in wrong.instance_path)
    at = positions.get(pointer, Position(1, 1))
    where = f"{pointer.strip('/').replace('/', '.')}: " if pointer else ""
    return fault(
        "corpus-yaml-value", str(path), f"{where}{wrong.message}", line=at.line, column=at.column, pointer=pointer
    )
