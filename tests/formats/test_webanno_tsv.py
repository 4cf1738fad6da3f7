"""WebAnno TSV 3: what its readers and writers agree on, and what becomes of files that break the rules."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from formats.round_trip import assert_round_trips, documents, new_corpus
from hypothesis import HealthCheck, given, settings

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.exchange_export import export_annotations
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.webanno_tsv import read_webanno_tsv
from corpus_tool.formats.webanno_tsv_rows import (
    escaped_text,
    escaped_value,
    numbered,
    slots,
    stacked,
    unescaped_text,
    unescaped_value,
)
from corpus_tool.model.codec import document_from_json
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import write_document

NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"


def read(folder: Path, text: str, name: str = "fire.tsv") -> tuple[ForeignDocument, list[Diagnostic]]:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    found = list(read_webanno_tsv(folder / name))
    [document] = [item for item in found if isinstance(item, ForeignDocument)]
    return document, [item for item in found if isinstance(item, Diagnostic)]


def marked(document: ForeignDocument) -> list[tuple[str, str]]:
    return [(s.label, "|".join(document.text[a:b] for a, b in s.pieces)) for s in document.spans]


def arrows(document: ForeignDocument) -> list[tuple[str, str, str]]:
    words = {s.id: document.text[s.start : s.end] for s in document.spans}
    return [(r.label, *(words[end] for _, end in r.ends)) for r in document.relations]


def sheet(*header: str, text: str = "Ada saw 😀 Bo .", rows: Sequence[str]) -> str:
    return "\n".join(["#FORMAT=WebAnno TSV 3.3", *header, "", "", f"#Text={text}", *rows, ""])


def test_round_trip() -> None:
    assert_round_trips("webanno-tsv")


def as_webanno_reads(lines: list[str]) -> tuple[str, list[tuple[int, int, str]]]:
    """The text and the tokens of a file, in UTF-16 units, put together as INCEpTION's own reader does it.

    Its reader appends each sentence with a line end behind it, takes that away again where the next sentence begins
    right there, fills gaps with spaces, and does not look at the words of the rows.
    """
    text, waiting, tokens = b"", b"", []
    is_new = False
    for line in lines:
        if line.startswith("#Text="):
            waiting += (unescaped_text(line.removeprefix("#Text="), 3) + "\n").encode("utf-16-le")
            is_new = True
        elif re.match(r"\d+-\d+\t", line):
            _, offsets, words, *_ = line.split("\t")
            begin, end = map(int, offsets.split("-"))
            if is_new:
                if len(text) // 2 > begin:
                    assert len(text) // 2 == begin + 1
                    assert text.endswith(b"\n\0")
                    text = text[:-2]
                text += " ".encode("utf-16-le") * (begin - len(text) // 2)
                text += waiting
                waiting, is_new = b"", False
            tokens.append((begin, end, words))
    return text.decode("utf-16-le").removesuffix("\n"), tokens


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(documents())
def test_what_is_written_keeps_to_the_format(raw: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = open_corpus(new_corpus(Path(folder, "a")))
        write_document(corpus, document_from_json(raw, corpus.layers))
        export_annotations(Path(folder, "a"), Path(folder, "out"), "webanno-tsv")
        content = Path(folder, "out", "fire.tsv").read_bytes().decode("utf-8")
    lines = content.split("\n")
    assert lines[0] == "#FORMAT=WebAnno TSV 3.3"
    header = [line for line in lines if line.startswith("#T_")]
    assert header == sorted(header, key=lambda line: line.startswith("#T_RL"))
    assert lines[1 + len(header) : 3 + len(header)] == ["", ""]
    text, tokens = as_webanno_reads(lines)
    assert text == raw["text"]
    units = text.encode("utf-16-le")
    for begin, end, words in tokens:
        covered = units[2 * begin : 2 * end].decode("utf-16-le")
        assert words == covered or (not covered.strip() and words == escaped_text(covered))
    assert all(one[1] <= other[0] for one, other in pairwise(tokens))
    columns = sum(len([c for c in line.partition("=")[2].split("|")[1:] if c]) for line in header)
    rows = [line for line in lines if re.match(r"\d", line)]
    assert {len(row.split("\t")) for row in rows} == {3 + columns + 1}
    own = [[int(part) for part in re.split(r"[-.]", row.split("\t")[0])] for row in rows]
    assert own == sorted(own)
    assert [number for number, token, *part in own if token == 1 and not part] == [*range(1, own[-1][0] + 1)]


def test_annotations_of_every_kind(tmp_path: Path) -> None:
    document, faults = read(
        tmp_path,
        sheet(
            f"#T_SP={NER}|identifier|value",
            "#T_SP=webanno.custom.Statement|ROLE_webanno.custom.Statement:parts_webanno.custom.StatementPartsLink|uima.tcas.Annotation",
            "#T_CH=webanno.custom.RefLink|referenceRelation|referenceType",
            f"#T_RL=webanno.custom.Meets|when|BT_{NER}",
            rows=[
                "1-1\t0-3\tAda\thttp://www.wikidata.org/entity/Q7259[1]\tPER[1]\t_\t_\t*->1-1\tname[1]\t_\t_\t",
                "1-2\t4-7\tsaw\t_\t_\tspeaker;cue;*\t1-1[1];1-2.1[4];1-4[2]\t_\t_\t_\t_\t",
                "1-2.1\t5-7\taw\t*[4]\tX\\|Y[4]\t_\t_\t_\t_\t_\t_\t",
                "1-3\t8-10\t😀\t*[2]|*[3]\tORG[2]|MISC[3]\t_\t_\t_\t_\t_\t_\t",
                "1-4\t11-13\tBo\t*[2]\tORG[2]\t_\t_\tagain->1-2\t*[1]\tto\\_day\t1-1[1_2]\t",
                "1-5\t14-15\t.\t_\t_\t_\t_\t_\t_\t_\t_\t",
            ],
        ),
    )
    assert faults == []
    assert document.text == "Ada saw 😀 Bo ."
    assert marked(document) == [
        ("NamedEntity=PER", "Ada"),
        ("RefLink", "Ada"),
        ("Statement", "saw"),
        ("NamedEntity=X|Y", "aw"),
        ("NamedEntity=ORG", "😀 Bo"),
        ("NamedEntity=MISC", "😀"),
        ("RefLink", "Bo"),
    ]
    assert arrows(document) == [
        ("Meets", "Ada", "😀 Bo"),
        ("speaker", "saw", "Ada"),
        ("cue", "saw", "aw"),
        ("parts", "saw", "😀 Bo"),
    ]
    assert document.relations[0].attributes == {"when": "to_day"}
    first, link, *_, last = document.spans
    assert document.entities[0].links == {"wikidata": "Q7259"}
    assert first.entity == document.entities[0].id
    assert link.entity == last.entity
    assert link.attributes == {"referenceType": "name"}
    assert last.attributes == {"referenceRelation": "again"}


@pytest.mark.parametrize(("bo", "stop"), [("11-13", "14-15"), ("10-12", "13-14")])
def test_the_words_of_the_tokens_tell_the_unit(tmp_path: Path, bo: str, stop: str) -> None:
    smiley = "8-10" if bo == "11-13" else "8-9"
    rows = [
        "1-1\t0-3\tAda\t_",
        "1-2\t4-7\tsaw\t_",
        f"1-3\t{smiley}\t😀\t*",
        f"1-4\t{bo}\tBo\tPER",
        f"1-5\t{stop}\t.\t_",
    ]
    document, faults = read(tmp_path, sheet(f"#T_SP={NER}|value", rows=rows))
    assert (faults, marked(document)) == ([], [("NamedEntity", "😀"), ("NamedEntity=PER", "Bo")])


def test_sentences_over_lines_and_with_gaps(tmp_path: Path) -> None:
    content = (
        "\ufeff#FORMAT=WebAnno TSV 3.2\r\n#T_SP=webanno.custom.Span|value\r\n#Source=a desk\r\n\r\n\r\n"
        "#Sentence.id=s1\r\n#Text=Il e\u0301tait \\t là\r\n#Text=hier.\r\n"
        "1-1\t3-5\tIl\tX[1]\t\r\n1-2\t6-12\te\u0301tait\tX[1]\t\r\n1-3\t15-17\tlà\t_\t\r\n1-4\t18-22\thier\t_\t\r\n\r\n"
        "#Text=علي قال\r\n2-1\t25-28\tعلي\tX[1]\t\r\n2-2\t29-32\tقال\t_\t\r\n"
    )
    document, faults = read(tmp_path, content)
    assert faults == []
    assert document.text == "   Il e\u0301tait \t là\nhier.\n علي قال"
    assert marked(document) == [("Span=X", "Il e\u0301tait|علي")]
    assert document.meta == {"Source": "a desk"}


def test_old_files_escape_as_java_does(tmp_path: Path) -> None:
    rows = ["1-1\t0-6\tca\\u0066\\u00e9\t_", "1-2\t7-9\t😀\tPER"]
    content = sheet(f"#T_SP={NER}|value", text='ca\\u0066\\u00e9\\"s \\ud83d\\ude00', rows=rows)
    document, _ = read(tmp_path, content.replace("TSV 3.3", "TSV 3.1"))
    assert document.text == 'café"s 😀'
    assert marked(document) == [("NamedEntity=PER", "😀")]
    later, _ = read(tmp_path, content)
    assert later.text == 'ca\\u0066\\u00e9\\"s \\ud83d\\ude00'


@pytest.mark.parametrize(
    "value", ["", "a|b;c[1]->d_*\\", "\\t\t\n", "[1]", "_", "*", "->1-1", "]|[", "\\", "x\\|y", "علي\u0301"]
)
def test_values_come_back(value: str) -> None:
    cell = f"{escaped_value(value)}[7]"
    assert numbered(cell) == (escaped_value(value), "7")
    assert unescaped_value(numbered(cell)[0]) == value
    assert [numbered(part)[0] for part in stacked(f"{cell}|{cell}")] == [escaped_value(value)] * 2
    assert slots(f"{escaped_value(value)};x") == [escaped_value(value), "x"]
    assert unescaped_text(escaped_text(value), 3) == value


def test_broken_lines_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    document, faults = read(
        tmp_path,
        sheet(
            f"#T_SP={NER}|value",
            f"#T_RL=webanno.custom.Meets|BT_{NER}",
            rows=[
                "1-1\t0-3\tAda\tPER\t_\t",
                "1-2\t4-x\tsaw\tPER\t_\t",
                "a raw line break has cut this",
                "1-3\t8-10\t😀",
                "1-4\t11-13\tBo\tPER\t1-1|1-3\t",
                "1-9\t700-703\tAda\tPER\t_\t",
            ],
        ),
    )
    assert [(f.line, f.code, f.name) for f in faults] == [
        (8, "COR072", "import-record-unreadable"),
        (9, "COR072", "import-record-unreadable"),
        (10, "COR072", "import-record-unreadable"),
        (12, "COR075", "import-span-outside"),
        (11, "COR077", "import-link-broken"),
    ]
    assert marked(document) == [("NamedEntity=PER", "Ada"), ("NamedEntity=PER", "Bo")]
    assert arrows(document) == [("Meets", "Ada", "Bo")]


def test_words_that_do_not_stand_there_are_told(tmp_path: Path) -> None:
    from corpus_tool.exchange import import_annotations

    rows = ["1-1\t0-3\tAda\tPER", "1-2\t3-6\tsaw\tPER"]
    (tmp_path / "fire.tsv").write_text(sheet(f"#T_SP={NER}|value", text="Ada saw it", rows=rows), encoding="utf-8")
    report = import_annotations(tmp_path / "fire.tsv", new_corpus(tmp_path / "c"), "webanno-tsv")
    assert [(d.code, d.line) for d in report.diagnostics] == [("COR074", 7)]
    assert report.annotations["actors"] == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"1\tAda\tPER\n", "#FORMAT"),
        (b"#FORMAT=WebAnno TSV 2.0\n", "#FORMAT"),
        (b"#FORMAT=WebAnno TSV 3.3\n\n\n", "#Text"),
        (b"#FORMAT=WebAnno TSV 3.3\n\n\n#Text=caf\xe9\n", "UTF-8"),
    ],
)
def test_files_that_are_something_else(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "a.tsv").write_bytes(content)
    (tmp_path / "b.tsv").write_text(sheet(f"#T_SP={NER}|value", rows=["1-1\t0-3\tAda\tPER"]), encoding="utf-8")
    fault, kept = read_webanno_tsv(tmp_path)
    assert isinstance(fault, Diagnostic)
    assert (fault.code, told in fault.message) == ("COR071", True)
    assert isinstance(kept, ForeignDocument)
    assert marked(kept) == [("NamedEntity=PER", "Ada")]


def test_an_export_of_a_project_has_a_folder_for_each_document(tmp_path: Path) -> None:
    for person, row in [("anna", "PER"), ("ben", "LOC"), ("INITIAL_CAS", "_")]:
        for name in ("fire.txt", "fair.v2.txt"):
            folder = tmp_path / "annotation" / name
            folder.mkdir(parents=True, exist_ok=True)
            content = sheet(f"#T_SP={NER}|value", rows=[f"1-1\t0-3\tAda\t{row}"])
            (folder / f"{person}.tsv").write_text(content, encoding="utf-8")
    found = [d for d in read_webanno_tsv(tmp_path) if isinstance(d, ForeignDocument)]
    assert [(d.name, d.annotator) for d in found] == [
        ("fair.v2", "anna"),
        ("fair.v2", "ben"),
        ("fire", "anna"),
        ("fire", "ben"),
    ]
