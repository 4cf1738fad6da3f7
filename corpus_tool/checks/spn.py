"""SPN1xx: where spans lie, and whether their text is the text there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from corpus_tool.checks.check import Check, Needs, Part, Subject, document_of, quoted
from corpus_tool.checks.fixes.mend_spans import copied_text, hull_of_fragments, ordered_fragments
from corpus_tool.checks.spn_drift import drift_of
from corpus_tool.checks.spn_shifts import nearest
from corpus_tool.diagnostics import Finding, Severity
from corpus_tool.model import pieces, surface


def empty_span(subject: Subject) -> Iterator[Finding]:
    """A span, or a piece of it, holds nothing, or white space alone.

    Why it matters: it marks no words; a reader that slices the text gets an empty string.

    Bad: ``"start": 5, "end": 5``, or an end before the start.

    Good: ``"start": 5, "end": 8``.
    """
    text = document_of(subject).text
    for part in subject.unsound_parts:
        for start, end in pieces(part.span):
            if start >= end:
                yield Finding(f"{part.label} is empty: it goes from {start} to {end}", part.pointer)
                break
        else:
            words = surface(text, pieces(part.span))
            if part.span.end <= len(text) and words.isspace() and part.span.text == words:
                yield Finding(f"{part.label} holds white space alone", part.pointer)


def span_out_of_bounds(subject: Subject) -> Iterator[Finding]:
    """An annotation, or a part of it, lies outside the text.

    Why it matters: readers slice the text with the offsets and get nothing, or less than was marked.

    Bad: a text of 10 code points and an actor with ``"start": 5, "end": 12``.

    Good: ``"start": 5, "end": 10``.
    """
    text = document_of(subject).text
    length = len(text)
    carried: set[str] = set()  # the fix of a drift mends its layer: the first finding of the layer has it
    for part in subject.unsound_parts:
        if _is_empty(part):
            continue
        end = max(part.span.end, *(end for _, end in pieces(part.span)))
        if end > length:
            drift = drift_of(subject, part.layer)
            shared = () if part.layer in carried else drift.fix
            carried.add(part.layer)
            hint = drift.hint or "offsets are Unicode code points, end exclusive"
            told = f"{part.label} ends at {end}, the text at {length}"
            fix = shared or (() if drift.fix or _fragment_fault(part) else hull_of_fragments(text, part))
            yield Finding(told, part.pointer, hint, fix=fix)


def text_differs(subject: Subject) -> Iterator[Finding]:
    """The text of a span is not what stands at its offsets.

    Why it matters: one of the two is wrong, and readers that take the other mark other words than were marked. Where
    all spans of a layer fit another way of counting (UTF-8 bytes, UTF-16 units, a shift), the hint says so.

    Bad: the text "Ali left." and an actor ``"start": 1, "end": 4, "text": "Ali"``.

    Good: ``"start": 0, "end": 3, "text": "Ali"``.
    """
    text = document_of(subject).text
    carried: set[str] = set()
    for part in subject.unsound_parts:
        if _is_empty(part) or part.span.end > len(text) or _fragment_fault(part) or _hull_fault(part):
            continue
        own = surface(text, pieces(part.span))
        if own == part.span.text:
            continue
        drift = drift_of(subject, part.layer)
        hint = drift.hint or _why(text, part, own)
        own_fix = () if drift.hint else copied_text(text, part)
        fix = own_fix or (() if part.layer in carried else drift.fix)
        if not own_fix:
            carried.add(part.layer)
        message = f"{part.label} is {quoted(part.span.text)}, but its offsets hold {quoted(own)}"
        yield Finding(message, part.pointer, hint, fix=fix)


def _why(text: str, part: Part, own: str) -> str:
    """What is known of one span whose text differs: why, or where its words stand."""
    words = part.span.text
    if words.split() == own.split():
        return "only the white space differs: the text of a span is copied as it stands"
    if part.span.fragments and words == text[part.span.start : part.span.end]:
        return "the text of a span with fragments is the fragments joined by one space"
    if words.casefold() == own.casefold():
        return "only capitals differ: the text of a span is copied as it stands"
    at = nearest(text, words, part.span.start)
    if at is None:
        return f"{quoted(words)} stands nowhere in the text"
    return f"{quoted(words)} stands from {at} to {at + len(words)}"


def fragments_disorder(subject: Subject) -> Iterator[Finding]:
    """The fragments of a span overlap, touch, or stand out of order.

    Why it matters: the span's text is its fragments joined; words would stand in it twice, or in another order.

    Bad: ``"fragments": [{"start": 10, "end": 20}, {"start": 0, "end": 5}]``

    Good: ``"fragments": [{"start": 0, "end": 5}, {"start": 10, "end": 20}]``
    """
    text = document_of(subject).text
    for part in subject.unsound_parts:
        if not _is_empty(part) and (fault := _fragment_fault(part)):
            hint = "list them in order and apart; join those that touch"
            yield Finding(f"fragments of {part.label} {fault}", part.pointer, hint, fix=ordered_fragments(text, part))


def fragments_differ_from_hull(subject: Subject) -> Iterator[Finding]:
    """The start and end of a span with fragments are not where its fragments start and end.

    Why it matters: readers that do not know fragments take start and end, and get other words.

    Bad: ``"start": 0, "end": 30, "fragments": [{"start": 0, "end": 5}, {"start": 10, "end": 20}]``

    Good: ``"start": 0, "end": 20``, the same fragments.
    """
    text = document_of(subject).text
    length = len(text)
    for part in subject.unsound_parts:
        cut = pieces(part.span)
        if _is_empty(part) or _fragment_fault(part) or cut[-1][1] > length or part.span.end > length:
            continue
        if _hull_fault(part):
            own = f"{part.label} goes from {part.span.start} to {part.span.end}"
            told = f"{own}, its fragments from {cut[0][0]} to {cut[-1][1]}"
            yield Finding(told, part.pointer, fix=hull_of_fragments(text, part))


def _is_empty(part: Part) -> bool:
    return any(start >= end for start, end in pieces(part.span))


def _fragment_fault(part: Part) -> str:
    for left, right in pairwise(pieces(part.span)):
        if right[0] < left[0]:
            return "are out of order"
        if right[0] < left[1]:
            return "overlap"
        if right[0] == left[1]:
            return "touch"
    return ""


def _hull_fault(part: Part) -> bool:
    cut = pieces(part.span)
    return (part.span.start, part.span.end) != (cut[0][0], cut[-1][1])


CHECKS = (
    Check("SPN101", "empty-span", Severity.ERROR, Needs.DOCUMENT, empty_span),
    Check("SPN102", "span-out-of-bounds", Severity.ERROR, Needs.DOCUMENT, span_out_of_bounds, fixable=True),
    Check("SPN103", "text-differs", Severity.ERROR, Needs.DOCUMENT, text_differs, fixable=True),
    Check("SPN104", "fragments-disorder", Severity.ERROR, Needs.DOCUMENT, fragments_disorder, fixable=True),
    Check(
        "SPN105", "fragments-differ-from-hull", Severity.ERROR, Needs.DOCUMENT, fragments_differ_from_hull, fixable=True
    ),
)
