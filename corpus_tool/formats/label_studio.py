"""Label Studio, read: its JSON export (tasks with annotations and predictions), the older one, and JSON-MIN.

https://labelstud.io/guide/task_format describes the tasks. Offsets are code points since the editor of October 2021
(HumanSignal/label-studio-frontend, pull request 308), UTF-16 units before; which ones a file has, the words of its
spans tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.json_records import Record, records_of, whole_characters
from corpus_tool.formats.label_studio_html import Page, page_of
from corpus_tool.formats.label_studio_results import Results, is_marked, results_of
from corpus_tool.formats.offsets import UTF16, detect_unit
from corpus_tool.formats.places import Evidence
from corpus_tool.formats.plain_json import Head, blocks_within, head_of, is_offset, meta_of, unique_name

#: The key of a task's data that holds what an export of ours says of a document.
OWN = "corpus-tool"

#: Keys of a task's data that name it, the likeliest first, and those that hold its text.
_NAMES = ("document", "name", "filename", "doc_id", "id")
_TEXTS = ("text", "html", "content", "body", "article")

#: What JSON-MIN says of a task beside its data.
_MIN = frozenset({"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"})


@dataclass
class _Task:
    """A task as it stands in the file, with the work on it."""

    record: Record
    number: Any  # what Label Studio calls it; its line where it does not
    data: dict[str, Any]
    key: str  # which of the data is the text
    page: Page | None  # where that is HTML
    text: str
    work: list[dict[str, Any]] = field(default_factory=list)


def read_label_studio(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The tasks of Label Studio exports: for each annotation of a task, and each prediction, a document.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    taken: dict[str, object] = {}
    for name, found in files_below(path, (".json", ".jsonl")):
        text = read_text(found)
        if isinstance(text, Diagnostic):
            yield text
            continue
        tasks: dict[str, _Task] = {}
        for record in records_of(text, str(found), lambda value: "data" in value or _is_min(value)):
            problem = record if isinstance(record, Diagnostic) else _add_task(record, str(found), tasks)
            if problem is not None:
                yield problem
        yield from _documents(list(tasks.values()), name, str(found), taken)


def _is_min(value: Any) -> bool:
    """Whether an object is a task of JSON-MIN: it holds lists of marked spans itself."""
    return isinstance(value, dict) and "id" in value and any(_is_marks(held) for held in value.values())


def _is_marks(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(is_marked(item) for item in value)


def _add_task(record: Record, path: str, tasks: dict[str, _Task]) -> Diagnostic | None:
    """Adds a task, or to one that is there; a diagnostic where the record is none."""

    def refuse(message: str) -> Diagnostic:
        return import_fault("import-record-unreadable", path, message, line=record.line)

    raw = record.value
    if not isinstance(raw, dict):
        return refuse("a task is a JSON object")
    if isinstance(raw.get("task"), dict) and isinstance(raw.get("result"), list):  # as storages keep an annotation
        raw = {**raw["task"], "annotations": [raw]}
    elif "data" not in raw:
        raw = _from_min(raw)
    data = raw.get("data")
    if not isinstance(data, dict):
        return refuse("a task has no data")
    work = [
        *_work(raw, ("annotations", "completions")),
        *({**w, _PREDICTED: True} for w in _work(raw, ("predictions",))),
    ]
    work += [{**w, "was_cancelled": True} for w in _work(raw, ("drafts",))]
    key = _text_key(data, work)
    if key is None:
        return refuse(f"task {raw.get('id', '?')}: none of its data is a text ({', '.join(data) or 'it has none'})")
    own = f"{raw['id']}:{data[key]}" if "id" in raw else str(len(tasks))
    if own not in tasks:
        page = page_of(data[key]) if _is_html(work) else None
        tasks[own] = _Task(
            record, raw.get("id", record.line), data, key, page, data[key] if page is None else page.text
        )
    tasks[own].work += work
    return None


#: Marks work that a program did.
_PREDICTED = "predicted"


def _work(raw: Mapping[str, Any], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    return [work for key in keys for work in raw.get(key) or () if isinstance(work, dict)]


def _from_min(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A task of JSON-MIN as one of the full export; its spans have no ids, and one place is one region."""
    marks = {key: value for key, value in raw.items() if _is_marks(value)}
    results: list[dict[str, Any]] = []
    for key, found in marks.items():
        for mark in found:
            kind = next(
                (k for k, v in mark.items() if k not in ("start", "end", "text") and isinstance(v, list)), "labels"
            )
            place = "-".join(str(mark.get(k)) for k in ("start", "startOffset", "end", "endOffset") if k in mark)
            results.append({"id": place, "from_name": key, "type": kind, "value": mark})
    data = {key: value for key, value in raw.items() if key not in marks and key not in _MIN}
    work = {"result": results, "completed_by": raw.get("annotator")}
    return {"id": raw.get("id"), "data": data, "annotations": [work] if results or "annotation_id" in raw else []}


