"""SPN3xx: spans beside each other, and spans in the blocks of the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from corpus_tool.checks.check import Check, Needs, Part, Place, Subject, document_of, pointer_to, quoted
from corpus_tool.checks.fixes.mend_spans import duplicate_removed
from corpus_tool.diagnostics import Finding, Related, Severity
from corpus_tool.model import Annotation, Block, pieces
from corpus_tool.model.schemas import BUILT_IN

#: Code points beyond which a span of a layer, or a cue, is longer than nearly all are.
LONG = {"actors": 100, "locations": 80, "figures": 60, "quotes": 4000, "cue": 60, "counted": 100}

#: Kinds of blocks that belong to the page and not to the article.
FOREIGN = frozenset({"promo", "boilerplate"})


def duplicate_span(subject: Subject) -> Iterator[Finding]:
    """The same span is marked twice in one layer, with the same kind.

    Why it matters: it is counted twice, and in the tokens of a dataset one overwrites the other.

    Bad: two actors from 0 to 3, both of kind person.

    Good: one; an actor and a location on the same span are two layers.
    """
    for first, second in _on_same_span(subject):
        if _tell_the_same(first, second):
            yield Finding(
                f"{second.layer} {second.annotation.id} {quoted(second.annotation.text)} is marked twice",
                pointer_to(second.layer, second.nth),
                "keep one of the two",
                (Related(pointer_to(first.layer, first.nth), f"{first.layer} {first.annotation.id}"),),
                fix=duplicate_removed(subject, first, second),
            )


def same_span_two_kinds(subject: Subject) -> Iterator[Finding]:
    """The same span is marked twice in one layer, with different kinds.

    Why it matters: a word in its place is one thing; a reader that keeps one label a token keeps either.

    Bad: "Norway" as an actor of kind state and as one of kind government.

    Good: one of them; the place is a location, in a layer of its own.
    """
    for first, second in _on_same_span(subject):
        if first.layer in BUILT_IN and not _tell_the_same(first, second):
            kinds = f'"{_kind(first.annotation)}" and "{_kind(second.annotation)}"'
            yield Finding(
                f"{second.layer} {second.annotation.id} {quoted(second.annotation.text)} is marked as {kinds}",
                pointer_to(second.layer, second.nth),
                "keep one of the two",
                (Related(pointer_to(first.layer, first.nth), f"{first.layer} {first.annotation.id}"),),
            )


def _kind(annotation: Annotation) -> Any:
    return getattr(annotation, "kind", None)


def _on_same_span(subject: Subject) -> Iterator[tuple[Place, Place]]:
    """Pairs of annotations of one layer that mark the same pieces of text."""
    for places in subject.sound_annotations.values():
        seen: dict[tuple[Any, ...], Place] = {}
        for place in places:
            a = place.annotation
            key = (a.start, a.end, a.fragments)
            first = seen.setdefault(key, place)
            if first is not place:
                yield first, place


def _tell_the_same(first: Place, second: Place) -> bool:
    """Whether two annotations of one span say the same; in a corpus's own layer all attributes must agree."""
    if first.layer in BUILT_IN:
        return bool(_kind(first.annotation) == _kind(second.annotation))
    own: dict[str, Any] = {"id": "", "extra": {}, "provenance": None}
    return bool(msgspec.structs.replace(first.annotation, **own) == msgspec.structs.replace(second.annotation, **own))


def crossing_spans(subject: Subject) -> Iterator[Finding]:
    """Two spans of one layer cross: they share words, and each has words of its own.

    Why it matters: names nest ("Iran" in "Iran-backed militias") but never cross, so one of the two is wrong.

    Bad: "Ali Hassan" and "Hassan Omar" in "Ali Hassan Omar".

    Good: "Ali Hassan Omar"; a shorter span inside a longer one.
    """
    for layer, places in subject.sound_annotations.items():
        if layer not in BUILT_IN:
            continue
        cut = [(start, -end, place) for place in places for start, end in pieces(place.annotation)]
        if all(-left[1] <= right[0] for left, right in pairwise(cut)):
            continue
        cut.sort(key=lambda piece: (piece[0], piece[1]))
        around: list[tuple[int, Place]] = []
        told: set[int] = set()
        for start, negative_end, place in cut:
            end = -negative_end
            while around and around[-1][0] <= start:
                around.pop()
            if around and around[-1][0] < end and around[-1][1] is not place:
                other = around[-1][1]
                if place.nth not in told:
                    told.add(place.nth)
                    yield _crossing(place, other)
            around.append((end, place))


