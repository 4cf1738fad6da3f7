"""COR202: a name that one document annotates in most places and misses in a few."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from corpus_tool.checks.check import Check, Needs, Subject, document_of, quoted
from corpus_tool.checks.corpus.naming import NOT_NAMES, covered, is_name
from corpus_tool.diagnostics import Finding, Severity
from corpus_tool.model import CONTENT_BLOCKS, Document

#: So many annotations of a name say that it is meant to be annotated.
_MIN_MARKED = 3

#: A name is missed by mistake where it is annotated so many times as often.
_RATIO = 3

#: What stands around a name that is a part of a longer one, or of a compound: "Tarn Street", "Tarn-based". A capital
#: before it tells nothing where a sentence begins ("Then Tarn").
_PART_BEFORE = re.compile(r"(?:\w|[\w.][-‐‑/_@.]|[^\s.!?…:][ \u00a0][A-Z\u00c0-\u00de][\w’']*[ \u00a0])\Z")
_PART_AFTER = re.compile(r"\w|[-‐‑/_@]\w|\.\w|[ \u00a0](?:[A-Z\u00c0-\u00de]|of\b)")


def name_missed(subject: Subject) -> Iterator[Finding]:
    """A name is annotated in most places of a document and missed in a few.

    Why it matters: nothing is gained by most; a model is taught that the same words are a name and are none. It is
    told where a name is annotated three times and more, and three times as often as not; not inside of longer names.

    Bad: "Tarn" annotated in four sentences, and not in the fifth.

    Good: in all five; or rejected in the fifth, where it is another Tarn.
    """
    document = document_of(subject)
    astray = {part.layer for part in subject.unsound_parts}  # annotated, if elsewhere: SPN1xx
    seen: bytearray | None = None  # worked out for the first name that needs it, and once
    for layer, places in subject.sound_annotations.items():
        if layer in NOT_NAMES or layer in astray:
            continue
        names = Counter(p.annotation.text for p in places if is_name(p.annotation) and not p.annotation.fragments)
        for name, marked in names.items():
            if marked >= _MIN_MARKED and document.text.count(name) > marked:
                seen = covered(document) if seen is None else seen
                missed = list(_missed(document, name, seen))
                if len(missed) * _RATIO <= marked:
                    for at in missed:
                        yield Finding(
                            f"{quoted(name)} is not annotated at {at}, and is one of {layer} in {marked} other places",
                            "/text",
                            "annotate it, or add it as rejected",
                        )


def _missed(document: Document, name: str, seen: bytearray) -> Iterator[int]:
    """Where a name stands in the article without an annotation, alone, in code points."""
    text = document.text
    for block in document.blocks:
        if block.kind not in CONTENT_BLOCKS:
            continue
        at = text.find(name, block.start, block.end)
        while at >= 0:
            end = at + len(name)
            alone = not _PART_BEFORE.search(text[max(block.start, at - 40) : at]) and not _PART_AFTER.match(text, end)
            if alone and seen.find(1, at, end) < 0:
                yield at
            at = text.find(name, end, block.end)


CHECKS = (Check("COR202", "name-missed", Severity.INFO, Needs.DOCUMENT, name_missed),)
