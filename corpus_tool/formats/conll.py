"""CoNLL columns, read: a word a line, a sentence a paragraph, and in one column or more the tags of spans."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.conll_tags import Evidence, Tag, is_tagged, parsed, spans_of_tags
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan, Scalar
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.plain_json import unique_name
from corpus_tool.formats.words import META, Line, meta_value, paragraphs_of_lines, placed, unescaped

SUFFIXES = (".bio", ".bioes", ".conll", ".iob", ".iob2", ".tags")

#: What begins a document in a file of several, as in CoNLL 2003; a name may follow in brackets.
_DOCSTART = "-DOCSTART-"

#: Names of the column of words, in small letters.
_FORM = frozenset({"form", "word", "words", "token", "tokens", "text"})

#: Labels of a column of chunks, which are not what a corpus of news marks.
_CHUNKS = frozenset(["NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP"])

_COMMENT = re.compile(r"#\s*([^\s=]+(?: [^\s=]+)*)\s*(?:= ?(.*))?", re.DOTALL)


class Row(NamedTuple):
    """A line of a word."""

    line: int
    fields: list[str]


@dataclass
class Sentence:
    """A sentence as it stands in the file."""

    rows: list[Row] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)

    def comment(self, name: str) -> str | None:
        """The value of a comment, None where there is none of that name."""
        return next((value for key, value in self.comments if key == name), None)


@dataclass
class _Part:
    """The sentences of one document."""

    name: str | None
    line: int
    sentences: list[Sentence] = field(default_factory=list)


@dataclass(frozen=True)
class _Columns:
    """Where words and tags stand.

    Attributes:
        form: the number of the column of words.
        tags: the numbers of those of tags.
        names: the names of all of them; "column 3" where the file does not name them.
        others: the numbers of those that are neither.
        count: how many there are.
    """

    form: int
    tags: tuple[int, ...]
    names: tuple[str, ...]
    others: tuple[int, ...]
    count: int


def read_conll(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of files with columns.

    Columns are parted by tabs, or by blanks where there are no tabs. The words stand in the first column, behind their
    numbers if it has such, or in the one that a header calls so: a first line ``token ner``, or the comment
    ``# global.columns = FORM NER`` of CoNLL-U Plus. Every column of tags is read, but for chunks.

    The text is that of the comments ``# text = …``; without them its words with a blank between them and a line for
    each sentence.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    for name, found in files_below(path, SUFFIXES):
        text = read_text(found)
        if isinstance(text, Diagnostic):
            yield text
        else:
            yield from _read_file(text, name, str(found))


def _read_file(text: str, name: str, path: str) -> Iterator[ForeignDocument | Diagnostic]:
    paragraphs = list(paragraphs_of_lines(text))
    is_tabbed = "\t" in text
    counts = Counter(len(_fields(row.text, is_tabbed)) for lines in paragraphs for row in lines if row.text[0] != "#")
    if not counts:
        if text.strip():
            yield import_fault("import-file-unreadable", path, "holds comments and no word")
        return
    count = counts.most_common(1)[0][0]
    header: list[str] = []
    parts = _parts(paragraphs, is_tabbed, count, header)
    columns = _columns([s for part in parts for s in part.sentences], count, header)
    if columns is None:
        yield import_fault("import-file-unreadable", path, "no column holds tags such as B-PER, I-PER and O")
        return
    evidence = {column: Evidence() for column in columns.tags}
    taken: dict[str, None] = {}
    for number, part in enumerate(parts, 1):
        if any(sentence.rows for sentence in part.sentences):
            own = [part.name] if part.name else []
            own.append(name if len(parts) == 1 else f"{name}-{number}")
            key = unique_name(own, taken)
            taken[key] = None
            yield from _document(part, key, path, columns, evidence)
    yield from _remarks(evidence, columns, path)


def _fields(line: str, is_tabbed: bool) -> list[str]:
    return line.split("\t") if is_tabbed else line.split()


def _parts(paragraphs: Sequence[list[Line]], is_tabbed: bool, count: int, header: list[str]) -> list[_Part]:
    """The documents of a file; the names of its columns go to ``header``."""
    parts = [_Part(None, 1)]
    is_first = True
    for lines in paragraphs:
        sentence = Sentence()
        for line in lines:
            fields = _fields(line.text, is_tabbed)
            if line.text.startswith("#") and not _is_word(fields, count):
                _take_comment(line, sentence, parts, header)
            elif fields[0] == _DOCSTART:
                found = re.search(r"\((?:\d+ )?(.+)\)", line.text)
                parts.append(_Part(found[1] if found else None, line.number))
            elif is_first and not header and _is_header(fields):
                header += fields
                is_first = False
            else:
                sentence.rows.append(Row(line.number, fields))
                is_first = False
        if sentence.rows or sentence.comments:
            parts[-1].sentences.append(sentence)
    return [part for part in parts if part.sentences] or parts[:1]


def _is_word(fields: Sequence[str], count: int) -> bool:
    """Whether a line that begins with # is that of a word: it has its columns, and a tag in the last one."""
    return len(fields) == count > 1 and (fields[-1] == "O" or re.match(r"[BIESLUMW]-", fields[-1]) is not None)


