"""Corpora and datasets, whole and broken; samples of articles; agreement and losses; the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from newsroom import article, documents, newsroom, version_of
from report_page import Page

from corpus_tool import CorpusToolError, build_dataset, write_report

Run = Callable[..., Any]

#: Sections that a corpus and its dataset share.
_SAME = ("Actors by kind", "Figures by measure", "Who is in the news", "Who is quoted", "Where it happens",
         "Who quotes whom", "By layer", "By annotator", "Outlets")  # fmt: skip


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A corpus, and the dataset that was built from it."""
    folder = tmp_path_factory.mktemp("pair")
    corpus = newsroom(folder / "corpus", documents(30), yaml="build: {configs: [default, quotes]}\n")
    build_dataset(corpus, folder / "dataset")
    return corpus, folder / "dataset"


def test_a_dataset_tells_what_its_corpus_tells(pair: tuple[Path, Path], page_of: Callable[..., Page]) -> None:
    of_corpus, of_dataset = (page_of(path) for path in pair)
    for title in _SAME:
        assert of_corpus.rows(title) == of_dataset.rows(title)
    bodies = {body["id"]: body for body in of_corpus.bodies()}
    assert {body["id"]: body for body in of_dataset.bodies()} == bodies
    assert "Rows by config and split" in of_dataset.words("about")
    splits = {row[0]: int(row[1]) for row in of_corpus.rows("Splits that a build would give")}
    assert [int(n) for n in of_dataset.rows("Rows by config and split")[0][1:]] == list(splits.values())
    assert "Left out of the dataset" not in of_corpus.words("losses")


