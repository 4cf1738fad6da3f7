"""LFS uploads over plain HTTP: the batch call, one PUT or several, and the check afterwards."""

from __future__ import annotations

import json
from math import ceil
from typing import Any

from hub_server.accounts import writable
from hub_server.hub import Hub
from hub_server.store import adopt_blob, blob_path, incoming_path
from hub_server.wire import Answer, RefusalError, Request, json_answer


def batch(hub: Hub, request: Request, repo: str) -> Answer:
    """``POST /datasets/OWNER/NAME.git/info/lfs/objects/batch``: where to put what is not here yet.

    See https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md; beyond ``part_size`` bytes the Hub's own
    ``multipart`` transfer, where the client offers it.
    """
    writable(hub, request, repo)
    wanted = request.json()
    multipart = "multipart" in wanted.get("transfers", [])
    token = request.headers.get("authorization", "")
    objects = [_object(hub, repo, token, held["oid"], held["size"], multipart) for held in wanted["objects"]]
    return json_answer({"transfer": "multipart" if multipart else "basic", "objects": objects})


def _object(hub: Hub, repo: str, token: str, oid: str, size: int, multipart: bool) -> dict[str, Any]:
    told = {"oid": oid, "size": size, "authenticated": True}
    if blob_path(hub.root, oid).exists():
        return told
    address = f"{hub.storage}/storage/uploads/{oid}"
    upload: dict[str, Any] = {"href": f"{address}?signature={hub.sign(oid)}"}
    if multipart and size > hub.part_size:
        parts = range(1, ceil(size / hub.part_size) + 1)
        signed = {str(part): f"{address}/{part}?signature={hub.sign(f'{oid}/{part}')}" for part in parts}
        upload["header"] = {"chunk_size": str(hub.part_size), **signed}
    verify = {"href": f"{hub.endpoint}/datasets/{repo}.git/info/lfs/objects/verify", "header": {"Authorization": token}}
    return {**told, "actions": {"upload": upload, "verify": verify}}


def receive(hub: Hub, request: Request, sha256: str) -> Answer:
    """``PUT /storage/uploads/SHA256``: the whole content, refused where it has another hash."""
    hub.check_signature(request, sha256)
    path = incoming_path(hub.root)
    try:
        got, _ = request.save(path)
        if got != sha256:
            raise RefusalError(400, f"The content has the sha256 {got}, not {sha256}")
        adopt_blob(hub.root, path, sha256)
    finally:
        path.unlink(missing_ok=True)
    return Answer(headers={"ETag": f'"{sha256}"'})


def receive_part(hub: Hub, request: Request, sha256: str, part: str) -> Answer:
    """``PUT /storage/uploads/SHA256/PART``."""
    hub.check_signature(request, f"{sha256}/{part}")
    path = incoming_path(hub.root)
    got, _ = request.save(path)
    path.replace(hub.root / "incoming" / f"{sha256}.{int(part)}")
    return Answer(headers={"ETag": f'"{got}"'})


def complete(hub: Hub, request: Request, sha256: str) -> Answer:
    """``POST /storage/uploads/SHA256``: join the parts."""
    hub.check_signature(request, sha256)
    parts = [hub.root / "incoming" / f"{sha256}.{held['partNumber']}" for held in request.json()["parts"]]
    whole = incoming_path(hub.root)
    joined = Request("PUT", "", "", {}, lambda: (part.read_bytes() for part in parts))
    try:
        got, _ = joined.save(whole)
        if got != sha256:
            raise RefusalError(400, f"The parts have the sha256 {got}, not {sha256}")
        adopt_blob(hub.root, whole, sha256)
    finally:
        whole.unlink(missing_ok=True)
    for part in parts:
        part.unlink()
    return json_answer({"success": True})


def verify(hub: Hub, request: Request, repo: str) -> Answer:
    """``POST …/info/lfs/objects/verify``: is it here, with that size?"""
    writable(hub, request, repo)
    wanted = request.json()
    path = blob_path(hub.root, wanted["oid"])
    if not path.exists() or path.stat().st_size != wanted["size"]:
        raise RefusalError(404, f"Not uploaded: {json.dumps(wanted)}")
    return Answer()
