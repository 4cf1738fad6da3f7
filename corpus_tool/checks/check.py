"""What a check is, and what it sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from operator import le
from typing import Any, NamedTuple

import msgspec
import orjson

from corpus_tool.diagnostics import Diagnostic, Finding, Severity
from corpus_tool.language.marks import Pairing, pair_marks
from corpus_tool.model import CONTENT_BLOCKS, Annotation, Document, Provenance, Span, pieces, surface
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.decode import Vouched
from corpus_tool.model.schemas import JsonObject, Layer

#: How deep what the format leaves open ("was", attributes of a corpus's own layers) may nest: far beyond use, far below
#: what makes a recursive reader fail.
MAX_DEPTH = 64

_PARAGRAPH_BREAK = re.compile(r"\n(?:[ \t]*\n\s*|(?=[ \t]{2,}\S))")
_LINE_BREAK = re.compile(r"\n")
_BOM = b"\xef\xbb\xbf"


class Needs(IntEnum):
    """How far a document's file must have been understood before a check can run."""

    FILE = 0
    JSON = 1
    DOCUMENT = 2


class Part(NamedTuple):
    """A stretch of text in a document: an annotation, or a span that belongs to one (a cue, what a figure counts).

    Attributes:
        layer: the layer's name.
        nth: the annotation's place in its layer.
        annotation: the annotation.
        span: the annotation itself, or the span inside it.
        attribute: what the annotation calls that span, "" for the annotation itself.
    """

    layer: str
    nth: int
    annotation: Annotation
    span: Annotation | Span
    attribute: str = ""

    @property
    def pointer(self) -> str:
        """JSON Pointer to the annotation, or to the span inside it."""
        own = pointer_to(self.layer, self.nth)
        return f"{own}/{escape(self.attribute)}" if self.attribute else own

    @property
    def label(self) -> str:
        """What messages call it: "actors a1", "cue of quotes q1"."""
        own = f"{self.layer} {self.annotation.id}"
        return f"{self.attribute} of {own}" if self.attribute else own

    @property
    def is_live(self) -> bool:
        """Whether nobody rejected the annotation."""
        return is_live(self.annotation)


class Place(NamedTuple):
    """An annotation and where it stands."""

    layer: str
    nth: int
    annotation: Annotation


