"""Web archives (WARC, ISO 28500): the pages and texts that servers answered with.

Headers, HTTP and chunks are read by warcio; unpacking, limits and what to do about damage are ours, because warcio
takes lines of any length, unpacks chunks as a whole and stops at the first damage.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from msgspec.structs import replace as replace_struct

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Document
from corpus_tool.model.ids import document_id
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import Raw
from corpus_tool.read.html import page_articles
from corpus_tool.read.inputs import Input
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.sniff import format_of_bytes
from corpus_tool.read.text import text_articles
from corpus_tool.read.unpack import Budget
from corpus_tool.read.urls import url_key
from corpus_tool.read.warc_records import Record, http_headers, iter_records, payload

#: Records that may hold an article: what a server answered, what came another way, what was made from these (WET).
_WITH_ARTICLES = ("response", "resource", "conversion")

#: Media types of pages and of plain text.
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_TEXTS = frozenset({"text/plain"})

#: Reasons for leaving records out that are told one by one.
_MOST_REASONS = 12


@dataclass(frozen=True)
class _Page:
    """What a record holds: a page or a text, and how it came."""

    url: str
    media_type: str
    charset: str
    data: bytes


def read_warc(source: Input, options: ReadOptions) -> Iterator[Document | ReadError | Diagnostic]:
    """The articles of a web archive's records; at the end, how many records were left out, and why.

    A record that is damaged, or whose page holds no article, is told by its number and place; the others are read.
    """
    left_out: Counter[str] = Counter()
    for record in iter_records(source):
        if isinstance(record, ReadError):
            yield record
            continue
        place = f"record {record.number} at byte {record.offset:,}" + (f" ({record.url[:200]})" if record.url else "")
        try:
            page = _page(record, left_out, source.path, source.budget)
            if page is None:
                continue
            for article in _articles(page, record, source, options):
                yield _placed(article, place) if isinstance(article, Diagnostic) else article
        except ReadError as error:
            yield ReadError(_placed(error.diagnostic, place))
            if source.budget.is_spent:
                break
    if left_out:
        *told, rest = [*left_out.most_common(_MOST_REASONS), ("others", 0)]
        others = sum(left_out.values()) - sum(n for _, n in told)
        reasons = "; ".join(f"{n:,} {reason}" for reason, n in told) + (f"; {others:,} {rest[0]}" if others else "")
        n = sum(left_out.values())
        message = f"{n:,} record{'s were' if n > 1 else ' was'} left out: {reasons}"
        yield fault("records-left-out", source.path, message)


def _placed(diagnostic: Diagnostic, place: str) -> Diagnostic:
    return replace(diagnostic, message=f"{place}: {diagnostic.message}")


def _page(record: Record, left_out: Counter[str], path: str, budget: Budget) -> _Page | None:
    """The page or text of a record; None for one that holds none, which is counted.

    Raises:
        ReadError: the record is cut off or cannot be unpacked.
    """
    if record.kind not in _WITH_ARTICLES:
        left_out[f"of the type {record.kind or 'unknown'}"] += 1
        return None
    url = record.url
    body = io.BytesIO(record.block)
    headers: Any = None
    content_type = record.content_type
    if record.kind == "response":
        if not re.match(r"https?:", url, re.IGNORECASE):
            left_out["of no web page"] += 1
            return None
        headers = http_headers(body, path)
        status = str(headers.get_statuscode())[:3]
        if status != "200":
            left_out[f"answered with {status if status.isdigit() else 'no status'}"] += 1
            return None
        content_type = str(headers.get_header("Content-Type") or "")
    media_type = content_type.split(";")[0].strip().lower()
    if media_type and media_type not in _PAGES | _TEXTS:
        left_out[f"of {re.sub('[^a-z0-9.+/-]', '', media_type)[:60]}"] += 1
        return None
    if record.is_cut_off:
        raise ReadError(fault("record-damaged", path, record.is_cut_off))
    data = payload(headers, body, path, budget)
    if not media_type:
        media_type = "text/html" if format_of_bytes(data[:4096]) == "html" else ""
        if not media_type:
            left_out["of no stated media type"] += 1
            return None
    charset = re.search(r"charset\s*=\s*[\"']?([\w:.+-]{1,40})", content_type, re.IGNORECASE)
    return _Page(url, media_type, charset[1] if charset else "", data)


def _articles(page: _Page, record: Record, source: Input, options: ReadOptions) -> Iterator[Document | Diagnostic]:
    digest = hashlib.sha256(record.block).hexdigest()
    raw = Raw(source.path, page.data, source.inside, digest, page.charset)
    read = page_articles(raw, options, page.url) if page.media_type in _PAGES else text_articles(raw, options)
    for article in read:
        yield _of_record(article, page, record) if isinstance(article, Document) else article


def _of_record(document: Document, page: _Page, record: Record) -> Document:
    """The document under the name of its address, with what the archive says of the capture."""
    source_id = page.url or record.id
    slug = document_id(re.sub(r"^https?://", "", source_id, flags=re.IGNORECASE))
    meta = document.meta
    said = {"warc_date": record.date, "warc_record_id": record.id}
    if meta.url and page.url and url_key(meta.url) != url_key(page.url):
        said["canonical_url"] = meta.url
    return replace_struct(
        document,
        id=slug,
        meta=replace_struct(
            meta,
            url=page.url or meta.url,
            source_id=source_id if source_id != slug else None,
            extra={**(meta.extra or {}), **{key: value for key, value in said.items() if value}},
        ),
    )
