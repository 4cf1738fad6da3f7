"""Dealing the documents of a corpus to annotators: ``assignments.jsonl``, and copies in ``annotators/<name>/``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from corpus_tool.agreement.assignments import Assignment, read_assignments, write_assignments
from corpus_tool.agreement.dealing import deal
from corpus_tool.agreement.suggested import as_suggested
from corpus_tool.agreement.types import Assigned, Share
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.ids import document_id, is_document_id
from corpus_tool.read.corpus import open_corpus
from corpus_tool.sources import annotator_folders
from corpus_tool.stats import words_of
from corpus_tool.store import document_files, iter_documents, write_document

_OVERLAP = re.compile(r"(\d+(?:\.\d+)?)\s*(%?)")


def assign_documents(
    root: Path,
    annotators: Sequence[str],
    *,
    overlap: str = "20%",
    each: int = 2,
    seed: str = "corpus-tool",
    bare: bool = False,
    dry_run: bool = False,
    on_document: Callable[[str], None] = lambda name: None,
) -> Assigned:
    """Deals the documents of a corpus to annotators, balanced by words, and gives each their copies.

    Who has been given a document keeps it, in this run and every later one: new documents and new annotators change
    nothing of what is dealt. A copy that exists is never written over.

    Args:
        root: the corpus.
        annotators: their names, which become folders in ``annotators/``.
        overlap: how many documents get several annotators: a share ("20%") or a number ("50").
        each: how many annotators these get.
        seed: what decides chance; the same one deals the same.
        bare: whether copies hold the text alone, without suggestions.
        dry_run: whether to write nothing.
        on_document: called with the id of each document as it is done.

    Raises:
        CorpusToolError: misuse, a corpus without documents, or a file that cannot be read or written.
        ReadError: ``corpus.yaml`` or a document is wrong.
    """
    names = _names(annotators, each)
    corpus = open_corpus(root)
    before = read_assignments(root)
    words = {}
    for document in iter_documents(corpus):
        words[document.id] = words_of(document)
    if not words:
        raise CorpusToolError(f"{corpus.documents}: holds no document; there is nothing to deal")
    held = _held(corpus, before, names)
    shared = _shared(overlap, len(words))
    everybody = {*names, *(name for own in held.values() for name in own)}
    if shared and len(everybody) < each:
        raise CorpusToolError(
            f"each: shared documents are for {each} annotators, and there is {', '.join(sorted(everybody))} alone; "
            f"name more, or deal without an overlap (--overlap 0)"
        )
    dealt = deal(words, held, names, shared=shared, each=each, seed=seed)
    gone = {name: one for name, one in before.items() if name not in words}
    written: Counter[str] = Counter()
    if not dry_run:
        write_assignments(root, (gone | dealt).values())  # first, so that a copy is never without its assignment
    for document in iter_documents(corpus):
        written.update(_copies(corpus, document, dealt[document.id], bare=bare, dry_run=dry_run))
        on_document(document.id)
    return Assigned(
        shares=tuple(_shares(dealt, names, written)),
        documents=len(dealt),
        shared=sum(len(one.annotators) > 1 for one in dealt.values()),
        new=sum(set(one.annotators) != set(held.get(name, ())) for name, one in dealt.items()),
        gone=tuple(sorted(gone)),
    )


def _names(annotators: Sequence[str], each: int) -> tuple[str, ...]:
    """The annotators' names, checked.

    Raises:
        CorpusToolError: there are none, too few for ``each``, or one is no name for a folder.
    """
    names = tuple(dict.fromkeys(annotators))
    if not names:
        raise CorpusToolError("annotators: nobody is named to deal documents to")
    for name in names:
        if not is_document_id(name) or ".." in name:
            raise CorpusToolError(
                f"{name!r} is no name for an annotator's folder: lower-case letters, digits, . _ and -, as "
                f"{document_id(name)}"
            )
    if each < 2:
        raise CorpusToolError(f"each: {each} annotator makes no overlap; 2 at least, or an overlap of 0")
    return names


def _shared(overlap: str, documents: int) -> int:
    """How many documents get several annotators.

    Raises:
        CorpusToolError: ``overlap`` is neither a share nor a number.
    """
    match = _OVERLAP.fullmatch(overlap.strip())
    if match is None or (not match[2] and "." in match[1]) or (match[2] and float(match[1]) > 100):
        raise CorpusToolError(f"overlap: {overlap!r} is neither a share of the documents (20%) nor a number (50)")
    return min(documents, round(documents * float(match[1]) / 100) if match[2] else int(match[1]))


def _held(
    corpus: Corpus, assignments: Mapping[str, Assignment], annotators: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """By document, who holds it: by assignment, or by a copy in their folder.

    A folder of nobody who annotates (of adjudicated versions, say) holds nothing.
    """
    held = {name: set(one.annotators) for name, one in assignments.items()}
    known = {*annotators, *(name for own in held.values() for name in own)}
    for folder in annotator_folders(corpus.root):
        for path in document_files(folder) if folder.name in known else ():
            held.setdefault(path.stem, set()).add(folder.name)
    return {name: tuple(sorted(own)) for name, own in held.items()}


def _copies(corpus: Corpus, document: Document, assignment: Assignment, *, bare: bool, dry_run: bool) -> Iterator[str]:
    """Writes the copies of a document that are not there, and gives the names of those who got one."""
    for name in assignment.annotators:
        folder = corpus.root / "annotators" / name
        path = folder / f"{document.id}.json"
        if path.exists() or path.is_symlink():
            continue
        if not dry_run:
            empty = replace(document, entities=(), relations=(), layers={})
            write_document(corpus, empty if bare else as_suggested(document, corpus.layers), folder)
        yield name


def _shares(dealt: Mapping[str, Assignment], names: Sequence[str], written: Mapping[str, int]) -> Iterator[Share]:
    everybody = sorted({*names, *(name for one in dealt.values() for name in one.annotators)})
    for name in everybody:
        own = [one for one in dealt.values() if name in one.annotators]
        yield Share(
            annotator=name,
            documents=len(own),
            words=sum(one.words for one in own),
            shared=sum(len(one.annotators) > 1 for one in own),
            written=written.get(name, 0),
        )
