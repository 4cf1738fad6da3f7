"""Writing files so that a kill at any moment leaves the old or the new one, on a disk or in a storage."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from corpus_tool.model.errors import CorpusToolError
from corpus_tool.model.storage import is_remote

if TYPE_CHECKING:
    from corpus_tool.model.remote import RemotePath

#: A temporary file of ours: the name of the file that it would have become, and what ``tempfile`` adds.
_LEFTOVER = re.compile(r"\..+\.[a-z0-9_]{8}\.tmp")


def write_atomic(path: Path, text: str) -> None:
    """Writes ``text`` as UTF-8 into a temporary file beside ``path``, syncs it to disk, and renames it.

    The parent folder is made where it is missing. The permissions of an old file are kept. In a storage it is one put.

    Raises:
        CorpusToolError: the file cannot be written.
    """
    data = text.encode("utf-8")
    with replaced_atomic(path) as file:
        file.write(data)


@contextmanager
def replaced_atomic(path: Path) -> Iterator[BinaryIO]:
    """A temporary file beside ``path`` that takes its place once the body has ended; if that raises, ``path`` stays.

    The parent folder is made where it is missing. The permissions of an old file are kept. What belongs into a storage
    is kept in a temporary file of this machine and uploaded at the end: an object is there as a whole or not at all.

    Raises:
        CorpusToolError: the file cannot be written.
    """
    if is_remote(path):
        with _uploaded(path) as file:
            yield file
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = _locked_temporary(path)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
                Path(temporary).chmod(mode)
                Path(temporary).replace(path)  # before the lock goes
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}") from error


@contextmanager
def _uploaded(path: Path) -> Iterator[BinaryIO]:
    try:
        with tempfile.NamedTemporaryFile(prefix="corpus-tool-") as file:
            yield cast("BinaryIO", file)
            file.flush()
            cast("RemotePath", path).put(Path(file.name))
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}") from error


def _locked_temporary(path: Path) -> tuple[int, str]:
    """A new file beside ``path``, open and locked: that tells ``remove_leftovers`` that somebody writes it."""
    while True:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
        _lock(handle)
        if os.fstat(handle).st_nlink:  # else it was taken for a leftover before it was locked
            return handle, temporary
        os.close(handle)


def remove_leftovers(folder: Path) -> int:
    """Removes the temporary files that killed processes have left in a folder; those being written stay.

    Returns:
        How many were removed. A file that cannot be locked or removed stays without a word.
    """
    removed = 0
    for path in folder.glob(".*.tmp") if not is_remote(folder) and folder.is_dir() else ():
        if not _LEFTOVER.fullmatch(path.name) or path.is_symlink():
            continue
        try:
            with path.open("rb") as file:
                if _lock(file.fileno()):
                    path.unlink()
                    removed += 1
        except OSError:
            continue
    return removed


def _lock(handle: int) -> bool:
    """Locks an open file until it is closed; False where another process holds it, or where no locks are to be had."""
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Makes a rename inside ``folder`` last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    """The process's file mode mask; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
