"""UIMA CAS, written with dkpro-cassis: a file for each document, and the type system for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.fit import ALL, Fitted, fit
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.uima import (
    ANNOTATION,
    ID,
    LINKS,
    SOURCE,
    TARGET,
    is_slot,
    relation_features,
    span_features,
    with_plain_links,
)
from corpus_tool.formats.uima_cas import DIV, DOCUMENT_META, ENTITY_TYPE, META_TYPE
from corpus_tool.formats.uima_cas_types import (
    ANNOTATION_BASE,
    ARRAY,
    STRING,
    TOP,
    Declared,
    Range,
    needs_cassis,
    system_of,
)

if TYPE_CHECKING:
    from cassis import Cas

TYPE_SYSTEM_FILE = "TypeSystem.xml"

_FIXED = {
    DOCUMENT_META: Declared(
        "uima.tcas.DocumentAnnotation",
        {name: Range(STRING) for name in ("documentTitle", "documentId", "documentUri")},
    ),
    DIV: Declared(ANNOTATION, {"divType": Range(STRING), "id": Range(STRING)}),
    META_TYPE: Declared(ANNOTATION_BASE, {"json": Range(STRING)}),
    ENTITY_TYPE: Declared(ANNOTATION_BASE, {name: Range(STRING) for name in (ID, "name", "kind", "json")}),
}


def fit_uima_cas(document: ForeignDocument) -> Fitted:
    """A document as a CAS can hold it: all of it."""
    return fit(with_plain_links(document), ALL)


def write_uima_cas(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes an .xmi for each document, and ``TypeSystem.xml``.

    A document with control characters, which XML cannot hold, becomes a .json.
    """
    _write(documents, folder, as_json=False)


def write_uima_cas_json(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes a .json for each document, which has its types with it, and ``TypeSystem.xml`` for all."""
    _write(documents, folder, as_json=True)


def _write(documents: Iterable[ForeignDocument], folder: Path, *, as_json: bool) -> None:
    needs_cassis()
    declared: dict[str, Declared] = {name: Declared(d.supertype, dict(d.features)) for name, d in _FIXED.items()}
    for document in documents:
        own = _declared(document)
        for name, type_ in own.items():
            held = declared.setdefault(name, Declared(type_.supertype))
            held.features |= type_.features
        cas = cas_of(document, own)
        xmi = None if as_json else _xmi(cas)
        suffix, text = (".json", cas.to_json(pretty_print=True)) if xmi is None else (".xmi", xmi)
        (folder / f"{document.name}{suffix}").write_text(str(text), encoding="utf-8", newline="")
    system_of(dict(sorted(declared.items()))).to_xml(folder / TYPE_SYSTEM_FILE)


def _xmi(cas: Cas) -> str | None:
    """The CAS in XML; None where it has characters that XML does not."""
    try:
        return str(cas.to_xmi(pretty_print=True))
    except ValueError:
        return None


def _declared(document: ForeignDocument) -> dict[str, Declared]:
    """The types of a document, those with slots with their link types."""
    declared = {name: Declared(d.supertype, dict(d.features)) for name, d in _FIXED.items()}
    hosts = {relation.ends[0][1] for relation in document.relations if is_slot(relation)}
    for span in document.spans:
        type_, features = span_features(span)
        held = declared.setdefault(type_, Declared())
        held.features |= {name: Range(STRING) for name in features}
        if span.id in hosts:
            held.features[LINKS] = Range(ARRAY, _link_type(type_))
            declared.setdefault(_link_type(type_), Declared(TOP, {"role": Range(STRING), "target": Range(ANNOTATION)}))
    for relation in document.relations:
        if not is_slot(relation):
            type_, features = relation_features(relation)
            held = declared.setdefault(type_, Declared())
            held.features |= {SOURCE: Range(ANNOTATION), TARGET: Range(ANNOTATION)}
            held.features |= {name: Range(STRING) for name in features}
    return declared


def _link_type(host: str) -> str:
    return f"{host}{LINKS.capitalize()}Link"


def cas_of(document: ForeignDocument, declared: dict[str, Declared]) -> Cas:
    """A document as a CAS with types that are declared."""
    from cassis import Cas

    system = system_of(declared)
    cas = Cas(typesystem=system)
    cas.sofa_string = document.text
    cas.sofa_mime = "text/plain"

    def add(type_name: str, /, **features: Any) -> Any:
        made = system.get_type(type_name)(**features)
        cas.add(made)
        return made

    title, address = document.meta.get("title"), document.meta.get("url")
    add(
        DOCUMENT_META,
        begin=0,
        end=len(document.text),
        language=str(document.meta.get("language", "x-unspecified")),
        documentId=document.name,
        documentTitle=str(title) if title else document.name,
        documentUri=str(address) if address else None,
    )
    meta = {key: list(value) if isinstance(value, tuple) else value for key, value in document.meta.items()}
    told = {"blocks": document.blocks is not None, "meta": meta}
    add(META_TYPE, json=json.dumps(told, ensure_ascii=False))
    for block in document.blocks or ():
        add(DIV, begin=block.start, end=block.end, divType=block.kind, id="corpus")
    for entity in document.entities:
        rest = {"links": dict(entity.links), "aliases": list(entity.aliases), "attributes": dict(entity.attributes)}
        names = {"name": entity.name, "kind": entity.kind, "json": json.dumps(rest, ensure_ascii=False)}
        add(ENTITY_TYPE, **{ID: entity.id}, **names)
    spans = {}
    for span in document.spans:
        type_, features = span_features(span)
        spans[span.id] = add(type_, begin=span.start, end=span.end, **features)
    links: dict[str, list[Any]] = {}
    for relation in document.relations:
        (_, first), (_, second) = relation.ends
        source, target = spans[first], spans[second]
        if is_slot(relation):
            link = system.get_type(_link_type(source.type.name))(role=relation.label, target=target)
            links.setdefault(first, []).append(link)
        else:
            type_, features = relation_features(relation)
            ends = {SOURCE: source, TARGET: target}
            add(type_, begin=target.begin, end=target.end, **ends, **features)
    array = system.get_type(ARRAY)
    for host, found in links.items():
        spans[host].links = array(elements=found)
    return cas
