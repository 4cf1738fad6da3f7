"""CoNLL columns, in and out."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats.incoming import taken, told, words
from formats.round_trip import assert_round_trips, new_corpus, there_and_back

from corpus_tool.exchange_export import export_annotations
from corpus_tool.model import sha256_of
from corpus_tool.model.codec import document_from_json
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import write_document

#: Two people side by side, a place at the end of a sentence and one at the beginning of the next.
SCHEMES = {
    "IOB1": "I-PER I-PER B-PER O I-LOC / I-LOC O",
    "IOB2": "B-PER I-PER B-PER O B-LOC / B-LOC O",
    "BIOES": "B-PER E-PER S-PER O S-LOC / S-LOC O",
    "BILOU": "B-PER L-PER U-PER O U-LOC / U-LOC O",
}
FORMS = "Rosa Lind Ben left Tarn / Vell waits"


def put(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8"))
    return path


def columns(forms: str, tags: str, between: str = " ") -> str:
    rows = [
        [f"{form}{between}{tag}" for form, tag in zip(one.split(), other.split(), strict=True)]
        for one, other in zip(forms.split(" / "), tags.split(" / "), strict=True)
    ]
    return "\n\n".join("\n".join(row) for row in rows) + "\n"


def test_round_trip() -> None:
    assert_round_trips("conll")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_marks_the_same_spans(tmp_path: Path, scheme: str) -> None:
    path = put(tmp_path / "in.conll", columns(FORMS, SCHEMES[scheme]))
    report, made = taken(path, tmp_path, "conll")
    assert words(made["in"]) == {"actors": ["Rosa Lind", "Ben"], "locations": ["Tarn", "Vell"]}
    assert told(report) == []
    assert made["in"].text == "Rosa Lind Ben left Tarn\nVell waits"


@pytest.mark.parametrize(
    ("tags", "says", "actors"),
    [
        ("I-PER I-PER I-PER O O / O O", "neighbours of one label were taken for one span", ["Rosa Lind Ben"]),
        ("B-PER I-PER O I-PER O / O O", "1 spans begin with B- and 1 with I-", ["Rosa Lind", "left"]),
        ("B-PER I-PER S-PER O O / E-PER O", "2 spans lack the beginning or the end", ["Rosa Lind", "Ben", "Vell"]),
    ],
)
def test_tags_that_follow_no_one_scheme_are_told(tmp_path: Path, tags: str, says: str, actors: list[str]) -> None:
    report, made = taken(put(tmp_path / "in.iob", columns(FORMS, tags)), tmp_path, "conll")
    [found] = report.diagnostics
    assert (found.code, found.name) == ("COR083", "import-tags-unclear")
    assert says in found.message
    assert words(made["in"]) == {"actors": actors}


def test_conll_2003(tmp_path: Path) -> None:
    """Blanks between columns, documents by -DOCSTART-, a column of chunks, and another of parts of speech."""
    content = (
        "-DOCSTART- -X- O O\n\nTarn NNP B-NP I-LOC\nRovers NNP I-NP I-MISC\nwin VB B-VP O\n\n"
        "-DOCSTART- (12 harbour) -X- O\n\nشركة NN B-NP B-ORG\nالبحر NN I-NP I-ORG\n😀 SYM O O\n# SYM O O\n1 CD B-NP O\n"
    )
    report, made = taken(put(tmp_path / "a" / "news.conll", content), tmp_path, "conll")
    assert list(made) == ["harbour", "news-1"]
    assert words(made["news-1"]) == {"locations": ["Tarn"]}
    assert words(made["harbour"]) == {"actors": ["شركة البحر"]}
    assert made["harbour"].text == "شركة البحر 😀 # 1"
    lost = [(loss.what, loss.kind) for loss in report.losses]
    assert lost.count(("column", "column 2")) == lost.count(("column", "column 3")) == 2
    assert ("dropped", "MISC") in lost
    assert lost.count(("spacing", "")) == 2


def test_words_with_numbers_comments_and_the_text_beside_them(tmp_path: Path) -> None:
    """As Universal NER has it; the text says that no blank stands before the comma, and has an odd space."""
    content = (
        "\ufeff# sent_id = 1\r\n# id f42\tdomain=test\r\n# text = “Ida\u00a0Holm”, said  Zu\u0308rich\r\n"
        "1\t“\tO\t-\r\n2\tIda\tB-PER\t-\r\n3\tHolm\tI-PER\t-\r\n4\t”\tO\t-\r\n5\t,\tO\t-\r\n6\tsaid\tO\t-\r\n"
        "7\tZu\u0308rich\tB-LOC\t-\r\n"
    )
    report, made = taken(put(tmp_path / "x.iob2", content), tmp_path, "conll")
    assert told(report) == []
    assert made["x"].text == "“Ida\u00a0Holm”, said  Zu\u0308rich"
    assert words(made["x"]) == {"actors": ["Ida\u00a0Holm"], "locations": ["Zu\u0308rich"]}
    assert not [loss for loss in report.losses if loss.what == "spacing"]


def test_a_header_names_the_columns_and_several_of_tags_are_told_apart(tmp_path: Path) -> None:
    content = "outer\tToken\tinner\nB-ORG\tUniversity of\tO\nI-ORG\tTarn\tB-LOC\nO\t.\tO\n"
    report, made = taken(put(tmp_path / "x.conll", content), tmp_path, "conll")
    assert told(report) == []
    document = made["x"]
    assert words(document) == {"actors": ["University of Tarn"], "locations": ["Tarn"]}
    assert document.actors[0].extra == {"column": "outer"}
    assert document.locations[0].extra == {"column": "inner"}


def test_what_is_broken_is_told_with_its_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    content = "Ida\tB-PER\nHolm\n\tO\nleft\tperhaps\nTarn\tB-LOC\n.\tO\n" + "and\tO\n" * 20
    report, made = taken(put(tmp_path / "in.conll", content), tmp_path, "conll")
    assert told(report) == [("in.conll", line, "import-record-unreadable") for line in (2, 3, 4)]
    assert words(made["in"]) == {"actors": ["Ida"], "locations": ["Tarn"]}
    assert made["in"].text.startswith("Ida Holm left Tarn . and")


def test_a_text_that_is_not_that_of_the_words_is_told(tmp_path: Path) -> None:
    content = "# text = Ida Holm left\nIda\tB-PER\nStays\tO\n"
    report, made = taken(put(tmp_path / "in.conll", content), tmp_path, "conll")
    assert told(report) == [("in.conll", 2, "import-words-differ")]
    assert made["in"].text == "Ida Stays"


@pytest.mark.parametrize("content", ["# only = comments\n", "Ida NNP\nleft VBD\n", "x\n" * 9])
def test_a_file_without_tags_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "in").mkdir()
    put(tmp_path / "in" / "good.conll", "Ida B-PER\n")
    put(tmp_path / "in" / "bad.conll", content)
    report, made = taken(tmp_path / "in", tmp_path, "conll")
    assert told(report)[0] == ("bad.conll", 1, "import-file-unreadable")
    assert list(made) == ["good"]


def test_export_writes_a_column_a_layer_and_lists_what_columns_cannot_hold(tmp_path: Path) -> None:
    text = "\n Ida Holm of Tarn, # 40\n\n“We go,” she said.\n“Now.”\n"
    spans = {
        "actors": [("Ida Holm", "person"), ("Holm", "person"), ("da", "other"), ("she", "person")],
        "locations": [("Tarn", "city")],
        "quotes": [("“We go,” she said.\n“Now.”", "mixed")],
    }
    layers = {
        layer: [
            {"id": f"{layer[0]}{n}", "start": text.index(w), "end": text.index(w) + len(w), "text": w, "kind": kind}
            | ({"speaker_status": "unknown"} if layer == "quotes" else {})
            for n, (w, kind) in enumerate(rows)
        ]
        for layer, rows in spans.items()
    }
    raw = {
        "schema": "corpus-tool/document/1",
        "id": "fire",
        "meta": {"title": "a = b"},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [],
        "layers": layers,
    }
    document, back, losses = there_and_back(raw, "conll", tmp_path)
    assert back.text == document.text
    assert back.meta.title == "a = b"
    reasons = {loss.annotation: loss.why for loss in losses if loss.what == "annotation"}
    assert reasons == {
        "a1": "a word has one tag of a layer, and a longer annotation has it",
        "a2": "it begins or ends inside a word",
        "q0": "it runs over the end of a line",
    }
    written = (tmp_path / "out" / "fire.conll").read_text(encoding="utf-8").split("\n")
    assert written[0] == "# global.columns = FORM actors locations figures quotes"
    assert "Ida\tB-actors.person\tO\tO\tO" in written
    assert "Holm\tI-actors.person\tO\tO\tO" in written
    assert "#\tO\tO\tO\tO" in written
    assert "# text = Ida Holm of Tarn, # 40" in written


def test_labels_of_a_mapping_with_spaces_and_other_signs_come_back(tmp_path: Path) -> None:
    corpus = open_corpus(new_corpus(tmp_path / "a"))
    raw = {
        "schema": "corpus-tool/document/1",
        "id": "fire",
        "meta": {},
        "text": "Ida left.",
        "text_sha256": sha256_of("Ida left."),
        "blocks": [],
        "layers": {"actors": [{"id": "a", "start": 0, "end": 3, "text": "Ida", "kind": "person"}]},
    }
    write_document(corpus, document_from_json(raw, corpus.layers))
    label = "a person\u2028100 % (sure)"
    own = f"spans:\n  {label!r}: {{layer: actors, attributes: {{kind: person}}}}\n".replace("'", '"')
    (tmp_path / "labels.yaml").write_text(f"schema: corpus-tool/mapping/1\n{own}", encoding="utf-8")
    export_annotations(tmp_path / "a", tmp_path / "out", "conll", mapping=tmp_path / "labels.yaml")
    assert "Ida\tB-a%20person%E2%80%A8100%20%25%20(sure)\tO" in (tmp_path / "out" / "fire.conll").read_text("utf-8")
    (tmp_path / "b").mkdir()
    _, made = taken(tmp_path / "out", tmp_path / "b", "conll", mapping=own)
    assert words(made["fire"]) == {"actors": ["Ida"]}
