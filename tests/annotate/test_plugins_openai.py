"""An OpenAI-compatible endpoint, played by a server on this machine: good answers, bad ones, and none."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.annotate.plugins import Noted, Request, endpoint, make_annotator, suggestions
from corpus_tool.annotate.plugins.answers import Answer, document_from_answers
from corpus_tool.annotate.plugins.asking import answer_schema, item_schema
from corpus_tool.checks.run import make_checker
from corpus_tool.model import Block, CorpusToolError, Document, Meta, sha256_of
from corpus_tool.model.codec import document_to_json, dump_document
from corpus_tool.model.schemas import BUILT_IN, built_in_layers

Json = dict[str, Any]

TEXT = (
    "Harbour reopens\n\n"
    "The harbour of Haifa was closed, and 40 people were hurt, said Mayor Rosa Lind. "
    "“We go back to work,” she said. Rosa Lind\u00a0left\n\n"
    "Share this article with Rosa Lind"
)


def article(name: str = "harbour", text: str = TEXT) -> Document:
    bounds = [(i, i + len(part)) for part in text.split("\n\n") for i in [text.index(part)]]
    kinds = ["title", *["paragraph"] * (len(bounds) - 2), "promo"]
    blocks = tuple(Block(start=s, end=e, kind=kind) for (s, e), kind in zip(bounds, kinds, strict=True))
    return Document(id=name, meta=Meta(language="en"), text=text, text_sha256=sha256_of(text), blocks=blocks)


def chat(content: Any, **choice: Any) -> bytes:
    words = content if isinstance(content, str) else json.dumps(content)
    return json.dumps({"choices": [{"message": {"content": words}, "finish_reason": "stop", **choice}]}).encode()


def actor(text: str, **given: Any) -> Json:
    return {"text": text, "kind": "person", "mention": "name", "role": None, "anonymous": None, **given}


def figure(text: str, **given: Any) -> Json:
    keys = ("value", "min", "max", "modifier", "unit", "measure", "counted")
    return {"text": text, **dict.fromkeys(keys), **given}


def quote(text: str, cue: str | None, speaker: str | None, kind: str = "direct") -> Json:
    return {"text": text, "kind": kind, "attitude": "speech", "cue": cue, "speaker": speaker}


GOOD = {
    "actors": [actor("Rosa Lind", role="Mayor"), actor("she", mention="pronoun"), actor("Rosa Lind")],
    "locations": [{"text": "Haifa", "kind": "city", "mention": "name"}],
    "figures": [figure("40", value=40, unit="count", measure="wounded", counted="people")],
    "quotes": [
        quote("The harbour of Haifa was closed, and 40 people were hurt", "said", "Rosa Lind", "indirect"),
        quote('"We go back to work,"', "said", "she"),
    ],
}

Reply = Callable[[BaseHTTPRequestHandler], None]


def reply(body: bytes, status: int = 200, **headers: str) -> Reply:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return send


class Server:
    """A loopback server that answers the requests with ``answers`` in turn, the last one for all that follow."""

    def __init__(self) -> None:
        self.answers: list[Reply] = []
        self.asked: list[tuple[str, dict[str, str], Json]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append((self.path, dict(self.headers), body))
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                try:
                    answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(endpoint, "FIRST_WAIT", 0.01)
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


def ask(server: Server, *documents: Document, **options: Any) -> list[Noted]:
    given = {"url": server.url, "model": "tiny", "timeout": 5, **options}
    annotator = make_annotator(Request("openai", given, Path()))
    return list(suggestions(annotator, documents or [article()]))


def words(noted: Noted, layer: str) -> list[str]:
    return [a.text for a in noted.document.layers[layer]]


def test_a_good_answer_becomes_four_layers_with_provenance(server: Server) -> None:
    server.answers = [reply(chat(GOOD))]
    [noted] = ask(server)
    assert noted.notes == ()
    document = noted.document
    assert list(document.layers) == ["actors", "locations", "figures", "quotes"]
    assert words(noted, "actors") == ["Rosa Lind", "she", "Rosa Lind"]
    assert [a.role for a in document.actors] == ["Mayor", None, None]
    assert {(e.kind, e.name) for e in document.entities} == {("person", "Rosa Lind"), ("city", "Haifa")}
    [hurt] = document.figures
    assert (hurt.value, hurt.measure, hurt.counted and hurt.counted.text) == (40, "wounded", "people")
    indirect, direct = document.quotes
    assert hurt.quote == indirect.id
    assert direct.text == "“We go back to work,”"
    assert [next(a.text for a in document.actors if a.id == q.speaker) for q in (indirect, direct)] == [
        "Rosa Lind",
        "she",
    ]
    assert direct.cue is not None
    assert direct.cue.start > direct.end
    for annotation in (a for layer in document.layers.values() for a in layer):
        assert document.text[annotation.start : annotation.end] == annotation.text
        assert annotation.provenance is not None
        assert (annotation.provenance.status, annotation.provenance.annotator) == ("suggested", "openai/0.1.0+tiny")


def test_the_model_is_asked_with_a_closed_schema_and_for_content_alone(server: Server) -> None:
    server.answers = [reply(chat(GOOD))]
    ask(server)
    [(path, headers, body)] = server.asked
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["schema"] == answer_schema(
        ["actors", "locations", "figures", "quotes"]
    )
    assert "Harbour reopens" in body["messages"][1]["content"]
    assert "Share this article" not in body["messages"][1]["content"]
    schema = json.dumps(body["response_format"])
    assert not {"start", "end", "offset"} & set(schema.replace('"', " ").split())


def test_words_that_are_not_in_the_text_are_refused_and_counted(server: Server) -> None:
    answer = {
        "actors": [
            actor("Rosa Lind"),
            actor("Olaf Meier"),
            actor("Rosa Linde"),
            {"text": "Haifa"},
            actor("Lind", kind="god"),
        ],
        "figures": [figure("40"), figure("Haifa")],
    }
    server.answers = [reply(chat(answer))]
    [noted] = ask(server, layers=["actors", "figures"])
    assert words(noted, "actors") == ["Rosa Lind"]
    assert words(noted, "figures") == ["40"]
    assert noted.document.figures[0].value == 40
    [note] = noted.notes
    assert note.fault == "suggestion-not-found"
    assert note.message == "openai: 5 of 7 suggestions were refused: 2 malformed, 2 not in the text, 1 without a number"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (reply(b"<html>busy</html>"), "its answer is no JSON"),
        (reply(b"[]"), "holds no message"),
        (reply(chat("not json")), "no JSON"),
        (reply(chat('{"actors": [')), "no JSON"),
        (reply(chat({"actors": {}})), "no lists actors"),
        (reply(chat("[" * 100_000)), "no JSON"),
        (reply(chat("", finish_reason="length")), "cut off"),
        (reply(b'{"choices": [{"message": {"content": null, "refusal": "no"}}]}'), "refused (no)"),
        (reply(b'{"error": {"message": "model not loaded"}}', 500), "HTTP 500 (model not loaded) (3 tries)"),
        (reply(b"", 401), "answered HTTP 401"),
        (reply(b"x" * (endpoint.MAX_ANSWER + 1)), "larger than"),
        (reply(b"", 302, Location="http://example.org/v1"), "wants to redirect to 'http://example.org/v1'"),
        (reply(b"", 307, Location="http://example.org/v1"), "wants to redirect"),
        (lambda handler: handler.connection.close(), "cannot be reached"),
    ],
)
def test_an_answer_that_is_none_is_noted_and_the_next_document_goes_on(
    server: Server, answer: Reply, says: str
) -> None:
    good = reply(chat({"actors": [actor("Rosa Lind")]}))
    tries = 3 if "tries" in says or "reached" in says else 1
    server.answers = [answer] * tries + [good]
    bad, fine = ask(server, article("one"), article("two"), layers=["actors"])
    assert bad.document.layers == {}
    [note] = bad.notes
    assert note.fault == "annotator-failed"
    assert says in note.message
    assert words(fine, "actors") == ["Rosa Lind"]
    assert len(server.asked) == tries + 1


def test_a_server_that_is_busy_for_a_while_is_asked_again(server: Server) -> None:
    server.answers = [reply(b"", 503), reply(b"", 429, Retry_After="0"), reply(chat({"actors": []}))]
    [noted] = ask(server, layers=["actors"])
    assert (noted.document.layers, noted.notes) == ({"actors": ()}, ())


def trickle(handler: BaseHTTPRequestHandler) -> None:
    """A byte every now and then: no single wait is long, the answer never ends."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1_200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def stay_silent(handler: BaseHTTPRequestHandler) -> None:
    """No answer for a minute, or until the other side hangs up."""
    handler.connection.settimeout(60)
    handler.connection.recv(1)


