"""W3C Web Annotation, read: JSON-LD in collections, pages, lists, or one annotation a line or a file.

https://www.w3.org/TR/annotation-model/. A context is never fetched: the terms are those of the model's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import FROM, TO, ForeignDocument, ForeignEntity, ForeignRelation, ForeignSpan
from corpus_tool.formats.json_records import Record, records_of, whole_characters
from corpus_tool.formats.offsets import detect_unit
from corpus_tool.formats.places import counted_text, scales_of
from corpus_tool.formats.plain_json import Head, blocks_within, head_of, unique_name
from corpus_tool.formats.web_bodies import Bodies, bodies_of, listed, resource_of
from corpus_tool.formats.web_selectors import Selected, evidence_of, selected
from corpus_tool.formats.web_sources import Source, source_of

#: The label of a relation that has no tag.
LINKING = "linking"

_LISTS = ("AnnotationCollection", "AnnotationPage")


@dataclass(frozen=True)
class _Item:
    """An annotation, and where it stands."""

    raw: Mapping[str, Any]
    file: Path
    line: int

    @property
    def key(self) -> str:
        return _absolute(str(self.raw.get("id") or f"#annotation-{id(self.raw)}"), self.file)


@dataclass
class _Text:
    """A text with the annotations of it."""

    source: Source
    items: list[tuple[_Item, list[Mapping[str, Any]]]] = field(default_factory=list)  # with its targets in the text
    whole: list[_Item] = field(default_factory=list)  # of the text as a whole
    links: list[_Item] = field(default_factory=list)


def read_web_annotation(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The texts that Web Annotations are about, each with what stands in any of the files about it.

    The texts are looked for beside the annotations, never in the network.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    root = path if path.is_dir() else path.parent
    items: list[_Item] = []
    for _, file in files_below(path, (".json", ".jsonld", ".jsonl")):
        text = read_text(file)
        found = [text] if isinstance(text, Diagnostic) else records_of(text, str(file), _is_annotation)
        for record in found:
            if isinstance(record, Diagnostic):
                yield record
                continue
            for item in _annotations(whole_characters(record.value), record, file):
                if isinstance(item, Diagnostic):
                    yield item
                else:
                    items.append(item)
    texts: dict[str, _Text] = {}
    known = {item.key for item in items}
    owners: dict[str, _Text] = {}
    links: list[_Item] = []
    for item in items:
        if _is_link(item, known):
            links.append(item)
            continue
        yield from _assign(item, root, texts, owners)
    for item in links:
        ends = _link_ends(item)
        text_of = next((owners[end] for end in ends if end in owners), None)
        if text_of is None:
            yield _refuse(item, "links annotations that are not there", "import-link-broken")
        elif len(ends) < 2:
            yield _refuse(item, "is about another annotation, and links it to nothing; it is left out")
        else:
            text_of.links.append(item)
    taken: dict[str, object] = {}
    for found_text in texts.values():
        yield from _document(found_text, known, taken)


def _is_annotation(value: Any) -> bool:
    return isinstance(value, dict) and "target" in value


def _annotations(value: Any, record: Record, file: Path) -> Iterator[_Item | Diagnostic]:
    """The annotations of a record: itself, or those of the collections and pages in it."""
    kinds = listed(value.get("type", value.get("@type"))) if isinstance(value, dict) else []
    if not isinstance(value, dict) or not (set(kinds) & {*_LISTS, "Annotation"} or "target" in value):
        told = "is neither an annotation nor a list of annotations"
        yield import_fault("import-record-unreadable", str(file), told, line=record.line)
    elif "target" in value:
        line = record.line_of(str(value["id"])) if "id" in value else record.line
        yield _Item(value, file, line)
    elif set(kinds) & set(_LISTS):
        for inner in (*listed(value.get("first")), *listed(value.get("items")), *listed(value.get("next"))):
            if isinstance(inner, dict):
                yield from _annotations(inner, record, file)
            elif not (file.parent / Path(str(inner)).name).is_file():
                told = f"the page {inner} is not here; nothing is fetched"
                yield import_fault("import-file-unreadable", str(file), told, line=record.line_of(str(inner)))
    else:
        yield import_fault("import-record-unreadable", str(file), "an annotation has no target", line=record.line)


def _refuse(item: _Item, message: str, name: str = "import-record-unreadable") -> Diagnostic:
    told = f"annotation {item.raw.get('id', '')}".strip()
    return import_fault(name, str(item.file), f"{told}: {message}", line=item.line)


def _absolute(iri: str, file: Path) -> str:
    """An IRI that is the same from wherever it is named."""
    if iri.startswith("#"):
        return f"{file.as_posix()}{iri}"
    return iri if ":" in iri.split("/", 1)[0].split("#", 1)[0] else (file.parent / iri).as_posix()


def _is_link(item: _Item, known: set[str]) -> bool:
    ends = [_absolute(iri, item.file) for iri in map(resource_of, listed(item.raw.get("target"))) if iri is not None]
    return any(end in known for end in ends)


def _link_ends(item: _Item) -> list[str]:
    """What a linking annotation links, the first one first: its targets, then the bodies that are annotations."""
    targets = [resource_of(target) for target in listed(item.raw.get("target"))]
    bodies = [resource_of(b) for b in listed(item.raw.get("body")) if isinstance(b, str) or not _is_text(b)]
    return [_absolute(iri, item.file) for iri in (*targets, *bodies) if iri is not None]


def _is_text(body: Any) -> bool:
    return isinstance(body, dict) and "value" in body


def _assign(item: _Item, root: Path, texts: dict[str, _Text], owners: dict[str, _Text]) -> Iterator[Diagnostic]:
    """Puts an annotation to the text that its targets are parts of."""
    for target in _flat(item.raw.get("target")):
        parts = [p for p in _parts(target) if isinstance(p, str | dict)]
        sources = [source_of(part, item.file, root) for part in parts]
        found = next((s for s in sources if isinstance(s, Source)), None)
        wrong = next((s for s in sources if isinstance(s, str)), None)
        if found is None or wrong is not None:
            yield _refuse(item, wrong or "its target names no text", "import-file-unreadable")
            continue
        text = texts.setdefault(found.key, _Text(found))
        owners[item.key] = text
        located = [part for part in map(_located, parts) if part is not None]
        if not located:
            text.whole.append(item)
        else:
            text.items.append((item, located))


def _flat(target: Any) -> list[Any]:
    """Targets that are about different things: each of a list, and each member of a set of independent ones."""
    flat: list[Any] = []
    for one in listed(target):
        independent = isinstance(one, dict) and one.get("type") in ("Independents", "Choice")
        flat += listed(one.get("items")) if independent else [one]
    return flat


def _parts(target: Any) -> list[Any]:
    """The parts of one target: the members of a composite, which together are one span."""
    is_set = isinstance(target, dict) and target.get("type") in ("Composite", "List")
    return listed(target.get("items")) if is_set else [target]


def _located(part: str | dict[str, Any]) -> Mapping[str, Any] | None:
    """A target with its selector; None where it is the whole text."""
    if isinstance(part, dict):
        if part.get("selector"):
            return part
        part = str(part.get("source") or part.get("id") or "")
    _, mark, fragment = part.partition("#")
    return {"selector": {"type": "FragmentSelector", "value": fragment}} if mark and fragment else None


def _document(found: _Text, known: set[str], taken: dict[str, object]) -> Iterator[ForeignDocument | Diagnostic]:
    evidence = [e for _, parts in found.items for part in parts if (e := evidence_of(part["selector"])) is not None]
    text = counted_text(found.source.text, evidence)
    detected = detect_unit([(text, evidence)])
    first = next(iter([item for item, _ in found.items] or found.whole))
    if not detected.clear:
        yield import_fault("import-unit-unclear", str(first.file), f"positions behind an emoji: {detected.unit} taken")
    scales = scales_of(text, detected.unit)
    head, meta = Head(), dict[str, Any]()
    for item in found.whole:
        bodies = bodies_of(item.raw)
        if bodies.head is None:
            meta |= bodies.meta
            continue
        try:
            head = head_of(bodies.head)
        except ValueError as error:
            yield _refuse(item, f"what an export of ours said of the document {error}")
    spans: list[ForeignSpan] = []
    relations: list[ForeignRelation] = []
    ids: dict[str, str] = {}
    used: set[str] = set()
    entities = {entity.id: entity for entity in head.entities}
    for item, parts in found.items:
        chosen = [selected(part["selector"], text, scales) for part in parts]
        wrong = next((c.wrong for c in chosen if c.wrong is not None), None)
        if wrong is not None:
            name = "import-words-differ" if any(c.words is not None for c in chosen) else "import-record-unreadable"
            yield _refuse(item, wrong, name)
            continue
        bodies = bodies_of(item.raw)
        made = list(_spans(item, chosen, bodies, entities, used))
        ids.setdefault(item.key, made[0].id)
        spans += made
        relations += _inner_links(item, made[0].id, bodies, known)
    for item in found.links:
        relations += _relations(item, len(relations))
    yield ForeignDocument(
        name=_name(head, found.source, taken),
        text=text,
        path=str(first.file),
        media_type="text/plain",
        meta={**meta, **head.meta},
        blocks=blocks_within(head.blocks, text),
        spans=tuple(spans),
        relations=tuple(replace(r, ends=tuple((role, ids.get(end, end)) for role, end in r.ends)) for r in relations),
        entities=tuple(entities.values()),
    )


def _name(head: Head, source: Source, taken: dict[str, object]) -> str:
    name = unique_name([*([head.name] if head.name else []), source.name], taken)
    taken[name] = True
    return name


def _spans(
    item: _Item, chosen: Sequence[Selected], bodies: Bodies, entities: dict[str, ForeignEntity], taken: set[str]
) -> Iterator[ForeignSpan]:
    """A span for each tag of an annotation; the first has the annotation's own id."""
    pieces = tuple(sorted(c.place for c in chosen if c.place is not None))
    quoted = [c.words for c in chosen]
    words = " ".join(w for w in quoted if w is not None) if None not in quoted else None
    entity = None
    if bodies.entities:
        known = next((e for e in bodies.entities if e.id in entities), bodies.entities[0])
        entity = entities.setdefault(known.id, replace(known, links=dict(bodies.links))).id
    own = str(item.raw.get("id") or "").rpartition("#")[2] or str(item.raw.get("id") or "")
    for label in bodies.labels or (_motivation(item.raw),):
        key = unique_name([own or "annotation"], taken)
        taken.add(key)
        yield ForeignSpan(key, label, pieces, words, bodies.attributes, entity, line=item.line)


def _motivation(raw: Mapping[str, Any]) -> str:
    return next((str(m) for m in listed(raw.get("motivation"))), "highlighting")


def _inner_links(item: _Item, own: str, bodies: Bodies, known: set[str]) -> Iterator[ForeignRelation]:
    """The links of an annotation to others that stand in its own bodies."""
    for number, iri in enumerate(bodies.linked, 1):
        end = _absolute(iri, item.file)
        if end in known:
            yield ForeignRelation(f"{own}.link{number}", LINKING, ((FROM, own), (TO, end)), line=item.line)


def _relations(item: _Item, number: int) -> Iterator[ForeignRelation]:
    """The relation that a linking annotation is: from its first end to each other one."""
    bodies = bodies_of(item.raw)
    first, *others = _link_ends(item)
    own = str(item.raw.get("id") or f"#relation-{number}").rpartition("#")[2]
    attributes = dict(bodies.attributes)
    for label in bodies.labels or (LINKING,):
        for other in others:
            yield ForeignRelation(own, label, ((FROM, first), (TO, other)), attributes, item.line)
