"""The local server of the review page: requests routed to a ``Session``, answers in JSON, on 127.0.0.1 alone."""

from __future__ import annotations

import json
import secrets
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from typing import TYPE_CHECKING, Any

import orjson
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from corpus_tool.model import CorpusToolError
from corpus_tool.read.faults import ReadError
from corpus_tool.review.guard import ADDRESS, HEADERS, MAX_BODY_BYTES, cookie_name, require_own_page, require_token
from corpus_tool.review.guidelines import guidelines_of, render_guidelines
from corpus_tool.review.refusal import NotFound, Refusal
from corpus_tool.review.session import Session, open_review
from corpus_tool.rules import explain, render_markdown

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

STATIC = Path(__file__).parent / "static"

#: Types of the page's files, by suffix; no other file is served.
TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".woff2": "font/woff2",
}

_ROUTES = Map(
    [
        Rule("/", endpoint="page", methods=["GET"]),
        Rule("/static/<path:name>", endpoint="static", methods=["GET"]),
        Rule("/guidelines", endpoint="guidelines", methods=["GET"]),
        Rule("/api/corpus", endpoint="corpus", methods=["GET"]),
        Rule("/api/queue", endpoint="queue", methods=["GET"]),
        Rule("/api/explain/<code>", endpoint="explain", methods=["GET"]),
        Rule("/api/documents/<document>", endpoint="document", methods=["GET"]),
        Rule("/api/documents/<document>/etag", endpoint="etag", methods=["GET"]),
        Rule("/api/documents/<document>/places", endpoint="places", methods=["GET"]),
        Rule("/api/documents/<document>/versions", endpoint="versions", methods=["GET"]),
        Rule("/api/documents/<document>/edits", endpoint="edits", methods=["POST"]),
        Rule("/api/documents/<document>/undo", endpoint="undo", methods=["POST"]),
        Rule("/api/documents/<document>/redo", endpoint="redo", methods=["POST"]),
    ],
    strict_slashes=False,
    merge_slashes=False,
)


class MissingState(Refusal):
    """An edit that does not say which state of the document it was made for."""

    status = 428
    code = "if-match-missing"


class NotJson(Refusal):
    """A body of another type; a foreign page could send it without asking the browser."""

    status = 415
    code = "not-json"


def _json(value: Any, status: int = 200) -> Response:
    body = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(body, status=status, content_type="application/json; charset=utf-8")


@dataclass(frozen=True)
class ReviewApp:
    """A session as a WSGI application.

    Attributes:
        session: what answers.
        token: what a request must carry.
        port: the port that the server listens on.
    """

    session: Session
    token: str
    port: int

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        request = Request(environ)
        request.max_content_length = MAX_BODY_BYTES
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            require_own_page(request, self.port)
            require_token(request, self.token, self.port)
            endpoint, values = _ROUTES.bind_to_environ(request.environ).match()
            return _ENDPOINTS[endpoint](self, request, values)
        except Refusal as refusal:
            return _json({"error": str(refusal), "code": refusal.code, **refusal.more}, refusal.status)
        except RequestEntityTooLarge:
            return _json({"error": f"a body has {MAX_BODY_BYTES:,} bytes at most", "code": "too-large"}, 413)
        except HTTPException as error:
            words = {404: "there is no such address", 405: "this address takes no such request"}
            status = error.code or 400
            return _json({"error": words.get(status, error.name), "code": error.name.lower().replace(" ", "-")}, status)
        except ReadError as error:
            return _json({"error": error.diagnostic.message, "code": "unreadable"}, 409)
        except (CorpusToolError, OSError) as error:
            return _json({"error": str(error), "code": "unreadable"}, 409)
        except Exception:  # noqa: BLE001  # the reviewer is told; whoever started the server sees what it was
            traceback.print_exc(file=sys.stderr)
            return _json({"error": "a fault of the program: nothing was saved by this", "code": "fault"}, 500)

    def page(self, request: Request, _values: Mapping[str, str]) -> Response:
        """The page itself, and the cookie that its requests carry."""
        response = _file("index.html")
        if "token" in request.args:
            response.set_cookie(cookie_name(self.port), self.token, httponly=True, samesite="Strict", path="/")
        return response

    def static(self, _request: Request, values: Mapping[str, str]) -> Response:
        """A file of the page."""
        return _file(values["name"])

    def guidelines(self, _request: Request, _values: Mapping[str, str]) -> Response:
        """The guidelines for annotators."""
        return Response(render_guidelines(guidelines_of(self.session.corpus)), content_type=TYPES[".html"])

    def corpus(self, _request: Request, _values: Mapping[str, str]) -> Response:
        """The corpus and its layers."""
        return _json(self.session.corpus_json())

    def queue(self, request: Request, _values: Mapping[str, str]) -> Response:
        """The articles, in an order."""
        return _json(self.session.queue.answer(request.args.to_dict()))

    def explain(self, _request: Request, values: Mapping[str, str]) -> Response:
        """What a finding's code means."""
        try:
            rule = explain(values["code"])
        except CorpusToolError as error:
            raise NotFound(str(error)) from error
        text = render_markdown(rule)
        return _json({"code": rule.code, "name": rule.name, "severity": str(rule.severity), "text": text})

    def document(self, request: Request, values: Mapping[str, str]) -> Response:
        """A document."""
        return _json(self.session.document(values["document"], request.args.get("span")))

    def etag(self, _request: Request, values: Mapping[str, str]) -> Response:
        """Which state of a document is on disk."""
        return _json(self.session.etag(values["document"]))

    def places(self, request: Request, values: Mapping[str, str]) -> Response:
        """The gazetteer's candidates."""
        return _json(self.session.places_json(values["document"], request.args.to_dict()))

    def versions(self, _request: Request, values: Mapping[str, str]) -> Response:
        """What each annotator made of a document."""
        return _json(self.session.versions_json(values["document"]))

    def edits(self, request: Request, values: Mapping[str, str]) -> Response:
        """Edits, saved at once."""
        body = _body(request)
        return _json(self.session.edit(values["document"], _state(request), body))

    def undo(self, request: Request, values: Mapping[str, str]) -> Response:
        """The step before."""
        _body(request)
        return _json(self.session.step(values["document"], _state(request), undo=True))

    def redo(self, request: Request, values: Mapping[str, str]) -> Response:
        """The step after."""
        _body(request)
        return _json(self.session.step(values["document"], _state(request), undo=False))


