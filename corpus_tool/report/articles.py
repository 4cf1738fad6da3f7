"""Articles as the page reads them: compact JSON, kept on disk until the page is written."""

from __future__ import annotations

import hashlib
import heapq
import json
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

import msgspec

from corpus_tool.build.card_metadata import is_address
from corpus_tool.model import Annotation, Document, Entity, live, pieces
from corpus_tool.report.count import Named

#: What an annotation has besides the attributes of its layer.
_COMMON = frozenset({"id", "start", "end", "text", "fragments", "extra", "provenance"})

#: Characters that HTML or older scripts would read something into, wherever they stand in JSON.
_IN_SCRIPT = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def script_json(value: object) -> str:
    """JSON that can stand in a script element: no character of it can end the element or begin a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)


def utf16_of(text: str) -> Callable[[int], int]:
    """A function from code points to the UTF-16 units that a browser counts in."""
    astral = [place for place, character in enumerate(text) if character > "\uffff"] if not text.isascii() else []
    return (lambda place: place + bisect_left(astral, place)) if astral else (lambda place: place)


def anchor_of(document_id: str) -> str:
    """The address within the page that opens an article."""
    return f"#article={quote(document_id, safe='')}"


def head_of(document: Document, split: str, named: Named) -> dict[str, Any]:
    """The entry of a document in the list of articles.

    Args:
        document: the document.
        split: its split, "" for none.
        named: the names in it.
    """
    meta = document.meta
    return {
        "id": document.id,
        "title": " ".join((meta.title or document.id).split()),
        "published": (meta.published or "")[:10],
        "source": meta.source or "",
        "split": split,
        "actors": named.actors,
        "places": named.places,
        "layers": {name: len(own) for name, marks in document.layers.items() if (own := live(marks))},
    }


def body_of(document: Document, layers: list[str]) -> dict[str, Any]:
    """What the reading view needs of a document; offsets are UTF-16 units.

    Args:
        document: the document.
        layers: names of the layers, in the order of the page; marks name a layer by its place among them.
    """
    meta = document.meta
    at = utf16_of(document.text)
    return {
        "id": document.id,
        "language": meta.language or "",
        "authors": list(meta.authors),
        "url": meta.url if is_address(meta.url) else "",
        "license": meta.license or "",
        "text": document.text,
        "blocks": [[at(block.start), at(block.end), block.kind] for block in document.blocks],
        "marks": [
            {"layer": place, "id": mark.id, "at": _flat(mark, at), "is": _attributes(mark, at), "by": _made(mark)}
            for place, name in enumerate(layers)
            for mark in live(document.layers.get(name, ()))
        ],
        "entities": {entity.id: _entity(entity) for entity in document.entities},
    }


def _flat(span: Any, at: Callable[[int], int]) -> list[int]:
    return [at(bound) for piece in pieces(span) for bound in piece]


def _attributes(mark: Annotation, at: Callable[[int], int]) -> dict[str, Any]:
    own = ((key, getattr(mark, key)) for key in mark.__struct_fields__ if key not in _COMMON)
    return {key: _plain(value, at) for key, value in (*own, *mark.extra.items()) if value not in (None, (), [], "")}


def _plain(value: Any, at: Callable[[int], int]) -> Any:
    if isinstance(value, msgspec.Struct):
        return {"text": getattr(value, "text", ""), "at": _flat(value, at)}
    return [_plain(item, at) for item in value] if isinstance(value, list | tuple) else value


def _made(mark: Annotation) -> list[Any]:
    made = mark.provenance
    if made is None:
        return []
    return (
        [made.status, made.annotator or ""] if made.score is None else [made.status, made.annotator or "", made.score]
    )


def _entity(entity: Entity) -> dict[str, Any]:
    told = {"name": entity.name, "kind": entity.kind, "links": entity.links, "aliases": list(entity.aliases)}
    where = {"lat": entity.lat, "lon": entity.lon} if entity.lat is not None and entity.lon is not None else {}
    return {key: value for key, value in {**told, **where}.items() if value}


@dataclass
class Spool:
    """The articles that go into the page: all of them, or a sample that only their ids decide.

    What is kept of each in memory is where it stands in a temporary file.

    Attributes:
        most: articles that are kept at the most.
        seen: articles that were offered.
    """

    most: int
    seen: int = 0
    _file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _kept: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def offer(self, document_id: str, make: Callable[[], tuple[dict[str, Any], dict[str, Any]]]) -> None:
        """Takes an article, or not: of many those are kept whose ids have the smallest SHA-256.

        Args:
            document_id: its id.
            make: gives its entry in the list and what the reading view shows; called only where it is kept.
        """
        self.seen += 1
        if not self.most:
            return
        rank = -int.from_bytes(hashlib.sha256(document_id.encode("utf-8", "replace")).digest()[:8], "big")
        if len(self._kept) == self.most and rank <= self._kept[0][0]:
            return
        head, body = (script_json(part).encode("utf-8", "replace") for part in make())
        place = self._file.seek(0, 2)
        self._file.write(head + body)
        kept = (rank, self.seen, place, len(head), len(body))
        if len(self._kept) == self.most:
            heapq.heapreplace(self._kept, kept)
        else:
            heapq.heappush(self._kept, kept)

    def __len__(self) -> int:
        return len(self._kept)

    def heads(self) -> Iterator[Mapping[str, Any]]:
        """The entries of the list, in the order of the documents."""
        for _, _, place, head, _ in self._ordered():
            self._file.seek(place)
            yield json.loads(self._file.read(head))

    def bodies(self) -> Iterator[bytes]:
        """What the reading view shows of each, in the same order."""
        for _, _, place, head, body in self._ordered():
            self._file.seek(place + head)
            yield self._file.read(body)

    def _ordered(self) -> list[tuple[int, int, int, int, int]]:
        return sorted(self._kept, key=lambda kept: kept[1])
