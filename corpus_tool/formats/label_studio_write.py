"""Label Studio, written: tasks with annotations, and the labeling configuration of a project that opens them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from corpus_tool.formats.fit import Fitted, Holds, fit, without_relations
from corpus_tool.formats.foreign import NOTE, ForeignDocument, ForeignSpan, Scalar
from corpus_tool.formats.label_studio import OWN
from corpus_tool.formats.label_studio_results import FRAGMENT, OWN_META
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.plain_json import head_json, with_arrows_alone
from corpus_tool.model.schemas import RESERVED, JsonObject, built_in_layers

TASKS, CONFIG = "tasks.json", "labeling-config.xml"

_HOLDS = Holds(relation_attributes=False)

#: Colours of labels, one after the other.
_COLOURS = ("#d81b60", "#1e88e5", "#f9a825", "#43a047", "#8e24aa", "#6d4c41", "#00897b", "#546e7a")


def fit_label_studio(document: ForeignDocument) -> Fitted:
    """A document as Label Studio can hold it: relations have a label alone, and lead from one region to another."""
    fitted = fit(document, _HOLDS)
    lost: list[Lost] = list(fitted.lost)
    taken = [relation for relation in fitted.document.relations if relation.label == FRAGMENT]
    without = without_relations(fitted.document, taken, lost, "pieces of a span are linked by this name")
    return Fitted(with_arrows_alone(without, lost), tuple(lost))


@dataclass
class _Controls:
    """What a project needs to show what was written: by label the attributes with their schemas, and the relations."""

    labels: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
    relations: dict[str, None] = field(default_factory=dict)


def write_label_studio(documents: Iterable[ForeignDocument], folder: Path) -> None:
    """Writes ``tasks.json``, a task a line, and ``labeling-config.xml`` for the project that they are imported into."""
    controls = _Controls()
    for layer in built_in_layers().values():
        controls.labels[layer.name] = {k: spec for k, spec in layer.attributes.items() if _type(spec) is not None}
    with (folder / TASKS).open("w", encoding="utf-8") as file:
        file.write("[")
        for number, (_, group) in enumerate(groupby(documents, key=lambda d: d.name)):
            file.write(",\n" if number else "\n")
            json.dump(_task(list(group), controls), file, ensure_ascii=False)
        file.write("\n]\n")
    (folder / CONFIG).write_text("\n".join(_config(controls)) + "\n", encoding="utf-8")


def _task(documents: list[ForeignDocument], controls: _Controls) -> JsonObject:
    first = documents[0]
    work = [{"result": list(_results(document, controls)), **_made_by(document)} for document in documents]
    statuses = {span.attributes.get("status") for span in first.spans if not span.id.startswith("part:")}
    key = "predictions" if len(documents) == 1 and statuses == {"suggested"} else "annotations"
    if key == "predictions":
        work = [{"model_version": OWN, **{k: v for k, v in one.items() if k == "result"}} for one in work]
    return {"data": {"text": first.text, "document": first.name, OWN: head_json(first)}, key: work}


def _made_by(document: ForeignDocument) -> JsonObject:
    """Who did it, under a key of ours: Label Studio refuses a task whose ``completed_by`` is nobody it knows."""
    return {} if document.annotator is None else {"annotator": document.annotator}


def _results(document: ForeignDocument, controls: _Controls) -> Iterator[JsonObject]:
    for span in document.spans:
        yield from _region(span, document.text, controls)
    for relation in document.relations:
        controls.relations.setdefault(relation.label)
        (_, first), (_, second) = relation.ends
        yield _relation(relation.id, relation.label, first, second)


def _relation(key: str, label: str, first: str, second: str) -> JsonObject:
    ends = {"from_id": first, "to_id": second, "direction": "right"}
    return {"id": key, "type": "relation", **ends, "labels": [label]}


def _region(span: ForeignSpan, text: str, controls: _Controls) -> Iterator[JsonObject]:
    """The results of a region: its label, then a result for each attribute that the project has a control for."""
    known = controls.labels.setdefault(span.label, {})
    place, *others = ({"start": start, "end": end, "text": text[start:end]} for start, end in span.pieces)
    shown, meta = _divided(span, known)
    score = span.attributes.get("score")
    yield {
        "id": span.id,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {**place, "labels": [span.label]},
        **({"meta": meta} if meta else {}),
        **({"score": score} if isinstance(score, int | float) else {}),
    }
    for number, piece in enumerate(others, 2):
        labelled = {**piece, "labels": [span.label]}
        yield {
            "id": f"{span.id}:{number}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": labelled,
        }
        controls.relations.setdefault(FRAGMENT)
        yield _relation(f"{span.id}:{number}:next", FRAGMENT, span.id, f"{span.id}:{number}")
    for name, value in shown.items():
        kind = _type(known[name]) or "textarea"
        payload: Any = {"choices": [_word(value)], "textarea": [value], "number": value}[kind]
        yield {
            "id": span.id,
            "from_name": f"{span.label}-{name}",
            "to_name": "text",
            "type": kind,
            "value": {**place, "text" if kind == "textarea" else kind: payload},
        }


def _divided(span: ForeignSpan, known: dict[str, JsonObject]) -> tuple[dict[str, Scalar], JsonObject]:
    """What controls show of a region, and its meta, which Label Studio keeps as it is."""
    shown: dict[str, Scalar] = {}
    held: dict[str, Scalar] = {}
    meta: JsonObject = {}
    is_ours = span.label in built_in_layers()
    for name, value in span.attributes.items():
        if name == NOTE and isinstance(value, str):
            meta["text"] = [value]
        elif name in RESERVED or (isinstance(value, bool) and not is_ours):
            held[name] = value
        elif name in known and _fits(value, known[name]):
            shown[name] = value
        elif not is_ours and name not in known:
            known[name] = {"type": "string" if isinstance(value, str) else "number"}
            shown[name] = value
        else:
            held[name] = value
    own = {"entity": span.entity, "attributes": held}
    if held or span.entity is not None:
        meta[OWN_META] = {key: value for key, value in own.items() if value}
    return shown, meta


def _type(spec: Mapping[str, Any]) -> str | None:
    """The control for an attribute; None for links and parts, which are relations."""
    if "x-refers-to" in spec or "$ref" in spec or spec.get("type") in ("array", "object"):
        return None
    if "enum" in spec or spec.get("type") == "boolean":
        return "choices"
    return "number" if spec.get("type") in ("number", "integer") else "textarea"


def _fits(value: Scalar, spec: Mapping[str, Any]) -> bool:
    """Whether the control for an attribute gives back the very value."""
    if "enum" in spec:
        return value in spec["enum"]
    kinds = {"boolean": bool, "number": int | float, "integer": int}
    return isinstance(value, kinds.get(str(spec.get("type")), str)) and (
        spec.get("type") == "boolean" or not isinstance(value, bool)
    )


def _word(value: Scalar) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _config(controls: _Controls) -> Iterator[str]:
    """The labeling configuration: labels, relations, and for each label the controls of its attributes."""
    yield "<View>"
    yield "  <Style>.htx-text { white-space: pre-wrap; }</Style>"
    if controls.relations:
        yield "  <Relations>"
        yield from (f"    <Relation value={_attribute(label)}/>" for label in controls.relations)
        yield "  </Relations>"
    yield '  <Labels name="label" toName="text">'
    for number, label in enumerate(controls.labels):
        yield f'    <Label value={_attribute(label)} background="{_COLOURS[number % len(_COLOURS)]}"/>'
    yield "  </Labels>"
    yield '  <Text name="text" value="$text"/>'
    for label, known in controls.labels.items():
        if not known:
            continue
        yield f'  <View visibleWhen="region-selected" whenTagName="label" whenLabelValue={_attribute(label)}>'
        for name, spec in known.items():
            yield f'    <Header value={_attribute(name)} size="6"/>'
            yield from (f"    {line}" for line in _control(f"{label}-{name}", spec))
        yield "  </View>"
    yield "</View>"


def _control(name: str, spec: Mapping[str, Any]) -> Iterator[str]:
    head = f'name={_attribute(name)} toName="text" perRegion="true"'
    kind = _type(spec)
    if kind == "choices":
        yield f'<Choices {head} choice="single" showInline="true">'
        values = spec.get("enum", (True, False))
        yield from (f"  <Choice value={_attribute(_word(value))}/>" for value in values)
        yield "</Choices>"
    elif kind == "number":
        yield f"<Number {head}/>"
    else:
        yield f'<TextArea {head} editable="true" maxSubmissions="1" rows="1"/>'


def _attribute(value: str) -> str:
    """A value in quotation marks, without what XML cannot hold."""
    return quoteattr(
        "".join(c if c.isprintable() or (c.isspace() and c not in "\f\v\x1c\x1d\x1e\x1f") else "\ufffd" for c in value)
    )
