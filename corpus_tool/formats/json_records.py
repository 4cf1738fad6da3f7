"""JSON as annotation tools export it: an array of records, one object, or an object a line; what is broken is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, NoReturn

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault

#: Where an object of an array may begin, and how many such places are tried behind one that is broken.
_NEXT = re.compile(r"[\[,]\s*(?=\{)")
_TRIES = 10_000

_SPACE = re.compile(r"[ \t\r\n]*")
_HALF = re.compile("[\ud800-\udfff]")


class Record(NamedTuple):
    """A value of a file, with the line that it starts on, from 1, and its source."""

    value: Any
    line: int
    raw: str

    def line_of(self, words: str) -> int:
        """The line of the file, from 1, on which a string first stands in this record; its first line where nowhere."""
        at = self.raw.find(json.dumps(words, ensure_ascii=False))
        return self.line + (self.raw.count("\n", 0, at) if at >= 0 else 0)


def records_of(text: str, path: str, is_record: Callable[[Any], bool]) -> Iterator[Record | Diagnostic]:
    """The records of a JSON file.

    A broken one is told, and the reading goes on behind it: with the next line, or in an array with the next object
    that is a record.

    Args:
        text: the file's text.
        path: what diagnostics call it.
        is_record: whether an object is a record of the format, and not a part of one.
    """
    scan = _Scan(text.removeprefix("\ufeff"), path)
    at = scan.blank(0)
    if scan.text.startswith("[", at):
        yield from _array(scan, at + 1, is_record)
        return
    while at < len(scan.text):
        found, end = scan.value(at)
        yield found
        if isinstance(found, Diagnostic):
            if not re.search(r"\S", scan.text[scan.end_of_line(at) :]):
                return
            end = scan.end_of_line(at)
        at = scan.blank(end)


def _array(scan: _Scan, at: int, is_record: Callable[[Any], bool]) -> Iterator[Record | Diagnostic]:
    at = scan.blank(at)
    while not scan.text.startswith("]", at):
        found, end = scan.value(at)
        if isinstance(found, Diagnostic):
            yield found
            resumed = _resumed(scan, end, is_record)
            if resumed is None:
                return
            found, end = resumed
        yield found
        at = scan.blank(end)
        if scan.text.startswith(",", at):
            at = scan.blank(at + 1)
        elif not scan.text.startswith("]", at):
            yield scan.refuse(at, "the list of records is not closed: the file may be cut off")
            return
    rest = scan.blank(at + 1)
    if rest < len(scan.text):
        yield scan.refuse(rest, "something stands behind the list of records")


def _resumed(scan: _Scan, at: int, is_record: Callable[[Any], bool]) -> tuple[Record, int] | None:
    """The next record of an array behind a broken one."""
    for _, found in zip(range(_TRIES), _NEXT.finditer(scan.text, at), strict=False):
        record, end = scan.value(found.end())
        if isinstance(record, Record) and is_record(record.value):
            return record, end
    return None


class _Scan:
    """A text that is decoded value by value; lines are counted as it goes on."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self._at, self._line = 0, 1
        self._decoder = json.JSONDecoder(parse_constant=_refuse_constant)

    def blank(self, at: int) -> int:
        """The end of the white space at a position."""
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def end_of_line(self, at: int) -> int:
        found = self.text.find("\n", at)
        return found if found >= 0 else len(self.text)

    def line(self, at: int) -> int:
        if at < self._at:
            return self.text.count("\n", 0, at) + 1
        self._line += self.text.count("\n", self._at, at)
        self._at = at
        return self._line

    def refuse(self, at: int, message: str) -> Diagnostic:
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return import_fault("import-record-unreadable", self.path, message, line=self.line(at), column=column)

    def value(self, at: int) -> tuple[Record | Diagnostic, int]:
        """The value at a position and its end; a diagnostic, and where the decoder gave up, if it is none."""
        try:
            value, end = self._decoder.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            return self.refuse(error.pos, f"is not JSON: {error.msg}"), error.pos
        except (ValueError, RecursionError) as error:
            return self.refuse(at, f"is not JSON that can be read: {error}"), at + 1
        return Record(value, self.line(at), self.text[at:end]), end


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def whole_characters(value: Any) -> Any:
    """A value whose strings hold U+FFFD for halves of characters: tools cut emoji in two, and no file holds a half."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value) if _HALF.search(value) else value
    if isinstance(value, list):
        return [whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {whole_characters(key): whole_characters(item) for key, item in value.items()}
    return value
