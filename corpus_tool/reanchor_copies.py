"""The documents of further annotators (``annotators/<name>/``), brought to the text of a changed article."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from corpus_tool.checks.run import Checker
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.codec import dump_document
from corpus_tool.model.corpus import Corpus
from corpus_tool.read.faults import ReadError
from corpus_tool.reanchor import reanchor
from corpus_tool.set_aside import told, write_set_aside
from corpus_tool.sources import annotator_folders
from corpus_tool.store import read_document


def reanchor_copies(corpus: Corpus, document: Document, checker: Checker) -> Iterator[Diagnostic]:
    """Places the annotations of every annotator of a document in its new text; to be done before it is written.

    Args:
        corpus: the corpus.
        document: the document with its new text.
        checker: what reads the corpus's documents.

    Yields:
        What became of each copy, and a diagnostic for one that cannot be read.

    Raises:
        CorpusToolError: a file cannot be written, or is a symbolic link.
    """
    bare = replace(document, layers={}, entities=(), relations=())
    for folder in annotator_folders(corpus.root):
        path = folder / f"{document.id}.json"
        if not path.exists():
            continue
        if path.is_symlink() or folder.is_symlink():
            raise CorpusToolError(f"{path}: is a symbolic link; documents are not written through links")
        try:
            copy = read_document(path, checker)
        except ReadError as error:
            yield error.diagnostic
            continue
        if copy.text != document.text:
            result = reanchor(copy, bare, corpus.layers)
            write_set_aside(corpus.root, copy, result.set_aside, annotator=folder.name)
            write_atomic(path, dump_document(result.document, corpus.layers))
            yield from told(result, annotator=folder.name)
