"""Which page of which source a document came from, in a form that compares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from corpus_tool.model import Meta

#: Parameters of an address that say how a reader came to a page, not which page it is.
_TRACKING = re.compile(
    r"(?:utm_|at_|ito$|fbclid$|gclid$|mc_[ce]id$|cmpid?$|ref$|src$|smid$|ocid$|share$)", re.IGNORECASE
)

#: Headlines shorter than this come back week by week ("News in brief"): in words, and in characters where a script
#: writes no spaces; those stand behind U+0E00.
_MIN_WORDS, _MIN_CHARACTERS = 4, 8


def address_key(url: str) -> str | None:
    """An address without what does not tell pages apart: scheme, "www.", tracking, fragment, a final slash.

    None for what is no address of a page: no host, or a site's front page.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removesuffix(".")
        query = urlencode(sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k)))
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if not host or not (path or query):
        return None
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def headline_key(title: str, published: str) -> str | None:
    """A headline with its day, in a form that compares; None where it is too short to tell events apart."""
    words = re.findall(r"\w+", title.casefold())
    characters = "".join(words)
    is_long = len(words) >= _MIN_WORDS or (len(characters) >= _MIN_CHARACTERS and min(characters) >= "\u0e00")
    return f"{' '.join(words)} {published[:10]}" if is_long and len(published) >= len("2000-01-01") else None


def page_keys(meta: Meta) -> Iterator[str]:
    """Keys that documents of one page share: by its address, and by its id at its source."""
    if meta.url is not None and (key := address_key(meta.url)) is not None:
        yield f"url {key}"
    if meta.source is not None and meta.source_id is not None:
        yield f"id {meta.source.casefold()} {meta.source_id}"
