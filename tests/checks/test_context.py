"""The line that a finding shows: the article's for spans, the file's for everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.checks.context import contexts
from corpus_tool.checks.run import check_bytes, make_checker, read_subject
from corpus_tool.diagnostics import Context, Diagnostic, Finding, Position
from corpus_tool.model.schemas import built_in_layers

Json = dict[str, Any]
RawDocument = Callable[..., Json]

CHECKER = make_checker(built_in_layers())
TEXT = "港口 e\u0301\u200b\r\nZoë 😀 left “the\nport” today. عمر stayed."


def found_in(data: bytes, **rest: Any) -> list[Diagnostic]:
    return check_bytes(data, "x.json", CHECKER, **rest)[1]


def context_at(raw: Json, pointer: str, span: tuple[int, int] | None = None) -> Context | None:
    subject = read_subject(json.dumps(raw).encode(), CHECKER)
    assert subject.document is not None
    return contexts(subject)(Finding("m", pointer, span=span), Position(1, 1))


def shown(context: Context | None) -> list[str]:
    assert context is not None
    return [context.text[start:end] for start, end in context.marks]


def annotated(raw_document: RawDocument, text: str, start: int, end: int, layer: str = "actors", **rest: Any) -> Json:
    kind = {"actors": "person", "quotes": "direct"}[layer]
    annotation = {"id": "x1", "start": start, "end": end, "text": text[start:end], "kind": kind, **rest}
    return raw_document("x", text, layers={layer: [annotation]})


def test_an_annotation_shows_its_line_of_the_article(raw_document: RawDocument) -> None:
    start = TEXT.index("Zoë")
    context = context_at(annotated(raw_document, TEXT, start, start + 3), "/layers/actors/0")
    assert context == Context("Zoë 😀 left “the", ((0, 3),), 2, "article", goes_on=False)
    [diagnostic] = found_in(
        json.dumps(annotated(raw_document, TEXT, start + 1, start + 4))
        .encode()
        .replace(b'"o\\u00eb "', b'"Zo\\u00eb"'),
    )[-1:]
    assert diagnostic.name == "text-differs"
    assert diagnostic.context is not None
    assert (diagnostic.context.text, shown(diagnostic.context)) == ("Zoë 😀 left “the", ["oë "])


def test_a_span_in_an_annotation_and_each_fragment_are_marked(raw_document: RawDocument) -> None:
    text = "“We left,” she said. “Go.”"
    raw = annotated(
        raw_document,
        text,
        0,
        26,
        "quotes",
        fragments=[{"start": 0, "end": 10}, {"start": 21, "end": 26}],
        cue={"start": 15, "end": 19, "text": "said"},
        speaker_status="unknown",
    )
    raw["layers"]["quotes"][0]["text"] = "“We left,” “Go.”"
    assert shown(context_at(raw, "/layers/quotes/0")) == ["“We left,”", "“Go.”"]
    assert shown(context_at(raw, "/layers/quotes/0/cue")) == ["said"]
    assert shown(context_at(raw, "/layers/quotes/0/cue/start")) == ["said"]
    assert shown(context_at(raw, "/layers/quotes/0/kind")) == ["“We left,”", "“Go.”"]
    assert shown(context_at(raw, "/blocks/0")) == [text]


def test_a_span_over_lines_shows_the_first_and_says_that_it_goes_on(raw_document: RawDocument) -> None:
    start = TEXT.index("“the")
    context = context_at(annotated(raw_document, TEXT, start, TEXT.index(" today"), "quotes"), "/layers/quotes/0")
    assert shown(context) == ["“the"]
    assert context is not None
    assert (context.line, context.goes_on) == (2, True)


@pytest.mark.parametrize(("start", "end"), [(5, 99), (98, 99), (9, 99), (7, 3)])
def test_offsets_outside_the_text_are_shown_at_its_end(start: int, end: int, raw_document: RawDocument) -> None:
    raw = annotated(raw_document, "Ana left.", 0, 3)
    raw["layers"]["actors"][0] |= {"start": start, "end": end}
    context = context_at(raw, "/layers/actors/0")
    assert context is not None
    assert context.text == "Ana left."
    assert context.marks == ((min(start, 9), 9 if end > 9 else min(start, 9)),)


def test_overlapping_fragments_are_marked_once(raw_document: RawDocument) -> None:
    raw = annotated(raw_document, "Ana left.", 0, 8, fragments=[{"start": 2, "end": 8}, {"start": 0, "end": 4}])
    assert shown(context_at(raw, "/layers/actors/0")) == ["Ana left"]


def test_a_finding_can_name_its_own_span(raw_document: RawDocument) -> None:
    context = context_at(raw_document("x", TEXT), "/text", (5, 6))
    assert context == Context("港口 e\u0301\u200b\r", ((5, 6),), 1)
    assert context_at(raw_document("x", TEXT), "/text") is None


def test_a_secret_is_not_shown(raw_document: RawDocument) -> None:
    subject = read_subject(json.dumps(raw_document("x", TEXT)).encode(), CHECKER)
    for finding in (Finding("m", "/text", span=(5, 6), secret=True), Finding("m", "/meta/language", secret=True)):
        assert contexts(subject)(finding, Position(1, 1)) is None


def test_long_lines_are_cut_between_words_and_long_spans_in_the_middle(raw_document: RawDocument) -> None:
    text = "water " * 500 + "Ana 港口 Li" + " smoke" * 500
    start = text.index("Ana")
    context = context_at(annotated(raw_document, text, start, start + 9), "/layers/actors/0")
    assert context is not None
    assert shown(context) == ["Ana 港口 Li"]
    assert context.text.startswith("water ")
    assert context.text.endswith(" smoke")
    assert text[context.offset : context.offset + len(context.text)] == context.text
    assert (context.cut, context.goes_on, len(context.text) < 150) == (True, False, True)
    whole = context_at(annotated(raw_document, text, 0, len(text), "quotes"), "/layers/quotes/0")
    assert whole is not None
    assert (whole.marks, whole.offset, whole.cut, whole.goes_on) == (((0, 100),), 0, True, True)


def test_a_syntax_error_shows_its_line_of_the_file() -> None:
    [found] = found_in('{"id": "é🙂",\r\n  "b": [1,}\r\n'.encode())
    assert found.context == Context('  "b": [1,}', ((10, 11),), 2, "file")
    [cut_off] = found_in(b'{"id": "x",\n "text": "abc')
    assert cut_off.context is not None
    assert (cut_off.context.line, cut_off.context.of) == (cut_off.line, "file")


def test_what_the_schema_refuses_shows_its_value_in_the_file(raw_document: RawDocument) -> None:
    raw = raw_document("x", "Ana left.", layers={"actors": [{"id": "a1", "start": 0, "end": 3, "text": "Ana"}]})
    raw["layers"]["actors"][0] |= {"kind": "person", "knd": "perso\u0144"}
    [found] = found_in(json.dumps(raw, ensure_ascii=False).encode(), first_line=41)
    assert found.context is not None
    assert (found.line, found.context.line, found.context.of) == (41, 41, "file")
    assert shown(found.context) == ['"perso\u0144"']


def test_related_places_get_their_lines(raw_document: RawDocument) -> None:
    actor = {"id": "a1", "start": 0, "end": 3, "text": "Ana", "kind": "person"}
    raw = raw_document("x", "Ana left.", layers={"actors": [actor, {**actor, "id": "a2"}]})
    data = json.dumps(raw, indent=1).encode()
    found = [d for d in found_in(data, first_line=10) if d.name == "duplicate-span"]
    [related] = found[0].related
    assert data.decode().splitlines()[(related.line or 0) - 10] == "   {"
    assert (related.line or 0) < found[0].line


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" \n\r港😀\u0301ع")), max_size=400),
    st.integers(0, 500),
    st.integers(0, 500),
)
def test_any_offsets_give_marks_inside_the_line(text: str, start: int, end: int) -> None:
    raw = {"schema": "corpus-tool/document/1", "id": "x", "text": text, "text_sha256": "0" * 64}
    actor = {"id": "a1", "start": start, "end": end, "text": "x", "kind": "person"}
    raw |= {"meta": {}, "blocks": [], "entities": [], "layers": {"actors": [actor]}}
    context = context_at(raw, "/layers/actors/0")
    assert context is not None
    line = text.split("\n")[context.line - 1]
    assert line[context.offset : context.offset + len(context.text)] == context.text
    assert context.cut == (context.offset + len(context.text) < len(line))
    assert all(0 <= a <= b <= len(context.text) for a, b in context.marks)
    first = context.marks[0][0] + context.offset + sum(len(row) + 1 for row in text.split("\n")[: context.line - 1])
    assert first == min(start, len(text))
