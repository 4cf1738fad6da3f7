"""Plain-text articles: one a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus_tool.model import Block, Document, sha256_of
from corpus_tool.model.ids import document_id
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import decode_article, read_file, readable
from corpus_tool.read.options import ReadOptions


def read_text(path: Path, options: ReadOptions) -> Iterator[Document | ReadError]:
    """The article of a plain-text file.

    Raises:
        CorpusToolError: the file cannot be opened, or its encoding has no such name.
    """
    try:
        raw = read_file(path)
        text, encoding = decode_article(raw, options.encoding)
    except ReadError as error:
        yield error
        return
    blocks = find_blocks(text)
    source_id = "stdin" if raw.path == "<stdin>" else readable(path.stem)
    slug = document_id(source_id)
    yield Document(
        id=slug,
        meta=options.meta(
            title=title_of(text, blocks),
            source_id=source_id if slug != source_id else None,
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
