"""The two sides of a comparison: a corpus, a built dataset, or a published one that is fetched first."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.checks.dataset.exp_folder import MANIFEST, Export, Shard
from corpus_tool.checks.dataset.exp_types import Type, config_columns, is_layer, storage
from corpus_tool.checks.run import make_checker, read_subject
from corpus_tool.diff.record import Record, record_as_built, record_of_document, record_of_row
from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import CONFIG_FILE, Corpus
from corpus_tool.model.schemas import Layer, built_in_layers
from corpus_tool.parity import is_dataset, split_of_corpus
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.store import iter_stored

#: What ``corpus.yaml`` says for the card; a change of one is a change of the dataset.
SETTINGS = (
    "name", "title", "license", "description", "language", "article_license", "source", "collection", "annotation",
    "limits", "citation", "guidelines", "creators", "url",
)  # fmt: skip

#: Rows of a dataset that are in memory at once.
_BATCH = 250

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")

#: By config, the columns and their types as Arrow has them.
Columns = Mapping[str, Mapping[str, Type]]

#: The records of a side: all of them, or those with an id among the wanted ones.
Records = Callable[[Container[str] | None], Iterator[Record]]


@dataclass(frozen=True)
class Side:
    """One of two versions.

    Attributes:
        name: as the user called it.
        is_corpus: a corpus, not a dataset.
        version: its version.
        released: the day of its publication as ``corpus.yaml`` says, or "".
        settings: what ``corpus.yaml`` says for the card; None where that is not known.
        is_withheld: the dataset holds no words of the articles, or ``corpus.yaml`` asks for that.
        columns: of a corpus the columns of every config that it asks for, of a dataset those that it has.
        has_text: the words of the articles can be read.
        unreadable: columns of ``default`` whose type is none that a build writes now; they are not compared.
        references: by layer, the attributes that hold ids.
        records: its documents.
    """

    name: str
    is_corpus: bool
    version: str
    released: str
    settings: Mapping[str, Any] | None
    is_withheld: bool
    has_text: bool
    columns: Columns
    unreadable: frozenset[str]
    references: Mapping[str, tuple[str, ...]]
    records: Records


def fetch_nothing(address: str) -> Path:
    """What stands for fetching where there is none.

    Raises:
        CorpusToolError: always.
    """
    raise CorpusToolError(f"{address}: is an address; give a function that fetches it, or a folder")


def located(path: str | Path, fetch: Callable[[str], Path]) -> Path:
    """The folder behind a path or an address.

    Raises:
        CorpusToolError: there is no such folder, or it is neither a corpus nor a dataset.
    """
    folder = fetch(str(path)) if _ADDRESS.match(str(path)) else Path(path)
    if (folder / CONFIG_FILE).exists() or is_dataset(folder):
        return folder
    if not folder.is_dir():
        raise CorpusToolError(f"{path}: {'is not a folder' if folder.exists() else 'no such folder'}")
    raise CorpusToolError(f"{path}: is neither a corpus (no {CONFIG_FILE}) nor a built dataset (no {MANIFEST})")


def open_side(folder: Path, name: str, *, as_built: bool) -> Side:
    """One version, ready to be read.

    Args:
        folder: a corpus or a dataset.
        name: what the user called it.
        as_built: of a corpus what a dataset of it would hold, because the other side is a dataset.

    Raises:
        CorpusToolError: it cannot be read.
        ReadError: ``corpus.yaml`` or a file beside it is wrong.
    """
    if (folder / CONFIG_FILE).exists():
        return _corpus_side(open_corpus(folder), name, as_built)
    return _dataset_side(Export(folder, dict(built_in_layers())), name)


def _corpus_side(corpus: Corpus, name: str, as_built: bool) -> Side:
    config = corpus.config
    columns = {own: _stored(config_columns(own, corpus.layers) or {}) for own in config.build.configs}
    told = msgspec.to_builtins(config)
    return Side(
        name=name,
        is_corpus=True,
        version=config.version,
        released=config.released or "",
        settings={key: told[key] for key in SETTINGS},
        is_withheld=config.build.text == "withheld",
        has_text=True,
        columns=columns,
        unreadable=frozenset(),
        references=_references(corpus.layers),
        records=partial(_corpus_records, corpus, cache(partial(split_of_corpus, corpus)), as_built),
    )


def _stored(columns: Mapping[str, Type]) -> dict[str, Type]:
    return {name: storage(kind) for name, kind in columns.items()}


def _references(layers: Mapping[str, Layer]) -> dict[str, tuple[str, ...]]:
    return {name: layer.references for name, layer in layers.items()}


def _corpus_records(
    corpus: Corpus, splits: Callable[[], Callable[[str], str]], as_built: bool, wanted: Container[str] | None
) -> Iterator[Record]:
    checker = make_checker(corpus.layers, ())
    split_of = splits()
    reviewed_only = corpus.config.build.reviewed_only
    for stored in iter_stored(corpus):
        if wanted is not None and stored.name is not None and stored.name not in wanted:
            continue
        document = read_subject(stored.data, checker, stored.name).document
        if document is None:
            raise ReadError(fault("document-unreadable", stored.path, "is not a valid document", line=stored.line))
        if stored.name not in {None, document.id}:
            told = f"its id is {document.id}, which its file is not named after"
            raise ReadError(fault("document-unreadable", stored.path, told))
        if wanted is not None and document.id not in wanted:
            continue
        split = split_of(document.id)
        if as_built:
            yield record_as_built(document, corpus.layers, split, reviewed_only=reviewed_only)
        else:
            yield record_of_document(document, split)


def _dataset_side(export: Export, name: str) -> Side:
    manifest = export.manifest
    columns = {config: shards[0].stored for config, shards in export.configs.items()}
    _refuse_faulty(export, name)
    if manifest is None or "default" not in columns:
        raise CorpusToolError(f"{name}: has no config default, which documents are compared by")
    config = manifest.get("corpus")
    told = config if isinstance(config, dict) else {}
    known = config_columns("default", {}) or {}
    usable = {
        column
        for column, kind in columns["default"].items()
        if kind == storage(known.get(column, "")) or is_layer(kind)
    }
    if not {"id", "text_sha256"} <= usable:
        raise CorpusToolError(f"{name}: its config default has no columns id and text_sha256")
    return Side(
        name=name,
        is_corpus=False,
        version=str(manifest.get("version", "")),
        released=str(told.get("released") or ""),
        settings={key: told.get(key) for key in SETTINGS} if told else None,
        is_withheld=export.is_withheld,
        has_text=not export.is_withheld and "text" in usable,
        columns=columns,
        unreadable=frozenset(columns["default"].keys() - usable),
        references=_references(built_in_layers()),
        records=partial(_dataset_records, export, name, frozenset(usable)),
    )


def _refuse_faulty(export: Export, name: str) -> None:
    if export.faults:
        file, reason = min(export.faults.items())
        raise CorpusToolError(f"{name}: {file or 'the folder'} cannot be read: {reason}")


def _dataset_records(
    export: Export, name: str, columns: frozenset[str], wanted: Container[str] | None
) -> Iterator[Record]:
    layers = [column for column in columns if is_layer(export.configs["default"][0].stored[column])]
    for shard in export.configs["default"]:
        for row in _rows(shard, columns, wanted, name):
            try:
                yield record_of_row(row, layers, shard.split)
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                told = f"the row of {row.get('id')!r} is not what a build writes: {error}"
                raise ReadError(fault("document-unreadable", f"{name}/{shard.name}", told)) from error


def _rows(
    shard: Shard, columns: frozenset[str], wanted: Container[str] | None, name: str
) -> Iterator[Mapping[str, Any]]:
    import pyarrow as pa

    try:
        for batch in shard.file.iter_batches(_BATCH, columns=sorted(columns)):
            if wanted is None:
                yield from batch.to_pylist()
                continue
            places = [place for place, own in enumerate(batch.column("id").to_pylist()) if own in wanted]
            yield from batch.take(pa.array(places, pa.int64())).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise CorpusToolError(f"{name}/{shard.name}: cannot be read: {error}") from error
