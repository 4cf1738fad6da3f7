"""Articles as rows of a table: comma-separated (RFC 4180) or tab-separated values, with a row of column names."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model import Article, CorpusToolError, Document
from corpus_tool.read.columns import did_you_mean
from corpus_tool.read.encoding import AUTO, Detected, detect_encoding, guess_told, is_utf_8
from corpus_tool.read.faults import ReadError, fault
from corpus_tool.read.files import MAX_ARTICLE_BYTES
from corpus_tool.read.inputs import Input, Rewound
from corpus_tool.read.options import ReadOptions
from corpus_tool.read.rows import refuse_twice, row_document

#: Bytes by which the encoding is told.
_SAMPLE_BYTES = 1_000_000

#: What may stand between the fields of a .csv; the first one wins where two split the column names alike.
_SEPARATORS = ",;\t|"

#: Byte order marks, which are taken off before the table is read, and the encoding behind each.
_MARKS = {
    "utf-8-sig": ((codecs.BOM_UTF8, "utf-8"),),
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
}


class _Record(NamedTuple):
    """A row: the line it begins at, its fields and its bytes; or an error in place of these."""

    line: int
    fields: list[str]
    raw: bytes
    error: str = ""


class _Table(NamedTuple):
    """A table that is open.

    Attributes:
        file: its bytes, without a byte order mark.
        encoding: the encoding as ``meta.article`` records it.
        codec: the encoding that ``file`` is decoded with.
        first_line: its first line, as far as it was looked at.
        note: what there is to say of the encoding.
    """

    file: BinaryIO
    encoding: str
    codec: str
    first_line: str
    note: Diagnostic | None


class _Lines:
    """The lines of a table as csv takes them. Those of a broken row can be given again, all but its first."""

    def __init__(self, lines: Iterator[bytes], encoding: str) -> None:
        self._lines = lines
        self._encoding = encoding
        self._again: list[bytes] = []
        self._size = 0
        self.number = 0
        self.record: list[bytes] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._again.pop() if self._again else next(self._lines)
        self.number += 1
        self.record.append(raw)
        self._size += len(raw)
        if self._size > MAX_ARTICLE_BYTES:
            raise csv.Error(f"longer than {MAX_ARTICLE_BYTES // 1_000_000} MB; is a quotation mark not closed?")
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise csv.Error(f"byte 0x{raw[error.start]:02x} in line {self.number} is not {self._encoding}") from error

    def begin(self) -> None:
        """Begins a row."""
        self.record = []
        self._size = 0

    def give_again(self) -> None:
        """Goes back to the second line of the row."""
        self._again.extend(reversed(self.record[1:]))
        self.number -= len(self.record) - 1


def read_csv(source: Input, options: ReadOptions) -> Iterator[Document | ReadError | Diagnostic]:
    """The articles of a .csv, one a row; its separator is the one that splits the column names into most."""
    return _read_table(source, options, "text/csv", _SEPARATORS)


def read_tsv(source: Input, options: ReadOptions) -> Iterator[Document | ReadError | Diagnostic]:
    """The articles of a .tsv, one a row. Quotation marks mean what they mean in a .csv."""
    return _read_table(source, options, "text/tab-separated-values", "\t")


def _read_table(
    source: Input, options: ReadOptions, media_type: str, separators: str
) -> Iterator[Document | ReadError | Diagnostic]:
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ARTICLE_BYTES))  # of the process; by itself it is 131,072
    try:
        table = _open_table(source, options.encoding)
        if table.note:
            yield table.note
        wide = table.codec.startswith(("utf-16", "utf-32"))
        lines = _wide_lines(table.file, table.codec) if wide else _raw_lines(table.file)
        path = options.recorded_path(source.path, source.inside)
        article = Article(path=path, media_type=media_type, encoding=table.encoding)
        separator = _separator(table.first_line, separators)
        yield from _rows(_Lines(lines, table.codec), separator, article, source.path, options)
    except ReadError as error:
        yield error


def _rows(
    lines: _Lines, separator: str, article: Article, path: str, options: ReadOptions
) -> Iterator[Document | ReadError]:
    from msgspec.structs import replace

    records = _records(lines, separator)
    head = next(records, None)
    if head is None:
        raise ReadError(fault("article-empty", path, "holds no text"))
    names = _column_names(head, path, options)
    ids: dict[str, int] = {}
    for record in records:
        try:
            row = _row(record, names, path)
            own = replace(article, sha256=hashlib.sha256(record.raw.rstrip(b"\r\n")).hexdigest())
            document = row_document(row, options.columns, own, options, (path, record.line))
            refuse_twice(document.meta.source_id or document.id, record.line, ids, path)
            yield document
        except ReadError as error:
            yield error


def _row(record: _Record, names: list[str], path: str) -> dict[str, str]:
    """The fields of a row that hold something, by their columns."""
    error = record.error
    if not error and len(record.fields) != len(names):
        error = f"has {len(record.fields):,} fields, and the table {len(names):,} columns"
    if error:
        raise ReadError(fault("row-invalid", path, error, line=record.line))
    return {name: field for name, field in zip(names, record.fields, strict=True) if field}


def _column_names(head: _Record, path: str, options: ReadOptions) -> list[str]:
    """The names of the columns.

    Raises:
        ReadError: a name stands twice, or a column that is wanted is not there.
    """
    if head.error:
        raise ReadError(fault("row-invalid", path, head.error, line=head.line))
    names = [name.strip() for name in head.fields]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None) if len(names) < 10_000 else ""
    if twice is not None:
        raise ReadError(fault("row-invalid", path, f"two columns are called {twice!r}", line=head.line))
    wanted = {"text": "text", **options.columns}
    missing = [f"{name!r}{did_you_mean(name, names)}" for name in wanted.values() if name not in names]
    if missing:
        shown = ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
        message = f"there is no column {' and no column '.join(missing)}; the columns are {shown}"
        raise ReadError(fault("column-unknown", path, message, line=head.line))
    return names


def _records(lines: _Lines, separator: str) -> Iterator[_Record]:
    """The rows that hold something. Behind a broken one reading goes on at the next line."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin()
        first = lines.number + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.give_again()
            reader = csv.reader(lines, delimiter=separator, strict=True)
            yield _Record(first, [], b"", str(error))
            continue
        if fields:
            yield _Record(first, fields, b"".join(lines.record))


