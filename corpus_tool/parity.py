"""Validating a built dataset: against itself, or against the corpus that it was built from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model.corpus import LOCK_FILE, Corpus
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.selection import ALL, Ignores, Selection
from corpus_tool.split_files import read_lock
from corpus_tool.splits import LOCKED, SPLITS, Dealt, hash_split
from corpus_tool.store import iter_documents

#: What a build leaves in every dataset's folder (``build.manifest``).
_MANIFEST = "manifest.json"


def is_dataset(path: Path) -> bool:
    """Whether a folder is a dataset that a build made."""
    return (path / _MANIFEST).is_file()


def verify_dataset(dataset: Path, *, on_document: Callable[[str], None] = lambda name: None) -> tuple[Diagnostic, ...]:
    """Every way in which a dataset is not as it was built: an empty tuple says that it is.

    All files are read again: their SHA-256 and sizes, the numbers of rows, every column against the card, the files'
    own metadata and ``croissant.json``, every span against its text, and each config against the others. Nothing is
    ignored: what ``corpus.yaml`` says about findings does not count here.

    Args:
        dataset: the folder that a build wrote.
        on_document: called with the id of each document as it is done.

    Raises:
        CorpusToolError: there is no such folder, or no build made it.
    """
    return tuple(validate_dataset(dataset, on_document=on_document))


def validate_dataset(
    dataset: Path,
    root: Path | None = None,
    *,
    selection: Selection = ALL,
    on_document: Callable[[str], None] = lambda name: None,
    on_event: OnEvent | None = None,
) -> Iterator[Diagnostic]:
    """What is wrong with a built dataset: its Parquet files are read back and compared.

    Args:
        dataset: the folder that a build wrote.
        root: the corpus that it should hold: every document, span and split is compared. Without one the dataset is
            held against its own card and manifest, and its configs against each other.
        selection: which codes are wanted.
        on_document: called with the id of each document as it is done.
        on_event: called with each event of the run.

    Raises:
        CorpusToolError: there is no such folder.
    """
    from corpus_tool.checks.dataset.exp import check_export

    told = Told(on_event, on_document)
    told.plan("compare")
    try:
        corpus = open_corpus(root) if root is not None else None
        documents = iter_documents(corpus) if corpus else None
        split_of = split_of_corpus(corpus) if corpus else None
        ignores = Ignores(corpus)
        found = check_export(dataset, documents, corpus, split_of=split_of, on_document=told.document)
        for diagnostic in ignores.left(found):
            if selection.takes(diagnostic.code):
                told.finding(diagnostic.severity)
                yield diagnostic
    except ReadError as error:
        told.finding(error.diagnostic.severity)
        yield error.diagnostic


def split_of_corpus(corpus: Corpus) -> Callable[[str], str]:
    """A function from a document's id to the split that a build would put it in; "" for one that has none.

    Raises:
        ReadError: a file that says splits cannot be read.
        CorpusToolError: every split has 0 parts.
    """
    from corpus_tool.validate import validate_paths  # late: it validates datasets too

    if corpus.config.build.splits.policy == "hash":
        return hash_split(corpus.config.build.splits)
    if corpus.config.build.splits.policy in LOCKED and (corpus.root / LOCK_FILE).exists():
        kept = read_lock(corpus.root, SPLITS)  # a document that it lacks came after the build
        return lambda document_id: kept.get(document_id, "")
    dealt: list[Dealt] = []
    for _ in validate_paths([corpus.root], on_dealt=dealt.append):
        pass
    splits = dealt[0].splits if dealt else {}
    return lambda document_id: splits.get(document_id, "")
