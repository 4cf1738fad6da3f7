"""A built dataset read back: its files in order, their columns, and the layers that these stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from corpus_tool.build.rows import Row
from corpus_tool.model import Annotation
from corpus_tool.model.schemas import Layer
from corpus_tool.splits import SPLITS

if TYPE_CHECKING:
    from datasets import Features

#: Columns that the annotations of every layer have.
_COMMON = ("id", "start", "end", "text", "fragments", "extra", "status", "annotator", "score")

#: Rows that are in memory at once.
_BATCH = 250


def stored_shards(dataset: Path, config: str) -> Iterator[tuple[str, Path]]:
    """Split and path of the files of a config, in order."""
    for split in SPLITS:
        yield from ((split, path) for path in sorted((dataset / config).glob(f"{split}-*.parquet")))


def stored_rows(dataset: Path, config: str) -> Iterator[tuple[str, Path, list[Row]]]:
    """The rows of a config in batches: split, file, rows.

    Raises:
        OSError: a file cannot be read; ``pyarrow.ArrowInvalid``, a ``ValueError``, where it is no Parquet.
    """
    import pyarrow.parquet as pq

    for split, path in stored_shards(dataset, config):
        for batch in pq.ParquetFile(path).iter_batches(_BATCH):
            yield split, path, batch.to_pylist()


def stored_features(dataset: Path, config: str) -> Features:
    """The columns of a config, which has a file at least.

    Raises:
        OSError: the file cannot be read; ``pyarrow.ArrowInvalid``, a ``ValueError``, where it is no Parquet.
    """
    import pyarrow.parquet as pq
    from datasets import Features

    _, path = next(stored_shards(dataset, config))
    return Features.from_arrow_schema(pq.read_schema(path))


def stored_layers(features: Mapping[str, Any]) -> dict[str, Layer]:
    """The layers that the columns of ``default`` hold, with attributes as far as columns tell them."""
    found = {}
    for name, feature in features.items():
        inner = getattr(feature, "feature", None)
        if isinstance(inner, dict) and {"id", "start", "end", "text", "status"} <= inner.keys():
            attributes = {key: _spec(kind) for key, kind in inner.items() if key not in _COMMON}
            fields = [(key, Any, None) for key in attributes]
            struct: Any = msgspec.defstruct(name, fields, bases=(Annotation,), kw_only=True, frozen=True)
            found[name] = Layer(name, attributes, struct, {})
    return found


def _spec(feature: Any) -> dict[str, Any]:
    """The JSON Schema of an attribute, as far as the rows of ``rows`` need it."""
    if isinstance(feature, dict):
        return {"$ref": "urn:corpus-tool:document:1#/$defs/span"}
    inner = getattr(feature, "feature", None)
    if inner is not None:
        return {"type": "array", "items": _spec(inner)}
    kinds = {"float64": "number", "int64": "integer", "bool": "boolean"}
    return {"type": kinds.get(feature.dtype, "string")}
