"""Dealing documents: what is dealt stays dealt, everybody has as much to read, no copy is written over."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from agreement.annotated import TEXT, span
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool import CorpusToolError, assign_documents, measure_agreement
from corpus_tool.agreement.assignments import ASSIGNMENTS_FILE, read_assignments
from corpus_tool.agreement.dealing import deal

Json = dict[str, Any]


@pytest.fixture
def corpus(tmp_path: Path, raw_document: Callable[..., Json], new_corpus: Callable[..., Path]) -> Callable[[int], Path]:
    """``corpus(40)``: a corpus of so many documents of different lengths, or the same one with more of them."""

    def make(documents: int) -> Path:
        root = tmp_path / "corpus"
        if not root.exists():
            new_corpus(root, [])
        for number in range(documents):
            text = "Zoe\u0308 left 港口 🎉.\n" + "One more line of words.\n" * (number * 7 % 23)
            raw = raw_document(f"d{number:03}", text)
            path = root / "documents" / f"d{number:03}.json"
            path.write_text(json.dumps(raw, ensure_ascii=False), encoding="utf-8")
        return root

    return make


def dealt(root: Path) -> dict[str, tuple[str, ...]]:
    return {name: one.annotators for name, one in read_assignments(root).items()}


def copies(root: Path) -> set[tuple[str, str]]:
    return {(path.parent.name, path.stem) for path in (root / "annotators").glob("*/*.json")}


def test_every_document_is_dealt_and_the_overlap_is_as_asked_for(corpus: Callable[[int], Path]) -> None:
    root = corpus(60)
    made = assign_documents(root, ["ana", "ben", "chen"], overlap="25%")
    found = dealt(root)
    assert len(found) == made.documents == made.new == 60
    assert Counter(map(len, found.values())) == {1: 45, 2: 15}
    assert copies(root) == {(name, own) for own, names in found.items() for name in names}
    words = [share.words for share in made.shares]
    assert max(words) - min(words) < 0.05 * max(words)
    pairs = Counter(names for names in found.values() if len(names) == 2)
    assert set(pairs) == set(combinations(("ana", "ben", "chen"), 2))
    assert max(pairs.values()) - min(pairs.values()) <= 2


def test_the_seed_decides_and_the_same_one_deals_the_same(corpus: Callable[[int], Path]) -> None:
    root = corpus(30)

    def once(seed: str) -> dict[str, tuple[str, ...]]:
        (root / ASSIGNMENTS_FILE).unlink(missing_ok=True)
        for annotator, own in copies(root):
            (root / "annotators" / annotator / f"{own}.json").unlink()
        assign_documents(root, ["ana", "ben"], seed=seed)
        return dealt(root)

    assert once("one") == once("one") != once("two")


def test_more_documents_and_more_annotators_change_nothing_of_what_is_dealt(corpus: Callable[[int], Path]) -> None:
    root = corpus(20)
    assign_documents(root, ["ana", "ben"], overlap="20%")
    before = dealt(root)
    files = {path: path.read_bytes() for path in (root / "annotators").glob("*/*.json")}
    corpus(50)
    made = assign_documents(root, ["ana", "ben", "dan"], overlap="20%")
    after = dealt(root)
    assert {name: set(names) <= set(after[name]) for name, names in before.items()} == dict.fromkeys(before, True)
    assert {name: after[name] for name in before} == before  # the new ones give enough of an overlap
    assert sum(len(names) == 2 for names in after.values()) == 10
    assert {path: path.read_bytes() for path in files} == files
    words = {share.annotator: share.words for share in made.shares}
    assert max(words.values()) - min(words.values()) < 0.05 * max(words.values())
    assert assign_documents(root, ["ana", "ben", "dan"], overlap="20%").new == 0
    assert dealt(root) == after


def test_a_copy_that_is_there_is_kept_and_counts_as_dealt(corpus: Callable[[int], Path]) -> None:
    root = corpus(4)
    own = root / "annotators" / "ben" / "d001.json"
    own.parent.mkdir(parents=True)
    own.write_text("ben's", encoding="utf-8")
    (root / "annotators" / "gold").mkdir()
    (root / "annotators" / "gold" / "d002.json").write_text("{}", encoding="utf-8")
    made = assign_documents(root, ["ana", "ben"], overlap="0")
    assert own.read_text(encoding="utf-8") == "ben's"
    assert dealt(root)["d001"] == ("ben",)
    assert {share.annotator for share in made.shares} == {"ana", "ben"}
    assert sum(share.written for share in made.shares) == 3


def test_copies_hold_suggestions_and_no_persons_word(versions_of: Callable[..., Path]) -> None:
    added = span("a1", "Zoe\u0308 Kern")
    accepted = span("a2", "נועה", status="accepted")
    rejected = span("a3", "Haifa", "state", status="rejected")
    was = {**span("x", "Kern", status=None), "mention": "name"}
    del was["id"]
    corrected = {**span("a4", "Omar Țin"), "provenance": {"annotator": "Rosa", "status": "corrected", "was": was}}
    quote = span("q1", "“We lost all,”", "direct", status="accepted", speaker="a1")
    only_added = [span("l1", "Haifa", "city")]
    main = {"d": {"actors": [added, accepted, rejected, corrected], "quotes": [quote], "locations": only_added}}
    root = versions_of({"old": {"d": {}}}, main=main)
    assign_documents(root, ["ana"], overlap="0")
    raw = json.loads((root / "annotators" / "ana" / "d.json").read_text(encoding="utf-8"))
    assert raw["text"] == TEXT
    assert {a["id"]: (a["text"], a["provenance"]) for a in raw["layers"]["actors"]} == {
        "a2": ("נועה", {"status": "suggested"}),
        "a3": ("Haifa", {"status": "suggested"}),
        "a4": ("Kern", {"status": "suggested"}),
    }
    [told] = raw["layers"]["quotes"]
    assert "speaker" not in told
    assert told["speaker_status"] == "unknown"
    assert "locations" not in raw["layers"]


def test_bare_copies_hold_the_text_alone_and_count_as_not_reviewed(versions_of: Callable[..., Path]) -> None:
    root = versions_of({"old": {"d": {}}}, main={"d": {"actors": [span("a1", "Haifa", "state", status="suggested")]}})
    assign_documents(root, ["ana", "ben"], overlap="100%", bare=True)
    raw = json.loads((root / "annotators" / "ben" / "d.json").read_text(encoding="utf-8"))
    assert (raw["text"], raw["layers"], raw["entities"]) == (TEXT, {}, [])
    found = measure_agreement(root, annotators=["ana", "ben"])
    assert found.layers == ()
    assert {one.reason for one in found.left_out} == {"was not reviewed: nothing in it is a person's word"}


def test_a_dry_run_writes_nothing(corpus: Callable[[int], Path]) -> None:
    root = corpus(5)
    before = sorted(path for path in root.rglob("*"))
    made = assign_documents(root, ["ana", "ben"], dry_run=True)
    assert sorted(path for path in root.rglob("*")) == before
    assert sum(share.written for share in made.shares) == 6


@pytest.mark.parametrize(
    ("names", "options", "says"),
    [
        ([], {}, "nobody is named"),
        (["Zoë"], {}, "'Zoë' is no name for an annotator's folder: .*, as zoe$"),
        (["../up"], {}, "no name for an annotator's folder"),
        (["ana", "ben"], {"overlap": "many"}, "neither a share of the documents"),
        (["ana", "ben"], {"overlap": "120%"}, "neither a share of the documents"),
        (["ana", "ben"], {"each": 1}, "makes no overlap"),
        (["ana"], {}, "there is ana alone"),
        (["ana", "ben"], {"each": 3}, "for 3 annotators"),
    ],
)
def test_misuse_is_told(corpus: Callable[[int], Path], names: list[str], options: Json, says: str) -> None:
    root = corpus(5)
    with pytest.raises(CorpusToolError, match=says):
        assign_documents(root, names, **options)
    assert not (root / ASSIGNMENTS_FILE).exists()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "assignments.jsonl:2: is not JSON"),
        ('{"document": "d001", "annotators": [], "words": 1}', "assignments.jsonl:2: annotators: "),
        (
            '{"document": "d000", "annotators": ["x"], "words": 1}',
            "assignments.jsonl:2: d000 stands on an earlier line",
        ),
        ('{"document": "d001", "annotators": ["x"], "words": 1, "who": "me"}', "assignments.jsonl:2: .*who"),
    ],
)
def test_a_wrong_line_of_the_file_is_named(corpus: Callable[[int], Path], line: str, says: str) -> None:
    root = corpus(2)
    first = '{"document": "d000", "annotators": ["x"], "words": 1}'
    (root / ASSIGNMENTS_FILE).write_text(f"{first}\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusToolError, match=says):
        assign_documents(root, ["ana", "ben"])


def test_documents_that_are_gone_keep_their_line_and_are_told(corpus: Callable[[int], Path]) -> None:
    root = corpus(3)
    assign_documents(root, ["ana", "ben"], overlap="0")
    before = dealt(root)
    (root / "documents" / "d001.json").unlink()
    made = assign_documents(root, ["ana", "ben"], overlap="0")
    assert made.gone == ("d001",)
    assert dealt(root) == before


names = st.integers(0, 60).map(lambda n: f"d{n}")


@given(
    st.dictionaries(names, st.integers(0, 900), min_size=1, max_size=40),
    st.integers(2, 5),
    st.integers(2, 3),
    st.integers(0, 40),
    st.data(),
)
@settings(max_examples=60)
def test_dealing_keeps_its_promises(words: dict[str, int], people: int, each: int, shared: int, data: Any) -> None:
    annotators = [f"p{n}" for n in range(people)]
    held = {
        name: data.draw(st.lists(st.sampled_from([*annotators, "gone"]), max_size=2, unique=True))
        for name in data.draw(st.lists(st.sampled_from(sorted(words)), unique=True))
    }
    made = deal(words, held, annotators, shared=shared, each=each, seed="x")
    assert made.keys() == words.keys()
    for name, one in made.items():
        assert set(held.get(name, ())) <= set(one.annotators)
        assert one.annotators
        assert len(one.annotators) <= max(each, len(held.get(name, ())))
    several = sum(len(own) > 1 for own in held.values())
    wanted = min(len(words), max(shared, several))
    assert sum(len(one.annotators) > 1 for one in made.values()) == wanted
    if not held and shared == 0:
        load = Counter(dict.fromkeys(annotators, 0))
        for one in made.values():
            load[one.annotators[0]] += one.words
        assert max(load.values()) - min(load.values()) <= max(words.values())
