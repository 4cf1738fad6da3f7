"""A corpus's own ``CHANGELOG.md``: what changed from version to version, written by people and by ``diff``.

An entry is a heading of the second level that begins with a version, and what stands beneath it up to the next one.
What stands above the first entry is an introduction, and belongs to nobody's version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.markdown import escape_line, plain_text
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.read.faults import ReadError
from corpus_tool.read.files import read_file

CHANGELOG_FILE = "CHANGELOG.md"

#: How many entries a dataset's card and manifest show.
MOST_SHOWN = 5

#: Bytes of the file that are read.
_MOST_BYTES = 1_000_000

_HEADING = re.compile(r"^## +\[?v?(?P<version>\d+\.\d+\.\d+)(?![\w.])\]?(?P<rest>.*)$", re.MULTILINE)
_ITEM = re.compile(r"^[-*+] +(.*)$")


@dataclass(frozen=True)
class Entry:
    """What changed with one version.

    Attributes:
        version: such as "1.1.0".
        about: what its heading says besides, as the day; plain words.
        items: its items and paragraphs in order; plain words, each on one line.
    """

    version: str
    about: str
    items: tuple[str, ...]


def read_changelog(root: Path) -> tuple[Entry, ...]:
    """The entries of a corpus's ``CHANGELOG.md`` in the order of the file; none where there is no such file.

    Raises:
        CorpusToolError: the file cannot be read, is not UTF-8, is too large, or leads out of the corpus.
    """
    return tuple(_entries(_text(root)))


def add_changelog_entry(root: Path, entry: str) -> bool:
    """Writes an entry above those of a corpus's ``CHANGELOG.md``, which is made where there is none.

    Args:
        root: the corpus.
        entry: Markdown that begins with its heading.

    Returns:
        Whether the file changed: an entry that stands there already, word for word, is left.

    Raises:
        CorpusToolError: the file has another entry for the version, is a symbolic link, or cannot be read or written.
    """
    path = root / CHANGELOG_FILE
    if path.is_symlink():
        raise CorpusToolError(f"{path}: is a symbolic link; nothing is written through links")
    text, [own] = _text(root), _entries(entry)
    for old in _entries(text):
        if old == own:
            return False
        if old.version == own.version:
            raise CorpusToolError(
                f"{path}: has an entry for {own.version} with other words, which is left as it is; "
                "edit it, take it out, or raise version in corpus.yaml"
            )
    first = _HEADING.search(text)
    at = first.start() if first else len(text)
    head = text[:at].rstrip() or "# Changelog"
    tail = text[at:].strip("\n")
    joined = "\n\n".join(part for part in (head, entry.strip(), tail) if part) + "\n"
    write_atomic(path, joined.replace("\n", "\r\n") if _has_crlf(path) else joined)
    return True


def render_entry(entry: Entry, level: int = 3) -> str:
    """An entry as Markdown in which no word of it takes effect: a heading and a list.

    Args:
        entry: what changed.
        level: of the heading.
    """
    items = "\n".join(f"- {escape_line(item)}" for item in entry.items)
    heading = f"{'#' * level} {entry.version} {escape_line(entry.about)}".rstrip()
    return f"{heading}\n\n{items}".rstrip()


def entries_of(raw: Any) -> tuple[Entry, ...]:
    """The entries that a manifest holds under ``changes``; none where it holds nothing of the kind."""
    try:
        return msgspec.convert(raw or (), tuple[Entry, ...])
    except msgspec.ValidationError:
        return ()


def _text(root: Path) -> str:
    """The file with LF as line ends, "" where there is none."""
    path = root / CHANGELOG_FILE
    if not path.exists() and not path.is_symlink():
        return ""
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise CorpusToolError(f"{path}: leads out of the corpus")
        text = read_file(path, limit=_MOST_BYTES).data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusToolError(f"{path}: byte {error.start} is not UTF-8") from error
    except ReadError as error:
        raise CorpusToolError(f"{path}: {error}") from error
    except (OSError, RuntimeError) as error:  # a loop of links is the latter
        raise CorpusToolError(f"{path}: {error}") from error
    return text.replace("\r\n", "\n")


def _has_crlf(path: Path) -> bool:
    return path.exists() and b"\r\n" in path.read_bytes()


def _entries(text: str) -> Iterator[Entry]:
    headings = list(_HEADING.finditer(text))
    for heading, following in zip_longest(headings, headings[1:]):
        end = following.start() if following else len(text)
        about = plain_text(heading["rest"].strip())
        yield Entry(heading["version"], about, tuple(_items(text[heading.end() : end])))


def _items(body: str) -> Iterator[str]:
    """The items and paragraphs of an entry, lines that belong together joined by a space."""
    lines: list[str] = []
    for line in [*body.split("\n"), ""]:
        item = _ITEM.match(line)
        if lines and (item or not line.strip()):
            yield plain_text(" ".join(lines))
            lines = []
        if words := (item[1] if item else line).strip():
            lines.append(words)
