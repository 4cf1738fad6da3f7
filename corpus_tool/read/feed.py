"""Feeds: RSS 2.0, RSS 1.0 (RDF) and Atom, an article an entry."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Article, Document, sha256_of
from corpus_tool.model.ids import document_id, short_hash
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.feed_entries import Entry, iter_entries
from corpus_tool.read.files import refuse_half_characters
from corpus_tool.read.html_fragment import fragment_article
from corpus_tool.read.inputs import Input
from corpus_tool.read.options import ReadOptions

#: Code points of a text below which it only announces the article.
_SHORT = 500

_MEDIA_TYPES = {"rss": "application/rss+xml", "RDF": "application/rdf+xml", "feed": "application/atom+xml"}


def read_feed(source: Input, options: ReadOptions) -> Iterator[Document | ReadError | Diagnostic]:
    """The articles of a feed's entries; at the end, how many entries hold no text, or no more than a summary.

    An entry that cannot be read is told by its number and line; where the XML itself is broken, reading ends there.
    """
    counts: Counter[str] = Counter()
    ids: dict[str, int] = {}
    try:
        for number, entry in enumerate(iter_entries(source), 1):
            counts["all"] += 1
            try:
                article = _article(entry, number, source, options)
                if article is None:
                    counts["empty"] += 1
                    continue
                name = article.meta.source_id or article.id
                if ids.setdefault(name, number) != number:
                    message = f"entry {number}: entry {ids[name]} has the id {name!r} too"
                    raise _error("article-id-twice", source, message, entry)
                counts["short"] += not entry.is_whole and len(article.text) < _SHORT
                yield article
            except ReadError as error:
                yield error
    except ReadError as error:
        yield error
    if counts["empty"]:
        message = f"{counts['empty']:,} of {counts['all']:,} entries hold no text and were left out"
        yield fault("records-left-out", source.path, message)
    if counts["short"]:
        message = f"{counts['short']:,} of {counts['all']:,} entries hold no more than a summary"
        yield fault("feed-entry-short", source.path, message)


def _error(name: str, source: Input, message: str, entry: Entry) -> ReadError:
    return ReadError(fault(name, source.path, message, line=max(1, entry.line)))


def _article(entry: Entry, number: int, source: Input, options: ReadOptions) -> Document | None:
    """The document of an entry; None where it holds no text.

    Raises:
        ReadError: its text cannot be read.
    """
    try:
        if entry.is_html:
            text, blocks = fragment_article(entry.content, entry.title, source.path)
        else:
            text = entry.content.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
            text = f"{entry.title}\n\n{text}\n" if entry.title and text.strip() else f"{text}\n"
            blocks = find_blocks(text)
        refuse_half_characters(text, source.path, max(1, entry.line))
    except ReadError as error:
        raise _error(error.diagnostic.name, source, f"entry {number}: {error.diagnostic.message}", entry) from error
    if not text.strip():
        return None
    source_id = entry.id or entry.url or f"entry-{short_hash(text)}"
    slug = document_id(source_id.partition("://")[2] or source_id)
    return Document(
        id=slug,
        meta=options.meta(
            title=entry.title,
            language=entry.language,
            source=entry.source,
            url=entry.url,
            published=entry.published,
            authors=entry.authors,
            source_id=source_id if slug != source_id else None,
            article=Article(
                path=options.recorded_path(source.path, source.inside),
                sha256=hashlib.sha256(entry.raw).hexdigest(),
                media_type=_MEDIA_TYPES.get(entry.kind, "application/xml"),
                encoding=entry.encoding,
            ),
            extra=dict(entry.extra),
        ),
        text=text,
        text_sha256=sha256_of(text),
        blocks=blocks,
    )
