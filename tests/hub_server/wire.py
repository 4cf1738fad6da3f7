"""What goes over the wire: a request that is read, an answer that is sent, a refusal that is raised."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

BLOCK = 64 * 1024  # bytes read or sent at once


@dataclass(frozen=True)
class Answer:
    """What is sent back: ``body`` is bytes, or a file of which ``start`` to ``end`` (exclusive, bytes) is sent."""

    status: int = 200
    body: bytes | Path = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    start: int = 0
    end: int | None = None

    @property
    def length(self) -> int:
        """Bytes of the body that are sent."""
        size = len(self.body) if isinstance(self.body, bytes) else self.body.stat().st_size
        return (size if self.end is None else self.end) - self.start


class RefusalError(Exception):
    """The Hub says no: a status, a message and the ``X-Error-Code`` that the client turns into an exception."""

    def __init__(self, status: int, message: str, code: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.headers = status, message, code, dict(headers or {})

    def answer(self) -> Answer:
        """The refusal as the Hub words it: in the body and in two headers."""
        named = {"X-Error-Code": self.code} if self.code else {}
        spoken = self.message.encode("ascii", "backslashreplace").decode().replace("\n", " ")  # headers are ASCII
        headers = {"X-Error-Message": spoken, **named, **self.headers}
        return json_answer({"error": self.message}, status=self.status, headers=headers)


@dataclass(frozen=True)
class Request:
    """One request: ``path`` is still percent-encoded, ``blocks`` yields the body, which can be read once."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]  # names in lower case
    blocks: Callable[[], Iterator[bytes]]
    kind: str = ""
    user: str | None = None  # the account that the token belongs to
    role: str = ""  # of the token: "read" or "write"
    ignored: bool = False  # a fault says: answer "done" and do nothing

    def parameters(self) -> dict[str, str]:
        """The query's parameters, the last one of each name."""
        return {name: values[-1] for name, values in parse_qs(self.query).items()}

    def body(self) -> bytes:
        """The whole body."""
        return b"".join(self.blocks())

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            RefusalError: 400, it is none.
        """
        try:
            return json.loads(self.body())
        except ValueError as error:
            raise RefusalError(400, f"Invalid JSON: {error}") from error

    def save(self, path: Path) -> tuple[str, int]:
        """Write the body to a file; its sha256 in hex and its bytes are returned."""
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as file:
            for block in self.blocks():
                digest.update(block)
                size += file.write(block)
        return digest.hexdigest(), size


def json_answer(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON; what JSON has no type for (a YAML date) is sent as text."""
    body = json.dumps(value, default=str).encode()
    return Answer(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def file_answer(request: Request, path: Path, headers: Mapping[str, str]) -> Answer:
    """A file, or the one range of it that is asked for (RFC 9110, 14.1.2).

    Raises:
        RefusalError: 416, the range lies outside; 404, there is no such file.
    """
    if not path.exists():
        raise RefusalError(404, "Not found")
    size = path.stat().st_size
    told = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes", **headers}
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    if asked is None or not any(asked.groups()):
        return Answer(200, path, told)
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        raise RefusalError(416, "Range Not Satisfiable", headers={"Content-Range": f"bytes */{size}"})
    return Answer(206, path, {**told, "Content-Range": f"bytes {start}-{end - 1}/{size}"}, start, end)


def is_true(parameters: Mapping[str, str], name: str) -> bool:
    """Whether a query or form parameter is set to true; the client writes ``True``, ``true`` or ``1``."""
    return parameters.get(name, "").lower() in {"true", "1"}
