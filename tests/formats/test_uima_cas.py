"""UIMA CAS: what dkpro-cassis reads of what is written, and what becomes of files that break the rules."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from cassis import Cas, load_cas_from_json, load_cas_from_xmi, load_typesystem
from formats.round_trip import assert_round_trips, documents, new_corpus
from hypothesis import HealthCheck, given, settings

from corpus_tool.diagnostics import Diagnostic
from corpus_tool.exchange_export import export_annotations
from corpus_tool.formats.foreign import ForeignDocument
from corpus_tool.formats.uima_cas import read_uima_cas
from corpus_tool.formats.webanno_tsv import read_webanno_tsv
from corpus_tool.model import CorpusToolError, live
from corpus_tool.model.codec import document_from_json
from corpus_tool.read.corpus import open_corpus
from corpus_tool.store import write_document

TEXT = "Ada 😀 met Bo 👩‍👩‍👧 in علي ."
_NAMESPACES = (
    'xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" '
    'xmlns:tcas="http:///uima/tcas.ecore" xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" '
    'xmlns:seg="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" '
    'xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"'
)


def xmi(*elements: str, text: str | None = TEXT, members: str = "2 3 4 5 6 7 8 9") -> str:
    told = "" if text is None else f" sofaString={quoteattr(text, {chr(10): '&#10;'})}"
    sofa = f'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text"{told}/>'
    view = f'<cas:View sofa="1" members="{members}"/>'
    return "\n".join([f'<xmi:XMI {_NAMESPACES} xmi:version="2.0">', *elements, sofa, view, "</xmi:XMI>"])


def name(key: int, begin: int, end: int, value: str = "PER") -> str:
    return f'<ner:NamedEntity xmi:id="{key}" sofa="1" begin="{begin}" end="{end}" value="{value}"/>'


def read(path: Path, content: str) -> tuple[list[ForeignDocument], list[Diagnostic]]:
    path.write_text(content, encoding="utf-8")
    found = list(read_uima_cas(path))
    return [d for d in found if isinstance(d, ForeignDocument)], [d for d in found if isinstance(d, Diagnostic)]


def marked(document: ForeignDocument) -> list[tuple[str, str]]:
    return [(s.label, "|".join(document.text[a:b] for a, b in s.pieces)) for s in document.spans]


def described(document: ForeignDocument) -> tuple[Any, Any]:
    """Spans and relations, whatever they are called inside the file."""
    spans = {s.id: (s.label, s.pieces, tuple(sorted(s.attributes.items())), s.entity is None) for s in document.spans}
    relations = [
        (r.label, [(role, spans[end]) for role, end in r.ends], dict(r.attributes)) for r in document.relations
    ]
    return sorted(spans.values()), sorted(relations, key=str)


@pytest.mark.parametrize("tool", ["uima-cas", "uima-cas-json"])
def test_round_trip(tool: str) -> None:
    assert_round_trips(tool)


def own_cas(folder: Path, tool: str) -> Cas:
    system = load_typesystem(folder / "TypeSystem.xml")
    if tool == "uima-cas":
        return load_cas_from_xmi(folder / "fire.xmi", system)
    content = (folder / "fire.json").read_text(encoding="utf-8")
    return load_cas_from_json(content)


@pytest.mark.parametrize("tool", ["uima-cas", "uima-cas-json"])
def test_cassis_reads_what_is_written(tool: str) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    @given(documents())
    def holds(raw: Mapping[str, Any]) -> None:
        with tempfile.TemporaryDirectory() as top:
            folder = Path(top)
            corpus = open_corpus(new_corpus(folder / "a"))
            document = document_from_json(dict(raw), corpus.layers)
            write_document(corpus, document)
            export_annotations(folder / "a", folder / "out", tool)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                cas = own_cas(folder / "out", tool)
        assert cas.sofa_string == document.text
        layers = {f"webanno.custom.{layer}": live(found) for layer, found in document.layers.items()}
        for type_, found in layers.items():
            spans = cas.select(type_) if found else []
            assert sorted((s.corpusId, s.begin, s.end) for s in spans) == sorted((a.id, a.start, a.end) for a in found)
            assert all(s.get_covered_text() == document.text[s.begin : s.end] for s in spans)
        for quote in cas.select("webanno.custom.quotes") if layers["webanno.custom.quotes"] else []:
            links = {link.role: link.target for link in (quote.links.elements if quote.get("links") else ())}
            [own] = [a for a in layers["webanno.custom.quotes"] if a.id == quote.corpusId]
            assert getattr(links.get("cue"), "begin", None) == (own.cue.start if own.cue else None)

    holds()


def test_what_xml_cannot_hold_becomes_json(tmp_path: Path) -> None:
    corpus = open_corpus(new_corpus(tmp_path / "a"))
    for key, text in [("fire", "Page one\x0cPage two"), ("fair", "Page one")]:
        raw = {"schema": "corpus-tool/document/1", "id": key, "meta": {"language": "en"}, "text": text, "layers": {}}
        from corpus_tool.model import sha256_of

        full = {**raw, "text_sha256": sha256_of(text), "blocks": [], "entities": [], "relations": []}
        write_document(corpus, document_from_json(full, corpus.layers))
    export_annotations(tmp_path / "a", tmp_path / "out", "uima-cas")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "TypeSystem.xml",
        "fair.xmi",
        "fire.json",
        "ledger.jsonl",
    ]
    texts = [d.text for d in read_uima_cas(tmp_path / "out") if isinstance(d, ForeignDocument)]
    assert texts == ["Page one", "Page one\x0cPage two"]


#: The same annotations as TSV and as XMI: names, a stacked one, one within a word, a slot, a relation, a chain.
TWIN_TSV = """#FORMAT=WebAnno TSV 3.3
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value
#T_SP=webanno.custom.Host|ROLE_webanno.custom.Host:parts_webanno.custom.HostPartsLink|webanno.custom.Span|value
#T_SP=webanno.custom.Span|
#T_CH=webanno.custom.RefLink|referenceRelation|referenceType
#T_RL=webanno.custom.Meets|when|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity


