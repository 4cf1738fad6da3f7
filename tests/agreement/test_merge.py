"""Merging: what stands and why, and that nothing is lost without a line in the ledger."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from agreement.annotated import TEXT, at, span
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool import CorpusToolError, merge_annotators, validate_paths
from corpus_tool.agreement.adjudicate import LEDGER_FILE, OPEN_FILE
from corpus_tool.agreement.types import Merged
from corpus_tool.diagnostics import Severity

Json = dict[str, Any]
Make = Callable[..., Path]

KERN = span("a1", "Zoe\u0308 Kern")
ALI = span("a3", "علي")
OMAR = span("a5", "Omar Țin")


def merged(root: Path, own: str = "d", folder: str = "documents") -> Json:
    raw: Json = json.loads((root / folder / f"{own}.json").read_text(encoding="utf-8"))
    return raw


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def told(found: list[Json], layer: str = "actors") -> dict[str, str]:
    return {a["text"]: a["kind"] for a in found["layers"][layer]}  # type: ignore[call-overload]


def errors(root: Path) -> list[str]:
    return [f"{d.code} {d.message}" for d in validate_paths([root]) if d.severity is Severity.ERROR]


def actors(**by_name: list[Json]) -> dict[str, dict[str, Json]]:
    return {name: {"d": {"actors": own}} for name, own in by_name.items()}


def test_unanimous_is_what_all_say_alike(versions_of: Make) -> None:
    root = versions_of(actors(ana=[KERN, ALI, OMAR], ben=[KERN, {**ALI, "kind": "group"}]))
    result = merge_annotators(root, by="unanimous")
    [kept] = merged(root)["layers"]["actors"]
    assert kept == {
        **KERN,
        "extra": {"agreed": "ana,ben"},
        "provenance": {"annotator": "merge:unanimous", "status": "added"},
    }
    ledger = {(row["annotator"], row["value"]["text"]): row["reason"] for row in lines(root / LEDGER_FILE)}
    assert ledger == {
        ("ana", "علي"): "what they say differs: kind",
        ("ben", "علي"): "what they say differs: kind",
        ("ana", "Omar Țin"): "marked by 1 of 2",
    }
    assert result.open == ()
    assert not (root / OPEN_FILE).exists()
    assert errors(root) == []


def test_majority_decides_spans_bounds_kinds_and_attributes_each_by_vote(versions_of: Make) -> None:
    longer = span("x", "Zoe\u0308 Kern (נועה)")
    root = versions_of(
        actors(
            ana=[{**KERN, "mention": "name"}, {**ALI, "kind": "group"}, OMAR],
            ben=[{**KERN, "mention": "nominal"}, ALI],
            chen=[{**KERN, "mention": "name"}, ALI],
            dan=[longer, ALI],
            eve=[KERN, ALI, OMAR],
        )
    )
    merge_annotators(root)
    found = {a["text"]: a for a in merged(root)["layers"]["actors"]}
    assert set(found) == {"Zoe\u0308 Kern", "علي"}
    assert found["علي"]["kind"] == "person"
    assert found["علي"]["extra"]["agreed"] == "ben,chen,dan,eve"
    assert found["Zoe\u0308 Kern"]["extra"]["agreed"] == "ana,ben,chen,eve"
    assert "mention" not in found["Zoe\u0308 Kern"] or found["Zoe\u0308 Kern"]["mention"] == "name"
    ledger = {(row["annotator"], row["id"], row["attribute"]): row for row in lines(root / LEDGER_FILE)}
    assert ledger["ana", "a3", None]["reason"] == "outvoted: other kind"
    assert ledger["ana", "a3", None]["merged"] == found["علي"]["id"]
    assert ledger["dan", "x", None]["reason"] == "outvoted: other bounds"
    assert ledger["ana", "a5", None]["reason"] == "marked by 2 of 5"
    assert ledger["ben", "a1", "mention"]["value"] == "nominal"


def test_a_tie_is_left_to_a_person(versions_of: Make) -> None:
    root = versions_of(actors(ana=[KERN, {**ALI, "kind": "group"}, OMAR], ben=[KERN, ALI]))
    result = merge_annotators(root)
    assert told(merged(root)) == {"Zoe\u0308 Kern": "person"}
    assert {(one.what, one.text) for one in result.open} == {("kind", "علي"), ("missing", "Omar Țin")}
    listed = lines(root / OPEN_FILE)
    assert {row["what"] for row in listed} == {"kind", "missing"}
    assert all(row["review"][:2] == ["--document", "d"] for row in listed)
    assert all(row["reason"].startswith("left to a person: ") for row in lines(root / LEDGER_FILE))


def test_review_writes_what_all_say_and_leaves_all_else_to_a_person(versions_of: Make) -> None:
    root = versions_of(actors(ana=[KERN, OMAR], ben=[KERN, OMAR], chen=[KERN, {**OMAR, "kind": "group"}]))
    result = merge_annotators(root, by="review")
    assert told(merged(root)) == {"Zoe\u0308 Kern": "person"}
    [left] = result.open
    assert (left.what, left.says) == ("kind", {"ana": "person", "ben": "person", "chen": "group"})


def test_links_lead_to_the_merged_annotations_and_entities_are_put_together(versions_of: Make) -> None:
    def version(prefix: str, name: str, **entity: Any) -> Json:
        return {
            "actors": [
                {**KERN, "id": f"{prefix}1", "entity": f"{prefix}e"},
                {**span(f"{prefix}2", "she"), "entity": f"{prefix}e"},
            ],
            "quotes": [{**span(f"{prefix}q", "“We lost all,”", "direct"), "speaker": f"{prefix}2", "cue": at("added")}],
            "figures": [{**span(f"{prefix}f", "40", None), "value": 40, "measure": "quantity", "quote": f"{prefix}q"}],
            "entities": [{"id": f"{prefix}e", "kind": "person", "name": name, **entity}],
            "relations": [{"id": f"{prefix}r", "type": "kin", "from": f"{prefix}1", "to": f"{prefix}2"}],
        }

    link = {"links": {"wikidata": "Q1"}}
    versions = {
        "ana": {"d": version("u", "Zoe\u0308 Kern", **link)},
        "ben": {"d": version("v", "Kern", **link, aliases=["Z. Kern"])},
        "chen": {"d": version("w", "zoe\u0308  kern")},
    }
    root = versions_of(versions)
    result = merge_annotators(root)
    raw = merged(root)
    [entity] = raw["entities"]
    assert entity["links"] == {"wikidata": "Q1"}
    assert {entity["name"], *entity["aliases"]} == {"Zoe\u0308 Kern", "Kern", "Z. Kern", "zoe\u0308  kern"}
    ids = {a["text"]: a["id"] for own in raw["layers"].values() for a in own}
    assert {a["entity"] for a in raw["layers"]["actors"]} == {entity["id"]}
    assert raw["layers"]["quotes"][0]["speaker"] == ids["she"]
    assert raw["layers"]["figures"][0]["quote"] == ids["“We lost all,”"]
    [relation] = raw["relations"]
    assert (relation["from"], relation["to"]) == (ids["Zoe\u0308 Kern"], ids["she"])
    assert result.ledger == ()
    assert errors(root) == []


def test_a_link_whose_target_did_not_stand_is_told(versions_of: Make) -> None:
    quote = {**span("q1", "“We lost all,”", "direct"), "speaker": "a9"}
    both = {"quotes": [quote]}
    root = versions_of(
        {
            "ana": {"d": {**both, "actors": [span("a9", "she"), KERN]}},
            "ben": {"d": {**both, "actors": [{**span("a9", "she"), "kind": "group"}, KERN]}},
        }
    )
    merge_annotators(root, by="unanimous")
    [kept] = merged(root)["layers"]["quotes"]
    assert "speaker" not in kept
    assert kept["speaker_status"] == "unknown"
    lost = [row for row in lines(root / LEDGER_FILE) if row["layer"] == "quotes"]
    assert [(row["annotator"], row["attribute"], row["value"], row["merged"]) for row in lost] == [
        ("ana", "speaker", "a9", "q1"),
        ("ben", "speaker", "a9", "q1"),
    ]
    assert errors(root) == []


def test_a_persons_word_in_documents_stays_and_all_else_goes_to_the_ledger(versions_of: Make) -> None:
    theirs = {**span("m1", "Haifa", "state"), "provenance": {"annotator": "Rosa", "status": "added"}}
    machine = span("l1", "Haifa", "city", status="suggested")
    made = {"actors": [KERN], "locations": [span("l7", "港口", "facility")]}
    root = versions_of(
        {"ana": {"d": made}, "ben": {"d": made}}, main={"d": {"actors": [theirs], "locations": [machine]}}
    )
    result = merge_annotators(root)
    raw = merged(root)
    assert raw["layers"]["actors"] == [theirs]
    assert told(raw, "locations") == {"港口": "facility"}
    assert {(one.layer, one.reason) for one in result.left_out} == {
        ("actors", "documents/ holds a person's word in this layer that no version has")
    }
    assert Counter(row["annotator"] for row in lines(root / LEDGER_FILE)) == {"ana": 1, "ben": 1}


def test_what_a_version_holds_too_is_replaced_and_merging_again_changes_nothing(versions_of: Make) -> None:
    """As after an import, which puts the first annotator's work into documents/ besides."""
    versions = actors(ana=[KERN, ALI], ben=[KERN], chen=[KERN, OMAR])
    root = versions_of(versions, main={"d": {"actors": [KERN, ALI]}})
    assert merge_annotators(root).written == ("d",)
    assert told(merged(root)) == {"Zoe\u0308 Kern": "person"}
    files = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    again = merge_annotators(root)
    assert (again.written, again.unchanged) == ((), ("d",))
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == files
    merge_annotators(root, by="unanimous", annotators=["ana", "chen"])
    assert merged(root)["layers"]["actors"][0]["extra"] == {"agreed": "ana,chen"}


