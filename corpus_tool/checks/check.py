"""What a check is, and what it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from corpus_tool.diagnostics import Diagnostic, Finding, Severity
from corpus_tool.model import Document
from corpus_tool.model.schemas import JsonObject, Layer


class Needs(IntEnum):
    """How far a document's file must have been understood before a check can run."""

    FILE = 0
    JSON = 1
    DOCUMENT = 2


@dataclass(frozen=True)
class Subject:
    """One document as the checks see it.

    Attributes:
        data: the bytes of the file, or of the line of a shard.
        text: ``data`` decoded, None where it is not UTF-8.
        raw: the parsed JSON object, None where there is none.
        document: the decoded document, None where the schema refuses it.
        layers: the layers that the corpus knows, by name.
        validator: the compiled JSON Schema of documents (jsonschema_rs) that may hold these layers.
        name: the file's name without its suffix, None for a line of a shard: the id that the document should have.
    """

    data: bytes
    layers: Mapping[str, Layer]
    validator: Any
    text: str | None = None
    raw: JsonObject | None = None
    document: Document | None = None
    name: str | None = None


@dataclass(frozen=True)
class Check:
    """A check: ``run`` yields findings for one document, and its docstring explains what, why, bad and good."""

    code: str
    name: str
    severity: Severity
    needs: Needs
    run: Callable[[Subject], Iterable[Finding]]

    def diagnostic(self, finding: Finding, path: str, line: int, column: int, document: str | None) -> Diagnostic:
        """The diagnostic that a finding of this check becomes."""
        return Diagnostic(
            code=self.code,
            name=self.name,
            severity=self.severity,
            message=finding.message,
            path=path,
            line=line,
            column=column,
            pointer=finding.pointer,
            hint=finding.hint,
            related=finding.related,
            document=document,
        )


def document_of(subject: Subject) -> Document:
    """The decoded document of a subject whose check needs one."""
    assert subject.document is not None
    return subject.document
