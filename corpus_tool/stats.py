"""What a corpus holds, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import regex

from corpus_tool.model import CONTENT_BLOCKS, Document, live
from corpus_tool.progress import OnEvent, Told
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import files_with_documents, iter_documents

#: ``regex`` and not ``re``, for which a combining mark ends a word.
_WORD = regex.compile(r"\w+")


@dataclass(frozen=True)
class CorpusStats:
    """Counts over a corpus; rejected annotations are left out.

    Attributes:
        documents: how many.
        words: words of the blocks that hold content.
        entities: how many, over all documents.
        layers: by layer and kind, how many annotations ("" where a layer's annotations have no kind).
        statuses: by layer and status, how many; "" where an annotation has no provenance.
    """

    documents: int = 0
    words: int = 0
    entities: int = 0
    layers: dict[str, Counter[str]] = field(default_factory=dict)
    statuses: dict[str, Counter[str]] = field(default_factory=dict)


def corpus_stats(root: Path, *, on_event: OnEvent | None = None) -> CorpusStats:
    """Counts the documents of a corpus.

    Args:
        root: the folder of the corpus.
        on_event: called with each event of the run.

    Raises:
        CorpusToolError: the folder is no corpus, or a file cannot be opened.
        ReadError: ``corpus.yaml`` or a document is wrong.
    """
    corpus = open_corpus(root)
    documents = words = entities = 0
    layers: dict[str, Counter[str]] = {name: Counter() for name in corpus.layers}
    statuses: dict[str, Counter[str]] = {name: Counter() for name in corpus.layers}
    told = Told(on_event)
    told.plan("count", lambda: files_with_documents(corpus.documents))
    for document in iter_documents(corpus, on_file=told.file):
        told.document(document.id)
        documents += 1
        words += words_of(document)
        entities += len(document.entities)
        for name, annotations in document.layers.items():
            for annotation in live(annotations):
                kind = getattr(annotation, "kind", None) or getattr(annotation, "measure", None) or ""
                layers[name][str(kind)] += 1
                statuses[name][annotation.provenance.status if annotation.provenance else ""] += 1
    return CorpusStats(documents, words, entities, layers, statuses)


def words_of(document: Document) -> int:
    """How many words the content blocks of a document hold."""
    return sum(len(_WORD.findall(document.text, b.start, b.end)) for b in document.blocks if b.kind in CONTENT_BLOCKS)
