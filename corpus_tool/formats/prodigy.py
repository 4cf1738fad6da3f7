"""Prodigy's JSON lines, read: spans and relations of tasks, with what annotators answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import FROM, TO, ForeignDocument, ForeignRelation, ForeignSpan, Scalar
from corpus_tool.formats.json_records import Record, records_of, whole_characters
from corpus_tool.formats.offsets import CODE_POINTS, UTF16, detect_unit, scale_of, to_code_points
from corpus_tool.formats.plain_json import Head, attributes_of, blocks_within, head_of, is_offset, meta_of, unique_name
from corpus_tool.formats.words import pieces_of
from corpus_tool.model.schemas import JsonObject

SUFFIXES = (".jsonl", ".json")

#: The key of a task under which stands what Prodigy has no name for.
OWN = "corpus_tool"

#: The status that an answer gives to the spans of its task; what is accepted keeps its own, or gets the mapping's.
_ANSWERS = {"accept": None, "reject": "rejected", "ignore": "suggested"}

#: Keys of a span that say where it stands, what it is, or how it looks.
_SPAN_KEYS = frozenset(
    """start end token_start token_end label id attributes entity fragments text answer color input_hash rank tokens
    type""".split()  # noqa: SIM905  # a list for reading
)

#: Keys of a task that say something of its text; those that begin with "_" are Prodigy's own.
_TASK_KEYS = frozenset(["text", "tokens", "spans", "relations", "meta", "answer", "html", "options", "config", OWN])


@dataclass
class _Task:
    """A task: offsets are still in the file's unit."""

    raw: JsonObject
    line: int
    path: str
    fallback: str
    head: Head
    spans: list[ForeignSpan] = field(default_factory=list)
    relations: list[ForeignRelation] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(self.raw["text"])

    @property
    def annotator(self) -> str | None:
        names = (self.raw.get(key) for key in ("_annotator_id", "_session_id"))
        return next((name for name in names if isinstance(name, str) and name.strip()), None)


