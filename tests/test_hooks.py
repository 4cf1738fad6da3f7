"""The pre-commit hooks and the composite action, run as pre-commit and the runner would run them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus_tool.cli import COMMANDS

Json = dict[str, Any]

ROOT = Path(__file__).parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], raw_document: Callable[..., Json], tmp_path: Path) -> Path:
    """A corpus with a good document and one with an error, in a layout that is not the contract's."""
    bad = {"id": "a1", "start": 0, "end": 3, "text": "Zoe", "kind": "person"}
    documents = [raw_document("good", "Zoë 😀 left."), raw_document("bad", "Zoë left.", layers={"actors": [bad]})]
    return new_corpus(tmp_path / "c", documents)


def hook(name: str, folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """Runs a hook's entry with the names of files, in the repository's folder, as pre-commit does."""
    [found] = [hook for hook in HOOKS if hook["id"] == name]
    program, *arguments = shlex.split(found["entry"])
    command = [str(Path(sys.executable).parent / program), *arguments, *found.get("args", []), *files]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, encoding="utf-8")


def test_hooks_name_commands_that_exist_and_take_files() -> None:
    assert [found["id"] for found in HOOKS] == ["corpus-tool-validate", "corpus-tool-fmt"]
    for found in HOOKS:
        assert found["language"] == "python"
        program, command = shlex.split(found["entry"])
        assert program == "corpus-tool"
        assert command in COMMANDS


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("documents/a.json", True),
        ("data/my corpus/documents/a.json", True),
        ("annotators/ann/a.json", True),
        ("documents/a.jsonl", False),
        ("my-documents/a.json", False),
        ("documents/old/a.json", False),
        ("dist/manifest.json", False),
    ],
)
def test_hooks_are_given_documents_alone(path: str, wanted: bool) -> None:
    for found in HOOKS:
        assert bool(re.search(found["files"], path)) is wanted


def test_the_validate_hook_fails_where_a_changed_document_has_an_error(corpus: Path) -> None:
    good = hook("corpus-tool-validate", corpus, "documents/good.json")
    assert (good.returncode, good.stderr) == (0, "")
    both = hook("corpus-tool-validate", corpus, "documents/bad.json", "documents/good.json")
    assert both.returncode == 1
    assert both.stdout.startswith("documents/bad.json:1:")
    assert "SPN103" in both.stdout


def test_the_fmt_hook_writes_what_it_is_given(corpus: Path) -> None:
    path = corpus / "documents" / "good.json"
    other = (corpus / "documents" / "bad.json").read_bytes()
    before = json.loads(path.read_bytes())
    first = hook("corpus-tool-fmt", corpus, "documents/good.json")
    assert (first.returncode, first.stderr) == (0, "")
    assert path.read_text(encoding="utf-8").count("\n") > 5
    assert json.loads(path.read_bytes()) == before
    assert (corpus / "documents" / "bad.json").read_bytes() == other
    written = path.read_bytes()
    assert hook("corpus-tool-fmt", corpus, "documents/good.json").returncode == 0
    assert path.read_bytes() == written


def run_action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Runs the step of the action that checks, with the tool of this environment in place of an installed one."""
    [step] = [step for step in STEPS if step.get("name") == "Check the corpus"]
    environment = {**os.environ, "RUNNER_TEMP": str(folder / "tmp")}
    for name, expression in step["env"].items():
        key = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", expression)
        assert key
        environment[name] = inputs.get(key[1], ACTION["inputs"][key[1]]["default"])
    tools = folder / "tmp" / "corpus-tool" / "bin"
    tools.mkdir(parents=True, exist_ok=True)
    if not (tools / "corpus-tool").exists():
        (tools / "corpus-tool").symlink_to(Path(sys.executable).parent / "corpus-tool")
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, encoding="utf-8")


def test_the_action_shows_findings_beside_their_lines(corpus: Path, tmp_path: Path) -> None:
    ran = run_action(tmp_path, path="c")
    assert ran.returncode == 1, ran.stderr
    assert ran.stdout.startswith("::error file=c/documents/bad.json,line=1,col=")
    (corpus / "documents" / "bad.json").unlink()
    ran = run_action(tmp_path, path="c")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_action_writes_sarif_as_well_and_takes_options(corpus: Path, tmp_path: Path) -> None:
    ran = run_action(tmp_path, path="c\nc/documents/good.json", args="--select=SPN1\n", sarif="out.sarif")
    assert ran.returncode == 1, ran.stderr
    log = json.loads((tmp_path / "out.sarif").read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["SPN103"]
    assert ran.stdout.count("::error") == 1


def test_misuse_ends_the_action(tmp_path: Path) -> None:
    ran = run_action(tmp_path, path="nowhere", sarif="out.sarif")
    assert ran.returncode == 2
    assert "nowhere" in ran.stderr


@pytest.mark.parametrize("attack", ["$(touch owned)", "`touch owned`", "; touch owned", '"; touch owned; "', "--help"])
def test_no_input_of_the_action_is_run(attack: str, tmp_path: Path) -> None:
    ran = run_action(tmp_path, path=attack, sarif="out.sarif")
    assert ran.returncode == 2
    assert not (tmp_path / "owned").exists()


def test_no_expression_stands_in_a_script() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        assert "uses" in step or step["shell"] == "bash"
