"""The annotations of a WebAnno TSV file: columns of rows put together to spans, slots, chains and relations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.foreign import ForeignEntity, ForeignRelation, ForeignSpan, Pieces, Scalar
from corpus_tool.formats.uima import (
    ANNOTATION,
    TOKEN,
    linked_entities,
    read_relation,
    read_slot,
    read_span,
    short_name,
    with_own_ids,
)
from corpus_tool.formats.webanno_tsv_rows import (
    CHAIN_LAYER,
    FEATURE,
    NO_ANNOTATION,
    NO_VALUE,
    PRESENCE,
    RELATION_LAYER,
    RELATION_SOURCE,
    ROLE,
    SLOT_TARGET,
    Column,
    Row,
    by_type,
    chained,
    numbered,
    slots,
    stacked,
    unescaped_value,
)


@dataclass
class _Mark:
    """An annotation while its rows are gathered.

    Attributes:
        type: the full name of its type.
        rows: the rows that it stands in, in order.
        features: its features.
        roles: the roles of its slots, by feature.
        targets: what its slots lead to, by feature: (row, number, type).
        chain: the chain that it is a link of, and its place in it.
    """

    type: str
    rows: list[Row] = field(default_factory=list)
    features: dict[str, Scalar] = field(default_factory=dict)
    roles: dict[str, list[str | None]] = field(default_factory=dict)
    targets: dict[str, list[tuple[str, str | None, str]]] = field(default_factory=dict)
    chain: tuple[str, int] | None = None


@dataclass(frozen=True)
class _Arrow:
    """A relation while it is gathered: where it comes from, the row that it leads to, and the numbers of both."""

    type: str
    source: str
    numbers: tuple[str, str]
    base: str
    row: Row
    features: dict[str, Scalar]


@dataclass
class Marks:
    """What is annotated in a file."""

    spans: list[ForeignSpan] = field(default_factory=list)
    relations: list[ForeignRelation] = field(default_factory=list)
    entities: list[ForeignEntity] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass
class _Gathered:
    marks: list[_Mark] = field(default_factory=list)
    arrows: list[_Arrow] = field(default_factory=list)
    numbers: dict[tuple[str, str], _Mark] = field(default_factory=dict)  # by type and number
    by_number: dict[str, _Mark] = field(default_factory=dict)
    by_row: dict[str, list[_Mark]] = field(default_factory=dict)
    links: dict[tuple[str, str, int], _Mark] = field(default_factory=dict)  # by type, chain and place in it
    faults: list[tuple[int, str]] = field(default_factory=list)

    def new(self, type_: str) -> _Mark:
        self.marks.append(_Mark(type_))
        return self.marks[-1]

    def stand(self, mark: _Mark, row: Row) -> None:
        """Notes that an annotation stands in a row."""
        if not mark.rows or mark.rows[-1] is not row:
            mark.rows.append(row)
            self.by_row.setdefault(row.id, []).append(mark)


def marks_of(rows: Sequence[Row], columns: Sequence[Column], path: str) -> Marks:
    """The annotations of rows whose offsets are code points of the document."""
    gathered = _Gathered()
    own = by_type(columns)
    for row in rows:
        if len(row.fields) < 3 + len(columns):
            continue
        for type_, found in own.items():
            if found[0].layer == RELATION_LAYER:
                _gather_relations(row, type_, found, gathered)
            elif found[0].layer == CHAIN_LAYER:
                _gather_chain(row, type_, found, gathered)
            else:
                _gather_spans(row, type_, found, gathered)
    marks = Marks()
    _finish(rows, gathered, marks, path)
    marks.diagnostics += [import_fault("import-record-unreadable", path, told, line=n) for n, told in gathered.faults]
    return marks


def _cells(row: Row, columns: Sequence[Column]) -> dict[Column, list[str]]:
    return {c: stacked(row.fields[c.at]) for c in columns if row.fields[c.at] != NO_ANNOTATION}


def _gather_spans(row: Row, type_: str, columns: Sequence[Column], gathered: _Gathered) -> None:
    """Takes the values of one span layer in a row: the annotation of a value is known by its number or its place."""
    cells = _cells(row, columns)
    if not cells:
        return
    depth = max(map(len, cells.values()))
    here: list[_Mark | None] = [None] * depth
    for column, values in cells.items():
        if len(values) < depth or column.holds == SLOT_TARGET:
            continue
        for at, value in enumerate(values):
            number = numbered(value)[1]
            if number is not None and here[at] is None:
                mark = gathered.numbers.get((type_, number)) or gathered.new(type_)
                here[at] = gathered.numbers[type_, number] = gathered.by_number[number] = mark
    stack = [mark or gathered.new(type_) for mark in here]
    for mark in stack:
        gathered.stand(mark, row)
    for column, values in cells.items():
        for at, cell in enumerate(values):
            value, number = (cell, None) if column.holds == SLOT_TARGET else numbered(cell)
            mark = gathered.numbers.get((type_, number), stack[at]) if number is not None else stack[at]
            _set(mark, column, value)


def _set(mark: _Mark, column: Column, value: str) -> None:
    """Sets what one value says of an annotation; rows after the first repeat it."""
    if column.holds == FEATURE:
        if value not in (NO_VALUE, NO_ANNOTATION):
            mark.features.setdefault(column.feature, unescaped_value(value))
    elif column.holds == ROLE:
        if column.feature not in mark.roles and value != NO_ANNOTATION:
            mark.roles[column.feature] = [None if v == NO_VALUE else unescaped_value(v) for v in slots(value)]
    elif column.holds == SLOT_TARGET and column.feature not in mark.targets and value not in (NO_VALUE, NO_ANNOTATION):
        mark.targets[column.feature] = [(*numbered(v), column.target) for v in slots(value)]


def _gather_relations(row: Row, type_: str, columns: Sequence[Column], gathered: _Gathered) -> None:
    cells = _cells(row, columns)
    source = next((c for c in cells if c.holds == RELATION_SOURCE), None)
    if source is None:
        if cells:
            gathered.faults.append((row.line, f"{row.id}: a {short_name(type_)} does not say where it comes from"))
        return
    for at, cell in enumerate(cells[source]):
        value, number = numbered(cell)
        ours, _, theirs = (number or "0_0").partition("_")
        features: dict[str, Scalar] = {}
        for column, values in cells.items():
            if column.holds == FEATURE and at < len(values):
                plain = numbered(values[at])[0]
                if plain not in (NO_VALUE, NO_ANNOTATION):
                    features[column.feature] = unescaped_value(plain)
        gathered.arrows.append(_Arrow(type_, value, (ours, theirs or "0"), source.target, row, features))


def _gather_chain(row: Row, type_: str, columns: Sequence[Column], gathered: _Gathered) -> None:
    cells = _cells(row, columns)
    links = next((c for c in cells if c.feature == "referenceRelation"), None)
    if links is None:
        if cells:
            gathered.faults.append((row.line, f"{row.id}: a link of {short_name(type_)} has no referenceRelation"))
        return
    for at, cell in enumerate(cells[links]):
        found = chained(cell)
        if found is None:
            gathered.faults.append((row.line, f"{row.id}: no link of a chain, as ->1-2: {cell[:40]!r}"))
            continue
        relation, chain, place = found
        mark = gathered.links.get((type_, chain, place))
        if mark is None:
            mark = gathered.links[type_, chain, place] = gathered.new(type_)
            mark.chain = (chain, place)
            if relation != NO_VALUE:
                mark.features[links.feature] = unescaped_value(relation)
        gathered.stand(mark, row)
        for column, values in cells.items():
            if column is not links and column.holds in (FEATURE, PRESENCE) and at < len(values):
                value = numbered(values[at])[0]
                if value != NO_VALUE:
                    mark.features.setdefault(column.feature, unescaped_value(value))


def _finish(rows: Sequence[Row], gathered: _Gathered, marks: Marks, path: str) -> None:
    """Turns what was gathered into spans and relations."""
    tokens = {row.id: row for row in rows if row.is_token}
    ends = [(arrow, *_ends(arrow, gathered, tokens)) for arrow in gathered.arrows]
    keys = {id(mark): f"a{number}" for number, mark in enumerate(gathered.marks, 1)}
    edges = sorted((row.begin, row.end) for row in tokens.values())
    spans = []
    for mark in gathered.marks:
        first = mark.rows[0]
        words = " ".join(row.words for row in mark.rows)
        spans.append(read_span(keys[id(mark)], mark.type, mark.features, _pieces(mark.rows, edges), words, first.line))
    marks.spans, ids = with_own_ids(spans, keys.values())
    by_mark = {id(mark): ids[keys[id(mark)]] for mark in gathered.marks}
    marks.spans = list(_with_chains(marks.spans, gathered))
    marks.entities = list(linked_entities(marks.spans))
    for number, (arrow, source, target) in enumerate(ends, 1):
        if source is None or target is None:
            there = f"{arrow.source}[{'_'.join(arrow.numbers)}]"
            told = f"{arrow.row.id}: a {short_name(arrow.type)} from {there}, where no {short_name(arrow.base)} stands"
            marks.diagnostics.append(import_fault("import-link-broken", path, told, line=arrow.row.line))
            continue
        found = by_mark[id(source)], by_mark[id(target)]
        marks.relations.append(read_relation(f"r{number}", arrow.type, arrow.features, found, arrow.row.line))
    for mark in gathered.marks:
        marks.relations += _slots(mark, by_mark, gathered, marks, path)


def _ends(arrow: _Arrow, gathered: _Gathered, tokens: dict[str, Row]) -> tuple[_Mark | None, _Mark | None]:
    source = _found(arrow.source, arrow.numbers[0], arrow.base, gathered, tokens)
    return source, _found(arrow.row.id, arrow.numbers[1], arrow.base, gathered, tokens)


def _found(
    row: str, number: str | None, type_: str, gathered: _Gathered, tokens: dict[str, Row] | None = None
) -> _Mark | None:
    """The annotation that a reference names: by its number, else the one of its type that starts in a row.

    A relation between tokens makes these annotations, for it could not stand without them.
    """
    if number not in (None, "0"):
        return gathered.numbers.get((type_, number)) or gathered.by_number.get(number)
    here = [mark for mark in gathered.by_row.get(row, ()) if type_ in (mark.type, ANNOTATION)]
    starting = [mark for mark in here if mark.rows[0].id == row]
    if starting or here:
        return (starting or here)[0]
    if (
        tokens is None
        or row not in tokens
        or not type_.startswith((TOKEN, "de.tudarmstadt.ukp.dkpro.core.api.lexmorph"))
    ):
        return None
    mark = next((mark for mark in gathered.by_row.get(row, ()) if mark.type == TOKEN), None) or gathered.new(TOKEN)
    gathered.stand(mark, tokens[row])
    return mark


def _slots(mark: _Mark, ids: dict[int, str], gathered: _Gathered, marks: Marks, path: str) -> Iterator[ForeignRelation]:
    host = ids[id(mark)]
    for feature, targets in mark.targets.items():
        roles = mark.roles.get(feature, [])
        for number, (row, disambiguation, type_) in enumerate(targets, 1):
            target = _found(row, disambiguation, type_, gathered)
            line = mark.rows[0].line
            if target is None:
                told = f"{mark.rows[0].id}: {feature} leads to {row}, where no {short_name(type_)} stands"
                marks.diagnostics.append(import_fault("import-link-broken", path, told, line=line))
                continue
            role = roles[number - 1] if number <= len(roles) else None
            yield read_slot(f"{host}.{feature}.{number}", role, feature, host, ids[id(target)], line)


def _with_chains(spans: Sequence[ForeignSpan], gathered: _Gathered) -> Iterator[ForeignSpan]:
    """The spans, links of one chain as mentions of one entity."""
    for span, mark in zip(spans, gathered.marks, strict=True):
        if mark.chain is None:
            yield span
        else:
            yield replace(span, entity=f"{short_name(mark.type)}-{mark.chain[0]}")


def _pieces(rows: Sequence[Row], tokens: Sequence[tuple[int, int]]) -> Pieces:
    """Where an annotation stands: its rows, and what lies between them unless that is a token of nobody's."""
    ordered = sorted((row.begin, row.end) for row in rows)
    together = [ordered[0]]
    for begin, end in ordered[1:]:
        last = together[-1]
        at = max(bisect_right(tokens, (last[1],)) - 1, 0)
        is_apart = any(b < begin and e > last[1] for b, e in tokens[at : at + 2])
        if begin <= last[1] or not is_apart:
            together[-1] = (last[0], max(last[1], end))
        else:
            together.append((begin, end))
    return tuple(together)
