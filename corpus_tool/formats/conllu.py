"""CoNLL-U, read with the library conllu: its text, its entities and its coreference; not its syntax."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.conllu_document import Sentence, Shown, Word, document_of
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import ForeignDocument, ForeignEntity
from corpus_tool.formats.plain_json import entity_of, unique_name
from corpus_tool.formats.words import Line, paragraphs_of_lines, unescaped
from corpus_tool.model import CorpusToolError

SUFFIXES = (".conllu",)

#: The comment that holds an entity with its name and its links, as JSON.
ENTITY = "corpus_tool::entity"

_FIELDS = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")


@dataclass
class _Part:
    """The sentences of one document."""

    name: str | None
    sentences: list[Sentence] = field(default_factory=list)
    entities: list[ForeignEntity] = field(default_factory=list)


def read_conllu(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of CoNLL-U files: what stands between two ``# newdoc``, or the whole file.

    The text is put together from the words as ``SpaceAfter``, ``SpacesAfter`` and ``# text`` say; ``# newpar`` begins a
    paragraph. Mentions are read from ``Entity`` brackets, whose fields ``# global.Entity`` names, and from tags in
    ``NE``, ``NER`` or ``name``.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched, or conllu is not installed.
    """
    parse = _parsers()
    for name, found in files_below(path, SUFFIXES):
        text = read_text(found)
        if isinstance(text, Diagnostic):
            yield text
        else:
            yield from _read_file(text, name, str(found), parse)


@dataclass(frozen=True)
class _Parse:
    """The parsers of the library: of a comment, and of a line."""

    comment: Callable[[str], list[tuple[str, str | None]]]
    line: Callable[[str, Sequence[str]], Mapping[str, Any]]


def _parsers() -> _Parse:
    try:
        from conllu.exceptions import ParseException
        from conllu.parser import DEFAULT_FIELD_PARSERS, parse_comment_line, parse_line
    except ImportError as error:
        raise CorpusToolError("--from conllu needs the library conllu: pip install 'corpus-tool[formats]'") from error

    def comment(text: str) -> list[tuple[str, str | None]]:
        return parse_comment_line(text, {"__fallback__": lambda key, value: [(key, value)]})

    def line(text: str, fields: Sequence[str]) -> Mapping[str, Any]:
        try:
            # MISC as it stands: the library's own parser drops what follows a second "="
            return parse_line(text, fields, {"id": DEFAULT_FIELD_PARSERS["id"]})
        except ParseException as error:
            raise ValueError(str(error)) from error

    return _Parse(comment, line)


def _read_file(text: str, name: str, path: str, parse: _Parse) -> Iterator[ForeignDocument | Diagnostic]:
    parts = [_Part(None)]
    known: dict[str, str] = {}
    for lines in paragraphs_of_lines(text):
        sentence = Sentence(lines[0].number)
        words = [line for line in lines if not line.text.startswith("#")]
        for line in lines:
            if line.text.startswith("#"):
                yield from _take_comment(line, sentence, parts, known, path, parse)
        fields = [name.lower() for name in known.get("global.columns", "").split()] or _FIELDS
        for line in words:
            try:
                _take_word(parse.line(line.text, fields), line.number, sentence)
            except ValueError as error:
                yield import_fault("import-record-unreadable", path, f"is no word: {error}", line=line.number)
        if words:
            sentence.line = words[0].number
        if sentence.shown:
            parts[-1].sentences.append(sentence)
    taken: dict[str, None] = {}
    whole = [part for part in parts if part.sentences]
    if not whole and text.strip():
        yield import_fault("import-file-unreadable", path, "holds no word")
    for number, part in enumerate(whole, 1):
        names = [part.name] if part.name else []
        own = unique_name([*names, name if len(whole) == 1 else f"{name}-{number}"], taken)
        taken[own] = None
        yield from document_of(own, path, part.sentences, known.get("global.Entity"), part.entities)


def _take_comment(
    line: Line, sentence: Sentence, parts: list[_Part], known: dict[str, str], path: str, parse: _Parse
) -> Iterator[Diagnostic]:
    for key, value in parse.comment(line.text):
        if key.split()[:1] == ["newdoc"]:
            parts.append(_Part(value))
            sentence.comments["newpar"] = ""
        elif key.startswith("global."):
            known[key] = value or ""
        elif key == ENTITY:
            try:
                parts[-1].entities.append(entity_of(json.loads(value or "")))
            except (ValueError, RecursionError) as error:
                told = f"the comment {ENTITY} holds no entity: {error}"
                yield import_fault("import-record-unreadable", path, told, line=line.number)
        elif key:
            sentence.comments[key] = value or ""


def _take_word(row: Mapping[str, Any], line: int, sentence: Sentence) -> None:
    """Adds a line to its sentence.

    Raises:
        ValueError: it has no number or no word.
    """
    key, form = row.get("id"), row.get("form")
    if key is None or not isinstance(form, str) or not form:
        raise ValueError("its number or its form is missing")
    misc = dict(item.partition("=")[::2] for item in (row.get("misc") or "_").split("|") if item != "_")
    sentence.columns |= {
        name for name in row if name not in ("id", "form", "misc") and row[name] not in ("_", "", None)
    }
    if isinstance(key, tuple) and key[1] == ".":
        sentence.words.append(Word(form, misc, line, None))
    elif isinstance(key, tuple):
        sentence.shown.append(_shown(form, misc, line, (int(key[0]), int(key[2]))))
    else:
        last = sentence.shown[-1] if sentence.shown else None
        if last is None or last.range is None or not last.range[0] <= key <= last.range[1]:
            sentence.shown.append(_shown(form, misc, line, None))
        sentence.words.append(Word(form, misc, line, len(sentence.shown) - 1))


def _shown(form: str, misc: Mapping[str, str], line: int, range_: tuple[int, int] | None) -> Shown:
    own = misc.get("SpacesInToken")
    after = "" if misc.get("SpaceAfter") == "No" else None
    after = unescaped(misc["SpacesAfter"]) if "SpacesAfter" in misc else after
    return Shown(unescaped(own) if own else form, unescaped(misc.get("SpacesBefore", "")), after, line, range_)
