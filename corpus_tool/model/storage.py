"""Places that a corpus may have: a folder of this machine, or an address of a storage such as ``s3://bucket/news``."""

from __future__ import annotations

import re
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING, cast

from corpus_tool.model.errors import CorpusToolError

if TYPE_CHECKING:
    from corpus_tool.model.remote import RemotePath

#: The beginning of an address.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def location(text: str) -> Path:
    """The place that a user names.

    An address becomes a ``RemotePath``, which has those members of a ``Path`` that corpora need; its type is ``Path``
    for all who read and write corpora. Nothing is connected to yet. Only what a user names, or what stands in a place
    that a user named, may come here: nothing in a corpus may name an address.

    Args:
        text: a path, ``file:///FOLDER``, or an address of fsspec (``s3://BUCKET/FOLDER``, ``gs://…``).

    Raises:
        CorpusToolError: the address holds a password or "..", or the package that speaks to the storage is missing.
    """
    found = _SCHEME.match(text)
    if found is None:
        return Path(text)
    scheme, rest = found[1].lower(), text[found.end() :]
    return Path(rest) if scheme in {"file", "local"} else cast("Path", _remote(scheme, rest))


def is_remote(path: Path) -> bool:
    """Whether a place is an address of a storage: it has no links, no locks and no renaming."""
    return not isinstance(path, PurePath)


def way_down(root: Path, path: Path) -> str | None:
    """The way from a folder down to what lies in it, with / between the steps; None where it lies elsewhere.

    Args:
        root: the folder, absolute.
        path: absolute too; one of the two may be in a storage.
    """
    if is_remote(root) != is_remote(path) or not path.is_relative_to(root):
        return None
    return path.relative_to(root).as_posix()


def require_local(path: Path, what: str, hint: str) -> None:
    """Refuses an address where a folder or file of this machine is needed.

    Args:
        path: the place that the user named.
        what: what is done there: "the dataset is built".
        hint: what to do instead.

    Raises:
        CorpusToolError: it is an address.
    """
    if is_remote(path):
        raise CorpusToolError(f"{path}: {what} on this machine alone; {hint}")


def _remote(scheme: str, rest: str) -> RemotePath:
    from corpus_tool.model.remote import RemotePath
    from corpus_tool.model.storage_clients import require_client

    user, at, _ = rest.partition("/")[0].rpartition("@")
    if at and ":" in user:
        raise CorpusToolError(f"{scheme}://…: holds a password; leave it to the storage's own configuration")
    address = f"{scheme}://{rest}"
    path = PurePosixPath(rest.lstrip("/"))
    if ".." in path.parts:
        raise CorpusToolError(f"{address}: a storage knows no folder '..'; write the address without")
    if not path.parts:
        raise CorpusToolError(f"{address}: names no bucket; an address is {scheme}://BUCKET/FOLDER")
    require_client(scheme, address)
    return RemotePath(scheme, path)
