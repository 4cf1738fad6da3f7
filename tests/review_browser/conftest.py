"""One ``corpus-tool review`` for all browser tests, as a reviewer starts it; every test has articles of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from browser import Watched, chromium, new_page  # noqa: F401  # fixtures
from review_browser.articles import (
    PLAIN,
    PLAIN_ENTITIES,
    SCRIPTS,
    Json,
    hostile,
    long_article,
    plain_layers,
    span,
    suggested,
)

PLAIN_DOCUMENTS = (
    "accept", "accessible", "bounds", "conflict", "conflict-theirs", "dark", "entity", "findings",
    "keyboard", "kinds", "link", "link-keys", "offline", "piece", "place", "queue-a", "queue-b", "readable", "reload",
    "undo", "versions",
)  # fmt: skip


def _write_corpus(root: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Json]) -> Path:
    documents = []
    for name in PLAIN_DOCUMENTS:
        document = raw_document(name, PLAIN, layers=plain_layers(), entities=PLAIN_ENTITIES)
        document["meta"] = {"title": f"Ferry strike ends ({name})", "language": "en"}
        document["blocks"][0]["kind"] = "title"
        if name == "findings":  # a space too many, which the validator mends
            document["layers"]["actors"][3] |= span(PLAIN, " Hugo Amber")
        documents.append(document)
    documents += [raw_document(name, SCRIPTS, layers={}) for name in ("scripts", "scripts-keys", "scripts-words")]
    text, layers = long_article()
    no_schema = {
        "id": "a1",
        "start": 0,
        "end": 4,
        "text": "Rosa",
        "kind": "Person",
        "mention": "nominal",
        **suggested(),
    }
    documents += [
        raw_document("broken", "Rosa came home.\n", layers={"actors": [no_schema]}),
        raw_document("long", text, layers=layers),
        hostile("hostile", raw_document),
        hostile("hostile-broken", raw_document, broken=True),
    ]
    corpus = new_corpus(root, documents)
    ben = raw_document("versions", PLAIN, layers=plain_layers(), entities=PLAIN_ENTITIES)
    ben["meta"] = {"title": "Ferry strike ends (versions)", "language": "en"}
    ben["blocks"][0]["kind"] = "title"
    ben["layers"]["actors"][0]["kind"] = "government"
    del ben["layers"]["locations"][0]
    (corpus / "annotators" / "ben").mkdir(parents=True)
    (corpus / "annotators" / "ben" / "versions.json").write_text(json.dumps(ben, ensure_ascii=False), encoding="utf-8")
    return corpus


@dataclass(frozen=True)
class Served:
    """A running ``corpus-tool review``."""

    corpus: Path
    address: str
    process: subprocess.Popen[str]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self.address.split("/?")[0]

    def path(self, document: str) -> Path:
        """The file of a document."""
        return self.corpus / "documents" / f"{document}.json"

    def document(self, document: str) -> Json:
        """A document as it is on disk."""
        found: Json = json.loads(self.path(document).read_text(encoding="utf-8"))
        return found

    def annotation(self, document: str, annotation: str) -> Json:
        """One annotation as it is on disk; empty where it is not there."""
        layers = self.document(document)["layers"]
        return next((one for layer in layers.values() for one in layer if one["id"] == annotation), {})


def start(corpus: Path, *options: str) -> Served:
    """Starts the command and waits for its address."""
    command = [
        sys.executable,
        "-m",
        "corpus_tool",
        "review",
        str(corpus),
        "--no-browser",
        "--annotator",
        "rosa",
        *options,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    line = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
    assert address, line
    return Served(corpus, address.group(0), process)


def stop(served: Served) -> None:
    """Ends the command as Ctrl-C does."""
    with served.process:  # closes its pipe
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(timeout=30) == 0


@pytest.fixture(scope="module")
def served(
    chromium: Any,  # noqa: F811  # skipped before a corpus is written where there is no browser
    tmp_path_factory: pytest.TempPathFactory,
    new_corpus: Callable[..., Path],
    raw_document: Callable[..., Json],
) -> Iterator[Served]:
    """The review page of a corpus with all articles of ``articles.py``."""
    running = start(_write_corpus(tmp_path_factory.mktemp("review") / "corpus", new_corpus, raw_document))
    yield running
    stop(running)


class Review:
    """The page with an article open, and what a reviewer does there."""

    def __init__(self, watched: Watched, served: Served, document: str, expected: tuple[str, ...] = ()) -> None:
        self.watched = watched
        self.page = watched.page
        self.served = served
        self.document = document
        self.expected = expected

    def open(self) -> Review:
        self.page.goto(f"{self.served.address}#document={self.document}")
        self.ready()
        return self

    def ready(self) -> None:
        self.page.wait_for_selector("html[data-ready]")

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def saved(self) -> None:
        """Waits until everything is in the file."""
        self.page.wait_for_selector("#saved[data-state=saved]")

    def choose(self, annotation: str) -> None:
        """A click on the annotation's row."""
        self.page.click(f'.row[data-id="{annotation}"]')

    @property
    def current(self) -> str | None:
        row = self.page.query_selector(".row[aria-selected=true]")
        return row and row.get_attribute("data-id")

    def until(self, condition: str) -> None:
        """Waits until an expression is true. (Playwright's own waiting evaluates strings, which the policy forbids.)"""
        deadline = monotonic() + 30
        while not self.page.evaluate(condition):
            assert monotonic() < deadline, condition
            self.page.wait_for_timeout(20)

    def spoken(self, words: str) -> None:
        """Waits until a screen reader has been told words."""
        self.until("document.querySelector('#spoken').textContent.includes(WORDS)".replace("WORDS", json.dumps(words)))

    def drag(self, first: str, last: str | None = None) -> None:
        """Selects with the mouse, from the first character of some words to the last of others."""
        (x1, y1), (x2, y2) = self.page.evaluate(_EDGES, [first, last or first])
        self.page.mouse.move(x1, y1)
        self.page.mouse.down()
        self.page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2)
        self.page.mouse.move(x2, y2)
        self.page.mouse.up()
        self.page.wait_for_selector("#tools:not([hidden])")

    def on_disk(self, annotation: str) -> Json:
        """An annotation as it is in the file now."""
        return self.served.annotation(self.document, annotation)

    def texts(self, layer: str) -> list[str]:
        """What a layer marks, in the file."""
        return [one["text"] for one in self.served.document(self.document)["layers"].get(layer, [])]

    def troubles(self) -> list[str]:
        """Errors of the page, without those that the test provokes."""
        return [one for one in self.watched.troubles if not any(words in one for words in self.expected)]


