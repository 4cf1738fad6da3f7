"""Rights and provenance over a whole corpus: what is missing, mixed, or against the dataset's licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus_tool.checks.corpus.lic_corpus import CORPUS_CHECKS
from corpus_tool.checks.corpus.summary import summarise
from corpus_tool.checks.corpus.survey import Survey
from corpus_tool.checks.lic_names import meant_license, spdx_expression
from corpus_tool.checks.lic_terms import HUB, TERMS, contradiction, dataset_license, terms_of
from corpus_tool.model import Document, Meta, sha256_of
from corpus_tool.model.corpus import CorpusConfig
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.sources import read_again

FULL = {"language": "en", "source": "The Strait Post", "published": "2024-05-31", "license": "CC-BY-4.0"}


def survey_of(metas: list[dict[str, Any]], **config: str) -> Survey:
    """A survey of documents that have these metadata."""
    told = {"schema": "corpus-tool/corpus/1", "name": "x", "version": "1.0.0", "license": "cc-by-4.0", **config}
    survey = Survey(CorpusConfig(**told), root=Path("corpus"), reread=read_again)
    for number, meta in enumerate(metas):
        text = f"Alice left 😀 {number}."
        document = Document(id=f"d{number}", meta=Meta(**meta), text=text, text_sha256=sha256_of(text))
        survey.add(summarise(document, built_in_layers(), alone=True), f"d{number}.json")
    return survey


def found_in(metas: list[dict[str, Any]], **config: str) -> list[tuple[str, int | None, str]]:
    """Code, document and message of what is found."""
    survey = survey_of(metas, **config)
    return [(check.code, f.document, f.message) for check in CORPUS_CHECKS for f in check.run(survey)]


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in FULL.items() if name != key}


def test_a_corpus_that_says_everything_has_no_findings() -> None:
    assert found_in([FULL] * 3) == []


@pytest.mark.parametrize(
    ("key", "code", "default", "value"),
    [
        ("license", "LIC401", "article_license", "CC-BY-4.0"),
        ("language", "LIC402", "language", "en"),
        ("source", "LIC403", "source", "علي"),
    ],
)
def test_what_is_missing_is_told_once_with_a_count_unless_corpus_yaml_says_it(
    key: str, code: str, default: str, value: str
) -> None:
    metas = [FULL, without(key), without(key), {**FULL, key: " "} if key != "language" else without(key)]
    [(own, document, message)] = found_in(metas)
    assert (own, document) == (code, 1)
    assert message.startswith("3 of 4 documents say no ")
    assert found_in(metas, **{default: value}) == []


def test_a_few_documents_without_a_date() -> None:
    [(code, document, message)] = found_in([FULL, FULL, without("published"), FULL])
    assert (code, document) == ("LIC404", 2)
    assert "1 of 4" in message
    assert found_in([without("published")] * 3 + [FULL]) == []


def test_mixed_licences_count_one_licence_under_all_its_spellings() -> None:
    metas = [{**FULL, "license": words} for words in ("CC-BY-4.0", "cc-by-4.0", "CC BY 4.0", "CC0-1.0")]
    [(code, document, message)] = found_in(metas)
    assert (code, document) == ("LIC405", None)
    assert message == 'the articles stand under 2 licences: "CC-BY-4.0" (3), "CC0-1.0" (1)'
    assert found_in(metas[:3]) == []


def test_a_licence_of_corpus_yaml_counts_where_documents_have_none() -> None:
    found = found_in([without("license"), FULL], article_license="CC0-1.0")
    assert [code for code, _, _ in found] == ["LIC405"]


@pytest.mark.parametrize(
    ("article", "dataset", "reason"),
    [
        ("CC-BY-NC-4.0", "cc-by-4.0", "commercial"),
        ("CC BY-NC 4.0", "cc0-1.0", "commercial"),
        ("CC-BY-ND-4.0", "cc-by-4.0", "adaptations"),
        ("CC-BY-SA-4.0", "cc-by-4.0", "same licence"),
        ("CC-BY-NC-SA-4.0", "cc-by-nc-4.0", "same licence"),
        ("CC-BY-4.0", "cc0-1.0", "author named"),
        ("OGL-UK-3.0", "pddl", "author named"),
        ("© Strait Post, All Rights Reserved", "cc-by-4.0", "reserves all rights"),
        ("ODbL-1.0", "odc-by", "same licence"),
        ("CC-BY-NC-4.0 OR CC-BY-ND-4.0", "cc-by-4.0", "commercial"),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", "cc-by-4.0", "commercial"),
        ("CC-BY-NC-SA-3.0-DE", "cc-by-4.0", "commercial"),
    ],
)
def test_what_an_article_forbids_and_the_dataset_grants(article: str, dataset: str, reason: str) -> None:
    [(code, document, message)] = found_in([FULL | {"license": article}] * 2, license=dataset)
    assert (code, document) == ("LIC406", 0)
    assert reason in message
    assert "2 documents" in message


@pytest.mark.parametrize(
    ("article", "dataset"),
    [
        ("CC0-1.0", "cc-by-4.0"),
        ("CC-BY-4.0", "cc-by-nc-sa-4.0"),
        ("CC-BY-SA-3.0", "cc-by-sa-4.0"),
        ("CC-BY-NC-4.0", "cc-by-nc-4.0"),
        ("CC-BY-4.0 OR CC-BY-NC-4.0", "cc-by-4.0"),
        ("ODbL-1.0", "odbl"),
        ("CC-BY-4.0", "other"),
    ],
)
def test_what_goes_together(article: str, dataset: str) -> None:
    assert found_in([FULL | {"license": article}], license=dataset) == []


def test_a_conflict_of_article_license_is_told_at_corpus_yaml() -> None:
    survey = survey_of([without("license")], article_license="CC-BY-NC-4.0")
    [finding] = [finding for check in CORPUS_CHECKS for finding in check.run(survey)]
    assert (finding.pointer, finding.document) == ("/article_license", None)
    assert survey.path_of(finding.path) == "corpus/corpus.yaml"


def test_words_that_nobody_can_judge_are_told_as_unclear() -> None:
    [(code, document, message)] = found_in([FULL, FULL | {"license": "frei für Forschung"}])[1:]
    assert (code, document) == ("LIC407", 1)
    assert "frei für Forschung" in message
    assert found_in([FULL | {"license": "frei für Forschung"}], license="other") == []


@pytest.mark.parametrize("words", ["CC BY", "my licence", "cc-by-4", "ليس"])
def test_a_dataset_licence_that_nobody_knows(words: str) -> None:
    assert [code for code, _, _ in found_in([FULL], license=words)] == ["LIC408"]


def test_without_a_corpus_nothing_is_missing() -> None:
    survey = Survey(reread=read_again)
    document = Document(id="d", meta=Meta(), text="x", text_sha256=sha256_of("x"))
    survey.add(summarise(document, built_in_layers(), alone=True), "d.json")
    assert [finding for check in CORPUS_CHECKS for finding in check.run(survey)] == []


def test_the_tables_name_licences_of_spdx() -> None:
    assert [name for name in TERMS if spdx_expression(name) != name] == []
    assert [name for name in HUB.values() if name is not None and spdx_expression(name) != name] == []
    assert dataset_license("odc-by") == "ODC-By-1.0"
    assert dataset_license("cc-by-sa-4.0") == "CC-BY-SA-4.0"


def test_no_licence_contradicts_itself() -> None:
    assert [name for name in TERMS if contradiction(name, name)] == []


def test_very_long_and_odd_words_are_no_licence() -> None:
    for words in ("MIT OR " * 50_000 + "MIT", "(" * 100_000, "cc by " * 50_000, "\u202e", "\ud83d"):
        assert spdx_expression(words) is None
        assert meant_license(words) is None
        assert terms_of(words) is None
