"""The lines of a WebAnno TSV 3 file: its header, its escapes, its sentences and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault

#: What stands in a column without annotation, and in one whose annotation has no value there.
NO_ANNOTATION, NO_VALUE = "_", "*"

#: What a column holds: a feature, nothing but the presence of an annotation, the roles of a slot, what they lead to,
#: where a relation comes from.
FEATURE, PRESENCE, ROLE, SLOT_TARGET, RELATION_SOURCE = "feature", "presence", "role", "slot target", "relation source"

#: Kinds of layers, as the header calls them.
SPAN_LAYER, RELATION_LAYER, CHAIN_LAYER = "SP", "RL", "CH"

_FORMAT = re.compile(r"#FORMAT=WebAnno TSV (3)(?:\.(\d+))?\s*")
_ROLE = re.compile(r"ROLE_[^:]*:(.+)_[^_]+")
_ROW_ID = re.compile(r"\d+-\d+(?:\.\d+)?")
_OFFSETS = re.compile(r"(\d+)-(\d+)")

_IN_VALUE = {"\\": "\\\\", "[": "\\[", "]": "\\]", "|": "\\|", "_": "\\_", "->": "\\->", ";": "\\;", "\t": "\\t",
             "\n": "\\n", "*": "\\*"}  # fmt: skip
_VALUE = re.compile(r"->|[\\\[\]|_;\t\n*]")
_VALUE_ESCAPE = re.compile(r"\\(->|[\\\[\]|_;tn*])")

#: Control characters that a text has behind a backslash, and those that it has as a letter behind one.
_LETTERS = {"\t": "t", "\n": "n", "\f": "f", "\r": "r", "\b": "b", "\\": "\\"}
_BARE = "".join(map(chr, [*range(8), *range(14, 32)]))
_TEXT = re.compile(rf"[{re.escape(_BARE)}\t\n\f\r\b\\]")
_TEXT_ESCAPE = re.compile(rf"\\([tnfrb\\{re.escape(_BARE)}])")
_JAVA_ESCAPE = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|(.))", re.DOTALL)

_STACKED = re.compile(r"((?:[^|\\]|\\.?)*)(?:\||$)", re.DOTALL)
_SLOTS = re.compile(r"((?:[^;\\]|\\.?)*)(?:;|$)", re.DOTALL)
_NUMBERED = re.compile(r"((?:[^\\]|\\.)*)\[(\d+(?:_\d+)?)\]", re.DOTALL)
_CHAINED = re.compile(r"((?:[^\\]|\\.)*)->(\d+)-(\d+)", re.DOTALL)


class Column(NamedTuple):
    """A column behind the first three.

    Attributes:
        at: which field of a row it is, from 0.
        layer: ``SP``, ``RL`` or ``CH``.
        type: the full name of the layer's type.
        holds: what it holds.
        feature: the short name of the feature.
        target: the type that a slot or a relation leads to.
    """

    at: int
    layer: str
    type: str
    holds: str
    feature: str = ""
    target: str = ""


@dataclass(frozen=True)
class Row:
    """A token or a part of one, with its offsets as the file counts them.

    Attributes:
        id: ``1-2``, or ``1-2.1`` for a part of a token.
        begin: where it starts.
        end: where it ends.
        words: what the file says stands there.
        fields: all fields of its line.
        line: its line, from 1.
    """

    id: str
    begin: int
    end: int
    words: str
    fields: tuple[str, ...]
    line: int

    @property
    def is_token(self) -> bool:
        """Whether it is a whole token."""
        return "." not in self.id


@dataclass
class Sentence:
    """A sentence: its text, and its rows.

    Attributes:
        line: its first line, from 1.
        texts: its text by lines, as escaped in the file.
        rows: its rows.
    """

    line: int
    texts: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Parsed:
    """A file, line by line.

    Attributes:
        minor: 2 of version 3.2; None where the header does not say.
        columns: what the header declares.
        remarks: other lines of the header, by key.
        sentences: the sentences.
        diagnostics: what cannot be read.
    """

    minor: int | None = None
    columns: list[Column] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)
    sentences: list[Sentence] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def parse(text: str, path: str) -> Parsed:
    """The header, the sentences and the rows of a file; a line that is none of these is told and left out."""
    parsed = Parsed()
    lines = [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]
    match = _FORMAT.fullmatch(lines[0])
    if match is None:
        told = f"the first line is not #FORMAT=WebAnno TSV 3: {lines[0][:40]!r}"
        parsed.diagnostics.append(import_fault("import-file-unreadable", path, told))
        return parsed
    parsed.minor = int(match[2]) if match[2] else None
    for number, line in enumerate(lines[1:], 2):
        _take(line, number, path, parsed)
    return parsed


def _take(line: str, number: int, path: str, parsed: Parsed) -> None:
    """Puts a line where it belongs."""
    sentences = parsed.sentences
    key, equals, value = line.partition("=")
    if not line:
        return
    if line.startswith(("#Text=", "#Sentence.id=")):
        if not sentences or sentences[-1].rows:
            sentences.append(Sentence(number))
        if key == "#Text":
            sentences[-1].texts.append(value)
    elif line.startswith(("#T_SP=", "#T_RL=", "#T_CH=")) and not sentences:
        parsed.columns += _declared(key[3:], value, 3 + len(parsed.columns))
    elif line.startswith("#") and equals and not (sentences and sentences[-1].rows and "\t" in line):
        if not sentences:
            parsed.remarks[key[1:]] = value
    else:
        row = _row(line, number)
        if row is None or not sentences:
            told = "a row without a #Text line before it" if row else f"is no row of a token: {line[:60]!r}"
            parsed.diagnostics.append(import_fault("import-record-unreadable", path, told, line=number))
            return
        missing = 3 + len(parsed.columns) - len(row.fields)
        if missing > 0:
            told = f"{row.id} has {missing} fields too few; its annotations are left out"
            parsed.diagnostics.append(import_fault("import-record-unreadable", path, told, line=number))
        sentences[-1].rows.append(row)


def _row(line: str, number: int) -> Row | None:
    fields = line.split("\t")
    if len(fields) < 3 or not _ROW_ID.fullmatch(fields[0]):
        return None
    offsets = _OFFSETS.fullmatch(fields[1])
    if offsets is None or int(offsets[1]) > int(offsets[2]):
        return None
    return Row(fields[0], int(offsets[1]), int(offsets[2]), fields[2], tuple(fields), number)


def _declared(layer: str, declaration: str, at: int) -> Iterator[Column]:
    """The columns of a line such as ``#T_SP=webanno.custom.Frame|FE|ROLE_…|webanno.custom.Lu``."""
    type_, *names = declaration.split("|")
    names = [name for name in names if name]
    if not names:
        yield Column(at, layer, type_, PRESENCE)
    slot: str | None = None
    for number, name in enumerate(names, at):
        role = _ROLE.fullmatch(name) if layer == SPAN_LAYER else None
        if slot is not None:
            yield Column(number, layer, type_, SLOT_TARGET, slot, name)
            slot = None
        elif role is not None:
            slot = role[1]
            yield Column(number, layer, type_, ROLE, slot)
        elif layer == RELATION_LAYER and name.startswith("BT_"):
            yield Column(number, layer, type_, RELATION_SOURCE, target=name.removeprefix("BT_"))
        else:
            yield Column(number, layer, type_, FEATURE, name)