#Text=Ada 😀 met Bo 👩‍👩‍👧 in علي .
1-1	0-3	Ada	PER[1]|*[2]	_	_	_	_	first->1-1	name[1]	_	_
1-2	4-6	😀	_	_	_	_	*[3]	_	_	_	_
1-3	7-10	met	_	agent;*	1-2[3];1-6[4]	say\\_so	_	_	_	_	_
1-3.1	8-10	et	OTH	_	_	_	_	_	_	_	_
1-4	11-13	Bo	PER[5]	_	_	_	_	*->1-2	*[1]	at \\*one\\*	1-1[1_5]
1-5	14-22	👩‍👩‍👧	PER[5]	_	_	_	_	_	_	_	_
1-6	23-25	in	_	_	_	_	*[4]	_	_	_	_
1-7	26-29	علي	_	_	_	_	*[4]	_	_	_	_
1-8	30-31	.	_	_	_	_	_	_	_	_	_
"""
TWIN_XMI = (
    name(2, 0, 3),
    '<ner:NamedEntity xmi:id="3" sofa="1" begin="0" end="3"/>',
    name(4, 8, 10, "OTH"),
    name(5, 11, 22),
    '<custom:Span xmi:id="6" sofa="1" begin="4" end="6"/>',
    '<custom:Span xmi:id="7" sofa="1" begin="23" end="30"/>',  # with the space behind it, which TSV cannot hold
    '<custom:HostPartsLink xmi:id="20" role="agent" target="6"/>',
    '<custom:HostPartsLink xmi:id="21" target="7"/>',
    '<custom:Host xmi:id="8" sofa="1" begin="7" end="10" value="say_so" parts="20 21"/>',
    '<custom:Meets xmi:id="9" sofa="1" begin="11" end="22" Governor="2" Dependent="5" when="at *one*"/>',
    '<custom:RefLink xmi:id="10" sofa="1" begin="0" end="3" referenceRelation="first" referenceType="name" next="11"/>',
    '<custom:RefLink xmi:id="11" sofa="1" begin="11" end="13"/>',
    '<custom:RefChain xmi:id="12" sofa="1" first="10"/>',
    '<seg:Token xmi:id="13" sofa="1" begin="0" end="3"/>',
    (
        '<meta:DocumentMetaData xmi:id="14" sofa="1" begin="0" end="31" language="fa" documentTitle="fire.txt" '
        'documentUri="https://example.org/fire"/>'
    ),
)


def test_tsv_and_xmi_of_one_document_give_the_same_annotations(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(TWIN_TSV.replace("\\\\", "\\"), encoding="utf-8")
    [tsv] = read_webanno_tsv(tmp_path / "a.tsv")
    [cas], faults = read(tmp_path / "a.xmi", xmi(*TWIN_XMI, members="2 3 4 5 6 7 8 9 10 11 12 13 14"))
    assert isinstance(tsv, ForeignDocument)
    assert faults == []
    assert tsv.text == cas.text == TEXT
    assert described(tsv) == described(cas)
    assert len(cas.spans) == 9
    assert {r.label for r in cas.relations} == {"agent", "parts", "Meets"}
    assert cas.meta == {"language": "fa", "url": "https://example.org/fire"}
    links = [s for s in cas.spans if s.label == "RefLink"]
    assert links[0].entity == links[1].entity


def test_a_type_system_says_what_values_are(tmp_path: Path) -> None:
    (tmp_path / "TypeSystem.xml").write_text(
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types><typeDescription>'
        "<name>webanno.custom.Span</name><supertypeName>uima.tcas.Annotation</supertypeName><features>"
        "<featureDescription><name>sure</name><rangeTypeName>uima.cas.Boolean</rangeTypeName></featureDescription>"
        "<featureDescription><name>count</name><rangeTypeName>uima.cas.Integer</rangeTypeName></featureDescription>"
        "</features></typeDescription></types></typeSystemDescription>",
        encoding="utf-8",
    )
    [document], faults = read(
        tmp_path / "a.xmi",
        xmi(
            '<custom:Span xmi:id="2" sofa="1" begin="0" end="3" sure="true" count="42" undeclared="x"/>',
            '<custom:Span xmi:id="3" sofa="1" begin="7" end="10" sure="maybe" count="43"/>',
        ),
    )
    assert [dict(s.attributes) for s in document.spans] == [
        {"sure": True, "count": 42, "undeclared": "x"},
        {"count": 43},
    ]
    assert [(f.code, f.line) for f in faults] == [("COR072", 3)]


def test_broken_parts_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    [document], faults = read(
        tmp_path / "a.xmi",
        xmi(
            name(2, 0, 3),
            name(3, 4, 5),  # cuts the emoji
            name(4, 26, 99),
            name(5, 9, 7),
            '<ner:NamedEntity xmi:id="6" sofa="8" begin="0" end="3" value="PER"/>',
            '<ner:NamedEntity xmi:id="x" sofa="1" begin="0" end="3" value="PER"/>',
            name(2, 11, 13),
            name(7, 11, 13),
            '<custom:Meets xmi:id="8" sofa="1" begin="11" end="13" Governor="2" Dependent="77"/>',
            '<custom:Meets xmi:id="9" sofa="1" begin="11" end="13" Governor="2" Dependent="7"/>',
        ),
    )
    assert marked(document) == [("NamedEntity=PER", "Ada"), ("NamedEntity=PER", "Bo")]
    assert sorted((f.line, f.code) for f in faults) == [
        (3, "COR075"),
        (4, "COR075"),
        (5, "COR075"),
        (6, "COR077"),
        (7, "COR072"),
        (8, "COR072"),
        (10, "COR077"),
    ]
    assert [[end for _, end in r.ends] for r in document.relations] == [["a2"], ["a2", "a7"]]


def test_a_text_that_only_code_points_fit_is_read_so(tmp_path: Path) -> None:
    text = "😀 Ada met Bo and 👍🏽 Cy in Uz ."
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("Ada", "met", "Bo", "and", "Cy", "in", "Uz")]
    elements = [name(number, *span) for number, span in enumerate(spans, 2)]
    [document], [fault] = read(tmp_path / "a.xmi", xmi(*elements, text=text))
    assert [words for _, words in marked(document)] == ["Ada", "met", "Bo", "and", "Cy", "in", "Uz"]
    assert fault.code == "COR078"
    scale = [len(text[:at].encode("utf-16-le")) // 2 for at in range(len(text) + 1)]
    elements = [name(number, scale[begin], scale[end]) for number, (begin, end) in enumerate(spans, 2)]
    [document], faults = read(tmp_path / "a.xmi", xmi(*elements, text=text))
    assert [words for _, words in marked(document)] == ["Ada", "met", "Bo", "and", "Cy", "in", "Uz"]
    assert faults == []


def test_each_view_is_a_document(tmp_path: Path) -> None:
    content = xmi(name(2, 0, 3), members="2").replace(
        "</xmi:XMI>",
        '<ner:NamedEntity xmi:id="31" sofa="30" begin="0" end="5" value="LOC"/>'
        '<cas:Sofa xmi:id="30" sofaNum="2" sofaID="German" sofaString="Wien brennt"/><cas:View sofa="30" members="31"/>'
        '<cas:Sofa xmi:id="40" sofaNum="3" sofaID="Sound" sofaURI="file:/a.wav"/><cas:View sofa="40" members=""/>'
        "</xmi:XMI>",
    )
    found, faults = read(tmp_path / "fire.xmi", content)
    assert [(d.name, marked(d)) for d in found] == [
        ("fire", [("NamedEntity=PER", "Ada")]),
        ("fire/German", [("NamedEntity=LOC", "Wien")]),
    ]
    assert ["Sound holds no text" in f.message for f in faults] == [True]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (xmi(name(2, 0, 3))[:-40], "is not XML"),
        (BOMB + xmi('<custom:Span xmi:id="2" sofa="1" begin="0" end="3" value="&b;"/>'), "document type"),
        ("<html/>", "is no XMI"),
        (xmi(name(2, 0, 3), text=None), "holds no text"),
        (xmi().replace('sofaNum="1"', 'sofaNum="one"'), "cannot be read"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: str, told: str) -> None:
    found, [fault] = read(tmp_path / "a.xmi", content)
    assert (found, fault.code, told in fault.message) == ([], "COR071", True)


JSON = {
    "%TYPES": {
        "webanno.custom.Span": {
            "%NAME": "webanno.custom.Span",
            "%SUPER_TYPE": "uima.tcas.Annotation",
            "sure": {"%NAME": "sure", "%RANGE": "uima.cas.Boolean"},
        }
    },
    "%FEATURE_STRUCTURES": [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": TEXT},
        {"%ID": 2, "%TYPE": "webanno.custom.Span", "@sofa": 1, "begin": 4, "end": 6, "sure": True, "weight": 1.5},
        {"%ID": 3, "%TYPE": "webanno.custom.Span", "@sofa": 1, "begin": 5, "end": 6},
        {"%ID": 4, "%TYPE": "webanno.custom.Meets", "@sofa": 1, "begin": 4, "end": 6, "@Governor": 5, "@Dependent": 2},
        {"%ID": 5, "%TYPE": "webanno.custom.Span", "@sofa": 1, "begin": 11, "end": 13},
        {"%ID": 6, "%TYPE": "webanno.custom.Meets", "@sofa": 1, "begin": 4, "end": 6, "@Governor": 5, "@Dependent": 9},
        {"%TYPE": "webanno.custom.Span", "@sofa": 1, "begin": 11, "end": 13},
    ],
    "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4, 5, 6, 44]}},
}


@pytest.mark.parametrize("is_object", [False, True])
def test_json_of_both_forms(tmp_path: Path, is_object: bool) -> None:
    data = json.loads(json.dumps(JSON))
    if is_object:
        rows = data["%FEATURE_STRUCTURES"][:-1]
        data["%FEATURE_STRUCTURES"] = {str(row.pop("%ID")): row for row in rows} | {
            "x": {"%TYPE": "webanno.custom.Span"}
        }
    [document], faults = read(tmp_path / "a.json", json.dumps(data, indent=1))
    assert marked(document) == [("Span", "😀"), ("Span", "Bo")]
    assert document.spans[0].attributes == {"sure": True, "weight": 1.5}
    ends = [(r.label, [end for _, end in r.ends]) for r in document.relations]
    assert ends == [("Meets", ["a5", "a2"]), ("Meets", ["a5"])]
    assert [f.code for f in faults] == ["COR072", "COR075", "COR077"]
    lines = json.dumps(data, indent=1).split("\n")
    assert all(f.line > 1 for f in faults[1:])
    assert ('"3": {' if is_object else '"%ID": 3') in lines[faults[1].line - 1]


def test_broken_json_and_json_of_other_kinds(tmp_path: Path) -> None:
    (tmp_path / "exportedproject.json").write_text('{"name": "fire", "slug": "x"}', encoding="utf-8")
    (tmp_path / "half.json").write_text(json.dumps(JSON)[:-9], encoding="utf-8")
    (tmp_path / "list.json").write_text("[1, 2]", encoding="utf-8")
    found = list(read_uima_cas(tmp_path))
    assert all(isinstance(item, Diagnostic) for item in found)
    assert [Path(item.path).name for item in found] == ["half.json", "list.json"]
    [told] = read_uima_cas(tmp_path / "exportedproject.json")
    assert isinstance(told, Diagnostic)


def test_an_export_of_a_project_has_a_folder_for_each_document(tmp_path: Path) -> None:
    for person in ("anna", "ben", "INITIAL_CAS"):
        for file in ("fire.txt", "fair.txt"):
            (tmp_path / "annotation" / file).mkdir(parents=True, exist_ok=True)
            (tmp_path / "annotation" / file / f"{person}.xmi").write_text(xmi(name(2, 0, 3)), encoding="utf-8")
    found = [d for d in read_uima_cas(tmp_path) if isinstance(d, ForeignDocument)]
    assert [(d.name, d.annotator) for d in found] == [(n, a) for n in ("fair", "fire") for a in ("anna", "ben")]


def test_a_span_that_an_annotator_moved_loses_its_pieces_and_a_copy_gets_an_id(tmp_path: Path) -> None:
    own = 'corpusId="q1" corpusFragments="0-3 6-9" kind="direct"'
    [document], faults = read(
        tmp_path / "a.xmi",
        xmi(
            f'<custom:quotes xmi:id="2" sofa="1" begin="0" end="10" {own}/>',
            f'<custom:quotes xmi:id="3" sofa="1" begin="0" end="13" {own}/>',
            '<custom:quotes xmi:id="4" sofa="1" begin="4" end="6" corpusId="q4" corpusTypes="n m" n="40" m="many" '
            'corpusExtra="{&quot;of theirs&quot;: 1.5}" corpusLabel="a label"/>',
        ),
    )
    assert faults == []
    assert marked(document) == [("quotes", "Ada|met"), ("quotes", "Ada 😀 met Bo"), ("a label", "😀")]
    assert [s.id for s in document.spans] == ["q1", "3", "q4"]
    assert document.spans[2].attributes == {"n": 40, "m": "many", "of theirs": 1.5}


def test_without_the_library_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cassis", None)
    with pytest.raises(CorpusToolError, match=r"pip install 'corpus-tool\[formats\]'"):
        list(read_uima_cas(tmp_path))
