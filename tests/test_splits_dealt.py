"""Splits that look at more than ids: groups stay together, kinds get their share, and nobody moves."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.checks.corpus.run_survey import check_survey
from corpus_tool.checks.corpus.spl import CORPUS_CHECKS as SPL_CHECKS
from corpus_tool.checks.corpus.summary import summarise
from corpus_tool.checks.corpus.survey import Survey
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.corpus import BuildOptions, CorpusConfig, SplitPolicy
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.sources import read_again
from corpus_tool.splits import SPLITS, day_split, deal, hash_split

LAYERS = built_in_layers()

Raw = dict[str, Any]


def _survey(documents: Sequence[Raw], policy: SplitPolicy) -> Survey:
    config = CorpusConfig(
        schema="corpus-tool/corpus/1", name="x", version="1.0.0", license="cc0-1.0", build=BuildOptions(splits=policy)
    )
    data = {raw["id"]: orjson.dumps(raw) for raw in documents}

    def reread(path: str, lines: Collection[int]) -> Iterator[tuple[int, bytes]]:
        yield 1, data[path]

    survey = Survey(config, is_dealt_later=True, reread=reread)
    for raw in documents:
        survey.add(summarise(document_from_json(raw, LAYERS), LAYERS), raw["id"])
    return survey


def _document(name: str, text: str, meta: Mapping[str, Any] | None = None, kinds: Sequence[str] = ()) -> Raw:
    actors = [{"id": f"a{n}", "start": 0, "end": 1, "text": text[:1], "kind": kind} for n, kind in enumerate(kinds)]
    return {
        "schema": "corpus-tool/document/1",
        "id": name,
        "meta": dict(meta or {}),
        "text": text,
        "text_sha256": "0" * 64,
        "blocks": [],
        "entities": [],
        "layers": {"actors": actors},
    }


def _article(topic: int, words: int = 80) -> str:
    """An article on a topic; two on other topics share no run of five words."""
    rng = random.Random(topic)
    pool = ("port", "café\u0301", "ميناء", "נמל", "火災", "Ali’s", "40\u00a0%", "🚢", "“no”", "said", "of", "the")
    return " ".join(f"{rng.choice(pool)}{rng.randrange(500)}" for _ in range(words))


#: Documents that have kin among each other by text, copied text, page, id at the source, and headline with day.
_sorts = st.tuples(
    st.integers(0, 5),  # topic
    st.sampled_from(("same", "longer", "shorter", "other")),
    st.sampled_from((None, 1, 2, 3)),  # page
    st.sampled_from((None, 1, 2)),  # headline
    st.lists(st.sampled_from(("person", "state", "party")), max_size=3),
)


def _made(number: int, sort: tuple[int, str, int | None, int | None, list[str]]) -> Raw:
    topic, dress, page, headline, kinds = sort
    text = _article(topic) if dress != "other" else _article(100 + number)
    text = {"longer": f"{text} and nobody 🔥 knew", "shorter": text.partition(" ")[2]}.get(dress, text)
    meta: dict[str, Any] = {}
    if page is not None:
        meta["url"] = f"https://news.example/{page}?utm_source=n{number}"
    if headline is not None:
        meta |= {"title": f"Fire {headline} destroys “harbour” of Tarn", "published": "2024-03-01"}
    return _document(f"d{number}", text, meta, kinds)


corpora = st.lists(_sorts, min_size=1, max_size=14).map(lambda sorts: [_made(n, sort) for n, sort in enumerate(sorts)])
policies = st.sampled_from(("grouped", "stratified"))
parts = st.sampled_from(((8, 1, 1), (1, 1, 1), (1, 0, 1)))


def _policy(policy: str, seed: int = 0, part: tuple[int, int, int] = (1, 1, 1)) -> SplitPolicy:
    return SplitPolicy(policy=policy, seed=seed, train=part[0], validation=part[1], test=part[2])


def _leaks(survey: Survey) -> list[str]:
    return [f"{d.code} {d.message}" for d in check_survey(survey, SPL_CHECKS) if d.code.startswith("SPL1")]


@settings(max_examples=60, deadline=None)
@given(corpora, policies, st.integers(0, 9), parts, st.randoms(use_true_random=False))
def test_kin_stay_together_and_the_order_of_files_decides_nothing(
    documents: list[Raw], policy: str, seed: int, part: tuple[int, int, int], rng: random.Random
) -> None:
    rules = _policy(policy, seed, part)
    survey = _survey(documents, rules)
    dealt = deal(survey, rules)
    assert set(dealt.splits) == {raw["id"] for raw in documents}
    assert part[1] or "validation" not in dealt.splits.values()
    assert _leaks(survey) == []
    shuffled = rng.sample(documents, len(documents))
    assert deal(_survey(shuffled, rules), rules) == dealt


@settings(max_examples=60, deadline=None)
@given(corpora, policies, st.integers(0, 9), st.integers(0, 14))
def test_a_document_keeps_its_split_when_others_come_and_go(
    documents: list[Raw], policy: str, seed: int, old: int
) -> None:
    rules = _policy(policy, seed)
    first = deal(_survey(documents[:old], rules), rules)
    survey = _survey(documents[1:], rules)  # the first document is gone, and new ones stand behind the old
    second = deal(survey, rules, lock=first.lock)
    assert first.lock == first.splits
    assert second.lock == {**first.splits, **second.splits}
    for name, split in first.splits.items():
        assert second.splits.get(name, split) == split
    told = {d.code for d in check_survey(survey, SPL_CHECKS) if d.code.startswith("SPL1")}
    assert told <= {"SPL104"}, "what is new joins its kin, or is told to stand between two splits"
    assert ("SPL104" in told) == bool(survey.torn)
    for number, others in survey.torn.items():
        assert survey.ids[number] not in first.splits
        assert len({first.splits[survey.ids[other]] for other in others}) == len(others) > 1


def test_without_its_lock_the_same_set_is_dealt_the_same() -> None:
    documents = [_made(n, (n % 6, "other", None, None, ["person"] * (n % 3))) for n in range(40)]
    for policy in ("grouped", "stratified"):
        rules = _policy(policy)
        dealt = deal(_survey(documents, rules), rules)
        assert deal(_survey(documents, rules), rules) == dealt
        assert deal(_survey(documents, rules), rules, lock=dealt.lock) == dealt


def test_a_group_has_the_split_that_the_hash_gives_to_its_smallest_id() -> None:
    rules = _policy("grouped", seed=3)
    documents = [_document(f"{'ba'[n % 2]}{n}", _article(n // 2)) for n in range(60)]
    dealt = deal(_survey(documents, rules), rules)
    for n in range(0, 60, 2):
        assert dealt.splits[f"b{n}"] == dealt.splits[f"a{n + 1}"] == hash_split(rules)(f"a{n + 1}")


RATES = {"person": 0.9, "state": 0.5, "military": 0.2, "party": 0.06, "media": 0.03}


def _planted(count: int, seed: int) -> list[Raw]:
    """Documents of other topics, some in pairs, with kinds of very different frequency."""
    rng = random.Random(seed)
    documents = []
    for number in range(count):
        kinds = [kind for kind, rate in RATES.items() for _ in range(3) if rng.random() < rate / 2]
        text = _article(number - 1 if number % 7 == 1 else number, words=30)
        documents.append(_document(f"d{number}", text, kinds=kinds))
    return documents


def _off(documents: list[Raw], splits: Mapping[str, str]) -> float:
    """By how many annotations of a kind (or documents) a split is off its share, at the most."""
    held: dict[str, Counter[str]] = {kind: Counter() for kind in (*RATES, "documents")}
    for raw in documents:
        held["documents"][splits[raw["id"]]] += 1
        for actor in raw["layers"]["actors"]:
            held[actor["kind"]][splits[raw["id"]]] += 1
    shares = dict(zip(SPLITS, (0.8, 0.1, 0.1), strict=True))
    return max(abs(held[kind][split] - shares[split] * held[kind].total()) for kind in held for split in SPLITS)


@pytest.mark.parametrize("seed", range(3))
def test_stratified_splits_have_their_share_of_every_kind_to_two_annotations(seed: int) -> None:
    documents = _planted(400, seed)
    rules = SplitPolicy(policy="stratified", seed=seed)
    assert _off(documents, deal(_survey(documents, rules), rules).splits) <= 2
    assert _off(documents, {raw["id"]: hash_split(rules)(raw["id"]) for raw in documents}) > 5


def test_stratification_of_new_documents_makes_good_for_the_old() -> None:
    documents = [raw for n, raw in enumerate(_planted(400, 9)) if n % 7 != 1]
    odd = {raw["id"]: "train" for raw in documents[:100]} | {raw["id"]: "test" for raw in documents[100:120]}
    rules = SplitPolicy(policy="stratified")
    assert _off(documents, deal(_survey(documents, rules), rules, lock=odd).splits) <= 2


def test_what_the_survey_counts_a_split_is_the_same_whenever_the_splits_are_said() -> None:
    """A split without a kind is told whether splits are known at once or later."""
    documents = [_document(f"d{n}", _article(n), kinds=["person"] if n % 4 else ["party"] * 2) for n in range(80)]
    table = {raw["id"]: "test" if n % 4 and n < 60 else "train" for n, raw in enumerate(documents)}
    rules = SplitPolicy(policy="given", file="splits.csv")
    later = _survey(documents, rules)
    deal(later, rules, table=table)
    at_once = Survey(later.config, split_of=table.__getitem__, reread=read_again)
    for raw in documents:
        at_once.add(summarise(document_from_json(raw, LAYERS), LAYERS), raw["id"])
    told = [[(d.code, d.message) for d in check_survey(survey, SPL_CHECKS)] for survey in (later, at_once)]
    assert (
        told[0]
        == told[1]
        == [("SPL202", "no document of the split test has actors of the kind party, but 20 others do")]
    )


@pytest.mark.parametrize(
    ("published", "split"),
    [
        ("2023-12-31T23:59:59Z", "train"),
        ("2024-01-31", "train"),
        ("2024-02-01T00:00+14:00", "validation"),
        ("2024-02-29", "validation"),
        ("2024-03-01", "test"),
        ("2031-01-01", "test"),
        ("2024-03", ""),
        ("2031", ""),
        ("", ""),
    ],
)
def test_days_deal(published: str, split: str) -> None:
    rules = SplitPolicy(policy="temporal", validation_from="2024-02-01", test_from="2024-03-01")
    assert day_split(rules)(published) == split


def test_one_day_alone_makes_two_splits() -> None:
    only_test = day_split(SplitPolicy(policy="temporal", test_from="2024-03-01"))
    assert [only_test(day) for day in ("2024-02-29", "2024-03-01")] == ["train", "test"]
    only_validation = day_split(SplitPolicy(policy="temporal", validation_from="2024-03-01"))
    assert [only_validation(day) for day in ("2024-02-29", "2024-03-01")] == ["train", "validation"]
