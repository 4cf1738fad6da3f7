"""brat stand-off, written: .txt, .ann and ``annotation.conf``; and what brat cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus_tool.formats.brat import ANNOTATOR_NOTES, LINE_BREAKS
from corpus_tool.formats.brat_config import Seen, closed_attributes, render_config
from corpus_tool.formats.brat_entities import ALIASES, KIND, OWN_REGISTER
from corpus_tool.formats.fit import Fitted, Holds, fit, without_spans
from corpus_tool.formats.foreign import (
    FROM,
    NOTE,
    TO,
    ForeignDocument,
    ForeignEntity,
    ForeignRelation,
    ForeignSpan,
    Pieces,
    Scalar,
)
from corpus_tool.formats.ledger import Lost
from corpus_tool.model import CorpusToolError, surface

_HOLDS = Holds(types=False, meta=False, blocks=False)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BREAKS = re.compile(f"[{re.escape(LINE_BREAKS)}]+")
_ONE_LINE = "it does not fit on a line of brat's"


def fit_brat(document: ForeignDocument) -> Fitted:
    """A document as brat can hold it: no line break within a span or a value, and names in letters, digits, - and _.

    Raises:
        CorpusToolError: a label of the user's mapping is no name of a brat type.
    """
    fitted = fit(document, _HOLDS)
    document, lost = fitted.document, list(fitted.lost)
    empty = [s.id for s in document.spans if not _cut(document.text, s.pieces)]
    document = without_spans(document, empty, lost, "it holds nothing but line ends")
    spans = tuple(_fit_span(span, document.text, lost) for span in document.spans)
    relations = tuple(_fit_relation(relation, lost) for relation in document.relations)
    mentioned = {span.entity for span in spans if span.entity is not None}
    entities = []
    for entity in document.entities:
        if entity.id in mentioned:
            entities.append(_fit_entity(entity, lost))
        else:
            lost.append(Lost("entity", entity.id, "nothing mentions it"))
    return Fitted(replace(document, spans=spans, relations=relations, entities=tuple(entities)), tuple(lost))


def _cut(text: str, pieces: Pieces) -> Pieces:
    """Pieces cut at line ends, which stand outside of them."""
    cut: list[tuple[int, int]] = []
    for start, end in pieces:
        at = start
        for found in _BREAKS.finditer(text, start, end):
            cut.append((at, found.start()))
            at = found.end()
        cut.append((at, end))
    return tuple((start, end) for start, end in cut if start < end)


def _fit_span(span: ForeignSpan, text: str, lost: list[Lost]) -> ForeignSpan:
    if not _NAME.fullmatch(span.label):
        raise CorpusToolError(f"{span.label!r} is no type of brat's: letters, digits, - and _; choose another label")
    pieces = _cut(text, span.pieces)
    if (pieces[0][0], pieces[-1][1]) != (span.start, span.end):
        lost.append(Lost("extent", span.id, "brat has no line end at the edge of a span"))
    gaps = [text[one[1] : other[0]] for one, other in zip(span.pieces, span.pieces[1:], strict=False)]
    if any(not gap.strip(LINE_BREAKS) for gap in gaps):
        lost.append(Lost("fragments", span.id, "only a line end stands between them"))
    attributes = _fit_attributes(span.id, span.attributes, lost)
    return replace(span, pieces=pieces, words=surface(text, pieces), attributes=attributes)


def _fit_attributes(key: str, attributes: Mapping[str, Scalar], lost: list[Lost]) -> dict[str, Scalar]:
    kept: dict[str, Scalar] = {}
    for name, value in attributes.items():
        if name != ANNOTATOR_NOTES and _NAME.fullmatch(name) and _is_line(str(value)):
            kept[name] = value
        else:
            lost.append(Lost(name, key, _ONE_LINE))
    return kept


def _is_line(value: str) -> bool:
    """Whether a value can stand as a note's text: not empty, on one line, without white space at its edges."""
    return bool(value) and value == value.strip() and not _BREAKS.search(value) and "\t" not in value


def _fit_relation(relation: ForeignRelation, lost: list[Lost]) -> ForeignRelation:
    label = relation.label
    if not _NAME.fullmatch(label):
        label = re.sub(r"[^A-Za-z0-9_-]+", "_", label)
        label = label if _NAME.fullmatch(label) else f"x{label}"
        lost.append(Lost("type", relation.id, "names of brat's are letters, digits, - and _"))
    return replace(relation, label=label, attributes=_fit_attributes(relation.id, relation.attributes, lost))


def _fit_entity(entity: ForeignEntity, lost: list[Lost]) -> ForeignEntity:
    name = entity.name
    if name is not None and not _is_line(name):
        lost.append(Lost("name", entity.id, _ONE_LINE))
        name = None
    aliases = entity.aliases
    if not all(map(_is_line, aliases)):
        lost.append(Lost(ALIASES, entity.id, _ONE_LINE))
        aliases = ()
    links = {}
    for register, value in entity.links.items():
        if re.fullmatch(r"[^\s:]+", register) and re.fullmatch(r"\S+", value) and register != OWN_REGISTER:
            links[register] = value
        else:
            lost.append(Lost("links", entity.id, "brat's identifiers have no white space"))
    kind = entity.kind
    if kind is not None and not _is_line(kind):
        lost.append(Lost(KIND, entity.id, _ONE_LINE))
        kind = None
    attributes = {}
    for key, held in _fit_attributes(entity.id, entity.attributes, lost).items():
        if key in (ALIASES, KIND, NOTE):
            lost.append(Lost(key, entity.id, "a field of the entity is called the same"))
        else:
            attributes[key] = held
    return replace(entity, name=name, kind=kind, aliases=aliases, links=links, attributes=attributes)


