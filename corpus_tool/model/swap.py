"""Putting a folder in another one's place, so that a kill at any moment leaves one of the two, whole.

``documents`` makes room for ``.documents.new``, and is ``.documents.old`` until it is removed. A new folder is begun
anew unless an old one stands beside it: only then it was complete. Between the two renames there is no ``documents``
for a moment; who finds it so finishes what was begun.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from corpus_tool.model.atomic import sync_folder
from corpus_tool.model.errors import CorpusToolError


def new_folder(folder: Path) -> Path:
    """Where the folder is prepared that is to take another one's place."""
    return folder.with_name(f".{folder.name}.new")


def old_folder(folder: Path) -> Path:
    """What a folder is called that has made room, until it is removed."""
    return folder.with_name(f".{folder.name}.old")


def _undone_folder(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.undone")


def swap(folder: Path) -> None:
    """Puts ``new_folder(folder)``, which is complete, in the place of a folder; that one becomes ``old_folder``.

    Raises:
        CorpusToolError: a folder cannot be renamed; then all is as it was.
    """
    try:
        folder.rename(old_folder(folder))
        new_folder(folder).rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        if not folder.exists():
            old_folder(folder).rename(folder)
        raise CorpusToolError(f"{folder}: cannot be replaced: {error.strerror or error}") from error


def swap_back(folder: Path) -> None:
    """Undoes ``swap``, as long as the old folder is there."""
    folder.rename(_undone_folder(folder))  # not ``new_folder``: that would be put back by who finds it
    old_folder(folder).rename(folder)
    shutil.rmtree(_undone_folder(folder), ignore_errors=True)


def finish_swap(folder: Path) -> bool:
    """Finishes a swap that was cut off between its two renames.

    Returns:
        Whether the folder is there now.
    """
    if not folder.is_dir() and old_folder(folder).is_dir():
        whole = new_folder(folder) if new_folder(folder).is_dir() else old_folder(folder)
        with suppress(FileNotFoundError):  # another process was faster
            whole.rename(folder)
    return folder.is_dir()


def clear_swap(folder: Path) -> None:
    """Removes what a swap that was cut off has left beside the folder; to be done by who alone may swap.

    Raises:
        CorpusToolError: it cannot be removed.
    """
    finish_swap(folder)
    for left in (new_folder(folder), _undone_folder(folder), old_folder(folder)):
        try:
            if left.is_dir() and folder.is_dir():
                shutil.rmtree(left)
        except OSError as error:
            raise CorpusToolError(f"{left}: cannot be removed: {error.strerror or error}") from error
