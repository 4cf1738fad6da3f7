"""Folders as a build makes them, with a few bytes in each file, and publishing them without what looks them through."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus_tool.publish.bucket import BucketTarget, open_bucket
from corpus_tool.publish.plan import plan_release

Json = dict[str, Any]

#: Files of a first version, and of a second one with a shard less and a picture more.
FIRST = {
    "README.md": b"# \xf0\x9f\x94\xa5 e\xcc\x81 \xd9\x86\xd9\x8e \xe6\x9d\x8e\r\n",
    "default/train-00000-of-00002.parquet": b"one" * 1000,
    "default/train-00001-of-00002.parquet": b"two" * 1000,
}
SECOND = {
    "README.md": b"# second\n",
    "default/train-00000-of-00001.parquet": b"one" * 2000,
    "pictures/a.svg": b"<svg/>",
}

#: ``python -c SCRIPT FOLDER ADDRESS``: publishes in a process of its own, and prints each step before it is taken.
SCRIPT = """
import sys
from pathlib import Path
from corpus_tool.model import CorpusToolError
from corpus_tool.publish.bucket import open_bucket
from corpus_tool.publish.plan import plan_release

target = open_bucket(sys.argv[2])
try:
    release = plan_release(Path(sys.argv[1]), target)
    print(target.release(release, lambda step: print(step, flush=True)))
except CorpusToolError as error:
    sys.exit(str(error))
"""


def make_dist(folder: Path, version: str, files: Mapping[str, bytes], *, name: str = "wire") -> Path:
    """A folder with a manifest; the bytes of the files are given."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    manifest = {
        "schema": "corpus-tool/manifest/1",
        "name": name,
        "version": version,
        "rows": {"default": {"train": 2}},
        "files": [{"path": path, "bytes": len(data), "sha256": sha256(data)} for path, data in sorted(files.items())],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def random_bytes(size: int) -> bytes:
    """Bytes that are the same each time, and compress to nothing less."""
    return random.Random(7).randbytes(size)


def publish(folder: Path, address: str) -> list[str]:
    """Publishes as it stands; the steps that were taken."""
    return release_to(open_bucket(address), folder)


def release_to(target: BucketTarget, folder: Path) -> list[str]:
    """Publishes at a target that is open; the steps that were taken."""
    steps: list[str] = []
    assert target.release(plan_release(folder, target), steps.append).startswith("v")
    return steps


def lies_at(address: str) -> dict[str, bytes]:
    """Every file below an address, read as any client of the store reads it."""
    store = open_bucket(address).store
    found = store.client.find(store.root)
    return {path.removeprefix(f"{store.root}/"): store.client.cat_file(path) for path in found}


def published_at(folder: Path, tag: str) -> dict[str, bytes]:
    """The files of a build as they are to lie at an address."""
    return {f"{tag}/{p.relative_to(folder).as_posix()}": p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def sha256(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
