"""Merging suggestions with what people did, for documents that no annotator would think of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from corpus_tool.merge import REFERENCES, is_human, merge_suggestions
from corpus_tool.model import (
    Actor,
    Annotation,
    Document,
    Entity,
    Figure,
    Location,
    Meta,
    Provenance,
    Quote,
    Relation,
    sha256_of,
)
from corpus_tool.model.document import HUMAN_STATUSES
from corpus_tool.model.schemas import BUILT_IN

TEXT = "“Zoë 😀 left,” said Ida Holm of 港口, “with 40 men.” שרה stayed."


def document(
    entities: Sequence[Entity] = (), relations: Sequence[Relation] = (), **layers: Sequence[Annotation]
) -> Document:
    return Document(
        id="x",
        meta=Meta(),
        text=TEXT,
        text_sha256=sha256_of(TEXT),
        entities=tuple(entities),
        relations=tuple(relations),
        layers={name: tuple(annotations) for name, annotations in layers.items()},
    )


def by(status: str, **was: Any) -> Provenance:
    return Provenance(status=status, was=was or None)


def actor(name: str, start: int, end: int, status: str = "suggested", **rest: Any) -> Actor:
    return Actor(id=name, start=start, end=end, text=TEXT[start:end], kind="person", provenance=by(status), **rest)


def quote(name: str, start: int, end: int, status: str = "suggested", **rest: Any) -> Quote:
    return Quote(id=name, start=start, end=end, text=TEXT[start:end], kind="direct", provenance=by(status), **rest)


def spans(document: Document, layer: str) -> list[tuple[int, int]]:
    return [(a.start, a.end) for a in document.layers[layer]]


def test_a_suggestion_that_crosses_a_persons_span_is_dropped_and_one_inside_it_is_kept() -> None:
    old = document(actors=[actor("a1", 5, 15, "accepted")])
    new = document(
        actors=[actor("a1", 0, 8), actor("a2", 12, 20), actor("a3", 6, 9), actor("a4", 0, 20), actor("a5", 5, 15)]
    )
    merged = merge_suggestions(old, new, again=True)
    assert spans(merged, "actors") == [(0, 20), (5, 15), (6, 9)]
    assert merged.layers["actors"][1] == old.layers["actors"][0]


def test_what_was_corrected_is_not_suggested_where_it_was() -> None:
    corrected = Actor(
        id="a1",
        start=5,
        end=8,
        text=TEXT[5:8],
        kind="person",
        provenance=by("corrected", start=3, end=8, text=TEXT[3:8]),
    )
    merged = merge_suggestions(document(actors=[corrected]), document(actors=[actor("a1", 3, 8)]), again=True)
    assert merged.layers["actors"] == (corrected,)


def test_links_into_a_layer_that_stays_go_to_the_same_span_or_nowhere() -> None:
    old = document(actors=[actor("kept", 20, 28, "accepted"), actor("gone", 30, 32, "rejected")])
    new = document(
        actors=[actor("a1", 20, 28), actor("a2", 30, 32), actor("a3", 52, 55)],
        quotes=[
            quote("q1", 0, 14, speaker="a1", co_speakers=("a2", "a3", "a1")),
            quote("q2", 36, 50, speaker="a2"),
        ],
    )
    first, second = merge_suggestions(old, new).layers["quotes"]
    assert isinstance(first, Quote)
    assert isinstance(second, Quote)
    assert (first.speaker, first.co_speakers, first.speaker_status) == ("kept", ("kept",), None)
    assert (second.speaker, second.speaker_status) == (None, "unknown")


def test_an_unreviewed_claim_keeps_the_quote_and_the_speaker_it_names_once_a_person_accepted_it() -> None:
    figure = Figure(id="f1", start=42, end=44, text="40", value=40, quote="q7", provenance=by("accepted"))
    old = document(
        actors=[actor("a7", 20, 28), actor("a8", 52, 55)],
        quotes=[quote("q7", 36, 50, speaker="a7"), quote("q8", 0, 14)],
        figures=[figure],
    )
    new = document(actors=[actor("a7", 52, 55)], quotes=[quote("q7", 0, 14, speaker="a7")], figures=[])
    merged = merge_suggestions(old, new)
    by_id = {a.id: a for layer in merged.layers.values() for a in layer}
    assert by_id["f1"] == figure
    assert by_id["q7"] == old.layers["quotes"][0]
    assert by_id["a7"] == old.layers["actors"][0]
    added = next(a for a in merged.layers["quotes"] if a.id != "q7")
    assert isinstance(added, Quote)
    assert added.speaker is not None
    assert (by_id[added.speaker].start, by_id[added.speaker].end) == (52, 55)


def test_what_a_relation_joins_stays() -> None:
    relation = Relation(id="r1", type="ally", source="a1", target="a2")
    old = document(relations=[relation], actors=[actor("a1", 1, 4), actor("a2", 20, 28), actor("a3", 52, 55)])
    merged = merge_suggestions(old, document(actors=[actor("a1", 30, 32)]))
    assert merged.relations == (relation,)
    assert {"a1": (1, 4), "a2": (20, 28)}.items() <= {a.id: (a.start, a.end) for a in merged.layers["actors"]}.items()
    assert spans(merged, "actors") == [(1, 4), (20, 28), (30, 32)]


def test_an_entity_that_a_person_mended_is_used_again_and_not_doubled() -> None:
    mended = Entity(id="e1", kind="person", name="Ida Holm", links={"wikidata": "Q1"})
    old = document([mended], actors=[actor("a1", 20, 28, "accepted", entity="e1")])
    new = document(
        [Entity(id="e1", kind="city", name="港口"), Entity(id="e2", kind="person", name="Ida Holm")],
        actors=[actor("a1", 20, 28, entity="e2"), actor("a2", 30, 32, entity="e1"), actor("a3", 1, 4, entity="e2")],
    )
    merged = merge_suggestions(old, new, again=True)
    assert [(e.name, e.links) for e in merged.entities] == [("Ida Holm", {"wikidata": "Q1"}), ("港口", {})]
    names = {e.id: e.name for e in merged.entities}
    entities = [names[a.entity or ""] for a in merged.layers["actors"] if isinstance(a, Actor)]
    assert entities == ["Ida Holm", "Ida Holm", "港口"]


def test_a_layer_of_the_corpuss_own_stays_untouched() -> None:
    own = actor("x1", 0, 4)
    merged = merge_suggestions(document(events=[own]), document(actors=[actor("x1", 20, 28)]), again=True)
    assert merged.layers["events"] == (own,)
    assert [a.id != "x1" for a in merged.layers["actors"]] == [True]


STATUSES = st.sampled_from(["suggested", "suggested", *sorted(HUMAN_STATUSES)])
IDS = st.sampled_from(["a1", "a2", "q1", "q2", "e1", "x", "x9"])
LINK = st.one_of(st.none(), IDS)


@st.composite
def documents(draw: st.DrawFn, machine: bool = False) -> Document:
    """A document with unique ids and links that resolve; the annotations of a machine are all suggested."""
    free = draw(st.permutations([*(f"{c}{i}" for c in "alfqe" for i in range(1, 5)), "x", "007"]))
    entities = [Entity(id=free.pop(), kind="person", name=name) for name in draw(st.sets(st.sampled_from("ABC")))]
    layers: dict[str, list[Annotation]] = {}
    ids: dict[str, list[str]] = {}
    cuts = {}
    for name in draw(st.sets(st.sampled_from(sorted(BUILT_IN)))):
        cuts[name] = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=4))
        ids[name] = [free.pop() for _ in cuts[name]]

    def link(layer: str) -> str | None:
        return draw(st.sampled_from([None, *ids.get(layer, [])]))

    for name, found in cuts.items():
        layers[name] = []
        for own, (start, length) in zip(ids[name], found, strict=True):
            status = "suggested" if machine else draw(STATUSES)
            was = {"start": draw(st.integers(0, 30)), "end": 31} if status == "corrected" else {}
            rest: dict[str, Any] = {
                "id": own,
                "start": start,
                "end": start + length,
                "text": TEXT[start : start + length],
            }
            rest["provenance"] = by(status, **was)
            if name in {"actors", "locations"}:
                rest |= {"kind": "other", "entity": draw(st.sampled_from([None, *(e.id for e in entities)]))}
            if name == "quotes":
                co_speakers = tuple(filter(None, (link("actors") for _ in range(2))))
                rest |= {
                    "kind": "direct",
                    "speaker": link("actors"),
                    "co_speakers": co_speakers,
                    "parent": link("quotes"),
                }
            if name == "figures":
                rest |= {"value": 1, "place": link("locations"), "quote": link("quotes")}
            layers[name].append(
                {"actors": Actor, "locations": Location, "figures": Figure, "quotes": Quote}[name](**rest)
            )
    return document(entities, **layers)


def dangling(document: Document) -> Iterator[str]:
    ids = {name: {a.id for a in annotations} for name, annotations in document.layers.items()}
    entities = {e.id for e in document.entities}
    for name, annotations in document.layers.items():
        for a in annotations:
            links = [(layer, getattr(a, key)) for key, layer in REFERENCES.get(name, {}).items()]
            links += [("actors", speaker) for speaker in getattr(a, "co_speakers", ())]
            yield from (f"{a.id} → {to}" for layer, to in links if to is not None and to not in ids.get(layer, ()))
            if getattr(a, "entity", None) not in {None, *entities}:
                yield f"{a.id} → entity"


@given(documents(), documents(machine=True), st.booleans())
@example(document(), document(), False)
def test_whatever_is_merged_a_persons_word_stays_and_every_link_resolves(
    old: Document, new: Document, again: bool
) -> None:
    assert not [*dangling(old), *dangling(new)]
    merged = merge_suggestions(old, new, again=again)
    assert not list(dangling(merged))
    ids = Counter([a.id for layer in merged.layers.values() for a in layer] + [e.id for e in merged.entities])
    assert max(ids.values(), default=1) == 1
    before = {a.id: a for layer in old.layers.values() for a in layer if is_human(a)}
    after = {a.id: a for layer in merged.layers.values() for a in layer if is_human(a)}
    assert after == before
    for name, annotations in old.layers.items():
        if any(map(is_human, annotations)) and not again:
            assert {a.id for a in merged.layers[name]} == {a.id for a in annotations}
    meaning = {a.id: (a.start, a.end) for layer in old.layers.values() for a in layer}
    for a in after.values():
        if isinstance(a, Quote) and a.speaker is not None:
            (speaker,) = [m for m in merged.layers["actors"] if m.id == a.speaker]
            assert (speaker.start, speaker.end) == meaning[a.speaker]
    assert merge_suggestions(merged, new, again=again) == merged
