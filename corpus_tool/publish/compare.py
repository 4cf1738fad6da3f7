"""What a build has, what a target has, and what would change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus_tool.publish.target import Change, FileChange, LocalFile, PublishedFile

_PIECE = 1 << 20


def is_same(local: LocalFile, published: PublishedFile) -> bool:
    """Whether a file of the build is the one that is published: by size and SHA-256, or by git's id of the blob."""
    if local.size != published.size:
        return False
    if published.sha256 is not None:
        return local.sha256 == published.sha256
    return published.blob_id is not None and git_blob_id(local.source) == published.blob_id


def git_blob_id(path: Path) -> str:
    """SHA-1 of a file as git has it: of the word blob, its size, NUL, and its bytes."""
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def compare_files(local: Sequence[LocalFile], published: Mapping[str, PublishedFile]) -> tuple[FileChange, ...]:
    """What a release does to every file, in the order of the paths."""
    own = {file.path: file for file in local}
    found = []
    for path in sorted(own.keys() | published.keys()):
        file, before = own.get(path), published.get(path)
        if file is None:
            change = Change.DELETED
        elif before is None:
            change = Change.ADDED
        else:
            change = Change.UNCHANGED if is_same(file, before) else Change.CHANGED
        size, size_before = file.size if file else None, before.size if before else None
        found.append(FileChange(path, change, size, size_before, file.sha256 if file else None))
    return tuple(found)
