"""What a target of a release is: the Hub, a bucket, a folder. ``targets.py`` has the table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

#: Called with a few words on each step of a release: "upload default/train-00000-of-00001.parquet".
OnStep = Callable[[str], None]


class Visibility(StrEnum):
    """Who can read what is published."""

    PUBLIC = "public"
    PRIVATE = "private"
    #: A bucket or a folder: its own policy says who reads, and publishing does not change it.
    POLICY = "as the store's policy says"


class Change(StrEnum):
    """What a release does to a file of the target."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class LocalFile:
    """A file of the built dataset.

    Attributes:
        path: in the dataset's folder, with "/".
        size: in bytes.
        sha256: in hexadecimal, of the bytes that lie there now.
        source: where it lies.
    """

    path: str
    size: int
    sha256: str
    source: Path


@dataclass(frozen=True)
class PublishedFile:
    """A file as a target tells of it.

    Attributes:
        path: in the dataset, with "/".
        size: in bytes.
        sha256: in hexadecimal; None where the target tells of a git blob alone.
        blob_id: SHA-1 of the file as a git blob; None where the target has no git.
    """

    path: str
    size: int
    sha256: str | None = None
    blob_id: str | None = None


@dataclass(frozen=True)
class Published:
    """What lies at a target now: what a reader gets who names no revision.

    Attributes:
        exists: whether there is such a repository or address.
        visibility: who can read it; None where nothing is there yet.
        gated: "" for open; "auto" or "manual" where readers must ask.
        revision: of what a reader gets: a commit on the Hub, a tag as "v1.0.0" in a bucket; None where nothing is.
        version: the version of that, from its manifest; None without one.
        files: by path. Those of the Hub's own (``.gitattributes``) are left out.
        manifest: ``manifest.json`` as it is published; None where there is none that can be read.
        tags: the revision of each version that is published, by tag ("v1.0.0").
    """

    exists: bool = False
    visibility: Visibility | None = None
    gated: str = ""
    revision: str | None = None
    version: str | None = None
    files: Mapping[str, PublishedFile] = field(default_factory=dict)
    manifest: Mapping[str, Any] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileChange:
    """A file before and after a release; sizes in bytes, None where it is not there."""

    path: str
    change: Change
    size: int | None
    size_before: int | None
    sha256: str | None


@dataclass(frozen=True)
class Release:
    """What is about to be published: the plan that is shown, confirmed, and then done as it stands.

    Attributes:
        folder: the built dataset.
        address: of the target, without a revision.
        version: of the dataset, from its manifest.
        tag: the version's name at the target: "v" and the version.
        files: all of the dataset, in the order of their paths, ``manifest.json`` among them.
        wish: who is to read it.
        now: what lies at the target.
        changes: of every file, in the order of their paths.
        rows: rows by config and split, from the manifest.
        notes: what changed, in Markdown, for the tag; "" where nobody wrote it.
    """

    folder: Path
    address: str
    version: str
    tag: str
    files: tuple[LocalFile, ...]
    wish: Visibility
    now: Published
    changes: tuple[FileChange, ...]
    rows: Mapping[str, Mapping[str, int]]
    notes: str = ""

    @property
    def is_done(self) -> bool:
        """Whether the target has this very version already, file by file."""
        return (
            self.now.tags.get(self.tag) is not None
            and self.now.tags[self.tag] == self.now.revision
            and all(change.change is Change.UNCHANGED for change in self.changes)
        )


@dataclass(frozen=True)
class LoadCall:
    """How a reader loads a config: the arguments of ``datasets.load_dataset``; no secret is among them."""

    arguments: tuple[str, ...]
    options: Mapping[str, Any]

    def line(self) -> str:
        """One line of Python."""
        words = [_literal(argument) for argument in self.arguments]
        words += [f"{key}={_literal(value)}" for key, value in self.options.items()]
        return f"load_dataset({', '.join(words)})"


def _literal(value: Any) -> str:
    """A literal of Python with double quotes, as people write it."""
    if isinstance(value, str):
        import json

        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_literal(key)}: {_literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return repr(value)


class Target(Protocol):
    """Where releases go. Every method raises ``CorpusToolError`` with one line for a person, which holds no secret."""

    @property
    def address(self) -> str:
        """As people write it, without a revision."""

    def look(self, tag: str) -> Published:
        """What lies there now; nothing is written.

        Args:
            tag: of the version that is to be published. Where that version was begun and not finished, or lies beside
                what readers get (a bucket's folders), ``files`` is still what readers get.
        """

    def release(self, release: Release, on_step: OnStep) -> str:
        """Publishes, compares what then lies there by SHA-256, and only then makes the version visible under its tag.

        What was cut off before is finished. The last step is one that readers see whole or not at all.

        Returns:
            The revision that pins it: a commit's id, or a tag.

        Raises:
            CorpusToolError: refused, cut off, somebody else published in between, or what lies there differs.
        """

    def fetch(self, revision: str, folder: Path, on_step: OnStep) -> str:
        """Downloads every file of a published version; nothing that was downloaded before is reused.

        Args:
            revision: a tag, a commit's id, or "" for what a reader gets who names none.
            folder: a new one.
            on_step: called for each file.

        Returns:
            The revision that pins it.
        """

    def load_call(self, config: str, revision: str, splits: Mapping[str, int]) -> LoadCall:
        """How a config of a published version is loaded.

        Args:
            config: the config.
            revision: that pins it, as ``release`` and ``fetch`` return it.
            splits: rows by split, from the manifest.
        """
