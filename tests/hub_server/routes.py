"""Which address is answered by what. A kind is what faults and the log call it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from hub_server import accounts, commits, files, lfs, repos, xet
from hub_server.wire import Answer

_REPO = r"(?P<repo>[^/]+/[^/]+)"
_API = rf"/api/datasets/{_REPO}"
_REVISION = r"(?P<revision>[^/]+)"
_PATH = r"(?P<path>.+)"
_SHA256 = r"(?P<sha256>[0-9a-f]{64})"
_HASH = r"(?P<hash>[0-9a-f]{64})"


@dataclass(frozen=True)
class Route:
    """``pattern`` matches the percent-encoded path; its named groups are the function's arguments, decoded."""

    method: str
    pattern: str
    kind: str
    answer: Callable[..., Answer]
    storage: bool = False  # LFS and Xet storage, which know nothing of the Hub's tokens


ROUTES = (
    Route("GET", "/api/whoami-v2", "whoami", accounts.whoami),
    Route("POST", "/api/validate-yaml", "validate-yaml", repos.validate_yaml),
    Route("POST", "/api/repos/create", "create", repos.create),
    Route("DELETE", "/api/repos/delete", "delete", repos.delete),
    Route("PUT", f"{_API}/settings", "settings", repos.change_settings),
    Route("POST", f"{_API}/user-access-request/grant", "grant", repos.grant_access),
    Route("GET", f"{_API}/auth-check(/write)?", "auth-check", repos.check_access),
    Route("POST", f"{_API}/preupload/{_REVISION}", "preupload", commits.preupload),
    Route("POST", f"{_API}/commit/{_REVISION}", "commit", commits.commit),
    Route("GET", f"{_API}/commits/{_REVISION}", "commits", repos.tell_commits),
    Route("GET", f"{_API}/refs", "refs", repos.tell_refs),
    Route("POST", f"{_API}/tag/{_REVISION}", "tag", repos.create_tag),
    Route("DELETE", f"{_API}/tag/{_REVISION}", "tag", repos.delete_tag),
    Route("POST", f"{_API}/branch/{_REVISION}", "branch", repos.create_branch),
    Route("DELETE", f"{_API}/branch/{_REVISION}", "branch", repos.delete_branch),
    Route("GET", f"{_API}/tree/{_REVISION}(/{_PATH})?", "tree", files.tell_tree),
    Route("POST", f"{_API}/paths-info/{_REVISION}", "paths-info", files.tell_paths),
    Route("GET", f"{_API}(/revision/{_REVISION})?", "info", repos.tell),
    Route("GET", f"/datasets/{_REPO}/resolve/{_REVISION}/{_PATH}", "resolve", files.resolve),
    Route("POST", rf"/datasets/{_REPO}\.git/info/lfs/objects/batch", "lfs-batch", lfs.batch),
    Route("POST", rf"/datasets/{_REPO}\.git/info/lfs/objects/verify", "lfs-verify", lfs.verify),
    Route("PUT", f"/storage/uploads/{_SHA256}", "lfs-upload", lfs.receive, storage=True),
    Route("PUT", rf"/storage/uploads/{_SHA256}/(?P<part>\d+)", "lfs-upload", lfs.receive_part, storage=True),
    Route("POST", f"/storage/uploads/{_SHA256}", "lfs-upload", lfs.complete, storage=True),
    Route("GET", f"/storage/blobs/{_SHA256}", "download", files.send_blob, storage=True),
    Route("GET", f"{_API}/xet-write-token/{_REVISION}", "xet-token", xet.write_token),
    Route("GET", f"{_API}/xet-read-token/{_REVISION}", "xet-token", xet.read_token),
    Route("POST", f"/xet/v1/xorbs/default/{_HASH}", "xet-upload", xet.receive_xorb, storage=True),
    Route("POST", "/xet/v1/shards", "xet-shard", xet.receive_shard, storage=True),
    Route("GET", f"/xet/v1/reconstructions/{_HASH}", "xet-reconstruction", xet.reconstruct, storage=True),
    Route("GET", "/xet/v1/chunks/.+|/xet/v2/.+", "xet-newer", xet.refuse_newer, storage=True),
    Route("POST", "/xet/v1/xorb-grants/.+|/xet/v2/.+", "xet-newer", xet.refuse_newer, storage=True),
    Route("GET", f"/storage/xorbs/{_HASH}", "xet-download", xet.send_xorb, storage=True),
)


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of an address and its arguments; HEAD is answered as GET."""
    for route in ROUTES:
        if route.method == ("GET" if method == "HEAD" else method) and (found := re.fullmatch(route.pattern, path)):
            return route, {name: unquote(text) for name, text in found.groupdict().items() if text is not None}
    return None