def _crossing(place: Place, other: Place) -> Finding:
    words = f"{quoted(place.annotation.text)} crosses {quoted(other.annotation.text)}"
    return Finding(
        f"{place.layer} {place.annotation.id} {words}",
        pointer_to(place.layer, place.nth),
        "spans of one layer lie apart or inside each other",
        (Related(pointer_to(other.layer, other.nth), f"{other.layer} {other.annotation.id}"),),
    )


def _sound_blocks(subject: Subject) -> Sequence[Block]:
    """The blocks of the document, none where they overlap or are out of order (TXT4xx)."""
    blocks = document_of(subject).blocks
    return blocks if all(left.end <= right.start for left, right in pairwise(blocks)) else ()


def _in_blocks(subject: Subject) -> Iterator[tuple[Part, int, int, Block]]:
    """Every piece of every sound part, with the block that it begins in."""
    blocks = _sound_blocks(subject)
    if not blocks:
        return
    starts = [block.start for block in blocks]
    for part in subject.sound_parts:
        for start, end in pieces(part.span) if part.span.fragments else ((part.span.start, part.span.end),):
            n = bisect_right(starts, start) - 1
            if n >= 0 and start < blocks[n].end:
                yield part, start, end, blocks[n]


def crosses_block(subject: Subject) -> Iterator[Finding]:
    r"""A name, place, figure or cue begins in one block and ends in another.

    Why it matters: annotators and models read block by block; such a span lies in none. Quotes may span paragraphs, and
    so may what layers of a corpus's own mark.

    Bad: "Lind\n\nOran", from the end of a paragraph into the next.

    Good: "Lind" and "Oran".
    """
    for part, _, end, block in _in_blocks(subject):
        if end > block.end and (part.attribute or part.layer in {"actors", "locations", "figures"}):
            told = f"{part.label} {quoted(part.span.text)} goes on behind the end of its {block.kind}"
            yield Finding(told, part.pointer, f"the block ends at {block.end}")


def span_outside_content(subject: Subject) -> Iterator[Finding]:
    """An annotation lies in a promo line or in boilerplate.

    Why it matters: such lines belong to the page, not to the article; names in them are not what the article tells.

    Bad: "Oran" in a line "READ MORE: Fire in Oran" of kind promo.

    Good: no annotation there, or the block's kind put right.
    """
    for part, _, _, block in _in_blocks(subject):
        if block.kind in FOREIGN and not part.attribute:
            told = f"{part.label} {quoted(part.span.text)} lies in a block of kind {block.kind}"
            yield Finding(told, part.pointer, "remove it, or correct the kind of the block")


def very_long_span(subject: Subject) -> Iterator[Finding]:
    """A span is much longer than spans of its layer are.

    Why it matters: most often a mention has swallowed the clause behind it, or a quote its neighbours.

    Bad: an actor of 30 words.

    Good: from the first modifier to the head noun: "senior port official".
    """
    for part in subject.sound_parts:
        limit = LONG.get(part.attribute or part.layer)
        if limit is not None and len(part.span.text) > limit:
            told = f"{part.label} {quoted(part.span.text)} is {len(part.span.text)} code points long"
            yield Finding(told, part.pointer)


CHECKS = (
    Check("SPN301", "duplicate-span", Severity.ERROR, Needs.DOCUMENT, duplicate_span, fixable=True),
    Check("SPN302", "same-span-two-kinds", Severity.WARNING, Needs.DOCUMENT, same_span_two_kinds),
    Check("SPN303", "crossing-spans", Severity.WARNING, Needs.DOCUMENT, crossing_spans),
    Check("SPN304", "crosses-block", Severity.WARNING, Needs.DOCUMENT, crosses_block),
    Check("SPN305", "span-outside-content", Severity.WARNING, Needs.DOCUMENT, span_outside_content),
    Check("SPN306", "very-long-span", Severity.INFO, Needs.DOCUMENT, very_long_span),
)
