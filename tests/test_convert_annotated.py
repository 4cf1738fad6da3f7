"""Converting with annotations: suggestions stand in content alone, and a person's word is never overwritten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.convert import ConvertReport, convert_articles
from corpus_tool.diagnostics import Severity
from corpus_tool.validate import validate_paths

Json = dict[str, Any]

STORM = """Storm closes the pass at Brenner

READ MORE: Angela Merkel told Berlin that 40 people fled

Police officers cleared 300 cars from the motorway near Innsbruck on Monday, and 12 people were hurt, officials said.

“We saw nothing but snow,” said Ida Holm, the mayor of Brenner. “Forty lorries are still waiting.”

Austria sent 50 soldiers to the pass. Germany promised $3.2bn in aid, Chancellor Olaf Meier told reporters in Vienna.

Share this article with Angela Merkel in Berlin
"""


@pytest.fixture
def corpus(new_corpus: Callable[..., Path], tmp_path: Path) -> Path:
    return new_corpus(tmp_path / "corpus", yaml="language: en\n")


def convert(corpus: Path, rows: list[Json] | Path, **options: bool) -> ConvertReport:
    if isinstance(rows, Path):
        return convert_articles([rows], corpus, **options)
    shard = corpus / "w.jsonl"
    shard.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return convert_articles([shard], corpus, **options)


def load(corpus: Path, name: str) -> Json:
    raw: Json = json.loads((corpus / "documents" / f"{name}.json").read_bytes())
    return raw


def save(corpus: Path, raw: Json) -> None:
    (corpus / "documents" / f"{raw['id']}.json").write_text(json.dumps(raw), encoding="utf-8")


def find(raw: Json, layer: str, words: str) -> Json:
    found: list[Json] = [a for a in raw["layers"][layer] if a["text"] == words]
    assert found, f"no {words!r} among {[a['text'] for a in raw['layers'][layer]]}"
    return found[0]


def errors(corpus: Path) -> list[str]:
    return [
        f"{d.code} {d.document} {d.pointer} {d.message}"
        for d in validate_paths([corpus])
        if d.severity is Severity.ERROR
    ]


@pytest.fixture
def storm(corpus: Path) -> Path:
    """The storm article outside the corpus, converted into it once."""
    path = corpus.parent / "storm.txt"
    path.write_text(STORM, encoding="utf-8")
    assert convert(corpus, path).written == ("storm",)
    return path


def test_all_four_layers_are_suggested(corpus: Path, storm: Path) -> None:
    raw = load(corpus, "storm")
    assert list(raw["layers"]) == ["actors", "locations", "figures", "quotes"]
    assert find(raw, "actors", "Ida Holm")["kind"] == "person"
    assert find(raw, "locations", "Innsbruck")
    assert find(raw, "figures", "12")["value"] == 12
    assert raw["layers"]["quotes"]
    assert {a["provenance"]["status"] for layer in raw["layers"].values() for a in layer} == {"suggested"}
    assert errors(corpus) == []


def test_converting_again_changes_nothing(corpus: Path, storm: Path) -> None:
    before = (corpus / "documents" / "storm.json").read_bytes()
    for options in ({}, {"again": True}, {"annotate": False}):
        assert convert(corpus, storm, **options).unchanged == ("storm",)
    assert (corpus / "documents" / "storm.json").read_bytes() == before


def test_promos_credits_and_boilerplate_hold_no_annotation(corpus: Path, storm: Path) -> None:
    raw = load(corpus, "storm")
    outside = [b for b in raw["blocks"] if b["kind"] in {"promo", "credit", "boilerplate", "byline", "dateline"}]
    assert {b["kind"] for b in outside} == {"promo", "boilerplate"}
    for layer in raw["layers"].values():
        for annotation in layer:
            assert not any(b["start"] < annotation["end"] and annotation["start"] < b["end"] for b in outside)
    assert not any("Merkel" in e["name"] for e in raw["entities"])


@pytest.mark.parametrize("status", ["accepted", "corrected", "added", "rejected"])
def test_a_layer_with_a_persons_word_stays_as_it_is(status: str, corpus: Path, storm: Path) -> None:
    raw = load(corpus, "storm")
    mine = find(raw, "actors", "Ida Holm")
    mine.update(kind="group", provenance={"status": status, "annotator": "me"})
    raw["layers"]["actors"] = [mine]
    raw["layers"]["figures"] = []
    raw["layers"]["quotes"] = []
    save(corpus, raw)
    assert convert(corpus, storm).written == ("storm",)
    after = load(corpus, "storm")
    assert after["layers"]["actors"] == [mine]
    assert find(after, "figures", "12")
    assert convert(corpus, storm).unchanged == ("storm",)


def test_annotations_that_do_not_say_who_made_them_are_not_replaced(corpus: Path, storm: Path) -> None:
    raw = load(corpus, "storm")
    imported = {key: value for key, value in find(raw, "actors", "Ida Holm").items() if key != "provenance"}
    raw["layers"] = {"actors": [{**imported, "kind": "group"}]}
    save(corpus, raw)
    convert(corpus, storm)
    assert load(corpus, "storm")["layers"]["actors"] == raw["layers"]["actors"]
    convert(corpus, storm, again=True)
    assert [a for a in load(corpus, "storm")["layers"]["actors"] if a["text"] == "Ida Holm"] == raw["layers"]["actors"]


def test_again_never_suggests_what_was_rejected_or_corrected(corpus: Path, storm: Path) -> None:
    raw = load(corpus, "storm")
    rejected, corrected = find(raw, "actors", "Ida Holm"), find(raw, "actors", "Police officers")
    rejected["provenance"] = {"status": "rejected"}
    was = {"start": corrected["start"], "end": corrected["end"], "text": corrected["text"]}
    corrected.update(
        end=corrected["start"] + len("Police"), text="Police", provenance={"status": "corrected", "was": was}
    )
    raw["layers"]["actors"] = [rejected, corrected]
    save(corpus, raw)
    for _ in range(2):
        convert(corpus, storm, again=True)
        after = load(corpus, "storm")
        assert [a for a in after["layers"]["actors"] if a["text"] == "Ida Holm"] == [rejected]
        assert [a for a in after["layers"]["actors"] if a["text"].startswith("Police")] == [corrected]
        assert find(after, "actors", "soldiers")["provenance"]["status"] == "suggested"
    assert errors(corpus) == []


def test_new_quotes_are_linked_to_the_actors_that_a_person_kept(corpus: Path, storm: Path) -> None:
    raw = load(corpus, "storm")
    speaker = find(raw, "actors", "Ida Holm")
    speaker.update(id="mayor", provenance={"status": "accepted"})
    raw["layers"] = {"actors": [speaker], "locations": raw["layers"]["locations"]}
    save(corpus, raw)
    convert(corpus, storm)
    after = load(corpus, "storm")
    assert after["layers"]["actors"] == [speaker]
    quote = next(q for q in after["layers"]["quotes"] if "snow" in q["text"])
    assert quote["speaker"] == "mayor"
    assert errors(corpus) == []


def test_a_speaker_whom_a_person_rejected_is_nobodys_speaker(corpus: Path, storm: Path) -> None:
    raw = load(corpus, "storm")
    speaker = find(raw, "actors", "Ida Holm")
    speaker["provenance"] = {"status": "rejected"}
    raw["layers"] = {"actors": [speaker]}
    save(corpus, raw)
    convert(corpus, storm)
    quote = next(q for q in load(corpus, "storm")["layers"]["quotes"] if "snow" in q["text"])
    assert "speaker" not in quote
    assert quote["speaker_status"] == "unknown"
    assert errors(corpus) == []


def test_the_speaker_of_an_accepted_quote_stays_who_it_was(corpus: Path, storm: Path) -> None:
    """Nobody has reviewed the actors, so they are suggested anew; an accepted quote still names the same one."""
    raw = load(corpus, "storm")
    quote = next(q for q in raw["layers"]["quotes"] if "snow" in q["text"])
    quote["provenance"] = {"status": "accepted"}
    speaker = next(a for a in raw["layers"]["actors"] if a["id"] == quote["speaker"])
    other = next(a for a in raw["layers"]["actors"] if a["id"] != speaker["id"])
    names = {speaker["id"]: other["id"], other["id"]: speaker["id"]}  # an older version numbered them otherwise
    for holder, key in [(speaker, "id"), (other, "id"), *((q, "speaker") for q in raw["layers"]["quotes"])]:
        holder[key] = names.get(holder.get(key), holder.get(key))
    raw["layers"]["quotes"] = [quote]
    save(corpus, raw)
    convert(corpus, storm)
    after = load(corpus, "storm")
    assert [q for q in after["layers"]["quotes"] if q["provenance"]["status"] == "accepted"] == [quote]
    named = next(a for a in after["layers"]["actors"] if a["id"] == quote["speaker"])
    assert (named["text"], named["start"]) == (speaker["text"], speaker["start"])
    assert errors(corpus) == []
    assert convert(corpus, storm).unchanged == ("storm",)


FOREIGN = {
    "german": "Der Bürgermeister sagte am Montag, dass die Brücke noch lange gesperrt bleibt. " * 4,
    "french": "Le maire a déclaré lundi que le pont resterait fermé pendant plusieurs mois à cause des travaux. " * 3,
    "arabic": "قال رئيس البلدية يوم الاثنين إن الجسر سيبقى مغلقا لعدة أشهر بسبب أعمال الترميم الجارية هناك. " * 3,
    "hebrew": "ראש העיר אמר ביום שני כי הגשר יישאר סגור במשך חודשים רבים בגלל עבודות השיפוץ במקום. " * 3,
    "russian": "Мэр заявил в понедельник, что мост останется закрытым на несколько месяцев из-за ремонта. " * 4,
}


def test_articles_in_other_languages_get_a_diagnostic_and_no_annotations(corpus: Path) -> None:
    rows = [{"id": name, "text": f"Title\n\n{text}"} for name, text in FOREIGN.items()]
    declared = {"id": "declared", "language": "nl-BE", "text": "Ida Holm was in Brussels."}
    report = convert(corpus, [*rows, declared])
    assert {d.name for d in report.diagnostics} == {"language-not-annotated"}
    assert sorted(Path(d.path).stem for d in report.diagnostics) == sorted([*FOREIGN, "declared"])
    assert len(report.written) == len(FOREIGN) + 1
    assert not any(load(corpus, name)["layers"] for name in report.written)


def test_a_block_too_long_to_parse_gives_a_diagnostic_and_a_document(corpus: Path) -> None:
    report = convert(corpus, [{"id": "long", "text": "The mayor of Paris said that 40 people were hurt. " * 30_000}])
    assert [d.name for d in report.diagnostics] == ["article-not-annotated"]
    assert load(corpus, "long")["layers"] == {}


NASTY = [
    "“Nobody,” said Zoe\u0308 Ma\u0308kinen, “was hurt.”",
    "“He said ‘no’ to me,” she told Reuters. ‘I said “yes” to him,’ he answered.",
    '"It never closes, said Ida Holm.\n\nThe end came at 5.',
    "”Backwards“ said Ole Lund, and left 20\u00a0miles behind.",
    "👩‍🚒👩‍🚒 “Two crews 🎉,” said 王伟 of 港口 on Monday; 40 people cheered 🐋.",
    "قال «لم أسمع شيئًا» محمد علي in Cairo, where 300 people live, he said.",
    "She met \u202bמשה כהן\u202c in Tel\u00a0Aviv and paid $3.2bn, or €2.9\u202fbillion, for it.",
    "It's 5'11\" tall, the so-called 'tower', says Tom's mother's boss.",
    "Between 30 and 40, dozens, a dozen, twenty-one, two-thirds, 1,234.5, 1.234,5, ½, ٣٠ and ３０ people.",
    "A.\n\nB\n\nC!\n\n?\n\n”\n\n“\n\n—",
    "said said said “said” said.",
    "Mr. Smith of the U.N. told the U.S. that No. 10 won 3-2 at 10:30 p.m. on 11/9.",
    "\ufeffThe word\u200bjoiner\u2060 and soft\u00adhyphen of Par\u00adis counted 12\u200b000 men.",
    "\tTabs\there,\vand\f there. Berlin said\u2028so.\u2029Paris too.",
    "“" * 30 + " Ida Holm said " + "”" * 30,
    "(((((“Nested,” she said))))) [sic] {“x” he said} <b>Paris</b> &amp; Rome",
    "İstanbul, ǅungla, ﬁnance minister ﬀ of Straße, Ⅳ men, said Å Öhlund.",
    "Ida Holm of the harbour, " * 200,
    "a " * 500 + "“b” said c.",
    "Z\u0300\u0301\u0302\u0303\u0304algo\u0300\u0301 said “\u0300hello\u0301” to 5\u0301 men in Lo\u0308dz\u0301.",
    "\U000e0001\U0010ffff\ue000 Paris \ufffd\ufffe said “\U0001f1fa\U0001f1f8” 7\ufe0f\u20e3 times.",
    "“One paragraph opens,\n\n“and another goes on,\n\n“and it ends,” said Ida Holm, 61, of Oslo.",
]


def test_nasty_texts_are_annotated_without_an_error(corpus: Path) -> None:
    report = convert(corpus, [{"id": f"n{i}", "language": "en", "text": text} for i, text in enumerate(NASTY)])
    assert len(report.written) == len(NASTY)
    assert report.diagnostics == ()
    assert errors(corpus) == []
    found = {i: load(corpus, f"n{i}")["layers"] for i in range(len(NASTY))}
    assert all(list(layers) == ["actors", "locations", "figures", "quotes"] for layers in found.values())
    assert found[0]["quotes"]
    assert "Zoe\u0308 Ma\u0308kinen" in {a["text"] for a in found[0]["actors"]}
    assert {f["value"] for f in found[4]["figures"]} == {2, 40}
