"""Changes that were planted are found, each as what it is, and nothing else is said."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from diff.versions import TEXT, actor, mark, told

from corpus_tool import Difference

Json = dict[str, Any]
Make = Callable[..., Json]
Diff = Callable[..., Difference]


def layers() -> dict[str, list[Json]]:
    return {
        "actors": [
            actor("a1", "Nour e\u0301l-Di\u0301n", entity="e1", provenance={"status": "suggested"}),
            actor("a2", "李娜", mention="name"),
            actor("a3", "Rosa Lind", entity="e2"),
            actor("a4", "Rosa Lind", nth=1, provenance={"status": "suggested", "annotator": "m"}),
        ],
        "locations": [mark("l1", "Haifa", kind="city"), mark("l2", "חַיְפָה", kind="city")],
        "figures": [mark("f1", "30", value=30, unit="count", counted=mark("", "crates") | {}, quote="q1")],
        "quotes": [
            {
                **mark("q1", "“We counted 30\u00a0crates,”", kind="direct", speaker="a1"),
                "cue": {k: v for k, v in mark("", "said").items() if k != "id"},
            }
        ],
    }


@pytest.fixture
def document(raw_document: Make) -> Make:
    def make(name: str = "d", text: str = TEXT) -> Json:
        own = copy.deepcopy(layers())
        del own["figures"][0]["counted"]["id"]
        entities = [
            {"id": "e1", "kind": "person", "name": "Nour", "links": {"wikidata": "Q1"}},
            {"id": "e2", "kind": "person", "name": "Rosa Lind"},
        ]
        relations = [{"id": "r1", "type": "knows", "from": "a1", "to": "a3"}]
        return raw_document(name, text, layers=own, entities=entities, relations=relations)

    return make


def actors(raw: Json) -> list[Json]:
    found: list[Json] = raw["layers"]["actors"]
    return found


def _remove(raw: Json) -> None:
    del actors(raw)[1]


def _add(raw: Json) -> None:
    actors(raw).insert(0, actor("a9", "left", kind="other"))


def _move(raw: Json) -> None:
    actors(raw)[1] = actor("a2", "wrote 李娜", mention="name")


def _move_with_another_id(raw: Json) -> None:
    actors(raw)[3] |= {"id": "a7", "start": actors(raw)[3]["start"] + 1}
    actors(raw)[3]["text"] = TEXT[actors(raw)[3]["start"] : actors(raw)[3]["end"]]
    actors(raw)[3]["id"] = "a4"


def _kind(raw: Json) -> None:
    actors(raw)[1]["kind"] = "group"


def _kind_and_id(raw: Json) -> None:
    actors(raw)[1] |= {"kind": "group", "id": "a8"}


def _attribute(raw: Json) -> None:
    actors(raw)[1]["role"] = "“clerk”"
    del actors(raw)[1]["mention"]


def _accept(raw: Json) -> None:
    actors(raw)[0]["provenance"] = {"status": "accepted"}


def _reject(raw: Json) -> None:
    actors(raw)[3]["provenance"]["status"] = "rejected"


def _correct(raw: Json) -> None:
    was = {"start": 0, "end": 4, "text": "Fire", "kind": "person"}
    actors(raw)[3] |= {"kind": "group", "provenance": {"status": "corrected", "annotator": "m", "was": was}}


def _relink(raw: Json) -> None:
    actors(raw)[0]["entity"] = "e2"


def _cue(raw: Json) -> None:
    raw["layers"]["quotes"][0]["cue"] = {"start": TEXT.index("wrote"), "end": TEXT.index("wrote") + 5, "text": "wrote"}


def _fragments(raw: Json) -> None:
    pieces = [{"start": TEXT.index("Rosa"), "end": TEXT.index("Rosa") + 4}]
    pieces.append({"start": TEXT.index("Lind"), "end": TEXT.index("Lind") + 4})
    actors(raw)[2] |= {"fragments": pieces}


def _renumber(raw: Json) -> None:
    """Other ids all over, and every reference with them."""
    names = {"a1": "x1", "a3": "a1", "q1": "q7", "e1": "e2", "e2": "e1"}
    for own in raw["layers"].values():
        for one in own:
            one["id"] = names.get(one["id"], one["id"])
            for key in ("entity", "speaker", "quote"):
                if key in one:
                    one[key] = names[one[key]]
    for entity in raw["entities"]:
        entity["id"] = names[entity["id"]]
    raw["relations"][0] |= {"from": "x1", "to": "a1"}


def _title(raw: Json) -> None:
    raw["meta"] |= {"title": "**Fire** <b>", "extra": {"start": 1, "end": 2, "text": "x"}}


def _blocks(raw: Json) -> None:
    raw["blocks"][0]["kind"] = "title"


def _entity(raw: Json) -> None:
    raw["entities"][0]["links"] = {"wikidata": "Q2"}
    raw["entities"].append({"id": "e3", "kind": "city", "name": "חיפה"})


def _entity_gone(raw: Json) -> None:
    raw["entities"] = raw["entities"][:1]
    del actors(raw)[2]["entity"]


def _relation(raw: Json) -> None:
    raw["relations"] = [{"id": "r1", "type": "fears", "from": "a1", "to": "a3"}]


def _order(raw: Json) -> None:
    """The order of a list of annotations says nothing."""
    for own in raw["layers"].values():
        own.reverse()


def _spelling(raw: Json) -> None:
    """30 and 30.0 are one number, and an empty object is nothing."""
    raw["layers"]["figures"][0]["value"] = 30.0
    actors(raw)[1]["extra"] = {}


PLANTED: list[tuple[Callable[[Json], None], set[tuple[str, ...]]]] = [
    (_remove, {("actors", "a2", "removed")}),
    (_add, {("actors", "a9", "added")}),
    (_move, {("actors", "a2", "moved", "span")}),
    (_move_with_another_id, {("actors", "a4", "moved", "span")}),
    (_kind, {("actors", "a2", "relabelled", "kind")}),
    (_kind_and_id, {("actors", "a8", "relabelled+renamed", "id", "kind")}),
    (_attribute, {("actors", "a2", "relabelled", "mention", "role")}),
    (_accept, {("actors", "a1", "status", "status")}),
    (_reject, {("actors", "a4", "status", "status")}),
    (_correct, {("actors", "a4", "relabelled+status+provenance", "kind", "status", "was")}),
    (_relink, {("actors", "a1", "relinked", "entity")}),
    (_cue, {("quotes", "q1", "relabelled", "cue")}),
    (_fragments, {("actors", "a3", "moved", "span")}),
    (
        _renumber,
        {
            ("actors", "x1", "renamed", "id"),
            ("actors", "a1", "renamed", "id"),
            ("quotes", "q7", "renamed", "id"),
            ("entity", "e1", "changed", "id"),
            ("entity", "e2", "changed", "id"),
        },
    ),
    (_title, {("document", "", "changed", "extra", "title")}),
    (_blocks, {("document", "", "changed", "blocks")}),
    (_entity, {("entity", "e1", "changed", "links"), ("entity", "e3", "added")}),
    (_entity_gone, {("entity", "e2", "removed"), ("actors", "a3", "relinked", "entity")}),
    (_relation, {("relation", "r1", "changed", "type")}),
    (_order, set()),
    (_spelling, set()),
]


@pytest.mark.parametrize(("plant", "found"), PLANTED, ids=[plant.__name__ for plant, _ in PLANTED])
def test_what_was_planted_is_told_and_nothing_else(
    plant: Callable[[Json], None], found: set[tuple[str, ...]], document: Make, difference: Diff
) -> None:
    changed = document()
    plant(changed)
    result = difference([document("a"), document()], [document("a"), changed])
    assert told(result) == {("d", *change) for change in found}
    assert result.is_empty == (not found)


def test_every_annotation_counts_where_it_falls(document: Make, difference: Diff) -> None:
    changed = document()
    for plant in (_kind_and_id, _accept, _reject, _add):
        plant(changed)
    result = difference([document()], [changed])
    counts = result.layers["actors"]
    assert dict(counts.whats) == {"added": 1, "relabelled": 1, "renamed": 1, "status": 2}
    assert counts.values["kind", "person", "group"] == 1
    assert counts.values["status", "suggested", "accepted"] == 1
    assert dict(result.tally.documents) == {"changed": 0, "annotated": 1}
    assert result.new.annotations["actors"] == 4  # one more, and one rejected


def test_documents_come_and_go_with_what_is_in_them(document: Make, difference: Diff) -> None:
    result = difference([document("a"), document("b")], [document("b"), document("c")])
    assert told(result) == {("a", "document", "", "removed"), ("c", "document", "", "added")}
    assert result.layers["actors"].came == result.layers["actors"].went == 4
    assert not result.layers["actors"].whats


def test_a_document_that_moves_to_another_split_is_told(document: Make, difference: Diff) -> None:
    one, other = document(), document()
    one["meta"]["extra"], other["meta"]["extra"] = {"split": "train"}, {"split": "test"}
    result = difference([one], [other], yaml="build: {splits: {policy: given}}\n")
    assert told(result) == {("d", "document", "", "changed", "extra", "split")}
    assert dict(result.tally.moves) == {("train", "test"): 1}


def test_in_a_text_that_changed_annotations_stay_at_their_words(
    document: Make, difference: Diff, raw_document: Make
) -> None:
    """A sentence in front, a word taken out and another spelling: only what was annotated otherwise is told."""
    text = "“Новое” 🙂 lead.\n\n" + TEXT.replace("Nour e\u0301l-Di\u0301n", "Nour al-Din").replace("at once, ", "")
    names = {"Nour e\u0301l-Di\u0301n": "Nour al-Din"}
    own = layers()
    del own["figures"][0]["counted"]["id"]

    def at(raw: Json, nth: int = 0) -> Json:
        words = names.get(raw["text"], raw["text"])
        found = mark("", words, text, nth)
        return {**raw, **{key: found[key] for key in ("start", "end", "text")}}

    moved = {name: [at(one, nth=int(one["id"] == "a4")) for one in found] for name, found in own.items()}
    moved["figures"][0]["counted"] = at(moved["figures"][0]["counted"])
    moved["quotes"][0]["cue"] = at(moved["quotes"][0]["cue"])
    old = document()
    new = raw_document("d", text, layers=moved, entities=old["entities"], relations=old["relations"])
    old["blocks"] = new["blocks"] = []
    assert told(difference([old], [new])) == {("d", "document", "", "changed", "text")}


def test_annotations_whose_words_are_gone_are_removed(raw_document: Make, difference: Diff) -> None:
    old = raw_document("d", TEXT, layers={"actors": [actor("a1", "Rosa Lind"), actor("a2", "李娜")]})
    text = TEXT.replace("Rosa Lind slept. ", "")
    new = raw_document("d", text, layers={"actors": [actor("a2", "李娜", text)]})
    assert told(difference([old], [new])) == {
        ("d", "document", "", "changed", "text"),
        ("d", "actors", "a1", "removed"),
    }


def test_the_same_words_near_by_were_moved_and_far_away_are_another_mention(
    raw_document: Make, difference: Diff
) -> None:
    text = "Rosa met Rosa. " + "x" * 200 + " Rosa"

    def one(own: str, nth: int) -> Json:
        return raw_document("d", text, layers={"actors": [actor(own, "Rosa", text, nth)]})

    assert told(difference([one("a1", 0)], [one("a2", 1)])) == {("d", "actors", "a2", "moved+renamed", "id", "span")}


def test_the_same_words_far_away_are_another_mention(raw_document: Make, difference: Diff) -> None:
    text = "Rosa. " + "x" * 200 + " Rosa"

    def one(own: str, nth: int) -> Json:
        return raw_document("d", text, layers={"actors": [actor(own, "Rosa", text, nth)]})

    assert told(difference([one("a1", 0)], [one("a2", 1)])) == {
        ("d", "actors", "a1", "removed"),
        ("d", "actors", "a2", "added"),
    }
