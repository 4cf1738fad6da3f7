"""Who may ask the server of the review page, and what every answer says to a browser.

Any page that is open in the browser can send requests to a port of this machine. So a request must name this server as
its host (a name that was bound anew to 127.0.0.1 does not), come from its own page, and carry the token of this run.
"""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import TYPE_CHECKING

from corpus_tool.review.refusal import NotAllowed

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

#: The only address that the server listens on.
ADDRESS = "127.0.0.1"

#: Names that a browser may call it by.
_NAMES = (ADDRESS, "localhost")

#: Bytes of a request's body.
MAX_BODY_BYTES = 1_000_000

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

#: Headers of every answer.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def cookie_name(port: int) -> str:
    """The cookie that carries the token; cookies are shared between ports, so the port is in its name."""
    return f"corpus-tool-review-{port}"


def require_own_page(request: Request, port: int) -> None:
    """Refuses a request under a foreign name, or from a foreign page.

    Raises:
        NotAllowed: it is one.
    """
    hosts = {f"{name}:{port}" for name in _NAMES} | (set(_NAMES) if port == 80 else set())
    if request.headers.get("Host", "") not in hosts:
        raise NotAllowed("this server answers under its own name alone")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        raise NotAllowed("this server answers its own page alone")
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        raise NotAllowed("this server answers its own page alone")


def require_token(request: Request, token: str, port: int) -> None:
    """Refuses a request without the token: of the address on the page itself, of the cookie, of ``Authorization``.

    Raises:
        NotAllowed: it has none, or another one.
    """
    given = request.args.get("token") if request.path == "/" else None
    if given is None:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        given = bearer if scheme.lower() == "bearer" else request.cookies.get(cookie_name(port))
    if given is None or not compare_digest(given.encode("utf-8"), token.encode("utf-8")):
        raise NotAllowed("the token is missing or another run's: open the address that corpus-tool review prints")
