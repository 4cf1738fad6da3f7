"""Document ids: made from whatever name the source gave."""

from __future__ import annotations

import hashlib
import re
import unicodedata

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")
MAX_LENGTH = 128
_HASH_LENGTH = 8


def is_document_id(name: str) -> bool:
    """Whether ``name`` may be a document's id."""
    return ID_PATTERN.fullmatch(name) is not None


def short_hash(name: str) -> str:
    """The first eight hexadecimal digits of the name's SHA-256."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]


def document_id(source_id: str) -> str:
    """The id of a document whose source calls it ``source_id``: itself where it is a good id, else a slug of it.

    NFKD, lower case, marks dropped, every other run of characters a "-"; a slug that would be empty or longer than 128
    characters ends in a hash of ``source_id``. The result names one file in one folder, whatever goes in.
    """
    if is_document_id(source_id) and ".." not in source_id:
        return source_id
    folded = "".join(c for c in unicodedata.normalize("NFKD", source_id).lower() if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if not slug:
        return f"doc-{short_hash(source_id)}"
    return slug if len(slug) <= MAX_LENGTH else with_hash(slug, source_id)


def with_hash(slug: str, source_id: str) -> str:
    """A slug that stays apart from the same slug of another source: it ends in a hash of ``source_id``."""
    return f"{slug[: MAX_LENGTH - _HASH_LENGTH - 1].rstrip('-')}-{short_hash(source_id)}"
