"""Web pages: trafilatura says which words are the article, the page itself says what each block is.

Trafilatura folds white space and composes characters. Its blocks are therefore looked up in the page again, so that the
text keeps the page's own characters (a no-break space, a decomposed accent) and its captions, credits and promo lines.
Nothing is fetched: no script, no frame, no picture.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Block, Document, sha256_of
from corpus_tool.model.ids import document_id
from corpus_tool.read.encoding import guess_told
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import MAX_ARTICLE_BYTES, Raw
from corpus_tool.read.html_article import article_blocks
from corpus_tool.read.html_encoding import decode_page
from corpus_tool.read.html_parts import Part, drop_hidden, parts_of
from corpus_tool.read.html_tree import parse_page, thin_out
from corpus_tool.read.inputs import Input
from corpus_tool.read.metadata import PageMetadata, page_metadata
from corpus_tool.read.options import ReadOptions

#: Letters and digits of the least article; below, the extractor is asked again for whatever may be one.
_SHORT_ARTICLE = 200
#: The last day that a date may be taken for, for the extractor to do the same whatever day it is.
_LAST_DAY = "2099-12-31"

for _name in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # their remarks would be printed among ours


def read_html(source: Input, options: ReadOptions) -> Iterator[Document | ReadError | Diagnostic]:
    """The article of a web page.

    Raises:
        CorpusToolError: the file cannot be opened.
    """
    try:
        yield from page_articles(source.read(), options)
    except ReadError as error:
        yield error


def page_articles(raw: Raw, options: ReadOptions, url: str = "") -> Iterator[Document | Diagnostic]:
    """The article of a page's bytes, and before it what there is to say of their encoding.

    Args:
        raw: the bytes of a file, of an archive's member or of a record; ``raw.charset`` is what HTTP said of them.
        options: how to read them; an encoding there is for pages that do not say theirs.
        url: the address that the page was fetched from, "" where it is not known.

    Raises:
        ReadError: the page holds no article, is too large, or is in no encoding that could be found.
    """
    if not raw.data.strip():
        raise ReadError(fault("article-empty", raw.path, "holds no text"))
    if len(raw.data) > MAX_ARTICLE_BYTES:
        raise ReadError(fault("article-too-large", raw.path, f"larger than {MAX_ARTICLE_BYTES // 1_000_000} MB"))
    page, encoding = decode_page(raw, options.encoding)
    if encoding.is_guess:
        yield fault("encoding-guessed", raw.path, guess_told(encoding, page))
    meta, blocks = _article(page, raw.path, url)
    text, placed = join_blocks(blocks)
    slug = document_id(raw.stem)
    yield Document(
        id=slug,
        meta=options.meta(
            title=meta.title or None,
            language=meta.language or None,
            source=meta.source or None,
            url=meta.url or None,
            published=meta.published or None,
            authors=meta.authors,
            license=meta.license or None,
            source_id=raw.stem if slug != raw.stem else None,
            article=options.article(raw, "text/html", encoding.name),
        ),
        text=text,
        text_sha256=sha256_of(text),
        blocks=placed,
    )


def _article(page: str, path: str, url: str) -> tuple[PageMetadata, list[tuple[str, str]]]:
    """What the page says of its article, and the article's (kind, text) blocks.

    Trafilatura is asked for what certainly is the article, then, where that is little, for what may be.
    """
    meta, blocks = _reading(page, path, url, precise=True)
    letters = _letters(blocks)
    if letters < _SHORT_ARTICLE:
        _, wider = _reading(page, path, url, precise=False)
        if _letters(wider) > 2 * letters:
            blocks = wider
    if not _letters(blocks):
        raise ReadError(fault("article-without-text", path, "no paragraph of an article was found on the page"))
    return meta, blocks


def _letters(blocks: Sequence[tuple[str, str]]) -> int:
    """The letters and digits of the paragraphs among (kind, text) blocks."""
    return sum(sum(map(str.isalnum, text)) for kind, text in blocks if kind == "paragraph")


def _reading(page: str, path: str, url: str, *, precise: bool) -> tuple[PageMetadata, list[tuple[str, str]]]:
    tree = parse_page(page, path)
    meta = page_metadata(tree, given=url, extractor=partial(_extracted_metadata, tree, url))
    drop_hidden(tree)
    show_quotation_marks(tree)
    parts = parts_of(tree)
    thin_out(tree)
    return meta, _blocks(tree, parts, meta.title, precise=precise)


def _blocks(tree: Any, parts: Sequence[Part], title: str, *, precise: bool) -> list[tuple[str, str]]:
    import trafilatura

    extracted: Any = trafilatura.bare_extraction(
        tree, include_comments=False, include_images=False, favor_precision=precise
    )
    if extracted is None or extracted.body is None:
        return []
    return article_blocks(parts, extracted.body, title)


def _extracted_metadata(tree: Any, url: str) -> Mapping[str, str]:
    """What trafilatura reads out of a page that says little of itself."""
    from trafilatura.metadata import extract_metadata

    dates = {"original_date": True, "extensive_search": False, "max_date": _LAST_DAY}
    found = extract_metadata(tree, date_config=dates, default_url=url or None)
    values = {"title": found.title, "authors": found.author, "published": found.date, "source": found.sitename}
    return {name: value for name, value in values.items() if value}


def show_quotation_marks(tree: Any) -> None:
    """Turns ``<q>`` into the marks that browsers show; trafilatura would take its words out of the sentence."""
    for element in list(tree.iter("q")):
        nested = sum(ancestor.get("data-was") == "q" for ancestor in element.iterancestors()) % 2
        before, after = ("‘", "’") if nested else ("“", "”")
        element.tag = "span"
        element.set("data-was", "q")
        element.text = before + (element.text or "")
        if len(element):
            element[-1].tail = (element[-1].tail or "") + after
        else:
            element.text += after


def join_blocks(blocks: Sequence[tuple[str, str]]) -> tuple[str, tuple[Block, ...]]:
    """The text of the document, blocks apart by a blank line, and where each block lies in it (code points)."""
    placed = []
    at = 0
    for kind, text in blocks:
        placed.append(Block(start=at, end=at + len(text), kind=kind))
        at += len(text) + 2
    return "\n\n".join(text for _, text in blocks) + "\n", tuple(placed)
