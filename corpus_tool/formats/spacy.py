"""spaCy's DocBin, read: the spans of all groups, the entities, and what is kept in ``doc.user_data``."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import MAX_BYTES, files_below, read_bytes
from corpus_tool.formats.foreign import ForeignDocument, ForeignEntity, ForeignRelation, ForeignSpan, Scalar
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.plain_json import Head, attributes_of, blocks_within, head_of, unique_name
from corpus_tool.formats.words import pieces_of
from corpus_tool.model import CorpusToolError, surface

if TYPE_CHECKING:
    from spacy.tokens import Doc, DocBin, Span

SUFFIXES = (".spacy",)

#: The key of ``doc.user_data`` under which stands, as JSON, what spans and groups cannot hold.
OWN = "corpus_tool"

#: What stands for the group of ``doc.ents``.
_ENTS = ""

#: The group that spaCy's own span categorizer looks for.
_USUAL_GROUP = "sc"

#: How spaCy calls custom attributes in ``doc.user_data``.
_EXTENSION = "._."

#: What a parse leaves on tokens.
_SYNTAX = ("TAG", "POS", "LEMMA", "MORPH", "DEP")

_NO_PLACE = "a document has no place for it"


def require_spacy(option: str) -> None:
    """Refuses where spaCy is not installed.

    Raises:
        CorpusToolError: it is not.
    """
    try:
        import spacy  # noqa: F401  # only whether it is there
    except ImportError as error:
        raise CorpusToolError(f"{option} spacy needs spaCy: pip install 'corpus-tool[annotate]'") from error


def read_spacy(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of .spacy files, with the spans of all groups and the entities that are in no group.

    Custom attributes of spans (``span._.role``) become attributes, those of documents and ``doc.cats`` facts about the
    article.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched, or spaCy is not installed.
    """
    require_spacy("--from")
    taken: dict[str, None] = {}
    for name, found in files_below(path, SUFFIXES):
        data = read_bytes(found)
        if isinstance(data, Diagnostic):
            yield data
            continue
        for number, doc in enumerate(_docs(data, str(found)), 1):
            if isinstance(doc, Diagnostic):
                yield doc
                continue
            for item in _document(doc, f"{name}-{number}", str(found)):
                if isinstance(item, Diagnostic):
                    yield item
                else:
                    own = unique_name([item.name, f"{name}-{number}"], taken)
                    taken[own] = None
                    yield replace(item, name=own)


