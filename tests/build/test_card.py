"""The dataset card: what it says of the corpus, what it asks for, and that no word of others takes effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import metadata_load

from corpus_tool import build_dataset
from corpus_tool.build.card import STATEMENTS
from corpus_tool.build.card_metadata import hub_license

Json = dict[str, Any]
New = Callable[..., Path]
Make = Callable[..., Json]

FULL = """description: News.
purpose: To learn.
collection: By hand.
annotation: By two people.
guidelines: https://example.org/guide?a=1&b=2
agreement: Nearly always.
limits: Few.
citation: Cite it.
creators: [The Institute, نور]
released: 2024-05-31
url: https://example.org/corpus
"""


@pytest.fixture
def card(tmp_path: Path, new_corpus: New) -> Callable[..., tuple[str, Json, list[str]]]:
    """``card(documents, yaml)``: the text, the metadata, and the messages about statements."""

    def make(documents: list[Json], yaml: str = "") -> tuple[str, Json, list[str]]:
        report = build_dataset(new_corpus(tmp_path / "c", documents, yaml=yaml), tmp_path / "out")
        assert not report.refused, report.diagnostics
        path = tmp_path / "out" / "README.md"
        data = metadata_load(path)
        assert data is not None
        return path.read_text(encoding="utf-8"), data, [d.message for d in report.diagnostics if d.code == "COR029"]

    return make


def actor(status: str | None, **made: Any) -> Json:
    own = {"provenance": {"status": status, **made}} if status else {}
    return {"id": "a1", "start": 0, "end": 3, "text": "Zoë", "kind": "person", **own}


def test_each_statement_that_is_missing_is_asked_for_by_its_key(raw_document: Make, card: Any) -> None:
    text, _, messages = card([raw_document("a", "Zoë 😀 left.")])
    assert [message.rpartition(": ")[2] for message in messages] == [
        f"{key} is missing" for key in STATEMENTS if key != "article_license"
    ]
    for heading in ("Known limits", "Citation", "How the articles were collected"):
        assert heading not in text
    assert not re.search(r"TODO|FIXME|More Information Needed|\bNone\b|\{|\bnull\b", text.split("\n---\n")[1])


def test_a_blank_statement_is_a_missing_one(raw_document: Make, card: Any) -> None:
    yaml = FULL.replace("limits: Few.", 'limits: " \u00a0"').replace("[The Institute, نور]", '["\u00a0"]')
    assert [message.split()[-3] for message in card([raw_document("a", "Zoë left.")], yaml)[2]] == [
        "limits",
        "creators",
    ]


def test_what_is_stated_is_in_the_card(raw_document: Make, card: Any) -> None:
    text, _, messages = card([raw_document("a", "Zoë 😀 left.")], FULL)
    assert messages == []
    for words in (
        "By The Institute, نور.",
        "<https://example.org/corpus>",
        "Guidelines: <https://example.org/guide?a=1&b=2>",
        "Version 1.0.0 of 2024-05-31",
        "## Why it was made\n\nTo learn.",
        "## How far annotators agree\n\nNearly always.",
        "Documents are dealt by a hash of their ids, in the parts 8 : 1 : 1 (train, validation, test), with the seed",
    ):
        assert words in text


@pytest.mark.parametrize("words", ["javascript:alert(1)", "https://x.example/><script>", "[a](b)", "see # the wiki"])
def test_guidelines_that_are_no_plain_address_are_no_link(words: str, raw_document: Make, card: Any) -> None:
    from markdown_it import MarkdownIt

    text = card([raw_document("a", "Zoë left.")], f"guidelines: '{words}'\n")[0]
    part = text[text.index("## How they were annotated") : text.index("## Rights")]
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(part)
    assert not [c for t in tokens for c in t.children or () if c.type in {"link_open", "html_inline", "image"}]


@pytest.mark.parametrize(
    ("statuses", "creators"),
    [
        (["accepted", "suggested"], ["expert-generated", "machine-generated"]),
        (["suggested", "rejected"], ["machine-generated"]),
        (["added", None], ["expert-generated"]),
        ([None], None),
        ([], ["no-annotation"]),
        (["rejected"], ["no-annotation"]),
    ],
)
def test_who_made_the_annotations_follows_from_their_status(
    statuses: list[str | None], creators: list[str] | None, raw_document: Make, card: Any
) -> None:
    documents = [
        raw_document(f"d{n}", f"Zoë left {n}.", layers={"actors": [actor(status)]}) for n, status in enumerate(statuses)
    ]
    assert card(documents or [raw_document("d", "Zoë left.")])[1].get("annotations_creators") == creators


def test_annotators_are_counted_by_status_and_their_names_stay_words(raw_document: Make, card: Any) -> None:
    name = "| `x` <b>\n# ana"
    layers = [{"actors": [actor("accepted", annotator=name)]}, {"actors": [actor("suggested")]}]
    text = card([raw_document(f"d{n}", f"Zoë left {n}.", layers=own) for n, own in enumerate(layers)])[0]
    assert r"| \| \`x\` &lt;b&gt; \# ana | 1 accepted |" in text
    assert "| not told | 1 suggested |" in text


def test_what_the_dataset_does_not_carry_is_counted(raw_document: Make, card: Any, tmp_path: Path) -> None:
    import json

    was = {"start": 0, "end": 2, "text": "Zo", "kind": "person"}
    quote = {"id": "q1", "start": 4, "end": 8, "text": "left", "kind": "indirect", "speaker": "a1"}
    layers = {"actors": [actor("suggested")], "quotes": [{**quote, "provenance": {"status": "accepted"}}]}
    second = {"actors": [actor("corrected", was=was)]}
    relations = [{"id": "r1", "type": "x", "from": "q1", "to": "a1"}]
    documents = [
        raw_document("a", "Zoë left.", layers=layers, relations=relations),
        raw_document("b", "Zoë ran.", layers=second),
        raw_document("c", "Zoë sat.", layers={"actors": [actor("rejected")]}),
    ]
    text = card(documents, "build: {reviewed_only: true}\n")[0]
    losses = json.loads((tmp_path / "out" / "manifest.json").read_text())["losses"]
    assert losses == {
        "actors: rejected": 1,
        "actors: reviewed by nobody": 1,
        "actors: what was suggested before a person corrected it (provenance.was)": 1,
        "quotes.speaker: link to an annotation that is left out": 1,
        "relations: an end is left out": 1,
    }
    assert "| actors: rejected | 1 |" in text
    assert "| quotes: has no column of tags | 1 |" in text


def test_task_ids_follow_from_what_is_annotated(raw_document: Make, card: Any) -> None:
    two = [{**actor(None), "entity": "e1"}, {**actor(None), "id": "a2", "start": 9, "end": 12, "entity": "e1"}]
    entities = [{"id": "e1", "kind": "person", "name": "Zoë"}]
    data = card([raw_document("a", "Zoë left Zoë.", layers={"actors": two}, entities=entities)])[1]
    assert data["task_ids"] == ["named-entity-recognition", "coreference-resolution"]


def test_languages_are_those_of_iso_639_and_tags_stand_beside_them(raw_document: Make, card: Any) -> None:
    metas = [{"language": "pt-BR"}, {"language": "ar"}]
    data = card([raw_document(f"d{n}", f"Zoë {n}", meta=meta) for n, meta in enumerate(metas)])[1]
    assert (data["language"], data["language_bcp47"]) == (["ar", "pt"], ["ar", "pt-BR"])
    assert data["multilinguality"] == ["multilingual"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("cc-by-4.0", {"license": "cc-by-4.0"}),
        ("CC-BY-4.0", {"license": "cc-by-4.0"}),
        ("ODbL-1.0", {"license": "odbl"}),
        ("other", {"license": "other"}),
        ("CC-BY-3.0-DE", {"license": "other", "license_name": "CC-BY-3.0-DE"}),
        ("ask us", {"license": "other", "license_name": "ask us"}),
    ],
)
def test_the_licence_is_one_of_the_hubs_list(words: str, told: dict[str, str]) -> None:
    assert hub_license(words) == told


def test_pictures_in_the_card_are_in_the_folder(sample_dataset: Path) -> None:
    text = (sample_dataset / "README.md").read_text(encoding="utf-8")
    paths = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert paths == ["pictures/annotations.svg", "pictures/articles.svg"]
    assert all((sample_dataset / path).is_file() for path in paths)


@pytest.mark.parametrize(
    ("splits", "told"),
    [
        ("{policy: temporal, test_from: 2024-03-01}", "by their day of publication, test from 2024-03-01."),
        ("{policy: stratified, seed: '<b>_x_', test: 2}", "with the seed &lt;b&gt;\\_x\\_."),
        ("{policy: grouped, train: 1, validation: 0, test: 0}", "in the parts 1 : 0 : 0 (train, validation, test)"),
    ],
)
def test_the_card_says_how_documents_are_dealt(splits: str, told: str, raw_document: Make, card: Any) -> None:
    meta = {"meta": {"published": "2024-02-28", "language": "en"}}
    text, _, _ = card([raw_document("a", "Zoë 😀 left.", **meta)], f"{FULL}build: {{splits: {splits}}}\n")
    assert told in text
