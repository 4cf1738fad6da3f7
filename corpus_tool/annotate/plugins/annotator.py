"""What an annotator is, built in or of a third party, and how its suggestions are marked as its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from corpus_tool.model import Annotation, CorpusToolError, Document, Provenance, pieces, surface
from corpus_tool.model.storage import is_remote


@dataclass(frozen=True)
class Note:
    """What an annotator says about one document beside its suggestions.

    Attributes:
        fault: name of the fault: "annotator-failed" (no answer, or a useless one), "suggestion-not-found" (words that
            do not stand in the text), "article-not-annotated", "language-not-annotated".
        message: one sentence without a full stop.
    """

    fault: str
    message: str


@dataclass(frozen=True)
class Noted:
    """A document with suggestions, and what there is to say about it."""

    document: Document
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Annotator:
    """A program that suggests annotations.

    Attributes:
        name: what ``corpus.yaml`` and the provenance of annotations call it.
        version: of the program, with that of its model where it has one.
        layers: the names of the layers that it fills.
        annotate: takes documents with blocks and without annotations; gives each, in order and with the same id and
            text, with its layers (and perhaps entities). A layer that is absent was not annotated, an empty one holds
            nothing. ``Noted`` carries what there is to say; a document that could not be annotated comes back as it is.
        language: the one language that it reads (BCP 47, its first part); None where it reads any.
    """

    name: str
    version: str
    layers: tuple[str, ...]
    annotate: Callable[[Sequence[Document]], Iterable[Document | Noted]]
    language: str | None = None

    @property
    def mark(self) -> str:
        """The annotator as ``provenance`` names it."""
        return f"{self.name}/{self.version}"


Factory = Callable[[Mapping[str, Any]], Annotator]


@dataclass(frozen=True)
class Request:
    """An annotator that is to run: its name, and its options as ``corpus.yaml`` and the user gave them.

    ``root`` is the corpus's folder; a path among the options that is not absolute starts there.
    """

    annotator: str
    options: Mapping[str, Any]
    root: Path

    @property
    def target(self) -> str | None:
        """What the annotator loads or connects to: a pipeline, a model's folder, an address."""
        for key in ("url", "model", "pipeline"):
            if isinstance(self.options.get(key), str):
                return str(self.options[key])
        return None


def local_folder(value: str, root: Path) -> Path:
    """The folder that an option names."""
    if is_remote(root) and value.startswith(f"{root}/"):  # what a corpus in a storage names in itself
        return root / value.removeprefix(f"{root}/")
    folder = Path(value).expanduser()
    return folder if folder.is_absolute() else root / folder


def suggestions(annotator: Annotator, documents: Sequence[Document]) -> Iterator[Noted]:
    """What an annotator suggests, every annotation marked as its suggestion; an annotator that fails is noted.

    Where it fails on a group of documents it gets each by itself, so that one article that it cannot take costs no
    other its annotations. Suggestions that do not fit their document are not taken.

    Raises:
        CorpusToolError: the annotator cannot work at all: a package is missing, an option is wrong.
    """
    if not documents:
        return
    try:
        yield from [*_fitting(annotator, documents)]
    except CorpusToolError:
        raise
    except Exception as error:  # noqa: BLE001  # a plug-in's mistake costs its suggestions, and nothing else
        if len(documents) > 1:
            for document in documents:
                yield from suggestions(annotator, [document])
            return
        says = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        yield from (Noted(d, (Note("annotator-failed", f"{annotator.name} failed ({says})"),)) for d in documents)


def _fitting(annotator: Annotator, documents: Sequence[Document]) -> Iterator[Noted]:
    given = iter(annotator.annotate(documents))
    for document in documents:
        item = next(given, None)
        noted = item if isinstance(item, Noted) else Noted(item) if isinstance(item, Document) else None
        if noted is None:
            raise ValueError(f"gave {type(item).__name__} for document {document.id!r}")
        _refuse_misfit(annotator, document, noted.document)
        layers = {name: _marked(found, annotator.mark) for name, found in noted.document.layers.items()}
        own = replace(document, layers=layers, entities=noted.document.entities)
        yield Noted(own, noted.notes)


def _refuse_misfit(annotator: Annotator, asked: Document, given: Document) -> None:
    """Raises where an answer is about another document, fills other layers, or has words that are not the text's.

    Raises:
        ValueError: what does not fit.
    """
    if given.id != asked.id or given.text != asked.text:
        raise ValueError(f"changed the id or the text of {asked.id!r}")
    undeclared = sorted(set(given.layers) - set(annotator.layers))
    if undeclared:
        raise ValueError(f"filled the layer {undeclared[0]!r}, which it does not declare")
    for annotation in (a for layer in given.layers.values() for a in layer):
        for span in (annotation, getattr(annotation, "cue", None), getattr(annotation, "counted", None)):
            if span is not None and (span.start < 0 or surface(asked.text, pieces(span)) != span.text):
                raise ValueError(f"{span.text!r} is not what stands at {span.start} to {span.end}")


def _marked(annotations: Iterable[Annotation], mark: str) -> tuple[Annotation, ...]:
    """Annotations as suggestions: whatever an annotator claims, it is no person."""
    out = []
    for annotation in annotations:
        own = annotation.provenance
        provenance = Provenance(
            status="suggested", annotator=(own and own.annotator) or mark, score=own.score if own else None
        )
        out.append(replace(annotation, provenance=provenance))
    return tuple(sorted(out, key=lambda a: (a.start, -a.end, a.id)))
