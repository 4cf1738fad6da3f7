"""What the Hub of the tests keeps, read from its disk; and what a dataset's folder holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hub_server.client import RunningHub


def held(hub: RunningHub, repo: str) -> dict[str, Any]:
    """What the Hub keeps of a repository."""
    found: dict[str, Any] = json.loads((hub.root / "repositories" / f"{repo}.json").read_bytes())
    return found


def titles(hub: RunningHub, repo: str) -> list[str]:
    """The history of the main branch, newest first, without the Hub's own first commit."""
    kept = held(hub, repo)
    oid, found = kept["branches"]["main"], []
    while oid:
        found.append(kept["commits"][oid]["title"])
        oid = kept["commits"][oid]["parent"]
    return found[:-1]


def files_of(hub: RunningHub, repo: str, commit: str | None = None) -> dict[str, str]:
    """SHA-256 by path in a commit, at the head without one; what the Hub made itself is left out."""
    kept = held(hub, repo)
    files = kept["commits"][commit or kept["branches"]["main"]]["files"]
    return {path: file["sha256"] for path, file in files.items() if path != ".gitattributes"}


def built_files(folder: Path) -> dict[str, str]:
    """SHA-256 by path of what lies in a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def manifest_of(folder: Path) -> dict[str, Any]:
    """``manifest.json`` of a folder."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return found
