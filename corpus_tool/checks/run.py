"""Running the checks over the bytes of one document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jsonschema_rs
import msgspec
import orjson

from corpus_tool.checks import CHECKS, Check, Needs, Subject
from corpus_tool.checks.context import contexts, located
from corpus_tool.diagnostics import Diagnostic, Finding, Position, positions_in_json, sort_key
from corpus_tool.model import Document
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.schemas import JsonObject, Layer, document_schema


@dataclass(frozen=True)
class Checker:
    """The checks to run, and the layers and the compiled schema that they run against."""

    layers: Mapping[str, Layer]
    validator: Any  # jsonschema_rs.Draft202012Validator, which has no public type
    checks: Sequence[Check] = CHECKS


def make_checker(layers: Mapping[str, Layer], checks: Sequence[Check] = CHECKS) -> Checker:
    """Compiles the schema of documents that may hold ``layers``; once a run, not once a document."""
    return Checker(layers, jsonschema_rs.Draft202012Validator(document_schema(layers)), checks)


def read_subject(data: bytes, checker: Checker, name: str | None = None) -> Subject:
    """As much as can be understood of a document's bytes.

    Args:
        data: a whole file, or one line of a shard.
        checker: the layers and schema to read it with.
        name: the file's name without its suffix, which the document's id should equal.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Subject(data, checker.layers, checker.validator, name=name)
    try:
        raw = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return Subject(data, checker.layers, checker.validator, text, name=name)
    if not isinstance(raw, dict):
        return Subject(data, checker.layers, checker.validator, text, name=name)
    return Subject(data, checker.layers, checker.validator, text, raw, _decode(raw, checker), name)


def _decode(raw: JsonObject, checker: Checker) -> Document | None:
    """The document; None where the schema refuses it, or where an offset is 5.0, which only JSON Schema takes."""
    try:
        return document_from_json(raw, checker.layers) if checker.validator.is_valid(raw) else None
    except (msgspec.ValidationError, ValueError):
        return None


def _reached(subject: Subject) -> Needs:
    if subject.document is not None:
        return Needs.DOCUMENT
    return Needs.JSON if subject.raw is not None else Needs.FILE


def check_subject(subject: Subject, checker: Checker) -> Iterable[tuple[Check, Finding]]:
    """The findings of every check that can run on what was understood of the subject."""
    reached = _reached(subject)
    for check in checker.checks:
        if check.needs <= reached:
            for finding in check.run(subject):
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
