"""Reading: the tree of a revision, what is known of single paths, and their content."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from hub_server.accounts import readable
from hub_server.hub import Hub
from hub_server.store import Commit, File, Repository, blob_path, find_commit, lfs_pointer
from hub_server.wire import Answer, RefusalError, Request, file_answer, is_true, json_answer


def tell_tree(hub: Hub, request: Request, repo: str, revision: str, path: str = "") -> Answer:
    """``GET …/tree/REVISION[/PATH]``, in pages that a ``Link`` header joins."""
    repository = readable(hub, request, repo)
    commit, asked = find_commit(repository, revision), request.parameters()
    folders = _folders(commit)
    if path and path not in folders:
        raise RefusalError(404, f"{path} does not exist on {revision!r}", "EntryNotFound")
    prefix = f"{path}/" if path else ""
    below = [known for known in (*folders, *commit.files) if known.startswith(prefix)]
    shown = sorted(known for known in below if is_true(asked, "recursive") or "/" not in known.removeprefix(prefix))
    start = int(asked.get("cursor", "0"))
    expand = is_true(asked, "expand")
    entries = [_entry(repository, commit, known, expand=expand) for known in shown[start : start + hub.page]]
    if start + hub.page >= len(shown):
        return json_answer(entries)
    following = f"{hub.endpoint}{request.path}?{urlencode({**asked, 'cursor': start + hub.page})}"
    return json_answer(entries, headers={"Link": f'<{following}>; rel="next"'})


def tell_paths(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``POST …/paths-info/REVISION``: entries for the paths that exist; ``paths`` come as a form or as JSON."""
    repository = readable(hub, request, repo)
    commit = find_commit(repository, revision)
    if "json" in request.headers.get("content-type", ""):
        wanted = request.json()
        paths, expand = wanted["paths"], bool(wanted.get("expand"))
    else:
        form = parse_qs(request.body().decode())
        paths, expand = form.get("paths", []), is_true({name: held[-1] for name, held in form.items()}, "expand")
    known = {*_folders(commit), *commit.files}
    return json_answer([_entry(repository, commit, path, expand=expand) for path in paths if path in known])


def resolve(hub: Hub, request: Request, repo: str, revision: str, path: str) -> Answer:
    """``GET`` or ``HEAD /datasets/OWNER/NAME/resolve/REVISION/PATH``: regular content, or the way to LFS storage."""
    repository = readable(hub, request, repo, content=True)
    commit = find_commit(repository, revision)
    told = {"X-Repo-Commit": commit.oid}
    file = commit.files.get(path)
    if file is None:
        raise RefusalError(404, "Entry not found", "EntryNotFound", told)
    if not file.lfs:
        return file_answer(request, blob_path(hub.root, file.sha256), {**told, "ETag": f'"{file.oid}"'})
    linked = {"X-Linked-Size": str(file.size), "X-Linked-Etag": f'"{file.sha256}"', "ETag": f'"{file.sha256}"'}
    if file.xet:
        token_address = f"{hub.endpoint}/api/datasets/{repo}/xet-read-token/{commit.oid}"
        linked |= {"X-Xet-Hash": file.xet, "Link": f'<{token_address}>; rel="xet-auth"'}
    name = quote(PurePosixPath(path).name)
    address = f"{hub.storage}/storage/blobs/{file.sha256}?name={name}&signature={hub.sign(file.sha256)}"
    return Answer(302, headers={**told, **linked, "Location": address})


def send_blob(hub: Hub, request: Request, sha256: str) -> Answer:
    """``GET /storage/blobs/SHA256``: LFS content, for who holds a signed address."""
    hub.check_signature(request, sha256)
    return file_answer(request, blob_path(hub.root, sha256), {"ETag": f'"{sha256}"'})


def _entry(repository: Repository, commit: Commit, path: str, *, expand: bool) -> dict[str, Any]:
    last = {"lastCommit": _last_change(repository, commit, path)} if expand else {}
    file = commit.files.get(path)
    if file is None:
        return {"type": "directory", "oid": _folder_id(commit, path), "size": 0, "path": path, **last}
    entry: dict[str, Any] = {"type": "file", "oid": file.oid, "size": file.size, "path": path, **last}
    if file.lfs:
        pointer = len(lfs_pointer(file.sha256, file.size))
        entry["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": pointer}
    if file.xet:
        entry["xetHash"] = file.xet
    if expand:
        entry["securityFileStatus"] = {"status": "unscanned", "avScan": None, "pickleImportScan": None}
    return entry


def _folders(commit: Commit) -> list[str]:
    parents = {str(parent) for path in commit.files for parent in PurePosixPath(path).parents}
    return sorted(parents - {"."})


def _inside(commit: Commit, path: str) -> dict[str, File]:
    return {known: file for known, file in commit.files.items() if known == path or known.startswith(f"{path}/")}


def _folder_id(commit: Commit, path: str) -> str:
    told = "\n".join(f"{known} {file.oid}" for known, file in _inside(commit, path).items())
    return hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()


def _last_change(repository: Repository, commit: Commit, path: str) -> dict[str, str]:
    held = _inside(commit, path)
    while commit.parent and _inside(repository.commits[commit.parent], path) == held:
        commit = repository.commits[commit.parent]
    return {"id": commit.oid, "title": commit.title, "date": commit.date}
