"""The files of another tool: found in folders, read whole, decoded strictly."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.ledger import LEDGER_FILE
from corpus_tool.model import CorpusToolError

#: The folder of a corpus, or of an export, that holds one folder for each of several annotators.
ANNOTATORS = "annotators"

#: Bytes of one file that are read: an export of a large project in one JSON has some 100 MB.
MAX_BYTES = 1_000_000_000


def files_below(path: Path, suffixes: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The files that a path stands for, in order, each with its name: its path below ``path``, without suffix.

    Args:
        path: a file, whatever its suffix, or a folder, which is searched with the folders in it. Hidden ones, links to
            folders, the ledger of an export, and ``annotators/``, whose folders are read by themselves, are left out.
        suffixes: in lower case, with their dot.

    Raises:
        CorpusToolError: the path does not exist, or a folder cannot be read.
    """
    if not path.is_dir():
        if not path.exists():
            raise CorpusToolError(f"{path}: no such file or folder")
        yield path.stem, path
        return

    def refuse(error: OSError) -> None:
        raise CorpusToolError(f"{error.filename}: {error.strerror}") from error

    for top, folders, names in os.walk(path, onerror=refuse):
        own = {ANNOTATORS} if Path(top) == path else set()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in own)
        for name in sorted(names):
            found = Path(top, name)
            if name.startswith(".") or found.suffix.lower() not in suffixes or found == path / LEDGER_FILE:
                continue
            yield found.relative_to(path).with_suffix("").as_posix(), found


def read_bytes(path: Path) -> bytes | Diagnostic:
    """The bytes of a regular file; a diagnostic where there are none to be had."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return import_fault("import-file-unreadable", str(path), "is not a regular file")
        if status.st_size > MAX_BYTES:
            return import_fault("import-file-unreadable", str(path), f"larger than {MAX_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        return import_fault("import-file-unreadable", str(path), error.strerror or str(error))


def read_text(path: Path) -> str | Diagnostic:
    """The text of a file in UTF-8, line ends and byte order mark as they are; a diagnostic where it is none."""
    data = read_bytes(path)
    if isinstance(data, Diagnostic):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        return import_fault("import-file-unreadable", str(path), told, line=line)
