"""The manifest: what a dataset folder holds and what it was built from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpus_tool import __version__

MANIFEST = "manifest.json"
FORMAT = "corpus-tool/manifest/1"

#: Libraries whose version decides the bytes of the files.
_LIBRARIES = ("datasets", "huggingface_hub", "pyarrow")


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inputs_digest(files: Iterable[tuple[str, Path]]) -> str:
    """One SHA-256 over the names and contents of the inputs, in the order of the names."""
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(f"{name}\0{sha256_file(path)}\n".encode())
    return digest.hexdigest()


def made_files(folder: Path) -> set[str] | None:
    """The paths of the files that a build made in ``folder``, with the manifest; None where no build made it."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["schema"] != FORMAT:
            return None
        return {MANIFEST, *(file["path"] for file in manifest["files"])}
    except (OSError, ValueError, LookupError, TypeError):
        return None


def render_manifest(
    folder: Path, *, name: str, release: str, inputs: str, rows: Mapping[str, Any], ledger: Mapping[str, int]
) -> str:
    """The text of ``manifest.json`` for the files that lie in ``folder``.

    Args:
        folder: the dataset, without its manifest.
        name: the corpus's name.
        release: the corpus's version.
        inputs: what ``inputs_digest`` gave for the corpus.
        rows: rows by config and split.
        ledger: what a config could not carry, counted.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "schema": FORMAT,
        "name": name,
        "version": release,
        "tool": f"corpus-tool {__version__}",
        "libraries": {library: version(library) for library in _LIBRARIES},
        "inputs_sha256": inputs,
        "rows": rows,
        "left_out": dict(sorted(ledger.items())),
        "files": [
            {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256_file(path)}
            for path in files
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
