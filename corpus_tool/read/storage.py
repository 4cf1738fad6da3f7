"""Corpora in a storage: the place a user names, what is kept of it on this machine, and whether a file has changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from corpus_tool.model.storage import is_remote, location, require_local, way_down

if TYPE_CHECKING:
    from corpus_tool.model.remote import RemotePath

__all__ = ["fingerprint", "is_remote", "location", "require_local", "scratch_folder", "way_down"]

#: Folder of a corpus that holds what can be made anew; a .gitignore in it keeps it out of repositories.
SCRATCH_FOLDER = ".corpus-tool"


def scratch_folder(root: Path) -> Path | None:
    """A folder of this machine for what can be made anew from a corpus: results kept, work that was cut off.

    That is ``.corpus-tool`` in the corpus, or, where the corpus is in a storage, a folder below the user's cache folder
    (``XDG_CACHE_HOME``, else ``~/.cache``) that is named after the corpus's address.

    Returns:
        The folder; None where there is none and none can be made, or where a link stands in its place.
    """
    folder = _cached(root) if is_remote(root) else root / SCRATCH_FOLDER
    if folder is None or folder.is_symlink():
        return None
    try:
        folder.mkdir(0o700 if is_remote(root) else 0o777, parents=is_remote(root), exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("# What corpus-tool can make anew.\n*\n", encoding="utf-8")
    except OSError:
        return None
    return folder


def fingerprint(path: Path) -> str:
    """A word that changes whenever the bytes of a file do; a date alone is never one.

    On a disk it is BLAKE2 of the bytes. In a storage it is what the storage says of them (an ETag, a checksum) and
    their number, so that nothing is downloaded; BLAKE2 of the bytes where it says nothing.

    Raises:
        OSError: the file cannot be read.
    """
    tag = cast("RemotePath", path).tag() if is_remote(path) else None  # of a path from a listing: as it was then
    if tag is not None:
        return hashlib.blake2b(f"{path}\n{tag}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _cached(root: Path) -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME", "")
    name = hashlib.blake2b(str(root).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    try:
        home = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # nobody's home is known
        return None
    return home / "corpus-tool" / name
