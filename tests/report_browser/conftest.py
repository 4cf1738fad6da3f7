"""Reports in a real browser: what they are of, and the page that is opened from disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Watched, chromium, new_page
from newsroom import documents, hostile, newsroom

from corpus_tool import write_report

__all__ = ["chromium", "new_page"]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of 24 articles and the hostile one."""
    folder = tmp_path_factory.mktemp("small")
    corpus = newsroom(folder / "corpus", [*documents(24), hostile()])
    write_report(corpus, folder / "report.html")
    return folder / "report.html"


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of 500 articles of 25 paragraphs."""
    folder = tmp_path_factory.mktemp("large")
    corpus = newsroom(folder / "corpus", documents(500, paragraphs=24), shard=True)
    write_report(corpus, folder / "report.html")
    return folder / "report.html"


@pytest.fixture
def opened(new_page: Callable[..., Watched]) -> Callable[..., Watched]:
    """``opened(file, "#article=…", viewport={…})``: a watched page with a report in it."""

    def made(file: Path, anchor: str = "", **options: Any) -> Watched:
        watched = new_page(**options)
        watched.page.goto(file.as_uri() + anchor)
        return watched

    return made
