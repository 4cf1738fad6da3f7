"""The results of one Label Studio annotation: regions with their labels and what was said of each, and relations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.foreign import FROM, NOTE, TO, ForeignRelation, ForeignSpan, Scalar
from corpus_tool.formats.json_records import Record
from corpus_tool.formats.label_studio_html import Page
from corpus_tool.formats.offsets import Detected, Scale
from corpus_tool.formats.places import place_of, scales_of
from corpus_tool.formats.plain_json import attributes_of, is_offset

#: The key of a region's meta that holds what no control of the project shows.
OWN_META = "corpus-tool"

#: The label of a relation that the annotator gave none.
RELATION = "relation"

#: The label of relations from a region to the next piece of the same span.
FRAGMENT = "next-fragment"

#: What a control of each type puts into a result's value, beside the place of its region.
_PAYLOADS = {"textarea": "text", "text": "text"}


@dataclass(frozen=True)
class Results:
    """What an annotation holds.

    Attributes:
        spans: its regions, one a label.
        relations: the links between them.
        meta: what was said of the task as a whole, by control.
        diagnostics: what could not be read.
    """

    spans: tuple[ForeignSpan, ...]
    relations: tuple[ForeignRelation, ...]
    meta: Mapping[str, Scalar | tuple[str, ...]]
    diagnostics: tuple[Diagnostic, ...]


@dataclass
class _Region:
    """A region, put together from the results that have its id."""

    value: Mapping[str, Any]
    line: int
    labels: list[str] = field(default_factory=list)
    said: dict[str, Scalar] = field(default_factory=dict)  # by control
    held: dict[str, Scalar] = field(default_factory=dict)  # what no control shows
    entity: str | None = None
    words: str | None = None


@dataclass
class _Run:
    record: Record
    path: str
    regions: dict[str, _Region] = field(default_factory=dict)
    relations: list[ForeignRelation] = field(default_factory=list)
    meta: dict[str, Scalar | tuple[str, ...]] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)

    def refuse(self, message: str, line: int) -> None:
        self.found.append(import_fault("import-record-unreadable", self.path, message, line=line))


def is_marked(value: Any) -> bool:
    """Whether a result's value is a place of a text."""
    return isinstance(value, dict) and "start" in value and "end" in value


def results_of(raw: Any, record: Record, path: str, text: str, page: Page | None, detected: Detected) -> Results:
    """The results of one annotation.

    Args:
        raw: the list of results.
        record: the task that they stand in.
        path: the file, as diagnostics call it.
        text: the text that the regions stand in.
        page: the page that it is the text of, where the task is HTML.
        detected: the unit that the offsets of the file are in.
    """
    run = _Run(record, path)
    if not isinstance(raw, list):
        run.refuse("an annotation has no list of results", record.line)
        raw = []
    for result in raw:
        _read(result, run)
    scales = scales_of(text, detected.unit)
    spans: list[ForeignSpan] = []
    for key, region in run.regions.items():
        pieces = _place(region, text, scales) if page is None else page.place(region.value, region.words)
        if pieces is None:
            told = f"region {key} has no place that can be read: {_shown(region.value)}"
            run.refuse(told, region.line)
        elif not region.labels:
            run.refuse(f"region {key} ({region.words!r}) has no label", region.line)
        else:
            spans += _spans(key, region, pieces, text)
    whole, relations = _with_fragments(spans, run.relations)
    return Results(whole, relations, run.meta, tuple(run.found))


def _with_fragments(
    spans: list[ForeignSpan], relations: list[ForeignRelation]
) -> tuple[tuple[ForeignSpan, ...], tuple[ForeignRelation, ...]]:
    """The spans with the regions that are their further pieces, and the relations that do not say so."""
    by_id = {span.id: span for span in spans}
    first_of: dict[str, str] = {}
    kept: list[ForeignRelation] = []
    for relation in relations:
        (_, first), (_, piece) = relation.ends
        first = first_of.get(first, first)
        if relation.label == FRAGMENT and first != piece and {first, piece} <= by_id.keys():
            own, other = by_id[first], by_id.pop(piece)
            first_of[piece] = first
            pieces = tuple(sorted(own.pieces + other.pieces))
            said = [s.words for s in sorted((own, other), key=lambda s: s.start)]
            words = None if None in said else " ".join(filter(None, said))
            by_id[first] = replace(own, pieces=pieces, words=words)
        else:
            kept.append(relation)
    moved = (replace(r, ends=tuple((role, first_of.get(end, end)) for role, end in r.ends)) for r in kept)
    return tuple(by_id.values()), tuple(moved)


