"""Checks: one file a family, every check a code, a docstring and a case file."""

from corpus_tool.checks import (
    doc,
    doc_schema,
    ent,
    ent_coordinates,
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
from corpus_tool.checks.corpus import (
    cor,
    cor_duplicates,
    cor_labels,
    cor_names,
    cor_set_aside,
    cor_sources,
    lic_corpus,
    spl,
)
from corpus_tool.checks.corpus.corpus_check import CorpusCheck

_FAMILIES = (
    cor,
    doc,
    doc_schema,
    txt,
    txt_blocks,
    spn,
    spn_edges,
    spn_overlaps,
    ent,
    ent_coordinates,
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

_ACROSS_DOCUMENTS = (cor_duplicates, cor_names, cor_labels, cor_set_aside, cor_sources, lic_corpus, spl)

#: Every check across documents, sorted by code; ``run_survey.check_survey`` runs them.
CORPUS_CHECKS: tuple[CorpusCheck, ...] = tuple(
    sorted((check for family in _ACROSS_DOCUMENTS for check in family.CORPUS_CHECKS), key=lambda check: check.code)
)

__all__ = ["CHECKS", "CORPUS_CHECKS", "Check", "CorpusCheck", "Needs", "Subject"]