def _docs(data: bytes, path: str) -> Iterator[Doc | Diagnostic]:
    """The documents of a file, one after the other, so that a broken one does not take the others with it."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    try:
        inflated = zlib.decompressobj()
        inflated.decompress(data, MAX_BYTES)
        if inflated.unconsumed_tail:
            yield import_fault("import-file-unreadable", path, f"holds more than {MAX_BYTES // 1_000_000} MB")
            return
        whole = DocBin().from_bytes(data)
    except Exception as error:  # noqa: BLE001  # whatever a stranger's bytes make spaCy raise
        yield import_fault("import-file-unreadable", path, f"is no DocBin of spaCy 3: {_first_line(error)}")
        return
    vocab = Vocab()
    for word in whole.strings:
        vocab.strings.add(word)
    for at in range(len(whole)):
        try:
            [doc] = _one(whole, at).get_docs(vocab)
        except Exception as error:  # noqa: BLE001  # as above
            yield import_fault("import-record-unreadable", path, f"document {at + 1}: {_first_line(error)}")
        else:
            yield doc


def _one(whole: DocBin, at: int) -> DocBin:
    """One document of a DocBin as a DocBin; its strings are with the vocabulary."""
    from spacy.tokens import DocBin

    one = DocBin()
    one.attrs = whole.attrs
    one.tokens, one.spaces = [whole.tokens[at]], [whole.spaces[at]]
    one.cats, one.flags = [whole.cats[at]], [whole.flags[at]]
    one.span_groups, one.user_data = [whole.span_groups[at]], [whole.user_data[at]]
    return one


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().split("\n")[0][:200]


def _document(doc: Doc, name: str, path: str) -> Iterator[Diagnostic | ForeignDocument]:
    """A document, behind what is wrong with it."""
    user_data: Mapping[Any, Any] = doc.user_data
    own = user_data.get(OWN)
    try:
        kept = _kept(own) if own is not None else _Kept()
    except (ValueError, RecursionError) as error:
        yield import_fault("import-record-unreadable", path, f"{name}: user_data[{OWN!r}] {error}")
        kept = _Kept()
    extensions = _extensions(doc)
    spans: list[ForeignSpan] = []
    seen: dict[tuple[int, int, str], None] = {}
    ids: dict[str, None] = {}
    entities = {entity.id: entity for entity in kept.head.entities}
    for span, group in _spans(doc):
        if span is None:
            told = f"{name}: a span of {group!r} is not within the {len(doc):,} tokens of its document"
            yield import_fault("import-span-outside", path, told)
            continue
        start, end = doc[span.start].idx, doc[span.end - 1].idx + len(doc[span.end - 1])
        label = span.label_ or group
        if group == _ENTS and (start, end, label) in seen:
            continue
        seen[start, end, label] = None
        key = unique_name([*([span.id_] if span.id else []), f"s{len(spans) + 1}"], ids)
        ids[key] = None
        rest = kept.spans.get(key) or _Rest({}, None, None)
        if own is None:
            rest = _Rest({**_group(group, label), **extensions.get((start, end), {})}, _knowledge(span, entities), None)
        pieces = pieces_of(rest.fragments, start, end)
        spans.append(ForeignSpan(key, label, pieces, surface(doc.text, pieces), rest.attributes, rest.entity))
    yield ForeignDocument(
        name=kept.head.name or name,
        text=doc.text,
        path=path,
        meta={
            **{f"cats.{key}": value for key, value in doc.cats.items()},
            **extensions.get(None, {}),
            **kept.head.meta,
        },
        blocks=blocks_within(kept.head.blocks, doc.text),
        spans=tuple(spans),
        relations=kept.relations,
        entities=tuple(entities.values()),
        left_out=tuple(_left_out(doc)),
    )


class _Rest(NamedTuple):
    """What a span of spaCy does not say of itself; ``fragments`` as JSON has them."""

    attributes: Mapping[str, Scalar]
    entity: str | None
    fragments: Any


@dataclass(frozen=True)
class _Kept:
    """What stands in ``user_data`` under our key, of each span by its id."""

    head: Head = field(default_factory=Head)
    spans: Mapping[str, _Rest] = field(default_factory=dict)
    relations: tuple[ForeignRelation, ...] = ()


def _kept(own: Any) -> _Kept:
    """What ``write_spacy`` keeps in ``user_data``.

    Raises:
        ValueError: it is something else.
    """
    raw = json.loads(own) if isinstance(own, str) else own
    head = head_of(raw)
    spans, relations = raw.get("spans", {}), raw.get("relations", [])
    if not isinstance(spans, dict) or not isinstance(relations, list):
        raise ValueError("holds spans or relations in another form")
    return _Kept(head, {key: _span_rest(value) for key, value in spans.items()}, tuple(map(_relation, relations)))


def _span_rest(raw: Any) -> _Rest:
    entity = raw.get("entity") if isinstance(raw, dict) else 0
    if not isinstance(entity, str | None):
        raise ValueError("holds a span in another form")
    return _Rest(attributes_of(raw.get("attributes") or {}), entity, raw.get("fragments"))


def _relation(raw: Any) -> ForeignRelation:
    try:
        key, label, ends, attributes = raw
        pairs = tuple((role, end) for role, end in ends)
    except (TypeError, ValueError) as error:
        raise ValueError("holds a relation that is not [id, label, ends, attributes]") from error
    if not all(isinstance(word, str) for word in (key, label, *(w for pair in pairs for w in pair))):
        raise ValueError("holds a relation whose names are no text")
    return ForeignRelation(key, label, pairs, attributes_of(attributes))


def _spans(doc: Doc) -> Iterator[tuple[Span | None, str]]:
    """The spans of a document with their groups, None for one that is not within it; the entities come last."""
    for name, group in doc.spans.items():
        for number in range(len(group)):
            try:
                span = group[number]
            except IndexError:
                yield None, name
            else:
                yield (span if span.start < span.end else None), name
    yield from ((span, _ENTS) for span in doc.ents)


def _group(group: str, label: str) -> dict[str, Scalar]:
    """The group of a span, where it says more than the label."""
    return {} if group in (_ENTS, _USUAL_GROUP, label) else {"group": group}


def _extensions(doc: Doc) -> dict[tuple[int, int] | None, dict[str, Scalar]]:
    """Custom attributes by the place of their span; those of the document under None."""
    found: dict[tuple[int, int] | None, dict[str, Scalar]] = {}
    user_data: Mapping[Any, Any] = doc.user_data
    for key, value in user_data.items():
        if not isinstance(key, tuple) or len(key) != 4 or key[0] != _EXTENSION:
            continue
        _, name, start, end = key
        is_whole = start is None and end is None
        if (is_whole or end is not None) and isinstance(value, str | int | float | bool):
            found.setdefault(None if is_whole else (start, end), {})[str(name)] = value
    return found


def _knowledge(span: Span, entities: dict[str, ForeignEntity]) -> str | None:
    """The entity that a span's id in a knowledge base says; adds it to the others."""
    if not span.kb_id:
        return None
    key = span.kb_id_
    register = "wikidata" if re.fullmatch(r"Q\d+", key) else "kb"
    entities.setdefault(key, ForeignEntity(key, links={register: key}))
    return key


def _left_out(doc: Doc) -> Iterator[Lost]:
    for name in _SYNTAX:
        if doc.has_annotation(name):
            yield Lost("column", name.lower(), _NO_PLACE)
    user_data: Mapping[Any, Any] = doc.user_data
    tokens = {key[1] for key in user_data if isinstance(key, tuple) and key[2:3] != (None,) and key[3:] == (None,)}
    yield from (Lost("token attribute", str(name), _NO_PLACE) for name in sorted(map(str, tokens)))
    others = {key for key in user_data if not isinstance(key, tuple) and key != OWN}
    yield from (Lost("user_data", str(name), _NO_PLACE) for name in sorted(map(str, others)))
    if doc.has_unknown_spaces:
        yield Lost("spacing", "", "the file holds words alone, which were joined with blanks")
