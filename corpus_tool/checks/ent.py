"""ENT: entities, what refers to them, and their links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from corpus_tool.checks.check import Check, Needs, Subject, document_of, escape, pointer_to, quoted
from corpus_tool.checks.doc_schema import did_you_mean
from corpus_tool.checks.fixes.mend_claims import link_in_form
from corpus_tool.checks.fixes.mend_schema import spelled_as_listed
from corpus_tool.diagnostics import Edit, Finding, Related, Severity
from corpus_tool.model import Annotation, Entity
from corpus_tool.model.schemas import BUILT_IN, JsonObject

#: One thing under two names: a state is marked as an actor of kind state and as a location of kind country.
_SAME_KINDS = ({"state", "country"},)

#: How the ids of well-known registers look, and an example.
_REGISTERS = {
    "wikidata": (r"[QPL][1-9]\d*", "Q801"),
    "geonames": (r"[1-9]\d*", "281184"),
    "viaf": (r"[1-9]\d*", "102333412"),
    "gnd": (r"[0-9X][0-9X-]*", "118557513"),
    "isni": (r"\d{4} ?\d{4} ?\d{4} ?\d{3}[\dX]", "0000000121251077"),
    "lei": (r"[0-9A-Z]{18}\d\d", "5493001KJTIIGC8Y1R12"),
    "ror": (r"0[a-hj-km-np-tv-z0-9]{6}\d\d", "05dxps055"),
    "orcid": (r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", "0000-0002-1825-0097"),
    "osm": (r"(?:node|way|relation)/[1-9]\d*", "relation/1473946"),
    "iso3166": (r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[A-Z]{3}", "FR-75"),
    "unlocode": (r"[A-Z]{2} ?[A-Z2-9]{3}", "NLRTM"),
    "wikipedia": (r"(?![a-z]+://)(?:[a-z-]{2,12}:)?\S(?:.*\S)?", "en:Jerusalem"),
}


#: The same, compiled; other registers have ids without white space around them.
_FORMS = {register: re.compile(form) for register, (form, _) in _REGISTERS.items()}
_ANY_FORM = re.compile(r"\S(?:.*\S)?")


@lru_cache(maxsize=65536)
def folded(name: str) -> str:
    """A name as names are compared: in form NFKC, without case, its white space as single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_link(register: str, own: str) -> bool:
    """Whether a link looks like an id of its register."""
    return (_FORMS.get(register) or _FORMS.get(register.lower(), _ANY_FORM)).fullmatch(own) is not None


def _entity_of(annotation: Annotation) -> str | None:
    own = getattr(annotation, "entity", None)
    return own if isinstance(own, str) else None


def dangling_entity(subject: Subject) -> Iterator[Finding]:
    """A mention refers to an entity that the document does not have.

    Why it matters: the mention is joined with nothing, and a build that looks the entity up fails.

    Bad: an actor with ``"entity": "e7"`` in a document whose entities are e1 and e2.

    Good: ``"entity": "e2"``
    """
    known = {entity.id for entity in document_of(subject).entities}
    for name in ("actors", "locations"):
        for place in subject.live.get(name, ()):
            own = _entity_of(place.annotation)
            if own is not None and own not in known:
                yield Finding(
                    f"{name} {place.annotation.id} refers to the entity {quoted(own)}, which does not exist",
                    f"{pointer_to(name, place.nth)}/entity",
                    did_you_mean(own, known),
                )


def dangling_relation(subject: Subject) -> Iterator[Finding]:
    """A relation joins an annotation or entity that the document does not have, or that was rejected.

    Why it matters: a link with one end is dropped by some readers and stops others.

    Bad: ``{"id": "r1", "type": "works_for", "from": "a1", "to": "a99"}``

    Good: ``"to": "a2"``, an annotation of the document that nobody rejected.
    """
    document = document_of(subject)
    if not document.relations:
        return
    live = {place.annotation.id for place in chain.from_iterable(subject.live.values())}
    known = live | {entity.id for entity in document.entities}
    for i, relation in enumerate(document.relations):
        for key, own in (("from", relation.source), ("to", relation.target)):
            if own not in known:
                yield Finding(
                    f"relation {relation.id} goes {key} {quoted(own)}, {_why_missing(subject, own)}",
                    f"/relations/{i}/{key}",
                    did_you_mean(own, known),
                )


