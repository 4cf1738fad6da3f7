"""DOC2xx and DOC301: what the schema has against a document, told in the words of the format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import msgspec

from corpus_tool.checks.check import Check, Needs, Subject, quoted
from corpus_tool.checks.doc import article, json_type
from corpus_tool.checks.fixes.mend_schema import (
    format_named,
    key_filled,
    key_renamed,
    layer_renamed,
    left_out,
    number_unquoted,
    pointer_of,
    spelled_as_listed,
    whole_offset,
    written_in_form,
)
from corpus_tool.diagnostics import Finding, Severity
from corpus_tool.model import FORMAT
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.schemas import base_schema

#: What other formats call our keys.
_ALSO_CALLED = {
    "label": "kind", "type": "kind", "category": "kind", "begin": "start", "from": "start", "to": "end", "stop": "end",
    "start_char": "start", "end_char": "end", "startoffset": "start", "endoffset": "end", "surface": "text",
    "content": "text", "body": "text", "doc_id": "id", "headline": "title", "lang": "language", "date": "published",
    "author": "authors", "metadata": "meta", "annotations": "layers", "status": "provenance", "latitude": "lat",
    "longitude": "lon", "lng": "lon", "currency": "unit", "number": "value", "verb": "cue",
}  # fmt: skip

#: What a value with a pattern should look like, by its key.
_LOOKS_LIKE = {
    "language": 'a BCP 47 tag such as "en" or "pt-BR"',
    "published": 'an ISO 8601 date such as "2024-05-31" or "2024-05-31T08:30Z"',
    "text_sha256": "64 lower-case hexadecimal digits",
    "sha256": "64 lower-case hexadecimal digits",
}
_SINGULAR = {"entities": "entity", "blocks": "block", "relations": "relation"}

Path = Sequence[str | int]


def thing_at(raw: Any, path: Path) -> str:
    """What messages call the value at a path: "actors a1", "end of cue of quotes q1", "language of meta"."""
    steps = list(path)
    if steps[:1] == ["layers"] and len(steps) > 2:
        owner, rest = f"{steps[1]} {_id_at(raw, steps[:3])}", steps[3:]
    elif steps and steps[0] in _SINGULAR and len(steps) > 1:
        owner, rest = f"{_SINGULAR[str(steps[0])]} {_id_at(raw, steps[:2])}", steps[2:]
    elif steps[:1] == ["meta"]:
        owner, rest = "meta", steps[1:]
    else:
        owner, rest = "the document", steps
    names: list[str] = []
    for step in rest:
        if isinstance(step, int) and names:
            names[-1] += f" {step}"
        else:
            names.append(str(step))
    return " of ".join([*reversed(names), owner])


def _id_at(raw: Any, path: Path) -> str:
    for step in path:
        raw = raw[step]
    own = raw.get("id") if isinstance(raw, dict) else None
    return own if isinstance(own, str) and own else str(path[-1])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the known word that ``word`` resembles, or ""."""
    names = list(known)
    lower = word.lower()
    alias = _ALSO_CALLED.get(lower.replace("-", "_"))
    near = [alias] if alias in names else get_close_matches(lower, names, 1, 0.6)
    return f'did you mean "{near[0]}"?' if near else ""


def shown(value: Any) -> str:
    """A JSON value in a message: strings quoted, containers by their type."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict | list):
        return article(json_type(value))
    return {None: "null", True: "true", False: "false"}.get(value, str(value)) if _is_constant(value) else str(value)


def _is_constant(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _errors(subject: Subject, *kinds: str) -> Iterator[tuple[Any, list[str | int]]]:
    """The schema's errors of some kinds, with their paths; none where the document says it is of another format."""
    if subject.raw is None or is_other_version(subject.raw):
        return
    for error in subject.schema_errors:
        if not kinds or error.kind.name in kinds:
            yield error, list(error.instance_path)


def is_other_version(raw: dict[str, Any]) -> bool:
    """Whether the document says that it follows another version of the format, so that its schema is not ours."""
    own = raw.get("schema")
    return isinstance(own, str) and own != FORMAT and own.startswith(FORMAT.rpartition("/")[0] + "/")


