"""The review page's server: the real command in a process of its own, asked over HTTP."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from review_process import Review, running_review, served_review

from corpus_tool.cli import COMMANDS
from corpus_tool.review.guard import CONTENT_SECURITY_POLICY
from corpus_tool.review.guidelines import GUIDELINE_OF

Json = dict[str, Any]
Place = Callable[..., Json]

FIRE = "/api/documents/fire"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, fire: Json, new_corpus: Callable[..., Path]) -> Iterator[Review]:
    """A server for tests that change nothing."""
    root = new_corpus(tmp_path_factory.mktemp("shared") / "corpus", [fire])
    (root.parent / "secret.json").write_text('{"word": "swordfish"}')
    (root / "documents" / "outside.json").symlink_to(root.parent / "secret.json")
    with running_review(root) as review:
        yield review


@pytest.fixture
def review(corpus: Path) -> Iterator[Review]:
    """The same server in this process, which starts faster."""
    with served_review(corpus) as served:
        yield served


def stored(corpus: Path) -> Json:
    raw: Json = json.loads((corpus / "documents" / "fire.json").read_text(encoding="utf-8"))
    return raw


def annotation(raw: Json, own: str) -> Json:
    return next(a for items in raw["layers"].values() for a in items if a["id"] == own)


def test_the_printed_address_answers_and_gives_a_cookie_that_carries_on(shared: Review) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", shared.address)
    first = shared.ask("GET", f"/?token={shared.token}", headers={"Authorization": None})
    assert first.status == 200
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    carried = {"Authorization": None, "Cookie": cookie.partition(";")[0]}
    for path in ("/", "/api/corpus", FIRE):
        assert shared.ask("GET", path, headers=carried).status == 200


def test_every_answer_forbids_what_a_page_from_strangers_could_do(shared: Review) -> None:
    for path in ("/", "/api/corpus", "/guidelines", "/nothing", "/api/documents/nobody"):
        for headers in ({}, {"Authorization": None}):
            answer = shared.ask("GET", path, headers=headers)
            assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert "ython" not in answer.headers["Server"]


REFUSED: dict[str, tuple[str, str, dict[str, str | None], int]] = {
    "no token": ("GET", "/", {"Authorization": None}, 403),
    "no token, the page's files": ("GET", "/static/app.js", {"Authorization": None}, 403),
    "no token, an address that is none": ("GET", "/nothing", {"Authorization": None}, 403),
    "another token": ("GET", "/api/corpus", {"Authorization": "Bearer x"}, 403),
    "another token in the address": ("GET", "/?token=x", {}, 403),
    "a token that is no ASCII": ("GET", "/?token=%F0%9F%94%A5", {}, 403),
    "another run's cookie": ("GET", "/api/corpus", {"Authorization": None, "Cookie": "corpus-tool-review-1=x"}, 403),
    "a token where none is read": ("GET", "/api/corpus?token=TOKEN", {"Authorization": None}, 403),
    "a foreign host": ("GET", "/api/corpus", {"Host": "evil.example"}, 403),
    "a foreign host on our port": ("GET", "/api/corpus", {"Host": "evil.example:PORT"}, 403),
    "our host on another port": ("GET", "/api/corpus", {"Host": "127.0.0.1:1"}, 403),
    "no host": ("GET", "/api/corpus", {"Host": None}, 403),
    "a foreign origin": ("GET", "/api/corpus", {"Origin": "http://evil.example"}, 403),
    "another port's origin": ("GET", "/api/corpus", {"Origin": "http://127.0.0.1:1"}, 403),
    "an origin without a name": ("GET", "/api/corpus", {"Origin": "null"}, 403),
    "another site": ("GET", "/api/corpus", {"Sec-Fetch-Site": "cross-site"}, 403),
    "another port of this site": ("GET", "/api/corpus", {"Sec-Fetch-Site": "same-site"}, 403),
    "a method that is none": ("DELETE", FIRE, {}, 405),
    "a question before a foreign request": ("OPTIONS", f"{FIRE}/edits", {}, 405),
    "reading where one writes": ("GET", f"{FIRE}/edits", {}, 405),
    "writing where one reads": ("POST", FIRE, {"Content-Length": "0"}, 405),
    "a path that climbs": ("GET", "/api/documents/../corpus.yaml", {}, 404),
    "a path that climbs, encoded": ("GET", "/api/documents/..%2f..%2fsecret", {}, 404),
    "a path that climbs, encoded twice": ("GET", "/api/documents/..%252f..%252fsecret", {}, 404),
    "a path that climbs from the page's files": ("GET", "/static/../server.py", {}, 404),
    "the same, encoded": ("GET", "/static/%2e%2e/server.py", {}, 404),
    "an absolute path": ("GET", "/static//etc/passwd", {}, 404),
    "a file of another type": ("GET", "/static/../__init__.py", {}, 404),
    "a zero byte": ("GET", "/static/app.js%00.html", {}, 404),
    "a document through a symbolic link": ("GET", "/api/documents/outside", {}, 403),
    "a document that is none": ("GET", "/api/documents/Fire", {}, 404),
    "a code that is none": ("GET", "/api/explain/XYZ999", {}, 404),
    "an order that is none": ("GET", "/api/queue?order=backwards", {}, 400),
    "a span that is none": ("GET", f"{FIRE}?span=9-3", {}, 400),
    "a form instead of JSON": ("POST", f"{FIRE}/edits", {"Content-Type": "text/plain", "If-Match": "x"}, 415),
    "an edit of no state": ("POST", f"{FIRE}/edits", {"Content-Type": "application/json"}, 428),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(shared: Review, case: str) -> None:
    method, path, headers, status = REFUSED[case]

    def own(words: str | None) -> str | None:
        return words and words.replace("PORT", str(shared.port)).replace("TOKEN", shared.token)

    body = b"{}" if method == "POST" and "Content-Length" not in headers else None
    answer = shared.ask(method, str(own(path)), body, {name: own(value) for name, value in headers.items()})
    assert answer.status == status
    assert answer.json["error"]
    assert b"swordfish" not in answer.body


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b'{"edits": "all"}', 400),
        (b'{"edits": [{"do": "accept", "ids": ["\\ud83d"]}]}', 400),
        (b'{"edits": []}', 400),
        (b" " * 1_000_001, 413),
    ],
    ids=["empty", "cut off", "not UTF-8", "no list", "half a character", "no edit", "too large"],
)
def test_bodies_that_are_refused(shared: Review, body: bytes, status: int) -> None:
    etag = shared.get(FIRE)["etag"]
    headers = {"Content-Type": "application/json", "If-Match": f'"{etag}"'}
    try:
        answer = shared.ask("POST", f"{FIRE}/edits", body, headers)
    except (BrokenPipeError, ConnectionResetError):  # the server had answered before all of it was sent
        assert status == 413
        return
    assert answer.status == status
    assert shared.get(FIRE)["etag"] == etag


def test_it_listens_on_this_machine_alone(shared: Review) -> None:
    others = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1", "::1"}
    for address in [*others, "::1"]:
        with pytest.raises(OSError, match=r".*"):
            socket.create_connection((str(address), shared.port), timeout=5)


def test_the_page_is_told_what_it_needs_to_know(shared: Review) -> None:
    corpus = shared.get("/api/corpus")
    assert (corpus["name"], corpus["annotator"], corpus["as"]) == ("test", "rosa", None)
    layers = {layer["name"]: layer for layer in corpus["layers"]}
    assert list(layers) == ["actors", "locations", "figures", "quotes"]
    attributes = {a["name"]: a for a in layers["quotes"]["attributes"]}
    assert attributes["kind"]["choices"] == ["direct", "indirect", "mixed"]
    assert attributes["kind"]["required"]
    assert (attributes["cue"]["type"], attributes["speaker"]["refers_to"]) == ("span", "actors")
    assert attributes["co_speakers"]["type"] == "references"
    assert layers["figures"]["one_of"] == ["value", "min", "max"]
    assert "armed_group" in corpus["entity_kinds"]


def test_every_place_of_the_guidelines_that_is_named_is_there(shared: Review) -> None:
    page = shared.ask("GET", "/guidelines").body.decode()
    assert "<script" not in page
    for anchor in GUIDELINE_OF.values():
        assert f'id="{anchor.partition("#")[2]}"' in page, anchor


def test_offsets_go_to_the_page_as_utf_16_and_come_back_as_code_points(
    review: Review, corpus: Path, in_units: Place, place: Place
) -> None:
    shown = review.get(FIRE)
    page = shown["text"].encode("utf-16-le")
    for item in [*shown["annotations"], *(p for a in shown["annotations"] for p in a["attributes"].values())]:
        if isinstance(item, dict) and "text" in item:
            parts = item.get("fragments") or [item]
            words = [page[2 * part["start"] : 2 * part["end"]].decode("utf-16-le") for part in parts]
            assert " ".join(words) == item["text"]
    assert shown["annotations"][2]["start"] == in_units("𝒳 Group")["start"] > place("𝒳 Group")["start"]
    answer = review.edit(
        "fire",
        shown["etag"],
        {"do": "bounds", "id": "a4", **in_units("כהן")},
        {"do": "set", "id": "q3", "attributes": {"cue": in_units("told")}},
        {"do": "add", "layer": "actors", **in_units("👩‍🚒 Brigade"), "attributes": {"kind": "government"}},
    )
    assert answer.status == 200, answer
    raw = stored(corpus)
    assert {key: annotation(raw, "a4")[key] for key in ("start", "end")} == place("כהן")
    assert annotation(raw, "a4")["text"] == "כהן"
    assert annotation(raw, "a8")["text"] == "👩‍🚒 Brigade"
    changed = {a["id"]: a for a in answer.json["changed"]}
    assert {key: changed["a4"][key] for key in ("start", "end")} == in_units("כהן")
    was = changed["a4"]["was"]
    assert (was["start"], was["end"]) == tuple(in_units("עלי כהן").values())
    inside = {"do": "bounds", "id": "a1", "start": 1, "end": 9}
    refused = review.edit("fire", answer.json["etag"], inside)
    assert refused.status == 400
    assert "two UTF-16 code units" in refused.json["error"]


def test_edits_are_saved_at_once_and_undone_and_made_again(review: Review, corpus: Path) -> None:
    path = corpus / "documents" / "fire.json"
    first = path.read_bytes()
    etag = review.get(FIRE)["etag"]
    answer = review.edit("fire", etag, {"do": "reject", "ids": ["a4"]}).json
    assert annotation(stored(corpus), "a4")["provenance"] == {"annotator": "rosa", "status": "rejected"}
    assert {a["id"] for a in answer["changed"]} == {"a4", "q2"}
    assert answer["removed_entities"] == ["e3"]
    assert answer["notes"][0] == "q2 has a1 as its speaker now, a4 is gone"
    assert (answer["undo"], answer["progress"]["actors"]["rejected"]) == ("reject a4", 1)
    second = path.read_bytes()
    undone = review.post(f"{FIRE}/undo", {}, answer["etag"]).json
    assert (undone["done"], undone["undo"], undone["redo"]) == ("reject a4", None, "reject a4")
    assert path.read_bytes() == first
    assert undone["etag"] == etag
    assert [entity["id"] for entity in undone["entities"]] == ["e3"]
    again = review.post(f"{FIRE}/redo", {}, etag).json
    assert path.read_bytes() == second
    assert again["etag"] == answer["etag"]
    assert review.post(f"{FIRE}/redo", {}, again["etag"]).status == 400


def test_an_edit_that_would_be_wrong_is_refused_with_the_validators_words(review: Review, in_units: Place) -> None:
    etag = review.get(FIRE)["etag"]
    for edit, code in (
        ({"do": "add", "layer": "actors", **in_units("Zoë Lind"), "attributes": {"kind": "person"}}, "SPN301"),
        ({"do": "set", "id": "q1", "attributes": {"speaker": "l1"}}, "QUO101"),
        ({"do": "set", "id": "q1", "attributes": {"parent": "q1"}}, "QUO103"),
        ({"do": "set", "id": "f1", "attributes": {"place": "nowhere"}}, "FIG101"),
        ({"do": "set_entity", "id": "e1", "kind": "wizard"}, "ENT203"),
        ({"do": "set", "id": "a1", "attributes": {"kind": "wizard"}}, "DOC205"),
    ):
        answer = review.edit("fire", etag, edit)
        assert (answer.status, answer.json.get("finding")) == (422, code), answer
    assert review.get(FIRE)["etag"] == etag


def test_findings_come_with_their_place_and_with_what_mends_them(review: Review, corpus: Path, in_units: Place) -> None:
    etag = review.get(FIRE)["etag"]
    wide = {"start": in_units("chief")["start"], "end": in_units("Zoë Lind")["end"] + 1}
    answer = review.edit("fire", etag, {"do": "bounds", "id": "a1", **wide}).json
    finding = next(f for f in answer["findings"] if f["code"] == "SPN203")
    assert (finding["annotation"], finding["start"], finding["end"]) == ("a1", wide["start"], wide["end"])
    [fix] = finding["fixes"]
    mended = review.edit("fire", answer["etag"], fix["edit"]).json
    assert annotation(stored(corpus), "a1")["text"] == "chief Zoë Lind"
    assert annotation(stored(corpus), "a1")["provenance"]["status"] == "corrected"
    assert "SPN203" not in {f["code"] for f in mended["findings"]}
    assert review.edit("fire", mended["etag"], fix["edit"]).status == 404
    said = review.get("/api/explain/SPN203")["text"]
    assert "Why it matters" in said


def test_a_finding_that_only_a_person_decides_offers_the_choices(review: Review) -> None:
    etag = review.get(FIRE)["etag"]
    answer = review.edit("fire", etag, {"do": "set", "id": "q1", "attributes": {"speaker": None}}).json
    edits = {"do": "set", "id": "q1", "attributes": {"speaker_status": None}}
    answer = review.edit("fire", answer["etag"], edits).json
    finding = next(f for f in answer["findings"] if f["code"] == "QUO201")
    assert [fix["label"] for fix in finding["fixes"]] == ["The context says who", "Nothing says who"]
    answer = review.edit("fire", answer["etag"], finding["fixes"][0]["edit"]).json
    assert "QUO201" not in {f["code"] for f in answer["findings"]}


def test_the_queue_tells_what_is_open_and_follows_edits(review: Review) -> None:
    first = wait_for_queue(review)
    assert (first["matching"], first["open"], first["reviewed"]) == (1, 1, 0)
    row = first["documents"][0]
    assert (row["id"], row["open"], row["lowest_score"], row["editable"]) == ("fire", 14, 0.4, True)
    review.edit("fire", review.get(FIRE)["etag"], {"do": "accept_all"})
    after = wait_for_queue(review)
    assert (after["open"], after["reviewed"], after["documents"][0]["open"]) == (0, 1, 0)
    assert review.get("/api/queue?status=open")["documents"] == []
    assert review.get("/api/queue?filter=water")["matching"] == 0
    assert review.get("/api/queue?filter=FIR&order=next")["matching"] == 1


def wait_for_queue(review: Review) -> Json:
    while not (answer := review.get("/api/queue"))["complete"]:
        pass
    queue: Json = answer
    return queue


def test_a_document_whose_file_follows_no_schema_is_shown_with_what_is_wrong_and_can_be_mended(
    corpus: Path,
) -> None:
    path = corpus / "documents" / "fire.json"
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b'"kind": "person"', b'"kind": "Person"'))
    with served_review(corpus) as review:
        shown = review.get(FIRE)
        assert (shown["editable"], shown["text"]) == (False, "")
        assert {f["code"] for f in shown["findings"]} == {"DOC205"}
        assert review.edit("fire", shown["etag"], {"do": "accept_all"}).status == 409
        [fix] = shown["findings"][0]["fixes"]
        answer = review.edit("fire", shown["etag"], fix["edit"]).json
        assert answer["reload"]
        assert path.read_bytes() == sound
        assert review.get(FIRE)["editable"]
        assert wait_for_queue(review)["documents"][0]["editable"]


def test_a_place_to_look_at_is_told_in_the_pages_units(shared: Review, place: Place, in_units: Place) -> None:
    span = place("陈氏")
    assert shared.get(f"{FIRE}?span={span['start']}-{span['end']}")["focus"] == in_units("陈氏")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_when_it_is_asked_to(corpus: Path, number: signal.Signals) -> None:
    with running_review(corpus) as review:
        assert review.process is not None
        review.process.send_signal(number)
        out, err = review.process.communicate(timeout=60)
        assert (review.process.returncode, out, err) == (0, "", "")
        with pytest.raises(OSError, match=r".*"):
            http.client.HTTPConnection("127.0.0.1", review.port, timeout=5).request("GET", "/")


def test_a_port_that_is_taken_is_told(corpus: Path, run_main: Callable[..., Any]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = run_main("review", corpus, "--no-browser", "--port", str(port))
    assert ran.status == 2
    assert ran.out == ""
    assert f"port {port}" in ran.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--as", "../ana"], "no folder's name"),
        (["--span", "1-2"], "--span goes with --document"),
        (["--port", "70000"], "70000"),
    ],
)
def test_misuse_is_told(corpus: Path, run_main: Callable[..., Any], options: list[str], told: str) -> None:
    ran = run_main("review", corpus, "--no-browser", *options)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


def test_a_folder_that_is_no_corpus_is_told(tmp_path: Path, run_main: Callable[..., Any]) -> None:
    ran = run_main("review", tmp_path, "--no-browser")
    assert ran.status == 2
    assert "holds no corpus.yaml" in ran.err
    assert {"review", "next"} <= COMMANDS.keys()
