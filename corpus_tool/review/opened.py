"""A stored document, understood: decoded, checked, and whether it can be edited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from corpus_tool.checks.run import Checker, check_bytes
from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.layout import exact_json
from corpus_tool.model import Document
from corpus_tool.model.codec import document_to_json, dump_document
from corpus_tool.model.corpus import Corpus
from corpus_tool.review.refusal import WouldBeWrong
from corpus_tool.review.shelf import Held
from corpus_tool.review.units import Units
from corpus_tool.selection import Ignores

#: Errors that a figure may have while it is being corrected: its numbers are set one after the other.
_TOLERATED = "FIG2"


@dataclass(frozen=True)
class Opened:
    """A document on its way through the review.

    Attributes:
        held: where and how it is stored.
        document: the document, None where its file follows no schema.
        found: what the validator finds in it, all of it.
        shown: the same without what ``corpus.yaml`` ignores.
        reason: why it cannot be edited, None where it can.
    """

    held: Held
    document: Document | None
    found: tuple[Diagnostic, ...]
    shown: tuple[Diagnostic, ...]
    reason: str | None

    @cached_property
    def units(self) -> Units:
        """The way between its offsets and the page's."""
        return Units(self.document.text if self.document else "")


def open_held(held: Held, corpus: Corpus, checker: Checker, read_only: str | None) -> Opened:
    """Reads and checks a stored document.

    Args:
        held: the document as it is stored.
        corpus: its corpus.
        checker: what it is checked with.
        read_only: why its file cannot be written, None where it can.
    """
    document, found = checked(held, held.data, checker)
    shown = tuple(Ignores(corpus).left(found))
    reason = read_only
    if document is None:
        reason = "its file is no valid document: see the findings"
    elif reason is None:
        try:
            exact_json(held.data.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            reason = f"its file cannot be written back as it is: {error}"
    return Opened(held, document, tuple(found), shown, reason)


def open_own(held: Held, document: Document, corpus: Corpus, checker: Checker) -> Opened:
    """A document whose bytes were just made from it: the annotations that no edit touched stay the very same."""
    _, found = checked(held, held.data, checker)
    return Opened(held, document, tuple(found), tuple(Ignores(corpus).left(found)), None)


def checked(held: Held, data: bytes, checker: Checker) -> tuple[Document | None, list[Diagnostic]]:
    """What the checks find in bytes that are, or would be, a stored document's."""
    name = None if held.is_line else held.id
    return check_bytes(data, str(held.target), checker, name=name, first_line=held.line or 1)


def written(document: Document, held: Held, corpus: Corpus) -> bytes:
    """The bytes of a document, in the layout of a file or as a line of a shard."""
    if not held.is_line:
        return dump_document(document, corpus.layers).encode("utf-8")
    raw = document_to_json(document)
    return json.dumps(raw, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def refuse_new_errors(before: Opened, now: Opened) -> None:
    """Refuses a state of a document that holds an error which the one before does not have.

    Raises:
        WouldBeWrong: it does; the validator's sentence says which.
    """
    known = {(d.code, d.message) for d in before.found}
    for diagnostic in now.found:
        if diagnostic.severity is not Severity.ERROR or diagnostic.code.startswith(_TOLERATED):
            continue
        if (diagnostic.code, diagnostic.message) not in known:
            hint = f": {diagnostic.hint}" if diagnostic.hint else ""
            raise WouldBeWrong(f"{diagnostic.message}{hint} ({diagnostic.code})", finding=diagnostic.code)
