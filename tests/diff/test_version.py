"""Which change asks for which step of the version, and versions that do not rise as far."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from diff.versions import TEXT, Json, actor, mark

from corpus_tool import RULES, check_version, diff_paths, version_advice
from corpus_tool.diff.version import RULES as STEPS
from corpus_tool.diff.version import Advice, next_version, stricter

Make = Callable[..., Json]
Diff = Callable[..., object]

WORDS = TEXT.split()


def many(n: int) -> list[Json]:
    """``n`` actors on single letters."""
    return [{"id": f"m{i}", "start": i, "end": i + 1, "text": TEXT[i], "kind": "other"} for i in range(n)]


@pytest.fixture
def step(versions: Callable[..., tuple[Path, Path]]) -> Callable[..., tuple[str | None, tuple[str, ...]]]:
    """``step(old, new, …)``: the step that the difference of two corpora asks for, and why."""

    def make(*documents: list[Json], **rest: str) -> tuple[str | None, tuple[str, ...]]:
        advice = version_advice(diff_paths(*versions(*documents, **rest)))
        return (advice.step, advice.reasons) if advice else (None, ())

    return make


def test_nothing_asks_for_nothing(raw_document: Make, step: Diff) -> None:
    assert step([raw_document("a", TEXT)], [raw_document("a", TEXT)]) == (None, ())


def test_documents_that_come_go_and_change(raw_document: Make, step: Diff, tmp_path: Path, new_corpus: Make) -> None:
    a, b = raw_document("a", TEXT), raw_document("b", TEXT)
    roots = {
        name: new_corpus(tmp_path / name, documents)
        for name, documents in {"one": [a], "two": [a, b], "other": [raw_document("a", f"{TEXT}Und.")]}.items()
    }

    def between(old: str, new: str) -> Advice | None:
        return version_advice(diff_paths(roots[old], roots[new]))

    assert between("one", "two") == Advice("minor", ("1 document was added",))
    assert between("two", "one") == Advice("major", ("1 document was removed",))
    assert between("one", "other") == Advice("minor", ("1 document has another text",))


def test_a_moved_split_is_major(raw_document: Make, step: Diff) -> None:
    one, other = raw_document("a", TEXT), raw_document("a", TEXT)
    one["meta"]["extra"], other["meta"]["extra"] = {"split": "train"}, {"split": "test"}
    yaml = "build: {splits: {policy: given}}\n"
    assert step([one], [other], yaml=yaml) == ("major", ("1 document moved to another split",))


def test_a_layer_that_is_emptied_is_major_and_one_that_is_filled_minor(raw_document: Make, step: Diff) -> None:
    bare = raw_document("a", TEXT)
    full = raw_document("a", TEXT, layers={"locations": [mark("l1", "Haifa", kind="city")]})
    assert step([full], [bare]) == ("major", ("the layer locations has no annotation any more",))


def test_a_layer_that_is_filled_is_minor(raw_document: Make, step: Diff) -> None:
    full = raw_document("a", TEXT, layers={"locations": [mark("l1", "Haifa", kind="city")]})
    assert step([raw_document("a", TEXT)], [full]) == ("minor", ("the layer locations has annotations now",))


@pytest.mark.parametrize(("added", "wanted"), [(5, "patch"), (6, "minor")])
def test_few_new_annotations_are_corrections_and_many_are_not(
    added: int, wanted: str, raw_document: Make, step: Diff
) -> None:
    old = raw_document("a", TEXT, layers={"actors": many(100)})
    found, reasons = step([old], [raw_document("a", TEXT, layers={"actors": many(100 + added)})])  # type: ignore[misc]
    assert found == wanted
    assert wanted == "patch" or reasons == ("6 of 100 actors were added in documents that were there before",)


def test_many_rejected_annotations_are_removed_ones(raw_document: Make, step: Diff) -> None:
    rejected = [{**one, "provenance": {"status": "rejected"}} if i < 6 else one for i, one in enumerate(many(100))]
    old = raw_document("a", TEXT, layers={"actors": many(100)})
    new = raw_document("a", TEXT, layers={"actors": rejected})
    assert step([old], [new]) == ("minor", ("6 of 100 actors were removed in documents that were there before",))


@pytest.mark.parametrize("field", ["kind", "role"])
def test_a_correction_is_a_patch(field: str, raw_document: Make, step: Diff) -> None:
    old = raw_document("a", TEXT, layers={"actors": [actor("a1", "李娜")]})
    new = raw_document("a", TEXT, layers={"actors": [{**actor("a1", "李娜"), field: "group"}]})
    assert step([old], [new])[0] == "patch"  # type: ignore[index]


def test_words_of_the_card_are_a_patch(raw_document: Make, step: Diff) -> None:
    documents = [raw_document("a", TEXT)]
    assert step(documents, documents, new_yaml="limits: Few.\n")[0] == "patch"  # type: ignore[index]


@pytest.mark.parametrize(
    ("yaml", "new_yaml", "wanted"),
    [
        ("", "build: {configs: [default, quotes, figures]}\n", "major"),
        ("build: {configs: [default]}\n", "build: {configs: [default, tokens]}\n", "minor"),
        ("", "build: {text: withheld}\n", "major"),
        ("build: {text: withheld}\n", "", "minor"),
    ],
)
def test_configs_and_the_text(yaml: str, new_yaml: str, wanted: str, raw_document: Make, step: Diff) -> None:
    documents = [raw_document("a", TEXT)]
    assert step(documents, documents, yaml=yaml, new_yaml=new_yaml)[0] == wanted  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("cc0-1.0", "cc-by-4.0", "the author must be named"),
        ("cc-by-4.0", "cc0-1.0", ""),
        ("cc-by-4.0", "CC-BY-4.0", ""),
        ("cc-by-4.0", "cc-by-nc-4.0", "no commercial use"),
        ("cc-by-4.0", "cc-by-sa-4.0", "adaptations stay under it"),
        ("cc-by-sa-4.0", "odbl", "adaptations stay under it"),
        ("cc-by-nd-4.0", "cc-by-nc-nd-4.0", "no commercial use"),
        ("cc-by-4.0", "All rights reserved", "all rights are reserved, no commercial use, no adaptations"),
        ("cc-by-4.0", "house terms", "the terms of one of them are not known here"),
        ("", "cc0-1.0", "the terms of one of them are not known here"),
    ],
)
def test_a_stricter_licence(old: str, new: str, why: str) -> None:
    assert stricter(old, new) == why


@pytest.mark.parametrize(
    ("version", "step_", "wanted"),
    [
        ("1.4.2", "major", "2.0.0"),
        ("1.4.2", "minor", "1.5.0"),
        ("1.4.2", "patch", "1.4.3"),
        ("0.4.2", "major", "0.5.0"),
        ("0.4.2", "minor", "0.4.3"),
        ("0.4.2", "patch", "0.4.3"),
    ],
)
def test_the_next_version(version: str, step_: str, wanted: str) -> None:
    assert next_version(version, step_) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "step_", "enough"),
    [
        ("1.0.0", "1.0.1", "patch", True),
        ("1.0.0", "2.0.0", "patch", True),
        ("1.0.0", "1.0.0", "patch", False),
        ("1.9.0", "1.10.0", "minor", True),
        ("1.10.0", "1.9.0", "patch", False),
        ("1.0.0", "1.0.1", "minor", False),
        ("1.0.0", "1.9.9", "major", False),
        ("0.9.0", "1.0.0", "major", True),
        ("v1", "2.0.0", "patch", False),
    ],
)
def test_a_version_that_does_not_rise_far_enough_is_found(old: str, new: str, step_: str, enough: bool) -> None:
    found = check_version(old, new, Advice(step_, ("“why”",)), "corpus.yaml")  # type: ignore[arg-type]
    assert (found is None) == enough
    if found is not None:
        assert (found.code, found.name, found.severity, found.path) == (
            "COR060",
            "version-too-small",
            "error",
            "corpus.yaml",
        )
        assert old in found.message
        assert old == "v1" or (next_version(old, step_) in found.message and "“why”" in found.message)  # type: ignore[arg-type]


def test_no_change_needs_no_new_version() -> None:
    assert check_version("1.0.0", "1.0.0", None) is None


def test_the_example_of_the_code_is_one(raw_document: Make, versions: Callable[..., tuple[Path, Path]]) -> None:
    """What `explain` shows as bad is bad, and what it shows as good is good."""
    rule = RULES["COR060"]
    documents = [raw_document(name, TEXT) for name in "abcd"]
    advice = version_advice(diff_paths(*versions(documents, documents[:1])))
    for example, is_found in ((rule.bad, True), (rule.good, False)):
        old, new = example.replace(",", "").split()[0], example.split()[2]
        assert "three documents removed" in example
        assert (check_version(old, new, advice) is not None) == is_found


def test_the_rules_stand_from_the_largest_step_to_the_smallest() -> None:
    steps = [step for step, _ in STEPS]
    assert steps == sorted(steps, key=["major", "minor", "patch"].index)
