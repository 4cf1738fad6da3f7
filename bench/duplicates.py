"""What near duplicates cost: our search against datasketch's, on the same texts in one run. Run: make bench.

Both are given texts of generated words, a tenth of them edited copies of another one, and look for pairs with a Jaccard
of .8 and more on word 5-grams. Needs the package datasketch; without it only our own figures are printed.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import generated
import numpy as np

from corpus_tool.checks.corpus.near_duplicates import THRESHOLD, SketchFile, near_pairs
from corpus_tool.checks.corpus.run_survey import check_survey
from corpus_tool.checks.corpus.summary import summarise
from corpus_tool.checks.corpus.survey import Survey
from corpus_tool.language.shingles import gram_hashes, jaccard, sketch_of
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.sources import read_again

Pairs = set[tuple[int, int]]

TEXTS = 2_000
MANY = 100_000
DOCUMENTS = 10_000
WORDS = 650  # 4 kB
PAIRS = 5
LIMIT_BYTES = 2_500


def texts(number: int, seed: int = 1) -> list[str]:
    """Texts of about 4 kB; every tenth is an earlier one with some words replaced."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices("abcdefghiklmnoprstuvwyé", k=rng.randint(2, 9))) for _ in range(20_000)]
    made: list[list[str]] = []
    for place in range(number):
        if place % 10 == 9:
            words = list(made[rng.randrange(max(0, place - 5_000), place)])
            for _ in range(rng.randint(1, 25)):
                words[rng.randrange(len(words))] = rng.choice(vocabulary)
        else:
            words = rng.choices(vocabulary, k=WORDS)
        made.append(words)
    return [" ".join(words).capitalize() for words in made]


def ours(articles: list[str]) -> Pairs:
    """Pairs by our search, read again where a sketch cannot tell."""
    sketches = SketchFile()
    for text in articles:
        sketch = sketch_of(gram_hashes(text))
        sketches.add(sketch.grams, sketch.hashes.tobytes())
    found = near_pairs(sketches, lambda numbers: {number: gram_hashes(articles[number]) for number in numbers})
    return {(pair.one, pair.other) for pair in found}


def theirs(articles: list[str]) -> Pairs:
    """Pairs by datasketch, as its documentation puts it: MinHash of 128 permutations, and an index by bands."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    found = set()
    for number, text in enumerate(articles):
        words = text.casefold().split()
        minhash = MinHash(num_perm=128)
        minhash.update_batch({" ".join(words[i : i + 5]).encode() for i in range(max(1, len(words) - 4))})
        found.update((other, number) for other in index.query(minhash))
        index.insert(number, minhash)
    return found


def cpu_seconds(search: Callable[[list[str]], Pairs], articles: list[str]) -> tuple[float, Pairs]:
    """Processor time of one search, and what it found."""
    start = time.process_time()
    found = search(articles)
    return time.process_time() - start, found


def quality(found: Pairs, alike: Pairs) -> str:
    """Recall and precision, in words."""
    right = len(found & alike)
    return f"recall {right / len(alike):.4f} of what either found, precision {right / max(1, len(found)):.4f}"


def alike(articles: list[str], candidates: Pairs) -> Pairs:
    """Those of some pairs whose Jaccard is .8 or more, gram by gram."""
    hashes = {number: gram_hashes(articles[number]) for number in {n for pair in candidates for n in pair}}
    return {(a, b) for a, b in candidates if jaccard(hashes[a], hashes[b]) >= THRESHOLD}


def resident_bytes() -> int:
    """How much memory this process holds now (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def compare() -> None:
    """Prints our time against datasketch's."""
    articles = texts(TEXTS)
    times: list[tuple[float, float]] = []
    for _ in range(PAIRS):
        own, found = cpu_seconds(ours, articles)
        other, other_found = cpu_seconds(theirs, articles)
        times.append((own, other))
    truth = alike(articles, found | other_found)
    ratios = [other / own for own, other in times]
    print(
        f"near duplicates among {TEXTS:,} texts of 4 kB, datasketch / ours: {median(ratios):.1f} "
        f"({min(ratios):.1f} to {max(ratios):.1f}, {PAIRS} pairs, CPU time); "
        f"{1e6 * median(own for own, _ in times) / TEXTS:.0f} and "
        f"{1e6 * median(other for _, other in times) / TEXTS:.0f} µs a text; "
        f"ours {quality(found, truth)}; datasketch {quality(other_found, truth)}"
    )


def scale() -> None:
    """Prints time and memory of a search among many texts, which come from a generator of hashes."""
    rng = np.random.default_rng(1)
    before = resident_bytes()
    start = time.process_time()
    sketches = SketchFile()
    hashes = np.empty(0, np.uint32)
    for number in range(MANY):
        if number % 10 == 9:
            kept = hashes[rng.random(len(hashes)) > 0.05]
            hashes = np.unique(np.append(kept, rng.integers(0, 2**32, 30, dtype=np.uint32)))
        else:
            hashes = np.unique(rng.integers(0, 2**32, WORDS, dtype=np.uint32))
        sketch = sketch_of(hashes)
        sketches.add(sketch.grams, sketch.hashes.tobytes())
    added = time.process_time()
    found = near_pairs(sketches, lambda numbers: {})
    ended = time.process_time()
    grown = (resident_bytes() - before) / MANY
    print(
        f"{MANY:,} sketches: {1e6 * (added - start) / MANY:.0f} µs a text to make up and add, "
        f"{1e6 * (ended - added) / MANY:.0f} µs to search; {len(found):,} of {MANY // 10:,} planted pairs; "
        f"{grown:.0f} bytes of memory a text (limit {LIMIT_BYTES})"
    )


def survey() -> None:
    """Prints time and memory of a survey of generated documents of 16 kB and 60 spans, with all checks across them."""
    layers = built_in_layers()
    surveyed = Survey(split_of=lambda name: ("train", "test")[name[-1] == "7"], reread=read_again)
    seconds, before = 0.0, 0
    for seed in range(DOCUMENTS):
        document = document_from_json(generated.document(seed), layers)
        start = time.process_time()
        surveyed.add(summarise(document, layers), "generated.jsonl", seed + 1)
        seconds += time.process_time() - start
        if seed == DOCUMENTS // 10:
            before = resident_bytes()
    start = time.process_time()
    check_survey(surveyed)
    checked = time.process_time() - start
    grown = (resident_bytes() - before) / (DOCUMENTS * 0.9)
    print(
        f"survey of {DOCUMENTS:,} generated documents of 16 kB: {1e6 * seconds / DOCUMENTS:.0f} µs each to summarise "
        f"and add, {1e6 * checked / DOCUMENTS:.0f} µs to check; {grown:.0f} bytes of memory each (limit {LIMIT_BYTES})"
    )


def main() -> None:
    """Prints all figures."""
    survey()  # before the other one, whose memory it would use again
    scale()
    try:
        import datasketch  # noqa: F401  # only whether it is there
    except ImportError:
        own, _ = cpu_seconds(ours, texts(TEXTS))
        print(f"ours: {1e6 * own / TEXTS:.0f} µs a text; datasketch is not installed: no comparison", file=sys.stderr)
    else:
        compare()


if __name__ == "__main__":
    main()