def wrong_format_version(subject: Subject) -> Iterator[Finding]:
    """The document does not say that it is a document of this format and version.

    Why it matters: a reader cannot know what keys mean; another version's offsets may not even count the same.

    Bad: ``"schema": "corpus-tool/document/0"``, or no ``schema``.

    Good: ``"schema": "corpus-tool/document/1"``
    """
    raw = subject.raw
    if raw is None or raw.get("schema") == FORMAT:
        return
    hint = f'write "schema": "{FORMAT}"'
    if "schema" not in raw:
        yield Finding('the document has no "schema"', "", hint, fix=format_named(subject))
        return
    if is_other_version(raw):
        hint = f'this program reads "{FORMAT}"; convert the document, or use the program that wrote it'
    yield Finding(f'schema is {shown(raw["schema"])}, not "{FORMAT}"', "/schema", hint, fix=format_named(subject))


def missing_key(subject: Subject) -> Iterator[Finding]:
    """A key that every document, annotation, entity, block or relation needs is not there.

    Why it matters: what is built from the document would lack it, or not be built at all.

    Bad: an actor without ``kind``; a figure with neither ``value`` nor ``min`` nor ``max``.

    Good: ``{"id": "a1", "start": 0, "end": 3, "text": "Ali", "kind": "person"}``
    """
    for error, path in _errors(subject, "required", "anyOf"):
        thing = thing_at(subject.raw, path)
        if error.kind.name == "required":
            if path or error.kind.property != "schema":  # DOC201
                fix = key_filled(subject, path, error.kind.property)
                yield Finding(f'{thing} has no "{error.kind.property}"', pointer_of(path), fix=fix)
        elif keys := _alternatives(error):
            names = " nor ".join(f'"{key}"' for key in keys)
            yield Finding(f"{thing} has neither {names}", pointer_of(path))


def _alternatives(error: Any) -> list[str]:
    """The keys of an anyOf that only asks for one of several keys; empty for any other anyOf."""
    keys = []
    for branch in error.kind.context:
        for inner in branch:
            if inner.kind.name != "required" or list(inner.instance_path) != list(error.instance_path):
                return []
            keys.append(inner.kind.property)
    return keys


def unknown_key(subject: Subject) -> Iterator[Finding]:
    """A key that the format does not name.

    Why it matters: nobody reads it; most are misspelt, and the value that was meant is then missing in silence.

    Bad: ``{"id": "a1", "start": 0, "end": 3, "text": "Ali", "kind": "person", "mentoin": "name"}``

    Good: ``"mention": "name"``, and what is foreign to the format inside ``"extra": {…}``.
    """
    for error, path in _errors(subject, "additionalProperties", "unevaluatedProperties"):
        if path == ["layers"]:
            continue  # DOC207
        known = known_keys(subject, path)
        thing = thing_at(subject.raw, path)
        for key in error.kind.unexpected:
            hint = did_you_mean(key, known) or ('what is foreign goes into "extra"' if "extra" in known else "")
            fix = key_renamed(subject, path, key, known, _ALSO_CALLED)
            yield Finding(f"{thing} has an unknown key {quoted(key)}", pointer_of([*path, key]), hint, fix=fix)


def known_keys(subject: Subject, path: Path) -> dict[str, Any]:
    """The keys that the format allows in the object at a path, each with its schema."""
    base = base_schema()
    definitions = base["$defs"]
    steps = list(path)
    if not steps:
        return dict(base["properties"])
    if steps[0] == "layers":
        span, provenance = definitions["span"]["properties"], definitions["provenance"]["properties"]
        if len(steps) == 3:
            common = {"id": {"$ref": "#/$defs/id"}, **span}
            last = {"extra": {"$ref": "#/$defs/extra"}, "provenance": {"$ref": "#/$defs/provenance"}}
            return {**common, **subject.layers[str(steps[1])].attributes, **last}
        return dict(provenance if steps[3] == "provenance" else span)
    if steps[0] == "meta":
        meta = definitions["meta"]["properties"]
        return dict(meta["article"]["properties"] if "article" in steps else meta)
    return dict(definitions[_SINGULAR.get(str(steps[0]), "span")]["properties"])


