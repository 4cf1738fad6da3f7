"""Splits: a document's place follows from its id and the seed alone."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.model import CorpusToolError
from corpus_tool.model.corpus import SplitPolicy
from corpus_tool.splits import SPLITS, hash_split

IDS = [f"article-{number}" for number in range(4000)]


@pytest.mark.parametrize("parts", [(8, 1, 1), (1, 1, 2), (0.5, 0.25, 0.25), (90, 0, 10), (0, 0, 3), (1, 0, 0)])
def test_splits_have_their_parts_of_the_documents(parts: tuple[float, float, float]) -> None:
    policy = SplitPolicy(train=parts[0], validation=parts[1], test=parts[2])
    dealt = [hash_split(policy)(name) for name in IDS]
    for split, part in zip(SPLITS, parts, strict=True):
        share = part / sum(parts)
        assert abs(dealt.count(split) / len(IDS) - share) < 0.025
        assert part or split not in dealt


@given(st.text(max_size=20), st.text(max_size=20))
def test_the_rule_is_the_one_that_is_documented(document: str, seed: str) -> None:
    """Eight bytes of SHA-256 over seed, NUL, id: others can work a document's split out without this program."""
    number = int(hashlib.sha256(f"{seed}\0{document}".encode()).hexdigest()[:16], 16)
    expected = "train" if number * 10 < 8 * 2**64 else "validation" if number * 10 < 9 * 2**64 else "test"
    assert hash_split(SplitPolicy(seed=seed))(document) == expected


def test_another_seed_deals_anew_and_a_larger_train_keeps_what_was_in_it() -> None:
    one, other = hash_split(SplitPolicy(seed=1)), hash_split(SplitPolicy(seed=2))
    assert 0.2 < sum(one(name) != other(name) for name in IDS) / len(IDS) < 0.5
    larger = hash_split(SplitPolicy(seed=1, train=18, validation=1, test=1))
    assert {larger(name) for name in IDS if one(name) == "train"} == {"train"}


def test_a_seed_is_a_word_or_a_number() -> None:
    assert [hash_split(SplitPolicy(seed=7))(name) for name in IDS] == [
        hash_split(SplitPolicy(seed="7"))(n) for n in IDS
    ]


def test_splits_without_parts_are_refused() -> None:
    with pytest.raises(CorpusToolError, match="0 parts"):
        hash_split(SplitPolicy(train=0, validation=0, test=0))
