"""What is published, fetched to be compared; and whether a version rises as far as its changes ask."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from corpus_tool.build.manifest import MANIFEST
from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.diff.run import diff_paths
from corpus_tool.diff.version import check_version, version_advice
from corpus_tool.model import CorpusToolError
from corpus_tool.publish.target import Change, OnStep, Release, Target
from corpus_tool.publish.targets import open_target, split_revision
from corpus_tool.read.faults import ReadError, fault


def fetch_published(address: str, folder: Path, *, on_step: OnStep = lambda step: None) -> str:
    """Downloads a published version into a folder: what ``diff`` compares with.

    Args:
        address: of a target; ``@v1.0.0``, ``@<commit>``, or nothing for what a reader gets who names no version.
        folder: a new or an empty one.
        on_step: called with a few words on each file.

    Returns:
        The revision that pins it.

    Raises:
        CorpusToolError: there is no such version, or it cannot be downloaded.
    """
    base, revision = split_revision(address)
    return open_target(base).fetch(revision, folder, on_step)


def version_findings(release: Release, target: Target, on_step: OnStep) -> tuple[Diagnostic, ...]:
    """A finding where the version does not rise as far as the changes since the published one ask.

    The published version is downloaded and compared; nothing is where there is none, or no file differs.
    """
    now = release.now
    changed = any(change.change is not Change.UNCHANGED for change in release.changes)
    if now.manifest is None or now.version is None or now.revision is None or not changed:
        return ()
    path = str(release.folder / MANIFEST)
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as work:
        folder = Path(work) / "published"
        folder.mkdir()
        target.fetch(now.revision, folder, on_step)
        on_step(f"compare with version {now.version}")
        try:
            advice = version_advice(diff_paths(folder, release.folder, limit=0))
        except (CorpusToolError, ReadError) as error:  # what is published may be broken, and this mends it
            why = str(error).replace(str(folder), release.address)
            told = f"whether {release.version} rises far enough after {now.version} was not checked: {why}"
            return (replace(fault("version-too-small", path, told), severity=Severity.INFO),)
    found = check_version(now.version, release.version, advice, path)
    return () if found is None else (found,)
