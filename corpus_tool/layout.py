"""Formatting: documents in the contract's file layout."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.codec import layout, line_layout
from corpus_tool.model.schemas import JsonObject, layers_of
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import read_file
from corpus_tool.read.lines import shard_suffix
from corpus_tool.shard_files import write_shard
from corpus_tool.shard_lines import mapped_lines, require_digest, require_own, shard_digest
from corpus_tool.sources import annotator_folders
from corpus_tool.store import MAX_DOCUMENT_BYTES, corpus_above, files_with_documents


@dataclass(frozen=True)
class Formatted:
    """What formatting a file gave: whether its layout differs from the contract's, or why it was left alone."""

    path: Path
    changed: bool = False
    diagnostic: Diagnostic | None = None


def format_paths(paths: Sequence[Path], *, check: bool = False) -> Iterator[Formatted]:
    """Brings document files into the contract's layout; what they say stays the same.

    A document of a shard is one line, with keys and numbers as in a file of its own. A document that is not JSON, holds
    a key twice, or holds a number that JSON cannot write back is left alone.

    Args:
        paths: document files and shards, or folders of corpora.
        check: only tell which files would change.

    Raises:
        CorpusToolError: misuse, or a file that cannot be opened or written.
    """
    if Path("-") in paths:
        raise CorpusToolError("-: standard input stands alone, other paths cannot be formatted with it")
    for path in paths:
        files = [path]
        if path.is_dir():
            folders = (path / "documents", *annotator_folders(path))
            files = [file for folder in folders for file in files_with_documents(folder)]
            if not files:
                raise CorpusToolError(f"{path}: holds no documents/*.json and no shards")
        for file in files:
            if shard_suffix(file):
                yield from _format_shard(file, check)
            else:
                yield _format_file(file, check)


def format_text(text: str, corpus_root: Path | None = None) -> str:
    """A document's text in the contract's layout.

    Raises:
        ValueError: the text cannot be written back without loss (``exact_json``).
    """
    return layout(exact_json(text), layers_of(corpus_root))


def exact_json(text: str) -> JsonObject:
    """The JSON object of a text, where it can be written back without loss.

    Raises:
        ValueError: it is no JSON object, or holds a key twice, a number that is not finite, or one with more digits
            than a double keeps.
        RecursionError: it is nested too deeply.
    """
    raw = json.loads(
        text.removeprefix("\ufeff"),
        object_pairs_hook=_without_duplicates,
        parse_constant=_refuse_constant,
        parse_float=_exact_float,
    )
    if not isinstance(raw, dict):
        raise ValueError("a document is a JSON object")
    return raw


def _without_duplicates(pairs: list[tuple[str, Any]]) -> JsonObject:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return made


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")


def _exact_float(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError(f"{digits} is no finite number, as JSON has them")
    if Decimal(digits) != Decimal(repr(number)):
        raise ValueError(f"{digits} has more digits than can be kept")
    return number


def _format_file(path: Path, check: bool) -> Formatted:
    try:
        raw = read_file(path, limit=MAX_DOCUMENT_BYTES)
        formatted = format_text(raw.data.decode("utf-8"), corpus_above(path))
    except ReadError as error:
        return Formatted(path, diagnostic=error.diagnostic)
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error)
        return Formatted(path, diagnostic=fault("document-unreadable", str(path), f"left as it is: {reason}"))
    try:
        if formatted.encode("utf-8") == raw.data:
            return Formatted(path)
    except UnicodeEncodeError:
        return Formatted(path, diagnostic=fault("document-unreadable", str(path), "left as it is: a lone surrogate"))
    if not check:
        write_atomic(path, formatted)
    return Formatted(path, changed=True)


def _format_shard(path: Path, check: bool) -> Iterator[Formatted]:
    """Formats the lines of a shard; a diagnostic for each that is left alone, then what became of the file."""
    layers = layers_of(corpus_above(path))
    left: list[Diagnostic] = []
    changed = False

    def formatted(number: int, line: bytes) -> bytes:
        nonlocal changed
        try:
            made = line_layout(exact_json(line.decode("utf-8")), layers).encode("utf-8")
        except (ValueError, RecursionError) as error:
            reason = "nested too deep" if isinstance(error, RecursionError) else str(error)
            left.append(fault("document-unreadable", str(path), f"left as it is: {reason}", line=number))
            return line
        changed |= made != line
        return made

    try:
        digest = shard_digest(path)
        for _ in mapped_lines(path, formatted):
            pass
        if changed and not check:
            require_own(path)
            require_digest(path, digest)
            left.clear()
            write_shard(path, mapped_lines(path, formatted))
    except ReadError as error:
        yield Formatted(path, diagnostic=error.diagnostic)
        return
    yield from (Formatted(path, diagnostic=diagnostic) for diagnostic in left)
    yield Formatted(path, changed=changed)
