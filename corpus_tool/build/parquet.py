"""Parquet files, written straight from explicit features: shards of one size, a few for each config and split."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.model import CorpusToolError

if TYPE_CHECKING:
    from datasets import Features

#: A row group holds this many rows, or fewer where they reach this many bytes in memory.
_GROUP_ROWS, _GROUP_BYTES = 20_000, 64_000_000


@dataclass(frozen=True)
class Piece:
    """Rows of one config as an Arrow batch that waits for its row group, packed: tables are made of text.

    Attributes:
        rows: how many rows.
        num_bytes: bytes of the batch in memory.
        raw: bytes of the batch before it was packed.
        data: the packed batch.
    """

    rows: int
    num_bytes: int
    raw: int
    data: bytes


def pack(config: str, features: Features, rows: Sequence[dict[str, Any]]) -> Piece:
    """Rows as a piece. Each must have exactly the columns of the features: others would load as null, or vanish.

    Raises:
        CorpusToolError: the columns of a row are not those of the config, or a value does not fit its column.
    """
    import pyarrow as pa

    schema = features.arrow_schema
    for row in rows:
        if row.keys() != features.keys():
            odd = ", ".join(sorted(row.keys() ^ features.keys()))
            raise CorpusToolError(f"config {config}: a row and the features differ in {odd}")
    columns = []
    for name in schema.names:
        try:
            columns.append(pa.array([row[name] for row in rows], type=schema.field(name).type))
        except (pa.ArrowException, OverflowError) as error:
            reason = str(error).splitlines()[0]
            raise CorpusToolError(f"config {config}: a value does not fit column {name}: {reason}") from error
    batch = pa.RecordBatch.from_arrays(columns, schema=schema)
    raw = batch.serialize()
    return Piece(len(rows), batch.nbytes, raw.size, pa.compress(raw, codec="lz4", asbytes=True))


@dataclass
class _Split:
    """What is known of one split while it is written: the file that is open, and the pieces that wait for it.

    The pieces wait in a temporary file, ``spool``, one after the other; of each are kept its bytes there and before it
    was packed.
    """

    rows: int = 0
    num_bytes: int = 0
    shards: int = 0
    writer: Any = None
    sink: Any = None
    written: int = 0
    spool: Any = None
    waiting: list[tuple[int, int]] = field(default_factory=list)
    waiting_rows: int = 0
    waiting_bytes: int = 0


@dataclass
class TableWriter:
    """Writes pieces of one config into shards of each split; a split that gets no row gets no file.

    What waits for its row group is on disk; in memory is one row group at a time. The same pieces in the same order
    give the same bytes.

    Attributes:
        folder: the dataset.
        config: the name of the config, which its files are in a folder of.
        features: its columns.
        shard_bytes: about how many bytes a file may have.
    """

    folder: Path
    config: str
    features: Features
    shard_bytes: int
    _splits: dict[str, _Split] = field(default_factory=dict)

    @property
    def rows(self) -> dict[str, int]:
        """Rows by split."""
        return {name: split.rows for name, split in self._splits.items()}

    @property
    def num_bytes(self) -> dict[str, int]:
        """Bytes in memory by split."""
        return {name: split.num_bytes for name, split in self._splits.items()}

    def write(self, name: str, piece: Piece) -> None:
        """Takes a piece of a split; one without rows leaves no trace, and of one without data the rows are counted."""
        if not piece.rows:
            return
        split = self._splits.setdefault(name, _Split())
        split.rows += piece.rows
        split.num_bytes += piece.num_bytes
        if piece.raw:
            self._keep(name, split, piece)

    def _keep(self, name: str, split: _Split, piece: Piece) -> None:
        if split.spool is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            split.spool = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115  # as long as the split is written
        split.spool.write(piece.data)
        split.waiting.append((len(piece.data), piece.raw))
        split.waiting_rows += piece.rows
        split.waiting_bytes += piece.num_bytes
        if split.waiting_rows >= _GROUP_ROWS or split.waiting_bytes >= min(_GROUP_BYTES, self.shard_bytes):
            self._write_group(name, split)

    def close(self) -> None:
        """Writes what waits, closes the files and gives them the names that say how many they are."""
        for name, split in self._splits.items():
            if split.waiting:
                self._write_group(name, split)
            if split.writer is not None:
                _close(split)
            if split.spool is not None:
                split.spool.close()
            for number in range(split.shards):
                self._unfinished(name, number).rename(self.paths(name)[number])

    def paths(self, name: str) -> list[Path]:
        """The files of a split, once all are closed."""
        shards = self._splits[name].shards
        return [self.folder / self.config / f"{name}-{n:05}-of-{shards:05}.parquet" for n in range(shards)]

    def _unfinished(self, name: str, number: int) -> Path:
        return self.folder / self.config / f"{name}-{number:05}.unfinished"

    def _write_group(self, name: str, split: _Split) -> None:
        """Writes the pieces that wait as one row group, into a new file where the open one would grow too large."""
        import pyarrow as pa

        size = split.waiting_bytes
        if split.writer is not None:
            so_far = split.sink.tell()
            if so_far + size * so_far / split.written > self.shard_bytes:
                _close(split)
        if split.writer is None:
            self._open(name, split)
        schema = self.features.arrow_schema
        table = pa.Table.from_batches(list(_unpacked(split, schema)), schema)
        split.waiting_rows = split.waiting_bytes = 0
        split.written += size
        split.writer.write_table(table, row_group_size=table.num_rows)

    def _open(self, name: str, split: _Split) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._unfinished(name, split.shards)
        path.parent.mkdir(parents=True, exist_ok=True)
        split.shards += 1
        split.written = 0
        split.sink = pa.OSFile(str(path), "wb")
        split.writer = pq.ParquetWriter(
            split.sink,
            self.features.arrow_schema,
            compression="zstd",
            use_content_defined_chunking=True,
            write_page_index=True,
        )


def _unpacked(split: _Split, schema: Any) -> Iterator[Any]:
    """The pieces that wait, as Arrow batches; none waits any more."""
    import pyarrow as pa

    split.spool.seek(0)
    for packed, raw in split.waiting:
        yield pa.ipc.read_record_batch(pa.decompress(split.spool.read(packed), raw, codec="lz4"), schema)
    split.waiting.clear()
    split.spool.seek(0)
    split.spool.truncate()


def _close(split: _Split) -> None:
    split.writer.close()
    split.sink.close()
    split.writer = split.sink = None
