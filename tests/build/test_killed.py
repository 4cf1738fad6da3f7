"""A build that is killed, at every step it takes, leaves the old or the new dataset."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Builds in a child process that kills itself with -9 at the n-th time it touches the output's parent folder; once
#: for every n. Prints for each what lies there, and what lies there after the next build.
SCRIPT = r'''
import hashlib, json, os, shutil, signal, sys
from pathlib import Path
import datasets, pyarrow.parquet, huggingface_hub  # once, before the forks
from corpus_tool.build.dataset import build_dataset

root, base = Path(sys.argv[1]), Path(sys.argv[2])
out = base / "dist"

def build(moment):
    """Whether the build ended by itself, and how many steps it took."""
    steps, told = 0, os.pipe()
    child = os.fork()
    if child == 0:
        def hook(event, args):
            nonlocal steps
            if event in {"open", "tempfile.mkdtemp", "shutil.rmtree"} or event.startswith("os."):
                ours = any(isinstance(a, (str, os.PathLike)) and str(a).startswith(str(base)) for a in args)
                if ours or event in {"os.remove", "os.rmdir"}:
                    steps += 1
                    if steps == moment:
                        os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)
        try:
            report = build_dataset(root, out)
            os.write(told[1], str(steps).encode())
        finally:
            os._exit(0)
    os.close(told[1])
    _, status = os.waitpid(child, 0)
    answer = os.read(told[0], 20)
    os.close(told[0])
    assert os.WIFSIGNALED(status) == (not answer)
    return int(answer or 0)

def version(folder):
    """What lies in a folder: the version of a dataset whose every hash is right."""
    if not folder.exists():
        return "absent"
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        for file in manifest["files"]:
            assert hashlib.sha256((folder / file["path"]).read_bytes()).hexdigest() == file["sha256"]
        assert len(manifest["files"]) + 1 == sum(path.is_file() for path in folder.rglob("*"))
    except (OSError, ValueError, AssertionError) as error:
        return f"broken: {error!r}"
    return manifest["version"]

def release(number):
    config = root / "corpus.yaml"
    config.write_text("".join(f"version: {number}\n" if l.startswith("version") else l for l in config.open()))

release("1.0.0")
assert build(0)
shutil.copytree(out, base.parent / "old")
release("2.0.0")
steps = build(0)
print(steps)
for moment in range(1, steps + 1):
    shutil.rmtree(base)
    shutil.copytree(base.parent / "old", out)
    build(moment)
    found, aside = version(out), version(base / ".dist.old")
    recovered = ""
    if found != "1.0.0" or moment % 10 == 0:
        build(0)
        recovered = f"{version(out)} {sorted(os.listdir(base))}"
    print(f"{found}|{aside}|{recovered}", flush=True)
'''


def test_a_kill_at_any_step_leaves_the_old_or_the_new_dataset(
    tmp_path: Path, new_corpus: Callable[..., Path], raw_document: Callable[..., Any]
) -> None:
    root = new_corpus(
        tmp_path / "c",
        [raw_document(f"d{i}", f"“A{i}” 🙂") for i in range(3)],
        yaml="build: {configs: [default]}\n",
    )
    (tmp_path / "base").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(root), str(tmp_path / "base")], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    steps, *rows = run.stdout.splitlines()
    assert len(rows) == int(steps) > 10
    outcomes = [row.split("|") for row in rows]
    for found, aside, _ in outcomes:
        assert found in {"1.0.0", "2.0.0"} or (found, aside) == ("absent", "1.0.0"), outcomes
    assert {found for found, _, _ in outcomes} >= {"1.0.0", "2.0.0"}
    assert [found for found, _, _ in outcomes].count("absent") <= 1  # between two renames
    recoveries = [recovered for _, _, recovered in outcomes if recovered]
    assert set(recoveries) == {"2.0.0 ['dist']"}
    assert len(recoveries) > 3
