"""A dataset repository of the Hugging Face Hub as a target.

A release is one commit on ``main`` with the deletions, on top of the head that was looked at; then every file of that
very commit is compared by SHA-256; then the tag. Whatever is cut off, a second run finds the commit there, or not.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.model import CorpusToolError
from corpus_tool.publish.compare import is_same
from corpus_tool.publish.hub_client import (
    ATTEMPTS,
    CONFLICTS,
    is_transient,
    open_client,
    retried,
    status_of,
    told,
    wait,
)
from corpus_tool.publish.target import LoadCall, OnStep, Published, PublishedFile, Release, Visibility

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_ADDRESS = re.compile(r"hf://datasets/(?P<id>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})/?")
_VERSION = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+")
_MANIFEST = "manifest.json"

#: Files that the Hub makes itself.
_OF_THE_HUB = frozenset({".gitattributes"})


def open_hub(address: str) -> HubTarget:
    """The target at ``hf://datasets/OWNER/NAME``.

    Raises:
        CorpusToolError: the address has another form.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise CorpusToolError(f"{address}: an address of the Hub is hf://datasets/OWNER/NAME")
    return HubTarget(match["id"])


@dataclass(frozen=True)
class HubTarget:
    """A dataset repository; ``repo_id`` is OWNER/NAME."""

    repo_id: str

    @property
    def address(self) -> str:
        """As people write it."""
        return f"hf://datasets/{self.repo_id}"

    def look(self, tag: str) -> Published:
        """What lies at the head of ``main``."""
        api = open_client(needs_token=bool(tag))
        with told(self.address, "look at"):
            return _look(api, self.repo_id)

    def release(self, release: Release, on_step: OnStep) -> str:
        """Creates the repository where there is none, commits, compares, tags."""
        api = open_client(needs_token=True)
        on_step(f"look at {self.address}")
        now = self._made(api, release)
        self._check_visibility(now, release)
        with told(self.address, "upload to"):
            revision = self._committed(api, release, now, on_step)
        with told(self.address, "read back from"):
            self._check_files(api, release, revision, on_step)
        on_step(f"tag {release.tag}")
        with told(self.address, "tag"):
            self._tag(api, release, revision)
        return revision

    def fetch(self, revision: str, folder: Path, on_step: OnStep) -> str:
        """Downloads every file of a revision; what the Hub made itself is left out."""
        api = open_client()
        with told(self.address, "download from"):
            info = retried(lambda: api.dataset_info(self.repo_id, revision=revision or "main"))
            commit = str(info.sha)
            for path in sorted(_tree(api, self.repo_id, commit)):
                on_step(f"download {path}")
                _download(api, self.repo_id, path, commit, folder)
        return commit

    def load_call(self, config: str, revision: str, splits: Mapping[str, int]) -> LoadCall:
        """Pinned by the commit, which nobody can move as a tag can be."""
        return LoadCall((self.repo_id, config), {"revision": revision})

    def _made(self, api: HfApi, release: Release) -> Published:
        """The state of the repository, which is made where there is none."""
        with told(self.address, "create"):
            now = _look(api, self.repo_id)
            if not now.exists:
                private = release.wish is Visibility.PRIVATE
                retried(lambda: api.create_repo(self.repo_id, repo_type="dataset", private=private, exist_ok=True))
                now = _look(api, self.repo_id)
        if now.revision != release.now.revision if release.now.exists else now.files and not _is_equal(release, now):
            _refuse_moved(self.address)
        return now

    def _check_visibility(self, now: Published, release: Release) -> None:
        """Stops before anything is uploaded where others than wished could read it."""
        problem = visibility_problem(self.repo_id, now, release.wish)
        if problem:
            raise CorpusToolError(f"{self.address}: {problem}")

    def _committed(self, api: HfApi, release: Release, now: Published, on_step: OnStep) -> str:
        """The commit that has the files of the release, made where the head has others.

        An answer may be lost after the commit was made: before another attempt the head is looked at again.
        """
        parent = now.revision
        for attempt in range(1, ATTEMPTS + 1):
            if now.revision and _is_equal(release, now):
                return now.revision
            if now.revision != parent:
                _refuse_moved(self.address)
            on_step(f"upload to {self.address}")
            try:
                return _commit(api, self.repo_id, release, now)
            except Exception as error:
                if status_of(error) not in CONFLICTS and (attempt == ATTEMPTS or not is_transient(error)):
                    raise
                if status_of(error) not in CONFLICTS:
                    wait(error, attempt)
                seen = _look(api, self.repo_id)
                if seen.revision == parent and status_of(error) in CONFLICTS:
                    raise
                now = seen
        raise AssertionError("the last attempt returns or raises")

    def _check_files(self, api: HfApi, release: Release, revision: str, on_step: OnStep) -> None:
        """Compares every file of a commit with the build: size and SHA-256.

        The Hub tells the SHA-256 of what it keeps with LFS or Xet; other files are downloaded and hashed.
        """
        there = _tree(api, self.repo_id, revision)
        local = {file.path: file for file in release.files}
        wrong = sorted(local.keys() ^ there.keys())
        with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
            for path in sorted(local.keys() & there.keys()):
                on_step(f"compare {path}")
                sha256 = there[path].sha256
                if sha256 is None:
                    sha256 = _sha256(_download(api, self.repo_id, path, revision, Path(folder)))
                if (sha256, there[path].size) != (local[path].sha256, local[path].size):
                    wrong.append(path)
        if wrong:
            listed = ", ".join(wrong[:5]) + (" …" if len(wrong) > 5 else "")
            raise CorpusToolError(
                f"{self.address}: what lies at {revision[:12]} is not what was built: {listed}; it was not tagged. "
                f"Run the command again, and if that does not help look at the repository's settings and .gitignore"
            )

    def _tag(self, api: HfApi, release: Release, revision: str) -> None:
        """Sets the tag; one that is there already must lead to this commit."""
        message = f"{release.tag}\n\n{release.notes}".strip()
        try:
            retried(
                lambda: api.create_tag(
                    self.repo_id, tag=release.tag, tag_message=message, revision=revision, repo_type="dataset"
                )
            )
        except Exception as error:
            if status_of(error) != 409:
                raise
            there = _tags(api, self.repo_id).get(release.tag)
            if there != revision:
                raise CorpusToolError(
                    f"{self.address}: somebody tagged {release.tag} at another commit in between; raise the version"
                ) from None


