"""The real `corpus-tool review`, started for a test, and a client that speaks to it over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Answer(NamedTuple):
    """What the server said."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Review:
    """A review page that runs, in a process of its own or in this one (``process`` is None then)."""

    process: subprocess.Popen[str] | None
    address: str
    port: int = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        assert parts.port is not None
        self.port = parts.port
        self.token = parts.query.removeprefix("token=")

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str | None] = {},
    ) -> Answer:
        """One request, as it stands; a header that is None is left out."""
        sent = {"Host": f"127.0.0.1:{self.port}", "Authorization": f"Bearer {self.token}", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None and "Content-Length" not in sent:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """The JSON at an address."""
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        return answer.json

    def post(self, path: str, body: Any, etag: str | None) -> Answer:
        """JSON sent to an address, for a state of the document."""
        headers = {"Content-Type": "application/json", "If-Match": f'"{etag}"' if etag else None}
        return self.ask("POST", path, json.dumps(body).encode(), headers)

    def edit(self, document: str, etag: str, *edits: Any) -> Answer:
        """Edits of a document."""
        return self.post(f"/api/documents/{document}/edits", {"edits": list(edits)}, etag)


@contextmanager
def running_review(corpus: Path, *options: str) -> Iterator[Review]:
    """Starts the command, waits for the line with its address, and ends it behind the body as Ctrl-C does."""
    with subprocess.Popen(
        [sys.executable, "-m", "corpus_tool", "review", str(corpus), "--no-browser", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "CORPUS_TOOL_ANNOTATOR": "rosa"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            address = process.stdout.readline().strip()
            assert address, process.stderr.read()
            yield Review(process, address)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=60)


@contextmanager
def served_review(corpus: Path, *, annotator: str = "rosa", as_annotator: str | None = None) -> Iterator[Review]:
    """The same server over HTTP, in a thread of this process."""
    from corpus_tool.review.server import ReviewServer
    from corpus_tool.review.session import open_review

    server = ReviewServer(open_review(corpus, annotator=annotator, as_annotator=as_annotator))
    try:
        yield Review(None, server.address)
    finally:
        server.close()
