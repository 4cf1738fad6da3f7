"""Near duplicates: what is planted is found, what is not alike is not, and what is said of two texts is so."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.checks.corpus.near_duplicates import NearPair, SketchFile, near_pairs
from corpus_tool.language.shingles import KEPT, gram_hashes, jaccard, resemblance, sketch_of

LETTERS = "abcdefghijklmnoprstuvwyzéüßøčاحدمشבגדךжлщяαβγδ"
BOILERPLATE = "sign up for our newsletter and never miss a story from the harbour of tarn again"

Grams = frozenset[tuple[str, ...]]


def grams(text: str) -> Grams:
    """The word 5-grams of a text, by a slower way: a regular expression, tuples and a set."""
    folded = unicodedata.normalize("NFC", text.casefold())
    alone = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}"
    words = regex.findall(rf"[{alone}]|[\p{{L}}\p{{M}}\p{{N}}--[{alone}]]+", folded, regex.VERSION1)
    return frozenset(tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))) if words else frozenset()


def similarity(one: Grams, other: Grams) -> float:
    return len(one & other) / len(one | other)


def article(rng: random.Random, words: int) -> list[str]:
    vocabulary = ["".join(rng.choices(LETTERS, k=rng.randint(2, 8))) for _ in range(max(20, words // 3))]
    return rng.choices(vocabulary, k=words) + (BOILERPLATE.split() if words > 2 * len(BOILERPLATE.split()) else [])


def edited(rng: random.Random, words: list[str], target: float) -> list[str]:
    """The words with some replaced, left out, put in or added, so that about ``target`` of the 5-grams are the same."""
    made = list(words)
    edits = len(words) * (1 - target) / (5 * (1 + target))
    for _ in range(int(edits)):
        at = rng.randrange(len(made))
        match rng.randrange(3):
            case 0:
                made[at] = "".join(rng.choices(LETTERS, k=9))
            case 1:
                del made[at]
            case _:
                made.insert(at, rng.choice(words))
    return made + ["".join(rng.choices(LETTERS, k=5)) for _ in range(int(5 * (edits % 1)))]


def dressed(rng: random.Random, words: list[str]) -> str:
    """The words as a text: capitals, marks, quotation marks and white space that change no word."""
    marks = (" ", " ", " ", " ", ", ", ". ", "\n\n", " “", "” ", " — ", "\u00a0", "\r\n", " 🔥 ", "… ", "! ")
    return "".join(
        (w.title() if rng.random() < 0.1 and w.title().casefold() == w else w) + rng.choice(marks) for w in words
    )


def planted(seed: int, pairs: int, least: int, most: int) -> tuple[list[str], dict[tuple[int, int], float]]:
    """Texts of which two and two are alike from .5 to 1, and how much each pair is, by the slower way."""
    rng = random.Random(seed)
    texts = []
    for number in range(pairs):
        words = article(rng, rng.randint(least, most))
        target = 0.8 + 0.2 * number / pairs if number % 4 else rng.uniform(0.5, 0.8)
        texts += [dressed(rng, words), dressed(rng, edited(rng, words, target))]
    order = list(range(len(texts)))
    rng.shuffle(order)
    place = {old: new for new, old in enumerate(order)}
    truth = {}
    for number in range(pairs):
        one, other = 2 * number, 2 * number + 1
        truth[min(place[one], place[other]), max(place[one], place[other])] = similarity(
            grams(texts[one]), grams(texts[other])
        )
    return [texts[old] for old in order], truth


def search(texts: list[str], *, can_reread: bool = True) -> list[NearPair]:
    sketches = SketchFile()
    for text in texts:
        sketch = sketch_of(gram_hashes(text))
        sketches.add(sketch.grams, sketch.hashes.tobytes())

    def reread(numbers: Collection[int]) -> Mapping[int, Any]:
        return {number: gram_hashes(texts[number]) for number in numbers} if can_reread else {}

    return near_pairs(sketches, reread)


@pytest.mark.parametrize(("seed", "least", "most"), [(1, 20, 200), (2, 300, 1500), (3, 1, 60)])
def test_planted_pairs_are_found_and_no_others(seed: int, least: int, most: int) -> None:
    texts, truth = planted(seed, 400, least, most)
    alike = {pair for pair, value in truth.items() if value >= 0.8}
    assert len(alike) >= 200
    found = {(pair.one, pair.other): pair.similarity for pair in search(texts)}
    assert len(alike & found.keys()) >= 0.98 * len(alike)
    assert found.keys() <= alike
    assert all(found[pair] == pytest.approx(truth[pair], abs=0.09) for pair in found)


def test_without_the_texts_the_sketches_tell_well_enough() -> None:
    texts, truth = planted(4, 300, 300, 1500)
    found = {(pair.one, pair.other) for pair in search(texts, can_reread=False)}
    sure = {pair for pair, value in truth.items() if value >= 0.87}
    assert len(sure) >= 100
    assert sure <= found
    assert all(truth[pair] >= 0.7 for pair in found)


def test_a_phrase_that_all_texts_share_hides_nothing() -> None:
    rng = random.Random(5)
    shared = article(rng, 120)
    texts = [" ".join([*article(rng, 150), *shared]) for _ in range(300)]
    texts += [texts[7] + " more", texts[250] + " less"]
    assert [(pair.one, pair.other) for pair in search(texts)] == [(7, 300), (250, 301)]


def test_every_text_of_a_cluster_is_found() -> None:
    rng = random.Random(6)
    words = article(rng, 400)
    texts = [" ".join(edited(rng, words, 0.97)) for _ in range(120)]
    found = search(texts)
    assert {number for pair in found for number in pair[:2]} == set(range(120))
    assert all(similarity(grams(texts[a]), grams(texts[b])) >= 0.8 for a, b, _ in found)


@given(
    st.text(max_size=60) | st.text(st.sampled_from("aB 1_'’.\u0301\u064e中文ไทย ßİΣς😀\u200d\n\u00a0ªﬁ"), max_size=60)
)
def test_grams_are_those_of_the_slower_way(text: str) -> None:
    assigned = all(unicodedata.category(c) not in {"Cn", "Cs"} for c in text)
    hashes = gram_hashes(text)
    assert hashes.dtype == np.uint32
    assert (np.diff(hashes.astype(np.int64)) > 0).all()
    if assigned and not regex.search(r"[\p{Co}\p{Lao}\p{Khmer}\p{Myanmar}\p{No}\p{Nl}\p{Me}\p{Pc}·]", text):
        assert len(hashes) == len(grams(text))


@given(st.lists(st.sampled_from("abcdefg"), max_size=30), st.lists(st.sampled_from("abcdefg"), max_size=30))
def test_the_jaccard_of_short_texts_is_exact(one: list[str], other: list[str]) -> None:
    left, right = grams(" ".join(one)), grams(" ".join(other))
    own, theirs = gram_hashes(" ".join(one)), gram_hashes(" ".join(other))
    expected = similarity(left, right) if left & right else 0.0
    assert jaccard(own, theirs) == resemblance(sketch_of(own), sketch_of(theirs)) == expected


def test_hashes_are_the_same_everywhere() -> None:
    assert gram_hashes("The CAT sat, on the mat’").tolist() == gram_hashes("the cat sat on THE mat").tolist()
    assert gram_hashes("the cat sat on the mat").tolist() == [1633621449, 2686650155]
    assert gram_hashes("ליד הים 看海 e\u0301té").tolist() == gram_hashes("ליד הים 看海 été").tolist()


def test_what_has_no_word_has_no_grams_and_what_is_long_is_cut() -> None:
    assert len(gram_hashes("")) == len(gram_hashes("…\n—")) == 0
    assert len(gram_hashes("a")) == len(gram_hashes("a b c d e")) == 1
    assert len(sketch_of(gram_hashes(" ".join(map(str, range(10_000))))).hashes) == KEPT
