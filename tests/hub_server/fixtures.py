"""pytest fixtures: ``from hub_server.fixtures import hub`` in a conftest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub_server.client import RunningHub, running_hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A Hub of one's own, empty."""
    with running_hub(tmp_path / "hub") as running:
        yield running


@pytest.fixture(scope="module")
def shared_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A Hub for the tests of a module, which keep to repositories of their own."""
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running
