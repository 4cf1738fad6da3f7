"""Agreement on versions whose differences were planted, and so are known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agreement.annotated import TEXT, at, span
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool import Agreement, CorpusToolError, measure_agreement
from corpus_tool.agreement import estimates, measure
from corpus_tool.agreement.types import MEASURES, LayerAgreement

Json = dict[str, Any]
Make = Callable[..., Path]

KERN = span("a1", "Zoe\u0308 Kern")
HE = span("a2", "נועה")
ALI = span("a3", "علي")
CREWS = span("a4", "nine crews", "group")
OMAR = span("a5", "Omar Țin")
ACTORS = [KERN, HE, ALI, CREWS, OMAR]


def layer_of(found: Agreement, name: str = "actors") -> LayerAgreement:
    return next(layer for layer in found.layers if layer.layer == name)


def values(layer: LayerAgreement) -> dict[str, float | None]:
    return {name: made.value for name, made in layer.measures.items()}


def test_a_set_against_itself_agrees_wholly(versions_of: Make) -> None:
    quote = {**span("q1", "“We lost all,”", "direct"), "speaker": "a1", "cue": at("added")}
    figure = {**span("f1", "40", None), "value": 40, "measure": "quantity"}
    made = {"boats": {"actors": ACTORS, "quotes": [quote], "figures": [figure]}}
    found = measure_agreement(versions_of({"ana": made, "ben": made, "chen": made}), listed=True)
    assert [layer.layer for layer in found.layers] == ["actors", "figures", "quotes"]
    for layer in found.layers:
        assert {name: round(value or 0, 12) for name, value in values(layer).items()} == dict.fromkeys(
            [name for name in MEASURES if name != "gamma"], 1.0
        )
        assert [a.same.value for a in layer.attributes] == [1.0] * len(layer.attributes)
        assert len(layer.pairs) == 3
    assert found.disagreements == ()


def test_planted_differences_give_the_f1_that_follows_from_them(versions_of: Make) -> None:
    """Of five actors: one missed, one with other bounds, one with another kind, two the same."""
    shorter = span("x1", "Kern")
    other_kind = {**ALI, "kind": "group"}
    root = versions_of(
        {"ana": {"boats": {"actors": ACTORS}}, "ben": {"boats": {"actors": [shorter, other_kind, CREWS, OMAR]}}}
    )
    layer = layer_of(measure_agreement(root))
    assert layer.spans == {"ana": 5, "ben": 4}
    assert values(layer)["exact"] == pytest.approx(2 * 3 / 9)
    assert values(layer)["exact_kind"] == pytest.approx(2 * 2 / 9)
    assert values(layer)["overlap"] == pytest.approx(2 * 4 / 9)
    assert values(layer)["overlap_kind"] == pytest.approx(2 * 3 / 9)
    kinds = {kind.kind: kind for kind in layer.kinds}
    assert kinds["group"].measures["exact"].value == pytest.approx(2 * 1 / 3)
    assert kinds["person"].measures["exact"].value == pytest.approx(2 * 1 / 6)
    assert kinds["person"].measures["overlap"].value == pytest.approx(2 * 2 / 6)
    [kind] = [a for a in layer.attributes if a.attribute == "kind"]
    assert (kind.same.value, kind.same.n) == (0.75, 4)


def test_kappa_on_tokens_is_what_the_table_of_tokens_gives(versions_of: Make) -> None:
    """Ten words: both mark two, one marks two more, six are outside for both."""
    text = "one two three four five six seven eight nine ten\n"
    both = span("a1", "one two", text=text)
    more = span("a2", "five six", text=text)
    root = versions_of({"ana": {"d": {"actors": [both, more]}}, "ben": {"d": {"actors": [both]}}}, text=text)
    layer = layer_of(measure_agreement(root))
    expected = (4 / 10) * (2 / 10) + (6 / 10) * (8 / 10)
    assert layer.tokens == 10
    assert values(layer)["cohen"] == pytest.approx((0.8 - expected) / (1 - expected))
    pooled = (6 / 20) ** 2 + (14 / 20) ** 2
    assert values(layer)["fleiss"] == pytest.approx((0.8 - pooled) / (1 - pooled))
    assert values(layer)["alpha"] == pytest.approx(1 - 4 / ((400 - 36 - 196) / 19))


def test_the_kind_of_an_inner_span_counts_for_its_kind(versions_of: Make) -> None:
    outer, inner = span("a1", "Haifa. “We lost all", "group"), span("a2", "Haifa", "state")
    root = versions_of({"ana": {"boats": {"actors": [outer, inner]}}, "ben": {"boats": {"actors": [outer]}}})
    layer = layer_of(measure_agreement(root))
    assert layer.nested == 1
    assert values(layer)["cohen"] == pytest.approx(1)
    kinds = {kind.kind: kind.measures["cohen"].value for kind in layer.kinds}
    assert kinds == {"group": pytest.approx(1), "state": pytest.approx(0)}


def test_nothing_marked_is_not_defined_and_one_side_alone_is_zero(versions_of: Make) -> None:
    none = {"boats": {"actors": [ALI], "locations": []}}
    place = {"boats": {"actors": [ALI], "locations": [span("l1", "Haifa", "city")]}}
    empty = layer_of(measure_agreement(versions_of({"ana": none, "ben": none}, name="one")), "locations")
    assert set(values(empty).values()) == {None}
    assert empty.kinds == ()
    alone = values(layer_of(measure_agreement(versions_of({"ana": none, "ben": place}, name="two")), "locations"))
    assert alone["exact"] == alone["overlap"] == 0
    assert alone["cohen"] == pytest.approx(0)


def test_a_discontinuous_span_counts_by_its_fragments(versions_of: Make) -> None:
    first, last = at("“We lost all,”"), at("“nine crews were safe.")
    hull = {"start": first["start"], "end": last["end"]}

    def quote(*pieces: Json) -> Json:
        text = " ".join(TEXT[p["start"] : p["end"]] for p in pieces)
        fragments = [{"start": p["start"], "end": p["end"]} for p in pieces]
        return {"id": "q1", **hull, "text": text, "fragments": fragments, "kind": "direct"}

    both = quote(first, last)
    other = quote(first, {**last, "start": last["start"] + 6})
    same = measure_agreement(versions_of({n: {"boats": {"quotes": [both]}} for n in ("ana", "ben")}, name="same"))
    assert values(layer_of(same, "quotes"))["exact"] == 1
    whole = {"id": "q1", **hull, "text": TEXT[hull["start"] : hull["end"]], "kind": "direct"}
    for name, unlike in (("other", other), ("whole", whole)):
        root = versions_of({"ana": {"boats": {"quotes": [both]}}, "ben": {"boats": {"quotes": [unlike]}}}, name=name)
        found = values(layer_of(measure_agreement(root), "quotes"))
        assert (found["exact"], found["overlap"]) == (0, 1)


def test_speakers_are_compared_as_mentions_and_as_entities(versions_of: Make) -> None:
    """Both mean Zoë Kern; one links the pronoun, the other her name. Ids and names differ."""
    her, she = {**KERN, "entity": "e1"}, {**span("a2", "she"), "entity": "e1"}
    entity = {"id": "e1", "kind": "person", "name": "Zoe\u0308 Kern", "links": {"wikidata": "Q1"}}
    ana = {"actors": [her, she], "quotes": [{**span("q1", "“We lost all,”", "direct"), "speaker": "a2"}]}
    ben = {
        "actors": [{**her, "id": "x", "entity": "e9"}, {**she, "id": "y", "entity": "e9"}],
        "quotes": [{**span("z", "“We lost all,”", "direct"), "speaker": "x"}],
        "entities": [{**entity, "id": "e9", "name": "Kern"}],
    }
    root = versions_of({"ana": {"boats": {**ana, "entities": [entity]}}, "ben": {"boats": ben}})
    found = measure_agreement(root, listed=True)
    same = {a.attribute: a.same.value for a in layer_of(found, "quotes").attributes}
    assert (same["speaker"], same["speaker.entity"]) == (0, 1)
    assert {a.attribute: a.same.value for a in layer_of(found).attributes}["entity"] == 1
    [told] = found.disagreements
    assert (told.layer, told.what) == ("quotes", "speaker")
    assert told.says == {"ana": f"“she” at {at('she')['start']}", "ben": f"“Zoe\u0308 Kern” at {KERN['start']}"}


def test_values_cues_and_places_are_compared(versions_of: Make) -> None:
    def version(value: float, cue: str, lat: float) -> Json:
        return {
            "figures": [{**span("f1", "40", None), "value": value, "modifier": "exact", "measure": "quantity"}],
            "quotes": [{**span("q1", "“We lost all,”", "direct"), "cue": at(cue)}],
            "locations": [{**span("l1", "Haifa", "city"), "entity": "e1"}],
            "entities": [{"id": "e1", "kind": "city", "name": "Haifa", "lat": lat, "lon": 34.99}],
        }

    root = versions_of({"ana": {"boats": version(40, "added", 32.81)}, "ben": {"boats": version(41, "said", 31)}})
    found = measure_agreement(root, listed=True)
    same = {(layer.layer, a.attribute): a.same.value for layer in found.layers for a in layer.attributes}
    assert same["figures", "value"] == same["quotes", "cue"] == same["locations", "entity.coordinates"] == 0
    assert same["figures", "modifier"] == same["locations", "entity"] == 1
    told = {(d.layer, d.what): d.says for d in found.disagreements}
    assert told["figures", "value"] == {"ana": "40", "ben": "41"}
    assert told["quotes", "cue"] == {"ana": "“added”", "ben": "“said”"}
    assert told["locations", "entity.coordinates"] == {"ana": "32.81, 34.99", "ben": "31, 34.99"}


def test_a_slip_in_a_small_amount_is_seen_beside_a_large_one(versions_of: Make) -> None:
    """Two billion beside 40 or 80 boats: on the plain scale the slip would vanish among the digits."""

    def version(boats: float) -> Json:
        figures = [(40, "40"), (2e9, "nine crews"), (9, "nine")]
        amounts = [{**span(f"f{n}", words, None), "value": value} for n, (value, words) in enumerate(figures)]
        return {"d": {"figures": [{**amounts[0], "value": boats}, *amounts[1:]]}}

    found = measure_agreement(versions_of({"ana": version(40), "ben": version(80)}))
    [value] = [a for a in layer_of(found, "figures").attributes if a.attribute == "value"]
    assert value.level == "interval of logarithms"
    assert value.same.value == pytest.approx(2 / 3)
    assert value.alpha is not None
    assert value.alpha.value is not None
    assert 0.99 < value.alpha.value < 0.9995


def test_every_disagreement_is_listed_with_who_says_what(versions_of: Make) -> None:
    shorter, other_kind = span("x1", "Kern"), {**ALI, "kind": "group"}
    root = versions_of(
        {"ana": {"boats": {"actors": [KERN, ALI, OMAR]}}, "ben": {"boats": {"actors": [shorter, other_kind]}}}
    )
    found = measure_agreement(root, listed=True).disagreements
    assert [(d.what, d.text) for d in found] == [("bounds", "Zoe\u0308 Kern"), ("missing", "Omar Țin"), ("kind", "علي")]
    by_what = {d.what: d for d in found}
    assert by_what["kind"].says == {"ana": "person", "ben": "group"}
    assert by_what["missing"].says == {"ana": "“Omar Țin”, person", "ben": None}
    assert by_what["missing"].ids == {"ana": "a5", "ben": None}
    assert by_what["bounds"].target == ("--document", "boats", "--span", f"{KERN['start']}-{KERN['end']}")


def test_rejected_annotations_are_nobodys(versions_of: Make) -> None:
    stone = span("a9", "Haifa", "state", status="rejected")
    root = versions_of({"ana": {"boats": {"actors": [ALI, stone]}}, "ben": {"boats": {"actors": [ALI]}}})
    layer = layer_of(measure_agreement(root))
    assert layer.spans == {"ana": 1, "ben": 1}
    assert values(layer)["exact"] == 1


def test_a_layer_of_suggestions_alone_was_not_reviewed_and_is_told(versions_of: Make) -> None:
    machine = span("l1", "Haifa", "city", status="suggested")
    untouched = span("a8", "nine crews", "group", status="suggested")
    ana = {"actors": [ALI, untouched], "locations": [machine]}
    ben = {"actors": [ALI], "locations": [{**machine, "provenance": {"status": "accepted"}}]}
    chen = {"actors": [{**ALI, "provenance": {"status": "suggested"}}]}
    found = measure_agreement(versions_of({"ana": {"boats": ana}, "ben": {"boats": ben}, "chen": {"boats": chen}}))
    assert [layer.layer for layer in found.layers] == ["actors"]
    assert layer_of(found).spans == {"ana": 2, "ben": 1}
    told = {(one.annotator, one.layer) for one in found.left_out}
    assert told == {("ana", "locations"), ("chen", "")}
    assert any("1 suggestions stand untouched in layers that ana reviewed" in remark for remark in found.remarks)


def test_other_texts_broken_files_and_merged_versions_are_left_out_and_told(versions_of: Make) -> None:
    merged = {**ALI, "provenance": {"status": "accepted", "annotator": "merge:majority"}}
    one, two = {"actors": [ALI]}, {"actors": [ALI]}
    elsewhere = {"text": "علي left.\n", "actors": [span("a1", "علي", text="علي left.\n")]}
    root = versions_of(
        {
            "ana": {"a": one, "b": one, "c": one},
            "ben": {"a": two, "b": elsewhere, "c": two},
            "gold": {"a": {"actors": [merged]}},
        }
    )
    (root / "annotators" / "ben" / "c.json").write_text('{"id": "c"', encoding="utf-8")
    found = measure_agreement(root)
    assert found.annotators == ("ana", "ben")
    assert found.documents == 1
    told = {(one.document, one.annotator): one.reason for one in found.left_out}
    assert told["b", ""] == "the texts of ana, ben differ"
    assert told["c", "ben"].startswith("is no valid document")
    assert told["a", "gold"] == "was made by merging"


def test_documents_that_not_all_have_are_compared_by_who_has_them(versions_of: Make) -> None:
    made = {"actors": [ALI, OMAR]}
    root = versions_of({"ana": {"a": made, "b": made}, "ben": {"b": made, "c": made}, "chen": {"a": made, "c": made}})
    layer = layer_of(measure_agreement(root))
    assert layer.documents == 3
    assert [(p.one, p.other, p.documents) for p in layer.pairs] == [
        ("ana", "ben", 1),
        ("ana", "chen", 1),
        ("ben", "chen", 1),
    ]
    assert layer.fleiss_annotators == 2
    assert layer.measures["fleiss"].n == layer.tokens


def test_few_documents_are_warned_of_and_intervals_follow_the_seed(versions_of: Make) -> None:
    ana = {f"d{n}": {"actors": ACTORS[: 1 + n % 5]} for n in range(12)}
    ben = {f"d{n}": {"actors": ACTORS[n % 2 : 2 + n % 4]} for n in range(12)}
    root = versions_of({"ana": ana, "ben": ben})
    one, same, other = (layer_of(measure_agreement(root, bootstrap=200, seed=seed)) for seed in (1, 1, 2))
    assert one == same
    assert one.measures["exact"].value == other.measures["exact"].value
    assert one != other
    low, value, high = (getattr(one.measures["exact"], key) for key in ("low", "value", "high"))
    assert low < value < high
    assert layer_of(measure_agreement(root, bootstrap=0)).measures["exact"].low is None
    assert measure_agreement(root).remarks == ()
    few = measure_agreement(versions_of({"ana": {"d": ana["d1"]}, "ben": {"d": ben["d1"]}}, name="few"))
    assert any("1 document: with fewer than 10" in remark for remark in few.remarks)


def test_without_the_package_all_but_alpha_is_there_and_it_says_what_to_install(
    versions_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimates, "has_krippendorff", lambda: False)
    monkeypatch.setattr(measure, "has_krippendorff", lambda: False)
    made = {"boats": {"actors": ACTORS}}
    found = measure_agreement(versions_of({"ana": made, "ben": made}))
    assert "alpha" not in layer_of(found).measures
    assert layer_of(found).measures["fleiss"].value == pytest.approx(1)
    assert all(a.alpha is None for a in layer_of(found).attributes)
    assert any("pip install 'corpus-tool[agreement]'" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"annotators": ["ana"]}, "ana alone cannot agree"),
        ({"annotators": ["ana", "zoe"]}, "zoe: no such annotator; annotators/ holds ana, ben"),
        ({"layers": ["actor"]}, "actor: no such layer; the corpus has actors"),
        ({"bootstrap": -1}, "bootstrap: -1"),
    ],
)
def test_misuse_is_told(versions_of: Make, options: Json, says: str) -> None:
    made = {"boats": {"actors": ACTORS}}
    root = versions_of({"ana": made, "ben": made})
    with pytest.raises(CorpusToolError, match="^" + says.replace("(", r"\(")):
        measure_agreement(root, **options)


def test_a_corpus_without_annotators_is_told(versions_of: Make) -> None:
    with pytest.raises(CorpusToolError, match="`corpus-tool assign` deals"):
        measure_agreement(versions_of({}))


def test_a_layer_of_the_corpuss_own_is_measured_too(versions_of: Make) -> None:
    from own_layer import STANCE

    stance = {**span("s1", "lost all", "for"), "strength": 2.5, "sure": True, "about": "a1", "all": ["a1"]}
    other = {**stance, "strength": 3.5, "sure": False, "all": []}
    root = versions_of(
        {"ana": {"d": {"actors": [KERN], "stance": [stance]}}, "ben": {"d": {"actors": [KERN], "stance": [other]}}},
        own={"stance": STANCE},
    )
    found = measure_agreement(root, listed=True)
    same = {a.attribute: a.same.value for a in layer_of(found, "stance").attributes}
    assert same["about"] == same["about.entity"] == same["kind"] == 1
    assert same["strength"] == same["sure"] == same["all"] == 0
    assert {d.what for d in found.disagreements} == {"strength", "sure", "all"}


WORDS = ["Zoe\u0308 Kern", "Kern", "נועה", "港口", "40\u00a0boats", "Haifa. “We", "Haifa", "علي", "nine crews"]
marks = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(["person", "group"])), max_size=7, unique_by=lambda m: m[0]
)
versions = st.lists(st.lists(marks, min_size=3, max_size=3), min_size=2, max_size=3)


@given(versions, st.permutations(range(3)))
@settings(max_examples=25)
def test_who_is_who_decides_nothing(
    tmp_path_factory: pytest.TempPathFactory, raw_document: Any, new_corpus: Any, made: list[Any], order: list[int]
) -> None:
    """Renaming the annotators changes no measure, and all measures stay within their bounds."""
    folder = tmp_path_factory.mktemp("versions")
    order = [place for place in order if place < len(made)]

    def measured(name: str, given_to: list[int]) -> LayerAgreement:
        root = new_corpus(folder / name, [])
        for annotator, which in zip(("ana", "ben", "chen"), given_to, strict=False):
            (root / "annotators" / annotator).mkdir(parents=True)
            for number, own in enumerate(made[which]):
                layer = [span(f"a{n}", words, kind) for n, (words, kind) in enumerate(own)]
                stone = span("r", "nine", status="rejected")
                raw = raw_document(f"d{number}", TEXT, layers={"actors": [*layer, stone]})
                (root / "annotators" / annotator / f"d{number}.json").write_text(json.dumps(raw), encoding="utf-8")
        return layer_of(measure_agreement(root, bootstrap=20))

    plain, renamed = measured("plain", list(range(len(made)))), measured("renamed", order)
    for name, value in values(plain).items():
        assert value == pytest.approx(values(renamed)[name])
        assert value is None or -1 <= value <= 1 + 1e-9
    assert {k.kind: k.spans for k in plain.kinds} == {k.kind: k.spans for k in renamed.kinds}
    for one in plain.kinds:
        other = next(k for k in renamed.kinds if k.kind == one.kind)
        assert one.measures["cohen"].value == pytest.approx(other.measures["cohen"].value)
