"""UIMA CAS in XML and JSON, as INCEpTION, WebAnno and DKPro write it; read with dkpro-cassis.

Each text of a CAS is a document: ``_InitialView`` under the file's name, other views under theirs behind it. Tokens and
sentences are no annotations here, unless a relation links them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_bytes, read_text
from corpus_tool.formats.foreign import (
    ForeignBlock,
    ForeignDocument,
    ForeignEntity,
    ForeignRelation,
    ForeignSpan,
    Scalar,
)
from corpus_tool.formats.uima import (
    CUSTOM,
    DKPRO,
    ID,
    SOURCE,
    TARGET,
    TOKEN,
    UNTOUCHED,
    linked_entities,
    place_of,
    read_relation,
    read_slot,
    read_span,
    short_name,
    with_own_ids,
)
from corpus_tool.formats.uima_cas_json import is_cas, load_json
from corpus_tool.formats.uima_cas_types import needs_cassis, type_system_beside
from corpus_tool.formats.uima_cas_xmi import Loaded, load_xmi

if TYPE_CHECKING:
    from cassis import Cas

#: Where an export keeps what stands at no place of the text.
ENTITY_TYPE, META_TYPE = f"{CUSTOM}CorpusEntity", f"{CUSTOM}CorpusMeta"
DIV, DOCUMENT_META = f"{DKPRO}segmentation.type.Div", f"{DKPRO}metadata.type.DocumentMetaData"
INITIAL_VIEW = "_InitialView"

#: What makes up the text, and what WebAnno keeps beside it.
_STRUCTURE = frozenset(
    {
        TOKEN,
        DIV,
        DOCUMENT_META,
        "uima.tcas.DocumentAnnotation",
        *(f"{DKPRO}segmentation.type.{name}" for name in ("Sentence", "Paragraph", "Heading", "Document", "Field")),
        f"{DKPRO}metadata.type.TagsetDescription",
        f"{DKPRO}metadata.type.TagDescription",
        "de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata",
        "de.tudarmstadt.ukp.clarin.webanno.api.type.FeatureDefinition",
        "de.tudarmstadt.ukp.clarin.webanno.api.type.LayerDefinition",
    }
)
_NO_LANGUAGE = frozenset({"x-unspecified", "x-undefined", "", None})


@dataclass
class _View:
    """What a view holds, and what was made of it."""

    text: str
    lines: Mapping[int, int]
    spans: dict[int, ForeignSpan] = field(default_factory=dict)
    slots: list[tuple[int, str, str | None, int]] = field(default_factory=list)  # host, feature, role, target
    arrows: list[tuple[Any, dict[str, Scalar], list[int]]] = field(default_factory=list)
    heads: list[Any] = field(default_factory=list)  # the first link of each chain
    meta: dict[str, Scalar | tuple[str, ...]] = field(default_factory=dict)
    entities: list[ForeignEntity] = field(default_factory=list)
    blocks: list[ForeignBlock] = field(default_factory=list)
    has_blocks: bool = False

    def line(self, fs: Any) -> int:
        return self.lines.get(fs.xmiID, 1)


def read_uima_cas(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of CAS files: an .xmi or .json, or a folder of them; one in the layout of a project export, too.

    A type system is taken from the .xml files in the same folder that are called so; what it does not declare, or all
    where there is none, is made up from how it is used.

    Raises:
        CorpusToolError: dkpro-cassis is missing, or the path does not exist or cannot be searched.
    """
    needs_cassis()
    files = [
        (name, file) for name, file in files_below(path, (".xmi", ".json")) if file.stem != UNTOUCHED or file == path
    ]
    found = [(place_of(name), file) for name, file in files]
    told: set[Path] = set()
    names: set[tuple[str, str | None]] = set()
    for (name, annotator), file in sorted(found, key=lambda item: item[0][0]):
        system, diagnostics = type_system_beside(file)
        if file.parent not in told:
            told.add(file.parent)
            yield from diagnostics
        if file.suffix.lower() == ".json":
            text = read_text(file)
            if isinstance(text, Diagnostic):
                yield text
                continue
            text = text.removeprefix("\ufeff")
            if file != path and not is_cas(text):
                continue  # what else a project's export holds: its settings
            loaded = load_json(text, str(file), system)
        else:
            data = read_bytes(file)
            if isinstance(data, Diagnostic):
                yield data
                continue
            loaded = load_xmi(data, str(file), system)
        own = (name if (name, annotator) not in names else f"{name}{file.suffix.lower()}", annotator)
        names.add(own)
        yield from loaded.diagnostics
        yield from _documents(loaded, *own, str(file))


