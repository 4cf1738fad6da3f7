"""Plain-text articles: one a file."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Block, Document, sha256_of
from corpus_tool.model.ids import document_id
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import Raw, decode_detected
from corpus_tool.read.inputs import Input
from corpus_tool.read.options import ReadOptions


def read_text(source: Input, options: ReadOptions) -> Iterator[Document | ReadError | Diagnostic]:
    """The article of a plain-text file.

    Raises:
        CorpusToolError: its encoding has no such name.
    """
    try:
        yield from text_articles(source.read(), options)
    except ReadError as error:
        yield error


def text_articles(raw: Raw, options: ReadOptions) -> Iterator[Document | Diagnostic]:
    """The article of plain text, and before it what there is to say of its encoding.

    Raises:
        ReadError: the bytes are no text.
        CorpusToolError: the encoding has no such name.
    """
    text, encoding, note = decode_detected(raw, raw.charset or options.encoding)
    if note:
        yield note
    blocks = find_blocks(text)
    slug = document_id(raw.stem)
    yield Document(
        id=slug,
        meta=options.meta(
            title=title_of(text, blocks),
            source_id=raw.stem if slug != raw.stem else None,
            article=options.article(raw, "text/plain", encoding),
        ),
        text=text,
        text_sha256=sha256_of(text),
        blocks=blocks,
    )


def title_of(text: str, blocks: tuple[Block, ...]) -> str | None:
    """The words of the block of kind title, white space folded; None where there is none."""
    for block in blocks:
        if block.kind == "title":
            return " ".join(text[block.start : block.end].split())
    return None
