"""Ledgers of what a changed article has no place for: ``set-aside/<document>.jsonl`` beside the documents.

A ledger holds one record a line (``reanchor.SetAside``). It is added to, and lines are left to people to take away:
``validate`` tells of each one until somebody has.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from corpus_tool.checks.check import quoted
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.model.atomic import write_atomic
from corpus_tool.model.codec import document_to_json
from corpus_tool.model.schemas import JsonObject
from corpus_tool.read.faults import fault
from corpus_tool.reanchor import REASONS, Reanchored, SetAside

#: Folder of a corpus.
FOLDER = "set-aside"

#: Annotations beside a changed word that are named in one finding.
_NAMED = 5


def ledger_path(root: Path, document_id: str, annotator: str | None = None) -> Path:
    """The ledger of a document, or of the copy of it that an annotator works on."""
    folder = root / FOLDER if annotator is None else root / FOLDER / "annotators" / annotator
    return folder / f"{document_id}.jsonl"


def write_set_aside(root: Path, old: Document, records: Sequence[SetAside], annotator: str | None = None) -> None:
    """Adds records to the ledger of a document; to be done before the document itself is written.

    A conversion that was killed between the two has left records of what is still in the document. They are replaced,
    so that everything is either there or here, once.

    Args:
        root: the corpus.
        old: the document as it still is on disk.
        records: what its new state has no place for; with none an old ledger is looked through all the same.
        annotator: whose copy it is; None for the document itself.

    Raises:
        CorpusToolError: the file cannot be read or written, or is a symbolic link.
    """
    path = ledger_path(root, old.id, annotator)
    if any(part.is_symlink() for part in (path, *list(path.parents)[: 1 if annotator is None else 3])):
        raise CorpusToolError(f"{path}: is a symbolic link; nothing is written through links")
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusToolError(f"{path}: cannot be read ({error})") from error
    kept = [line for line in before.split("\n") if line]
    if kept:
        raw = json.loads(json.dumps(document_to_json(old)))
        kept = [line for line in kept if not _is_unfinished(line, raw)]
    after = "".join(f"{line}\n" for line in (*kept, *map(_line, records)))
    if before and not after:
        path.unlink()
    elif after != before:
        write_atomic(path, after)


def told(result: Reanchored, annotator: str | None = None) -> Iterator[Diagnostic]:
    """What became of a reviewed document whose article changed: what it is, then all that has no place."""
    document = result.document
    path = f"documents/{document.id}.json" if annotator is None else f"annotators/{annotator}/{document.id}.json"
    ledger = ledger_path(Path(), document.id, annotator).as_posix()
    aside = sum(record.attribute is None for record in result.set_aside)
    says = [f"{result.kept} of {result.kept + aside} annotations by people went along with their words"]
    if result.set_aside:
        says.append(f"{ledger} keeps what has no place")
    if result.stale:
        says.append(f"meta keeps its {', '.join(result.stale)}, though the article now says otherwise")
    yield fault("article-changed", path, "the article has changed: " + "; ".join(says))
    for record in result.set_aside:
        words = f" {quoted(record.text, 80)}" if record.text else ""
        why = REASONS[record.reason]
        if record.attribute is None:
            status = (record.value.get("provenance") or {}).get("status") if isinstance(record.value, dict) else None
            says_status = f" ({status})" if status else ""
            message = f"{record.layer} {record.id}{words}{says_status} is set aside: {why}"
            yield fault("annotation-set-aside", path, message)
        else:
            message = f"{record.layer} {record.id} loses its {record.attribute}{words}: {why}"
            yield fault("attribute-set-aside", path, message)
    if result.beside:
        first = [f"{layer} {a.id} {quoted(a.text, 40)}" for layer, a in result.beside[:_NAMED]]
        more = len(result.beside) - len(first)
        message = f"another word stands beside {', '.join(first)}" + (f" and {more} more" if more else "")
        yield fault("annotation-beside-change", path, message)


def _line(record: SetAside) -> str:
    return json.dumps(msgspec.to_builtins(record), ensure_ascii=False)


def _is_unfinished(line: str, document: JsonObject) -> bool:
    """Whether a line records something that the document still holds in the very text it was taken from."""
    try:
        record = json.loads(line)
    except ValueError:
        return False
    if not isinstance(record, dict) or record.get("text_sha256") != document["text_sha256"]:
        return False
    layer, attribute, value = record.get("layer"), record.get("attribute"), record.get("value")
    items = document.get("relations", ()) if layer == "relations" else document["layers"].get(layer, ())
    item = next((item for item in items if item["id"] == record.get("id")), None)
    if item is None:
        return False
    if attribute is None:
        return bool(item == value)
    return _holds(item, str(attribute), value)


def _holds(item: JsonObject, attribute: str, value: Any) -> bool:
    own = (item.get("provenance") or {}).get("was") if attribute == "was" else item.get(attribute)
    return bool(own == value) or (isinstance(own, Iterable) and not isinstance(own, str | dict) and value in own)
