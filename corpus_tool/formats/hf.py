"""Datasets as ``datasets.load_dataset`` opens them, read: a folder, a file, or a name on the Hub.

Datasets that ``corpus-tool build`` wrote come back as they were; of others the columns are told by their names and
types, or by the mapping's ``dataset``. Only a name that is no path here is asked of the Hub.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.hf_columns import Columns, columns_of, documents_of
from corpus_tool.formats.hf_ours import is_ours, our_document
from corpus_tool.formats.json_records import Record, records_of
from corpus_tool.model import CorpusToolError

#: What the mapping's ``dataset`` may say; of columns their names.
SETTINGS = (
    "config",
    "split",
    "revision",
    "id",
    "text",
    "spans",
    "start",
    "end",
    "label",
    "words",
    "tokens",
    "tags",
    "document",
)

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")

#: What else ``datasets`` opens by itself in a folder; a folder with none of them is read line by line.
_OPENED = frozenset({".parquet", ".arrow", ".csv", ".tsv"})

#: What ``datasets``, pyarrow and the Hub's client raise for data and networks that are not as they should be.
_FAILURES = (OSError, ValueError, LookupError, RuntimeError, TypeError, AttributeError, NotImplementedError)


class Row(NamedTuple):
    """A row: its split, its number in it or its line in the file, from 1, and its columns."""

    split: str | None
    number: int
    values: Mapping[str, Any]


class _Table(NamedTuple):
    """Rows, with the types of their columns where these are known, and what diagnostics call the source."""

    path: str
    features: Mapping[str, Any]
    rows: Iterator[Row | Diagnostic]


def read_hf(path: Path, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of a dataset.

    Args:
        path: a folder, a .parquet, .jsonl or .csv file, or NAMESPACE/NAME of the Hub where no such path is here.
        settings: what the mapping's ``dataset`` says, by a name of ``SETTINGS``.

    Raises:
        CorpusToolError: there is no such dataset, it cannot be opened, or its columns do not tell what they are.
    """
    taken: dict[str, object] = {}
    for table in _tables(path, settings):
        columns: Columns | None = None
        held: list[Row] = []
        for row in table.rows:
            if isinstance(row, Diagnostic):
                yield row
            elif is_ours(row.values):
                yield from our_document(row.values, table.path, row.number, taken)
            else:
                columns = columns or columns_of(row.values, table.features, settings, table.path)
                held.append(row)
                if len(held) >= _BATCH and not columns.is_continued(held[-2].values, held[-1].values):
                    yield from documents_of(held[:-1], columns, table.path, taken)
                    held = held[-1:]
        if columns is not None:
            yield from documents_of(held, columns, table.path, taken)


#: Rows that are looked at together to tell the unit of their offsets.
_BATCH = 500


def _tables(path: Path, settings: Mapping[str, str]) -> Iterator[_Table]:
    if not path.exists():
        if not _HUB_ID.fullmatch(path.as_posix()):
            raise CorpusToolError(f"{path}: no such file or folder, and no name of the Hub (NAMESPACE/NAME)")
        yield from _opened(path.as_posix(), settings)
    elif path.is_dir() and not any(file.suffix.lower() in _OPENED for file in path.rglob("*")) and not _is_card(path):
        for _, file in files_below(path, (".jsonl", ".ndjson", ".json")):
            yield _Table(str(file), {}, _records(file))
    elif path.suffix.lower() in (".jsonl", ".ndjson", ".json") and path.is_file():
        yield _Table(str(path), {}, _records(path))
    else:
        yield from _opened(str(path), settings)


def _is_card(folder: Path) -> bool:
    """Whether a folder has a card, which says the types of columns."""
    return (folder / "README.md").is_file()


def _records(file: Path) -> Iterator[Row | Diagnostic]:
    text = read_text(file)
    found: Iterable[Record | Diagnostic] = (
        [text] if isinstance(text, Diagnostic) else records_of(text, str(file), lambda value: isinstance(value, dict))
    )
    for record in found:
        if isinstance(record, Diagnostic):
            yield record
        elif isinstance(record.value, dict):
            yield Row(None, record.line, record.value)
        else:
            yield import_fault("import-record-unreadable", str(file), "a row is a JSON object", line=record.line)


def _opened(name: str, settings: Mapping[str, str]) -> Iterator[_Table]:
    """What ``datasets`` makes of a folder, a file or a name."""
    import datasets

    try:
        found = _load(datasets, name, settings)
    except _FAILURES as error:
        raise CorpusToolError(f"{name}: cannot be opened as a dataset ({_line(error)})") from error
    splits = dict(found) if isinstance(found, dict) else {settings.get("split"): found}
    for split, rows in splits.items():
        features = dict(rows.features or {})
        yield _Table(name, features, _rows(name, split, rows, decoder(features)))


def _load(datasets: Any, name: str, settings: Mapping[str, str]) -> Any:
    """A dataset, or splits of one, that is read as it is gone through and not copied."""
    path = Path(name)
    split = settings.get("split")
    if (path / "dataset_dict.json").is_file() or (path / "state.json").is_file():
        held = datasets.load_from_disk(name)
        return held[split] if split is not None and isinstance(held, dict) else held
    if path.is_file():
        kind = {".parquet": "parquet", ".csv": "csv", ".tsv": "csv", ".arrow": "arrow"}.get(path.suffix.lower())
        if kind is None:
            raise ValueError(
                f"{path.suffix or 'a file without suffix'} is none of .parquet, .arrow, .csv, .tsv, .jsonl"
            )
        more = {"sep": "\t"} if path.suffix.lower() == ".tsv" else {}
        return datasets.load_dataset(kind, data_files=str(path), split="train", streaming=True, **more)
    # a revision is the Hub's; of a folder there is only the one that is there
    more = {"revision": settings["revision"]} if "revision" in settings and not path.exists() else {}
    configs = datasets.get_dataset_config_names(name, **more)
    config = settings.get("config") or (
        "default" if "default" in configs else configs[0] if len(configs) == 1 else None
    )
    if config is None:
        raise ValueError(f"it has the configs {', '.join(configs)}; name one in the mapping, dataset: {{config: …}}")
    return datasets.load_dataset(name, config, split=split, streaming=True, **more)


def _line(error: BaseException) -> str:
    said = (str(error) or type(error).__name__).strip().splitlines()
    return said[0][:300] if said else type(error).__name__


def _rows(
    name: str, split: str | None, rows: Iterable[Mapping[str, Any]], decode: Callable[[Any], Any]
) -> Iterator[Row | Diagnostic]:
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            yield Row(None if split is None else str(split), number, decode(row))
    except _FAILURES as error:
        told = f"split {split}: no row can be read behind the first {number:,} ({_line(error)})"
        yield import_fault("import-file-unreadable", name, told)


def decoder(feature: Any) -> Callable[[Any], Any]:
    """A function that turns the numbers of class labels into their names, however deep they stand.

    Args:
        feature: a type of ``datasets``, or a dict of them.
    """
    if isinstance(feature, Mapping):
        inner = {key: decoder(value) for key, value in feature.items()}
        return lambda value: (
            {key: inner[key](held) if key in inner else held for key, held in value.items()}
            if isinstance(value, Mapping)
            else value
        )
    names = getattr(feature, "names", None)
    if isinstance(names, list):
        return lambda value: names[value] if isinstance(value, int) and 0 <= value < len(names) else value
    of = getattr(feature, "feature", None) or (feature[0] if isinstance(feature, list) and feature else None)
    if of is None:
        return lambda value: value
    one = decoder(of)
    return lambda value: [one(item) for item in value] if isinstance(value, list) else one(value)
