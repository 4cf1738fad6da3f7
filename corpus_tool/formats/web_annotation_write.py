"""W3C Web Annotation, written: a text and an AnnotationCollection for each document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus_tool.formats.fit import ALL, Fitted, fit
from corpus_tool.formats.foreign import ForeignDocument, ForeignEntity, ForeignRelation, ForeignSpan, Scalar
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.plain_json import head_json, with_arrows_alone
from corpus_tool.formats.web_bodies import JSON_TYPE, REGISTERS

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"

#: Code points of context before and behind a quotation.
_AROUND = 32

Json = dict[str, Any]


def fit_web_annotation(document: ForeignDocument) -> Fitted:
    """A document as Web Annotations can hold it: all but relations between more than two spans."""
    fitted = fit(document, ALL)
    lost: list[Lost] = list(fitted.lost)
    return Fitted(with_arrows_alone(fitted.document, lost), tuple(lost))


def write_web_annotation(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes a .txt and a .jsonld for each document; IRIs are relative, so the folder can be put anywhere."""
    for document in documents:
        (folder / f"{document.name}.txt").write_bytes(document.text.encode("utf-8"))
        items = list(_items(document))
        collection = {
            "@context": _CONTEXT,
            "id": quote(f"{document.name}.jsonld"),
            "type": "AnnotationCollection",
            "label": str(document.meta.get("title") or document.name),
            "total": len(items),
            "first": {"id": "#/page/1", "type": "AnnotationPage", "startIndex": 0, "items": []},
        }
        head, _, tail = json.dumps(collection, ensure_ascii=False, indent=2).rpartition("[]")
        rows = ",\n".join("      " + json.dumps(item, ensure_ascii=False) for item in items)
        (folder / f"{document.name}.jsonld").write_bytes(f"{head}[\n{rows}\n    ]{tail}\n".encode())


def _items(document: ForeignDocument) -> Iterator[Json]:
    source = quote(f"{document.name}.txt")
    body = {"type": "TextualBody", "purpose": "describing", "format": JSON_TYPE, "value": _json(head_json(document))}
    yield {"id": "#/document", "type": "Annotation", "motivation": "describing", "body": body, "target": source}
    entities = {entity.id: entity for entity in document.entities}
    for span in document.spans:
        yield _annotation(span, document.text, source, entities)
    yield from (_link(relation) for relation in document.relations)


def _annotation(span: ForeignSpan, text: str, source: str, entities: dict[str, ForeignEntity]) -> Json:
    attributes = dict(span.attributes)
    annotator = attributes.pop("annotator", None)
    creator: Json = {}
    if isinstance(annotator, str):
        kind = "Software" if attributes.get("status") == "suggested" else "Person"
        creator = {"creator": {"type": kind, "name": annotator}}
    identified = list(_identified(span.entity, entities))
    targets = [_target(piece, text, source) for piece in span.pieces]
    return {
        "id": f"#{span.id}",
        "type": "Annotation",
        "motivation": ["tagging", *(["identifying"] if identified else [])],
        **creator,
        "body": [_tag(span.label), *_described(attributes), *identified],
        "target": targets[0] if len(targets) == 1 else {"type": "Composite", "items": targets},
    }


def _tag(label: str) -> Json:
    return {"type": "TextualBody", "purpose": "tagging", "value": label}


def _described(attributes: dict[str, Scalar]) -> list[Json]:
    if not attributes:
        return []
    return [{"type": "TextualBody", "purpose": "describing", "format": JSON_TYPE, "value": _json(attributes)}]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _identified(key: str | None, entities: dict[str, ForeignEntity]) -> Iterator[Json]:
    """The entity that a span mentions, and where a well-known register has it."""
    if key is None:
        return
    yield {"type": "SpecificResource", "purpose": "identifying", "source": f"#{key}"}
    for register, identifier in entities[key].links.items() if key in entities else ():
        if register in REGISTERS:
            iri = f"{REGISTERS[register]}{quote(identifier)}"
            yield {"type": "SpecificResource", "purpose": "identifying", "source": iri}


def _target(piece: tuple[int, int], text: str, source: str) -> Json:
    start, end = piece
    around = {"prefix": text[max(0, start - _AROUND) : start], "suffix": text[end : end + _AROUND]}
    quotation = {"type": "TextQuoteSelector", "exact": text[start:end], **{k: v for k, v in around.items() if v}}
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": [{"type": "TextPositionSelector", "start": start, "end": end}, quotation],
    }


def _link(relation: ForeignRelation) -> Json:
    (_, first), (_, second) = relation.ends
    return {
        "id": f"#{relation.id}",
        "type": "Annotation",
        "motivation": "linking",
        "body": [
            {"type": "SpecificResource", "purpose": "linking", "source": f"#{second}"},
            _tag(relation.label),
            *_described(dict(relation.attributes)),
        ],
        "target": f"#{first}",
    }
