"""The plan of a release: what is to be published, what lies there, and what stands in the way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus_tool.build.manifest import MANIFEST, sha256_file
from corpus_tool.model import CorpusToolError
from corpus_tool.parity import is_dataset
from corpus_tool.publish.compare import compare_files
from corpus_tool.publish.target import Change, LocalFile, Published, Release, Target, Visibility

#: As ``corpus.yaml`` takes it.
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def plan_release(
    folder: Path, target: Target, *, public: bool = False, notes: str = "", published: Published | None = None
) -> Release:
    """What publishing a dataset at a target would do; nothing is written.

    Args:
        folder: the dataset that a build wrote.
        target: where it is to go.
        public: whether everybody is to read it; without, a repository of the Hub is private.
        notes: what goes with the tag, in Markdown.
        published: what lies there now, where that is known already.

    Raises:
        CorpusToolError: no build made the folder, or the target cannot be looked at.
    """
    manifest = read_manifest(folder)
    version = str(manifest.get("version"))
    if not _VERSION.fullmatch(version):
        raise CorpusToolError(f"{folder / MANIFEST}: the version {version!r} is not one like 1.0.0")
    files = _files(folder, manifest)
    now = target.look(f"v{version}") if published is None else published
    return Release(
        folder=folder,
        address=target.address,
        version=version,
        tag=f"v{version}",
        files=files,
        wish=_wish(target, public=public),
        now=now,
        changes=compare_files(files, now.files),
        rows=rows_of(manifest),
        notes=notes,
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """``manifest.json`` of a dataset's folder.

    Raises:
        CorpusToolError: there is none, or it is not what a build writes.
    """
    if not is_dataset(folder):
        raise CorpusToolError(
            f"{folder}: is no dataset that a build made (no {MANIFEST}); `corpus-tool build` makes one"
        )
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusToolError(f"{folder / MANIFEST}: cannot be read: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("files"), list):
        raise CorpusToolError(f'{folder / MANIFEST}: is not an object with a list "files"; build the dataset again')
    return found


def rows_of(manifest: Mapping[str, Any] | None) -> dict[str, dict[str, int]]:
    """Rows by config and split as a manifest has them; what is no number is left out."""
    told = (manifest or {}).get("rows")
    configs = told.items() if isinstance(told, dict) else ()
    return {
        str(config): {str(split): n for split, n in splits.items() if isinstance(n, int)}
        for config, splits in configs
        if isinstance(splits, dict)
    }


def obstacles(release: Release) -> tuple[str, ...]:
    """What stands in the way of a release, a sentence each; nothing where it can go ahead."""
    return tuple(filter(None, (_taken(release), _unwished(release), _another(release))))


def _taken(release: Release) -> str | None:
    there = release.now.tags.get(release.tag)
    if there is None or release.is_done:
        return None
    return (
        f"{release.tag} is published already, at {there[:12]}, and readers would get something else now; what is "
        f"published stays as it is: raise `version` in corpus.yaml and build again"
    )


def _unwished(release: Release) -> str | None:
    if release.wish is Visibility.PUBLIC and not release.address.startswith("hf://"):
        return "who reads a bucket or a folder is its policy's to say; leave --public out"
    if release.address.startswith("hf://"):
        from corpus_tool.publish.hub import visibility_problem

        return visibility_problem(release.address.removeprefix("hf://datasets/"), release.now, release.wish)
    return None


def _another(release: Release) -> str | None:
    """Whether another dataset lives there, which this one would delete."""
    told = (release.now.manifest or {}).get("name")
    own = read_manifest(release.folder).get("name")
    if told is None or told == own:
        return None
    return f"the dataset {told} is published there, this one is {own}; it needs an address of its own"


def notes_for(release: Release) -> tuple[str, ...]:
    """What somebody who confirms should know besides, a sentence each."""
    found = []
    if release.now.files and release.now.manifest is None:
        found.append("the target holds files that no release of corpus-tool put there; see what is deleted")
    rows = rows_of(release.now.manifest)
    for config, splits in rows.items():
        for split, before in splits.items():
            after = release.rows.get(config, {}).get(split, 0)
            if before and after < before / 2:
                found.append(f"{config}/{split} has {after:,} rows, {before:,} are published now")
    return tuple(found)


def _files(folder: Path, manifest: Mapping[str, Any]) -> tuple[LocalFile, ...]:
    named = [file.get("path") for file in manifest["files"] if isinstance(file, dict)]
    paths = sorted({MANIFEST, *(path for path in named if isinstance(path, str))})
    found = []
    for path in paths:
        source = folder / path
        if ".." in Path(path).parts or Path(path).is_absolute() or not source.is_file():
            raise CorpusToolError(f"{folder}: {path} is in {MANIFEST} and not in the folder; build the dataset again")
        found.append(LocalFile(path, source.stat().st_size, sha256_file(source), source))
    return tuple(found)


def _wish(target: Target, *, public: bool) -> Visibility:
    if public:
        return Visibility.PUBLIC
    return Visibility.PRIVATE if target.address.startswith("hf://") else Visibility.POLICY


def count_changes(release: Release) -> dict[Change, tuple[int, int]]:
    """How many files each kind of change concerns, and their bytes (of deleted ones those that go)."""
    found = dict.fromkeys(Change, (0, 0))
    for change in release.changes:
        files, size = found[change.change]
        found[change.change] = files + 1, size + (change.size if change.size is not None else change.size_before or 0)
    return found