def _documents(loaded: Loaded, name: str, annotator: str | None, path: str) -> Iterator[ForeignDocument | Diagnostic]:
    """A document for each text of a CAS."""
    if loaded.cas is None:
        return
    views = loaded.cas.views
    media_type = "application/vnd.xmi+xml" if path.lower().endswith(".xmi") else "application/json"
    for view in views:
        text, own = view.sofa.sofaString, view.sofa.sofaID
        members = view.get_all_fs()
        if not text:
            if members or len(views) == 1 or own != INITIAL_VIEW:
                yield import_fault("import-file-unreadable", path, f"{own} holds no text; its annotations are left out")
            continue
        made = _View(text, loaded.lines)
        for fs in sorted(members, key=lambda fs: fs.xmiID):
            _take(fs, loaded.cas, made)
        whole = ForeignDocument(
            name=name if own == INITIAL_VIEW else f"{name}/{own}",
            text=text,
            path=path,
            annotator=annotator,
            media_type=media_type,
            meta=made.meta,
            blocks=tuple(made.blocks) if made.has_blocks else None,
        )
        yield _finished(whole, made)


def _take(fs: Any, cas: Cas, view: _View) -> None:
    """Sorts a feature structure by what it is."""
    name = fs.type.name
    scalars, references = _features(fs)
    if name == META_TYPE:
        _take_meta(scalars, view)
    elif name == ENTITY_TYPE:
        _take_entity(scalars, view.line(fs), view)
    elif name == DIV:
        if ID in scalars or scalars.get("id") == "corpus":
            view.blocks.append(ForeignBlock(fs.begin, fs.end, str(scalars.get("divType"))))
    elif name in _STRUCTURE:
        _take_article(scalars, view)
    elif fs.type.get_feature(SOURCE) is not None and fs.type.get_feature(TARGET) is not None:
        ends = [target for end in (SOURCE, TARGET) for feature, _, target in references if feature == end]
        for end in ends:
            if end.type.name in _STRUCTURE and hasattr(end, "begin"):
                _add_span(end, {}, view)
        view.arrows.append((fs, scalars, [end.xmiID for end in ends]))
    elif hasattr(fs, "begin"):
        _add_span(fs, scalars, view)
        links = [(feature, role, target) for feature, role, target in references if feature != "next"]
        view.slots += [(fs.xmiID, feature, role, target.xmiID) for feature, role, target in links]
    elif any(feature == "first" for feature, _, _ in references):
        view.heads += [target for feature, _, target in references if feature == "first"]
    elif not hasattr(fs, "target") and not name.startswith("uima.cas."):
        for feature, value in scalars.items():  # what INCEpTION calls annotations of the document
            key = f"{short_name(name)}.{feature}"
            view.meta[key if key not in view.meta else f"{key} {fs.xmiID}"] = value


def _add_span(fs: Any, scalars: dict[str, Scalar], view: _View) -> None:
    """Adds a span, from its first to its last word: INCEpTION lets its users mark the spaces around them, too."""
    if fs.xmiID in view.spans:
        return
    start, end = fs.begin, fs.end
    words = view.text[start:end]
    if words.strip() and ID not in scalars:
        start, end = end - len(words.lstrip()), start + len(words.rstrip())
    view.spans[fs.xmiID] = read_span(f"a{fs.xmiID}", fs.type.name, scalars, ((start, end),), None, view.line(fs))


