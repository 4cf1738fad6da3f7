"""One JSON request to an endpoint: bounded in time, size and tries, and never led elsewhere by a redirect."""

from __future__ import annotations

import ipaddress
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import urlsplit

#: Bytes of an answer; one that is right has some 20 kB.
MAX_ANSWER = 5_000_000

#: Statuses that may pass: too many requests, and a server that is busy or fell over.
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})

#: Seconds before the second try; each further one waits twice as long, and never longer than ``_LONGEST_WAIT``.
FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0


class EndpointError(Exception):
    """No answer, or none that can be read; says why. ``passing`` where another try may help."""

    def __init__(self, message: str, *, passing: bool = False, wait: float = 0) -> None:
        super().__init__(message)
        self.passing = passing
        self.wait = wait


@dataclass(frozen=True)
class Endpoint:
    """Where to ask, and how patiently.

    Attributes:
        url: of the endpoint, http or https.
        key: sent as a bearer token, if any.
        timeout: seconds for one try, from the first byte sent to the last one read.
        retries: tries after the first.
    """

    url: str
    key: str | None = None
    timeout: float = 60
    retries: int = 2


def url_problem(url: str, *, with_key: bool) -> str | None:
    """What speaks against an address, if anything."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        return str(error)
    if parts.scheme not in {"http", "https"} or not host or any(c.isspace() or not c.isprintable() for c in url):
        return "is no http or https address"
    if parts.username is not None or parts.query or parts.fragment:
        return "holds a user name, a query or a fragment"
    if with_key and parts.scheme == "http" and not is_loopback(host):
        return "would send the key unencrypted; use https"
    return None


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def post_json(endpoint: Endpoint, body: Mapping[str, Any]) -> Any:
    """Posts JSON and gives the JSON that comes back.

    Raises:
        EndpointError: there is no answer after the last try, or it is no JSON, too large, or leads elsewhere.
    """
    data = json.dumps(body, ensure_ascii=False).encode("utf-8")
    for tried in range(endpoint.retries + 1):
        try:
            return _parsed(_within(endpoint, data))
        except EndpointError as error:
            if not error.passing or tried == endpoint.retries:
                times = f" ({tried + 1} tries)" if tried else ""
                raise EndpointError(f"{error}{times}") from error
            time.sleep(min(_LONGEST_WAIT, max(error.wait, FIRST_WAIT * 2**tried)))
    raise AssertionError  # the last try returns or raises


def _parsed(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise EndpointError("its answer is no JSON") from error


def _within(endpoint: Endpoint, data: bytes) -> bytes:
    """The answer's bytes, or an error when the time is over, whatever the other side is doing with the connection.

    A socket's own timeout is one for each byte; a server that sends one every second would hold a run for ever.
    """
    done: list[bytes | EndpointError] = []

    def ask() -> None:
        try:
            done.append(_ask(endpoint, data))
        except EndpointError as error:
            done.append(error)
        except (OSError, HTTPException, ValueError) as error:
            done.append(EndpointError(f"cannot be reached ({_told(error)})", passing=True))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(endpoint.timeout)
    if not done:
        raise EndpointError(f"gave no whole answer within {endpoint.timeout:g} seconds", passing=True)
    if isinstance(done[0], EndpointError):
        raise done[0]
    return done[0]


def _told(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return (getattr(reason, "strerror", None) or str(reason) or type(reason).__name__).splitlines()[0][:200]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Consent was given to one address: articles and keys go to no other."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def _ask(endpoint: Endpoint, data: bytes) -> bytes:
    over = time.monotonic() + endpoint.timeout
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "corpus-tool"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = urllib.request.Request(endpoint.url, data, headers, method="POST")  # noqa: S310  # http(s): url_problem
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if is_loopback(urlsplit(endpoint.url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    try:
        with opener.open(request, timeout=endpoint.timeout) as answer:
            return _body(answer, over)
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error) from error


def _body(answer: Any, over: float) -> bytes:
    parts = []
    size = 0
    while part := answer.read1(65_536):
        size += len(part)
        if size > MAX_ANSWER:
            raise EndpointError(f"its answer is larger than {MAX_ANSWER:,} bytes")
        if time.monotonic() > over:
            raise EndpointError("gave no whole answer in time", passing=True)
        parts.append(part)
    return b"".join(parts)


def _refusal(error: urllib.error.HTTPError) -> EndpointError:
    if 300 <= error.code < 400:
        return EndpointError(f"wants to redirect to {str(error.headers.get('Location'))[:200]!r}; not followed")
    wait = str(error.headers.get("Retry-After") or "")
    try:
        says = json.loads(error.read(10_000))["error"]["message"]
    except (ValueError, KeyError, TypeError, OSError, HTTPException, RecursionError):
        says = ""
    told = f"answered HTTP {error.code}" + (f" ({str(says)[:200]})" if says else "")
    return EndpointError(told, passing=error.code in _PASSING, wait=float(wait) if wait.isdecimal() else 0)