def _separator(line: str, separators: str) -> str:
    def columns(separator: str) -> int:
        try:
            return len(next(csv.reader([line], delimiter=separator), []))
        except csv.Error:
            return 0

    return max(separators, key=columns)


def _open_table(source: Input, encoding: str) -> _Table:
    """Opens a table, and finds out its encoding.

    Raises:
        CorpusToolError: no encoding has the name that the user gave.
        ReadError: the file is damaged.
    """
    file = source.open()
    sample = b""
    while len(sample) < _SAMPLE_BYTES and (more := file.read(_SAMPLE_BYTES - len(sample))):
        sample += more
    detected = _detected(sample, encoding)
    name, mark = detected.name, b""
    for begins, inner in _MARKS.get(detected.name, ()):
        if sample.startswith(begins):
            name, mark = inner, begins
            break
    try:
        codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise CorpusToolError(f"{encoding!r}: no such character encoding") from error
    note = None
    if detected.is_guess:
        note = fault("encoding-guessed", source.path, guess_told(detected, sample.decode(name, "replace")))
    sample = sample[len(mark) :]
    rest = cast("BinaryIO", io.BufferedReader(Rewound(sample, file), 1 << 16))
    return _Table(rest, detected.name, name, sample.decode(name, "replace").split("\n", 1)[0], note)


def _detected(sample: bytes, encoding: str) -> Detected:
    found = None if encoding != AUTO and not _is_utf_8(encoding) else detect_encoding(sample[:1_000])
    if found and found.name in _MARKS and (encoding == AUTO or found.name == "utf-8-sig"):
        return found
    if encoding != AUTO:
        return Detected(encoding.lower(), 1.0)
    if is_utf_8(sample, cut=True):
        return Detected("utf-8", 1.0)
    return detect_encoding(sample[: sample.rfind(b"\n") + 1] or sample) or Detected("utf-8", 1.0)


def _is_utf_8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except (LookupError, ValueError):
        return False


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their ends; of one over the limit no more than its beginning."""
    while line := file.readline(MAX_ARTICLE_BYTES + 1):
        yield line
        if len(line) > MAX_ARTICLE_BYTES:
            while line and not line.endswith(b"\n"):
                line = file.readline(1 << 16)


def _wide_lines(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """Lines of UTF-16 or UTF-32, in the same encoding; of one over the limit no more than its beginning."""
    decoder = codecs.getincrementaldecoder(encoding)()
    text, is_rest = "", False
    while piece := file.read(1 << 16):
        try:
            *lines, text = (text + decoder.decode(piece)).split("\n")
        except UnicodeDecodeError as error:
            raise csv.Error(f"is not {encoding}: {error.reason}") from error
        for line in lines:
            if not is_rest:
                yield f"{line}\n".encode(encoding)
            is_rest = False
        if len(text) > MAX_ARTICLE_BYTES:
            if not is_rest:
                yield text.encode(encoding)
            text, is_rest = "", True
    if text and not is_rest:
        yield text.encode(encoding)