def read_prodigy(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The texts of Prodigy's tasks, as ``prodigy db-out`` writes them.

    Tasks on one text by one annotator are one document: binary answers to one span each come together. Where several
    annotators worked on a text, each has a document of the same name.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    tasks: list[_Task] = []
    for name, found in files_below(path, SUFFIXES):
        text = read_text(found)
        if isinstance(text, Diagnostic):
            yield text
            continue
        own: list[_Task] = []
        for record in records_of(text, str(found), lambda value: isinstance(value, dict) and "text" in value):
            if isinstance(record, Diagnostic):
                yield record
                continue
            task, faults = _task(record, str(found), f"{name}-{len(own) + 1}")
            yield from faults
            own += [task] if task is not None else []
        yield from _in_code_points(own, str(found))
        tasks += own
    yield from _documents(tasks)


def _task(record: Record, path: str, fallback: str) -> tuple[_Task | None, list[Diagnostic]]:
    faults: list[Diagnostic] = []

    def refuse(message: str) -> None:
        faults.append(import_fault("import-record-unreadable", path, message, line=record.line))

    raw = whole_characters(record.value)
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        refuse("a task has no text" if isinstance(raw, dict) else "a line is not a JSON object")
        return None, faults
    head = Head()
    if OWN in raw:
        try:
            head = head_of(raw[OWN])
        except ValueError as error:
            refuse(f"{OWN} {error}")
    task = _Task(raw, record.line, path, fallback, head)
    for number, item in enumerate(_list(raw, "spans"), 1):
        span = _span(item, f"s{number}", raw, record.line)
        if span is None:
            refuse(f"is no span: {json.dumps(item, ensure_ascii=False)[:80]}")
        else:
            task.spans.append(span)
    for number, item in enumerate(_list(raw, "relations"), 1):
        if isinstance(item, dict) and isinstance(item.get("label"), str):
            task.relations.append(_relation(item, f"r{number}", task.spans, record.line))
        else:
            refuse(f"is no relation: {json.dumps(item, ensure_ascii=False)[:80]}")
    return task, faults


def _list(raw: JsonObject, key: str) -> list[Any]:
    value = raw.get(key)
    return value if isinstance(value, list) else []


def _span(item: Any, fallback: str, raw: JsonObject, line: int) -> ForeignSpan | None:
    """A span; None where it is none. Its place may be said by tokens alone, its label by its task."""
    if not isinstance(item, dict):
        return None
    start, end = item.get("start"), item.get("end")
    tokens = _list(raw, "tokens")
    if start is None and end is None:
        try:
            start, end = tokens[item["token_start"]]["start"], tokens[item["token_end"]]["end"]
        except (KeyError, IndexError, TypeError):
            return None
    label = item.get("label") or raw.get("label")
    if not is_offset(start) or not is_offset(end) or not isinstance(label, str):
        return None
    others = {key: value for key, value in item.items() if key not in _SPAN_KEYS}
    held = item.get("attributes")
    attributes = attributes_of({**others, **(held if isinstance(held, dict) else {})})
    answer = item.get("answer") or raw.get("answer")
    if answer in _ANSWERS:
        status = _ANSWERS[answer]
        if status is not None:
            attributes["status"] = status
        elif attributes.get("status") == "suggested":
            del attributes["status"]
    key, words, entity = item.get("id"), item.get("text"), item.get("entity")
    return ForeignSpan(
        id=key if isinstance(key, str) and key else fallback,
        label=label,
        pieces=pieces_of(item.get("fragments"), start, end),
        words=words if isinstance(words, str) else None,
        attributes=attributes,
        entity=entity if isinstance(entity, str) else None,
        line=line,
    )


def _relation(item: JsonObject, fallback: str, spans: Sequence[ForeignSpan], line: int) -> ForeignRelation:
    ends = ((FROM, _end(item, "head", spans)), (TO, _end(item, "child", spans)))
    key, held = item.get("id"), item.get("attributes")
    attributes = attributes_of(held if isinstance(held, dict) else {})
    return ForeignRelation(key if isinstance(key, str) and key else fallback, item["label"], ends, attributes, line)


def _end(item: JsonObject, role: str, spans: Sequence[ForeignSpan]) -> str:
    """The id of the span at an end of a relation; a name of no span where it ends at a mere token."""
    raw = item.get(f"{role}_span")
    place: JsonObject = raw if isinstance(raw, dict) else {}
    here = [s for s in spans if (s.start, s.end) == (place.get("start"), place.get("end"))]
    wanted = [s for s in here if s.id == place.get("id")] or [s for s in here if s.label == place.get("label")] or here
    return wanted[0].id if wanted else f"token {item.get(role)}"


def _in_code_points(tasks: Sequence[_Task], path: str) -> Iterator[Diagnostic]:
    """Turns the offsets of a file's tasks into code points, in place; their tokens tell what they count."""
    evidence = []
    for task in tasks:
        if not task.text.isascii():
            tokens = [t for t in _list(task.raw, "tokens") if isinstance(t, dict)]
            places = [(t.get("start"), t.get("end"), t.get("text")) for t in tokens]
            known: list[tuple[int, int, str | None]] = []
            known += [(s, e, str(words)) for s, e, words in places if is_offset(s) and is_offset(e)]
            evidence.append((task.text, [*known, *((s.start, s.end, s.words) for s in task.spans)]))
    detected = detect_unit(evidence, (CODE_POINTS, UTF16))
    if not detected.clear:
        shares = ", ".join(f"{unit} {share:.0%}" for unit, share in detected.explained.items())
        told = f"offsets were read as {detected.unit}; of tokens and spans fit as {shares}"
        yield import_fault("import-unit-unclear", path, told)
    if detected.unit == CODE_POINTS:
        return
    for task in tasks:
        scale = scale_of(task.text, detected.unit)
        task.spans = [replace(s, pieces=tuple((_at(scale, a), _at(scale, b)) for a, b in s.pieces)) for s in task.spans]


def _at(scale: Sequence[int], offset: int) -> int:
    found = to_code_points(scale, offset)
    return offset + len(scale) if found is None else found  # beyond the text, which is told


def _documents(tasks: Sequence[_Task]) -> Iterator[ForeignDocument]:
    """The tasks of one text together, and of those the ones of one annotator as one document."""
    texts: dict[tuple[str | None, str], dict[str | None, list[_Task]]] = {}
    for task in tasks:
        texts.setdefault((task.head.name, task.text), {}).setdefault(task.annotator, []).append(task)
    taken: dict[str, None] = {}
    for annotators in texts.values():
        first = next(iter(annotators.values()))[0]
        name = unique_name([*_names(first), first.fallback], taken)
        taken[name] = None
        for annotator, own in annotators.items():
            yield _document(own, name, annotator)


def _names(task: _Task) -> Iterator[str]:
    """What a task is called, the best name first."""
    meta = task.raw.get("meta")
    names = (task.head.name, meta.get("id") if isinstance(meta, dict) else None, task.raw.get("id"))
    yield from (str(name) for name in names if isinstance(name, str | int) and str(name).strip())


def _document(tasks: Sequence[_Task], name: str, annotator: str | None) -> ForeignDocument:
    first = tasks[0]
    spans: dict[tuple[int, int, str, str], ForeignSpan] = {}
    relations: list[ForeignRelation] = []
    taken: dict[str, None] = {}
    for task in tasks:
        ids: dict[str, str] = {}
        for span in task.spans:
            place = (span.start, span.end, span.label, "" if len(tasks) > 1 else span.id)
            old = spans.get(place)
            ids[span.id] = old.id if old is not None else unique_name([span.id], taken)
            taken[ids[span.id]] = None
            spans[place] = replace(span, id=ids[span.id])  # the last answer to a span stands
        for relation in task.relations:
            ends = tuple((role, ids.get(end, end)) for role, end in relation.ends)
            key = unique_name([relation.id], taken)
            taken[key] = None
            relations.append(replace(relation, id=key, ends=ends))
    return ForeignDocument(
        name=name,
        text=first.text,
        path=first.path,
        line=first.line,
        annotator=annotator,
        media_type="application/json",
        meta=first.head.meta if OWN in first.raw else _meta(first.raw),
        blocks=blocks_within(first.head.blocks, first.text),
        spans=tuple(spans.values()),
        relations=tuple(relations),
        entities=first.head.entities,
    )


def _meta(raw: Mapping[str, Any]) -> dict[str, Scalar | tuple[str, ...]]:
    """What a task says of its text: under ``meta``, and by keys of its own such as ``label`` and ``accept``."""
    inner = raw.get("meta")
    others = {key: value for key, value in raw.items() if key not in _TASK_KEYS and not key.startswith("_")}
    return meta_of({**(inner if isinstance(inner, dict) else {}), **others})