def test_what_stays_keeps_its_links(versions_of: Make) -> None:
    """A person's quote in documents/ refers to suggestions of a layer that is merged."""
    main = {
        "actors": [
            span("s1", "she", status="suggested"),
            {**span("s2", "Omar Țin", status="suggested"), "entity": "e1"},
        ],
        "quotes": [
            {**span("q1", "“We lost all,”", "direct"), "speaker": "s1"},
            {**span("q2", "“nine crews were safe.", "indirect"), "speaker": "s2"},
        ],
        "entities": [{"id": "e1", "kind": "person", "name": "Omar Țin"}],
    }
    her = span("z1", "she")
    root = versions_of(actors(ana=[her], ben=[her]), main={"d": main})
    merge_annotators(root)
    raw = merged(root)
    by_text = {a["text"]: a for a in raw["layers"]["actors"]}
    assert by_text["she"]["extra"] == {"agreed": "ana,ben"}
    assert by_text["Omar Țin"]["provenance"]["status"] == "suggested"
    assert [q["speaker"] for q in raw["layers"]["quotes"]] == [by_text["she"]["id"], by_text["Omar Țin"]["id"]]
    assert [e["name"] for e in raw["entities"]] == ["Omar Țin"]
    assert errors(root) == []


def test_a_document_of_one_annotator_is_taken_as_it_is(versions_of: Make) -> None:
    root = versions_of({"ana": {"d": {"actors": [KERN]}}, "ben": {"e": {"actors": [OMAR]}}})
    merge_annotators(root)
    [kept] = merged(root)["layers"]["actors"]
    assert kept["provenance"] == {"annotator": "merge:one", "status": "added"}
    assert kept["extra"] == {"agreed": "ana"}
    assert told(merged(root, "e")) == {"Omar Țin": "person"}