def wrong_type(subject: Subject) -> Iterator[Finding]:
    """A value is of another JSON type than the format says.

    Why it matters: columns of a dataset have one type; readers refuse the file or turn everything into strings.

    Bad: ``"start": "5"``, ``"entity": null``

    Good: ``"start": 5``; a key without a value is left out.
    """
    for error, path in _errors(subject, "type"):
        value = error.instance
        wanted = " or ".join(article(kind) for kind in error.kind.types)
        own = json_type(value)
        told = own if isinstance(value, dict | list) or value is None else f"{own} {shown(value)}"
        hint, fix = ("leave the key out", left_out(path)) if value is None and _is_optional(path) else ("", ())
        if isinstance(value, str) and value.isdecimal() and error.kind.types[0] in {"integer", "number"}:
            hint, fix = "write the number without quotation marks", number_unquoted(path, value)
        message = f"{thing_at(subject.raw, path)} is {'null' if value is None else f'the {told}'}, not {wanted}"
        yield Finding(message, pointer_of(path), hint, fix=fix)


_REQUIRED = frozenset({"id", "start", "end", "text", "kind", "status", "name", "meta", "blocks", "layers"})


def _is_optional(path: Path) -> bool:
    return path[-1] not in _REQUIRED


def unknown_value(subject: Subject) -> Iterator[Finding]:
    """A value is not in its closed list.

    Why it matters: datasets store such values as numbers of a fixed list; one outside of it breaks the build, or is
    read as another label.

    Bad: ``"kind": "persn"``

    Good: ``"kind": "person"``
    """
    for error, path in _errors(subject, "enum", "const"):
        if path == ["schema"]:
            continue  # DOC201
        kind = error.kind
        options = list(kind.options) if kind.name == "enum" else [kind.expected_value]
        words = [option for option in options if isinstance(option, str)]
        value = error.instance
        if value is None and _is_optional(path):
            hint, fix = "leave the key out", left_out(path)
        else:
            fix = spelled_as_listed(path, value, options)
            near = did_you_mean(value, words) if isinstance(value, str) else ""
            hint = near or f"one of {', '.join(map(shown, options))}"
        message = f"{thing_at(subject.raw, path)} is {shown(value)}, which its list does not have"
        yield Finding(message, pointer_of(path), hint, fix=fix)


#: Kinds of schema errors that the checks above tell.
_TOLD = frozenset({"required", "additionalProperties", "unevaluatedProperties", "type", "enum", "const"})


def malformed_value(subject: Subject) -> Iterator[Finding]:
    """A value has the right type but not the form that the format asks for.

    Why it matters: programs that take the value at its word (a date, a checksum, a language) fail or are wrong.

    Bad: ``"language": "English (US)"``, ``"start": -1``

    Good: ``"language": "en-US"``, ``"start": 0``
    """
    for error, path in _errors(subject):
        name = error.kind.name
        if name in _TOLD or is_id(path) or (name == "anyOf" and _alternatives(error)):
            continue
        thing = thing_at(subject.raw, path)
        value = error.instance
        if name == "minimum" and value % 1 and path[-1] in {"start", "end"}:
            continue  # DOC204: an offset is a whole number
        if name == "pattern" and path and path[-1] in _LOOKS_LIKE:
            told = f"{thing} is {shown(value)}, not {_LOOKS_LIKE[str(path[-1])]}"
            yield Finding(told, pointer_of(path), fix=written_in_form(path, value, error.kind.pattern))
        elif name == "minimum":
            yield Finding(f"{thing} is {shown(value)}, below {error.kind.limit}", pointer_of(path))
        elif name == "maximum":
            yield Finding(f"{thing} is {shown(value)}, above {error.kind.limit}", pointer_of(path))
        elif name == "minLength" and value == "":
            hint, fix = ("leave the key out", left_out(path)) if _is_optional(path) else ("", ())
            yield Finding(f"{thing} is empty", pointer_of(path), hint, fix=fix)
        elif name == "minItems":
            yield Finding(f"{thing} has {len(value)} items, {error.kind.limit} at least are needed", pointer_of(path))
        else:
            told = error.message if len(error.message) <= 160 else f"{error.message[:159]}…"
            yield Finding(f"{thing} does not follow its schema: {told}", pointer_of(path))


