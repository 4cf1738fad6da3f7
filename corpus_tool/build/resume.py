"""What a build that was ended before its time leaves to the next one: the rows of the units that it had finished."""

from __future__ import annotations

import hashlib
import shutil
from functools import cached_property
from pathlib import Path

from corpus_tool.read.storage import scratch_folder

#: Folder, below that of a corpus for what can be made anew, with a folder for each state of the corpus.
_FOLDER = "build"

_DIGEST_BYTES = 16


class Finished:
    """Units of work that are done, each a file, or nowhere where these cannot be written.

    A file that was cut or harmed counts as absent; a disk that is full is given back what lies here.
    """

    def __init__(self, root: Path, state: str) -> None:
        """What earlier builds of the same state have finished; what those of other states left is removed.

        Args:
            root: the corpus.
            state: a word for all that the rows depend on: the same word, the same rows.
        """
        self._root, self._state = root, state
        self._is_full = False

    @cached_property
    def _folder(self) -> Path | None:
        """Where the files are; looked for when it is first needed: a small corpus needs none."""
        scratch = scratch_folder(self._root)
        if scratch is None or (scratch / _FOLDER).is_symlink():
            return None
        folder = scratch / _FOLDER / self._state
        for other in folder.parent.iterdir() if folder.parent.is_dir() else ():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return None if folder.is_symlink() else folder

    def get(self, number: int) -> bytes | None:
        """What was kept of the n-th unit; None where nothing was."""
        if self._folder is None:
            return None
        try:
            kept = (self._folder / f"{number:08}").read_bytes()
        except OSError:
            return None
        digest, data = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
        return data if digest == _digest(data) else None

    def put(self, number: int, data: bytes) -> None:
        """Keeps the n-th unit."""
        if self._folder is None or self._is_full:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{number:08}").write_bytes(_digest(data) + data)
        except OSError:
            self._is_full = True
            self.forget()

    def forget(self) -> None:
        """Removes all that is kept: the build is done, or needs the room."""
        if "_folder" in self.__dict__ and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            try:
                self._folder.parent.rmdir()
            except OSError:  # another build's state lies there
                return


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()
