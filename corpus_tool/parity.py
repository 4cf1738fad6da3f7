"""Validating a built dataset: against itself, or against the corpus that it was built from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.selection import ALL, Ignores, Selection
from corpus_tool.splits import hash_split
from corpus_tool.store import iter_documents

#: What a build leaves in every dataset's folder (``build.manifest``).
_MANIFEST = "manifest.json"


def is_dataset(path: Path) -> bool:
    """Whether a folder is a dataset that a build made."""
    return (path / _MANIFEST).is_file()


def validate_dataset(
    dataset: Path,
    root: Path | None = None,
    *,
    selection: Selection = ALL,
    on_document: Callable[[str], None] = lambda name: None,
) -> Iterator[Diagnostic]:
    """What is wrong with a built dataset: its Parquet files are read back and compared.

    Args:
        dataset: the folder that a build wrote.
        root: the corpus that it should hold: every document, span and split is compared. Without one the dataset is
            held against its own card and manifest, and its configs against each other.
        selection: which codes are wanted.
        on_document: called with the id of each document as it is done.

    Raises:
        CorpusToolError: there is no such folder.
    """
    from corpus_tool.checks.exp import check_export

    try:
        corpus = open_corpus(root) if root is not None else None
        documents = iter_documents(corpus) if corpus else None
        split_of = hash_split(corpus.config.build.splits) if corpus else None
        ignores = Ignores(corpus)
        found = check_export(dataset, documents, corpus, split_of=split_of, on_document=on_document)
        for diagnostic in ignores.left(found):
            if selection.takes(diagnostic.code):
                yield diagnostic
    except ReadError as error:
        yield error.diagnostic
