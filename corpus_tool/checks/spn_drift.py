"""Why the offsets of a layer do not fit: other units, other line ends, a shift; and the edits that convert them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from corpus_tool.checks.check import Part, Subject, document_of
from corpus_tool.checks.fixes.mend import Move, Pieces, same_words, span_edits, was_edits
from corpus_tool.checks.spn_shifts import MAX_SHIFT, TOLERANCE, Placed, anchored, growing_shift, nearest
from corpus_tool.diagnostics import Edit
from corpus_tool.model import Block, pieces, surface

#: Where two offsets of some way of counting lie in the text, in code points; None where they cut a character.
_Where = Callable[[int, int], tuple[int, int] | None]

#: Code points beyond which no cause is looked for: the tables of a longer text would take too much memory.
MAX_TEXT = 1_000_000


class Drift(NamedTuple):
    """What explains all spans of a layer.

    Attributes:
        hint: the cause in words, "" where none is known.
        fix: the edits that put every span where its words stand, empty where more than one place would do.
    """

    hint: str = ""
    fix: tuple[Edit, ...] = ()


def drift_of(subject: Subject, layer: str) -> Drift:
    """The cause that explains every span of a layer whose offsets are off, and what mends it.

    Costs nothing for a layer that is sound: only checks that found a fault ask. A cause that all layers have in common
    counts for one with a single span too; by itself, a single span that is off has its own reason.
    """
    known: dict[str, Drift] = subject.__dict__.setdefault("_drift", {})
    if layer not in known:
        known[layer] = _drift(subject, layer)
    return known[layer]


def _drift(subject: Subject, layer: str) -> Drift:
    document = document_of(subject)
    text = document.text
    if len(text) > MAX_TEXT:
        return Drift()
    kinds = {(part.layer, part.attribute) for part in subject.unsound_parts}
    off = [part for part in subject.parts if (part.layer, part.attribute) in kinds]
    of_all: Drift | None = subject.__dict__.get("_drift_of_all")
    if of_all is None:
        of_all = _in_common(text, subject.parts, off, document.blocks) or _in_common(text, off, off, document.blocks)
        of_all = subject.__dict__["_drift_of_all"] = of_all or Drift()
    own = [part for part in off if part.layer == layer]
    if of_all.hint:
        return of_all
    if len(own) > 1:
        if counted := _counted_otherwise(text, own):
            return Drift(_told(own, counted.name), tuple(_moved(text, own, counted.targets, counted.where)))
        placed = growing_shift(text, own)
        if placed.hint:
            return Drift(placed.hint, tuple(_moved(text, own, placed.targets)))
    parts = [part for part in subject.parts if part.layer == layer]
    return Drift("", _one_by_one(text, parts, subject.unsound_parts))


def _told(parts: Sequence[Part], way: str) -> str:
    names = dict.fromkeys(f"{part.attribute} of {part.layer}" if part.attribute else part.layer for part in parts)
    listed = ", ".join(names)
    return f"all {len(parts)} spans of {listed} fit {way}; offsets are Unicode code points, end exclusive"


def _in_common(text: str, parts: Sequence[Part], off: Sequence[Part], blocks: Sequence[Block]) -> Drift | None:
    """The cause that all of some spans of several layers have in common; None where there is none.

    Args:
        text: the article.
        parts: the spans that must fit.
        off: the spans that are moved: those of the kinds of which one at least is off.
        blocks: the blocks, which are moved with them where they were counted in the same way.
    """
    if len({part.layer for part in parts}) < 2:
        return None
    counted = _counted_otherwise(text, parts, blocks)
    placed = Placed() if counted else growing_shift(text, parts)
    if not counted and not placed.hint:
        return None
    moving = {id(part) for part in off}
    targets = counted.targets if counted else placed.targets
    chosen = [(part, target) for part, target in zip(parts, targets, strict=False) if id(part) in moving]
    fix = _moved(text, [part for part, _ in chosen], [target for _, target in chosen], counted and counted.where)
    if counted is None:
        return Drift(placed.hint, tuple(fix))
    return Drift(_told(parts, counted.name), (*fix, *_moved_blocks(text, blocks, counted.where)) if targets else ())


def _one_by_one(text: str, parts: Sequence[Part], unsound: Iterable[Part]) -> tuple[Edit, ...]:
    own = {id(part) for part in parts}
    off = [part for part in unsound if id(part) in own]
    return tuple(_moved(text, off, anchored(text, parts, off)))


def _moved(text: str, parts: Sequence[Part], targets: Sequence[Pieces], where: _Where | None = None) -> Iterator[Edit]:
    """The edits that move spans to their targets, and the earlier suggestions of their annotations with them."""
    for part, target in zip(parts, targets, strict=False):
        yield from span_edits(part.pointer, part.span, target, text)
        was = part.annotation.provenance and part.annotation.provenance.was
        if was and not part.attribute:
            move = _moved_alike(text, part, target) if where is None else _without_words(where)
            yield from was_edits(f"{part.pointer}/provenance/was", was, part.annotation, text, move)


def _without_words(where: _Where) -> Move:
    return lambda start, end, words: where(start, end)


def _moved_alike(text: str, part: Part, target: Pieces) -> Move:
    """Moves starts as far as the start of a span and ends as far as its end, or to the words nearest to that."""
    before, behind = target[0][0] - part.span.start, target[-1][1] - part.span.end

    def move(start: int, end: int, words: str) -> tuple[int, int] | None:
        start, end = start + before, end + behind
        at = nearest(text, words, start)
        if at is not None and abs(at - start) <= TOLERANCE:
            return at, at + len(words)
        return (start, end) if start >= 0 else None

    return move


def _moved_blocks(text: str, blocks: Sequence[Block], where: _Where) -> Iterator[Edit]:
    """The edits that move blocks: only where they stand at words' edges then, all of them, and do not as they are."""
    if all(_stands_apart(text, block.start, block.end) for block in blocks) or not _fits_blocks(text, blocks, where):
        return
    for i, block in enumerate(blocks):
        start, end = where(block.start, block.end) or (block.start, block.end)
        if start != block.start:
            yield Edit(f"/blocks/{i}/start", start)
        if end != block.end:
            yield Edit(f"/blocks/{i}/end", end)