def test_a_dataset_without_text_has_no_articles_and_says_so(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    corpus = newsroom(tmp_path / "corpus", documents(12), yaml="build: {configs: [default], text: withheld}\n")
    build_dataset(corpus, tmp_path / "dataset")
    whole, withheld = page_of(corpus), page_of(tmp_path / "dataset")
    for title in _SAME:
        assert whole.rows(title) == withheld.rows(title)
    assert withheld.bodies() == []
    assert "We lost" not in withheld.source
    assert "without the words of its articles" in withheld.words("articles")
    assert "withheld" in withheld.tree.xpath("//dl[@class='facts']")[0].text_content()


def test_the_losses_of_a_dataset_are_those_of_its_manifest(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    one = article(3)
    one["layers"]["figures"][0]["provenance"] = {"annotator": "night desk", "status": "rejected"}
    corpus = newsroom(tmp_path / "corpus", [one, article(4)])
    build_dataset(corpus, tmp_path / "dataset")
    manifest = json.loads((tmp_path / "dataset" / "manifest.json").read_text(encoding="utf-8"))
    page = page_of(tmp_path / "dataset")
    assert {row[0]: int(row[1]) for row in page.rows("Left out of the dataset")} == manifest["losses"]
    assert manifest["losses"]["figures: rejected"] == 1


def test_the_ledgers_of_a_corpus_are_counted(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    corpus = newsroom(tmp_path / "corpus", documents(2))
    lost = {"what": "fragments", "layer": "quotes", "kind": "direct", "document": "x", "annotation": "q1", "why": ""}
    whole = {**lost, "what": "annotation", "layer": "", "kind": "Date<b>", "why": "no layer"}
    lines = [json.dumps(lost), json.dumps(lost), json.dumps(whole), "not JSON"]
    (corpus / "ledger.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (corpus / "set-aside" / "annotators" / "ana").mkdir(parents=True)
    record = {"document": "x", "layer": "actors", "id": "a1", "value": 1, "reason": "reference"}
    for folder in ("set-aside", "set-aside/annotators/ana"):
        (corpus / folder / "x.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    page = page_of(corpus)
    assert {row[0]: row[1] for row in page.rows("Left out by the last import")} == {
        "quotes direct: fragments": "2",
        "Date<b>: whole annotation (no layer)": "1",
        "a line that cannot be read": "1",
    }
    assert page.rows("Set aside, because an article changed") == [["actors: it refers to what was set aside", "2"]]


def test_a_broken_document_is_counted_and_the_rest_is_shown(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    corpus = newsroom(tmp_path / "corpus", documents(3))
    (corpus / "documents" / "broken.json").write_text('{"id": "broken"', encoding="utf-8")
    page = page_of(corpus)
    assert "1 file or line could not be read" in page.words("findings")
    assert "DOC" in page.rows("Findings by code")[0][0]
    assert len(page.bodies()) == 3
    assert str(tmp_path) not in page.source


def test_findings_are_counted_by_code_and_lead_to_their_article(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    made = [article(1), article(2)]
    made[0]["layers"]["locations"][0]["text"] = "Lisbon's"
    page = page_of(newsroom(tmp_path / "corpus", made))
    codes = {row[0]: row[3] for row in page.rows("Findings by code")}
    assert codes["SPN103"] == "1"
    assert page.rows("Findings by code")[0][2] == "error"
    assert "#article=storm-00001" in page.tree.xpath("//section[@id='findings']//a/@href")


def test_of_many_articles_a_sample_is_shown_and_all_are_counted(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    corpus = newsroom(tmp_path / "corpus", documents(40))
    small, more, none = (page_of(corpus, articles=n) for n in (5, 12, 0))
    ids = [{body["id"] for body in page.bodies()} for page in (small, more, none)]
    assert [len(own) for own in ids] == [5, 12, 0]
    assert ids[0] < ids[1]
    assert "5 of 40 articles: a sample" in small.words("articles")
    assert [head["id"] for head in small.data("heads")] == sorted(ids[0])
    assert small.words("charts") == none.words("charts")
    assert "No article is in this page" in none.words("articles")


def test_agreement_is_shown_where_several_annotators_are(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    made = list(documents(6))
    versions = {
        "ana": [version_of(one, "ana") for one in made],
        "ben": [version_of(one, "ben", ["f1"]) for one in made],
    }
    page = page_of(newsroom(tmp_path / "corpus", made, versions=versions))
    rows = {row[0]: row for row in page.rows("Agreement by layer")}
    assert rows["actors"][1:3] == ["6", "1.00 [1.00, 1.00]"]
    assert rows["figures"][2].startswith("0.67 ")
    assert "ana , ben" in page.words("agreement")
    assert page_of(newsroom(tmp_path / "alone", made)).tree.xpath("//section[@id='agreement']") == []


def test_an_empty_corpus_has_a_page(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    page = page_of(newsroom(tmp_path / "corpus", []))
    assert "There is no article." in page.words("articles")
    assert page.data("heads") == []


def test_a_layer_of_the_corpus_own_is_shown(tmp_path: Path, page_of: Callable[..., Page]) -> None:
    one = article(1)
    mark = {"kind": "for", "strength": 0.5, "tree": {"<b>": [1, None]}, "about": "a1"}
    one["layers"]["stance"] = [{"id": "s1", "start": 0, "end": 3, "text": one["text"][:3], **mark}]
    corpus = newsroom(tmp_path / "corpus", [one])
    schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": ["for", "against"]},
            "strength": {"type": "number"},
            "tree": {"type": "object"},
            "about": {"type": "string", "x-refers-to": "actors"},
        },
    }
    (corpus / "schema" / "layers").mkdir(parents=True)
    (corpus / "schema" / "layers" / "stance.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    page = page_of(corpus)
    assert page.rows("Stance by kind")[0][:2] == ["for", "1"]
    assert page.data("data")["layers"][4] == {"name": "stance", "colour": "c4", "links": ["about"]}
    [shown] = [own for own in page.bodies()[0]["marks"] if own["id"] == "s1"]
    assert shown["is"] == mark


def test_what_is_no_corpus_and_what_is_no_report_are_refused(tmp_path: Path) -> None:
    corpus = newsroom(tmp_path / "corpus", documents(1))
    taken = tmp_path / "notes.html"
    taken.write_text("<p>mine</p>", encoding="utf-8")
    with pytest.raises(CorpusToolError, match="no report"):
        write_report(corpus, taken)
    assert taken.read_text(encoding="utf-8") == "<p>mine</p>"
    with pytest.raises(CorpusToolError, match="neither a corpus"):
        write_report(tmp_path, tmp_path / "out.html")
    with pytest.raises(CorpusToolError, match="no such folder"):
        write_report(tmp_path / "nowhere", tmp_path / "out.html")
    with pytest.raises(CorpusToolError, match="no file"):
        write_report(corpus, tmp_path)
    assert not (tmp_path / "out.html").exists()


def test_a_dataset_that_was_cut_off_is_refused_with_the_file_at_fault(pair: tuple[Path, Path], tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "dataset"
    shutil.copytree(pair[1], copy)
    [file] = copy.glob("default/train-*.parquet")
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(CorpusToolError, match="default"):
        write_report(copy, tmp_path / "out.html")
    (copy / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CorpusToolError, match="manifest"):
        write_report(copy, tmp_path / "out.html")


def test_the_command(pair: tuple[Path, Path], tmp_path: Path, run_main: Run) -> None:
    out = tmp_path / "report.html"
    ran = run_main("report", pair[0], "--out", out, "--articles", "10")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{out}: 30 articles, 10 of them to read, {out.stat().st_size / 1e6:.1f} MB\n"
    told = json.loads(run_main("report", pair[0], "--out", out, "--json").out)
    assert told["documents"] == told["articles"] == 30
    assert told["annotations"] == {"actors": 180, "locations": 90, "figures": 60, "quotes": 60}
    assert told["bytes"] == out.stat().st_size
    assert told["out"] == str(out)
    assert run_main("report", pair[0], "--out", "-", "--json").status == 2
    assert run_main("report", tmp_path, "--out", out).status == 2


def test_to_standard_output_goes_the_page_alone(pair: tuple[Path, Path], tmp_path: Path) -> None:
    write_report(pair[0], tmp_path / "report.html")
    ran = subprocess.run(
        [sys.executable, "-m", "corpus_tool", "report", str(pair[0]), "--out", "-"],
        capture_output=True,
        check=True,
        env=dict(os.environ),
    )
    assert ran.stdout == (tmp_path / "report.html").read_bytes()
