"""The default annotator as one of several: the rules over a spaCy pipeline, the small English one or any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace as with_fields
from typing import TYPE_CHECKING

from msgspec.structs import replace

from corpus_tool import __version__
from corpus_tool.annotate.default import ANNOTATOR, annotate_article
from corpus_tool.annotate.own_places import NO_PLACES, OwnPlaces, load_places
from corpus_tool.annotate.pipeline import is_default_pipeline, load_pipeline, parse_articles
from corpus_tool.annotate.plugins.annotator import Annotator, Note, Noted, Request, local_folder
from corpus_tool.annotate.plugins.options import refuse_unknown, text_option, wrong
from corpus_tool.model import Annotation, Document
from corpus_tool.model.schemas import BUILT_IN
from corpus_tool.model.storage import is_remote

if TYPE_CHECKING:
    from spacy.language import Language

#: Characters of one block that are parsed; the parser needs some 1 GB for every 100,000.
MAX_BLOCK = 100_000

#: What the rules read on a token; a pipeline without it would suggest next to nothing, and not say so.
_NEEDED = ("POS", "DEP", "LEMMA")
_PROBE = "A woman in the harbour said that two boats were lost."


def make_default(request: Request) -> Annotator:
    """The default annotator.

    The option ``pipeline`` is a spaCy package, or the path of a pipeline's folder; ``gazetteer`` is the path of a CSV
    file of places (``own_places.read_places``).

    Raises:
        CorpusToolError: an option is wrong, the gazetteer is, or the pipeline is missing or has no tagger, parser or
            lemmatizer.
    """
    refuse_unknown(request, frozenset({"pipeline", "gazetteer"}))
    places = NO_PLACES
    if request.options.get("gazetteer") is not None:
        places = load_places(local_folder(text_option(request, "gazetteer"), request.root))
    name = text_option(request, "pipeline") if request.options.get("pipeline") is not None else None
    if name is None or is_default_pipeline(name):
        # Loaded when there is something to parse: a run over articles in another language never needs it.
        return Annotator(
            "default",
            __version__,
            tuple(BUILT_IN),
            lambda documents: _annotated(documents, load_pipeline(name), places),
            "en",
        )
    folder = local_folder(name, request.root)
    is_folder = not is_remote(folder) and (folder / "config.cfg").is_file()
    if not is_folder and ("/" in name or name.startswith((".", "~"))):
        raise wrong(request, f"{folder} is no folder of a spaCy pipeline (it holds no config.cfg)")
    pipeline = load_pipeline(str(folder.resolve()) if is_folder else name)
    _refuse_unparsed(request, name, pipeline)
    meta = pipeline.meta
    version = f"{__version__}+{meta['lang']}_{meta['name']}-{meta['version']}"
    return Annotator(
        "default",
        version,
        tuple(BUILT_IN),
        lambda documents: (
            Noted(_by(noted.document, f"corpus-tool-rules/{version}"), noted.notes)
            for noted in _annotated(documents, pipeline, places)
        ),
        None if pipeline.lang == "xx" else pipeline.lang,
    )


def _refuse_unparsed(request: Request, name: str, pipeline: Language) -> None:
    parsed = pipeline(_PROBE)
    missing = [kind for kind in _NEEDED if not parsed.has_annotation(kind)]
    if missing:
        raise wrong(
            request,
            f"the pipeline {name} gives no {', '.join(missing)}; the rules need a tagger, a parser and a lemmatizer",
        )


def _annotated(documents: Sequence[Document], pipeline: Language, places: OwnPlaces) -> Iterator[Noted]:
    longest = {d.id: max((b.end - b.start for b in d.blocks), default=0) for d in documents}
    parsed = parse_articles((d for d in documents if longest[d.id] <= MAX_BLOCK), pipeline)
    for document in documents:
        if longest[document.id] > MAX_BLOCK:
            says = f"a block has {longest[document.id]:,} characters, more than {MAX_BLOCK:,}"
            yield Noted(document, (Note("article-not-annotated", f"{says}; no annotations were suggested"),))
        else:
            yield Noted(annotate_article(with_fields(next(parsed), places=places)))


def _by(document: Document, mark: str) -> Document:
    """The document with the pipeline's name beside that of the rules."""

    def named(annotation: Annotation) -> Annotation:
        own = annotation.provenance
        if own is None or own.annotator != ANNOTATOR:
            return annotation
        return replace(annotation, provenance=replace(own, annotator=mark))

    return replace(document, layers={name: tuple(map(named, found)) for name, found in document.layers.items()})
