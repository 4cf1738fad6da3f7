"""Hostile files are converted in a process of its own, whose memory and files are looked at afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

#: What a conversion may take, in MB and seconds, whatever it is given.
MOST_MEMORY, MOST_SECONDS = 300, 60

SCRIPT = """
import re, sys
from corpus_tool.cli import main
try:
    main()
finally:  # not by getrusage, which counts what pytest took before the fork
    kilobytes = re.search(r"VmHWM:\\s*([0-9]+)", open("/proc/self/status").read())
    print("\\nRSS", int(kilobytes[1]) // 1024, file=sys.stderr)
"""

TEXT = "Storm closes the pass\n\nSnow fell for nine hours. “We saw nothing,” said Ida Holm 😀.\n"


class Outcome(NamedTuple):
    """What became of a file: ids of the documents, (name, message, path) of what was told, memory in MB."""

    status: int
    written: list[str]
    told: list[tuple[str, str, str]]
    err: str
    memory: int

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.told]


@pytest.fixture
def convert(new_corpus: Callable[..., Path], tmp_path: Path) -> Callable[..., Outcome]:
    """``convert(path, "--format", "zip", stdin=b"")``: converts, within limits of time, memory and disk."""

    def run(path: Path | str, *args: str, stdin: bytes | None = None) -> Outcome:
        corpus, temporary = tmp_path / "corpus", tmp_path / "tmp"
        if not corpus.exists():
            new_corpus(corpus)
            temporary.mkdir()
        before = files(tmp_path)
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                SCRIPT,
                "convert",
                str(path),
                "--into",
                str(corpus),
                "--no-annotate",
                "--json",
                *args,
            ],
            check=False,
            capture_output=True,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            timeout=MOST_SECONDS,
            env={**os.environ, "TMPDIR": str(temporary)},
        )
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        assert "Traceback" not in err, err
        memory = int(err.rsplit("RSS ", 1)[1])
        assert memory < MOST_MEMORY, f"{memory} MB"
        new = [
            name for name in files(tmp_path) - before if not name.startswith(("corpus/documents/", "corpus/.corpus-"))
        ]
        assert new == []
        report: dict[str, Any] = json.loads(out) if out.strip() else {"written": [], "diagnostics": []}
        told = [(d["name"], d["message"], d["path"]) for d in report["diagnostics"]]
        return Outcome(done.returncode, report["written"], told, err, memory)

    return run


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


@pytest.fixture
def text() -> str:
    return TEXT
