"""TEI P5, written: the text with its spans as elements, what is said of them in feature structures, entities in lists.

The text stands in one ``ab`` with its white space. Spans that cross each other, and discontinuous ones, are several
elements that point to each other with ``next`` and ``prev``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus_tool.formats.fit import ALL, LINK, Fitted, fit
from corpus_tool.formats.foreign import ForeignDocument, ForeignEntity, ForeignRelation, ForeignSpan, Pieces, Scalar
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.plain_json import with_arrows_alone
from corpus_tool.formats.tei_names import (
    BLOCK,
    DOCUMENT,
    NAMESPACE,
    UNFIT,
    attributes_xml,
    element_of,
    escaped,
    features_xml,
    text_xml,
)

_UNFIT = "it holds characters that XML cannot have"

#: What an entity is listed as, by its kind; all else is an organization.
_PLACES = frozenset({
    "continent", "country", "region", "province", "city", "district", "facility", "natural", "border", "area",
    "place",
})  # fmt: skip


def fit_tei(document: ForeignDocument) -> Fitted:
    """A document as XML can hold it: without control characters, and relations from one span to another."""
    fitted = fit(document, ALL)
    lost: list[Lost] = list(fitted.lost)
    document = with_arrows_alone(fitted.document, lost)
    if UNFIT.search(document.text):
        lost.append(Lost("text", "", "characters that XML cannot have became U+FFFD"))
        document = replace(document, text=UNFIT.sub("\ufffd", document.text))
    spans = tuple(replace(s, attributes=_fit_values(s.id, s.attributes, lost)) for s in document.spans)
    relations = tuple(replace(r, attributes=_fit_values(r.id, r.attributes, lost)) for r in document.relations)
    entities = tuple(_fit_entity(entity, lost) for entity in document.entities)
    meta = {}
    for key, value in document.meta.items():
        if UNFIT.search("".join(value) if isinstance(value, tuple) else str(value)):
            lost.append(Lost(f"meta.{key}", "", _UNFIT))
        else:
            meta[key] = value
    return Fitted(replace(document, spans=spans, relations=relations, entities=entities, meta=meta), tuple(lost))


def _fit_values(key: str, attributes: Mapping[str, Scalar], lost: list[Lost]) -> dict[str, Scalar]:
    lost += [Lost(name, key, _UNFIT) for name, value in attributes.items() if UNFIT.search(str(value))]
    return {name: value for name, value in attributes.items() if not UNFIT.search(str(value))}


def _fit_entity(entity: ForeignEntity, lost: list[Lost]) -> ForeignEntity:
    aliases = tuple(alias for alias in entity.aliases if not UNFIT.search(alias))
    links = {register: value for register, value in entity.links.items() if not UNFIT.search(f"{register}{value}")}
    lost += [Lost("aliases", entity.id, _UNFIT)] if aliases != entity.aliases else []
    lost += [Lost("links", entity.id, _UNFIT)] if links != entity.links else []
    name = entity.name
    if name is not None and UNFIT.search(name):
        lost.append(Lost("name", entity.id, _UNFIT))
        name = None
    return replace(
        entity, name=name, aliases=aliases, links=links, attributes=_fit_values(entity.id, entity.attributes, lost)
    )


@dataclass
class _Ids:
    """Names within a file, which XML asks to be names and no two the same."""

    given: dict[tuple[str, str], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def of(self, sort: str, key: str) -> str:
        """The name of a thing of a sort."""
        if (sort, key) not in self.given:
            wanted = escaped(key.replace(":", "."))
            name = wanted
            number = 1
            while name in self.taken:
                number += 1
                name = f"{wanted}.{number}"
            self.taken.add(name)
            self.given[sort, key] = name
        return self.given[sort, key]


@dataclass(frozen=True)
class _Mark:
    """An element that stands around a part of the text; ``key`` is "" where nothing points to it."""

    element: str
    attributes: Mapping[str, str]
    pieces: Pieces
    key: str


def write_tei(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes a .xml for each document."""
    for document in documents:
        (folder / f"{document.name}.xml").write_bytes("\n".join(_lines(document)).encode("utf-8"))


