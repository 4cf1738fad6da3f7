"""brat stand-off, in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from formats.round_trip import assert_round_trips, new_corpus

from corpus_tool.exchange import ImportReport, import_annotations
from corpus_tool.exchange_export import export_annotations
from corpus_tool.formats.brat import read_brat
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.model import CorpusToolError, Document
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import iter_documents

#: Two code points stand in front that are four UTF-16 units; the quote breaks off and goes on.
TEXT = "😀𝔘 “We saw nothing,” said Zoe\u0308 Kern (נועה), “nothing at all.”\nShe left with 40 others.\n"


def put(folder: Path, text: str, *records: str, name: str = "fire", end: str = "\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes("".join(record + end for record in records).encode())
    return folder


def bound(key: str, label: str, *words: str, text: str = TEXT) -> str:
    """A T record on words of the text, each behind the one before."""
    pieces, at = [], 0
    for piece in words:
        start = text.index(piece, at)
        at = start + len(piece)
        pieces.append(f"{start} {at}")
    return f"{key}\t{label} {';'.join(pieces)}\t{' '.join(words)}"


ATTRIBUTION = (
    bound("T1", "Content", "“We saw nothing,”", "“nothing at all.”"),
    bound("T2", "Cue", "said"),
    bound("T3", "Source", "Zoe\u0308 Kern"),
    bound("T4", "Attribution", "said"),
    "E1\tAttribution:T4 Content:T1 Cue:T2 Source:T3",
)


def take(tmp_path: Path, folder: Path, **options: Any) -> tuple[ImportReport, dict[str, Document]]:
    corpus = tmp_path / "corpus"
    if not corpus.exists():
        new_corpus(corpus)
    report = import_annotations(folder, corpus, "brat", **options)
    return report, {d.id: d for d in iter_documents(open_corpus(corpus))}


def test_round_trip() -> None:
    assert_round_trips("brat")


def test_an_attribution_becomes_a_quote_with_its_speaker_and_cue(tmp_path: Path) -> None:
    report, made = take(tmp_path, put(tmp_path / "in", TEXT, *ATTRIBUTION))
    assert report.diagnostics == ()
    [quote] = made["fire"].quotes
    [source] = made["fire"].actors
    assert quote.text == "“We saw nothing,” “nothing at all.”"
    assert len(quote.fragments) == 2
    assert (quote.kind, quote.cue and quote.cue.text, quote.speaker) == ("direct", "said", source.id)
    assert source.text == "Zoe\u0308 Kern"
    assert source.provenance is not None
    assert (source.provenance.status, source.provenance.annotator) == ("accepted", "brat")
    assert made["fire"].meta.article is not None
    assert made["fire"].meta.article.path == "fire.txt"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_record_cut_by_a_raw_line_break_is_told_and_put_together(tmp_path: Path, end: str) -> None:
    text = "Ann said the port\nwas closed on Monday.\n"
    cut = f"T1\tContent 9 39\tthe port{end}was closed on Monday."
    folder = put(tmp_path / "in", text, cut, bound("T2", "Source", "Ann", text=text), end=end)
    report, made = take(tmp_path, folder)
    assert [(d.code, d.line, Path(d.path).name) for d in report.diagnostics] == [("COR073", 1, "fire.ann")]
    assert [q.text for q in made["fire"].quotes] == ["the port\nwas closed on Monday."]
    assert [a.text for a in made["fire"].actors] == ["Ann"]


def test_what_cannot_be_read_is_told_with_its_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        TEXT,
        "T1 Person 0 5 spaces for tabs",
        "T2\tPerson 5\tno end",
        bound("T3", "Person", "Zoe\u0308 Kern"),
        "T3\tPerson 0 1\t😀",
        "T4\tPerson 4 9\tother words",
        "T5\tPerson 90 400\tbeyond",
        "T6\tPerson 7 7\t",
        "R1\tknows Arg1:T3 Arg2:T9",
        "R2\tknows Arg1:T3",
        "A1\tmention T99 name",
        "A2\tmention",
        "E1\tAttack:T3 Target",
        "N1\tReference T3 Q801",
        "*\tEquiv T3",
        "#1\tAnnotatorNotes T3 no tab",
        "nonsense",
        "",
    )
    report, made = take(tmp_path, folder)
    assert [a.text for a in made["fire"].actors] == ["Zoe\u0308 Kern"]
    told = {(d.line, d.name) for d in report.diagnostics}
    unreadable = {(line, "import-record-unreadable") for line in (1, 2, 4, 9, 11, 12, 13, 14, 15, 16)}
    assert told == unreadable | {
        (5, "import-words-differ"),
        (6, "import-span-outside"),
        (7, "import-span-outside"),
        (8, "import-link-broken"),
        (10, "import-link-broken"),
    }


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-8"])
def test_offsets_of_tools_that_count_otherwise_are_told_by_the_words(tmp_path: Path, encoding: str) -> None:
    width = {"utf-16-le": 2, "utf-8": 1}[encoding]
    start, end = (len(TEXT[:at].encode(encoding)) // width for at in (TEXT.index("Zoe"), TEXT.index(" (")))
    report, made = take(tmp_path, put(tmp_path / "in", TEXT, f"T1\tPerson {start} {end}\tZoe\u0308 Kern"))
    assert report.diagnostics == ()
    assert [a.text for a in made["fire"].actors] == ["Zoe\u0308 Kern"]


@pytest.mark.parametrize("counts_carriage_returns", [True, False])
def test_cr_lf_and_a_byte_order_mark(tmp_path: Path, counts_carriage_returns: bool) -> None:
    text = "\ufeffFire\r\n\r\n😀 Ida Holm left.\r\n" if counts_carriage_returns else "Fire\r\n\r\n😀 Ida Holm left.\r\n"
    counted = text if counts_carriage_returns else text.replace("\r\n", "\n")
    start = counted.index("Ida")
    folder = put(tmp_path / "in", text, f"T1\tPER {start} {start + 8}\tIda Holm", end="\r\n")
    report, made = take(tmp_path, folder)
    assert report.diagnostics == ()
    assert made["fire"].text == "Fire\n\n😀 Ida Holm left.\n"
    assert [(a.start, a.text) for a in made["fire"].actors] == [(8, "Ida Holm")]


def test_a_text_that_is_missing_or_no_utf_8_costs_one_document(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", TEXT, bound("T1", "PER", "Zoe\u0308 Kern"), name="good")
    (folder / "alone.ann").write_text("T1\tPER 0 1\tx\n")
    (folder / "latin.ann").write_text("")
    (folder / "latin.txt").write_bytes(b"caf\xe9\n")
    report, made = take(tmp_path, folder)
    assert list(made) == ["good"]
    assert {(d.name, Path(d.path).name, d.line) for d in report.diagnostics} == {
        ("import-file-unreadable", "alone.txt", 1),
        ("import-file-unreadable", "latin.txt", 1),
    }


def test_attributes_notes_relations_and_normalizations_are_kept(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        TEXT,
        bound("T1", "Person", "Zoe\u0308 Kern"),
        bound("T2", "Person", "She"),
        bound("T3", "Organization", "נועה"),
        "A1\tNegated T1",
        "A2\tmention T1 name",
        "M1\tSpeculated T2",
        "#1\tAnnotatorNotes T1\tcheck the spelling",
        "#2\tAnnotatorNotes T1\tdone",
        "R1\tWorks-for Arg1:T1 Arg2:T3",
        "N1\tReference T1 Wikidata:Q42\tZoë Kern",
        "*\tEquiv T1 T2",
    )
    _, made = take(tmp_path, folder)
    document = made["fire"]
    kern, she, org = document.actors[0], document.actors[-1], next(a for a in document.actors if a.text == "נועה")
    assert kern.mention == "name"
    assert kern.extra == {"Negated": True, "note": "check the spelling\ndone"}
    assert she.extra == {"Speculated": True}
    [entity] = document.entities
    assert (entity.name, entity.kind, dict(entity.links)) == ("Zoë Kern", "person", {"wikidata": "Q42"})
    assert kern.entity == she.entity == entity.id
    [relation] = document.relations
    assert (relation.type, relation.source, relation.target) == ("Works-for", kern.id, org.id)


def test_an_event_that_no_rule_names_is_kept_as_relations(tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        TEXT,
        bound("T1", "Person", "Zoe\u0308 Kern"),
        bound("T2", "Person", "She"),
        bound("T3", "Group", "others"),
        "E1\tGroup:T3 Head:T1 Head2:T2",
    )
    mapping = tmp_path / "m.yaml"
    rule = "{layer: actors, attributes: {kind: group}}"
    mapping.write_text(f"schema: corpus-tool/mapping/1\nspans:\n  Group: {rule}\n")
    _, made = take(tmp_path, folder, mapping=mapping)
    found = [(r.type, r.source, r.target, r.extra) for r in made["fire"].relations]
    assert found == [
        ("Group", "T3", "T1", {"event": "E1", "role": "Head"}),
        ("Group", "T3", "T2", {"event": "E1", "role": "Head"}),
    ]


def test_what_is_written_is_what_brat_can_read(tmp_path: Path) -> None:
    """brat wants one record a line, fragments apart, no line break in them, and the very words of the text."""
    text = "He said:\n“We left.\u2028All of us.”\n"
    record = bound("T7", "Content", "“We left.\u2028All of us.”", text=text).replace("\u2028", " ")
    folder = put(tmp_path / "in", text, record)
    take(tmp_path, folder)
    export_annotations(tmp_path / "corpus", tmp_path / "out", "brat")
    assert (tmp_path / "out" / "fire.txt").read_bytes().decode() == text
    lines = (tmp_path / "out" / "fire.ann").read_bytes().decode().splitlines()
    assert lines[0] == "T7\tquotes 9 18;19 30\t“We left. All of us.”"
    config = (tmp_path / "out" / "annotation.conf").read_text()
    assert "[entities]\nquotes\n" in config
    assert "kind Arg:quotes, Value:" in config
    [document] = read_brat(tmp_path / "out")
    assert isinstance(document, ForeignDocument)
    assert document.spans[0].pieces == ((9, 30),)


def test_an_export_with_a_mapping_uses_its_labels_and_events(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", TEXT, *ATTRIBUTION)
    _, made = take(tmp_path, folder)
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "schema: corpus-tool/mapping/1\n"
        "spans:\n"
        "  Speaker: {layer: actors, attributes: {kind: other}}\n"
        "  Speech: {layer: quotes, attributes: {kind: {from: form, values: {DIR: direct}}}}\n"
        "  Verb: {part: cue}\n"
        "relations:\n"
        "  Saying: {annotation: What, attributes: {speaker: Who, cue: How}}\n"
    )
    report = export_annotations(tmp_path / "corpus", tmp_path / "out", "brat", mapping=mapping)
    records = (tmp_path / "out" / "fire.ann").read_text().splitlines()
    assert {record.split("\t")[1].split(" ")[0] for record in records if record[0] == "T"} == {
        "Speaker", "Speech", "Verb", "Saying",
    }  # fmt: skip
    assert [r for r in records if r[0] == "E"] == ["E1\tSaying:T5 What:T1 Who:T3 How:T4"]
    assert any(r.endswith("form T1\tDIR") or "\tform T1 DIR" in r for r in records)
    corpus = new_corpus(tmp_path / "again")
    again = import_annotations(tmp_path / "out", corpus, "brat", mapping=mapping)
    assert again.diagnostics == ()
    assert report.losses == ()
    [back] = iter_documents(open_corpus(corpus))
    assert [(q.text, q.kind, q.cue and q.cue.text) for q in back.quotes] == [
        (q.text, q.kind, q.cue and q.cue.text) for q in made["fire"].quotes
    ]
    assert back.quotes[0].speaker == back.actors[0].id


def test_a_label_that_brat_cannot_have_is_misuse(tmp_path: Path) -> None:
    take(tmp_path, put(tmp_path / "in", TEXT, *ATTRIBUTION))
    mapping = tmp_path / "m.yaml"
    mapping.write_text('schema: corpus-tool/mapping/1\nspans:\n  "two words": {layer: quotes}\n')
    with pytest.raises(CorpusToolError, match="'two words' is no type of brat's"):
        export_annotations(tmp_path / "corpus", tmp_path / "out", "brat", mapping=mapping)
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".tmp")] == []


def test_a_document_that_is_there_again_changes_no_file(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", TEXT, *ATTRIBUTION)
    first, _ = take(tmp_path, folder)
    file = tmp_path / "corpus" / "documents" / "fire.json"
    before = file.stat().st_mtime_ns
    second, _ = take(tmp_path, folder)
    assert (first.written, second.written, second.unchanged) == (("fire",), (), ("fire",))
    assert file.stat().st_mtime_ns == before
