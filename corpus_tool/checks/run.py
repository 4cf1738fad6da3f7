"""Running the checks over the bytes of one document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from corpus_tool.checks import CHECKS, Check, Needs, Subject
from corpus_tool.checks.context import contexts, located
from corpus_tool.checks.screens import Step, plan
from corpus_tool.diagnostics import Diagnostic, Finding, Position, positions_in_json, sort_key
from corpus_tool.model import Document
from corpus_tool.model.decode import Vouched, make_decoder
from corpus_tool.model.schemas import Layer, document_schema


@dataclass(frozen=True)
class Checker:
    """The checks to run, and the layers that they run against. What it compiles is compiled once, when first needed."""

    layers: Mapping[str, Layer]
    checks: Sequence[Check] = CHECKS

    @cached_property
    def decode(self) -> Callable[[bytes], Vouched | None]:
        """The short way to documents that may hold the layers."""
        return make_decoder(self.layers)

    @cached_property
    def validator(self) -> Any:  # jsonschema_rs.Draft202012Validator, which has no public type
        """The compiled JSON Schema of documents that may hold the layers."""
        import jsonschema_rs

        return jsonschema_rs.Draft202012Validator(document_schema(self.layers))

    @cached_property
    def plan(self) -> tuple[Step, ...]:
        """The checks, those that a screen knows behind their screen."""
        return plan(self.checks)


def make_checker(layers: Mapping[str, Layer], checks: Sequence[Check] = CHECKS) -> Checker:
    """What a run checks its documents with: made once a run, not once a document."""
    return Checker(layers, checks)


def read_subject(data: bytes, checker: Checker, name: str | None = None) -> Subject:
    """A document's bytes as the checks see them, however much of them can be understood.

    Args:
        data: a whole file, or one line of a shard.
        checker: the layers and schema to read it with.
        name: the file's name without its suffix, which the document's id should equal.
    """
    return Subject(data, checker.layers, lambda: checker.validator, name, checker.decode(data))


def _reached(subject: Subject) -> Needs:
    if subject.document is not None:
        return Needs.DOCUMENT
    return Needs.JSON if subject.raw is not None else Needs.FILE


def check_subject(subject: Subject, checker: Checker) -> Iterable[tuple[Check, Finding]]:
    """The findings of every check that can run on what was understood of the subject.

    A screen that can tell at a glance that none of its checks would find anything spares running them.
    """
    reached = _reached(subject)
    for screen, checks in checker.plan:
        seen = screen(subject) if screen is not None and reached is Needs.DOCUMENT else True
        if seen is False:
            continue
        shown = subject if seen is True else seen
        for check in checks:
            if check.needs <= reached:
                for finding in check.run(shown):
                    yield check, finding


def check_bytes(
    data: bytes, path: str, checker: Checker, *, name: str | None = None, first_line: int = 1
) -> tuple[Document | None, list[Diagnostic]]:
    """Checks one document.

    Args:
        data: the bytes of its file, or of its line in a shard.
        path: what diagnostics call the file.
        checker: what to check with.
        name: the file's name without its suffix; None in a shard.
        first_line: the line of the file that ``data`` starts at.

    Returns:
        The document, None where it could not be decoded, and the diagnostics in order.
    """
    subject = read_subject(data, checker, name)
    found = list(check_subject(subject, checker))
    if not found:
        return subject.document, []
    own = subject.raw.get("id") if subject.raw is not None else None
    document_id = own if isinstance(own, str) else None
    pointers = {finding.pointer for _, finding in found if finding.line is None}
    pointers |= {place.pointer for _, finding in found for place in finding.related}
    positions = positions_in_json(subject.text, pointers) if subject.text is not None else {}
    context = contexts(subject, first_line)
    diagnostics = []
    for check, finding in found:
        if finding.line is None:
            at = positions.get(finding.pointer, Position(1, 1))
        else:
            at = Position(finding.line, finding.column or 1)
        told = located(finding, positions, first_line)
        diagnostic = check.diagnostic(told, path, at.line + first_line - 1, at.column, document_id)
        diagnostics.append(replace(diagnostic, context=context(finding, at)))
    return subject.document, sorted(diagnostics, key=sort_key)