def _lines(document: ForeignDocument) -> Iterator[str]:
    ids = _Ids()
    for span in document.spans:
        ids.of("span", span.id)
    language = document.meta.get("language")
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<TEI xmlns="{NAMESPACE}">'
    yield from _header(document.meta, document.name)
    yield f"<text{attributes_xml({'xml:lang': language}) if isinstance(language, str) else ''}><body>"
    yield f'<ab xml:space="preserve">{"".join(_body(document, ids))}</ab>'
    yield "</body></text>"
    yield "<standOff>"
    yield f'<fs type="{DOCUMENT}">{"".join(features_xml({"document": document.name, **_meta(document.meta)}))}</fs>'
    yield from _entities(document.entities, ids)
    for span in document.spans:
        yield _structure(ids.of("about", f"{span.id}.fs"), span.label, span.attributes)
    links = document.relations
    for relation in links:
        if relation.attributes:
            yield _structure(ids.of("about", f"{relation.id}.fs"), "relation", relation.attributes)
    if links:
        yield f"<linkGrp>\n{chr(10).join(_link(relation, ids) for relation in links)}\n</linkGrp>"
    yield "</standOff>"
    yield "</TEI>\n"


def _meta(meta: Mapping[str, Scalar | tuple[str, ...]]) -> dict[str, Scalar | tuple[str, ...]]:
    return {f"meta.{key}": value for key, value in meta.items()}


def _structure(key: str, type_: str, attributes: Mapping[str, Scalar]) -> str:
    return f'<fs xml:id="{key}" type="{escaped(type_)}">{"".join(features_xml(attributes))}</fs>'


def _link(relation: ForeignRelation, ids: _Ids) -> str:
    targets = " ".join(f"#{ids.of('span', end)}" for _, end in relation.ends)
    about = {"ana": f"#{ids.of('about', f'{relation.id}.fs')}"} if relation.attributes else {}
    own = {} if relation.id.startswith(LINK) else {"xml:id": ids.of("relation", relation.id)}
    return f"<link{attributes_xml({**own, 'type': escaped(relation.label), 'target': targets, **about})}/>"


def _header(meta: Mapping[str, Scalar | tuple[str, ...]], name: str) -> Iterator[str]:
    """What TEI has elements for; the feature structure of the document holds all of it as it is."""

    def said(key: str) -> str:
        return text_xml(str(meta[key])) if key in meta else ""

    authors = meta.get("authors", ())
    yield "<teiHeader>"
    yield "<fileDesc>"
    yield f"<titleStmt><title>{said('title') or text_xml(name)}</title>"
    yield from (f"<author>{text_xml(author)}</author>" for author in (authors if isinstance(authors, tuple) else ()))
    yield "</titleStmt>"
    yield f"<publicationStmt><publisher>{said('source')}</publisher>"
    if "published" in meta:
        yield f"<date>{said('published')}</date>"
    if "license" in meta:
        yield f"<availability><licence>{said('license')}</licence></availability>"
    yield "</publicationStmt>"
    url = said("url")
    yield f"<sourceDesc><bibl>{f'<idno type={chr(34)}URL{chr(34)}>{url}</idno>' if url else ''}</bibl></sourceDesc>"
    yield "</fileDesc>"
    if "language" in meta:
        language = attributes_xml({"ident": str(meta["language"])})
        yield f"<profileDesc><langUsage><language{language}/></langUsage></profileDesc>"
    yield "</teiHeader>"


def _entities(entities: Sequence[ForeignEntity], ids: _Ids) -> Iterator[str]:
    lists: dict[str, list[str]] = {"person": [], "org": [], "place": []}
    for entity in entities:
        element = "person" if entity.kind == "person" else "place" if entity.kind in _PLACES else "org"
        key = ids.of("entity", entity.id)
        name = f"{'pers' if element == 'person' else element}Name"
        about = ids.of("about", f"{entity.id}.fs")
        names = [*([entity.name] if entity.name is not None else []), *entity.aliases]
        rows = [f"<{name}>{text_xml(one)}</{name}>" for one in names]
        lat, lon = entity.attributes.get("lat"), entity.attributes.get("lon")
        if element == "place" and lat is not None and lon is not None:
            rows.append(f"<location><geo>{lat} {lon}</geo></location>")
        idnos = [f"<idno{attributes_xml({'type': escaped(r)})}>{text_xml(v)}</idno>" for r, v in entity.links.items()]
        lists[element].append(f'<{element} xml:id="{key}" ana="#{about}">{"".join(rows + idnos)}</{element}>')
        known = {"id": entity.id, **({"kind": entity.kind} if entity.kind else {})}
        named: dict[str, Scalar] = {} if entity.name is not None else {"name": False}
        others = {f"attribute.{k}": v for k, v in entity.attributes.items()}
        yield _structure(about, "entity", {**known, **named, **others})
    for element, rows in lists.items():
        if rows:
            group = f"list{element.title()}"
            yield f"<{group}>\n{chr(10).join(rows)}\n</{group}>"