def test_rejected_by_most_stays_rejected(versions_of: Make) -> None:
    no = span("s1", "Haifa", "state", status="rejected")
    yes = span("s1", "Haifa", "state", status="accepted")
    root = versions_of(actors(ana=[no, KERN], ben=[no, KERN], chen=[yes, KERN]))
    merge_annotators(root)
    status = {a["text"]: a["provenance"]["status"] for a in merged(root)["layers"]["actors"]}
    assert status == {"Haifa": "rejected", "Zoe\u0308 Kern": "added"}
    assert [(row["annotator"], row["reason"]) for row in lines(root / LEDGER_FILE)] == [("chen", "marked by 1 of 3")]


def test_corrections_keep_what_was_suggested(versions_of: Make) -> None:
    was = {**at("Kern"), "kind": "person"}
    corrected = {**KERN, "provenance": {"annotator": "Rosa", "status": "corrected", "was": was}}
    root = versions_of(actors(ana=[corrected], ben=[corrected]))
    merge_annotators(root)
    [kept] = merged(root)["layers"]["actors"]
    assert kept["provenance"] == {"annotator": "merge:majority", "status": "corrected", "was": was}


def test_the_result_can_go_beside_the_versions_and_is_nobodys_version(versions_of: Make) -> None:
    root = versions_of(actors(ana=[KERN], ben=[KERN]))
    before = merged(root)
    merge_annotators(root, into="gold")
    assert merged(root) == before
    assert told(merged(root, folder="annotators/gold")) == {"Zoe\u0308 Kern": "person"}
    again = merge_annotators(root, into="gold")
    assert (again.annotators, again.unchanged) == (("ana", "ben"), ("d",))
    assert merge_annotators(root).annotators == ("ana", "ben")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"by": "vote"}, "'vote' is no way to merge; there are unanimous, majority, review"),
        ({"into": "../x"}, "is no name for a folder"),
        ({"into": "ana"}, "annotators/ana holds ana's own work"),
        ({"into": "ana", "annotators": ["ana", "ben"]}, "is one of the annotators"),
        ({"annotators": ["zoe"]}, "zoe: no such annotator"),
    ],
)
def test_misuse_is_told_and_changes_nothing(versions_of: Make, options: Json, says: str) -> None:
    root = versions_of(actors(ana=[KERN], ben=[KERN]))
    files = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(CorpusToolError, match=says):
        merge_annotators(root, **options)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == files