def _is_html(work: list[dict[str, Any]]) -> bool:
    results = [r for w in work for r in w.get("result") or () if isinstance(r, dict)]
    return any(r.get("type") in ("hypertextlabels", "htmllabels") for r in results)


def _text_key(data: Mapping[str, Any], work: list[dict[str, Any]]) -> str | None:
    """Which of a task's data is its text: what the results name as their source, a usual name, else the longest."""
    texts = {key: value for key, value in data.items() if isinstance(value, str) and key != OWN}
    sources = [str(r.get("source", "")) for w in work for r in w.get("result") or () if isinstance(r, dict)]
    for key in (*(source.removeprefix("$") for source in sources if source), *_TEXTS):
        if key in texts:
            return key
    return max(texts, key=lambda key: len(texts[key]), default=None)


def _documents(
    tasks: list[_Task], file: str, path: str, taken: dict[str, object]
) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of a file's tasks, whose offsets are in one unit unless their words say otherwise."""
    works = [(task, _ordered(task.work)) for task in tasks]
    evidence = [
        (task.text, [mark for work in done for mark in _evidence(work)]) for task, done in works if task.page is None
    ]
    detected = detect_unit(evidence)
    if not detected.clear:
        told = f"offsets behind an emoji may be in {detected.unit} or in {UTF16}; {detected.unit} was taken"
        yield import_fault("import-unit-unclear", path, told)
    for task, done in works:
        line = task.record.line
        try:
            head = head_of(task.data[OWN]) if OWN in task.data else Head()
        except ValueError as error:
            told = f"what an export of ours said of the document, in {OWN}: {error}"
            yield import_fault("import-record-unreadable", path, told, line=line)
            head = Head()
        name = _name(task, head, file, taken)
        others = {k: v for k, v in task.data.items() if k not in (task.key, OWN, "document")}
        document = ForeignDocument(
            name=name,
            text=task.text,
            path=path,
            line=line,
            media_type=None if task.page is None else "text/html",
            meta=whole_characters({**meta_of(others), **head.meta}),
            blocks=blocks_within(head.blocks, task.text),
            entities=head.entities,
        )
        if not done:
            yield document
        for work in done:
            results = results_of(
                whole_characters(work.get("result")), task.record, path, task.text, task.page, detected
            )
            yield from results.diagnostics
            yield _with_work(document, work, results)
        for work in task.work:
            if work.get("was_cancelled"):
                yield import_fault("import-set-aside", path, f"task {name}: {_set_aside(work)}", line=line)


def _ordered(work: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was handed in: the ground truth first, then people's work, then programs'."""
    kept = [w for w in work if not w.get("was_cancelled")]
    return sorted(kept, key=lambda w: (bool(w.get(_PREDICTED)), not w.get("ground_truth")))


def _set_aside(work: Mapping[str, Any]) -> str:
    count = len(work.get("result") or ())
    return f"{_annotator(work) or 'somebody'} did not hand it in; {count} results are left out"


def _evidence(work: Mapping[str, Any]) -> Iterator[Evidence]:
    for result in work.get("result") or ():
        value = result.get("value") if isinstance(result, dict) else None
        if isinstance(value, dict) and is_offset(value.get("start")) and is_offset(value.get("end")):
            words = value.get("text")
            yield value["start"], value["end"], words.replace("\\n", "\n") if isinstance(words, str) else None


def _name(task: _Task, head: Head, file: str, taken: dict[str, object]) -> str:
    given = [str(task.data[k]) for k in _NAMES if isinstance(task.data.get(k), str | int)]
    names = [
        *([head.name] if head.name else []),
        *(n for n in given if n.strip()),
        f"task-{task.number}",
        f"{file}-task-{task.number}",
    ]
    name = unique_name(whole_characters(names), taken)
    taken[name] = True
    return name


def _with_work(document: ForeignDocument, work: Mapping[str, Any], results: Results) -> ForeignDocument:
    spans = results.spans
    if work.get(_PREDICTED):
        spans = tuple(replace(s, attributes={"status": "suggested", **s.attributes}) for s in spans)
    return replace(
        document,
        annotator=whole_characters(_annotator(work)),
        meta={**document.meta, **results.meta},
        spans=spans,
        relations=results.relations,
    )


def _annotator(work: Mapping[str, Any]) -> str | None:
    """Who did it: by e-mail or name where the export has them, else by number; of programs the model's version."""
    if work.get(_PREDICTED):
        version = str(work.get("model_version") or "prediction")
        return None if version == OWN else version
    if isinstance(work.get("annotator"), str):
        return str(work["annotator"])
    by = work.get("completed_by")
    if isinstance(by, dict):
        full = " ".join(str(by[k]) for k in ("first_name", "last_name") if by.get(k))
        by = by.get("email") or full or by.get("id")
    return None if by is None else by if isinstance(by, str) else f"user-{json.dumps(by)}"