def _body(document: ForeignDocument, ids: _Ids) -> Iterator[str]:
    """The text with its elements."""
    speakers = _speakers(document.relations, ids)
    listed = {entity.id for entity in document.entities}
    marks = [_Mark("seg", {"type": BLOCK, "subtype": b.kind}, ((b.start, b.end),), "") for b in document.blocks or ()]
    marks += [_mark(span, speakers, listed, ids) for span in document.spans]
    tokens = list(_tokens(marks, len(document.text)))
    parts = Counter(mark for kind, mark, _ in tokens if kind == "open")
    seen: Counter[int] = Counter()
    for number, mark in enumerate(marks):
        if parts[number] > 1 and not mark.key:
            marks[number] = replace(mark, key=ids.of("block", f"block.{number}"))
    for kind, number, place in tokens:
        if kind == "text":
            yield text_xml(document.text[slice(*place)])
        elif kind == "close":
            yield f"</{marks[number].element}>"
        else:
            seen[number] += 1
            yield _tag(marks[number], seen[number], parts[number], ids)


def _mark(span: ForeignSpan, speakers: Mapping[str, list[str]], listed: set[str], ids: _Ids) -> _Mark:
    element, attributes = element_of(span)
    if span.entity in listed:
        attributes["corresp" if element in ("seg", "said", "measure", "num", "q", "quote") else "ref"] = (
            f"#{ids.of('entity', span.entity or '')}"
        )
    if element == "said" and span.id in speakers:
        attributes["who"] = " ".join(speakers[span.id])
    attributes["ana"] = f"#{ids.of('about', f'{span.id}.fs')}"
    return _Mark(element, attributes, span.pieces, ids.of("span", span.id))


def _speakers(relations: Iterable[ForeignRelation], ids: _Ids) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for relation in relations:
        if relation.label in ("speaker", "co_speakers"):
            (_, quote), (_, actor) = relation.ends
            found.setdefault(quote, []).append(f"#{ids.of('span', actor)}")
    return found


def _tag(mark: _Mark, part: int, parts: int, ids: _Ids) -> str:
    """The start of an element; of several parts each points to the one before it and the one behind."""

    def key(number: int) -> str:
        return mark.key if number == 1 else ids.of("part", f"{mark.key}.{number}")

    own = {"xml:id": key(part)} if mark.key else {}
    chain = {} if part == parts else {"next": f"#{key(part + 1)}"}
    chain |= {} if part == 1 else {"prev": f"#{key(part - 1)}"}
    return f"<{mark.element}{attributes_xml({**own, **mark.attributes, **chain})}>"


_Token = tuple[str, int, tuple[int, int]]


def _tokens(marks: Sequence[_Mark], length: int) -> Iterator[_Token]:
    """Starts and ends of elements and the text between them, well nested: what crosses is closed and opened again."""
    opening: dict[int, list[tuple[int, int]]] = {}
    for number, mark in enumerate(marks):
        for start, end in mark.pieces:
            opening.setdefault(start, []).append((end, number))
    edges = sorted({0, length, *(at for mark in marks for piece in mark.pieces for at in piece)})
    stack: list[tuple[int, int]] = []
    last = 0
    for at in edges:
        if last < at:
            yield "text", 0, (last, at)
            last = at
        again: list[tuple[int, int]] = []
        while any(end == at for end, _ in stack):
            end, number = stack.pop()
            yield "close", number, (at, at)
            if end != at:
                again.append((end, number))
        for end, number in sorted([*again, *opening.get(at, ())], key=lambda one: (-one[0], one[1])):
            yield "open", number, (at, at)
            stack.append((end, number))