def test_shards_are_not_written_into(versions_of: Make) -> None:
    root = versions_of(actors(ana=[KERN], ben=[KERN]))
    path = root / "documents" / "d.json"
    (root / "documents" / "all.jsonl").write_text(json.dumps(json.loads(path.read_text())) + "\n")
    path.unlink()
    with pytest.raises(CorpusToolError, match=r"holds shards, .* --into NAME"):
        merge_annotators(root)
    assert merge_annotators(root, into="gold").written == ("d",)


def test_another_text_and_a_broken_document_are_left_alone(versions_of: Make) -> None:
    made = {"d": {"actors": [KERN]}, "e": {"actors": [KERN]}}
    root = versions_of({"ana": made, "ben": made}, main={"d": {"text": "Another text.\n"}})
    broken = root / "documents" / "e.json"
    broken.write_text("{", encoding="utf-8")
    result = merge_annotators(root)
    assert result.written == ()
    assert broken.read_text(encoding="utf-8") == "{"
    assert {one.document: one.reason.split(";")[0] for one in result.left_out} == {
        "d": "the text in documents/ is another one",
        "e": "documents/ holds no valid document",
    }
    assert len(lines(root / LEDGER_FILE)) == 4


WORDS = [
    "Zoe\u0308 Kern",
    "Kern",
    "נועה",
    "港口",
    "Haifa. “We",
    "Haifa",
    "علي",
    "nine crews",
    "Omar",
    "Omar Țin",
    "she",
]
mark = st.tuples(
    st.sampled_from(WORDS),
    st.sampled_from(["person", "group"]),
    st.sampled_from(["added", "accepted", "suggested", "rejected", None]),
    st.sampled_from([None, "name", "nominal"]),
    st.booleans(),
)
marks = st.lists(mark, max_size=8, unique_by=lambda one: one[0])