@dataclass(frozen=True)
class Subject:
    """One document as the checks see it.

    What was understood of the bytes is worked out when it is first asked for: a document that ``vouched`` holds needs
    neither its ``text`` nor its ``raw`` JSON before something is found in it.

    Attributes:
        data: the bytes of the file, or of the line of a shard.
        layers: the layers that the corpus knows, by name.
        compile_schema: gives the compiled JSON Schema of documents (jsonschema_rs) that may hold these layers.
        name: the file's name without its suffix, None for a line of a shard: the id that the document should have.
        vouched: the document, where the short way vouches for all that DOC1xx to DOC301 and TXT1xx look at.
    """

    data: bytes
    layers: Mapping[str, Layer]
    compile_schema: Callable[[], Any]
    name: str | None = None
    vouched: Vouched | None = None

    @cached_property
    def text(self) -> str | None:
        """``data`` decoded, None where it is not UTF-8."""
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError:
            return None

    @cached_property
    def raw(self) -> JsonObject | None:
        """The parsed JSON object, None where there is none."""
        if self.text is None:
            return None
        try:
            value = orjson.loads(self.data.removeprefix(_BOM))
        except orjson.JSONDecodeError:
            return None
        return value if isinstance(value, dict) else None

    @cached_property
    def document(self) -> Document | None:
        """The decoded document; None where the schema refuses it, or where an offset is 5.0, which a schema takes."""
        if self.vouched is not None:
            return self.vouched.document
        if self.raw is None:
            return None
        try:
            return document_from_json(self.raw, self.layers) if self.compile_schema().is_valid(self.raw) else None
        except (msgspec.ValidationError, ValueError, RecursionError):
            return None

    @cached_property
    def schema_errors(self) -> tuple[Any, ...]:
        """What the schema has against the raw JSON (jsonschema_rs errors); worked out once for all checks."""
        if self.raw is None or self.document is not None:
            return ()
        try:
            return tuple(self.compile_schema().iter_errors(self.raw))
        except ValueError:  # an error would hold a value that is nested too deeply for the validator
            return tuple(self.compile_schema().iter_errors(cut_off(self.raw, MAX_DEPTH)))

    @cached_property
    def annotations(self) -> list[Annotation]:
        """The annotations of all layers, rejected ones too, in order of the file."""
        if self.vouched is not None:
            return self.vouched.annotations
        return [annotation for items in document_of(self).layers.values() for annotation in items]

    @cached_property
    def provenances(self) -> list[Provenance]:
        """The provenance of every annotation that has one."""
        if self.vouched is not None:
            return self.vouched.provenances
        return [p for annotation in self.annotations if (p := annotation.provenance) is not None]

    @cached_property
    def standing(self) -> Mapping[str, Sequence[Annotation]]:
        """The annotations of each layer that nobody rejected."""
        layers = document_of(self).layers
        if "rejected" not in [p.status for p in self.provenances]:
            return layers
        return {
            name: [a for a in items if a.provenance is None or a.provenance.status != "rejected"]
            for name, items in layers.items()
        }

    @cached_property
    def live(self) -> dict[str, list[Place]]:
        """The annotations of each layer that nobody rejected, each with its place."""
        layers = document_of(self).layers
        return {name: [Place(name, i, a) for i, a in enumerate(items) if is_live(a)] for name, items in layers.items()}

    @cached_property
    def places(self) -> dict[str, dict[str, Place]]:
        """The annotations of each layer by id, rejected ones too."""
        layers = document_of(self).layers
        return {name: {a.id: Place(name, i, a) for i, a in enumerate(items)} for name, items in layers.items()}

    @cached_property
    def parts(self) -> list[Part]:
        """Every annotation, rejected ones too, and every span inside one, in order of the file."""
        found = []
        for name, items in document_of(self).layers.items():
            attributes = self.layers[name].span_attributes
            for i, annotation in enumerate(items):
                found.append(Part(name, i, annotation, annotation))
                for attribute in attributes:
                    span = getattr(annotation, attribute)
                    if span is not None:
                        found.append(Part(name, i, annotation, span, attribute))
        return found

    @cached_property
    def unsound_parts(self) -> list[Part]:
        """The parts whose offsets or text are wrong: what SPN1xx checks explain and every other check leaves alone."""
        text = document_of(self).text
        return [part for part in self.parts if not is_sound(part.span, text)]

    @cached_property
    def sound_parts(self) -> list[Part]:
        """The parts with sound offsets of annotations that nobody rejected: what checks of words and marks look at."""
        parts = self.parts
        if self.unsound_parts:
            unsound = {id(part) for part in self.unsound_parts}
            parts = [part for part in parts if id(part) not in unsound]
        return [part for part in parts if part.is_live]

    @cached_property
    def sound_annotations(self) -> dict[str, list[Place]]:
        """The annotations of each layer that nobody rejected and whose offsets are sound, in order of the file."""
        found: dict[str, list[Place]] = {name: [] for name in document_of(self).layers}
        for part in self.sound_parts:
            if not part.attribute:
                found[part.layer].append(Place(part.layer, part.nth, part.annotation))
        return found

    @cached_property
    def pairing(self) -> Pairing:
        """The quotation marks of the article's content, paired; where there are no sound blocks, by paragraphs."""
        document = document_of(self)
        blocks = [b for b in document.blocks if b.kind in CONTENT_BLOCKS and document.text[b.start : b.end].strip()]
        ends = [block.end for block in document.blocks]
        apart = all(map(le, ends, [block.start for block in document.blocks[1:]]))
        if ends and apart and max(ends) <= len(document.text):
            return pair_marks(document.text, [(block.start, block.end) for block in blocks])
        return pair_marks(document.text, list(_paragraphs(document.text)))

    def narrowed(self, parts: list[Part]) -> Subject:
        """The same subject for checks that look at one of the ``sound_parts`` after the other: it has only these."""
        other = copy(self)
        other.__dict__["sound_parts"] = parts
        return other

    def with_only(self, layer: str, places: list[Place]) -> Subject:
        """The same subject for checks that look at one annotation of a layer after the other: it has only these."""
        other = copy(self)
        other.__dict__["live"] = {**self.live, layer: places}
        other.__dict__["sound_annotations"] = {**self.sound_annotations, layer: places}
        return other

    @cached_property
    def is_english(self) -> bool:
        """Whether checks that know English words apply: the language is English, or not told."""
        language = document_of(self).meta.language
        return language is None or language.lower().partition("-")[0] in {"en", "eng"}


