"""The file layout of documents, and the way from JSON to structs and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool.model import Document, Meta, sha256_of
from corpus_tool.model.codec import document_from_json, document_to_json, dump_document, layout
from corpus_tool.model.schemas import BUILT_IN, built_in_layers

LAYERS = built_in_layers()
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)
offsets = st.integers(0, 10**6)
numbers = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
extras = st.dictionaries(words, st.one_of(words, numbers, st.booleans()), max_size=3)
fragments = st.lists(st.fixed_dictionaries({"start": offsets, "end": offsets}), min_size=2, max_size=3)
spans = st.fixed_dictionaries({"start": offsets, "end": offsets, "text": words}, optional={"fragments": fragments})
provenances = st.fixed_dictionaries(
    {"status": st.sampled_from(["suggested", "accepted", "corrected", "added", "rejected"])},
    optional={"annotator": words, "score": st.floats(0, 1), "was": st.just({"end": 3, "text": "“"})},
)


def values_of(spec: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a layer's schema allows for an attribute."""
    if "enum" in spec:
        return st.sampled_from(spec["enum"])
    if "$ref" in spec:
        return spans
    return {
        "string": names,
        "number": numbers,
        "boolean": st.booleans(),
        "array": st.lists(names, min_size=1, max_size=3),
    }[spec["type"]]


def annotations_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Annotations of a layer, as JSON objects in the order of the contract."""
    attributes = {key: values_of(spec) for key, spec in LAYERS[name].attributes.items()}
    must = LAYERS[name].schema.get("required", [])
    return st.fixed_dictionaries(
        {"id": names, "start": offsets, "end": offsets, "text": words, **{key: attributes[key] for key in must}},
        optional={
            "fragments": fragments,
            **{key: value for key, value in attributes.items() if key not in must},
            "extra": extras.filter(bool),
            "provenance": provenances,
        },
    )


documents = st.builds(
    lambda name, text, meta, layers, entities: {
        "schema": "corpus-tool/document/1",
        "id": name.lower(),
        "meta": meta,
        "text": text,
        "text_sha256": sha256_of(text),
        "blocks": [{"start": 0, "end": len(text), "kind": "paragraph"}],
        "entities": entities,
        "layers": layers,
    },
    names,
    words,
    st.fixed_dictionaries({}, optional={"title": words, "language": st.just("en"), "extra": extras.filter(bool)}),
    st.fixed_dictionaries({}, optional={name: st.lists(annotations_of(name), max_size=3) for name in BUILT_IN}),
    st.lists(st.fixed_dictionaries({"id": names, "kind": st.just("person"), "name": words.filter(len)}), max_size=2),
)


@SLOW
@given(documents)
def test_what_a_document_says_survives_reading_and_writing(raw: dict[str, Any]) -> None:
    decoded = document_from_json(raw, LAYERS)
    text = dump_document(decoded, LAYERS)
    assert json.loads(text) == raw
    assert document_from_json(json.loads(text), LAYERS) == decoded
    assert layout(json.loads(text), LAYERS) == text


@SLOW
@given(documents)
def test_every_block_entity_and_annotation_has_a_line_of_its_own(raw: dict[str, Any]) -> None:
    lines = layout(raw, LAYERS).split("\n")
    items = [*raw["blocks"], *raw["entities"], *(item for name in BUILT_IN for item in raw["layers"].get(name, ()))]
    own = [
        json.loads(line.strip().removesuffix(",")) for line in lines if line.lstrip().startswith("{") and line != "{"
    ]
    assert own == items


def test_the_layout_of_a_document_to_the_last_space() -> None:
    """The contract, spelled out; whatever order the keys come in."""
    raw = {
        "layers": {
            "quotes": [],
            "actors": [
                {
                    "provenance": {"status": "added"},
                    "extra": {"b": 1.0},
                    "kind": "person",
                    "text": "علي 🙂",
                    "end": 5,
                    "start": 0,
                    "id": "a1",
                    "role": "“king”",
                },
                {"id": "a2", "start": 0, "end": 3, "text": "علي", "kind": "person", "mention": "name"},
            ],
        },
        "blocks": [{"kind": "paragraph", "end": 12, "start": 0}],
        "text": "علي 🙂\n“no\u00a0”",
        "text_sha256": "0" * 64,
        "meta": {"extra": {}, "language": "en", "title": "T"},
        "id": "x",
        "schema": "corpus-tool/document/1",
        "entities": [],
    }
    assert layout(raw, LAYERS) == (
        "{\n"
        '  "schema": "corpus-tool/document/1",\n'
        '  "id": "x",\n'
        '  "meta": {"title": "T", "language": "en", "extra": {}},\n'
        '  "text": "علي 🙂\\n“no\u00a0”",\n'
        f'  "text_sha256": "{"0" * 64}",\n'
        '  "blocks": [\n'
        '    {"start": 0, "end": 12, "kind": "paragraph"}\n'
        "  ],\n"
        '  "entities": [],\n'
        '  "layers": {\n'
        '    "actors": [\n'
        '      {"id": "a1", "start": 0, "end": 5, "text": "علي 🙂", "kind": "person", "role": "“king”",'
        ' "extra": {"b": 1}, "provenance": {"status": "added"}},\n'
        '      {"id": "a2", "start": 0, "end": 3, "text": "علي", "kind": "person", "mention": "name"}\n'
        "    ],\n"
        '    "quotes": []\n'
        "  }\n"
        "}\n"
    )


def test_a_layer_that_was_not_annotated_differs_from_one_that_holds_nothing() -> None:
    raw = {"id": "x", "meta": {}, "text": "", "text_sha256": sha256_of(""), "layers": {"actors": []}}
    decoded = document_from_json(raw, LAYERS)
    assert decoded.layers == {"actors": ()}
    assert document_to_json(decoded)["layers"] == {"actors": ()}


@pytest.mark.parametrize(("number", "written"), [(3.0, "3"), (-0.0, "0"), (3.25, "3.25"), (1e300, "1e+300"), (7, "7")])
def test_one_amount_has_one_spelling(number: float, written: str) -> None:
    raw = {"layers": {"figures": [{"id": "f1", "value": number}]}}
    assert f'{{"id": "f1", "value": {written}}}' in layout(raw, LAYERS)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_know_is_never_written(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        layout({"layers": {"figures": [{"value": number}]}}, LAYERS)


def test_a_document_cannot_be_changed_in_place() -> None:
    document = Document(id="x", meta=Meta(), text="", text_sha256="")
    with pytest.raises(AttributeError):
        document.text = "other"  # type: ignore[misc]
