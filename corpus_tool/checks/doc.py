"""DOC1xx, DOC3xx to DOC5xx: a document's file, its ids, what became of its annotations, its article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import orjson
from msgspec.structs import asdict

from corpus_tool.checks.check import MAX_DEPTH, Check, Needs, Subject, document_of, escape, pointer_to, quoted
from corpus_tool.diagnostics import Finding, Related, Severity
from corpus_tool.diagnostics.position import position_of
from corpus_tool.model import Annotation
from corpus_tool.model.schemas import BUILT_IN, JsonObject

_BOM = "\ufeff"
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.DOTALL)
_KEY_FOLLOWS = re.compile(r"\s*:")


def syntax_error(subject: Subject) -> orjson.JSONDecodeError | None:
    """Why the text of a file is no JSON; None where it is, or where there is no text to read."""
    if subject.text is None or subject.raw is not None:
        return None
    try:
        orjson.loads(subject.text.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        return error
    return None


def finding_at(text: str, offset: int, message: str, hint: str = "") -> Finding:
    """A finding at a code point of the file, where no pointer can tell the place."""
    position = position_of(text, offset)
    return Finding(message, hint=hint, line=position.line, column=position.column)


def empty_file(subject: Subject) -> Iterator[Finding]:
    """The file holds nothing, or white space alone.

    Why it matters: it takes the place of a document that is not there; a write that was cut off leaves such a file.

    Bad: a file of 0 bytes.

    Good: a file with a JSON object.
    """
    if subject.raw is None and subject.text is not None and not subject.text.removeprefix(_BOM).strip():
        yield Finding("the file is empty", hint="delete it, or convert the article again", line=1, column=1)


def invalid_json(subject: Subject) -> Iterator[Finding]:
    """The file is not JSON: a syntax error, named with its line and column.

    Why it matters: nothing in the file can be read, so the document is missing from whatever is built.

    Bad: ``{"id": "harbour-fire",}``, or a file that ends in the middle.

    Good: ``{"id": "harbour-fire"}``.
    """
    error = syntax_error(subject)
    text = subject.text
    if error is None or text is None or not text.removeprefix(_BOM).strip() or "\0" in text:
        return
    if "surrogate" in error.msg or "depth" in error.msg:
        return  # TXT104 and DOC104 tell these
    offset = error.pos + text.startswith(_BOM)
    hint = ""
    if conflict := _CONFLICT.search(text):
        offset, hint = conflict.start(), "a merge left its conflict markers: keep one side"
    elif "end of data" in error.msg:
        hint = "the file is cut off: convert the article again, or take the file from a backup"
    elif "content after" in error.msg and text[offset] == "{":
        hint = "several objects, one a line, belong in a file that ends in .jsonl"
    yield finding_at(text, offset, f"not JSON: {error.msg}", hint)


def not_an_object(subject: Subject) -> Iterator[Finding]:
    """The file is JSON, but no object.

    Why it matters: a document is one JSON object; a list of documents is a shard with one object a line (.jsonl).

    Bad: ``[{"id": "harbour-fire"}]``

    Good: ``{"id": "harbour-fire"}``
    """
    if subject.raw is not None or subject.text is None:
        return
    try:
        value = orjson.loads(subject.text.removeprefix(_BOM))
    except orjson.JSONDecodeError:
        return
    kind = json_type(value)
    hint = "write one object a line into a .jsonl file" if kind == "array" else ""
    yield finding_at(subject.text, 0, f"a document is a JSON object, this is {article(kind)}", hint)


def nested_too_deeply(subject: Subject) -> Iterator[Finding]:
    """Lists or objects stand within each other to a depth that no document has.

    Why it matters: readers that follow the nesting step by step run out of stack and stop with an error.

    Bad: ``"was": {"a": {"a": {"a": …`` seventy levels deep.

    Good: ``"was": {"kind": "person"}``
    """
    error = syntax_error(subject)
    if error is not None and "depth" in error.msg and subject.text is not None:
        yield finding_at(
            subject.text, error.pos + subject.text.startswith(_BOM), "JSON is nested too deeply to be read"
        )
    if subject.raw is None:
        return
    if subject.document is None:
        if _deeper_than(subject.raw, MAX_DEPTH):
            yield Finding(f"the document is nested more than {MAX_DEPTH} levels deep")
        return
    for name, items in subject.document.layers.items():
        own = name not in BUILT_IN
        for i, annotation in enumerate(items):
            was = annotation.provenance and annotation.provenance.was
            if (was and _deeper_than(was, MAX_DEPTH)) or (own and _deeper_than(asdict(annotation), MAX_DEPTH)):
                told = f"{name} {annotation.id} is nested more than {MAX_DEPTH} levels deep"
                yield Finding(told, pointer_to(name, i))


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return any(isinstance(item, dict | list) for item in level)


def duplicate_key(subject: Subject) -> Iterator[Finding]:
    """One object has the same key twice.

    Why it matters: JSON readers keep one of the two and drop the other without a word, and not all keep the same one.

    Bad: ``{"id": "a1", "kind": "person", "kind": "group"}``

    Good: ``{"id": "a1", "kind": "group"}``
    """
    if subject.raw is None or subject.text is None:
        return
    if _as_many_marks(subject.data, subject.raw):
        return
    text = subject.text
    stack: list[tuple[str, dict[str, int]]] = []
    lines: list[int] = []
    for match in _TOKEN.finditer(text):
        sign = match.group()
        if sign in ("{", "["):
            stack.append((sign, {}))
        elif sign in "}]":
            stack.pop()
        elif sign[0] == '"' and stack[-1:] and stack[-1][0] == "{" and _KEY_FOLLOWS.match(text, match.end()):
            key = orjson.loads(sign)
            seen = stack[-1][1]
            if key in seen:
                lines = lines or [0, *(end.end() for end in re.finditer("\n", text))]
                first, again = (bisect_right(lines, at) for at in (seen[key], match.start()))
                yield Finding(
                    f"the key {quoted(key)} stands twice in one object",
                    hint=f"first at line {first}, column {seen[key] - lines[first - 1] + 1}: keep one",
                    line=again,
                    column=match.start() - lines[again - 1] + 1,
                )
            seen.setdefault(key, match.start())


def _as_many_marks(data: bytes, raw: JsonObject) -> bool:
    """Whether what was read has all quotation marks of the file: a dropped key drops two at least. Exact, and quick."""
    try:
        return b"\\u0022" not in data and data.count(b'"') == orjson.dumps(raw).count(b'"')
    except orjson.JSONEncodeError:  # nested more deeply than orjson writes
        return False


def json_type(value: object) -> str:
    """What JSON calls the type of a parsed value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def article(noun: str) -> str:
    """A noun with its indefinite article; "null" has none."""
    if noun == "null":
        return noun
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def id_differs_from_file_name(subject: Subject) -> Iterator[Finding]:
    """The document's id is not the name of its file.

    Why it matters: files are found by id; two names for one document end in two versions of it.

    Bad: ``harbour-fire.json`` with ``"id": "harbor-fire"``.

    Good: ``harbour-fire.json`` with ``"id": "harbour-fire"``.
    """
    own = subject.raw.get("id") if subject.raw is not None else None
    if subject.name is None or not isinstance(own, str) or own == subject.name:
        return
    if any(list(error.instance_path) == ["id"] for error in subject.schema_errors):
        return
    yield Finding(f"the id is {quoted(own)}, the file's name {quoted(subject.name)}", "/id", "rename one of them")


def duplicate_id(subject: Subject) -> Iterator[Finding]:
    """Two annotations, entities or relations of a document have the same id.

    Why it matters: whatever refers to that id may mean either, and readers that index by id lose one of the two.

    Bad: an actor ``"id": "a1"`` and a location ``"id": "a1"``.

    Good: ``"a1"`` and ``"l1"``.
    """
    document = document_of(subject)
    seen: dict[str, tuple[str, str]] = {}
    for i, entity in enumerate(document.entities):
        yield from _twice(seen, entity.id, "entity", f"/entities/{i}")
    for i, relation in enumerate(document.relations):
        yield from _twice(seen, relation.id, "relation", f"/relations/{i}")
    for name, items in document.layers.items():
        head = f"/layers/{escape(name)}/"
        for i, annotation in enumerate(items):
            if annotation.id in seen:
                yield from _twice(seen, annotation.id, name, f"{head}{i}")
            else:
                seen[annotation.id] = (name, f"{head}{i}")


def _twice(seen: dict[str, tuple[str, str]], own: str, kind: str, pointer: str) -> Iterator[Finding]:
    if own not in seen:
        seen[own] = (kind, pointer)
        return
    other, first = seen[own]
    related = (Related(first, f"the first {quoted(own)}, of {other}"),)
    yield Finding(f"the id of {kind} {own} is taken", pointer, "ids are unique in a document", related)


def corrected_without_was(subject: Subject) -> Iterator[Finding]:
    """An annotation is marked as corrected but does not keep what was suggested.

    Why it matters: a suggestion that was corrected is never suggested again only if it can be recognised, and the
    annotator's quality is measured against it.

    Bad: ``"provenance": {"status": "corrected"}``

    Good: ``"provenance": {"status": "corrected", "was": {"start": 0, "end": 3}}``
    """
    for name, items in document_of(subject).layers.items():
        for i, annotation in enumerate(items):
            if _status(annotation) == "corrected" and not (annotation.provenance and annotation.provenance.was):
                yield Finding(
                    f'{name} {annotation.id} is "corrected" without the suggestion in "was"',
                    f"{pointer_to(name, i)}/provenance",
                    'keep the suggestion\'s differing fields in "was", or write "added" where there was none',
                )


def was_without_correction(subject: Subject) -> Iterator[Finding]:
    """An annotation keeps an earlier suggestion but is not marked as corrected.

    Why it matters: readers tell by the status whether a person changed an annotation; this one claims both.

    Bad: ``"provenance": {"status": "accepted", "was": {"kind": "group"}}``

    Good: ``"provenance": {"status": "corrected", "was": {"kind": "group"}}``
    """
    for name, items in document_of(subject).layers.items():
        for i, annotation in enumerate(items):
            status = _status(annotation)
            if status in {"accepted", "added", "suggested"} and annotation.provenance and annotation.provenance.was:
                yield Finding(
                    f'{name} {annotation.id} is "{status}" and yet keeps a suggestion in "was"',
                    f"{pointer_to(name, i)}/provenance",
                    'write "corrected", or drop "was"',
                )


def _status(annotation: Annotation) -> str | None:
    return annotation.provenance.status if annotation.provenance else None


def article_path_outside_corpus(subject: Subject) -> Iterator[Finding]:
    """The path of the article leads out of the corpus.

    Why it matters: a corpus is read by others; an absolute path, or one that climbs with ``..``, reads their files.

    Bad: ``"article": {"path": "../../private/notes.txt"}``

    Good: ``"article": {"path": "articles/harbour-fire.txt"}``
    """
    document = document_of(subject)
    path = document.meta.article.path if document.meta.article else None
    if path is None:
        return
    steps = re.split(r"[/\\]", path)
    if ".." in steps or steps[0] in {"", "~"} or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path) or "\0" in path:
        yield Finding(
            f"the article's path {quoted(path)} leads out of the corpus",
            "/meta/article/path",
            "a path inside the corpus, with / between folders; for a file outside of it its name alone",
        )


CHECKS = (
    Check("DOC101", "empty-file", Severity.ERROR, Needs.FILE, empty_file),
    Check("DOC102", "invalid-json", Severity.ERROR, Needs.FILE, invalid_json),
    Check("DOC103", "not-an-object", Severity.ERROR, Needs.FILE, not_an_object),
    Check("DOC104", "nested-too-deeply", Severity.ERROR, Needs.FILE, nested_too_deeply),
    Check("DOC105", "duplicate-key", Severity.ERROR, Needs.JSON, duplicate_key),
    Check("DOC302", "id-differs-from-file-name", Severity.ERROR, Needs.JSON, id_differs_from_file_name),
    Check("DOC303", "duplicate-id", Severity.ERROR, Needs.DOCUMENT, duplicate_id),
    Check("DOC401", "corrected-without-was", Severity.WARNING, Needs.DOCUMENT, corrected_without_was),
    Check("DOC402", "was-without-correction", Severity.WARNING, Needs.DOCUMENT, was_without_correction),
    Check("DOC501", "article-path-outside-corpus", Severity.ERROR, Needs.DOCUMENT, article_path_outside_corpus),
)
