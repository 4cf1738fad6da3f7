"""Splits: which document goes where, from its id and the seed alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import SplitPolicy

#: The order in which datasets and tables list splits.
SPLITS = ("train", "validation", "test")


def hash_split(policy: SplitPolicy) -> Callable[[str], str]:
    """A function from a document's id to its split.

    The first eight bytes of SHA-256 over seed, NUL and id are a number in [0, 1); its place among the parts of the
    whole gives the split. A document keeps its split whatever other documents come or go.

    Raises:
        CorpusToolError: every part is 0.
    """
    parts = [(name, float(getattr(policy, name))) for name in SPLITS]
    whole = sum(part for _, part in parts)
    if not whole:
        raise CorpusToolError("corpus.yaml: build.splits gives every split 0 parts; there is nothing to build")
    seed = f"{policy.seed}\0"

    def split_of(document_id: str) -> str:
        digest = hashlib.sha256((seed + document_id).encode("utf-8")).digest()
        at = int.from_bytes(digest[:8], "big") / 2**64 * whole
        for name, part in parts:
            if at < part:
                return name
            at -= part
        return next(name for name, part in reversed(parts) if part)

    return split_of
