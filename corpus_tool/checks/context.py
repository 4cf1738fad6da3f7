"""The line that a finding speaks of: of the article where it speaks of a span, of the file where of anything else."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from corpus_tool.checks.check import Subject
from corpus_tool.diagnostics import Context, Finding, Position
from corpus_tool.diagnostics.edit import steps_of
from corpus_tool.model import Document, Span, pieces

#: Code points of the line that are shown on either side of the place.
_REACH = 60
#: Code points of the place itself that are shown.
_LONGEST = 100
#: How far a cut looks for a space, so that no word is cut.
_WORD = 15

_LINE_BREAK = re.compile("\n")
#: A string, number or word of a JSON line; an unfinished string is taken as far as it goes.
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\w.+-]+')


class _Lines(NamedTuple):
    """A text, and the offsets at which its lines start."""

    text: str
    starts: Sequence[int]


def contexts(subject: Subject, first_line: int = 1) -> Callable[[Finding, Position], Context | None]:
    """A function that gives the context of one finding after the other.

    Args:
        subject: the document that the findings are about.
        first_line: the line of the file that the document starts at.

    Returns:
        A function of a finding and its position within the document's bytes. It gives None where a line would tell
        nothing: for the document as a whole, and for bytes that are no text; and for what is not to be shown.
    """
    article = _lines(subject.document.text) if subject.document is not None else None
    file = _lines(subject.text) if subject.text is not None else None

    def context(finding: Finding, at: Position) -> Context | None:
        if finding.secret:
            return None
        if article is not None and subject.document is not None:
            cut = [finding.span] if finding.span else _pieces_at(subject.document, finding.pointer)
            if cut:
                return _in_article(article, cut)
        if file is None or (finding.line is None and finding.pointer in {"", "/text"}):
            return None
        return _in_file(file, at, first_line)

    return context


def located(finding: Finding, positions: Mapping[str, Position], first_line: int = 1) -> Finding:
    """The finding with the lines and columns of its related places."""
    if not finding.related:
        return finding
    related = []
    for place in finding.related:
        at = positions.get(place.pointer)
        related.append(replace(place, line=at.line + first_line - 1, column=at.column) if at else place)
    return replace(finding, related=tuple(related))


def _lines(text: str) -> _Lines:
    return _Lines(text, [0, *(match.end() for match in _LINE_BREAK.finditer(text))])


def _line_at(lines: _Lines, number: int) -> tuple[int, int]:
    """Where a line (from 1) starts and ends, its line break left out."""
    end = lines.starts[number] - 1 if number < len(lines.starts) else len(lines.text)
    return lines.starts[number - 1], end


def _pieces_at(document: Document, pointer: str) -> list[tuple[int, int]]:
    """The stretches of the article that a pointer leads to: an annotation, a span in it, a block; none elsewhere."""
    match steps_of(pointer):
        case ["layers", layer, nth, *rest] if nth.isdecimal() and int(nth) < len(document.layers.get(layer, ())):
            annotation = document.layers[layer][int(nth)]
            inner = getattr(annotation, rest[0], None) if rest else None
            return list(pieces(inner if isinstance(inner, Span) else annotation))
        case ["blocks", nth, *_] if nth.isdecimal() and int(nth) < len(document.blocks):
            block = document.blocks[int(nth)]
            return [(block.start, block.end)]
    return []


def _in_article(lines: _Lines, cut: Sequence[tuple[int, int]]) -> Context:
    """The line that the first piece starts in; pieces beyond the text's end are marked at its end."""
    length = len(lines.text)
    first = min(*(start for start, _ in cut), length)
    number = bisect_right(lines.starts, first)
    start, end = _line_at(lines, number)
    marks = [(a, max(a, min(b, end))) for a, b in cut if start <= a <= end] or [(first, first)]
    goes_on = any(a > end or end < b <= length for a, b in cut)
    return _shortened(lines.text, (start, end), marks, number, goes_on=goes_on)


def _in_file(lines: _Lines, at: Position, first_line: int) -> Context:
    number = min(at.line, len(lines.starts))
    start, end = _line_at(lines, number)
    if lines.text.endswith("\r", start, end):
        end -= 1
    point = min(start + at.column - 1, end)
    value = _SCALAR.match(lines.text, point, min(end, point + _LONGEST))
    mark = (point, value.end() if value else min(point + 1, end))
    found = _shortened(lines.text, (start, end), [mark], number + first_line - 1, goes_on=False)
    return replace(found, of="file")


def _merged(marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The marks in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _shortened(
    text: str, line: tuple[int, int], marks: Sequence[tuple[int, int]], number: int, *, goes_on: bool
) -> Context:
    """The stretch of a line around what is marked in it."""
    marks = _merged(marks)
    first, last = marks[0][0], marks[-1][1]
    if last - first > _LONGEST:
        last, goes_on = first + _LONGEST, True
        marks = [(start, min(end, last)) for start, end in marks if start < last]
    start = max(line[0], first - _REACH)
    end = min(line[1], last + _REACH)
    if start > line[0]:
        start = next((i + 1 for i in range(start, min(start + _WORD, first)) if text[i].isspace()), start)
    if end < line[1]:
        end = next((i for i in range(end, max(end - _WORD, last), -1) if text[i].isspace()), end)
        while end < line[1] and unicodedata.combining(text[end]):
            end += 1
    return Context(
        text=text[start:end],
        marks=tuple((a - start, b - start) for a, b in marks),
        line=number,
        offset=start - line[0],
        cut=end < line[1],
        goes_on=goes_on,
    )
