"""The folder of a dataset: what may be replaced, and how it is replaced as a whole."""

from __future__ import annotations

import glob
import os
import shutil
from pathlib import Path

from corpus_tool.build.manifest import made_files
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import sync_folder
from corpus_tool.model.storage import is_remote

#: What file managers leave behind in a folder that somebody looked at.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def refuse_foreign(out: Path, root: Path) -> None:
    """Refuses to replace a folder that no build made."""
    folder = Path(os.path.realpath(out))  # Path.resolve fails on a loop of links
    corpus = root if is_remote(root) else Path(os.path.realpath(root))
    if folder == corpus or folder in corpus.parents:
        raise CorpusToolError(f"{out}: holds the corpus itself; name another folder with --out")
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir():
        raise CorpusToolError(f"{out}: is not a folder")
    present = {path for path in out.rglob("*") if not path.is_dir() or path.is_symlink()}
    if not present:
        return
    made = made_files(out)
    if made is None:
        raise CorpusToolError(f"{out}: is not empty and no build made it; a build replaces only what a build made")
    foreign = sorted(path.relative_to(out).as_posix() for path in present if path.name not in _LITTER)
    foreign = [path for path in foreign if path not in made]
    if foreign:
        raise CorpusToolError(f"{out}: holds {foreign[0]}, which no build made; move it away, or name another folder")


def _aside(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def restore(out: Path) -> None:
    """Puts a dataset back that a killed build had moved aside, and clears what it left behind."""
    aside = _aside(out)
    if aside.exists():
        if out.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(out)
    for leftover in out.parent.glob(f".{glob.escape(out.name)}.*.tmp"):
        shutil.rmtree(leftover, ignore_errors=True)


def swap(work: Path, out: Path) -> None:
    """Makes ``work`` the dataset; a kill in between leaves the old one aside, where the next build finds it."""
    aside = _aside(out)
    if out.exists():
        out.rename(aside)
    work.rename(out)
    sync_folder(out.parent)
    shutil.rmtree(aside, ignore_errors=True)