@given(
    st.lists(st.tuples(marks, st.integers(0, 10)), min_size=1, max_size=4),
    st.sampled_from(["unanimous", "majority", "review"]),
    st.lists(st.sampled_from(WORDS), max_size=2, unique=True),
)
@settings(max_examples=60)
def test_every_annotation_is_in_the_result_or_in_the_ledger_exactly_once(
    tmp_path_factory: pytest.TempPathFactory,
    raw_document: Any,
    new_corpus: Any,
    made: list[tuple[list[tuple[Any, ...]], int]],
    by: str,
    theirs: list[str],
) -> None:
    """Whoever marks what, with whatever status, links and entities; whatever stands in documents/ already."""
    root = new_corpus(tmp_path_factory.mktemp("merge") / "c", [])
    (root / "documents").mkdir(exist_ok=True)
    main = [span(f"m{n}", words, "other", status="suggested" if n else "added") for n, words in enumerate(theirs)]
    (root / "documents" / "d.json").write_text(json.dumps(raw_document("d", TEXT, layers={"actors": main})))
    versions: dict[str, Json] = {}
    for annotator, (own, speaker) in zip(("ana", "ben", "chen", "dan"), made, strict=False):
        layer = []
        for number, (words, kind, status, mention, is_linked) in enumerate(own):
            one = span(f"a{number}", words, kind, status=status)
            layer.append(
                {**one, **({"mention": mention} if mention else {}), **({"entity": "e1"} if is_linked else {})}
            )
        quote = {**span("q1", "“We lost all,”", "direct"), **({"speaker": f"a{speaker}"} if speaker < len(own) else {})}
        entities = [{"id": "e1", "kind": "person", "name": f"{annotator}'s 🎉"}]
        raw = raw_document("d", TEXT, layers={"actors": layer, "quotes": [quote]}, entities=entities)
        versions[annotator] = raw
        folder = root / "annotators" / annotator
        folder.mkdir(parents=True)
        (folder / "d.json").write_text(json.dumps(raw), encoding="utf-8")
    result = merge_annotators(root, by=by)
    assert_nothing_is_lost(root, versions, result)
    assert not [message for message in errors(root) if "documents/d" in message]
    for annotator, raw in versions.items():
        assert json.loads((root / "annotators" / annotator / "d.json").read_text(encoding="utf-8")) == raw


def assert_nothing_is_lost(root: Path, versions: dict[str, Json], result: Merged) -> None:
    """Every annotation of a reviewed layer stands in the result under its annotator's name, or in the ledger, once."""
    held: Counter[tuple[str, str, int, int, str, bool]] = Counter()
    for layer, annotations in merged(root)["layers"].items():
        for a in annotations:
            if (a.get("provenance") or {}).get("annotator", "").startswith("merge:"):
                for name in a["extra"]["agreed"].split(","):
                    held[name, layer, a["start"], a["end"], a["kind"], a["provenance"]["status"] == "rejected"] += 1
    listed = Counter((one.annotator, one.layer, one.id) for one in result.ledger if one.attribute is None)
    left_out = {(one.annotator, one.layer) for one in result.left_out}
    for name, raw in versions.items():
        for layer, annotations in raw["layers"].items():
            if (name, layer) in left_out or (name, "") in left_out:
                continue
            for a in annotations:
                is_rejected = (a.get("provenance") or {}).get("status") == "rejected"
                times = held[name, layer, a["start"], a["end"], a["kind"], is_rejected] + listed[name, layer, a["id"]]
                assert times == 1, (name, a, held, listed)
