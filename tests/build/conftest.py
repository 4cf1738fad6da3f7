"""A corpus with every kind of annotation, its dataset, and loading as a user loads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from own_layer import STANCE

from corpus_tool.build.dataset import build_dataset

Json = dict[str, Any]

TEXT = """Fire 🔥 at Haifa port (نَمِل حَيْفا)

“We counted between 30\u00a0and\u00a040 crates,” said Nour e\u0301l-Di\u0301n, a senior harbour clerk. \
👩🏽‍🚒 came at once.

The blaze cost €3.2bn, a “disaster”, wrote 李娜 of Haifa port authority, “and \u201dmore”.\r
“It burnt,” sources said, “for two hours.”

READ MORE: What burnt in Haifa"""


def place(words: str, nth: int = 0) -> Json:
    """Offsets of words in ``TEXT``; of several pieces joined by … the hull and the fragments."""
    pieces, at = [], 0
    for piece in words.split("…"):
        for _ in range(nth + 1):
            at = TEXT.index(piece, at) + 1
        pieces.append({"start": at - 1, "end": at - 1 + len(piece)})
    span = {"start": pieces[0]["start"], "end": pieces[-1]["end"], "text": words.replace("…", " ")}
    return {**span, "fragments": pieces} if len(pieces) > 1 else span


def annotated(number: int) -> Json:
    """Layers of one document; ``number`` makes the documents differ."""

    def status(word: str) -> Json:
        return {"provenance": {"status": word, "annotator": "ana", "score": 0.5}}

    return {
        "actors": [
            {"id": "a1", **place("Nour e\u0301l-Di\u0301n"), "kind": "person", "entity": "e1", **status("accepted")},
            {"id": "a2", **place("senior harbour clerk"), "kind": "person", "mention": "nominal", "entity": "e1"},
            {"id": "a3", **place("李娜"), "kind": "person", "anonymous": False, **status("added")},
            {"id": "a4", **place("Haifa port authority"), "kind": "organization", "extra": {"n": number, "é": "“"}},
            {"id": "a5", **place("Haifa", 1), "kind": "state", **status("suggested")},
            {"id": "a6", **place("sources"), "kind": "group", "anonymous": True, **status("suggested")},
            {"id": "a7", **place("disaster"), "kind": "other", **status("rejected")},
            {"id": "a8", **place("isaste"), "kind": "other"},
            {"id": "a9", **place("Nour…clerk"), "kind": "group"},
        ],
        "locations": [
            {"id": "l1", **place("Haifa"), "kind": "city", "entity": "e2"},
            {"id": "l2", **place("حَيْفا"), "kind": "city", "entity": "e2", **status("corrected")},
            {"id": "l3", **place("Haifa", 2), "kind": "city"},
        ],
        "figures": [
            {
                "id": "f1",
                **place("between 30\u00a0and\u00a040"),
                "min": 30,
                "max": 40,
                "modifier": "range",
                "unit": "count",
                "measure": "quantity",
                "counted": place("crates"),
                "place": "l1",
                "quote": "q1",
            },
            {"id": "f2", **place("€3.2bn"), "value": 3_200_000_000 + number, "unit": "EUR", "measure": "money"},
            {"id": "f3", **place("two"), "value": 2, "unit": "h", "measure": "duration", "quote": "q3"},
            {"id": "f4", **place("once"), "value": 2**60 + 1, **status("suggested")},
        ],
        "quotes": [
            {
                "id": "q1",
                **place("“We counted between 30\u00a0and\u00a040 crates,”"),
                "kind": "direct",
                "attitude": "speech",
                "cue": place("said"),
                "speaker": "a1",
                "co_speakers": ["a2", "a3"],
            },
            {"id": "q2", **place("a “disaster”"), "kind": "mixed", "cue": place("wrote"), "speaker": "a3"},
            {"id": "q3", **place("“It burnt,”…“for two hours.”"), "kind": "direct", "speaker": "a6", **status("added")},
            {"id": "q4", **place("We counted"), "kind": "indirect", "speaker_status": "unknown", "parent": "q1"},
        ],
        "stance": [
            {
                "id": "s1",
                **place("disaster"),
                "kind": "against",
                "about": "a3",
                "all": ["a1", "a3"],
                "strength": number,
                "count": 7,
                "sure": True,
                "either": 0.5,
                "trigger": place("blaze"),
                "triggers": [place("It burnt,…hours")],
                "tree": {"é": [1]},
            },
            {"id": "s2", **place("Fire"), "either": "“text”"},
        ],
    }


ENTITIES = [
    {"id": "e1", "kind": "person", "name": "Nour él-Dín", "aliases": ["نور"], "links": {"wikidata": "Q1"}},
    {
        "id": "e2",
        "kind": "city",
        "name": "Haifa",
        "links": {"wikidata": "Q41621", "geonames": "294801"},
        "lat": 32.8,
        "lon": 35,
        "link_score": 0.9,
        "link_method": "exact",
        "extra": {"x": True},
    },
]
RELATIONS = [
    {"id": "r1", "type": "works_for", "from": "a1", "to": "a4"},
    {"id": "r2", "type": "lives_in", "from": "e1", "to": "e2", "extra": {"since": 2001}},
]


@pytest.fixture(scope="session")
def sample_document(raw_document: Callable[..., Json]) -> Callable[..., Json]:
    """``sample_document(number)``: a valid document with every kind of annotation."""

    def make(number: int, **rest: Any) -> Json:
        raw = raw_document(f"d{number:02}", TEXT, layers=annotated(number), entities=ENTITIES, relations=RELATIONS)
        raw["blocks"][0]["kind"], raw["blocks"][-1]["kind"] = "title", "promo"
        raw["meta"] |= {"title": f"№ {number} “é”", "published": "2024-07-01", "authors": ["Ana", "بن"]}
        return {**raw, **rest}

    return make


@pytest.fixture(scope="session")
def sample_corpus(
    tmp_path_factory: pytest.TempPathFactory,
    new_corpus: Callable[..., Path],
    sample_document: Callable[..., Json],
    raw_document: Callable[..., Json],
) -> Path:
    """Thirty full documents and one that holds nothing but words; its splits all have documents."""
    bare = raw_document("plain", "Only words.\n\n🙂\u00a0“…”", meta={})
    root = tmp_path_factory.mktemp("corpus") / "c"
    yaml = "ignore:\n  - {code: SPL, reason: one text many times}\n"
    return new_corpus(root, [*map(sample_document, range(30)), bare], own={"stance": STANCE}, yaml=yaml)


@pytest.fixture(scope="session")
def sample_dataset(tmp_path_factory: pytest.TempPathFactory, sample_corpus: Path) -> Path:
    """The dataset of the sample corpus."""
    out = tmp_path_factory.mktemp("dist") / "sample"
    report = build_dataset(sample_corpus, out)
    assert not report.refused, report.diagnostics
    return out


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path, str], Any]]:
    """``load(folder, config)``: the real ``datasets.load_dataset``, with a cache that nothing is in yet."""
    from datasets import load_dataset

    caches, numbers = tmp_path_factory.mktemp("cache"), count()
    return lambda folder, config: load_dataset(str(folder), config, cache_dir=str(caches / str(next(numbers))))
