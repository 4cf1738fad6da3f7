"""Publishing a dataset: looked through, planned, shown, confirmed, done, and pinned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus_tool.changelog import entries_of, render_entry
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.publish.plan import obstacles, plan_release, read_manifest
from corpus_tool.publish.preflight import is_refused, preflight
from corpus_tool.publish.target import LoadCall, OnStep, Release, Target
from corpus_tool.publish.targets import open_target, split_revision
from corpus_tool.publish.versions import version_findings


@dataclass(frozen=True)
class Publication:
    """A dataset on its way.

    Attributes:
        release: the plan.
        diagnostics: what was found in the dataset; with an error among it nothing is published.
        obstacles: what stands in the way at the target, a sentence each.
        revision: that pins what was published; None as long as it is not.
        calls: how a reader loads each config, pinned, by config.
    """

    release: Release
    diagnostics: tuple[Diagnostic, ...]
    obstacles: tuple[str, ...]
    revision: str | None = None
    calls: Mapping[str, LoadCall] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether it cannot be published as it is."""
        return bool(self.obstacles) or is_refused(self.diagnostics)


def publish_dataset(
    folder: Path,
    to: str,
    *,
    public: bool = False,
    rights_cleared: str = "",
    accept: Collection[str] = (),
    on_step: OnStep = lambda step: None,
    on_document: Callable[[str], None] = lambda name: None,
) -> Publication:
    """Publishes a dataset as a new version, without asking: ``prepare_publication``, then ``carry_out``.

    Returns:
        What was done; ``revision`` is None where it was refused: see ``diagnostics`` and ``obstacles``.

    Raises:
        CorpusToolError: misuse; the target refuses, breaks off, or was changed by somebody else in between.
    """
    plan = prepare_publication(
        folder,
        to,
        public=public,
        rights_cleared=rights_cleared,
        accept=accept,
        on_step=on_step,
        on_document=on_document,
    )
    return plan if plan.refused else carry_out(plan, on_step=on_step)


def prepare_publication(
    folder: Path,
    to: str,
    *,
    public: bool = False,
    rights_cleared: str = "",
    accept: Collection[str] = (),
    on_step: OnStep = lambda step: None,
    on_document: Callable[[str], None] = lambda name: None,
) -> Publication:
    """What publishing a dataset would do, and what speaks against it; nothing is written.

    Args:
        folder: the dataset that a build wrote.
        to: ``hf://datasets/OWNER/NAME``, or an address of fsspec.
        public: whether everybody may read it. An existing repository's visibility is never changed.
        rights_cleared: by whose leave texts are published whose licence does not allow it.
        accept: codes whose findings somebody has looked at (``preflight.ACCEPTABLE``).
        on_step: called with a few words on each step.
        on_document: called with the id of each document that is looked through.

    Raises:
        CorpusToolError: misuse, or the target cannot be looked at.
    """
    target = open_target(_without_revision(to))
    manifest = read_manifest(folder)
    found = preflight(folder, rights_cleared=rights_cleared, accept=accept, on_document=on_document)
    on_step(f"look at {target.address}")
    release = plan_release(folder, target, public=public, notes=_notes(manifest, rights_cleared))
    stopped = obstacles(release)
    if not stopped and not is_refused(found):
        found = (*found, *version_findings(release, target, on_step))
    return Publication(release, found, stopped)


def carry_out(plan: Publication, *, on_step: OnStep = lambda step: None) -> Publication:
    """Publishes what was prepared, in one step that readers see whole or not at all.

    What was cut off before is finished; a version that is there already, file by file, is left as it is.

    Raises:
        CorpusToolError: the plan is refused; the target refuses, breaks off, or was changed by somebody else since.
    """
    release = plan.release
    if plan.refused:
        raise CorpusToolError(f"{release.folder}: not published; see the findings and what stands in the way")
    target = open_target(release.address)
    revision = release.now.tags[release.tag] if release.is_done else target.release(release, on_step)
    return replace(plan, revision=revision, calls=load_calls(target, release, revision))


def load_calls(target: Target, release: Release, revision: str) -> dict[str, LoadCall]:
    """How a reader loads each config of a version."""
    return {config: target.load_call(config, revision, splits) for config, splits in release.rows.items()}


def shown_call(calls: Mapping[str, LoadCall]) -> LoadCall | None:
    """The one that is printed: of the figures, which most readers come for, or of the first config there is."""
    return calls.get("figures") or next(iter(calls.values()), None)


def _without_revision(to: str) -> str:
    address, revision = split_revision(to)
    if revision:
        raise CorpusToolError(f"{to}: the version is the dataset's own; leave @{revision} out")
    return address


def _notes(manifest: Mapping[str, Any], rights_cleared: str) -> str:
    """What goes with the tag: what changed in this version, and by whose leave the text is published."""
    entries = [entry for entry in entries_of(manifest.get("changes")) if entry.version == manifest.get("version")]
    parts = [render_entry(entry) for entry in entries[:1]]
    if rights_cleared.strip():
        parts.append(f"Rights cleared: {' '.join(rights_cleared.split())}")
    return "\n\n".join(parts)
