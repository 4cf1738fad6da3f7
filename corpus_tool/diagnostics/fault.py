"""A fault: a code for input that could not be read as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from corpus_tool.diagnostics.diagnostic import Severity


@dataclass(frozen=True)
class Fault:
    """A code of the family COR for input that could not be read.

    ``summary``, ``why``, ``bad`` and ``good`` explain it, as a check's docstring explains a check.
    """

    code: str
    severity: Severity
    hint: str
    summary: str = ""
    why: str = ""
    bad: str = ""
    good: str = ""
