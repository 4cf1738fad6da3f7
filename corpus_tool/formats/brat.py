"""brat stand-off, read: a text (.txt) and its annotations (.ann), one record a line.

The format as https://brat.nlplab.org/standoff.html has it: T text-bound, E events, R relations, * equivalence, A and M
attributes, N normalizations, # notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.brat_entities import Reference, entities_of
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.files import files_below, read_text
from corpus_tool.formats.foreign import FROM, NOTE, TO, ForeignDocument, ForeignRelation, ForeignSpan, Pieces, Scalar
from corpus_tool.formats.offsets import (
    CODE_POINTS,
    UTF8,
    UTF16,
    detect_unit_of_pieces,
    moved_pieces,
    normal,
    same_words,
    scale_of,
)
from corpus_tool.model import surface

#: The type of a note that an annotator writes in brat.
ANNOTATOR_NOTES = "AnnotatorNotes"
#: The role of an event's own span.
TRIGGER = "trigger"
#: What brat cannot have within a record, and so where it cuts spans: what Python takes for an end of line.
LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

_RECORD = re.compile(r"(?:[TERAMNW]\d+|\*|#\d*)\t")
_TEXT_BOUND = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*) *")
_NUMBERED = re.compile(r"(?<=\D)\d+$")


@dataclass
class _Records:
    """The records of one .ann file, as they are read."""

    path: str
    text: str
    lines: Sequence[str]
    spans: list[ForeignSpan] = field(default_factory=list)
    relations: list[ForeignRelation] = field(default_factory=list)
    attributes: dict[str, dict[str, Scalar]] = field(default_factory=dict)  # by id of what they are about
    references: list[Reference] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)  # line of each id
    passed: set[int] = field(default_factory=set)  # lines that belong to the record before them
    targets: list[tuple[str, str, int]] = field(default_factory=list)  # record, what it is about, line
    found: list[Diagnostic] = field(default_factory=list)

    def refuse(self, line: int, message: str) -> None:
        self.found.append(import_fault("import-record-unreadable", self.path, message, line=line))


def read_brat(path: Path) -> Iterator[ForeignDocument | Diagnostic]:
    """The documents of a brat project: every .ann below a folder, with the .txt beside it.

    Raises:
        CorpusToolError: the path does not exist or cannot be searched.
    """
    for name, found in files_below(path, (".ann",)):
        text = read_text(found.with_suffix(".txt"))
        annotations = read_text(found.with_suffix(".ann"))
        wrong = next((item for item in (text, annotations) if isinstance(item, Diagnostic)), None)
        if wrong is not None:
            yield wrong
        elif isinstance(text, str) and isinstance(annotations, str):
            yield from _document(name, found.with_suffix(".ann"), text, annotations)


def _document(name: str, path: Path, text: str, annotations: str) -> Iterator[ForeignDocument | Diagnostic]:
    lines = [line.removesuffix("\r") for line in annotations.removeprefix("\ufeff").split("\n")]
    records = _Records(str(path), text, lines)
    for number, line in enumerate(lines, 1):
        if line.strip() and number not in records.passed:
            _read_record(line, number, records)
    _tell_lost_targets(records)
    text, spans = _in_code_points(text, records)
    entities, mentioned = entities_of(records.references, records.attributes, records.ids)
    yield from records.found
    yield ForeignDocument(
        name=name,
        text=text,
        path=str(path),
        article=str(path.with_suffix(".txt")),
        media_type="text/plain",
        spans=tuple(
            replace(s, attributes=records.attributes.get(s.id, {}), entity=mentioned.get(s.id), pieces=_joined(text, s))
            for s in spans
        ),
        relations=tuple(replace(r, attributes=records.attributes.get(r.id, {})) for r in records.relations),
        entities=entities,
    )


def _read_record(line: str, number: int, records: _Records) -> None:
    key, tab, rest = line.partition("\t")
    if not _RECORD.match(line) or not tab:
        records.refuse(number, f"is no record of brat: {_shown(line)}")
        return
    if key not in ("*", "#"):
        first = records.ids.setdefault(key, number)
        if first != number:
            records.refuse(number, f"{key} stands on line {first} too; the first one was taken")
            return
    reader = {"T": _text_bound, "E": _event, "R": _relation, "*": _equivalence, "N": _reference, "#": _note}
    reader.get(key[0], _attribute)(key, rest, number, records)


def _text_bound(key: str, rest: str, number: int, records: _Records) -> None:
    head, _, words = rest.partition("\t")
    match = _TEXT_BOUND.fullmatch(head)
    if match is None:
        records.refuse(number, f"{key} has no type and offsets, with tabs around them: {_shown(rest)}")
        return
    pairs = [piece.split(" ") for piece in match[2].split(";")]
    pieces = tuple((int(start), int(end)) for start, end in pairs)
    whole = _put_together(words, pieces, number, records)
    records.spans.append(ForeignSpan(key, match[1], pieces, whole or None, line=number))


def _put_together(words: str, pieces: Pieces, number: int, records: _Records) -> str:
    """The words of a record, and those of the lines after it that a raw line break has cut off, if the text says so."""
    expected = surface(records.text, pieces)
    if same_words(words, expected):
        return words
    joined = words
    for following in range(number + 1, len(records.lines) + 1):
        line = records.lines[following - 1]
        if _RECORD.match(line):
            return words
        joined = f"{joined}\n{line}"
        if same_words(joined, expected):
            records.passed.update(range(number + 1, following + 1))
            told = f"a line break has cut {_shown(words)} off from what follows"
            records.found.append(import_fault("import-record-cut", records.path, told, line=number))
            return joined
        if len("".join(joined.split())) > len("".join(expected.split())):
            return words
    return words


def _event(key: str, rest: str, number: int, records: _Records) -> None:
    ends = [end.split(":", 1) for end in rest.split()]
    if not ends or any(len(end) < 2 or not all(end) for end in ends):
        records.refuse(number, f"{key} is not TYPE:TRIGGER ROLE:ID …: {_shown(rest)}")
        return
    (label, trigger), *others = ends
    roles = tuple((_NUMBERED.sub("", role), end) for role, end in others)
    records.relations.append(ForeignRelation(key, label, ((TRIGGER, trigger), *roles), line=number))


def _relation(key: str, rest: str, number: int, records: _Records) -> None:
    label, *ends = rest.split()
    pairs = sorted((end.split(":", 1) for end in ends), key=lambda end: end[0] != "Arg1")
    if len(pairs) != 2 or any(len(end) < 2 for end in pairs):
        records.refuse(number, f"{key} is not TYPE Arg1:ID Arg2:ID: {_shown(rest)}")
        return
    ends_of = ((FROM, pairs[0][1]), (TO, pairs[1][1]))
    records.relations.append(ForeignRelation(key, label, ends_of, line=number))


def _equivalence(key: str, rest: str, number: int, records: _Records) -> None:
    label, *members = rest.split() or [""]
    if len(members) < 2:
        records.refuse(number, f"an equivalence names two spans at least: {_shown(rest)}")
        return
    ends = ((FROM, members[0]), *((TO, member) for member in members[1:]))
    records.relations.append(ForeignRelation(f"{key}{number}", label, ends, line=number))


def _attribute(key: str, rest: str, number: int, records: _Records) -> None:
    name, _, others = rest.strip().partition(" ")
    target, _, value = others.partition(" ")
    if not target:
        records.refuse(number, f"{key} is not NAME ID VALUE: {_shown(rest)}")
        return
    records.targets.append((key, target, number))
    records.attributes.setdefault(target, {})[name] = value.strip() or True


def _reference(key: str, rest: str, number: int, records: _Records) -> None:
    head, _, name = rest.partition("\t")
    match = re.fullmatch(r"(\S+) (\S+) ([^\s:]+):(\S+)", head.strip())
    if match is None:
        records.refuse(number, f"{key} is not TYPE ID REGISTER:ID: {_shown(rest)}")
        return
    records.targets.append((key, match[2], number))
    records.references.append(Reference(key, match[2], match[3], match[4], name.strip(), number))


def _note(key: str, rest: str, number: int, records: _Records) -> None:
    head, tab, words = rest.partition("\t")
    kind, _, target = head.strip().partition(" ")
    if not target or not tab:
        records.refuse(number, f"{key} is not TYPE ID, and a text behind a tab: {_shown(rest)}")
        return
    records.targets.append((key, target, number))
    name = NOTE if kind == ANNOTATOR_NOTES else kind
    held = records.attributes.setdefault(target, {})
    held[name] = f"{held[name]}\n{words}" if name in held else words


def _tell_lost_targets(records: _Records) -> None:
    for key, target, number in records.targets:
        if target not in records.ids:
            told = f"{key} is about {target}, which is not there"
            records.found.append(import_fault("import-link-broken", records.path, told, line=number))


def _in_code_points(text: str, records: _Records) -> tuple[str, list[ForeignSpan]]:
    """The text and the spans, in the unit that the words of the spans bear out.

    brat itself counts code points, with a carriage return as one; other tools that write its format do not.
    """
    spans = records.spans
    if "\r" not in text and (text.isascii() or not spans):
        return text, spans
    evidence = [(s.pieces, s.words) for s in spans]
    texts = dict.fromkeys([text, normal(text).text])
    found = [(own, detect_unit_of_pieces([(own, evidence)], (CODE_POINTS, UTF16, UTF8))) for own in texts]
    best, detected = max(found, key=lambda item: item[1].explained[item[1].unit])
    if detected.unit == CODE_POINTS:
        return best, spans
    scale = scale_of(best, detected.unit)
    return best, [replace(s, pieces=moved_pieces(scale, s.pieces)) for s in spans]


def _joined(text: str, span: ForeignSpan) -> Pieces:
    """The pieces of a span, without the cuts at line ends that brat has to make."""
    together = [span.pieces[0]]
    for start, end in span.pieces[1:]:
        last = together[-1]
        gap = text[last[1] : start]
        if gap and not gap.strip(LINE_BREAKS):
            together[-1] = (last[0], end)
        else:
            together.append((start, end))
    return tuple(together)


def _shown(words: str) -> str:
    return repr(words if len(words) <= 60 else f"{words[:59]}…")