def _is_header(fields: Sequence[str]) -> bool:
    """Whether a first line names columns: one is that of the words, and the last is no tag."""
    return any(name.lower() in _FORM for name in fields[:2]) and parsed(fields[-1]) is None


def _take_comment(line: Line, sentence: Sentence, parts: list[_Part], header: list[str]) -> None:
    found = _COMMENT.match(line.text)
    if found is None:
        return
    key, value = found[1], found[2] or ""
    if key == "global.columns":
        header[:] = value.split()
    elif key.split()[0] == "newdoc":
        parts.append(_Part(value.strip() or None, line.number))
    else:
        sentence.comments.append((key, value))


def _columns(sentences: Sequence[Sentence], count: int, header: Sequence[str]) -> _Columns | None:
    """Where words and tags stand; None where there are no tags."""
    rows = [row for sentence in sentences for row in sentence.rows if len(row.fields) == count]
    values = [[row.fields[column] for row in rows] for column in range(count)]
    named = [at for at, name in enumerate(header[:count]) if name.lower() in _FORM]
    form = named[0] if named else int(_are_numbers(sentences))
    tags = [at for at in range(count) if at != form and is_tagged(values[at])]
    tags = [at for at in tags if not _are_chunks(values[at])]
    if not tags or form >= count:
        return None
    names = tuple(header) if len(header) == count else tuple(f"column {at + 1}" for at in range(count))
    others = tuple(at for at in range(count) if at != form and at not in tags and set(values[at]) - {"_", "-", ""})
    return _Columns(form, tuple(tags), names, others, count)


def _are_numbers(sentences: Sequence[Sentence]) -> bool:
    """Whether the first column counts the words of each sentence."""
    rows = [(at, row.fields[0]) for s in sentences for at, row in enumerate(s.rows)]
    return bool(rows) and (
        all(value == str(at) for at, value in rows) or all(value == str(at + 1) for at, value in rows)
    )


def _are_chunks(values: Sequence[str]) -> bool:
    labels = {tag.label for value in set(values) if (tag := parsed(value)) is not None and tag.part}
    return bool(labels) and labels <= _CHUNKS


