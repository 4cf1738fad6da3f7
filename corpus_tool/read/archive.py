"""Archives: the articles of their members, one after the other. Nothing is unpacked to a file that has a name."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import readable
from corpus_tool.read.inputs import Input, make_input
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.sniff import SUFFIXES, format_of_name

if TYPE_CHECKING:
    from corpus_tool.read.dispatch import Read

#: Archives in each other: one, and one in it.
MAX_DEPTH = 2

#: Members that an archive may have; each costs time, however little it holds.
MAX_MEMBERS = 1_000_000

#: Characters of a member's path; that of most file systems.
_MAX_NAME = 4096


@dataclass(frozen=True)
class Member:
    """A member of an archive.

    Attributes:
        name: its path as the archive has it.
        open: opens its bytes, which are read before the next member is asked for.
        refused: why it is not read; "" where it is.
    """

    name: str
    open: Callable[[], BinaryIO]
    refused: str = ""


#: What an archive's format knows: its members that are no folders, in order. Raises ReadError where it is damaged.
Members = Callable[[Input], Iterator[Member]]


class Guarded(io.RawIOBase):
    """A member's bytes; what its library raises over damaged data becomes a ``ReadError`` that names the member."""

    def __init__(self, stream: BinaryIO, path: str, count: Callable[[int], None] = lambda given: None) -> None:
        self._stream = stream
        self._path = path
        self._count = count

    def readable(self) -> bool:
        """True: a stream to read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills a buffer with what comes next; 0 at the end."""
        view = memoryview(buffer).cast("B")
        try:
            data = self._stream.read(len(view))
        except ReadError:
            raise
        except Exception as error:  # zipfile, tarfile, zlib and struct have errors of their own for damaged data
            raise damaged(self._path, f"cannot be read on: {error or type(error).__name__}") from error
        self._count(len(data))
        view[: len(data)] = data
        return len(data)


def damaged(path: str, what: str) -> ReadError:
    """The error for an archive, or a member, that is damaged."""
    return ReadError(fault("archive-damaged", path, what))


def read_archive(source: Input, options: ReadOptions, members: Members) -> Iterator[Read]:
    """The articles of an archive's members.

    Hidden members are passed over; a member that is no article by its name, or that is refused, is told.
    """
    if source.depth >= MAX_DEPTH:
        message = "is an archive in an archive in an archive, and is not opened"
        yield ReadError(fault("archive-too-large", source.path, message))
        return
    seen: set[bytes] = set()
    is_told = False
    try:
        for number, member in enumerate(members(source), 1):
            if number > MAX_MEMBERS:
                message = f"has more than {MAX_MEMBERS:,} members; reading stopped there"
                yield ReadError(fault("archive-too-large", source.path, message))
                return
            for read in _read_member(source, options, member, seen):
                is_told |= isinstance(read, ReadError) and read.diagnostic.name == "archive-damaged"
                yield read
            if source.budget.is_spent:
                return
    except ReadError as error:
        if error.diagnostic.name != "archive-damaged" or not is_told:
            yield error
        return
    if not seen and not is_told:
        yield ReadError(fault("article-empty", source.path, "holds no member that is an article"))


def _read_member(source: Input, options: ReadOptions, member: Member, seen: set[bytes]) -> Iterator[Read]:
    from corpus_tool.read.dispatch import read_input

    name, refused = member_name(member.name)
    if (any(part.startswith(".") for part in name.split("/")) and not refused) or name.startswith("__MACOSX/"):
        return
    inside = f"{source.inside}!/{name}" if source.inside else name
    path = f"{source.file}!/{inside}"
    if not refused and format_of_name(name) is None:
        suffix = name.rpartition("/")[2].rpartition(".")
        says = f"{suffix[1] + suffix[2] if suffix[1] else 'no suffix'} is not one of {', '.join(SUFFIXES)}"
        yield fault("article-skipped", path, f"not converted: {says}")
        return
    key = hashlib.blake2b(name.encode(), digest_size=16).digest()
    if key in seen:
        refused = refused or "another member has the same name; the first one is read"
    if refused := refused or member.refused:
        seen.add(key)
        yield ReadError(fault("member-refused", path, f"is not read: {refused}"))
        return
    seen.add(key)
    try:
        stream = cast("BinaryIO", Guarded(member.open(), path))
        inner = make_input(stream, source.file, inside=inside, depth=source.depth + 1, budget=source.budget)
        yield from read_input(inner, options)
    except ReadError as error:
        yield error


def member_name(name: str) -> tuple[str, str]:
    """A member's path with / between folders, and why it is refused ("" where it is not)."""
    shown = readable(name.replace("\\", "/"))  # first, for bytes that are not UTF-8 are shown with a \\
    parts = [part for part in shown.split("/") if part not in {"", "."}]
    plain = "/".join(parts)[:_MAX_NAME]
    if len(name) > _MAX_NAME:
        return plain[:100] + "…", f"its name is longer than {_MAX_NAME:,} characters"
    if not parts:
        return shown, "it has no name"
    if ".." in parts:
        return shown, "its name leads out of the archive"
    if shown.startswith("/"):
        return shown, "its name begins at the root of a disk"
    if re.match(r"[A-Za-z]:", plain):
        return shown, "its name begins with the letter of a drive"
    if "\0" in plain:
        return shown, "its name holds a NUL"
    return plain, ""
