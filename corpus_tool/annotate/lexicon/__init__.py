"""Word lists of English news language: plain text files beside this module, one entry a line, ``#`` comments."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """The entries of the list ``name`` (a file ``<name>.txt`` in this folder), stripped, as written."""
    text = (files(__name__) / f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
