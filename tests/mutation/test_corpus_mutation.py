"""Every check across documents finds its defect, wherever it is planted in a corpus, and nothing else is reported."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from pathlib import Path

import generated
import orjson
import pytest

from corpus_tool.checks import CORPUS_CHECKS
from corpus_tool.checks.corpus.run_survey import check_survey
from corpus_tool.checks.corpus.summary import summarise
from corpus_tool.checks.corpus.survey import Survey
from corpus_tool.diagnostics import Diagnostic
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.corpus import BuildOptions, CorpusConfig, SplitPolicy
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.splits import deal
from mutation.cor import CORPUS_MUTANTS, LAYERS, OWN_LAYERS, Corpus, dealt
from mutation.planting import Raw, live
from mutation.spl import POLICY_MUTANTS

VARIANTS = 50
#: Documents of a corpus: enough for a kind to be missing from a half of them by more than chance.
SIZE = 30

CHECKS = [check for check in CORPUS_CHECKS if check.code.startswith(("COR", "SPL"))]
MUTANTS = {**CORPUS_MUTANTS, **POLICY_MUTANTS}
ALL_LAYERS = {**built_in_layers(), **OWN_LAYERS}


def _bases() -> list[bytes]:
    """Small documents with annotations in every layer, and without two of one day, page or linked thing."""
    found = []
    for seed in range(3 * SIZE):
        raw = generated.document(seed, kilobytes=3, spans=15)
        if all(live(raw, layer) for layer in LAYERS):
            found.append(orjson.dumps(raw))
    return found[:SIZE]


BASES = _bases()


def find(corpus: Corpus, root: Path) -> list[Diagnostic]:
    """What the checks find in a corpus; the documents are in memory, the articles in a folder."""
    articles = corpus.articles
    if articles is None:
        articles = [raw["meta"]["article"]["path"] for raw in corpus.documents if "article" in raw["meta"]]
    for name in articles:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    for name, text in corpus.files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    policy = SplitPolicy(**{"policy": corpus.policy, **corpus.deal})
    config = CorpusConfig(
        schema="corpus-tool/corpus/1", name="x", version="1.0.0", license="cc0-1.0", build=BuildOptions(splits=policy)
    )
    data = {f"documents/{raw['id']}.json": orjson.dumps(raw) for raw in corpus.documents}

    def reread(path: str, lines: Collection[int]) -> Iterator[tuple[int, bytes]]:
        yield 1, data[path]

    split_of = corpus.splits.__getitem__ if corpus.splits else None
    survey = Survey(config, root=root, split_of=split_of, is_dealt_later=bool(corpus.deal), reread=reread)
    for raw in corpus.documents:
        _add(survey, raw, f"documents/{raw['id']}.json", None)
    for name, documents in corpus.annotators.items():
        for raw in documents:
            _add(survey, raw, f"annotators/{name}/{raw['id']}.json", name)
    if corpus.deal:
        deal(survey, policy, lock=corpus.lock, table=corpus.table)
    return check_survey(survey, CHECKS)


def _add(survey: Survey, raw: Raw, path: str, annotator: str | None) -> None:
    survey.add(summarise(document_from_json(raw, ALL_LAYERS), ALL_LAYERS), path, annotator=annotator)


def test_bases_are_silent(tmp_path: Path) -> None:
    documents = [orjson.loads(data) for data in BASES]
    assert len(documents) == SIZE
    assert find(Corpus(documents, ""), tmp_path) == []
    assert find(Corpus(documents, "", splits=dealt(documents)), tmp_path) == []


def test_every_check_has_a_mutant() -> None:
    assert sorted(MUTANTS) == [check.code for check in CHECKS]


@pytest.mark.parametrize("code", sorted(MUTANTS))
def test_defects_are_found_and_nothing_else(code: str, tmp_path: Path) -> None:
    seen = set()
    for number in range(2 * VARIANTS):
        rng = random.Random(f"{code} {number}")
        documents = [orjson.loads(data) for data in rng.sample(BASES, SIZE)]
        corpus = MUTANTS[code](rng, documents)
        told = [corpus.documents, corpus.splits, corpus.articles, corpus.annotators, corpus.deal, corpus.lock]
        key = orjson.dumps([*told, corpus.table, corpus.files])
        if key in seen:
            continue
        seen.add(key)
        root = tmp_path / str(number)
        found = find(corpus, root)
        told = [(d.code, d.document, d.path, d.pointer, d.message) for d in found]
        assert {d.code for d in found} == {code}, (number, told)
        at = {(d.document, d.pointer) for d in found} | {(d.path, d.pointer) for d in found}
        at |= {(d.path.removeprefix(f"{root}/"), d.pointer) for d in found}
        assert (corpus.at, corpus.pointer) in at, (number, corpus.at, corpus.pointer, told)
        if len(seen) == VARIANTS:
            return
    pytest.fail(f"only {len(seen)} different corpora")