def _why_missing(subject: Subject, own: str) -> str:
    return "which was rejected" if any(own in ids for ids in subject.places.values()) else "which does not exist"


def dangling_reference(subject: Subject) -> Iterator[Finding]:
    """In a layer of the corpus's own, an annotation refers to one that does not exist, or was rejected.

    Why it matters: the link leads nowhere; what is built from it lacks the other end.

    Bad: an event with ``"agent": "a9"`` (declared with ``"x-refers-to": "actors"``) and no actor a9.

    Good: ``"agent": "a1"``
    """
    document = document_of(subject)
    for name, places in subject.live.items():
        if name in BUILT_IN:
            continue  # ENT101, FIG1xx and QUO1xx
        attributes = subject.layers[name].attributes
        targets = {key: target for key, spec in attributes.items() if (target := _target(spec))}
        for key, target in targets.items():
            if target == "entities":
                known = {entity.id for entity in document.entities}
            else:
                known = {place.annotation.id for place in subject.live.get(target, ())}
            for place in places:
                for step, own in _references(getattr(place.annotation, key, None)):
                    if own not in known:
                        yield Finding(
                            f"{key} of {name} {place.annotation.id} is {quoted(own)}, which {target} do not have",
                            f"{pointer_to(name, place.nth)}/{escape(key)}{step}",
                            did_you_mean(own, known),
                        )


def _target(spec: JsonObject) -> str:
    """The layer whose ids an attribute holds, one or a list of them; "entities", or "" for an attribute without ids."""
    items = spec.get("items")
    target = spec.get("x-refers-to") or (items.get("x-refers-to") if isinstance(items, dict) else None)
    return target if isinstance(target, str) else ""


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """The ids that an attribute holds, each with the rest of its JSON Pointer."""
    if isinstance(value, str):
        yield "", value
    elif isinstance(value, list | tuple):
        yield from ((f"/{i}", own) for i, own in enumerate(value) if isinstance(own, str))


def self_relation(subject: Subject) -> Iterator[Finding]:
    """A relation joins an annotation with itself.

    Why it matters: nothing is related to itself in any scheme that is worth marking; one end is a slip.

    Bad: ``"from": "a1", "to": "a1"``

    Good: ``"from": "a1", "to": "a2"``
    """
    for i, relation in enumerate(document_of(subject).relations):
        if relation.source == relation.target:
            yield Finding(f"relation {relation.id} joins {quoted(relation.source)} with itself", f"/relations/{i}")


def unused_entity(subject: Subject) -> Iterator[Finding]:
    """No mention and no relation refers to an entity.

    Why it matters: it is a rest of mentions that were removed or rejected, or their ``entity`` was forgotten.

    Bad: an entity e3 that no annotation names.

    Good: no such entity, or a mention with ``"entity": "e3"``.
    """
    document = document_of(subject)
    if not document.entities:
        return
    used: set[Any] = {end for relation in document.relations for end in (relation.source, relation.target)}
    for name, places in subject.live.items():
        attributes = [key for key, spec in subject.layers[name].attributes.items() if _target(spec) == "entities"]
        for key in attributes:
            for place in places:
                value = getattr(place.annotation, key, None)
                used.update((value,) if isinstance(value, str) else (own for _, own in _references(value)))
    for i, entity in enumerate(document.entities):
        if entity.id not in used:
            yield Finding(f"nothing refers to the entity {entity.id} {quoted(entity.name)}", f"/entities/{i}")


