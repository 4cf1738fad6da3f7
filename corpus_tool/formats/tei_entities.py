"""Persons, organizations and places of a TEI document, what its header says, and which of them an element names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.formats.foreign import ForeignEntity, Scalar
from corpus_tool.formats.plain_json import attributes_of
from corpus_tool.formats.tei_names import XML_ID, features_of, local, pointers, unescaped
from corpus_tool.formats.web_bodies import identifier_of

_LISTED = {"person": "person", "org": "organization", "place": "other"}
_NAMES = {
    "person": ("persName", "name"),
    "org": ("orgName", "name"),
    "place": ("placeName", "geogName", "settlement", "country", "region"),
}


def entities_of(tei: Any, structures: Mapping[str, Any]) -> dict[str, ForeignEntity]:
    """The persons, organizations and places that have an xml:id, by it."""
    found: dict[str, ForeignEntity] = {}
    for element in tei.iter():
        kind, key = _LISTED.get(local(element)), element.get(XML_ID)
        if kind is None or key is None:
            continue
        names = [words for child in element if local(child) in _NAMES[local(element)] if (words := _words(child))]
        links = {
            unescaped(e.get("type") or "idno"): _words(e) for e in element.iter() if local(e) == "idno" and _words(e)
        }
        known: dict[str, Scalar] = {}
        for pointer in pointers(element.get("ana")):
            if pointer[1:] in structures:
                known |= attributes_of(features_of(structures[pointer[1:]]))
        own = {k.removeprefix("attribute."): v for k, v in known.items() if k.startswith("attribute.")}
        attributes = own or dict(_coordinates(element))
        is_named = bool(names) and known.get("name") is not False
        found[key] = ForeignEntity(
            id=str(known.get("id", key)),
            name=names[0] if is_named else None,
            kind=str(known["kind"]) if "kind" in known else (None if known else kind),
            links=links,
            aliases=tuple(names[1:] if is_named else names),
            attributes=attributes,
            line=element.sourceline or 1,
        )
    return found


def _words(element: Any) -> str:
    """The text of an element as it reads; that of an export of ours, which has no elements in it, as it is."""
    text = "".join(element.itertext())
    return text if len(element) == 0 and "\n" not in text else " ".join(text.split())


def _coordinates(element: Any) -> Iterator[tuple[str, Scalar]]:
    geo = next((e for e in element.iter() if local(e) == "geo"), None)
    parts = "" if geo is None else _words(geo).replace(",", " ")
    try:
        lat, lon = (float(part) for part in parts.split())
    except ValueError:
        return
    yield "lat", lat
    yield "lon", lon


def identified(element: Any, entities: dict[str, ForeignEntity]) -> str | None:
    """The id of the entity that an element names: one of the lists, or one known by its address or key alone."""
    for pointer in (*pointers(element.get("ref")), *pointers(element.get("corresp"))):
        if pointer.startswith("#"):
            if pointer[1:] in entities:
                return entities[pointer[1:]].id
            continue
        register, identifier = identifier_of(pointer)
        entities.setdefault(pointer, ForeignEntity(pointer, links={register: identifier}))
        return pointer
    key = element.get("key")
    if key:
        return entities.setdefault(key, ForeignEntity(key, links={"key": key})).id
    return None


def header_of(tei: Any) -> dict[str, Scalar | tuple[str, ...]]:
    """What the header of a TEI document says of the article."""
    header = next((e for e in tei if local(e) == "teiHeader"), None)
    if header is None:
        return {}

    def all_of(name: str, within: str) -> list[Any]:
        return [e for part in header.iter() if local(part) == within for e in part.iter() if local(e) == name]

    found: dict[str, Scalar | tuple[str, ...]] = {}
    for key, name, within in (
        ("title", "title", "titleStmt"),
        ("source", "publisher", "publicationStmt"),
        ("license", "licence", "availability"),
        ("published", "date", "publicationStmt"),
    ):
        words = next(
            (w for e in all_of(name, within) if (w := e.get("when") or _words(e) or e.get("target") or "")), ""
        )
        if words:
            found[key] = words
    authors = tuple(w for e in all_of("author", "titleStmt") if (w := _words(e)))
    if authors:
        found["authors"] = authors
    languages = [e.get("ident") for e in all_of("language", "langUsage") if e.get("ident")]
    if len(languages) == 1:
        found["language"] = languages[0]
    urls = [_words(e) for e in all_of("idno", "fileDesc") if (e.get("type") or "").upper() in ("URL", "URI")]
    urls += [e.get("target") for e in all_of("ptr", "sourceDesc") if (e.get("target") or "").startswith("http")]
    if urls and urls[0]:
        found["url"] = urls[0]
    return found
