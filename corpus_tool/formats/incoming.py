"""From the neutral middle to a document: spans become annotations, relations become links, parts and entities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan, Pieces, Scalar
from corpus_tool.formats.incoming_entities import entities_of
from corpus_tool.formats.incoming_links import ends_of, kept_relations, set_links
from corpus_tool.formats.incoming_run import Run, fresh_id, shortened, span_json
from corpus_tool.formats.ledger import DROPPED, Lost
from corpus_tool.formats.mapping import LabelMapping, SpanRule
from corpus_tool.formats.offsets import Normal, normal, same_words
from corpus_tool.formats.values import HALF, value_of
from corpus_tool.model import surface
from corpus_tool.model.schemas import RESERVED, JsonObject, Layer, base_schema


@dataclass(frozen=True)
class Incoming:
    """What a foreign document holds, as JSON of a document.

    Attributes:
        text: the text as documents hold it.
        moved: from code points of the tool's text to those of ``text``.
        layers: annotations by layer, in order of the text; not checked against the schema.
        entities: the entities.
        relations: the relations that are none of an annotation's links.
        lines: the line of the source of each annotation, entity and relation, by id.
        lost: what was left out on purpose, with the label of the source as ``id``.
        diagnostics: what could not be read.
    """

    text: str
    moved: Normal
    layers: Mapping[str, list[JsonObject]]
    entities: list[JsonObject]
    relations: list[JsonObject]
    lines: Mapping[str, int]
    lost: tuple[Lost, ...]
    diagnostics: tuple[Diagnostic, ...]


def from_foreign(source: ForeignDocument, mapping: LabelMapping, layers: Mapping[str, Layer], tool: str) -> Incoming:
    """A foreign document's text and annotations, as JSON of ours.

    Args:
        source: what a reader gave.
        mapping: what labels stand for; spans of labels that it does not name are left out, and listed.
        layers: the layers of the corpus.
        tool: the format's name, for annotations of nobody in particular.
    """
    run = Run(source, mapping, layers, normal(source.text))
    found: dict[str, list[JsonObject]] = defaultdict(list)
    for span in source.spans:
        made = _annotation(span, run, source.annotator or mapping.annotator or tool)
        if made is not None:
            found[made[0]].append(made[1])
    relations: list[JsonObject] = []
    same: list[list[str]] = []
    for relation in source.relations:
        rule = mapping.relation_rule(relation.label)
        ends = ends_of(relation, rule, run)
        if rule.drop is not None:
            run.lost.append(Lost(DROPPED, relation.label, rule.drop))
        elif ends is None:
            continue
        elif rule.same_entity:
            same.append([i for _, i in ends])
        elif rule.attributes:
            set_links(relation, rule, ends, run)
        else:
            relations += kept_relations(relation, rule.keep or relation.label, ends, run)
    for key, (span, _) in run.parts.items():
        if key not in run.used_parts:
            run.lost.append(Lost("span", span.label, "no relation says what it belongs to"))
    entities = entities_of(same, run)
    return Incoming(
        run.text.text,
        run.text,
        {name: sorted(rows, key=lambda a: (a["start"], -a["end"])) for name, rows in found.items()},
        entities,
        relations,
        run.lines,
        (*run.lost, *source.left_out),
        tuple(run.diagnostics),
    )


def unfit_character(text: str) -> str | None:
    """A character that no document may hold, as ``U+0000``; None where the text has none."""
    found = HALF.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def _annotation(span: ForeignSpan, run: Run, annotator: str) -> tuple[str, JsonObject] | None:
    """The layer and the annotation of a span; None where it is none, or cannot be one."""
    rule = run.mapping.span_rule(span.label)
    if rule is None or rule.drop is not None:
        run.gone.add(span.id)
        why = "the mapping does not name its label" if rule is None or rule.drop is None else rule.drop
        run.lost.append(Lost("span" if rule is None else DROPPED, span.label, why))
        return None
    own = _placed(span, run)
    if own is None:
        run.gone.add(span.id)
        return None
    if rule.part is not None:
        run.parts[span.id] = (span, own)
        return None
    name = rule.layer or ""
    key = fresh_id(span.id, name[:1] or "x", run.taken)
    run.ids[span.id] = key
    run.lines[key] = span.line
    made: JsonObject = {"id": key, **span_json(run.text.text, own)}
    _add_attributes(made, span, rule, run, annotator)
    run.owners[span.id] = (name, made)
    return name, made


def _placed(span: ForeignSpan, run: Run) -> Pieces | None:
    """Where a span stands in our text; None, and told, where it stands nowhere or on other words."""
    length = len(run.source.text)
    bad = [p for p in span.pieces if not 0 <= p[0] < p[1] <= length]
    if bad or not span.pieces:
        start, end = (bad or [(0, 0)])[0]
        is_empty = start == end and 0 <= start <= length
        says = "is empty" if is_empty else f"is not within the text, which has {length} code points"
        run.tell("import-span-outside", f"{span.label} {span.id}: {start}–{end} {says}", span.line, span.column)
        return None
    surface_there = surface(run.source.text, span.pieces)
    if span.words is not None and not same_words(surface_there, span.words):
        said = f"the source says {shortened(span.words)}, the text has {shortened(surface_there)}"
        run.tell("import-words-differ", f"{span.label} {span.id}: {said}", span.line, span.column)
        return None
    pieces = [(run.text.moved(start), run.text.moved(end)) for start, end in sorted(span.pieces)]
    together: list[tuple[int, int]] = []
    for start, end in pieces:
        if together and start <= together[-1][1]:
            together[-1] = (together[-1][0], max(end, together[-1][1]))
        else:
            together.append((start, end))
    if any(start >= end for start, end in together):
        run.tell("import-span-outside", f"{span.label} {span.id}: holds nothing but a line end", span.line, span.column)
        return None
    return tuple(together)


def _add_attributes(made: JsonObject, span: ForeignSpan, rule: SpanRule, run: Run, annotator: str) -> None:
    """Fills in attributes, ``extra`` and ``provenance``."""
    layer = run.layers[rule.layer or ""]
    provenance: JsonObject = {"annotator": annotator, "status": run.mapping.status}
    theirs = dict(span.attributes)
    for key, taken in rule.taken.items():
        if taken.name in theirs:
            value = theirs.pop(taken.name)
            theirs[key] = taken.values.get(str(value), value)
    extra: dict[str, Scalar] = {}
    for key, value in theirs.items():
        if key in RESERVED:
            _add(provenance, key, value, base_schema()["$defs"]["provenance"]["properties"].get(key, {}), span, run)
        elif key in layer.attributes and key not in rule.constants:
            _add(made, key, value, layer.attributes[key], span, run)
        else:
            extra[key] = value
    made.update(rule.constants)
    if span.entity is not None and "entity" in layer.attributes:
        made["entity"] = span.entity
    elif span.entity is not None:
        extra["entity"] = span.entity
    if extra:
        made["extra"] = extra
    made["provenance"] = provenance


def _add(target: JsonObject, key: str, value: Scalar, spec: Mapping[str, Any], span: ForeignSpan, run: Run) -> None:
    """Sets an attribute where its schema takes the value; tells where it does not."""
    fitted = value_of(value, spec)
    if fitted is None:
        listed = f", only {', '.join(map(str, spec['enum']))}" if "enum" in spec else ""
        message = f"{span.label} {span.id}: {key} cannot be {shortened(str(value))}{listed}"
        run.tell("import-value-invalid", message, span.line, span.column)
    else:
        target[key] = fitted
