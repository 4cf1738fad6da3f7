"""What WebAnno TSV and UIMA CAS share: types and features as labels and attributes, and back.

Layers are UIMA types, attributes are features, and links are slots of the annotation that has them. Types that are
written here carry ``corpusId``; of all others the label is the type's short name, followed by ``=`` and the tag where
the type has a feature that is known to hold one: ``NamedEntity=PER``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from corpus_tool.formats.fit import LINK, link_attributes
from corpus_tool.formats.foreign import (
    FROM,
    TO,
    ForeignDocument,
    ForeignEntity,
    ForeignRelation,
    ForeignSpan,
    Pieces,
    Scalar,
)
from corpus_tool.formats.mapping import LabelMapping, RelationRule, SpanRule
from corpus_tool.formats.usual import USUAL

#: Where WebAnno and INCEpTION keep layers of a project's own, and where their built-in ones come from.
CUSTOM, DKPRO = "webanno.custom.", "de.tudarmstadt.ukp.dkpro.core.api."
ANNOTATION = "uima.tcas.Annotation"
NAMED_ENTITY = f"{DKPRO}ner.type.NamedEntity"
TOKEN = f"{DKPRO}segmentation.type.Token"

#: What an export of a project calls a document as it was before anyone annotated it.
UNTOUCHED = "INITIAL_CAS"

#: Features of what is written here: its id, its label where the type's name cannot hold it, the attributes whose values
#: are no text, those that no feature can hold, the pieces of a discontinuous span, the entity that a mention is of.
ID, LABEL, TYPES, EXTRA, FRAGMENTS = "corpusId", "corpusLabel", "corpusTypes", "corpusExtra", "corpusFragments"
ENTITY = "entity"
#: The slot feature that holds the links of an annotation, and the two ends of a relation.
LINKS, SOURCE, TARGET = "links", "Governor", "Dependent"

_OWN = frozenset({ID, LABEL, TYPES, EXTRA, FRAGMENTS, ENTITY})
#: What a feature cannot be called: names with a meaning of their own, and those of dkpro-cassis's methods.
_RESERVED = _OWN | {LINKS, SOURCE, TARGET, "begin", "end", "sofa", "self", "type", "first", "next", "role", "target"}
_RESERVED |= {"get", "set", "xmiID", "get_covered_text"}
_FEATURE = re.compile(r"(?!ROLE_|BT_)[A-Za-z][A-Za-z0-9_]*")

#: Features that hold the tag of an annotation, the first that is there.
_TAGS = ("value", "entity", "label", "category", "type")

#: DKPro Core has a type for each tag below these; they are read as one type.
_FAMILIES: Mapping[str, str] = {
    f"{DKPRO}lexmorph.type.pos.": "POS",
    f"{DKPRO}syntax.type.dependency.": "Dependency",
    f"{DKPRO}syntax.type.chunk.": "Chunk",
    f"{DKPRO}syntax.type.constituent.": "Constituent",
}
_GRAMMAR = "a layer of grammar, which no corpus here has"

#: INCEpTION's built-in layers: names under their usual tags, grammar left out.
UIMA_MAPPING = LabelMapping(
    spans={
        **{f"NamedEntity={label}": rule for label, rule in USUAL.spans.items() if rule.layer != "quotes"},
        "NamedEntity=OTH": SpanRule(drop="a name of no known kind"),
        "NamedEntity=MISC": SpanRule(drop="a name of no known kind"),
        **{
            label: SpanRule(drop=_GRAMMAR)
            for label in (
                *("Token", "Sentence", "POS", "Lemma", "Stem", "SurfaceForm", "MorphologicalFeatures", "Morpheme"),
                *("Chunk", "Constituent", "PennTree", "Compound", "SofaChangeAnnotation", "SpellingAnomaly"),
            )
        },
    },
    relations={
        "Dependency": RelationRule(drop=_GRAMMAR),
        "Coref=coref": RelationRule(same_entity=True),
        "Coreference=coref": RelationRule(same_entity=True),
    },
)

_WIKIDATA = re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/(Q\d+)")


class Typed(NamedTuple):
    """A label and attributes as UIMA has them."""

    type: str
    features: dict[str, str]


def type_of(label: str, *, is_relation: bool = False) -> str:
    """The UIMA type for a label: letters and digits of its own, apart from the names that UIMA's tools make up."""
    if not is_relation and label.startswith("NamedEntity="):
        return NAMED_ENTITY
    short = re.sub(r"[^A-Za-z0-9]+", "", label)
    short = short if short[:1].isalpha() else f"X{short}"
    if is_relation:
        return f"{CUSTOM}{short}Relation"
    return f"{CUSTOM}{short}Span" if re.search(r"Relation$|Link$|Chain$|^Corpus", short) else f"{CUSTOM}{short}"