def _read(result: Any, run: _Run) -> None:
    """Adds a result to its region, to the relations, or to what is said of the whole task."""
    if not isinstance(result, dict):
        run.refuse("a result is no object", run.record.line)
        return
    kind = result.get("type")
    if kind == "relation":
        _relation(result, run)
        return
    value, control = result.get("value"), str(result.get("from_name") or kind)
    key = str(result.get("id") or f"result-{len(run.regions) + 1}")
    line = run.record.line_of(key)
    if not isinstance(value, dict):
        run.refuse(f"result {key} has no value", line)
    elif kind == "paragraphlabels" or ("x" in value and not is_marked(value)):
        run.refuse(f"result {key} ({kind}) marks no text", line)
    elif is_marked(value) or key in run.regions:
        region = run.regions.setdefault(key, _Region(value, line))
        _add(region, result, value, str(kind), control)
    else:
        held = _payload(value, str(kind))
        if held is not None:
            run.meta[control] = held


def _add(region: _Region, result: Mapping[str, Any], value: Mapping[str, Any], kind: str, control: str) -> None:
    if kind in ("labels", "hypertextlabels", "htmllabels"):
        labels = value.get(kind, value.get("labels"))
        region.labels += (
            [str(label) for label in labels if label not in region.labels] if isinstance(labels, list) else []
        )
    elif (held := _payload(value, kind)) is not None:
        region.said[control] = ", ".join(held) if isinstance(held, tuple) else held
    if isinstance(value.get("text"), str):
        region.words = region.words or value["text"]
    if isinstance(result.get("score"), int | float) and not isinstance(result["score"], bool):
        region.held.setdefault("score", result["score"])
    meta = result.get("meta")
    for name, held in meta.items() if isinstance(meta, dict) else ():
        if name == OWN_META and isinstance(held, dict):
            region.entity = held["entity"] if isinstance(held.get("entity"), str) else None
            own = held.get("attributes")
            region.held |= attributes_of(own) if isinstance(own, dict) else {}
        elif name == "text":
            region.held[NOTE] = "\n".join(map(str, held)) if isinstance(held, list) else str(held)
        else:
            region.held |= attributes_of({name: held})


def _payload(value: Mapping[str, Any], kind: str) -> Scalar | tuple[str, ...] | None:
    """What a control says: one value, or several as strings; taxonomy's paths with a slash."""
    held = value.get(_PAYLOADS.get(kind, kind))
    if kind in _PAYLOADS and isinstance(held, list):
        return "\n".join(map(str, held))
    if not isinstance(held, list):
        return None if held is None else next(iter(attributes_of({kind: held}).values()))
    words = tuple("/".join(map(str, one)) if isinstance(one, list) else str(one) for one in held)
    return words[0] if len(words) == 1 else words or None


def _relation(result: Mapping[str, Any], run: _Run) -> None:
    ends = [result.get("from_id"), result.get("to_id")]
    if not all(isinstance(end, str) for end in ends):
        run.refuse(f"a relation has no from_id and to_id: {_shown(result)}", run.record.line)
        return
    first, second = map(str, ends)
    line = run.record.line_of(first)
    attributes: dict[str, Scalar] = {}
    if result.get("direction") == "left":
        first, second = second, first
    elif result.get("direction") == "bi":
        attributes["direction"] = "bi"
    given = result.get("labels")
    labels = [str(label) for label in given] if isinstance(given, list) and given else [RELATION]
    for label in labels:
        key = str(result.get("id") or f"R{len(run.relations) + 1}")
        key = key if len(labels) == 1 else f"{key}.{label}"
        run.relations.append(ForeignRelation(key, label, ((FROM, first), (TO, second)), attributes, line))


def _spans(key: str, region: _Region, place: tuple[int, int], text: str) -> list[ForeignSpan]:
    """A span for each label of a region; the first has the region's id, which relations call."""
    words = _unescaped(region.words, text[slice(*place)])
    found = []
    for number, label in enumerate(region.labels, 1):
        said = {control.removeprefix(f"{label}-"): value for control, value in region.said.items()}
        own = key if number == 1 else f"{key}.{number}"
        found.append(ForeignSpan(own, label, (place,), words, {**said, **region.held}, region.entity, line=region.line))
    return found


def _unescaped(words: str | None, there: str) -> str | None:
    """The words of a region; older versions write a line break in them as a backslash and an n."""
    if words is None or "\\n" not in words or "\\n" in there:
        return words
    return words.replace("\\n", "\n")


def _place(region: _Region, text: str, scales: Mapping[str, Scale]) -> tuple[int, int] | None:
    start, end = region.value["start"], region.value["end"]
    if not (is_offset(start) and is_offset(end)):
        return None
    words = region.words if region.words is None or "\\n" in text else region.words.replace("\\n", "\n")
    return place_of(start, end, words, text, scales)


def _shown(value: object) -> str:
    told = str(value)
    return told if len(told) <= 80 else f"{told[:79]}…"