def _features(fs: Any) -> tuple[dict[str, Scalar], list[tuple[str, str | None, Any]]]:
    """The values of a feature structure, and what it refers to: (feature, role, target)."""
    scalars: dict[str, Scalar] = {}
    references: list[tuple[str, str | None, Any]] = []
    for feature in fs.type.all_features:
        name = feature.name.removesuffix("_") if feature.name in ("self_", "type_") else feature.name
        value = getattr(fs, feature.name)
        if name in ("sofa", "begin", "end") or value is None or value == "":
            continue
        if isinstance(value, str | int | float | bool):
            is_number = not isinstance(value, float) or math.isfinite(value)
            scalars[name] = value if is_number else str(value)
            continue
        items = _items(value)
        if items and all(hasattr(item, "xmiID") for item in items):
            references += [(name, *_linked(item)) for item in items]
        elif items:
            scalars[name] = json.dumps(items, ensure_ascii=False, default=str)
    return scalars, [(name, role, target) for name, role, target in references if hasattr(target, "xmiID")]


def _items(value: Any) -> list[Any]:
    """The elements of an array or a list, or the one thing that a reference leads to."""
    if isinstance(value, list | tuple):
        return [item for item in value if item is not None]
    if hasattr(value, "elements"):
        return [item for item in value.elements or () if item is not None]
    if not value.type.name.endswith("List"):
        return [value]
    items = []
    seen: set[int] = set()
    while hasattr(value, "head") and id(value) not in seen:
        seen.add(id(value))
        items.append(value.head)
        value = value.tail
    return [item for item in items if item is not None]


def _linked(item: Any) -> tuple[str | None, Any]:
    """The role and the target of a slot's link; anything else is what it leads to."""
    if hasattr(item, "target") and not hasattr(item, "begin"):
        return getattr(item, "role", None) or None, item.target
    return None, item


def _take_meta(scalars: Mapping[str, Scalar], view: _View) -> None:
    try:
        told = json.loads(str(scalars.get("json", "{}")))
        meta, has_blocks = told["meta"], bool(told["blocks"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    view.has_blocks = has_blocks
    view.meta |= {key: tuple(value) if isinstance(value, list) else value for key, value in meta.items()}


def _take_entity(scalars: Mapping[str, Scalar], line: int, view: _View) -> None:
    try:
        rest = json.loads(str(scalars.get("json", "{}")))
        links, aliases, attributes = dict(rest["links"]), tuple(rest["aliases"]), dict(rest["attributes"])
    except (ValueError, TypeError, KeyError, RecursionError):
        links, aliases, attributes = {}, (), {}
    name, kind = (str(scalars[key]) if key in scalars else None for key in ("name", "kind"))
    view.entities.append(ForeignEntity(str(scalars.get(ID)), name, kind, links, aliases, attributes, line))


def _take_article(scalars: Mapping[str, Scalar], view: _View) -> None:
    """What INCEpTION says of the article; its title is the name of the file that was uploaded."""
    language, address = scalars.get("language"), scalars.get("documentUri")
    if language not in _NO_LANGUAGE:
        view.meta.setdefault("language", str(language))
    if isinstance(address, str) and address.startswith(("http://", "https://")):
        view.meta.setdefault("url", address)


def _finished(document: ForeignDocument, view: _View) -> ForeignDocument:
    """The document with its spans, relations and entities."""
    spans, ids = with_own_ids(view.spans.values(), map(str, view.spans))
    chains = {}
    for number, head in enumerate(view.heads, 1):
        link = head
        while hasattr(link, "xmiID") and link.xmiID not in chains:
            chains[link.xmiID] = f"{short_name(link.type.name)}-{number}"
            link = getattr(link, "next", None)
    by_chain = {ids[str(key)]: name for key, name in chains.items() if str(key) in ids}
    spans = [replace(span, entity=by_chain[span.id]) if span.id in by_chain else span for span in spans]
    relations: list[ForeignRelation] = []
    for fs, scalars, found in view.arrows:
        ends = [ids.get(str(key), str(key)) for key in found]
        relations.append(read_relation(f"r{fs.xmiID}", fs.type.name, scalars, ends, view.line(fs)))
    for number, (host, feature, role, target) in enumerate(view.slots, 1):
        own = ids[str(host)]
        there = ids.get(str(target), str(target))
        relations.append(read_slot(f"{own}.{feature}.{number}", role, feature, own, there, view.lines.get(host, 1)))
    known = {entity.id for entity in view.entities}
    named = tuple(entity for entity in linked_entities(spans) if entity.id not in known)
    return replace(document, spans=tuple(spans), relations=tuple(relations), entities=(*view.entities, *named))