def span_features(span: ForeignSpan) -> Typed:
    """A span's type, and its features; empty ones are not there."""
    made = _typed(span.id, span.label, type_of(span.label), span.attributes)
    if made.type == NAMED_ENTITY:
        made.features["value"] = span.label.partition("=")[2]
    if span.entity is not None:
        made.features[ENTITY] = span.entity
    if len(span.pieces) > 1:
        made.features[FRAGMENTS] = " ".join(f"{a - span.start}-{b - span.start}" for a, b in span.pieces)
    return made


def relation_features(relation: ForeignRelation) -> Typed:
    """An arrow's type, and its features."""
    return _typed(relation.id, relation.label, type_of(relation.label, is_relation=True), relation.attributes)


def _typed(key: str, label: str, type_: str, attributes: Mapping[str, Scalar]) -> Typed:
    features = {ID: key}
    if short_name(type_) != label and type_ != NAMED_ENTITY:
        features[LABEL] = label
    taken = _RESERVED | {"value"} if type_ == NAMED_ENTITY else _RESERVED
    rest: dict[str, Scalar] = {}
    types = []
    for name, value in attributes.items():
        if name in taken or not _FEATURE.fullmatch(name) or value == "" or "\r" in str(value):
            rest[name] = value
        elif isinstance(value, str):
            features[name] = value
        else:
            features[name] = json.dumps(value)
            types.append(name)
    if types:
        features[TYPES] = " ".join(types)
    if rest:
        features[EXTRA] = json.dumps(rest, ensure_ascii=False)
    return Typed(type_, features)


def short_name(type_: str) -> str:
    """The last part of a type's name."""
    return type_.rpartition(".")[2]


def read_span(
    key: str, type_: str, features: Mapping[str, Scalar], pieces: Pieces, words: str | None, line: int, column: int = 1
) -> ForeignSpan:
    """A span from its type and features.

    Args:
        key: its id, where it does not carry one.
        type_: the full name of its type.
        features: all features with a value, but for offsets and links.
        pieces: where it stands, in code points.
        words: what the source says stands there.
        line: line of the source, from 1.
        column: column of the source, from 1.
    """
    label, attributes = _label_and_attributes(type_, features)
    entity = features.get(ENTITY) if ID in features else None
    if type_ == NAMED_ENTITY and ID not in features:
        entity = attributes.pop("identifier", None)
    own = _pieces(features.get(FRAGMENTS), pieces) if ID in features else pieces
    words = words if own == pieces else None
    named = str(entity) if entity is not None else None
    return ForeignSpan(_id(features, key), label, own, words, attributes, named, line, column)


def read_relation(
    key: str, type_: str, features: Mapping[str, Scalar], ends: Sequence[str], line: int
) -> ForeignRelation:
    """An arrow from its type and features; the ends are the ids of spans, one too few where the source has no more."""
    label, attributes = _label_and_attributes(type_, features)
    return ForeignRelation(_id(features, key), label, tuple(zip((FROM, TO), ends, strict=False)), attributes, line)


def read_slot(key: str, role: str | None, feature: str, host: str, target: str, line: int) -> ForeignRelation:
    """A link of a slot as an arrow from its host, labelled with its role, else with the feature's name."""
    return ForeignRelation(key, role or feature, ((FROM, host), (TO, target)), line=line)


def _label_and_attributes(type_: str, features: Mapping[str, Scalar]) -> tuple[str, dict[str, Scalar]]:
    short = short_name(type_)
    if ID in features and type_ != NAMED_ENTITY:
        return str(features.get(LABEL, short)), _own_attributes(features)
    attributes = _own_attributes(features) if ID in features else dict(features)
    family = next((name for package, name in _FAMILIES.items() if type_.startswith(package)), None)
    if family is not None:
        return family, attributes
    if type_.startswith(f"{DKPRO}ner.type.") and type_ != NAMED_ENTITY:
        return f"NamedEntity={attributes.pop('value', short)}", attributes
    if type_.startswith(DKPRO) and type_ != NAMED_ENTITY:
        return short, attributes
    tag = next((name for name in _TAGS if features.get(name) not in (None, "")), None)
    if tag is None:
        return short, attributes
    attributes.pop(tag, None)
    return f"{short}={features[tag]}", attributes


