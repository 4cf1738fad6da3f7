"""The versions of a document that annotators have made, read from ``annotators/<name>/``.

A version counts in the layers that its annotator has reviewed: those that hold a person's word, and in a document that
holds one, those that are empty lists ("nothing found"). In such a layer all that nobody rejected is the annotator's,
suggestions that were left to stand as well. A layer of suggestions alone was not reviewed and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus_tool.agreement.types import LeftOut
from corpus_tool.checks.run import Checker, make_checker
from corpus_tool.merge import is_human
from corpus_tool.model import CorpusToolError, Document, live
from corpus_tool.model.corpus import Corpus
from corpus_tool.model.document import Annotation
from corpus_tool.read.faults import ReadError
from corpus_tool.read.lines import shard_suffix
from corpus_tool.sources import annotator_folders
from corpus_tool.store import files_with_documents, iter_shard, read_document

#: What the provenance of a merged annotation begins with: it is nobody's own word.
MERGED = "merge:"


@dataclass(frozen=True)
class Version:
    """One annotator's version of a document."""

    annotator: str
    document: Document

    @cached_property
    def reviewed(self) -> frozenset[str]:
        """The names of the layers that the annotator has reviewed."""
        worked_on = {name for name, annotations in self.document.layers.items() if any(map(is_human, annotations))}
        if not worked_on:
            return frozenset()
        return frozenset(worked_on | {name for name, annotations in self.document.layers.items() if not annotations})

    def spans(self, layer: str) -> tuple[Annotation, ...]:
        """The annotations of a layer that are not rejected."""
        return live(self.document.layers.get(layer, ()))

    @property
    def is_merged(self) -> bool:
        """Whether a merge has made it: its people's words are all the result of votes."""
        decided = [a for annotations in self.document.layers.values() for a in annotations if is_human(a)]
        return bool(decided) and all(is_merged(a) for a in decided)


@dataclass(frozen=True)
class Versions:
    """The versions of one document, of one text, by the names of their annotators in alphabetical order."""

    document: str
    by_annotator: Mapping[str, Version]

    def reviewers(self, layer: str) -> list[Version]:
        """The versions whose annotators have reviewed a layer."""
        return [version for version in self.by_annotator.values() if layer in version.reviewed]


def is_merged(annotation: Annotation) -> bool:
    """Whether an annotation was made by merging."""
    made = annotation.provenance
    return made is not None and (made.annotator or "").startswith(MERGED)


def annotators_of(corpus: Corpus, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The annotators to compare, in alphabetical order: those named, or all that have a folder.

    Raises:
        CorpusToolError: an annotator has no folder, or there is none at all.
    """
    known = [folder.name for folder in annotator_folders(corpus.root)]
    if not known:
        raise CorpusToolError(
            f"{corpus.root / 'annotators'}: holds no annotator's folder; `corpus-tool assign` deals documents to some"
        )
    for name in names:
        if name not in known:
            raise CorpusToolError(f"{name}: no such annotator; annotators/ holds {', '.join(known)}")
    return tuple(sorted(set(names or known)))


def iter_versions(
    corpus: Corpus,
    annotators: Sequence[str] = (),
    *,
    without: Sequence[str] = (),
    on_left_out: Callable[[LeftOut], None] = lambda told: None,
) -> Iterator[Versions]:
    """Every document of which an annotator has a version, in the order of their ids.

    Documents of a shard in an annotator's folder are kept in memory; files of their own are read when their turn comes.

    Args:
        corpus: the corpus.
        annotators: whose versions; of all that have a folder without. What a merge has made counts only if it is named.
        without: whose versions are passed over.
        on_left_out: called with what cannot be compared: a document that cannot be read, or whose texts differ.

    Raises:
        CorpusToolError: an annotator has no folder, or a file cannot be opened.
    """
    checker = make_checker(corpus.layers, ())
    names = [name for name in annotators_of(corpus, annotators) if name not in without]
    places = {name: _places(corpus.root / "annotators" / name, checker, on_left_out) for name in names}
    for document_id in sorted({key for found in places.values() for key in found}):
        versions = {}
        for name in names:
            place = places[name].pop(document_id, None)
            if place is None:
                continue
            read = _read(document_id, place, checker)
            version = read if isinstance(read, str) else Version(name, read)
            if isinstance(version, str):
                on_left_out(LeftOut(document_id, name, "", version))
            elif version.is_merged and name not in annotators:
                on_left_out(LeftOut(document_id, name, "", "was made by merging"))
            else:
                versions[name] = version
        if len({version.document.text for version in versions.values()}) > 1:
            on_left_out(LeftOut(document_id, "", "", f"the texts of {', '.join(versions)} differ"))
        elif versions:
            yield Versions(document_id, versions)


def _places(folder: Path, checker: Checker, on_left_out: Callable[[LeftOut], None]) -> dict[str, Path | Document]:
    """By id, the file of each document of a folder, or the document itself where it stands in a shard."""
    found: dict[str, Path | Document] = {}
    for path in files_with_documents(folder):
        if shard_suffix(path) is None:
            found[path.stem] = path
            continue
        try:
            found |= {document.id: document for document in iter_shard(path, checker)}
        except ReadError as error:
            at = error.diagnostic
            on_left_out(LeftOut(path.name, folder.name, "", f"line {at.line} and what follows: {at.message}"))
    return found


def _read(document_id: str, place: Path | Document, checker: Checker) -> Document | str:
    """A document, or why it cannot be compared."""
    if isinstance(place, Document):
        return place
    try:
        document = read_document(place, checker)
    except ReadError:
        return "is no valid document; `corpus-tool validate` says why"
    return document if document.id == document_id else f"calls itself {document.id}"
