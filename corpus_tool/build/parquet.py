"""Parquet files, written straight from explicit features: one file a config and split."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.model import CorpusToolError

if TYPE_CHECKING:
    from datasets import Features

#: Rows turned into Arrow at once.
_BATCH = 250

#: A row group holds this many rows, or fewer where they reach this many bytes in memory.
_GROUP_ROWS, _GROUP_BYTES = 20_000, 128_000_000


@dataclass
class TableWriter:
    """Writes rows of one config into a file a split; a split that gets no row gets no file.

    Every row must have exactly the columns of the features: a missing or unknown one would load as null, or vanish.
    """

    folder: Path
    config: str
    features: Features
    rows: dict[str, int] = field(default_factory=dict)
    num_bytes: dict[str, int] = field(default_factory=dict)
    _writers: dict[str, Any] = field(default_factory=dict)
    _waiting: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _batches: dict[str, list[Any]] = field(default_factory=dict)

    def write(self, split: str, row: dict[str, Any]) -> None:
        """Takes one row.

        Raises:
            CorpusToolError: its columns are not those of the config, or a value does not fit its column.
        """
        if row.keys() != self.features.keys():
            odd = sorted(row.keys() ^ self.features.keys())
            raise CorpusToolError(f"config {self.config}: a row and the features differ in {', '.join(odd)}")
        waiting = self._waiting.setdefault(split, [])
        waiting.append(row)
        if len(waiting) >= _BATCH:
            self._to_arrow(split)
            batches = self._batches[split]
            if sum(b.num_rows for b in batches) >= _GROUP_ROWS or sum(b.nbytes for b in batches) >= _GROUP_BYTES:
                self._write_group(split)

    def close(self) -> None:
        """Writes what waits and closes the files.

        Raises:
            CorpusToolError: a value does not fit its column.
        """
        for split in list(self._waiting):
            self._to_arrow(split)
            self._write_group(split)
        for writer in self._writers.values():
            writer.close()

    def path(self, split: str) -> Path:
        """The file of a split."""
        return self.folder / self.config / f"{split}-00000-of-00001.parquet"

    def _to_arrow(self, split: str) -> None:
        import pyarrow as pa

        waiting = self._waiting[split]
        if not waiting:
            return
        schema = self.features.arrow_schema
        columns = []
        for name in schema.names:
            try:
                columns.append(pa.array([row[name] for row in waiting], type=schema.field(name).type))
            except (pa.ArrowException, OverflowError) as error:
                reason = str(error).splitlines()[0]
                raise CorpusToolError(f"config {self.config}: a value does not fit column {name}: {reason}") from error
        batch = pa.RecordBatch.from_arrays(columns, schema=schema)
        self._batches.setdefault(split, []).append(batch)
        self.rows[split] = self.rows.get(split, 0) + len(waiting)
        self.num_bytes[split] = self.num_bytes.get(split, 0) + batch.nbytes
        waiting.clear()

    def _write_group(self, split: str) -> None:
        """Writes the batches that wait as one row group."""
        import pyarrow as pa

        batches = self._batches.pop(split, [])
        if batches:
            self._writer(split).write_table(pa.Table.from_batches(batches), row_group_size=2 * _GROUP_ROWS)

    def _writer(self, split: str) -> Any:
        import pyarrow.parquet as pq

        if split not in self._writers:
            path = self.path(split)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[split] = pq.ParquetWriter(
                path,
                self.features.arrow_schema,
                compression="zstd",
                use_content_defined_chunking=True,
                write_page_index=True,
            )
        return self._writers[split]
