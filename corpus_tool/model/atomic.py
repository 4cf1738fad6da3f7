"""Writing files so that a kill at any moment leaves the old or the new one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from corpus_tool.model.errors import CorpusToolError


def write_atomic(path: Path, text: str) -> None:
    """Writes ``text`` as UTF-8 into a temporary file beside ``path``, syncs it to disk, and renames it.

    The parent folder is made where it is missing. The permissions of an old file are kept.

    Raises:
        CorpusToolError: the file cannot be written.
    """
    data = text.encode("utf-8")
    with replaced_atomic(path) as file:
        file.write(data)


@contextmanager
def replaced_atomic(path: Path) -> Iterator[BinaryIO]:
    """A temporary file beside ``path`` that takes its place once the body has ended; if that raises, ``path`` stays.

    The parent folder is made where it is missing. The permissions of an old file are kept.

    Raises:
        CorpusToolError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise CorpusToolError(f"{path}: {error.strerror or error}") from error


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
