"""Findings of checks, and diagnostics: a finding with its code, its file and its position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from corpus_tool.diagnostics.edit import Edit


class Severity(StrEnum):
    """How much a diagnostic matters: errors and warnings make a command exit with 1, errors stop a build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Related:
    """Another place that a finding speaks of, as a JSON Pointer into the same document.

    ``line`` and ``column`` (from 1, in code points) are filled in when the finding becomes a diagnostic; ``path`` is
    the file, where it is another one.
    """

    pointer: str
    message: str
    line: int | None = None
    column: int | None = None
    path: str | None = None


@dataclass(frozen=True)
class Context:
    """The line that a diagnostic speaks of, or a stretch of it around the place.

    Attributes:
        text: the words, without a line break.
        marks: the (start, end) pairs within ``text`` that the diagnostic is about, in code points, end exclusive;
            start equals end for a point between two characters.
        line: number of the line, from 1, in the article or in the file.
        of: whether it is a line of the article, or of the file that holds it as JSON.
        offset: how many code points of the line stand before ``text``.
        cut: whether the line goes on behind ``text``.
        goes_on: whether the place goes on behind the last mark, in this line or in later ones.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    line: int
    of: Literal["article", "file"] = "article"
    offset: int = 0
    cut: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class Finding:
    """What a check yields: where in the document, and what is wrong there.

    Attributes:
        message: one sentence without a full stop that says what is wrong, with the words at fault.
        pointer: JSON Pointer (RFC 6901) into the document, "" for the document as a whole.
        hint: what to do about it, or "".
        related: other places in the same document.
        line: line in the file, from 1, where no pointer can tell it (a syntax error).
        column: column in code points, from 1.
        fix: the edits that mend it without guessing, all of them or none; empty where only a person can tell.
        span: the code points of the article it speaks of, where the pointer does not lead to an annotation.
        secret: whether what it speaks of is not to be shown (a password): the diagnostic gets no context.
    """

    message: str
    pointer: str = ""
    hint: str = ""
    related: tuple[Related, ...] = ()
    line: int | None = None
    column: int | None = None
    fix: tuple[Edit, ...] = ()
    span: tuple[int, int] | None = None
    secret: bool = False


@dataclass(frozen=True)
class Diagnostic:
    """A finding in a file.

    ``line`` and ``column`` count from 1, columns in code points; ``path`` is as the user named it.
    ``document`` is the id of the document, where there is one; ``fix`` the edits that mend it (``validate --fix``);
    ``context`` the line it speaks of.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    line: int = 1
    column: int = 1
    pointer: str = ""
    hint: str = ""
    related: tuple[Related, ...] = ()
    document: str | None = None
    fix: tuple[Edit, ...] = ()
    context: Context | None = None


def sort_key(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    """The order in which diagnostics are shown: by file, position, code."""
    return (diagnostic.path, diagnostic.line, diagnostic.column, diagnostic.code, diagnostic.message)


def exit_status(diagnostics: Iterable[Diagnostic]) -> int:
    """1 where an error or a warning is among them, else 0."""
    return int(any(d.severity is not Severity.INFO for d in diagnostics))
