"""Evaluation on small documents whose figures can be counted by hand, and against the yardstick's own scorer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from corpus_tool.cli import cli
from corpus_tool.evaluate.run import evaluate_documents, evaluation_to_json, iter_side
from corpus_tool.model import Actor, Document, Figure, Meta, Quote, Span, sha256_of
from corpus_tool.model.codec import document_to_json

ROOT = Path(__file__).parent.parent.parent
SCORER = ROOT.parent / "shared" / "yardstick" / "score.py"

#: Emoji, a combining mark and Hebrew stand before the spans, so that offsets are no bytes and no UTF-16 units.
TEXT = "🎉 Zoe\u0308 Kern (נועה) said 40 boats sank. “We lost all,” he added."


def at(words: str, start: int = 0) -> dict[str, int | str]:
    begin = TEXT.index(words, start)
    return {"start": begin, "end": begin + len(words), "text": words}


def document(**layers: tuple[object, ...]) -> Document:
    return Document(
        id="boats", meta=Meta(), text=TEXT, text_sha256=sha256_of(TEXT), layers={k: tuple(v) for k, v in layers.items()}
    )


KERN = Actor(id="a1", kind="person", mention="name", **at("Zoe\u0308 Kern"))
HE = Actor(id="a2", kind="person", mention="pronoun", **at("he "[:2], TEXT.index("” he")))
BOATS = Figure(id="f1", value=40, unit="count", **at("40"))
SANK = Quote(id="q1", kind="indirect", cue=Span(**at("said")), speaker="a1", **at("40 boats sank"))
LOST = Quote(id="q2", kind="direct", cue=Span(**at("added")), speaker="a2", **at("“We lost all,”"))
GOLD = document(actors=(KERN, HE), figures=(BOATS,), quotes=(SANK, LOST))


def test_a_document_against_itself_is_perfect() -> None:
    result = evaluate_documents([GOLD], [GOLD], errors=True)
    assert [scores.exact.f1 for scores in result.layers.values()] == [1.0, 1.0, 1.0]
    assert result.values.rate == result.quotes.speakers.rate == result.quotes.attributed.f1 == 1.0
    assert result.quotes.spurious.rate == 0.0
    assert result.disagreements == []


def test_a_missed_an_invented_and_a_shifted_span_are_counted_and_named() -> None:
    shifted = replace(KERN, **at("Kern"))
    invented = Actor(id="a3", kind="group", mention="nominal", **at("boats"))
    result = evaluate_documents([document(actors=(shifted, invented))], [GOLD], errors=True)
    exact, overlap = result.layers["actors"].exact, result.layers["actors"].overlap
    assert (exact.hits, exact.predicted, exact.gold) == (0, 2, 2)
    assert (overlap.hits, overlap.predicted, overlap.gold) == (1, 2, 2)
    named = {(d.layer, d.what, d.text) for d in result.disagreements if d.layer == "actors"}
    assert named == {
        ("actors", "bounds", "Zoe\u0308 Kern"),
        ("actors", "missed", "he"),
        ("actors", "invented", "boats"),
    }
    assert next(d for d in result.disagreements if d.what == "bounds").context.startswith("🎉 ⟦Zoe\u0308 Kern⟧ (נועה)")


def test_kinds_values_and_speakers_are_judged_apart_from_spans() -> None:
    group = replace(KERN, kind="group")
    forty = replace(BOATS, value=41)
    wrong = replace(LOST, speaker="a1")
    result = evaluate_documents(
        [document(actors=(group, HE), figures=(forty,), quotes=(SANK, wrong))], [GOLD], errors=True
    )
    assert result.layers["actors"].exact.f1 == 1.0
    assert result.layers["actors"].with_kind.hits == 1
    assert result.layers["actors"].kind_on_overlap.rate == 0.5
    assert result.values.rate == 0.0
    assert (result.quotes.speakers.right, result.quotes.speakers.of) == (1, 2)
    details = {d.what: d.detail for d in result.disagreements}
    assert details == {
        "kind": "person, predicted group",
        "value": "40, predicted 41",
        "speaker": "he, predicted Zoe\u0308 Kern",
    }


def test_a_vague_number_is_right_by_its_lower_end() -> None:
    dozens = replace(BOATS, value=None, min=24)
    assert evaluate_documents([document(figures=(dozens,))], [document(figures=(dozens,))]).values.rate == 1.0
    assert evaluate_documents([document(figures=(BOATS,))], [document(figures=(dozens,))]).values.rate == 0.0


def test_rejected_annotations_count_on_neither_side() -> None:
    from corpus_tool.model import Provenance

    tombstone = replace(HE, provenance=Provenance(status="rejected"))
    result = evaluate_documents([document(actors=(KERN, tombstone))], [document(actors=(KERN,))])
    assert result.layers["actors"].exact.f1 == 1.0


def test_a_missing_document_and_another_text_count_as_missed() -> None:
    other = replace(GOLD, text=TEXT + " ", text_sha256=sha256_of(TEXT + " "))
    for predicted, missing, differ in (([], ["boats"], []), ([other], [], ["boats"])):
        result = evaluate_documents(predicted, [GOLD])
        assert (result.missing, result.texts_differ) == (missing, differ)
        assert result.layers["actors"].exact.recall == 0.0


def test_the_command_prints_tables_errors_and_json(tmp_path: Path) -> None:
    gold, guess = tmp_path / "gold.jsonl", tmp_path / "guess.jsonl"
    gold.write_text(json.dumps(document_to_json(GOLD), ensure_ascii=False) + "\n", encoding="utf-8")
    less = document(actors=(KERN,), figures=(), quotes=(SANK,))
    guess.write_text(json.dumps(document_to_json(less), ensure_ascii=False) + "\n", encoding="utf-8")
    shown = CliRunner().invoke(cli, ["evaluate", str(guess), str(gold), "--errors"])
    assert shown.exit_code == 0
    assert "quotes missed" in shown.output
    assert "⟦“We lost all,”⟧" in shown.output
    printed = CliRunner().invoke(cli, ["evaluate", str(guess), str(gold), "--json"])
    report = json.loads(printed.output)
    assert report["layers"]["actors"]["exact"] == {"p": 1.0, "r": 0.5, "f1": 0.667, "n_gold": 2, "n_predicted": 1}
    assert report["quotes"]["attributed"]["f1"] == 0.667


def _yardstick_gold(gold: Document) -> dict[str, object]:
    """A gold document as the scorer reads it."""
    spans: list[dict[str, object]] = []
    for label, annotations in (("ACTOR", gold.actors), ("LOCATION", gold.locations), ("FIGURE", gold.figures)):
        spans += [{"start": a.start, "end": a.end, "label": label, "attrs": {}} for a in annotations]
    at_id = {a.id: a for a in gold.actors}
    for quote in gold.quotes:
        own = [quote.id]
        kind = {"attribution_ids": own, "derived_type": quote.kind}
        ends = [(f.start, f.end) for f in quote.fragments] or [(quote.start, quote.end)]
        spans += [{"start": s, "end": e, "label": "QUOTE", "attrs": kind} for s, e in ends]
        if quote.cue:
            spans.append(
                {"start": quote.cue.start, "end": quote.cue.end, "label": "CUE", "attrs": {"attribution_ids": own}}
            )
        for speaker in filter(None, (quote.speaker, *quote.co_speakers)):
            bounds = {"start": at_id[speaker].start, "end": at_id[speaker].end}
            spans.append({**bounds, "label": "SPEAKER", "attrs": {"attribution_ids": own}})
    return {"id": gold.id, "text": gold.text, "spans": spans}


@pytest.mark.skipif(not SCORER.is_file(), reason=f"the yardstick's scorer is not beside this clone ({SCORER})")
def test_it_agrees_with_the_yardsticks_scorer_on_the_example_corpus(tmp_path: Path) -> None:
    """Predictions are the gold with every third annotation gone and every seventh shifted by one word."""
    gold = list(iter_side(ROOT / "corpus"))
    guesses = [_worsened(document) for document in gold]
    (tmp_path / "gold.jsonl").write_text(_lines([_yardstick_gold(d) for d in gold]), encoding="utf-8")
    (tmp_path / "guess.jsonl").write_text(_lines([document_to_json(d) for d in guesses]), encoding="utf-8")
    command = [sys.executable, str(SCORER), str(tmp_path / "gold.jsonl"), str(tmp_path / "guess.jsonl")]
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout)
    ours = json.loads(evaluation_to_json(evaluate_documents(guesses, gold)))
    for layer in ("actors", "locations", "figures"):
        for measure in ("exact", "overlap"):
            assert ours["layers"][layer][measure]["f1"] == pytest.approx(theirs[layer][measure]["f1"], abs=0.002)
    quotes, own = theirs["quotes"], ours["quotes"]
    assert 0.3 < quotes["word"]["f1"] < 0.95
    for one, other in (
        (own["words"]["f1"], quotes["word"]["f1"]),
        (own["fragments"]["f1"], quotes["exact_fragment"]["f1"]),
        (own["cues"]["f1"], quotes["cue_exact"]["f1"]),
        (own["spurious"]["rate"], quotes["spurious"]),
        (own["speakers"]["rate"], quotes["speaker_accuracy_on_found"]),
        (own["attributed"]["f1"], quotes["attributed_end_to_end"]["f1"]),
        *((own["found"][kind]["rate"], rate) for kind, rate in quotes["found_by_type"].items()),
    ):
        assert one == pytest.approx(other, abs=0.002)


def _lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _worsened(gold: Document) -> Document:
    layers = {}
    for name, annotations in gold.layers.items():
        kept = [a for i, a in enumerate(annotations) if i % 3]
        layers[name] = tuple(
            replace(a, start=a.start + 1, text=gold.text[a.start + 1 : a.end]) if i % 7 == 0 and not a.fragments else a
            for i, a in enumerate(kept)
        )
    return replace(gold, layers=layers)
