"""A layer of a corpus's own in the review: its attributes, its links, its spans."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from own_layer import STANCE

from corpus_tool.review.refusal import WouldBeWrong
from corpus_tool.review.session import Session, open_review

Json = dict[str, Any]
Place = Callable[..., Json]


@pytest.fixture
def session(tmp_path: Path, fire: Json, new_corpus: Callable[..., Path]) -> Session:
    return open_review(new_corpus(tmp_path / "corpus", [fire], own={"stance": STANCE}), annotator="rosa")


def edit(session: Session, *edits: Json) -> Json:
    return session.edit("fire", session.document("fire")["etag"], {"edits": list(edits)})


def test_the_page_is_told_its_attributes_and_their_types(session: Session) -> None:
    layer = next(layer for layer in session.corpus_json()["layers"] if layer["name"] == "stance")
    types = {attribute["name"]: attribute["type"] for attribute in layer["attributes"]}
    assert types == {
        "kind": "choice",
        "about": "reference",
        "all": "references",
        "strength": "number",
        "count": "number",
        "sure": "boolean",
        "either": "json",
        "trigger": "span",
        "triggers": "json",
        "tree": "json",
    }


def test_it_is_added_linked_and_loses_its_links_with_what_they_lead_to(session: Session, in_units: Place) -> None:
    attributes = {"kind": "for", "about": "a4", "all": ["a4", "a1"], "trigger": in_units("wait"), "strength": 0.5}
    attributes |= {"sure": True, "either": "x", "tree": {"start": 3}}
    answer = edit(session, {"do": "add", "layer": "stance", **in_units("We wait."), "attributes": attributes})
    assert answer["added"] == ["s1"]
    raw = json.loads((session.corpus.documents / "fire.json").read_bytes())
    [stance] = raw["layers"]["stance"]
    assert (stance["text"], stance["trigger"]["text"], stance["tree"]) == ("We wait.", "wait", {"start": 3})
    [shown] = [a for a in answer["changed"] if a["id"] == "s1"]
    assert {key: shown["attributes"]["trigger"][key] for key in ("start", "end")} == in_units("wait")
    answer = edit(session, {"do": "reject", "ids": ["a4"]})
    assert "s1 has lost a4 as its about" in answer["notes"]
    assert "s1 has lost a4 as its all" in answer["notes"]
    [shown] = [a for a in answer["changed"] if a["id"] == "s1"]
    assert shown["attributes"]["all"] == ["a1"]
    assert "about" not in shown["attributes"]
    answer = edit(session, {"do": "bounds", "id": "s1", **in_units("“We wait.”")})
    assert answer["changed"][0]["text"] == "“We wait.”"


def test_values_that_its_schema_refuses_are_refused_with_their_reason(session: Session, in_units: Place) -> None:
    added = {"do": "add", "layer": "stance", **in_units("We wait."), "attributes": {"kind": "for"}}
    for attributes in ({"strength": "much"}, {"kind": "perhaps"}, {"count": 1.5}, {"about": "nobody"}):
        with pytest.raises(WouldBeWrong):
            edit(session, {**added, "attributes": {"kind": "for", **attributes}})
    edit(session, added)
    with pytest.raises(WouldBeWrong, match="SPN301"):
        edit(session, added)
    edit(session, {**added, "attributes": {"kind": "for", "sure": False}})
