"""Xet storage as the ``hf_xet`` client speaks it: tokens, xorbs, shards and reconstructions, over HTTP.

The API is https://github.com/huggingface/xet-core/blob/main/openapi/cas.openapi.yaml in its first version, to which the
client falls back where it is told 404 (upload grants, version 2 of shards and reconstructions, deduplication across
repositories).

    ROOT/xet/xorbs/<hash>          what the client uploaded: compressed chunks, one after the other
    ROOT/xet/files/<hash>.json     which chunks make the file of this Xet hash, and its sha256
    ROOT/xet/sha256/<sha256>       its Xet hash
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

from hub_server.accounts import readable, writable
from hub_server.hub import Hub
from hub_server.store import adopt_blob, incoming_path
from hub_server.wire import Answer, RefusalError, Request, file_answer, json_answer
from hub_server.xet_formats import ShardFile, chunk_offsets, read_shard, unpack

TOKEN_SECONDS = 3600


def write_token(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``GET …/xet-write-token/REVISION``."""
    writable(hub, request, repo)
    return _token(hub, "write")


def read_token(hub: Hub, request: Request, repo: str, revision: str) -> Answer:
    """``GET …/xet-read-token/REVISION``."""
    readable(hub, request, repo, content=True)
    return _token(hub, "read")


def receive_xorb(hub: Hub, request: Request, hash: str) -> Answer:
    """``POST /xet/v1/xorbs/default/HASH``."""
    _check_token(hub, request, "write")
    path, incoming = _folder(hub, "xorbs") / hash, incoming_path(hub.root)
    inserted = not path.exists()
    try:
        request.save(incoming)
        incoming.replace(path)
    finally:
        incoming.unlink(missing_ok=True)
    return json_answer({"was_inserted": inserted})


def receive_shard(hub: Hub, request: Request) -> Answer:
    """``POST /xet/v1/shards``: the files that the xorbs make; each is put together and its sha256 checked."""
    _check_token(hub, request, "write")
    try:
        files = read_shard(request.body())
    except ValueError as error:
        raise RefusalError(400, str(error)) from error
    for file in files:
        _assemble(hub, file)
        _write(_folder(hub, "files") / f"{file.hash}.json", json.dumps(file.told()))
        _write(_folder(hub, "sha256") / file.sha256, file.hash)
    return json_answer({"result": 1})


def reconstruct(hub: Hub, request: Request, hash: str) -> Answer:
    """``GET /xet/v1/reconstructions/HASH``: which parts of which xorbs make the file, or the range asked for."""
    _check_token(hub, request, "read")
    path = _folder(hub, "files") / f"{hash}.json"
    if not path.exists():
        raise RefusalError(404, f"No such file: {hash}")
    file = ShardFile.of(json.loads(path.read_bytes()))
    asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
    first, last = (int(asked[1]), int(asked[2])) if asked else (0, file.size)
    if first and first >= file.size:
        raise RefusalError(416, "Range Not Satisfiable")
    terms: list[dict[str, Any]] = []
    needed: dict[str, set[int]] = {}  # chunks by xorb
    offset = at = 0
    for xorb, start, end, length in file.terms:
        if at + length > first and at <= last:
            offset = offset if terms else first - at
            terms.append({"hash": xorb, "unpacked_length": length, "range": {"start": start, "end": end}})
            needed.setdefault(xorb, set()).update(range(start, end))
        at += length
    fetches = {xorb: _fetches(hub, xorb, chunks) for xorb, chunks in needed.items()}
    return json_answer({"offset_into_first_range": offset, "terms": terms, "fetch_info": fetches})


def send_xorb(hub: Hub, request: Request, hash: str) -> Answer:
    """``GET /storage/xorbs/HASH``, a range of it, for who holds a signed address."""
    hub.check_signature(request, hash)
    return file_answer(request, _folder(hub, "xorbs") / hash, {})


def refuse_newer(hub: Hub, request: Request) -> Answer:
    """What the client tries first and can do without."""
    raise RefusalError(404, "This Hub speaks the first version of the Xet API")


def find_upload(hub: Hub, sha256: str) -> str | None:
    """The Xet hash of content that came by Xet, or None."""
    path = _folder(hub, "sha256") / sha256
    return path.read_text() if path.exists() else None


def _fetches(hub: Hub, xorb: str, chunks: set[int]) -> list[dict[str, Any]]:
    """Where to fetch runs of chunks; the client wants each term within one run, and no two that overlap."""
    starts = sorted(chunk for chunk in chunks if chunk - 1 not in chunks)
    ends = sorted(chunk + 1 for chunk in chunks if chunk + 1 not in chunks)
    offsets = chunk_offsets(_folder(hub, "xorbs") / xorb)
    url = f"{hub.storage}/storage/xorbs/{xorb}?signature={hub.sign(xorb)}"
    return [
        {
            "range": {"start": start, "end": end},
            "url": url,
            "url_range": {"start": offsets[start], "end": offsets[end] - 1},
        }
        for start, end in zip(starts, ends, strict=True)
    ]


def _assemble(hub: Hub, file: ShardFile) -> None:
    incoming = incoming_path(hub.root)
    try:
        blocks = (unpack(_folder(hub, "xorbs") / xorb, start, end) for xorb, start, end, _ in file.terms)
        got, _ = Request("PUT", "", "", {}, lambda: blocks).save(incoming)
        if got != file.sha256:
            raise RefusalError(400, f"The chunks make a file with the sha256 {got}, not {file.sha256}")
        adopt_blob(hub.root, incoming, got)
    except FileNotFoundError as error:
        raise RefusalError(400, f"A xorb was not uploaded: {error.filename}") from error
    finally:
        incoming.unlink(missing_ok=True)


def _token(hub: Hub, scope: str) -> Answer:
    expires = int(time.time()) + TOKEN_SECONDS
    token = f"xet_{scope}_{expires}_{hub.sign(f'{scope}{expires}')}"
    address = f"{hub.storage}/xet"
    headers = {"X-Xet-Cas-Url": address, "X-Xet-Access-Token": token, "X-Xet-Token-Expiration": str(expires)}
    return json_answer({"casUrl": address, "accessToken": token, "exp": expires}, headers=headers)


def _check_token(hub: Hub, request: Request, scope: str) -> None:
    held = re.fullmatch(r"Bearer xet_(read|write)_(\d+)_(\w+)", request.headers.get("authorization", ""))
    if held is None or held[3] != hub.sign(f"{held[1]}{held[2]}"):
        raise RefusalError(401, "No valid Xet token")
    if scope == "write" and held[1] == "read":
        raise RefusalError(403, "The Xet token may only read")


def _folder(hub: Hub, name: str) -> Path:
    folder = hub.root / "xet" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}")
    partial.write_text(text)
    partial.replace(path)
