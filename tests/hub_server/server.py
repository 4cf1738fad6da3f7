"""HTTP/1.1 on loopback: reads requests, lets faults happen, sends answers, logs."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import TCPServer, ThreadingMixIn
from urllib.parse import urlsplit

from hub_server.accounts import authenticate, open_accounts
from hub_server.body import Body
from hub_server.control import PREFIX, control
from hub_server.faults import CutError, Fault
from hub_server.hub import Hub
from hub_server.log import Log
from hub_server.routes import Route, find_route
from hub_server.wire import BLOCK, Answer, RefusalError, Request


@dataclass(frozen=True)
class Options:
    """How a Hub behaves; sizes in bytes."""

    port: int = 0
    page: int = 1000  # entries of a tree listing
    regular_limit: int = 10_000_000  # a larger file goes to LFS
    part_size: int = 64_000_000  # a larger LFS upload comes in parts


class Server(ThreadingMixIn, TCPServer):
    """A Hub that listens. ``hub`` is what it holds."""

    daemon_threads = True
    allow_reuse_address = True
    hub: Hub

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news; anything else is a fault of this server and shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def open_server(root: Path, options: Options) -> Server:
    """A Hub that listens on a free port, or on the one that is asked for, and answers once it is told to serve."""
    root.mkdir(parents=True, exist_ok=True)
    server = Server(("127.0.0.1", options.port), Handler)
    port, accounts = server.server_address[1], open_accounts(root)
    server.hub = Hub(
        root=root,
        endpoint=f"http://127.0.0.1:{port}",
        storage=f"http://localhost:{port}",
        accounts=accounts,
        log=Log(root / "log.jsonl", accounts),
        page=options.page,
        regular_limit=options.regular_limit,
        part_size=options.part_size,
    )
    return server


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def handle_method(self) -> None:
        """Answer one request, whatever its method."""
        hub, address = self.server.hub, urlsplit(self.path)
        headers = {name.lower(): text for name, text in self.headers.items()}
        found = find_route(self.command, address.path)
        kind = found[0].kind if found else "unknown"
        if address.netloc or self.command == "CONNECT":
            kind = "foreign"  # a client that has us as its proxy asks something of another host
        if address.path.startswith(PREFIX):
            kind = "control"
        fault = None if kind == "control" else hub.faults.take(kind, self.path)
        body = Body(self.rfile, headers, _limit(fault, "cut_upload"))  # type: ignore[arg-type]
        request = Request(self.command, address.path, address.query, headers, body.blocks, kind)
        answer = control(hub, request) if kind == "control" else _work(hub, request, found, body, fault)
        limit = _limit(fault, "cut_download")
        cut = answer is None or limit is not None
        if kind != "control":  # logged before it is sent: what a client has seen is in the log
            self._log(request, "cut" if answer is None or cut else answer.status, fault, body.received)
        if answer is not None:
            self._send(answer, limit)
        if cut:
            self._cut(reset=fault is not None and fault.reset)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_CONNECT = handle_method  # noqa: N815

    def _send(self, answer: Answer, limit: int | None) -> None:
        self.send_response(answer.status)
        for name, text in answer.headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(answer.length))
        self.end_headers()
        if self.command == "HEAD":
            return
        for block in _blocks(answer, answer.length if limit is None else min(limit, answer.length)):
            self.wfile.write(block)

    def _cut(self, *, reset: bool) -> None:
        """End the connection: closed as by a server that ends, or reset as by a network that breaks."""
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _log(self, request: Request, status: int | str, fault: Fault | None, received: int) -> None:
        entry = {
            "method": request.method,
            "kind": request.kind,
            "host": request.headers.get("host", ""),
            "address": self.path,
            "status": status,
            "fault": fault.action if fault else "",
            "received": received,
        }
        self.server.hub.log.add(entry, request.headers)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr: :mod:`hub_server.log` keeps the log."""


def _limit(fault: Fault | None, action: str) -> int | None:
    return fault.bytes if fault and fault.action == action else None


def _work(
    hub: Hub, request: Request, found: tuple[Route, Mapping[str, str]] | None, body: Body, fault: Fault | None
) -> Answer | None:
    """Do what is asked; None where the connection is to be cut without an answer."""
    action = fault.action if fault else ""
    try:
        answer = _answer(hub, request, found, fault)
        body.drain()
        if action == "hold_answer":
            with hub.faults.hold(request.kind):
                return answer
    except CutError:
        return None
    return None if action == "lose_answer" else answer


def _answer(hub: Hub, request: Request, found: tuple[Route, Mapping[str, str]] | None, fault: Fault | None) -> Answer:
    action = fault.action if fault else ""
    if fault and action == "refuse":
        return RefusalError(fault.status, fault.message, fault.code, fault.headers).answer()
    if found is None or request.kind == "foreign":
        return RefusalError(404, f"This Hub has no {request.method} {request.path}").answer()
    route, arguments = found
    try:
        if not route.storage:
            user, role = authenticate(hub.accounts, request.headers.get("authorization"))
            request = replace(request, user=user, role=role, ignored=action == "ignore")
        if action == "hold":
            whole = request.body()
            request = replace(request, blocks=lambda: iter((whole,)))
            with hub.faults.hold(request.kind):
                return route.answer(hub, request, **arguments)
        return route.answer(hub, request, **arguments)
    except RefusalError as refusal:
        return refusal.answer()


def _blocks(answer: Answer, length: int) -> Iterator[bytes]:
    """The first ``length`` bytes of what an answer sends."""
    if isinstance(answer.body, bytes):
        yield answer.body[:length]
        return
    with answer.body.open("rb") as file:
        file.seek(answer.start)
        while length:
            block = file.read(min(length, BLOCK))
            length -= len(block)
            yield block