def _document(
    part: _Part, name: str, path: str, columns: _Columns, evidence: dict[int, Evidence]
) -> Iterator[ForeignDocument | Diagnostic]:
    """The document of some sentences, behind what is wrong with their lines."""
    texts: list[str] = []
    spans: list[ForeignSpan] = []
    at, is_guessed = 0, False
    for sentence in part.sentences:
        if not sentence.rows:
            continue
        rows, faults = _whole_rows(sentence.rows, columns, path)
        yield from faults
        before = unescaped(sentence.comment("spaces_before") or "")
        said = sentence.comment("text")
        own = placed([row.fields[columns.form] for row in rows], said)
        is_guessed |= said is None or not own.is_told
        if not own.is_told:
            told = "the comment # text does not hold the words below it, which were taken instead"
            yield import_fault("import-words-differ", path, told, line=rows[0].line)
        at += len(before)
        words = [(start + at, end + at) for start, end in own.words]
        after = sentence.comment("spaces_after")
        texts += [before, own.text, "\n" if after is None else unescaped(after)]
        for column in columns.tags:
            tags, odd = _tags(rows, column, path)
            yield from odd
            for found in spans_of_tags(tags, evidence[column]):
                forms = [row.fields[columns.form] for row in rows[found.first : found.last + 1]]
                span = ForeignSpan(
                    id=f"t{len(spans) + 1}",
                    label=found.label,
                    pieces=((words[found.first][0], words[found.last][1]),),
                    words=" ".join(forms),
                    line=rows[found.first].line,
                )
                spans.append(_of_column(span, column, columns))
        at += len(own.text) + len(texts[-1])
    text = "".join(texts)
    last = part.sentences[-1].comment("spaces_after")
    yield ForeignDocument(
        name=name,
        text=text if last is not None else text.removesuffix("\n"),
        path=path,
        line=part.line,
        meta=_meta(part.sentences),
        spans=tuple(spans),
        left_out=tuple(_left_out(part.sentences, columns, is_guessed)),
    )


def _whole_rows(rows: Sequence[Row], columns: _Columns, path: str) -> tuple[list[Row], list[Diagnostic]]:
    """The rows of a sentence with all their columns; a word without tags stays in the text, untagged."""
    whole, faults = [], []
    for row in rows:
        if len(row.fields) <= columns.form or not row.fields[columns.form].strip():
            told = f"no word stands in {columns.names[columns.form]}"
            faults.append(import_fault("import-record-unreadable", path, told, line=row.line))
            continue
        if len(row.fields) != columns.count:
            told = f"{len(row.fields)} columns where the file has {columns.count}: the word was taken without its tags"
            faults.append(import_fault("import-record-unreadable", path, told, line=row.line))
            row = Row(row.line, [*row.fields[: columns.form + 1], *[""] * columns.count])  # noqa: PLW2901  # the same row
        whole.append(row)
    return whole, faults


def _tags(rows: Sequence[Row], column: int, path: str) -> tuple[list[Tag], list[Diagnostic]]:
    tags, faults = [], []
    for row in rows:
        tag = parsed(row.fields[column])
        if tag is None:
            told = f"{row.fields[column]!r} is no tag such as B-PER, I-PER and O"
            faults.append(import_fault("import-record-unreadable", path, told, line=row.line))
        tags.append(tag or Tag("", ""))
    return tags, faults


def _of_column(span: ForeignSpan, column: int, columns: _Columns) -> ForeignSpan:
    """The span with the name of its column, where there are several and its label does not say it."""
    name = columns.names[column]
    if len(columns.tags) == 1 or span.label.split(".")[0] == name:
        return span
    return replace(span, attributes={"column": name})


def _meta(sentences: Sequence[Sentence]) -> dict[str, Scalar | tuple[str, ...]]:
    return {
        unquote(key.removeprefix(META)): meta_value(value)
        for sentence in sentences
        for key, value in sentence.comments
        if key.startswith(META)
    }


def _left_out(sentences: Sequence[Sentence], columns: _Columns, is_guessed: bool) -> Iterator[Lost]:
    for column in columns.others:
        yield Lost("column", columns.names[column], "a document has no place for it")
    if is_guessed:
        yield Lost("spacing", "", "the file holds words alone, which were joined with blanks")


def _remarks(evidence: dict[int, Evidence], columns: _Columns, path: str) -> Iterator[Diagnostic]:
    """What the tags of each column leave open."""
    for column, seen in evidence.items():
        name = columns.names[column]
        if seen.scheme == "IOB1 or IOB2":
            told = f"{name}: {seen.begins:,} spans begin with B- and {seen.bare:,} with I-; each was taken as it stands"
        elif seen.scheme == "IOB1 or IO":
            told = f"{name}: no tag begins with B-; neighbours of one label were taken for one span"
        elif seen.broken and seen.scheme in ("BIOES", "BILOU"):
            told = f"{name}: {seen.broken:,} spans lack the beginning or the end that {seen.scheme} asks for"
        else:
            continue
        yield import_fault("import-tags-unclear", path, told)
