"""The texts that Web Annotations are about: looked for beside the annotations, never outside of their folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.files import read_text


@dataclass(frozen=True)
class Source:
    """A text: what tells it from others, what it is called, and its words."""

    key: str
    name: str
    text: str


def source_of(target: str | dict[str, Any], file: Path, root: Path) -> Source | str:
    """The text that a target is a part of.

    Args:
        target: the target, or the IRI that it is.
        file: the file of the annotation.
        root: the folder that is read, which a target does not lead out of.

    Returns:
        The text, or why there is none.
    """
    raw = target.get("source", target.get("id")) if isinstance(target, dict) else target
    if isinstance(raw, dict) and isinstance(raw.get("value"), str):
        key = str(raw.get("id") or raw["value"])
        return Source(key, Path(urlsplit(str(raw.get("id") or "text")).path).stem or "text", raw["value"])
    iri = raw.get("id") if isinstance(raw, dict) else raw
    if not isinstance(iri, str):
        return "its target names no text"
    found = next(
        (p for p in _candidates(iri, file, root) if p.is_file() and p.resolve().is_relative_to(root.resolve())), None
    )
    if found is None:
        return f"the text {iri} is not in the folder; nothing is fetched"
    text = _read(found)
    if isinstance(text, Diagnostic):
        return f"the text {iri} cannot be read: {text.message}"
    inner = found.resolve().relative_to(root.resolve())
    return Source(inner.as_posix(), inner.with_suffix("").as_posix(), text)


def _candidates(iri: str, file: Path, root: Path) -> Iterator[Path]:
    """Where the text of an IRI may lie: at its own path, then under its last step, with .txt where it has no file."""
    try:
        path = unquote(urlsplit(iri).path)
    except ValueError:
        return
    if not path.strip("/") or "\0" in path:
        return
    is_relative = not urlsplit(iri).scheme
    for folder in dict.fromkeys([file.parent, root]):
        for name in [*([path.lstrip("/")] if is_relative else []), Path(path.rstrip("/")).name]:
            plain = folder / name
            yield from (p for p in (plain, folder / f"{name}.txt", plain.with_suffix(".txt")) if p != file)


@lru_cache(maxsize=4)
def _read(path: Path) -> str | Diagnostic:
    """The text of a file; the last few are kept, for annotations come one after the other."""
    text = read_text(path)
    return text.removeprefix("\ufeff") if isinstance(text, str) else text
