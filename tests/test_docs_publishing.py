"""docs/publishing.md: its commands print what it shows against a Hub on loopback, and its Python runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from console import console_pairs
from hub_server.client import running_hub

from corpus_tool.build.dataset import build_dataset
from corpus_tool.checks.publication.release import RELEASE_CHECKS
from corpus_tool.publish.targets import TARGETS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The folder and the environment of a reader who has built the example corpus, and may write to a Hub."""
    build_dataset(ROOT / "corpus", tmp_path / "dist" / "example")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with running_hub(tmp_path / "hub") as hub:
        yield {**hub.environment(tmp_path / "home"), "PATH": path, "PWD": str(tmp_path), "COLUMNS": "100"}


def stable(printed: str) -> str:
    """Without what differs from run to run and from one version of a library to the next: commits and sizes."""
    return re.sub(r"\d[\d.]* ([kM]?B)\b", r"… \1", re.sub(r"[0-9a-f]{40}", "<commit>", printed))


@pytest.mark.slow
def test_the_page_is_as_it_says(environment: dict[str, str]) -> None:
    pairs = console_pairs(PAGE)
    assert len(pairs) == 7
    for command, printed in pairs:
        done = subprocess.run(
            command, shell=True, check=False, cwd=environment["PWD"], env=environment, capture_output=True
        )
        assert stable(done.stdout.decode("utf-8")) == stable(printed), (command, done.stderr.decode("utf-8"))
    [block] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-c", block], check=False, cwd=environment["PWD"], env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode("utf-8")
    line = done.stdout.decode("utf-8").splitlines()[-1]
    subprocess.run(
        [sys.executable, "-c", f"from datasets import load_dataset\nassert len({line}) == 3"],
        check=True,
        env=environment,
        capture_output=True,
    )


def test_every_code_and_every_target_is_on_the_page() -> None:
    assert {check.code for check in RELEASE_CHECKS} <= set(re.findall(r"\[([A-Z]{3}\d{3})\]", PAGE))
    assert {f"{scheme}://" for scheme in TARGETS} - {"memory://"} <= set(re.findall(r"`(\w+://)", PAGE))
