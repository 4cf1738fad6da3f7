"""SPN: spans."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.checks.check import Check, Needs, Subject, document_of
from corpus_tool.diagnostics import Finding, Severity


def span_out_of_bounds(subject: Subject) -> Iterator[Finding]:
    """An annotation, or a part of it, lies outside the text.

    Why it matters: readers slice the text with the offsets and get nothing, or less than was marked.

    Bad: a text of 10 code points and an actor with ``"start": 5, "end": 12``.

    Good: ``"start": 5, "end": 10``.
    """
    document = document_of(subject)
    length = len(document.text)
    for name, annotations in document.layers.items():
        for i, annotation in enumerate(annotations):
            if annotation.end > length:
                yield Finding(
                    f"{name} {annotation.id} ends at {annotation.end}, the text at {length}",
                    f"/layers/{name}/{i}",
                    "offsets are Unicode code points, end exclusive",
                )


CHECKS = (Check("SPN102", "span-out-of-bounds", Severity.ERROR, Needs.DOCUMENT, span_out_of_bounds),)
