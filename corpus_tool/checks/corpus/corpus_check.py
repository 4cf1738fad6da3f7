"""What a check across documents is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.diagnostics import Severity

if TYPE_CHECKING:
    from corpus_tool.checks.corpus.survey import Survey


@dataclass(frozen=True)
class Elsewhere:
    """A place in another document of the corpus: its number in the survey, and a JSON Pointer into it."""

    document: int
    message: str
    pointer: str = ""


@dataclass(frozen=True)
class CorpusFinding:
    """What a check across documents yields.

    Attributes:
        message: one sentence without a full stop that says what is wrong, with the words at fault.
        document: number of the document in the survey, None where the finding is about another file.
        pointer: JSON Pointer into the document.
        hint: what to do about it, or "".
        related: places in other documents.
        path: the file, where it is no document.
    """

    message: str
    document: int | None = None
    pointer: str = ""
    hint: str = ""
    related: tuple[Elsewhere, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class CorpusCheck:
    """A check across documents: its docstring explains what, why, bad and good."""

    code: str
    name: str
    severity: Severity
    run: Callable[[Survey], Iterable[CorpusFinding]]
