"""What can be wrong with what comes in: articles and ``corpus.yaml``, told as diagnostics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus_tool.diagnostics import Diagnostic, Severity


@dataclass(frozen=True)
class Fault:
    """A code of the family COR for input that could not be read."""

    code: str
    severity: Severity
    hint: str


#: By name, in the order of the codes.
FAULTS: Mapping[str, Fault] = {
    "corpus-yaml-syntax": Fault(
        "COR001", Severity.ERROR, "corpus.yaml is plain YAML: no anchors, no tags, no duplicate keys"
    ),
    "corpus-yaml-value": Fault("COR002", Severity.ERROR, "`corpus-tool init` writes a commented example"),
    "article-not-utf-8": Fault("COR011", Severity.ERROR, "name the encoding: convert --encoding windows-1252"),
    "article-empty": Fault("COR012", Severity.ERROR, "remove the file or fill it"),
    "article-binary": Fault("COR013", Severity.ERROR, "convert reads text, HTML and JSON lines"),
    "article-too-large": Fault(
        "COR014", Severity.ERROR, "one article a file; many articles go into a .jsonl, one a line"
    ),
    "article-line-invalid": Fault("COR015", Severity.ERROR, 'a line is an object with the strings "id" and "text"'),
    "article-without-text": Fault("COR016", Severity.ERROR, "check that the page holds an article"),
    "article-id-twice": Fault("COR017", Severity.ERROR, "give each article an id of its own; the first one was kept"),
    "article-changed": Fault(
        "COR018", Severity.ERROR, "convert the new text under another id, or move the reviewed document away first"
    ),
    "article-skipped": Fault("COR019", Severity.INFO, "name the file itself to read it as plain text"),
    "document-unreadable": Fault("COR020", Severity.ERROR, "run corpus-tool validate on it, and mend it first"),
    "document-id-twice": Fault("COR021", Severity.ERROR, "rename one of the documents"),
    "ignore-unused": Fault("COR022", Severity.WARNING, "remove the ignore from corpus.yaml"),
    "language-not-annotated": Fault(
        "COR023", Severity.WARNING, "annotate with a pipeline of its language: convert --pipeline NAME"
    ),
    "article-not-annotated": Fault("COR024", Severity.WARNING, "set paragraphs apart by blank lines"),
    "suggestion-not-found": Fault("COR025", Severity.INFO, "nothing is to be done: the other suggestions were kept"),
    "annotator-failed": Fault("COR026", Severity.WARNING, "convert the article again when the annotator works"),
    "shard-damaged": Fault("COR027", Severity.ERROR, "the file was cut off or altered: take it from where it was made"),
    "baseline-stale": Fault("COR028", Severity.INFO, "write the baseline anew: validate --write-baseline FILE"),
}


class ReadError(Exception):
    """One article that cannot be read; the others go on. Carries its diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def fault(name: str, path: str, message: str, *, line: int = 1, column: int = 1, pointer: str = "") -> Diagnostic:
    """The diagnostic for a fault of ``FAULTS`` at a place of a file."""
    kind = FAULTS[name]
    return Diagnostic(kind.code, name, kind.severity, message, path, line, column, pointer, kind.hint)
