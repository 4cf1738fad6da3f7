"""Checks: one file a family, every check a code, a docstring and a case file."""

from corpus_tool.checks import spn
from corpus_tool.checks.check import Check, Needs, Subject

#: Every check, sorted by code.
CHECKS: tuple[Check, ...] = tuple(sorted(spn.CHECKS, key=lambda check: check.code))

__all__ = ["CHECKS", "Check", "Needs", "Subject"]
