"""How versions of a dataset lie in a bucket or a folder, and reading what says so.

A store knows no transactions, so the order of writing makes a release whole:

    ADDRESS/v1.1.0/unfinished.json    first: which build is on its way, and the names of its files
    ADDRESS/v1.1.0/…                  the dataset, every file read back and compared by SHA-256
    ADDRESS/v1.1.0/manifest.json      created only where there is none; from here on the version exists, and stays
    ADDRESS/latest.json               last: the highest version, replaced in one go

A folder without a manifest is no version: it is never read, and its files may be replaced.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.build.manifest import MANIFEST
from corpus_tool.model import CorpusToolError
from corpus_tool.publish.bucket_store import Store, has_file, list_names, reach_store, read_file

LATEST = "latest.json"
UNFINISHED = "unfinished.json"

_LATEST_FORMAT = "corpus-tool/latest/1"
_UNFINISHED_FORMAT = "corpus-tool/unfinished/1"

#: A version's folder; corpus.yaml allows no versions of another shape. Fifteen digits are a number everywhere.
_TAG = re.compile(r"v([0-9]{1,15})[.]([0-9]{1,15})[.]([0-9]{1,15})")


@dataclass(frozen=True)
class Latest:
    """``latest.json``: the highest version that is published.

    Attributes:
        name: of the dataset.
        tag: the version's folder.
        manifest: bytes of its manifest, which have the SHA-256 that ``latest.json`` names.
    """

    name: str
    tag: str
    manifest: bytes


@dataclass(frozen=True)
class Unfinished:
    """``unfinished.json``: which build of a version is on its way.

    Attributes:
        manifest_sha256: of the build's manifest; "" where nothing is on its way.
        files: paths of what it, and those before it that were cut off, may have written.
    """

    manifest_sha256: str = ""
    files: frozenset[str] = frozenset()


def read_latest(store: Store) -> Latest | None:
    """What ``latest.json`` names; None where nothing is published yet.

    Raises:
        CorpusToolError: no such bucket, the store refuses, or the manifest is not the one that ``latest.json`` names.
    """
    data = read_file(store, LATEST)
    if data is None:
        reach_store(store)  # to read a file in a bucket that is not there looks the same
        return None
    where = f"{store.address}/{LATEST}"
    latest = parse_object(data, where)
    tag, name = latest.get("tag"), latest.get("name")
    if latest.get("schema") != _LATEST_FORMAT or not isinstance(tag, str) or not isinstance(name, str):
        raise CorpusToolError(f"{where}: not written by corpus-tool; choose another address")
    version_number(tag)
    manifest = read_file(store, f"{tag}/{MANIFEST}")
    if manifest is None or sha256_bytes(manifest) != latest.get("manifest_sha256"):
        what = "is not there" if manifest is None else "has other bytes than when it was published"
        raise CorpusToolError(f"{where}: names {tag}, whose {MANIFEST} {what}; bring it back, or delete {LATEST}")
    return Latest(name, tag, manifest)


def render_latest(latest: Latest) -> bytes:
    """``latest.json`` for a version; no date is in it."""
    return _render(
        {
            "schema": _LATEST_FORMAT,
            "name": latest.name,
            "version": latest.tag.removeprefix("v"),
            "tag": latest.tag,
            "manifest_sha256": sha256_bytes(latest.manifest),
        }
    )


def read_unfinished(store: Store, tag: str) -> Unfinished:
    """Which build of a version is on its way."""
    try:
        marker = json.loads(read_file(store, f"{tag}/{UNFINISHED}") or b"{}")
        return Unfinished(str(marker["manifest_sha256"]), frozenset(map(str, marker["files"])))
    except (ValueError, LookupError, TypeError, RecursionError):
        return Unfinished()


def render_unfinished(unfinished: Unfinished) -> bytes:
    """``unfinished.json`` for a build that is on its way."""
    return _render(
        {
            "schema": _UNFINISHED_FORMAT,
            "manifest_sha256": unfinished.manifest_sha256,
            "files": sorted(unfinished.files),
        }
    )


def list_versions(store: Store) -> list[str]:
    """Tags of the versions that have a manifest, in the order of their numbers."""
    tags = [name for name in list_names(store) if _TAG.fullmatch(name)]
    return sorted((tag for tag in tags if has_file(store, f"{tag}/{MANIFEST}")), key=version_number)


def version_number(tag: str) -> tuple[int, ...]:
    """A version's place among the others: (1, 10, 0) of "v1.10.0".

    Raises:
        CorpusToolError: the tag is none of a version.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        raise CorpusToolError(f"{tag!r}: is no version in a bucket or a folder; one is v1.0.0")
    return tuple(map(int, match.groups()))


def parse_object(data: bytes, where: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        CorpusToolError: it is none; ``where`` says which file.
    """
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        raise CorpusToolError(f"{where}: is no JSON object")
    return parsed


def sha256_bytes(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _render(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