def write_brat(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes a .txt and an .ann for each document, and an ``annotation.conf`` for all."""
    seen, closed = Seen(), closed_attributes()
    for document in documents:
        path = folder / f"{document.name}.txt"
        path.write_bytes(document.text.encode("utf-8"))
        records = list(_records(document, closed))
        path.with_suffix(".ann").write_bytes("".join(f"{record}\n" for record in records).encode("utf-8"))
        seen.add(document, closed)
    (folder / "annotation.conf").write_text(render_config(seen, closed), encoding="utf-8")


def _records(document: ForeignDocument, closed: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The records of an .ann file: all T first, then what links them, then what is said of them."""
    ordered = sorted(document.spans, key=lambda s: (s.start, -s.end))
    ids = _numbers(ordered)
    about: list[tuple[str, Mapping[str, Scalar]]] = []
    for span in ordered:
        yield _text_bound(ids[span.id], span.label, span.pieces, span.words or "")
        about.append((ids[span.id], span.attributes))
    triggers, events, arrows = max((int(key[1:]) for key in ids.values()), default=0), 0, 0
    for relation in document.relations:
        if [role for role, _ in relation.ends] == [FROM, TO]:
            arrows += 1
            (_, first), (_, second) = relation.ends
            yield f"R{arrows}\t{relation.label} Arg1:{ids[first]} Arg2:{ids[second]}\t"
            about.append((f"R{arrows}", relation.attributes))
        else:
            events, triggers = events + 1, triggers + 1
            yield from _event(f"E{events}", f"T{triggers}", relation, document, ids)
            about.append((f"E{events}", relation.attributes))
    yield from _normalizations(document, ids, about)
    numbers = {"A": 0, "#": 0}
    for key, attributes in about:
        for name, value in attributes.items():
            is_closed = name in closed and value in closed[name] and not key.startswith("N")
            letter = "A" if is_closed else "#"
            for line in str(value).split("\n"):
                numbers[letter] += 1
                own = f"{letter}{numbers[letter]}"
                called = ANNOTATOR_NOTES if name == NOTE else name
                yield f"{own}\t{name} {key} {value}" if is_closed else f"{own}\t{called} {key}\t{line}"


def _numbers(spans: Sequence[ForeignSpan]) -> dict[str, str]:
    """The T number of each span: its own id where it is one, as in what came from brat, else a free one."""
    ids = {span.id: span.id for span in spans if re.fullmatch(r"T[1-9]\d{0,8}", span.id)}
    number = max((int(key[1:]) for key in ids), default=0)
    for span in spans:
        if span.id not in ids:
            number += 1
            ids[span.id] = f"T{number}"
    return ids


def _text_bound(key: str, label: str, pieces: Pieces, words: str) -> str:
    return f"{key}\t{label} {';'.join(f'{start} {end}' for start, end in pieces)}\t{words}"


def _event(
    key: str, trigger: str, relation: ForeignRelation, document: ForeignDocument, ids: Mapping[str, str]
) -> Iterator[str]:
    """An event and its trigger, which stands on the words of its shortest argument: the cue, where it has one."""
    spans = {span.id: span for span in document.spans}
    shortest = min((spans[end] for _, end in relation.ends), key=lambda s: s.end - s.start)
    yield _text_bound(trigger, relation.label, shortest.pieces, shortest.words or "")
    counts: dict[str, int] = {}
    roles = []
    for role, end in relation.ends:
        counts[role] = counts.get(role, 0) + 1
        roles.append(f"{role}{counts[role] if counts[role] > 1 else ''}:{ids[end]}")
    yield f"{key}\t{relation.label}:{trigger} {' '.join(roles)}"


def _normalizations(
    document: ForeignDocument, ids: Mapping[str, str], about: list[tuple[str, Mapping[str, Scalar]]]
) -> Iterator[str]:
    """For each mention its entity, and the entity's links; what else is known of it stands on the first."""
    number = 0
    entities = {entity.id: entity for entity in document.entities}
    told: set[str] = set()
    for span in sorted(document.spans, key=lambda s: (s.start, -s.end)):
        entity = entities.get(span.entity or "")
        if entity is None:
            continue
        registers = {OWN_REGISTER: entity.id, **entity.links}
        for register, value in registers.items():
            number += 1
            yield f"N{number}\tReference {ids[span.id]} {register}:{value}\t{entity.name or ''}"
            if entity.id not in told:
                told.add(entity.id)
                notes: dict[str, Scalar] = {**entity.attributes}
                if entity.kind is not None:
                    notes[KIND] = entity.kind
                if entity.aliases:
                    notes[ALIASES] = "\n".join(entity.aliases)
                about.append((f"N{number}", notes))
