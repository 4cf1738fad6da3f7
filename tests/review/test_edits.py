"""Edits as pure functions: what becomes of an annotation, of whose word it is, and of what refers to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corpus_tool import EditContext, apply_edit
from corpus_tool.diagnostics import Edit as Mending
from corpus_tool.model import Document, pieces
from corpus_tool.model.codec import document_from_json
from corpus_tool.model.schemas import built_in_layers
from corpus_tool.review.edits import (
    Accept,
    AcceptAll,
    Add,
    AddEntity,
    Bounds,
    Edit,
    Fix,
    MergeEntities,
    Piece,
    PlaceEntity,
    Reject,
    RemoveEntity,
    Set,
    SetEntity,
    Take,
    label_of,
    read_edits,
)
from corpus_tool.review.links import iter_annotations
from corpus_tool.review.refusal import NotFound, Refusal, WouldBeWrong

Json = dict[str, Any]
Place = Callable[..., Json]

ROSA = EditContext(built_in_layers(), "rosa")
BEN = EditContext(built_in_layers(), "ben")


@pytest.fixture
def document(fire: Json) -> Document:
    return document_from_json(fire, built_in_layers())


def of(document: Document, own: str) -> Any:
    return next(a for _, a in iter_annotations(document) if a.id == own)


def ids(document: Document) -> set[str]:
    return {a.id for _, a in iter_annotations(document)}


def made(document: Document, *edits: Edit, context: EditContext = ROSA) -> Document:
    for edit in edits:
        document = apply_edit(document, edit, context).document
    return document


def word(document: Document, own: str) -> tuple[str | None, str]:
    provenance = of(document, own).provenance
    return provenance.annotator, provenance.status


def test_accepting_makes_a_suggestion_the_reviewers_word_and_keeps_its_score(document: Document) -> None:
    after = made(document, Accept(ids=("a1",)))
    assert word(after, "a1") == ("rosa", "accepted")
    assert of(after, "a1").provenance.score == 0.4
    assert made(after, Accept(ids=("a1",)), context=BEN) == after  # a person's word is not taken over


def test_all_of_a_layer_or_of_the_article_can_be_accepted(document: Document) -> None:
    after = made(document, Reject(ids=("f2",)), AcceptAll(layer="figures"))
    assert [word(after, own)[1] for own in ("f1", "f2", "a1")] == ["accepted", "rejected", "suggested"]
    assert {word(made(document, AcceptAll()), own)[1] for own in ids(document)} == {"accepted"}


def test_a_rejected_annotation_stays_as_a_tombstone_and_comes_back(document: Document) -> None:
    after = made(document, Reject(ids=("a2",)))
    assert word(after, "a2") == ("rosa", "rejected")
    assert word(made(after, Accept(ids=("a2",))), "a2") == ("rosa", "accepted")


def test_ones_own_addition_is_taken_away_and_anothers_stays_as_a_tombstone(document: Document, place: Place) -> None:
    added = made(document, Add(layer="actors", **place("Brigade"), attributes={"kind": "government"}))
    [own] = ids(added) - ids(document)
    assert own == "a8"
    assert word(added, own) == ("rosa", "added")
    assert made(added, Reject(ids=(own,))) == document
    assert word(made(added, Reject(ids=(own,)), context=BEN), own) == ("ben", "rejected")


def test_a_correction_keeps_the_suggestion_and_ends_where_the_suggestion_is_reached_again(
    document: Document, place: Place
) -> None:
    wider = {"start": place("Brigade")["start"], "end": place("Zoë Lind")["end"]}
    after = made(document, Bounds(id="a1", **wider), Set(id="a1", attributes={"kind": "group", "role": None}))
    corrected = of(after, "a1")
    assert corrected.text == "Brigade chief Zoë Lind"
    assert (corrected.kind, corrected.role) == ("group", None)
    assert word(after, "a1") == ("rosa", "corrected")
    was = corrected.provenance.was
    assert (was["text"], was["kind"], was["role"], was["entity"]) == ("Zoë Lind", "person", "chief", "e1")
    back = made(
        after, Bounds(id="a1", **place("Zoë Lind")), Set(id="a1", attributes={"kind": "person", "role": "chief"})
    )
    assert back == made(document, Accept(ids=("a1",)))


def test_an_edit_that_changes_nothing_leaves_the_suggestion_as_it_was(document: Document, place: Place) -> None:
    assert made(document, Bounds(id="a1", **place("Zoë Lind"))) == document
    assert made(document, Set(id="a1", attributes={"kind": "person"})) == document


def test_a_correction_of_an_added_annotation_stays_added(document: Document, place: Place) -> None:
    added = made(document, Add(layer="actors", **place("Brigade"), attributes={"kind": "government"}))
    after = made(added, Set(id="a8", attributes={"kind": "organization"}), context=BEN)
    assert word(after, "a8") == ("ben", "added")
    assert of(after, "a8").provenance.was is None


def test_an_annotation_without_provenance_is_a_persons_and_is_remembered(document: Document, fire: Json) -> None:
    bare = {key: value for key, value in fire["layers"]["actors"][1].items() if key != "provenance"}
    layers = {**fire["layers"], "actors": [fire["layers"]["actors"][0], bare, *fire["layers"]["actors"][2:]]}
    document = document_from_json({**fire, "layers": layers}, built_in_layers())
    assert word(made(document, Accept(ids=("a2",))), "a2") == ("rosa", "accepted")
    after = made(document, Set(id="a2", attributes={"kind": "other"}))
    assert word(after, "a2") == ("rosa", "corrected")
    assert of(after, "a2").provenance.was["kind"] == "group"


def test_fragments_are_put_in_order_and_joined_where_they_touch(document: Document, place: Place) -> None:
    left, right = place("“and 1,300"), place("“We wait.”")
    middle = {"start": left["end"], "end": left["end"] + 6}
    after = made(document, Bounds(id="q2", fragments=tuple(Piece(**p) for p in (right, middle, left))))
    assert pieces(of(after, "q2")) == ((left["start"], middle["end"]), (right["start"], right["end"]))
    assert of(after, "q2").text == "“and 1,300\u00a0homes “We wait.”".replace("\u00a0homes", " homes")
    whole = made(after, Bounds(id="q2", start=left["start"], end=right["end"]))
    assert of(whole, "q2").fragments == ()
    assert of(whole, "q2").text == document.text[left["start"] : right["end"]]


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        ({"start": 5, "end": 5}, "nothing is marked"),
        ({"start": 9, "end": 5}, "nothing is marked"),
        ({"start": 0, "end": 10_000}, "outside the text"),
        ({"start": -3, "end": 5}, "outside the text"),
        ({"start": 3}, "has .start. and .end."),
        ({"fragments": (Piece(3, 3), Piece(5, 6))}, "nothing is marked"),
    ],
)
def test_a_range_that_is_none_is_refused(document: Document, bounds: Json, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        apply_edit(document, Bounds(id="a1", **bounds), ROSA)


def test_white_space_alone_is_refused(document: Document) -> None:
    space = document.text.index(" ")
    with pytest.raises(WouldBeWrong, match="white space"):
        apply_edit(document, Add(layer="actors", start=space, end=space + 1, attributes={"kind": "person"}), ROSA)


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"colour": "red"}, "no attribute 'colour'"),
        ({"kind": None}, "need kind"),
        ({"kind": 3}, "Expected `str`"),
        ({"anonymous": "yes"}, "Expected `bool"),
    ],
)
def test_attributes_that_the_layer_does_not_have_are_refused(document: Document, attributes: Json, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        apply_edit(document, Set(id="a1", attributes=attributes), ROSA)


def test_a_cue_is_set_from_a_range_and_taken_away(document: Document, place: Place) -> None:
    told = place("told")
    after = made(document, Set(id="q1", attributes={"cue": told}))
    assert (of(after, "q1").cue.text, of(after, "q1").cue.start) == ("told", told["start"])
    assert of(made(after, Set(id="q1", attributes={"cue": None})), "q1").cue is None


def test_a_new_figure_says_what_its_words_say(document: Document, place: Place) -> None:
    bare = made(document, Reject(ids=("f2",)))
    after = made(bare, Add(layer="figures", **place("dozens")))
    figure = of(after, "f3")
    assert (figure.min, figure.value, figure.modifier, figure.unit) == (24, None, "at_least", "count")
    with pytest.raises(WouldBeWrong, match="no number could be read in 'chief'"):
        apply_edit(document, Add(layer="figures", **place("chief")), ROSA)


def test_a_rejected_speaker_leaves_no_link_behind(document: Document) -> None:
    edited = apply_edit(document, Reject(ids=("a4", "a1")), ROSA)
    after = edited.document
    assert (of(after, "q1").speaker, of(after, "q1").speaker_status) == (None, "unknown")
    assert (of(after, "q2").speaker, of(after, "q2").co_speakers) == (None, ())
    assert "q1 has lost a1 as its speaker" in edited.notes
    assert word(after, "q1") == ("program 1", "suggested")  # nobody has decided about the quote
    accepted = made(document, Accept(ids=("q1",)), Reject(ids=("a1",)))
    assert word(accepted, "q1") == ("rosa", "corrected")
    assert of(accepted, "q1").provenance.was["speaker"] == "a1"


def test_a_further_speaker_takes_the_place_of_a_rejected_one(document: Document) -> None:
    edited = apply_edit(document, Reject(ids=("a4",)), ROSA)
    assert (of(edited.document, "q2").speaker, of(edited.document, "q2").co_speakers) == ("a1", ())
    assert "q2 has a1 as its speaker now, a4 is gone" in edited.notes


def test_links_of_figures_and_relations_go_with_what_they_refer_to(document: Document) -> None:
    edited = apply_edit(document, Reject(ids=("q1", "l1", "a5")), ROSA)
    figure = of(edited.document, "f1")
    assert (figure.quote, figure.place) == (None, None)
    assert "e4" in {entity.id for entity in edited.document.entities}  # the relation still refers to it
    assert made(edited.document, RemoveEntity(id="e4")).relations == ()
    assert "e7" not in {entity.id for entity in edited.document.entities}
    assert any("e7 'Haifa' went with its last mention" in note for note in edited.notes)


def test_what_comes_back_has_no_links_to_what_is_gone(document: Document) -> None:
    gone = made(document, Reject(ids=("a7",)))
    assert "e6" not in {entity.id for entity in gone.entities}
    edited = apply_edit(gone, Accept(ids=("a7",)), ROSA)
    assert of(edited.document, "a7").entity is None
    assert edited.notes == ("a7 has lost e6 as its entity",)


def test_setting_a_speaker_takes_the_reason_for_its_absence_away_and_the_other_way_round(document: Document) -> None:
    silent = made(document, Set(id="q2", attributes={"speaker_status": "implicit"}))
    assert (of(silent, "q2").speaker, of(silent, "q2").co_speakers) == (None, ())
    after = made(silent, Set(id="q2", attributes={"speaker": "a3"}))
    assert (of(after, "q2").speaker, of(after, "q2").speaker_status) == ("a3", None)
    lost = made(document, Set(id="q1", attributes={"speaker": None}))
    assert of(lost, "q1").speaker_status == "unknown"


def test_a_rejected_annotation_is_not_changed(document: Document, place: Place) -> None:
    after = made(document, Reject(ids=("a2",)))
    for edit in (Bounds(id="a2", **place("people")), Set(id="a2", attributes={"kind": "other"})):
        with pytest.raises(WouldBeWrong, match="a2 was rejected"):
            apply_edit(after, edit, ROSA)


def test_a_new_entity_takes_name_and_kind_from_its_first_mention(document: Document) -> None:
    after = made(document, AddEntity(mentions=("a2",)))
    entity = after.entities[-1]
    assert (entity.id, entity.name, entity.kind) == ("e9", "people", "group")
    assert of(after, "a2").entity == "e9"
    with pytest.raises(Refusal, match="refer to no entity"):
        apply_edit(document, AddEntity(mentions=("q1",)), ROSA)


def test_merged_entities_keep_mentions_names_links_and_relations(document: Document) -> None:
    linked = made(document, SetEntity(id="e5", links={"wikidata": "Q42"}, lat=1.5, lon=2.5, aliases=("陈氏",)))
    after = made(linked, Accept(ids=("a6",)), MergeEntities(into="e2", ids=("e5", "e2")))
    entity = next(e for e in after.entities if e.id == "e2")
    assert (entity.aliases, entity.links, entity.lat) == (("陈氏 Foods", "陈氏"), {"wikidata": "Q42"}, 1.5)
    assert of(after, "a6").entity == "e2"
    assert word(after, "a6") == ("rosa", "accepted")  # the mention is as it was
    assert after.relations[0].source == "e2"
    with pytest.raises(Refusal, match="nothing to merge"):
        apply_edit(document, MergeEntities(into="e1", ids=("e1",)), ROSA)


def test_an_entity_is_renamed_located_and_removed(document: Document) -> None:
    after = made(document, SetEntity(id="e7", name="Hefa", aliases=("Haifa", "Hefa", "Haifa"), lat=32.8, lon=35.0))
    entity = next(e for e in after.entities if e.id == "e7")
    assert (entity.name, entity.aliases, entity.link_method, entity.link_score) == ("Hefa", ("Haifa",), "person", 1.0)
    nowhere = made(after, SetEntity(id="e7", lat=None, lon=None))
    assert next(e for e in nowhere.entities if e.id == "e7").link_method is None
    gone = made(after, RemoveEntity(id="e7"))
    assert of(gone, "l1").entity is None
    with pytest.raises(WouldBeWrong, match="has a name"):
        apply_edit(document, SetEntity(id="e7", name=" "), ROSA)


def test_the_fix_of_a_finding_is_the_reviewers_correction(document: Document) -> None:
    mending = (Mending("/layers/actors/1/kind", "other"),)
    context = EditContext(built_in_layers(), "rosa", mending_of=lambda key: mending if key == "k" else None)
    after = made(document, Fix(key="k"), context=context)
    assert word(after, "a2") == ("rosa", "corrected")
    assert of(after, "a2").provenance.was["kind"] == "group"
    with pytest.raises(NotFound, match="no longer there"):
        apply_edit(document, Fix(key="other"), context)


@pytest.mark.parametrize(
    "edit",
    [
        Accept(ids=("z9",)),
        Set(id="z9", attributes={}),
        Bounds(id="z9", start=0, end=1),
        Add(layer="z", start=0, end=1),
        AcceptAll(layer="z"),
        SetEntity(id="z9", name="x"),
        MergeEntities(into="e1", ids=("z9",)),
        RemoveEntity(id="z9"),
        AddEntity(mentions=("z9",)),
        PlaceEntity(entity="e7", key="geonames:1"),
        Take(version="ben", id="a1"),
    ],
    ids=lambda edit: type(edit).__name__,
)
def test_what_is_not_there_is_named(document: Document, edit: Edit) -> None:
    with pytest.raises(NotFound):
        apply_edit(document, edit, ROSA)


def test_edits_are_read_from_json_and_named() -> None:
    edits = read_edits([{"do": "reject", "ids": ["a1", "a2", "a3", "a4"]}, {"do": "accept_all"}])
    assert edits == (Reject(ids=("a1", "a2", "a3", "a4")), AcceptAll())
    assert label_of(edits) == "reject a1, a2, a3 … and 1 more"
    assert label_of(edits[1:]) == "accept all"
    for raw in ([], [{"do": "destroy"}], [{"do": "reject"}], [{"do": "accept", "ids": ["a1"], "why": 1}], "reject"):
        with pytest.raises(Refusal):
            read_edits(raw)
    with pytest.raises(Refusal, match="by itself"):
        read_edits([{"do": "fix", "key": "k"}, {"do": "accept_all"}])
