"""What a report is about: a corpus, or a dataset that was built from one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.build.manifest import MANIFEST
from corpus_tool.build.stored import stored_features, stored_layers, stored_rows, stored_shards
from corpus_tool.build.withheld import WITHHELD, document_of_row
from corpus_tool.checks.run import make_checker, read_subject
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import CONFIG_FILE, Corpus, CorpusConfig
from corpus_tool.model.schemas import Layer, built_in_layers
from corpus_tool.parity import is_dataset
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.sources import items_of_file
from corpus_tool.store import iter_files_with_documents

#: Gives the split of a document by its id, "" for none.
SplitOf = Callable[[str], str]


@dataclass(frozen=True)
class ReportSource:
    """A corpus or a dataset, opened.

    Attributes:
        path: where it is.
        config: what ``corpus.yaml`` says, or said when the dataset was built.
        layers: by name; of a dataset as far as its columns tell them.
        manifest: ``manifest.json`` of a dataset; None for a corpus.
        has_text: whether the words of the articles are there.
        documents: the documents, each with its split; None for a file or line that is no document. Of a corpus the
            function that gives the splits is asked.
    """

    path: Path
    config: CorpusConfig
    layers: Mapping[str, Layer]
    manifest: Mapping[str, Any] | None
    has_text: bool
    documents: Callable[[SplitOf], Iterator[tuple[Document | None, str]]]

    @property
    def is_corpus(self) -> bool:
        """Whether it is a corpus and not a dataset."""
        return self.manifest is None

    def relations_of(self, layer: str) -> tuple[str, ...]:
        """The attributes of a layer that hold ids of annotations."""
        known = built_in_layers().get(layer) or self.layers[layer]
        return tuple(key for key in known.references if key != "entity")


def open_source(path: Path) -> ReportSource:
    """Opens a corpus or a built dataset.

    Raises:
        CorpusToolError: it is neither, or it cannot be read.
        ReadError: ``corpus.yaml`` is wrong.
    """
    if (path / CONFIG_FILE).exists():
        corpus = open_corpus(path)
        return ReportSource(path, corpus.config, corpus.layers, None, True, partial(_corpus_documents, corpus))
    if not is_dataset(path):
        if not path.exists():
            raise CorpusToolError(f"{path}: no such folder")
        raise CorpusToolError(f"{path}: is neither a corpus (no {CONFIG_FILE}) nor a built dataset (no {MANIFEST})")
    return _open_dataset(path)


def _corpus_documents(corpus: Corpus, split_of: SplitOf) -> Iterator[tuple[Document | None, str]]:
    checker = make_checker(corpus.layers, ())
    files = iter_files_with_documents(corpus.documents)
    for item in chain.from_iterable(items_of_file(path, "") for path in files):
        document = None if isinstance(item, Diagnostic) else read_subject(item.data, checker, item.name).document
        yield document, split_of(document.id) if document is not None else ""


def _open_dataset(path: Path) -> ReportSource:
    manifest = _manifest(path)
    try:
        config = msgspec.convert(manifest["corpus"], CorpusConfig)
    except (LookupError, msgspec.ValidationError) as error:
        raise CorpusToolError(f"{path / MANIFEST}: does not say how the dataset was built; build it again") from error
    if not any(stored_shards(path, "default")):
        raise CorpusToolError(f"{path}: has no config default, which holds the documents; report the corpus instead")
    layers = _told(path / "default", lambda: stored_layers(stored_features(path, "default")))
    has_text = config.build.text != WITHHELD
    return ReportSource(path, config, layers, manifest, has_text, partial(_dataset_documents, path, layers))


def _manifest(path: Path) -> Mapping[str, Any]:
    manifest = _told(path / MANIFEST, lambda: json.loads((path / MANIFEST).read_text(encoding="utf-8")))
    if not isinstance(manifest, dict):
        raise CorpusToolError(f"{path / MANIFEST}: is not what a build writes")
    return manifest


def _told(file: Path, read: Callable[[], Any]) -> Any:
    """What a function reads from a dataset; what goes wrong is told with the file's name."""
    from pyarrow import ArrowException

    try:
        return read()
    except (OSError, ValueError, RecursionError, ArrowException) as error:
        raise CorpusToolError(f"{file}: cannot be read: {error}") from error


def _dataset_documents(
    path: Path, layers: Mapping[str, Layer], _split_of: SplitOf
) -> Iterator[tuple[Document | None, str]]:
    from pyarrow import ArrowException

    try:
        for split, file, rows in stored_rows(path, "default"):
            for row in rows:
                try:
                    yield document_of_row(row, row["text"], layers), split
                except (ValueError, LookupError, TypeError, AttributeError) as error:
                    told = f"the row of {row.get('id')!r} is not what a build writes: {error}"
                    raise ReadError(fault("document-unreadable", str(file), told)) from error
    except (OSError, ArrowException) as error:
        raise CorpusToolError(f"{path / 'default'}: cannot be read: {error}") from error
