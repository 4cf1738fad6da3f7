"""A Dask cluster of real processes: a scheduler and two workers, shared by the tests that do not harm it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

#: Seconds that a process of a cluster may take to start on a busy machine.
PATIENCE = 120


@dataclass
class DaskCluster:
    """Processes of a Dask cluster.

    Attributes:
        folder: where they write their logs.
        address: of the scheduler.
        scheduler: its process.
        workers: the workers' processes, each with one thread.
        environment: further environment variables of the workers.
    """

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def add_worker(self, *options: str) -> subprocess.Popen[bytes]:
        """Starts a worker; by default without the process that would start it again after it was killed."""
        options = options or ("--no-nanny",)
        name = f"worker-{len(self.workers)}"
        command = ["worker", self.address, "--nthreads", "1", "--name", name, *options]
        self.workers.append(dask(self.folder, name, *command, environment=self.environment))
        return self.workers[-1]

    def wait_for(self, workers: int) -> None:
        """Waits until so many workers have joined."""
        from distributed import Client

        with Client(self.address, set_as_default=False, timeout=PATIENCE) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)

    def end(self) -> None:
        """Ends all processes; a worker's own watcher only if it is asked, or it would leave the worker behind."""
        for process in (*self.workers, self.scheduler):
            if "--nanny" in process.args:
                process.terminate()
                process.wait(PATIENCE)
            else:
                process.kill()
                process.wait()


def dask(folder: Path, name: str, *command: str, environment: Mapping[str, str] = {}) -> subprocess.Popen[bytes]:
    """Starts ``dask COMMAND…``, with its log in a file, and its temporary files apart from those of others."""
    variables = {**os.environ, **environment, "DASK_TEMPORARY_DIRECTORY": str(folder / "scratch")}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *command, "--no-dashboard"],
            stdout=log,
            stderr=log,
            cwd=folder,
            env=variables,
        )


def new_cluster(
    folder: Path, workers: int = 2, options: tuple[str, ...] = (), environment: Mapping[str, str] = {}
) -> DaskCluster:
    """A scheduler on a port of its own, with workers."""
    told = folder / "scheduler.json"
    scheduler = dask(
        folder, "scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)
    )
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            address = json.loads(told.read_text())["address"]
            break
        except (OSError, ValueError):
            assert scheduler.poll() is None, (folder / "scheduler.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
    cluster = DaskCluster(folder, address, scheduler, environment=dict(environment))
    for _ in range(workers):
        cluster.add_worker(*options)
    if workers:
        cluster.wait_for(workers)
    return cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A cluster of two workers that no test harms."""
    found = new_cluster(tmp_path_factory.mktemp("cluster"))
    yield found
    found.end()


@pytest.fixture
def clusters(tmp_path: Path) -> Iterator[Callable[..., DaskCluster]]:
    """``clusters(workers=2)``: a cluster of the test's own, to be harmed."""
    made: list[DaskCluster] = []

    def new(workers: int = 2, **options: Any) -> DaskCluster:
        folder = tmp_path / f"cluster-{len(made)}"
        folder.mkdir()
        made.append(new_cluster(folder, workers, **options))
        return made[-1]

    yield new
    for cluster in made:
        cluster.end()
