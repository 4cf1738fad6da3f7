"""What the tests of shards share: raw files of every kind, and looking into the shards that are made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from corpus_tool.convert import ConvertReport
from corpus_tool.read.lines import iter_lines
from corpus_tool.store import files_with_documents

Json = dict[str, Any]

STORM = (
    "Storm closes the pass\n\nSnow fell for nine hours over Brenner on Monday. “We saw nothing,” said Ida Holm 😀.\n\n"
    "شرطة المدينة and משטרה were told; e\u0301 stays e\u0301, and 40\u00a0km were closed.\n"
)
OTTER = "Otter comes home\n\nAn otter was seen in Heilbronn for the first time in 60 years. It ate a trout and left.\n"
HARBOUR = (
    "港口火灾\n\nA fire in the harbour of Haifa was put out on Tuesday; nobody was hurt. »Alles gut«, sagte Özge.\n"
)


class Convert(Protocol):
    """``convert(raw, …, **options)``: converts raw files into shards of the corpus, without annotations."""

    def __call__(self, *paths: Path, **options: Any) -> ConvertReport: ...


def put_lines(path: Path, articles: Mapping[str, str] | list[Json]) -> Path:
    """A file of JSON lines: texts by id, or rows."""
    rows = articles if isinstance(articles, list) else [{"id": key, "text": text} for key, text in articles.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def shards(corpus: Path) -> dict[str, list[Json]]:
    """By name of each file, the documents of a corpus."""
    return {path.name: _documents(path) for path in files_with_documents(corpus / "documents")}


def _documents(path: Path) -> list[Json]:
    if path.suffix == ".json":
        return [json.loads(path.read_bytes())]
    return [json.loads(line) for _, line in iter_lines(path, 10**8)]


def ids(corpus: Path) -> dict[str, list[str]]:
    """By name of each file, the ids of its documents."""
    return {name: [raw["id"] for raw in found] for name, found in shards(corpus).items()}


def tree(corpus: Path) -> dict[str, bytes]:
    """Every file of a corpus but for what can be made anew."""
    files = (path for path in corpus.rglob("*") if path.is_file() and ".corpus-tool" not in path.parts)
    return {path.relative_to(corpus).as_posix(): path.read_bytes() for path in files}


def review(shard: Path, document_id: str, status: str = "accepted") -> None:
    """Adds a person's annotation, of the first five characters, to a document of a plain shard."""
    rows = [json.loads(row) for row in shard.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        if row["id"] == document_id:
            text = row["text"][:5]
            provenance = {"status": status}
            actor = {"id": "a1", "start": 0, "end": 5, "text": text, "kind": "other", "provenance": provenance}
            row["layers"] = {"actors": [actor]}
    shard.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def names(report: ConvertReport) -> list[str]:
    """The names of what was found."""
    return [diagnostic.name for diagnostic in report.diagnostics]
