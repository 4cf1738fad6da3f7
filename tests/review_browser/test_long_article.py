"""An article of 30,000 words: an action of the reviewer is shown within 100 ms, and little of the page is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from review_browser.articles import long_article
from review_browser.conftest import Json, Review, start, stop

TIMES = 8
LIMIT = 100  # ms from the key to the next frame, the figure

# Presses a key in the page and waits for the frame that shows it; milliseconds, with the elements that were put in.
TIMED = """async ([keys, times]) => {
  const took = [];
  let nodes = 0;
  const watcher = new MutationObserver((records) => {
    for (const record of records) nodes += record.addedNodes.length;
  });
  watcher.observe(document.querySelector('#text'), {childList: true, subtree: true});
  const afterFrame = () => new Promise((shown) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = shown;
    channel.port2.postMessage(0);
  }));
  for (let i = 0; i < times; i += 1) {
    const event = new KeyboardEvent('keydown', {key: keys[i % keys.length], bubbles: true, cancelable: true});
    const begun = performance.now();
    document.body.dispatchEvent(event);
    await afterFrame();
    took.push(performance.now() - begun);
  }
  await new Promise((later) => setTimeout(later, 0));
  watcher.disconnect();
  return {took, nodes};
}"""

ACTIONS = {
    "next": ["j"],
    "accept": ["a"],
    "bounds": ["]", "}"],
    "kind": ["1", "2"],
    "reject": ["x"],
    "undo": ["u"],
    "labels": ["y"],
}


def timed(page: Review, name: str) -> tuple[float, int]:
    """Median milliseconds of an action, and how many nodes it put into the article."""
    found = page.page.evaluate(TIMED, [ACTIONS[name], TIMES])
    page.saved()
    middle, longest, nodes = median(found["took"]), max(found["took"]), found["nodes"]
    print(f"30,000 words, {name}: median {middle:.1f} ms, longest {longest:.1f} ms, {nodes} nodes")  # noqa: T201  # pytest -s
    return middle, nodes


def test_actions_are_shown_within_the_limit(review: Callable[..., Review]) -> None:
    page = review("long")
    assert page.page.evaluate("document.querySelector('#text').textContent.split(/\\s+/).length") > 30_000
    elements = page.page.locator("#text *").count()
    page.choose("a240")
    page.press("j")
    found = {name: timed(page, name) for name in ACTIONS}
    assert all(nodes < elements / 10 for _, nodes in found.values()), found
    assert median(middle for middle, _ in found.values()) < LIMIT, found


@pytest.mark.slow
def test_an_article_that_is_one_single_block(
    review: Callable[..., Review], new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path
) -> None:
    text, layers = long_article()
    document = raw_document("block", text.replace("\n", " "), layers=layers)
    running = start(new_corpus(tmp_path / "corpus", [document]))
    page = review("block", on=running)
    page.choose("a240")
    found = {name: timed(page, name) for name in ACTIONS}
    assert median(middle for middle, _ in found.values()) < LIMIT, found
    page.drag("We counted 333 boats")
    page.press("1")
    page.saved()
    assert "We counted 333 boats" in page.texts("actors")
    page.page.close()
    stop(running)
