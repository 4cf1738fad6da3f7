"""Repositories on disk, one JSON file each; a change is one rename, so that a commit is there whole or not at all.

ROOT/repositories/OWNER/NAME.json    settings, commits, branches and tags
ROOT/blobs/<sha256>                  the content of every file, regular or LFS
ROOT/incoming/                       uploads that are not complete
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from hub_server.wire import RefusalError

# What the Hub puts into a new dataset repository: patterns of files that are kept with LFS.
GITATTRIBUTES = "".join(
    f"{pattern} filter=lfs diff=lfs merge=lfs -text\n"
    for pattern in ("*.7z", "*.arrow", "*.bin", "*.gz", "*.jpg", "*.parquet", "*.png", "*.tar", "*.zip", "*.zst")
)


@dataclass(frozen=True)
class File:
    """A file in a commit. ``oid`` is its git blob id: of the content, or of the pointer where LFS keeps the content."""

    size: int
    sha256: str
    oid: str
    lfs: bool = False
    xet: str | None = None  # the file's Xet hash


@dataclass(frozen=True)
class Commit:
    """One state of all files, and what a history shows of it."""

    oid: str
    parent: str | None
    title: str
    message: str
    author: str
    date: str  # ISO 8601, UTC
    files: Mapping[str, File]


@dataclass(frozen=True)
class Repository:
    """A dataset repository. ``gated`` is "", "auto" or "manual"; ``granted`` the accounts let in."""

    id: str
    private: bool
    created: str
    gated: str = ""
    granted: tuple[str, ...] = ()
    commits: Mapping[str, Commit] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    tag_messages: Mapping[str, str] = field(default_factory=dict)


def blob_path(root: Path, sha256: str) -> Path:
    """Where content is kept."""
    return root / "blobs" / sha256


def write_blob(root: Path, content: bytes) -> str:
    """Keep content; its sha256 is returned."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = blob_path(root, sha256)
    if not path.exists():
        _replace(path, content)
    return sha256


def adopt_blob(root: Path, incoming: Path, sha256: str) -> None:
    """Move an upload that is complete and right to its place."""
    path = blob_path(root, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    incoming.replace(path)


def incoming_path(root: Path) -> Path:
    """A new file for an upload that is under way."""
    folder = root / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    return Path(name)


def regular_file(root: Path, content: bytes) -> File:
    """A file that git keeps itself."""
    return File(len(content), write_blob(root, content), git_blob_id(content))


def lfs_file(sha256: str, size: int, xet: str | None = None) -> File:
    """A file of which git keeps a pointer."""
    return File(size, sha256, git_blob_id(lfs_pointer(sha256, size)), lfs=True, xet=xet)


def lfs_pointer(sha256: str, size: int) -> bytes:
    """What git keeps for an LFS file (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md)."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


def git_blob_id(content: bytes) -> str:
    """The id that git gives a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def new_repository(root: Path, repo_id: str, *, private: bool, author: str) -> Repository:
    """A repository with the Hub's first commit, not written yet."""
    repository = Repository(repo_id, private, _now())
    first = {".gitattributes": regular_file(root, GITATTRIBUTES.encode())}
    return add_commit(repository, "main", first, title="initial commit", message="", author=author)


def add_commit(
    repository: Repository, branch: str, files: Mapping[str, File], *, title: str, message: str, author: str
) -> Repository:
    """The repository with one more commit at the head of ``branch``."""
    parent, date = repository.branches.get(branch), _now()
    told = json.dumps([parent, title, message, author, date, {path: file.oid for path, file in sorted(files.items())}])
    oid = hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()
    commit = Commit(oid, parent, title, message, author, date, dict(sorted(files.items())))
    return replace(
        repository, commits={**repository.commits, oid: commit}, branches={**repository.branches, branch: oid}
    )


def find_commit(repository: Repository, revision: str) -> Commit:
    """The commit that a branch, a tag, a full reference or (the beginning of) a commit id names.

    Raises:
        RefusalError: 404 ``RevisionNotFound``.
    """
    name = re.sub(r"^refs/(heads|tags)/", "", revision)
    oid = repository.branches.get(name) or repository.tags.get(name) or revision
    found = [commit for known, commit in repository.commits.items() if len(oid) >= 7 and known.startswith(oid)]
    if len(found) != 1:
        raise RefusalError(404, f"Invalid rev id: {revision}", "RevisionNotFound")
    return found[0]


def repository_path(root: Path, repo_id: str) -> Path:
    """Where a repository is kept."""
    return root / "repositories" / f"{repo_id}.json"


def read_repository(root: Path, repo_id: str) -> Repository | None:
    """The repository as it is on disk now, or None."""
    try:
        held = json.loads(repository_path(root, repo_id).read_bytes())
    except FileNotFoundError:
        return None
    commits = {
        oid: Commit(**{**commit, "files": {path: File(**file) for path, file in commit["files"].items()}})
        for oid, commit in held["commits"].items()
    }
    return Repository(**{**held, "commits": commits, "granted": tuple(held["granted"])})


def write_repository(root: Path, repository: Repository) -> None:
    """Replace the repository on disk, whole or not at all."""
    _replace(repository_path(root, repository.id), json.dumps(asdict(repository), indent=1).encode())


def delete_repository(root: Path, repo_id: str) -> None:
    """Forget a repository; its blobs stay, as others may share them."""
    repository_path(root, repo_id).unlink()


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