@dataclass(frozen=True)
class Check:
    """A check: ``run`` yields findings for one document, and its docstring explains what, why, bad and good.

    ``fixable`` says whether some of its findings offer a fix.
    """

    code: str
    name: str
    severity: Severity
    needs: Needs
    run: Callable[[Subject], Iterable[Finding]]
    fixable: bool = False

    def diagnostic(self, finding: Finding, path: str, line: int, column: int, document: str | None) -> Diagnostic:
        """The diagnostic that a finding of this check becomes."""
        return Diagnostic(
            code=self.code,
            name=self.name,
            severity=self.severity,
            message=finding.message,
            path=path,
            line=line,
            column=column,
            pointer=finding.pointer,
            hint=finding.hint,
            related=finding.related,
            document=document,
            fix=finding.fix,
        )


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where paragraphs stand: apart by blank or indented lines, or a line each where there are none of these."""
    apart = _PARAGRAPH_BREAK if _PARAGRAPH_BREAK.search(text) else _LINE_BREAK
    start = 0
    for match in apart.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def cut_off(value: Any, depth: int) -> Any:
    """A copy of a JSON value whose containers more than ``depth`` levels down are empty."""
    if isinstance(value, dict):
        return {key: cut_off(child, depth - 1) for key, child in value.items()} if depth else {}
    if isinstance(value, list):
        return [cut_off(child, depth - 1) for child in value] if depth else []
    return value


def document_of(subject: Subject) -> Document:
    """The decoded document of a subject whose check needs one."""
    assert subject.document is not None
    return subject.document


def is_live(annotation: Annotation) -> bool:
    """Whether nobody rejected the annotation."""
    return annotation.provenance is None or annotation.provenance.status != "rejected"


def escape(step: str) -> str:
    """A key as a step of a JSON Pointer."""
    return step.replace("~", "~0").replace("/", "~1")


def pointer_to(layer: str, index: int) -> str:
    """JSON Pointer to an annotation."""
    return f"/layers/{escape(layer)}/{index}"


def quoted(words: str, limit: int = 40) -> str:
    """Words of a document in a message: in quotation marks, shortened to ``limit`` code points."""
    return f'"{words}"' if len(words) <= limit else f'"{words[: limit - 1]}…"'


def is_sound(span: Annotation | Span, text: str) -> bool:
    """Whether the offsets of a span fit the text, and its text is the text there."""
    """Whether the offsets of a span, or of its fragments, are in order and hold its text (what SPN1xx tell if not)."""
    if span.fragments:
        cut = pieces(span)
        reach = cut[0][0] - 1
        for start, end in cut:
            if not reach < start < end:
                return False
            reach = end
        hull = (span.start, span.end) == (cut[0][0], reach)
        return hull and reach <= len(text) and surface(text, cut) == span.text and not span.text.isspace()
    words = span.text
    return (
        span.start < span.end <= len(text)
        and text.startswith(words, span.start)
        and len(words) == span.end - span.start
        and not words.isspace()
    )
