"""Mutants of the SPL checks of policies that look at more than ids; ``cor.py`` has those of any splits."""

from __future__ import annotations

import random

from mutation.cor import Corpus, CorpusMutant
from mutation.planting import Raw


def between_two_splits(rng: random.Random, documents: list[Raw]) -> Corpus:
    """By page, id at the source, headline; kin by text is COR102's too, so a case file has it."""
    one, other, new = rng.sample(documents, 3)
    links = rng.sample(
        (
            {"url": "https://news.example/2024/03/حريق"},
            {"source": "وكالة تارن", "source_id": "n° 7/ü"},
            {"title": "Fire destroys “harbour” of Tarn", "published": "2009-03-01"},
        ),
        2,
    )
    for raw, link in zip((one, other), links, strict=True):
        raw["meta"] |= link
        new["meta"] |= link
    lock = {raw["id"]: "train" for raw in documents} | {other["id"]: rng.choice(("validation", "test"))}
    del lock[new["id"]]
    return Corpus(documents, new["id"], deal={"policy": rng.choice(("grouped", "stratified"))}, lock=lock)


def day_missing(rng: random.Random, documents: list[Raw]) -> Corpus:
    for raw in documents:
        raw["meta"]["published"] = f"20{rng.randint(10, 25)}-{rng.randint(10, 12)}-{rng.randint(10, 28)}T23:00Z"
    odd = rng.choice(documents)
    del odd["meta"]["published"]
    pointer = "/meta"
    if rng.random() < 0.5:
        odd["meta"]["published"] = rng.choice(("2024", "2024-03"))
        pointer = "/meta/published"
    return Corpus(documents, odd["id"], pointer, deal={"policy": "temporal", "test_from": "2018-01-01"})


def split_not_given(rng: random.Random, documents: list[Raw]) -> Corpus:
    table = {raw["id"]: rng.choice(("train", "train", "validation", "test")) for raw in documents}
    odd = rng.choice(documents)["id"]
    table[odd] = rng.choice(("dev", "Train", "تدريب", "training", ""))
    if not table[odd] and rng.random() < 0.5:
        del table[odd]
    if rng.random() < 0.5:
        return Corpus(documents, odd, deal={"policy": "given", "file": "splits.csv"}, table=table)
    for raw in documents:
        if table.get(raw["id"]):
            raw["meta"]["extra"] = {"split": table[raw["id"]]}
    return Corpus(documents, odd, "/meta/extra/split" if table.get(odd) else "", deal={"policy": "given"})


def split_of_no_document(rng: random.Random, documents: list[Raw]) -> Corpus:
    table = {raw["id"]: "train" for raw in documents} | {rng.choice(("habour-fire", "", "حريق", "A B")): "test"}
    table |= {f"gone-{number}": "dev" for number in range(rng.randint(0, 9))}
    return Corpus(documents, "splits.json", deal={"policy": "given", "file": "splits.json"}, table=table)


POLICY_MUTANTS: dict[str, CorpusMutant] = {
    "SPL104": between_two_splits,
    "SPL302": day_missing,
    "SPL401": split_not_given,
    "SPL402": split_of_no_document,
}
