"""WebAnno TSV 3.3, written: sentences and tokens of our own making, a type a layer, slots for links.

WebAnno reads the text back from the sentences, so these and the gaps between them are cut such that every character
comes back: a sentence begins right behind the one before it, or behind a line end and spaces.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus_tool.formats.fit import Fitted, Holds, fit
from corpus_tool.formats.foreign import ForeignDocument, ForeignRelation, ForeignSpan
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.offsets import UTF16, Scale, scale_of
from corpus_tool.formats.uima import (
    ANNOTATION,
    LINKS,
    Typed,
    is_slot,
    relation_features,
    span_features,
    with_plain_links,
)
from corpus_tool.formats.webanno_tsv_rows import NO_ANNOTATION, NO_VALUE, escaped_text, escaped_value
from corpus_tool.language.sentences import sentence_bounds

_HOLDS = Holds(entity_details=False, meta=False, blocks=False)

#: A word with its marks, or any other character as readers see it; never white space.
_TOKEN = r"[\p{L}\p{N}][\p{L}\p{N}\p{M}\u200c\u200d]*|(?!\s)\X"  # no secret


def fit_webanno_tsv(document: ForeignDocument) -> Fitted:
    """A document as WebAnno TSV can hold it: nothing of the article, and of entities which mentions belong together."""
    mentioned = {span.entity for span in document.spans}
    lost = [Lost("entity", e.id, "nothing mentions it") for e in document.entities if e.id not in mentioned]
    entities = tuple(e for e in document.entities if e.id in mentioned)
    fitted = fit(with_plain_links(replace(document, entities=entities)), _HOLDS)
    return Fitted(fitted.document, (*lost, *fitted.lost))


def write_webanno_tsv(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes a .tsv for each document."""
    for document in documents:
        lines = render(document)
        (folder / f"{document.name}.tsv").write_text("".join(lines), encoding="utf-8", newline="")


@dataclass
class _Unit:
    """A token or a part of one, in code points.

    Attributes:
        id: ``1-2`` or ``1-2.1``.
        start: where it starts.
        end: where it ends.
        spans: what stands on it, in the order of the document.
        parts: the parts of it that spans begin or end in.
        relations: the relations that lead to an annotation that begins here.
    """

    id: str
    start: int
    end: int
    spans: list[ForeignSpan] = field(default_factory=list)
    parts: dict[tuple[int, int], _Unit] = field(default_factory=dict)
    relations: list[ForeignRelation] = field(default_factory=list)


@dataclass(frozen=True)
class _Layer:
    """A layer as the header declares it: the names of its features, and whether it has slots or is of relations."""

    type: str
    features: tuple[str, ...]
    has_slots: bool = False
    is_relation: bool = False


@dataclass
class _Sheet:
    """What the rows of a document are written from."""

    typed: dict[str, Typed]
    layers: list[_Layer]
    slots: dict[str, list[ForeignRelation]]
    units: dict[str, _Unit] = field(default_factory=dict)  # by id of a span, the one that it begins on
    numbers: dict[str, int] = field(default_factory=dict)  # by id of a span


def render(document: ForeignDocument) -> Iterator[str]:
    """The lines of a document's file."""
    slots: dict[str, list[ForeignRelation]] = {}
    arrows = []
    for relation in document.relations:
        if is_slot(relation):
            slots.setdefault(relation.ends[0][1], []).append(relation)
        else:
            arrows.append(relation)
    typed = {s.id: span_features(s) for s in document.spans} | {r.id: relation_features(r) for r in arrows}
    sheet = _Sheet(typed, _layers(document.spans, arrows, typed, slots), slots)
    sentences = _sentences(document)
    tokens = [unit for _, _, units in sentences for unit in units]
    for span in document.spans:
        _stand(span, tokens, sheet)
    for relation in arrows:
        sheet.units[relation.ends[1][1]].relations.append(relation)
    _number(tokens, document.relations, sheet)
    yield "#FORMAT=WebAnno TSV 3.3\n"
    yield from (_declaration(layer) for layer in sheet.layers)
    yield "\n"
    scale = scale_of(document.text, UTF16)
    for start, end, units in sentences:
        yield "\n"
        yield from (f"#Text={escaped_text(line)}\n" for line in document.text[start:end].split("\n"))
        for token in units:
            yield _row(token, document.text, scale, sheet)
            yield from (_row(token.parts[edges], document.text, scale, sheet) for edges in sorted(token.parts))