_ENDPOINTS: Mapping[str, Callable[[ReviewApp, Request, Mapping[str, str]], Response]] = {
    "corpus": ReviewApp.corpus,
    "document": ReviewApp.document,
    "edits": ReviewApp.edits,
    "etag": ReviewApp.etag,
    "explain": ReviewApp.explain,
    "guidelines": ReviewApp.guidelines,
    "page": ReviewApp.page,
    "places": ReviewApp.places,
    "queue": ReviewApp.queue,
    "redo": ReviewApp.redo,
    "static": ReviewApp.static,
    "undo": ReviewApp.undo,
    "versions": ReviewApp.versions,
}


def _body(request: Request) -> Any:
    """The JSON of a request.

    Raises:
        Refusal: it is none.
    """
    if request.mimetype != "application/json":
        raise NotJson("a request to change something is application/json")
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise Refusal(f"the body is not JSON in UTF-8: {error}") from error


def _state(request: Request) -> str:
    """The etag that an edit was made for."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise MissingState("an edit says which state of the document it was made for: If-Match")
    return given.removeprefix("W/").strip('"')


def _file(name: str) -> Response:
    """A file of the page, of a type that is known, inside its folder."""
    path = STATIC / name
    kind = TYPES.get(path.suffix)
    if kind is None or "\0" in name or not path.is_file() or not path.resolve().is_relative_to(STATIC.resolve()):
        raise NotFound("there is no such file")
    return Response(path.read_bytes(), content_type=kind)


class _Handler(WSGIRequestHandler):
    """Says nothing on the terminal, and nothing of itself to the client; an idle connection ends."""

    timeout = 60

    def log(self, type: str, message: str, *args: Any) -> None:
        """Logs nothing."""

    def version_string(self) -> str:
        """What the header ``Server`` says."""
        return "corpus-tool"


@dataclass
class ReviewServer:
    """A running review page.

    Attributes:
        session: what it answers with.
        port: where it listens.
        token: what requests must carry.
    """

    session: Session
    port: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _server: BaseWSGIServer = field(init=False)
    _thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        try:
            self._server = make_server(ADDRESS, self.port, _nothing, threaded=True, request_handler=_Handler)
        except OSError as error:
            raise CorpusToolError(f"port {self.port}: {error.strerror or error}; name another --port") from error
        except SystemExit as error:  # what werkzeug does where a port is taken
            raise CorpusToolError(f"port {self.port} is taken; name another --port") from error
        self.port = self._server.port
        self._server.app = ReviewApp(self.session, self.token, self.port)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="review", daemon=True)
        self._thread.start()
        self.session.queue.start()

    @property
    def address(self) -> str:
        """The address that opens the page."""
        return f"http://{ADDRESS}:{self.port}/?token={self.token}"

    def close(self) -> None:
        """Ends the server; what is being saved is saved."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.session.close()


def _nothing(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
    """Stands in until the port is known."""
    return ()


def serve_review(
    root: Path,
    *,
    annotator: str | None = None,
    as_annotator: str | None = None,
    port: int = 0,
    on_ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serves the review page of a corpus until the process is interrupted (Ctrl-C) or asked to end (SIGTERM).

    Args:
        root: the corpus.
        annotator: whose word edits are (``open_review``).
        as_annotator: the annotator below ``annotators/`` whose copies are edited, None for the documents themselves.
        port: where to listen on 127.0.0.1; 0 for any free port.
        on_ready: called with the page's address as soon as it answers.

    Raises:
        CorpusToolError: the folder is no corpus, a name is none, or the port is taken.
        ReadError: ``corpus.yaml`` is wrong.
    """
    server = ReviewServer(open_review(root, annotator=annotator, as_annotator=as_annotator), port)
    ended = Event()
    if current_thread() is main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: ended.set())
    try:
        on_ready(server.address)
        while not ended.wait(0.5):
            pass
    finally:
        server.close()