def visibility_problem(repo_id: str, now: Published, wish: Visibility) -> str | None:
    """What to say where a repository is read by others than wished; None where it is as wished."""
    if now.visibility in {None, wish}:
        return None
    change = "--public" if wish is Visibility.PUBLIC else "--private"
    ask = "leave --public out" if wish is Visibility.PUBLIC else "publish with --public"
    return (
        f"the repository is {now.visibility}, not {wish}; nothing was uploaded, and publishing never changes it: "
        f"{ask}, or run `hf repos settings {repo_id} --type dataset {change}`"
    )


def _refuse_moved(address: str) -> None:
    raise CorpusToolError(
        f"{address}: somebody published in between; nothing was changed. Run the command again and look at the summary"
    )


def _look(api: HfApi, repo_id: str) -> Published:
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    try:
        info = retried(lambda: api.dataset_info(repo_id))
    except GatedRepoError:
        raise
    except RepositoryNotFoundError:
        return Published()
    revision = str(info.sha) if info.sha else None
    files = _tree(api, repo_id, revision) if revision else {}
    manifest = _manifest(api, repo_id, revision, files) if revision else None
    version = manifest.get("version") if manifest else None
    return Published(
        exists=True,
        visibility=Visibility.PRIVATE if info.private else Visibility.PUBLIC,
        gated=info.gated or "",
        revision=revision,
        version=version if isinstance(version, str) else None,
        files=files,
        manifest=manifest,
        tags={tag: commit for tag, commit in _tags(api, repo_id).items() if _VERSION.fullmatch(tag)},
    )


def _tags(api: HfApi, repo_id: str) -> dict[str, str]:
    refs = retried(lambda: api.list_repo_refs(repo_id, repo_type="dataset"))
    return {ref.name: ref.target_commit for ref in refs.tags}


def _tree(api: HfApi, repo_id: str, revision: str | None) -> dict[str, PublishedFile]:
    """The files of a commit by path, those that the Hub made left out."""
    from huggingface_hub.hf_api import RepoFile

    found = retried(lambda: list(api.list_repo_tree(repo_id, recursive=True, revision=revision, repo_type="dataset")))
    return {
        item.path: PublishedFile(
            item.path, item.size, item.lfs.sha256 if item.lfs else None, None if item.lfs else item.blob_id
        )
        for item in found
        if isinstance(item, RepoFile) and item.path not in _OF_THE_HUB
    }


def _manifest(api: HfApi, repo_id: str, revision: str, files: Mapping[str, Any]) -> dict[str, Any] | None:
    """``manifest.json`` of a commit; None where there is none, or it is not one."""
    if _MANIFEST not in files:
        return None
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        text = _download(api, repo_id, _MANIFEST, revision, Path(folder)).read_bytes()
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _download(api: HfApi, repo_id: str, path: str, revision: str, folder: Path) -> Path:
    return Path(
        retried(
            lambda: api.hf_hub_download(
                repo_id, path, repo_type="dataset", revision=revision, local_dir=folder, force_download=True
            )
        )
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_equal(release: Release, now: Published) -> bool:
    """Whether a head has the files of a release and no others."""
    return now.files.keys() == {file.path for file in release.files} and all(
        is_same(file, now.files[file.path]) for file in release.files
    )


def _commit(api: HfApi, repo_id: str, release: Release, now: Published) -> str:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

    local = {file.path for file in release.files}
    operations: list[Any] = [
        CommitOperationAdd(file.path, file.source)
        for file in release.files
        if file.path not in now.files or not is_same(file, now.files[file.path])
    ]
    operations += [CommitOperationDelete(path, is_folder=False) for path in sorted(now.files.keys() - local)]
    done = api.create_commit(
        repo_id,
        operations,
        commit_message=f"Release {release.version}",
        commit_description=release.notes,
        repo_type="dataset",
        parent_commit=now.revision,
    )
    return str(done.oid)