def _layers(
    spans: Sequence[ForeignSpan],
    arrows: Sequence[ForeignRelation],
    typed: dict[str, Typed],
    slots: dict[str, list[ForeignRelation]],
) -> list[_Layer]:
    """The layers of a document: those of spans first, as the format asks."""
    found: list[_Layer] = []
    groups: tuple[tuple[Sequence[ForeignSpan | ForeignRelation], bool], ...] = ((spans, False), (arrows, True))
    for items, is_relation in groups:
        by_type: dict[str, list[str]] = {}
        for item in items:
            by_type.setdefault(typed[item.id].type, []).append(item.id)
        for type_, ids in sorted(by_type.items()):
            features = tuple(sorted({name for i in ids for name in typed[i].features}))
            has_slots = not is_relation and any(i in slots for i in ids)
            found.append(_Layer(type_, features, has_slots, is_relation))
    return found


def _declaration(layer: _Layer) -> str:
    columns = [layer.type, *layer.features]
    if layer.has_slots:
        link = f"{layer.type}{LINKS.capitalize()}Link"
        columns += [f"ROLE_{layer.type}:{LINKS}_{link}", ANNOTATION]
    if layer.is_relation:
        columns.append(f"BT_{ANNOTATION}")
    return f"#T_{'RL' if layer.is_relation else 'SP'}={'|'.join(columns)}\n"


def _sentences(document: ForeignDocument) -> list[tuple[int, int, list[_Unit]]]:
    """Where each sentence starts and ends, and its tokens."""
    import regex

    text = document.text
    edges = {found.span() for found in regex.finditer(_TOKEN, text)}
    inside = {at for start, end in edges for at in range(start, end)}
    wanted = {at for s in document.spans for at in (s.start, s.end - 1)}
    first = next((at for at, c in enumerate(text) if c != " "), 0)
    blank = {at for at in wanted | {first} if at < len(text) and at not in inside}  # white space that must have a row
    ordered = sorted(edges | {(at, at + 1) for at in blank})
    starts = _starts(text, [start for start, _ in ordered])
    sentences = []
    for number, (start, following) in enumerate(zip(starts, [*starts[1:], None], strict=True), 1):
        end = len(text) if following is None else following
        own = ordered[bisect_left(ordered, (start,)) : bisect_left(ordered, (end,))]
        gap = text[start:end].rstrip(" ")
        if following is not None and gap.endswith("\n") and (start + len(gap) - 1) >= own[-1][1]:
            end = start + len(gap) - 1
        sentences.append((start, end, [_Unit(f"{number}-{n}", *edge) for n, edge in enumerate(own, 1)]))
    return sentences


def _starts(text: str, tokens: Sequence[int]) -> list[int]:
    """The tokens that sentences start at: the first one, and those that begin a line or a sentence."""
    begun: set[int] = set()
    at = 0
    for line in text.split("\n"):
        begun |= {at + start for start, _ in sentence_bounds(line)}
        at += len(line) + 1
    found: list[int] = []
    for token in tokens:
        before = text[:token] if token < 80 else text[token - 80 : token]
        is_line = before.rstrip(" ").endswith("\n")
        if not found or is_line or token in begun:
            found.append(token)
    return found


