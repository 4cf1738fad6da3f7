"""What can be wrong with another tool's files and with a mapping, told as diagnostics."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.diagnostics import Diagnostic, Severity
from corpus_tool.diagnostics.fault import Fault

#: By name, in the order of the codes.
IMPORT_FAULTS: Mapping[str, Fault] = {
    "import-file-unreadable": Fault(
        "COR071",
        Severity.ERROR,
        "check --from, and that the file is whole and in UTF-8",
        summary="A file of another tool cannot be read, or lacks the text that it is about.",
        why="none of its annotations comes in.",
        bad="``fire.ann`` without its ``fire.txt``; a file cut off in the middle.",
        good="the folder as the tool exported it.",
    ),
    "import-record-unreadable": Fault(
        "COR072",
        Severity.ERROR,
        "mend the record in the tool that wrote it; the rest of the file was taken",
        summary="A record of another tool's file cannot be read.",
        why="the annotation is left out, so the corpus has fewer than the source.",
        bad="``T1 Person 0 5 Maria`` in a brat file, with spaces for tabs.",
        good="the record as the tool writes it.",
    ),
    "import-record-cut": Fault(
        "COR073",
        Severity.WARNING,
        "nothing is lost, but other readers stumble over it: let the tool write the file anew",
        summary="A raw line break has cut a record in two; it was put together because the text bears it out.",
        why="a reader that takes line by line drops half of the record, or the rest of the file.",
        bad="a brat record whose words go on in the next line.",
        good="the record on one line.",
    ),
    "import-words-differ": Fault(
        "COR074",
        Severity.ERROR,
        "offsets and text do not belong together: take both from one export, or name the offset unit",
        summary="The text at a span's offsets is not what the source says stands there.",
        why="offsets that have drifted mark other words, and nothing after them can be trusted.",
        bad="offsets counted in UTF-16 units read as code points behind an emoji.",
        good="the text that was annotated, unaltered.",
    ),
    "import-span-outside": Fault(
        "COR075",
        Severity.ERROR,
        "take text and annotations from one export",
        summary="A span of another tool is empty, runs backwards, cuts a character, or lies outside the text.",
        why="it marks nothing; it is left out.",
        bad='``[120, 130, "PER"]`` in a text of 100 characters.',
        good="start before end, both within the text.",
    ),
    "import-value-invalid": Fault(
        "COR076",
        Severity.ERROR,
        "say in the mapping what their value stands for: values: {THEIRS: ours}",
        summary="An attribute has a value that its layer does not know, or an annotation lacks what it needs.",
        why="a document with it would be invalid; the value is left out, or the annotation where it needs the value.",
        bad="``kind: company`` in the layer actors.",
        good="``values: {company: organization}`` in the mapping.",
    ),
    "import-link-broken": Fault(
        "COR077",
        Severity.ERROR,
        "mend the record in the tool that wrote it",
        summary="A relation, an event or an attribute of another tool refers to what is not there.",
        why="who speaks, or what belongs together, would be lost without a word.",
        bad="``R1 speaker Arg1:T3 Arg2:T9`` in a brat file without T9.",
        good="both ends in the same document.",
    ),
    "import-unit-unclear": Fault(
        "COR078",
        Severity.WARNING,
        "compare a few spans behind the first emoji with the source",
        summary="The files do not tell which unit their offsets are in, and the spans fit two.",
        why="behind an emoji the units differ, and spans would be off by one.",
        bad="one span in an article with an emoji before it, that is a word by either count.",
        good="an export that repeats the words of its spans.",
    ),
    "import-kept-out": Fault(
        "COR079",
        Severity.WARNING,
        "--again adds what no person has decided; what people decided stays",
        summary="Annotations were not taken over, because people have worked on that layer of the document.",
        why="a person's word is never overwritten; what came in new is listed instead.",
        bad="a project imported a second time after a reviewer worked on its corpus.",
        good="the review done in one place.",
    ),
    "import-text-changed": Fault(
        "COR080",
        Severity.ERROR,
        "import into a corpus of its own, or convert the article from the same text first",
        summary="The corpus holds another text under the id of an imported document.",
        why="the imported offsets fit their own text; in the other one they would mark other words.",
        bad="an article that was cleaned after it was sent to the annotators.",
        good="the same text on both sides.",
    ),
    "mapping-invalid": Fault(
        "COR081",
        Severity.ERROR,
        "`corpus-tool convert PATH --from FORMAT --inspect` prints a mapping to start from",
        summary="A mapping file is not YAML, or says what no mapping can say.",
        why="a label that is mapped wrongly would go to the wrong layer, or nowhere.",
        bad="``PER: {layer: actor}``",
        good="``PER: {layer: actors, attributes: {kind: person}}``",
    ),
    "import-set-aside": Fault(
        "COR082",
        Severity.INFO,
        "nothing to do, if they meant to; else let them hand it in, and export again",
        summary="An annotator skipped the text or never handed the work in, so it is left out.",
        why="unfinished work would count as annotation.",
        bad="a cancelled annotation of Label Studio; a draft.",
        good="the task submitted.",
    ),
    "import-tags-unclear": Fault(
        "COR083",
        Severity.WARNING,
        "compare a few spans that stand side by side with the source",
        summary="The tags of words do not follow one scheme (IOB1, IOB2, BIOES), or do not show which.",
        why="where one span ends and the next of its label begins is then a guess.",
        bad="``I-PER I-PER O``, and no ``B-`` anywhere in the file.",
        good="``B-PER I-PER O``, or ``B-PER E-PER O``.",
    ),
}


def import_fault(name: str, path: str, message: str, *, line: int = 1, column: int = 1) -> Diagnostic:
    """The diagnostic for a fault of ``IMPORT_FAULTS`` at a place of a file."""
    kind = IMPORT_FAULTS[name]
    return Diagnostic(kind.code, name, kind.severity, message, path, line, column, "", kind.hint)