def entity_kind_differs(subject: Subject) -> Iterator[Finding]:
    """A mention has another kind than its entity.

    Why it matters: one thing is one kind of thing; whoever counts kinds gets two answers. A location of kind country
    may refer to an entity of kind state, and an actor of kind government to a state's or a city's entity.

    Bad: an actor of kind person whose entity is an organization.

    Good: both of kind person.
    """
    entities = {entity.id: (i, entity) for i, entity in enumerate(document_of(subject).entities)}
    for name in ("actors", "locations"):
        for place in subject.live.get(name, ()):
            a = place.annotation
            i, entity = entities.get(_entity_of(a) or "", (0, None))
            kind = getattr(a, "kind", None)
            if entity is None or not isinstance(kind, str) or kind == entity.kind or may_differ(kind, entity.kind):
                continue
            if not any(entity.kind in layer.kinds for layer in subject.layers.values()):
                continue  # ENT203
            yield Finding(
                f"{name} {a.id} {quoted(a.text)} is a {kind}, its entity {quoted(entity.name)} a {entity.kind}",
                pointer_to(name, place.nth),
                related=(Related(f"/entities/{i}", f"entity {entity.id}"),),
            )


def may_differ(kind: str, other: str) -> bool:
    """Whether a mention of one kind may belong to an entity of another, or two kinds share a link."""
    # "Washington said": a government by the name of a place.
    return any({kind, other} <= same for same in _SAME_KINDS) or (
        kind == "government" and other in _PLACES_OF_GOVERNMENT
    )


_PLACES_OF_GOVERNMENT = frozenset({"state", "country", "city", "province", "region"})


def unknown_entity_kind(subject: Subject) -> Iterator[Finding]:
    """The kind of an entity is no kind of any layer.

    Why it matters: datasets store kinds as numbers of a fixed list, which does not have this one.

    Bad: ``{"id": "e1", "kind": "organisation", "name": "Red Cross"}``

    Good: ``"kind": "organization"``
    """
    known = {kind for layer in subject.layers.values() for kind in layer.kinds}
    for i, entity in enumerate(document_of(subject).entities):
        if entity.kind not in known:
            told = f"entity {entity.id} {quoted(entity.name)} is of kind {quoted(entity.kind)}, which no layer has"
            fix = spelled_as_listed(["entities", i, "kind"], entity.kind, known)
            yield Finding(told, f"/entities/{i}/kind", did_you_mean(entity.kind, sorted(known)), fix=fix)


def same_name_two_entities(subject: Subject) -> Iterator[Finding]:
    """Two entities of one kind have the same name.

    Why it matters: most often one person was entered twice, and half of the mentions count for each.

    Bad: e1 "Rosa Lind" and e4 "Rosa Lind", both of kind person.

    Good: one entity; two, where their links say that they are two.
    """
    seen: dict[tuple[str, str], tuple[int, Entity]] = {}
    for i, entity in enumerate(document_of(subject).entities):
        key = (entity.kind, folded(entity.name))
        first, other = seen.setdefault(key, (i, entity))
        if other is entity or any(other.links.get(r, own) != own for r, own in entity.links.items()):
            continue
        if other.links.items() & entity.links.items():
            continue  # ENT205
        yield Finding(
            f"entities {other.id} and {entity.id} have the same name {quoted(entity.name)}",
            f"/entities/{i}",
            "make them one, or give them links that tell them apart",
            (Related(f"/entities/{first}", f"entity {other.id}"),),
        )