def _fits_blocks(text: str, blocks: Sequence[Block], where: _Where) -> bool:
    """Whether all blocks stand apart from the words around them if their offsets count in some way."""
    targets = (where(block.start, block.end) for block in blocks)
    return all(target is not None and _stands_apart(text, *target) for target in targets)


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins and ends with words, and white space or nothing stands around it."""
    inner = text[start:end]
    return (
        start < end <= len(text)
        and not inner[0].isspace()
        and not inner[-1].isspace()
        and not text[start - 1 : start].strip()
        and not text[end : end + 1].strip()
    )


class _Counted(NamedTuple):
    """A way of counting that fits all spans.

    Attributes:
        name: what hints call it.
        where: where its offsets lie.
        targets: where the spans belong, in code points; empty where another way fits as well and says otherwise.
    """

    name: str
    where: _Where
    targets: tuple[Pieces, ...]


def _counted_otherwise(text: str, parts: Sequence[Part], blocks: Sequence[Block] = ()) -> _Counted | None:
    """The way of counting that all spans fit, other units before shifts; None where there is none.

    Of several that say the same of the spans, the one that says something sensible of the blocks too is taken.
    """
    for ways in (_other_units(text), _shifts(text)):
        fitting = [_Counted(name, where, targets) for name, where in ways if (targets := _targets(text, parts, where))]
        if not fitting:
            continue
        first = fitting[0]
        if any(other.targets != first.targets for other in fitting):
            return first._replace(targets=())
        by = {part.span.start - target[0][0] for part, target in zip(parts, first.targets, strict=True)}
        if len(by) == 1 and 0 not in by:
            shift = by.pop()
            fitting.append(_Counted(_told_of_shift(shift), _shifted(shift), first.targets))
        return next((way for way in fitting if _fits_blocks(text, blocks, way.where)), first)
    return None


def _targets(text: str, parts: Sequence[Part], where: _Where) -> tuple[Pieces, ...]:
    """Where all spans lie if their offsets count in some way; empty as soon as one does not fit."""
    found = []
    for part in parts:
        cut = [where(start, end) for start, end in pieces(part.span)]
        whole = tuple(piece for piece in cut if piece and 0 <= piece[0] < piece[1] <= len(text))
        if len(whole) < len(cut) or not same_words(surface(text, whole), part.span.text):
            return ()
        found.append(whole)
    return tuple(found)


def _other_units(text: str) -> Iterator[tuple[str, _Where]]:
    """Ways of counting that other tools have; cheap ones first."""
    yield "offsets whose end is included", lambda start, end: (start, end + 1)
    if not text.isascii():
        yield "offsets in UTF-8 bytes", _by_lengths(text, [len(c.encode("utf-8")) for c in text])
        units = _by_lengths(text, [1 + (c > "\uffff") for c in text])
        yield "offsets in UTF-16 units, as JavaScript and Java count", units
        clusters = _clusters(text)
        yield "offsets in grapheme clusters", _by_lengths(clusters, [1] * len(clusters))
        for form in ("NFC", "NFD"):
            if not unicodedata.is_normalized(form, text):
                lengths = [len(unicodedata.normalize(form, cluster)) for cluster in clusters]
                yield f"offsets into the text in form {form}", _by_lengths(clusters, lengths)
    if "\r\n" in text:
        lines = text.replace("\r\n", "\n")
        yield "offsets into the text with LF line ends", _by_lengths(_with_line_ends(text), [1] * len(lines))
    elif "\n" in text:
        yield "offsets into the text with CR LF line ends", _by_lengths(text, [1 + (c == "\n") for c in text])


def _by_lengths(segments: Sequence[str], lengths: Sequence[int]) -> _Where:
    """Where offsets lie that count each segment of the text with a length of its own."""
    positions = {0: 0}
    ours = theirs = 0
    for segment, length in zip(segments, lengths, strict=True):
        if length == len(segment):
            for step in range(1, length):
                positions[theirs + step] = ours + step
        ours += len(segment)
        theirs += length
        positions[theirs] = ours

    def where(start: int, end: int) -> tuple[int, int] | None:
        first, last = positions.get(start), positions.get(end)
        return (first, last) if first is not None and last is not None else None

    return where


def _clusters(text: str) -> list[str]:
    import regex  # type: ignore[import-untyped, unused-ignore]  # without stubs; late: only drifted offsets need it

    clusters: list[str] = regex.findall(r"\X", text)
    return clusters


def _with_line_ends(text: str) -> list[str]:
    """The characters of a text, CR LF as one."""
    segments: list[str] = []
    for character in text:
        if character == "\n" and segments and segments[-1] == "\r":
            segments[-1] = "\r\n"
        else:
            segments.append(character)
    return segments


def _shifts(text: str) -> Iterator[tuple[str, _Where]]:
    for shift in range(1, min(MAX_SHIFT, len(text)) + 1):
        for moved in (shift, -shift):
            yield _told_of_shift(moved), _shifted(moved)


def _told_of_shift(by: int) -> str:
    return f"offsets that are {abs(by)} too {'high' if by > 0 else 'low'}"


def _shifted(by: int) -> _Where:
    return lambda start, end: (start - by, end - by) if by <= start else None
