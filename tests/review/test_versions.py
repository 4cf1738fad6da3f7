"""Several annotators' versions of a document beside each other, and taking over from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.diagnostics.diagnostic import Diagnostic
from corpus_tool.review.refusal import NotFound, WouldBeWrong
from corpus_tool.review.session import Session, open_review

Json = dict[str, Any]
Place = Callable[..., Json]


@pytest.fixture
def versions(corpus: Path, in_units: Place) -> Path:
    """Ana and Ben have annotated the document, each in their own way."""
    ana = open_review(corpus, as_annotator="ana")
    edits = [
        {"do": "accept_all"},
        {"do": "bounds", "id": "a7", **in_units("Rosa")},
        {"do": "reject", "ids": ["a2"]},
        {"do": "add", "layer": "actors", **in_units("Brigade"), "attributes": {"kind": "government"}},
        {"do": "add_entity", "mentions": ["a8"], "name": "Fire Brigade"},
        {"do": "set", "id": "q1", "attributes": {"speaker": "a8"}},
    ]
    edit(ana, *edits)
    ben = open_review(corpus, as_annotator="ben")
    edit(ben, {"do": "accept_all"}, {"do": "set", "id": "a7", "attributes": {"kind": "group"}})
    return corpus


def edit(session: Session, *edits: Json) -> Json:
    return session.edit("fire", session.document("fire")["etag"], {"edits": list(edits)})


def stored(corpus: Path) -> dict[str, Json]:
    raw = json.loads((corpus / "documents" / "fire.json").read_bytes())
    return {a["id"]: a for items in raw["layers"].values() for a in items}


def test_versions_are_shown_with_their_matches_and_not_to_annotators(versions: Path) -> None:
    session = open_review(versions, annotator="rosa")
    assert session.document("fire")["versions"] == ["ana", "ben"]
    ana, ben = session.versions_json("fire")["versions"]
    assert (ana["name"], ben["name"], ana["same_text"]) == ("ana", "ben", True)
    assert ana["matches"]["a1"] == {"same": "a1", "span": "a1", "overlaps": ["a1"]}
    assert ana["matches"]["a7"] == {"same": None, "span": None, "overlaps": ["a7"]}
    assert ben["matches"]["a7"] == {"same": None, "span": "a7", "overlaps": ["a7"]}
    assert ana["matches"]["a8"]["overlaps"] == []
    own = open_review(versions, as_annotator="ana")
    assert own.document("fire")["versions"] == []
    assert own.versions_json("fire")["versions"] == []
    with pytest.raises(NotFound):
        edit(own, {"do": "take", "version": "ben", "id": "a7"})


def test_a_correction_is_taken_over_with_its_authors_name(versions: Path) -> None:
    edit(open_review(versions, annotator="rosa"), {"do": "take", "version": "ana", "id": "a7"})
    taken = stored(versions)["a7"]
    assert taken["text"] == "Rosa"
    assert taken["provenance"]["annotator"] == "ana"
    assert taken["provenance"]["status"] == "corrected"
    assert taken["provenance"]["was"]["text"] == "Rosa Lind"
    assert taken["extra"] == {"taken_by": "rosa"}


def test_a_rejection_is_taken_over_with_what_follows_from_it(versions: Path) -> None:
    answer = edit(open_review(versions, annotator="rosa"), {"do": "take", "version": "ana", "id": "a2"})
    assert stored(versions)["a2"]["provenance"] == {"annotator": "ana", "status": "rejected"}
    assert answer["progress"]["actors"]["rejected"] == 1


def test_what_an_annotation_refers_to_is_taken_over_with_it(
    versions: Path, errors: Callable[[Path], list[Diagnostic]]
) -> None:
    answer = edit(open_review(versions, annotator="rosa"), {"do": "take", "version": "ana", "id": "q1"})
    now = stored(versions)
    assert now["q1"]["speaker"] == "a8"
    assert (now["a8"]["text"], now["a8"]["provenance"]["status"]) == ("Brigade", "added")
    assert [entity["name"] for entity in answer["entities"] if entity["id"] == now["a8"]["entity"]] == ["Fire Brigade"]
    assert any("was taken over with it" in note for note in answer["notes"])
    assert errors(versions) == []


def test_an_id_that_is_taken_in_the_document_gets_another(versions: Path, in_units: Place) -> None:
    session = open_review(versions, annotator="rosa")
    edit(session, {"do": "add", "layer": "actors", **in_units("Foods"), "attributes": {"kind": "organization"}})
    edit(session, {"do": "take", "version": "ana", "id": "a8"})
    now = stored(versions)
    assert (now["a8"]["text"], now["a9"]["text"]) == ("Foods", "Brigade")


def test_a_version_can_be_put_in_the_place_of_another_annotation(versions: Path) -> None:
    session = open_review(versions, annotator="rosa")
    edit(session, {"do": "take", "version": "ana", "id": "a8", "replace": "a1"})
    now = stored(versions)
    assert now["a1"]["text"] == "Brigade"
    assert now["a1"]["provenance"]["annotator"] == "ana"
    assert now["a1"]["provenance"]["status"] == "corrected"
    assert now["a1"]["provenance"]["was"]["text"] == "Zoë Lind"
    with pytest.raises(WouldBeWrong, match="a1 is one of actors, q1 one of quotes"):
        edit(session, {"do": "take", "version": "ana", "id": "q1", "replace": "a1"})


def test_nothing_is_taken_from_a_version_of_another_text(versions: Path) -> None:
    path = versions / "annotators" / "ana" / "fire.json"
    raw = json.loads(path.read_bytes())
    text = raw["text"] + "More.\n"
    from corpus_tool.model import sha256_of

    path.write_text(json.dumps({**raw, "text": text, "text_sha256": sha256_of(text)}), encoding="utf-8")
    session = open_review(versions, annotator="rosa")
    ana = session.versions_json("fire")["versions"][0]
    assert (ana["same_text"], ana["matches"]) == (False, {})
    with pytest.raises(WouldBeWrong, match="another text"):
        edit(session, {"do": "take", "version": "ana", "id": "a7"})


def test_all_of_a_version_can_be_taken_one_after_the_other(
    versions: Path, errors: Callable[[Path], list[Diagnostic]]
) -> None:
    """What is there in the end is what the annotator had, whoever refers to whom."""
    session = open_review(versions, annotator="rosa")
    ana = session.versions_json("fire")["versions"][0]["annotations"]
    for annotation in reversed(ana):
        edit(session, {"do": "take", "version": "ana", "id": annotation["id"]})
    shown = {a["id"]: a for a in session.document("fire")["annotations"]}
    assert shown.keys() == {a["id"] for a in ana}
    for annotation in ana:
        mine = shown[annotation["id"]]
        for key in ("start", "end", "text", "status", "annotator"):
            assert mine[key] == annotation[key], (annotation["id"], key)
        if annotation["status"] != "rejected":
            theirs = {k: v for k, v in annotation["attributes"].items() if k != "entity"}
            assert {k: v for k, v in mine["attributes"].items() if k != "entity"} == theirs
    assert errors(versions) == []
