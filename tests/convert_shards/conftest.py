"""Fixtures of the tests of shards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from convert_shards.articles import Convert

from corpus_tool.convert import ConvertReport, convert_articles


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], tmp_path: Path) -> Path:
    """An empty corpus."""
    return new_corpus(tmp_path / "corpus")


@pytest.fixture
def convert(corpus: Path) -> Convert:
    """``convert(raw, …)``."""

    def run(*paths: Path, **options: Any) -> ConvertReport:
        return convert_articles(paths, corpus, **{"annotate": False, "shards": "jsonl", **options})

    return run
