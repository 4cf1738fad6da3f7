"""What is looked at before anything is published: the dataset itself, and what publishing it would give away."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from corpus_tool.checks.publication.release import RELEASE_CHECKS, RIGHTS, check_release
from corpus_tool.diagnostics import Diagnostic, Severity, sort_key
from corpus_tool.model import CorpusToolError
from corpus_tool.parity import verify_dataset

#: Codes whose findings the publisher can accept; rights take a reason, and a dataset that is not as it was built none.
ACCEPTABLE = frozenset(check.code for check in RELEASE_CHECKS) - RIGHTS


def preflight(
    dataset: Path,
    *,
    rights_cleared: str = "",
    accept: Collection[str] = (),
    on_document: Callable[[str], None] = lambda name: None,
) -> tuple[Diagnostic, ...]:
    """What speaks against publishing a dataset; with an error among it nothing is published.

    Args:
        dataset: the folder that a build wrote.
        rights_cleared: by whose leave texts are published whose licence does not allow it, or is not known; such
            findings (LIC505 to LIC507) are then told as information, with these words.
        accept: codes of ``ACCEPTABLE`` whose findings somebody has looked at: they are told as information.
        on_document: called with the id of each document as it is done.

    Raises:
        CorpusToolError: there is no such folder, or a code cannot be accepted.
    """
    for code in accept:
        if code not in ACCEPTABLE:
            hint = "; say by whose leave with --rights-cleared" if code in RIGHTS else ""
            raise CorpusToolError(f"{code}: cannot be accepted, only {', '.join(sorted(ACCEPTABLE))}{hint}")
    found = (*verify_dataset(dataset, on_document=on_document), *check_release(dataset))
    told = (_settled(diagnostic, rights_cleared, accept) for diagnostic in found)
    return tuple(sorted(dict.fromkeys(told), key=sort_key))


def _settled(diagnostic: Diagnostic, rights_cleared: str, accept: Collection[str]) -> Diagnostic:
    if rights_cleared.strip() and diagnostic.code in RIGHTS:
        hint = f"rights cleared: {' '.join(rights_cleared.split())}"
    elif diagnostic.code in accept:
        hint = "accepted"
    else:
        return diagnostic
    return replace(diagnostic, severity=Severity.INFO, hint=hint)


def is_refused(found: tuple[Diagnostic, ...]) -> bool:
    """Whether an error is among what was found."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in found)
