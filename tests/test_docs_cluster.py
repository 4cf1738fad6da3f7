"""docs/cluster.md: its cluster starts, its commands print what it shows, and its Python runs."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from console import console_pairs
from engine.conftest import PATIENCE

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_the_page_is_as_it_says(tmp_path: Path) -> None:
    from distributed import Client

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    page = PAGE.replace("8786", port)
    shutil.copytree(ROOT / "corpus", tmp_path / "my-corpus", ignore=shutil.ignore_patterns(".corpus-tool"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "DASK_TEMPORARY_DIRECTORY": str(tmp_path / "scratch")}
    started = [
        subprocess.Popen(
            f"exec {command}",
            shell=True,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for kind, command in FENCE.findall(page)
        if kind == "bash"
    ]
    try:
        with Client(f"tcp://127.0.0.1:{port}", timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        pairs = console_pairs(page)
        assert len(pairs) == 6
        for command, printed in pairs:
            done = subprocess.run(
                command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True
            )
            assert done.stdout == printed, (command, done.stderr)
        [block] = [block for kind, block in FENCE.findall(page) if kind == "python"]
        subprocess.run([sys.executable, "-c", block], check=True, cwd=tmp_path, env=environment)
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(PATIENCE)
