"""TEI P5, read: names, measures and speech in the text, and persons, organizations and places in lists.

Elements are known by their names, whatever their namespace. No document type, entity or address is followed. Where a
file does not say xml:space="preserve", white space is folded as TEI's prose is read: blanks and line ends in a
paragraph are one blank, and paragraphs stand apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_bytes
from corpus_tool.formats.foreign import (
    FROM,
    TO,
    ForeignBlock,
    ForeignDocument,
    ForeignEntity,
    ForeignRelation,
    ForeignSpan,
    Scalar,
)
from corpus_tool.formats.plain_json import attributes_of, blocks_within, unique_name
from corpus_tool.formats.tei_entities import entities_of, header_of, identified
from corpus_tool.formats.tei_mapping import MARKING
from corpus_tool.formats.tei_names import (
    BLOCK,
    DOCUMENT,
    XML_ID,
    features_of,
    local,
    pointers,
    unescaped,
)
from corpus_tool.formats.tei_text import Marked, text_of

#: Attributes that are about the markup and not about what is marked.
_MARKUP = frozenset({"next", "prev", "ref", "key", "who", "ana", "part", "corresp", "type", "rend", "rendition", "n"})

#: Attributes of TEI for which our layers have one.
_OURS = {"quantity": "value", "atLeast": "min", "atMost": "max"}


@dataclass
class _Read:
    """What has been read of one TEI element."""

    path: str
    structures: Mapping[str, Any]
    is_ours: bool
    entities: dict[str, ForeignEntity]
    spans: list[ForeignSpan] = field(default_factory=list)
    relations: list[ForeignRelation] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)

    def refuse(self, line: int, message: str, name: str = "import-record-unreadable") -> None:
        self.found.append(import_fault(name, self.path, message, line=line))


def read_tei(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of TEI files; several of a teiCorpus.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    from lxml import etree

    taken: dict[str, object] = {}
    for name, file in files_below(path, (".xml", ".tei")):
        data = read_bytes(file)
        if isinstance(data, Diagnostic):
            yield data
            continue
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            told = f"is not well-formed XML: {error.msg}"
            yield import_fault(
                "import-file-unreadable", str(file), told, line=error.lineno or 1, column=error.offset or 1
            )
            continue
        texts = [e for e in root.iter() if local(e) == "TEI"]
        if not texts:
            told = f"is no TEI P5: its root is {local(root)}"
            yield import_fault("import-file-unreadable", str(file), told, line=root.sourceline or 1)
        for tei in texts:
            key = tei.get(XML_ID) if len(texts) > 1 else None
            yield from _document(tei, key or name, str(file), taken)


def _document(tei: Any, name: str, path: str, taken: dict[str, object]) -> Iterator[ForeignDocument | Diagnostic]:
    body = next((e for e in tei if local(e) == "text"), None)
    if body is None:
        yield import_fault("import-file-unreadable", path, "a TEI without a text", line=tei.sourceline or 1)
        return
    entity = next((e for e in body.iter() if not isinstance(e.tag, str) and e.text and str(e).startswith("&")), None)
    if entity is not None:
        told = f"the entity {entity} is declared outside of the text and is not followed; write it as characters"
        yield import_fault("import-file-unreadable", path, told, line=entity.sourceline or body.sourceline or 1)
        return
    structures = {e.get(XML_ID): e for e in tei.iter() if local(e) == "fs" and e.get(XML_ID)}
    head = next((e for e in tei.iter() if local(e) == "fs" and e.get("type") == DOCUMENT), None)
    read = _Read(path, structures, head is not None, entities_of(tei, structures))
    flow = text_of(body)
    chains = _chains(flow.marked)
    ids = {m.key: chain[0].key or f"s{number}" for number, chain in enumerate(chains, 1) for m in chain if m.key}
    for number, chain in enumerate(chains, 1):
        if local(chain[0].element) in MARKING or (read.is_ours and chain[0].element.get("type") != BLOCK):
            _add(chain, chain[0].key or f"s{number}", ids, read)
    for link in (e for e in tei.iter() if local(e) == "link"):
        _add_link(link, ids, read)
    unread = [
        e for e in tei.iter() if local(e) in ("span", "annotation") and e.get("target", e.get("from")) is not None
    ]
    if unread:
        read.refuse(unread[0].sourceline or 1, f"{len(unread)} stand-off {local(unread[0])} elements are not read")
    yield from read.found
    meta: dict[str, Scalar | tuple[str, ...]]
    if head is not None:
        known = features_of(head)
        meta = {key.removeprefix("meta."): value for key, value in known.items() if key.startswith("meta.")}
        wanted = [str(known.get("document", name))]
    else:
        meta, wanted = header_of(tei), [name]
    own = unique_name(wanted, taken)
    taken[own] = True
    blocks = [
        ForeignBlock(min(m.start for m in chain), max(m.end for m in chain), str(chain[0].element.get("subtype")))
        for chain in chains
        if read.is_ours and chain[0].element.get("type") == BLOCK
    ]
    yield ForeignDocument(
        name=own,
        text=flow.text,
        path=path,
        line=tei.sourceline or 1,
        media_type="application/tei+xml",
        meta=meta,
        blocks=blocks_within(tuple(blocks), flow.text) if read.is_ours else flow.blocks,
        spans=tuple(read.spans),
        relations=tuple(read.relations),
        entities=tuple(read.entities.values()),
    )


def _chains(marked: list[Marked]) -> list[list[Marked]]:
    """Elements, those together that next and prev say are one, in the order of the text."""
    by_key = {m.key: m for m in marked if m.key}
    later: set[str] = set()
    follows: dict[str, str] = {}
    for one in marked:
        for ahead in pointers(one.element.get("next")):
            follows[one.key or ""] = ahead.removeprefix("#")
        for back in pointers(one.element.get("prev")):
            follows.setdefault(back.removeprefix("#"), one.key or "")
    later = {key for first, key in follows.items() if first in by_key and key in by_key and first != key}
    chains = []
    for one in marked:
        if one.key in later:
            continue
        chain, seen = [one], {one.key}
        while (key := follows.get(chain[-1].key or "")) in by_key and key not in seen:
            chain.append(by_key[key])
            seen.add(key)
        chains.append(chain)
    return chains


def _add(chain: list[Marked], key: str, ids: Mapping[str, str], read: _Read) -> None:
    """Adds the span that an element, or a chain of them, marks."""
    first = chain[0]
    element, line = first.element, first.element.sourceline or 1
    pieces = tuple(sorted((m.start, m.end) for m in chain if m.start < m.end))
    name, type_ = local(element), element.get("type")
    label = f"{name}.{type_}" if name in ("name", "rs") and type_ else name
    attributes: dict[str, Scalar] = {}
    structure = next((read.structures[p[1:]] for p in pointers(element.get("ana")) if p[1:] in read.structures), None)
    if read.is_ours:
        label = unescaped(structure.get("type", "")) if structure is not None else label
    else:
        attributes = _attributes(element, name)
    if structure is not None:
        attributes |= attributes_of(features_of(structure))
    if not pieces:
        read.refuse(line, f"{name} {first.key or ''} is empty".replace("  ", " "), "import-span-outside")
        return
    entity = identified(element, read.entities)
    read.spans.append(ForeignSpan(key, label, pieces, None, attributes, entity, line))
    if not read.is_ours:
        _add_speakers(element, key, ids, read)


def _attributes(element: Any, name: str) -> dict[str, Scalar]:
    """What the attributes of an element say of what is marked."""
    said = {key: str(value) for key, value in element.attrib.items() if not key.startswith("{") and key not in _MARKUP}
    made: dict[str, Scalar] = {}
    if name == "said":
        direct, aloud = said.pop("direct", None), said.pop("aloud", None)
        if direct in ("true", "false"):
            made["kind"] = "direct" if direct == "true" else "indirect"
        if aloud == "false":
            made["attitude"] = "thought"
    if element.get("type") and name not in ("name", "rs"):
        made["type"] = str(element.get("type"))
    return {**made, **{_OURS.get(key, key): value for key, value in said.items()}}


def _add_speakers(element: Any, key: str, ids: Mapping[str, str], read: _Read) -> None:
    for pointer in pointers(element.get("who")):
        target = pointer.removeprefix("#")
        line = element.sourceline or 1
        if target in ids:
            own = f"{key}.who{len(read.relations)}"
            read.relations.append(ForeignRelation(own, "speaker", ((FROM, key), (TO, ids[target])), line=line))
            continue
        known = read.entities.get(target)
        who = known.name if known is not None and known.name else pointer
        read.spans[-1] = _with(read.spans[-1], "who", who)


def _with(span: ForeignSpan, name: str, value: str) -> ForeignSpan:
    held = span.attributes.get(name)
    return replace(span, attributes={**span.attributes, name: value if held is None else f"{held}, {value}"})


def _add_link(link: Any, ids: Mapping[str, str], read: _Read) -> None:
    """Adds the relation that a link between two spans is."""
    targets = [pointer.removeprefix("#") for pointer in pointers(link.get("target"))]
    line = link.sourceline or 1
    if len(targets) < 2 or not any(target in ids for target in targets):
        return
    label = link.get("type") or link.getparent().get("type") or "link"
    structure = next((read.structures[p[1:]] for p in pointers(link.get("ana")) if p[1:] in read.structures), None)
    attributes = attributes_of(features_of(structure)) if structure is not None else {}
    key = link.get(XML_ID) or f"link-{len(read.relations) + 1}"
    first, *others = (ids.get(target, target) for target in targets)
    for other in others:
        label_of = unescaped(label) if read.is_ours else re.sub(r"\s+", " ", label)
        read.relations.append(ForeignRelation(key, label_of, ((FROM, first), (TO, other)), attributes, line))