def escaped_value(value: str) -> str:
    """A feature's value as a column has it; the value ``*`` is apart from a value that is not there."""
    return _VALUE.sub(lambda m: _IN_VALUE[m[0]], value)


def unescaped_value(value: str) -> str:
    """The value that a column has."""
    return _VALUE_ESCAPE.sub(lambda m: {"t": "\t", "n": "\n"}.get(m[1], m[1]), value)


def escaped_text(text: str) -> str:
    """A line of the text, as ``#Text=`` has it."""
    return _TEXT.sub(lambda m: "\\" + _LETTERS.get(m[0], m[0]), text)


def unescaped_text(text: str, minor: int | None) -> str:
    """The line of the text that ``#Text=`` has; until version 3.1 it was escaped as in Java."""
    if minor is not None and minor <= 1:
        return _JAVA_ESCAPE.sub(_of_java, text)
    letters = {letter: c for c, letter in _LETTERS.items()}
    return _TEXT_ESCAPE.sub(lambda m: letters.get(m[1], m[1]), text)


def _of_java(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    if match[2]:
        return chr(int(match[2], 8))
    return {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}.get(match[3], match[3])


def whole_characters(text: str) -> str:
    """A text in which escapes have left the two halves of a character apart, put together."""
    if not re.search("[\ud800-\udbff][\udc00-\udfff]", text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def stacked(field_: str) -> list[str]:
    """The values of a column that several annotations share."""
    return _split(_STACKED, field_)


def slots(value: str) -> list[str]:
    """The roles of one annotation, or what they lead to."""
    return _split(_SLOTS, value)


def _split(pattern: re.Pattern[str], value: str) -> list[str]:
    found = []
    at = 0
    while True:
        match = pattern.match(value, at)
        assert match is not None  # it matches nothing, too
        found.append(match[1])
        at = match.end()
        if at == match.end(1):
            return found


def numbered(value: str) -> tuple[str, str | None]:
    """A value and the number in brackets behind it, which tells annotations apart."""
    match = _NUMBERED.fullmatch(value)
    return (match[1], match[2]) if match else (value, None)


def chained(value: str) -> tuple[str, str, int] | None:
    """The label of a chain's link, the number of the chain, and that of the link: ``coref->1-2``."""
    match = _CHAINED.fullmatch(value)
    return (match[1], match[2], int(match[3])) if match else None


def by_type(columns: Sequence[Column]) -> dict[str, list[Column]]:
    """The columns of each type, in order."""
    found: dict[str, list[Column]] = {}
    for column in columns:
        found.setdefault(column.type, []).append(column)
    return found
