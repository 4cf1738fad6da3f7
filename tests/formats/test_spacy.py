"""spaCy's DocBin, in and out."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import spacy
from formats.incoming import at, taken, told, words
from formats.round_trip import assert_round_trips, new_corpus, there_and_back
from spacy.tokens import Doc, DocBin, Span

from corpus_tool.exchange import import_annotations
from corpus_tool.exchange_export import export_annotations
from corpus_tool.model import CorpusToolError, sha256_of
from corpus_tool.model.codec import document_from_json
from corpus_tool.read.blocks import find_blocks
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import write_document

TEXT = "🔥 “We pay $3.2bn,” said Ida Holm of Zu\u0308rich.\n\nعلي left Tarn."


def make(text: str = TEXT) -> Doc:
    return spacy.blank("en")(text)


def span(doc: Doc, part: str, label: str, **more: Any) -> Span:
    found = doc.char_span(*at(doc.text, part), label=label, **more)
    assert found is not None
    return found


def put(path: Path, *docs: Doc, user_data: bool = True) -> Path:
    DocBin(store_user_data=user_data, docs=docs).to_disk(path)
    return path


def raw_document(name: str, text: str, layers: dict[str, list[tuple[str, str]]], **more: Any) -> dict[str, Any]:
    return {
        "schema": "corpus-tool/document/1",
        "id": name,
        "meta": {"language": "en"},
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [{"start": b.start, "end": b.end, "kind": b.kind} for b in find_blocks(text)],
        "layers": {
            layer: [
                {"id": f"{layer[0]}{n}", "start": at(text, w)[0], "end": at(text, w)[1], "text": w, "kind": kind}
                | ({"speaker": "a0"} if layer == "quotes" else {})
                for n, (w, kind) in enumerate(found)
            ]
            for layer, found in layers.items()
        },
        **more,
    }


def test_round_trip() -> None:
    assert_round_trips("spacy")


def test_entities_groups_categories_and_custom_attributes(tmp_path: Path) -> None:
    doc = make()
    doc.set_ents([span(doc, "Ida Holm", "PERSON", kb_id="Q42"), span(doc, "Tarn", "GPE"), span(doc, "$3.2bn", "MONEY")])
    doc.spans["sc"] = [span(doc, "Ida Holm", "PERSON"), span(doc, "“We pay $3.2bn,”", "Quote")]
    doc.spans["people"] = [span(doc, "علي", "PERSON")]
    doc.cats = {"SPORT": 0.25}
    doc.user_data["._.", "role", *at(TEXT, "علي")] = "captain"
    doc.user_data["._.", "desk", None, None] = "city"
    doc.user_data["._.", "odd", 3, None] = 1
    report, made = taken(put(tmp_path / "in.spacy", doc), tmp_path, "spacy")
    assert told(report) == []
    document = made["in-1"]
    assert document.text == TEXT
    assert words(document) == {
        "actors": ["Ida Holm", "علي"],
        "locations": ["Tarn"],
        "figures": ["$3.2bn"],
        "quotes": ["“We pay $3.2bn,”"],
    }
    ali = document.actors[1]
    assert (ali.role, ali.extra) == ("captain", {"group": "people"})
    assert document.meta.extra == {"cats.SPORT": 0.25, "desk": "city"}
    assert ("token attribute", "odd") in {(loss.what, loss.kind) for loss in report.losses}


def test_the_id_of_a_knowledge_base_is_an_entity(tmp_path: Path) -> None:
    doc = make()
    doc.set_ents([span(doc, "Ida Holm", "PERSON", kb_id="Q42"), span(doc, "Tarn", "GPE", kb_id="local/7")])
    _, made = taken(put(tmp_path / "in.spacy", doc, user_data=False), tmp_path, "spacy")
    entities = {e.name: e.links for e in made["in-1"].entities}
    assert entities == {"Ida Holm": {"wikidata": "Q42"}, "Tarn": {"kb": "local/7"}}


def test_what_a_model_adds_and_unknown_space_are_listed(tmp_path: Path) -> None:
    doc = Doc(spacy.blank("en").vocab, ["Ida", "Holm", "left"], tags=["NNP", "NNP", "VBD"], ents=["B-DATE", "O", "O"])
    report, made = taken(put(tmp_path / "in.spacy", doc), tmp_path, "spacy")
    assert made["in-1"].text == "Ida Holm left "
    assert {("column", "tag"), ("spacing", ""), ("dropped", "DATE")} <= {
        (loss.what, loss.kind) for loss in report.losses
    }


def test_files_that_are_none_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    doc = make()
    doc.set_ents([span(doc, "Ida Holm", "PERSON")])
    whole = put(folder / "good.spacy", doc).read_bytes()
    (folder / "cut.spacy").write_bytes(whole[: len(whole) // 2])
    (folder / "text.spacy").write_bytes(b"Ida Holm\n")
    (folder / "odd.spacy").write_bytes(zlib.compress(b"\x81\xa1a\x01"))
    report, made = taken(folder, tmp_path, "spacy")
    assert told(report) == [(f"{name}.spacy", 1, "import-file-unreadable") for name in ("cut", "odd", "text")]
    assert list(made) == ["good-1"]


def test_a_broken_document_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    docs = [make("Ida Holm left."), make("Ben left."), make("Rosa left."), make("Om left.")]
    for doc, name in zip(docs, ["Ida Holm", "Ben", "Rosa", "Om"], strict=True):
        doc.spans["sc"] = [span(doc, name, "PERSON")]
    docs[1].user_data["corpus_tool"] = '{"relations": [7]}'
    broken = DocBin(store_user_data=True, docs=docs)
    broken.span_groups[0] = b"\xc1 no groups"
    longer = make("Ida Holm left Tarn for good, with all of her things.")
    longer.spans["sc"] = [span(longer, "things", "PERSON")]
    broken.span_groups[2] = DocBin(docs=[longer]).span_groups[0]
    broken.to_disk(tmp_path / "in.spacy")
    report, made = taken(tmp_path / "in.spacy", tmp_path, "spacy")
    assert [d.name for d in report.diagnostics] == [
        "import-record-unreadable",
        "import-record-unreadable",
        "import-span-outside",
    ]
    assert [words(made[f"in-{n}"]) for n in (2, 3, 4)] == [{"actors": ["Ben"]}, {}, {"actors": ["Om"]}]


def test_export_is_what_spacy_holds(tmp_path: Path) -> None:
    layers = {
        "actors": [("Ida Holm", "person"), ("olm", "other"), ("علي", "person")],
        "locations": [("Tarn", "city")],
        "quotes": [("“We pay $3.2bn,”", "direct")],
    }
    entities = [{"id": "e1", "kind": "person", "name": "Ida", "links": {"wikidata": "Q42"}}]
    raw = raw_document("fire", TEXT, layers, entities=entities)
    raw["layers"]["actors"][0] |= {"entity": "e1", "role": "mayor"}
    document, back, losses = there_and_back(raw, "spacy", tmp_path)
    assert losses == ()
    assert (back.text, back.entities, back.actors) == (document.text, document.entities, back.actors)
    [doc] = DocBin().from_disk(tmp_path / "out" / "corpus.spacy").get_docs(spacy.blank("en").vocab)
    assert doc.text == TEXT
    groups = {name: [(s.text, s.label_, s.id_) for s in group] for name, group in doc.spans.items()}
    assert groups == {
        "actors": [
            ("Ida Holm", "actors.person", "a0"),
            ("olm", "actors.other", "a1"),
            ("علي", "actors.person", "a2"),
        ],
        "locations": [("Tarn", "locations.city", "l0")],
        "quotes": [("“We pay $3.2bn,”", "quotes.direct", "q0")],
    }
    assert [(e.text, e.label_, e.kb_id_) for e in doc.ents] == [
        ("Ida Holm", "actors.person", "Q42"),
        ("علي", "actors.person", ""),
        ("Tarn", "locations.city", ""),
    ]
    kept = json.loads(doc.user_data["corpus_tool"])
    assert kept["spans"]["a0"] == {"entity": "e1", "attributes": {"role": "mayor"}}


@pytest.mark.parametrize("language", ["en", "ar", "zh", "ja", "tlh", "zh-Hant-TW", "de-AT"])
def test_any_language_is_written_with_a_tokenizer_that_there_is(tmp_path: Path, language: str) -> None:
    raw = raw_document(
        "fire", "港口の火事。 علي left.", {"actors": [("علي", "person")], "locations": [("港口", "city")]}
    )
    raw["meta"] = {"language": language}
    _, back, losses = there_and_back(raw, "spacy", tmp_path)
    assert (losses, words(back)) == ((), {"actors": ["علي"], "locations": ["港口"]})


def test_without_the_library_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "in.spacy", make())
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(CorpusToolError, match=r"pip install 'corpus-tool\[annotate\]'"):
        import_annotations(path, new_corpus(tmp_path / "corpus"), "spacy")


CONFIG = """
[nlp]
lang = "en"
pipeline = ["ner", "spancat"]
[components]
[components.ner]
factory = "ner"
[components.spancat]
factory = "spancat"
spans_key = "quotes"
[paths]
train = null
dev = null
[corpora]
[corpora.train]
@readers = "spacy.Corpus.v1"
path = ${paths.train}
[corpora.dev]
@readers = "spacy.Corpus.v1"
path = ${paths.dev}
"""


def test_spacy_debug_data_passes(tmp_path: Path) -> None:
    """A hundred documents and more: with fewer, spaCy calls it an error that they are few."""
    corpus = open_corpus(new_corpus(tmp_path / "corpus"))
    people, towns = ["Ida Holm", "Ben", "Rosa Lind"], ["Tarn", "Zu\u0308rich", "Vell", "Om"]
    for number in range(120):
        who, where = people[number % 3], towns[number % 4]
        text = f"{number} boats 😀\n\n“We saw {number} boats.\u00a0All left,” said {who}\tin {where}.\n"
        quote = f"“We saw {number} boats.\u00a0All left,”"
        layers = {"actors": [(who, "person")], "locations": [(where, "city")], "quotes": [(quote, "direct")]}
        write_document(corpus, document_from_json(raw_document(f"d{number}", text, layers), corpus.layers))
    export_annotations(tmp_path / "corpus", tmp_path / "out", "spacy")
    (tmp_path / "base.cfg").write_text(CONFIG, encoding="utf-8")
    calls = [
        ["init", "fill-config", "base.cfg", "full.cfg"],
        ["debug", "data", "full.cfg", "--paths.train", "out/corpus.spacy", "--paths.dev", "out/corpus.spacy"],
    ]
    for call in calls:
        done = subprocess.run(
            [sys.executable, "-m", "spacy", *call], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "No entities consisting of or starting/ending with whitespace" in done.stdout
    assert "misaligned" not in done.stdout
