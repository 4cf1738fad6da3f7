"""What is known while one foreign document is turned into ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.formats.faults import import_fault
from corpus_tool.formats.foreign import ForeignDocument, ForeignSpan, Pieces
from corpus_tool.formats.ledger import Lost
from corpus_tool.formats.mapping import LabelMapping
from corpus_tool.formats.offsets import Normal
from corpus_tool.model import surface
from corpus_tool.model.schemas import JsonObject, Layer, base_schema


@dataclass
class Run:
    """What is known while one document is turned into ours.

    Attributes:
        source: the document.
        mapping: what its labels stand for.
        layers: the layers of the corpus.
        text: its text as ours.
        ids: our id of each annotation, by the source's.
        owners: layer and annotation, by the source's id.
        parts: spans that are parts of annotations, and where they stand in our text, by the source's id.
        used_parts: those of them that an annotation holds.
        gone: ids of the source that were left out, which has been told.
        taken: our ids that are in use.
        lines: line of the source, by our id.
        lost: what was left out on purpose.
        diagnostics: what could not be read.
    """

    source: ForeignDocument
    mapping: LabelMapping
    layers: Mapping[str, Layer]
    text: Normal
    ids: dict[str, str] = field(default_factory=dict)
    owners: dict[str, tuple[str, JsonObject]] = field(default_factory=dict)
    parts: dict[str, tuple[ForeignSpan, Pieces]] = field(default_factory=dict)
    used_parts: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    lines: dict[str, int] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def tell(self, name: str, message: str, line: int, column: int = 1) -> None:
        """Adds a diagnostic at a line of the source."""
        self.diagnostics.append(import_fault(name, self.source.path, message, line=line, column=column))


def fresh_id(wanted: str, stem: str, taken: set[str]) -> str:
    """An id that is not in use: the source's own where it is a good one."""
    pattern = base_schema()["$defs"]["id"]["pattern"].strip("^$")
    key, number = wanted, len(taken)
    while not re.fullmatch(pattern, key) or key in taken:
        number += 1
        key = f"{stem}{number}"
    taken.add(key)
    return key


def span_json(text: str, own: Pieces) -> JsonObject:
    """The offsets and the words of a span, as JSON of a document."""
    made: JsonObject = {"start": own[0][0], "end": own[-1][1], "text": surface(text, own)}
    if len(own) > 1:
        made["fragments"] = [{"start": start, "end": end} for start, end in own]
    return made


def shortened(words: str) -> str:
    """Words in quotation marks, cut where they are long."""
    folded = " ".join(words.split())
    return repr(folded if len(folded) <= 40 else f"{folded[:39]}…")
