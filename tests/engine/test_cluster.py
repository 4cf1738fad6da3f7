"""A Dask cluster of real processes does the same as this process, and each of its faults is one clear line."""

from __future__ import annotations

from typing import Any

import pytest

from corpus_tool import engine_dask
from corpus_tool.engine import Engine, map_ordered
from corpus_tool.model import CorpusToolError


def test_results_come_in_the_order_of_the_work(cluster: Any) -> None:
    items = [(n, n) for n in range(40)]
    assert list(map_ordered(abs, items, Engine(scheduler=cluster.address))) == items


def test_an_exception_of_the_work_comes_through(cluster: Any) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(map_ordered(int, [(n, "1" * n) for n in range(3)], Engine(scheduler=cluster.address)))


def test_an_address_where_nobody_answers_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_dask, "_CONNECT_SECONDS", 1)
    with pytest.raises(CorpusToolError, match="no Dask scheduler answers there"):
        list(map_ordered(abs, [(1, 1)], Engine(scheduler="tcp://127.0.0.1:9")))
