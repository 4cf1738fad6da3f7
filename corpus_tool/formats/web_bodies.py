"""Bodies of Web Annotations: tags become labels, identities entities, what is JSON attributes, comments notes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.foreign import NOTE, ForeignEntity, Scalar
from corpus_tool.formats.plain_json import attributes_of

#: The media type of attributes that an export of ours writes.
JSON_TYPE = "application/json"

#: How the IRIs of registers begin; the rest is the identifier.
REGISTERS: Mapping[str, str] = {
    "geonames": "https://www.geonames.org/",
    "viaf": "https://viaf.org/viaf/",
    "wikidata": "https://www.wikidata.org/entity/",
}
_IDENTIFIERS = {
    "geonames": re.compile(r"https?://(?:www\.|sws\.)?geonames\.org/(\d+)/?.*"),
    "viaf": re.compile(r"https?://(?:www\.)?viaf\.org/viaf/(\d+)/?"),
    "wikidata": re.compile(r"https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/([QPL]\d+)"),
}


@dataclass
class Bodies:
    """What the bodies of an annotation, and its creator, say.

    Attributes:
        labels: its tags.
        attributes: what a span or a relation gets.
        entities: who or what is identified, without the links.
        links: identifiers elsewhere of who or what is identified.
        linked: IRIs that it links to.
        head: what an export of ours says of the whole document.
        meta: what is said where the target is the whole text: tags and comments.
    """

    labels: tuple[str, ...] = ()
    attributes: dict[str, Scalar] = field(default_factory=dict)
    entities: list[ForeignEntity] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    head: Any = None
    meta: dict[str, Scalar | tuple[str, ...]] = field(default_factory=dict)


def listed(value: Any) -> list[Any]:
    """What JSON-LD writes as one value, or as a list of several, or not at all."""
    return value if isinstance(value, list) else [] if value is None else [value]


def resource_of(raw: Any) -> str | None:
    """The IRI of a resource, or of the one that a specific resource is part of; None where it has none."""
    if isinstance(raw, str):
        return raw
    if not isinstance(raw, dict) or raw.get("selector"):
        return None
    found = raw.get("source", raw.get("id"))
    return resource_of(found) if isinstance(found, str | dict) else None


def bodies_of(raw: Mapping[str, Any]) -> Bodies:
    """What the bodies of an annotation say; nothing in them is passed over."""
    found = Bodies()
    motivations = [str(m) for m in listed(raw.get("motivation"))]
    if isinstance(raw.get("bodyValue"), str):
        _text({"value": raw["bodyValue"]}, motivations, found)
    for body in _flat(raw.get("body")):
        if isinstance(body, dict) and "value" in body:
            _text(body, motivations, found)
        elif (iri := resource_of(body)) is not None:
            _resource(body, iri, motivations, found)
    _creator(raw, found)
    found.meta = {**found.attributes, **({"tags": found.labels} if found.labels else {})}
    return found


def _flat(body: Any) -> list[Any]:
    """The bodies, and those in sets of them."""
    flat: list[Any] = []
    for one in listed(body):
        flat += _flat(one["items"]) if isinstance(one, dict) and isinstance(one.get("items"), list) else [one]
    return flat


def _purposes(body: Any, motivations: list[str]) -> list[str]:
    own = [str(p) for p in listed(body.get("purpose"))] if isinstance(body, dict) else []
    return own or motivations


def _text(body: Mapping[str, Any], motivations: list[str], found: Bodies) -> None:
    purposes = _purposes(body, motivations)
    value = body["value"]
    if body.get("format") == JSON_TYPE and isinstance(value, str):
        try:
            parsed = json.loads(value)
        except ValueError:
            parsed = None
        if isinstance(parsed, dict):
            if "document" in parsed and "entities" in parsed:
                found.head = parsed
            else:
                found.attributes |= attributes_of(parsed)
            return
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if {"tagging", "classifying"} & set(purposes):
        if words.strip() and words not in found.labels:
            found.labels = (*found.labels, words)
    else:
        held = found.attributes.get(NOTE)
        found.attributes[NOTE] = words if held is None else f"{held}\n{words}"


def _resource(body: Any, iri: str, motivations: list[str], found: Bodies) -> None:
    purposes = _purposes(body, motivations)
    if "identifying" in purposes:
        register, identifier = identifier_of(iri)
        found.links.setdefault(register, identifier)
        name = body.get("label") if isinstance(body, dict) else None
        key = iri.rpartition("#")[2] if iri.startswith("#") else iri
        found.entities.append(ForeignEntity(key, name if isinstance(name, str) else None))
    elif {"tagging", "classifying"} & set(purposes):
        found.labels = (*found.labels, re.split(r"[#/]", iri.rstrip("#/"))[-1])
        found.attributes.setdefault("class", iri)
    else:
        found.linked.append(iri)
        if not iri.startswith("#"):
            found.attributes.setdefault("link", iri)


def identifier_of(iri: str) -> tuple[str, str]:
    """The register and the identifier that an IRI stands for; ``iri`` and itself where the register is unknown."""
    for register, pattern in _IDENTIFIERS.items():
        if match := pattern.fullmatch(iri):
            return register, match[1]
    return "iri", iri


def _creator(raw: Mapping[str, Any], found: Bodies) -> None:
    for creator in listed(raw.get("creator"))[:1]:
        name = creator
        if isinstance(creator, dict):
            name = next(
                (creator[k] for k in ("name", "nickname", "email", "id") if isinstance(creator.get(k), str)), None
            )
            if "Software" in listed(creator.get("type")):
                found.attributes.setdefault("status", "suggested")
        if isinstance(name, str):
            found.attributes.setdefault("annotator", name)
