"""Checks: one file a family, every check a code, a docstring and a case file."""

from corpus_tool.checks import (
    doc,
    doc_schema,
    ent,
    ent_links,
    fig,
    fig_values,
    fig_words,
    lic,
    lic_privacy,
    quo,
    quo_marks,
    spn,
    spn_edges,
    spn_overlaps,
    txt,
    txt_blocks,
)
from corpus_tool.checks.check import Check, Needs, Subject

_FAMILIES = (
    doc,
    doc_schema,
    txt,
    txt_blocks,
    spn,
    spn_edges,
    spn_overlaps,
    ent,
    ent_links,
    fig,
    fig_values,
    fig_words,
    quo,
    quo_marks,
    lic,
    lic_privacy,
)

#: Every check, sorted by code.
CHECKS: tuple[Check, ...] = tuple(
    sorted((check for family in _FAMILIES for check in family.CHECKS), key=lambda check: check.code)
)

__all__ = ["CHECKS", "Check", "Needs", "Subject"]
