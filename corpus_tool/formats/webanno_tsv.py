"""WebAnno TSV 3, as WebAnno and INCEpTION export it: rows of tokens, a column for each feature.

The text is put together from the sentences and the offsets of their tokens. Offsets are UTF-16 units where WebAnno
wrote them and code points where scripts did; the tokens' own words tell which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.offsets import CODE_POINTS, UTF16, Scale, detect_unit, scale_of, to_code_points
from corpus_tool.formats.uima import UNTOUCHED, place_of
from corpus_tool.formats.webanno_tsv_marks import marks_of
from corpus_tool.formats.webanno_tsv_rows import Parsed, Row, Sentence, parse, unescaped_text, whole_characters


@dataclass(frozen=True)
class _Placed:
    """A sentence in the text.

    Attributes:
        text: its text.
        start: its first code point in the document.
        offset: the same in the file's unit.
        scale: from its code points to the file's unit.
    """

    text: str
    start: int
    offset: int
    scale: Scale

    def at(self, offset: int) -> int | None:
        """The code point of the document at an offset of the file."""
        found = to_code_points(self.scale, offset - self.offset) if offset >= self.offset else None
        return None if found is None else self.start + found


def read_webanno_tsv(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of WebAnno TSV 3 files: a .tsv, or a folder of them; one in the layout of a project export, too.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    files = files_below(path, (".tsv",))
    found = [(place_of(name), file) for name, file in files if file.stem != UNTOUCHED or file == path]
    for (name, annotator), file in sorted(found, key=lambda item: item[0][0]):
        text = read_text(file)
        if isinstance(text, Diagnostic):
            yield text
            continue
        yield from _document(text, name, annotator, str(file))


def _document(text: str, name: str, annotator: str | None, path: str) -> Iterator[ForeignDocument | Diagnostic]:
    parsed = parse(text, path)
    yield from parsed.diagnostics
    if not any(sentence.texts for sentence in parsed.sentences):
        if not parsed.diagnostics:
            yield import_fault("import-file-unreadable", path, "holds no #Text line, and so no text")
        return
    texts = [_text_of(sentence, parsed) for sentence in parsed.sentences]
    unit = _unit(parsed.sentences, texts)
    whole, placed, diagnostics = _put_together(parsed.sentences, texts, unit, path)
    yield from diagnostics
    rows: list[Row] = []
    for sentence, place in zip(parsed.sentences, placed, strict=True):
        for row in sentence.rows:
            begin, end = place.at(row.begin), place.at(row.end)
            if begin is None or end is None:
                told = f"{row.id}: {row.begin}–{row.end} is not within its sentence"
                yield import_fault("import-span-outside", path, told, line=row.line)
                continue
            words = row.words if whole[begin:end] == row.words else _unescaped_blank(row.words)
            rows.append(replace(row, begin=begin, end=end, words=words))
    marks = marks_of(rows, parsed.columns, path)
    yield from marks.diagnostics
    yield ForeignDocument(
        name=name,
        text=whole,
        path=path,
        annotator=annotator,
        media_type="text/tab-separated-values",
        meta=dict(parsed.remarks),
        spans=tuple(marks.spans),
        relations=tuple(marks.relations),
        entities=tuple(marks.entities),
    )


def _text_of(sentence: Sentence, parsed: Parsed) -> str:
    return whole_characters("\n".join(unescaped_text(line, parsed.minor) for line in sentence.texts))


def _unescaped_blank(words: str) -> str:
    """The words of a row: as they are, but for white space, which stands there escaped."""
    plain = unescaped_text(words, None)
    return plain if not plain.strip() else words


def _unit(sentences: Sequence[Sentence], texts: Sequence[str]) -> str:
    """The unit of the offsets: the one by which tokens stand on their own words."""
    evidence = []
    for sentence, text in zip(sentences, texts, strict=True):
        tokens = [row for row in sentence.rows if row.begin < row.end]
        if tokens and not text.isascii():
            first = tokens[0].begin
            evidence.append((text, [(t.begin - first, t.end - first, t.words) for t in tokens]))
    return detect_unit(evidence, (UTF16, CODE_POINTS)).unit


def _put_together(
    sentences: Sequence[Sentence], texts: Sequence[str], unit: str, path: str
) -> tuple[str, list[_Placed], list[Diagnostic]]:
    """The text of the document: sentences at the offsets of their first tokens, a line end and spaces between them."""
    parts: list[str] = []
    placed: list[_Placed] = []
    diagnostics: list[Diagnostic] = []
    length = offset = 0
    for number, (sentence, text) in enumerate(zip(sentences, texts, strict=True)):
        scale = scale_of(text, unit)
        begin = _begin(sentence, text, scale)
        gap = (offset + 1 if number else 0) if begin is None else begin - offset
        if gap < 0:
            told = f"the sentence starts at {begin}, where the one before it has not ended"
            diagnostics.append(import_fault("import-words-differ", path, told, line=sentence.line))
            gap = 1
        between = " " * gap if not number else ("\n" + " " * (gap - 1) if gap else "")
        parts += [between, text]
        start = length + len(between)
        placed.append(_Placed(text, start, offset + len(between) if begin is None else begin, scale))
        length = start + len(text)
        offset = placed[-1].offset + scale[len(text)]
    return "".join(parts), placed, diagnostics


def _begin(sentence: Sentence, text: str, scale: Scale) -> int | None:
    """Where a sentence starts, in the file's unit: where its first token does, unless the text says otherwise."""
    first = next((row for row in sentence.rows if row.is_token), None)
    if first is None:
        return None
    at = 0 if text.startswith(first.words) else text.find(first.words)
    before = scale[at] if at > 0 and not text[:at].strip() else 0
    return first.begin - before if first.begin >= before else first.begin
