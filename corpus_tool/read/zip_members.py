"""Members of zip files."""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

from corpus_tool.read.archive import Guarded, Member, damaged
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.inputs import Input
from corpus_tool.read.unpack import PIECE

#: Bytes of the list at the end of a zip file, which is read as a whole: some 100,000 members with long names.
MAX_LIST_BYTES = 12_000_000

#: Bytes of a zip file that is not a file by itself and has to be kept, in a temporary file, while it is read.
MAX_KEPT_BYTES = 1_000_000_000

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_OTHER_METHODS = {9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstandard", 95: "xz", 98: "ppmd"}
_ENCRYPTED = 0x1
_UTF_8 = 0x800


class _ShortReads:
    """A file that refuses to be read in pieces as large as only a hostile list of members is."""

    def __init__(self, file: BinaryIO, path: str) -> None:
        self._file = file
        self._path = path
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, MAX_LIST_BYTES + 1) if size >= 0 else MAX_LIST_BYTES + 1)
        if len(data) > MAX_LIST_BYTES or size > MAX_LIST_BYTES:
            message = f"its list of members is larger than {MAX_LIST_BYTES // 1_000_000} MB"
            raise ReadError(fault("archive-too-large", self._path, message))
        return data


def zip_members(source: Input) -> Iterator[Member]:
    """The members of a zip file that are no folders, in the order of its list.

    Raises:
        ReadError: it is damaged, or its list is too large.
    """
    with tempfile.TemporaryFile() as kept:
        file = source.on_disk or _keep(source, cast("BinaryIO", kept))
        size = file.seek(0, 2)
        file.seek(0)
        if not source.depth and source.mark is None:
            source.budget.count(0, size)
        try:
            archive = zipfile.ZipFile(cast("BinaryIO", _ShortReads(file, source.path)))
        except ReadError:
            raise
        except Exception as error:  # struct, UnicodeDecodeError, ValueError: zipfile trusts what it reads
            raise damaged(source.path, f"cannot be opened: {error or type(error).__name__}") from error
        with archive:
            for info in archive.filelist:
                if not info.is_dir():
                    yield Member(_name(info), partial(_open, archive, info, source), _refusal(info))


def _keep(source: Input, kept: BinaryIO) -> BinaryIO:
    """Writes a stream to an unnamed file, since a zip file is read from its end."""
    stream = source.open()
    size = 0
    while data := stream.read(PIECE):
        size += len(data)
        if size > MAX_KEPT_BYTES:
            message = f"is larger than {MAX_KEPT_BYTES // 1_000_000_000} GB, and would have to be kept on disk"
            raise ReadError(fault("archive-too-large", source.path, message))
        kept.write(data)
    return kept


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: Input) -> BinaryIO:
    try:
        stream = archive.open(info)
    except ReadError:
        raise
    except Exception as error:  # as above: the member's own header is read here
        path = f"{source.path}!/{_name(info)}"
        raise damaged(path, f"cannot be opened: {error or type(error).__name__}") from error
    return cast("BinaryIO", Guarded(cast("BinaryIO", stream), f"{source.path}!/{_name(info)}", source.budget.count))


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name. Without the flag for UTF-8 it is, by the standard, code page 437; many are UTF-8 still."""
    if info.flag_bits & _UTF_8:
        return info.filename
    try:
        return info.orig_filename.split("\0")[0].encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _refusal(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return "it is a link" if stat.S_ISLNK(mode) else "it is no regular file"
    if info.compress_type not in _METHODS:
        method = _OTHER_METHODS.get(info.compress_type, str(info.compress_type))
        return f"it is compressed by the method {method}; deflate is what is read"
    return ""
