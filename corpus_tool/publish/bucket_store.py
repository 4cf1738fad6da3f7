"""Files at an address of fsspec: listed, read, put; what a store refuses is told in one line that holds no secret."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import replaced_atomic, sync_folder
from corpus_tool.model.storage_clients import PACKAGES, is_refusal, reason_of

#: What a store's client is told when it is opened. Four parts of a file at once take 64 MiB; s3fs would send ten.
_CLIENT: dict[str, dict[str, Any]] = {"s3": {"max_concurrency": 4}}

#: Bytes of a part of a large file: above Amazon's least (5 MiB), a multiple of Google's 256 KiB, and with Amazon's
#: 10,000 parts enough for a file of 160 GiB.
_PART = 16 * 2**20


#: What credentials must allow.
_NEEDS = "list, read, write and delete"


@dataclass(frozen=True)
class Store:
    """A folder of files at an address.

    Attributes:
        address: as people write it, without a "/" at its end.
        scheme: "file", "gs", "memory" or "s3".
        root: the folder as the client writes it, which leaves the scheme out.
        client: fsspec's file system.
    """

    address: str
    scheme: str
    root: str
    client: Any

    def at(self, path: str) -> str:
        """A path in the folder as the client writes it."""
        return f"{self.root.rstrip('/')}/{path}"


def open_store(address: str) -> Store:
    """The folder at an address; nothing is read or written yet.

    Raises:
        CorpusToolError: the package for it is not installed, or the address holds what fsspec takes for a pattern.
    """
    scheme, _, rest = address.partition("://")
    package, extra = PACKAGES.get(scheme, ("fsspec", ""))
    if find_spec(package) is None:
        raise CorpusToolError(f'{address}: needs the package {package}: pip install "corpus-tool[{extra}]"')
    if "::" in rest or set(rest) & set("*?[]"):
        raise CorpusToolError(f"{address}: readers take *, ?, [, ] and :: for patterns; choose an address without")
    from fsspec.core import url_to_fs

    # No listing is remembered: others write there too.
    options = {"use_listings_cache": False, "skip_instance_cache": True, **_CLIENT.get(scheme, {})}
    with _told(address, "open it"):
        client, root = url_to_fs(address, **options)
    shown = f"file://{root}" if scheme == "file" else address.rstrip("/")
    return Store(address=shown, scheme=scheme, root=root, client=client)


def reach_store(store: Store) -> None:
    """Asks whether the store answers; a folder that is not there is no fault, since a release makes it.

    Raises:
        CorpusToolError: no such bucket, it cannot be reached, or it refuses.
    """
    with _told(store.address, "list it"):
        store.client.find(store.at("latest.json"))


def list_names(store: Store) -> list[str]:
    """Names of the folders and files that stand in the folder itself; empty where there is no such folder."""
    with _told(store.address, "list it"):
        try:
            found = store.client.ls(store.root, detail=False)
        except FileNotFoundError:
            return []
    return sorted(path.rstrip("/").rpartition("/")[2] for path in found)


def list_files(store: Store, folder: str) -> dict[str, int]:
    """Size in bytes of every file below a folder, by its path there, in the order of the paths."""
    top = store.at(folder)
    with _told(store.address, f"list {folder}"):
        found = store.client.find(top, detail=True)
    inside = {path.removeprefix(f"{top}/"): entry for path, entry in found.items() if path.startswith(f"{top}/")}
    return {path: int(entry["size"]) for path, entry in sorted(inside.items()) if not path.endswith("/")}


def read_file(store: Store, path: str) -> bytes | None:
    """A small file's bytes; None where there is none."""
    with _told(store.address, f"read {path}"):
        try:
            return bytes(store.client.cat_file(store.at(path)))
        except FileNotFoundError:
            return None


def has_file(store: Store, path: str) -> bool:
    """Whether there is such a file."""
    with _told(store.address, f"look for {path}"):
        return bool(store.client.exists(store.at(path)))


def digest_file(store: Store, path: str) -> str | None:
    """SHA-256, in hexadecimal, of the bytes that the store gives back; None where there is no such file."""
    with _told(store.address, f"read {path} back"):
        try:
            with store.client.open(store.at(path), "rb", block_size=_PART) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None


def get_file(store: Store, path: str, copy: Path) -> None:
    """Downloads a file to a path whose folder is made."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    with _told(store.address, f"download {path}"):
        store.client.get_file(store.at(path), str(copy))


def put_file(store: Store, source: Path, path: str) -> None:
    """Uploads a file, over one that is there; a reader sees the old one or the new one, whole."""
    with _told(store.address, f"upload {path}"):
        if store.scheme == "file":
            with source.open("rb") as file, replaced_atomic(Path(store.at(path))) as copy:
                shutil.copyfileobj(file, copy, 2**20)
        else:
            store.client.put_file(str(source), store.at(path), chunksize=_PART)


def put_bytes(store: Store, data: bytes, path: str) -> None:
    """Writes a small file in one go, over one that is there."""
    with _told(store.address, f"write {path}"):
        if store.scheme == "file":
            with replaced_atomic(Path(store.at(path))) as copy:
                copy.write(data)
        else:
            store.client.pipe_file(store.at(path), data)


def create_file(store: Store, data: bytes, path: str) -> bool:
    """Writes a small file in one go where there is none; False where there is one, which stays as it is.

    Of two who do this at once, one gets False: on Amazon S3 and stores that know ``If-None-Match``, on Google's
    (``ifGenerationMatch``), and in folders whose file system knows hard links. Elsewhere a look before has to do.
    """
    with _told(store.address, f"write {path}"):
        try:
            if store.scheme == "file":
                _create_local(Path(store.at(path)), data)
            else:
                store.client.pipe_file(store.at(path), data, mode="create")
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in {errno.ENOSYS, errno.EPERM, errno.EOPNOTSUPP}:
                raise
            if store.client.exists(store.at(path)):
                return False
            put_bytes(store, data, path)
    return True


def delete_files(store: Store, paths: Iterable[str]) -> None:
    """Deletes files, and passes over those that are not there."""
    for path in paths:
        with _told(store.address, f"delete {path}"):
            try:
                store.client.rm_file(store.at(path))
            except FileNotFoundError:
                continue


def abort_uploads(store: Store, folder: str) -> int:
    """Drops the parts of large files that an upload which was cut off has left below a folder; says how many files'.

    They are in no listing and are paid for. Google drops them by itself after a week; a folder has none.

    Raises:
        CorpusToolError: the store refuses to list or drop them.
    """
    if store.scheme != "s3":
        return 0
    bucket, prefix, _ = store.client.split_path(f"{store.at(folder)}/")
    with _told(store.address, "list uploads that were cut off"):
        answer = store.client.call_s3("list_multipart_uploads", Bucket=bucket, Prefix=prefix)
        left = [upload for upload in answer.get("Uploads", []) if upload["Key"].startswith(prefix)]
        for upload in left:
            store.client.abort_mpu(bucket, upload["Key"], upload["UploadId"])
    return len(left)


def _create_local(path: Path, data: bytes) -> None:
    """Writes a temporary file and links it to its name, which fails where the name is taken."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with replaced_atomic(temporary) as file:
            file.write(data)
        os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def _told(address: str, what: str) -> Iterator[None]:
    """Turns what a store's client raises into one line for a person, without its secrets."""
    try:
        yield
    except CorpusToolError:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        # The client's own error is not chained: its text and its frames may hold credentials.
        raise CorpusToolError(f"{address}: cannot {what}: {reason_of(error, address, _NEEDS)}") from None
