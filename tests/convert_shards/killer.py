"""Runs a call in processes that are killed with -9, each a moment later than the one before.

A moment is a file of the corpus that is opened, renamed or removed, or a folder made or removed: between two of these
nothing on the disk changes that others can see. Started as a process of its own, whose children are forked from it:
``python killer.py SCENARIO FOLDER``; prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from corpus_tool.convert import convert_articles
from corpus_tool.read.corpus import open_corpus
from corpus_tool.reshard import shard_corpus
from corpus_tool.store import iter_documents

_MOMENTS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}


def killed(call: Callable[[], object], root: Path, moment: int) -> bool:
    """Whether a process that does the call was killed at a moment, or ended before it came."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0, "the call failed"
        return os.WIFSIGNALED(status)
    seen = 0

    def count(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in _MOMENTS and isinstance(args[0], str | Path) and str(root) in str(args[0]):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    try:
        call()
    except BaseException as error:  # noqa: BLE001  # told by the exit status
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def tree(root: Path) -> dict[str, bytes]:
    """Every file of a corpus but for what can be made anew."""
    files = (path for path in root.rglob("*") if path.is_file() and ".corpus-tool" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def documents(root: Path) -> dict[str, str]:
    """The documents of a corpus by id, each with its text; one that is there twice is an error."""
    found: dict[str, str] = {}
    for document in iter_documents(open_corpus(root)):
        assert document.id not in found, f"{document.id} is there twice"
        found[document.id] = document.text
    return found


def go_through(start: Path, work: Path, call: Callable[[Path], object], check: Callable[[Path], None]) -> int:
    """Kills a call at every moment, looks at what it left, and does it again to the end; returns how many moments.

    However it was killed, the second run ends in the same bytes as one that was not.
    """
    whole = work / "whole" / "corpus"
    shutil.copytree(start, whole)
    call(whole)
    expected: Mapping[str, bytes] = tree(whole)
    moment = 0
    while True:
        moment += 1
        root = work / f"m{moment}" / "corpus"
        shutil.copytree(start, root)
        was_killed = killed(lambda: call(root), root, moment)  # noqa: B023  # done before the next one
        check(root)
        if was_killed:
            call(root)
        assert tree(root) == expected, f"moment {moment}: {sorted(tree(root))} for {sorted(expected)}"
        shutil.rmtree(root.parent)
        if not was_killed:
            return moment - 1


def main() -> None:
    """One scenario over the corpus ``FOLDER/corpus``, with raw shards in ``FOLDER/raw``."""
    scenario, folder = sys.argv[1], Path(sys.argv[2])
    start, work = folder / "corpus", folder / "work"
    raws = sorted((folder / "raw").iterdir())
    before = documents(start)

    def convert(root: Path) -> None:
        convert_articles(raws, root, annotate=False, shards="jsonl", shard_documents=4)

    def check_kept(root: Path) -> None:
        found = documents(root)
        assert found.keys() >= before.keys() - gone, sorted(before.keys() - found.keys())

    def check_same(root: Path) -> None:
        assert documents(root) == before

    gone = set(json.loads((folder / "gone.json").read_text())) if (folder / "gone.json").exists() else set()
    if scenario == "convert":
        moments = go_through(start, work, convert, check_kept)
    else:
        moments = go_through(start, work, lambda root: shard_corpus(root, to=scenario, documents=4), check_same)
    sys.stdout.write(json.dumps({"moments": moments, "documents": len(before)}))


if __name__ == "__main__":
    main()
