"""Releases in a bucket or a folder, at any address of fsspec; ``bucket_layout`` says how they lie there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from corpus_tool.build.manifest import MANIFEST
from corpus_tool.model import CorpusToolError
from corpus_tool.publish.bucket_layout import (
    LATEST,
    UNFINISHED,
    list_versions,
    parse_object,
    read_latest,
    sha256_bytes,
    version_number,
)
from corpus_tool.publish.bucket_release import release_version
from corpus_tool.publish.bucket_store import Store, get_file, list_files, open_store
from corpus_tool.publish.target import LoadCall, OnStep, Published, PublishedFile, Release, Visibility


@dataclass(frozen=True)
class BucketTarget:
    """A bucket or a folder that holds a folder a version; ``Target`` says what the methods do."""

    store: Store

    @property
    def address(self) -> str:
        """As people write it, without a revision."""
        return self.store.address

    def look(self, tag: str) -> Published:
        """What ``latest.json`` names. A version above that is one that was cut off before its last step."""
        latest = read_latest(self.store)
        if latest is None:
            return Published()
        manifest = parse_object(latest.manifest, f"{self.address}/{latest.tag}/{MANIFEST}")
        highest = version_number(latest.tag)
        return Published(
            exists=True,
            visibility=Visibility.POLICY,
            revision=latest.tag,
            version=latest.tag.removeprefix("v"),
            files=_files(list_files(self.store, latest.tag), _hashes(manifest, latest.manifest)),
            manifest=manifest,
            tags={tag: tag for tag in list_versions(self.store) if version_number(tag) <= highest},
        )

    def release(self, release: Release, on_step: OnStep) -> str:
        """Publishes a version under its tag; see ``release_version``."""
        if release.wish is Visibility.PUBLIC:
            raise CorpusToolError(f"{self.address}: its policy says who reads it, which publish does not change")
        release_version(self.store, release, on_step)
        return release.tag

    def fetch(self, revision: str, folder: Path, on_step: OnStep) -> str:
        """Downloads all that lies in a version's folder, what its manifest does not name too."""
        if revision in {"", "main"}:
            latest = read_latest(self.store)
            if latest is None:
                raise CorpusToolError(f"{self.address}: nothing is published there: no {LATEST}")
            revision = latest.tag
        version_number(revision)
        files = list_files(self.store, revision)
        if MANIFEST not in files:
            begun = ", and was begun and not finished" if files else ""
            raise CorpusToolError(f"{self.address}: {revision} is not published there{begun}")
        for path in files:
            if path == UNFINISHED:
                continue
            if ".." in PurePosixPath(path).parts or "\\" in path or path.startswith("/"):
                raise CorpusToolError(f"{self.address}/{revision}: {path!r} is no name of a dataset's file")
            on_step(f"download {path}")
            get_file(self.store, f"{revision}/{path}", folder / path)
        return revision

    def load_call(self, config: str, revision: str, splits: Mapping[str, int]) -> LoadCall:
        """How a config is loaded: ``load_dataset`` reads a card in a folder, and in a bucket must be told the files."""
        if self.store.scheme == "file":
            return LoadCall((self.store.at(revision), config), {})
        files = {split: f"{self.address}/{revision}/{config}/{split}-*.parquet" for split in splits}
        return LoadCall(("parquet",), {"data_files": files})


def open_bucket(address: str) -> BucketTarget:
    """The target at an address of fsspec (``s3://BUCKET/PREFIX``, ``gs://…``, ``file:///FOLDER``).

    Credentials, region and endpoint are those that the store's own client finds (``AWS_…``, ``AWS_ENDPOINT_URL``, its
    configuration files); none is ever given here. Nothing is connected to yet.

    Raises:
        CorpusToolError: the package for it is not installed, or the address holds what fsspec takes for a pattern.
    """
    return BucketTarget(open_store(address))


def _files(sizes: Mapping[str, int], hashes: Mapping[str, tuple[Any, Any]]) -> dict[str, PublishedFile]:
    """Files of a published version. Their SHA-256 is the manifest's word where the size is; ``fetch`` proves it."""
    found = {}
    for path, size in sizes.items():
        told_size, told_hash = hashes.get(path, (None, None))
        if path != UNFINISHED:
            found[path] = PublishedFile(path, size, sha256=told_hash if told_size == size else None)
    return found


def _hashes(manifest: Mapping[str, Any], data: bytes) -> dict[str, tuple[Any, Any]]:
    """Size in bytes and SHA-256 of every file as a manifest tells them, which one of others may not, and of itself."""
    entries = manifest.get("files")
    files = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    told = {str(entry.get("path")): (entry.get("bytes"), entry.get("sha256")) for entry in files}
    return {**told, MANIFEST: (len(data), sha256_bytes(data))}
