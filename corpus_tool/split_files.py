"""Files that say the split of documents: ``splits.lock``, which a build keeps, and a table that the user gives."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from corpus_tool.model import CorpusToolError
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.corpus import LOCK_FILE
from corpus_tool.model.ids import is_document_id
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import read_file

#: The first line of ``splits.lock``; then comes one for each document, sorted, so that branches merge.
_HEAD = "document\tsplit"

#: The largest such file, in bytes: two million documents.
_MAX_BYTES = 200_000_000


def read_lock(root: Path, names: Iterable[str]) -> dict[str, str]:
    """The splits that documents keep, by id; empty where a corpus has no ``splits.lock``.

    Args:
        root: the corpus.
        names: the splits that there are.

    Raises:
        ReadError: the file is not as a build wrote it.
    """
    path = root / LOCK_FILE
    if not path.exists() and not path.is_symlink():
        return {}
    known = set(names)
    splits: dict[str, str] = {}
    for number, line in enumerate(_text(path, root).splitlines(), 1):
        document, _, split = line.partition("\t")
        if line == _HEAD:
            continue
        if not is_document_id(document) or split not in known:
            raise _wrong(path, "the line is not a document's id, a tab and its split", number)
        if splits.setdefault(document, split) != split:
            raise _wrong(path, f"{document} is in {splits[document]} and in {split}", number)
    return splits


def write_lock(root: Path, splits: Mapping[str, str]) -> None:
    """Writes ``splits.lock`` where that changes it.

    Raises:
        CorpusToolError: the file cannot be written, or is a symbolic link.
    """
    path = root / LOCK_FILE
    text = "".join(f"{line}\n" for line in (_HEAD, *(f"{name}\t{splits[name]}" for name in sorted(splits))))
    if path.is_symlink():
        raise CorpusToolError(f"{path}: is a symbolic link; splits are not written through links")
    if not path.exists() or path.read_bytes() != text.encode():
        write_atomic(path, text)


def read_table(root: Path, file: str) -> dict[str, str]:
    """The splits that a table of the user's gives, by id, whatever they are called.

    Args:
        root: the corpus.
        file: path of the table inside the corpus: CSV with the columns ``document`` and ``split``, or a JSON object.

    Raises:
        ReadError: there is no such file inside the corpus, or it is no such table.
    """
    try:
        path = root / file
    except CorpusToolError as error:  # of a storage, where a way out is not even a path
        raise ReadError(fault("splits-unreadable", f"{root}/{file}", "leads out of the corpus")) from error
    text = _text(path, root)
    splits: dict[str, str] = {}
    for line, document, split in _json_rows(path, text) if path.suffix == ".json" else _csv_rows(path, text):
        if document in splits:
            raise _wrong(path, f"{document!r} stands in it twice", line)
        splits[document] = split
    return splits


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except json.JSONDecodeError as error:
        raise _wrong(path, f"is not JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise _wrong(path, "is not an object of documents' ids and their splits") from error
    is_object = isinstance(pairs, list) and text.lstrip().startswith("{")
    if not is_object or not all(isinstance(split, str) for _, split in pairs):
        raise _wrong(path, "is not an object of documents' ids and their splits")
    yield from ((1, document, split) for document, split in pairs)


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in ("document", "split") if name not in (reader.fieldnames or ())]
        if missing:
            raise _wrong(path, f"its first line has no column {missing[0]!r}")
        for row in reader:
            yield reader.line_num, (row["document"] or "").strip(), (row["split"] or "").strip()
    except csv.Error as error:
        raise _wrong(path, f"is not CSV: {error}", reader.reader.line_num) from error


def _text(path: Path, root: Path) -> str:
    """The text of a file that stands in the corpus, and is no way out of it."""
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise _wrong(path, "leads out of the corpus")
        return read_file(path, limit=_MAX_BYTES).data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(path, f"byte {error.start} is not UTF-8") from error
    except (CorpusToolError, OSError, RuntimeError, ValueError) as error:
        raise _wrong(path, str(error).removeprefix(f"{path}: ")) from error


def _wrong(path: Path, message: str, line: int = 1) -> ReadError:
    return ReadError(fault("splits-unreadable", str(path), message, line=line))
