"""Writing: how each file is to be uploaded, and the commit that makes the uploads a state of the repository."""

from __future__ import annotations

import base64
import json
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any

from hub_server.accounts import writable
from hub_server.hub import Hub
from hub_server.repos import head_of
from hub_server.store import (
    Commit,
    File,
    add_commit,
    blob_path,
    lfs_file,
    regular_file,
    write_repository,
)
from hub_server.wire import Answer, RefusalError, Request, is_true, json_answer
from hub_server.xet import find_upload


def preupload(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``POST …/preupload/REVISION``: LFS for what .gitattributes says, for binary content and for large files."""
    _refuse_pull_request(request)
    repository = writable(hub, request, repo)
    commit = head_of(repository, revision)
    patterns = _lfs_patterns(hub, commit)
    told = []
    for file in request.json()["files"]:
        path, there = file["path"], commit.files.get(file["path"])
        binary = not _is_text(base64.b64decode(file.get("sample", "")))
        by_pattern = any(fnmatch(path, pattern) or fnmatch(PurePosixPath(path).name, pattern) for pattern in patterns)
        mode = "lfs" if by_pattern or binary or file["size"] > hub.regular_limit else "regular"
        oid = there and (there.sha256 if there.lfs else there.oid)
        told.append({"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": oid})
    return json_answer({"files": told})


def commit(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``POST …/commit/BRANCH``, one JSON object a line; 412 where ``parentCommit`` is not the head.

    Everything is worked out first and then written with one rename, so that a commit is there whole or not at all.
    """
    _refuse_pull_request(request)
    try:
        lines = [json.loads(line) for line in request.body().splitlines() if line.strip()]
    except ValueError as error:
        raise RefusalError(400, f"Invalid NDJSON: {error}") from error
    if not lines or lines[0].get("key") != "header":
        raise RefusalError(400, "The first line of a commit must be its header")
    header = lines[0]["value"]
    with hub.lock:
        repository = writable(hub, request, repo)
        head = head_of(repository, revision)
        if header.get("parentCommit", head.oid) != head.oid:
            raise RefusalError(412, "A commit has happened since. Please refresh and try again.")
        files = _apply(hub, dict(head.files), lines[1:])
        repository = add_commit(
            repository,
            revision,
            files,
            title=header["summary"],
            message=header.get("description", ""),
            author=request.user or "",
        )
        write_repository(hub.root, repository)
    oid = repository.branches[revision]
    url = f"{hub.endpoint}/datasets/{repo}/commit/{oid}"
    return json_answer({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})


def _refuse_pull_request(request: Request) -> None:
    if is_true(request.parameters(), "create_pr"):
        raise RefusalError(501, "This Hub has no pull requests")


def _apply(hub: Hub, files: dict[str, File], lines: list[dict[str, Any]]) -> dict[str, File]:
    for line in lines:
        key, value = line["key"], line["value"]
        path = value["path"].rstrip("/")
        if key == "file":
            files[path] = regular_file(hub.root, base64.b64decode(value["content"], validate=True))
        elif key == "lfsFile":
            files[path] = _uploaded(hub, value["oid"])
        elif key == "deletedFile":
            if path not in files:
                raise RefusalError(404, f"A file with this name doesn't exist: {path}", "EntryNotFound")
            del files[path]
        elif key == "deletedFolder":
            inside = [known for known in files if known.startswith(f"{path}/")]
            if not inside:
                raise RefusalError(404, f"A folder with this name doesn't exist: {path}", "EntryNotFound")
            for known in inside:
                del files[known]
        else:
            raise RefusalError(400, f"No such operation in a commit: {key}")
    return files


def _uploaded(hub: Hub, sha256: str) -> File:
    blob = blob_path(hub.root, sha256)
    xet = find_upload(hub, sha256)
    if not blob.exists():
        raise RefusalError(400, f"LFS pointer pointed to a file that does not exist: {sha256}")
    return lfs_file(sha256, blob.stat().st_size, xet)


def _lfs_patterns(hub: Hub, commit: Commit) -> list[str]:
    attributes = commit.files.get(".gitattributes")
    if attributes is None:
        return []
    lines = blob_path(hub.root, attributes.sha256).read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if "filter=lfs" in line.split()]


def _is_text(sample: bytes) -> bool:
    if b"\0" in sample:
        return False
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return error.start > len(sample) - 4  # the sample may end within a character
    return True