def _own_attributes(features: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """The attributes of what was written here, with the types of their values where nobody changed them since."""
    types = str(features.get(TYPES, "")).split()
    attributes: dict[str, Scalar] = {}
    for name, value in features.items():
        if name not in _OWN:
            attributes[name] = _scalar(str(value)) if name in types else value
    with_rest = _parsed(str(features.get(EXTRA, "{}")))
    if isinstance(with_rest, dict):
        attributes |= {k: v for k, v in with_rest.items() if isinstance(v, str | int | float | bool)}
    return attributes


def _scalar(value: str) -> Scalar:
    parsed = _parsed(value)
    return parsed if isinstance(parsed, int | float | bool) else value


def _parsed(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _pieces(told: Scalar | None, hull: Pieces) -> Pieces:
    """The pieces of a discontinuous span, as long as nobody has moved it since it was written."""
    pairs = [pair.split("-") for pair in str(told or "").split()]
    if len(hull) != 1 or not pairs or not all(len(p) == 2 and all(at.isdecimal() for at in p) for p in pairs):
        return hull
    at = hull[0][0]
    pieces = tuple((at + int(start), at + int(end)) for start, end in pairs)
    ordered = [edge for piece in pieces for edge in piece]
    return pieces if ordered == sorted(ordered) and (ordered[0], ordered[-1]) == hull[0] else hull


def _id(features: Mapping[str, Scalar], key: str) -> str:
    return str(features.get(ID) or key)


def with_own_ids(spans: Iterable[ForeignSpan], keys: Iterable[str]) -> tuple[list[ForeignSpan], dict[str, str]]:
    """The spans under ids of which none stands twice, and that id by the key of each.

    A copy that an annotator made of a span carries the same id; it gets its key instead.
    """
    made: list[ForeignSpan] = []
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for span, key in zip(spans, keys, strict=True):
        own = span.id if span.id not in taken else key
        taken.add(own)
        ids[key] = own
        made.append(span if own == span.id else replace(span, id=own))
    return made, ids


def linked_entities(spans: Iterable[ForeignSpan]) -> tuple[ForeignEntity, ...]:
    """The entities that spans name by an address in a knowledge base."""
    found: dict[str, ForeignEntity] = {}
    for span in spans:
        if span.entity is None or "://" not in span.entity or span.entity in found:
            continue
        match = _WIKIDATA.fullmatch(span.entity)
        links = {"wikidata": match[1]} if match else {}
        attributes: dict[str, Scalar] = {} if match else {"identifier": span.entity}
        found[span.entity] = ForeignEntity(span.entity, links=links, attributes=attributes, line=span.line)
    return tuple(found.values())


def with_plain_links(document: ForeignDocument) -> ForeignDocument:
    """A document whose links are arrows each, under their own names: slots have a role, but hold no events."""
    relations: list[ForeignRelation] = []
    for relation in document.relations:
        if not relation.id.startswith(LINK) or [role for role, _ in relation.ends] == [FROM, TO]:
            relations.append(relation)
            continue
        (_, owner), *targets = relation.ends
        names = list(link_attributes(relation))
        if "co_speakers" in names:  # the one name that stands for any number of ends
            at = names.index("co_speakers")
            names[at:at] = ["co_speakers"] * (len(targets) - len(names))
        for number, (name, (_, target)) in enumerate(zip(names, targets, strict=True)):
            key = f"{LINK}{owner}:{name}:{number}"
            relations.append(ForeignRelation(key, name, ((FROM, owner), (TO, target))))
    return replace(document, relations=tuple(relations))


def is_slot(relation: ForeignRelation) -> bool:
    """Whether a relation is written as a slot of the annotation that it starts from."""
    return relation.id.startswith(LINK)


def place_of(name: str) -> tuple[str, str | None]:
    """The name of a document and its annotator, from a path without suffix as in a project export of INCEpTION.

    ``annotation/fire.txt/anna`` is anna's work on ``fire``; anything else is a document of nobody in particular.
    """
    *_, top, folder, user = ["", "", *name.split("/")]
    if top in ("annotation", "curation") and user:
        return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", folder), user
    return name, None