@pytest.mark.parametrize("slow", [stay_silent, trickle])
def test_the_time_of_one_try_is_bounded(server: Server, slow: Reply) -> None:
    server.answers = [slow]
    begun = time.monotonic()
    [noted] = ask(server, layers=["actors"], timeout=0.2, retries=1)
    assert time.monotonic() - begun < 60  # both tries would have two minutes, and are given half a second
    assert noted.notes[0].fault == "annotator-failed"
    assert "2 tries" in noted.notes[0].message


def test_a_long_article_is_asked_about_in_parts(server: Server) -> None:
    paragraph = "Rosa Lind spoke. " + "The harbour was quiet that day. " * 250
    text = "\n\n".join(["Title", *(f"{i} {paragraph.strip()}" for i in range(4)), "Share this"])
    server.answers = [reply(chat({"actors": [actor("Rosa Lind")]}))]
    [noted] = ask(server, article("long", text), layers=["actors"])
    assert len(server.asked) == 4
    starts = [a.start for a in noted.document.actors]
    assert starts == [text.index(f"{i} Rosa") + 2 for i in range(4)]
    assert [a.id for a in noted.document.actors] == ["a1", "a2", "a3", "a4"]


def test_the_key_comes_from_the_environment_and_is_not_sent_in_the_clear(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = [reply(chat({"actors": []}))]
    monkeypatch.setenv("MY_KEY", "s3cret\n")
    ask(server, layers=["actors"], api_key_env="MY_KEY")
    assert server.asked[0][1]["Authorization"] == "Bearer s3cret"
    with pytest.raises(CorpusToolError, match="unencrypted"):
        ask(server, api_key_env="MY_KEY", url="http://example.org/v1")
    monkeypatch.delenv("MY_KEY")
    with pytest.raises(CorpusToolError, match="MY_KEY is not set"):
        ask(server, api_key_env="MY_KEY")


@pytest.mark.parametrize(
    "options",
    [
        {"url": "file:///etc/passwd"},
        {"url": "http://user:word@host/v1"},
        {"url": "http://[1/v1"},
        {"url": "https://host/v1?key=1"},
        {"layers": ["stance"]},
        {"layers": []},
        {"timeout": "fast"},
        {"retries": 1000},
        {"temperature": 1},
        {"model": ""},
    ],
)
def test_a_wrong_option_is_misuse(options: Json) -> None:
    with pytest.raises(CorpusToolError, match="annotator openai"):
        make_annotator(Request("openai", {"url": "http://127.0.0.1:9/v1", "model": "tiny", **options}, Path()))


WORDS = st.sampled_from(
    ["Rosa Lind", "40", "“We go back to work,”", "We go back to work", "Haifa", "she", "\ud800", "", "of Haifa was"]
)
VALUES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | WORDS
    | st.sampled_from(["person", "city", "direct", "count"])
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_a_model_says_the_document_stays_valid(data: st.DataObject) -> None:
    validator = make_checker(built_in_layers(), ()).validator
    answer: dict[str, list[Any]] = {}
    for layer in BUILT_IN:
        properties = item_schema(layer, True)["properties"]
        item = st.fixed_dictionaries(
            {
                key: (WORDS if key == "text" else st.sampled_from(spec["enum"]) if "enum" in spec else VALUES)
                for key, spec in properties.items()
            }
        )
        answer[layer] = data.draw(st.lists(item | VALUES, max_size=4))
    document, lost = document_from_answers(article(), [Answer(((17, len(TEXT) - 35),), answer)], tuple(BUILT_IN))
    assert validator.is_valid(document_to_json(document))
    made = sum(map(len, document.layers.values()))
    assert made + lost.total() <= sum(map(len, answer.values())) + len(document.quotes)
    dump_document(document, built_in_layers())
    for layer in document.layers.values():
        assert all(TEXT[a.start : a.end] == a.text for a in layer)
        assert len({(a.start, a.end) for a in layer}) == len(layer)
