"""What tests of formats share: taking files in, and saying what came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from formats.round_trip import new_corpus

from corpus_tool.exchange import ImportReport, import_annotations
from corpus_tool.model import Document
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents


def taken(path: Path, folder: Path, tool: str, mapping: str = "") -> tuple[ImportReport, dict[str, Document]]:
    """Takes files into a new corpus, with a mapping's lines; the report, and the documents by id."""
    own = None
    if mapping:
        own = folder / "mapping.yaml"
        own.write_text(f"schema: corpus-tool/mapping/1\n{mapping}", encoding="utf-8")
    report = import_annotations(path, new_corpus(folder / "into"), tool, mapping=own)
    return report, {d.id: d for d in iter_documents(open_corpus(folder / "into"))}


def words(document: Document) -> dict[str, list[str]]:
    """The words of the annotations of each layer; each stands where it says."""
    for found in document.layers.values():
        for annotation in found:
            assert annotation.fragments or document.text[annotation.start : annotation.end] == annotation.text
    return {layer: [a.text for a in found] for layer, found in document.layers.items() if found}


def at(text: str, part: str, nth: int = 0) -> tuple[int, int]:
    """Where a part of a text stands, in code points."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(part, start + 1)
    return start, start + len(part)


def utf16(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """A place in UTF-16 units."""
    start, end = (len(text[:one].encode("utf-16-le")) // 2 for one in place)
    return start, end


def told(report: ImportReport) -> list[tuple[str, int, str]]:
    """File, line and name of each finding."""
    return [(Path(d.path).name, d.line, d.name) for d in report.diagnostics]


def write_json(path: Path, value: Any, **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, **more), encoding="utf-8")
    return path
