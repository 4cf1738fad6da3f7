"""The validator's findings, gathered by code, with a few examples of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.splits import Dealt
from corpus_tool.validate import validate_paths

#: Findings of one code that are shown.
EXAMPLES = 5


@dataclass(frozen=True)
class Example:
    """One finding.

    Attributes:
        place: file, line and column, the file as seen from the corpus or dataset.
        message: what is wrong.
        document: id of the document, or "".
    """

    place: str
    message: str
    document: str


@dataclass
class FoundCode:
    """All findings of one code.

    Attributes:
        code: as ``SPN102``.
        name: the defect's name.
        severity: how much it matters.
        count: how many there are.
        examples: the first ones.
    """

    code: str
    name: str
    severity: Severity
    count: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True)
class Findings:
    """What validation found.

    Attributes:
        codes: worst first, then the most frequent.
        severities: how many of each.
    """

    codes: tuple[FoundCode, ...]
    severities: Counter[Severity]


def gather_findings(
    path: Path, *, jobs: int, on_document: Callable[[str], None], on_dealt: Callable[[Dealt], None]
) -> Findings:
    """Validates a corpus or a dataset, and keeps counts and a few examples.

    Args:
        path: the corpus or the dataset.
        jobs: processes that check.
        on_document: called with the path of each document as it is done.
        on_dealt: called with the splits of a corpus whose policy looks at more than ids.

    Raises:
        CorpusToolError: the folder cannot be read.
    """
    return gathered(validate_paths([path], jobs=jobs, on_document=on_document, on_dealt=on_dealt), path)


def gathered(found: Iterable[Diagnostic], root: Path) -> Findings:
    """Diagnostics by code.

    Args:
        found: the diagnostics.
        root: what their paths are shown as seen from.
    """
    codes: dict[str, FoundCode] = {}
    for diagnostic in found:
        own = codes.setdefault(diagnostic.code, FoundCode(diagnostic.code, diagnostic.name, diagnostic.severity))
        own.count += 1
        if len(own.examples) < EXAMPLES:
            own.examples.append(_example(diagnostic, root))
    order = list(Severity)
    ranked = sorted(codes.values(), key=lambda own: (order.index(own.severity), -own.count, own.code))
    severities: Counter[Severity] = Counter()
    for own in ranked:
        severities[own.severity] += own.count
    return Findings(tuple(ranked), severities)


def _example(diagnostic: Diagnostic, root: Path) -> Example:
    path = diagnostic.path.removeprefix(f"{root}/")
    place = f"{path}:{diagnostic.line}:{diagnostic.column}"
    return Example(place, diagnostic.message, diagnostic.document or "")
