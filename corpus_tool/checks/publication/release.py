"""What is looked at before a dataset is published, besides its being as it was built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus_tool.checks.dataset.exp import diagnostics_of
from corpus_tool.checks.dataset.exp_folder import Export
from corpus_tool.checks.dataset.export_check import FolderCheck
from corpus_tool.checks.publication import release_card, release_rights, release_words
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model.schemas import built_in_layers

#: Codes that the publisher's word about the rights settles.
RIGHTS = frozenset(check.code for check in release_rights.CHECKS)

#: Every check of releases, sorted by code.
RELEASE_CHECKS: tuple[FolderCheck, ...] = tuple(
    sorted((*release_card.CHECKS, *release_words.CHECKS, *release_rights.CHECKS), key=lambda check: check.code)
)


def check_release(dataset: Path) -> Iterator[Diagnostic]:
    """What speaks against publishing a dataset: secrets, personal data, rights, metadata that the Hub does not list.

    Args:
        dataset: the folder that a build wrote. What cannot be read in it is EXP101's to say (``verify_dataset``).
    """
    export = Export(dataset, dict(built_in_layers()))
    for check in RELEASE_CHECKS:
        yield from diagnostics_of(check, check.run(export), dataset)