def same_link_two_entities(subject: Subject) -> Iterator[Finding]:
    """Two entities have the same link.

    Why it matters: a register has one id for one thing, so the two are one, or one of the links is wrong. A state and
    its country may share one.

    Bad: e1 "Rosa Lind" and e4 "Lind" with ``"links": {"wikidata": "Q42"}`` each.

    Good: one entity "Rosa Lind" with the alias "Lind".
    """
    seen: dict[tuple[str, str], tuple[int, Entity]] = {}
    for i, entity in enumerate(document_of(subject).entities):
        for register, own in entity.links.items():
            first, other = seen.setdefault((register, own), (i, entity))
            if other is entity or (other.kind != entity.kind and may_differ(other.kind, entity.kind)):
                continue
            yield Finding(
                f"entities {other.id} {quoted(other.name)} and {entity.id} {quoted(entity.name)} have the same link "
                f"{register} {quoted(own)}",
                f"/entities/{i}/links/{escape(register)}",
                related=(Related(f"/entities/{first}/links/{escape(register)}", f"entity {other.id}"),),
            )


def duplicate_alias(subject: Subject) -> Iterator[Finding]:
    """An alias of an entity stands twice, or is its name.

    Why it matters: it says nothing, and hides that another spelling was meant.

    Bad: ``"name": "Rosa Lind", "aliases": ["Lind", "Lind"]``

    Good: ``"name": "Rosa Lind", "aliases": ["Lind"]``
    """
    for i, entity in enumerate(document_of(subject).entities):
        seen = {entity.name}
        for k, alias in enumerate(entity.aliases):
            if alias in seen:
                told = f"the alias {quoted(alias)} of entity {entity.id} stands twice, or is its name"
                pointer = f"/entities/{i}/aliases/{k}"
                yield Finding(told, pointer, fix=(Edit(pointer, does="remove"),))
            seen.add(alias)


def malformed_link(subject: Subject) -> Iterator[Finding]:
    """A link does not look like an id of its register.

    Why it matters: links are joined with other data by comparing strings; an address or a space in one joins nothing.

    Bad: ``"wikidata": "https://www.wikidata.org/wiki/Q801"``

    Good: ``"wikidata": "Q801"``
    """
    for i, entity in enumerate(document_of(subject).entities):
        for register, own in entity.links.items():
            if is_link(register, own):
                continue
            form, example = _REGISTERS.get(register.lower(), (_ANY_FORM.pattern, ""))
            inner = re.search(rf"(?<![\w-])(?:{form})(?![\w-])", own)
            hint = (
                f'write "{inner[0]}"' if inner and example else f'such as "{example}"' if example else "without spaces"
            )
            told = f"the {register} link {quoted(own)} of entity {entity.id} is no id of {register}"
            fix = link_in_form(i, register, own, form) if example else ()
            yield Finding(told, f"/entities/{i}/links/{escape(register)}", hint, fix=fix)


CHECKS = (
    Check("ENT101", "dangling-entity", Severity.ERROR, Needs.DOCUMENT, dangling_entity),
    Check("ENT102", "dangling-relation", Severity.ERROR, Needs.DOCUMENT, dangling_relation),
    Check("ENT103", "dangling-reference", Severity.ERROR, Needs.DOCUMENT, dangling_reference),
    Check("ENT104", "self-relation", Severity.WARNING, Needs.DOCUMENT, self_relation),
    Check("ENT201", "unused-entity", Severity.WARNING, Needs.DOCUMENT, unused_entity),
    Check("ENT202", "entity-kind-differs", Severity.WARNING, Needs.DOCUMENT, entity_kind_differs),
    Check("ENT203", "unknown-entity-kind", Severity.ERROR, Needs.DOCUMENT, unknown_entity_kind, fixable=True),
    Check("ENT204", "same-name-two-entities", Severity.WARNING, Needs.DOCUMENT, same_name_two_entities),
    Check("ENT205", "same-link-two-entities", Severity.WARNING, Needs.DOCUMENT, same_link_two_entities),
    Check("ENT206", "duplicate-alias", Severity.INFO, Needs.DOCUMENT, duplicate_alias, fixable=True),
    Check("ENT301", "malformed-link", Severity.ERROR, Needs.DOCUMENT, malformed_link, fixable=True),
)
