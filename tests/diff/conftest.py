"""Two versions of a corpus: made from plain objects, compared, and given as folders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import Difference, diff_paths

Json = dict[str, Any]


@pytest.fixture
def versions(tmp_path: Path, new_corpus: Callable[..., Path]) -> Callable[..., tuple[Path, Path]]:
    """``versions(old, new, yaml=…, new_yaml=…)``: the folders of two corpora with these documents."""

    def make(
        old: Iterable[Json], new: Iterable[Json], *, yaml: str = "", new_yaml: str | None = None, **rest: Any
    ) -> tuple[Path, Path]:
        first = new_corpus(tmp_path / "old", list(old), yaml=yaml, **rest)
        return first, new_corpus(tmp_path / "new", list(new), yaml=yaml if new_yaml is None else new_yaml, **rest)

    return make


@pytest.fixture
def difference(versions: Callable[..., tuple[Path, Path]]) -> Callable[..., Difference]:
    """``difference(old, new, …)``: of two corpora with these documents."""

    def make(old: Iterable[Json], new: Iterable[Json], **rest: Any) -> Difference:
        return diff_paths(*versions(old, new, **rest))

    return make
