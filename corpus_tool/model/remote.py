"""A path at an address of a storage, read and written through fsspec.

universal_pathlib was weighed. It takes "::" in the name of an object for a chain of addresses and opens another one,
its ``is_file`` says no where the storage refuses to tell, and its ``mkdir`` makes a bucket where somebody mistypes its
name. What a corpus needs of a path is little.
"""

from __future__ import annotations

import errno
import fnmatch
import io
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import total_ordering
from pathlib import Path, PurePosixPath
from typing import IO, Any

from corpus_tool.model.errors import CorpusToolError
from corpus_tool.model.storage_clients import PACKAGES, client_of, is_refusal, reason_of

#: Bytes that are fetched ahead where a file is read on and on.
_BLOCK_BYTES = 4 * 2**20

#: Bytes that are handed on at once.
_BUFFER_BYTES = 2**18

#: Bytes of a part of a large upload: above Amazon's least (5 MiB), and a multiple of Google's 256 KiB.
_PART_BYTES = 16 * 2**20

#: What credentials must allow.
_NEEDS = "list and read, and to write for commands that write,"

#: What storages say of the bytes of an object, besides their number: a word that changes with them.
_TAGS = ("ETag", "etag", "md5Hash", "crc32c", "content_md5")


@dataclass(frozen=True)
class RemoteStat:
    """What ``RemotePath.stat`` tells.

    Attributes:
        st_size: in bytes; 0 for a folder.
        st_mode: whether it is a file or a folder, as ``stat`` has it.
    """

    st_size: int
    st_mode: int