def is_id(path: Path) -> bool:
    """Whether an id stands at a path (the document's, an annotation's, what a relation joins)."""
    return bool(path) and (path[-1] == "id" or (path[0] == "relations" and path[-1] in {"from", "to"}))


def undeclared_layer(subject: Subject) -> Iterator[Finding]:
    """A layer that neither the format nor the corpus declares.

    Why it matters: nothing is known of its annotations, so they can be neither checked nor built, and would be lost.

    Bad: ``"layers": {"acters": […]}``

    Good: ``"layers": {"actors": […]}``, or a file ``schema/layers/events.schema.json`` in the corpus.
    """
    for error, path in _errors(subject, "additionalProperties"):
        if path != ["layers"]:
            continue
        for key in error.kind.unexpected:
            hint = did_you_mean(key, subject.layers) or f"declare it in schema/layers/{key}.schema.json of the corpus"
            told = f"no schema declares the layer {quoted(key)}"
            yield Finding(told, pointer_of(["layers", key]), hint, fix=layer_renamed(subject, key))


def offset_not_integer(subject: Subject) -> Iterator[Finding]:
    """A whole number is written as a fraction where an offset stands, or cannot be read for another such reason.

    Why it matters: JSON Schema takes 5.0 for an integer; programs that slice a text with it stop with an error.

    Bad: ``"start": 5.0``

    Good: ``"start": 5``
    """
    raw = subject.raw
    if raw is None or subject.document is not None or subject.schema_errors:
        return
    found = False
    for path, value in _offsets(raw):
        if isinstance(value, float):
            found = True
            message = f"{thing_at(raw, path)} is {shown(value)}, not an integer"
            yield Finding(message, pointer_of(path), f"write {value:.0f}", fix=whole_offset(path, value))
    if not found:
        try:
            document_from_json(raw, subject.layers)
        except msgspec.ValidationError as error:
            yield Finding(f"the schema allows it, but it cannot be read: {error}")


def _offsets(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every ``start`` and ``end`` of a document; does not look into "extra" and "was", whose keys are anyone's."""
    children: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        if key in ("start", "end") and not isinstance(child, dict | list):
            yield (*path, key), child
        elif key not in ("extra", "was") and len(path) < 12:  # a corpus's own layer may hold anything
            yield from _offsets(child, (*path, key))


def malformed_id(subject: Subject) -> Iterator[Finding]:
    """An id has characters that ids do not have, or is too long.

    Why it matters: a document's id is the name of its file; one with ``/`` or ``..`` climbs out of the corpus.

    Bad: ``"id": "../Harbour Fire"``

    Good: ``"id": "harbour-fire"``
    """
    for error, path in _errors(subject, "pattern", "minLength", "maxLength"):
        if not is_id(path):
            continue
        value = error.instance
        letters = "lower-case letters" if path == ["id"] else "letters"
        hint = f"128 characters at most: {letters}, digits and . _ - behind a letter or digit"
        yield Finding(f"{thing_at(subject.raw, path)} is {shown(value)}", pointer_of(path), hint)


CHECKS = (
    Check("DOC201", "wrong-format-version", Severity.ERROR, Needs.JSON, wrong_format_version, fixable=True),
    Check("DOC202", "missing-key", Severity.ERROR, Needs.JSON, missing_key, fixable=True),
    Check("DOC203", "unknown-key", Severity.ERROR, Needs.JSON, unknown_key, fixable=True),
    Check("DOC204", "wrong-type", Severity.ERROR, Needs.JSON, wrong_type, fixable=True),
    Check("DOC205", "unknown-value", Severity.ERROR, Needs.JSON, unknown_value, fixable=True),
    Check("DOC206", "malformed-value", Severity.ERROR, Needs.JSON, malformed_value, fixable=True),
    Check("DOC207", "undeclared-layer", Severity.ERROR, Needs.JSON, undeclared_layer, fixable=True),
    Check("DOC208", "offset-not-integer", Severity.ERROR, Needs.JSON, offset_not_integer, fixable=True),
    Check("DOC301", "malformed-id", Severity.ERROR, Needs.JSON, malformed_id),
)
