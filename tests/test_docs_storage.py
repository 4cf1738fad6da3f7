"""docs/storage.md: its commands print what it shows against a server of S3 on loopback, and its Python runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from console import console_pairs
from publish.s3_server import s3_server

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "storage.md").read_text(encoding="utf-8")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The folder and the environment of a reader with a bucket, which holds the example corpus."""
    shutil.copytree(ROOT / "corpus" / "articles", tmp_path / "articles")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with s3_server(tmp_path, bucket="news") as s3:
        client = s3.client()
        for file in sorted((ROOT / "corpus").rglob("*")):
            if file.is_file() and ".corpus-tool" not in file.parts:
                client.put_file(str(file), f"news/example/{file.relative_to(ROOT / 'corpus').as_posix()}")
        own = {"PATH": path, "COLUMNS": "100", "XDG_CACHE_HOME": str(tmp_path / "cache")}
        yield {**os.environ, **s3.environment, **own}


@pytest.mark.slow
def test_the_page_is_as_it_says(environment: dict[str, str], tmp_path: Path) -> None:
    pairs = console_pairs(PAGE)
    assert len(pairs) == 6
    for command, printed in pairs:
        done = subprocess.run(command, shell=True, check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.stdout.decode() == printed, (command, done.stderr.decode())
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    for block in blocks:
        script = tmp_path / "script.py"
        script.write_text(f"def run():\n{re.sub('(?m)^(?=.)', '    ', block)}\nif __name__ == '__main__':\n    run()\n")
        done = subprocess.run([sys.executable, script], check=False, cwd=tmp_path, env=environment, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()


def test_it_says_what_is_told_of_parquet() -> None:
    assert (ROOT / "docs" / "checks" / "COR062.md").is_file()
    assert "?versionId=" in PAGE
