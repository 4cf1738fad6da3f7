"""The commands and the Python of README and docs, run as a reader would run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.model.schemas import built_in_layers

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def console_blocks(text: str) -> list[str]:
    return re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def python_blocks(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands_of(block: str) -> list[tuple[str, str]]:
    """The (command, printed) pairs of a console block."""
    pairs = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    return [(command, printed) for command, printed in pairs]


@pytest.fixture
def reader(tmp_path: Path) -> dict[str, str]:
    """The folder and the environment of a reader who has followed the first steps."""
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PWD": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "COLUMNS": "100"}


def test_the_tour_prints_what_the_readme_shows(reader: dict[str, str]) -> None:
    pairs = [pair for block in console_blocks(README) for pair in commands_of(block)]
    assert len(pairs) >= 8
    for command, printed in pairs:
        done = subprocess.run(command, shell=True, check=False, cwd=reader["PWD"], env=reader, capture_output=True)
        assert done.stdout.decode("utf-8") == printed, (command, done.stderr.decode("utf-8"))


@pytest.mark.parametrize("name", ["README.md", "docs/dataset.md"])
def test_the_python_of_the_docs_runs(name: str, reader: dict[str, str]) -> None:
    from corpus_tool.build.dataset import build_dataset

    folder = Path(reader["PWD"])
    build_dataset(folder / "corpus", folder / "dist" / "example")
    blocks = python_blocks((ROOT / name).read_text(encoding="utf-8"))
    assert blocks
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], check=False, cwd=folder, env=reader, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stderr


def test_the_document_of_the_docs_is_valid() -> None:
    text = (ROOT / "docs/document.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^```json\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    document, found = check_bytes(block.encode(), "docs/document.md", make_checker(built_in_layers()))
    assert document is not None
    assert found == []
    assert document.id == json.loads(block)["id"]


def test_links_between_the_docs_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_make_build_leaves_the_work_tree_clean(tmp_path: Path) -> None:
    """The recipe of `make build`, run in a copy: the reviewed corpus stays as it is, and the dataset loads."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "corpus", clone / "corpus", ignore=shutil.ignore_patterns(".corpus-tool"))
    before = {p.relative_to(clone): p.read_bytes() for p in clone.rglob("*") if p.is_file()}
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nbuild:", 1)[1].split("\n\n", 1)[0]
    steps = [line.strip().replace("$(BIN)/corpus-tool", "") for line in recipe.splitlines()[1:] if "@echo" not in line]
    assert len(steps) == 3
    for step in steps:
        arguments = step.replace("$(EXAMPLE)", "dist/example").split()
        done = subprocess.run(
            [sys.executable, "-m", "corpus_tool", *arguments],
            check=False,
            cwd=clone,
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (clone / "corpus/.corpus-tool/.gitignore").is_file()
    shutil.rmtree(clone / "corpus/.corpus-tool")  # the cache, which keeps itself out of the work tree
    after = {p.relative_to(clone): p.read_bytes() for p in (clone / "corpus").rglob("*") if p.is_file()}
    assert after == before
    assert (clone / "dist/example/manifest.json").is_file()


def test_the_example_corpus_stands_in_the_contracts_layout() -> None:
    """Neither `fmt` nor a struct's round trip changes a byte: one content has one spelling."""
    from corpus_tool.layout import format_text
    from corpus_tool.model.codec import dump_document
    from corpus_tool.read.corpus import open_corpus
    from corpus_tool.store import document_files, iter_documents

    corpus = open_corpus(ROOT / "corpus")
    texts = [path.read_text(encoding="utf-8") for path in document_files(corpus.documents)]
    assert len(texts) >= 24
    assert [format_text(text, corpus.root) for text in texts] == texts
    assert [dump_document(document, corpus.layers) for document in iter_documents(corpus)] == texts
