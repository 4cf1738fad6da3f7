"""The manifest: what a dataset folder holds and what it was built from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool import __version__
from corpus_tool.agreement.summary import AgreementRow
from corpus_tool.changelog import MOST_SHOWN, Entry
from corpus_tool.model.corpus import CorpusConfig
from corpus_tool.model.schemas import schema_folder

MANIFEST = "manifest.json"
FORMAT = "corpus-tool/manifest/1"

#: Libraries whose version decides the bytes of the files.
_LIBRARIES = ("datasets", "huggingface_hub", "pyarrow")

#: Keys of ``corpus.yaml`` that are about the work on the corpus and not about the dataset.
_OF_THE_WORKSHOP = frozenset({"annotate", "ignore"})


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inputs_digest(root: Path, names: Iterable[str]) -> str:
    """One SHA-256 over the names and contents of files of a corpus, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\0{sha256_file(root / name)}\n".encode())
    return digest.hexdigest()


def code_digest() -> str:
    """SHA-256 over this package's code and schemas, with whatever line ends they were checked out."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for root, pattern in ((package, "*.py"), (schema_folder(), "*.json")):
        for path in sorted(root.rglob(pattern)):
            data = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode())
            digest.update(data)
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


def manifest_head(config: CorpusConfig, inputs: str) -> dict[str, Any]:
    """The part of a manifest that says what a dataset was built from and by what; the rest follows from it.

    Args:
        config: ``corpus.yaml``; what it says for the card and the build is kept.
        inputs: what ``inputs_digest`` gave for the corpus.
    """
    return {
        "schema": FORMAT,
        "name": config.name,
        "version": config.version,
        "tool": f"corpus-tool {__version__}",
        "code_sha256": code_digest(),
        "libraries": {library: version(library) for library in _LIBRARIES},
        "inputs_sha256": inputs,
        "corpus": {key: value for key, value in msgspec.to_builtins(config).items() if key not in _OF_THE_WORKSHOP},
    }


def render_manifest(
    folder: Path,
    config: CorpusConfig,
    *,
    inputs: str,
    rows: Mapping[str, Any],
    ledger: Mapping[str, int],
    losses: Mapping[str, int],
    changes: Sequence[Entry] = (),
    agreement: Sequence[AgreementRow] = (),
) -> str:
    """The text of ``manifest.json`` for the files that lie in ``folder``.

    Args:
        folder: the dataset, without its manifest.
        config: ``corpus.yaml``; what it says for the card and the build is kept.
        inputs: what ``inputs_digest`` gave for the corpus.
        rows: rows by config and split.
        ledger: what the tags of the config ``tokens`` could not carry, counted.
        losses: what no config carries, counted.
        changes: the changelog of the corpus, the newest entry first.
        agreement: what was measured of its annotators' agreement; without it there is no such key.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        **manifest_head(config, inputs),
        "rows": rows,
        "left_out": dict(sorted(ledger.items())),
        "losses": dict(sorted(losses.items())),
        "changes": msgspec.to_builtins(list(changes[:MOST_SHOWN])),
        **({"agreement": msgspec.to_builtins(list(agreement))} if agreement else {}),
        "files": [
            {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "sha256": sha256_file(path)}
            for path in files
        ],
    }
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
