"""Running the checks across documents over a survey."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from corpus_tool.checks import CORPUS_CHECKS
from corpus_tool.checks.corpus.corpus_check import CorpusCheck, CorpusFinding
from corpus_tool.checks.corpus.survey import Survey
from corpus_tool.diagnostics import Diagnostic, Position, Related, positions_in_json, sort_key


def check_survey(survey: Survey, checks: Sequence[CorpusCheck] = CORPUS_CHECKS) -> list[Diagnostic]:
    """The findings of the checks across documents, in order.

    Documents that a finding points into are read again for the line and column; of one that is gone the finding
    stands at its first line.

    Args:
        survey: all documents.
        checks: the checks to run.
    """
    found = [(check, finding) for check in checks for finding in check.run(survey)]
    places = _positions(survey, (finding for _, finding in found))
    return sorted((_diagnostic(survey, check, finding, places) for check, finding in found), key=sort_key)


_Places = dict[tuple[int, str], Position]


def _positions(survey: Survey, found: Iterable[CorpusFinding]) -> _Places:
    """Where pointers into documents lead: line of the file and column; documents as a whole are left out."""
    pointers: dict[int, set[str]] = defaultdict(set)
    for finding in found:
        for document, pointer in (
            (finding.document, finding.pointer),
            *((e.document, e.pointer) for e in finding.related),
        ):
            if document is not None and pointer:
                pointers[document].add(pointer)
    places = {}
    for number, text, _ in survey.reread(pointers):
        before = survey.lines[number] - 1
        for pointer, at in positions_in_json(text, pointers[number]).items():
            places[number, pointer] = Position(at.line + before, at.column)
    return places


def _diagnostic(survey: Survey, check: CorpusCheck, finding: CorpusFinding, places: _Places) -> Diagnostic:
    def at(document: int, pointer: str) -> Position:
        return places.get((document, pointer), Position(survey.lines[document], 1))

    number = finding.document
    place = Position(1, 1) if number is None else at(number, finding.pointer)
    related = []
    for other in finding.related:
        line, column = at(other.document, other.pointer)
        related.append(Related(other.pointer, other.message, line, column, survey.paths[other.document]))
    return Diagnostic(
        code=check.code,
        name=check.name,
        severity=check.severity,
        message=finding.message,
        path=survey.path_of(finding.path) if number is None else survey.paths[number],
        line=place.line,
        column=place.column,
        pointer=finding.pointer,
        hint=finding.hint,
        related=tuple(related),
        document=None if number is None else survey.ids[number],
    )
