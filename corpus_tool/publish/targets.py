"""The table of targets, by the scheme of an address."""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus_tool.model import CorpusToolError
from corpus_tool.publish.target import Target

_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<rest>.+)")
_TAGGED = re.compile(r"(?P<address>.+)@(?P<revision>v\d[\w.+-]*|[0-9a-f]{40}|main)")


def _hub(address: str) -> Target:
    from corpus_tool.publish.hub import open_hub

    return open_hub(address)


def _bucket(address: str) -> Target:
    from corpus_tool.publish.bucket import open_bucket

    return open_bucket(address)


#: How each scheme is opened; every address of another one goes to fsspec too, which knows it or not.
TARGETS: dict[str, Callable[[str], Target]] = {
    "file": _bucket,
    "gs": _bucket,
    "hf": _hub,
    "memory": _bucket,
    "s3": _bucket,
}


def open_target(address: str) -> Target:
    """The target at an address; nothing is connected to yet.

    Args:
        address: ``hf://datasets/OWNER/NAME``, ``s3://BUCKET/PREFIX``, ``gs://…``, ``file:///FOLDER``.

    Raises:
        CorpusToolError: no such scheme, an address with a password in it, or a package that is not installed.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or match["scheme"] not in TARGETS:
        known = ", ".join(f"{scheme}://" for scheme in sorted(TARGETS) if scheme != "memory")
        raise CorpusToolError(f"{_shown(address)}: is no address to publish to; one begins with {known}")
    if re.search(r"^[^/]*@", match["rest"]) or "?" in address:
        raise CorpusToolError(
            f"{_shown(address)}: an address holds no user, password or option; credentials come from the environment"
        )
    return TARGETS[match["scheme"]](address)


def split_revision(address: str) -> tuple[str, str]:
    """An address and the revision behind its "@": ("hf://datasets/a/b", "v1.0.0"); "" without one."""
    match = _TAGGED.fullmatch(address)
    return (match["address"], match["revision"]) if match else (address, "")


def _shown(address: str) -> str:
    """An address without what may be a password or a key in it."""
    return re.sub(r"\?.*", "?…", re.sub(r"//[^/]*@", "//…@", address))