def _stand(span: ForeignSpan, tokens: Sequence[_Unit], sheet: _Sheet) -> None:
    """Puts a span on the tokens that it covers, and on parts of those that it begins or ends in."""
    at = bisect_right(tokens, span.start, key=lambda unit: unit.start) - 1
    first = True
    while at < len(tokens) and tokens[at].start < span.end:
        token = tokens[at]
        edges = (max(token.start, span.start), min(token.end, span.end))
        unit = token
        if edges != (token.start, token.end):
            unit = token.parts.setdefault(edges, _Unit("", *edges))
        unit.spans.append(span)
        if first:
            sheet.units[span.id] = unit
        first = False
        at += 1


def _number(tokens: Sequence[_Unit], relations: Sequence[ForeignRelation], sheet: _Sheet) -> None:
    """Gives parts their ids, and numbers to what cannot be told apart otherwise or is led to."""
    referred = {i for r in relations for _, i in (r.ends[1:] if is_slot(r) else r.ends)}
    seen: set[str] = set()
    several: set[str] = set()
    order: list[str] = []
    for token in tokens:
        for number, edges in enumerate(sorted(token.parts), 1):
            token.parts[edges].id = f"{token.id}.{number}"
        for unit in (token, *(token.parts[edges] for edges in sorted(token.parts))):
            types = [sheet.typed[s.id].type for s in unit.spans]
            several |= {s.id for s, type_ in zip(unit.spans, types, strict=True) if types.count(type_) > 1}
            several |= {s.id for s in unit.spans} & seen
            order += [s.id for s in unit.spans if s.id not in seen]
            seen |= {s.id for s in unit.spans}
    numbered = [i for i in order if i in several or i in referred]
    sheet.numbers |= {i: number for number, i in enumerate(numbered, 1)}


def _row(unit: _Unit, text: str, scale: Scale, sheet: _Sheet) -> str:
    words = text[unit.start : unit.end]
    fields = [unit.id, f"{scale[unit.start]}-{scale[unit.end]}", words if words.strip() else escaped_text(words)]
    for layer in sheet.layers:
        fields += _relation_cells(unit, layer, sheet) if layer.is_relation else _span_cells(unit, layer, sheet)
    return "\t".join(fields) + "\t\n"


def _span_cells(unit: _Unit, layer: _Layer, sheet: _Sheet) -> Iterator[str]:
    own = [span for span in unit.spans if sheet.typed[span.id].type == layer.type]
    for name in layer.features:
        values = [sheet.typed[span.id].features.get(name) for span in own]
        cells = [_value(value) + _suffix(span.id, sheet) for value, span in zip(values, own, strict=True)]
        yield "|".join(cells) or NO_ANNOTATION
    if layer.has_slots:
        roles, targets = [], []
        for span in own:
            links = sheet.slots.get(span.id, [])
            roles.append((";".join(_value(link.label) for link in links) or NO_ANNOTATION) + _suffix(span.id, sheet))
            ends = [link.ends[1][1] for link in links]
            targets.append(";".join(sheet.units[end].id + _suffix(end, sheet) for end in ends) or NO_VALUE)
        yield "|".join(roles) or NO_ANNOTATION
        yield "|".join(targets) or NO_ANNOTATION


def _relation_cells(unit: _Unit, layer: _Layer, sheet: _Sheet) -> Iterator[str]:
    own = [relation for relation in unit.relations if sheet.typed[relation.id].type == layer.type]
    for name in layer.features:
        yield "|".join(_value(sheet.typed[r.id].features.get(name)) for r in own) or NO_ANNOTATION
    ends = [(r.ends[0][1], r.ends[1][1]) for r in own]
    cells = [f"{sheet.units[a].id}[{sheet.numbers[a]}_{sheet.numbers[b]}]" for a, b in ends]
    yield "|".join(cells) or NO_ANNOTATION


def _value(value: str | None) -> str:
    return NO_VALUE if value is None else escaped_value(value)


def _suffix(key: str, sheet: _Sheet) -> str:
    return f"[{sheet.numbers[key]}]" if key in sheet.numbers else ""


__all__ = ["fit_webanno_tsv", "render", "write_webanno_tsv"]
