"""What was lost on the way, counted: from the ledgers of a corpus, or the manifest of a dataset."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tool.formats.ledger import DROPPED, LEDGER_FILE, WHOLE
from corpus_tool.reanchor import REASONS
from corpus_tool.set_aside import FOLDER

#: What merging annotators leaves beside the corpus.
_MERGE_LEDGER = "merge-ledger.jsonl"


@dataclass(frozen=True)
class LossTable:
    """The losses of one step.

    Attributes:
        title: which step.
        ledger: the file that lists them one by one, as seen from the corpus or dataset.
        rows: what was lost, and how often; the most frequent first.
    """

    title: str
    ledger: str
    rows: tuple[tuple[str, int], ...]


def losses_of(path: Path, manifest: Mapping[str, Any] | None) -> tuple[LossTable, ...]:
    """The losses that a corpus or a dataset has on record; a step without losses is absent.

    Args:
        path: the corpus or the dataset.
        manifest: of a dataset; None for a corpus.
    """
    made: tuple[LossTable, ...]
    if manifest is not None:
        made = (
            _table("Left out of the dataset", "manifest.json", Counter(_counts(manifest.get("losses")))),
            _table("Left out of BIO tags, whole in the config default", "manifest.json",
                   Counter(_counts(manifest.get("left_out")))),
        )  # fmt: skip
    else:
        made = (
            _table("Left out by the last import", LEDGER_FILE, Counter(map(_imported, _lines(path / LEDGER_FILE)))),
            _table("Left out by merging annotators", _MERGE_LEDGER,
                   Counter(map(_merged, _lines(path / _MERGE_LEDGER)))),
            _table("Set aside, because an article changed", f"{FOLDER}/", Counter(_set_aside(path / FOLDER))),
        )  # fmt: skip
    return tuple(table for table in made if table.rows)


def _table(title: str, ledger: str, counts: Counter[str]) -> LossTable:
    return LossTable(title, ledger, tuple(sorted((+counts).items(), key=lambda item: (-item[1], item[0]))))


def _counts(told: object) -> dict[str, int]:
    return {str(key): n for key, n in told.items() if isinstance(n, int)} if isinstance(told, dict) else {}


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The objects of a ledger; a line that is none counts as an empty one."""
    if not path.is_file() or path.is_symlink():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            yield record if isinstance(record, dict) else {}


def _set_aside(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.jsonl")) if folder.is_dir() and not folder.is_symlink() else ():
        for record in _lines(path):
            reason = str(record.get("reason"))
            yield f"{_named(record, 'attribute')}: {REASONS.get(reason, reason)}" if record else _UNREADABLE


_UNREADABLE = "a line that cannot be read"


def _imported(record: Mapping[str, Any]) -> str:
    if not record:
        return _UNREADABLE
    what = str(record.get("what", ""))
    said = {WHOLE: "whole annotation", DROPPED: "left out by the mapping"}.get(what, what)
    where = " ".join(str(record.get(key, "")) for key in ("layer", "kind")).strip()
    why = f" ({record['why']})" if record.get("why") else ""
    return f"{where}: {said}{why}" if where else f"{said}{why}"


def _merged(record: Mapping[str, Any]) -> str:
    return f"{_named(record, 'attribute')}: {record.get('reason', '')}" if record else _UNREADABLE


def _named(record: Mapping[str, Any], part: str) -> str:
    layer, attribute = str(record.get("layer", "")), record.get(part)
    return f"{layer}.{attribute}" if attribute else layer