# Points where a hand would begin and end a selection: inside of the outer edges of the first and the last character.
_EDGES = """([first, last]) => {
  const nodes = [];
  const walker = document.createTreeWalker(document.querySelector('#text'), NodeFilter.SHOW_TEXT,
    (node) => node.parentElement.closest('.chunk') ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT);
  let text = '';
  while (walker.nextNode()) {
    nodes.push([text.length, walker.currentNode]);
    text += walker.currentNode.data;
  }
  const box = (from, to) => {
    const place = (at) => nodes.findLast(([start, node]) => start <= at && at < start + node.length) ?? nodes.at(-1);
    const range = document.createRange();
    const [s, a] = place(from);
    const [e, b] = place(to - 1);
    range.setStart(a, from - s);
    range.setEnd(b, to - e);
    range.startContainer.parentElement.scrollIntoView({block: 'nearest'});
    return range;
  };
  const start = text.indexOf(first);
  const end = text.indexOf(last, start) + last.length;
  if (start < 0 || end < last.length) throw new Error(`not in the article: ${first} … ${last}`);
  const backwards = (at) => /[\\p{Script=Hebrew}\\p{Script=Arabic}]/u.test(text.slice(at, at + 1));
  const letters = [...new Intl.Segmenter('en', {granularity: 'grapheme'}).segment(text)];
  const letter = (at) => letters.find(({index, segment}) => index <= at && at < index + segment.length);
  const a = letter(start), b = letter(end - 1);
  const ends = box(b.index, b.index + b.segment.length);
  const begins = box(a.index, a.index + a.segment.length);
  const [s, y] = [begins.getBoundingClientRect(), ends.getBoundingClientRect()];
  const middle = (r) => r.top + r.height / 2;
  return [
    [backwards(start) ? s.right - 1 : s.left + 1, middle(s)],
    [backwards(end - 1) ? y.left + 1 : y.right - 1, middle(y)],
  ];
}"""


@pytest.fixture
def review(served: Served, new_page: Callable[..., Watched]) -> Iterator[Callable[..., Review]]:  # noqa: F811
    """``review("document", expected=("status of 412",), viewport={…})``: the page; it must end without trouble."""
    opened: list[Review] = []

    def open_review(document: str, *, expected: tuple[str, ...] = (), on: Served = served, **options: Any) -> Review:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        page = Review(new_page(**options), on, document, expected)
        opened.append(page)
        return page.open()

    yield open_review
    for page in opened:
        assert page.troubles() == []
        foreign = [
            address for address in page.watched.requests if not address.startswith((page.served.origin, "data:"))
        ]
        assert foreign == []
