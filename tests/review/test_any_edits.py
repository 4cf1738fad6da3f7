"""Whatever is edited, in whatever order: the files stay valid, and undoing all of it gives the first bytes back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool.diagnostics.diagnostic import Diagnostic
from corpus_tool.review.refusal import Refusal
from corpus_tool.review.session import open_review

Json = dict[str, Any]

ACTORS, LOCATIONS = [f"a{n}" for n in range(1, 9)], ["l1", "l2", "l3"]
QUOTES, FIGURES = ["q1", "q2", "q3", "q4"], ["f1", "f2", "f3"]
IDS = st.sampled_from([*ACTORS, *LOCATIONS, *QUOTES, *FIGURES])
ENTITIES = st.sampled_from([f"e{n}" for n in range(1, 10)])
OFFSETS = st.sampled_from(range(5, 190))
RANGES = st.one_of(
    st.builds(lambda start, size: {"start": start, "end": start + size}, OFFSETS, st.integers(1, 20)),
    st.builds(
        lambda cut: {"fragments": [{"start": start, "end": start + size} for start, size in cut]},
        st.lists(st.tuples(OFFSETS, st.integers(1, 12)), min_size=1, max_size=3),
    ),
)


def some(**attributes: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """One or two of these attributes."""
    chosen = st.lists(st.sampled_from(sorted(attributes)), min_size=1, max_size=2, unique=True)
    return chosen.flatmap(lambda keys: st.fixed_dictionaries({key: attributes[key] for key in keys}))


def maybe(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


#: By layer: the ids that it may have, what an added one has at least, and attributes; some of them lead nowhere.
LAYERS: dict[str, tuple[list[str], Json, st.SearchStrategy[Json]]] = {
    "actors": (
        ACTORS,
        {"kind": "group"},
        some(kind=st.sampled_from(["person", "group"]), entity=st.one_of(st.none(), ENTITIES), role=maybe(["mayor"])),
    ),
    "locations": (LOCATIONS, {"kind": "city"}, some(kind=st.sampled_from(["city", "odd"]), entity=ENTITIES)),
    "figures": (
        FIGURES,
        {"value": 3},
        some(quote=maybe(QUOTES), place=maybe(LOCATIONS), value=st.integers(0, 5), min=st.integers(), counted=RANGES),
    ),
    "quotes": (
        QUOTES,
        {"kind": "indirect"},
        some(
            speaker=maybe([*ACTORS, "l1"]),
            co_speakers=st.lists(st.sampled_from(ACTORS), max_size=2, unique=True),
            speaker_status=st.sampled_from(["implicit", "unknown"]),
            parent=maybe(QUOTES),
            cue=st.one_of(st.none(), RANGES),
        ),
    ),
}
SET = st.sampled_from(sorted(LAYERS)).flatmap(
    lambda name: st.builds(
        lambda own, attributes: {"do": "set", "id": own, "attributes": attributes},
        st.sampled_from(LAYERS[name][0]),
        LAYERS[name][2],
    )
)
ADD = st.sampled_from(sorted(LAYERS)).flatmap(
    lambda name: st.builds(
        lambda ranged, attributes: {
            "do": "add",
            "layer": name,
            "attributes": {**LAYERS[name][1], **attributes},
            **ranged,
        },
        RANGES,
        st.one_of(st.just({}), LAYERS[name][2]),
    )
)
BOUNDS = st.builds(lambda own, ranged: {"do": "bounds", "id": own, **ranged}, IDS, RANGES)
LISTS = st.lists(IDS, min_size=1, max_size=2, unique=True)
EDITS = st.one_of(
    SET,
    SET,
    SET,
    ADD,
    st.builds(lambda ids: {"do": "accept", "ids": ids}, LISTS),
    st.builds(lambda ids: {"do": "reject", "ids": ids}, LISTS),
    st.just({"do": "accept_all", "layer": "quotes"}),
    BOUNDS,
    BOUNDS,
    st.builds(lambda own: {"do": "add_entity", "mentions": [own]}, st.sampled_from([*ACTORS, *LOCATIONS])),
    st.builds(lambda own, other: {"do": "merge_entities", "into": own, "ids": [other]}, ENTITIES, ENTITIES),
    st.builds(lambda own: {"do": "remove_entity", "id": own}, ENTITIES),
    st.builds(
        lambda own, kind: {"do": "set_entity", "id": own, "kind": kind}, ENTITIES, st.sampled_from(["city", "x"])
    ),
    st.builds(lambda own, lat: {"do": "set_entity", "id": own, "lat": lat, "lon": 3.5}, ENTITIES, st.floats(-95, 95)),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(EDITS, min_size=1, max_size=2), min_size=4, max_size=12))
def test_any_edits_leave_a_valid_document_and_can_be_undone(
    corpus: Path, errors: Callable[[Path], list[Diagnostic]], batches: list[list[Json]]
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(shutil.copytree(corpus, Path(folder) / "corpus"))
        path = root / "documents" / "fire.json"
        states = [path.read_bytes()]
        session = open_review(root, annotator="rosa")
        etag = session.document("fire")["etag"]
        for edits in batches:
            try:
                answer = session.edit("fire", etag, {"edits": edits})
            except Refusal:
                assert path.read_bytes() == states[-1]
                continue
            etag = answer["etag"]
            assert (path.read_bytes() == states[-1]) == (not answer_changes(answer))
            if path.read_bytes() != states[-1]:
                states.append(path.read_bytes())
                assert not [d for d in errors(path) if not d.code.startswith("FIG2")]
        whole = session.document("fire")
        assert whole["etag"] == etag
        for state in reversed(states[:-1]):
            etag = session.step("fire", etag, undo=True)["etag"]
            assert path.read_bytes() == state
        for state in states[1:]:
            etag = session.step("fire", etag, undo=False)["etag"]
            assert path.read_bytes() == state
        again = session.document("fire")
        assert {**again, "redo": None} == {**whole, "redo": None}
        session.close()
        fresh = open_review(root, annotator="rosa").document("fire")
        assert {**fresh, "undo": None, "redo": None} == {**whole, "undo": None, "redo": None}


def answer_changes(answer: Json) -> bool:
    keys = ("changed", "removed", "entities", "removed_entities", "relations")
    return any(answer[key] for key in keys)
