"""A dataset folder as the EXP checks read it: files, manifest, card, and rows by document, with pyarrow alone.

Nothing here knows how a dataset is built. What cannot be read is remembered as a fault and never raised.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from corpus_tool.checks.dataset.exp_types import Type, arrow_type, config_columns, is_layer, storage
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.schemas import JsonObject, Layer

MANIFEST = "manifest.json"
CARD = "README.md"

#: The column of each config that names the document.
DOCUMENT_COLUMN = {"default": "id", "tokens": "document", "quotes": "document", "figures": "document"}

_SHARD = re.compile(r"(?P<config>[^/]+)/(?P<split>[^/]+?)(?:-\d{5}-of-\d{5})?\.parquet")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---$", re.DOTALL | re.MULTILINE)

Row = dict[str, Any]


@dataclass(frozen=True)
class Shard:
    """One Parquet file: its name in the folder, config and split, and the opened file (None where it is unreadable)."""

    name: str
    config: str
    split: str
    file: Any = field(default=None, compare=False)

    @property
    def stored(self) -> dict[str, Type]:
        """Its columns and their types, as Arrow has them."""
        return {column.name: arrow_type(column.type) for column in self.file.schema_arrow}


@dataclass(frozen=True)
class Run:
    """Rows of one document that stand behind one another in a shard: the first, and the one behind the last."""

    shard: Shard
    first: int
    end: int


@dataclass(frozen=True)
class Found:
    """A row, and where it stands."""

    shard: Shard
    number: int
    row: Row

    def pointer(self, *steps: object) -> str:
        """JSON Pointer into the rows of the file."""
        return "".join(f"/{step}" for step in (self.number, *steps))


@dataclass(eq=False)
class Export:
    """A dataset folder.

    Attributes:
        folder: where it is.
        layers: the layers that its documents may hold, by name.
        corpus: the corpus that it was built from, where there is one to compare with.
        split_of: gives the split that a document's id belongs to; None where that is not known.
        faults: what could not be read, by file name, as it comes to light.
    """

    folder: Path
    layers: dict[str, Layer]
    corpus: Corpus | None = None
    split_of: Callable[[str], str] | None = None
    faults: dict[str, str] = field(default_factory=dict)
    _group: dict[tuple[str, str], tuple[Any, str]] = field(default_factory=dict)

    @cached_property
    def manifest(self) -> JsonObject | None:
        """``manifest.json``; None where it cannot be read."""
        try:
            raw = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            self.faults[MANIFEST] = _reason(error)
            return None
        if not isinstance(raw, dict) or not isinstance(raw.get("files"), list):
            self.faults[MANIFEST] = 'it is not an object with a list "files"'
            return None
        return raw

    @cached_property
    def is_withheld(self) -> bool:
        """Whether the words of the articles are to be left out: as the corpus asks, else as the manifest says."""
        if self.corpus is not None:
            return self.corpus.config.build.text == "withheld"
        try:
            return bool((self.manifest or {})["corpus"]["build"]["text"] == "withheld")
        except (LookupError, TypeError):
            return False

    @cached_property
    def card_text(self) -> str:
        """``README.md``, "" where it cannot be read."""
        try:
            return (self.folder / CARD).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            self.faults[CARD] = _reason(error)
            return ""

    @cached_property
    def card(self) -> JsonObject | None:
        """The YAML at the head of ``README.md``, read as the Hub's client reads it; None where there is none."""
        import yaml

        match = _FRONT_MATTER.match(self.card_text)
        try:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            raw = yaml.load(match[1], Loader=loader) if match else None  # noqa: S506  # both are safe loaders
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            self.faults.setdefault(CARD, f"its YAML is broken: {_reason(error)}")
            return None
        if not isinstance(raw, dict):
            self.faults.setdefault(CARD, "it does not begin with YAML between two lines ---")
            return None
        return raw

    @cached_property
    def named(self) -> frozenset[str] | None:
        """The files that the manifest names; None where there is no manifest."""
        if self.manifest is None:
            return None
        paths = (file.get("path") for file in self.manifest["files"] if isinstance(file, dict))
        return frozenset(path for path in paths if isinstance(path, str))

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The names of the files in the folder, hidden ones left out."""
        try:
            files = [path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file()]
        except OSError as error:
            self.faults[""] = _reason(error)
            return ()
        return tuple(sorted(path.as_posix() for path in files if not any(part.startswith(".") for part in path.parts)))

    @cached_property
    def shards(self) -> tuple[Shard, ...]:
        """The Parquet files that can be opened and that the manifest names, all of them where there is no manifest."""
        found = []
        for name in self.present:
            match = _SHARD.fullmatch(name)
            if match is None or (self.named is not None and name not in self.named):
                continue
            opened = self._open(name)
            if opened is not None:
                found.append(Shard(name, match["config"], match["split"], opened))
        return tuple(found)

    @cached_property
    def configs(self) -> dict[str, list[Shard]]:
        """The shards by config."""
        found: dict[str, list[Shard]] = {}
        for shard in self.shards:
            found.setdefault(shard.config, []).append(shard)
        return found

    def _open(self, name: str) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(self.folder / name)
        except (OSError, pa.ArrowException) as error:
            self.faults[name] = _reason(error)
            return None

    @cached_property
    def runs(self) -> dict[str, dict[str, list[Run]]]:
        """Where the rows of each document stand, by config and the document's id.

        A config whose files do not all have the column with the id, as strings, is left out.
        """
        found: dict[str, dict[str, list[Run]]] = {}
        for config, shards in self.configs.items():
            column = DOCUMENT_COLUMN.get(config)
            if column is None or not all(_is_text(shard, column) for shard in shards):
                continue
            runs = found.setdefault(config, {})
            for shard in shards:
                for own, first, end in self._runs_of(shard, column):
                    runs.setdefault(own, []).append(Run(shard, first, end))
        return found

    def _runs_of(self, shard: Shard, column: str) -> Iterator[tuple[str, int, int]]:
        import pyarrow as pa

        try:
            ids = shard.file.read(columns=[column]).column(0).to_pylist()
        except (OSError, pa.ArrowException) as error:
            self.faults[shard.name] = _reason(error)
            return
        first = 0
        for number in range(1, len(ids) + 1):
            if number == len(ids) or ids[number] != ids[first]:
                if ids[first] is not None:
                    yield ids[first], first, number
                first = number

    def rows(self, run: Run) -> Iterator[Found]:
        """The rows of a run; none behind a place that cannot be read."""
        import pyarrow as pa

        starts = self._starts(run.shard)
        at = run.first
        while at < run.end:
            group = bisect_right(starts, at) - 1
            try:
                table = self._table(run.shard, group)
                piece = table.slice(at - starts[group], run.end - at).to_pylist()
            except (OSError, pa.ArrowException, ValueError) as error:
                self.faults[run.shard.name] = _reason(error)
                return
            for number, row in enumerate(piece, at):
                yield Found(run.shard, number, row)
            at += max(1, len(piece))

    def _table(self, shard: Shard, group: int) -> Any:
        """A row group; the last one of each config and split is kept, for documents come in the order of the rows."""
        key = f"{shard.name}#{group}"
        kept = self._group.get((shard.config, shard.split))
        if kept is None or kept[1] != key:
            kept = (shard.file.read_row_group(group, columns=sorted(self._usable(shard))), key)
            self._group[shard.config, shard.split] = kept
        return kept[0]

    def columns_of(self, shard: Shard) -> dict[str, Type] | None:
        """The columns that a shard should have; None for a config that nobody knows.

        Without a corpus nobody can tell which layers it has: a column of annotations is then as it should be.
        """
        wanted = config_columns(shard.config, self.layers)
        if wanted is not None and self.corpus is None and shard.config == "default":
            wanted |= {name: kind for name, kind in shard.stored.items() if is_layer(kind)}
        return wanted

    def _usable(self, shard: Shard) -> frozenset[str]:
        """The columns of the type that they should have; EXP203 and EXP205 tell of all others."""
        wanted, stored = self.columns_of(shard) or {}, shard.stored
        return frozenset(name for name, kind in stored.items() if storage(wanted.get(name, "")) == kind)

    def _starts(self, shard: Shard) -> list[int]:
        starts = [0]
        for group in range(shard.file.metadata.num_row_groups):
            starts.append(starts[-1] + shard.file.metadata.row_group(group).num_rows)
        return starts


def _is_text(shard: Shard, column: str) -> bool:
    return shard.stored.get(column) == "string"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return (str(error).splitlines() or [type(error).__name__])[0]
