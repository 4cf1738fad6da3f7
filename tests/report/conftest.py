"""Reports of the invented newsroom, and their pages as trees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from newsroom import documents, hostile, newsroom
from report_page import Page

from corpus_tool import write_report

#: Articles of the newsroom that tests count.
COUNT = 40


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles by number, and the hostile one."""
    return newsroom(tmp_path_factory.mktemp("newsroom") / "corpus", [*documents(COUNT), hostile()])


@pytest.fixture(scope="session")
def report(corpus: Path) -> Path:
    """Its report."""
    out = corpus.parent / "report.html"
    write_report(corpus, out)
    return out


@pytest.fixture(scope="session")
def page(report: Path) -> Page:
    """The same, read."""
    return Page(report)


@pytest.fixture
def page_of(tmp_path: Path) -> Callable[..., Page]:
    """``page_of(path, articles=…)``: writes a report and reads it."""

    def made(path: Path, **options: Any) -> Page:
        out = tmp_path / "page.html"
        write_report(path, out, **options)
        return Page(out)

    return made
