"""Whether a dataset is what a build would write again: from the same inputs, by the same code, and unharmed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus_tool.build.manifest import MANIFEST, manifest_head, sha256_file
from corpus_tool.model.corpus import CorpusConfig


def current_manifest(out: Path, config: CorpusConfig, inputs: str) -> dict[str, Any] | None:
    """The manifest of a dataset that needs no build; None where one would write something else.

    Args:
        out: the dataset's folder, which may be absent.
        config: ``corpus.yaml``, with what the command line changed in it.
        inputs: what ``inputs_digest`` gives for the corpus now.
    """
    try:
        manifest: dict[str, Any] = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        head = json.loads(json.dumps(manifest_head(config, inputs)))
        if any(manifest[key] != value for key, value in head.items()):
            return None
        whole = all(_is_whole(out / file["path"], file) for file in manifest["files"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return manifest if whole else None


def _is_whole(path: Path, file: dict[str, Any]) -> bool:
    return path.is_file() and path.stat().st_size == file["bytes"] and sha256_file(path) == file["sha256"]
