"""Generated documents are what mutation tests and benchmarks take them for: valid, varied, the same each time."""

from __future__ import annotations

import unicodedata
from collections import Counter

import generated
import orjson
import pytest

from corpus_tool.checks.run import check_bytes, make_checker
from corpus_tool.model.codec import layout
from corpus_tool.model.schemas import built_in_layers

CHECKER = make_checker(built_in_layers())
DOCUMENTS = [generated.document(seed) for seed in range(60)]


def test_no_check_finds_anything() -> None:
    for raw in DOCUMENTS:
        for data in (generated.as_bytes(raw), generated.as_line(raw)):
            document, found = check_bytes(data, "x.json", CHECKER, name=raw["id"])
            assert document is not None
            assert found == []


def test_a_seed_gives_one_document() -> None:
    assert generated.document(7) == generated.document(7)
    assert len({generated.as_line(raw) for raw in DOCUMENTS}) == len(DOCUMENTS)
    assert len({raw["text"] for raw in DOCUMENTS}) == len(DOCUMENTS)


@pytest.mark.parametrize(("kilobytes", "spans"), [(16, 60), (4, 10), (40, 0), (100, 200)])
def test_size_and_spans(kilobytes: int, spans: int) -> None:
    sizes = []
    for seed in range(20):
        raw = generated.document(seed, kilobytes=kilobytes, spans=spans)
        assert sum(len(items) for items in raw["layers"].values()) == spans
        sizes.append(len(generated.as_bytes(raw)))
    assert abs(sum(sizes) / len(sizes) - kilobytes * 1000) < kilobytes * 100


def test_files_have_the_layout_of_the_contract() -> None:
    for raw in DOCUMENTS[:20]:
        assert generated.as_bytes(raw) == layout(raw, built_in_layers()).encode()
        assert orjson.loads(generated.as_bytes(raw)) == raw
        # What is read and written again does not change: the keys stand in the contract's order.
        assert list(map(repr, orjson.loads(generated.as_line(raw)))) == list(map(repr, raw))
        assert b"\n" not in generated.as_line(raw)


def test_there_is_something_of_everything() -> None:
    annotations = [item for raw in DOCUMENTS for items in raw["layers"].values() for item in items]
    statuses = Counter(item["provenance"]["status"] for item in annotations if "provenance" in item)
    assert min(statuses[status] for status in ("suggested", "accepted", "corrected", "added", "rejected")) > 5
    keys = Counter(key for item in annotations for key in item)
    for key in ("fragments", "cue", "counted", "speaker", "co_speakers", "speaker_status", "parent", "place", "role"):
        assert keys[key] > 5, key
    kinds = {block["kind"] for raw in DOCUMENTS for block in raw["blocks"]}
    assert {"title", "deck", "byline", "heading", "paragraph", "promo", "boilerplate"} <= kinds
    assert any(raw["relations"] for raw in DOCUMENTS)
    text = "".join(raw["text"] for raw in DOCUMENTS)
    assert unicodedata.is_normalized("NFC", text)
    names = {unicodedata.name(character, "?").split()[0] for character in text}
    assert {"ARABIC", "HEBREW", "CJK", "DEVANAGARI", "COMBINING", "NO-BREAK", "REGIONAL"} <= names
    assert {'"', "“", "‘", "«", "👩", "\u200d", "\u2067"} <= set(text)
