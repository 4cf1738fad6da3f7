"""What is in another tool's files: their labels, attributes and relations, and a mapping to start from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.exchange_mapping import SCHEMA, read_mapping, whole_mapping
from corpus_tool.formats import FORMATS, ForeignReader, Format
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.mapping import LabelMapping, RelationRule, SpanRule
from corpus_tool.model import CorpusToolError, surface
from corpus_tool.model.schemas import Layer, built_in_layers
from corpus_tool.read.corpus import open_corpus

#: Examples of words, and values of an attribute, that are shown of each label.
_EXAMPLES, _VALUES = 3, 8


@dataclass
class LabelSeen:
    """What spans, or relations, of one label look like.

    Attributes:
        count: how many there are.
        examples: words of the first ones that differ; for relations none.
        attributes: by attribute how often each value stands; at most ``_VALUES`` different ones, then "…".
        roles: of relations, by role the labels of what stands there.
    """

    count: int = 0
    examples: list[str] = field(default_factory=list)
    attributes: dict[str, Counter[str]] = field(default_factory=dict)
    roles: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass
class Survey:
    """What is in files of a format.

    Attributes:
        documents: how many.
        annotators: how many documents each annotated, where the files say so.
        spans: by label.
        relations: by label.
        diagnostics: what could not be read.
    """

    documents: int = 0
    annotators: Counter[str] = field(default_factory=Counter)
    spans: dict[str, LabelSeen] = field(default_factory=dict)
    relations: dict[str, LabelSeen] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def reader_of(name: str) -> tuple[Format, ForeignReader]:
    """A format that can be read, by its name.

    Raises:
        CorpusToolError: there is none; the message lists them.
    """
    tool = FORMATS.get(name)
    if tool is None or tool.reader is None:
        readable = ", ".join(n for n, f in FORMATS.items() if f.reader is not None)
        raise CorpusToolError(f"--from {name}: no such format; one of {readable}")
    return tool, tool.reader


def reader_for(tool: Format, read: ForeignReader, mapping: LabelMapping) -> ForeignReader:
    """The reader of a format, told what the mapping says of a dataset's columns.

    Raises:
        CorpusToolError: the mapping says something of a dataset, and the format is none.
    """
    settings = mapping.dataset
    if not settings:
        return read
    dataset_reader = tool.dataset_reader
    if dataset_reader is None:
        raise CorpusToolError(f"--from {tool.name}: the mapping's dataset ({', '.join(settings)}) goes with --from hf")
    return lambda path: dataset_reader(path, settings)


def survey(items: Iterable[ForeignDocument | Diagnostic]) -> Survey:
    """What is in the documents that a reader gives."""
    seen = Survey()
    for item in items:
        if isinstance(item, Diagnostic):
            seen.diagnostics.append(item)
            continue
        seen.documents += 1
        if item.annotator is not None:
            seen.annotators[item.annotator] += 1
        labels = {s.id: s.label for s in item.spans} | {r.id: r.label for r in item.relations}
        for span in item.spans:
            label = seen.spans.setdefault(span.label, LabelSeen())
            label.count += 1
            words = " ".join((span.words or surface(item.text, span.pieces)).split())[:40]
            if words not in label.examples and len(label.examples) < _EXAMPLES:
                label.examples.append(words)
            _count_values(label, span.attributes)
        for relation in item.relations:
            label = seen.relations.setdefault(relation.label, LabelSeen())
            label.count += 1
            for role, end in relation.ends:
                label.roles.setdefault(role, Counter())[labels.get(end, "?")] += 1
            _count_values(label, relation.attributes)
    return seen


def _count_values(label: LabelSeen, attributes: Mapping[str, object]) -> None:
    for key, value in attributes.items():
        values = label.attributes.setdefault(key, Counter())
        told = str(value)[:40]
        values[told if told in values or len(values) < _VALUES else "…"] += 1


def unmapped(seen: Survey, mapping: LabelMapping) -> list[str]:
    """The labels of spans that a mapping does not name, the most frequent first."""
    found = [label for label in seen.spans if mapping.span_rule(label) is None]
    return sorted(found, key=lambda label: -seen.spans[label].count)


def inspect_annotations(path: Path, format_name: str, *, into: Path | None = None, mapping: Path | None = None) -> str:
    """What is in another tool's files, as the YAML of a mapping to start from, with counts and examples as comments.

    Args:
        path: a file or a folder of the format.
        format_name: a name of ``corpus_tool.formats.FORMATS``.
        into: the corpus whose layers a mapping may name; the built-in ones without.
        mapping: a mapping file that exists already.

    Raises:
        CorpusToolError: no such format, or the path cannot be read.
        ReadError: the mapping is wrong.
    """
    tool, read = reader_of(format_name)
    layers: Mapping[str, Layer] = open_corpus(into).layers if into is not None else built_in_layers()
    whole = whole_mapping(tool, layers, read_mapping(mapping, layers))
    return render_survey(survey(reader_for(tool, read, whole)(path)), whole, layers)


def render_survey(seen: Survey, mapping: LabelMapping, layers: Mapping[str, Layer]) -> str:
    """A survey as the YAML of a mapping that can be loaded as it stands; what is unknown is left out in it."""
    rows = [f"# {seen.documents:,} document{'' if seen.documents == 1 else 's'}"]
    rows += [f"# annotated by {_word(name)}: {count:,}" for name, count in seen.annotators.most_common()]
    rows += [f"# {len(seen.diagnostics):,} records could not be read"] if seen.diagnostics else []
    rows += [f"schema: {SCHEMA}", "status: accepted"]
    if seen.spans:
        rows.append("spans:")
    for label, found in sorted(seen.spans.items(), key=lambda item: -item[1].count):
        rule = mapping.span_rule(label)
        rows += [f"  # {found.count:,}: {', '.join(map(_word, found.examples))}", *_attribute_rows(found)]
        if rule is None:
            rows.append(f"  # or {{layer: NAME}}, where NAME is one of {', '.join(layers)}")
        rows.append(f"  {_key(label)}: {_flow(_span_json(rule))}")
    if seen.relations:
        rows.append("relations:")
    for label, found in sorted(seen.relations.items(), key=lambda item: -item[1].count):
        roles = "; ".join(f"{role}: {', '.join(labels)}" for role, labels in found.roles.items())
        rows += [f"  # {found.count:,}: {_comment(roles)}", *_attribute_rows(found)]
        rows.append(f"  {_key(label)}: {_flow(_relation_json(mapping.relation_rule(label)))}")
    return "\n".join(rows) + "\n"


def _attribute_rows(found: LabelSeen) -> list[str]:
    return [
        f"  #   {_comment(key)}: {', '.join(f'{_word(value)} ({count:,})' for value, count in values.most_common())}"
        for key, values in found.attributes.items()
    ]


def _word(text: str) -> str:
    """A string as YAML and JSON write it, on one line whatever is in it."""
    return json.dumps(_comment(text), ensure_ascii=False)


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    return _key(value) if isinstance(value, str) else json.dumps(value)


def _key(text: str) -> str:
    is_plain = text.isidentifier() and text.lower() not in {"true", "false", "null"}
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _span_json(rule: SpanRule | None) -> dict[str, object]:
    if rule is None:
        return {"drop": True}
    if rule.drop is not None:
        return {"drop": rule.drop}
    if rule.part is not None:
        return {"part": rule.part}
    taken = {k: {"from": t.name, **({"values": dict(t.values)} if t.values else {})} for k, t in rule.taken.items()}
    attributes = {**rule.constants, **taken}
    return {"layer": rule.layer, **({"attributes": attributes} if attributes else {})}


def _relation_json(rule: RelationRule) -> dict[str, object]:
    if rule.drop is not None:
        return {"drop": rule.drop}
    if rule.same_entity:
        return {"same_entity": True}
    if rule.attributes:
        return {"annotation": rule.annotation, "attributes": dict(rule.attributes)}
    return {"keep": rule.keep}