@total_ordering
class RemotePath:
    """A path in a storage, with the members of ``pathlib.Path`` that corpora need.

    What a storage refuses is an ``OSError`` whose ``strerror`` is one line for a person, without secrets; whether
    something is there is False only where the storage says so. Values are small, compare, sort and can be sent to other
    processes, which connect by themselves, with their own credentials.
    """

    __slots__ = ("_listed", "_path", "_scheme")

    def __init__(self, scheme: str, path: PurePosixPath, listed: Mapping[str, Any] | None = None) -> None:
        self._scheme = scheme
        self._path = path  # bucket/folder/name, relative
        self._listed = listed  # what a listing has told, which is not asked again

    def __str__(self) -> str:
        return f"{self._scheme}://{self._path}"

    def __repr__(self) -> str:
        return f"RemotePath({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RemotePath) and str(self) == str(other)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, RemotePath):
            return NotImplemented
        return (self._scheme, self._path) < (other._scheme, other._path)

    def __hash__(self) -> int:
        return hash(str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return RemotePath, (self._scheme, self._path)

    # What a path says by itself.

    @property
    def name(self) -> str:
        """The last step; of a bucket its name."""
        return self._path.name

    @property
    def stem(self) -> str:
        """The name without its last suffix."""
        return self._path.stem

    @property
    def suffix(self) -> str:
        """The last suffix of the name, with its dot."""
        return self._path.suffix

    @property
    def parts(self) -> tuple[str, ...]:
        """The bucket and the steps below it."""
        return self._path.parts

    @property
    def parent(self) -> RemotePath:
        """The folder that holds it; a bucket is its own, as the root of a disk is."""
        return RemotePath(self._scheme, self._path.parent) if len(self._path.parts) > 1 else self

    @property
    def parents(self) -> tuple[RemotePath, ...]:
        """The folders above, the nearest first, the bucket last."""
        return tuple(RemotePath(self._scheme, path) for path in self._path.parents if path.parts)

    def as_posix(self) -> str:
        """The address."""
        return str(self)

    def absolute(self) -> RemotePath:
        """Itself: addresses are absolute."""
        return self

    def resolve(self, *, strict: bool = False) -> RemotePath:
        """Itself: there are no links, and no ``..``."""
        return self

    def is_absolute(self) -> bool:
        """True."""
        return True

    def is_symlink(self) -> bool:
        """False: there are no links."""
        return False

    def joinpath(self, *steps: str | PurePosixPath) -> RemotePath:
        """A path below this one.

        Raises:
            CorpusToolError: a step leads out: it is absolute or holds "..".
        """
        path = self._path
        for step in steps:
            further = PurePosixPath(step)
            if further.is_absolute() or ".." in further.parts:
                raise CorpusToolError(f"{self}: {str(step)!r} leads out of it")
            path /= further
        return RemotePath(self._scheme, path)

    def __truediv__(self, step: str | PurePosixPath) -> RemotePath:
        return self.joinpath(step)

    def with_name(self, name: str) -> RemotePath:
        """The path with another name beside this one."""
        return RemotePath(self._scheme, self._path.with_name(name))

    def with_suffix(self, suffix: str) -> RemotePath:
        """The path with another suffix beside this one."""
        return RemotePath(self._scheme, self._path.with_suffix(suffix))

    def relative_to(self, other: object) -> PurePosixPath:
        """The way from another path down to this one: relative, so at no storage.

        Raises:
            ValueError: this one does not stand below it.
        """
        if not isinstance(other, RemotePath) or other._scheme != self._scheme:
            raise ValueError(f"{str(self)!r} is not in the subpath of {str(other)!r}")
        return self._path.relative_to(other._path)

    def is_relative_to(self, other: object) -> bool:
        """Whether this path is another one or stands below it."""
        return (
            isinstance(other, RemotePath) and other._scheme == self._scheme and self._path.is_relative_to(other._path)
        )

    # What the storage says.

    def exists(self) -> bool:
        """Whether there is a file or a folder, asked anew; a folder is there as long as something stands in it."""
        return RemotePath(self._scheme, self._path)._found() is not None

    def is_file(self) -> bool:
        """Whether there is such a file."""
        return self._found() == "file"

    def is_dir(self) -> bool:
        """Whether there is such a folder, with something in it."""
        return self._found() == "directory"

    def stat(self) -> RemoteStat:
        """Size and kind: what a listing said where the path comes from one.

        Raises:
            FileNotFoundError: there is neither a file nor a folder.
        """
        info = self._info()
        if info["type"] == "directory":
            return RemoteStat(0, stat.S_IFDIR)
        return RemoteStat(int(info.get("size") or 0), stat.S_IFREG)

    def tag(self) -> str | None:
        """A word that changes when the bytes of the file do, as ``stat`` asked for; None where the storage has none."""
        info = self._info()
        return next((f"{name} {info[name]} {info.get('size')}" for name in _TAGS if info.get(name)), None)

    def iterdir(self) -> Iterator[RemotePath]:
        """What stands in the folder itself.

        Raises:
            FileNotFoundError: nothing stands there.
            NotADirectoryError: it is a file.
        """
        with self._told():
            client, path = self._client()
            entries = client.ls(path, detail=True)
        names = [(entry["name"].rstrip("/").rpartition("/")[2], entry) for entry in entries]
        if len(entries) == 1 and entries[0]["type"] == "file" and entries[0]["name"].strip("/") == path.strip("/"):
            raise NotADirectoryError(errno.ENOTDIR, "is a file, a folder was expected", str(self))
        for name, entry in names:
            # A marker that some clients write for an empty folder is called as the folder is.
            if name and name not in {".", ".."} and entry["name"].strip("/") != path.strip("/"):
                yield RemotePath(self._scheme, self._path / name, entry)

    def glob(self, pattern: str) -> Iterator[RemotePath]:
        """What in the folder itself is called so; ``*`` and ``?`` stand for letters of a name."""
        assert "/" not in pattern
        if self.is_dir():
            yield from (path for path in self.iterdir() if fnmatch.fnmatchcase(path.name, pattern))

    def rglob(self, pattern: str) -> Iterator[RemotePath]:
        """The files, but not the folders, below this folder that are called so, from one listing."""
        with self._told():
            client, path = self._client()
            found = client.find(path, detail=True)
        inside = f"{path.strip('/')}/"
        for name, entry in found.items():
            below = PurePosixPath(name.strip("/").removeprefix(inside))
            if not name.endswith("/") and ".." not in below.parts and fnmatch.fnmatchcase(below.name, pattern):
                yield RemotePath(self._scheme, self._path / below, entry)

    def open(self, mode: str = "r", *, encoding: str | None = None, newline: str | None = None) -> IO[Any]:
        """The file, open for reading on or here and there; what is fetched ahead is a few MB.

        Files are written as a whole, by ``put``, never through an open one.

        Raises:
            OSError: there is no such file, or the storage refuses; the same while it is read.
        """
        if mode not in {"r", "rb"}:
            raise OSError(errno.EOPNOTSUPP, "files of a storage are written as a whole", str(self))
        with self._told():
            client, path = self._client()
            file = client.open(path, "rb", block_size=_BLOCK_BYTES) if len(self.parts) > 1 else None
        if file is None or (getattr(file, "details", None) or {}).get("type") == "directory":
            raise IsADirectoryError(errno.EISDIR, "is a folder, a file was expected", str(self))
        buffered = io.BufferedReader(_Reader(file, self), _BUFFER_BYTES)
        return buffered if mode == "rb" else io.TextIOWrapper(buffered, encoding or "utf-8", newline=newline)

    def read_bytes(self) -> bytes:
        """The bytes of the file."""
        with self.open("rb") as file:
            return bytes(file.read())

    def read_text(self, encoding: str = "utf-8") -> str:
        """The text of the file, its line ends as LF."""
        with self.open("r", encoding=encoding) as file:
            return str(file.read())

    def put(self, source: Path) -> None:
        """Uploads a file of this machine to here; a reader sees the old one or the new one, whole.

        Raises:
            OSError: the storage refuses; what was there is there still.
        """
        options = {"chunksize": _PART_BYTES} if self._scheme in PACKAGES else {}
        try:
            with self._told():
                client, path = self._client()
                client.put_file(str(source), path, **options)
        except FileNotFoundError:
            told = f"there is no bucket {self.parts[0]}; make it first"
            raise FileNotFoundError(errno.ENOENT, told, str(self)) from None

    def mkdir(self, mode: int = 0o777, *, parents: bool = False, exist_ok: bool = False) -> None:
        """Nothing: a folder is there as soon as something stands in it, and a bucket is its owner's to make."""

    def unlink(self, *, missing_ok: bool = False) -> None:
        """Deletes the file.

        Raises:
            FileNotFoundError: there is none, unless ``missing_ok``.
        """
        if not self.exists():
            if missing_ok:
                return
            raise FileNotFoundError(errno.ENOENT, "no such file", str(self))
        with self._told():
            client, path = self._client()
            client.rm_file(path)

    def _client(self) -> tuple[Any, str]:
        """The file system of fsspec, and the path as that writes it."""
        if self._scheme == "s3" and "?versionId=" in str(self._path):
            told = "s3fs opens no object with versionId= behind a question mark in its name"
            raise OSError(errno.EINVAL, told, str(self))
        client = client_of(self._scheme, self.parts[0])
        return client, str(client._strip_protocol(str(self)))

    def _info(self) -> Mapping[str, Any]:
        if self._listed is not None:
            return self._listed
        with self._told():
            client, path = self._client()
            return dict(client.info(path))

    def _found(self) -> str | None:
        try:
            return str(self._info()["type"])
        except FileNotFoundError:
            return None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns what a client raises into an ``OSError`` with one line for a person.

        The client's own error is not chained: its text and its frames may hold credentials.
        """
        try:
            yield
        except FileNotFoundError:
            raise FileNotFoundError(errno.ENOENT, "no such file", str(self)) from None
        except IsADirectoryError:
            raise IsADirectoryError(errno.EISDIR, "is a folder, a file was expected", str(self)) from None
        except Exception as error:
            if not is_refusal(error):
                raise
            number = error.errno if isinstance(error, OSError) else None
            kind = PermissionError if isinstance(error, PermissionError) else OSError
            raise kind(number or errno.EIO, reason_of(error, str(self), _NEEDS), str(self)) from None


class _Reader(io.RawIOBase):
    """A file of a client, whose refusals are told as the path's."""

    def __init__(self, file: Any, path: RemotePath) -> None:
        self._file = file
        self._path = path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:
        with self._path._told():
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
