"""A published version, downloaded and loaded in a process of its own: ``python -m corpus_tool.publish.fresh``.

``load_dataset`` falls back to its cache when a server is down, so that only a cache that never held anything shows that
a version can be had. The clients read where their caches are when they are imported: hence the process. It reads an
object (address, revision, folder) from standard input and writes one to standard output.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus_tool.model import CorpusToolError
from corpus_tool.model.secrecy import masked
from corpus_tool.publish.hub_client import token
from corpus_tool.publish.plan import read_manifest, rows_of
from corpus_tool.publish.target import LoadCall
from corpus_tool.publish.targets import open_target

#: How many wrong spans are told a split.
_LISTED = 3


def read_back(address: str, revision: str, folder: Path) -> dict[str, Any]:
    """Downloads a version into a folder and loads each of its configs as a reader would.

    Returns:
        ``revision`` that pins it, and ``faults``: a sentence for each config that does not load, or loads otherwise
        than its manifest says; ``spans`` and ``rows`` are how many were compared.

    Raises:
        CorpusToolError: it cannot be downloaded, or is no dataset of corpus-tool.
    """
    target = open_target(address)
    revision = target.fetch(revision, folder, lambda step: None)
    faults: list[str] = []
    rows = spans = 0
    for config, splits in rows_of(read_manifest(folder)).items():
        try:
            loaded = _load(target.load_call(config, revision, splits))
        except Exception as error:  # noqa: BLE001  # a loader raises of every kind; each is a fault of what is published
            words = (str(error).strip().splitlines() or [""])[0]
            faults.append(masked(f"{config} does not load: {type(error).__name__}: {words[:300]}", token()))
            continue
        for split in sorted({*splits, *loaded}):
            told, own = splits.get(split, 0), len(loaded[split]) if split in loaded else 0
            rows += own
            if own != told:
                faults.append(f"{config}/{split} loads with {own:,} rows, the manifest says {told:,}")
            if config == "default" and split in loaded:
                count, wrong = _spans(loaded[split])
                spans += count
                faults += [f"{config}/{split}: {place}" for place in wrong[:_LISTED]]
                if len(wrong) > _LISTED:
                    faults.append(f"{config}/{split}: {len(wrong) - _LISTED:,} more spans are not their text")
    return {"revision": revision, "faults": faults, "rows": rows, "spans": spans}


def _load(call: LoadCall) -> Mapping[str, Any]:
    from datasets import load_dataset

    found: Mapping[str, Any] = load_dataset(*call.arguments, **call.options)
    return found


def _spans(rows: Any) -> tuple[int, list[str]]:
    """How many spans were compared with the text, and where one is not its text; none where the text is withheld."""
    count, wrong = 0, []
    for row in rows:
        text = row["text"]
        for layer, nth, span in _spans_of(row) if text is not None else ():
            count += 1
            pieces = span.get("fragments") or [span]
            if span["text"] != " ".join(text[piece["start"] : piece["end"]] for piece in pieces):
                wrong.append(f"{row['id']}: the text at {layer}/{nth} is not {span['text']!r}")
    return count, wrong


def _spans_of(row: Mapping[str, Any]) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    for column, value in row.items():
        for nth, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, dict) and {"start", "end", "text"} <= item.keys() and item["text"] is not None:
                yield column, nth, item


def main() -> None:
    """Answers the request on standard input."""
    request = json.load(sys.stdin)
    try:
        answer = read_back(request["address"], request["revision"], Path(request["folder"]))
    except CorpusToolError as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
