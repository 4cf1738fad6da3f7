"""A headless Chromium for tests of pages: one a module, and pages that tell what they asked for and what failed.

Used by tests that say ``from browser import chromium, new_page`` (fixtures); without Chromium they are skipped.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

#: Quiet, and without services of its own that would ask the network.
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Watched:
    """A page, and what happened in it.

    Attributes:
        page: Playwright's page.
        requests: addresses that it asked for.
        troubles: uncaught errors, messages of level error, dialogs.
    """

    page: Any
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Playwright's browser, over the Chromium that is installed.

    One a module: while Playwright runs, its event loop is that of the thread, and no other test could start its own.
    """
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Any) -> Iterator[Callable[..., Watched]]:
    """``new_page(viewport={...}, color_scheme="dark", …)``: a page of its own context, watched."""
    contexts = []

    def opened(**options: Any) -> Watched:
        context = chromium.new_context(**options)
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.on("pageerror", lambda error: watched.troubles.append(str(error)))
        watched.page.on("console", lambda said: said.type == "error" and watched.troubles.append(said.text))
        watched.page.on("dialog", lambda dialog: (watched.troubles.append(dialog.message), dialog.dismiss()))
        return watched

    yield opened
    for context in contexts:
        context.close()
